"""What runs beside a stretch of road, on which side of it, and in which direction?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEP_M = 10.0  # distance of the places along a stretch at which its surroundings are looked at
PARALLEL = float(np.cos(np.radians(30.0)))  # cosine of the largest angle between courses that run side by side


class Beside(NamedTuple):
    """
    What is seen from places along a stretch, one row for each neighbour of each place.

    Attributes
    ----------
    places
        How many places were looked at, each standing for the same length.
    place, owner
        Number of the place, and the line that the neighbour belongs to.
    same
        Whether the neighbour runs in the stretch's direction; those that run across are not listed.
    left
        Whether it lies to the left, looking along the stretch.
    """

    places: int
    place: NDArray[np.int64]
    owner: NDArray[np.int64]
    same: NDArray[np.bool_]
    left: NDArray[np.bool_]

    def share(self, which: NDArray[np.bool_]) -> float:
        """Share of the stretch's length that has one of some neighbours."""
        return len(np.unique(self.place[which])) / self.places


class Courses:
    """Lines in metres, laid out so that it is quick to ask which of them run beside another."""

    def __init__(self, lines: NDArray[np.object_]) -> None:
        xy, owner = shapely.get_coordinates(lines, return_index=True)
        step = np.diff(xy, axis=0)
        length = np.hypot(step[:, 0], step[:, 1]) if len(xy) else np.zeros(0)
        keep = np.flatnonzero((np.diff(owner) == 0) & (length > 0)) if len(xy) else np.zeros(0, dtype=np.int64)
        self.owner = owner[keep].astype(np.int64)
        self.unit = step[keep] / length[keep, None] if len(keep) else np.zeros((0, 2))
        self.segments: NDArray[np.object_] = (
            np.asarray(shapely.linestrings(np.stack([xy[keep], xy[keep + 1]], axis=1)), dtype=object) if len(keep) else np.zeros(0, dtype=object)
        )
        self.tree = shapely.STRtree(self.segments)

    def beside(self, line: shapely.LineString, *, within_m: float) -> Beside:
        """Neighbours of a line that run within `within_m` metres of it and at most 30 degrees off its course."""
        count = max(1, int(np.ceil(line.length / STEP_M)))
        along = (np.arange(count) + 0.5) / count * line.length
        here = shapely.line_interpolate_point(line, along)
        ahead, behind = (shapely.get_coordinates(shapely.line_interpolate_point(line, np.clip(along + d, 0.0, line.length))) for d in (0.5, -0.5))
        course = ahead - behind
        norm = np.hypot(course[:, 0], course[:, 1])
        course = np.divide(course, norm[:, None], out=np.zeros_like(course), where=norm[:, None] > 0)
        place, near = self.tree.query(here, predicate="dwithin", distance=within_m) if len(self.segments) else (np.zeros(0, dtype=np.int64),) * 2
        cosine = np.einsum("ij,ij->i", course[place], self.unit[near])
        parallel = np.abs(cosine) >= PARALLEL
        place, near, cosine = place[parallel], near[parallel], cosine[parallel]
        foot = shapely.get_coordinates(shapely.line_interpolate_point(self.segments[near], shapely.line_locate_point(self.segments[near], here[place])))
        off = foot - shapely.get_coordinates(here)[place] if len(place) else np.zeros((0, 2))
        left = course[place, 0] * off[:, 1] - course[place, 1] * off[:, 0] > 0
        return Beside(count, place.astype(np.int64), self.owner[near], cosine > 0, left)


__all__ = ["Beside", "Courses"]
