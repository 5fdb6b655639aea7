"""What passes over or under what? Bridges over water, the motorway over everything, tunnels through ridges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.ops import substring

from .street import Street, pieces, street

if TYPE_CHECKING:
    from .plan import Plan
    from .terrain import Terrain

#: Streets of these classes get a bridge where they meet water; others stop there, mostly.
BRIDGED = {"motorway", "trunk", "primary", "secondary", "tertiary"}


def over_water(streets: list[Street], terrain: Terrain, rng: np.random.Generator) -> list[Street]:
    """Cut streets at water: big ones cross on a bridge (and over the quays), small ones end on the bank, a few have a bridge too."""
    wide, narrow = (
        terrain.river.buffer(62),
        shapely.union_all([*(c.buffer(5) for c in (*terrain.canals, *terrain.streams)), *(p.buffer(4) for p in terrain.lakes)]),
    )
    bare = shapely.union_all([terrain.river, *terrain.canals, *terrain.streams, *terrain.lakes])
    for geometry in (wide, narrow, bare):
        shapely.prepare(geometry)
    result: list[Street] = []
    for one in streets:
        line = one.line
        if one.level != 0 or not bare.intersects(line):
            result.append(one)
            continue
        big = one.kind in BRIDGED or one.tags.get("footway") in ("sidewalk", "crossing") or (one.kind == "unclassified" and not terrain.river.intersects(line))
        reach = shapely.union_all([g for g, water in ((wide, terrain.river), (narrow, None)) if water is None or water.intersects(line)])
        wet = [p for p in pieces(line.intersection(reach)) if bare.intersects(LineString(p))]
        keep = big or (rng.random() < 0.14 and all(LineString(p).length < 60 for p in wet))
        cut = _cut(line, wet) if wet else [(line, False)]
        for part, is_wet in cut:
            if part.length < 1:
                continue
            if not is_wet:
                result.append(Street(shapely.get_coordinates(part), dict(one.tags), marks=list(one.marks), apart=one.apart))
            elif keep:
                ends = shapely.get_coordinates(part)
                straight = ends if len(ends) < 3 or part.length > 400 or one.kind == "footway" else np.vstack([ends[0], *ends[1:-1], ends[-1]])
                result.append(Street(straight, {**one.tags, "bridge": "yes", "layer": "1"}, level=1))
    return result


def _cut(line: LineString, wet: list[np.ndarray]) -> list[tuple[LineString, bool]]:
    """A line in consecutive parts, dry and wet, with common end points."""
    spans = sorted(tuple(sorted(line.project(Point(*p)) for p in (part[0], part[-1]))) for part in wet)
    result: list[tuple[LineString, bool]] = []
    position = 0.0
    for a, b in spans:
        a, b = (0.0 if a < 3 else a), (line.length if b > line.length - 3 else b)
        if a > position:
            result.append((substring(line, position, a), False))
        result.append((substring(line, max(a, position), b), True))
        position = b
    if position < line.length:
        result.append((substring(line, position, line.length), False))
    return result


def ridge_tunnels(roads: list[Street], terrain: Terrain, *, most: int, plan: Plan) -> list[Street]:
    """The highest stretch of some hill roads runs straight through the rock."""
    scored = []
    for number, road in enumerate(roads):
        line = road.line
        if road.kind != "secondary" or line.length < 1800 * plan.size:
            continue
        metres = np.arange(400 * plan.size, line.length - 700 * plan.size, 60)
        if len(metres) == 0:
            continue
        height = terrain.at(shapely.get_coordinates(shapely.line_interpolate_point(line, metres)))
        best = int(np.argmax(height))
        if height[best] > 70:
            scored.append((float(height[best]), number, float(metres[best])))
    chosen = {number: metres for _, number, metres in sorted(scored, reverse=True)[:most]}
    result: list[Street] = []
    for number, road in enumerate(roads):
        if number not in chosen:
            result.append(road)
            continue
        line, a = road.line, chosen[number]
        b = min(a + 620 * plan.size, line.length - 40)
        p, q = line.interpolate(a), line.interpolate(b)
        result += [
            Street(shapely.get_coordinates(substring(line, 0, a)), dict(road.tags)),
            Street(np.array([[p.x, p.y], [q.x, q.y]]), {**road.tags, "tunnel": "yes", "layer": "-1", "lit": "yes"}, level=-1),
            Street(shapely.get_coordinates(substring(line, b, line.length)), dict(road.tags)),
        ]
    return result


def grade_separate(way: Street, others: list[Street], terrain: Terrain) -> list[Street]:
    """A motorway in parts: on bridges wherever anything crosses, in a tunnel under hills, on the ground between."""
    line = way.line
    tree = shapely.STRtree([o.line for o in others])
    crossed = [others[k].line.intersection(line) for k in tree.query(line, predicate="intersects")]
    metres = [line.project(Point(*xy)) for xy in shapely.get_coordinates(shapely.union_all(crossed))] if crossed else []
    spans: list[list[float]] = []
    water = [line.project(Point(*xy)) for part in pieces(line.intersection(terrain.water)) for xy in (part[0], part[-1])]
    marks = sorted([(m - 45, m + 45) for m in metres] + [(a - 60, b + 60) for a, b in zip(sorted(water)[::2], sorted(water)[1::2], strict=False)])
    for a, b in marks:
        if spans and a < spans[-1][1] + 60:
            spans[-1][1] = max(spans[-1][1], b)
        else:
            spans.append([a, b])
    result: list[Street] = []
    position = 0.0
    for a, b in spans:
        a, b = max(0.0, a), min(line.length, b)
        if a > position + 1:
            result.append(_ground(substring(line, position, a), way, terrain))
        result.append(Street(shapely.get_coordinates(substring(line, max(a, position), b)), {**way.tags, "bridge": "yes", "layer": "2"}, level=2))
        position = b
    if position < line.length - 1:
        result.append(_ground(substring(line, position, line.length), way, terrain))
    return result


def _ground(part: LineString, way: Street, terrain: Terrain) -> Street:
    points = shapely.get_coordinates(part)
    if len(points) > 2 and float(terrain.at(points).max()) > 60:
        return Street(points, {**way.tags, "tunnel": "yes", "layer": "-1"}, level=-1)
    return Street(points, dict(way.tags))


def interchanges(ground_parts: list[Street], roads: list[Street], *, most: int, reach: float) -> list[Street]:
    """Slip roads from the motorway's ground level to the nearest main road."""
    mains = [r for r in roads if r.kind in ("primary", "trunk", "secondary") and r.level == 0]
    if not mains:
        return []
    tree = shapely.STRtree([m.line for m in mains])
    found: list[tuple[float, Street]] = []
    for part in ground_parts:
        if part.level or part.line.length < 120:
            continue
        for where in (0.12, 0.88):
            p = part.line.interpolate(where, normalized=True)
            k = int(tree.nearest(p))
            road = mains[k].line
            foot = road.interpolate(road.project(p))
            gap = foot.distance(p)
            if 60 < gap < reach:
                ahead = part.line.interpolate(min(0.97, max(0.03, where + (0.1 if where < 0.5 else -0.1))), normalized=True)
                bend = [(p.x + foot.x) / 2 + (p.x - ahead.x) * 0.35, (p.y + foot.y) / 2 + (p.y - ahead.y) * 0.35]
                t = np.linspace(0, 1, 8)[:, None]
                curve = (1 - t) ** 2 * np.array([p.x, p.y]) + 2 * t * (1 - t) * np.array(bend) + t**2 * np.array([foot.x, foot.y])
                found.append((gap, street(curve, "motorway_link", oneway="yes")))
    return [s for _, s in sorted(found, key=lambda f: f[0])[:most]]
