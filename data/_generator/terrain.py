"""Where is land, water, hill and plain? Everything in metres east and north of the city's centre."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.ndimage import gaussian_filter, map_coordinates
from shapely.geometry import LineString, MultiPolygon, Point, Polygon

from .plan import TOWNS, Plan

Array = np.ndarray


@dataclass(frozen=True)
class Terrain:
    """
    The ground.

    Attributes
    ----------
    cell, x0, y0
        Raster cell in metres and its lower left corner.
    height
        Elevation in metres, rows south to north.
    land, island
        Mainland (reaching beyond the city's limit) and the island.
    river, river_line
        The main river.
    canals, lakes, streams
        Narrow water: lines of canals and streams are kept as polygons too.
    limit
        The city's limit: land and island inside it.
    """

    cell: float
    x0: float
    y0: float
    height: Array
    land: Polygon
    island: Polygon
    river: Polygon
    river_line: LineString
    canals: tuple[Polygon, ...]
    streams: tuple[Polygon, ...]
    lakes: tuple[Polygon, ...]
    limit: MultiPolygon

    @property
    def water(self) -> shapely.Geometry:
        """Everything a street needs a bridge for."""
        return shapely.union_all([self.river, *self.canals, *self.streams, *self.lakes])

    def at(self, points: Array) -> Array:
        """Elevation at points (n, 2), metres."""
        columns = (points[:, 0] - self.x0) / self.cell
        rows = (points[:, 1] - self.y0) / self.cell
        return map_coordinates(self.height, [rows, columns], order=1, mode="nearest")

    def centres(self) -> tuple[Array, Array]:
        """Coordinates of all cells as two rasters."""
        rows, columns = self.height.shape
        return np.meshgrid(self.x0 + self.cell * np.arange(columns), self.y0 + self.cell * np.arange(rows))


def smooth_noise(rng: np.random.Generator, shape: tuple[int, int], sigma: float) -> Array:
    """A smooth random field of standard deviation one; `sigma` in cells."""
    field = gaussian_filter(rng.standard_normal(shape), sigma, mode="reflect")
    return (field - field.mean()) / field.std()


def wiggle(rng: np.random.Generator, points: Array, amplitude: float, step: float) -> Array:
    """Move a polyline sideways by smooth noise (zero at both ends); resampled every `step` metres."""
    line = LineString(points)
    count = max(3, int(line.length / step) + 1)
    base = shapely.get_coordinates(line.interpolate(np.linspace(0, line.length, count)))
    noise = gaussian_filter(rng.standard_normal((count, 1)), (max(1.0, count / 9), 0), mode="constant") + 0.35 * gaussian_filter(
        rng.standard_normal((count, 1)), (max(1.0, count / 30), 0), mode="constant"
    )
    noise /= max(float(np.abs(noise).max()), 1e-9)
    tangent = np.gradient(base, axis=0)
    normal = np.column_stack([-tangent[:, 1], tangent[:, 0]])
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
    fade = np.sin(np.linspace(0, np.pi, count))[:, None] ** 0.5
    moved = base + normal * noise * fade * amplitude
    moved[0], moved[-1] = points[0], points[-1]
    return moved


def blob(rng: np.random.Generator, centre: tuple[float, float], radius: float, *, roughness: float = 0.18, stretch: float = 1.0, corners: int = 48) -> Polygon:
    """An organic closed shape of about `radius` metres."""
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    radii = np.full(corners, float(radius))
    for wave in range(2, 7):
        radii *= 1 + roughness / wave * 1.6 * np.sin(wave * angles + rng.uniform(0, 2 * np.pi))
    turn = rng.uniform(0, np.pi)
    x, y = radii * np.cos(angles) * stretch, radii * np.sin(angles) / stretch
    return Polygon(np.column_stack([centre[0] + x * np.cos(turn) - y * np.sin(turn), centre[1] + x * np.sin(turn) + y * np.cos(turn)])).buffer(0)


def river_y(x: Array | float) -> Array:
    """Course of the river at full size: calm through the core, winding up-country (km -> km)."""
    x = np.asarray(x, dtype=float)
    calm = np.exp(-(((x - 3) / 6) ** 2))
    return 0.9 * np.sin(x / 5.2 + 0.4) - 0.6 + (1 - 0.75 * calm) * (0.75 * np.sin(x / 1.9 + 1.3) + 0.32 * np.sin(x / 0.85))


def _river(size: float) -> tuple[LineString, Polygon]:
    x = np.linspace(-31, 21, 700)
    line = np.column_stack([x, river_y(x)]) * 1000 * size
    width = np.interp(x, [-31, -18, -8, 0, 8, 13, 17, 21], [60, 80, 150, 230, 330, 560, 1300, 3200]) * max(size, 0.4)
    tangent = np.gradient(line, axis=0)
    normal = np.column_stack([-tangent[:, 1], tangent[:, 0]]) / np.linalg.norm(tangent, axis=1, keepdims=True)
    polygon = Polygon(np.vstack([line + normal * width[:, None] / 2, (line - normal * width[:, None] / 2)[::-1]])).buffer(0)
    if isinstance(polygon, MultiPolygon):
        polygon = max(polygon.geoms, key=lambda p: p.area)
    return LineString(line), polygon


def _coast(rng: np.random.Generator, size: float) -> Polygon:
    y = np.linspace(-26, 26, 520)
    x = (
        17.2
        + 1.3 * np.sin(y / 4.6 + 0.8)
        + 0.7 * np.sin(y / 1.9 + 2.0)
        - 0.012 * y**2
        + 2.2 * np.exp(-(((y - 8.5) / 2.2) ** 2))
        - 1.2 * np.exp(-((y / 2.0) ** 2))
    )
    x += 0.28 * gaussian_filter(rng.standard_normal(520), 4) * 3 + 0.10 * gaussian_filter(rng.standard_normal(520), 1.2) * 2
    shore = np.column_stack([x, y])
    return Polygon(np.vstack([shore, [[-34, 26], [-34, -26]]]) * 1000 * size).buffer(0)


def _limit(rng: np.random.Generator, size: float) -> Polygon:
    angles = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    squareness = (np.abs(np.cos(angles)) ** 2.8 + np.abs(np.sin(angles)) ** 2.8) ** (-1 / 2.8)
    noise = gaussian_filter(rng.standard_normal(360), 7, mode="wrap") * 0.22 + gaussian_filter(rng.standard_normal(360), 1.6, mode="wrap") * 0.022
    radius = squareness * (1 + noise)
    return Polygon(np.column_stack([-1.5 + 21.5 * radius * np.cos(angles), 0.2 + 14.6 * radius * np.sin(angles)]) * 1000 * size).buffer(0)


_STREAMS = (  # kilometres: spring, bend, mouth on the river (x only)
    ((-10.0, 13.0), (-8.0, 8.0), -6.0),
    ((-18.5, 12.0), (-16.0, 6.5), -15.0),
    ((-19.0, -12.0), (-16.5, -6.5), -15.5),
    ((-10.5, -13.0), (-8.5, -6.0), -8.2),
    ((-4.5, -12.5), (-3.0, -6.0), -3.4),
    ((-4.0, 13.0), (-4.3, 7.0), -3.0),
)
_CANALS = (  # kilometres
    ((6.1, 15.5), (6.5, 10.0), (6.3, 5.0), (6.2, 0.9)),
    ((11.6, 15.0), (12.2, 8.0), (11.4, 3.5), (11.0, 0.9)),
    ((6.6, -0.6), (6.9, -5.0), (7.6, -9.0), (7.0, -15.0)),
    ((1.2, -6.2), (6.9, -6.6), (11.5, -7.4), (15.0, -6.8)),
    ((1.0, 7.6), (6.3, 7.8), (11.9, 6.6), (16.0, 6.9)),
)


def build_terrain(plan: Plan) -> Terrain:
    """Shape the ground."""
    rng = np.random.default_rng([plan.seed, 1])
    km = 1000 * plan.size
    line, river = _river(plan.size)
    land = _coast(rng, plan.size)
    island = blob(rng, (26.6 * km, 1.2 * km), 2100 * plan.size, roughness=0.42, stretch=1.25, corners=120)
    limit = _limit(rng, plan.size)
    streams: list[LineString] = []
    for spring, bend, mouth in _STREAMS:
        end = (mouth, float(river_y(mouth)))
        streams.append(LineString(wiggle(rng, np.array([spring, bend, end]) * km, 420 * plan.size, 90 * max(plan.size, 0.5))))
    canals = [LineString(wiggle(rng, np.array(points) * km, 170 * plan.size, 120 * max(plan.size, 0.5))) for points in _CANALS]
    inland = land.buffer(-250 * plan.size)
    canal_areas = tuple(_parts(c.intersection(inland).buffer(rng.uniform(9, 15)).difference(river.buffer(-5))) for c in canals)
    stream_areas = tuple(_parts(s.buffer(rng.uniform(6, 11)).difference(river.buffer(-5))) for s in streams)

    cell = 150 * max(plan.size, 0.6)
    x0, y0, x1, y1 = -33 * km, -23 * km, 31 * km, 23 * km
    shape = (int((y1 - y0) / cell) + 1, int((x1 - x0) / cell) + 1)
    xs, ys = np.meshgrid(x0 + cell * np.arange(shape[1]), y0 + cell * np.arange(shape[0]))
    points = shapely.points(xs, ys)
    unit = km / cell  # cells per kilometre (at the plan's scale)
    rough = 0.62 * smooth_noise(rng, shape, 1.9 * unit) + 0.4 * smooth_noise(rng, shape, 0.75 * unit) + 0.2 * smooth_noise(rng, shape, 0.32 * unit)
    rise = 1 / (1 + np.exp((xs / km + 7.5 + 0.10 * np.abs(ys / km)) / 1.9)) + 0.55 / (1 + np.exp(-(np.abs(ys / km) - 13.5) / 0.9)) / (
        1 + np.exp((xs / km - 8) / 1.2)
    )
    away = 1 - np.exp(-((shapely.distance(points, line) / (1.9 * km)) ** 2))
    brooks = 1 - 0.85 * np.exp(-((shapely.distance(points, shapely.union_all(streams)) / (0.75 * km)) ** 2))
    hills = np.maximum(0, smooth_noise(rng, shape, 1.15 * unit) - 1.25) * 190 * (shapely.distance(points, Point(3 * km, 1.6 * km)) > 6.4 * km)
    height = np.maximum(0, rise * (430 + 290 * rough)) * away * brooks + hills * away
    height += 130 * np.exp(-((shapely.distance(points, Point(27.1 * km, 1.9 * km)) / (0.9 * km)) ** 2))
    for town in TOWNS:  # towns lie on flat ground, as towns do
        if town.kind != "mountain":
            near = np.exp(-((np.hypot(xs - town.x * km, ys - town.y * km) / (1.5 * km if town.kind != "island" else 0.7 * km)) ** 2))
            height *= 1 - 0.9 * near
    lakes = (
        blob(rng, (-13.2 * km, 9.6 * km), 620 * plan.size, roughness=0.5, stretch=1.5, corners=90),
        blob(rng, (-12.6 * km, -5.2 * km), 460 * plan.size, roughness=0.5, stretch=1.4, corners=90),
        blob(rng, (4.6 * km, 4.25 * km), 230 * plan.size, roughness=0.35, stretch=1.3),
    )
    inside = land.intersection(limit)
    main = max(inside.geoms, key=lambda p: p.area) if isinstance(inside, MultiPolygon) else inside
    return Terrain(
        cell=cell,
        x0=x0,
        y0=y0,
        height=height,
        land=land,
        island=island,
        river=river,
        river_line=line,
        canals=canal_areas,
        streams=stream_areas,
        lakes=lakes,
        limit=MultiPolygon([Polygon(main.exterior), island]),
    )


def _parts(geometry: shapely.Geometry) -> Polygon:
    """The largest polygon of a geometry."""
    return max(shapely.get_parts(geometry), key=lambda p: p.area)
