"""What does the dense core look like? Arterials that follow the river, embankments, blocks between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon

from .blocks import Block, Cut, polygons, subdivide
from .roads import CORE_CENTRE
from .street import Array, Street, pieces, street, thin
from .terrain import Terrain, river_y

if TYPE_CHECKING:
    from .plan import Plan

#: Distance from the river's middle line (km, north positive) -> class of the arterial that follows the river there.
ALONG = (
    (-2.75, "secondary"),
    (-1.55, "primary"),
    (-0.78, "secondary"),
    (0.72, "secondary"),
    (1.42, "primary"),
    (2.28, "secondary"),
    (3.15, "primary"),
    (4.2, "secondary"),
    (5.3, "secondary"),
)
#: East (km) -> class of the arterial across, and whether it has a bridge over the river.
ACROSS = (
    (-1.7, "secondary", False),
    (-0.55, "primary", True),
    (0.75, "secondary", False),
    (1.75, "secondary", True),
    (2.75, "primary", True),
    (3.75, "secondary", False),
    (4.75, "secondary", True),
    (5.85, "primary", True),
    (7.0, "secondary", False),
    (7.95, "secondary", False),
)
#: Diagonal avenues, kilometres.
AVENUES = (((-1.9, 5.2), (3.1, 1.75)), ((3.1, 1.75), (7.9, 5.6)), ((3.6, -0.9), (7.4, -2.75)))
WORKS = (7.3, -1.3, 1.25)  # kilometres: workshops; centre and radius
OLD_TOWN = (3.0, 2.1)  # kilometres: where the streets are narrow


#: Suburbs that grew along the roads out of the core: east, north (km), radius (m).
SUBURBS = ((2.4, 7.3, 950), (8.7, 6.3, 800), (-3.6, 2.9, 850), (2.6, -4.1, 900), (-1.7, -3.7, 750), (9.0, 1.7, 700))


@dataclass
class Core:
    """Streets and blocks of the core, and where roads from outside may enter."""

    streets: list[Street]
    blocks: list[Block]
    entries: Array
    ring: Polygon
    banks: list[LineString]


def build_core(plan: Plan, terrain: Terrain, ring: Polygon) -> Core:
    """Lay out the core inside the ring road."""
    rng = np.random.default_rng([plan.seed, 6])
    km = 1000 * plan.size
    narrow = max(plan.size, 0.4)
    quay = terrain.river.buffer(42 * narrow)
    dry = ring.difference(quay).difference(hill(plan))
    arterials: list[Street] = []
    warp_x, warp_y = _warp(rng), _warp(rng)

    def bend(u: Array, v: Array) -> Array:
        """From (east, distance from river) to the plane: fan out a little, and warp."""
        x = u + 0.05 * (u - CORE_CENTRE[0]) * np.abs(v) / 3 + 0.13 * warp_x(u, v)
        return np.column_stack([x, river_y(x) + v + 0.10 * warp_y(u, v)]) * km

    for v, highway in ALONG:
        u = np.linspace(-5, 11, 300)
        line = LineString(thin(bend(u, np.full_like(u, v)), 1.5))
        arterials += [street(p, highway, axis="along") for p in pieces(line.intersection(dry)) if LineString(p).length > 300 * plan.size]
    for u, highway, bridge in ACROSS:
        v = np.linspace(-7, 8, 300)
        line = LineString(thin(bend(np.full_like(v, u), v), 1.5))
        arterials += [street(p, highway, axis="across") for p in pieces(line.intersection(ring if bridge else dry)) if LineString(p).length > 300 * plan.size]
    banks = [LineString(p) for p in pieces(quay.boundary.intersection(ring))]
    streets = [
        street(LineString(thin(np.array(b.coords), 1.0)), "secondary" if b.length > 3 * km else "tertiary", axis="bank")
        for b in banks
        if b.length > 400 * plan.size
    ]
    ring_street = street(ring.exterior, "trunk", name="环城大道", axis="ring")
    streets += [*arterials, ring_street]

    avenues = [street(LineString(np.array(a) * km).intersection(dry), "secondary", axis="avenue") for a in AVENUES]
    streets += avenues
    wild = shapely.union_all([quay, *(lake.buffer(30) for lake in terrain.lakes), hill(plan)])
    faces = [
        f
        for p in polygons([s.line for s in streets])
        if ring.contains(p.representative_point())
        for f in shapely.get_parts(p.difference(wild))
        if f.area > 2500
    ]
    blocks: list[Block] = []
    texture = _warp(rng)
    works = Point(WORKS[0] * km, WORKS[1] * km)
    old = Point(OLD_TOWN[0] * km, OLD_TOWN[1] * km)
    for face in faces:
        middle = face.centroid
        from_old, from_centre = middle.distance(old) / km, middle.distance(Point(CORE_CENTRE[0] * km, CORE_CENTRE[1] * km)) / km
        grain = float(np.exp(0.45 * texture(middle.x / km, middle.y / km)))
        if middle.distance(works) < WORKS[2] * km:
            cuts = (Cut(260_000, "tertiary"), Cut(120_000, "residential"))
        elif from_old < 0.95:
            cuts = (Cut(160_000, "tertiary"), Cut(34_000, "residential"), Cut(13_000, "residential"), Cut(5_000, "living_street"))
        elif from_centre < 3.4:
            cuts = (Cut(190_000 * grain, "tertiary"), Cut(50_000 * grain, "residential"))
        else:
            cuts = (Cut(230_000 * grain, "tertiary"), Cut(82_000 * grain, "residential"))
        made, parts = subdivide(face, cuts, rng)
        streets += made
        for part in parts:
            part.density = float(np.exp(-((from_centre / 4.2) ** 2)))
            part.use = "works" if middle.distance(works) < WORKS[2] * km else "old" if from_old < 0.95 else ""
        blocks += parts
    ends = np.vstack([p for s in arterials if s.kind == "primary" or s.tags["axis"] == "across" for p in (s.points[0], s.points[-1])])
    entries = ends[shapely.distance(shapely.points(ends), ring.exterior) < 0.5]
    return Core(streets, blocks, entries, ring, banks)


def hill(plan: Plan) -> Polygon:
    """A wooded hill in the core that streets go round."""
    from .terrain import blob

    return blob(np.random.default_rng([plan.seed, 61]), (0.35 * 1000 * plan.size, 4.1 * 1000 * plan.size), 560 * plan.size, roughness=0.35, stretch=1.25)


def _warp(rng: np.random.Generator) -> object:
    """A smooth random function of two variables, about -1 to 1."""
    waves = [(rng.uniform(0.25, 0.75), rng.uniform(0.25, 0.75), rng.uniform(0, 6), rng.uniform(0, 6)) for _ in range(4)]

    def value(u: Array, v: Array) -> Array:
        return sum(np.sin(a * u * 2 + p) * np.cos(b * v * 2 + q) for a, b, p, q in waves) / 2

    return value


def small_town(shape: Polygon, mains: list[Street], rng: np.random.Generator, *, mountain: bool) -> tuple[list[Street], list[Block]]:
    """Streets of a town's centre round the main roads that pass through it."""
    through = [s.line.intersection(shape) for s in mains if s.line.intersects(shape)]
    faces = polygons([shape.boundary, *through]) or [shape]
    streets: list[Street] = []
    blocks: list[Block] = []
    cuts = (Cut(9_000, "residential"),) if mountain else (Cut(230_000, "secondary"), Cut(95_000, "tertiary"), Cut(46_000, "residential"))
    for face in faces:
        made, parts = subdivide(face, cuts, rng, least=24)
        middle = shape.centroid
        for part in parts:
            near = part.shape.centroid.distance(middle) / max(1.0, np.sqrt(shape.area / np.pi))
            part.density = float(0.65 * np.exp(-(near**2) * 1.2))
            part.use = "old" if near < 0.22 and not mountain else ""
        streets += made
        blocks += parts
    return streets, blocks


def village_lanes(shape: Polygon, mains: list[Street], rng: np.random.Generator, *, steep: bool) -> tuple[list[Street], list[Block]]:
    """Lanes of a village: narrow, crooked, some only for feet, some with steps where it is steep."""
    through = [s.line.intersection(shape) for s in mains if s.line.intersects(shape)]
    faces = polygons([shape.boundary, *through]) or [shape]
    streets: list[Street] = []
    blocks: list[Block] = []
    for face in faces:
        made, parts = subdivide(face, (Cut(17_000, "residential"), Cut(8_000, "service")), rng, jitter=0.16, least=22)
        for lane in made:
            if lane.kind == "service" and rng.random() < 0.5:
                lane.tags["highway"] = "footway" if not steep or rng.random() < 0.6 else "steps"
            elif lane.kind == "service":
                lane.tags["service"] = "alley"
        streets += made
        blocks += parts
    return streets, blocks
