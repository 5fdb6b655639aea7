"""What is behind the walls? Estates with gates, school grounds, parks, squares: the inside of blocks."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon

from .blocks import Block, long_axis
from .street import Array, Street, pieces, street, thin

#: How estates close themselves off: (share, tags of the gate, tags of the roads inside).
WALLS: tuple[tuple[float, dict[str, str], dict[str, str]], ...] = (
    (0.46, {"barrier": "gate", "access": "private"}, {"access": "private"}),
    (0.20, {"barrier": "lift_gate"}, {"access": "private"}),
    (0.12, {"barrier": "gate"}, {"access": "private"}),
    (0.08, {"barrier": "gate", "access": "private", "foot": "yes"}, {"access": "private", "foot": "yes"}),
    (0.09, {"barrier": "lift_gate", "foot": "yes"}, {}),
    (0.05, {"barrier": "gate"}, {}),
)


def choose_wall(rng: np.random.Generator) -> tuple[dict[str, str], dict[str, str]]:
    """How one estate closes itself off."""
    pick = rng.random() * sum(w[0] for w in WALLS)
    for share, gate, inside in WALLS:
        pick -= share
        if pick <= 0:
            return gate, inside
    return WALLS[-1][1:]


def doors(shape: Polygon, roads: shapely.STRtree, lines: Array, rng: np.random.Generator, count: int) -> list[tuple[Array, Array]]:
    """Up to `count` places on the edge of a block where a street runs: (place, unit vector inwards), spread round the block."""
    ring = shape.exterior
    offset = rng.uniform(0, ring.length)
    found: list[tuple[Array, Array]] = []
    for k in range(count * 3):
        if len(found) == count:
            break
        place = ring.interpolate((offset + ring.length * k / (count * 3)) % ring.length)
        near = roads.query(place, predicate="dwithin", distance=0.6)
        if len(near) == 0 or all(lines[i].project(place) < 18 or lines[i].length - lines[i].project(place) < 18 for i in near):
            continue
        if any(np.hypot(place.x - f[0][0], place.y - f[0][1]) < ring.length / count * 0.45 for f in found):
            continue
        ahead = ring.interpolate((ring.project(place) + 1) % ring.length)
        tangent = np.array([ahead.x - place.x, ahead.y - place.y])
        inward = np.array([-tangent[1], tangent[0]]) / max(float(np.hypot(*tangent)), 1e-9)
        if not shape.contains(Point(place.x + inward[0] * 3, place.y + inward[1] * 3)):
            inward = -inward
        found.append((np.array([place.x, place.y]), inward))
    return found


def estate(block: Block, roads: shapely.STRtree, lines: Array, rng: np.random.Generator, *, name: str) -> tuple[list[Street], int]:
    """Roads inside an estate: a loop, lanes between the houses, and its gates. Returns streets and the number of closed gates."""
    inner = shapely.buffer(block.shape, -24, join_style="mitre")
    if inner.is_empty or inner.geom_type != "Polygon" or inner.area < 2600:
        return [], 0
    inner = inner.simplify(3)
    gate, inside = choose_wall(rng)
    result = [street(inner.exterior, "service", service="driveway")]
    centre, axis, length, width = long_axis(inner)
    across = np.array([-axis[1], axis[0]])
    spacing = rng.uniform(58, 84)
    for shift in np.arange(-length / 2 + spacing, length / 2 - spacing * 0.6, spacing):
        lane = LineString([centre + axis * shift - across * width, centre + axis * shift + across * width]).intersection(inner)
        kind = "footway" if rng.random() < 0.35 else "service"
        result += [street(p, kind) for p in pieces(lane)]
    if width > 110:
        spine = LineString([centre - axis * length, centre + axis * length]).intersection(inner)
        result += [street(p, "footway") for p in pieces(spine)]
    for one in result:
        one.tags.update(inside)
        if rng.random() < 0.3:
            one.tags["lit"] = "yes"
    closed = 0
    entrances = doors(block.shape, roads, lines, rng, 1 + int(block.shape.area > 18_000) + int(block.shape.area > 45_000))
    for number, (place, inward) in enumerate(entrances):
        foot = inner.exterior.interpolate(inner.exterior.project(Point(*(place + inward * 24))))
        barrier = place + (np.array([foot.x, foot.y]) - place) * 0.4
        tags = dict(gate)
        if number and rng.random() < 0.3:  # a side gate that is never opened
            tags = {"barrier": "gate", "access": "no", "locked": "yes"}
            closed += 1
        way = street([place, barrier, [foot.x, foot.y]], "service")
        way.tags.update(inside)
        if number == 0 and rng.random() < 0.8:
            tags["name"] = f"{name}{'正门' if len(entrances) > 1 else '大门'}"
        way.marks.append(((float(barrier[0]), float(barrier[1])), tags))
        result.append(way)
    return (result, closed) if entrances else ([], 0)


def grounds(block: Block, roads: shapely.STRtree, lines: Array, rng: np.random.Generator) -> tuple[list[Street], list[tuple[Array, Array]]]:
    """A school or hospital: a yard with its gates and a path or two."""
    entrances = doors(block.shape, roads, lines, rng, 1 + int(block.shape.area > 22_000))
    inner = shapely.buffer(block.shape, -20, join_style="mitre")
    if not entrances or inner.is_empty or inner.geom_type != "Polygon":
        return [], entrances
    result = [street(inner.simplify(3).exterior, "service", access="private")]
    for place, inward in entrances:
        edge = result[0].line
        foot = edge.interpolate(edge.project(Point(*(place + inward * 20))))
        barrier = place + (np.array([foot.x, foot.y]) - place) * 0.35
        way = street([place, barrier, [foot.x, foot.y]], "service", access="private")
        way.marks.append(((float(barrier[0]), float(barrier[1])), {"barrier": "gate", "access": "private"}))
        result.append(way)
    return result, entrances


def park(block: Block, roads: shapely.STRtree, lines: Array, rng: np.random.Generator) -> tuple[list[Street], list[tuple[Array, Array]], Polygon | None]:
    """Paths through a park, its entrances and perhaps a pond."""
    entrances = doors(block.shape, roads, lines, rng, 3 + int(block.shape.area > 50_000) * 2)
    loop = shapely.buffer(block.shape, -30).buffer(-15).buffer(15)
    if not entrances or loop.is_empty or loop.geom_type != "Polygon" or loop.area < 1500:
        return [street([p, p + v * 25], "footway") for p, v in entrances], entrances, None
    loop = loop.simplify(1.5)
    result = [street(loop.exterior, "footway", surface="paving_stones")]
    centre = np.array([loop.centroid.x, loop.centroid.y])
    for place, _ in entrances:
        foot = loop.exterior.interpolate(loop.exterior.project(Point(*place)))
        result.append(street([place, [foot.x, foot.y]], "footway" if rng.random() < 0.8 else "steps"))
        side = np.array([-(centre - place)[1], (centre - place)[0]]) * rng.uniform(-0.25, 0.25)
        bent = thin(_curve(np.array([foot.x, foot.y]), (np.array([foot.x, foot.y]) + centre) / 2 + side * 0.5, centre), 0.5)
        result.append(street(bent, "footway"))
    pond = None
    if loop.area > 14_000:
        from .terrain import blob

        pond = blob(rng, (float(centre[0] + 25), float(centre[1] + 18)), min(60, np.sqrt(loop.area) / 6), roughness=0.3, stretch=1.3, corners=28)
        result = [part for one in result for part in _around(one, pond)]
    return result, entrances, pond


def _curve(a: Array, b: Array, c: Array) -> Array:
    t = np.linspace(0, 1, 9)[:, None]
    return (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c


def _around(one: Street, pond: Polygon) -> list[Street]:
    """A path stops at the water; the shore path joins what was cut."""
    line = one.line
    if not line.intersects(pond.buffer(4)):
        return [one]
    return [Street(p, dict(one.tags)) for p in pieces(line.difference(pond.buffer(4)))]


def shore_path(pond: Polygon) -> Street:
    """The path round a pond."""
    return street(pond.buffer(4).simplify(0.8).exterior, "footway")


def square(block: Block, roads: shapely.STRtree, lines: Array, rng: np.random.Generator, *, name: str) -> list[Street]:
    """A pedestrian square: the area, and the paths that lead onto it."""
    inner = shapely.buffer(block.shape, -16, join_style="mitre")
    if inner.is_empty or inner.geom_type != "Polygon":
        return []
    inner = inner.simplify(2)
    result = [street(inner.exterior, "pedestrian", area="yes", name=name, lit="yes")]
    for place, _ in doors(block.shape, roads, lines, rng, 5):
        foot = inner.exterior.interpolate(inner.exterior.project(Point(*place)))
        result.append(street([place, [foot.x, foot.y]], "footway" if rng.random() < 0.85 else "steps"))
    return result
