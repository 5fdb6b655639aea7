"""Where is an event that names a place of the map instead of coordinates, and do its dates make sense?"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from cfmap.model.events import AT, ENDS, ONGOING, STARTS, UNDECIDED
from cfmap.model.messages import fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import shapely

    from cfmap.model import Fault, LayerData

SHOWN = 5  # names in a message


@dataclass(frozen=True)
class Place:
    """A site of the map that events can be at: its id in this map, name and middle (EPSG:4326; None when it has no coordinates)."""

    layer: str
    id: str
    name: str
    point: shapely.Point | None


def placed(data: LayerData, places: Iterable[Place], *, id_of: Callable[[str, str], str] = lambda _layer, text: text) -> LayerData:
    """
    Put events that name a place where that place is.

    Parameters
    ----------
    data
        The layer of events; ``at_site`` holds an id or a name. Events with coordinates of their own keep them.
    places
        Sites of the other layers.
    id_of
        ``id_of(layer, text)``: the id in `places` of the site that a department calls `text`.

    Returns
    -------
    data
        ``at_site`` holds the place's name (an id never stays), or nothing when there is no such place or several have this name;
        both are told (W265), as are events that end before they begin (W266).
    """
    if AT not in data.sites or (data.sites[AT].isna().all() and data.unlocated[AT].isna().all()):
        return replace(data, faults=(*data.faults, *_backwards(data)))
    every = list(places)
    by_id = {(p.layer, p.id): p for p in every}
    layers = list(dict.fromkeys(p.layer for p in every))
    by_name: dict[str, list[Place]] = {}
    for place in every:
        by_name.setdefault(_plain(place.name), []).append(place)

    def find(text: str) -> Place | None:
        found = [p for key in layers if (p := by_id.get((key, id_of(key, text)))) is not None] or by_name.get(_plain(text), [])
        return found[0] if len(found) == 1 else None

    lost: list[str] = []
    sites, unlocated = data.sites.copy(), data.unlocated.copy()
    points: list[Any] = []
    for table in (sites, unlocated):
        where = [None if _missing(text) else find(str(text)) for text in table[AT]]
        lost += [f"{name}（{text}）" for name, text, place in zip(table["name"], table[AT], where, strict=True) if place is None and not _missing(text)]
        table[AT] = pd.Series([None if place is None else place.name for place in where], index=table.index, dtype=object)
        points = [None if place is None else place.point for place in where]  # the last ones are those of `unlocated`
    here = pd.Series([point is not None for point in points], index=unlocated.index, dtype=bool)
    moved = gpd.GeoDataFrame(unlocated[here], geometry=gpd.GeoSeries([p for p in points if p is not None], index=unlocated.index[here], crs=sites.crs))
    if len(moved):
        sites = pd.concat([sites, moved.astype(sites.drop(columns="geometry").dtypes.to_dict())]).sort_values("id", kind="stable").reset_index(drop=True)
    told = [fault("W265", layer=data.layer.title, layer_en=data.layer.title_en, count=len(lost), names=_some(lost))] if lost else []
    shown = replace(data, sites=sites, unlocated=unlocated[~here].reset_index(drop=True), faults=(*data.faults, *told))
    return replace(shown, faults=(*shown.faults, *_backwards(shown)))


def _backwards(data: LayerData) -> list[Fault]:
    if STARTS not in data.sites or ENDS not in data.sites:
        return []
    wrong = [
        f"{name}（{starts} → {ends}）"
        for table in (data.sites, data.unlocated)
        for name, starts, ends in zip(table["name"], table[STARTS], table[ENDS], strict=True)
        if not _missing(starts) and not _missing(ends) and ends not in {ONGOING, UNDECIDED} and str(ends) < str(starts)[: len(str(ends))]
    ]
    return [fault("W266", layer=data.layer.title, layer_en=data.layer.title_en, count=len(wrong), names=_some(wrong))] if wrong else []


def _plain(name: str) -> str:
    return re.sub(r"\s+", "", name)


def _missing(value: Any) -> bool:
    return value is None or value != value or not str(value).strip()


def _some(names: list[str]) -> str:
    return "、".join(names[:SHOWN]) + ("……" if len(names) > SHOWN else "")
