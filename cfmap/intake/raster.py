"""What does a GeoTIFF hold: the numbers of one band, where its cells lie, and which of them say nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from cfmap.geometry.raster import Raster
from cfmap.model import EnvironmentFault, InputError, fault

MOST_CELLS = 100_000_000  # 800 MB as numbers
NODATA = -np.inf  # no count of people, and not NaN, which is unknown


def read_raster(path: Path | str, *, band: int = 1, bounds: tuple[float, float, float, float] | None = None, file: str = "") -> Raster:
    """
    Read one band of a GeoTIFF, for example WorldPop's people per cell. Needs the extra ``cfmap[raster]``.

    In this process; :func:`cfmap.intake.reader.read_raster` has it read where it can do no harm.

    Parameters
    ----------
    path
        GeoTIFF with a CRS.
    band
        Counted from 1.
    bounds
        West, south, east, north in degrees (WGS84): only the cells of the block that holds this area are read. Take
        the network's bounds and the longest way to a street beyond them, or the city's outline.
    file
        Name for messages; the path when empty.

    Returns
    -------
    raster
        Numbers as float64, scale and offset of the band applied. Cells that the file masks (nodata number, mask band, alpha)
        hold :data:`NODATA`; cells that are NaN without being masked stay NaN, unknown.

    Raises
    ------
    InputError
        No GeoTIFF, damaged or without that band (E256), without any of that area (E258), without CRS (E388), over 100 million cells (E257).
    EnvironmentFault
        rasterio is not installed (E407).
    """
    path = Path(path)
    named = file or str(path)
    rasterio = _rasterio()
    from rasterio.errors import RasterioError

    try:
        with rasterio.open(path, driver="GTiff") as opened:
            if opened.crs is None:
                raise InputError(fault("E388", file=named, table=path.name))
            window = _window(opened, bounds, named)
            if window.width * window.height > MOST_CELLS:
                raise InputError(fault("E257", file=named, cells=f"{window.width * window.height:,}", most=f"{MOST_CELLS:,}"))
            held = opened.read(band, window=window, masked=True)
            values = np.ma.filled(held.astype(np.float64) * opened.scales[band - 1] + opened.offsets[band - 1], NODATA)
            a, b, c, d, e, f = tuple(opened.transform)[:6]
            left, top = window.col_off, window.row_off
            return Raster(values, (a, b, a * left + b * top + c, d, e, d * left + e * top + f), opened.crs.to_wkt(), nodata=NODATA)
    except (RasterioError, IndexError, OSError) as error:
        raise InputError(fault("E256", file=named, detail=str(error))) from error


def _rasterio() -> Any:
    try:
        import rasterio
    except ImportError as error:
        raise EnvironmentFault(fault("E407")) from error
    return rasterio


def _window(file: Any, bounds: tuple[float, float, float, float] | None, named: str) -> Any:
    """Columns and rows that hold the area, whole cells."""
    from rasterio.warp import transform_bounds
    from rasterio.windows import Window

    if bounds is None:
        return Window(0, 0, file.width, file.height)
    west, south, east, north = transform_bounds(4326, file.crs, *bounds)
    a, b, c, d, e, f = tuple(file.transform)[:6]
    x, y = np.array([west, east, east, west]) - c, np.array([north, north, south, south]) - f
    columns, rows = np.linalg.solve([[a, b], [d, e]], [x, y])
    left, right = np.clip([np.floor(columns.min()), np.ceil(columns.max())], 0, file.width)
    top, bottom = np.clip([np.floor(rows.min()), np.ceil(rows.max())], 0, file.height)
    if not (left < right and top < bottom):  # nor where an end is no number
        raise InputError(fault("E258", file=named, bounds="、".join(f"{v:.4f}" for v in bounds)))
    return Window(int(left), int(top), int(right - left), int(bottom - top))
