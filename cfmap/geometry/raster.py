"""Where on the ground does each cell of a raster lie?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cfmap.model import InputError, fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Raster:
    """
    Numbers of cells, and where the cells lie.

    Attributes
    ----------
    values
        Two-dimensional, one number per cell; NaN is unknown.
    transform
        ``(a, b, c, d, e, f)`` as in rasterio and ``affine.Affine`` (which may be given as it is): the place of column
        and row, counted from the outer corner of the first cell, is ``x = a col + b row + c``, ``y = d col + e row + f``.
    crs
        Anything pyproj understands; degrees are fine.
    nodata
        The number of cells that say nothing (sea, outside of the data); None = there is none. NaN = cells that are NaN.

    Raises
    ------
    InputError
        E387 for values, a transform or a CRS that are none, E388 without CRS.
    """

    values: NDArray[Any]
    transform: Sequence[float]
    crs: Any
    nodata: float | None = None

    def __post_init__(self) -> None:
        from pyproj import CRS
        from pyproj.exceptions import CRSError

        values, transform = np.asarray(self.values), tuple(float(n) for n in tuple(self.transform)[:6])
        if values.ndim != 2 or values.dtype.kind not in "iuf":
            raise InputError(fault("E387", detail=f"values: shape {values.shape}, {values.dtype}"))
        if len(transform) < 6 or not np.isfinite(transform).all() or transform[0] * transform[4] == transform[1] * transform[3]:
            raise InputError(fault("E387", detail=f"transform: {transform}"))
        if self.crs is None or self.crs == "":
            raise InputError(fault("E388", table="raster"))
        try:
            CRS.from_user_input(self.crs)
        except CRSError as error:
            raise InputError(fault("E387", detail=f"crs: {error}")) from error
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "transform", transform)

    def known(self) -> NDArray[np.float64]:
        """Numbers of the cells that are no nodata, row by row; their positions are :meth:`cells`."""
        return self.values.ravel()[self.cells()].astype(np.float64)

    def cells(self) -> NDArray[np.int64]:
        """Positions of the cells that are no nodata, counted row by row."""
        values = self.values.ravel()
        if self.nodata is None:
            return np.arange(len(values))
        if np.isnan(self.nodata):
            return np.flatnonzero(~np.isnan(values))
        with np.errstate(over="ignore"):  # a nodata number that no cell can hold
            nodata = values.dtype.type(self.nodata) if values.dtype.kind == "f" else self.nodata
        return np.flatnonzero(values != nodata)

    def at(
        self, cells: NDArray[np.int64], across: float | NDArray[np.float64], down: float | NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Places in the raster's CRS, `across` and `down` the cells (0 to 1; 0.5 and 0.5 is the middle)."""
        a, b, c, d, e, f = self.transform
        row, column = np.divmod(cells, self.values.shape[1])
        return a * (column + across) + b * (row + down) + c, d * (column + across) + e * (row + down) + f
