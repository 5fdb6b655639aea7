"""By which way do the children of each place walk to one school, as safely as a cap on the detour allows?"""

from __future__ import annotations

import math
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cfmap.coverage.safety import THRESHOLDS
from cfmap.planning.arcs import Arcs, Ports, arcs_of, ports
from cfmap.planning.dangers import Weights, dangers_of
from cfmap.planning.search import BOUNDED, FAR, NO_WAY, NONE, rest_of_way, safest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from cfmap.coverage.safety import Thresholds
    from cfmap.model.survey import Answer
    from cfmap.network import Network, Snapped

CAP = 1.25  # METHODS 3: at most so many times the shortest way
LIMIT_M = 1500.0  # shortest way; children who live further off are not expected to walk
ROOM = 1 << 18  # labels of one origin
MOST = 1 << 61  # no way is longer


@dataclass(frozen=True, eq=False)
class Route:
    """
    The way from one origin to one school, in order of walking.

    Attributes
    ----------
    origin
        Position in the origins handed in.
    children
        Who walks it; NaN = not known.
    gate
        Position of the school's access among the doors handed in.
    mm, shortest_mm
        Its real length and that of the shortest way, with the straight ways to and from the street.
    cost_mm, lowest_mm
        Its weighted length, and what no allowed way can be below: the same number unless the search had to stop early.
    edge, begin_mm, end_mm
        Stretches of edges, measured from the edge's start (begin > end where it is walked against its direction). The first
        and the last may be parts of edges.
    node
        Junctions passed; stretch ``lead + k`` leads from ``node[k]`` to ``node[k + 1]``, the last one to the school.
    lead
        Stretches before the first junction: 1 for an origin in the middle of an edge, else 0.
    to_go_mm
        From each junction to the school, its straight way included.
    public
        Position in `node` of the first junction on public ground: 0, or an estate's gate; ``len(node)`` = none.
    """

    origin: int
    children: float
    gate: int
    mm: int
    shortest_mm: int
    cost_mm: int
    lowest_mm: int
    edge: NDArray[np.int64]
    begin_mm: NDArray[np.int64]
    end_mm: NDArray[np.int64]
    node: NDArray[np.int64]
    lead: int
    to_go_mm: NDArray[np.int64]
    public: int

    @property
    def detour(self) -> float:
        """Length by the shortest length, at least 1."""
        return self.mm / self.shortest_mm if self.shortest_mm else 1.0

    @property
    def is_exact(self) -> bool:
        """Whether no allowed way is safer."""
        return self.cost_mm == self.lowest_mm


@dataclass(frozen=True, eq=False)
class SafeTree:
    """
    The safest allowed ways from all origins to one school.

    A tree that grows from the school's accesses, but where the cap turned an origin's route aside: routes that share a junction
    nearly always share the rest of the way, and need not.

    Attributes
    ----------
    routes
        One for each origin that has a way within the limit, in order of origin.
    without
        Positions of the other origins: off the network, no way, or too far.
    """

    arcs: Arcs
    routes: tuple[Route, ...]
    without: NDArray[np.int64]

    def numbered(self, origins: NDArray[np.int64]) -> SafeTree:
        """The same tree with other positions of its origins: the k-th one becomes ``origins[k]``."""
        return SafeTree(self.arcs, tuple(replace(r, origin=int(origins[r.origin])) for r in self.routes), origins[self.without])

    @cached_property
    def passing(self) -> dict[int, float]:
        """Children who pass each junction (position of the node), ascending; unknown numbers count as 0 here: "at least"."""
        found: dict[int, float] = {}
        for route in self.routes:
            for node in route.node:
                found[int(node)] = found.get(int(node), 0.0) + (0.0 if math.isnan(route.children) else route.children)
        return dict(sorted(found.items()))

    @cached_property
    def to_go_mm(self) -> dict[int, int]:
        """Millimetres from each junction to the school along the routes, the shortest where they differ."""
        found: dict[int, int] = {}
        for route in self.routes:
            for node, mm in zip(route.node.tolist(), route.to_go_mm.tolist(), strict=True):
                found[node] = min(mm, found.get(node, mm))
        return dict(sorted(found.items()))


def prepared(network: Network, weights: Weights | None = None, *, answers: Iterable[Answer] = (), thresholds: Thresholds = THRESHOLDS) -> Arcs:
    """Weigh the streets and lay them out once, for the trees of many schools: :func:`dangers_of`, then :func:`arcs_of`."""
    return arcs_of(network, dangers_of(network, weights, answers=answers, thresholds=thresholds))


