"""How is a piece of town divided into blocks? By cutting it again and again across its longer side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.ops import split

from .street import Array, Street, street


@dataclass(frozen=True)
class Cut:
    """Blocks larger than `area` m2 are cut by streets of a class."""

    area: float
    highway: str


@dataclass
class Block:
    """What is left between streets."""

    shape: Polygon
    use: str = ""
    town: str = ""
    density: float = 0.0


def long_axis(shape: Polygon) -> tuple[Array, Array, float, float]:
    """Centre, unit vector along the longer side, and both lengths of the smallest rectangle round a block."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shape))[:4]
    a, b = corners[1] - corners[0], corners[2] - corners[1]
    la, lb = float(np.hypot(*a)), float(np.hypot(*b))
    axis = a / la if la >= lb else b / lb
    return corners.mean(axis=0), axis, max(la, lb), min(la, lb)


def subdivide(
    shape: Polygon, cuts: tuple[Cut, ...], rng: np.random.Generator, *, jitter: float = 0.10, least: float = 30.0
) -> tuple[list[Street], list[Block]]:
    """
    Cut `shape` by streets until every block is small enough.

    `cuts` run from the coarsest to the finest: a block is cut by the first whose `area` it exceeds.
    """
    streets: list[Street] = []
    blocks: list[Block] = []
    queue = [shape]
    while queue:
        part = queue.pop()
        rule = next((c for c in cuts if part.area > c.area * rng.uniform(0.8, 1.25)), None)
        centre, axis, length, width = long_axis(part)
        if rule is None or length < 2 * least or width < least:
            blocks.append(Block(part))
            continue
        turn = rng.normal(0, 0.045)
        across = np.array([-axis[1], axis[0]]) * np.cos(turn) + axis * np.sin(turn)
        middle = centre + axis * length * rng.uniform(-jitter, jitter)
        bow = middle + axis * width * rng.normal(0, 0.03)
        knife = LineString([middle - across * 2 * width, bow, middle + across * 2 * width])
        parts = [p for p in split(part, knife).geoms if p.geom_type == "Polygon"]
        if len(parts) < 2:
            blocks.append(Block(part))
            continue
        cut = knife.intersection(part)
        streets += [street(line, rule.highway) for line in shapely.get_parts(cut) if line.geom_type == "LineString" and line.length > 8]
        queue += parts
    return streets, blocks


def polygons(lines: list[shapely.Geometry]) -> list[Polygon]:
    """The faces between lines."""
    return list(shapely.get_parts(shapely.polygonize([*shapely.get_parts(shapely.union_all(lines))])))
