"""Which streets go on into one another? Joined into long lines a page needs one jump for many streets, and fewer corners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

Geometries = Any  # arrays of shapely geometries


def strokes(lines: Geometries, tags: NDArray[np.int64]) -> tuple[Geometries, NDArray[np.int64]]:
    """
    Lines of one tag joined end to end, straight on where several meet; each street is in exactly one.

    Parameters
    ----------
    lines
        LineStrings, no empty ones; they meet where their ends are the very same point.
    tags
        A number for each; only lines with equal ones are joined.

    Returns
    -------
    lines, tags
        Fewer and longer ones. The same input gives the same order.
    """
    if not len(lines):
        return lines, tags
    xy, of_line = shapely.get_coordinates(lines, return_index=True)
    last = np.cumsum(np.bincount(of_line, minlength=len(lines)))
    first = np.r_[0, last[:-1]]
    mate = _mates(xy, first, last, tags)
    order, of_stroke, new_tags = _walk(mate, tags)
    pieces = [np.arange(first[e >> 1], last[e >> 1]) if e % 2 == 0 else np.arange(last[e >> 1] - 1, first[e >> 1] - 1, -1) for e in order]
    index = np.repeat(of_stroke, [len(p) for p in pieces])
    points = xy[np.concatenate(pieces)]
    keep = np.ones(len(points), dtype=bool)
    keep[1:] = np.any(np.diff(points, axis=0) != 0, axis=1) | (np.diff(index) != 0)
    whole = np.bincount(index[keep], minlength=len(new_tags)) > 1  # what is one point only has no direction to go on in
    keep &= whole[index]
    return shapely.linestrings(points[keep], indices=(np.cumsum(whole) - 1)[index[keep]]), new_tags[whole]


def _mates(xy: NDArray[np.float64], first: NDArray[np.int64], last: NDArray[np.int64], tags: NDArray[np.int64]) -> list[int]:
    """For each end (line n begins at end 2n and stops at 2n + 1) the end it goes on into, -1 for none: the straightest pairs first."""
    ends = np.column_stack([first, last - 1]).ravel()
    inner = np.column_stack([first + 1, last - 2]).ravel()
    direction = xy[inner] - xy[ends]
    direction /= np.maximum(np.hypot(*direction.T), 1e-300)[:, None]
    _, node = np.unique(xy[ends], axis=0, return_inverse=True)
    meeting = np.repeat(tags, 2) * (int(node.max()) + 1) + node.ravel()
    order = np.argsort(meeting, kind="stable")
    group = meeting[order]
    pairs: list[Any] = []
    for step in range(1, int(np.unique(group, return_counts=True)[1].max())):
        here = np.flatnonzero(group[step:] == group[:-step])
        pairs.append(np.column_stack([order[here], order[here + step]]))
    mate = [-1] * len(ends)
    if not pairs:
        return mate
    both = np.concatenate(pairs)
    turn = np.round(np.sum(direction[both[:, 0]] * direction[both[:, 1]], axis=1), 9)  # -1 straight on; rounded: the same on every machine
    for a, b in both[np.lexsort((both[:, 1], both[:, 0], turn))].tolist():
        if mate[a] < 0 and mate[b] < 0 and a >> 1 != b >> 1:
            mate[a], mate[b] = b, a
    return mate


def _walk(mate: list[int], tags: NDArray[np.int64]) -> tuple[list[int], NDArray[np.int64], NDArray[np.int64]]:
    """Ends by which each line is entered, stroke after stroke; the stroke of each; the strokes' tags."""
    order: list[int] = []
    of_stroke: list[int] = []
    new_tags: list[int] = []
    done = [False] * (len(mate) // 2)
    loose = [e for e, other in enumerate(mate) if other < 0]
    for start in [*loose, *range(0, len(mate), 2)]:  # what is left after the loose ends are rings
        end = start
        if done[end >> 1]:
            continue
        while end >= 0 and not done[end >> 1]:
            done[end >> 1] = True
            order.append(end)
            of_stroke.append(len(new_tags))
            end = mate[end ^ 1]
        new_tags.append(int(tags[start >> 1]))
    return order, np.array(of_stroke, dtype=np.int64), np.array(new_tags, dtype=np.int64)
