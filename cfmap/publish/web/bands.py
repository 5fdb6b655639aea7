"""How do areas that lie inside one another share a page? Where their borders run together the corners are written once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from cfmap.publish.web.geometry import COUNT, DX, DY, GRID, JUMP_X, JUMP_Y, MAX_AREA_CHANGE, POINTS, TAG, coded, hilbert, metres_per_degree

if TYPE_CHECKING:
    from numpy.typing import NDArray

Geometries = Any  # arrays of shapely geometries
FINEST = 1e7  # corners nearer than 1e-7 degrees are one
FAINTEST_M2 = 400.0  # 20 m by 20 m: holes and islands of less are not drawn


@dataclass(frozen=True)
class _Rings:
    """Closed rings of all bands, one after another, the first corner not repeated."""

    xy: NDArray[Any]  # degrees, on the grid its steps
    starts: NDArray[np.int64]  # of each ring, and the end of the last
    band: NDArray[np.int64]  # of each ring

    @property
    def ring(self) -> NDArray[np.int64]:
        return np.repeat(np.arange(len(self.band)), np.diff(self.starts))

    @property
    def following(self) -> NDArray[np.int64]:
        """The corner after each."""
        after = np.arange(1, len(self.xy) + 1)
        after[self.starts[1:] - 1] = self.starts[:-1]
        return after


def pack_bands(bands: Geometries, *, tolerance_m: float, step: int) -> str:
    """
    Areas, each inside the one before, as base64 text.

    Numbers of the coder: `step`, how many bands; for each band how many rings begin on the border of the band before, and how many do
    not. For each ring its number of corners, then where it begins: how many of that border's corners after the beginning of the ring
    before, or a jump. From a corner that is one of that border's: how many corners run along with it; otherwise the differences to
    the next corner, each worth `step` steps of the grid. Rings are filled even-odd.

    Parameters
    ----------
    bands
        Polygons or MultiPolygons, EPSG:4326, widest first.
    tolerance_m
        Borders move by less than about that, and keep the areas on both sides (:func:`cfmap.publish.web.collapse.collapse`).
    step
        Corners stand on every `step`-th line of the grid. Both become finer by thirds until no area changes by more than
        :data:`~cfmap.publish.web.geometry.MAX_AREA_CHANGE`.
    """
    given = np.asarray(bands, dtype=object)
    size = shapely.area(given)
    scale = metres_per_degree(given)
    rings = _rings(given)
    while True:
        simple = _on_grid(_simple(rings, scale, tolerance_m), step)
        if step == 1 or np.all(np.abs(_areas(simple, len(given)) * (step / GRID) ** 2 - size) <= MAX_AREA_CHANGE * size):
            return _coded(simple, len(given), step)
        tolerance_m, step = tolerance_m * 0.7, max(1, step * 2 // 3)


def _rings(bands: Geometries) -> _Rings:
    """All rings with the area on the same side, corners once, without what nobody would see."""
    parts, of_band = shapely.get_parts(shapely.normalize(bands), return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    seen = shapely.area(shapely.polygons(rings)) * np.prod(metres_per_degree(bands)) >= FAINTEST_M2
    rings, band = rings[seen], of_band[of_part[seen]]
    xy, of_ring = shapely.get_coordinates(rings, return_index=True)
    return _closed(xy, of_ring, band)


def _closed(xy: NDArray[Any], of_ring: NDArray[np.int64], band: NDArray[np.int64]) -> _Rings:
    """Rings of at least three corners, none twice in a row; `of_ring` ascends, each ring may repeat its first corner."""
    starts = np.flatnonzero(np.diff(of_ring, prepend=-1))
    before = np.arange(len(xy)) - 1
    before[starts] = np.append(starts[1:], len(xy)) - 1
    keep = np.any(xy != xy[before], axis=1)
    corners = np.bincount(of_ring[keep], minlength=len(band))
    keep &= (corners >= 3)[of_ring]
    corners = corners[corners >= 3] if len(corners) else corners
    return _Rings(xy[keep], np.append(0, np.cumsum(corners)), band[np.bincount(of_ring[keep], minlength=len(band)) > 0])


def _simple(rings: _Rings, scale: NDArray[np.float64], tolerance_m: float) -> _Rings:
    """Fewer corners; a piece of border that bounds several bands is made simpler once, so that it stays one."""
    from cfmap.publish.web.collapse import collapse  # numba takes a while to load

    if not len(rings.xy):
        return rings
    place = _places(np.rint(rings.xy * FINEST).astype(np.int64))
    edge = place * (int(place.max()) + 1) + place[rings.following]
    number, _ = pd.factorize(edge)  # hashing; sorting takes several times as long
    bands = np.zeros(int(number.max()) + 1, dtype=np.int64)
    np.bitwise_or.at(bands, number, 1 << rings.band[rings.ring])
    out = bands[number]
    into = np.empty_like(out)
    into[rings.following] = out
    joint = np.zeros(int(place.max()) + 1, dtype=bool)
    joint[place[out != into]] = True
    visit, _ = pd.factorize(rings.band[rings.ring] * len(joint) + place)
    joint[place[np.bincount(visit)[visit] > 1]] = True
    breaks = joint[place]
    order = np.lexsort((place, rings.ring))
    lowest = order[rings.starts[:-1]]
    breaks[lowest[~np.logical_or.reduceat(breaks, rings.starts[:-1])]] = True
    cut = np.flatnonzero(breaks)
    ring = rings.ring[cut]
    end = np.append(cut[1:], 0)
    last = np.append(ring[1:] != ring[:-1], True)
    end[last] = cut[np.append(0, np.flatnonzero(last)[:-1] + 1)]  # the last piece of a ring goes on to its first break
    size = np.diff(rings.starts)[ring]
    points = (end - cut - 1) % size + 2
    piece, first_edges = pd.factorize(edge[cut])
    which = np.zeros(len(first_edges), dtype=np.int64)
    which[piece[::-1]] = np.arange(len(cut))[::-1]
    begin = np.append(0, np.cumsum(points[which]))
    along = np.arange(begin[-1]) - np.repeat(begin[:-1], points[which])
    ring_start, ring_size = rings.starts[:-1][ring[which]], size[which]
    index = np.repeat(ring_start, points[which]) + (np.repeat(cut[which] - ring_start, points[which]) + along) % np.repeat(ring_size, points[which])
    xy, begin = collapse(rings.xy[index] * scale, begin, tolerance_m)
    corners = (np.diff(begin) - 1)[piece]
    index = np.repeat(begin[piece], corners) + np.arange(corners.sum()) - np.repeat(np.cumsum(corners) - corners, corners)
    return _closed(xy[index] / scale, np.repeat(ring, corners), rings.band)


def _on_grid(rings: _Rings, step: int) -> _Rings:
    return _closed(np.rint(rings.xy * GRID / step).astype(np.int64), rings.ring, rings.band)


def _areas(rings: _Rings, bands: int) -> NDArray[np.float64]:
    """Of each band, in squares of the unit: holes turn the other way."""
    if not len(rings.xy):
        return np.zeros(bands)
    middle = rings.xy.mean(axis=0)
    a, b = rings.xy - middle, rings.xy[rings.following] - middle
    twice = np.add.reduceat(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0], rings.starts[:-1])
    return np.abs(np.bincount(rings.band, weights=twice, minlength=bands)) / 2


def _places(xy: NDArray[np.int64]) -> NDArray[np.int64]:
    """A number for each corner, the same for corners in the same place."""
    return pd.factorize(_key(xy))[0]


def _key(xy: NDArray[np.int64]) -> NDArray[np.int64]:
    return xy[:, 0] * (1 << 32) + xy[:, 1]


def _coded(rings: _Rings, bands: int, step: int) -> str:
    values, kinds = [np.array([step, bands])], [np.array([COUNT, COUNT])]
    wider: NDArray[np.int64] = np.zeros((0, 2), dtype=np.int64)
    after = np.zeros(0, dtype=np.int64)
    last = np.zeros(2, dtype=np.int64)
    for band in range(bands):
        chosen = rings.band == band
        part = _Rings(rings.xy[chosen[rings.ring]], np.append(0, np.cumsum(np.diff(rings.starts)[chosen])), rings.band[chosen])
        part, same, borrowed = _arranged(part, wider, after)
        numbers, what, last = _numbers(part, same, borrowed, wider, after, last)
        values += [np.array([borrowed, len(part.band) - borrowed]), numbers]
        kinds += [np.array([COUNT, COUNT]), what]
        wider, after = part.xy, part.following
    return coded(np.concatenate(values), np.concatenate(kinds).astype(np.uint8))


def _arranged(rings: _Rings, wider: NDArray[np.int64], after: NDArray[np.int64]) -> tuple[_Rings, NDArray[np.int64], int]:
    """Rings in the order and from the corner in which they are written, the wider band's corner at each (-1 for none), and how many begin at one."""
    same = _same(rings.xy, wider)
    if not len(rings.band):
        return rings, same, 0
    runs = _runs(rings.xy, same, wider, after, rings.following)
    joins = np.ones(len(same), dtype=bool)
    joins[rings.following] = ~runs
    # from where it joins the wider border; a ring that is one of its rings from that one's first corner
    rank = np.where(same < 0, 4 * len(wider) + 1, same + np.where(joins, 0, 2 * len(wider)))
    best = np.minimum.reduceat(rank, rings.starts[:-1])
    begin = np.lexsort((np.arange(len(rank)), rank, rings.ring))[rings.starts[:-1]]
    free = best > 4 * len(wider)
    begin[free] = rings.starts[:-1][free]
    order = np.lexsort((hilbert(rings.xy[begin]), np.where(free, 0, same[begin]), free))
    size = np.diff(rings.starts)[order]
    starts = np.append(0, np.cumsum(size))
    along = np.arange(starts[-1]) - np.repeat(starts[:-1], size)
    base = rings.starts[:-1][order]
    index = np.repeat(base, size) + (np.repeat(begin[order] - base, size) + along) % np.repeat(size, size)
    return _Rings(rings.xy[index], starts, rings.band[order]), same[index], int((~free).sum())


