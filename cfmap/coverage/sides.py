"""On which side of the road does a walk go, and where must it cross? Corners round junctions, and the fewest crossings of a walk."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cfmap.network import Network
    from cfmap.network.obstacles import Obstacles

Coordinate = tuple[int, int]
STEPS = 1e7  # coordinates are compared in steps of OpenStreetMap's own, 1e-7 degree


class Arm(NamedTuple):
    """A stretch of an obstacle that leaves a place: where to, its angle there (radians), and the rows of the obstacles drawn on it."""

    to: Coordinate
    angle: float
    rows: frozenset[int]


class Arms:
    """Obstacles of one kind, by the places where they can be met: at their vertices."""

    def __init__(self, obstacles: Obstacles, kind: str, *, ground_only: bool) -> None:
        table = obstacles.table
        chosen = table["kind"].eq(kind) & (table["ground"] | (not ground_only)) & table.geometry.geom_type.eq("LineString")
        self._beside: dict[Coordinate, dict[Coordinate, set[int]]] = {}
        for row in np.flatnonzero(chosen.to_numpy()).tolist():
            course = [coordinate(x, y) for x, y in shapely.get_coordinates(table.geometry.iloc[row])]
            for a, b in pairwise(course):
                if a != b:
                    self._beside.setdefault(a, {}).setdefault(b, set()).add(row)
                    self._beside.setdefault(b, {}).setdefault(a, set()).add(row)
        self._known: dict[Coordinate, tuple[Arm, ...]] = {}

    def __contains__(self, place: Coordinate) -> bool:
        return place in self._beside

    def touch(self, place: Coordinate, row: int, ends: tuple[Coordinate, Coordinate]) -> None:
        """Let an obstacle be met in the middle of a stretch between two vertices too, where a street has a vertex on it that the two do not share."""
        for end in ends:
            if end != place:
                self._beside.setdefault(place, {}).setdefault(end, set()).add(row)
        self._known.pop(place, None)

    def at(self, place: Coordinate) -> tuple[Arm, ...]:
        """Arms that leave a place, against the clock; none where no obstacle has a vertex."""
        if place not in self._known:
            around = self._beside.get(place, {})
            arms = sorted((angle(place, to), to, frozenset(rows)) for to, rows in around.items())
            self._known[place] = tuple(Arm(to, turn, rows) for turn, to, rows in arms)
        return self._known[place]

    def sector(self, place: Coordinate, to: Coordinate) -> int:
        """Between which two arms the way towards `to` leaves: sector i lies behind arm i, against the clock; 0 where fewer than two arms part nothing."""
        arms = self.at(place)
        if len(arms) < 2:
            return 0
        return (int(np.searchsorted([a.angle for a in arms], angle(place, to), side="right")) - 1) % len(arms)

    def between(self, place: Coordinate, one: int, other: int) -> frozenset[int]:
        """Rows of the obstacles crossed on the shorter way from sector to sector; of both ways where they are equal, none for one and the same."""
        arms = self.at(place)
        count = len(arms)
        if one == other or count < 2:
            return frozenset()
        steps = (other - one) % count
        rows: set[int] = set()
        if steps <= count - steps:
            rows |= {row for i in range(steps) for row in arms[(one + 1 + i) % count].rows}
        if steps >= count - steps:
            rows |= {row for i in range(count - steps) for row in arms[(one - i) % count].rows}
        return frozenset(rows)


class Courses:
    """Vertices of edges as coordinates, and how edges leave junctions."""

    def __init__(self, network: Network) -> None:
        self._network = network

    @cached_property
    def _steps(self) -> NDArray[np.int64]:
        net = self._network
        return np.rint(np.column_stack([net.vertex_lon, net.vertex_lat]) * STEPS).astype(np.int64)

    def course(self, edge: int) -> list[Coordinate]:
        """Vertices of an edge in its direction, without repetitions."""
        net = self._network
        places = map(tuple, self._steps[net.edge_first[edge] : net.edge_first[edge + 1]].tolist())
        found: list[Coordinate] = []
        for place in places:
            if not found or place != found[-1]:
                found.append(place)
        return found

    def ends(self, edge: int, *, forward: bool) -> tuple[Coordinate, Coordinate, Coordinate, Coordinate]:
        """Of a walk over the whole edge: where it begins, the next vertex, the last vertex but one, where it ends."""
        course = self.course(edge)
        if len(course) == 1:
            course = course * 2
        course = course if forward else course[::-1]
        return course[0], course[1], course[-2], course[-1]

    def node(self, node: int) -> Coordinate:
        """Where a junction is."""
        return coordinate(self._network.node_lon[node], self._network.node_lat[node])


def coordinate(lon: float, lat: float) -> Coordinate:
    """Degrees as whole steps, so that shared vertices are equal."""
    return round(float(lon) * STEPS), round(float(lat) * STEPS)


def angle(place: Coordinate, to: Coordinate) -> float:
    """Direction on the ground, radians against the clock from east, -pi to pi."""
    shrink = np.cos(np.radians(place[1] / STEPS))
    return float(np.arctan2(to[1] - place[1], (to[0] - place[0]) * shrink))


def left_and_right(arms: Sequence[Arm], to: Coordinate) -> tuple[int, int]:
    """Sectors to the left and to the right of somebody who leaves along the arm towards `to`."""
    if len(arms) < 2:
        return 0, 0
    at = [arm.to for arm in arms].index(to)
    return at, (at - 1) % len(arms)


def side_of(place: tuple[float, float], start: Coordinate, end: Coordinate) -> str:
    """On which side of the stretch from `start` to `end` a place (degrees) lies: left or right."""
    shrink = np.cos(np.radians(start[1] / STEPS))
    ax, ay = (end[0] - start[0]) * shrink, end[1] - start[1]
    bx, by = (place[0] * STEPS - start[0]) * shrink, place[1] * STEPS - start[1]
    return "left" if ax * by - ay * bx > 0 else "right"


__all__ = ["Arm", "Arms", "Courses", "angle", "coordinate", "left_and_right", "side_of"]
