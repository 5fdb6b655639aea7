"""How do streets, areas and minutes become a few hundred kilobytes of text: 1e-5 degree grid, differences, a coder, base64."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cfmap.model.edition import MinutesGrid

COUNT, TAG, POINTS, JUMP_X, JUMP_Y, DX, DY, NEXT, ALONG, BACK = range(10)  # what a number is, see coder.py
GRID = 100_000  # steps per degree: about 1.1 m north-south
METRES_PER_DEGREE = 111_320.0  # at the equator; only for drawing tolerances
MAX_AREA_CHANGE = 0.002  # simplified areas keep their size to 0.2 %
LEAST_TOLERANCE_M = 0.5
DETOUR = 1.25  # ways along streets are longer than the straight line by about so much; only a guess to pack against

Geometries = Any  # arrays of shapely geometries


def pack_lines(lines: Geometries, tags: Sequence[int], *, tolerance_m: float = 0.0, step: int = 1) -> str:
    """
    Lines as base64 text.

    Numbers through :func:`cfmap.publish.web.coder.encode`: `step`, how many lines; for each its tag, its number of points, then differences
    ``dx dy`` to the point before (the first line starts from 0 0, each next from the end of the one before), each worth `step` steps
    of the grid. Lines stand along a Hilbert curve.

    Parameters
    ----------
    lines
        LineStrings or MultiLineStrings, EPSG:4326; empty ones are left out.
    tags
        A non-negative number for each, e.g. the position of its name.
    tolerance_m
        Simplification (Douglas-Peucker), metres.
    step
        Points stand on every `step`-th line of the grid.
    """
    flat, parents = shapely.get_parts(np.asarray(lines, dtype=object), return_index=True)
    flat, parents = flat[~shapely.is_empty(flat)], parents[~shapely.is_empty(flat)]
    order = np.argsort(hilbert(shapely.bounds(flat)[:, :2]), kind="stable")  # neighbours in space become neighbours in the stream: smaller differences
    flat, parents = simplify(flat[order], tolerance_m), parents[order]
    xy, of_line = shapely.get_coordinates(flat, return_index=True)
    grid = np.rint(xy * GRID / step).astype(np.int64)
    keep = np.ones(len(grid), dtype=bool)
    keep[1:] = (np.diff(of_line) != 0) | np.any(np.diff(grid, axis=0) != 0, axis=1)
    grid, of_line = grid[keep], of_line[keep]
    points = np.bincount(of_line, minlength=len(flat))
    alive = points >= 2
    grid = grid[alive[of_line]]
    points, line_tags = points[alive], np.asarray(tags, dtype=np.int64)[parents][alive]
    starts = np.cumsum(points) - points
    values, kinds = _differences(grid, starts)
    places = np.repeat(starts * 2, 2)
    values = np.insert(values, places, np.column_stack([line_tags, points]).ravel())
    kinds = np.insert(kinds, places, np.tile(np.array([TAG, POINTS], dtype=np.uint8), len(starts)))
    return coded(np.concatenate([[step, len(points)], values]), np.concatenate([np.array([COUNT, COUNT], dtype=np.uint8), kinds]))


def pack_polygons(polygons: Geometries, tags: Sequence[int], *, tolerance_m: float = 0.0, step: int = 1) -> str:
    """
    Polygons with their holes as base64 text.

    Numbers: `step`, how many polygons; for each its tag, how many rings; for each ring how many points
    (the closing one left out) and the differences as in :func:`pack_lines`, each worth `step` steps of the grid.

    Parameters
    ----------
    polygons
        Polygons or MultiPolygons, EPSG:4326.
    tags
        A non-negative number for each.
    tolerance_m
        Simplification, metres (:func:`simplify_areas`).
    step
        Corners stand on every `step`-th line of the grid: 4 is about 4.4 m, fine enough for areas that are no truer themselves.
        Both become finer by a third where an area would change by more than :data:`MAX_AREA_CHANGE`.
    """
    simple = simplify_areas(polygons, tolerance_m)
    if step > 1:
        size = shapely.area(np.asarray(polygons, dtype=object))
        rounded = shapely.transform(simple, lambda xy: np.rint(xy * GRID / step) * step / GRID)
        if np.any(np.abs(shapely.area(rounded) - size) > MAX_AREA_CHANGE * size):
            return pack_polygons(polygons, tags, tolerance_m=tolerance_m * 0.7, step=step * 2 // 3)
    flat, parents = shapely.get_parts(simple, return_index=True)
    rings, of_polygon = shapely.get_rings(flat, return_index=True)
    xy, of_ring = shapely.get_coordinates(rings, return_index=True)
    grid = np.rint(xy * GRID / step).astype(np.int64)
    keep = np.diff(of_ring, prepend=-1) != 0
    keep[1:] |= np.any(np.diff(grid, axis=0) != 0, axis=1)  # equal neighbours once
    grid, of_ring = grid[keep], of_ring[keep]
    closing = np.diff(of_ring, append=-1) != 0
    grid, of_ring = grid[~closing], of_ring[~closing]
    corners = np.bincount(of_ring, minlength=len(rings))
    grid = grid[corners[of_ring] >= 3]
    alive = corners >= 3
    corners, of_polygon = corners[alive], of_polygon[alive]
    if not len(corners):
        return coded(np.array([step, 0], dtype=np.int64), np.array([COUNT, COUNT], dtype=np.uint8))
    first = np.diff(of_polygon, prepend=-1) != 0
    inside = np.bincount(np.cumsum(first) - 1)
    tag = np.asarray(tags, dtype=np.int64)[parents[of_polygon[first]]]
    starts = np.cumsum(corners) - corners
    values, kinds = _differences(grid, starts)
    starts = 2 * starts
    places = np.concatenate([np.repeat(starts[first], 2), starts])
    headers = np.concatenate([np.column_stack([tag, inside]).ravel(), corners])
    head_kinds = np.concatenate([np.tile(np.array([TAG, COUNT], dtype=np.uint8), len(tag)), np.full(len(corners), POINTS, dtype=np.uint8)])
    order = np.lexsort((np.r_[np.zeros(2 * len(tag)), np.ones(len(corners))], places))
    values = np.insert(values, places[order], headers[order])
    kinds = np.insert(kinds, places[order], head_kinds[order])
    return coded(np.concatenate([[step, len(inside)], values]), np.concatenate([np.array([COUNT, COUNT], dtype=np.uint8), kinds]))


def pack_minutes(grid: MinutesGrid, rows: Sequence[int]) -> str:
    """
    Walking minutes by site and cell as base64 text.

    Numbers of the coder: `west` and `south` as differences, `lon_step`, `lat_step`, `columns`, the thousandths of a minute that a cell is
    guessed to take, and how many sites. Then for each site, in the order of their rows: the step from the row before (the first from
    -1; 0 for a site without one); the point from which its minutes are guessed, east and north, in half cells from the one before; how
    many runs of neighbouring cells; for each run the rows of cells since the one before (the first: since the bottom), its first
    column (in the same row from the end of the run before, in another from the beginning of the first run of the row before), and its
    cells; then for each cell its minutes beyond the guess.

    Parameters
    ----------
    rows
        For each of the grid's sites its position among those on the page, -1 when it is not there.
    """
    per_cell = 1000.0 * grid.lat_step * METRES_PER_DEGREE / GRID / (grid.speed_kmh * 1000.0 / 60.0)
    guess = round(per_cell * DETOUR)
    at = np.append(np.searchsorted(grid.site, np.arange(len(grid.sites))), len(grid.site))
    used = sorted((n for n in range(len(grid.sites)) if at[n + 1] > at[n]), key=lambda n: (rows[n] < 0, rows[n], n))
    parts: list[tuple[Any, list[int]]] = [
        ([grid.west, grid.south], [DX]),
        ([grid.lon_step, grid.lat_step, grid.columns, guess, len(used)], [COUNT]),
    ]
    row, east, north = -1, 0, 0
    for n in used:
        cell, minutes = grid.cell[at[n] : at[n + 1]], grid.minutes[at[n] : at[n + 1]].astype(np.int64)
        up, right = np.divmod(cell, grid.columns)
        close = minutes <= minutes.min() + 1
        x, y = int(np.rint(2 * right[close].mean())) + 1, int(np.rint(2 * up[close].mean())) + 1
        begins = np.flatnonzero((np.diff(cell, prepend=-2) != 1) | (right == 0))
        cells = np.diff(np.append(begins, len(cell)))
        parts += [
            ([max(rows[n] - row, 0) if rows[n] >= 0 else 0], [TAG]),
            ([x - east, y - north], [JUMP_X]),
            ([len(begins)], [COUNT]),
            (_runs(up[begins], right[begins], cells), [TAG, JUMP_Y, POINTS]),
            (minutes - guessed(2 * right + 1 - x, 2 * up + 1 - y, guess), [DX]),
        ]
        row, east, north = (rows[n] if rows[n] >= 0 else row), x, y
    values = np.concatenate([np.asarray(v, dtype=np.int64) for v, _ in parts])
    return coded(values, np.concatenate([np.resize(np.array(k, dtype=np.uint8), len(v)) for v, k in parts]))


def guessed(right: NDArray[np.int64], up: NDArray[np.int64], guess: int) -> NDArray[np.int64]:
    """Minutes that a walk over half cells may take, the same to the last bit in `src/field.js`."""
    across: NDArray[np.int64] = np.maximum(1, np.floor(np.sqrt((right * right + up * up).astype(np.float64)) * guess / 2000.0 + 0.5)).astype(np.int64)
    return across


def _runs(up: NDArray[np.int64], right: NDArray[np.int64], cells: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of each run the rows since the one before, its first column as a difference, and its cells, in turn."""
    rise = np.diff(up, prepend=0)
    new = rise != 0
    new[:1] = True
    first = np.flatnonzero(new)
    of_row = np.cumsum(new) - 1
    before = np.append(0, right[first])[of_row]  # the first run of the row before
    ended = np.append(0, (right + cells)[:-1])
    return np.column_stack([rise, np.where(new, right - before, right - ended), cells]).ravel()


