"""
Where does the edge of the ground near pieces cross the lines of a grid: the compiled inner loops.

A widened piece cuts every grid line in one stretch, known exactly. Over all pieces only four things are kept for a node: whether
it is covered, and how far beyond it the covered stretches reach in each direction. That is marching squares with true
crossings instead of interpolated ones, for a few operations per piece and grid line.
"""

from __future__ import annotations

from math import ceil, floor, sqrt
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from cfmap.geometry._tiles import SIDE, grown

if TYPE_CHECKING:
    from numpy.typing import NDArray

NODES = SIDE + 1
TOUCH = 1e-6  # cells
MARGIN_CM = 2  # a crossing stays this far from the nodes, so that no two ever fall together
ONE = np.uint64(1)
INNER = np.uint64(2**63 - 1)  # the cells of a row
ALL = np.uint64(2**64 - 1)
SEQUENCE = np.uint64(0x03F79D71B4CB0A89)  # de Bruijn: each power of two times it has its own first six bits
TOP = np.uint64(58)
PLACE = np.zeros(64, dtype=np.int64)
PLACE[[((1 << i) * int(SEQUENCE) % 2**64) >> 58 for i in range(64)]] = np.arange(64)
# sides of a cell counterclockwise from below, by its covered corners (bits counterclockwise from below left): where a
# piece of the contour starts (covered ground ends) and where it ends; the two cases with corners across are decided apart
START = np.array([-1, 0, 1, 1, 2, -1, 2, 2, 3, 0, -1, 1, 3, 0, 3, -1])
END = np.array([-1, 3, 0, 3, 1, -1, 0, 3, 2, 2, -1, 2, 1, 1, 0, -1])


@njit(cache=True, nogil=True, error_model="numpy")
def _stretch(c: float, ax: float, ay: float, bx: float, by: float, ux: float, uy: float, inverse: float, length: float, radius: float) -> tuple[float, float]:
    """Where the line at height `c` is nearer than `radius` to the piece from a to b; from above to where it is not."""
    low, high = 1e300, -1e300
    square = radius * radius
    rest = square - (c - ay) * (c - ay)
    if rest > 0.0:
        half = sqrt(rest)
        low, high = ax - half, ax + half
    rest = square - (c - by) * (c - by)
    if rest > 0.0:
        half = sqrt(rest)
        low, high = min(low, bx - half), max(high, bx + half)
    if inverse != 0.0:
        side = ux * radius
        along = (c - ay - side) * inverse
        if 0.0 <= along <= length:
            x = ax - uy * radius + ux * along
            low, high = min(low, x), max(high, x)
        along = (c - ay + side) * inverse
        if 0.0 <= along <= length:
            x = ax + uy * radius + ux * along
            low, high = min(low, x), max(high, x)
    return low, high


@njit(cache=True, nogil=True, error_model="numpy")
def _cover(
    grid: NDArray[np.float64],
    members: NDArray[np.int64],
    radius: float,
    row0: int,
    column0: int,
    cell_cm: int,
    near: NDArray[np.uint64],
    beyond: tuple[NDArray[np.uint16], NDArray[np.uint16], NDArray[np.uint16], NDArray[np.uint16]],
) -> None:
    """Add the ground of some pieces to a tile. Everything is reckoned from the whole grid, so that neighbouring tiles agree to the last bit."""
    left, right, down, up = beyond
    for member in members:
        ax, ay, bx, by = grid[member, 0], grid[member, 1], grid[member, 2], grid[member, 3]
        if by < ay or (by == ay and bx < ax):  # the same numbers whichever way it is drawn
            ax, ay, bx, by = bx, by, ax, ay
        length = sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay))
        ux, uy = ((bx - ax) / length, (by - ay) / length) if length > 0.0 else (0.0, 0.0)
        per_x, per_y = 1.0 / ux if ux != 0.0 else 0.0, 1.0 / uy if uy != 0.0 else 0.0
        for row in range(max(row0, ceil(ay - radius)), min(row0 + SIDE, floor(by + radius)) + 1):
            low, high = _stretch(float(row), ax, ay, bx, by, ux, uy, per_y, length, radius)
            first, last = floor(low) + 1, ceil(high) - 1
            i, j = first - column0, last - column0
            if low > high or i > j or j < 0 or i > SIDE:
                continue
            k = np.uintp(row - row0)
            if i >= 0:
                left[k, i] = max(left[k, i], np.uint16((first - low) * cell_cm + 0.5))
            if j <= SIDE:
                right[k, j] = max(right[k, j], np.uint16((high - last) * cell_cm + 0.5))
            i, j = max(i, 0), min(j, SIDE)
            near[k] |= ALL >> np.uint64(SIDE - j + i) << np.uint64(i)
        for column in range(max(column0, ceil(min(ax, bx) - radius)), min(column0 + SIDE, floor(max(ax, bx) + radius)) + 1):
            low, high = _stretch(float(column), ay, ax, by, bx, uy, ux, per_x, length, radius)
            first, last = floor(low + TOUCH) + 1, ceil(high - TOUCH) - 1  # rows say which nodes are covered; columns must not claim more
            i, j = first - row0, last - row0
            if low > high or i > j or j < 0 or i > SIDE:
                continue
            k = np.uintp(column - column0)
            if i >= 0:
                down[i, k] = max(down[i, k], np.uint16((first - low) * cell_cm + 0.5))
            if j <= SIDE:
                up[j, k] = max(up[j, k], np.uint16((high - last) * cell_cm + 0.5))


