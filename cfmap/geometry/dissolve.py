"""Which ground do these street parts serve: streets widened to an area, holes kept, never a hull."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Mode = Literal["map", "exact"]

CELL_M = 5.0  # metres between grid lines of the map mode; at 10 m the error is three times as large, the time 0.6 times
MOST_CELL_M = 655.0  # centimetres in 16 bits
PRECISION_M = 0.01
SLIVER_M2 = 1.0  # square metres
ARC_SEGMENTS = 16  # per quarter circle: 0.16 % less area than a true circle
UNION_TILE_M = 1000.0  # metres: sides of 500 to 2,000 m take the same time
NOT_FINITE = "coordinates that are not finite"


@dataclass(frozen=True)
class Dissolved:
    """
    An area and what was cleaned off it.

    Attributes
    ----------
    geometry
        Polygon or MultiPolygon in the metres of the input, valid; an empty MultiPolygon when nothing was given.
    slivers
        Pieces and gaps below 1 m² that were dropped and filled.
    """

    geometry: Any
    slivers: int


def dissolve(lines: NDArray[np.object_], *, buffer_m: float, mode: Mode = "map", cell_m: float = CELL_M) -> Dissolved:
    """
    Area within `buffer_m` of `lines`.

    Parameters
    ----------
    lines
        LineStrings (or Points, or MultiLineStrings) in metres.
    buffer_m
        Half width, metres.
    mode
        ``exact`` widens every line and unites the results, tile by tile. ``map`` finds where the widened lines cut the lines
        of a grid, exactly, and joins these places by straight pieces (marching squares): 60 times faster with cells of 5 m, 100 times with 10 m.
        Corners between streets are cut off and narrow gaps filled within a cell, round ends are flattened. On the demo
        city the area is 0.05 % larger with cells of 5 m and 0.17 % with cells of 10 m, the symmetric difference 0.06 % and
        0.19 % (``benchmarks/catchment.py``); for a result at hand ask :func:`difference`. A single point loses 0.4 % at
        5 m, 1.5 % at 10 m. Growing sets at once: :func:`dissolve_bands`, many: :func:`dissolve_many`.
    cell_m
        Grid width of the map mode, metres; never wider than a third of `buffer_m`.

    Returns
    -------
    dissolved
        Valid, at a precision of 1 cm, without slivers below 1 m². Rings of streets keep their holes.

    Raises
    ------
    ValueError
        For an unknown mode or a width that is not positive.
    """
    if mode not in ("map", "exact") or not (buffer_m > 0 and cell_m > 0):
        msg = f"mode {mode!r}, buffer {buffer_m} m, cell {cell_m} m: mode is map or exact, widths are positive"
        raise ValueError(msg)
    lines = np.asarray(lines, dtype=object)
    lines = lines[~(shapely.is_missing(lines) | shapely.is_empty(lines))]
    if not len(lines):
        return Dissolved(shapely.MultiPolygon(), 0)
    if mode == "map":
        return dissolve_bands([straight_pieces(lines)], buffer_m=buffer_m, cell_m=cell_m)[0]
    if not np.isfinite(shapely.get_coordinates(lines)).all():
        raise ValueError(NOT_FINITE)
    return _without_slivers(shapely.set_precision(_union(shapely.buffer(lines, buffer_m, quad_segs=ARC_SEGMENTS)), PRECISION_M))


def _union(areas: NDArray[np.object_]) -> Any:
    """Their union: first of those whose middle lies in the same tile, several tiles at a time, then of the tiles."""
    box = shapely.bounds(areas)
    tile = np.floor((box[:, :2] + box[:, 2:]) / 2 / UNION_TILE_M)
    order = np.lexsort((tile[:, 0], tile[:, 1]))
    starts = np.flatnonzero(np.r_[True, np.any(np.diff(tile[order], axis=0) != 0, axis=1)])
    with ThreadPoolExecutor() as pool:
        return shapely.union_all(list(pool.map(shapely.union_all, np.split(areas[order], starts[1:]))))


@dataclass(frozen=True)
class Difference:
    """
    How far a drawn area is from the exact one.

    Attributes
    ----------
    exact_m2, drawn_m2
        Areas, square metres.
    apart_m2
        Ground that belongs to one of them only.
    """

    exact_m2: float
    drawn_m2: float
    apart_m2: float

    @property
    def area(self) -> float:
        """By what share of the exact area the drawn one is larger; 0 when both are empty."""
        return (self.drawn_m2 - self.exact_m2) / self.exact_m2 if self.exact_m2 else 0.0

    @property
    def symmetric(self) -> float:
        """Ground that belongs to one of them only, as a share of the exact area."""
        return self.apart_m2 / self.exact_m2 if self.exact_m2 else 0.0


def difference(exact: Any, drawn: Any) -> Difference:
    """Difference between two areas in metres: of ``exact`` and ``map`` mode, of one before and after simplifying."""
    return Difference(exact.area, drawn.area, shapely.symmetric_difference(exact, drawn).area)


def dissolve_bands(bands: Sequence[NDArray[np.float64]], *, buffer_m: float, cell_m: float = CELL_M) -> list[Dissolved]:
    """
    Areas of growing sets of street pieces, as the ``map`` mode of :func:`dissolve`; common ground is measured once.

    Parameters
    ----------
    bands
        Straight pieces (n, 4) as x1, y1, x2, y2 in metres; band k serves with all pieces of the bands before it.
    buffer_m, cell_m
        As :func:`dissolve`.

    Returns
    -------
    areas
        One for each band; each covers the one before it, and where both have the same edge they have the same vertices.

    Raises
    ------
    ValueError
        As :func:`dissolve_many`.
    """
    pieces = [np.reshape(np.asarray(b, dtype=np.float64), (-1, 4)) for b in bands]
    band = np.repeat(np.arange(len(pieces)), [len(p) for p in pieces])
    return dissolve_many(np.vstack([*pieces, np.empty((0, 4))]), np.zeros_like(band), 1, buffer_m=buffer_m, cell_m=cell_m, band=band, n_bands=len(pieces))


def dissolve_many(
    pieces: NDArray[np.float64],
    owner: NDArray[np.int64],
    n: int,
    *,
    buffer_m: float,
    cell_m: float = CELL_M,
    band: NDArray[np.int64] | None = None,
    n_bands: int = 1,
) -> list[Dissolved]:
    """
    One area for each of `n` owners (e.g. sites), as the ``map`` mode of :func:`dissolve`; owners may share ground.

    Parameters
    ----------
    pieces
        Straight pieces (m, 4) as x1, y1, x2, y2 in metres, in any order; a piece without length is a point.
    owner
        Position (0 to ``n - 1``) of the owner of each piece.
    n
        Number of owners; one without pieces gets an empty area.
    buffer_m, cell_m
        As :func:`dissolve`.
    band, n_bands
        Where given, each owner has `n_bands` growing areas; band k (0 to ``n_bands - 1``) serves with the pieces of the bands up to k.

    Returns
    -------
    areas
        ``n * n_bands``, in order of owner and then of band. The same to the last bit for any order and direction of the
        pieces and any number of threads.

    Raises
    ------
    ValueError
        For a width that is not positive or a cell above 655 m, for coordinates that are not finite, owners or bands out of range, and pieces
        too far apart to lie on one grid.

    Notes
    -----
    Time grows with the length of the pieces and the length of the outline, both over the cell, not with the ground covered.
    """
    pieces, owner = np.reshape(np.asarray(pieces, dtype=np.float64), (-1, 4)), np.asarray(owner, dtype=np.int64)
    band = np.zeros(len(owner), dtype=np.int64) if band is None else np.asarray(band, dtype=np.int64)
    _check(pieces, owner, n, band, n_bands, buffer_m, cell_m)
    if not len(pieces):
        return [Dissolved(shapely.MultiPolygon(), 0)] * (n * n_bands)
    from cfmap.geometry._map_mode import ground

    areas, slivers = ground(pieces, owner, n, band, n_bands, buffer_m=buffer_m, cell_m=cell_m, least_m2=SLIVER_M2)
    return [Dissolved(_single(area), int(dropped)) for area, dropped in zip(areas, slivers, strict=True)]


def _check(pieces: NDArray[np.float64], owner: NDArray[np.int64], n: int, band: NDArray[np.int64], n_bands: int, buffer_m: float, cell_m: float) -> None:
    if not (0 < buffer_m < np.inf and 0 < cell_m <= MOST_CELL_M):
        msg = f"buffer {buffer_m} m, cell {cell_m} m: widths are positive and finite, cells at most {MOST_CELL_M:g} m"
        raise ValueError(msg)
    if not np.isfinite(pieces).all():
        wrong = np.flatnonzero(~np.isfinite(pieces).all(axis=1))
        msg = f"{len(wrong)} of {len(pieces)} pieces have {NOT_FINITE}, the first at position {wrong[0]}"
        raise ValueError(msg)
    for name, values, below in (("owner", owner, n), ("band", band, n_bands)):
        if len(values) != len(pieces) or (len(values) and not 0 <= values.min() <= values.max() < below):
            msg = f"{name}: one for each of {len(pieces)} pieces, from 0 to {below - 1}"
            raise ValueError(msg)


def _single(area: Any) -> Any:
    return area.geoms[0] if len(area.geoms) == 1 else area


def _without_slivers(area: Any) -> Dissolved:
    polygons = shapely.get_parts(shapely.get_parts(area))
    polygons = polygons[shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON]
    large = shapely.area(polygons) >= SLIVER_M2
    slivers = int((~large).sum())
    polygons = polygons[large]
    rings, owner = shapely.get_rings(polygons, return_index=True)
    outer = np.r_[True, owner[1:] != owner[:-1]][: len(owner)]
    small = ~outer & (shapely.area(shapely.polygons(rings)) < SLIVER_M2)
    for number in np.unique(owner[small]):
        mine = owner == number
        polygons[number] = shapely.polygons(rings[mine & outer][0], holes=rings[mine & ~outer & ~small])
    return Dissolved(polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(list(polygons)), slivers + int(small.sum()))


def straight_pieces(lines: NDArray[np.object_]) -> NDArray[np.float64]:
    """Straight pieces (n, 4) as x1, y1, x2, y2; a point is a piece of no length."""
    parts = shapely.get_parts(lines)
    coordinates, owner = shapely.get_coordinates(parts, return_index=True)
    alone = np.flatnonzero(np.bincount(owner, minlength=len(parts)) == 1)
    points = coordinates[np.searchsorted(owner, alone)]
    return np.vstack([pieces_along(coordinates, owner), np.column_stack([points, points])])


def pieces_along(places: NDArray[np.float64], owner: NDArray[np.int64]) -> NDArray[np.float64]:
    """Straight pieces (n, 4) between consecutive places of the same owner."""
    together = owner[1:] == owner[:-1]
    pieces: NDArray[np.float64] = np.column_stack([places[:-1], places[1:]])[together]
    return pieces
