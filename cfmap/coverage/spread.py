"""Where do the people of a place live: at a point, or over the ground of a cell, so that streets can reach them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

    from cfmap.geometry.raster import Raster

SPACING_M = 70.0  # cells of 100 m get 2 x 2 places, of 250 m 4 x 4, of 500 m 8 x 8
MOST_ALONG = 1024  # places along one side of a cell
BATCH = 1 << 18  # places handled at once: what is held in memory does not grow with the table


class Spread(NamedTuple):
    """
    Places over which people are spread.

    Attributes
    ----------
    row
        Row of the table, or position among the raster's known cells.
    share
        Which part of the row's people live there; the shares of a row add up to 1, and a row is never in two batches.
    lon, lat
        Degrees; not finite where a row has no place.
    """

    row: NDArray[np.int64]
    share: NDArray[np.float64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TableGround:
    """Ground of a table: points are themselves, areas are spread, of other shapes a point on them counts."""

    table: gpd.GeoDataFrame

    def spread(self, rows: NDArray[np.int64], spacing_m: float) -> Iterator[Spread]:
        """Spread rows; `spacing_m` infinite = one place each."""
        import shapely

        shapes = np.asarray(self.table.geometry.values, dtype=object)[rows]
        shapes[shapely.is_empty(shapes)] = None
        is_area = np.isin(shapely.get_type_id(shapes), (3, 6))
        if not np.isfinite(spacing_m):
            is_area[:] = False
        to_degrees = _to_degrees(self.table.crs)
        for some in _batches(np.ones(int((~is_area).sum()), dtype=np.int64)):
            which = np.flatnonzero(~is_area)[some]
            points = shapely.point_on_surface(shapes[which])
            yield Spread(rows[which], np.ones(len(which)), *to_degrees(shapely.get_x(points), shapely.get_y(points)))
        areas = np.flatnonzero(is_area)
        if not len(areas):
            return
        west, south, east, north = shapely.bounds(shapes[areas]).T
        middle = (west + east) / 2, (south + north) / 2
        across = _pieces(_metres(to_degrees, (west, middle[1]), (east, middle[1])), spacing_m)
        down = _pieces(_metres(to_degrees, (middle[0], south), (middle[0], north)), spacing_m)
        for some in _batches(across * down):
            owner, i, j = _lattice(across[some], down[some])
            x = west[some][owner] + i * (east - west)[some][owner]
            y = south[some][owner] + j * (north - south)[some][owner]
            mine = shapes[areas[some]]
            shapely.prepare(mine)
            inside = shapely.intersects_xy(mine[owner], x, y)
            # an area so thin or so bent that no place of its lattice lies in it
            bare = np.flatnonzero(np.bincount(owner[inside], minlength=len(mine)) == 0)
            own = shapely.point_on_surface(mine[bare])
            owner = np.concatenate([owner[inside], bare])
            lon, lat = to_degrees(np.concatenate([x[inside], shapely.get_x(own)]), np.concatenate([y[inside], shapely.get_y(own)]))
            yield Spread(rows[areas[some]][owner], 1.0 / np.bincount(owner)[owner], lon, lat)


@dataclass(frozen=True, eq=False)
class RasterGround:
    """Ground of a raster's known cells."""

    raster: Raster
    cells: NDArray[np.int64]

    def spread(self, rows: NDArray[np.int64], spacing_m: float) -> Iterator[Spread]:
        """Spread rows; `spacing_m` infinite = one place each."""
        to_degrees = _to_degrees(self.raster.crs)
        across, down = self._pieces(to_degrees, spacing_m)
        counts = np.full(len(rows), across * down, dtype=np.int64)
        for some in _batches(counts):
            owner, i, j = _lattice(np.full(len(some), across), np.full(len(some), down))
            row = rows[some][owner]
            yield Spread(row, np.full(len(row), 1.0 / (across * down)), *to_degrees(*self.raster.at(self.cells[row], i, j)))

    def _pieces(self, to_degrees: Any, spacing_m: float) -> tuple[int, int]:
        """How often the cells are divided; the largest of those at corners and middle counts for all."""
        if not len(self.cells):
            return 1, 1
        height, width = self.raster.values.shape
        row, column = np.meshgrid([0, height // 2, height - 1], [0, width // 2, width - 1])
        some = (row * width + column).ravel()
        at = self.raster.at
        sides = (_metres(to_degrees, at(some, 0.0, 0.5), at(some, 1.0, 0.5)), _metres(to_degrees, at(some, 0.5, 0.0), at(some, 0.5, 1.0)))
        across, down = (int(_pieces(side, spacing_m).max()) for side in sides)
        return across, down


def _batches(counts: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Positions in turn, so many that their counts add up to about :data:`BATCH`, at least one."""
    if len(counts):
        number = np.cumsum(counts) // BATCH
        yield from np.split(np.arange(len(counts)), np.flatnonzero(np.diff(number)) + 1)


def _lattice(across: NDArray[np.int64], down: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Middles of `across` times `down` equal parts of each cell: the cell, and where in it (0 to 1)."""
    counts = across * down
    owner = np.repeat(np.arange(len(counts)), counts)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    return owner, (number % across[owner] + 0.5) / across[owner], (number // across[owner] + 0.5) / down[owner]


def _pieces(metres: NDArray[np.float64], spacing_m: float) -> NDArray[np.int64]:
    """Into how many parts a side is cut: a power of two, so that a quarter of a cell gets the places the cell had there."""
    ratio = np.nan_to_num(metres / spacing_m, nan=1.0, posinf=1.0)
    return np.exp2(np.ceil(np.log2(np.clip(ratio, 1.0, MOST_ALONG)))).astype(np.int64)


def _metres(to_degrees: Any, start: tuple[Any, Any], end: tuple[Any, Any]) -> NDArray[np.float64]:
    """Geodesic length between places of a CRS; NaN where one is not on earth."""
    from pyproj import Geod

    (lon, lat), (lon_2, lat_2) = to_degrees(*start), to_degrees(*end)
    sound = np.isfinite(lon) & np.isfinite(lat) & np.isfinite(lon_2) & np.isfinite(lat_2)
    length = np.full(len(sound), np.nan)
    length[sound] = Geod(ellps="WGS84").inv(lon[sound], lat[sound], lon_2[sound], lat_2[sound])[2]
    return length


@lru_cache(maxsize=8)
def _to_degrees(crs: Any) -> Any:
    # making one takes a tenth of a second
    from pyproj import Transformer

    return Transformer.from_crs(crs, 4326, always_xy=True).transform
