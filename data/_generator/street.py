"""What is a street before it is in a network: a line, its tags, and the level at which it runs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely

Array = np.ndarray


@dataclass
class Told:
    """
    What the map was told when a street was dressed; its tags say no more than this.

    Attributes
    ----------
    left, right
        Walking space of each side: yes, no, drawn (a footway of its own), "" = nothing was said.
    limit
        km/h; None = nothing was said.
    """

    left: str = ""
    right: str = ""
    limit: int | None = None


@dataclass
class Street:
    """
    A way in the making.

    Parameters
    ----------
    points
        Polyline, metres, shape (n, 2).
    tags
        OpenStreetMap tags.
    level
        Streets join where they cross only on the same level (bridge 1, motorway bridge 2, tunnel -1).
    apart
        Belongs to an island of the network that is meant to be one.
    marks
        Tags for the node nearest to a place on it: gates, crossings.
    nodes
        Numbers of its nodes; filled in by :func:`_generator.join.join`.
    told
        What of its safety the map was told; filled in by :func:`_generator.dress.dress`.
    """

    points: Array
    tags: dict[str, str]
    level: int = 0
    apart: bool = False
    marks: list[tuple[tuple[float, float], dict[str, str]]] = field(default_factory=list)
    nodes: list[int] = field(default_factory=list)
    told: Told = field(default_factory=Told)

    @property
    def line(self) -> shapely.LineString:
        """Its geometry."""
        return shapely.linestrings(self.points)

    @property
    def kind(self) -> str:
        """Its class."""
        return self.tags.get("highway", "")


def street(points: object, highway: str, /, *, level: int = 0, apart: bool = False, **tags: str) -> Street:
    """Shorthand: ``_`` in a tag's key stands for ``:``."""
    coordinates = np.array(shapely.get_coordinates(points) if isinstance(points, shapely.Geometry) else points, dtype=float)[:, :2]
    return Street(coordinates, {"highway": highway, **{k.replace("_", ":"): v for k, v in tags.items()}}, level, apart)


def pieces(line: shapely.Geometry) -> list[Array]:
    """Coordinates of every line in a geometry (points and slivers left out)."""
    return [shapely.get_coordinates(part) for part in shapely.get_parts(line) if part.geom_type == "LineString" and part.length > 1.0]


def oriented(points: Array, like: Array) -> Array:
    """`points`, reversed when they run against `like`."""
    line = shapely.linestrings(like)
    first, last = (float(line.project(shapely.points(p))) for p in (points[0], points[-1]))
    return points if first <= last else points[::-1]


def smooth(points: Array, *, sigma: float, step: float) -> Array:
    """Resample every `step` metres and smooth by `sigma` metres, both ends kept."""
    from scipy.ndimage import gaussian_filter1d

    line = shapely.linestrings(points)
    count = max(2, round(line.length / step)) + 1
    even = shapely.get_coordinates(shapely.line_interpolate_point(line, np.linspace(0, line.length, count)))
    if count < 4:
        return even
    padded = np.vstack([2 * even[0] - even[1 : count - 1][::-1], even, 2 * even[-1] - even[1 : count - 1][::-1]])  # point-mirrored: ends stay
    out = gaussian_filter1d(padded, sigma / step, axis=0)[count - 2 : 2 * count - 2]
    out[0], out[-1] = even[0], even[-1]
    return out


def thin(points: Array, tolerance: float) -> Array:
    """Fewer vertices: Douglas-Peucker within `tolerance` metres."""
    return shapely.get_coordinates(shapely.simplify(shapely.linestrings(points), tolerance))
