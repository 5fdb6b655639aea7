"""Who can walk to school together? Stops, lines and a timetable for the children whose guardians agreed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from cfmap.model.units import PACES
from cfmap.model.walking_bus import BusRules
from cfmap.network.od import pairs
from cfmap.planning.bus_lines import Problem, solve
from cfmap.planning.stops import FEWEST, choose, groups
from cfmap.planning.watching import street_names, watch
from cfmap.planning.ways import line_of, ways_to

if TYPE_CHECKING:
    import geopandas as gpd
    import shapely
    from numpy.typing import NDArray

    from cfmap.network import Network
    from cfmap.network.snap import Snapped
    from cfmap.planning.dangers import Dangers
    from cfmap.planning.watching import Watch
    from cfmap.planning.ways import Legs, Piece, Ways

HOME_LIMIT_M = 250.0  # longest straight way between a home and its street
MM = 1000

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
        From the first stop to the school's door, waits included.
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
        Most children first.
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
    network: Network,
    children: gpd.GeoDataFrame,
    schools: gpd.GeoDataFrame,
    doors: gpd.GeoDataFrame,
    *,
    rules: BusRules | None = None,
    dangers: Dangers | None = None,
) -> list[SchoolPlan]:
    """
    Plan walking buses, school by school.

    Parameters
    ----------
    network
        The streets.
    children
        EPSG:4326 points ``school`` (id of `schools`), ``children`` (how many at this place). Where a point lies is used here and is in
        nothing that is given back.
    schools
        ``id, name``.
    doors
        As :func:`cfmap.coverage.perimeter.doors.school_doors`: ``school, geometry``.
    rules
        Limits; None = the usual ones.
    dangers
        What the streets cost; None = all alike, and nothing to watch for.

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
        _plan_school(network, str(key), str(names[key]), children[children["school"] == key], doors[doors["school"] == key], rules or BusRules(), dangers)
        for key in wanted
    ]


def _plan_school(
    network: Network,
    school: str,
    name: str,
    children: gpd.GeoDataFrame,
    doors: gpd.GeoDataFrame,
    rules: BusRules,
    dangers: Dangers | None,
) -> SchoolPlan:
    gates = network.snap(doors)
    homes = network.snap(children, limit_m=HOME_LIMIT_M)
    count = children["children"].to_numpy(dtype=np.int64)
    why = _window(network, homes, gates, rules)
    cost = None if dangers is None else dangers.whole(network.edge_mm)
    ways = ways_to(network, gates, within_m=max(rules.longest_m, rules.far_m + rules.stop_m), cost_mm=cost)
    stop, long = _gather(network, homes, ways, np.where(why == "", count, 0), rules)
    why[(why == "") & (stop < 0)] = "few"
    why[(why == "few") & long] = "long"
    nodes, at = np.unique(stop[stop >= 0], return_inverse=True)
    waiting = np.bincount(at, weights=count[stop >= 0], minlength=len(nodes)).astype(np.int64)
    where, size = groups(waiting, rules.seats)
    legs = ways.between(nodes.tolist()) if len(nodes) else None
    solution = solve(_problem(ways, legs, nodes, where, size, rules))
    unserved: dict[Reason, int] = {r: int(count[why == r].sum()) for r in REASONS}
    unserved["full"] += int(size[list(solution.left_over)].sum()) if solution.left_over else 0
    lines = [] if legs is None else [_line(network, ways, legs, nodes, [(int(where[g]), int(size[g])) for g in chosen], rules) for chosen in solution.lines]
    named = [
        replace(x, id=f"{school}-{n}", school=school, school_name=name, number=n, watch=() if dangers is None else watch(network, dangers, x.pieces))
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


def _gather(network: Network, homes: Snapped, ways: Ways, children: NDArray[np.int64], rules: BusRules) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Node of the stop of each home, -1 = none, and whether there would be one if lines might be longer."""
    far = ways.node[ways.junction & (ways.mm >= 0)]
    within, reached = np.flatnonzero(children > 0), np.full(len(homes), -1, dtype=np.int64)
    long = np.zeros(len(homes), dtype=bool)
    if not len(far) or not len(within):
        return reached, long
    found = pairs(network, homes.take(within), _at_nodes(network, far), limit_mm=round(rules.stop_m * MM))
    way = ways.mm[ways.of(far)]
    short = (way <= round(rules.longest_m * MM)) & (_walk_ms(way, rules) <= rules.most_minutes * 60_000)
    ok = short[found.site]
    chosen = choose(found.origin[ok], found.site[ok], found.mm[ok], children[within], way)
    reached[within[chosen >= 0]] = far[chosen[chosen >= 0]]
    late = choose(found.origin, found.site, found.mm, np.where(chosen < 0, children[within], 0), way)
    long[within] = (chosen < 0) & (late >= 0)
    return reached, long


def _walk_ms(mm: NDArray[np.int64], rules: BusRules) -> NDArray[np.float64]:
    return np.ceil(mm / PACES["child"].metres_per_second) + rules.wait_minutes * 60_000


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


def _problem(ways: Ways, legs: Legs | None, nodes: NDArray[np.int64], where: NDArray[np.int64], size: NDArray[np.int64], rules: BusRules) -> Problem:
    none = np.empty((0, 0), dtype=np.int64)
    leg_mm, leg_cost = (none, none) if legs is None else (legs.mm, np.where(np.isfinite(legs.cost), legs.cost, -1).astype(np.int64))
    at = ways.of(nodes)
    pick = np.ix_(where, where)
    return Problem(
        children=size,
        leg_mm=leg_mm[pick],
        leg_cost=leg_cost[pick],
        last_mm=ways.mm[at][where],
        last_cost=ways.cost[at][where].astype(np.int64),
        seats=rules.seats,
        longest_mm=round(rules.longest_m * MM),
        longest_ms=round(rules.most_minutes * 60_000),
        ms=rules.ms,
        wait_ms=round(rules.wait_minutes * 60_000),
        lines=rules.most_lines,
    )


def _line(network: Network, ways: Ways, legs: Legs, nodes: NDArray[np.int64], chosen: list[tuple[int, int]], rules: BusRules) -> Line:
    walks = [legs.path(a, b) for (a, _), (b, _) in pairwise(chosen)] + [ways.to_school(int(nodes[chosen[-1][0]]))]
    metres = [sum(p.mm for p in walk) for walk in walks[:-1]] + [int(ways.mm[ways.of(nodes[[chosen[-1][0]]])[0]])]
    wait = round(rules.wait_minutes * 60_000)
    stops, to_school, late = [], 0, 0
    for (place, children), mm in zip(reversed(chosen), reversed(metres), strict=True):
        to_school += mm
        late += rules.ms(mm)
        node = int(nodes[place])
        zh, en = name_of(network, node)
        stops.append(Stop(node, zh, en, float(network.node_lon[node]), float(network.node_lat[node]), children, to_school, clock(rules.arrival_ms - late)))
        late += wait
    pieces = tuple(p for walk in walks for p in walk)
    children = sum(n for _, n in chosen)
    adults = -(-children // rules.children_per_adult)
    return Line("", "", "", 0, tuple(reversed(stops)), to_school, late / 60_000, adults, pieces, line_of(network, pieces))


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
