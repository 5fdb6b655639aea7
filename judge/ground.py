"""Which ground does each engine walk on? The raw file's ways, cfmap's ground as a file, and the stretches of a route."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise, product
from math import ceil, floor
from typing import TYPE_CHECKING, Any, NamedTuple

import osmium

from cfmap.network import EdgeFlag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from cfmap.network import Network

Place = tuple[float, float]  # longitude, latitude: what a node is known by here


@dataclass
class RawFile:
    """An OpenStreetMap file as it stands: ways with all tags, nodes with theirs."""

    ways: dict[int, tuple[list[Place], dict[str, str]]] = field(default_factory=dict)
    nodes: dict[Place, dict[str, str]] = field(default_factory=dict)
    refs: dict[int, list[int]] = field(default_factory=dict)  # ids of a way's nodes, in the order of its places
    cut: set[int] = field(default_factory=set)  # ways some of whose nodes are not in the file
    _segments: dict[int, set[tuple[Place, Place]]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> RawFile:
        """All ways that have a course, and the tagged nodes by their place."""
        raw = cls()
        obj: Any
        for obj in osmium.FileProcessor(str(path)).with_locations():
            if obj.is_node() and len(obj.tags):
                raw.nodes[obj.location.lon, obj.location.lat] = dict(obj.tags)
            elif obj.is_way():
                nodes = {n.ref: (n.location.lon, n.location.lat) for n in obj.nodes if n.location.valid()}
                raw.ways[obj.id] = ([nodes[n.ref] for n in obj.nodes if n.ref in nodes], dict(obj.tags))
                raw.refs[obj.id] = [n.ref for n in obj.nodes if n.ref in nodes]
                if len(nodes) < len({n.ref for n in obj.nodes}):
                    raw.cut.add(obj.id)
        return raw

    def tags(self, way: int) -> dict[str, str]:
        """Tags of a way; none for those that stand for a relation."""
        return self.ways[way][1] if way in self.ways else {}

    def run(self, way: int, course: list[Place], first: int) -> list[int]:
        """
        Ids of the nodes along a part of a way.

        Where several parts have the same course, because nodes lie upon each other, the one that begins with the node `first`.
        Empty where the way does not run so (links across squares, outlines that stand for a relation).
        """
        places, refs = self.ways.get(way, ([], {}))[0], self.refs.get(way, [])
        found = [refs[k : k + len(course)] for k, place in enumerate(places) if place == course[0] and places[k : k + len(course)] == course]
        return next((run for run in found if run[0] == first), found[0] if found else [])

    def follows(self, way: int, a: Place, b: Place) -> bool:
        """Whether a segment is walked in the direction in which its way is drawn."""
        if way not in self.ways:
            return True
        if way not in self._segments:
            self._segments[way] = set(pairwise(self.ways[way][0]))
        return (a, b) in self._segments[way]


class Step(NamedTuple):
    """A segment of a route, in the direction it is walked, and the lines that it may belong to."""

    a: Place
    b: Place
    lines: tuple[int, ...]


@dataclass
class Walk:
    """A route of Valhalla: metres along its course, metres as Valhalla counts, edges it has (about), and its segments."""

    metres: float
    own_metres: float
    edges: int
    steps: list[Step]

    def then(self, other: Walk) -> Walk:
        """This walk and another that begins where it ends."""
        return Walk(self.metres + other.metres, self.own_metres + other.own_metres, self.edges + other.edges, self.steps + other.steps)


class OurGround:
    """Which segments of which ways are walkable for cfmap, in which direction, and why others are not."""

    def __init__(self, network: Network) -> None:
        #: (way, from, to) -> flags of the edge, for directions in which one may walk
        self.flags: dict[tuple[int, Place, Place], int] = {}
        #: (way, from, to) -> cfmap's nodes at its two ends, -1 = a vertex between nodes
        self._nodes: dict[tuple[int, Place, Place], tuple[int, int]] = {}
        for edge, course in courses(network):
            way, flags = int(network.edge_way[edge]), int(network.edge_flags[edge])
            nodes = [int(network.edge_u[edge]), *[-1] * (len(course) - 2), int(network.edge_v[edge])]
            for k, (a, b) in enumerate(pairwise(course)):
                self._nodes[way, a, b], self._nodes[way, b, a] = (nodes[k], nodes[k + 1]), (nodes[k + 1], nodes[k])
                if not flags & EdgeFlag.NO_FORWARD:
                    self.flags[way, a, b] = flags
                if not flags & EdgeFlag.NO_BACKWARD:
                    self.flags[way, b, a] = flags
        table = network.left_out
        #: (way, from, to) -> reason, for stretches replaced by a way beside them
        self.replaced: dict[tuple[int, Place, Place], str] = {}
        for way, reason, line in zip(table["way_id"], table["reason"], table.geometry, strict=True):
            for a, b in pairwise(line.coords) if reason != "closed" else ():
                self.replaced[int(way), a, b] = self.replaced[int(way), b, a] = str(reason)
        shut = network.barriers
        self.barriers: dict[Place, str] = {(float(x), float(y)): str(a) for x, y, a in zip(shut["lon"], shut["lat"], shut["access"], strict=True)}

    def parts(self, before: Step, behind: Step) -> bool:
        """Whether cfmap's network is cut between two segments that follow each other."""
        ends = {self._nodes[way, before.a, before.b][1] for way in before.lines if (way, before.a, before.b) in self._nodes}
        starts = {self._nodes[way, behind.a, behind.b][0] for way in behind.lines if (way, behind.a, behind.b) in self._nodes}
        return bool(ends) and bool(starts) and ends.isdisjoint(starts)


