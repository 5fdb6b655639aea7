"""Which rings do crossings form, with how few vertices, and which hole lies in which shell."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

GROUP_BITS = 32  # heights in centimetres need fewer

if TYPE_CHECKING:
    from numpy.typing import NDArray


@njit(cache=True, nogil=True)
def hold_where_bands_part(following: NDArray[np.int64], same: NDArray[np.int64], hold: NDArray[np.int64]) -> None:
    """
    Mark the crossings where the contours of two bands meet or part, and every crossing marked in one band in all that share it.

    Between marks, bands share whole runs of crossings; thinning treats such a run alike in each.
    """
    for v in range(len(following)):
        after = following[v]
        if after < 0:
            continue
        one, other = same[v], same[after]
        if one >= 0 and other >= 0 and following[one] == other:
            continue
        if one >= 0:
            hold[v] = hold[one] = 1
        if other >= 0:
            hold[after] = hold[other] = 1
    for v in range(len(following) - 1, -1, -1):
        if hold[v] and same[v] >= 0:
            hold[same[v]] = 1
    for v in range(len(following)):
        if same[v] >= 0 and hold[same[v]]:
            hold[v] = 1


@njit(cache=True, nogil=True)
def rings(
    x: NDArray[np.int64],
    y: NDArray[np.int64],
    following: NDArray[np.int64],
    hold: NDArray[np.int64],
    seen: NDArray[np.bool_],
    begin: NDArray[np.int64],
    end: NDArray[np.int64],
    tolerance: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """
    Follow the contours that begin in the ranges ``begin[i]:end[i]`` and leave out the vertices that straight runs do not need.

    A vertex goes when the line drawn without it and its dropped neighbours passes all of them within `tolerance`; held
    ones stay. One pass: the line from the last kept vertex must lie in the angle under which all that it skips are seen, each
    widened by the tolerance.

    Returns
    -------
    vertex, first, area
        Crossings kept, ring after ring; where each ring begins (one more than rings); its signed area in the square of the unit.
    """
    room = 0
    for i in range(len(begin)):
        room += end[i] - begin[i]
    vertex, ring = np.empty(room + 1, dtype=np.int64), np.empty(len(x), dtype=np.int64)
    first, area = np.empty(room + 1, dtype=np.int64), np.empty(room, dtype=np.float64)
    kept, found = 0, 0
    for i in range(len(begin)):
        for lowest in range(begin[i], end[i]):
            if seen[lowest]:
                continue
            here = lowest  # start from a held vertex where there is one: the same runs then start alike in every band
            while not hold[here]:
                here = following[here]
                if here == lowest:
                    break
            length = 0
            while not seen[here]:
                seen[here] = True
                ring[length] = here
                length += 1
                here = following[here]
            first[found] = kept
            more = _thinned(x, y, hold, ring[:length], vertex[kept:], tolerance)
            doubled = 0
            for k in range(kept + 1, kept + more - 1):
                a, b, c = vertex[kept], vertex[k], vertex[k + 1]
                doubled += (x[b] - x[a]) * (y[c] - y[a]) - (x[c] - x[a]) * (y[b] - y[a])
            area[found] = doubled / 2
            kept += more
            found += 1
    first[found] = kept
    return vertex[:kept], first[: found + 1], area[:found]


@njit(cache=True, nogil=True)
def _thinned(x: NDArray[np.int64], y: NDArray[np.int64], hold: NDArray[np.int64], ring: NDArray[np.int64], kept: NDArray[np.int64], tolerance: float) -> int:
    """Put the vertices of a ring that are needed into `kept`, and how many they are."""
    kept[0] = start = ring[0]
    count, farthest = 1, -1.0  # nothing skipped since the last kept vertex
    left_x, left_y, right_x, right_y = 0.0, 0.0, 0.0, 0.0
    for k in range(1, len(ring) + 1):
        last = ring[k - 1]
        here = ring[k] if k < len(ring) else ring[0]
        dx, dy = float(x[here] - x[start]), float(y[here] - y[start])
        squared = dx * dx + dy * dy
        # skipped ones lie within `farthest`, in front, and between the two sides of the angle
        fits = farthest < 0.0 or (squared >= farthest and right_x * dy >= right_y * dx and left_x * dy <= left_y * dx and left_x * dx + left_y * dy > 0.0)
        if k > 1 and (hold[last] or not fits):
            kept[count] = start = last
            count += 1
            farthest = -1.0
            dx, dy = float(x[here] - x[start]), float(y[here] - y[start])
            squared = dx * dx + dy * dy
        if squared > tolerance * tolerance:
            sine = tolerance / sqrt(squared)
            cosine = sqrt(1.0 - sine * sine)
            to_left_x, to_left_y = dx * cosine - dy * sine, dx * sine + dy * cosine
            to_right_x, to_right_y = dx * cosine + dy * sine, dy * cosine - dx * sine
            if farthest < 0.0 or to_left_x * left_y > to_left_y * left_x:
                left_x, left_y = to_left_x, to_left_y
            if farthest < 0.0 or to_right_x * right_y < to_right_y * right_x:
                right_x, right_y = to_right_x, to_right_y
            farthest = squared
    return count


def shells(
    x: NDArray[np.int64], y: NDArray[np.int64], vertex: NDArray[np.int64], first: NDArray[np.int64], area: NDArray[np.float64], group: NDArray[np.int64]
) -> NDArray[np.int64]:
    """
    For each ring, by signed `area` and in order of `group`, the shell of its group that it belongs to; a shell belongs to itself.

    The ground beside a hole's westernmost vertex belongs to its shell: the next ring to the west is that shell, or a
    hole of it that lies farther west.
    """
    shell = np.arange(len(area))
    starts = np.flatnonzero(area < 0)
    if not len(starts):
        return shell
    holes, at = starts, westernmost(x, vertex, first)[starts]
    order = np.lexsort((y[at], group[holes]))
    holes, at = holes[order], at[order]
    begin, end = np.searchsorted(group[holes], group), np.searchsorted(group[holes], group, side="right")
    passed = np.searchsorted((group[holes] << GROUP_BITS) + y[at], (group << GROUP_BITS) + y[vertex[first[1:] - 1]], side="right")
    west = next_to_the_west(x, y, vertex, first, holes, x[at], y[at], begin, end, passed)
    for hole in np.lexsort((x[at], group[holes])):
        shell[holes[hole]] = shell[west[hole]]
    return shell


@njit(cache=True, nogil=True)
def westernmost(x: NDArray[np.int64], vertex: NDArray[np.int64], first: NDArray[np.int64]) -> NDArray[np.int64]:
    """A westernmost vertex of each ring."""
    found = np.empty(len(first) - 1, dtype=np.int64)
    for ring in range(len(found)):
        best = vertex[first[ring]]
        for k in range(first[ring], first[ring + 1]):
            if x[vertex[k]] < x[best]:
                best = vertex[k]
        found[ring] = best
    return found


@njit(cache=True, nogil=True)
def next_to_the_west(
    x: NDArray[np.int64],
    y: NDArray[np.int64],
    vertex: NDArray[np.int64],
    first: NDArray[np.int64],
    holes: NDArray[np.int64],
    east: NDArray[np.int64],
    height: NDArray[np.int64],
    begin: NDArray[np.int64],
    end: NDArray[np.int64],
    below: NDArray[np.int64],
) -> NDArray[np.int64]:
    """
    Ring that a ray meets first which runs west from `east`, `height`, a vertex of ring `holes`.

    Each ring r may be met by the rays ``begin[r]:end[r]``, which stand in order of height; those before ``below[r]`` lie at or
    below its last vertex. Walking along the ring, one passes them up and down.
    """
    west, where = np.empty(len(holes), dtype=np.int64), np.empty(len(holes), dtype=np.float64)
    where[:] = -np.inf
    for ring in range(len(first) - 1):
        last = vertex[first[ring + 1] - 1]
        passed = below[ring]
        for k in range(first[ring], first[ring + 1]):
            here = vertex[k]
            up = y[here] > y[last]
            while (passed < end[ring] and height[passed] <= y[here]) if up else (passed > begin[ring] and height[passed - 1] > y[here]):
                ray = passed if up else passed - 1
                passed += 1 if up else -1
                meets = x[last] + (height[ray] - y[last]) / (y[here] - y[last]) * (x[here] - x[last])
                if holes[ray] != ring and where[ray] < meets < east[ray]:
                    where[ray], west[ray] = meets, ring
            last = here
    return west
