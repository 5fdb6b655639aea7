"""Where do children gather? Junctions that at least three of them reach on a short walk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Fewer children make no stop: a place that one or two children share would tell where they live.
FEWEST = 3


def choose(
    origin: NDArray[np.int64], place: NDArray[np.int64], mm: NDArray[np.int64], children: NDArray[np.int64], way_mm: NDArray[np.int64]
) -> NDArray[np.int64]:
    """
    Stops, and who gathers there.

    The place that most children without a stop reach becomes the next stop, as long as there are three; of equal ones the one with
    the shorter walks, then the one nearer to school, then the lower position. Afterwards whoever lives nearer to another stop goes
    there, if enough stay.

    Parameters
    ----------
    origin, place, mm
        Who reaches which place, and how far it is, a row for each pair.
    children
        Children at each origin.
    way_mm
        From each place to the school.

    Returns
    -------
    stop
        Place of each origin, -1 = too few children around; every place named has at least :data:`FEWEST` children.
    """
    stop = np.full(len(children), -1, dtype=np.int64)
    weight = children[origin]
    free = np.ones(len(origin), dtype=bool)
    while free.any():
        waiting = np.bincount(place[free], weights=weight[free], minlength=len(way_mm))
        if waiting.max() < FEWEST:
            break
        walked = np.bincount(place[free], weights=(weight * mm)[free], minlength=len(way_mm))
        best = np.flatnonzero(waiting == waiting.max())
        chosen = int(best[np.lexsort((best, way_mm[best], walked[best]))[0]])
        stop[origin[free & (place == chosen)]] = chosen
        free &= stop[origin] < 0
    return _nearer(stop, origin, place, mm, children, len(way_mm))


def groups(waiting: NDArray[np.int64], seats: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Stop and size of each group that walks together: a stop with more children than a line takes has several, as even as can be."""
    parts = -(-waiting // seats)
    stop = np.repeat(np.arange(len(waiting)), parts)
    number = np.arange(len(stop)) - np.repeat(np.cumsum(parts) - parts, parts)
    return stop, (waiting[stop] // parts[stop] + (number < waiting[stop] % parts[stop])).astype(np.int64)


def _nearer(
    stop: NDArray[np.int64], origin: NDArray[np.int64], place: NDArray[np.int64], mm: NDArray[np.int64], children: NDArray[np.int64], places: int
) -> NDArray[np.int64]:
    waiting = np.bincount(stop[stop >= 0], weights=children[stop >= 0], minlength=places)
    own = {int(o): int(d) for o, p, d in zip(origin, place, mm, strict=True) if stop[o] == p}
    for k in np.lexsort((place, mm, origin)).tolist():
        o, p = int(origin[k]), int(place[k])
        if o in own and waiting[p] >= FEWEST and mm[k] < own[o] and waiting[stop[o]] - children[o] >= FEWEST:
            waiting[stop[o]] -= children[o]
            waiting[p] += children[o]
            stop[o], own[o] = p, int(mm[k])
    return stop
