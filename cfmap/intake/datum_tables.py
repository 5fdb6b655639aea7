"""Does each department's table carry the datum it is declared in: table by table, then all of a department together."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cfmap.intake.datum import convert
from cfmap.intake.datum_guard import SHIFTED, StreetPoints, Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd

    from cfmap.intake.osm import OsmExtract
    from cfmap.model import City, LayerData
    from cfmap.model.messages import Fault

_SETTLED = ("wrong", "doubtful", "fits")


@dataclass(frozen=True)
class Judged:
    """
    A table and what was found.

    Attributes
    ----------
    file, sheet, layer
        Which table; title of its layer.
    verdict
        Of the table, or of all the department's tables where it could not be decided alone.
    pooled
        How many tables decided together; 1 = the table alone.
    """

    file: str
    sheet: str | None
    layer: str
    verdict: Verdict
    pooled: int = 1

    def faults(self) -> list[Fault]:
        """What there is to tell."""
        return self.verdict.faults(file=self.file, sheet=self.sheet)


def judge_tables(layers: Mapping[str, LayerData], city: City, year: int, streets: StreetPoints, osm: OsmExtract | None = None) -> list[Judged]:
    """
    Judge every table of points that departments handed in.

    A table that cannot be decided alone is judged with the others of its department that are declared in the same datum: a
    department takes all its coordinates from one map.

    Parameters
    ----------
    layers
        As read, in WGS84.
    city, year
        Project and edition, for the sources.
    streets
        Points along the streets.
    osm
        For sites whose name OpenStreetMap knows.
    """
    anchors = _anchors(layers, osm)
    tables: list[tuple[str, Judged, gpd.GeoDataFrame, str]] = []
    for key, data in layers.items():
        if data.layer.geometry != "Point":
            continue
        for source in city.layers[key].sources if key in city.layers else ():
            if source.path and source.holds(year):
                file = city.relative(city.path(source.path, year=year))
                points = data.sites[data.sites["source"] == file]
                found = judge(points, streets, declared=source.datum, named=_named(points, anchors))
                tables.append((source.lead_unit or file, Judged(file, source.sheet or None, data.layer.title, found), points, source.datum))
    return list(_together(tables, streets, anchors))


def _together(tables: list[tuple[str, Judged, Any, str]], streets: StreetPoints, anchors: dict[str, tuple[float, float]]) -> Iterable[Judged]:
    import pandas as pd

    groups: dict[tuple[str, str], list[tuple[str, Judged, Any, str]]] = {}
    for table in tables:
        groups.setdefault((table[0], table[3]), []).append(table)
    decided: dict[int, Judged] = {}
    for (_, datum), group in groups.items():
        unsettled = [t for t in group if t[1].verdict.state in {"open", "few"}]
        if not unsettled or len(group) < 2:
            continue
        points = pd.concat([t[2] for t in group], ignore_index=True)
        whole = judge(points, streets, declared=datum, named=_named(points, anchors))
        if whole.state in _SETTLED:
            told = f"{whole.facts['named']}；同一部门的 {len(group)} 个表一起判断"
            told_en = f"{whole.facts['named_en']}; judged with all {len(group)} tables of the department"
            facts = whole.facts | {"named": told, "named_en": told_en}
            for _, judged, _, _ in unsettled:
                here, base = judged.verdict.here, datum if datum in SHIFTED else "wgs84"
                there = convert(*convert(*here, source="wgs84", target=base), source=whole.likely, target="wgs84")
                verdict = replace(judged.verdict, state=whole.state, likely=whole.likely, there=there, facts=facts)
                decided[id(judged)] = replace(judged, verdict=verdict, pooled=len(group))
    return (decided.get(id(judged), judged) for _, judged, _, _ in tables)


def _anchors(layers: Mapping[str, LayerData], osm: OsmExtract | None) -> dict[str, tuple[float, float]]:
    """Names that stand once in OpenStreetMap among the layers' objects, and where."""
    if osm is None:
        return {}
    found: dict[str, list[tuple[float, float]]] = {}
    for data in layers.values():
        if not data.layer.osm:
            continue
        sites = osm.features(data.layer)
        for name, point in zip(sites["name"], sites.geometry.representative_point(), strict=True):
            if plain := _plain(name):
                found.setdefault(plain, []).append((float(point.x), float(point.y)))
    return {name: places[0] for name, places in found.items() if len({(round(x, 3), round(y, 3)) for x, y in places}) == 1}


def _named(points: gpd.GeoDataFrame, anchors: dict[str, tuple[float, float]]) -> tuple[Any, Any] | None:
    shapes = points.geometry
    names = points["name"][~(shapes.isna() | shapes.is_empty)]
    places = [anchors.get(_plain(name), (np.nan, np.nan)) for name in names]
    if not any(x == x for x, _ in places):
        return None
    return np.array([x for x, _ in places]), np.array([y for _, y in places])


def _plain(name: Any) -> str:
    return re.sub(r"[\s·•\-()（）]+", "", unicodedata.normalize("NFKC", str(name))).lower() if isinstance(name, str) else ""
