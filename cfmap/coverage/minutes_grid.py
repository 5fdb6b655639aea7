"""How many minutes is it on foot to the sites around from any ground beside the streets, coarsely enough to be shipped?"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from cfmap.coverage.service_area import BUFFER_M
from cfmap.model import MinutesGrid
from cfmap.network.course import cut
from cfmap.network.od import pairs

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from cfmap.coverage.sources import Sources
    from cfmap.network import Network, Snapped

GRID = 100_000  # steps per degree, those of the page
LAT_STEP = 90  # 1e-5 degree: a cell is 100 m high, and as wide in the middle of the network
STEP_M = 111_320.0 / GRID
CELL_M = LAT_STEP * STEP_M
#: Longest straight way from a cell's middle to its street: a corner of the cell may lie at the edge of the ground that is drawn as reached.
NEAR_M = BUFFER_M + CELL_M * 0.5**0.5
MOST_MINUTES = 255  # of a byte
MOST_SITES = 20  # of one layer, told for one cell
WIDE = 1 << 22  # more cells than round the globe


def minutes_grid(network: Network, sources: Sources, *, limit_mm: int, speed_kmh: float) -> MinutesGrid | None:
    """
    Minutes on the grid.

    Each cell's middle is brought to its nearest street as homes are (:meth:`cfmap.network.Network.snap`): its walk is the straight way
    there, the way along streets, and the straight way from the street to the site's nearest door. Lines of the grid stand at whole
    multiples of their steps, so grids of one network fit onto each other.

    Parameters
    ----------
    sources
        Sites with their doors on the streets.
    limit_mm
        Streets farther from a site than this, its door's straight way included, are not reached by it.
    speed_kmh
        Pace of the minutes.

    Returns
    -------
    grid
        Of each cell the :data:`MOST_SITES` nearest sites among those that reach a street within :data:`NEAR_M` of its middle, equally
        near ones in order of `sources`; None when there is none.
    """
    ground = _ground(network)
    if ground is None or not len(sources.site):
        return None
    row, column, lon_step, snapped = ground
    found = pairs(network, snapped, sources.snapped, limit_mm=limit_mm + round(NEAR_M * 1000) + 1, site=sources.site)
    cell, site, mm = found.origin, found.site, found.mm
    minutes = np.maximum(1, np.ceil(mm / (speed_kmh * 1e6 / 60.0) - 1e-9))
    reached = (mm - snapped.connector_mm[cell] <= limit_mm) & (minutes <= MOST_MINUTES)
    cell, site, mm, minutes = cell[reached], site[reached], mm[reached], minutes[reached]
    if not len(cell):
        return None
    order = np.lexsort((site, mm, cell))
    cell, site, minutes = cell[order], site[order], minutes[order]
    near = np.arange(len(cell)) - np.searchsorted(cell, cell) < MOST_SITES
    cell, site, minutes = cell[near], site[near], minutes[near]
    south, west = row[cell].min(), column[cell].min()
    columns = int(column[cell].max() - west) + 1
    position = (row[cell] - south) * columns + column[cell] - west
    order = np.lexsort((position, site))
    return MinutesGrid(
        west=int(west) * lon_step,
        south=int(south) * LAT_STEP,
        lon_step=lon_step,
        lat_step=LAT_STEP,
        columns=columns,
        sites=tuple(str(i) for i in sources.ids),
        site=site[order],
        cell=position[order],
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
