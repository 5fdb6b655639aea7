"""Safe routes to school (学径): a route for each place where children live, and the streets that many of them share."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from cfmap.coverage.accesses import accesses
from cfmap.coverage.perimeter.kinds import KINDS, SCHOOLS
from cfmap.coverage.safety import THRESHOLDS
from cfmap.coverage.sources import POINT_LIMIT_M, identified, listed, place_sites
from cfmap.model import fault
from cfmap.model.schema import AGES_OF, IN_USE
from cfmap.network.course import cut
from cfmap.planning.pupils import BANDS, pupils
from cfmap.planning.safe_tree import CAP, LIMIT_M, prepared, safe_tree
from cfmap.planning.trunk import SHARED, proposed
from cfmap.planning.worst import crossings_between, worst

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from cfmap.coverage.safety import Thresholds
    from cfmap.coverage.sources import Sources
    from cfmap.model import Fault
    from cfmap.model.survey import Answer
    from cfmap.network import Network
    from cfmap.planning.arcs import Arcs
    from cfmap.planning.dangers import Weights
    from cfmap.planning.safe_tree import Route, SafeTree

ROUTE_COLUMNS = (
    "layer", "school", "school_name", "origin", "children", "length_m", "shortest_m", "detour", "weighted_m", "exact", "level", "worst", "worst_en",
    "worst_way", "worst_m", "unknown_share", "geometry",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class SafeRoutes:
    """
    Safe routes to all schools.

    Attributes
    ----------
    routes
        GeoDataFrame EPSG:4326, one row for each school and place, by school and origin: ``layer, school, school_name, origin, children`` (NaN =
        not known), ``length_m, shortest_m, detour`` (real lengths, straight ways included), ``weighted_m`` (only to compare), ``exact``,
        ``level`` (1 calm .. 4 only with an adult; 0 = no street), ``worst, worst_en, worst_way, worst_m`` (the link or crossing that
        governs), ``unknown_share`` (of the length along streets), ``geometry``: from the estate's gate, else from the first junction
        that another place's route passes too; None where there is no such junction. For the house alone.
    proposed
        The shared streets, see :func:`cfmap.planning.trunk.proposed`.
    without
        DataFrame ``layer, origin, children, reason`` (``off_network``: no street near; ``none``: no school of theirs within the limit).
    trees
        By school id, for those who plan further: walking buses.
    arcs
        The weighed streets.
    origins
        Ids by their position in the trees.
    """

    routes: gpd.GeoDataFrame
    proposed: gpd.GeoDataFrame
    without: pd.DataFrame
    trees: Mapping[object, SafeTree]
    origins: pd.Index
    arcs: Arcs
    faults: tuple[Fault, ...] = ()


def safe_routes(
    network: Network,
    schools: gpd.GeoDataFrame,
    origins: gpd.GeoDataFrame,
    *,
    layer: str = SCHOOLS,
    gates: gpd.GeoDataFrame | None = None,
    footprints: gpd.GeoSeries | None = None,
    cap: float = CAP,
    limit_m: float = LIMIT_M,
    shared: float = SHARED,
    weights: Weights | None = None,
    answers: Iterable[Answer] = (),
    thresholds: Thresholds = THRESHOLDS,
    arcs: Arcs | None = None,
) -> SafeRoutes:
    """
    The safest ways to school within a cap on the detour, and what many of them share.

    Parameters
    ----------
    network
        Walking network with tags and crossings.
    schools
        EPSG:4326 with ``id`` (else the index), those in use; ``name`` and ``stage`` are optional.
    origins
        Communities, estates or cells (never homes) and their children, as :func:`cfmap.planning.pupils.pupils`.
    layer
        What the schools are, a key of :data:`cfmap.coverage.perimeter.KINDS`; it stands in every row. Of the columns in `origins` those
        count of who walks there (:data:`cfmap.model.schema.AGES_OF`); small children go to the nearest kindergarten of all.
    gates, footprints
        As :func:`cfmap.coverage.accesses.accesses`.
    cap, limit_m
        As :func:`cfmap.planning.safe_tree.safe_tree`.
    shared
        A street is proposed when so many children or more walk along it; at least 10.
    weights, answers, thresholds
        What a dangerous street counts, and by what it is known, as :func:`cfmap.planning.dangers.dangers_of`.
    arcs
        The streets weighed by these, where another layer's routes were made of them already.

    Returns
    -------
    routes
        Each route is the safest allowed one, see :func:`cfmap.planning.safe_tree.safe_tree`. A child is counted at the nearest
        school that takes its age, unless the table of places names another.

    Raises
    ------
    InputError
        As :func:`cfmap.coverage.sources.place_sites`.
    """
    import geopandas as gpd
    import pandas as pd

    schools = schools[schools["status"].isin(IN_USE)] if "status" in schools else schools
    table = identified(origins, "origins")
    table = table.iloc[np.argsort(table["id"].to_numpy(), kind="stable")].reset_index(drop=True)
    table = table if layer == SCHOOLS else _small(table, layer)
    sources = place_sites(network, schools, accesses=accesses(network, schools, footprints=footprints, gates=gates))
    places = network.snap(table.geometry.map(lambda g: g if g.geom_type == "Point" else g.representative_point()), limit_m=POINT_LIMIT_M)
    who = pupils(network, sources, places, table, schools=identified(schools, "schools"), limit_m=limit_m)
    arcs = prepared(network, weights, answers=answers, thresholds=thresholds) if arcs is None else arcs
    trees: dict[object, SafeTree] = {}
    for school in np.unique(who["school"].to_numpy(dtype=np.int64)).tolist():
        doors, mine = sources.snapped.take(np.flatnonzero(sources.site == school)), who[who["school"].eq(school)]
        here = mine["origin"].to_numpy(dtype=np.int64)
        tree = safe_tree(arcs, doors, places.take(here), mine["children"].to_numpy(dtype=float), cap=cap, limit_m=limit_m)
        trees[sources.ids[school]] = tree.numbered(here)
    seen = Counter(node for nodes in _nodes_by_origin(trees).values() for node in nodes)
    rows = [{"layer": layer} | _row(arcs, key, route, table, sources, seen) for key, tree in trees.items() for route in tree.routes]
    routes = gpd.GeoDataFrame(pd.DataFrame(rows, columns=list(ROUTE_COLUMNS)), geometry="geometry", crs=4326)
    names = dict(zip(sources.ids, sources.table["name"], strict=True))
    begins = {(key, route.origin): begin(route, seen) for key, tree in trees.items() for route in tree.routes}
    without = _without(table, places.on_network, routes)
    without.insert(0, "layer", layer)
    faults = [_left_out(without, limit_m, layer)] if len(without) else []
    off, (zh, en) = sources.table.loc[sources.table["status"].eq("off_network"), "name"], KINDS[layer]
    faults += [fault("W377", layer=zh, layer_en=en, count=len(off), names=listed(off))] if len(off) else []
    return SafeRoutes(
        routes, proposed(arcs, trees, begins, names=names, shared=shared, layer=layer), without, trees, pd.Index(table["id"]), arcs, tuple(faults)
    )


def _small(table: gpd.GeoDataFrame, layer: str) -> gpd.GeoDataFrame:
    """Places with the children of the layer's ages alone; a school that the table names is not theirs."""
    bands = [b for b in AGES_OF[layer] if b in table] or ["children"]
    return table[["id", "geometry"]].assign(children=table[bands].astype(float).sum(axis=1, skipna=False))


