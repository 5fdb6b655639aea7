"""Which segments pass near a point? A grid of square cells in plain arrays, which can be kept and mapped."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

CELL_M = 40.0  # a few segments each in a town; half and double the size cost more
CELLS_PER_SEGMENT = 4  # wider cells beyond, for a network spread thinly over a country
PAIRS_AT_ONCE = 1 << 20  # of points and segments: bounds the memory of a search


class Grid(NamedTuple):
    """
    Segments by the cells they pass through.

    Attributes
    ----------
    frame
        West, south, width of a cell (metres), columns, rows.
    first, segment
        ``segment[first[c]:first[c + 1]]`` pass through cell c, counted by rows from the south-west; a segment may be
        named by more cells than it passes through.
    """

    frame: NDArray[np.float64]
    first: NDArray[np.int64]
    segment: NDArray[np.int32]

    @property
    def cell(self) -> float:
        """Width of a cell in metres."""
        return float(self.frame[2])

    def candidates(self, x: NDArray[np.float64], y: NDArray[np.float64], reach: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int32]]]:
        """
        Pairs of points and the segments in the cells around them, `reach` cells to each side.

        Every segment nearer to a point than ``reach * cell`` is among its pairs. Pairs come in portions, all of one
        point in the same, in the order of the points.
        """
        west, south, cell = self.frame[:3]
        columns, rows = int(self.frame[3]), int(self.frame[4])
        column = np.clip(np.floor((x - west) / cell), -reach - 1, columns + reach).astype(np.int64)
        row = np.clip(np.floor((y - south) / cell), -reach - 1, rows + reach).astype(np.int64)
        low, high = np.clip(column - reach, 0, columns), np.clip(column + reach + 1, 0, columns)
        line = row[:, None] + np.arange(-reach, reach + 1)
        there = (line >= 0) & (line < rows)
        line = np.where(there, line, 0) * columns
        begin = self.first[line + low[:, None]]
        count = np.where(there, self.first[line + high[:, None]] - begin, 0)
        total = count.sum(axis=1)
        portion = np.cumsum(total) // PAIRS_AT_ONCE
        cuts = np.r_[0, np.flatnonzero(np.diff(portion)) + 1, len(x)]
        for a, b in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
            counts = count[a:b].ravel()
            pairs = int(counts.sum())
            if pairs:
                where = np.repeat(begin[a:b].ravel() - (np.cumsum(counts) - counts), counts) + np.arange(pairs)
                yield np.repeat(np.arange(a, b), total[a:b]), self.segment[where]


def build(x: NDArray[np.float64], y: NDArray[np.float64], start: NDArray[np.int64]) -> Grid:
    """
    Make the grid of the segments from vertex ``start[k]`` to the next; a segment is named by its first vertex.

    Parameters
    ----------
    x, y
        Vertices in a plane, metres.
    start
        First vertices.
    """
    if not len(start):
        return Grid(np.array([0.0, 0.0, CELL_M, 1, 1]), np.zeros(2, dtype=np.int64), np.zeros(0, dtype=np.int32))
    west, south = float(x.min()), float(y.min())
    wide, high = float(x.max()) - west, float(y.max()) - south
    cell = max(CELL_M, float(np.sqrt(wide * high / (CELLS_PER_SEGMENT * len(start)))), max(wide, high) / (CELLS_PER_SEGMENT * len(start)))
    columns, rows = int(wide // cell) + 1, int(high // cell) + 1

    # cut into pieces no longer than a cell, a segment touches at most two columns and two rows with each
    dx, dy = x[start + 1] - x[start], y[start + 1] - y[start]
    pieces = np.maximum(1, np.ceil(np.hypot(dx, dy) / cell)).astype(np.int64)
    of = np.repeat(np.arange(len(start)), pieces)
    at = (np.arange(len(of)) - np.repeat(np.cumsum(pieces) - pieces, pieces)) / pieces[of]
    from_x, from_y = x[start[of]] + at * dx[of], y[start[of]] + at * dy[of]
    step = 1.0 / pieces[of]
    to_x, to_y = from_x + step * dx[of], from_y + step * dy[of]
    left, right = (np.clip((f(from_x, to_x) - west) // cell, 0, columns - 1).astype(np.int64) for f in (np.minimum, np.maximum))
    bottom, top = (np.clip((f(from_y, to_y) - south) // cell, 0, rows - 1).astype(np.int64) for f in (np.minimum, np.maximum))
    wide_one, high_one = right > left, top > bottom
    corners = ((bottom, left, slice(None)), (bottom, right, wide_one), (top, left, high_one), (top, right, wide_one & high_one))
    place = np.concatenate([(row * columns + column)[which] for row, column, which in corners])
    segment = np.concatenate([start[of[which]] for _, _, which in corners])
    order = np.argsort(place, kind="stable")
    first = np.zeros(columns * rows + 1, dtype=np.int64)
    np.cumsum(np.bincount(place, minlength=columns * rows), out=first[1:])
    return Grid(np.array([west, south, cell, columns, rows]), first, segment[order].astype(np.int32))


__all__ = ["Grid", "build"]
