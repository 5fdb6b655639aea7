"""Which ways and nodes of an OpenStreetMap file matter to people on foot? From file to arrays, and to a network."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from cfmap.model.errors import InputError
from cfmap.model.messages import Fault, fault
from cfmap.network.build import Edges, Ways, assemble, cut_edges
from cfmap.network.gates import Barrier, close_gates
from cfmap.network.network import NODE_HELPS
from cfmap.network.osm_arrays import Courses, Extract, read_extract
from cfmap.network.osm_file import check_whole, data_date
from cfmap.network.sidepaths import beside
from cfmap.network.squares import Square, cross_squares
from cfmap.network.streets import CROSSING_KEYS, Street, contradictory, crossing_claims, kind_claimed, left_out_frame
from cfmap.network.walkability import CLASS_INDEX, NODE_KEYS, WAY_KEYS, Access, node_access

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from cfmap.network.network import Network

FileKind = Literal["osm", "graphml", "lines"]

#: Tags kept for later rooms.
KEPT_TAGS = (
    "name", "highway", "sidewalk", "sidewalk:left", "sidewalk:right", "sidewalk:both", "sidewalk:left:width", "sidewalk:right:width", "sidewalk:both:width",
    "sidewalk:left:surface", "sidewalk:right:surface", "sidewalk:both:surface", "maxspeed", "maxspeed:forward", "maxspeed:backward", "zone:maxspeed",
    "maxspeed:type", "source:maxspeed", "maxspeed:conditional", "maxspeed:forward:conditional", "maxspeed:backward:conditional", "lit", "lanes",
    "lanes:forward", "lanes:backward", "lanes:both_ways", "hazard", "traffic_calming", "traffic_sign", "surface", "crossing", "crossing:markings",
    "crossing:signals", "footway", "junction", "oneway", "service", "foot", "access", "bridge", "tunnel", "layer", "width", "supervised", "smoothness",
    "wheelchair",
)  # fmt: skip
WAY_FILTER = ("highway", "railway", "public_transport", "man_made")
NODE_FILTER = ("barrier", "highway", "crossing", "access", "foot", *NODE_HELPS)
AREA_FILTER = ("highway", "railway", "public_transport")
#: Keys with the value ``crossing`` on a way that crosses a road.
CROSSING_WAY_KEYS = ("footway", "path", "cycleway", "highway")
KNOWN_TAGS = frozenset({*KEPT_TAGS, *WAY_KEYS, *NODE_KEYS, *CROSSING_KEYS, *CROSSING_WAY_KEYS, "type"})
#: Kinds of crossings, the unknown one first.
CROSSINGS = ("unknown", "signalled", "marked", "unmarked")
#: Position in it for what a crossing's tags claim (bits, see :func:`cfmap.network.streets.crossing_claims`).
CLAIMED = np.array([CROSSINGS.index(kind_claimed(claims)) for claims in range(16)], dtype=np.int64)

#: A sidewalk or side path stands in for a road when it runs along this share of the stretch, this near and this parallel.
BESIDE_M, BESIDE_SHARE, BESIDE_DEGREES = 30.0, 0.8, 30.0
SIDEPATH_KINDS = frozenset({"footway", "path", "cycleway", "pedestrian", "track", "living_street", "steps"})
MAX_DANGLING = 0.001  # share of vertices without coordinates that a clipped extract may have


class _Streets(NamedTuple):
    """
    Ways that matter, column by column: those for people on foot, and roads closed to them.

    Attributes
    ----------
    way_id, courses
        The ways in the file's order, behind them the outlines of squares.
    row
        Which combination of tags each carries: position in `tags`.
    tags, rules
        Combinations of tags, and what the rules say to each.
    """

    way_id: NDArray[np.int64]
    courses: Courses
    row: NDArray[np.int64]
    tags: list[dict[str, str]]
    rules: list[Street]

    def where(self, holds: Callable[[Street], bool]) -> NDArray[np.bool_]:
        """For which combinations of tags something holds."""
        return np.array([holds(street) for street in self.rules], dtype=bool)


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
    extract = read_extract(path, way_keys=WAY_FILTER, node_keys=NODE_FILTER, area_keys=AREA_FILTER, kept=KNOWN_TAGS)
    streets, squares = _streets(extract)
    if not len(streets.way_id):
        raise InputError(fault("E306" if len(extract.ways.ids) else "E305", file=path.name))
    ways, row, lost = _arrays(streets)
    total = len(streets.courses.ref)
    if lost > MAX_DANGLING * total and lost > 10:
        _refuse_if_cut(path, lost, total)
    faults: list[Fault] = [fault("W307", file=path.name, count=lost)] if lost else []
    return _network(path, extract, streets, ways, row, squares, faults)


def _streets(extract: Extract) -> tuple[_Streets, list[tuple[Square, int]]]:
    """Ways that people walk on, or that cars do where people do not; and pedestrian squares, each with its row of tags."""
    tags, rules = list(extract.ways.tags), _rules(extract.ways.tags)
    matters = np.array([_is_open(street) or street.rule.motor or street.rule.kind.startswith(("motor", "trunk")) for street in rules], dtype=bool)
    chosen = np.flatnonzero(matters[extract.ways.row])
    row = extract.ways.row[chosen].astype(np.int64)
    ids, courses = extract.ways.ids, extract.courses
    squares = []
    if extract.relations:
        ids, courses = np.r_[ids, extract.member_ids], courses.joined(extract.members)
        wanted = np.flatnonzero(np.isin(ids, [way for relation in extract.relations for way, _ in relation.members]))
        position = dict(zip(ids[wanted].tolist(), wanted.tolist(), strict=True))
        walkable = set(ids[chosen][np.array([_is_open(street) for street in rules], dtype=bool)[row]].tolist())
        outlines: list[tuple[int, int]] = []
        for relation in extract.relations:
            street = Street.of(-relation.id, {**relation.tags, "area": "yes"})
            if not _is_open(street):
                continue
            members = [(way, position[way], role) for way, role in relation.members if way in position]
            squares.append((_square(street, [(courses.nodes(at), role) for _, at, role in members]), len(tags)))
            for way, at, _ in members:
                if way not in walkable:  # a way of its own already
                    walkable.add(way)
                    outlines.append((at, len(tags)))
            tags.append(dict(street.tags))
            rules.append(street)
        chosen, row = np.r_[chosen, [at for at, _ in outlines]].astype(np.int64), np.r_[row, [r for _, r in outlines]].astype(np.int64)
    streets = _Streets(ids[chosen], courses.take(chosen), row, tags, rules)
    areas = streets.where(lambda street: street.rule.area and _is_open(street) and street.tags.get("type") != "multipolygon")
    for k in np.flatnonzero(areas[row]).tolist():
        refs = streets.courses.nodes(k)
        if len(refs) > 3 and refs[0] == refs[-1]:
            squares.append((_square(rules[row[k]], [(refs, "outer")], int(streets.way_id[k])), int(row[k])))
    return streets, squares


def _rules(combinations: list[dict[str, str]]) -> list[Street]:
    """What the rules say to each combination of tags, worked out once for those that differ in what the rules ask for."""
    asked = frozenset({*WAY_KEYS, "type"})
    known: dict[tuple[tuple[str, str], ...], Street] = {}
    rules = []
    for tags in combinations:
        key = tuple([pair for pair in tags.items() if pair[0] in asked])
        street = known.get(key)
        if street is None:
            street = known[key] = Street.of(0, tags)
        rules.append(street)
    return rules


def _is_open(street: Street) -> bool:
    return street.rule.access > Access.CLOSED


def _square(street: Street, lines: list[tuple[list[int], str]], way_id: int | None = None) -> Square:
    return Square(street.way_id if way_id is None else way_id, street.kind_index, street.flags, lines)


def _arrays(streets: _Streets) -> tuple[Ways, NDArray[np.int64], int]:
    """Ways over vertices, the row of tags of each, and how many vertices were lost."""
    first, refs, lon, lat = streets.courses
    counts = np.diff(first)
    node_id, sample, vertex = np.unique(refs, return_index=True, return_inverse=True)
    here = ~np.isnan(lon)
    lost = int((~here).sum())
    way = np.arange(len(counts))
    if lost:  # the file was cut: keep what is drawn, and split ways where vertices are missing
        way_of = np.repeat(way, counts)
        run = np.cumsum(~here)  # a gap begins a new piece
        piece = way_of * (len(refs) + 1) + run
        vertex, way_of, piece = vertex[here], way_of[here], piece[here]
        new = np.r_[True, piece[1:] != piece[:-1]] if len(piece) else np.zeros(0, dtype=bool)
        way = way_of[new]
        first = np.r_[np.flatnonzero(new), len(vertex)].astype(np.int64)
    row = streets.row[way]
    kind = np.array([street.kind_index for street in streets.rules], dtype=np.uint8)
    flags = np.array([street.flags for street in streets.rules], dtype=np.uint16)
    ways = Ways(
        node_id=node_id,
        lon=lon[sample],
        lat=lat[sample],
        way_id=streets.way_id[way],
        kind=kind[row],
        flags=flags[row],
        first=first,
        vertex=vertex.astype(np.int64),
    )
    return ways, row, lost


def _refuse_if_cut(path: Path, lost: int, total: int) -> None:
    # an extract clipped by a box has ways without all their nodes, and most of a way's nodes are there; a file that ends too
    # early lacks whole runs of nodes
    if lost > 0.2 * total:
        raise InputError(fault("E308", file=path.name, share=f"{100 * lost / total:.1f}"))


def _network(
    path: Path, extract: Extract, streets: _Streets, all_ways: Ways, all_rows: NDArray[np.int64], squares: list[tuple[Square, int]], faults: list[Fault]
) -> Network:
    open_ = streets.where(_is_open)[all_rows]
    ways, row = select_ways(all_ways, open_), all_rows[open_]
    ways, across, more = cross_squares(ways, [square for square, _ in squares])
    row = np.r_[row, np.array([squares[place][1] for place in across], dtype=np.int64)]
    at, barriers = _barriers(extract, ways)
    edges, replaced = _leave_out(ways, cut_edges(ways, also=at), row, streets)
    shut, shut_row = select_ways(all_ways, ~open_), all_rows[~open_]
    left_out = _left_out([("closed", shut, shut_row, cut_edges(shut)), *((reason, ways, row, gone) for reason, gone in replaced.items())], streets)
    way_tags = _tag_table(ways.way_id, row, streets.tags)
    ways, edges, table = close_gates(ways, edges, at, barriers)
    return assemble(
        ways,
        edges,
        way_tags=way_tags,
        crossings=_crossings(extract, streets, all_ways, all_rows),
        left_out=left_out,
        barriers=table,
        helps=_helps(extract, all_ways),
        source=path.name,
        timestamp=data_date(path),
        faults=[*faults, *more],
    )


def _barriers(extract: Extract, ways: Ways) -> tuple[NDArray[np.int64], list[Barrier]]:
    """Nodes of walkable ways that do not let everybody pass: their positions, and what they are."""
    answers = [node_access(tags) for tags in extract.nodes.tags]
    stop = np.array([answer < Access.OPEN for answer in answers], dtype=bool)[extract.nodes.row]
    ids, row = extract.nodes.ids[stop], extract.nodes.row[stop]
    used = np.zeros(len(ways.node_id) + 1, dtype=bool)
    used[ways.vertex] = True
    at = np.searchsorted(ways.node_id, ids)
    there = used[at] & (np.r_[ways.node_id, 0][at] == ids)
    barriers = [Barrier(node, extract.nodes.tags[r].get("barrier", ""), answers[r]) for node, r in zip(ids[there].tolist(), row[there].tolist(), strict=True)]
    return at[there].astype(np.int64), barriers


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


def _leave_out(ways: Ways, edges: Edges, row: NDArray[np.int64], streets: _Streets) -> tuple[Edges, dict[str, Edges]]:
    """Stretches whose walking space is mapped as a way of its own beside them."""
    footway = [tags.get("footway") for tags in streets.tags]
    sidewalk = np.array([value == "sidewalk" for value in footway], dtype=bool)
    told = streets.where(lambda street: street.rule.sidewalk_elsewhere) & np.array([not value for value in footway], dtype=bool)
    path = streets.where(lambda street: street.rule.kind in SIDEPATH_KINDS and not street.rule.sidepath)
    replaced: dict[str, Edges] = {}
    gone = np.zeros(len(edges.way), dtype=bool)
    of_edge = row[edges.way]
    for reason, concerned, companions in (("sidewalk", told, sidewalk), ("sidepath", streets.where(lambda street: street.rule.sidepath), path)):
        candidates = np.flatnonzero(concerned[of_edge] & ~gone)
        company = np.flatnonzero(companions[of_edge])
        if len(candidates) and len(company):
            hit = candidates[beside(ways, edges, candidates, company, within_m=BESIDE_M, share=BESIDE_SHARE, degrees=BESIDE_DEGREES)]
            gone[hit] = True
            replaced[reason] = edges.select(np.isin(np.arange(len(edges.way)), hit))
    return edges.select(~gone), replaced


def _left_out(parts: list[tuple[str, Ways, NDArray[np.int64], Edges]], streets: _Streets) -> gpd.GeoDataFrame:
    row = np.concatenate([row[edges.way] for _, _, row, edges in parts])
    return left_out_frame(
        way_id=np.concatenate([ways.way_id[edges.way] for _, ways, _, edges in parts]),
        u=np.concatenate([ways.node_id[edges.u] for _, ways, _, edges in parts]),
        v=np.concatenate([ways.node_id[edges.v] for _, ways, _, edges in parts]),
        reason=[reason for reason, _, _, edges in parts for _ in range(len(edges.way))],
        kind=[streets.rules[r].rule.kind for r in row.tolist()],
        motor=streets.where(lambda street: street.rule.motor)[row],
        geometry=np.concatenate([_lines(ways, edges.first, edges.vertex) for _, ways, _, edges in parts]),
    )


def _lines(ways: Ways, first: NDArray[np.int64], vertex: NDArray[np.int64]) -> NDArray[np.object_]:
    import shapely

    counts = np.diff(first)
    lines = shapely.linestrings(np.column_stack([ways.lon[vertex], ways.lat[vertex]]), indices=np.repeat(np.arange(len(counts)), counts))
    return np.asarray(lines, dtype=object)


def _tag_table(way_id: NDArray[np.int64], row: NDArray[np.int64], tags: list[dict[str, str]]) -> pd.DataFrame:
    """Kept tags, one row a way (of a way that is there twice, the last counts); values in the order of their first way."""
    import pandas as pd

    ids, last = np.unique(way_id[::-1], return_index=True)
    row = row[::-1][last]
    codes = {key: np.full(len(tags), -1, dtype=np.int32) for key in KEPT_TAGS}
    values: dict[str, dict[str, int]] = {key: {} for key in KEPT_TAGS}
    for r, pairs in enumerate(tags):
        for key, value in pairs.items():
            if key in codes:
                known = values[key]
                codes[key][r] = known.setdefault(value, len(known))
    columns = {key: _categories(codes[key][row], list(values[key])) for key in KEPT_TAGS}
    return pd.DataFrame(columns, index=pd.Index(ids, name="way_id"))


def _categories(codes: NDArray[np.int32], values: list[str]) -> pd.Categorical:
    import pandas as pd

    here = np.flatnonzero(codes >= 0)
    first = np.full(len(values), len(codes))
    first[codes[here[::-1]]] = here[::-1]  # what is written last stays: the first way of each value
    order = np.argsort(first, kind="stable")[: int((first < len(codes)).sum())]
    renumbered = np.full(len(values) + 1, -1, dtype=np.int32)
    renumbered[order] = np.arange(len(order), dtype=np.int32)
    return pd.Categorical.from_codes(renumbered[codes], categories=pd.Index([values[k] for k in order.tolist()], dtype=object))


def _crossings(extract: Extract, streets: _Streets, ways: Ways, row: NDArray[np.int64]) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import shapely

    said = _crossing_claims(extract.nodes.tags, ("highway",), also="crossing")[extract.nodes.row]
    at = np.minimum(np.searchsorted(ways.node_id, extract.nodes.ids), max(len(ways.node_id) - 1, 0))
    known = (said >= 0) & (ways.node_id[at] == extract.nodes.ids)
    of_node = np.full(len(ways.node_id), -1, dtype=np.int64)
    of_node[at[known]] = said[known]
    tags_of = dict(zip(at[known].tolist(), extract.nodes.row[known].tolist(), strict=True))

    of_way = _crossing_claims(streets.tags, CROSSING_WAY_KEYS)[row]
    chosen = np.flatnonzero(of_way >= 0)
    some = select_ways(ways, of_way >= 0)
    counts = np.diff(some.first)
    way = np.repeat(np.arange(len(chosen)), counts)
    mapped = of_node[some.vertex] >= 0  # one crossing, mapped twice: the node stays, and learns what only the way knows
    kind = CLAIMED[of_node]
    doubts = {v: _crossing_words(f"node/{ways.node_id[v]}", extract.nodes.tags[tags_of[v]]) for v in tags_of if contradictory(int(of_node[v]))}
    for k, v in zip(way[mapped].tolist()[::-1], some.vertex[mapped].tolist()[::-1], strict=True):
        claims, node = int(of_way[chosen[k]]), int(of_node[v])
        if contradictory(claims | node):
            of_this = _crossing_words(f"node/{ways.node_id[v]}", extract.nodes.tags[tags_of[v]])
            doubts[v] = f"{of_this} {_crossing_words(f'way/{some.way_id[k]}', streets.tags[row[chosen[k]]])}"
        elif CLAIMED[node] == 0 and CLAIMED[claims] > 0:
            kind[v] = CLAIMED[claims]
    kind[list(doubts)] = 0
    alone = (np.bincount(way[mapped], minlength=len(chosen)) == 0) & (counts > 1)
    lines = select_ways(some, alone)
    nodes = np.flatnonzero((of_node >= 0) & ~np.isnan(ways.lon))
    single = chosen[alone].tolist()
    own = [_crossing_words(f"way/{ways.way_id[k]}", streets.tags[row[k]]) if contradictory(int(of_way[k])) else "" for k in single]
    return gpd.GeoDataFrame(
        {
            "osm_id": [f"w{i}" for i in lines.way_id.tolist()] + [f"n{i}" for i in ways.node_id[nodes].tolist()],
            "kind": [CROSSINGS[k] for k in np.r_[CLAIMED[of_way[chosen][alone]], kind[nodes]].tolist()],
            "doubt": own + [doubts.get(v, "") for v in nodes.tolist()],
        },
        geometry=np.r_[_lines(lines, lines.first, lines.vertex), np.asarray(shapely.points(ways.lon[nodes], ways.lat[nodes]), dtype=object)],
        crs=4326,
    )


def _helps(extract: Extract, ways: Ways) -> gpd.GeoDataFrame:
    """Nodes of streets that slow traffic, or where somebody helps children across."""
    import geopandas as gpd
    import shapely

    told = np.array([any(key in tags for key in NODE_HELPS) for tags in extract.nodes.tags], dtype=bool)[extract.nodes.row]
    ids, row = extract.nodes.ids[told], extract.nodes.row[told]
    at = np.minimum(np.searchsorted(ways.node_id, ids), max(len(ways.node_id) - 1, 0))
    known = ways.node_id[at] == ids if len(ids) else np.zeros(0, dtype=bool)
    known &= ~np.isnan(ways.lon[at]) if len(ids) else known
    tags = [extract.nodes.tags[r] for r in row[known].tolist()]
    columns = {"osm_id": [f"n{i}" for i in ids[known].tolist()]} | {key: [t.get(key, "") for t in tags] for key in NODE_HELPS}
    return gpd.GeoDataFrame(columns, geometry=np.asarray(shapely.points(ways.lon[at[known]], ways.lat[at[known]]), dtype=object), crs=4326)


def _crossing_claims(combinations: list[dict[str, str]], keys: tuple[str, ...], *, also: str | None = None) -> NDArray[np.int64]:
    """What each combination of tags claims of a crossing; -1 = no crossing."""
    return np.array(
        [
            crossing_claims(tags) if (also in tags or any(tags.get(key) == "crossing" for key in keys)) and tags.get("crossing") != "no" else -1
            for tags in combinations
        ],
        dtype=np.int64,
    )


def _crossing_words(osm: str, tags: Mapping[str, str]) -> str:
    return " ".join([osm, *(f"{key}={tags[key]}" for key in CROSSING_KEYS if tags.get(key))])


__all__ = ["CLASS_INDEX", "file_kind", "read_osm"]
