"""Where does one town end and the next begin? Areas of the towns, without gaps and overlaps."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPoint, MultiPolygon, Point, Polygon

from .plan import TOWNS, Plan, Town
from .terrain import Terrain, wiggle


def town_areas(plan: Plan, terrain: Terrain) -> dict[str, Polygon | MultiPolygon]:
    """Town code -> area: cells round the centres, their edges roughened; the island is its own."""
    km = 1000 * plan.size
    inland = [t for t in TOWNS if t.kind != "island"]
    centres = MultiPoint([(t.x * km, t.y * km) for t in inland])
    edges = shapely.get_parts(shapely.voronoi_polygons(centres, extend_to=terrain.limit.buffer(9 * km), only_edges=True))
    edges = sorted(edges, key=lambda e: tuple(np.round(shapely.get_coordinates(e).min(axis=0))))
    near = max(terrain.limit.geoms, key=lambda p: p.area).buffer(900 * plan.size).convex_hull
    edges = [e.intersection(near) for e in edges if e.intersects(near)]
    rng = np.random.default_rng([plan.seed, 13])
    rough = [LineString(wiggle(rng, shapely.get_coordinates(e), min(520 * plan.size, 0.09 * e.length), 90 * max(0.5, plan.size))) for e in edges]
    main, island = sorted(terrain.limit.geoms, key=lambda p: -p.area)
    lines = shapely.union_all([*rough, main.exterior])
    pieces = [p for p in shapely.get_parts(shapely.polygonize(list(shapely.get_parts(lines)))) if main.contains(p.representative_point())]
    owner: dict[str, list[Polygon]] = {t.code: [] for t in inland}
    loose: list[Polygon] = []
    for piece in sorted(pieces, key=lambda p: -p.area):
        inside = [t for t in inland if piece.contains(Point(t.x * km, t.y * km))]
        if inside:
            owner[inside[0].code].append(piece)
        else:
            loose.append(piece)
    for piece in loose:
        shared = {c: sum(piece.intersection(q).length for q in parts if q.touches(piece)) for c, parts in owner.items()}
        owner[max(sorted(shared), key=lambda c: shared[c])].append(piece)
    areas: dict[str, Polygon | MultiPolygon] = {code: shapely.union_all(parts) for code, parts in owner.items()}
    areas[next(t.code for t in TOWNS if t.kind == "island")] = island
    return areas


class TownFinder:
    """Which town does a place belong to?"""

    def __init__(self, areas: dict[str, Polygon | MultiPolygon]) -> None:
        self._towns = [t for t in TOWNS if t.code in areas]
        self._areas = [areas[t.code] for t in self._towns]
        self._tree = shapely.STRtree(self._areas)

    def __call__(self, x: float, y: float) -> Town:
        """The town at a place; outside the city the nearest one."""
        return self._towns[int(self._tree.nearest(Point(x, y)))]