class Index:
    """Finds the segments of known lines along a course whose coordinates were rounded to a millionth of a degree."""

    def __init__(self, lines: Iterable[tuple[int, list[Place]]]) -> None:
        self._at: dict[tuple[int, int], set[Place]] = {}
        self._lines: dict[tuple[Place, Place], list[int]] = {}
        uses: Counter[Place] = Counter()
        for key, places in lines:
            uses.update(places)
            uses.update(places[:1] + places[-1:])  # ends count twice: edges begin there
            for a, b in pairwise(places):
                self._lines.setdefault((a, b), []).append(key)
                self._lines.setdefault((b, a), []).append(key)
        for place in uses:
            for x, y in product(*((floor(c * 1e6), ceil(c * 1e6)) for c in place)):
                self._at.setdefault((x, y), set()).add(place)
        self.junctions = {place for place, n in uses.items() if n > 1}

    def along(self, shape: list[tuple[int, int]]) -> list[Step]:
        """Whole segments along a route; the partial ones at its two ends are left away."""
        steps = []
        for here, there in pairwise(self._at.get((x, y), ()) for x, y in shape):
            for a, b in product(here, there):
                if (a, b) in self._lines:
                    steps.append(Step(a, b, tuple(dict.fromkeys(self._lines[a, b]))))
                    break
        return steps


def decoded(shape: str) -> list[tuple[int, int]]:
    """Longitudes and latitudes in millionths of a degree, from the usual encoding: differences, five bits a letter."""
    values: list[int] = []
    value = shift = 0
    for letter in shape:
        five = ord(letter) - 63
        value |= (five & 0x1F) << shift
        shift += 5
        if five < 0x20:
            values.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    lat = lon = 0
    line: list[tuple[int, int]] = []
    for k in range(0, len(values), 2):
        lat, lon = lat + values[k], lon + values[k + 1]
        line.append((lon, lat))
    return line


def write_level(network: Network, raw: RawFile, path: Path, *, edges: NDArray[np.bool_]) -> None:
    """
    Edges of cfmap's ground as an OpenStreetMap file of plain footways, on which rules cannot differ.

    Way ``e + 1`` is edge e; links across squares are ways, one-way ones carry ``oneway:foot``. How they join is not taken
    from cfmap: their nodes are those of the raw file, by its ids. Only at closed and private gates, where cfmap cuts, do its
    own nodes stand.
    """
    gates = set(zip(network.barriers["lon"].tolist(), network.barriers["lat"].tolist(), strict=True))
    behind = max(map(max, filter(None, raw.refs.values()))) + 1  # ids of cfmap's own nodes begin here
    anywhere = {place: ref for way, (places, _) in raw.ways.items() for place, ref in zip(places, raw.refs[way], strict=True)}
    nodes: dict[int, Place] = {}
    ways: list[tuple[int, list[int], dict[str, str]]] = []
    for edge, course in courses(network):
        if not edges[edge]:
            continue
        u, v = int(network.node_id[network.edge_u[edge]]), int(network.node_id[network.edge_v[edge]])
        refs = raw.run(int(network.edge_way[edge]), course, u) or [u, *(anywhere[place] for place in course[1:-1]), v]
        for end, node in ((0, network.edge_u[edge]), (-1, network.edge_v[edge])):
            if course[end] in gates:
                refs[end] = behind + int(node)
        nodes.update(zip(refs, course, strict=True))
        flags = int(network.edge_flags[edge])
        one_way = {"oneway:foot": "-1"} if flags & EdgeFlag.NO_FORWARD else {"oneway:foot": "yes"} if flags & EdgeFlag.NO_BACKWARD else {}
        ways.append((edge + 1, refs, {"highway": "footway", **one_way}))
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for ref, place in sorted(nodes.items()):
            writer.add_node(osmium.osm.mutable.Node(id=ref, location=place, version=1))
        for way, refs, tags in ways:
            writer.add_way(osmium.osm.mutable.Way(id=way, nodes=refs, tags=tags, version=1))


def courses(network: Network) -> Iterator[tuple[int, list[Place]]]:
    """Each edge with the places of its vertices."""
    lon, lat, first = network.vertex_lon.tolist(), network.vertex_lat.tolist(), network.edge_first.tolist()
    for edge in range(network.n_edges):
        part = slice(first[edge], first[edge + 1])
        yield edge, list(zip(lon[part], lat[part], strict=True))