def begin(route: Route, seen: Mapping[int, int]) -> int | None:
    """
    Position in ``route.node`` from which the route may be shown: the estate's gate, else the first junction that another place's route
    passes too (`seen`: places whose routes pass each node); None = nowhere.
    """
    if 0 < route.public < len(route.node):
        return route.public
    if route.public == len(route.node):
        return None
    return next((k for k, node in enumerate(route.node.tolist()) if seen[node] > 1), None)


def line(network: Network, route: Route, start: int | None) -> shapely.LineString | None:
    """The route from one of its junctions to the school's door on the street; None where nothing is left of it."""
    if start is None:
        return None
    some = slice(route.lead + start, None)
    edge, a, b = route.edge[some], route.begin_mm[some], route.end_mm[some]
    kept = a != b
    edge, a, b = edge[kept], a[kept], b[kept]
    if not len(edge):
        return None
    places: list[tuple[float, float]] = []
    for drawn, ahead in zip(cut(network, edge, np.minimum(a, b), np.maximum(a, b)), b >= a, strict=True):
        course = list(drawn.coords) if ahead else list(drawn.coords)[::-1]
        places += course[1:] if places and places[-1] == course[0] else course
    return shapely.LineString(places)


def _nodes_by_origin(trees: Mapping[object, SafeTree]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for tree in trees.values():
        for route in tree.routes:
            found.setdefault(route.origin, set()).update(route.node.tolist())
    return found


def _row(arcs: Arcs, school: object, route: Route, table: gpd.GeoDataFrame, sources: Sources, seen: Mapping[int, int]) -> dict[str, object]:
    net, dangers = arcs.graph.network, arcs.dangers
    mm = np.abs(route.end_mm - route.begin_mm)
    between = route.node[1 - route.lead : len(route.edge) - route.lead]
    governs = worst(net, dangers, route.edge, mm, crossings_between(net, dangers, route.edge, between))
    walked = int(mm.sum())
    row = int(np.flatnonzero(sources.ids == school)[0])
    return {
        "school": school,
        "school_name": sources.table["name"].iloc[row],
        "origin": table["id"].iloc[route.origin],
        "children": route.children,
        "length_m": route.mm / 1000,
        "shortest_m": route.shortest_mm / 1000,
        "detour": round(route.detour, 4),
        "weighted_m": route.cost_mm / 1000,
        "exact": route.is_exact,
        "level": governs.level,
        "worst": governs.zh,
        "worst_en": governs.en,
        "worst_way": governs.way,
        "worst_m": governs.metres,
        "unknown_share": float(mm[dangers.is_unknown[route.edge]].sum()) / walked if walked else 0.0,
        "geometry": line(net, route, begin(route, seen)),
    }


def _left_out(without: pd.DataFrame, limit_m: float, layer: str) -> Fault:
    """How many places have no route, and of how many of them it is the street that is missing."""
    off = int(without["reason"].eq("off_network").sum())
    zh, en = (f"（其中 {off} 个旁边没有路）", f" ({off} of them have no street near)") if off else ("", "")
    if off == len(without):
        zh, en = "（旁边都没有路）", " (none of them has a street near)"
    words, words_en = KINDS[layer]
    return fault("W376", layer=words, layer_en=words_en, count=len(without), metres=f"{limit_m:g}", off_zh=zh, off_en=en)


def _without(table: gpd.GeoDataFrame, on_network: NDArray[np.bool_], routes: gpd.GeoDataFrame) -> pd.DataFrame:
    import pandas as pd

    bands = [b for b in BANDS if b in table] or ["children"]
    children = table[bands].astype(float).sum(axis=1, skipna=False)
    gone = ~table["id"].isin(routes["origin"]) & children.ne(0.0)
    reason = np.where(on_network, "none", "off_network")
    every = pd.DataFrame({"origin": table["id"], "children": children, "reason": reason})
    left: pd.DataFrame = every[gone].reset_index(drop=True)
    return left
