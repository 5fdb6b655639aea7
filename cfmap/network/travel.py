"""How far is it along the streets? From every place to its nearest source, in millimetres."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cfmap.network.graph import MAX_MM, NONE, SHIFT, SOURCE, OnEdges, SearchGraph, limit_label, millimetres, plus, unpacked

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cfmap.network.network import Network
    from cfmap.network.snap import Snapped

#: States up to which one search is answered by scipy when numba is not loaded: loading it and its compiled kernels takes
#: 0.6 s longer than loading scipy's, which then needs most of a microsecond more for each state (``benchmarks/crossover.py``).
SCIPY_STATES = 500_000
SCIPY_SOURCES = 1 << 22  # scipy's labels are floats of 53 bits: 31 for millimetres, 22 for the source


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
    graph, label
        States of the search and their labels, ``millimetres << 32 | source``.
    starts
        Sources in the middle of edges.
    limit
        Highest label of the search.
    """

    network: Network
    sources: Snapped
    graph: SearchGraph
    label: NDArray[np.uint64]
    starts: OnEdges
    limit: np.uint64

    @cached_property
    def node_mm(self) -> NDArray[np.int64]:
        """Distance at each node (millimetres), -1 = unreached."""
        return millimetres(self._node_label)

    @cached_property
    def node_source(self) -> NDArray[np.int32]:
        """Position of the nearest source in the points handed in, -1 = none. Of equal distances the lower position wins."""
        return unpacked(self._node_label)[1]

    @property
    def _node_label(self) -> NDArray[np.uint64]:
        return self.label if self.graph.n_states == self.network.n_nodes else self.label[self.graph.ground]

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
        best = self.labels_at(places)
        best[best > self.limit] = NONE
        return unpacked(best)

    def labels_at(self, places: Snapped) -> NDArray[np.uint64]:
        """Labels of places, also beyond the limit where a place's edge leads there."""
        best = np.full(len(places), NONE, dtype=np.uint64)
        exits = self.graph.exits(places)
        np.minimum.at(best, exits.place, plus(self.label[exits.state], exits.mm, np.ones(len(exits.mm), dtype=bool)))
        inside = np.flatnonzero(places.on_network & (places.offset_mm > 0))
        inside = inside[places.offset_mm[inside] < self.network.edge_mm[places.edge[inside]]]
        best[inside] = np.minimum(best[inside], self._along_edges(places.edge[inside], places.offset_mm[inside]))
        return best

    def _along_edges(self, edge: NDArray[np.int64], offset: NDArray[np.int64]) -> NDArray[np.uint64]:
        # labels of places in the middle of edges, from the sources there without leaving the edge: time grows with both, not with their product
        starts, mm = self.starts, self.network.edge_mm
        best = np.full(len(edge), NONE, dtype=np.uint64)
        at, place = (starts.edge << 32) | starts.offset, (edge << 32) | offset
        first, last = np.searchsorted(at, place, "left"), np.searchsorted(at, place, "right") - 1
        # a label less its way from the edge's end: the lowest so far is that of the best source so far
        label = starts.label.astype(np.int64)
        before = running_minimum(starts.edge, label - (starts.offset << 32))
        after = running_minimum(starts.edge[::-1], (label - ((mm[starts.edge] - starts.offset) << 32))[::-1])[::-1]
        for k, lowest, way, allowed in ((last, before, offset, self.graph.along[edge]), (first, after, mm[edge] - offset, self.graph.against[edge])):
            which = np.flatnonzero(allowed & (k >= 0) & (k < len(at)))
            which = which[starts.edge[k[which]] == edge[which]]
            best[which] = np.minimum(best[which], lowest[k[which]].astype(np.uint64) + (way[which].astype(np.uint64) << SHIFT))
        here = np.flatnonzero(first <= last)  # at the very place
        best[here] = np.minimum(best[here], starts.label[first[here]])
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
        return int(self.limit >> SHIFT)


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

    Method: one shortest-path search from all sources at once over :class:`cfmap.network.graph.SearchGraph`, which is exact
    because every walk has the form private* public* private*. Time and memory grow in proportion to the streets
    within the limit, the number of sources hardly matters.

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

    Raises
    ------
    ValueError
        For a negative limit.
    InputError
        Streets with lengths that cannot be (E310).
    """
    limit = limit_label(limit_mm)
    graph = network.graph(avoid_steps=avoid_steps, reverse=reverse)
    ports = graph.entries(sources)
    label = np.full(graph.n_states, NONE, dtype=np.uint64)
    at_source = source_labels(sources, connectors=connectors)
    at_start = plus(at_source[ports.place], ports.mm, np.ones(len(ports.mm), dtype=bool))
    near = at_start <= limit
    np.minimum.at(label, ports.state[near], at_start[near])
    _spread(graph, label, np.unique(ports.state[near]), limit, n_sources=len(sources))
    return TravelField(network, sources, graph, label, on_edges(network, sources, at_source), limit)


def source_labels(sources: Snapped, *, connectors: bool) -> NDArray[np.uint64]:
    """Label of each source at its own foot; none off the network."""
    mm = sources.connector_mm if connectors else np.zeros(len(sources), dtype=np.int64)
    label = (np.maximum(mm, 0).astype(np.uint64) << SHIFT) | np.arange(len(sources), dtype=np.uint64)
    return np.where(sources.on_network & (mm <= MAX_MM), label, NONE)


def on_edges(network: Network, sources: Snapped, label: NDArray[np.uint64]) -> OnEdges:
    """Sources between the ends of their edges, in order."""
    place = np.flatnonzero(label != NONE)
    place = place[(sources.offset_mm[place] > 0) & (sources.offset_mm[place] < network.edge_mm[sources.edge[place]])]
    order = place[np.lexsort((label[place], sources.offset_mm[place], sources.edge[place]))]
    return OnEdges(sources.edge[order], sources.offset_mm[order], label[order])


def running_minimum(group: NDArray[np.int64], value: NDArray[np.int64]) -> NDArray[np.int64]:
    """Lowest value so far in each group; groups lie together."""
    lowest, step = value.copy(), 1
    while step < len(group) and (same := group[step:] == group[:-step]).any():
        lowest[step:] = np.where(same, np.minimum(lowest[step:], lowest[:-step]), lowest[step:])
        step *= 2
    return lowest


def _spread(graph: SearchGraph, label: NDArray[np.uint64], starts: NDArray[np.int64], limit: np.uint64, *, n_sources: int) -> None:
    if not len(starts):
        return
    if graph.n_states <= SCIPY_STATES and n_sources < SCIPY_SOURCES and "numba" not in sys.modules:
        _spread_scipy(graph, label, starts, limit)
    elif graph.is_contracted:
        graph.contraction.spread(label, starts, limit)
    else:
        from cfmap.network.kernels import spread

        spread(graph.first, graph.arc, label, starts, limit)


def _spread_scipy(graph: SearchGraph, label: NDArray[np.uint64], starts: NDArray[np.int64], limit: np.uint64) -> None:
    # the same labels as floats, millimetres times 2**22 plus source, which floats hold exactly; one more state leads to all starts
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    arc, n = graph.arc, graph.n_states
    mm = np.r_[(arc >> SHIFT).astype(np.float64), (label[starts] >> SHIFT).astype(np.float64)] * SCIPY_SOURCES
    mm[len(arc) :] += (label[starts] & SOURCE).astype(np.float64)
    first = np.r_[graph.first, len(mm)].astype(np.int32)
    matrix = csr_array((mm, np.r_[(arc & SOURCE).astype(np.int32), starts.astype(np.int32)], first), shape=(n + 1, n + 1))
    reached = dijkstra(matrix, indices=n, limit=float(int(limit >> SHIFT) + 1) * SCIPY_SOURCES)[:n]
    near = np.flatnonzero(np.isfinite(reached))
    found = reached[near].astype(np.uint64)
    label[near] = (found // np.uint64(SCIPY_SOURCES) << SHIFT) | (found % np.uint64(SCIPY_SOURCES))
    label[label > limit] = NONE
