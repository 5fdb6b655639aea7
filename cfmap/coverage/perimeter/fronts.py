"""Which stretches lie before a gate, and which crossings lead over them near it?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from cfmap.coverage.local import moved
from cfmap.coverage.perimeter.ground import BESIDE_M
from cfmap.coverage.safety import THRESHOLDS
from cfmap.geometry.crs import geometries_to_plane
from cfmap.network.course import with_length

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from cfmap.coverage.perimeter.doors import Door
    from cfmap.coverage.perimeter.ground import Stretch
    from cfmap.coverage.perimeter.roads import Roads
    from cfmap.network import Network, Snapped
    from cfmap.network.travel import TravelField

CROSSING_M = THRESHOLDS.crossing_m  # GA/T 1215-2014: a crossing within 50 m of the gate
SAME_M = 0.5  # what begins no further than this after the nearest begins with it


@dataclass(frozen=True)
class Front:
    """
    One gate before one stretch.

    Attributes
    ----------
    stretch
        Position in the stretches handed in.
    gate
        Key of the gate.
    crossings
        Positions of the crossings over this road within 50 m along it, from where the gate's way meets it.
    over_or_under
        Ids of ways of foot bridges and tunnels that lead across it there.
    """

    stretch: int
    gate: str
    crossings: tuple[int, ...]
    over_or_under: tuple[int, ...]


def fronts(
    roads: Roads, streets: Network, own: NDArray[np.int64], doors: Sequence[Door], snapped: Snapped, stretches: Sequence[Stretch], *, metres: float
) -> Iterator[Front]:
    """
    Stretches before the gates of one school: the roads for motor traffic that one comes to first.

    Parameters
    ----------
    streets, own
        The streets nearby.
    doors, snapped
        Gates with their keys, and their places on the whole network; those off it lie before nothing.
    stretches
        Of the perimeter; those of the ring lie before no gate.
    metres
        Longest walk from a gate to its road.
    """
    local, which = moved(snapped, own)
    inner = [n for n, s in enumerate(stretches) if not s.ring]
    aside = np.array([n for n in inner if roads.edge[stretches[n].road] < 0], dtype=np.int64)
    lines = geometries_to_plane(np.array([stretches[n].line for n in aside.tolist()], dtype=object), roads.crs)
    for door in range(len(local)):
        field = streets.travel(local.take(np.array([door])), limit_mm=round((metres + CROSSING_M) * 1000))
        point = geometries_to_plane(np.array([doors[which[door]].place], dtype=object), roads.crs)[0]
        begins_m, mouths = _mouths(roads, own, field, limit_mm=round(metres * 1000))
        straight = shapely.distance(lines, point)
        nearest = float(straight.min(initial=np.inf))
        if nearest <= min(BESIDE_M, begins_m):
            before = [(n, float(roads.lines[stretches[n].road].project(point))) for n in aside[straight <= nearest + SAME_M].tolist()]
            begins_m = nearest
        else:
            before = [(n, at) for road, at in mouths for n in inner if (s := stretches[n]).road == road and s.from_m - 1.0 <= at <= s.to_m + 1.0]
        climbs = _climbs(roads, own, field, begins_m) if before else []
        for n, at_m in before:
            passed = roads.along(stretches[n].road, at_m, within_m=CROSSING_M)
            over = {way for way, across in climbs if not passed.roads.isdisjoint(across)}
            yield Front(n, doors[which[door]].gate, passed.crossings, tuple(sorted(over)))


def _mouths(roads: Roads, own: NDArray[np.int64], field: TravelField, *, limit_mm: int) -> tuple[float, list[tuple[int, float]]]:
    """How far it is to the first road (metres, inf = none within reach), and where one comes to it: road, metres along it."""
    parts = with_length(field.edge_parts(limit_mm))
    road = roads.of_edge[own[parts.edge]]
    begins = np.minimum(parts.arrival_from_mm, parts.arrival_to_mm)
    if not (road >= 0).any():
        return np.inf, []
    nearest = int(begins[road >= 0].min())
    first = np.flatnonzero((road >= 0) & (begins <= nearest + SAME_M * 1000))
    at = np.where(parts.arrival_from_mm[first] <= parts.arrival_to_mm[first], parts.from_mm[first], parts.to_mm[first])
    return nearest / 1000.0, sorted({(int(r), int(mm) / 1000.0) for r, mm in zip(road[first], at, strict=True)})


def _climbs(roads: Roads, own: NDArray[np.int64], field: TravelField, begins_m: float) -> list[tuple[int, tuple[int, ...]]]:
    """Foot bridges and tunnels that one comes to within 50 m more than to the road: id of the way, and the roads across which it leads."""
    reached = own[with_length(field.edge_parts(min(field.limit_mm, round((begins_m + CROSSING_M) * 1000)))).edge]
    over = np.unique(reached[roads.over_or_under[reached]])
    return [(int(roads.network.edge_way[e]), tuple(roads.tree.query(roads.edge_lines[e], predicate="crosses").tolist())) for e in over]


__all__ = ["CROSSING_M", "Front", "fronts"]
