"""Which ways and nodes of an OpenStreetMap file matter to people on foot? From file to arrays, and to a network."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from cfmap.model.errors import InputError
from cfmap.model.messages import Fault, fault
from cfmap.network.build import Edges, Ways, assemble, cut_edges
from cfmap.network.gates import Barrier, close_gates
from cfmap.network.osm_file import check_whole, fault_of, header_facts, objects
from cfmap.network.sidepaths import beside
from cfmap.network.squares import Square, cross_squares
from cfmap.network.streets import Street, crossing_kind, left_out_table
from cfmap.network.walkability import CLASS_INDEX, WAY_KEYS, Access, node_access

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from cfmap.network.network import Network

FileKind = Literal["osm", "graphml", "lines"]

#: Tags kept for later rooms.
KEPT_TAGS = (
    "name", "highway", "sidewalk", "sidewalk:left", "sidewalk:right", "sidewalk:both", "maxspeed", "maxspeed:conditional", "lit", "lanes",
    "lanes:forward", "lanes:backward", "hazard", "traffic_calming", "traffic_sign", "surface", "crossing", "crossing:markings", "crossing:signals",
    "footway", "junction", "oneway", "service", "foot", "access", "bridge", "tunnel", "layer", "width", "supervised", "smoothness", "wheelchair",
)  # fmt: skip
WAY_FILTER = ("highway", "railway", "public_transport", "man_made")
NODE_FILTER = ("barrier", "highway", "crossing", "access", "foot")

#: A sidewalk or side path stands in for a road when it runs along this share of the stretch, this near and this parallel.
BESIDE_M, BESIDE_SHARE, BESIDE_DEGREES = 30.0, 0.8, 30.0
SIDEPATH_KINDS = frozenset({"footway", "path", "cycleway", "pedestrian", "track", "living_street", "steps"})
MAX_DANGLING = 0.001  # share of vertices without coordinates that a clipped extract may have


@dataclass
class _Found:
    """What one pass over the file found."""

    streets: list[Street] = field(default_factory=list)
    refs: list[list[int]] = field(default_factory=list)
    barriers: list[tuple[int, str, Access]] = field(default_factory=list)
    crossings: dict[int, str] = field(default_factory=dict)
    ways_seen: int = 0


def file_kind(path: Path) -> FileKind:
    """
    What a street file is, by its content first and its name second.

    Raises
    ------
    InputError
        Missing, empty, or a web page that was saved under the name of a data file.
    """
    if not path.is_file():
        raise InputError(fault("E301", file=path.name))
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head:
        raise InputError(fault("E302", file=path.name))
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise InputError(fault("E303", file=path.name))
    if b"<graphml" in start or path.suffix.lower() == ".graphml":
        return "graphml"
    is_osm = b"<osm" in start or b"OSMHeader" in head[:64] or re.search(r"\.(osm|pbf|o5m|osm\.gz|osm\.bz2)$", path.name.lower())
    return "osm" if is_osm else "lines"


def read_osm(path: Path) -> Network:
    """
    Read an OpenStreetMap file as a walking network.

    Raises
    ------
    InputError
        Missing, empty, no OpenStreetMap data, damaged, cut off (also at a block's boundary), or without streets.
    """
    if file_kind(path) != "osm":
        raise InputError(fault("E304", file=path.name, detail="no OpenStreetMap data"))
    check_whole(path)
    found, places = _collect(path)
    squares = _square_relations(path, found, places)
    if not found.streets:
        raise InputError(fault("E306" if found.ways_seen else "E305", file=path.name))
    ways, lost = _arrays(found, places)
    total = sum(map(len, found.refs))
    if lost > MAX_DANGLING * total and lost > 10:
        _refuse_if_cut(path, lost, total)
    faults: list[Fault] = [fault("W307", file=path.name, count=lost)] if lost else []
    return _network(path, found, ways, squares, faults)


def _collect(path: Path) -> tuple[_Found, Any]:
    found = _Found()
    rules: dict[tuple[str | None, ...], Street] = {}
    stream, places = objects(path, way_keys=WAY_FILTER, node_keys=NODE_FILTER)
    with fault_of(path):
        for obj in stream:
            if obj.is_node():
                _see_node(obj, found)
            elif obj.is_way():
                found.ways_seen += 1
                tags = {t.k: t.v for t in obj.tags}
                key = tuple(map(tags.get, WAY_KEYS))
                rule = rules.get(key)
                if rule is None:
                    rule = rules[key] = Street.of(0, tags)
                if rule.rule.access > Access.CLOSED or rule.rule.motor or ("highway" in tags and rule.rule.kind.startswith(("motor", "trunk"))):
                    found.streets.append(Street(obj.id, tags, rule.rule, rule.flags))
                    found.refs.append([n.ref for n in obj.nodes])
    return found, places


def _see_node(obj: Any, found: _Found) -> None:
    tags = {t.k: t.v for t in obj.tags}
    access = node_access(tags)
    if access < Access.OPEN:
        found.barriers.append((obj.id, tags.get("barrier", ""), access))
    if (tags.get("highway") == "crossing" or "crossing" in tags) and tags.get("crossing") != "no":
        found.crossings[obj.id] = crossing_kind(tags)


def _square_relations(path: Path, found: _Found, places: Any) -> list[Square]:  # noqa: ARG001 - places keep the file's index alive
    """Pedestrian multipolygons: their outlines become walkable ways, unless they are ways already."""
    from cfmap.network.osm_file import member_ways, multipolygons

    relations = []
    with fault_of(path):
        for relation, tags, members in multipolygons(path):
            street = Street.of(-relation, {**tags, "area": "yes"})
            if street.rule.access > Access.CLOSED:
                relations.append((street, members))
        wanted = {way for _, members in relations for way, _ in members}
        refs_of = member_ways(path, wanted) if wanted else {}
    known = {street.way_id for street in found.streets if street.rule.access > Access.CLOSED}
    squares = []
    for street, members in relations:
        squares.append(Square(street.way_id, street, [(refs_of[way], role) for way, role in members if way in refs_of]))
        for way, _ in members:
            if way in refs_of and way not in known:
                known.add(way)
                found.streets.append(Street(way, dict(street.tags), street.rule, street.flags))
                found.refs.append(refs_of[way])
    for street, refs in zip(found.streets, found.refs, strict=True):
        if street.rule.area and street.rule.access > Access.CLOSED and refs[0] == refs[-1] and len(refs) > 3 and street.tags.get("type") != "multipolygon":
            squares.append(Square(street.way_id, street, [(refs, "outer")]))
    return squares


def _arrays(found: _Found, places: Any) -> tuple[Ways, int]:
    counts = np.fromiter(map(len, found.refs), dtype=np.int64, count=len(found.refs))
    refs = np.fromiter((r for way in found.refs for r in way), dtype=np.int64, count=int(counts.sum()))
    node_id, vertex = np.unique(refs, return_inverse=True)
    lon, lat = places(node_id)
    here = ~np.isnan(lon)
    lost = int((~here[vertex]).sum())
    way_of = np.repeat(np.arange(len(counts)), counts)
    if lost:  # the file was cut: keep what is drawn, and split ways where vertices are missing
        there = here[vertex]
        run = np.cumsum(~there)  # a gap begins a new piece
        piece = way_of * (len(refs) + 1) + run
        vertex, way_of, piece = vertex[there], way_of[there], piece[there]
        new = np.r_[True, piece[1:] != piece[:-1]] if len(piece) else np.zeros(0, dtype=bool)
        way_of_piece = way_of[new]
        first = np.r_[np.flatnonzero(new), len(vertex)].astype(np.int64)
    else:
        way_of_piece = np.arange(len(counts))
        first = np.r_[0, np.cumsum(counts)].astype(np.int64)
    streets = [found.streets[w] for w in way_of_piece.tolist()]
    return (
        Ways(
            node_id=node_id,
            lon=lon,
            lat=lat,
            way_id=np.array([s.way_id for s in streets], dtype=np.int64),
            kind=np.array([s.kind_index for s in streets], dtype=np.uint8),
            flags=np.array([s.flags for s in streets], dtype=np.uint16),
            first=first,
            vertex=vertex.astype(np.int64),
        ),
        lost,
    )


def _refuse_if_cut(path: Path, lost: int, total: int) -> None:
    # an extract clipped by a box has ways without all their nodes, and most of a way's nodes are there; a file that ends too
    # early lacks whole runs of nodes
    if lost > 0.2 * total:
        raise InputError(fault("E308", file=path.name, share=f"{100 * lost / total:.1f}"))


def _network(path: Path, found: _Found, ways: Ways, squares: list[Square], faults: list[Fault]) -> Network:
    walkable, shut = _split(found, ways)
    by_id = {street.way_id: street for street in found.streets}
    walkable, more = cross_squares(walkable, squares, by_id)
    faults += more
    barriers = [Barrier(i, kind, access) for i, kind, access in found.barriers]
    used = np.zeros(len(walkable.node_id) + 1, dtype=bool)
    used[walkable.vertex] = True
    at = np.searchsorted(walkable.node_id, [b.node_id for b in barriers])
    there = used[at] & (np.r_[walkable.node_id, 0][at] == [b.node_id for b in barriers]) if barriers else np.zeros(0, dtype=bool)
    barriers = [b for b, here in zip(barriers, there.tolist(), strict=True) if here]
    at = at[there].astype(np.int64)
    edges = cut_edges(walkable, also=at)
    edges, replaced = _leave_out(walkable, edges, by_id)
    walkable, edges, table = close_gates(walkable, edges, at, barriers)
    box, timestamp = header_facts(path)
    del box
    return assemble(
        walkable,
        edges,
        way_tags=_tag_table(by_id, walkable.way_id),
        crossings=_crossings(found, ways),
        left_out=_left_out(shut, replaced, ways, walkable, by_id),
        barriers=table,
        source=path.name,
        timestamp=timestamp,
        faults=faults,
    )


def _split(found: _Found, ways: Ways) -> tuple[Ways, Ways]:
    """Ways for people on foot, and roads closed to them."""
    access = {street.way_id: street.rule.access for street in found.streets}
    open_ = np.array([access[int(w)] > Access.CLOSED for w in ways.way_id], dtype=bool)
    return select_ways(ways, open_), select_ways(ways, ~open_)


def select_ways(ways: Ways, chosen: NDArray[np.bool_]) -> Ways:
    """Some of the ways, over the same vertices."""
    counts = np.diff(ways.first)
    return Ways(
        ways.node_id,
        ways.lon,
        ways.lat,
        ways.way_id[chosen],
        ways.kind[chosen],
        ways.flags[chosen],
        np.r_[0, np.cumsum(counts[chosen])].astype(np.int64),
        ways.vertex[np.repeat(chosen, counts)],
    )


def _leave_out(ways: Ways, edges: Edges, by_id: dict[int, Street]) -> tuple[Edges, dict[str, Edges]]:
    """Stretches whose walking space is mapped as a way of its own beside them."""
    streets = [by_id[int(w)] for w in ways.way_id]
    sidewalk = np.array([s.tags.get("footway") == "sidewalk" for s in streets], dtype=bool)
    path = np.array([s.rule.kind in SIDEPATH_KINDS and not s.rule.sidepath for s in streets], dtype=bool)
    replaced: dict[str, Edges] = {}
    gone = np.zeros(len(edges.way), dtype=bool)
    for reason, concerned, companions in (
        ("sidewalk", np.array([s.rule.sidewalk_elsewhere and not s.tags.get("footway") for s in streets], dtype=bool), sidewalk),
        ("sidepath", np.array([s.rule.sidepath for s in streets], dtype=bool), path),
    ):
        candidates = np.flatnonzero(concerned[edges.way] & ~gone)
        company = np.flatnonzero(companions[edges.way])
        if len(candidates) and len(company):
            hit = candidates[beside(ways, edges, candidates, company, within_m=BESIDE_M, share=BESIDE_SHARE, degrees=BESIDE_DEGREES)]
            gone[hit] = True
            replaced[reason] = edges.select(np.isin(np.arange(len(edges.way)), hit))
    return edges.select(~gone), replaced


def _left_out(shut: Ways, replaced: dict[str, Edges], ways: Ways, walkable: Ways, by_id: dict[int, Street]) -> gpd.GeoDataFrame:
    import pandas as pd

    tables = []
    for reason, source, edges in [("closed", shut, cut_edges(shut)), *((r, walkable, e) for r, e in replaced.items())]:
        streets = [by_id[int(w)] for w in source.way_id[edges.way]]
        ends = list(zip(ways_ids(source, edges.u), ways_ids(source, edges.v), strict=True))
        courses = [np.column_stack([source.lon[part], source.lat[part]]) for part in np.split(edges.vertex, edges.first[1:-1])] if len(streets) else []
        table = left_out_table(streets, ends, courses)
        table["reason"] = reason
        if len(table):
            tables.append(table)
    del ways
    if not tables:
        return left_out_table([], [], [])
    merged: gpd.GeoDataFrame = pd.concat(tables, ignore_index=True)
    return merged


def ways_ids(ways: Ways, positions: NDArray[np.int64]) -> list[int]:
    """Ids of vertices."""
    ids: list[int] = ways.node_id[positions].tolist()
    return ids


def _tag_table(by_id: dict[int, Street], used: NDArray[np.int64]) -> pd.DataFrame:
    import pandas as pd

    ids = np.unique(used)
    codes = {key: np.full(len(ids), -1, dtype=np.int32) for key in KEPT_TAGS}
    values: dict[str, dict[str, int]] = {key: {} for key in KEPT_TAGS}
    for row, way in enumerate(ids.tolist()):
        for key, value in by_id[way].tags.items():
            if key in codes:
                known = values[key]
                codes[key][row] = known.setdefault(value, len(known))
    columns = {key: pd.Categorical.from_codes(codes[key], categories=pd.Index(list(values[key]), dtype=object)) for key in KEPT_TAGS}
    return pd.DataFrame(columns, index=pd.Index(ids, name="way_id"))


def _crossings(found: _Found, ways: Ways) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import shapely

    kinds = dict(found.crossings)
    rows: list[tuple[str, str, Any]] = []
    crossing_ways = {}
    for street in found.streets:
        tags = street.tags
        if "crossing" in (tags.get("footway"), tags.get("path"), tags.get("cycleway"), tags.get("highway")) and tags.get("crossing") != "no":
            crossing_ways[street.way_id] = crossing_kind(tags)
    for w in np.flatnonzero(np.isin(ways.way_id, list(crossing_ways))).tolist():
        way = int(ways.way_id[w])
        vertex = ways.vertex[ways.first[w] : ways.first[w + 1]]
        nodes = [n for n in ways.node_id[vertex].tolist() if n in kinds]
        for node in nodes:  # one crossing, mapped twice: the node stays, and learns what only the way knows
            if kinds[node] == "unknown":
                kinds[node] = crossing_ways[way]
        if not nodes and len(vertex) > 1:
            rows.append((f"w{way}", crossing_ways[way], shapely.LineString(np.column_stack([ways.lon[vertex], ways.lat[vertex]]))))
    ids = np.array(sorted(kinds), dtype=np.int64)
    at = np.searchsorted(ways.node_id, ids)
    known = (at < len(ways.node_id)) & (ways.node_id[np.minimum(at, len(ways.node_id) - 1)] == ids) if len(ids) else np.zeros(0, dtype=bool)
    for node, k in zip(ids[known].tolist(), at[known].tolist(), strict=True):
        rows.append((f"n{node}", kinds[node], shapely.Point(ways.lon[k], ways.lat[k])))
    return gpd.GeoDataFrame({"osm_id": [r[0] for r in rows], "kind": [r[1] for r in rows]}, geometry=[r[2] for r in rows], crs=4326)


__all__ = ["CLASS_INDEX", "file_kind", "read_osm"]
