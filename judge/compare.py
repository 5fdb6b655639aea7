"""How far do two engines agree on one network, and which rule explains each difference? Draws pairs, asks both, compares."""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import osmium
from pyproj import Geod

from cfmap.network import EdgeFlag, Network
from judge.classes import node_stops_theirs, passages, why_not_ours, why_not_theirs
from judge.environment import Engine
from judge.ground import Index, OurGround, RawFile, Walk, courses, decoded, write_level
from judge.places import Spot, draw
from judge.private import Exits, Leg, put_together

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from judge.ground import Place

PAIRS = 500
SEED = 20260915
#: Valhalla's route is measured again here, along its course and on the ellipsoid; two causes of difference are left.
#: Its coordinates are rounded to a millionth of a degree (0.1 m), which hardly shortens a course; and it looks for the
#: shortest way over edges rounded to whole metres, so that its way may be longer than the shortest, by up to a metre per
#: edge in the worst case and a tenth of that in practice.
SHORTER_M, SHORTER_SHARE = 0.5, 0.0002
LONGER_M, LONGER_PER_EDGE_M = 1.0, 0.1
GEOD = Geod(ellps="WGS84")


@dataclass
class Pair:
    """
    One pair of places and what was found.

    `ours` is None where there is no walk; `level` is Valhalla on cfmap's ground, `tagged` on the file as it stands.
    `passes_private`: were private ground open, the walk would pass through it; `level` is put together then, `known` if it could be.
    """

    start: Spot
    end: Spot
    ours: float | None
    level: Walk | None
    tagged: Walk | None
    level_agrees: bool = False
    agrees: bool = False
    passes_private: bool = False
    known: bool = True
    why: tuple[str, ...] = ()

    @property
    def explained(self) -> bool:
        """The engines agree on the same ground, and on the file as it stands or for a reason."""
        return (self.level_agrees or not self.known) and (self.agrees or bool(self.why))


@dataclass
class Result:
    """What came out for one network."""

    name: str
    timestamp: str
    pairs: list[Pair]
    redrawn: Counter[str] = field(default_factory=Counter)  # places that Valhalla cannot stand on, by reason


def judge(name: str, path: Path, python: Path, folder: Path, *, pairs: int = PAIRS) -> Result:
    """
    Compare the two engines on random pairs of one OpenStreetMap file.

    Parameters
    ----------
    path
        The file.
    python
        Interpreter that has Valhalla.
    folder
        For tiles; overwritten.
    """
    network = Network.from_osm(path)
    raw = RawFile.read(path)
    folder.mkdir(parents=True, exist_ok=True)
    private = network.is_private
    with ExitStack() as stack:
        tagged = stack.enter_context(closing(Engine(python, _as_pbf(path, folder), folder / "tagged")))
        levels = {}
        for part, edges in {"public": ~private, "all": np.ones_like(private), "private": private}.items():
            if edges.any() and (part == "public" or private.any()):
                file = folder / f"{part}.osm.pbf"
                write_level(network, raw, file, edges=edges)
                levels[part] = stack.enter_context(closing(Engine(python, file, folder / part)))
        spots, redrawn = _places(network, raw, tagged, 2 * pairs)
        found = _ask(network, raw, tagged, levels, spots[:pairs], spots[pairs:])
        _explain(found, network, raw, tagged)
    return Result(name, network.timestamp, found, redrawn)


def _as_pbf(path: Path, folder: Path) -> Path:
    if path.suffix == ".pbf":
        return path
    copy = folder / "tagged.osm.pbf"
    with osmium.SimpleWriter(str(copy), overwrite=True) as writer:
        for thing in osmium.FileProcessor(str(path)):
            writer.add(thing)
    return copy


def _places(network: Network, raw: RawFile, tagged: Engine, count: int) -> tuple[list[Spot], Counter[str]]:
    """Places that both engines bring to the same street, and why others were not taken."""
    drawn = draw(network, 3 * count, seed=SEED)
    kept: list[Spot] = []
    redrawn: Counter[str] = Counter()
    for spot, near in zip(drawn, tagged.ask([["place", s.lon, s.lat] for s in drawn]), strict=True):
        way = int(network.edge_way[spot.edge])
        if {w for w, *_ in near} == {way}:
            kept.append(spot)
        else:
            redrawn[why_not_theirs(raw.tags(way), flags=int(network.edge_flags[spot.edge]), one_way=False) or "another street nearer"] += 1
        if len(kept) == count:
            break
    return kept, redrawn


