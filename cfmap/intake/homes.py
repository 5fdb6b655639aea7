"""Which houses are residential and how high, and how many people has each town by the official count?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from cfmap.intake import reader
from cfmap.intake.geometries import mend
from cfmap.intake.headers import keyed, words_of
from cfmap.intake.opening import sha256
from cfmap.intake.rows import understand
from cfmap.model.edition import InputFile
from cfmap.model.errors import InputError
from cfmap.model.layer import Field
from cfmap.model.messages import fault
from cfmap.model.schema import AGE_BANDS
from cfmap.model.settings_edit import columns_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from cfmap.model.messages import Fault

HOUSE = (
    Field("floors", "楼层数", "floors", kind="number", synonyms=("层数", "楼层", "地上层数", "building:levels", "levels", "floor"), minimum=0, maximum=200),
    Field("use", "用途", "use", synonyms=("房屋用途", "建筑用途", "规划用途", "building", "类型", "type")),
)
UNSAID = ("", "yes")  # of a building whose use nobody wrote
_LIVED_IN = re.compile(
    r"住宅|居住|公寓|宿舍|民居|民房|农房|自建房|商住|\b(residential|apartments?|house|semidetached_house|detached|terrace|dormitory|bungalow|farm|dwelling)\b"
)
_NOT_LIVED_IN = re.compile(r"非(住宅|居住)|\bnon[-_ ]?(residential|dwelling)")


def lived_in(use: str) -> bool:
    """Whether people live in a building of this use: whole words, so that a warehouse is no house and 非住宅 no 住宅."""
    return bool(_LIVED_IN.search(use)) and not _NOT_LIVED_IN.search(use)


def read_houses(path: Path, *, file: str, datum: str | None) -> tuple[gpd.GeoDataFrame, InputFile, list[Fault]]:
    """
    Residential buildings of a GIS file: outlines in EPSG:4326 with ``floors`` (NaN = unknown).

    Where a column says the use only those that people live in (:func:`lived_in`) are taken, not those that nobody wrote a use for; without such a column, or
    where no cell says a use, all are. I264 counts what was taken and what was not.

    Raises
    ------
    InputError
        E264: no outline of a residential building is in it; as :func:`cfmap.intake.reader.read_geofile`.
    """
    import geopandas as gpd

    raw = reader.read_geofile(path, datum=datum, file=file)
    rows = understand(raw, HOUSE, {})
    areas = [
        shape is not None and shape.geom_type in ("Polygon", "MultiPolygon") for shape in ([None] * len(raw.rows) if raw.geometry is None else raw.geometry)
    ]
    uses = [str(values.get("use") or "").strip().lower() for values in rows.values]
    told = any(use not in UNSAID for use in uses)
    homes = [i for i, use in enumerate(uses) if areas[i] and (not told or lived_in(use))]
    if not homes or raw.geometry is None:
        raise InputError([fault("E264", file=file, count=len(raw.rows)), *raw.faults])
    shapes = {i: mend(raw.geometry.iloc[i]).geometry for i in homes}
    chosen = [i for i in homes if shapes[i].area > 0]
    floors = [np.nan if not rows.values[i].get("floors") else float(rows.values[i]["floors"]) for i in chosen]
    houses = gpd.GeoDataFrame({"floors": floors}, geometry=[shapes[i] for i in chosen], crs="EPSG:4326")
    unsaid = sum(area and use in UNSAID for area, use in zip(areas, uses, strict=True)) if told else 0
    other = sum(areas) - len(homes) - unsaid
    counted = fault(
        "I264", file=file, rows=len(raw.rows), count=len(chosen), unsaid=unsaid, other=other, shapeless=len(raw.rows) - sum(areas) + len(homes) - len(chosen)
    )
    return houses, InputFile(file, sha256(path), len(raw.rows), datum or "wgs84"), [*raw.faults, *rows.faults, counted]


def read_totals(path: Path, *, file: str, columns: Mapping[str, str] | None = None) -> tuple[pd.DataFrame, InputFile, list[Fault]]:
    """
    Official residents of each town: index = town, columns of ``AGE_BANDS`` that the table has, NaN where a cell is empty.

    `columns` as in ``[population]``, where this table has such headers. Of two rows of one town the first counts (W273).

    Raises
    ------
    InputError
        E210 when a column with towns or with residents is missing; as :func:`cfmap.intake.reader.read_table`.
    """
    import pandas as pd

    from cfmap.intake.population import FIELDS

    fields = tuple(f for f in FIELDS if f.key in AGE_BANDS or f.key == "town")
    named = keyed(columns or {}, FIELDS)
    raw = reader.read_table(path, known_headers=(*(w for f in fields for w in words_of(f)), *named.values()), sheet="", file=file)
    rows = understand(raw, fields, {key: header for key, header in named.items() if header in raw.headers})
    present = "、".join(h for h in raw.headers if h)
    for key, title, title_en in (("town", "乡镇街道", "town"), ("pop_total", "常住人口", "residents")):
        if not any(values.get(key) not in (None, "") for values in rows.values):
            line = columns_line({title: "…"})
            raise InputError([fault("E210", file=file, sheet=raw.sheet, title=title, title_en=title_en, present=present, nearest="—", line=line), *rows.faults])
    told: list[dict[str, Any]] = [v for v in rows.values if v.get("town")]
    bands = [b for b in AGE_BANDS if any(v.get(b) is not None for v in told)]
    table = pd.DataFrame([{b: np.nan if v.get(b) is None else float(v[b]) for b in bands} for v in told], index=[str(v["town"]) for v in told])
    twice = table.index.duplicated()
    faults = [*raw.faults, *rows.faults]
    if twice.any():
        faults.append(fault("W273", file=file, names="、".join(dict.fromkeys(table.index[twice])), count=int(twice.sum())))
    return table[~twice], InputFile(file, sha256(path), len(raw.rows), None), faults
