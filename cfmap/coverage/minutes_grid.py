"""How many minutes is it on foot to the nearest site from any ground beside the streets, coarsely enough to be shipped?"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from cfmap.coverage.service_area import BUFFER_M
from cfmap.model import MinutesGrid
from cfmap.network.course import cut

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from cfmap.network import Network, Snapped, TravelField

GRID = 100_000  # steps per degree, those of the page
LAT_STEP = 90  # 1e-5 degree: a cell is 100 m high, and as wide in the middle of the network
STEP_M = 111_320.0 / GRID
CELL_M = LAT_STEP * STEP_M
#: Longest straight way from a cell's middle to its street: a corner of the cell may lie at the edge of the ground that is drawn as reached.
NEAR_M = BUFFER_M + CELL_M * 0.5**0.5
MOST_MINUTES = 255  # of a byte
WIDE = 1 << 22  # more cells than round the globe


def minutes_grid(network: Network, field: TravelField, *, limit_mm: int, speed_kmh: float) -> MinutesGrid | None:
    """
    Minutes on the grid.

    Each cell's middle is brought to its nearest street as homes are (:meth:`cfmap.network.Network.snap`): its walk is the straight way
    there, the way along streets, and the straight way from the street to the site's door. Lines of the grid stand at whole multiples
    of their steps, so grids of one network fit onto each other.

    Parameters
    ----------
    field
        Distance to the nearest site, searched to `limit_mm` at least.
    limit_mm
        Streets beyond it count as not reached. A cell a few steps off such a street may be a minute further.
    speed_kmh
        Pace of the minutes.

    Returns
    -------
    grid
        Cells within :data:`NEAR_M` of a reached street; None when there is none.
    """
    ground = _ground(network)
    if ground is None:
        return None
    row, column, lon_step, snapped = ground
    along_mm, _ = field.at(snapped)
    found = (along_mm >= 0) & (along_mm <= limit_mm)
    minutes = np.maximum(1, np.ceil((along_mm + snapped.connector_mm) / (speed_kmh * 1e6 / 60.0) - 1e-9))
    found &= minutes <= MOST_MINUTES
    if not found.any():
        return None
    row, column, minutes = row[found], column[found], minutes[found]
    south, west = row.min(), column.min()
    columns = int(column.max() - west) + 1
    cell = (row - south) * columns + column - west
    order = np.argsort(cell)
    return MinutesGrid(
        west=int(west) * lon_step,
        south=int(south) * LAT_STEP,
        lon_step=lon_step,
        lat_step=LAT_STEP,
        columns=columns,
        cell=cell[order],
        minutes=minutes[order].astype(np.uint8),
        speed_kmh=speed_kmh,
    )


@lru_cache(maxsize=2)
def _ground(network: Network) -> tuple[NDArray[np.int64], NDArray[np.int64], int, Snapped] | None:
    """
    Row and column of every cell whose middle may lie within :data:`NEAR_M` of a street, the cells' width, and the middles on their streets.

    Remembered for the networks used last: all layers and years of a city ask for the same cells.
    """
    import shapely

    edge = np.flatnonzero(network.edge_mm)
    if not len(edge):
        return None
    _, south, _, north = network.bounds
    lon_step = round(LAT_STEP / max(float(np.cos(np.radians((south + north) / 2))), 0.05))
    lines = cut(network, edge, np.zeros(len(edge), dtype=np.int64), network.edge_mm[edge])
    squares = shapely.transform(lines, lambda xy: xy * (GRID / lon_step, GRID / LAT_STEP))  # a cell is a square of 1
    along = shapely.get_coordinates(shapely.segmentize(squares, 0.5))
    column, row = np.floor(along).astype(np.int64).T
    touched = np.unique(row * WIDE + column)
    reach = int(np.ceil(NEAR_M / CELL_M))
    around = np.arange(-reach, reach + 1)
    cells = np.unique(touched[:, None] + (around[:, None] * WIDE + around).ravel())
    row, column = np.divmod(cells + WIDE // 2, WIDE)
    column -= WIDE // 2
    return row, column, lon_step, network.snap(_middles(row, column, lon_step), limit_m=NEAR_M)


def _middles(row: NDArray[np.int64], column: NDArray[np.int64], lon_step: int) -> gpd.GeoSeries:
    import geopandas as gpd
    import shapely

    return gpd.GeoSeries(shapely.points((column + 0.5) * lon_step / GRID, (row + 0.5) * LAT_STEP / GRID), crs=4326)