def _ask(network: Network, raw: RawFile, tagged: Engine, levels: dict[str, Engine], starts: list[Spot], ends: list[Spot]) -> list[Pair]:
    legs = [Leg(a.lon, a.lat, b.lon, b.lat) for a, b in zip(starts, ends, strict=True)]
    pairs = [Pair(a, b, ours, None, None) for a, b, ours in zip(starts, ends, _ours(network, starts, ends), strict=True)]
    index = Index((way, places) for way, (places, _) in raw.ways.items())
    for pair, walk in zip(pairs, _walks(tagged, legs, index), strict=True):
        pair.tagged, pair.agrees = walk, same(pair.ours, walk)
    index, exits = Index(courses(network)), Exits(network)
    on_private = [_stands_private(network, a) or _stands_private(network, b) for a, b in zip(starts, ends, strict=True)]
    for part in levels.keys() & {"public", "all"}:
        chosen = [k for k, private in enumerate(on_private) if private == (part == "all")]
        for k, walk in zip(chosen, _walks(levels[part], [legs[k] for k in chosen], index), strict=True):
            pair = pairs[k]
            if part == "all" and walk and passages([_stands_private(network, pair.start), *_private(walk, network), _stands_private(network, pair.end)]):
                pair.passes_private = True
                asked = {name: partial(_walks, levels[name], index=index) for name in ("private", "public")}
                pair.known, walk = put_together(pair.start, pair.end, exits, on_private=asked["private"], on_public=asked["public"])
            pair.level, pair.level_agrees = walk, same(pair.ours, walk)
    return pairs


def _private(walk: Walk, network: Network) -> list[bool]:
    return [all(network.is_private[e] for e in step.lines) for step in walk.steps]


def _walks(engine: Engine, legs: list[Leg], index: Index) -> list[Walk | None]:
    return [_walk(route, index) for route in engine.ask([["route", *leg] for leg in legs])]


def _walk(route: dict[str, Any] | None, index: Index) -> Walk | None:
    if route is None:
        return None
    shape = decoded(route["shape"])
    course: NDArray[np.float64] = np.array(shape) / 1e6
    steps = index.along(shape)
    return Walk(
        metres=float(GEOD.line_length(course[:, 0], course[:, 1])),
        own_metres=float(route["metres"]),
        edges=1 + sum(step.a in index.junctions for step in steps),
        steps=steps,
    )


def _ours(network: Network, starts: list[Spot], ends: list[Spot]) -> Iterator[float | None]:
    """Metres from each start to its end, None = no walk."""
    import geopandas as gpd

    def snapped(spots: list[Spot]) -> Any:
        points = gpd.GeoSeries(gpd.points_from_xy([s.lon for s in spots], [s.lat for s in spots]), crs=4326)
        places = network.snap(points, limit_m=1, main_component_first=False)
        if places.edge.tolist() != [s.edge for s in spots]:
            msg = "a place was not brought to the street it was drawn on"
            raise AssertionError(msg)
        return places

    here, there = snapped(starts), snapped(ends)
    for k in range(len(starts)):
        one = np.array([k])
        mm = int(network.travel(there.take(one), connectors=False).at(here.take(one))[0][0])
        yield None if mm < 0 else mm / 1000.0


def same(ours: float | None, theirs: Walk | None) -> bool:
    """Whether two lengths are the same as far as the second engine can tell, or there is no walk for both."""
    if ours is None or theirs is None:
        return ours is None and theirs is None
    return -(SHORTER_M + SHORTER_SHARE * ours) <= theirs.metres - ours <= LONGER_M + LONGER_PER_EDGE_M * theirs.edges


