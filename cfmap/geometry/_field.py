"""How far is every node of a grid from the nearest street piece, and where does that pass a limit: the compiled inner loops."""

from __future__ import annotations

from math import ceil, floor, sqrt
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


@njit(cache=True, nogil=True)
def nearest_squared(field: NDArray[np.float64], left: float, bottom: float, cell: float, segments: NDArray[np.float64], reach: float) -> None:
    """
    Lower `field` (squared metres, rows upwards, node 0, 0 at `left`, `bottom`) to the squared distance of the nearest of `segments`.

    Nodes farther than `reach` from a segment are not touched by it.
    """
    rows, columns = field.shape
    for s in range(len(segments)):
        x1, y1, x2, y2 = segments[s, 0], segments[s, 1], segments[s, 2], segments[s, 3]
        dx, dy = x2 - x1, y2 - y1
        squared = dx * dx + dy * dy
        inverse = 1.0 / squared if squared > 0.0 else 0.0
        first_row = max(0, ceil((min(y1, y2) - reach - bottom) / cell))
        last_row = min(rows - 1, floor((max(y1, y2) + reach - bottom) / cell))
        for row in range(first_row, last_row + 1):
            py = bottom + row * cell - y1
            # only the stretch of the segment whose height is within reach of this row can be near it
            low, high = 0.0, 1.0
            if abs(dy) > 1e-9:
                low, high = (py - reach) / dy, (py + reach) / dy
                low, high = max(0.0, min(low, high)), min(1.0, max(low, high))
            from_x, to_x = x1 + low * dx, x1 + high * dx
            first = max(0, ceil((min(from_x, to_x) - reach - left) / cell))
            last = min(columns - 1, floor((max(from_x, to_x) + reach - left) / cell))
            for column in range(first, last + 1):
                px = left + column * cell - x1
                t = (px * dx + py * dy) * inverse
                t = min(1.0, max(0.0, t))
                ex, ey = px - t * dx, py - t * dy
                d = ex * ex + ey * ey
                if d < field[row, column]:
                    field[row, column] = d


@njit(cache=True, nogil=True)
def crossings(
    field: NDArray[np.float64], level: float, margin: float, first_row: int, first_column: int, width: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """
    Marching squares: the pieces of the contour of ``sqrt(field)`` at `level`, nearer ground to their left.

    Parameters
    ----------
    field
        Squared metres at the nodes of a tile.
    margin
        A crossing keeps this share of a cell away from the nodes, so that no two ever fall together.
    first_row, first_column, width
        Place of the tile in the whole grid, and nodes in a row of that grid.

    Returns
    -------
    start, end
        Grid edges between which each piece runs, ``2 * node`` to the right and ``2 * node + 1`` upwards of a node.
        Every crossed edge is the start of one piece and the end of one.
    place
        Column and row of the crossing on the start edge, in cells of the whole grid.
    """
    rows, columns = field.shape
    limit = level * level
    room = 2 * (rows - 1) * (columns - 1)
    start, end, place = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64), np.empty((room, 2))
    corner, near, edge = np.empty(5), np.empty(5, dtype=np.bool_), np.empty(4, dtype=np.int64)
    count = 0
    for row in range(rows - 1):
        below_right, above_right = field[row, 0] < limit, field[row + 1, 0] < limit
        for column in range(columns - 1):
            below, above = below_right, above_right
            below_right, above_right = field[row, column + 1] < limit, field[row + 1, column + 1] < limit
            how_many = below + above + below_right + above_right
            if how_many in (0, 4):
                continue
            near[0], near[1], near[2], near[3], near[4] = below, below_right, above_right, above, below
            corner[0], corner[1] = sqrt(field[row, column]), sqrt(field[row, column + 1])
            corner[2], corner[3] = sqrt(field[row + 1, column + 1]), sqrt(field[row + 1, column])
            corner[4] = corner[0]
            x, y = first_column + column, first_row + row
            node = y * width + x
            edge[0], edge[1], edge[2], edge[3] = 2 * node, 2 * (node + 1) + 1, 2 * (node + width), 2 * node + 1
            # two near corners across: go round the far corner where the middle is near, else round the near one
            turn = 1 if how_many == 2 and (corner[0] + corner[1] + corner[2] + corner[3]) / 4 < level else 3
            for side in range(4):  # counterclockwise from below; a piece starts where one leaves the near ground
                if not near[side] or near[side + 1]:
                    continue
                to = (side + turn) % 4
                while near[to] or not near[to + 1]:
                    to = (to + turn) % 4
                here, there = corner[side], corner[side + 1]
                share = (level - here) / (there - here) if there > here else 0.5
                share = min(1.0 - margin, max(margin, share))
                start[count], end[count] = edge[side], edge[to]
                place[count, 0] = x + (share if side == 0 else 1.0 if side == 1 else 1.0 - share if side == 2 else 0.0)
                place[count, 1] = y + (0.0 if side == 0 else share if side == 1 else 1.0 if side == 2 else 1.0 - share)
                count += 1
    return start[:count].copy(), end[:count].copy(), place[:count].copy()


@njit(cache=True, nogil=True)
def cycles(following: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Order in which a permutation is walked through, cycle by cycle from its lowest member, and where each cycle begins (and the last ends)."""
    n = len(following)
    order, begins = np.empty(n, dtype=np.int64), np.empty(n + 1, dtype=np.int64)
    seen = np.zeros(n, dtype=np.bool_)
    done, found = 0, 0
    for lowest in range(n):
        if not seen[lowest]:
            begins[found] = done
            found += 1
            here = lowest
            while not seen[here]:
                seen[here] = True
                order[done] = here
                done += 1
                here = following[here]
    begins[found] = n
    return order, begins[: found + 1].copy()


@njit(cache=True, nogil=True)
def needed(xy: NDArray[np.float64], begins: NDArray[np.int64], tolerance: float) -> NDArray[np.bool_]:
    """
    Which vertices of rings must stay so that no dropped one lies more than `tolerance` off the drawn line.

    Ring k is ``xy[begins[k]:begins[k + 1]]``, not closed; its first and last vertex stay, and at least three. One
    pass: a chord grows as long as it covers what it skips.
    """
    keep = np.ones(len(xy), dtype=np.bool_)
    limit = tolerance * tolerance
    for ring in range(len(begins) - 1):
        start, stop = begins[ring], begins[ring + 1]
        left = stop - start
        for end in range(start + 2, stop):
            dx, dy = xy[end, 0] - xy[start, 0], xy[end, 1] - xy[start, 1]
            squared = dx * dx + dy * dy
            covers = left > 3
            k = start + 1
            while covers and k < end:
                px, py = xy[k, 0] - xy[start, 0], xy[k, 1] - xy[start, 1]
                t = (px * dx + py * dy) / squared if squared > 0.0 else 0.0
                t = min(1.0, max(0.0, t))
                covers = (px - t * dx) ** 2 + (py - t * dy) ** 2 <= limit
                k += 1
            if covers:
                keep[end - 1] = False
                left -= 1
            else:
                start = end - 1
    return keep
