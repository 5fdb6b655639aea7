"""Which way does a group walk to one school, and how far is it between places on the way? The cheapest walks round a school."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cfmap.network.course import cut
from cfmap.network.network import EdgeFlag

if TYPE_CHECKING:
    from collections.abc import Sequence

    import shapely
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from cfmap.network import Network
    from cfmap.network.snap import Snapped

METRES_A_DEGREE = 111_320.0
SLACK = 1.02  # a degree is a little shorter or longer than that


class Piece(NamedTuple):
    """A stretch of an edge, walked from one distance from its start to the other (backwards where `from_mm` is the larger), millimetres."""

    edge: int
    from_mm: int
    to_mm: int

    @property
    def mm(self) -> int:
        """Its length."""
        return abs(self.to_mm - self.from_mm)


@dataclass(frozen=True, eq=False)
class Ways:
    """
    Walks to one school and between junctions round it.

    Attributes
    ----------
    network
        The streets.
    node
        Positions of the nodes round the school, ascending.
    junction
        Which of them are junctions of at least three public edges.
    cost, mm
        Weighted and real millimetres of the cheapest walk from each node to the school, with the straight way from the street
        to the door; infinite and -1 where there is none.
    """

    network: Network
    node: NDArray[np.int64]
    junction: NDArray[np.bool_]
    cost: NDArray[np.float64]
    mm: NDArray[np.int64]
    _graph: csr_array
    _piece: dict[tuple[int, int], Piece | None]  # by states; None = nothing is walked
    _next: NDArray[np.int64]  # state after each state on the way to school
    _connector: dict[int, int]  # straight way behind each door's state, millimetres

    def of(self, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Positions in :attr:`node` of nodes of the network that are there."""
        return np.searchsorted(self.node, nodes)

    def to_school(self, node: int) -> list[Piece]:
        """The walk from a node to the school's door on the street, in order; without the straight way behind it."""
        state, pieces = int(self.of(np.array([node]))[0]), []
        while (after := int(self._next[state])) >= 0:
            if (piece := self._piece[state, after]) is not None:
                pieces.append(piece)
            state = after
        return pieces

    def between(self, nodes: Sequence[int]) -> Legs:
        """Cheapest walks between some nodes."""
        from scipy.sparse.csgraph import dijkstra

        states = self.of(np.asarray(nodes, dtype=np.int64))
        cost, before = dijkstra(self._graph, indices=states, return_predecessors=True)
        cost, before = np.atleast_2d(cost), np.atleast_2d(before)
        return Legs(self, states, cost[:, states], before)

    @cached_property
    def straight_mm(self) -> int:
        """The longest straight way between a door and its street."""
        return max(self._connector.values(), default=0)


@dataclass(frozen=True, eq=False)
class Legs:
    """Walks between places: `cost` (from, to) weighted millimetres, infinite where there is none."""

    ways: Ways
    states: NDArray[np.int64]
    cost: NDArray[np.float64]
    _before: NDArray[np.int32]

    @cached_property
    def mm(self) -> NDArray[np.int64]:
        """Real millimetres (from, to), -1 where there is none."""
        count = len(self.states)
        return np.array([[sum(p.mm for p in self.path(i, j)) if np.isfinite(self.cost[i, j]) else -1 for j in range(count)] for i in range(count)])

    def path(self, start: int, end: int) -> list[Piece]:
        """The walk from one of the places to another."""
        state, first, pieces = int(self.states[end]), int(self.states[start]), []
        while state != first:
            before = int(self._before[start, state])
            if (piece := self.ways._piece[before, state]) is not None:  # noqa: SLF001 - the same thing in two parts
                pieces.append(piece)
            state = before
        return pieces[::-1]


def ways_to(network: Network, doors: Snapped, *, within_m: float, cost_mm: NDArray[np.int64] | None = None) -> Ways:
    """
    Lay out the streets round a school and find the cheapest walk from everywhere to its nearest door.

    Parameters
    ----------
    network
        The streets. A group walks on public ground; only at the end, behind the school's own fence, on private ground too.
    doors
        The school's doors, snapped; those off the network are left out.
    within_m
        No walk is longer: what lies farther than that from every door in a straight line is not looked at.
    cost_mm
        Weighted length of each edge (length times what makes it unsafe), millimetres; None = the length itself.

    Returns
    -------
    ways
        Empty when no door is on the network. Of equally cheap walks always the same one.
    """
    from scipy.sparse.csgraph import dijkstra

    doors = doors.take(doors.on_network)
    weight = network.edge_mm.astype(np.float64) if cost_mm is None else np.asarray(cost_mm, dtype=np.float64)
    edge = _edges_round(network, doors, within_m)
    node = np.unique(np.r_[network.edge_u[edge], network.edge_v[edge]]).astype(np.int64)
    arcs = _arcs(network, edge, node, doors, weight)
    graph, piece = _cheapest(arcs, 2 * len(node) + len(doors) + 1)
    cost, after = dijkstra(graph.T.tocsr(), indices=2 * len(node) + len(doors), return_predecessors=True)
    after = np.where(after < 0, -1, after).astype(np.int64)
    connector = {2 * len(node) + k: int(mm) for k, mm in enumerate(doors.connector_mm)}
    public = ~network.is_private
    degree = np.bincount(np.r_[network.edge_u[public], network.edge_v[public]], minlength=network.n_nodes)[node]
    real = _real_length(cost, after, piece, connector)
    return Ways(network, node, degree >= 3, cost[: len(node)], real[: len(node)], graph, piece, after, connector)


