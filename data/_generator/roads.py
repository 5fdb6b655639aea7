"""How do towns and villages reach each other? Main roads, winding roads in the hills, the motorway, village roads."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra
from shapely.geometry import LineString, Point, Polygon

from .plan import TOWNS, Plan
from .street import Array, Street, pieces, smooth, street, thin
from .terrain import Terrain, blob

CORE_CENTRE = (3.1, 1.5)  # kilometres


@dataclass
class Ground:
    """A raster on which the cheapest way is found."""

    terrain: Terrain
    columns: int
    graph: object

    def cell(self, x: float, y: float) -> int:
        """Number of the cell at a place."""
        t = self.terrain
        return round((y - t.y0) / t.cell) * self.columns + round((x - t.x0) / t.cell)

    def place(self, cells: Array | list[int]) -> Array:
        """Centres of cells."""
        cells = np.asarray(cells)
        t = self.terrain
        return np.column_stack([t.x0 + t.cell * (cells % self.columns), t.y0 + t.cell * (cells // self.columns)]).astype(float)


_MOVES = ((1, 0), (0, 1), (1, 1), (1, -1), (2, 1), (1, 2), (2, -1), (1, -2))


def ground(terrain: Terrain, rng: np.random.Generator) -> Ground:
    """Costs of building a road from cell to cell: slope, water, and a little chance."""
    from .terrain import smooth_noise

    height = terrain.height
    rows, columns = height.shape
    xs, ys = terrain.centres()
    points = shapely.points(xs, ys)
    firm = shapely.contains_properly(shapely.union_all([terrain.land, terrain.island]).buffer(-120), points)
    wet = shapely.intersects(terrain.river.buffer(40), points)
    lake = shapely.intersects(shapely.union_all(terrain.lakes).buffer(60), points)
    burden = np.exp(0.22 * smooth_noise(rng, height.shape, 6)) * np.where(wet, 7.0, 1.0)
    burden = np.where(firm & ~lake, burden, np.inf)
    number = np.arange(rows * columns).reshape(rows, columns)
    starts, ends, costs = [], [], []
    for dx, dy in _MOVES:
        a = (slice(max(0, -dy), rows - max(0, dy)), slice(0, columns - dx))
        b = (slice(max(0, dy), rows + min(0, dy)), slice(dx, columns))
        run = terrain.cell * float(np.hypot(dx, dy))
        slope = np.abs(height[a] - height[b]) / run
        cost = run * (1 + (slope / 0.05) ** 2) * (burden[a] + burden[b]) / 2
        ok = np.isfinite(cost)
        starts.append(number[a][ok])
        ends.append(number[b][ok])
        costs.append(cost[ok])
    size = rows * columns
    matrix = coo_matrix((np.concatenate(costs), (np.concatenate(starts), np.concatenate(ends))), shape=(size, size)).tocsr()
    return Ground(terrain, columns, matrix)


def _trace(before: Array, goal: int, known: set[int]) -> list[int]:
    """Cells from `goal` back until a known cell (included)."""
    path = [goal]
    while before[path[-1]] >= 0:
        path.append(int(before[path[-1]]))
        if path[-1] in known:
            break
    return path


def _bends(terrain: Terrain, points: Array, rng: np.random.Generator) -> Array:
    """Hairpins where it is steep: sideways swings that grow with the height of the ground."""
    if len(points) < 8:
        return points
    steep = np.clip(terrain.at(points) / 260, 0, 1)
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    wave = rng.uniform(190, 300)
    swing = np.sin(2 * np.pi * along / wave + rng.uniform(0, 6)) * rng.uniform(22, 42) * steep
    swing *= np.clip(np.minimum(along, along[-1] - along) / 200, 0, 1)
    tangent = np.gradient(points, axis=0)
    normal = np.column_stack([-tangent[:, 1], tangent[:, 0]]) / np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-9)
    return points + normal * swing[:, None]


def draw(terrain: Terrain, cells: Array, rng: np.random.Generator, roads: list[LineString], *, start: Array | None = None) -> Array:
    """A road over `cells`: smoothed, bent, its end put exactly on the road it meets."""
    points = np.array(cells, dtype=float)
    if start is not None:
        points[0] = start
    end = Point(points[-1])
    near = min(roads, key=lambda r: r.distance(end), default=None) if roads else None
    if near is not None and near.distance(end) < 3 * terrain.cell:
        points[-1] = shapely.get_coordinates(near.interpolate(near.project(end)))[0]
    points = _bends(terrain, smooth(points, sigma=terrain.cell * 0.9, step=25), rng)
    return thin(points, 1.2)


def core_ring(plan: Plan) -> Polygon:
    """The ring road round the core, an organic loop over both banks."""
    rng = np.random.default_rng([plan.seed, 2])
    angles = np.linspace(0, 2 * np.pi, 160, endpoint=False)
    wave = 1 + 0.05 * np.sin(2 * angles + 0.6) + 0.055 * np.sin(3 * angles + rng.uniform(0, 6)) + 0.03 * np.sin(5 * angles + rng.uniform(0, 6))
    round_off = (np.abs(np.cos(angles)) ** 2.5 + np.abs(np.sin(angles)) ** 2.5) ** (-1 / 2.5)
    x = CORE_CENTRE[0] + 5.6 * wave * round_off * np.cos(angles)
    y = CORE_CENTRE[1] + 5.0 * wave * round_off * np.sin(angles)
    return Polygon(np.column_stack([x, y]) * 1000 * plan.size)


def main_roads(plan: Plan, terrain: Terrain, earth: Ground, entries: Array, ring: Polygon) -> list[Street]:  # noqa: C901 - one story, told in order
    """Roads from the core's entries to every town, between neighbours, and out of the city on all sides."""
    rng = np.random.default_rng([plan.seed, 3])
    km = 1000 * plan.size
    lines: list[LineString] = [LineString(ring.exterior)]
    known: set[int] = set()
    where = {earth.cell(*p): p for p in entries}
    gates = list(where)
    result: list[Street] = []

    def build(cells: list[int], highway: str) -> None:
        if len(cells) < 2:
            return
        points = earth.place(cells)
        if cells[-1] in where:  # ends at an entry of the ring
            points[-1] = where[cells[-1]]
            points = thin(_bends(terrain, smooth(points, sigma=terrain.cell * 0.9, step=25), rng), 1.2)
        else:
            points = draw(terrain, points, rng, lines)
        known.update(cells)
        outside = LineString(points).difference(ring)
        for part in pieces(outside):
            lines.append(LineString(part))
            result.append(street(part, highway))

    towns = sorted((t for t in TOWNS if t.radius and t.kind != "island"), key=lambda t: np.hypot(t.x - CORE_CENTRE[0], t.y - CORE_CENTRE[1]))
    for town in towns:
        cell = earth.cell(town.x * km, town.y * km)
        distance, before, _ = dijkstra(earth.graph, directed=False, indices=[*gates, *known], return_predecessors=True, min_only=True)
        if np.isfinite(distance[cell]):
            build(_trace(before, cell, known | set(gates)), "primary" if town.kind == "town" else "secondary")
    for a, b in itertools.combinations(towns, 2):  # a second way: neighbours are joined too
        if np.hypot(a.x - b.x, a.y - b.y) < (10.5 if a.kind == b.kind == "town" else 8.2):
            _, before = dijkstra(earth.graph, directed=False, indices=earth.cell(b.x * km, b.y * km), return_predecessors=True)
            path = _trace(before, earth.cell(a.x * km, a.y * km), set())
            run: list[int] = []
            for cell in path:  # only where no road runs yet
                if cell in known:
                    if len(run) > 6:
                        build([*run, cell], "secondary")
                    run = [cell]
                else:
                    run.append(cell)
    for x, y in ((-25.5, 0.6), (-10.5, 17.5), (-17, 15.5), (3.5, 17.5), (10.2, 16.2), (-19, -14.5), (-8.5, -16), (2.5, -16.8), (9.4, -14.6)):
        cell = earth.cell(x * km, y * km)
        distance, before, _ = dijkstra(earth.graph, directed=False, indices=list(known), return_predecessors=True, min_only=True)
        if np.isfinite(distance[cell]):
            build(_trace(before, cell, known), "secondary")
    return result


