"""Into which classes do shares of towns fall, so that a map tells them apart, and in which shade is each?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST = 5  # shades that an eye tells apart
#: Of the page (``shade.js``) and of paper alike: the lightest for the smallest shares; fewer classes are spread over them.
SHADES = ("#f2dcf3", "#ddb3e0", "#c184c9", "#9c55a8", "#6d2f7b")
EVEN = (20.0, 40.0, 60.0, 80.0, 100.0)
WHOLE = 100.0


def breaks(shares: Iterable[float | None]) -> tuple[float, ...]:
    """
    Upper bounds of the classes of shares, in whole per cent, ascending, the last 100.

    Natural breaks (Fisher-Jenks by mapclassify): towns in one class are as alike as can be. At most :data:`MOST` classes, and no more than there are
    different shares. Bounds lie half way between two classes and are rounded, so that a legend can say them; a share belongs to the first class whose
    bound it does not exceed. One class where all are alike or none is known. Needs the extra ``cfmap[classes]``; without it five even classes (:data:`EVEN`).
    """
    import numpy as np

    known = sorted(round(float(s), 2) for s in shares if s is not None)
    number = min(MOST, len(set(known)))
    if number <= 1:
        return (WHOLE,)
    try:
        from mapclassify import FisherJenks
    except ImportError:
        return EVEN
    ends = [max(s for s in known if s <= end) for end in FisherJenks(np.array(known), k=number).bins[:-1]]
    between = {float(round((end + min(s for s in known if s > end)) / 2)) for end in ends}
    return (*sorted(b for b in between if 0 < b < WHOLE), WHOLE)


def class_of(share: float, ends: Sequence[float]) -> int:
    """Position of the class of a share among the upper bounds `ends` of :func:`breaks`, as the page takes it: by two decimals; the last for what is above."""
    return next((n for n, end in enumerate(ends) if round(share, 2) <= end), len(ends) - 1)


def shade_of(kind: int, classes: int) -> str:
    """The shade of a class among so many, as ``shade.js`` takes it."""
    return SHADES[2 if classes < 2 else int(kind * (len(SHADES) - 1) / (classes - 1) + 0.5)]
