"""Who is within reach of what, as geometry? ``coverage.gpkg``: streets, catchment, sites, perimeter, safe routes, walking buses, severance, mending."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cfmap.publish import dictionary, geopackage, iso_metadata, qgis_styles, severance_sheet, street_table, tables
from cfmap.publish.looks import BUS_EDGE, STATES, WALKING_BUS
from cfmap.publish.web.geometry import simplify_areas

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import geopandas as gpd

    from cfmap.model.edition import Edition
    from cfmap.model.messages import Fault

NAME = "coverage.gpkg"
CATCHMENT = ("site", "metres", "minutes")
SITES = ("id", "name", "snap_m", "status")
PERIMETER = ("layer", "school", "segment", "edge_id", "way_id", "side", "from_m", "to_m", "counted_m", "ring", "state", "reasons")
CATCHMENT_TOLERANCE_M = 1.5
GREEN, BLUE, MEND = "#0b6e4f", "#1565c0", "#9d174d"
#: What columns of walking buses are called here, where other tables have some of their names for other things.
BUS_LINES = {"school_id": "school", "school": "school_name", "minutes": "walk_minutes", "worst_level": "level", "children": "members"}
MENDING = {"rank": "priority", "metres": "street_m", "schools": "school_ids", "alone": "alone_ids", "turned": "turned_ids", "safe": "schools_safe"}
MENDING |= {
    "state": "now",
    "state_en": "now_en",
    "pupils": "reported",
    "pupils_unknown": "reported_unknown",
    "children": "nearest",
    "children_unknown": "nearest_unknown",
    "sum": "cost_words",
    "sum_en": "cost_words_en",
}
BUS_STOPS = {"line_id": "line", "line": "line_name", "school": "school_name", "order": "stop", "children": "members"}


def write(edition: Edition, folder: Path) -> list[Path]:
    """
    Write the package; every table has a column ``coverage`` with the key, save the perimeter.

    ``streets`` is a view over street parts stored once (:mod:`cfmap.publish.street_table`); catchments are thinned to
    :data:`CATCHMENT_TOLERANCE_M`, well within the 5 m grid they are made on, and keep their area.
    """
    stored = _tables(edition)
    about = iso_metadata.record(
        edition,
        name=NAME,
        title="步行覆盖范围",
        abstract="".join(f"{c.title}（{c.key}）：{c.definition}\n" for c in edition.coverages) or "没有计算覆盖。",
        accuracy=f"长度是 WGS84 椭球面上的长度，取到毫米；服务范围沿 5 米网格描边，再简化 {CATCHMENT_TOLERANCE_M:g} 米，面积不变；街道的位置同街道数据。",
    )
    path = geopackage.write(folder / NAME, stored, about=about)
    street_table.add(path, edition, stored[0], title="走得到的街道", style=stored[0].style)
    return [path]


def check(edition: Edition, folder: Path) -> Iterator[Fault]:
    """Read it back: rows of every table, streets of every coverage."""
    yield from geopackage.check(folder / NAME, _tables(edition, geometry=False))
    yield from street_table.check(folder / NAME, edition)


def _tables(edition: Edition, *, geometry: bool = True) -> list[geopackage.Table]:
    note = tables.note(edition)
    keys = "；".join(f"{c.key}：{c.title}" for c in edition.coverages)
    catchment = _together([(c.key, c.catchment) for c in edition.coverages], CATCHMENT)
    if geometry and len(catchment):
        catchment = catchment.set_geometry(simplify_areas(catchment.geometry.to_numpy(), CATCHMENT_TOLERANCE_M), crs=catchment.crs)
    used = _together([(c.key, c.sites) for c in edition.coverages], SITES)
    around = _together([] if edition.perimeter is None else [("", _counted(edition.perimeter))], PERIMETER).drop(columns="coverage")
    found = [
        street_table.parts(edition, description=f"{keys} · {note}", style=qgis_styles.single("LineString", GREEN)),
        geopackage.Table("catchment", "服务范围", f"{keys} · {note}", catchment, "MultiPolygon", qgis_styles.single("Polygon", GREEN, opacity=0.35)),
        geopackage.Table("sites", "计算所用的点位", f"{keys} · {note}", used, "Point", qgis_styles.single("Point", BLUE)),
        geopackage.Table("perimeter", "学校、幼儿园周边路段", note, around, "LineString", qgis_styles.by_state("LineString")),
    ]
    found += [*_routes(edition, note), *_walking_bus(edition, note)]
    if edition.severance is not None:
        crossings = edition.severance.crossings.rename(columns={"children": "pupils", "schools": "school_ids"})
        drawn = qgis_styles.by_state("Point", {state: severance_sheet.HELP[state] for state in STATES})
        found.append(geopackage.Table("severance", "上学、入园路上横穿主干道、铁路、河湖的地方", note, crossings, "Point", drawn))
    if edition.mending is not None:
        told = f"{edition.mending.definition} · {note}"
        listed = edition.mending.actions.drop(columns=[c for c in edition.mending.actions if str(c).startswith("alone_")]).rename(columns=MENDING)
        found.append(geopackage.Table("mending", "整改清单", told, listed, "MultiLineString", qgis_styles.single("LineString", MEND)))
    columns = {t.name: [str(c) for c in t.frame.columns if c != "geometry"] for t in found} | {street_table.NAME: list(street_table.COLUMNS)}
    return [*found, dictionary.table(dictionary.of_reach(columns, public=edition.public), note=note)]


def _counted(around: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """With what of each stretch is in the figures of its school."""
    return around.assign(counted_m=((around["to_m"] - around["from_m"]) * around["weight"]).where(~around["ring"].astype(bool), 0.0))


def _routes(edition: Edition, note: str) -> list[geopackage.Table]:
    """Safe routes to school; in a public edition the proposed streets alone."""
    if edition.routes is None:
        return []
    routes, told = edition.routes, f"{edition.routes.definition} · {note}"
    levels = [(str(k), zh, colour) for k, (zh, colour) in enumerate(qgis_styles.LEVELS, start=1)]
    found = [geopackage.Table("safe_routes_proposed", "学径建议", told, routes.proposed, "LineString", qgis_styles.by_value("LineString", "level", levels))]
    if not edition.public:
        drawn = routes.routes[routes.routes.geometry.notna()].reset_index(drop=True)
        parts = [(part, zh, colour) for part, (zh, colour) in qgis_styles.ROUTE_PARTS.items()]
        found.append(geopackage.Table("safe_routes_each", "各社区的学径", told, drawn, "LineString", qgis_styles.by_value("LineString", "level", levels)))
        style = qgis_styles.by_value("LineString", "part", parts)
        found.append(geopackage.Table("safe_routes_compared", "学径与部门路线对照", told, routes.parts, "MultiLineString", style))
    return found


def _walking_bus(edition: Edition, note: str) -> list[geopackage.Table]:
    """Lines and stops of walking buses."""
    if edition.walking_bus is None:
        return []
    found, told = edition.walking_bus, f"{edition.walking_bus.definition} · {note}"
    lines, stops = found.lines.drop(columns="kind").rename(columns=BUS_LINES), found.stops.rename(columns=BUS_STOPS)
    return [
        geopackage.Table("walking_bus_lines", "步行巴士线路", told, lines, "LineString", qgis_styles.edged("LineString", WALKING_BUS.colour, BUS_EDGE)),
        geopackage.Table("walking_bus_stops", "步行巴士站点", told, stops, "Point", qgis_styles.edged("Point", WALKING_BUS.colour, BUS_EDGE)),
    ]


def _together(parts: list[tuple[str, gpd.GeoDataFrame]], columns: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Rows of all coverages with their key; of further columns only the rule items of a perimeter (``item_A`` …) follow."""
    import geopandas as gpd

    filled = [(key, frame) for key, frame in parts if len(frame)]
    if not filled:
        empty = {"coverage": pd.Series(dtype="string"), **{c: pd.Series(dtype="string") for c in columns}}
        return gpd.GeoDataFrame(empty, geometry=[], crs="EPSG:4326")
    found = []
    for key, frame in filled:
        others = [c for c in frame.columns if str(c).startswith("item_")]
        table = pd.DataFrame({"coverage": key, **{c: frame[c].to_numpy() for c in (*columns, *others) if c in frame}})
        found.append(gpd.GeoDataFrame(table, geometry=frame.geometry.to_numpy(), crs="EPSG:4326"))
    return gpd.GeoDataFrame(pd.concat(found, ignore_index=True), crs="EPSG:4326")
