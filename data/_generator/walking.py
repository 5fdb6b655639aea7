"""Where do people walk beside and across big roads? Sidewalks, crossings, footbridges, underpasses, the promenade, hill paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import LineString, Point

from .street import Array, Street, oriented, pieces, street, thin

if TYPE_CHECKING:
    from .terrain import Terrain

HALF_WIDTH = {"trunk": 21.0, "primary": 16.0, "secondary": 12.0, "tertiary": 9.0}
CROSSING_KINDS: tuple[tuple[float, dict[str, str]], ...] = (
    (0.34, {"crossing": "traffic_signals", "crossing:markings": "zebra"}),
    (0.12, {"crossing": "traffic_signals"}),
    (0.22, {"crossing": "uncontrolled", "crossing:markings": "zebra"}),
    (0.12, {"crossing": "marked"}),
    (0.06, {"crossing": "zebra"}),
    (0.08, {"crossing": "unmarked"}),
    (0.06, {}),
)


def crossing_kind(rng: np.random.Generator) -> dict[str, str]:
    """How a crossing is tagged, in the several ways mappers do it."""
    pick = rng.random()
    for share, tags in CROSSING_KINDS:
        pick -= share
        if pick <= 0:
            return dict(tags)
    return {}


def at(line: LineString, metres: float) -> tuple[Array, Array]:
    """Place and unit normal (to the left) at a distance along a line."""
    p, q = line.interpolate(max(0.0, metres - 1)), line.interpolate(min(line.length, metres + 1))
    tangent = np.array([q.x - p.x, q.y - p.y])
    tangent /= max(float(np.hypot(*tangent)), 1e-9)
    middle = line.interpolate(metres)
    return np.array([middle.x, middle.y]), np.array([-tangent[1], tangent[0]])


def sidewalks(arterials: list[Street], rng: np.random.Generator) -> tuple[list[Street], list[Street]]:
    """
    Separate sidewalks on both sides of `arterials`, the crossings between them, and bridges and underpasses for feet.

    Returns
    -------
    walks, structures
        Sidewalks with crossings; footbridges, underpasses and their steps.
    """
    corridors = [s.line.buffer(HALF_WIDTH[s.kind] + 2.5, cap_style="flat") for s in arterials]
    tree = shapely.STRtree(corridors)
    centre_lines = [s.line for s in arterials]
    walks: list[Street] = []
    structures: list[Street] = []
    for number, one in enumerate(arterials):
        width = HALF_WIDTH[one.kind]
        line = one.line
        if line.length < 160:
            continue
        sides: list[LineString] = []
        for sign in (1, -1):
            for part in pieces(shapely.offset_curve(line, sign * width, join_style="mitre", mitre_limit=2)):
                side = LineString(thin(part, 0.4))
                sides.append(side)
                walks += _split_at_roads(side, number, corridors, centre_lines, tree, rng)
        one.tags["sidewalk"] = "separate"
        structures += _across(one, line, width, sides, walks, rng)
    return walks, structures


def _split_at_roads(
    side: LineString, own: int, corridors: list[shapely.Geometry], centres: list[LineString], tree: shapely.STRtree, rng: np.random.Generator
) -> list[Street]:
    """A sidewalk becomes a crossing where it passes another big road."""
    others = [k for k in tree.query(side, predicate="intersects") if k != own and centres[k].crosses(side)]
    if not others:
        return [street(side, "footway", footway="sidewalk")]
    result: list[Street] = []
    zone = shapely.union_all([corridors[k] for k in others])
    result += [street(oriented(part, np.array(side.coords)), "footway", footway="sidewalk") for part in pieces(side.difference(zone))]
    for part in pieces(side.intersection(zone)):
        piece = LineString(part)
        hit = next((centres[k].intersection(piece) for k in others if centres[k].crosses(piece)), None)
        if hit is None or piece.length > 90:
            result.append(street(part, "footway", footway="sidewalk"))
            continue
        result.append(_crossing_way(part, shapely.get_coordinates(hit)[0], rng))
    return result


def _crossing_way(points: Array, middle: Array, rng: np.random.Generator) -> Street:
    """A crossing as a way; mostly the node on the carriageway is tagged as well."""
    kind = crossing_kind(rng)
    way = street(points, "footway", footway="crossing")
    way.tags.update(kind if rng.random() < 0.8 else {})
    if rng.random() < 0.75:
        way.marks.append(((float(middle[0]), float(middle[1])), {"highway": "crossing", **kind}))
    return way


def _across(one: Street, line: LineString, width: float, sides: list[LineString], walks: list[Street], rng: np.random.Generator) -> list[Street]:
    structures: list[Street] = []
    if len(sides) != 2:
        return structures
    position = rng.uniform(90, 180)
    while position < line.length - 90:
        place, normal = at(line, position)
        left, right = (np.array(s.interpolate(s.project(Point(*(place + k * normal * width)))).coords[0]) for s, k in zip(sides, (1, -1), strict=True))
        if np.hypot(*(left - right)) < 2.6 * width:
            pick = rng.random()
            if pick < (0.11 if one.kind == "primary" else 0.03):
                structures += _over(left, right, normal, rng, below=pick < 0.03)
            elif rng.random() < 0.8:
                walks.append(_crossing_way(np.array([left, place, right]), place, rng))
        position += rng.uniform(190, 340)
    return structures


def _over(left: Array, right: Array, normal: Array, rng: np.random.Generator, *, below: bool) -> list[Street]:
    """A footbridge (or an underpass) with steps, or a ramp, at both ends."""
    along = np.array([normal[1], -normal[0]])
    a, b = left + normal * 3.5 + along * 4, right - normal * 3.5 + along * 4
    structure = street([a, b], "footway", level=-1 if below else 1, layer="-1" if below else "1", **({"tunnel": "yes"} if below else {"bridge": "yes"}))
    structure.tags["name"] = "地下通道" if below else "人行天桥"
    ends = []
    for foot, top in ((left, a), (right, b)):
        kind = "steps" if rng.random() < 0.85 else "footway"
        ends.append(street([foot + along * 24, top + along * 20, top], kind, **({"ramp": "yes"} if rng.random() < 0.2 else {})))
    return [structure, *ends]


def promenade(terrain: Terrain, banks: list[LineString], rng: np.random.Generator, *, narrow: float) -> list[Street]:
    """The path along the water, and the ways down to it from the embankment."""
    result: list[Street] = []
    for bank in banks:
        if bank.length < 500 * narrow:
            continue
        candidates = [bank.parallel_offset(24 * narrow, side) for side in ("left", "right")]
        path = min(candidates, key=lambda p: p.distance(terrain.river))
        for part in pieces(path):
            line = LineString(thin(part, 0.6))
            result.append(street(line, "footway", name="滨江步道", surface="paving_stones", lit="yes"))
            for metres in np.arange(80, line.length - 60, 240):
                place = line.interpolate(metres + rng.uniform(-40, 40))
                foot = bank.interpolate(bank.project(place))
                result.append(street([[foot.x, foot.y], [place.x, place.y]], "steps" if rng.random() < 0.35 else "footway"))
    return result


def hill_paths(terrain: Terrain, starts: list[Array], rng: np.random.Generator) -> list[Street]:
    """Paths from villages up into the hills, with steps where it is steepest."""
    result: list[Street] = []
    for start in starts:
        place = np.array(start, dtype=float)
        heading = rng.uniform(0, 2 * np.pi)
        track = [place.copy()]
        for _ in range(int(rng.integers(14, 40))):
            options = heading + np.array([-0.7, -0.3, 0.0, 0.3, 0.7])
            ahead = place + 60 * np.column_stack([np.cos(options), np.sin(options)])
            best = int(np.argmax(terrain.at(ahead) + rng.normal(0, 6, 5)))
            heading = float(options[best] + rng.normal(0, 0.15))
            place = ahead[best]
            track.append(place.copy())
        points = np.array(track)
        if not terrain.land.buffer(-50).contains(LineString(points)):
            continue
        third = len(points) // 3
        for k, (a, b) in enumerate(((0, third), (third, 2 * third), (2 * third, len(points) - 1))):
            kind = "steps" if k == 1 and rng.random() < 0.6 else "path"
            result.append(street(points[a : b + 1], kind, **({"surface": "ground"} if kind == "path" and rng.random() < 0.5 else {})))
    return result