def motorway(plan: Plan) -> Street:
    """The expressway along the plain, north to south, east of the core; over everything on bridges, through hills in tunnels."""
    y = np.linspace(18.5, -17.5, 90)
    x = 9.75 + 0.55 * np.sin(y / 4.2) + 0.25 * np.sin(y / 1.7 + 1) - 0.006 * (y - 2) ** 2
    points = np.column_stack([x, y]) * 1000 * plan.size
    return street(points, "motorway", name="环湾高速", oneway="yes", maxspeed="100", foot="no", lanes="2")


def island_roads(plan: Plan, terrain: Terrain, rng: np.random.Generator) -> list[Street]:
    """A road round the island and one across."""
    shore = terrain.island.buffer(-280 * max(plan.size, 0.4))
    outline = max(shapely.get_parts(shore), key=lambda p: p.area).exterior
    loop = thin(smooth(shapely.get_coordinates(outline), sigma=120, step=30), 1.5)
    loop[-1] = loop[0]
    line = LineString(loop)
    km = 1000 * plan.size
    west, east = (line.interpolate(line.project(Point(*p))) for p in ((24.6 * km, 1.2 * km), (28.6 * km, 1.4 * km)))
    from .terrain import wiggle

    across = wiggle(rng, np.array([[west.x, west.y], [26.6 * km, 1.2 * km], [east.x, east.y]]), 160, 40)
    return [street(loop, "tertiary", name="环岛路"), street(across, "tertiary", name="月贝路")]


