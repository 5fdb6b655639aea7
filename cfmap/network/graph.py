"""In which form are the streets searched? States and arcs, with every rule of the way already in them."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cfmap.model import InputError, fault
from cfmap.network.network import EdgeFlag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cfmap.network.contraction import Contraction
    from cfmap.network.network import Network
    from cfmap.network.snap import Snapped

#: A label is ``millimetres << 32 | source``: the smaller distance wins, and of equal ones the lower source.
NONE = np.uint64(0xFFFFFFFFFFFFFFFF)
SHIFT = np.uint64(32)
SOURCE = np.uint64(0xFFFFFFFF)
MAX_MM = (1 << 31) - 1  # 2,147 km: no walk is longer, and no sum of two labels overflows


class Ports(NamedTuple):
    """Where places join the graph: one row for each way between a place and a state."""

    place: NDArray[np.int64]  # position of the place
    state: NDArray[np.int64]
    mm: NDArray[np.int64]  # along the edge, connector not included


@dataclass(frozen=True, eq=False)
class SearchGraph:
    """
    What a search runs over: a directed graph in compressed rows, free of rules.

    Private edges are destination-only: a walk may begin and end on private ground but not pass through. This is
    written into the graph: a node that touches a private edge stands for three states - still on the private ground
    of the start, on public ground, already on the private ground of the end - joined by arcs without length in this
    order. Private edges join the first states with each other and the last ones, public edges the middle ones. A
    node without private edges is one state. So a plain shortest path in this graph is a walk that keeps the rule.

    Arcs point away from the sources: the way people go towards them, reversed (unless `reverse`).

    Attributes
    ----------
    name
        What the graph depends on beside the streets; names what is kept of it on disk.
    first, arc
        ``arc[first[s]:first[s + 1]]`` leave state s, each ``millimetres << 32 | state``.
    start, public, end
        State of each node: on the start's private ground, on public ground, on the end's private ground.
    on_public
        Which nodes lie on a public edge; a place exactly on such a node stands on public ground.
    along, against
        Whether the search may follow each edge from u to v, and from v to u.
    """

    network: Network
    name: str
    first: NDArray[np.uint32]
    arc: NDArray[np.uint64]
    start: NDArray[np.int32]
    public: NDArray[np.int32]
    end: NDArray[np.int32]
    on_public: NDArray[np.bool_]
    along: NDArray[np.bool_]
    against: NDArray[np.bool_]

    @property
    def n_states(self) -> int:
        """Number of states: nodes, and two more for each that touches a private edge."""
        return len(self.first) - 1

    @cached_property
    def contraction(self) -> Contraction:
        """The graph with its small junctions taken out, made when first used; see :mod:`cfmap.network.contraction`."""
        from cfmap.network.contraction import contract

        return contract(self)

    @property
    def is_contracted(self) -> bool:
        """Whether :attr:`contraction` was made: then searches for every place use it."""
        return "contraction" in self.__dict__

    @cached_property
    def ground(self) -> NDArray[np.int32]:
        """State in which a place exactly on a node is reached."""
        return np.where(self.on_public, self.public, self.end)

    @cached_property
    def longest_arc(self) -> np.uint64:
        """The highest arc."""
        return np.uint64(self.arc.max(initial=0))

    @cached_property
    def start_ground(self) -> NDArray[np.int32]:
        """State in which a walk begins that starts exactly on a node."""
        return np.where(self.on_public, self.public, self.start)

    @cached_property
    def node_of(self) -> NDArray[np.int32]:
        """Node of each state."""
        return np.repeat(np.arange(len(self.start), dtype=np.int32), self.end - self.start + 1)

    @cached_property
    def edge_ends(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """States from which a walk reaches into each edge, at u and at v."""
        net = self.network
        private = net.is_private
        return (
            np.where(private, self.end[net.edge_u], self.public[net.edge_u]),
            np.where(private, self.end[net.edge_v], self.public[net.edge_v]),
        )

    @cached_property
    def incidence(self) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
        """Edges that can be walked into from each state, in compressed rows; a loop once."""
        at_u, at_v = self.edge_ends
        twice = at_u != at_v
        edge = np.arange(self.network.n_edges, dtype=np.int32)
        state, edge = np.r_[at_u, at_v[twice]], np.r_[edge, edge[twice]]
        return rows(state, self.n_states), edge[np.argsort(state, kind="stable")]

    @cached_property
    def _scratch(self) -> deque[tuple[NDArray[np.uint64], NDArray[np.uint32]]]:
        return deque()

    @contextmanager
    def scratch(self) -> Iterator[tuple[NDArray[np.uint64], NDArray[np.uint32]]]:
        """Room for one bounded search: labels, all ``NONE``, and a list of states; to be left so. Kept for the next search."""
        try:
            room = self._scratch.pop()
        except IndexError:
            room = np.full(self.n_states, NONE, dtype=np.uint64), np.empty(self.n_states, dtype=np.uint32)
        yield room
        self._scratch.append(room)

    def entries(self, places: Snapped) -> Ports:
        """Where searches from places begin; places off the network have none."""
        return self._ports(places, self.start, self.start_ground, outwards=True)

    def exits(self, places: Snapped) -> Ports:
        """Where places are reached from; places off the network have none."""
        return self._ports(places, self.end, self.ground, outwards=False)

    def _ports(self, places: Snapped, private_state: NDArray[np.int32], node_state: NDArray[np.int32], *, outwards: bool) -> Ports:
        net = self.network
        place = np.flatnonzero(places.on_network)
        edge, offset = places.edge[place], places.offset_mm[place]
        u, v, mm = net.edge_u[edge], net.edge_v[edge], net.edge_mm[edge]
        on_u, on_v = offset <= 0, (offset >= mm) & (offset > 0)
        between = ~(on_u | on_v)
        private = net.is_private[edge]
        to_u, to_v = (self.against[edge], self.along[edge]) if outwards else (self.along[edge], self.against[edge])
        by_u, by_v = between & to_u, between & to_v
        at = np.where(private, private_state[u], self.public[u]), np.where(private, private_state[v], self.public[v])
        zero = np.zeros(len(place), dtype=np.int64)
        return Ports(
            np.r_[place[on_u], place[on_v], place[by_u], place[by_v]],
            np.r_[node_state[u[on_u]], node_state[v[on_v]], at[0][by_u], at[1][by_v]].astype(np.int64),
            np.r_[zero[on_u], zero[on_v], offset[by_u], (mm - offset)[by_v]],
        )


class OnEdges(NamedTuple):
    """Places in the middle of edges, by edge, offset and label."""

    edge: NDArray[np.int64]
    offset: NDArray[np.int64]
    label: NDArray[np.uint64]


def search_graph(network: Network, *, avoid_steps: bool = False, reverse: bool = False) -> SearchGraph:
    """
    Lay the streets out for searching.

    Parameters
    ----------
    network
        The streets.
    avoid_steps
        Stairs without a ramp are closed (prams).
    reverse
        Arcs point the way people go from sources to places instead.

    Returns
    -------
    graph
        States in the order of the nodes. Time and memory grow with the number of edges.

    Raises
    ------
    InputError
        An edge with a negative length, or longer than 2,147 km (E310).
    """
    from cfmap.network.cache import extra

    name = f"graph{'-no-steps' * avoid_steps}{'-reverse' * reverse}"
    return SearchGraph(network, name, **extra(network, name, lambda: _arrays(network, avoid_steps=avoid_steps, reverse=reverse)))


def _arrays(network: Network, *, avoid_steps: bool, reverse: bool) -> dict[str, NDArray[Any]]:
    if network.n_edges and not (network.edge_mm.min() >= 0 and network.edge_mm.max() <= MAX_MM):
        worst = int(network.edge_mm.argmin()) if network.edge_mm.min() < 0 else int(network.edge_mm.argmax())
        way, km = int(network.edge_way[worst]), f"{network.edge_mm[worst] / 1e6:,.3f}"
        raise InputError(fault("E310", file=network.source or None, way=way, km=km))
    flags = network.edge_flags
    forward = (flags & EdgeFlag.NO_FORWARD) == 0
    backward = (flags & EdgeFlag.NO_BACKWARD) == 0
    if avoid_steps:
        passable = ((flags & EdgeFlag.STEPS) == 0) | ((flags & EdgeFlag.RAMP) != 0)
        forward, backward = forward & passable, backward & passable
    along, against = (forward, backward) if reverse else (backward, forward)

    u, v, mm, private = network.edge_u, network.edge_v, network.edge_mm, network.is_private
    on_public, on_private = np.zeros(network.n_nodes, dtype=bool), np.zeros(network.n_nodes, dtype=bool)
    for touched, chosen in ((on_public, ~private), (on_private, private)):
        touched[u[chosen]] = True
        touched[v[chosen]] = True
    start = np.arange(network.n_nodes, dtype=np.int32)
    if on_private.any():
        start += (2 * (np.cumsum(on_private) - on_private)).astype(np.int32)
    public = start + on_private
    end = start + 2 * on_private
    n_states = network.n_nodes + 2 * int(on_private.sum())

    tails, heads, lengths = [], [], []
    for chosen, there, back in ((~private, public, public), (private, start, start), (private, end, end)):
        for a, b, allowed in ((u, v, along), (v, u, against)):
            which = chosen & allowed
            if which.any():
                tails.append(there[a[which]])
                heads.append(back[b[which]])
                lengths.append(mm[which])
    gates = np.flatnonzero(on_private)
    for here, beyond in ((start, public), (public, end)):
        tails.append(here[gates])
        heads.append(beyond[gates])
        lengths.append(np.zeros(len(gates), dtype=np.int64))
    tail = np.concatenate(tails)
    order = np.argsort(tail, kind="stable")
    arc = (np.concatenate(lengths)[order].astype(np.uint64) << SHIFT) | np.concatenate(heads)[order].astype(np.uint64)
    return {
        "first": rows(tail, n_states), "arc": arc, "start": start, "public": public, "end": end,
        "on_public": on_public, "along": along, "against": against,
    }  # fmt: skip


def rows(owner: NDArray[np.int32], count: int) -> NDArray[np.uint32]:
    """Where each row begins, and the last ends, for items that belong to `count` rows."""
    first = np.zeros(count + 1, dtype=np.uint32)
    np.cumsum(np.bincount(owner, minlength=count), out=first[1:])
    return first


def plus(label: NDArray[np.uint64], mm: NDArray[np.int64], allowed: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Labels further on by some millimetres; none where it is not allowed. Beyond the longest walk they stay there."""
    return np.where(allowed & (label != NONE), label + (np.minimum(mm, MAX_MM + 1).astype(np.uint64) << SHIFT), NONE)


def unpacked(label: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Millimetres and source of labels, both -1 for none (whose bits are all ones, as those of -1)."""
    return millimetres(label), label.astype(np.uint32).view(np.int32)


def millimetres(label: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Millimetres of labels, -1 for none."""
    mm: NDArray[np.int64] = label.view(np.int64) >> 32
    return mm


def limit_label(limit_mm: int | None) -> np.uint64:
    """Highest label within a distance (inclusive); None = any distance."""
    mm = MAX_MM if limit_mm is None else min(int(limit_mm), MAX_MM)
    if mm < 0:
        msg = f"limit {limit_mm} mm: a distance is not negative"
        raise ValueError(msg)
    return np.uint64((mm << 32) | 0xFFFFFFFF)
