"""How does an outline get fewer corners and keep its area? Two corners become one, where the area on both sides of the line stays what it was."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROUNDS = 4  # from an eighth of the tolerance up to all of it: small corners go first


def collapse(xy: NDArray[np.float64], starts: NDArray[np.int64], tolerance: float) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """
    Lines with fewer points, whose ends stay and which enclose the area they did.

    Of four points in a row the inner two become one, on the prolongation of one of the outer sides (segment collapse after Kronenfeld,
    Stanislawski, Buttenfield and Brockmeyer, 2020), as long as the line moves by less than the tolerance.

    Parameters
    ----------
    xy, starts
        Points on a plane; line n is ``xy[starts[n]:starts[n + 1]]``. A line that begins where it stops keeps four corners.
    tolerance
        In the plane's unit.
    """
    out = np.empty_like(xy)
    ends = np.zeros(len(starts), dtype=np.int64)
    used = _collapse(xy, starts, tolerance, out, ends)
    return out[:used], ends


@njit(cache=True)
def _apart(px: float, py: float, ax: float, ay: float, bx: float, by: float) -> float:
    """Of a point from a segment."""
    dx, dy = bx - ax, by - ay
    square = dx * dx + dy * dy
    t = 0.0 if square == 0.0 else min(1.0, max(0.0, ((px - ax) * dx + (py - ay) * dy) / square))
    x, y = px - ax - t * dx, py - ay - t * dy
    return math.sqrt(x * x + y * y)


@njit(cache=True)
def _meet(ax: float, ay: float, ux: float, uy: float, cx: float, cy: float, vx: float, vy: float) -> tuple[bool, float, float]:
    """Where the line through a along u meets the one through c along v; False when they are almost parallel."""
    cross = ux * vy - uy * vx
    if abs(cross) <= 1e-9 * math.sqrt((ux * ux + uy * uy) * (vx * vx + vy * vy)):
        return False, 0.0, 0.0
    t = ((cx - ax) * vy - (cy - ay) * vx) / cross
    return True, ax + t * ux, ay + t * uy


@njit(cache=True)
def _one_for_two(ax: float, ay: float, bx: float, by: float, cx: float, cy: float, dx: float, dy: float) -> tuple[float, float, float]:
    """The point that stands for b and c, and how far the line moves at most; infinitely far where there is none."""
    ux, uy = dx - ax, dy - ay
    length = math.sqrt(ux * ux + uy * uy)
    if length == 0.0:
        return np.inf, 0.0, 0.0
    twice = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax) + (cx - ax) * (dy - ay) - (cy - ay) * (dx - ax)  # a b c d's area
    height = -twice / length  # of the new corner to the left of a d
    ex, ey = ax - uy / length * height, ay + ux / length * height
    best, x, y = np.inf, 0.0, 0.0
    for side in range(2):
        if side == 0:
            found, px, py = _meet(ex, ey, ux, uy, ax, ay, bx - ax, by - ay)
        else:
            found, px, py = _meet(ex, ey, ux, uy, dx, dy, cx - dx, cy - dy)
        if not found:
            continue
        off = max(min(_apart(bx, by, ax, ay, px, py), _apart(bx, by, px, py, dx, dy)), min(_apart(cx, cy, ax, ay, px, py), _apart(cx, cy, px, py, dx, dy)))
        off = max(off, min(_apart(px, py, ax, ay, bx, by), _apart(px, py, bx, by, cx, cy), _apart(px, py, cx, cy, dx, dy)))
        if off < best:
            best, x, y = off, px, py
    return best, x, y


@njit(cache=True)
def _collapse(xy: NDArray[np.float64], starts: NDArray[np.int64], tolerance: float, out: NDArray[np.float64], ends: NDArray[np.int64]) -> int:
    used = 0
    for n in range(len(starts) - 1):
        first = used
        for p in range(starts[n], starts[n + 1]):
            out[used] = xy[p]
            used += 1
        least = 5 if out[first, 0] == out[used - 1, 0] and out[first, 1] == out[used - 1, 1] else 3
        for k in range(ROUNDS):
            limit = tolerance / 2.0 ** (ROUNDS - 1 - k)
            left = used - first
            write = first + 1  # the point after the last one that stays
            read = first + 1
            while read < used:
                if read + 2 < used and left > least:
                    off, x, y = _one_for_two(
                        out[write - 1, 0], out[write - 1, 1], out[read, 0], out[read, 1], out[read + 1, 0], out[read + 1, 1], out[read + 2, 0], out[read + 2, 1]
                    )
                    if off < limit:
                        read += 1
                        out[read, 0], out[read, 1] = x, y
                        left -= 1
                        if write - 1 > first:  # the point before may go with it now
                            write -= 1
                            read -= 1
                            out[read, 0], out[read, 1] = out[write, 0], out[write, 1]
                        continue
                out[write] = out[read]
                write += 1
                read += 1
            used = write
        ends[n + 1] = used
    return used