def simplify(geometries: Geometries, tolerance_m: float) -> Geometries:
    """Douglas-Peucker with a tolerance in metres on a local plane; geometries in and out in degrees."""
    given = np.asarray(geometries, dtype=object)
    if tolerance_m <= 0 or not len(given):
        return given
    scale = metres_per_degree(given)
    metres = shapely.transform(given, lambda xy: xy * scale)
    # topology is not kept: the result is only drawn, and keeping it takes a hundred times longer on large areas
    return shapely.transform(shapely.simplify(metres, tolerance_m, preserve_topology=False), lambda xy: xy / scale)


def simplify_areas(areas: Geometries, tolerance_m: float) -> Geometries:
    """
    Polygons simplified so that each keeps its size to :data:`MAX_AREA_CHANGE`; degrees in and out.

    Cutting corners makes narrow areas smaller and those with many holes larger. Where that is too much the outline moves by the
    few decimetres that make up for it; where even that fails, half the tolerance is tried.
    """
    given = np.asarray(areas, dtype=object)
    if tolerance_m <= 0 or not len(given):
        return given
    scale = metres_per_degree(given)
    metres = shapely.transform(given, lambda xy: xy * scale)
    simple = metres.copy()
    left = np.arange(len(given))
    while len(left) and tolerance_m > LEAST_TOLERANCE_M:
        size = shapely.area(metres[left])
        found = shapely.simplify(metres[left], tolerance_m, preserve_topology=False)
        wrong = np.abs(shapely.area(found) - size) > MAX_AREA_CHANGE * size
        moved = (size - shapely.area(found))[wrong] / np.maximum(shapely.length(found[wrong]), LEAST_TOLERANCE_M)
        outline = shapely.buffer(found[wrong], moved, join_style="mitre", mitre_limit=2.0)
        found[wrong] = shapely.simplify(outline, LEAST_TOLERANCE_M, preserve_topology=False)
        good = np.abs(shapely.area(found) - size) <= MAX_AREA_CHANGE * size
        simple[left[good]] = found[good]
        left = left[~good]
        tolerance_m /= 2
    return shapely.transform(simple, lambda xy: xy / scale)


