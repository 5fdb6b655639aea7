"""Which part of a regional OpenStreetMap extract is the city's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import osmium
import osmium.filter

from cfmap.model import InputError, fault
from cfmap.network.atomic import replacing
from cfmap.network.metres import utm
from cfmap.network.osm_file import check_whole, fault_of
from cfmap.network.pbf import OsmWriter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from cfmap.model import Fault

FULL_SHARE = 0.98  # of the boundary's area inside the extract: below it a warning ...
LEAST_SHARE = 0.5  # ... and below this it is the wrong extract
MOST_LOST = 0.001  # part of the ways' vertices that a whole file may lack; more means that it was cut off between two blocks
_BATCH = 500_000  # nodes looked at together
_UNITS = 10_000_000  # OpenStreetMap's own whole numbers in a degree
_TIMESTAMP = "osmosis_replication_timestamp"


@dataclass(frozen=True)
class ClipReport:
    """
    What a clip kept.

    Attributes
    ----------
    out
        The file written.
    nodes, ways, relations
        Objects in it.
    share_covered
        Part of the boundary's area (without the buffer) that lies within the extract's data, 0 to 1. Measured against the hull of the
        extract's own nodes round the city, because the box in a file's header is often that of a larger region.
    timestamp
        Date of the data (ISO 8601): the header's, else that of its newest object; None when neither is known.
    faults
        Findings that do not stop (``W341``, ``W349``).
    """

    out: Path
    nodes: int
    ways: int
    relations: int
    share_covered: float
    timestamp: str | None
    faults: tuple[Fault, ...] = ()

    def facts(self) -> dict[str, object]:
        """Name the counts and findings, to be printed."""
        share = round(self.share_covered, 4)
        facts: dict[str, object] = {
            "nodes": self.nodes,
            "ways": self.ways,
            "relations": self.relations,
            "share_covered": share,
            "timestamp": self.timestamp or "",
        }
        for finding in self.faults:
            facts[finding.code] = f"{finding.what('zh')} / {finding.what('en')}"
        return facts


def clip(path: Path, boundary: gpd.GeoDataFrame | BaseGeometry, *, buffer_m: float, out: Path) -> ClipReport:
    """
    Cut a regional extract to a city, with complete ways.

    Kept are all nodes with tags inside the boundary plus buffer, every way with a node inside (all of its nodes, those outside too), every
    relation with such a member; of multipolygons all ways and nodes, so that parks and waters stay whole. Ways that cross the buffer without
    a node inside are not seen. The file appears at `out` whole or not at all.

    Parameters
    ----------
    path
        ``.osm.pbf`` (or ``.osm``, ``.osm.gz``, ``.osm.bz2``).
    boundary
        Outline of the city, EPSG:4326 (a GeoDataFrame in another CRS is brought there).
    buffer_m
        How far beyond the boundary streets are needed (m).
    out
        File to write.

    Raises
    ------
    InputError
        The file is missing, empty, no OpenStreetMap file, damaged or cut off (as :func:`cfmap.network.osm.read_osm`), not about this city
        (``E341``), or has no street there (``E348``).
    EnvironmentFault
        The file cannot be written.
    """
    from cfmap.network.osm import file_kind

    if file_kind(path) != "osm":
        raise InputError(fault("E304", file=path.name, detail="no OpenStreetMap data"))
    check_whole(path)
    polygon = boundary.to_crs(4326).geometry.union_all() if hasattr(boundary, "to_crs") else boundary
    return clip_to(path, buffered(polygon, buffer_m), out=out, boundary=polygon)


def buffered(polygon: BaseGeometry, metres: float) -> BaseGeometry:
    """Grow a polygon (EPSG:4326) by `metres`, measured in the UTM zone of its centroid; EPSG:4326 again."""
    import geopandas as gpd

    if metres <= 0:
        return polygon
    plane = utm(polygon.centroid.x, polygon.centroid.y)
    grown: BaseGeometry = gpd.GeoSeries([polygon], crs=4326).to_crs(plane).buffer(metres).to_crs(4326).iloc[0]
    return grown


def clip_to(path: Path, area: BaseGeometry, *, out: Path, boundary: BaseGeometry | None = None) -> ClipReport:
    """As :func:`clip`, for an area that is already final; the share covered is only judged when a `boundary` is given."""
    with fault_of(path):
        inside, hull = _nodes_inside(path, area)
        share = _share(hull, boundary)
        faults = _judge(share, path)
        keep = _wanted(path, inside)
        with replacing(out) as part:
            counts, lost, newest = _copy(path, keep, part, area)
            if not counts[1]:
                raise InputError(fault("E348", file=path.name))
    if lost > MOST_LOST:
        faults = (*faults, fault("W349", file=path.name, share=f"{100 * lost:.2f}"))
    return ClipReport(out, *counts, share, header_timestamp(path) or newest, faults)


def header_timestamp(path: Path) -> str | None:
    """Read the date of the data as the file's header says it (ISO 8601), None when it does not."""
    with osmium.io.Reader(str(path), osmium.osm.NOTHING) as reader:
        return str(reader.header().get(_TIMESTAMP) or "") or None


