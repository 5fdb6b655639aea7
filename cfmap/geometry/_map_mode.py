"""Areas near straight pieces by the lines of a grid: tiles, crossings, rings, polygons, one after the other."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from cfmap.geometry._crossings import crossings
from cfmap.geometry._rings import hold_where_bands_part, rings, shells
from cfmap.geometry._tiles import SIDE, tiles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from cfmap.geometry._tiles import Tiles

THINNING_CM = 10.0  # a vertex goes when the line passes it by less; an arc of 35 m keeps one about every 5 m
HOLD_CM = 22  # twice that and two roundings: lines nearer to each other are not thinned, so that none ever cross
CELLS_IN_BUFFER = 3.0  # at least; wider cells would lose the ends of streets
LEAST_CELL_CM = 10
PIECES_PER_THREAD = 20_000  # fewer are done before a second thread has begun


class _Contours(NamedTuple):
    """Crossings in centimetres from the grid's corner, the next one along the contour; see :func:`cfmap.geometry._crossings.crossings`."""

    x: NDArray[np.int64]
    y: NDArray[np.int64]
    following: NDArray[np.int64]
    hold: NDArray[np.int64]
    same: NDArray[np.int64]
    passed_by: NDArray[np.bool_]  # a crossing on a border that its twin stands for
    first: NDArray[np.int64]


def ground(
    pieces: NDArray[np.float64], owner: NDArray[np.int64], n: int, band: NDArray[np.int64], n_bands: int, *, buffer_m: float, cell_m: float, least_m2: float
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """
    MultiPolygons of ``n * n_bands`` areas (:func:`cfmap.geometry.dissolve.dissolve_many`), and how many pieces and gaps below `least_m2` each was rid of.

    After the crossings everything is reckoned in whole centimetres: no rounding can make lines cross.
    """
    cell_cm = max(LEAST_CELL_CM, round(100 * min(cell_m, buffer_m / CELLS_IN_BUFFER)))
    radius = 100 * buffer_m / cell_cm
    corner = np.floor(pieces.reshape(-1, 2).min(axis=0) * (100 / cell_cm) - radius) - 2
    grid = pieces * (100 / cell_cm) - np.tile(corner, 2)
    work = tiles(grid, radius + 1, owner, band, n_bands)
    lines = _contours(grid, work, radius, cell_cm)
    if n_bands > 1:
        hold_where_bands_part(lines.following, lines.same, lines.hold)
    vertex, first, area, group = _rings(lines, work.group)
    shell = shells(lines.x, lines.y, vertex, first, area, group)
    large = np.abs(area) >= least_m2 * 1e4
    dropped = np.bincount(group[~large & (large[shell] | (area > 0))], minlength=n * n_bands)
    kept = np.flatnonzero(large & large[shell])
    kept = kept[np.lexsort((area[kept] < 0, shell[kept]))]  # each shell, then its holes
    vertex, first = _closed(vertex, first, kept)
    xy = np.column_stack([(line[vertex] + int(origin)) / 100 for line, origin in zip((lines.x, lines.y), corner * cell_cm, strict=True)])
    polygon = np.flatnonzero(kept == shell[kept])
    offsets = first, np.r_[polygon, len(kept)], np.searchsorted(group[kept[polygon]], np.arange(n * n_bands + 1))
    return np.asarray(shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, xy, offsets), dtype=object), dropped


def _contours(grid: NDArray[np.float64], work: Tiles, radius: float, cell_cm: int) -> _Contours:
    width = int(work.column.max()) + 2 * SIDE
    starts = np.flatnonzero(work.fresh)
    cuts = np.unique([starts[starts <= cut][-1] for cut in np.linspace(0, len(work.fresh), _threads(len(work.members)) + 1)[:-1]])
    found = _in_threads(
        lambda a, b: crossings(
            grid, (work.row[a:b], work.column[a:b], work.fresh[a:b], work.begin[a:b], work.end[a:b], work.members), radius, cell_cm, width, HOLD_CM
        ),
        list(zip(cuts, [*cuts[1:], len(work.fresh)], strict=True)),
    )
    x, y, following, hold, same, key, number, first, first_border = found[0]
    for more in found[1:]:
        following, same, number = (
            np.r_[one, np.where(other >= 0, other + len(x), -1)] for one, other in zip((following, same, number), (more[2], more[4], more[6]), strict=True)
        )
        first, first_border = np.r_[first[:-1], more[7] + len(x)], np.r_[first_border[:-1], more[8] + len(key)]
        x, y, hold, key = np.r_[x, more[0]], np.r_[y, more[1]], np.r_[hold, more[3]], np.r_[key, more[5]]
    # a contour that leaves a tile goes on from the same crossing in its neighbour
    key += np.repeat(work.group, np.diff(first_border)) * (2 * width * (int(work.row.max()) + 2 * SIDE))
    leaves = following[number] < 0
    out, back = (number[chosen][np.argsort(key[chosen])] for chosen in (leaves, ~leaves))
    following[out] = following[back]
    passed_by = np.zeros(len(x), dtype=np.bool_)
    passed_by[back] = True
    return _Contours(x, y, following, hold, same, passed_by, first)


def _rings(lines: _Contours, group: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Vertices, where each ring begins, its signed area and the group it belongs to; in order of group."""
    order = np.argsort(group, kind="stable")
    vertex, first, area = rings(lines.x, lines.y, lines.following, lines.hold, lines.passed_by, lines.first[:-1][order], lines.first[1:][order], THINNING_CM)
    return vertex, first, area, group[np.searchsorted(lines.first, vertex[first[:-1]], side="right") - 1]


def _closed(vertex: NDArray[np.int64], first: NDArray[np.int64], chosen: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Vertices of chosen rings, the first of each repeated at its end, and where each ring begins (the last ends)."""
    size = first[chosen + 1] - first[chosen] + 1
    begins = np.r_[0, np.cumsum(size)]
    place = np.arange(begins[-1]) + np.repeat(first[chosen] - begins[:-1], size)
    place[begins[1:] - 1] = first[chosen]
    return vertex[place], begins


def _threads(pieces: int) -> int:
    return max(1, min(os.cpu_count() or 1, pieces // PIECES_PER_THREAD))


def _in_threads(task: Callable[[int, int], tuple[NDArray[np.int64], ...]], jobs: Sequence[tuple[int, int]]) -> list[tuple[NDArray[np.int64], ...]]:
    """Results in order of jobs."""
    if len(jobs) == 1:
        return [task(*jobs[0])]
    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(lambda job: task(*job), jobs))
