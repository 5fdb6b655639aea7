"""What does the shortest walk to school get over? The fewest crossings that its streets leave no way round."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from cfmap.coverage.crossing_help import Spot
from cfmap.coverage.sides import STEPS, left_and_right, side_of
from cfmap.network.paths import first_steps, paths

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    from numpy.typing import NDArray

    from cfmap.coverage.crossing_help import Crossings
    from cfmap.coverage.sides import Coordinate
    from cfmap.network import Snapped

BESIDE_M = 5.0  # a gate so far from the middle of the road lies on the side that it is drawn on

Chain = tuple["Spot", "Chain | None"] | None
Cost = tuple[int, int, int]
Choice = tuple[Cost, Chain]
COSTS: dict[str, Cost] = {"safe": (0, 0, 1), "unknown": (1, 0, 1), "unsafe": (1, 1, 1)}
NOTHING: Choice = ((0, 0, 0), None)


class Walk(NamedTuple):
    """A walk to school: metres with the straight ways at both ends, position of the gate among the gates given, and what it gets over, in order."""

    metres: float
    source: int
    spots: tuple[Spot, ...]


class Walks:
    """Shortest walks to the nearest of some gates."""

    def __init__(self, crossings: Crossings, gates: Snapped, doors: gpd.GeoSeries) -> None:
        self._crossings, self._gates, self._doors = crossings, gates, doors
        self._network = crossings.network
        self._field = self._network.travel(gates)
        self._paths = paths(self._field)
        self._choices: dict[int, list[Choice]] = {}

    def of(self, places: Snapped) -> list[Walk | None]:
        """
        Walks from places; None where there is none.

        A walk along a main road keeps to one side of it as long as it can: it crosses only where it must to get from the side it came from to
        the side it leaves on, and then where the best crossing on the way is. A walk that begins on a main road may begin on either side.
        """
        first, direct = first_steps(self._paths, places)
        total, source = self._field.at(places)
        self._look_ahead(places, first)
        found: list[Walk | None] = []
        for i in range(len(places)):
            if source[i] < 0:
                found.append(None)
                continue
            chain = self._begin(places, i, int(first[i])) if first[i] >= 0 else self._straight(places, i, int(direct[i]))
            found.append(Walk((int(total[i]) + int(places.connector_mm[i])) / 1000.0, int(source[i]), tuple(_listed(chain))))
        return found

    def _look_ahead(self, places: Snapped, first: NDArray[np.int64]) -> None:
        """Find out about all edges that the walks use, in one go."""
        found, edges = self._paths, set(places.edge[places.on_network].tolist())
        seen: set[int] = set(self._choices)
        for start in first.tolist():
            state = start
            while state >= 0 and state not in seen:
                seen.add(state)
                edges.add(int(found.edge[state]))
                state = int(found.next_state[state])
        self._crossings.meet(edges - {-1})

    # ------------------------------------------------------------------ ends of walks

    def _begin(self, places: Snapped, i: int, state: int) -> Chain:
        """From a place along its edge to the first junction, and on."""
        net, edge, offset = self._network, int(places.edge[i]), int(places.offset_mm[i])
        node = int(self._field.graph.node_of[state])
        choices = self._from(state)
        length = int(net.edge_mm[edge])
        if offset in (0, length):
            return _best(choices)[1]
        to_end = self._towards_end(edge, node, offset, state, places, i)
        arrive = self._sides(edge, backwards=to_end)  # as somebody who leaves the junction along the edge again
        cost, chain = _best([choices[corner] for corner in dict.fromkeys(arrive)])
        spots = [*self._crossings.inside(edge, offset, length if to_end else 0), *self._passing(edge, state, forward=to_end)]
        return self._with(spots, (cost, chain))[1]

    def _towards_end(self, edge: int, node: int, offset: int, state: int, places: Snapped, i: int) -> bool:
        net = self._network
        if net.edge_u[edge] != net.edge_v[edge]:
            return bool(net.edge_v[edge] == node)
        total = int(self._field.at(places)[0][i]) - int(self._field.label[state] >> np.uint64(32))
        return total != offset

    def _straight(self, places: Snapped, i: int, source: int) -> Chain:
        """To a gate on the same edge."""
        spots = self._crossings.inside(int(places.edge[i]), int(places.offset_mm[i]), int(self._gates.offset_mm[source]))
        return self._with(spots, NOTHING)[1]

    # ------------------------------------------------------------------ junctions

    def _from(self, state: int) -> list[Choice]:
        """Best continuation of a walk from every corner of a junction."""
        stack = []
        while state >= 0 and state not in self._choices:
            stack.append(state)
            state = int(self._paths.next_state[state])
        for waiting in reversed(stack):
            self._choices[waiting] = self._choose(waiting)
        return self._choices[stack[0] if stack else state]

    def _choose(self, state: int) -> list[Choice]:
        found, net = self._paths, self._network
        node, edge, after = int(self._field.graph.node_of[state]), int(found.edge[state]), int(found.next_state[state])
        here = self._crossings.courses.node(node)
        corners = range(max(1, len(self._crossings.arms["road"].at(here))))
        if edge < 0:
            return [NOTHING for _ in corners] if after < 0 else self._choices[after]
        forward, length = bool(found.along[state]), int(net.edge_mm[edge])
        start = 0 if forward else length
        gate = int(found.source[state])
        end = int(self._gates.offset_mm[gate]) if gate >= 0 else length - start
        spots = self._crossings.inside(edge, start, end)
        switch = self._crossings.mapped(edge, start, end) if self._crossings.is_main(edge) else None
        if gate >= 0:
            wanted = self._side_of_gate(gate, edge, forward=forward)
            ends: list[Choice | None] = [NOTHING if wanted in ("", side) else None for side in ("left", "right")]
        else:
            spots = [*spots, *self._passing(edge, after, forward=forward)]
            later = self._choices[after]
            arrive = self._sides(edge, backwards=forward)
            ends = [later[arrive[1]], later[arrive[0]]]  # his left is the right of one who comes back
        choices = []
        for corner in corners:
            options: list[Choice] = []
            for side, own in enumerate(self._sides(edge, backwards=not forward)):
                rows = self._crossings.arms["road"].between(here, corner, own)
                into = [Spot("road", here, rows)] if rows else []
                if ends[side] is not None:
                    options.append(self._with([*into, *spots], ends[side]))
                if switch is not None and ends[1 - side] is not None:
                    options.append(self._with([*into, switch, *spots], ends[1 - side]))
            choices.append(min(options, key=lambda choice: choice[0]))
        return choices

    def _passing(self, edge: int, after: int, *, forward: bool) -> list[Spot]:
        """Railways and waters that are got over at the next junction, between this edge and the one after."""
        found = self._paths
        while after >= 0 and found.edge[after] < 0:
            after = int(found.next_state[after])
        if after < 0:
            return []
        return self._crossings.between(edge, int(found.edge[after]), forward=forward, onward_forward=bool(found.along[after]))

    def _sides(self, edge: int, *, backwards: bool) -> tuple[int, int]:
        """Corners to the left and right of somebody who leaves a junction along an edge; one and the same on what is no main road."""
        here, to, _, _ = self._crossings.courses.ends(edge, forward=not backwards)
        arms = self._crossings.arms["road"]
        if self._crossings.is_main(edge) and any(arm.to == to for arm in arms.at(here)):
            return left_and_right(arms.at(here), to)
        corner = arms.sector(here, to)
        return corner, corner

    def _side_of_gate(self, gate: int, edge: int, *, forward: bool) -> str:
        """On which side of the main road before it the gate lies, for somebody who comes along; "" = it cannot be said, or it does not matter."""
        if not self._crossings.is_main(edge) or self._gates.connector_mm[gate] < BESIDE_M * 1000:
            return ""
        start, end = _stretch(self._crossings.courses.course(edge), float(self._gates.lon[gate]), float(self._gates.lat[gate]))
        door = self._doors.iloc[gate]
        side = side_of((door.x, door.y), start, end)
        return side if forward else {"left": "right", "right": "left"}[side]

    def _with(self, spots: Iterable[Spot], then: Choice | None) -> Choice:
        assert then is not None  # noqa: S101 - asked only for ends that exist
        cost, chain = then
        for spot in reversed(list(spots)):
            more = COSTS[self._crossings.judge(spot)[0]]
            cost = (cost[0] + more[0], cost[1] + more[1], cost[2] + more[2])
            chain = (spot, chain)
        return cost, chain


def _stretch(course: list[Coordinate], lon: float, lat: float) -> tuple[Coordinate, Coordinate]:
    """Which stretch of an edge a place on it belongs to."""
    point = shapely.Point(lon * STEPS, lat * STEPS)
    lines = [(shapely.LineString([a, b]).distance(point), i) for i, (a, b) in enumerate(pairwise(course))]
    at = min(lines)[1]
    return course[at], course[at + 1]


def _best(choices: list[Choice]) -> Choice:
    return min(choices, key=lambda choice: choice[0])


def _listed(chain: Chain) -> Iterable[Spot]:
    while chain is not None:
        yield chain[0]
        chain = chain[1]


__all__ = ["Walk", "Walks"]
