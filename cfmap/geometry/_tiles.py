"""Which pieces can reach which tile of a grid: the work list of the map mode."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIDE = 63  # cells along a tile: the 64 nodes of a row are the bits of one word
GRID_NODES = 2**62  # more cannot be numbered


class Tiles(NamedTuple):
    """
    What to draw, in order: tile by tile, each once for every band that can reach it.

    Attributes
    ----------
    row, column
        First node of the tile.
    group
        ``owner * n_bands + band``.
    fresh
        Whether the entry opens a tile; otherwise it adds to the one before.
    begin, end
        Its pieces are ``members[begin:end]``.
    members
        Positions of pieces.
    """

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    group: NDArray[np.int64]
    fresh: NDArray[np.bool_]
    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    members: NDArray[np.int64]


def tiles(grid: NDArray[np.float64], reach: float, owner: NDArray[np.int64], band: NDArray[np.int64], n_bands: int) -> Tiles:
    """
    Work list of pieces (n, 4) in cells, every coordinate above `reach`, each widened by `reach` cells.

    Raises
    ------
    ValueError
        When the ground is too large for the grid.
    """
    members, row, column = spread(grid, reach)
    rows, columns, owners = (int(v.max()) + 1 for v in (row, column, owner))
    if 2 * owners * n_bands * rows * columns * (SIDE + 1) ** 2 > GRID_NODES:
        msg = f"{rows} x {columns} tiles of {SIDE} cells for each of {owners} owners are too many: are the pieces in metres, the cells wide enough?"
        raise ValueError(msg)
    key = ((owner[members] * rows + row) * columns + column) * n_bands + band[members]
    order = np.argsort(key, kind="stable")
    key, members = key[order], members[order]
    opens = np.flatnonzero(np.r_[True, key[1:] // n_bands != key[:-1] // n_bands])
    bands = n_bands - key[opens] % n_bands  # from the first band that reaches the tile to the last
    entry = np.repeat(key[opens] - np.cumsum(bands) + bands, bands) + np.arange(bands.sum())
    place = entry // n_bands
    fresh = np.zeros(len(entry), dtype=np.bool_)
    fresh[np.cumsum(bands) - bands] = True
    return Tiles(
        place // columns % rows * SIDE,
        place % columns * SIDE,
        place // (rows * columns) * n_bands + entry % n_bands,
        fresh,
        np.searchsorted(key, entry),
        np.searchsorted(key, entry, side="right"),
        members,
    )


@njit(cache=True, nogil=True)
def grown(values: NDArray[np.int64], room: int) -> NDArray[np.int64]:
    """The same array, or a longer one that begins like it, with at least `room` places."""
    if room <= len(values):
        return values
    longer = np.empty(2 * room, dtype=values.dtype)
    for i in range(len(values)):
        longer[i] = values[i]
    return longer


@njit(cache=True, nogil=True)
def spread(grid: NDArray[np.float64], reach: float) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Position of a piece, row and column of a tile, for every tile that the widened piece can reach."""
    room = 2 * len(grid) + 16
    members, rows, columns = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
    count = 0
    for piece in range(len(grid)):
        x1, y1, x2, y2 = grid[piece, 0], grid[piece, 1], grid[piece, 2], grid[piece, 3]
        lowest, highest = floor((min(y1, y2) - reach) / SIDE), floor((max(y1, y2) + reach) / SIDE)
        for row in range(lowest, highest + 1):
            # only the stretch of the piece whose height is within reach of this row of tiles
            low, high = 0.0, 1.0
            if highest > lowest + 1 and y1 != y2:
                low, high = (row * SIDE - reach - y1) / (y2 - y1), ((row + 1) * SIDE + reach - y1) / (y2 - y1)
                low, high = max(0.0, min(low, high)), min(1.0, max(low, high))
            from_x, to_x = x1 + low * (x2 - x1), x1 + high * (x2 - x1)
            first, last = floor((min(from_x, to_x) - reach) / SIDE), floor((max(from_x, to_x) + reach) / SIDE)
            room = count + last + 1 - first
            members, rows, columns = grown(members, room), grown(rows, room), grown(columns, room)
            for column in range(first, last + 1):
                members[count], rows[count], columns[count] = piece, row, column
                count += 1
    return members[:count], rows[:count], columns[:count]
