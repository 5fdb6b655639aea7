"""What is the course of a stretch of an edge between two distances from its start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cfmap.network import Network
    from cfmap.network.travel import EdgeParts


def cut(network: Network, edge: NDArray[np.int64], from_mm: NDArray[np.int64], to_mm: NDArray[np.int64]) -> NDArray[np.object_]:
    """
    Lines of stretches of edges, in degrees.

    Parameters
    ----------
    edge
        Positions of edges.
    from_mm, to_mm
        Where the stretch begins and ends, millimetres from the edge's start; ``0 <= from_mm <= to_mm <= edge_mm``.

    Returns
    -------
    lines
        LineStrings in the direction of the edges, every vertex between the ends kept, the ends interpolated; a
        stretch without length has its two ends at one place.
    """
    edge = np.asarray(edge, dtype=np.int64)
    number = np.arange(len(edge))
    first = network.edge_first[edge]
    counts = network.edge_first[edge + 1] - first
    owner = np.repeat(number, counts)
    vertex = np.repeat(first - np.r_[0, np.cumsum(counts)[:-1]], counts) + np.arange(counts.sum()) if len(edge) else np.zeros(0, dtype=np.int64)
    mm = network.vertex_mm[vertex]
    inside = (mm > from_mm[owner]) & (mm < to_mm[owner])
    start, end = (_at(network, edge, where) for where in (from_mm, to_mm))
    owner = np.r_[number, owner[inside], number]
    along = np.r_[from_mm, mm[inside], to_mm]
    place = np.vstack([start, np.column_stack([network.vertex_lon, network.vertex_lat])[vertex[inside]], end])
    order = np.lexsort((np.arange(len(owner)), along, owner))
    return np.asarray(shapely.linestrings(place[order], indices=owner[order]), dtype=object)


def with_length(parts: EdgeParts) -> EdgeParts:
    """Only the parts that have a length."""
    longer = parts.to_mm > parts.from_mm
    return type(parts)(*(column[longer] for column in parts))  # type: ignore[arg-type]


def joined(edge: NDArray[np.int64], from_mm: NDArray[np.int64], to_mm: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Stretches in order of edge and place, those that touch made one."""
    if not len(edge):
        return edge, from_mm, to_mm
    begins = np.r_[True, (edge[1:] != edge[:-1]) | (from_mm[1:] > to_mm[:-1])]
    last = np.r_[np.flatnonzero(begins)[1:] - 1, len(edge) - 1]
    return edge[begins], from_mm[begins], to_mm[last]


def _at(network: Network, edge: NDArray[np.int64], mm: NDArray[np.int64]) -> NDArray[np.float64]:
    """Longitude and latitude of places on edges."""
    # one rising key over all vertices: distance along the edge plus the length of all edges before it
    base = np.r_[0, np.cumsum(network.edge_mm + 1)]
    vertices_of = np.diff(network.edge_first)
    key = network.vertex_mm + np.repeat(base[:-1], vertices_of)
    right = np.searchsorted(key, base[edge] + mm, side="right")
    right = np.clip(right, network.edge_first[edge] + 1, network.edge_first[edge + 1] - 1)
    left = right - 1
    span = network.vertex_mm[right] - network.vertex_mm[left]
    share = np.divide(mm - network.vertex_mm[left], span, out=np.zeros(len(edge)), where=span > 0)
    return np.column_stack([a[left] + share * (a[right] - a[left]) for a in (network.vertex_lon, network.vertex_lat)])