@dataclass
class Village:
    """A village: its outline and centre."""

    shape: Polygon
    x: float
    y: float
    steep: bool


def place_villages(plan: Plan, terrain: Terrain, roads: list[Street], keep_out: shapely.Geometry) -> list[Village]:
    """Villages stand where the ground is gentle and a road not far, and keep their distance from each other."""
    rng = np.random.default_rng([plan.seed, 4])
    net = shapely.union_all([r.line for r in roads])
    shapely.prepare(net)
    scale = max(plan.size, 0.45)
    taboo = keep_out.buffer(140 * scale)
    firm = shapely.union_all([terrain.land.buffer(-230 * scale).intersection(terrain.limit.buffer(-180 * scale)), terrain.island.buffer(-260 * scale)])
    shapely.prepare(taboo)
    shapely.prepare(firm)
    x0, y0, x1, y1 = terrain.limit.bounds
    chosen: list[Village] = []
    centres: list[tuple[float, float]] = []
    for _ in range(60_000):
        if len(chosen) >= plan.villages:
            break
        x, y = rng.uniform(x0, x1), rng.uniform(y0, y1)
        here = Point(x, y)
        if not firm.contains(here) or taboo.contains(here):
            continue
        up = float(terrain.at(np.array([[x, y]]))[0])
        distance = net.distance(here)
        if rng.random() > np.exp(-distance / (2600 * plan.size)) * np.exp(-up / 170):
            continue
        gap = (560 + 1.4 * up) * max(plan.size, 0.6)
        if centres and np.min(np.hypot(*(np.array(centres) - [x, y]).T)) < gap:
            continue
        radius = rng.lognormal(np.log(150 if up < 60 else 95), 0.33) * max(plan.size, 0.75) ** 0.5
        centres.append((x, y))
        chosen.append(Village(blob(rng, (x, y), min(radius, 300), roughness=0.3, stretch=rng.uniform(1, 1.45)), x, y, up > 90))
    return chosen