def _same(xy: NDArray[np.int64], wider: NDArray[np.int64]) -> NDArray[np.int64]:
    """The last of the wider band's corners in the place of each, -1 for none."""
    if not len(wider):
        return np.full(len(xy), -1)
    places, last = np.unique(_key(wider)[::-1], return_index=True)
    at = np.minimum(np.searchsorted(places, _key(xy)), len(places) - 1)
    return np.where(places[at] == _key(xy), len(wider) - 1 - last[at], -1)


def _runs(
    xy: NDArray[np.int64], same: NDArray[np.int64], wider: NDArray[np.int64], after: NDArray[np.int64], following: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether from each corner the border runs along with the wider band's to the next."""
    if not len(wider):
        return np.zeros(len(xy), dtype=bool)
    on: NDArray[np.bool_] = (same >= 0) & np.all(wider[after[same]] == xy[following], axis=1)
    return on


def _numbers(
    rings: _Rings, same: NDArray[np.int64], borrowed: int, wider: NDArray[np.int64], after: NDArray[np.int64], last: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """A band's numbers and what they are; and the place of the last jump, from where the next one starts."""
    xy, starts = rings.xy, rings.starts[:-1]
    alone = np.ones(len(xy), dtype=bool)
    alone[rings.following] = ~_runs(xy, same, wider, after, rings.following)
    alone[starts] = True
    told = np.flatnonzero(alone)
    run = np.diff(np.append(told, len(xy))) - 1
    steps = np.diff(xy, axis=0, prepend=0)
    inner = np.setdiff1d(told, starts)
    jumps = np.diff(xy[starts[borrowed:]], axis=0, prepend=last[None])
    begins = np.diff(same[starts[:borrowed]], prepend=0)
    met = same[told] >= 0
    parts = [
        (starts, 0, POINTS, np.diff(rings.starts)),
        (starts[:borrowed], 1, TAG, begins),
        (starts[borrowed:], 1, JUMP_X, jumps[:, 0]),
        (starts[borrowed:], 2, JUMP_Y, jumps[:, 1]),
        (inner, 1, DX, steps[inner, 0]),
        (inner, 2, DY, steps[inner, 1]),
        (told[met], 3, COUNT, run[met]),
    ]
    corner = np.concatenate([c for c, _, _, _ in parts])
    place, kind = (np.concatenate([np.full(len(p[0]), p[n]) for p in parts]) for n in (1, 2))
    order = np.lexsort((place, corner))
    return np.concatenate([v for *_, v in parts])[order], kind[order], xy[starts[-1]] if borrowed < len(starts) else last
