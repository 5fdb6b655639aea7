"""Roads with motor traffic, what is mapped on and beside them, laid out once for all schools."""

from __future__ import annotations

from functools import lru_cache
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from cfmap.coverage.accesses import edges_in_plane
from cfmap.coverage.perimeter.alongside import PARALLEL, Courses
from cfmap.coverage.safety import THRESHOLDS
from cfmap.geometry.crs import geometries_to_plane
from cfmap.network.network import EdgeFlag
from cfmap.network.plane import network_crs
from cfmap.network.walkability import HIGHWAY_CLASSES

if TYPE_CHECKING:
    import geopandas as gpd

    from cfmap.model.survey import Side
    from cfmap.network import Network

CROSSING_SNAP_M = 15.0  # a mapped crossing lies on its road
ON_ROAD_M = 2.0  # a crossing's node is a vertex of its road: what is so near is the same place
SIDEWALK_M = 20.0  # a sidewalk of its own runs within this of the middle of its road
SIDEWALK_SHARE = THRESHOLDS.beside_share  # METHODS 2.3: along so much of it
DUAL_M = 40.0  # two carriageways of one road lie within this of each other
DIVIDED = ("trunk", "primary", "secondary", "tertiary")
SIDEWALKS = ("footway", "path", "pedestrian")


class Passed(NamedTuple):
    """Positions of the crossings over a road near a place of it, and of the roads that it goes on in until there."""

    crossings: tuple[int, ...]
    roads: frozenset[int]


