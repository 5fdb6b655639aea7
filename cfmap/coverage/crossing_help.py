"""Where do walks meet main roads, railways and water, and what helps over them there?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from cfmap.coverage.accesses import edges_in_plane
from cfmap.coverage.sides import STEPS, Arms, Coordinate, Courses, coordinate
from cfmap.geometry.crs import geometries_to_plane, geometry_to_lonlat
from cfmap.network import EdgeFlag
from cfmap.network.obstacles import KINDS
from cfmap.network.plane import network_crs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from cfmap.network import Network
    from cfmap.network.obstacles import Obstacles

HELP_M = 15.0  # a signal, marking, bridge or subway so near is the crossing's own
ON_M = 1.0  # a mapped crossing lies on its road
MET_M = 0.005  # drawn places nearer than this are one
INSIDE_M = 5.0  # a walk that cuts a bank's corner by less is drawn roughly
#: Forms of help, best first, and of a crossing that is known to have none.
SAFE_FORMS = ("signalled", "marked", "bridge", "subway", "junction_signals")
UNSAFE_FORMS = ("unmarked", "none", "ford")


class Spot(NamedTuple):
    """A place where walks get over an obstacle: kind, coordinates, rows of the obstacles crossed there."""

    kind: str
    at: Coordinate
    rows: frozenset[int]


class Crossings:
    """What lies across the streets of a network; every answer depends on the street file alone."""

    def __init__(self, network: Network, obstacles: Obstacles) -> None:
        self.network, self.obstacles = network, obstacles
        self.courses = Courses(network)
        self.arms = {kind: Arms(obstacles, kind, ground_only=kind != "road") for kind in KINDS}
        self.crs = network_crs(network)
        self._lines, _ = edges_in_plane(network, self.crs)
        table = obstacles.table
        self._kind = table["kind"].to_numpy(dtype=object)
        self._shapes = geometries_to_plane(np.array(table.geometry.values, dtype=object), self.crs)
        self._tree = shapely.STRtree(self._shapes)
        self._ground, self._level, self._way = (table[c].to_numpy() for c in ("ground", "level", "way_id"))
        names = table["name"].to_numpy(dtype=object)
        self.name_of = [name or f"w{way}" for name, way in zip(names, self._way.tolist(), strict=True)]
        self.main_ways = frozenset(self._way[self._kind == "road"].tolist())
        self.raised = network.has(EdgeFlag.BRIDGE) | network.has(EdgeFlag.TUNNEL)
        self._inside: dict[int, list[tuple[int, Spot]]] = {}
        self._judged: dict[Spot, tuple[str, str]] = {}
        self._mapped: dict[int, list[tuple[int, Spot]]] = {}
        self._wet: dict[tuple[int, bool], set[int]] = {}  # edge and whether at its end -> lakes that hold the junction there
        self._gather_helps()

    def is_main(self, edge: int) -> bool:
        """Whether an edge is itself a main road."""
        return int(self.network.edge_way[edge]) in self.main_ways

    def meet(self, edges: Iterable[int]) -> None:
        """Find out about many edges at once."""
        new = np.array(sorted(set(edges) - self._inside.keys()), dtype=np.int64)
        if not len(new):
            return
        for edge in new.tolist():
            self._inside[edge], self._mapped[edge] = [], []
        drawn = new[~self.network.has(EdgeFlag.AREA_LINK)[new]]
        which, rows = self._tree.query(self._lines[drawn], predicate="intersects") if len(self._shapes) else (np.zeros(0, int), np.zeros(0, int))
        for edge, row in sorted(zip(drawn[which].tolist(), rows.tolist(), strict=True)):
            self._inside[edge] += self._met(edge, row)
        for edge in drawn.tolist():
            self._inside[edge] = sorted(set(self._inside[edge]), key=lambda pair: (pair[0], pair[1].kind, pair[1].at))
        self._find_mapped(drawn[np.isin(self.network.edge_way[drawn], list(self.main_ways))])

    def inside(self, edge: int, from_mm: int, to_mm: int) -> list[Spot]:
        """Spots between the ends of a walk along an edge, in its order; a walk backwards has ``to_mm < from_mm``."""
        low, high = min(from_mm, to_mm), max(from_mm, to_mm)
        found = [spot for mm, spot in self._inside[edge] if low <= mm <= high]
        return found if from_mm <= to_mm else found[::-1]

    def mapped(self, edge: int, from_mm: int, to_mm: int) -> Spot | None:
        """Of the crossings mapped on a main road between two places the best; None = there is none."""
        low, high = min(from_mm, to_mm), max(from_mm, to_mm)
        order = {"safe": 0, "unknown": 1, "unsafe": 2}
        found = [(order[self.judge(spot)[0]], mm, spot) for mm, spot in self._mapped[edge] if low <= mm <= high]
        return min(found)[2] if found else None

    def between(self, edge: int, onward: int, *, forward: bool, onward_forward: bool) -> list[Spot]:
        """Railways and waters that a walk gets over at the junction between two edges."""
        if self.raised[edge] or self.raised[onward]:
            return []
        _, _, before, node = self.courses.ends(edge, forward=forward)
        _, after, _, _ = self.courses.ends(onward, forward=onward_forward)
        found = []
        for kind in ("railway", "water"):
            arms = self.arms[kind]
            if len(arms.at(node)) > 1:
                rows = arms.between(node, arms.sector(node, before), arms.sector(node, after))
                found += [Spot(kind, node, rows)] if rows else []
        wet = (self._wet.get((edge, forward), set()) - self._wet.get((edge, not forward), set())) & self._wet.get((onward, not onward_forward), set())
        return found + [Spot("water", node, frozenset({row})) for row in sorted(wet)]  # into a lake before a junction, out of it behind one

    def judge(self, spot: Spot) -> tuple[str, str]:
        """
        Give state and form of a crossing: ``safe`` with the best help within 15 m, ``unsafe`` where it is said to have none, else ``unknown``.

        On a road the help must lie on the road crossed, not on another one that meets it.
        """
        if spot not in self._judged:
            self._judged[spot] = self._judge(spot)
        return self._judged[spot]

    def crossed_by(self, lines: NDArray[np.object_]) -> NDArray[np.bool_]:
        """Which straight lines (metric plane) cross a road, railway or waterway at ground level."""
        across = np.zeros(len(lines), dtype=bool)
        if len(self._shapes) and len(lines):
            which, rows = self._tree.query(lines, predicate="crosses")
            flat = self._ground[rows] & (shapely.get_type_id(self._shapes[rows]) == 1)
            across[which[flat]] = True
        return across

    # ------------------------------------------------------------------ helps

    def _gather_helps(self) -> None:
        given, crossings = self.obstacles.helps, self.network.crossings
        of = [*given["of"], *["road"] * len(crossings)]
        form = [*given["form"], *crossings["kind"]]
        shapes = [*given.geometry, *crossings.geometry]
        plane = geometries_to_plane(np.array(shapes, dtype=object), self.crs) if shapes else np.zeros(0, dtype=object)
        helps = list(zip(of, form, plane, strict=True)) + self._over_and_under()
        self._help_of = np.array([kind for kind, *_ in helps], dtype=object)
        self._help_form = np.array([form for _, form, _ in helps], dtype=object)
        self._help_shapes = np.array([shape for *_, shape in helps], dtype=object)
        self._help_tree = shapely.STRtree(self._help_shapes)
        self._help_on: list[frozenset[str]] = [frozenset()] * len(helps)
        if len(helps) and len(self._shapes):
            which, rows = self._tree.query(self._help_shapes, predicate="dwithin", distance=ON_M)
            on: dict[int, set[str]] = {}
            for help_, row in zip(which.tolist(), rows.tolist(), strict=True):
                if self._kind[row] == self._help_of[help_]:
                    on.setdefault(help_, set()).add(self.name_of[row])
            self._help_on = [frozenset(on.get(i, ())) for i in range(len(helps))]

    def _over_and_under(self) -> list[tuple[str, str, shapely.Geometry]]:
        """Walkable bridges and tunnels, where they lead over or under an obstacle."""
        edges = np.flatnonzero(self.raised & ~self.network.has(EdgeFlag.AREA_LINK))
        if not len(edges) or not len(self._shapes):
            return []
        which, rows = self._tree.query(self._lines[edges], predicate="intersects")
        over = self.network.has(EdgeFlag.BRIDGE)
        found = []
        for edge, row in zip(edges[which].tolist(), rows.tolist(), strict=True):
            if self._ground[row] and self._way[row] != self.network.edge_way[edge]:
                met = shapely.intersection(self._lines[edge], self._shapes[row])
                found += [(self._kind[row], "bridge" if over[edge] else "subway", part) for part in shapely.get_parts(met) if not part.is_empty]
        return found

    def _judge(self, spot: Spot) -> tuple[str, str]:
        if not len(self._help_shapes):
            return "unknown", ""
        place = geometries_to_plane(np.array([shapely.Point(spot.at[0] / STEPS, spot.at[1] / STEPS)], dtype=object), self.crs)[0]
        near = self._help_tree.query(place, predicate="dwithin", distance=HELP_M)
        names = {self.name_of[row] for row in spot.rows}
        mine = [int(i) for i in near if self._help_of[i] == spot.kind and (spot.kind != "road" or names & self._help_on[i])]
        forms = {str(self._help_form[i]) for i in mine}
        for state, known in (("safe", SAFE_FORMS), ("unsafe", UNSAFE_FORMS)):
            for form in known:
                if form in forms:
                    return state, form
        return "unknown", ""

    # ------------------------------------------------------------------ on edges

    def _met(self, edge: int, row: int) -> list[tuple[int, Spot]]:
        """Where an edge gets over an obstacle between its ends: millimetres from its start, and the spot."""
        net, kind = self.network, str(self._kind[row])
        if net.edge_way[edge] == self._way[row] or (kind != "road" and (self.raised[edge] or not self._ground[row])):
            return []
        line, shape = self._lines[edge], self._shapes[row]
        met = shapely.intersection(line, shape)
        flat = bool(not self.raised[edge] and self._ground[row] and (kind == "water" or self._layer(edge) == self._level[row]))
        if shape.geom_type == "Polygon":
            return self._through(edge, row, met)
        found = []
        for point in (p for p in shapely.get_parts(met) if p.geom_type == "Point"):
            vertex = self._vertex(edge, point)
            if vertex is None:
                found += [(self._mm(edge, point), self._spot(kind, point, row))] if flat else []
                continue
            course = self.courses.course(edge)
            if course[vertex] not in self.arms[kind] and flat:
                self.arms[kind].touch(course[vertex], row, self._stretch(row, point))
            if 0 < vertex < len(course) - 1:  # a junction is looked at where walks pass it
                found += [(self._mm(edge, point), spot) for spot in self._shared(edge, vertex, kind)]
        return found

    def _through(self, edge: int, row: int, met: shapely.Geometry) -> list[tuple[int, Spot]]:
        """Through a lake, from bank to bank; where the edge ends in it, that is remembered."""
        line, found = self._lines[edge], []
        for part in (p for p in shapely.get_parts(met) if p.geom_type == "LineString" and p.length >= INSIDE_M):
            ends = [line.project(shapely.Point(c)) for c in (part.coords[0], part.coords[-1])]
            wet = [at_end for at_end in (False, True) if (max(ends) > line.length - MET_M if at_end else min(ends) < MET_M)]
            for at_end in wet:
                self._wet.setdefault((edge, at_end), set()).add(row)
            if not wet:
                middle = part.interpolate(0.5, normalized=True)
                found.append((self._mm(edge, middle), self._spot("water", middle, row)))
        return found

    def _stretch(self, row: int, point: shapely.Point) -> tuple[Coordinate, Coordinate]:
        """Vertices of an obstacle before and behind a place on it."""
        places = shapely.get_coordinates(self._shapes[row])
        lines = shapely.linestrings(np.stack([places[:-1], places[1:]], axis=1))
        at = int(np.argmin(shapely.distance(lines, point)))
        (a, b), (c, d) = shapely.get_coordinates(self.obstacles.table.geometry.iloc[row])[at : at + 2]
        return coordinate(a, b), coordinate(c, d)

    def _shared(self, edge: int, vertex: int, kind: str) -> list[Spot]:
        course, arms = self.courses.course(edge), self.arms[kind]
        place = course[vertex]
        if len(arms.at(place)) < 2:
            return []
        rows = arms.between(place, arms.sector(place, course[vertex - 1]), arms.sector(place, course[vertex + 1]))
        return [Spot(kind, place, rows)] if rows else []

    def _vertex(self, edge: int, point: shapely.Point) -> int | None:
        """Which vertex of an edge an obstacle meets here; None = it crosses between two."""
        lonlat = geometry_to_lonlat(point, self.crs)
        here = coordinate(lonlat.x, lonlat.y)
        near = [i for i, place in enumerate(self.courses.course(edge)) if abs(place[0] - here[0]) <= 1 and abs(place[1] - here[1]) <= 1]
        return near[0] if near else None

    def _spot(self, kind: str, point: shapely.Point, row: int) -> Spot:
        place = geometry_to_lonlat(point, self.crs)
        return Spot(kind, coordinate(place.x, place.y), frozenset({row}))

    def _mm(self, edge: int, point: shapely.Geometry) -> int:
        line = self._lines[edge]
        return round(int(self.network.edge_mm[edge]) * line.project(point) / line.length) if line.length else 0

    def _layer(self, edge: int) -> int:
        tags = self.network.way_tags
        if "layer" not in tags:
            return 0
        value = tags["layer"].get(int(self.network.edge_way[edge]))
        try:
            return int(float(value)) if isinstance(value, str) else 0
        except ValueError:
            return 0

    def _find_mapped(self, edges: NDArray[np.int64]) -> None:
        if not len(edges) or not len(self._help_shapes):
            return
        which, helps = self._help_tree.query(self._lines[edges], predicate="dwithin", distance=ON_M)
        for edge, i in sorted(zip(edges[which].tolist(), helps.tolist(), strict=True)):
            row = np.flatnonzero((self._way == self.network.edge_way[edge]) & (self._kind == "road"))
            if self._help_of[i] == "road" and len(row):
                on = shapely.shortest_line(self._lines[edge], self._help_shapes[i])
                point = shapely.Point(on.coords[0])
                self._mapped[edge].append((self._mm(edge, point), self._spot("road", point, int(row[0]))))


__all__ = ["HELP_M", "SAFE_FORMS", "UNSAFE_FORMS", "Crossings", "Spot"]
