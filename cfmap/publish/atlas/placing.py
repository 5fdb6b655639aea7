"""How do numbered marks stand apart, and which names fit between them?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

ROUNDS = 120
PULL = 0.04  # part of the way back to its place that a mark is drawn in each round
FARTHEST = 4.0  # diameters that a mark may stand from its place


def apart(places: NDArray[np.float64], *, diameter: float, width: float, height: float) -> NDArray[np.float64]:
    """
    Move round marks off each other, each as little as it takes.

    Parameters
    ----------
    places
        Where they belong, (n, 2) millimetres.
    diameter
        Of a mark; where there is room no two end up nearer than this.
    width, height
        Of the paper; marks stay on it.

    Returns
    -------
    marks
        The same for the same input; at most :data:`FARTHEST` diameters from their places, so that a crowd may still touch.
    """
    marks = places.astype(np.float64).copy()
    if len(marks) < 2:
        return marks
    turn = np.arange(len(marks)) * 2.399963  # golden angle: marks at one place part in different directions
    marks += 0.01 * diameter * np.column_stack((np.cos(turn), np.sin(turn)))
    low, high = np.full(2, diameter / 2), np.array([width, height]) - diameter / 2
    for round_ in range(ROUNDS):
        pairs = cKDTree(marks).query_pairs(diameter, output_type="ndarray")
        if not len(pairs) and round_ > ROUNDS // 2:
            break
        if round_ < ROUNDS // 2:
            marks += (places - marks) * PULL
        between = marks[pairs[:, 0]] - marks[pairs[:, 1]]
        distance = np.maximum(np.hypot(between[:, 0], between[:, 1]), 1e-9)
        push = between * ((diameter * 1.02 - distance) / 2 / distance)[:, None]
        np.add.at(marks, pairs[:, 0], push)
        np.add.at(marks, pairs[:, 1], -push)
        away = marks - places
        far = np.maximum(np.hypot(away[:, 0], away[:, 1]) / (FARTHEST * diameter), 1.0)
        marks = np.clip(places + away / far[:, None], low, high)
    return marks


@dataclass(frozen=True)
class Name:
    """
    A name to be written.

    Attributes
    ----------
    text
        What.
    x, y
        Its middle, millimetres.
    size_pt
        Height of its letters.
    angle
        Degrees clockwise, between -90 and 90.
    kind
        Style in the template.
    """

    text: str
    x: float
    y: float
    size_pt: float
    angle: float
    kind: str

    @property
    def ground(self) -> shapely.Polygon:
        """What it covers on the paper, with a little room."""
        width, height = text_width_mm(self.text, self.size_pt) + 1.0, self.size_pt * 0.3528 * 1.25 + 0.6
        box = shapely.box(-width / 2, -height / 2, width / 2, height / 2)
        turn = np.radians(self.angle)
        return shapely.transform(box, lambda c: c @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) + (self.x, self.y))


def text_width_mm(text: str, size_pt: float) -> float:
    """About how wide a text is: a Chinese character is as wide as high, others a little more than half."""
    return sum(1.0 if ord(c) > 0x2E7F else 0.55 for c in text) * size_pt * 0.3528


def along(line: Any, width: float) -> tuple[float, float, float]:
    """Middle of a line and its direction there over the width of a text, never upside down."""
    half = min(width, line.length) / 2
    middle = line.length / 2
    (x0, y0), (x1, y1) = (line.interpolate(middle + d).coords[0] for d in (-half, half))
    x, y = line.interpolate(middle).coords[0]
    angle = float(np.degrees(np.arctan2(y1 - y0, x1 - x0)))
    return x, y, angle - 180 if angle > 90 else angle + 180 if angle < -90 else angle


def without_collisions(wanted: Iterable[Name], taken: Iterable[shapely.Geometry], *, paper: shapely.Polygon) -> list[Name]:
    """Names in order of importance, each kept if it lies on the paper and touches nothing that was there before it."""
    obstacles = list(taken)
    tree = shapely.STRtree(obstacles)
    kept: list[Name] = []
    grounds: list[shapely.Polygon] = []
    for name in wanted:
        ground = name.ground
        if not paper.contains(ground) or len(tree.query(ground, predicate="intersects")) or any(ground.intersects(g) for g in grounds):
            continue
        kept.append(name)
        grounds.append(ground)
    return kept
