"""Which part of the network is all that a short walk can touch."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cfmap.network import Network, Snapped

M_PER_DEGREE = 110_574.0  # of latitude at the equator, the shortest
MARGIN_M = 20.0


def around(network: Network, doors: Snapped, *, reach_m: float) -> tuple[Network, NDArray[np.int64]]:
    """
    The streets near some doors as a network of their own, so that a short search costs nothing on a large one.

    Parameters
    ----------
    doors
        Places on the network; those off it are passed over.
    reach_m
        Longest walk from a door, metres.

    Returns
    -------
    part, edges
        Network of the edges whose bounding box meets the doors' box widened by `reach_m`, and their positions in the
        whole network, ascending. Tables (tags, crossings, components) are those of the whole.
    """
    on = doors.on_network
    west, south, east, north = _edge_bounds(network)
    if not on.any():
        edges = np.zeros(0, dtype=np.int64)
    else:
        lat = (reach_m + MARGIN_M) / M_PER_DEGREE
        lon = lat / np.cos(np.radians(min(89.0, float(np.abs(doors.lat[on]).max()) + lat)))
        meets = (
            (west <= doors.lon[on].max() + lon)
            & (east >= doors.lon[on].min() - lon)
            & (south <= doors.lat[on].max() + lat)
            & (north >= doors.lat[on].min() - lat)
        )
        edges = np.flatnonzero(meets)
    nodes, ends = np.unique(np.r_[network.edge_u[edges], network.edge_v[edges]], return_inverse=True)
    counts = np.diff(network.edge_first)[edges]
    first = np.r_[0, np.cumsum(counts)].astype(np.int64)
    vertex = np.repeat(network.edge_first[edges] - first[:-1], counts) + np.arange(first[-1])
    part = replace(
        network,
        node_lon=network.node_lon[nodes],
        node_lat=network.node_lat[nodes],
        node_id=network.node_id[nodes],
        node_component=network.node_component[nodes],
        edge_u=ends[: len(edges)].astype(np.int32),
        edge_v=ends[len(edges) :].astype(np.int32),
        edge_mm=network.edge_mm[edges],
        edge_way=network.edge_way[edges],
        edge_class=network.edge_class[edges],
        edge_flags=network.edge_flags[edges],
        edge_first=first,
        vertex_lon=network.vertex_lon[vertex],
        vertex_lat=network.vertex_lat[vertex],
        vertex_mm=network.vertex_mm[vertex],
    )
    return part, edges


def moved(places: Snapped, edges: NDArray[np.int64]) -> tuple[Snapped, NDArray[np.int64]]:
    """Places that stand on some edges, with positions among those edges, and which of the places they are."""
    here = np.searchsorted(edges, places.edge)
    inside = np.flatnonzero(places.on_network & (here < len(edges)))
    inside = inside[edges[here[inside]] == places.edge[inside]]
    return replace(places.take(inside), edge=here[inside].astype(np.int64)), inside


@lru_cache(maxsize=2)
def _edge_bounds(network: Network) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    if not network.n_edges:
        none = np.zeros(0)
        return none, none, none, none
    first = network.edge_first[:-1]
    lon, lat = network.vertex_lon, network.vertex_lat
    return np.minimum.reduceat(lon, first), np.minimum.reduceat(lat, first), np.maximum.reduceat(lon, first), np.maximum.reduceat(lat, first)