class Roads:
    """
    Roads for motor traffic of a network: edges that people walk on, and carriageways that they leave for a way beside.

    Attributes
    ----------
    lines, tree, length_m
        Courses in metres of `crs`, in their own direction.
    edge
        Position of the edge in the network, -1 for a carriageway that is no part of it.
    way
        Id of the way.
    of_edge
        Road of each edge, -1 where there is no motor traffic.
    carriageways
        Roads without an edge.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.crs = network_crs(network)
        walked = np.flatnonzero(network.has(EdgeFlag.MOTOR))
        left = network.left_out[network.left_out["motor"].astype(bool) & network.left_out["reason"].isin(["sidewalk", "sidepath"])]
        lines, _ = edges_in_plane(network, self.crs)
        beside = geometries_to_plane(np.array(left.geometry.values, dtype=object), self.crs)
        self.lines = np.concatenate([lines[walked], beside])
        self.tree = shapely.STRtree(self.lines)
        self.length_m = shapely.length(self.lines)
        self.edge = np.r_[walked, np.full(len(left), -1)].astype(np.int64)
        self.way = np.r_[network.edge_way[walked], left["way_id"].to_numpy(dtype=np.int64)]
        self.of_edge = np.full(network.n_edges, -1, dtype=np.int64)
        self.of_edge[walked] = np.arange(len(walked))
        self.carriageways = np.arange(len(walked), len(self.lines))
        self._ends = np.c_[
            np.r_[network.node_id[network.edge_u[walked]], left["u"].to_numpy(dtype=np.int64)],
            np.r_[network.node_id[network.edge_v[walked]], left["v"].to_numpy(dtype=np.int64)],
        ]
        self._by_end = np.argsort(self._ends, axis=None, kind="stable")
        self._sorted_ends = self._ends.ravel()[self._by_end]
        self._tag_row = {way: row for row, way in enumerate(network.way_tags.index.tolist())}
        self._tag_columns = {str(key): column.to_numpy(dtype=object) for key, column in network.way_tags.items()}
        self._tags: dict[int, dict[str, str]] = {}
        self._sidewalks: Courses | None = None
        self.over_or_under = (network.has(EdgeFlag.BRIDGE) | network.has(EdgeFlag.TUNNEL)) & ~network.has(EdgeFlag.MOTOR)
        self.edge_lines = lines
        self.kinds = network.crossings["kind"].to_numpy(dtype=object)
        self.crossing_ids = network.crossings["osm_id"].to_numpy(dtype=object)
        #: Tags of crossings that contradict each other.
        self.doubts = {n: text for n, text in enumerate(network.crossings["doubt"]) if text} if "doubt" in network.crossings else {}
        shapes = geometries_to_plane(np.array(network.crossings.geometry.values, dtype=object), self.crs)
        self.crossing_shapes, self.crossing_places = shapes, _middles(shapes)
        self.crossed = self._crossed(shapes)
        self._helps = self._on_roads(network.helps)
        self._over: dict[int, list[int]] = {}
        for road, numbers in self.crossed.items():
            for n in numbers:
                self._over.setdefault(n, []).append(road)

    def key(self, road: int) -> str:
        """Key of a road's segment, ``<way>/<first node>-<last node>``: the same in every run on one street file."""
        u, v = self._ends[road]
        return f"{self.way[road]}/{u}-{v}"

    def tags(self, road: int) -> dict[str, str]:
        """Tags of a road's way."""
        return self.tags_of(int(self.way[road]))

    def tags_of(self, way: int) -> dict[str, str]:
        """Tags of a way; empty when it is not known."""
        if way not in self._tags:
            row = self._tag_row.get(way)
            self._tags[way] = {} if row is None else {key: text for key, values in self._tag_columns.items() if isinstance(text := values[row], str)}
        return self._tags[way]

    def along(self, road: int, at_m: float, *, within_m: float) -> Passed:
        """
        What one passes along a road, both ways from a place `at_m` metres from its start, up to `within_m` metres.

        A road goes on in roads of its name; without a name in those of its way and class, where no other road meets it, or straight
        ahead. It never turns into the opposite carriageway of its own, and round no corner.
        """
        found = {n for n in self.crossed.get(road, ()) if abs(self.at(road, n) - at_m) <= within_m}
        met = {road}
        queue = sorted([(at_m, int(self._ends[road, 0]), road), (float(self.length_m[road]) - at_m, int(self._ends[road, 1]), road)])
        done: set[tuple[int, int]] = set()
        while queue:
            away, node, last = heappop(queue)
            if away > within_m or (node, last) in done:
                continue
            done.add((node, last))
            meeting = self._meeting(node)
            for other in meeting:
                if other == last or self.opposite(road, other) or not self._goes_on(last, other, alone=len(meeting) == 2):
                    continue
                met.add(other)
                length, backward = float(self.length_m[other]), int(self._ends[other, 0]) != node
                for n in self.crossed.get(other, ()):
                    at = self.at(other, n)
                    if away + (length - at if backward else at) <= within_m:
                        found.add(n)
                heappush(queue, (away + length, int(self._ends[other, int(not backward)]), other))
        return Passed(tuple(sorted(found)), frozenset(met))

    def _meeting(self, node: int) -> list[int]:
        """Roads with an end at a node, each once."""
        first, last = np.searchsorted(self._sorted_ends, [node, node + 1])
        return list(dict.fromkeys((self._by_end[first:last] // 2).tolist()))

    def _goes_on(self, road: int, other: int, *, alone: bool) -> bool:
        """Whether a road goes on in another one that begins where it ends; `alone`: no third road meets them there."""
        if self.called(road) != self.called(other):
            return False
        return bool(self.called(road)[0]) or alone or bool(self.way[road] == self.way[other]) or abs(self._cosine(road, other)) >= PARALLEL

    def at(self, road: int, crossing: int) -> float:
        """Metres along a road to where a crossing leads over it."""
        place = shapely.get_point(shapely.shortest_line(self.lines[road], self.crossing_shapes[crossing]), 0)
        return float(self.lines[road].project(place))

    def may_be_divided(self, road: int) -> bool:
        """Whether a road can be one carriageway of two: it has a name, or is a main road; ways of a car park are none, whatever their name."""
        name, highway = self.called(road)
        return self.tags(road).get("highway") != "service" if name else highway in DIVIDED

    def opposite(self, road: int, other: int) -> bool:
        """Whether two roads are the carriageways of a divided road: of one name (or class, both nameless), one-way against each other."""
        return (
            self.may_be_divided(road)
            and self.is_one_way(road)
            and self.is_one_way(other)
            and self.called(road) == self.called(other)
            and self._cosine(road, other) <= -PARALLEL
        )

    def _cosine(self, road: int, other: int) -> float:
        """Of the angle between the ways from start to end."""
        (ax, ay), (bx, by) = (np.subtract(g.coords[-1], g.coords[0]) for g in (self.lines[road], self.lines[other]))
        lengths = float(np.hypot(ax, ay) * np.hypot(bx, by))
        return float(ax * bx + ay * by) / lengths if lengths > 0 else 0.0

    def is_one_way(self, road: int) -> bool:
        """A carriageway of one direction; a roundabout is none, though it is driven one way."""
        tags = self.tags(road)
        return tags.get("oneway") in ("yes", "1", "true", "-1") and tags.get("junction") not in ("roundabout", "circular")

    def crossing_id(self, crossing: int) -> str:
        """OSM id of a crossing, ``node/12`` or ``way/12``."""
        short = str(self.crossing_ids[crossing])
        return f"{'way' if short[:1] == 'w' else 'node'}/{short[1:]}"

    def helped(self, road: int, from_m: float, to_m: float) -> dict[str, str]:
        """What nodes say of a part of a road, as facts for the rule table: calming, somebody who helps children across."""
        near = [told for at_m, told in self._helps.get(road, ()) if from_m - ON_ROAD_M <= at_m <= to_m + ON_ROAD_M]
        return {f"cfmap:{name}": value for name in ("calming", "supervised") if (value := ";".join(t[name] for t in near if t.get(name)))}

    def _on_roads(self, helps: gpd.GeoDataFrame) -> dict[int, list[tuple[float, dict[str, str]]]]:
        """Nodes on each road: metres along it, and what they say."""
        found: dict[int, list[tuple[float, dict[str, str]]]] = {}
        if not len(helps) or not len(self.lines):
            return found
        places = geometries_to_plane(np.array(helps.geometry.values, dtype=object), self.crs)
        told = [{"calming": c, "supervised": s} for c, s in zip(helps["traffic_calming"], helps["supervised"], strict=True)]
        for node, road in sorted(zip(*(row.tolist() for row in self.tree.query(places, predicate="dwithin", distance=ON_ROAD_M)), strict=True)):
            found.setdefault(road, []).append((float(self.lines[road].project(places[node])), told[node]))
        return found

    def over(self, crossing: int) -> list[int]:
        """Roads that a crossing leads over."""
        return self._over.get(crossing, [])

    def sidewalk_beside(self, line: shapely.LineString, side: Side) -> bool:
        """
        Whether a footway really runs beside a stretch (in metres), on the side asked for, along at least 80 % of it.

        Without a side ("") both must have one.
        """
        if self._sidewalks is None:
            self._sidewalks = Courses(self.edge_lines[self._are_sidewalks()])
        seen = self._sidewalks.beside(line, within_m=SIDEWALK_M)
        shares = {"left": seen.share(seen.left), "right": seen.share(~seen.left)}
        wanted = (side,) if side else ("left", "right")
        return all(shares[s] >= SIDEWALK_SHARE for s in wanted)

    def _are_sidewalks(self) -> np.ndarray:
        net = self.network
        kinds = np.isin(net.edge_class, [HIGHWAY_CLASSES.index(k) for k in SIDEWALKS])
        if "footway" in self._tag_columns:
            row = np.array([self._tag_row.get(way, -1) for way in net.edge_way[kinds].tolist()], dtype=np.int64)
            what = np.r_[self._tag_columns["footway"], np.array([None], dtype=object)][row]
            kinds[kinds] = [not isinstance(text, str) or text == "sidewalk" for text in what]  # no crossings, no links
        return np.flatnonzero(kinds)

    def called(self, road: int) -> tuple[str, str]:
        """Name of a road and "", or "" and its class where it has none."""
        tags = self.tags(road)
        return (tags["name"], "") if tags.get("name") else ("", tags.get("highway", ""))

    def _crossed(self, shapes: np.ndarray) -> dict[int, list[int]]:
        """
        Crossings of each road.

        A crossing lies on every road that it touches - its node is a vertex of the road, its way runs over it -, a node
        else on the nearest within 15 m. A crossing over one carriageway is none over the other.
        """
        found: dict[int, list[int]] = {}
        if not len(shapes) or not len(self.lines):
            return found
        number, road = self.tree.query(shapes, predicate="dwithin", distance=ON_ROAD_M)
        # a crossing way that only ends near a road does not lead across it
        line = shapely.get_type_id(shapes[number]) == shapely.GeometryType.LINESTRING
        across = ~line | shapely.intersects(shapes[number], self.lines[road])
        number, road = number[across], road[across]
        bare = np.setdiff1d(np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.POINT), number)
        if len(bare):
            one, other = self.tree.query_nearest(shapes[bare], max_distance=CROSSING_SNAP_M, all_matches=False)
            number, road = np.r_[number, bare[one]], np.r_[road, other]
        for n, r in sorted(zip(number.tolist(), road.tolist(), strict=True)):
            found.setdefault(r, []).append(n)
        return found


@lru_cache(maxsize=2)
def roads_of(network: Network) -> Roads:
    """Roads of a network, remembered for the networks used last."""
    return Roads(network)


def _middles(shapes: np.ndarray) -> np.ndarray:
    """Points stay, lines become their middle."""
    middle = np.array(shapes, dtype=object)
    line = shapely.get_type_id(middle) == shapely.GeometryType.LINESTRING
    middle[line] = shapely.line_interpolate_point(middle[line], 0.5, normalized=True)
    return middle


__all__ = ["Roads", "roads_of"]