def _explain(pairs: list[Pair], network: Network, raw: RawFile, tagged: Engine) -> None:
    """
    Fill in `why`.

    The engine with the longer walk (or none) could not follow the other's; the places where the shorter walk leaves its
    ground are looked up and named. cfmap's own walk is Valhalla's on cfmap's ground, which is why the two must agree there.
    """
    ground = OurGround(network)
    apart = [p for p in pairs if not p.agrees]
    ours_shorter = [p for p in apart if p.ours is not None and (p.tagged is None or p.tagged.metres > p.ours)]
    refused, stopped = _refused(ours_shorter, network, raw, tagged), _stopped(ours_shorter, raw, tagged)
    for pair in ours_shorter:
        metres: defaultdict[str, float] = defaultdict(float)
        for step in pair.level.steps if pair.level else ():
            for name in {refused[edge, step.a, step.b] for edge in step.lines if (edge, step.a, step.b) in refused}:
                metres[name] += GEOD.inv(*step.a, *step.b)[2]
            if step.a in stopped:
                metres["gate by Valhalla"] += 1e-3
        pair.why = tuple(_longest_first(metres))
    for pair in apart:
        if pair.tagged is not None and (pair.ours is None or pair.tagged.metres <= pair.ours):
            pair.why = tuple(_foreign(pair.tagged, ground, raw, (_stands_private(network, pair.start), _stands_private(network, pair.end))))


def _stands_private(network: Network, spot: Spot) -> bool:
    return bool(network.is_private[spot.edge])


def _foreign(walk: Walk, ground: OurGround, raw: RawFile, ends: tuple[bool, bool]) -> list[str]:
    """Reasons why cfmap does not follow a walk of Valhalla, those that concern most metres first; `ends`: is the ground there private."""
    metres: defaultdict[str, float] = defaultdict(float)
    private = []
    for k, step in enumerate(walk.steps):
        ours = [ground.flags[way, step.a, step.b] for way in step.lines if (way, step.a, step.b) in ground.flags]
        private.append(bool(ours) and all(flags & EdgeFlag.PRIVATE for flags in ours))
        if not ours:
            way = step.lines[0]
            forward = raw.follows(way, step.a, step.b)
            name = why_not_ours(raw.tags(way), replaced=ground.replaced.get((way, step.a, step.b)), forward=forward)
            name = name or ("cut by the extract" if way in raw.cut else None)
            if name:
                metres[name] += GEOD.inv(*step.a, *step.b)[2]
        if k and step.a in ground.barriers and ground.parts(walk.steps[k - 1], step):
            metres["private gate" if ground.barriers[step.a] == "private" else "closed gate"] += 1e-3
    if passages([ends[0], *private, ends[1]]):
        metres["private passage"] += 1e-3
    return _longest_first(metres)


def _longest_first(metres: dict[str, float]) -> list[str]:
    return sorted(metres, key=lambda name: (-metres[name], name))


def _refused(pairs: list[Pair], network: Network, raw: RawFile, tagged: Engine) -> dict[tuple[int, Place, Place], str]:
    """Segments of cfmap's walks that Valhalla itself, asked at their middle, does not let people on foot follow."""
    steps = sorted({(edge, step.a, step.b) for pair in pairs if pair.level for step in pair.level.steps for edge in step.lines})
    answers = tagged.ask([["place", (a[0] + b[0]) / 2, (a[1] + b[1]) / 2] for _, a, b in steps])
    refused = {}
    for (edge, a, b), near in zip(steps, answers, strict=True):
        way, flags = int(network.edge_way[edge]), int(network.edge_flags[edge])
        directions = {along for w, metres, along in near if w == way and metres < 1}
        if raw.follows(way, a, b) not in directions or flags & EdgeFlag.AREA_LINK:
            name = why_not_theirs(raw.tags(way), flags=flags, one_way=bool(directions)) or ("cut by the extract" if way in raw.cut else None)
            if name:
                refused[edge, a, b] = name
    return refused


def _stopped(pairs: list[Pair], raw: RawFile, tagged: Engine) -> set[Place]:
    """Nodes on cfmap's walks at which Valhalla, asked to go from just before to just behind, goes round or finds no way."""
    walks = [pair.level.steps for pair in pairs if pair.level]
    steps = sorted({(a, b) for walk in walks for a, b in pairwise(walk) if b.a in raw.nodes and node_stops_theirs(raw.nodes[b.a])})
    middles = [[((s.a[0] + s.b[0]) / 2, (s.a[1] + s.b[1]) / 2) for s in pair] for pair in steps]
    answers = tagged.ask([["route", *before, *behind] for before, behind in middles])
    straight = [(GEOD.inv(*a.a, *a.b)[2] + GEOD.inv(*b.a, *b.b)[2]) / 2 for a, b in steps]
    return {b.a for (_, b), route, metres in zip(steps, answers, straight, strict=True) if route is None or route["metres"] > metres + 5}
