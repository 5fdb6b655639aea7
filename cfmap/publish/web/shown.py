"""Which rows of a layer does the page show, and how do their cells become JSON?"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from cfmap.publish.web.geometry import quantise

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfmap.model.city import City
    from cfmap.model.edition import LayerData
    from cfmap.model.layer import Field

CLOSED = "关闭"  # such sites stay in the tables and off the page
LINES = (1, 5)  # shapely's numbers of geometry types


def public_fields(fields: Iterable[Field], city: City) -> list[Field]:
    """The allow-list: declared public, and listed by the city where it lists columns at all."""
    allowed = city.publish.public_columns
    return [f for f in fields if f.public and (allowed == "default" or f.key in allowed)]


@dataclass(frozen=True)
class Shown:
    """A layer with the rows that the page shows: located ones first, then those without coordinates."""

    data: LayerData
    table: pd.DataFrame
    geometry: list[Any]

    @property
    def keys(self) -> list[str]:
        """Names of its rows in links."""
        return [site_key(self.data.layer.key, str(i)) for i in self.table["id"]]


def site_key(layer: str, identifier: str) -> str:
    """Short name of a site in links; the same each year, and it does not give away the bureau's own number."""
    return hashlib.blake2s(f"{layer}/{identifier}".encode(), digest_size=5).hexdigest()


def shown_of(data: LayerData) -> Shown:
    """Every row that is not closed."""
    located = data.sites[(data.sites["status"] != CLOSED) & data.sites.geometry.notna() & ~data.sites.geometry.is_empty]
    unlocated = data.unlocated
    if len(unlocated) and "status" in unlocated:
        unlocated = unlocated[unlocated["status"] != CLOSED]
    geometry = [*located.geometry, *[None] * len(unlocated)]
    rows = pd.DataFrame(located.drop(columns="geometry"))
    table = pd.concat([rows, unlocated.reindex(columns=rows.columns)], ignore_index=True) if len(unlocated) else rows.reset_index(drop=True)
    return Shown(data, table, geometry)


def anchors(sites: Iterable[Any]) -> list[list[int] | None]:
    """Where the sites' markers stand, on the grid: a line's middle, a point inside an area; None without a place."""
    geometry = np.array([*sites, None], dtype=object)[:-1]
    kind = shapely.get_type_id(geometry)
    anchor = geometry.copy()
    anchor[kind == LINES[0]] = shapely.line_interpolate_point(geometry[kind == LINES[0]], 0.5, normalized=True)
    others = (kind != 0) & (kind != LINES[0]) & (kind >= 0)
    anchor[others] = shapely.point_on_surface(geometry[others])
    found = iter(quantise(shapely.get_coordinates(anchor)).tolist())
    return [next(found) if k >= 0 else None for k in kind]


def values(shown: Shown, key: str) -> list[Any]:
    """One column's cells as JSON knows them."""
    if key not in shown.table:
        return [None] * len(shown.table)
    cells = shown.table[key].tolist()
    try:
        known = {cell: plain(cell) for cell in set(cells)}  # most columns repeat few values
    except TypeError:  # lists
        return [plain(cell) for cell in cells]
    return [known[cell] for cell in cells]


def column(cells: list[Any]) -> dict[str, Any]:
    """A column as :func:`cfmap.publish.web.payload.payload` writes it: as it is, or distinct values and positions; ``{}`` when nothing is known."""
    distinct = list(dict.fromkeys(cells))
    if len(distinct) == 1:
        return {} if distinct[0] is None else {"d": distinct}
    if len(distinct) * 2 > len(cells):
        return {"v": cells}
    position = {v: n for n, v in enumerate(distinct)}
    return {"d": distinct, "i": [position[v] for v in cells]}


def plain(value: Any) -> str | int | float | bool | None:
    """A cell as JSON knows it; missing becomes None, lists are joined by ``；``."""
    if isinstance(value, (list, tuple, set, np.ndarray)):
        return "；".join(str(v) for v in value) or None
    if isinstance(value, str):
        return value.strip() or None
    if value is None or value is pd.NA or pd.isna(value):
        return None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        number = float(value)
        return None if not math.isfinite(number) else int(number) if number.is_integer() else round(number, 6)
    if isinstance(value, (datetime, date, pd.Timestamp)):
        return value.isoformat()[:10]
    return str(value).strip() or None