def _nodes_inside(path: Path, area: BaseGeometry) -> tuple[osmium.IdTracker, BaseGeometry | None]:
    """Nodes inside the area, and the hull of all nodes within one city's width round it: what lies beyond does not say more."""
    import shapely

    shapely.prepare(area)
    inside = osmium.IdTracker()
    corners: list[Any] = []
    west, south, east, north = area.bounds
    wide, high = east - west, north - south
    for ids, lon, lat in _node_batches(path, (west - wide, south - high, east + wide, north + high)):
        corners.append(shapely.convex_hull(shapely.multipoints(np.column_stack((lon, lat)))))
        for node in ids[shapely.contains_xy(area, lon, lat)].tolist():
            inside.add_node(node)
    return inside, shapely.convex_hull(shapely.union_all(corners)) if corners else None


def _node_batches(path: Path, bounds: tuple[float, float, float, float]) -> Iterator[tuple[Any, Any, Any]]:
    """Ids, longitudes, latitudes of the nodes within `bounds`, in batches."""
    west, south, east, north = (round(v * _UNITS) for v in bounds)
    found: list[tuple[int, int, int]] = []
    nodes: Any = osmium.FileProcessor(str(path), osmium.osm.NODE)
    for node in nodes:
        place = node.location
        x, y = place.x, place.y
        if west <= x <= east and south <= y <= north:
            found.append((node.id, x, y))
            if len(found) >= _BATCH:
                yield _columns(found)
                found = []
    if found:
        yield _columns(found)


def _columns(found: list[tuple[int, int, int]]) -> tuple[Any, Any, Any]:
    ids, x, y = np.array(found, dtype=np.int64).T
    return ids, x / _UNITS, y / _UNITS


def _iso(seconds: float) -> str | None:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if seconds > 0 else None


def _share(hull: BaseGeometry | None, boundary: BaseGeometry | None) -> float:
    if boundary is None:
        return 1.0
    if hull is None or boundary.area == 0:
        return 0.0
    return float(hull.intersection(boundary).area / boundary.area)


def _judge(share: float, path: Path) -> tuple[Fault, ...]:
    percent = f"{100 * share:.0f}"
    if share < LEAST_SHARE:
        raise InputError(fault("E341", file=path.name, share=percent))
    return (fault("W341", file=path.name, share=percent),) if share < FULL_SHARE else ()


def _wanted(path: Path, inside: osmium.IdTracker) -> osmium.IdTracker:
    """Every id that goes into the clip."""
    keep = osmium.IdTracker()
    tagged = osmium.FileProcessor(str(path), osmium.osm.NODE).with_filter(osmium.filter.EmptyTagFilter()).with_filter(inside.id_filter())
    tagged_ids = [node.id for node in tagged]
    other_relations = []
    for way in osmium.FileProcessor(str(path), osmium.osm.WAY).with_filter(inside.contains_filter()):
        keep.add_way(way.id)
        inside.add_way(way.id)
    for relation in osmium.FileProcessor(str(path), osmium.osm.RELATION).with_filter(inside.contains_filter()):
        if relation.tags.get("type") == "multipolygon":
            keep.add_relation(relation.id)
        else:
            other_relations.append(relation.id)  # a route or a boundary of half a province: kept, but its far members are not
    keep.complete_backward_references(str(path), relation_depth=0)
    for relation_id in other_relations:
        keep.add_relation(relation_id)
    for node_id in tagged_ids:
        keep.add_node(node_id)
    return keep


def _copy(path: Path, keep: osmium.IdTracker, part: Path, area: BaseGeometry) -> tuple[tuple[int, int, int], float, str | None]:
    """Write what is kept; counts of nodes, ways, relations, the part of the ways' vertices that the file lacks, and the newest date."""
    newest = 0.0
    header = osmium.io.Header()
    header.set("generator", "cfmap")
    if stamp := header_timestamp(path):
        header.set(_TIMESTAMP, stamp)
    west, south, east, north = area.bounds
    header.add_box(osmium.osm.Box(west, south, east, north))
    counts = {"n": 0, "w": 0, "r": 0}
    nodes: list[int] = []
    vertices: list[int] = []
    with OsmWriter(part, header) as writer:
        things: Any = osmium.FileProcessor(str(path)).with_filter(keep.id_filter())
        for thing in things:
            kind = thing.type_str()
            counts[kind] += 1
            if kind == "n":
                nodes.append(thing.id)
            elif kind == "w":
                vertices.extend(v.ref for v in thing.nodes)
            if not stamp:
                newest = max(newest, thing.timestamp.timestamp())
            writer.add(thing)
    lost = float((~np.isin(vertices, nodes)).mean()) if vertices else 0.0
    return (counts["n"], counts["w"], counts["r"]), lost, _iso(newest)
