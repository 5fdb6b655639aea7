"""How far is every node of a grid from the nearest street piece: the compiled inner loops."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


@njit(cache=True, nogil=True)
def nearest_squared(field: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64], segments: NDArray[np.float64], reach: float) -> None:
    """
    Lower `field` (squared metres, rows = y, columns = x, evenly spaced) to the squared distance of the nearest of `segments`.

    Nodes farther than `reach` from a segment are not touched by it.
    """
    rows, columns = field.shape
    left, bottom, cell = x[0], y[0], x[1] - x[0]
    for s in range(len(segments)):
        x1, y1, x2, y2 = segments[s, 0], segments[s, 1], segments[s, 2], segments[s, 3]
        dx, dy = x2 - x1, y2 - y1
        squared = dx * dx + dy * dy
        inverse = 1.0 / squared if squared > 0.0 else 0.0
        first_row = max(0, ceil((min(y1, y2) - reach - bottom) / cell))
        last_row = min(rows - 1, floor((max(y1, y2) + reach - bottom) / cell))
        first = max(0, ceil((min(x1, x2) - reach - left) / cell))
        last = min(columns - 1, floor((max(x1, x2) + reach - left) / cell))
        for row in range(first_row, last_row + 1):
            py = y[row] - y1
            for column in range(first, last + 1):
                px = x[column] - x1
                t = (px * dx + py * dy) * inverse
                t = min(1.0, max(0.0, t))
                ex, ey = px - t * dx, py - t * dy
                d = ex * ex + ey * ey
                if d < field[row, column]:
                    field[row, column] = d


@njit(cache=True, nogil=True)
def needed(ring: NDArray[np.float64], fixed: NDArray[np.bool_], tolerance: float) -> NDArray[np.bool_]:
    """
    Which vertices of a closed ring must stay so that no dropped one lies more than `tolerance` off the drawn line.

    The first and last vertex and the `fixed` ones stay. One pass: a chord grows as long as it covers what it skips.
    """
    keep = np.ones(len(ring), dtype=np.bool_)
    start, limit = 0, tolerance * tolerance
    for end in range(2, len(ring)):
        middle = end - 1
        covers = not (fixed[middle] or (fixed[start] and fixed[end]))  # two fixed ends keep what lies between them apart from the border
        dx, dy = ring[end, 0] - ring[start, 0], ring[end, 1] - ring[start, 1]
        squared = dx * dx + dy * dy
        k = start + 1
        while covers and k < end:
            px, py = ring[k, 0] - ring[start, 0], ring[k, 1] - ring[start, 1]
            t = (px * dx + py * dy) / squared if squared > 0.0 else 0.0
            t = min(1.0, max(0.0, t))
            covers = (px - t * dx) ** 2 + (py - t * dy) ** 2 <= limit
            k += 1
        if covers:
            keep[middle] = False
        else:
            start = middle
    return keep
