"""Do the bureau's own routes and the proposed ones agree? Where they lie together, where they differ, and what either costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from cfmap.geometry.crs import geometries_to_plane, geometry_to_lonlat, metric_crs
from cfmap.model import fault
from cfmap.network.noding import JOIN_M, join_ends, suspicious_places
from cfmap.network.plane import network_crs

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray
    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from cfmap.model import Fault
    from cfmap.planning.arcs import Arcs

NEAR_M = 20.0  # lines that run within this of each other are one route
STEP_M = 10.0  # a line is weighed at points so far apart
GAP_M = 20.0  # an end of a line that comes so near to another line without touching it looks like a slip of the pen
AT_GATE_M = 100.0  # a route comes to a school when it comes so near to one of its gates
LINES = ("LineString", "MultiLineString")
OFF_SHARE = 0.5  # a route that lies beside the streets for more than this is in the wrong place
COLUMNS = ("part", "id", "name", "length_m", "weighted_m", "unknown_share", "off_street_share", "geometry")


@dataclass(frozen=True, eq=False)
class Comparison:
    """
    The bureau's routes beside the proposed ones.

    Attributes
    ----------
    lines
        DataFrame, one row for each of the bureau's routes: ``id, name, length_m, together_share`` (of its length within 20 m of a
        proposed route), ``weighted_m`` (links alone), ``unknown_share, off_street_share``.
    parts
        GeoDataFrame EPSG:4326 ``part, id, name, length_m, weighted_m, unknown_share, off_street_share, geometry``: where both lie
        together (``both``, by the bureau's route), where only the bureau's runs (``bureau``) and where only the proposed one does
        (``proposed``). Weighted metres rest on the part of a line that lies within 20 m of a street; NaN where none does.
    proposed_share
        Of the length of the proposed routes within 20 m of a route of the bureau; NaN without any.
    faults
        W373 rows that are no lines, W375 ends of the bureau's lines that come near another one without touching, W372 routes in several
        pieces, W371 routes that mostly lie where no street is.
    """

    lines: pd.DataFrame
    parts: gpd.GeoDataFrame
    proposed_share: float
    faults: tuple[Fault, ...]


def compare(arcs: Arcs, bureau: gpd.GeoDataFrame, proposed: gpd.GeoDataFrame, *, near_m: float = NEAR_M) -> Comparison:
    """
    Compare routes on record with proposed ones.

    Parameters
    ----------
    arcs
        Weighed streets.
    bureau
        EPSG:4326 lines with ``id`` and ``name``; rows that are no lines are passed over.
    proposed
        From :func:`cfmap.planning.trunk.proposed`.
    near_m
        How far apart lines may run and still be one route, metres.
    """
    import geopandas as gpd
    import pandas as pd

    net = arcs.graph.network
    crs = network_crs(net)
    is_line = bureau.geometry.geom_type.isin(LINES) & ~bureau.geometry.is_empty
    others, bureau = bureau[~is_line], bureau[is_line].reset_index(drop=True)
    own = geometries_to_plane(np.array(bureau.geometry.values, dtype=object), crs)
    ours = geometries_to_plane(np.array(proposed.geometry.values, dtype=object), crs)
    near_ours, near_own = (shapely.union_all(shapely.buffer(lines, near_m, cap_style="flat")) for lines in (ours, own))
    found: list[tuple[str, object, object, BaseGeometry]] = []
    for key, name, line in zip(bureau["id"], bureau["name"], own, strict=True):
        parts = ("both", _lines(shapely.intersection(line, near_ours))), ("bureau", _lines(shapely.difference(line, near_ours)))
        found += [("whole", key, name, line), *((part, key, name, shape) for part, shape in parts if shape.length >= STEP_M)]
    for key, schools, line in zip(proposed["id"], proposed["schools"], ours, strict=True):
        rest = _lines(shapely.difference(line, near_own))
        found += [("proposed", key, schools, rest)] if rest.length >= STEP_M else []
    table = pd.DataFrame({"part": [f[0] for f in found], "id": [f[1] for f in found], "name": [f[2] for f in found]})
    shapes = np.array([f[3] for f in found], dtype=object)
    table = table.join(_weighed(arcs, shapes, crs))
    lines = table[table["part"].eq("whole")].drop(columns="part").reset_index(drop=True)
    lines.insert(3, "together_share", shapely.length(shapely.intersection(own, near_ours)) / np.maximum(shapely.length(own), 1e-9))
    is_part = ~table["part"].eq("whole").to_numpy()
    parts_table = gpd.GeoDataFrame(table[is_part], geometry=[geometry_to_lonlat(g, crs) for g in shapes[is_part]], crs=4326).reset_index(drop=True)
    length = float(shapely.length(ours).sum())
    share = float(shapely.length(shapely.intersection(ours, near_own)).sum()) / length if length else float("nan")
    told = [_about("W373", name, shape) for name, shape in zip(others["name"], others.geometry, strict=True)]
    off = zip(lines["off_street_share"], lines["name"], bureau.geometry, strict=True)
    told += [_about("W371", name, shape, metres=f"{near_m:g}", percent=f"{100 * part:.0f}") for part, name, shape in off if part > OFF_SHARE]
    return Comparison(lines, parts_table[list(COLUMNS)], share, (*told, *pieces(bureau, own), *gaps(bureau, crs)))


def pieces(bureau: gpd.GeoDataFrame, plane: NDArray[np.object_]) -> list[Fault]:
    """W372: routes that are several pieces which do not touch (within 0.5 m); `plane` holds them in metres."""
    count = [len(shapely.get_parts(shapely.union_all(shapely.buffer(shapely.get_parts(line), JOIN_M / 2)))) for line in plane]
    return [_about("W372", name, shape, count=n) for name, shape, n in zip(bureau["name"], bureau.geometry, count, strict=True) if n > 1]


def astray(bureau: gpd.GeoDataFrame, doors: gpd.GeoDataFrame, names: Mapping[object, str]) -> list[Fault]:
    """
    W363: routes that come to no school's gate within 100 m, so that they lead nowhere or lie elsewhere.

    Parameters
    ----------
    bureau
        EPSG:4326 with ``name``; rows that are no lines are passed over.
    doors
        From :func:`cfmap.coverage.perimeter.school_doors`; without any nothing is told.
    names
        Of the schools, by id.
    """
    bureau = bureau[bureau.geometry.geom_type.isin(LINES) & ~bureau.geometry.is_empty]
    if not len(bureau) or not len(doors):
        return []
    crs = metric_crs(*(doors.total_bounds[:2] + doors.total_bounds[2:]) / 2)
    tree = shapely.STRtree(geometries_to_plane(np.array(doors.geometry.values, dtype=object), crs))
    (_, door), metres = tree.query_nearest(geometries_to_plane(np.array(bureau.geometry.values, dtype=object), crs), all_matches=False, return_distance=True)
    schools = [str(names.get(key, key)) for key in doors["school"].iloc[door]]
    rows = zip(bureau["name"], bureau.geometry, schools, metres, strict=True)
    return [_about("W363", name, shape, school=school, metres=f"{away:,.0f}") for name, shape, school, away in rows if away > AT_GATE_M]


def _about(code: str, name: object, shape: BaseGeometry, **facts: Any) -> Fault:
    record = fault(code, name=str(name), **facts)
    if shape is None or shape.is_empty:
        return record
    point = shape.representative_point()
    return record.at(("site", float(point.x), float(point.y)))


def gaps(bureau: gpd.GeoDataFrame, crs: CRS) -> list[Fault]:
    """
    Places where a line of a route file ends near another one without touching it (W375): such a file has no topology.

    Lines are joined where they end, within 0.5 m; where they only cross they are not.
    """
    plane, row = shapely.get_parts(geometries_to_plane(np.array(bureau.geometry.values, dtype=object), crs), return_index=True)
    if not len(plane):
        return []
    courses = [shapely.get_coordinates(line) for line in plane]
    levels, names = np.zeros(len(courses), dtype=np.int64), bureau["name"].to_numpy(dtype=object)[row]
    found = []
    for place in suspicious_places(join_ends(courses, levels), levels, near_m=GAP_M):
        if place.kind == "gap":
            at = geometry_to_lonlat(shapely.Point(place.x, place.y), crs)
            first, second = str(names[place.first]), str(names[place.second])
            found.append(fault("W375", first=first, second=second, gap=f"{place.gap_m:.1f}", lon=f"{at.x:.5f}", lat=f"{at.y:.5f}"))
    return found


def _lines(shape: BaseGeometry) -> BaseGeometry:
    """The lines of a shape: where two lines only touch, a point is left over."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    made: BaseGeometry = shapely.multilinestrings(parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING])
    return made


def _weighed(arcs: Arcs, lines: NDArray[np.object_], crs: CRS) -> pd.DataFrame:
    """Length of lines and what they cost, by the streets they run along."""
    import geopandas as gpd
    import pandas as pd

    parts, line = shapely.get_parts(lines, return_index=True)
    count = np.maximum(1, np.round(shapely.length(parts) / STEP_M)).astype(np.int64)
    part = np.repeat(np.arange(len(parts)), count)
    step = np.arange(len(part)) - np.repeat(np.cumsum(count) - count, count)
    places = shapely.line_interpolate_point(parts[part], (step + 0.5) / count[part], normalized=True)
    edge = arcs.graph.network.snap(gpd.GeoSeries(places, crs=crs).to_crs(4326), limit_m=NEAR_M, main_component_first=False).edge
    on = edge >= 0
    here = pd.DataFrame({"line": line[part], "off": ~on})
    here["factor"] = np.where(on, arcs.dangers.factor[edge] / 100, np.nan)
    here["unknown"] = np.where(on, arcs.dangers.is_unknown[edge], np.nan)
    mean = here.groupby("line").mean().reindex(range(len(lines)))
    length = shapely.length(lines)
    return pd.DataFrame(
        {"length_m": length, "weighted_m": length * mean["factor"], "unknown_share": mean["unknown"], "off_street_share": mean["off"].astype(float)}
    )