def safe_tree(
    arcs: Arcs, doors: Snapped, origins: Snapped, children: NDArray[np.float64], *, cap: float = CAP, limit_m: float = LIMIT_M, room: int = ROOM
) -> SafeTree:
    """
    The safest ways to one school whose real length is at most `cap` times the shortest way of the same origin.

    Parameters
    ----------
    arcs
        From :func:`prepared`.
    doors
        Accesses of the school, snapped to the network; those off it are passed over.
    origins
        Where children start: communities, cells, estates; never homes.
    children
        For each origin; NaN = not known.
    cap
        At least 1; infinity asks for the safest way whatever its length.
    limit_m
        Origins whose shortest way is longer are not answered, metres.
    room
        Labels allowed for one origin before the search gives the best way so far and a bound.

    Returns
    -------
    tree
        Exact: no allowed way has a lower weighted length, and of equal ones the shortest is given; ties beyond that are
        settled by the order of the edges, the same in every run. Only where ``Route.is_exact`` is False the route may not be the
        safest (it still keeps the cap), and ``lowest_mm`` bounds how much safer one could be. Two searches over the streets
        within `cap` times `limit_m` of the school, and labels for the origins that the cap binds.

    Raises
    ------
    ValueError
        For a cap below 1 or a limit below 0.
    """
    if not cap >= 1 or not limit_m >= 0:
        msg = f"cap {cap} lies below 1, or limit {limit_m} m below 0"
        raise ValueError(msg)
    limit_mm = round(limit_m * 1000)
    into, leaving = ports(arcs, doors, schools=True), ports(arcs, origins, schools=False)
    direct = _same_edge(arcs, doors, origins)
    rows = np.searchsorted(leaving.place, np.arange(len(origins) + 1))
    routes: list[Route] = []
    with _rests(arcs, into, _capped(limit_mm, cap)) as (short, safe, newest):
        for origin in range(len(origins)):
            mine = slice(rows[origin], rows[origin + 1])
            left = Ports(*(column[mine] for column in leaving))
            along = direct.get(origin, [])
            through = left.mm + np.minimum(short.best[left.state], MOST)
            shortest = min([int(through.min(initial=MOST)), *(way.mm for way in along)])
            if shortest > limit_mm:
                continue
            bound = _capped(shortest, cap)
            known = min((way for way in along if way.mm <= bound), default=None)
            found, cost, mm, lowest, port, steps, end = safest(
                arcs.first, arcs.head, arcs.mm, arcs.cost, short[:3], safe[:3], left.state, left.mm, left.cost, bound,
                known.cost if known else FAR, known.mm if known else FAR, newest, room,
            )  # fmt: skip
            if found != NO_WAY:
                sums = int(mm), shortest, int(cost), int(lowest) if found == BOUNDED else int(cost)
                ends, by = (origin, int(into.place[end])), (int(left.by[port]), int(into.by[end]))
                routes.append(_route(arcs, origins, doors, ends, by, float(children[origin]), sums, int(left.state[port]), steps))
            elif known is not None:
                routes.append(_along(origins, doors, (origin, known.door), float(children[origin]), (known.mm, shortest, known.cost, known.cost)))
    answered = {route.origin for route in routes}
    return SafeTree(arcs, tuple(routes), np.array([o for o in range(len(origins)) if o not in answered], dtype=np.int64))


class _Rest(NamedTuple):
    """Arguments of :func:`cfmap.planning.search.rest_of_way` that it fills."""

    best: NDArray[np.int64]
    second: NDArray[np.int64]
    step: NDArray[np.int64]
    settled: NDArray[np.bool_]
    touched: NDArray[np.int64]


class _Along(NamedTuple):
    """A way along one edge."""

    cost: int
    mm: int
    door: int


