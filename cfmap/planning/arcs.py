"""In which form are the streets searched for safe ways? Arcs in the direction of walking, with length, cost and the edge of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cfmap.network.graph import rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cfmap.network import Network, Snapped
    from cfmap.network.graph import SearchGraph
    from cfmap.planning.dangers import Dangers


@dataclass(frozen=True, eq=False)
class Arcs:
    """
    The streets, directed as people walk towards a school.

    States are those of :class:`cfmap.network.graph.SearchGraph`, so that a way may begin on private ground (states `end` there)
    and end on private ground (`start`), and never leads through it.

    Attributes
    ----------
    first
        ``first[s]:first[s + 1]`` are the arcs that leave state s, by edge.
    tail, head
        States of each arc.
    mm
        Length in millimetres.
    cost
        Weighted length with half a crossing at each end, millimetres; never below `mm`.
    edge
        Edge of each arc, -1 where only the kind of ground changes.
    forward
        Whether the edge is walked from u to v.
    into_first, into
        ``into[into_first[s]:into_first[s + 1]]`` are the arcs that lead to state s.
    """

    graph: SearchGraph
    dangers: Dangers
    first: NDArray[np.int64]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    mm: NDArray[np.int64]
    cost: NDArray[np.int64]
    edge: NDArray[np.int64]
    forward: NDArray[np.bool_]
    into_first: NDArray[np.int64]
    into: NDArray[np.int64]
    scratch: list[Any] = field(default_factory=list, repr=False)  # room for searches, kept from one to the next


class Ports(NamedTuple):
    """Ways between places and states, one row each; both lengths contain the place's straight way to the street."""

    place: NDArray[np.int64]
    state: NDArray[np.int64]
    mm: NDArray[np.int64]
    cost: NDArray[np.int64]
    by: NDArray[np.int64]  # along the place's edge to its u (1) or v (2); 0 = the place is on the node


def arcs_of(network: Network, dangers: Dangers) -> Arcs:
    """
    Lay the streets out.

    Parameters
    ----------
    network
        Streets.
    dangers
        What their edges cost, from :func:`cfmap.planning.dangers.dangers_of`.

    Returns
    -------
    arcs
        Time and memory grow with the number of edges.
    """
    graph = network.graph()
    u, v, private = network.edge_u, network.edge_v, network.is_private
    whole = dangers.whole(network.edge_mm)
    edges = np.arange(network.n_edges, dtype=np.int64)
    parts: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], bool]] = []
    for chosen, state in ((~private, graph.public), (private, graph.start), (private, graph.end)):
        for a, b, allowed, forward in ((u, v, graph.against, True), (v, u, graph.along, False)):  # of the graph's arcs, that lead away from schools
            e = edges[chosen & allowed]
            parts.append((state[a[e]].astype(np.int64), state[b[e]].astype(np.int64), e, forward))
    gates = np.flatnonzero(graph.start != graph.end)
    for here, beyond in ((graph.end, graph.public), (graph.public, graph.start)):
        parts.append((here[gates].astype(np.int64), beyond[gates].astype(np.int64), np.full(len(gates), -1, dtype=np.int64), True))
    tail, head, edge = np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts]), np.concatenate([p[2] for p in parts])
    ahead = np.repeat([p[3] for p in parts], [len(p[0]) for p in parts])
    order = np.lexsort((~ahead, edge, tail))
    tail, head, edge, ahead = tail[order], head[order], edge[order], ahead[order]
    on = edge >= 0
    return Arcs(
        graph, dangers, rows(tail.astype(np.int32), graph.n_states).astype(np.int64), tail, head,
        np.where(on, network.edge_mm[edge], 0), np.where(on, whole[edge], 0), edge, ahead,
        rows(head.astype(np.int32), graph.n_states).astype(np.int64), np.argsort(head, kind="stable"),
    )  # fmt: skip


def ports(arcs: Arcs, places: Snapped, *, schools: bool) -> Ports:
    """
    Where ways begin (or with `schools`, where they end), in order of place; places off the network have none.

    A place in the middle of an edge has a port at each end to which (from which) the edge may be walked; one on a node has a
    single port. Straight ways cost their length, whatever lies there.
    """
    graph, dangers = arcs.graph, arcs.dangers
    net = graph.network
    place = np.flatnonzero(places.on_network)
    edge, offset = places.edge[place], places.offset_mm[place]
    u, v, length = net.edge_u[edge], net.edge_v[edge], net.edge_mm[edge]
    on_u, on_v = offset <= 0, (offset >= length) & (offset > 0)
    between = ~(on_u | on_v)
    own, at_node = (graph.start, np.where(graph.on_public, graph.public, graph.start)) if schools else (graph.end, graph.ground)
    private = net.is_private[edge]
    by_u = between & (graph.against if schools else graph.along)[edge]
    by_v = between & (graph.along if schools else graph.against)[edge]
    state = {end: np.where(private, own[node], graph.public[node]) for end, node in (("u", u), ("v", v))}
    cost_u = dangers.weighted(edge, offset) + dangers.half[0, edge]
    cost_v = dangers.weighted(edge, length - offset) + dangers.half[1, edge]
    nothing = np.zeros(len(place), dtype=np.int64)
    found = [
        (place[which], at[which], mm[which], cost[which], nothing[which] + by)
        for which, at, mm, cost, by in (
            (on_u, at_node[u], nothing, nothing, 0),
            (on_v, at_node[v], nothing, nothing, 0),
            (by_u, state["u"], offset, cost_u, 1),
            (by_v, state["v"], length - offset, cost_v, 2),
        )
    ]
    of, at, mm, cost, by = (np.concatenate([f[k] for f in found]).astype(np.int64) for k in range(5))
    order = np.lexsort((by, at, of))
    of, extra = of[order], places.connector_mm[of[order]]
    return Ports(of, at[order], mm[order] + extra, cost[order] + extra, by[order])