def metres_per_degree(geometries: Geometries) -> NDArray[np.float64]:
    """East and north, in the middle of the geometries."""
    _, south, _, north = shapely.total_bounds(geometries)
    return np.array([METRES_PER_DEGREE * np.cos(np.radians((south + north) / 2)), METRES_PER_DEGREE])


def hilbert(points: NDArray[Any]) -> NDArray[np.int64]:
    """Position of each point along a Hilbert curve of 2^16 cells over their box."""
    if not len(points):
        return np.zeros(0, dtype=np.int64)
    low, high = points.min(axis=0), points.max(axis=0)
    cell = ((points - low) / np.maximum(high - low, 1e-12) * 65_535).astype(np.int64)
    x, y = cell[:, 0], cell[:, 1]
    distance = np.zeros(len(cell), dtype=np.int64)
    side = 32_768
    while side:
        right, up = (x & side) > 0, (y & side) > 0
        distance += side * side * ((3 * right) ^ up)
        turned = ~up
        flip = turned & right
        x, y = np.where(flip, 65_535 - x, x), np.where(flip, 65_535 - y, y)
        x, y = np.where(turned, y, x), np.where(turned, x, y)
        side //= 2
    return distance


def quantise(degrees: NDArray[np.float64]) -> NDArray[np.int64]:
    """Degrees to steps of the grid."""
    return np.rint(degrees * GRID).astype(np.int64)


def _differences(grid: NDArray[np.int64], starts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Steps from point to point, east and north in turn, and what they are; those to the points `starts` are jumps."""
    kinds = np.tile(np.array([DX, DY], dtype=np.uint8), len(grid))
    kinds[2 * starts], kinds[2 * starts + 1] = JUMP_X, JUMP_Y
    return np.diff(grid, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel(), kinds


def coded(values: NDArray[np.int64], kinds: NDArray[np.uint8], about: NDArray[np.uint8] | None = None) -> str:
    """Numbers, and what each is, as base64 text of :func:`cfmap.publish.web.coder.encode`."""
    from cfmap.publish.web.coder import encode  # numba takes a while to load

    return base64.b64encode(encode(values, kinds, about)).decode("ascii")
