"""Does another way really run beside this one? For roads whose sidewalk is said to be mapped on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cfmap.network.build import Edges, Ways

STEP_M = 10.0  # distance of the places along an edge at which its surroundings are looked at


def beside(
    ways: Ways, edges: Edges, candidates: NDArray[np.int64], companions: NDArray[np.int64], *, within_m: float, share: float, degrees: float
) -> NDArray[np.bool_]:
    """
    Which candidate edges have a companion beside them along most of their length.

    Parameters
    ----------
    ways, edges
        The streets.
    candidates, companions
        Positions of edges.
    within_m
        Largest distance sideways (metres).
    share
        Least share of an edge's length that must be accompanied (0 to 1).
    degrees
        Largest angle between the two courses.

    Returns
    -------
    accompanied
        One value per candidate.
    """
    import shapely

    x, y = _metres(ways, edges)
    edge, ax, ay, bx, by = _segments(edges, candidates, x, y)
    _, cx, cy, dx, dy = _segments(edges, companions, x, y)
    length = np.hypot(bx - ax, by - ay)
    pieces = np.maximum(np.ceil(length / STEP_M), 1).astype(np.int64)
    of = np.repeat(np.arange(len(edge)), pieces)
    nth = np.arange(len(of)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    t = (nth + 0.5) / pieces[of]
    places = shapely.points(ax[of] + t * (bx - ax)[of], ay[of] + t * (by - ay)[of])
    lines = np.asarray(shapely.linestrings(np.stack([np.column_stack([cx, cy]), np.column_stack([dx, dy])], axis=1)))
    place, line = shapely.STRtree(lines).query(places, predicate="dwithin", distance=within_m)
    here = np.arctan2((by - ay)[of[place]], (bx - ax)[of[place]])
    there = np.arctan2((dy - cy)[line], (dx - cx)[line])
    apart = np.abs((here - there + np.pi / 2) % np.pi - np.pi / 2)
    accompanied = np.zeros(len(of), dtype=bool)
    accompanied[place[apart <= np.radians(degrees)]] = True
    weight = (length / pieces)[of]
    whole = np.bincount(edge[of], weights=weight, minlength=len(candidates))
    part = np.bincount(edge[of], weights=weight * accompanied, minlength=len(candidates))
    result: NDArray[np.bool_] = (whole > 0) & (part >= share * whole)
    return result


def _metres(ways: Ways, edges: Edges) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    lon, lat = ways.lon[edges.vertex], ways.lat[edges.vertex]
    # a plane good to 0.1 % over a few hundred metres is enough here: degrees scaled at each vertex's own latitude would
    # bend lines, so one latitude is taken per city
    middle = np.radians(float(np.median(lat)))
    return (lon - lon[0]) * 111_320.0 * np.cos(middle), (lat - lat[0]) * 110_950.0


def _segments(
    edges: Edges, chosen: NDArray[np.int64], x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    counts = edges.first[chosen + 1] - edges.first[chosen] - 1
    begin = np.cumsum(counts) - counts
    start = np.repeat(edges.first[chosen] - begin, counts) + np.arange(int(counts.sum()))
    return np.repeat(np.arange(len(chosen)), counts), x[start], y[start], x[start + 1], y[start + 1]