def line_of(network: Network, pieces: Sequence[Piece]) -> shapely.LineString:
    """The course of a walk in degrees; of a walk without length its place twice."""
    import shapely

    some = [p for p in pieces if p.mm] or list(pieces[:1])
    edge = np.array([p.edge for p in some], dtype=np.int64)
    ends = np.array([(min(p.from_mm, p.to_mm), max(p.from_mm, p.to_mm)) for p in some], dtype=np.int64)
    places: list[tuple[float, float]] = []
    for piece, drawn in zip(some, cut(network, edge, ends[:, 0], ends[:, 1]), strict=True):
        course = list(drawn.coords) if piece.from_mm <= piece.to_mm else list(drawn.coords)[::-1]
        places += course[1:] if places and places[-1] == course[0] else course
    return shapely.LineString(places)


class _Arcs(NamedTuple):
    tail: list[int]
    head: list[int]
    cost: list[float]
    piece: list[Piece | None]

    def add(self, tail: int, head: int, cost: float, piece: Piece | None) -> None:
        self.tail.append(tail)
        self.head.append(head)
        self.cost.append(max(cost, 1.0))
        self.piece.append(piece)


def _edges_round(network: Network, doors: Snapped, within_m: float) -> NDArray[np.int64]:
    if not len(doors):
        return np.empty(0, dtype=np.int64)
    away = np.full(network.n_nodes, np.inf)
    for lon, lat in zip(doors.lon, doors.lat, strict=True):
        x = (network.node_lon - lon) * METRES_A_DEGREE * np.cos(np.radians(lat))
        away = np.minimum(away, np.hypot(x, (network.node_lat - lat) * METRES_A_DEGREE))
    near = away <= within_m * SLACK
    return np.union1d(np.flatnonzero(near[network.edge_u] & near[network.edge_v]), doors.edge)


def _arcs(network: Network, edge: NDArray[np.int64], node: NDArray[np.int64], doors: Snapped, weight: NDArray[np.float64]) -> _Arcs:
    # states: nodes on public ground, the same nodes behind the fence, doors, the school
    count = len(node)
    u, v = np.searchsorted(node, network.edge_u[edge]), np.searchsorted(node, network.edge_v[edge])
    mm, private = network.edge_mm, network.is_private
    forward, backward = ~network.has(EdgeFlag.NO_FORWARD), ~network.has(EdgeFlag.NO_BACKWARD)
    arcs = _Arcs([], [], [], [])
    behind: set[int] = set()
    for e, a, b in zip(edge.tolist(), u.tolist(), v.tolist(), strict=True):
        shift = count if private[e] else 0
        behind |= {a, b} if private[e] else set()
        if forward[e]:
            arcs.add(a + shift, b + shift, weight[e], Piece(e, 0, int(mm[e])))
        if backward[e]:
            arcs.add(b + shift, a + shift, weight[e], Piece(e, int(mm[e]), 0))
    for a in sorted(behind):
        arcs.add(a, a + count, 1.0, None)
    for k, (e, at, straight) in enumerate(zip(doors.edge.tolist(), doors.offset_mm.tolist(), doors.connector_mm.tolist(), strict=True)):
        shift, door, whole = (count if private[e] else 0), 2 * count + k, max(int(mm[e]), 1)
        a, b = (int(np.searchsorted(node, end)) + shift for end in (network.edge_u[e], network.edge_v[e]))
        if forward[e] or at == 0:
            arcs.add(a, door, weight[e] * at / whole, Piece(e, 0, at))
        if backward[e] or at == mm[e]:
            arcs.add(b, door, weight[e] * (mm[e] - at) / whole, Piece(e, int(mm[e]), at))
        arcs.add(door, 2 * count + len(doors), float(straight), None)
    return arcs


def _cheapest(arcs: _Arcs, states: int) -> tuple[csr_array, dict[tuple[int, int], Piece | None]]:
    # of parallel arcs the cheapest, of equal ones the first
    from scipy.sparse import csr_array

    best: dict[tuple[int, int], int] = {}
    for k, ends in enumerate(zip(arcs.tail, arcs.head, strict=True)):
        if ends not in best or arcs.cost[k] < arcs.cost[best[ends]]:
            best[ends] = k
    rows, columns = ([ends[side] for ends in best] for side in (0, 1))
    graph = csr_array(([arcs.cost[k] for k in best.values()], (rows, columns)), shape=(states, states), dtype=np.float64)
    return graph, {ends: arcs.piece[k] for ends, k in best.items()}


def _real_length(
    cost: NDArray[np.float64], after: NDArray[np.int64], piece: dict[tuple[int, int], Piece | None], connector: dict[int, int]
) -> NDArray[np.int64]:
    length = np.full(len(cost), -1, dtype=np.int64)
    length[-1] = 0
    for state in np.argsort(cost, kind="stable")[: int(np.isfinite(cost).sum())].tolist():
        if (then := int(after[state])) >= 0:
            walked = piece[state, then]
            length[state] = length[then] + (walked.mm if walked is not None else connector.get(state, 0))
    return length
