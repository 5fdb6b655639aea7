"""What is the shortest walk from or to private ground? Valhalla passes through it, so its answer is put together from three."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfmap.network import Network
    from judge.ground import Walk
    from judge.places import Spot

    Ask = Callable[[list["Leg"]], list[Walk | None]]

MOST_LEGS = 600  # public legs between the exits of two blocks; a walk that needs more is not put together


class Leg(NamedTuple):
    """A question: from longitude and latitude to longitude and latitude."""

    lon: float
    lat: float
    to_lon: float
    to_lat: float


class Exits:
    """Where private blocks (connected by private streets) touch public ground."""

    def __init__(self, network: Network) -> None:
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        private = network.is_private
        u, v = network.edge_u[private], network.edge_v[private]
        joined = coo_array((np.ones(len(u)), (u, v)), shape=(network.n_nodes, network.n_nodes))
        self._block = connected_components(joined, directed=False)[1]
        self._public = np.zeros(network.n_nodes, dtype=bool)
        self._public[network.edge_u[~private]] = self._public[network.edge_v[~private]] = True
        self._network = network

    def of(self, spot: Spot) -> list[tuple[float, float]]:
        """Places where one leaves the block of a private place; the place itself when it is public."""
        network = self._network
        if not network.is_private[spot.edge]:
            return [(spot.lon, spot.lat)]
        nodes = np.flatnonzero((self._block == self._block[network.edge_u[spot.edge]]) & self._public)
        return list(zip(network.node_lon[nodes].tolist(), network.node_lat[nodes].tolist(), strict=True))


def put_together(start: Spot, end: Spot, exits: Exits, *, on_private: Ask, on_public: Ask) -> tuple[bool, Walk | None]:
    """
    Shortest walk that is private, then public, then private, each part asked for on its own ground.

    Returns
    -------
    known
        False when there are too many exits to ask for.
    walk
        None where there is none.
    """
    outs, ins = exits.of(start), exits.of(end)
    if len(outs) * len(ins) > MOST_LEGS:
        return False, None
    here, there = (start.lon, start.lat), (end.lon, end.lat)
    first = on_private([Leg(*here, *x) for x in outs]) if outs != [here] else [_nothing()]
    last = on_private([Leg(*y, *there) for y in ins]) if ins != [there] else [_nothing()]
    middle = on_public([Leg(*x, *y) for x, y in product(outs, ins)])
    whole = [a.then(b).then(c) for (a, c), b in zip(product(first, last), middle, strict=True) if a and b and c]
    return True, min(whole, key=lambda walk: walk.metres, default=None)


def _nothing() -> Walk:
    from judge.ground import Walk

    return Walk(0.0, 0.0, 0, [])
