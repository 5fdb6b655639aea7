"""What is blue and green on the map? Sea, river, canals, lakes, woods, parks, as ways and multipolygons."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import contourpy
import shapely
from shapely.geometry import MultiPolygon, Polygon, box

if TYPE_CHECKING:
    import numpy as np

    from .plan import Plan
    from .streetwork import Streetwork
    from .terrain import Terrain


@dataclass
class Area:
    """A polygon with tags."""

    shape: Polygon
    tags: dict[str, str]


def all_areas(plan: Plan, terrain: Terrain, work: Streetwork) -> list[Area]:
    """Every area of the map."""
    km = 1000 * plan.size
    frame = box(-27 * km, -18.5 * km, 31 * km, 18.5 * km)
    result = [Area(p, {"natural": "water", "name": "云帆湾"}) for p in _parts(frame.difference(terrain.land).difference(terrain.island), 1e5)]
    result += [
        Area(p, {"natural": "water", "water": "river", "name": "云溪江"})
        for p in _parts(terrain.river.intersection(terrain.land).intersection(frame).simplify(2), 1e4)
    ]
    for shapes, tags in (
        (terrain.canals, {"natural": "water", "water": "canal"}),
        (terrain.streams, {"natural": "water", "water": "stream"}),
        (terrain.lakes, {"natural": "water", "water": "lake"}),
    ):
        for number, shape in enumerate(shapes):
            named = {"name": ("望月湖", "竹影湖", "晴湖")[number]} if tags["water"] == "lake" else {}
            result += [Area(p, {**tags, **named}) for p in _parts(shape.intersection(frame).simplify(1), 500)]
    result += _green(plan, terrain, work, frame)
    for place in work.places:
        if place.use == "park":
            result.append(Area(place.shape, {"leisure": "park", "name": place.name}))
        elif place.use == "school":
            result.append(Area(place.shape, {"amenity": "school"}))
        elif place.use == "hospital":
            result.append(Area(place.shape, {"amenity": "hospital"}))
        elif place.use == "estate" and place.private:
            result.append(Area(place.shape.buffer(-4), {"landuse": "residential", "name": place.name}))
        if place.pond is not None:
            result.append(Area(place.pond, {"natural": "water", "water": "pond"}))
    return result


def _green(plan: Plan, terrain: Terrain, work: Streetwork, frame: Polygon) -> list[Area]:
    from .core import hill

    built = shapely.union_all(
        [
            work.ring,
            *(v.shape.buffer(40) for v in work.villages),
            *(p.shape.buffer(15) for p in work.places if p.use != "village"),
            *(w.buffer(60) for w in terrain.lakes),
        ]
    )
    xs, ys = terrain.centres()
    bands = contourpy.contour_generator(xs, ys, terrain.height, fill_type="OuterOffset").filled(55.0, 1e6)
    result: list[Area] = []
    ground = shapely.union_all([terrain.land.buffer(-150), terrain.island.buffer(-120)]).intersection(frame)
    for points, offsets in zip(*bands, strict=True):
        rings = [points[a:b] for a, b in itertools.pairwise(offsets)]
        shape = Polygon(rings[0], rings[1:]).buffer(0).simplify(25 * plan.size).buffer(0)
        for part in _parts(shape.intersection(ground).difference(built).difference(terrain.river.buffer(60)), 60_000 * plan.size):
            solid = Polygon(part.exterior, [h for h in part.interiors if Polygon(h).area > 12_000 * plan.size]).buffer(0)
            result += [Area(p, {"natural": "wood"}) for p in _parts(solid, 40_000 * plan.size)]
    woods = hill(plan).buffer(-25)
    result.append(Area(woods, {"leisure": "park", "name": "栖云山公园"}))
    for strip in _parts(terrain.river.buffer(34 * max(plan.size, 0.4)).difference(terrain.river.buffer(3)).intersection(work.ring.buffer(-60)), 4000):
        result.append(Area(strip.simplify(1), {"landuse": "grass"}))
    return result


def _parts(geometry: shapely.Geometry, least: float) -> list[Polygon]:
    return [p for p in shapely.get_parts(geometry) if p.geom_type == "Polygon" and p.area >= least]


def shown(areas: list[Area], key: str, value: str) -> MultiPolygon:
    """Areas with a tag, as one."""
    return MultiPolygon([a.shape for a in areas if a.tags.get(key) == value])


def shore(terrain: Terrain, plan: Plan) -> list[np.ndarray]:
    """The coast as lines, land on the left hand as the sea's mappers draw it."""
    km = 1000 * plan.size
    frame = box(-27 * km, -18.5 * km, 31 * km, 18.5 * km)
    coast = shapely.get_parts(shapely.line_merge(terrain.land.exterior.intersection(frame)))
    sea_side = [shapely.get_coordinates(c) for c in coast if shapely.get_coordinates(c)[:, 0].mean() > 5 * km]
    island = shapely.get_coordinates(shapely.orient_polygons(terrain.island).exterior)
    return [*([c if c[0][1] < c[-1][1] else c[::-1] for c in sea_side]), island]
