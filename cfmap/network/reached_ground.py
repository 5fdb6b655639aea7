"""Which ground lies beside the reached parts of edges, for each owner and each limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from cfmap.geometry.dissolve import CELL_M, dissolve, dissolve_many, pieces_along
from cfmap.network.course import bands, course, with_length
from cfmap.network.plane import vertices_in_plane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pyproj import CRS

    from cfmap.geometry.dissolve import Dissolved, Mode
    from cfmap.network import Network
    from cfmap.network.travel import EdgeParts


def reached_ground(
    network: Network,
    parts: EdgeParts,
    limits_mm: Sequence[int],
    *,
    crs: CRS,
    buffer_m: float,
    mode: Mode = "map",
    cell_m: float = CELL_M,
    first: NDArray[np.int64] | None = None,
) -> list[Dissolved]:
    """
    Reached parts of edges, widened.

    Parameters
    ----------
    parts
        Parts of edges with their arrivals, as from :meth:`cfmap.network.TravelField.edge_parts` up to the longest limit.
    limits_mm
        Distances, ascending.
    crs, buffer_m
        Metric CRS of the result; ground on both sides of a part, metres.
    mode, cell_m
        As :func:`cfmap.geometry.dissolve.dissolve`.
    first
        Parts ``first[i]:first[i + 1]`` are of owner i (:func:`cfmap.network.catchments.catchment_parts`); None = all are of one owner.

    Returns
    -------
    areas
        In order of owner and then of limit, in metres; one without parts is empty. Wider limits contain narrower ones.
    """
    first = np.array([0, len(parts.edge)]) if first is None else first
    owners = len(first) - 1
    owner_of = np.repeat(np.arange(owners), np.diff(first))[parts.to_mm > parts.from_mm]
    parts = with_length(parts)
    vertices = vertices_in_plane(network, crs)
    stretches = [(which, *course(network, vertices, parts.edge[which], begin, end)) for which, begin, end in bands(parts, limits_mm)]
    if mode == "exact":
        lines = [np.asarray(shapely.linestrings(places, indices=stretch), dtype=object) for _, places, stretch in stretches]
        line, band = np.concatenate(lines), np.repeat(np.arange(len(lines)), [len(one) for one in lines])
        owner = owner_of[np.concatenate([which for which, _, _ in stretches])]
        return [dissolve(line[(owner == o) & (band <= k)], buffer_m=buffer_m, mode=mode) for o in range(owners) for k in range(len(limits_mm))]
    pieces = [pieces_along(places, stretch) for _, places, stretch in stretches]
    owner = np.concatenate([owner_of[which[stretch[1:][stretch[1:] == stretch[:-1]]]] for which, _, stretch in stretches])
    band = np.repeat(np.arange(len(pieces)), [len(one) for one in pieces])
    return dissolve_many(np.concatenate(pieces), owner, owners, buffer_m=buffer_m, cell_m=cell_m, band=band, n_bands=len(limits_mm))