@njit(cache=True, nogil=True)
def _follow(
    row0: int,
    column0: int,
    cell_cm: int,
    width: int,
    hold_cm: int,
    near: NDArray[np.uint64],
    beyond: tuple[NDArray[np.uint16], NDArray[np.uint16], NDArray[np.uint16], NDArray[np.uint16]],
    lines: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    n: int,
    border: tuple[NDArray[np.int64], NDArray[np.int64]],
    borders: int,
    numbers: NDArray[np.int64],
) -> tuple[int, int]:
    """Marching squares over one tile, row by row; crossings are numbered from `n`, those on the tile's border also listed from `borders`."""
    left, right, down, up = beyond
    x, y, following, hold = lines
    key, number = border
    below, above, aside = np.empty(NODES, dtype=np.int64), np.empty(NODES, dtype=np.int64), np.empty(NODES, dtype=np.int64)
    edge = np.empty(4, dtype=np.int64)
    behind = np.uint64(0)
    for row in range(NODES):
        word, under = near[row], near[max(row - 1, 0)]
        ahead = (word ^ (word >> ONE)) & INNER
        bits = ahead
        while bits:  # crossings along this row
            bit = bits & (~bits + ONE)
            bits ^= bit
            c = PLACE[(bit * SEQUENCE) >> TOP]
            place = np.int64(right[row, c]) if word & bit else cell_cm - left[row, c + 1]
            place = min(cell_cm - MARGIN_CM, max(MARGIN_CM, place))
            x[n], y[n] = (column0 + c) * cell_cm + place, (row0 + row) * cell_cm
            hold[n], following[n] = np.int64(min(place, cell_cm - place) < hold_cm), -1
            above[c] = numbers[0, row, c] = n
            if row in (0, SIDE):
                key[borders], number[borders] = 2 * ((row0 + row) * width + column0 + c), n
                borders += 1
            n += 1
        crossed = under ^ word
        bits = crossed
        while bits:  # crossings from the row before up to this one
            bit = bits & (~bits + ONE)
            bits ^= bit
            c = PLACE[(bit * SEQUENCE) >> TOP]
            place = np.int64(up[row - 1, c]) if under & bit else cell_cm - down[row, c]
            place = min(cell_cm - MARGIN_CM, max(MARGIN_CM, place))
            x[n], y[n] = (column0 + c) * cell_cm, (row0 + row - 1) * cell_cm + place
            hold[n], following[n] = np.int64(min(place, cell_cm - place) < hold_cm), -1
            aside[c] = numbers[1, row, c] = n
            if c in (0, SIDE):
                key[borders], number[borders] = 2 * ((row0 + row - 1) * width + column0 + c) + 1, n
                borders += 1
            n += 1
        bits = (crossed | crossed >> ONE | behind | ahead) & INNER if row else np.uint64(0)
        while bits:  # cells between the two rows
            bit = bits & (~bits + ONE)
            bits ^= bit
            c = PLACE[(bit * SEQUENCE) >> TOP]
            low, high = np.int64(under >> np.uint64(c) & np.uint64(3)), np.int64(word >> np.uint64(c) & np.uint64(3))
            corners = low | (high & 1) << 3 | (high & 2) << 1
            edge[0], edge[1], edge[2], edge[3] = below[c], aside[c + 1], above[c], aside[c]
            if corners in (5, 10):  # covered corners across: joined where they reach more than half way, so that more ground never parts them
                if corners == 5:
                    total = np.int64(right[row - 1, c]) + up[row - 1, c] + left[row, c + 1] + down[row, c + 1]
                else:
                    total = np.int64(left[row - 1, c + 1]) + up[row - 1, c + 1] + right[row, c] + down[row, c]
                start, turn = (0 if corners == 5 else 1), (1 if total > 2 * cell_cm else 3)
                following[edge[start]] = edge[(start + turn) % 4]
                following[edge[start + 2]] = edge[(start + 2 + turn) % 4]
                hold[edge[0]] = hold[edge[1]] = hold[edge[2]] = hold[edge[3]] = 1
            else:
                following[edge[START[corners]]] = edge[END[corners]]
        behind = ahead
        below, above = above, below
    return n, borders


