"""What is there beside and across the streets round schools, and how much of it has been told to the map?"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from .walking import at as along

if TYPE_CHECKING:
    from pathlib import Path

    from .join import Joined
    from .pbf import Projection
    from .plan import Plan
    from .sites import Site
    from .street import Street

Array = np.ndarray
NEAR_M = 180.0  # segments that come as near to a school or its gate are in the table
CROSSING_M, NEXT_M, MANY_LANES = 50.0, 10.0, 2
SAFE_KMH = 30
STEP_M, ASIDE_M, PARALLEL = 1.0, 20.0, 0.866  # a footway beside a segment is looked for at every metre, so near, at most 30 degrees off its course
SHARED = ("living_street", "pedestrian")
NOT_WALKED = ("motorway", "motorway_link")
FOR_FEET = ("footway", "path", "steps", "pedestrian", "cycleway")
SEGMENTS, GATES = "safety_segments.csv", "safety_gates.csv"
SEGMENT_COLUMNS = ("segment", "A_left", "A_right", "B", "drawn_left", "drawn_right", "left", "left_m", "right", "right_m", "limit", "lit", "sign")
GATE_COLUMNS = ("school", "lon", "lat", "way", "C", "crossing")
WALKING = ("有", "无", "占用")
CROSSINGS = ("信号灯", "斑马线", "天桥地道", "没画线", "没有")


def walking_known(kind: str, side: str) -> str:
    """What a reader of the map can know of one side; "drawn": by how much of it has a footway of its own."""
    if kind in SHARED or side == "yes":
        return "safe"
    if side == "drawn":
        return side
    return "unsafe" if side == "no" else "unknown"


def speed_known(kind: str, limit: int | None) -> str:
    """What a reader of the map can know of the speed."""
    if kind in SHARED:
        return "safe"
    return "unknown" if limit is None else "safe" if limit <= SAFE_KMH else "unsafe"


def write_safety(folder: Path, plan: Plan, joined: Joined, sites: dict[str, list[Site]], projection: Projection) -> None:
    """
    Write what is known and what is really there, of streets round schools and of their gates.

    What is known follows from what streets were told (:class:`_generator.street.Told`); the reality behind what was not told is drawn at random, and fits
    what was. Segments are named ``<way>/<first node>-<last node>`` by the numbers of the street file.
    """
    rng = np.random.default_rng([plan.seed, 93])
    ids = {site.name: site.id for site in sites["schools"]}
    doors = [(ids[site.values["school"]], np.asarray(site.at)) for site in sites["school_gates"]]
    taken = {(school, *np.round(at, 1)) for school, at in doors}
    doors += [(site.id, np.asarray(site.at)) for site in sites["schools"] if (site.id, *np.round(site.at, 1)) not in taken]
    around = shapely.STRtree(shapely.points([at for _, at in doors]))
    folder.mkdir(exist_ok=True)
    with (folder / SEGMENTS).open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(SEGMENT_COLUMNS)
        out.writerows(_segments(joined, around, rng))
    with (folder / GATES).open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(GATE_COLUMNS)
        near = _Crossings(joined)
        for school, at in doors:
            known = near.known(at)
            best = {"signals": "信号灯"}.get(next(iter(known.values()))[0], str(rng.choice(CROSSINGS, p=[0.2, 0.3, 0.05, 0.2, 0.25])))
            lon, lat = projection.lonlat(at)[0]
            out.writerows((school, f"{lon:.7f}", f"{lat:.7f}", way, state, best) for way, (_, state) in known.items())


def _segments(joined: Joined, around: shapely.STRtree, rng: np.random.Generator) -> list[tuple[object, ...]]:
    number = numbers(joined)
    use: dict[int, int] = {}
    for one in joined.streets:
        if one.kind not in NOT_WALKED:
            for node in one.nodes:
                use[node] = use.get(node, 0) + 1
    walks = [s.line for s in joined.streets if s.tags.get("footway") == "sidewalk"]
    tree = shapely.STRtree(walks)
    rows = []
    for way, one in enumerate(joined.streets, start=1):
        if one.kind in NOT_WALKED or one.kind in FOR_FEET or not len(around.query(one.line, predicate="dwithin", distance=NEAR_M)):
            continue
        real = _real(one, rng)
        start, spots = 0, joined.places[one.nodes]
        for i in range(1, len(one.nodes)):
            if i == len(one.nodes) - 1 or use[one.nodes[i]] > 1 or joined.tags.get(one.nodes[i], {}).get("access") in ("no", "private"):
                line = shapely.linestrings(spots[start : i + 1])
                if len(around.query(line, predicate="dwithin", distance=NEAR_M)):
                    told = one.told
                    states = (walking_known(one.kind, told.left), walking_known(one.kind, told.right), speed_known(one.kind, told.limit))
                    drawn = _drawn(line, walks, tree) if "drawn" in (told.left, told.right) else ("", "")
                    rows.append((f"{way}/{number[one.nodes[start]]}-{number[one.nodes[i]]}", *states, *drawn, *real))
                start = i
    return rows


def _drawn(line: shapely.LineString, walks: list[shapely.LineString], tree: shapely.STRtree) -> tuple[str, str]:
    """From which metre to which a stretch has a footway drawn beside it, to the left and to the right: ``0-85 110-240``."""
    steps = np.arange(STEP_M / 2, max(line.length, STEP_M), STEP_M)
    there = np.zeros((2, len(steps) + 2), dtype=int)
    for k, metres in enumerate(steps):
        place, normal = along(line, float(metres))
        for number in tree.query(shapely.points(place), predicate="dwithin", distance=ASIDE_M):
            foot, across = along(walks[number], walks[number].project(shapely.points(place)))
            if abs(across @ normal) >= PARALLEL:
                there[0 if (foot - place) @ normal > 0 else 1, k + 1] = 1
    spans = []
    for side in there:
        change = np.diff(side)
        spans.append(" ".join(f"{a * STEP_M:g}-{b * STEP_M:g}" for a, b in zip(np.flatnonzero(change == 1), np.flatnonzero(change == -1), strict=True)))
    return spans[0], spans[1]


def _real(one: Street, rng: np.random.Generator) -> tuple[object, ...]:
    """Walking space and clear width of both sides, the limit ("" = no sign), lamps, signs."""
    found: list[object] = []
    for side in (one.told.left, one.told.right):
        word = {"yes": "有", "drawn": "有", "no": "无"}.get(side) or str(rng.choice(WALKING, p=[0.6, 0.25, 0.15]))
        wide = rng.uniform(1.5, 3.5) if side or rng.random() < 0.7 else rng.uniform(0.6, 1.5)
        found += [word, f"{wide:.1f}" if word == "有" else ""]
    limit = int(rng.choice([30, 30, 40, 50, 0], p=[0.3, 0.2, 0.15, 0.1, 0.25]))
    limit = one.told.limit if one.told.limit is not None else limit
    lamps, sign = ("有" if rng.random() < share else "无" for share in (0.7, 0.4))
    return *found, limit or "", lamps if "lit" not in one.tags else "有" if one.tags["lit"] == "yes" else "无", "有" if "hazard" in one.tags else sign


def numbers(joined: Joined) -> dict[int, int]:
    """Number of every node in the street file: as streets name them first."""
    number: dict[int, int] = {}
    for one in joined.streets:
        for node in one.nodes:
            number.setdefault(node, len(number) + 1)
    return number


class _Crossings:
    """Which crossing lies within 50 m along the street of a gate."""

    def __init__(self, joined: Joined) -> None:
        self._joined = joined
        drawn = [(way, s) for way, s in enumerate(joined.streets, start=1) if s.kind not in NOT_WALKED + FOR_FEET]
        self._way, self._roads = [way for way, _ in drawn], [s for _, s in drawn]
        self._tree = shapely.STRtree([s.line for s in self._roads])
        a = np.concatenate([s.nodes[:-1] for s in joined.streets if s.kind not in NOT_WALKED])
        b = np.concatenate([s.nodes[1:] for s in joined.streets if s.kind not in NOT_WALKED])
        metres = np.maximum(np.hypot(*(joined.places[a] - joined.places[b]).T), 0.01)
        self._graph = coo_matrix((metres, (a, b)), shape=(len(joined.places),) * 2).tocsr()
        self._of_node: dict[int, list[Street]] = {}
        for one in self._roads:
            for node in one.nodes:
                if joined.tags.get(node, {}).get("highway") == "crossing":
                    self._of_node.setdefault(node, []).append(one)

    def known(self, at: Array) -> dict[int, tuple[str, str]]:
        """For each way near a gate, as one may come to any of them first: the crossing that helps most, and what a reader of the map can know of it."""
        here = shapely.points(at)
        near = self._tree.query(here, predicate="dwithin", distance=float(here.distance(self._tree.geometries[self._tree.nearest(here)])) + NEXT_M)
        return {self._way[k]: self._over(self._roads[k], here) for k in sorted(near.tolist())}

    def _over(self, road: Street, here: shapely.Point) -> tuple[str, str]:
        spots = self._joined.places[road.nodes]
        line = shapely.linestrings(spots)
        metres = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(spots, axis=0).T))])
        mouth = line.project(here)
        k = max(1, min(int(np.searchsorted(metres, mouth)), len(spots) - 1))
        found: set[str] = set()
        for node, before in ((road.nodes[k - 1], mouth - metres[k - 1]), (road.nodes[k], metres[k] - mouth)):
            reached = dijkstra(self._graph, directed=False, indices=node, limit=CROSSING_M)
            for n, over in self._of_node.items():
                if reached[n] + before <= CROSSING_M and any(_one_road(road, other) for other in over):
                    found.add(_kind(self._joined.tags[n]))
        kind = next((kind for kind in ("signals", "marked", "unclear", "unmarked") if kind in found), "")
        return kind, crossing_known(kind, road.tags)


def crossing_known(kind: str, tags: dict[str, str]) -> str:
    """What a reader of the map can know of the crossing before a gate; two lanes one way need signals."""
    lanes = float(tags["lanes"]) / (1 if tags.get("oneway") == "yes" else 2) if "lanes" in tags else None
    if kind == "signals":
        return "safe"
    if kind == "marked":
        return "safe" if lanes is not None and lanes < MANY_LANES else "unknown"
    return "unsafe" if kind == "unmarked" and lanes is not None and lanes >= MANY_LANES else "unknown"


def _one_road(one: Street, other: Street) -> bool:
    return one is other or (bool(one.tags.get("name")) and one.tags.get("name") == other.tags.get("name"))


def _kind(tags: dict[str, str]) -> str:
    what = tags.get("crossing", "")
    return {"traffic_signals": "signals", "uncontrolled": "marked", "marked": "marked", "zebra": "marked", "unmarked": "unmarked"}.get(what, "unclear")
