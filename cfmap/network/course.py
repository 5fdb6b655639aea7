"""What is the course of a stretch of an edge between two distances from its start."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    whole = (from_mm == 0) & (to_mm == network.edge_mm[edge])  # most stretches of most searches: drawn once
    drawn = network.whole_lines
    new = np.unique(edge[whole & shapely.is_missing(drawn[edge])])
    drawn[new] = _cut(network, new, np.zeros_like(new), network.edge_mm[new])
    lines: NDArray[np.object_] = drawn[edge]
    lines[~whole] = _cut(network, edge[~whole], from_mm[~whole], to_mm[~whole])
    return lines


def _cut(network: Network, edge: NDArray[np.int64], from_mm: NDArray[np.int64], to_mm: NDArray[np.int64]) -> NDArray[np.object_]:
    places, owner = course(network, np.column_stack([network.vertex_lon, network.vertex_lat]), edge, from_mm, to_mm)
    return np.asarray(shapely.linestrings(places, indices=owner), dtype=object)


def course(
    network: Network, vertices: NDArray[np.float64], edge: NDArray[np.int64], from_mm: NDArray[np.int64], to_mm: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """
    As :func:`cut`, in arrays: the places (n, 2) along all stretches, and the stretch each belongs to, ascending.

    `vertices` are the network's own in the coordinates wanted; ends are interpolated in them.
    """
    edge = np.asarray(edge, dtype=np.int64)
    number = np.arange(len(edge))
    first = network.edge_first[edge]
    counts = network.edge_first[edge + 1] - first
    owner = np.repeat(number, counts)
    vertex = np.repeat(first - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
    mm = network.vertex_mm[vertex]
    inside = (mm > from_mm[owner]) & (mm < to_mm[owner])
    owner, vertex = owner[inside], vertex[inside]
    # each stretch: its start, the vertices between, its end
    between = np.bincount(owner, minlength=len(edge))
    starts = np.cumsum(between + 2) - (between + 2)
    places = np.empty((len(vertex) + 2 * len(edge), 2))
    places[starts] = _at(network, vertices, edge, from_mm)
    places[starts + between + 1] = _at(network, vertices, edge, to_mm)
    places[np.arange(len(vertex)) + 2 * owner + 1] = vertices[vertex]
    return places, np.repeat(number, between + 2)


def bands(parts: EdgeParts, limits_mm: Sequence[int]) -> list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]]:
    """
    What each limit (ascending) adds to the one before: ``part, from_mm, to_mm`` of the stretches, those without length left out.

    Along a part the distance rises or falls by a millimetre per millimetre, so that a limit cuts it at one place.
    """
    rising = parts.arrival_to_mm >= parts.arrival_from_mm
    nearest = np.where(rising, parts.arrival_from_mm, parts.arrival_to_mm)
    length = parts.to_mm - parts.from_mm
    found = []
    done = np.zeros_like(length)
    for limit in limits_mm:
        upto = np.clip(limit - nearest, done, length)
        more = upto > done
        begins = np.where(rising, parts.from_mm + done, parts.to_mm - upto)[more]
        found.append((np.flatnonzero(more), begins, begins + (upto - done)[more]))
        done = upto
    return found


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


def _at(network: Network, vertices: NDArray[np.float64], edge: NDArray[np.int64], mm: NDArray[np.int64]) -> NDArray[np.float64]:
    """Places on edges."""
    base, key = _distances(network)
    right = np.searchsorted(key, base[edge] + mm, side="right")
    right = np.clip(right, network.edge_first[edge] + 1, network.edge_first[edge + 1] - 1)
    left = right - 1
    span = network.vertex_mm[right] - network.vertex_mm[left]
    share = np.divide(mm - network.vertex_mm[left], span, out=np.zeros(len(edge)), where=span > 0)
    placed: NDArray[np.float64] = vertices[left] + share[:, None] * (vertices[right] - vertices[left])
    return placed


@lru_cache(maxsize=2)
def _distances(network: Network) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    # one rising key over all vertices: distance along the edge plus the length of all edges before it
    base = np.r_[0, np.cumsum(network.edge_mm + 1)]
    return base, network.vertex_mm + np.repeat(base[:-1], np.diff(network.edge_first))