@njit(cache=True, nogil=True)
def _compare(
    earlier: NDArray[np.int64],
    now: NDArray[np.int64],
    x: NDArray[np.int64],
    y: NDArray[np.int64],
    hold: NDArray[np.int64],
    same: NDArray[np.int64],
) -> None:
    """Where two bands cross the same grid edge: the same crossing, or two that both must stay."""
    for way in range(2):
        for row in range(NODES):
            for c in range(NODES):
                one, other = now[way, row, c], earlier[way, row, c]
                if one >= 0 and other >= 0:
                    if x[one] == x[other] and y[one] == y[other]:
                        same[one] = other
                    else:
                        hold[one] = hold[other] = 1


@njit(cache=True, nogil=True)
def crossings(
    grid: NDArray[np.float64],
    work: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    radius: float,
    cell_cm: int,
    width: int,
    hold_cm: int,
) -> tuple[NDArray[np.int64], ...]:
    """
    Marching squares over a list of tiles: the contour of the ground nearer than `radius` to the pieces, that ground to its left.

    Parameters
    ----------
    grid
        Pieces (n, 4) in cells.
    work
        ``row, column, fresh, begin, end, members`` of :class:`cfmap.geometry._tiles.Tiles`.
    radius
        Half width in cells.
    cell_cm, width
        Centimetres of a cell; nodes in a row of the grid.
    hold_cm
        Nearer than this to a node, a crossing must not be thinned out; nor where two bands cross a grid edge at different places.

    Returns
    -------
    x, y
        Crossings in centimetres from the grid's corner, each on a grid edge.
    following
        The next crossing along the contour; -1 where it lies in the neighbouring tile.
    hold
        Whether a crossing must stay where it is when lines are thinned (0 or 1).
    same
        The crossing of the band before at the same place, or -1.
    key, number
        Grid edge and position of the crossings on tile borders, which both tiles have.
    first, first_border
        Where the crossings, and those on borders, of each entry begin; one more than entries.
    """
    row0, column0, fresh, begin, end, members = work
    near = np.zeros(NODES, dtype=np.uint64)
    beyond = (
        np.zeros((NODES, NODES), dtype=np.uint16),
        np.zeros((NODES, NODES), dtype=np.uint16),
        np.zeros((NODES, NODES), dtype=np.uint16),
        np.zeros((NODES, NODES), dtype=np.uint16),
    )
    earlier, now = np.empty((2, NODES, NODES), dtype=np.int64), np.empty((2, NODES, NODES), dtype=np.int64)
    most = 2 * NODES * NODES
    x, y = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    following, same = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    hold = np.empty(most, dtype=np.int64)
    key, number = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    first, first_border = np.empty(len(fresh) + 1, dtype=np.int64), np.empty(len(fresh) + 1, dtype=np.int64)
    n, borders = 0, 0
    for t in range(len(fresh)):
        first[t], first_border[t] = n, borders
        several = not fresh[t] or (t + 1 < len(fresh) and not fresh[t + 1])  # the tile has more than one band
        if fresh[t]:
            near[:] = np.uint64(0)
            for reach in beyond:
                reach[:] = np.uint16(0)
        if several:
            earlier, now = now, earlier
            now[:] = -1
        _cover(grid, members[begin[t] : end[t]], radius, row0[t], column0[t], cell_cm, near, beyond)
        x, y, following, same, hold = grown(x, n + most), grown(y, n + most), grown(following, n + most), grown(same, n + most), grown(hold, n + most)
        key, number = grown(key, borders + 4 * NODES), grown(number, borders + 4 * NODES)
        n, borders = _follow(row0[t], column0[t], cell_cm, width, hold_cm, near, beyond, (x, y, following, hold), n, (key, number), borders, now)
        for i in range(first[t], n):
            same[i] = -1
        if not fresh[t]:
            _compare(earlier, now, x, y, hold, same)
    first[len(fresh)], first_border[len(fresh)] = n, borders
    return x[:n], y[:n], following[:n], hold[:n], same[:n], key[:borders], number[:borders], first, first_border
