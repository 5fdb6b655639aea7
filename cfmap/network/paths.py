"""By which streets does the shortest walk go? Steps from every place towards its nearest source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cfmap.network.graph import NONE, plus
from cfmap.network.travel import source_labels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cfmap.network.snap import Snapped
    from cfmap.network.travel import TravelField


@dataclass(frozen=True, eq=False)
class Paths:
    """
    The shortest walks of a search, as a tree.

    Attributes
    ----------
    field
        The search.
    next_state
        For each state of the search the next one towards the source, -1 where the walk leaves the junctions (the source stands on
        `edge` there, or at the junction itself) or nothing was reached.
    edge
        Edge walked next, -1 = none: a step from one ground of a junction to another, or the source stands here.
    along
        Whether that edge is walked in its own direction.
    source
        Position of the source that a walk ends at without another junction, -1 elsewhere.
    """

    field: TravelField
    next_state: NDArray[np.int64]
    edge: NDArray[np.int64]
    along: NDArray[np.bool_]
    source: NDArray[np.int64]

    def node(self, state: int) -> int:
        """Junction of a state."""
        return int(self.field.graph.node_of[state])


def paths(field: TravelField, *, connectors: bool = True) -> Paths:
    """
    Shortest walks to the nearest source from everywhere that a search reached.

    Parameters
    ----------
    field
        From :func:`cfmap.network.travel.travel`.
    connectors
        As that search was asked.

    Returns
    -------
    paths
        Of equally short walks the one over the lower edge, whatever the order of the points asked; the length of every walk is the search's.
    """
    graph, network, label = field.graph, field.network, field.label
    n = graph.n_states
    tail, head, edge, along, mm = _arcs(field)
    fits = (label[tail] != NONE) & (plus(label[tail], mm, np.ones(len(mm), dtype=bool)) == label[head])
    tail, head, edge, along, mm = (column[fits] for column in (tail, head, edge, along, mm))
    next_state, used = np.full(n, -1, dtype=np.int64), np.full(n, -1, dtype=np.int64)
    forward, source = np.zeros(n, dtype=bool), np.full(n, -1, dtype=np.int64)

    ports = graph.entries(field.sources)
    at_source = source_labels(field.sources, connectors=connectors)
    starts = plus(at_source[ports.place], ports.mm, np.ones(len(ports.mm), dtype=bool)) == label[ports.state]
    for place, state, away in sorted(zip(ports.place[starts].tolist(), ports.state[starts].tolist(), ports.mm[starts].tolist(), strict=True), reverse=True):
        source[state] = place
        if away > 0:
            e = used[state] = int(field.sources.edge[place])
            forward[state] = network.edge_u[e] == graph.node_of[state] and (network.edge_u[e] != network.edge_v[e] or away == field.sources.offset_mm[place])
        else:
            used[state] = -1
    settled = source >= 0
    order = np.lexsort((tail, edge, mm == 0))
    tail, head, edge, along, mm = (column[order] for column in (tail, head, edge, along, mm))
    longer = mm > 0
    while True:  # steps with a length first; those without only towards what is settled, so that no walk goes in a circle
        open_ = ~settled[head] & (longer | settled[tail])
        states, at = np.unique(head[open_], return_index=True)
        if not len(states):
            break
        chosen = np.flatnonzero(open_)[at]
        next_state[states], used[states], forward[states] = tail[chosen], edge[chosen], ~along[chosen]
        settled[states] = True
        longer = np.zeros(len(mm), dtype=bool)
    return Paths(field, next_state, used, forward, source)


def first_steps(found: Paths, places: Snapped) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Where walks from places enter the tree.

    Returns
    -------
    state, source
        The first junction's state, or -1 with the position of a source on the place's own edge that is met without any junction; both
        -1 where there is no walk.
    """
    field = found.field
    label = field.labels_at(places)
    label[label > field.limit] = NONE
    state, source = np.full(len(places), -1, dtype=np.int64), np.full(len(places), -1, dtype=np.int64)
    exits = field.graph.exits(places)
    by_junction = plus(field.label[exits.state], exits.mm, np.ones(len(exits.mm), dtype=bool))
    fits = (by_junction == label[exits.place]) & (by_junction != NONE)
    for place, at in sorted(zip(exits.place[fits].tolist(), exits.state[fits].tolist(), strict=True), reverse=True):
        state[place] = at
    direct = (state < 0) & (label != NONE)
    source[direct] = (label[direct] & np.uint64(0xFFFFFFFF)).astype(np.int64)
    return state, source


def _arcs(field: TravelField) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
    """Arcs of the search with the edge of each: tail, head (away from the sources), edge (-1 = within a junction), its direction, millimetres."""
    graph, net = field.graph, field.network
    u, v, private = net.edge_u, net.edge_v, net.is_private
    tails, heads, edges, ways, lengths = [], [], [], [], []
    for chosen, state in ((~private, graph.public), (private, graph.start), (private, graph.end)):
        for a, b, allowed, forwards in ((u, v, graph.along, True), (v, u, graph.against, False)):
            which = np.flatnonzero(chosen & allowed)
            tails.append(state[a[which]])
            heads.append(state[b[which]])
            edges.append(which)
            ways.append(np.full(len(which), forwards))
            lengths.append(net.edge_mm[which])
    doubled = np.flatnonzero(graph.end > graph.start)
    for here, beyond in ((graph.start, graph.public), (graph.public, graph.end)):
        tails.append(here[doubled])
        heads.append(beyond[doubled])
        edges.append(np.full(len(doubled), -1))
        ways.append(np.zeros(len(doubled), dtype=bool))
        lengths.append(np.zeros(len(doubled), dtype=np.int64))
    return (
        np.concatenate(tails).astype(np.int64),
        np.concatenate(heads).astype(np.int64),
        np.concatenate(edges).astype(np.int64),
        np.concatenate(ways).astype(bool),
        np.concatenate(lengths).astype(np.int64),
    )


__all__ = ["Paths", "first_steps", "paths"]