@contextmanager
def _rests(arcs: Arcs, into: Ports, limit: int) -> Iterator[tuple[_Rest, _Rest, NDArray[np.int64]]]:
    """The shortest and the cheapest rest of the way from every state near a school, and -1 for every state; the room is kept for the next school."""
    n = arcs.graph.n_states
    if not arcs.scratch:
        for _ in range(2):
            arcs.scratch.append(_Rest(np.full(n, FAR), np.full(n, FAR), np.full(n, NONE), np.zeros(n, dtype=bool), np.empty(n, dtype=np.int64)))
        arcs.scratch.extend([np.full(n, NONE, dtype=np.int64), np.zeros(n, dtype=np.int64)])
    short, safe, newest, anywhere = arcs.scratch
    where = arcs.into_first, arcs.into, arcs.tail
    counts = [rest_of_way(*where, arcs.mm, arcs.cost, into.state, into.mm, into.cost, anywhere, limit, *short)]
    counts.append(rest_of_way(*where, arcs.cost, arcs.mm, into.state, into.cost, into.mm, short.best, MOST, *safe))
    yield short, safe, newest
    for rest, count in zip((short, safe), counts, strict=True):
        met = rest.touched[:count]
        rest.best[met], rest.second[met], rest.step[met], rest.settled[met] = FAR, FAR, NONE, False


def _capped(mm: int, cap: float) -> int:
    """Longest way allowed."""
    return MOST if math.isinf(cap) else min(math.floor(mm * cap + 1e-6), MOST)


def _same_edge(arcs: Arcs, doors: Snapped, origins: Snapped) -> dict[int, list[_Along]]:
    """Ways of origins that stand in the middle of an edge with a door, along it."""
    graph = arcs.graph
    length = graph.network.edge_mm
    found: dict[int, list[_Along]] = {}
    for door in np.flatnonzero(doors.on_network):
        edge, at = int(doors.edge[door]), int(doors.offset_mm[door])
        if not 0 < at < length[edge]:
            continue
        for origin in np.flatnonzero((origins.edge == edge) & (origins.offset_mm > 0) & (origins.offset_mm < length[edge])):
            ahead = at - int(origins.offset_mm[origin])
            if ahead == 0 or (graph.against if ahead > 0 else graph.along)[edge]:
                straight = int(doors.connector_mm[door] + origins.connector_mm[origin])
                cost = int(arcs.dangers.weighted(np.array([edge]), np.array([abs(ahead)]))[0])
                found.setdefault(int(origin), []).append(_Along(cost + straight, abs(ahead) + straight, int(door)))
    return found


def _along(origins: Snapped, doors: Snapped, ends: tuple[int, int], children: float, sums: tuple[int, int, int, int]) -> Route:
    origin, gate = ends
    none = np.zeros(0, dtype=np.int64)
    return Route(origin, children, gate, *sums, origins.edge[[origin]], origins.offset_mm[[origin]], doors.offset_mm[[gate]], none, 1, none, 0)


def _route(
    arcs: Arcs, origins: Snapped, doors: Snapped, ends: tuple[int, int], by: tuple[int, int], children: float, sums: tuple[int, int, int, int],
    state: int, steps: NDArray[np.int64],
) -> Route:  # fmt: skip
    """Put a route together from the arcs that were walked; `by` as in :class:`Ports`, at both ends."""
    graph, (origin, gate) = arcs.graph, ends
    length = graph.network.edge_mm
    on_edge = arcs.edge[steps] >= 0
    states = np.r_[state, arcs.head[steps]]
    kept = np.r_[True, on_edge]  # the first state at each junction, and for `public` the last one
    node = graph.node_of[states[kept]].astype(np.int64)
    is_public = states == graph.public[graph.node_of[states]]
    junction = np.cumsum(kept) - 1
    public = int(junction[np.flatnonzero(is_public)[0]]) if is_public.any() else len(node)
    edge, ahead = arcs.edge[steps][on_edge], arcs.forward[steps][on_edge]
    begin, end = np.where(ahead, 0, length[edge]), np.where(ahead, length[edge], 0)
    lead, last = int(by[0] > 0), int(doors.edge[gate])
    if by[0]:
        first = int(origins.edge[origin])
        edge, begin, end = np.r_[first, edge], np.r_[origins.offset_mm[origin], begin], np.r_[0 if by[0] == 1 else length[first], end]
    if by[1]:
        edge, begin, end = np.r_[edge, last], np.r_[begin, 0 if by[1] == 1 else length[last]], np.r_[end, doors.offset_mm[gate]]
    walked = np.abs(end - begin)
    to_go = int(doors.connector_mm[gate]) + np.cumsum(walked[::-1])[::-1]
    to_go = np.r_[to_go, int(doors.connector_mm[gate])][lead : lead + len(node)]
    return Route(origin, children, gate, *sums, edge.astype(np.int64), begin.astype(np.int64), end.astype(np.int64), node, lead, to_go.astype(np.int64), public)