def village_roads(plan: Plan, terrain: Terrain, earth: Ground, roads: list[Street], villages: list[Village], ring: Polygon) -> list[Street]:  # noqa: C901 - one story, told in order
    """A tree of small roads from the main roads to every village, and some short cuts between neighbours."""
    rng = np.random.default_rng([plan.seed, 5])
    edges = [*(r.line for r in roads), ring.exterior]
    dense = [shapely.get_coordinates(shapely.segmentize(line, terrain.cell / 2)) for line in edges]
    known = {earth.cell(x, y) for points in dense for x, y in points}
    lines = [LineString(shapely.get_coordinates(line)) for line in edges]
    _, before, _ = dijkstra(earth.graph, directed=False, indices=sorted(known), return_predecessors=True, min_only=True)
    result: list[Street] = []
    inside = ring

    def build(cells: list[int], highway: str, start: Array | None) -> None:
        points = draw(terrain, earth.place(cells), rng, lines, start=start)
        for part in pieces(LineString(points).difference(inside)):
            lines.append(LineString(part))
            result.append(street(part, highway))

    for village in sorted(villages, key=lambda v: min(line.distance(Point(v.x, v.y)) for line in lines)):
        cell = earth.cell(village.x, village.y)
        if cell in known or before[cell] < 0:
            near = min(lines, key=lambda line: line.distance(Point(village.x, village.y)))
            foot = near.interpolate(near.project(Point(village.x, village.y)))
            if foot.distance(Point(village.x, village.y)) > 20:
                result.append(street([[village.x, village.y], [foot.x, foot.y]], "unclassified"))
                lines.append(result[-1].line)
            continue
        path = _trace(before, cell, known)
        known.update(path)
        build(path, "unclassified" if rng.random() < 0.6 else "tertiary", np.array([village.x, village.y]))
    centres = np.array([[v.x, v.y] for v in villages])
    for i, village in enumerate(villages):
        order = np.argsort(np.hypot(*(centres - centres[i]).T))[1:4]
        for j in order:
            gap = float(np.hypot(*(centres[j] - centres[i])))
            if i < j and gap < 1900 * plan.size and rng.random() < 0.45:
                a, b = earth.cell(*centres[i]), earth.cell(*centres[j])
                _, before = dijkstra(earth.graph, directed=False, indices=a, return_predecessors=True, limit=gap * 6)
                if before[b] < 0:
                    continue
                run = [b]
                for cell in _trace(before, b, set())[1:]:
                    run.append(cell)
                    if cell in known:
                        if len(run) > 4:
                            build(run, "unclassified" if not village.steep else "track", None)
                        known.update(run)
                        run = [cell]
    return result


def coast_road(plan: Plan, terrain: Terrain) -> list[Street]:
    """The road along the sea wall, and its joints with the main roads; it crosses the river's mouth nowhere."""
    km = 1000 * plan.size
    shore = terrain.land.buffer(-420 * plan.size).exterior
    reach = terrain.limit.buffer(-200 * plan.size)
    result: list[Street] = []
    for part in pieces(shapely.line_merge(shore.intersection(reach).difference(terrain.river.buffer(700 * plan.size)))):
        if LineString(part).length < 2500 * plan.size or part[:, 0].mean() < 9 * km:
            continue
        points = thin(smooth(part, sigma=160 * plan.size, step=40), 1.5)
        result.append(street(points, "secondary", name="观海路"))
        line = LineString(points)
        for town in TOWNS:
            centre = Point(town.x * km, town.y * km)
            if town.kind == "town" and centre.distance(line) < 5000 * plan.size:
                foot = line.interpolate(line.project(centre))
                from .terrain import wiggle

                bent = wiggle(
                    np.random.default_rng([plan.seed, 12, ord(town.code[-1])]), np.array([[centre.x, centre.y], [foot.x, foot.y]]), 140 * plan.size, 60
                )
                result.append(street(thin(bent, 1.0), "secondary"))
    return result


def ferry_line(plan: Plan, terrain: Terrain) -> Array:
    """The ferry from the mainland's harbour to the island."""
    km = 1000 * plan.size
    a = terrain.land.exterior.interpolate(terrain.land.exterior.project(Point(18.5 * km, 5.2 * km)))
    b = terrain.island.exterior.interpolate(terrain.island.exterior.project(Point(24.5 * km, 1.6 * km)))
    t = np.linspace(0, 1, 12)[:, None]
    return (1 - t) ** 2 * np.array([a.x, a.y]) + 2 * t * (1 - t) * np.array([(a.x + b.x) / 2, max(a.y, b.y)]) + t**2 * np.array([b.x, b.y])
