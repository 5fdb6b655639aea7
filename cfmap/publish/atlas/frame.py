"""Which ground does a sheet show, at which scale, and where on the paper does a place lie?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Scales that a person can work with: one of these times a power of ten.
SCALES = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.5)
LARGEST = 2_000  # a hamlet is not blown up beyond 1:2,000
MARGIN_MM = 6.0  # between the ground that must be seen and the frame
COLUMNS, ROWS = 6, 5  # squares of the grid


@dataclass(frozen=True)
class Frame:
    """
    Ground of a sheet.

    Attributes
    ----------
    west, north
        Upper left corner, metres of the city's plane.
    scale
        1 : scale.
    width_mm, height_mm
        Of the map on paper.
    """

    west: float
    north: float
    scale: float
    width_mm: float
    height_mm: float

    @classmethod
    def around(cls, bounds: tuple[float, float, float, float], *, width_mm: float, height_mm: float, largest: float = LARGEST) -> Frame:
        """The largest usual scale, 1 : `largest` at most, at which `bounds` (metres) fit, in the middle."""
        west, south, east, north = bounds
        least = max((east - west) / (width_mm - 2 * MARGIN_MM), (north - south) / (height_mm - 2 * MARGIN_MM)) * 1000.0
        scale = usual_scale(max(least, largest))
        metres = scale / 1000.0
        return cls((west + east) / 2 - width_mm * metres / 2, (north + south) / 2 + height_mm * metres / 2, scale, width_mm, height_mm)

    def on_paper(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Metres (n, 2) to millimetres right of and below the upper left corner."""
        return np.column_stack(((xy[:, 0] - self.west) * 1000.0 / self.scale, (self.north - xy[:, 1]) * 1000.0 / self.scale))

    @property
    def ground(self) -> shapely.Polygon:
        """The rectangle on the ground, metres."""
        metres = self.scale / 1000.0
        return shapely.box(self.west, self.north - self.height_mm * metres, self.west + self.width_mm * metres, self.north)

    def square(self, x: float, y: float) -> str:
        """Name of the grid square that a place on the paper lies in: ``A1`` is the upper left."""
        column = min(max(int(x / self.width_mm * COLUMNS), 0), COLUMNS - 1)
        row = min(max(int(y / self.height_mm * ROWS), 0), ROWS - 1)
        return f"{'ABCDEFGHIJ'[column]}{row + 1}"

    def bar(self, longest_mm: float = 45.0) -> tuple[float, float]:
        """A round number of metres and its length on paper, at most `longest_mm`."""
        most = longest_mm * self.scale / 1000.0
        step = 10.0 ** np.floor(np.log10(most))
        metres = float(max(m * step for m in (1.0, 2.0, 5.0) if m * step <= most))
        return metres, metres * 1000.0 / self.scale


def usual_scale(least: float) -> float:
    """The smallest usual scale number that is not below `least`."""
    power = 10.0 ** np.floor(np.log10(least))
    return float(next(s * power for s in (*SCALES, 10.0) if s * power >= least * (1 - 1e-9)))
