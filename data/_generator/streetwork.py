"""In which order do the streets of the city come to be, and what is in the blocks between them?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon

from . import core, estates, levels, roads, walking
from .dress import crossing_nodes, dress, marks
from .join import Joined, join, tie_strays
from .names import Names
from .plan import TOWNS, Plan, Town
from .street import Array, Street, pieces, street, thin
from .terrain import Terrain, blob

if TYPE_CHECKING:
    from .blocks import Block


@dataclass
class Place:
    """
    Something in a block that departments and the map know by name.

    Attributes
    ----------
    use
        estate, school, hospital, park, square, mall, hall, works, village, homes.
    doors
        Places on the street: (x, y).
    """

    use: str
    shape: Polygon
    name: str
    town: Town
    doors: list[Array] = field(default_factory=list)
    pond: Polygon | None = None
    private: bool = False

    @property
    def at(self) -> Array:
        """Where it is entered: the first door, else its middle."""
        if self.doors:
            return self.doors[0]
        point = self.shape.representative_point()
        return np.array([point.x, point.y])


@dataclass
class Streetwork:
    """The finished streets and what stands between them."""

    joined: Joined
    places: list[Place]
    villages: list[roads.Village]
    ferry: Array
    ring: Polygon
    closed_gates: int


def town_shapes(plan: Plan) -> dict[str, Polygon]:
    """Built-up centre of every town that has its own."""
    km = 1000 * plan.size
    return {
        t.code: blob(np.random.default_rng([plan.seed, 30, i]), (t.x * km, t.y * km), t.radius * plan.size, roughness=0.3, stretch=1.15)
        for i, t in enumerate(TOWNS)
        if t.radius
    }


def nearest_town(x: float, y: float, plan: Plan) -> Town:
    """The town whose centre is nearest (good enough for what happens inside built-up areas)."""
    km = 1000 * plan.size
    return min(TOWNS, key=lambda t: np.hypot(x - t.x * km, y - t.y * km))


def build_streets(plan: Plan, terrain: Terrain, town_of: object, progress: object) -> Streetwork:
    """All streets, joined and tagged."""
    names = Names(np.random.default_rng([plan.seed, 8]))
    ring = roads.core_ring(plan)
    heart = core.build_core(plan, terrain, ring)
    earth = roads.ground(terrain, np.random.default_rng([plan.seed, 7]))
    mains = roads.main_roads(plan, terrain, earth, heart.entries, ring)
    mains = levels.ridge_tunnels(mains, terrain, most=max(3, round(7 * plan.size)), plan=plan)
    mains += roads.coast_road(plan, terrain)
    mains += roads.island_roads(plan, terrain, np.random.default_rng([plan.seed, 9]))
    progress("main roads")
    shapes = town_shapes(plan)
    villages = roads.place_villages(
        plan,
        terrain,
        mains,
        shapely.union_all(
            [ring, terrain.water, *shapes.values(), *(Point(x * 1000 * plan.size, y * 1000 * plan.size).buffer(r * plan.size) for x, y, r in core.SUBURBS)]
        ),
    )
    country = roads.village_roads(plan, terrain, earth, mains, villages, ring)
    progress("village roads")
    rng = np.random.default_rng([plan.seed, 10])
    km = 1000 * plan.size
    suburbs = [
        blob(rng, (x * km, y * km), r * plan.size, roughness=0.35, stretch=1.2).difference(ring).difference(terrain.water.buffer(12))
        for x, y, r in core.SUBURBS
    ]
    suburbs = [max(shapely.get_parts(s), key=lambda p: p.area) for s in suburbs]
    made: list[Street] = []
    blocks = list(heart.blocks)
    for town in TOWNS:
        if town.radius:
            through = [*mains, *country]
            lanes, parts = core.small_town(shapes[town.code].difference(terrain.water.buffer(12)), through, rng, mountain=town.kind == "mountain")
            made += lanes
            blocks += parts
    for shape in suburbs:
        lanes, parts = core.small_town(shape, [*mains, *country], rng, mountain=False)
        made += lanes
        blocks += parts
    for village in villages:
        lanes, _ = core.village_lanes(village.shape, [s for s in (*mains, *country) if s.line.intersects(village.shape)], rng, steep=village.steep)
        made += lanes
    progress("town streets")
    arterials = [s for s in heart.streets if s.kind == "primary" or (s.kind == "secondary" and _central(s, plan))]
    walks, structures = walking.sidewalks(arterials, rng)
    walks = [Street(p, dict(w.tags), marks=w.marks) for w in walks for p in pieces(w.line.intersection(ring))]
    walks += walking.promenade(terrain, heart.banks, rng, narrow=max(plan.size, 0.4))
    base = levels.over_water([*heart.streets, *mains, *country, *made, *walks], terrain, rng) + structures
    progress("sidewalks, bridges")
    placed, inside, closed = _fill(plan, blocks, base, rng, names, town_of)
    progress("blocks")
    trails = walking.hill_paths(terrain, [np.array([v.x, v.y]) for v in villages if v.steep][: plan.share(60)], rng)
    everything = [*base, *levels.over_water([*inside, *trails], terrain, rng), *_wild_islands(plan, terrain, base, rng)]
    offshore = [bool(terrain.island.intersects(shapely.points(s.points[0]))) for s in everything]
    everything = [
        *tie_strays([s for s, there in zip(everything, offshore, strict=True) if not there], reach=420, bar=terrain.water),
        *tie_strays([s for s, there in zip(everything, offshore, strict=True) if there], reach=420, bar=terrain.water),
    ]
    progress("strays tied")
    fast = levels.grade_separate(roads.motorway(plan), [s for s in everything if s.level <= 1], terrain)
    everything += fast + levels.interchanges(fast, everything, most=8, reach=900 * plan.size)
    urban = shapely.union_all([ring, *shapes.values(), *suburbs])
    gates = np.array([d for p in placed if p.use == "school" for d in p.doors]).reshape(-1, 2)
    dress(everything, names, rng, urban=urban, school_gates=gates)
    joined = join(everything)
    crossing_nodes(joined, rng)
    marks(joined)
    for village in villages:
        x, y = village.x, village.y
        placed.append(Place("village", village.shape, names.village(), town_of(x, y), [np.array([x, y])]))
    return Streetwork(joined, placed, villages, roads.ferry_line(plan, terrain), ring, closed)


def _central(one: Street, plan: Plan) -> bool:
    x, y = one.points[len(one.points) // 2] / 1000 / plan.size
    return bool(np.hypot(x - core.OLD_TOWN[0], y - core.OLD_TOWN[1]) < 3.2)


def _fill(
    plan: Plan, blocks: list[Block], streets: list[Street], rng: np.random.Generator, names: Names, town_of: object
) -> tuple[list[Place], list[Street], int]:
    """Decide what every block is, and draw what is inside."""
    ground = [s for s in streets if s.level == 0 and s.kind not in ("motorway", "footway", "steps")]
    lines = np.array([s.line for s in ground])
    tree = shapely.STRtree(lines)
    inside: list[Street] = []
    placed: list[Place] = []
    closed = 0
    order = rng.permutation(len(blocks))
    wanted = {
        "park": plan.share(88),
        "school": plan.share(118),
        "square": plan.share(16),
        "hospital": plan.share(40),
        "hall": plan.share(42),
        "mall": plan.share(26),
    }
    sizes = {
        "park": (9_000, 140_000),
        "school": (12_000, 60_000),
        "square": (3_500, 26_000),
        "hospital": (8_000, 45_000),
        "hall": (5_000, 50_000),
        "mall": (6_000, 45_000),
    }
    gaps = {"park": 520, "school": 430, "square": 900, "hospital": 700, "hall": 500, "mall": 700}
    seen: dict[str, list[tuple[float, float]]] = {k: [] for k in wanted}
    for use, number in wanted.items():
        for k in order:
            block = blocks[k]
            low, high = sizes[use]
            if len(seen[use]) >= number:
                break
            if block.use in ("works", "taken") or not low < block.shape.area < high or rng.random() > 0.25 + block.density:
                continue
            c = block.shape.centroid
            if seen[use] and np.min(np.hypot(*(np.array(seen[use]) - [c.x, c.y]).T)) < gaps[use] * max(plan.size, 0.5):
                continue
            place, roads_inside = _public(use, block, tree, lines, rng, names, town_of(c.x, c.y))
            if place is None:
                continue
            seen[use].append((c.x, c.y))
            block.use = "taken"
            inside += roads_inside
            placed.append(place)
    for k in order:
        block = blocks[k]
        c = block.shape.representative_point()
        town = town_of(c.x, c.y)
        if block.use == "taken":
            continue
        if block.use != "old" and 9_000 < block.shape.area < 130_000 and rng.random() < (0.38 if block.use != "works" else 0.25):
            name = names.estate()
            made, shut = estates.estate(block, tree, lines, rng, name=name)
            if made:
                closed += shut
                inside += made
                entrance = [m.points[0] for m in made if m.marks]
                placed.append(Place("estate", block.shape, name, town, entrance, private="access" in made[0].tags))
                continue
        placed.append(Place("works" if block.use == "works" else "homes", block.shape, "", town))
    return placed, inside, closed


def _public(
    use: str, block: Block, tree: shapely.STRtree, lines: Array, rng: np.random.Generator, names: Names, town: Town
) -> tuple[Place | None, list[Street]]:
    name = names.stem(use)
    if use == "park":
        made, entrances, pond = estates.park(block, tree, lines, rng)
        if not entrances:
            return None, []
        return Place(use, block.shape, f"{name}公园", town, [p for p, _ in entrances], pond), [*made, *([estates.shore_path(pond)] if pond is not None else [])]
    if use == "square":
        made = estates.square(block, tree, lines, rng, name=f"{name}广场")
        return (Place(use, block.shape, f"{name}广场", town, [made[1].points[0]]) if len(made) > 1 else None), made
    if use in ("school", "hospital"):
        made, entrances = estates.grounds(block, tree, lines, rng)
        return (Place(use, block.shape, name, town, [p for p, _ in entrances]) if made else None), made
    entrances = estates.doors(block.shape, tree, lines, rng, 1)
    return (Place(use, block.shape, name, town, [p for p, _ in entrances]) if entrances else None), []


def _wild_islands(plan: Plan, terrain: Terrain, streets: list[Street], rng: np.random.Generator) -> list[Street]:
    """Small networks that join nothing: path loops in the hills, and the walks of an islet in the river."""
    tree = shapely.STRtree([s.line for s in streets])
    x0, y0, x1, y1 = terrain.limit.bounds
    result: list[Street] = []
    made = 0
    for _ in range(4000):
        if made >= 7:
            break
        x, y = rng.uniform(x0, x1), rng.uniform(y0, y1)
        if not terrain.limit.contains(Point(x, y).buffer(500)) or float(terrain.at(np.array([[x, y]]))[0]) < 60:
            continue
        loop = blob(rng, (x, y), 150, roughness=0.5, stretch=1.4, corners=40)
        if len(tree.query(loop, predicate="dwithin", distance=520 * max(0.5, plan.size))) or terrain.water.intersects(loop):
            continue
        ring = thin(np.array(loop.exterior.coords), 1)
        chord = LineString([loop.exterior.interpolate(0.1, normalized=True), loop.exterior.interpolate(0.55, normalized=True)])
        result += [street(ring, "path", apart=True), street(chord, "path" if made % 2 else "footway", apart=True)]
        made += 1
    for metres in (0.615, 0.74):
        middle = terrain.river_line.interpolate(metres, normalized=True)
        islet = blob(rng, (middle.x, middle.y), 55, roughness=0.2, stretch=1.5, corners=24)
        result.append(street(thin(np.array(islet.exterior.coords), 0.5), "footway", apart=True, name="江心步道"))
        made += 1
    return result
