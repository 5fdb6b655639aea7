"""Who can walk to school together? Stops, lines and a timetable for the children whose guardians agreed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from cfmap.model.units import PACES
from cfmap.model.walking_bus import BusRules
from cfmap.network.od import pairs
from cfmap.planning.bus_lines import Problem, solve
from cfmap.planning.pieces import line_of, pieces_of
from cfmap.planning.safe_tree import CAP, safe_tree
from cfmap.planning.stops import FEWEST, choose, groups
from cfmap.planning.watching import street_names, watch

if TYPE_CHECKING:
    import geopandas as gpd
    import shapely
    from numpy.typing import NDArray

    from cfmap.network import Network
    from cfmap.network.snap import Snapped
    from cfmap.planning.arcs import Arcs
    from cfmap.planning.pieces import Piece
    from cfmap.planning.safe_tree import Route
    from cfmap.planning.watching import Watch

HOME_LIMIT_M = 250.0  # longest straight way between a home and its street
MM = 1000
NO_WAY_MM = 1 << 40  # longer than any walk
JUNCTION = 3  # edges that meet there
METRES_A_DEGREE, SLACK = 111_320.0, 1.02  # of latitude, and how much longer or shorter it may be

Reason = Literal["off", "unreachable", "near", "far", "few", "long", "full"]
#: Why a child is on no line, in the order in which it is asked.
REASONS: dict[Reason, tuple[str, str]] = {
    "off": ("家附近没有街道（250 米以内）", "no street within 250 m of home"),
    "unreachable": ("没有路走到学校", "no way on foot to the school"),
    "near": ("离学校太近，自己走", "so near that they walk on their own"),
    "far": ("离学校太远，不适合走", "too far to walk"),
    "few": ("附近的路口凑不够 3 个孩子", "fewer than 3 children round any junction"),
    "long": ("站点到学校超过长度或时间上限", "their stop is beyond the limits of length or time"),
    "full": ("线路条数或每条线的人数不够", "not enough lines, or too few places on them"),
}


@dataclass(frozen=True)
class Stop:
    """
    A stop of a line.

    Attributes
    ----------
    node
        Position of the junction in the network.
    name, name_en
        By its streets.
    lon, lat
        Of the junction, degrees.
    children
        Who gather here for this line, at least 3.
    to_school_mm
        Along the line.
    leaves
        ``HH:MM``, rounded down to the minute, so that nobody comes too late.
    """

    node: int
    name: str
    name_en: str
    lon: float
    lat: float
    children: int
    to_school_mm: int
    leaves: str


@dataclass(frozen=True)
class Line:
    """
    A line.

    Attributes
    ----------
    id, school, school_name, number
        Which one it is; numbers begin at 1 for each school.
    stops
        In the order of the walk.
    mm, minutes
        From leaving the first stop to the school's door, waits at the others included.
    adults
        Needed for its children.
    pieces, geometry
        The walk along the streets; its line in degrees.
    watch
        What asks for care on the way, the worst first.
    """

    id: str
    school: str
    school_name: str
    number: int
    stops: tuple[Stop, ...]
    mm: int
    minutes: float
    adults: int
    pieces: tuple[Piece, ...] = field(repr=False)
    geometry: shapely.LineString = field(repr=False)
    watch: tuple[Watch, ...] = ()

    @property
    def takes(self) -> int:
        """Whole minutes, rounded up as departures are rounded down: the first departure and these make the arrival."""
        return ceil(self.minutes)

    @property
    def children(self) -> int:
        """How many walk with it."""
        return sum(s.children for s in self.stops)


@dataclass(frozen=True)
class SchoolPlan:
    """
    The lines of a school.

    Attributes
    ----------
    lines
        Those that set out first stand first: an order that says nothing of how many walk along.
    unserved
        Children on no line by reason; reasons without any are left out.
    proven, more
        Whether there is no better plan for these stops, else how many children more one could take at most.
    """

    school: str
    name: str
    lines: tuple[Line, ...]
    unserved: dict[Reason, int]
    proven: bool = True
    more: int = 0

    @property
    def children(self) -> int:
        """All who want to join."""
        return sum(line.children for line in self.lines) + sum(self.unserved.values())


def plan(
    arcs: Arcs,
    children: gpd.GeoDataFrame,
    schools: gpd.GeoDataFrame,
    doors: gpd.GeoDataFrame,
    *,
    rules: BusRules | None = None,
    cap: float = CAP,
) -> list[SchoolPlan]:
    """
    Plan walking buses, school by school.

    Parameters
    ----------
    arcs
        The streets and what they cost, from :func:`cfmap.planning.safe_tree.prepared`.
    children
        EPSG:4326 points ``school`` (id of `schools`), ``children`` (how many at this place). Where a point lies is used here and is in
        nothing that is given back.
    schools
        ``id, name``.
    doors
        As :func:`cfmap.coverage.perimeter.doors.school_doors`: ``school, geometry``.
    rules
        Limits; None = the usual ones.
    cap
        From stop to stop and to the school: at most so many times the shortest way, see :func:`cfmap.planning.safe_tree.safe_tree`.

    Returns
    -------
    plans
        One for each school that children named, in order of id, also when it has no line.

    Raises
    ------
    EnvironmentFault
        E415 without OR-Tools.
    """
    names = dict(zip(schools["id"], schools["name"], strict=True))
    wanted = [key for key in sorted(names) if children["school"].eq(key).any()]
    return [
        _plan_school(arcs, str(key), str(names[key]), children[children["school"] == key], doors[doors["school"] == key], rules or BusRules(), cap)
        for key in wanted
    ]


def _plan_school(arcs: Arcs, school: str, name: str, children: gpd.GeoDataFrame, doors: gpd.GeoDataFrame, rules: BusRules, cap: float) -> SchoolPlan:
    network = arcs.graph.network
    gates = network.snap(doors)
    homes = network.snap(children, limit_m=HOME_LIMIT_M)
    count = children["children"].to_numpy(dtype=np.int64)
    why = _window(network, homes, gates, rules)
    gathered = _gather(arcs, homes, gates, np.where(why == "", count, 0), rules, cap)
    why[(why == "") & (gathered.stop < 0)] = "few"
    why[(why == "few") & gathered.too_far] = "long"
    nodes, at = np.unique(gathered.stop[gathered.stop >= 0], return_inverse=True)
    waiting = np.bincount(at, weights=count[gathered.stop >= 0], minlength=len(nodes)).astype(np.int64)
    where, size = groups(waiting, rules.seats)
    walks = _walks(arcs, nodes, [gathered.to_school[int(node)] for node in nodes], rules, cap)
    solution = solve(_problem(walks, where, size, rules))
    unserved: dict[Reason, int] = {r: int(count[why == r].sum()) for r in REASONS}
    unserved["full"] += int(size[list(solution.left_over)].sum()) if solution.left_over else 0
    lines = [_line(network, walks, [(int(where[g]), int(size[g])) for g in chosen], rules) for chosen in solution.lines]
    lines.sort(key=lambda x: (-x.minutes, [s.node for s in x.stops]))
    named = [
        replace(x, id=f"{school}-{n}", school=school, school_name=name, number=n, watch=watch(network, arcs.dangers, x.pieces))
        for n, x in enumerate(lines, start=1)
    ]
    return SchoolPlan(school, name, tuple(named), {r: n for r, n in unserved.items() if n}, solution.proven, solution.more)


def _window(network: Network, homes: Snapped, gates: Snapped, rules: BusRules) -> NDArray[np.object_]:
    """Why each home is out of question, "" where it is not."""
    mm, _ = network.travel(gates).at(homes)
    total = mm + homes.connector_mm
    why = np.full(len(homes), "", dtype=object)
    why[total < round(rules.near_m * MM)] = "near"
    why[total > round(rules.far_m * MM)] = "far"
    why[mm < 0] = "unreachable"
    why[~homes.on_network] = "off"
    return why


class _Gathered(NamedTuple):
    stop: NDArray[np.int64]  # node where each home gathers, -1 = none
    too_far: NDArray[np.bool_]  # homes that would have a stop if lines might be longer
    to_school: dict[int, Route]  # by node of the stop


def _gather(arcs: Arcs, homes: Snapped, gates: Snapped, children: NDArray[np.int64], rules: BusRules, cap: float) -> _Gathered:
    network = arcs.graph.network
    stop, too_far = np.full(len(homes), -1, dtype=np.int64), np.zeros(len(homes), dtype=bool)
    within, places = np.flatnonzero(children > 0), _junctions(network, gates, rules.far_m + rules.stop_m)
    if not len(within) or not len(places):
        return _Gathered(stop, too_far, {})
    found = pairs(network, homes.take(within), _at_nodes(network, places), limit_mm=round(rules.stop_m * MM))
    near, place = np.unique(found.site, return_inverse=True)
    tree = safe_tree(arcs, gates, _at_nodes(network, places[near]), np.ones(len(near)), cap=cap, limit_m=max(rules.longest_m, rules.far_m + rules.stop_m))
    way = np.full(len(near), NO_WAY_MM, dtype=np.int64)
    for route in tree.routes:
        way[route.origin] = route.mm
    short = (way <= round(rules.longest_m * MM)) & (_walk_ms(way, rules) <= rules.most_minutes * 60_000)
    ok = short[place]
    chosen = choose(found.origin[ok], place[ok], found.mm[ok], children[within], way)
    stop[within[chosen >= 0]] = places[near[chosen[chosen >= 0]]]
    late = choose(found.origin, place, found.mm, np.where(chosen < 0, children[within], 0), way)
    too_far[within] = (chosen < 0) & (late >= 0)
    return _Gathered(stop, too_far, {int(places[near[r.origin]]): r for r in tree.routes})


def _walk_ms(mm: NDArray[np.int64], rules: BusRules) -> NDArray[np.float64]:
    return np.ceil(mm / PACES["child"].metres_per_second) + rules.wait_minutes * 60_000


def _junctions(network: Network, gates: Snapped, within_m: float) -> NDArray[np.int64]:
    """Junctions of three public edges or more, no farther from a door in a straight line; no walk is shorter than that."""
    public = ~network.is_private
    degree = np.bincount(np.r_[network.edge_u[public], network.edge_v[public]], minlength=network.n_nodes)
    away = np.full(network.n_nodes, np.inf)
    for lon, lat in zip(gates.lon[gates.on_network], gates.lat[gates.on_network], strict=True):
        x = (network.node_lon - lon) * METRES_A_DEGREE * np.cos(np.radians(lat))
        away = np.minimum(away, np.hypot(x, (network.node_lat - lat) * METRES_A_DEGREE))
    return np.flatnonzero((degree >= JUNCTION) & (away <= within_m * SLACK))


def _at_nodes(network: Network, nodes: NDArray[np.int64]) -> Snapped:
    """Nodes as places on the network: at the end of a public edge each."""
    import pandas as pd

    from cfmap.network.snap import Snapped

    public = np.flatnonzero(~network.is_private)
    ends = np.r_[network.edge_u[public], network.edge_v[public]]
    first = np.full(network.n_nodes, -1, dtype=np.int64)
    first[ends[::-1]] = np.arange(len(ends))[::-1]
    chosen = first[nodes]
    edge = public[chosen % len(public)]
    offset = np.where(chosen < len(public), 0, network.edge_mm[edge])
    zero = np.zeros(len(nodes), dtype=np.int64)
    lon, lat = network.node_lon[nodes], network.node_lat[nodes]
    return Snapped(pd.RangeIndex(len(nodes)), edge, offset, zero, lon, lat, network.node_component[nodes], np.full(len(nodes), "ok", dtype=object))


class _Walks(NamedTuple):
    """Ways between the stops of a school, by position of both, and from each on to the school."""

    nodes: NDArray[np.int64]
    between: dict[tuple[int, int], Route]
    last: list[Route]


def _walks(arcs: Arcs, nodes: NDArray[np.int64], last: list[Route], rules: BusRules, cap: float) -> _Walks:
    places = _at_nodes(arcs.graph.network, nodes) if len(nodes) else None
    between: dict[tuple[int, int], Route] = {}
    for end in range(len(nodes)):
        assert places is not None  # noqa: S101 - there are nodes
        others = np.flatnonzero(np.arange(len(nodes)) != end)
        tree = safe_tree(arcs, places.take(np.array([end])), places.take(others), np.ones(len(others)), cap=cap, limit_m=rules.longest_m)
        between |= {(int(others[route.origin]), end): route for route in tree.routes}
    return _Walks(nodes, between, last)


def _problem(walks: _Walks, where: NDArray[np.int64], size: NDArray[np.int64], rules: BusRules) -> Problem:
    count = len(walks.nodes)
    leg_mm, leg_cost = np.full((2, count, count), -1, dtype=np.int64)
    for (start, end), route in walks.between.items():
        leg_mm[start, end], leg_cost[start, end] = route.mm, route.cost_mm
    pick = np.ix_(where, where)
    return Problem(
        children=size,
        leg_mm=leg_mm[pick],
        leg_cost=leg_cost[pick],
        last_mm=np.array([r.mm for r in walks.last], dtype=np.int64)[where],
        last_cost=np.array([r.cost_mm for r in walks.last], dtype=np.int64)[where],
        seats=rules.seats,
        longest_mm=round(rules.longest_m * MM),
        longest_ms=round(rules.most_minutes * 60_000),
        ms=rules.ms,
        wait_ms=round(rules.wait_minutes * 60_000),
        lines=rules.most_lines,
    )


def _line(network: Network, walks: _Walks, chosen: list[tuple[int, int]], rules: BusRules) -> Line:
    places = [place for place, _ in chosen]
    routes = [*(walks.between[leg] for leg in pairwise(places)), walks.last[places[-1]]]
    wait = round(rules.wait_minutes * 60_000)
    stops, to_school, late = [], 0, 0
    for (place, children), route in zip(reversed(chosen), reversed(routes), strict=True):
        to_school += route.mm
        late += rules.ms(route.mm)
        node = int(walks.nodes[place])
        zh, en = name_of(network, node)
        stops.append(Stop(node, zh, en, float(network.node_lon[node]), float(network.node_lat[node]), children, to_school, clock(rules.arrival_ms - late)))
        late += wait
    pieces = tuple(piece for route in routes for piece in pieces_of(route))
    children = sum(n for _, n in chosen)
    adults = -(-children // rules.children_per_adult)
    drawn = line_of(network, pieces, (stops[-1].lon, stops[-1].lat))
    return Line("", "", "", 0, tuple(reversed(stops)), to_school, (late - wait) / 60_000, adults, pieces, drawn)


def clock(ms: int) -> str:
    """Time of day, whole minutes, rounded down."""
    minutes = (ms // 60_000) % (24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def name_of(network: Network, node: int) -> tuple[str, str]:
    """What a junction is called: by the names of its streets, at most two."""
    edge = np.flatnonzero((network.edge_u == node) | (network.edge_v == node))
    found = _named(network, edge)
    streets = sorted(dict.fromkeys(found), key=lambda n: (-found.count(n), n))[:2]
    if not streets:
        beyond = np.unique(np.r_[network.edge_u[edge], network.edge_v[edge]])
        near = _named(network, np.flatnonzero(np.isin(network.edge_u, beyond) | np.isin(network.edge_v, beyond)))
        return (f"{min(near)}附近的路口", f"junction near {min(near)}") if near else ("无名路口", "junction without names")
    if len(streets) == 1:
        return f"{streets[0]}路口", f"junction on {streets[0]}"
    return f"{streets[0]}与{streets[1]}路口", f"{streets[0]} / {streets[1]}"


def _named(network: Network, edge: NDArray[np.int64]) -> list[str]:
    return [n for n in street_names(network, edge.tolist()) if n.strip()]


__all__ = ["FEWEST", "REASONS", "BusRules", "Line", "Reason", "SchoolPlan", "Stop", "plan"]
