"""What would one site more change? Only the places that it brings nearer are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cfmap.network.catchments import nodes_of_balls, starts_of
from cfmap.network.graph import SOURCE, millimetres

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cfmap.network.snap import Snapped
    from cfmap.network.travel import TravelField


class Nearer(NamedTuple):
    """
    Nodes that each of several new sites would bring nearer, if it came alone.

    Attributes
    ----------
    first
        ``first[i]:first[i + 1]`` are the entries of new site i.
    node
        Position of the node; for each site in the order of the search, which is the same in every run.
    mm
        Distance to the new site, millimetres.
    before_mm
        Distance to the nearest of the sites there are, -1 = none within the limit.
    """

    first: NDArray[np.int64]
    node: NDArray[np.int32]
    mm: NDArray[np.int32]
    before_mm: NDArray[np.int64]


def one_more(field: TravelField, places: Snapped, *, site: NDArray[np.int64] | None = None, connectors: bool = True, threads: int | None = None) -> Nearer:
    """
    What each new site would bring nearer than it is now.

    Parameters
    ----------
    field
        Distances to the sites there are; it stays as it is.
    places
        Entrances of the new sites, snapped; a site that is off the network brings nothing nearer.
    site, threads
        As :func:`cfmap.network.catchments.catchments`.
    connectors
        As in the search that made the field.

    Returns
    -------
    nearer
        A node as far from a new site as from another is not nearer. A trial costs the states it brings nearer, not a
        new search: tens of microseconds on a million nodes with a thousand sites.
    """
    starts = starts_of(field.graph, places, site, connectors=connectors)
    starts = starts._replace(label=starts.label | SOURCE)  # loses every tie
    first, node, mm = nodes_of_balls(field.graph, starts, field.limit, field.label, threads)
    return Nearer(first, node, mm, millimetres(field.label[field.graph.ground[node]]))
