"""Where is the sea inside an outline? OpenStreetMap draws only the coast: land on its left, water on its right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

SIDE_STEP_DEG = 1e-6  # about 0.1 m: how far beside the coast we look to tell its two sides
CLEAR = 4.0  # a piece is sea when at least this many times more coast has it on the right than on the left


def sea(coastline: Sequence[BaseGeometry], outline: BaseGeometry) -> list[shapely.Polygon]:
    """
    Parts of an outline that lie in the sea.

    Parameters
    ----------
    coastline
        Ways tagged ``natural=coastline`` in their own direction, degrees WGS84.
    outline
        Area to be divided, degrees WGS84.

    Returns
    -------
    parts
        Polygons inside `outline`. A coast that ends inside the outline divides nothing, so it gives nothing: land is
        never drawn as sea on a guess.
    """
    lines = [line for line in coastline if line.intersects(outline)]
    if not lines:
        return []
    pieces = list(shapely.get_parts(shapely.polygonize([shapely.unary_union([outline.boundary, *lines])])))
    pieces = [piece for piece in pieces if outline.contains(piece.representative_point())]
    starts, ends = (np.vstack([shapely.get_coordinates(line)[part] for line in lines]) for part in (slice(None, -1), slice(1, None)))
    along = ends - starts
    length = np.hypot(*along.T)
    starts, along, length = starts[length > 0], along[length > 0], length[length > 0]
    right = np.column_stack([along[:, 1], -along[:, 0]]) / length[:, None] * SIDE_STEP_DEG
    middle = starts + along / 2
    return [piece for piece in pieces if _length_inside(piece, middle + right, length) > CLEAR * _length_inside(piece, middle - right, length)]


def _length_inside(piece: shapely.Polygon, points: np.ndarray, length: np.ndarray) -> float:
    shapely.prepare(piece)
    return float(length[shapely.contains_xy(piece, points)].sum())
