"""How far is it along the streets? From every place to its nearest source, in millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cfmap.network.network import UNREACHED, EdgeFlag

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cfmap.network.network import Network
    from cfmap.network.snap import Snapped

NONE = np.uint64(0xFFFFFFFFFFFFFFFF)
SHIFT = np.uint64(32)
SOURCE = np.uint64(0xFFFFFFFF)
MAX_MM = (1 << 31) - 1  # 2,147 km: no walk is longer, and no sum of two labels overflows


class EdgeParts(NamedTuple):
    """
    Reached parts of edges; an edge may have several.

    Attributes
    ----------
    edge
        Position of the edge, ascending, parts in the edge's direction.
    from_mm, to_mm
        Where the part begins and ends, from the edge's start. ``from_mm == to_mm`` for a zero-length edge, or where
        the limit is exactly reached at a node.
    arrival_from_mm, arrival_to_mm
        Distance to the source at both ends; linear between them, never above the limit.
    source
        Position of the nearest source.
    """

    edge: NDArray[np.int64]
    from_mm: NDArray[np.int64]
    to_mm: NDArray[np.int64]
    arrival_from_mm: NDArray[np.int64]
    arrival_to_mm: NDArray[np.int64]
    source: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class TravelField:
    """
    Distance from every place of a network to its nearest source.

    All distances contain the source's connector when it was asked for, never the place's own.

    Attributes
    ----------
    network, sources
        What was asked.
    node_mm
        Distance at each node (millimetres), ``UNREACHED`` = -1.
    node_source
        Position of the nearest source in the points handed in, -1 = none. Of equal distances the lower position wins.
    """

    network: Network
    sources: Snapped
    node_mm: NDArray[np.int64]
    node_source: NDArray[np.int32]
    _open: NDArray[np.uint64]  # labels at nodes for those who go on over public edges
    _any: NDArray[np.uint64]  # labels at nodes for those who go on over destination-only edges
    _starts: _Starts
    _toward: tuple[NDArray[np.bool_], NDArray[np.bool_]]  # may the search follow an edge u->v, v->u
    _limit: np.uint64

    def at(self, places: Snapped) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """
        Distance of places to their nearest source.

        Parameters
        ----------
        places
            Points on the same network.

        Returns
        -------
        total_mm, source
            Millimetres with the source's connector and without the place's own, and the position of the source; both
            -1 where there is none within the limit, no path, or the place is off the network.
        """
        total = np.full(len(places), UNREACHED, dtype=np.int64)
        source = np.full(len(places), UNREACHED, dtype=np.int32)
        on = np.flatnonzero(places.on_network)
        edge, offset = places.edge[on], places.offset_mm[on]
        best = self._label_at(edge, offset)
        reached = best <= self._limit
        total[on[reached]] = (best[reached] >> SHIFT).astype(np.int64)
        source[on[reached]] = (best[reached] & SOURCE).astype(np.int32)
        return total, source

    def _label_at(self, edge: NDArray[np.int64], offset: NDArray[np.int64]) -> NDArray[np.uint64]:
        net = self.network
        u, v, mm = net.edge_u[edge], net.edge_v[edge], net.edge_mm[edge]
        private = net.is_private[edge]
        along, against = self._toward[0][edge], self._toward[1][edge]
        at_u = np.where(private, self._any[u], self._open[u])
        at_v = np.where(private, self._any[v], self._open[v])
        best = np.minimum(_plus(at_u, offset, along), _plus(at_v, mm - offset, against))
        # a place exactly on a node stands on whatever ground meets there
        ground = _pack(self.node_mm, self.node_source)
        best = np.where(offset <= 0, ground[u], np.where(offset >= mm, ground[v], best))
        # sources on the same edge, directly
        starts = self._starts
        first, last = np.searchsorted(starts.edge, edge, "left"), np.searchsorted(starts.edge, edge, "right")
        for k in range(int((last - first).max(initial=0))):
            which = np.flatnonzero(first + k < last)
            start = first[which] + k
            distance = offset[which] - starts.offset[start]
            allowed = (along[which] & (distance > 0)) | (against[which] & (distance < 0)) | (distance == 0)
            best[which] = np.minimum(best[which], _plus(starts.label[start], np.abs(distance), allowed))
        return best

    def edge_parts(self, limit_mm: int | None = None) -> EdgeParts:
        """
        Reached parts of all edges.

        Parameters
        ----------
        limit_mm
            Longest distance (inclusive); None = that of the search.

        Returns
        -------
        parts
            Where an edge is reached from both ends the parts meet at the farthest place (to the millimetre below).
        """
        from cfmap.network.parts import edge_parts

        return edge_parts(self, limit_mm)

    @cached_property
    def limit_mm(self) -> int:
        """Longest distance of the search, inclusive."""
        return int(self._limit >> SHIFT)


class _Starts(NamedTuple):
    # sources in the middle of edges, by edge, offset and position
    edge: NDArray[np.int64]
    offset: NDArray[np.int64]
    label: NDArray[np.uint64]


class _Graph(NamedTuple):
    first: NDArray[np.int64]
    target: NDArray[np.int32]
    weight: NDArray[np.int64]


def travel(
    network: Network,
    sources: Snapped,
    *,
    limit_mm: int | None = None,
    connectors: bool = True,
    avoid_steps: bool = False,
    reverse: bool = False,
) -> TravelField:
    """
    Distance from every place to its nearest source.

    People walk from places to sources; where a way is one-way on foot this is the direction that counts. Private
    edges are destination-only: a walk may begin on private ground and may end on private ground, but between the
    two it stays on public edges, so it never passes through. A node where a public edge ends is public ground.

    Method: multi-source Dijkstra in three rounds (private edges round the sources, then public edges, then private
    edges outwards), which is exact because every walk has the form private* public* private*.

    Parameters
    ----------
    network
        The streets.
    sources
        Snapped points; those off the network are left out.
    limit_mm
        Longest distance, inclusive, with connector if that counts. None = no limit.
    connectors
        Whether the straight way between a source and its edge counts.
    avoid_steps
        Stairs without a ramp are closed (prams).
    reverse
        Distances from the nearest source to every place instead.

    Returns
    -------
    field
        Deterministic: of equally near sources the one handed in first.
    """
    limit = _limit_label(limit_mm)
    flags = network.edge_flags
    forward = (flags & EdgeFlag.NO_FORWARD) == 0
    backward = (flags & EdgeFlag.NO_BACKWARD) == 0
    if avoid_steps:
        passable = ((flags & EdgeFlag.STEPS) == 0) | ((flags & EdgeFlag.RAMP) != 0)
        forward, backward = forward & passable, backward & passable
    # the search runs from the sources outwards: it follows u->v where people may walk v->u
    along, against = (forward, backward) if reverse else (backward, forward)
    public = public_ground(network)

    inner = np.full(network.n_nodes, NONE, dtype=np.uint64)  # from private sources, over private edges
    outer = np.full(network.n_nodes, NONE, dtype=np.uint64)
    starts = _place_sources(network, sources, connectors, along, against, public, inner, outer)
    for labels in (inner, outer):
        labels[labels > limit] = NONE
    private = network.is_private
    if private.any():
        within = _csr(network, private, along, against)
        _spread(within, inner, limit)
        outer = np.minimum(outer, inner)
    _spread(_csr(network, ~private, along, against), outer, limit)
    final = outer.copy()
    if private.any():
        _spread(within, final, limit)
    ground = np.where(public, outer, final)
    node_mm, node_source = _unpack(ground)
    return TravelField(network, sources, node_mm, node_source, outer, final, starts, (along, against), limit)


def public_ground(network: Network) -> NDArray[np.bool_]:
    """Which nodes lie on a public edge."""
    public = np.zeros(network.n_nodes, dtype=bool)
    open_edges = ~network.is_private
    public[network.edge_u[open_edges]] = True
    public[network.edge_v[open_edges]] = True
    return public


def _limit_label(limit_mm: int | None) -> np.uint64:
    mm = MAX_MM if limit_mm is None else min(int(limit_mm), MAX_MM)
    return np.uint64((max(mm, 0) << 32) | 0xFFFFFFFF)


def _place_sources(
    network: Network,
    sources: Snapped,
    connectors: bool,  # noqa: FBT001
    along: NDArray[np.bool_],
    against: NDArray[np.bool_],
    public: NDArray[np.bool_],
    inner: NDArray[np.uint64],
    outer: NDArray[np.uint64],
) -> _Starts:
    position = np.flatnonzero(sources.on_network)
    edge, offset = sources.edge[position], sources.offset_mm[position]
    mm = sources.connector_mm[position] if connectors else np.zeros(len(position), dtype=np.int64)
    label = (mm.astype(np.uint64) << SHIFT) | position.astype(np.uint64)
    u, v, length = network.edge_u[edge], network.edge_v[edge], network.edge_mm[edge]

    on_u, on_v = offset <= 0, (offset >= length) & (offset > 0)
    node, node_label = np.r_[u[on_u], v[on_v]], np.r_[label[on_u], label[on_v]]
    for labels, chosen in ((outer, public[node]), (inner, ~public[node])):
        np.minimum.at(labels, node[chosen], node_label[chosen])

    between = ~(on_u | on_v)
    edge, offset, label, length = edge[between], offset[between], label[between], length[between]
    private = network.is_private[edge]
    to_u, to_v = _plus(label, offset, against[edge]), _plus(label, length - offset, along[edge])
    for labels, chosen in ((outer, ~private), (inner, private)):
        np.minimum.at(labels, network.edge_u[edge[chosen]], to_u[chosen])
        np.minimum.at(labels, network.edge_v[edge[chosen]], to_v[chosen])
    order = np.lexsort((label, offset, edge))
    return _Starts(edge[order], offset[order], label[order])


def _csr(network: Network, chosen: NDArray[np.bool_], along: NDArray[np.bool_], against: NDArray[np.bool_]) -> _Graph:
    there, back = chosen & along, chosen & against
    tail = np.r_[network.edge_u[there], network.edge_v[back]]
    head = np.r_[network.edge_v[there], network.edge_u[back]]
    mm = np.r_[network.edge_mm[there], network.edge_mm[back]]
    order = np.argsort(tail, kind="stable")
    first = np.zeros(network.n_nodes + 1, dtype=np.int64)
    np.cumsum(np.bincount(tail, minlength=network.n_nodes), out=first[1:])
    return _Graph(first, head[order].astype(np.int32), mm[order])


def _spread(graph: _Graph, labels: NDArray[np.uint64], limit: np.uint64) -> None:
    if len(graph.target) and (labels != NONE).any():
        from cfmap.network.kernels import spread

        spread(graph.first, graph.target, graph.weight, labels, limit)


def _plus(label: NDArray[np.uint64], mm: NDArray[np.int64], allowed: NDArray[np.bool_]) -> NDArray[np.uint64]:
    return np.where(allowed & (label != NONE), label + (mm.astype(np.uint64) << SHIFT), NONE)


def _pack(mm: NDArray[np.int64], source: NDArray[np.int32]) -> NDArray[np.uint64]:
    return np.where(mm < 0, NONE, (mm.astype(np.uint64) << SHIFT) | source.astype(np.uint64))


def _unpack(label: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    reached = label != NONE
    mm = np.where(reached, (label >> SHIFT).astype(np.int64), UNREACHED)
    return mm, np.where(reached, (label & SOURCE).astype(np.int64), UNREACHED).astype(np.int32)
