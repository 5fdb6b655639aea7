"""How far does one walk in a time, and how long does a way take?"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from cfmap.model import InputError, fault

if TYPE_CHECKING:
    from numpy.typing import NDArray


def limit_millimetres(minutes: float, speed_kmh: float) -> int:
    """
    How far one walks in `minutes`, whole millimetres, in exact arithmetic (15 min at 4 km/h is 1,000,000 mm).

    Raises
    ------
    InputError
        E383 for values that are not positive numbers.
    """
    if not (np.isfinite(minutes) and np.isfinite(speed_kmh) and minutes > 0 and speed_kmh > 0):
        raise InputError(fault("E383", detail=f"{minutes} min, {speed_kmh} km/h"))
    return int(Fraction(str(minutes)) * Fraction(str(speed_kmh)) * 1_000_000 / 60)


def minutes_for(millimetres: NDArray[np.int64] | NDArray[np.float64], speed_kmh: float) -> NDArray[np.float64]:
    """Minutes for distances in millimetres; exact where the quotient is."""
    return np.asarray(millimetres, dtype=np.float64) * 60.0 / (speed_kmh * 1_000_000.0)
