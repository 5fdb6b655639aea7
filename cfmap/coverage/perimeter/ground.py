"""Which stretches of which roads lie in a school's perimeter: by walking distance, in a circle round the gate, beside the wall?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import shapely

from cfmap.coverage.local import moved
from cfmap.geometry.crs import geometries_to_plane, geometry_to_lonlat
from cfmap.network.course import bands, cut, joined, with_length

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from cfmap.coverage.perimeter.roads import Roads
    from cfmap.network import Network, Snapped

Method = Literal["network", "radius", "wall"]
METHODS: tuple[Method, ...] = ("network", "radius", "wall")
WALL: Method = "wall"
BESIDE_M = 30.0  # a carriageway replaced by its sidewalk runs within this of it
SHORTEST_M = 1.0  # what is left of a line at the edge of an area and is shorter is no stretch
ROUND = 32  # corners of a quarter circle: the drawn circle is 0.03 % smaller than the true one


class Stretch(NamedTuple):
    """A part of a road: which one, from where to where along it (metres), beyond the perimeter proper or not, and its course in degrees."""

    road: int
    from_m: float
    to_m: float
    ring: bool
    line: shapely.LineString


def by_walking(roads: Roads, streets: Network, own: NDArray[np.int64], doors: Snapped, limits_m: Sequence[float]) -> list[Stretch]:
    """
    Stretches within a walk of the doors.

    Parameters
    ----------
    streets, own
        The streets nearby, as :func:`cfmap.coverage.local.around` gives them.
    doors
        On the whole network.
    limits_m
        Of the perimeter, and of the ring round it when wanted. The straight way from door to street counts.

    Returns
    -------
    stretches
        Roads that people walk on, cut where the walk ends; then carriageways that they leave for a sidewalk of its own,
        as far as they run beside the streets reached.
    """
    doors, _ = moved(doors, own)
    limits = [round(m * 1000) for m in limits_m]
    parts = with_length(streets.travel(doors, limit_mm=limits[-1]).edge_parts(limits[-1]))
    found: list[Stretch] = []
    grounds = []
    for ring, (part, begins, ends) in enumerate(bands(parts, limits)):
        order = np.lexsort((begins, parts.edge[part]))
        part, begins, ends = part[order], begins[order], ends[order]
        edge, from_mm, to_mm = joined(parts.edge[part], begins, ends)
        lines = cut(streets, edge, from_mm, to_mm)
        road = roads.of_edge[own[edge]]
        found += [Stretch(int(r), a / 1000.0, b / 1000.0, bool(ring), line) for r, a, b, line in zip(road, from_mm, to_mm, lines, strict=True) if r >= 0]
        if roads.carriageways.size and len(lines):
            grounds.append((shapely.union_all(shapely.buffer(geometries_to_plane(lines, roads.crs), BESIDE_M, cap_style="flat")), bool(ring)))
    taken: shapely.Geometry = shapely.Polygon()
    for ground, ring in grounds:
        found += _inside(roads, roads.carriageways, shapely.difference(ground, taken), ring=ring)
        taken = shapely.union(taken, ground)
    return found


def by_area(roads: Roads, shape: shapely.Geometry, limits_m: Sequence[float]) -> list[Stretch]:
    """Stretches within straight distances of a shape in metres: the gates' points, or the outline of the school."""
    found: list[Stretch] = []
    taken: shapely.Geometry = shapely.Polygon()
    for ring, metres in enumerate(limits_m):
        ground = shapely.buffer(shape, metres, quad_segs=ROUND)
        found += _inside(roads, np.arange(len(roads.lines)), shapely.difference(ground, taken), ring=bool(ring))
        taken = ground
    return found


def _inside(roads: Roads, which: NDArray[np.int64], ground: shapely.Geometry, *, ring: bool) -> Iterator[Stretch]:
    near = np.intersect1d(roads.tree.query(ground, predicate="intersects"), which)
    shapely.prepare(ground)
    number, from_m, to_m = measures_within(roads.lines[near], ground)
    road = near[number]
    keep = to_m - from_m > SHORTEST_M
    for r, a, b in zip(road[keep].tolist(), from_m[keep].tolist(), to_m[keep].tolist(), strict=True):
        edge = roads.edge[r]
        if edge < 0:
            yield Stretch(r, a, b, ring, geometry_to_lonlat(part_of(roads.lines[r], a, b), roads.crs))
            continue
        true_mm = int(roads.network.edge_mm[edge])  # the plane is up to 0.04 % off
        from_mm, to_mm = (int(np.clip(round(x / roads.length_m[r] * true_mm), 0, true_mm)) for x in (a, b))
        (line,) = cut(roads.network, np.array([edge]), np.array([from_mm]), np.array([to_mm]))
        yield Stretch(r, from_mm / 1000.0, to_mm / 1000.0, ring, line)


def measures_within(lines: NDArray[np.object_], area: shapely.Geometry) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """
    Where lines run inside an area: number of the line, distances along it at which it enters and leaves, ascending.

    Looked at piece by piece, so that a line that crosses or closes itself is measured rightly.
    """
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    if not len(xy):
        return np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0)
    step = np.r_[0.0, np.hypot(*np.diff(xy, axis=0).T)]
    step[np.r_[True, np.diff(owner) != 0]] = 0.0
    run = np.cumsum(step)
    along = run - run[np.searchsorted(owner, owner)]
    start = np.flatnonzero((np.diff(owner) == 0) & (step[1:] > 0))
    pieces = shapely.linestrings(np.stack([xy[start], xy[start + 1]], axis=1)) if len(start) else np.zeros(0, dtype=object)
    parts, of = shapely.get_parts(shapely.intersection(pieces, area), return_index=True)
    straight = (shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING) & ~shapely.is_empty(parts)  # a piece may miss the area
    parts, of = parts[straight], start[of[straight]]
    if not len(parts):
        return np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0)
    ends = shapely.get_coordinates(parts).reshape(-1, 2, 2)
    away = np.sort(np.hypot(ends[..., 0] - xy[of, None, 0], ends[..., 1] - xy[of, None, 1]), axis=1)
    number, from_m, to_m = owner[of].astype(np.int64), along[of] + away[:, 0], along[of] + away[:, 1]
    order = np.lexsort((from_m, number))
    number, from_m, to_m = number[order], from_m[order], to_m[order]
    begins = np.r_[True, (np.diff(number) != 0) | (from_m[1:] > to_m[:-1] + 1e-3)]
    last = np.r_[np.flatnonzero(begins)[1:] - 1, len(number) - 1]
    return number[begins], from_m[begins], to_m[last]


def part_of(line: shapely.LineString, from_m: float, to_m: float) -> shapely.LineString:
    """A line's part between two distances from its start."""
    xy = shapely.get_coordinates(line)
    along = np.r_[0.0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T))]
    between = (along > from_m) & (along < to_m)
    ends = [[np.interp(at, along, xy[:, k]) for k in (0, 1)] for at in (from_m, to_m)]
    return shapely.LineString(np.vstack([ends[0], xy[between], ends[1]]))


__all__ = ["METHODS", "WALL", "Method", "Stretch", "by_area", "by_walking", "measures_within", "part_of"]
