"""Does the shortest walk to school cross a main road, a railway or water without help? Crossing points, ranked by children."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from cfmap.coverage.accesses import accesses
from cfmap.coverage.crossing_help import Crossings, Spot
from cfmap.coverage.people import NO_TOWN, towns_of
from cfmap.coverage.perimeter.kinds import KINDS as LAYERS
from cfmap.coverage.perimeter.kinds import SCHOOLS
from cfmap.coverage.sides import STEPS
from cfmap.coverage.sources import POINT_LIMIT_M, Sources, identified, listed, place_sites
from cfmap.coverage.walks import Walk, Walks
from cfmap.geometry.crs import geometries_to_plane
from cfmap.model import AGE_BANDS, InputError, fault
from cfmap.model.edition import Severance
from cfmap.model.schema import AGES_OF
from cfmap.network.obstacles import KINDS, obstacles_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from cfmap.model import Fault
    from cfmap.network import Network, Snapped
    from cfmap.network.obstacles import Obstacles

TOGETHER_M = 40.0  # two carriageways or tracks crossed one after the other within this are one crossing
WORST_FIRST = ("unsafe", "unknown", "safe")
COLUMNS = ("layer", "id", "rank", "kind", "name", "state", "form", "children", "origins", "uncounted", "schools", "ways")
FEET_M = 1.0  # a straight way from home to the street ends on it


def severance(
    network: Network,
    schools: gpd.GeoDataFrame,
    origins: gpd.GeoDataFrame,
    *,
    obstacles: Obstacles | None = None,
    layer: str = SCHOOLS,
    children: Sequence[str] | None = None,
    gates: gpd.GeoDataFrame | None = None,
    footprints: gpd.GeoSeries | None = None,
    towns: gpd.GeoDataFrame | None = None,
    limit_m: float = POINT_LIMIT_M,
) -> Severance:
    """
    Crossings on the shortest walks to school.

    Parameters
    ----------
    network
        Walking network.
    schools
        EPSG:4326 with ``id`` (else the index), those in use; ``name`` is optional.
    origins
        Where children live, EPSG:4326, index or column ``id``: communities, estates or cells with `children` columns (those that are
        there are added up; a row with one of them unknown is unknown). A column ``school`` with the id or the name of a school sends the
        row's children there; all others go to the nearest by network.
    obstacles
        From :func:`cfmap.network.obstacles.read_obstacles`; None = the main roads that the network itself knows.
    layer
        What the sites are, a key of :data:`cfmap.coverage.perimeter.KINDS`; it stands in every row.
    children
        Columns of people; None = those who walk to such sites (:data:`cfmap.model.schema.AGES_OF`).
    gates, footprints
        As :func:`cfmap.coverage.accesses.accesses`.
    towns
        Outlines with ``name``, to find the town of rows that name none.
    limit_m
        Longest straight way from a home to a street, metres.

    Returns
    -------
    severance
        A walk over a bridge or through a tunnel crosses nothing; a walk along a main road does not cross it either. It crosses where its
        streets lead from one side to the other with no way round, counted once and, of the places where that can be, at the best. What no
        tag tells is unknown. A home whose straight way to the street leads across an obstacle has a walk of unknown state, and so have all
        who enter by a gate whose straight way does (W369).

    Raises
    ------
    InputError
        As :func:`cfmap.coverage.reach.reach`; E386 negative numbers, E387 no column of `children`.
    """
    table = identified(origins, "origins")
    table = table.iloc[np.argsort(table["id"].to_numpy(), kind="stable")]
    asked = AGES_OF[layer] if children is None else children
    counted = tuple(c for c in asked if c in table)
    count = _children(table, counted, asked=asked)
    doors = accesses(network, schools, footprints=footprints, gates=gates)
    sources = place_sites(network, schools, accesses=doors)
    obstacles = obstacles_of(network) if obstacles is None else obstacles
    crossings = Crossings(network, obstacles)
    places = network.snap(table.geometry.representative_point(), limit_m=limit_m)
    wanted, faults = _wanted_school(table, sources)
    walks = _walks(crossings, sources, places, wanted)
    faults += [fault("W379")] if set(obstacles.known) < set(KINDS) else []
    groups = _together(crossings, walks)
    described = {members: _described(crossings, members) for members in dict.fromkeys(groups.values())}
    met = [[] if walk is None else list(dict.fromkeys(groups[spot] for spot in walk.spots)) for walk in walks]
    gate_lost = _doubtful(crossings, sources.doors, sources.snapped)
    faults += _lost_gates(sources, gate_lost, layer)
    lost = _doubtful(crossings, table.geometry.representative_point(), places)
    lost |= np.array([walk is not None and bool(gate_lost[walk.source]) for walk in walks], dtype=bool)
    homes = _origins(table, places, walks, sources, count, towns, [[described[m] for m in mine] for mine in met], lost)
    users: dict[tuple[Spot, ...], list[int]] = {members: [] for members in described}
    for at, mine in enumerate(met):
        for members in mine:
            users[members].append(at)
    points = _points([(described[m], at) for m, at in users.items()], homes, layer)
    homes.insert(0, "layer", layer)
    return Severance(points, homes, obstacles.known, {layer: counted}, tuple(faults))


def children_by_state(origins: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Children by town and state of their walk.

    Returns
    -------
    table
        Index = town, in order of name, ``""`` (all) last; ``children`` (the sum), ``safe, unsafe, unknown`` and ``no_walk`` (no way, or no
        street near), which add up to it, and ``uncounted``: origins without a number, which are in no sum.
    """
    import pandas as pd

    state = origins["state"].fillna("no_walk")
    known = origins["children"].fillna(0.0)
    parts = {name: known.where(state.eq(name), 0.0) for name in ("safe", "unsafe", "unknown", "no_walk")}
    table = pd.DataFrame({"children": known, **parts, "uncounted": origins["children"].isna().astype(int)}, index=origins.index)
    by_town = table.groupby(origins["town"].to_numpy()).sum().sort_index()
    by_town.loc[""] = table.sum()
    return by_town.astype({"uncounted": int}).rename_axis("town")


def _children(table: gpd.GeoDataFrame, counted: Sequence[str], *, asked: Sequence[str]) -> NDArray[np.float64]:
    import pandas as pd

    if not counted or not all(pd.api.types.is_numeric_dtype(table[c]) for c in counted):
        raise InputError(fault("E387", detail="、".join(counted or asked)))
    for column in counted:
        values = np.asarray(table[column].to_numpy(dtype=float, na_value=np.nan), dtype=np.float64)
        bad = np.flatnonzero((values < 0) | np.isinf(values))
        if len(bad):
            title = AGE_BANDS[column][0] if column in AGE_BANDS else column
            raise InputError(fault("E386", header=title, count=len(bad), names=listed(table["id"].iloc[bad])))
    return np.asarray(table[list(counted)].astype(float).sum(axis=1, skipna=False), dtype=np.float64)


def _wanted_school(table: gpd.GeoDataFrame, sources: Sources) -> tuple[NDArray[np.int64], list[Fault]]:
    """Row of the school that each origin is sent to, -1 = the nearest; and who was sent to a school that is not there."""
    wanted = np.full(len(table), -1, dtype=np.int64)
    if "school" not in table:
        return wanted, []
    names = sources.table["name"]
    single = names[~names.duplicated(keep=False)]
    row_of = {str(name): row for row, name in single.items()} | {str(key): row for row, key in enumerate(sources.ids)}
    lost = []
    for at, (key, text) in enumerate(zip(table["id"], table["school"], strict=True)):
        told = str(text).strip() if isinstance(text, (str, int)) else ""
        if told and told in row_of:
            wanted[at] = row_of[told]
        elif told:
            lost.append(f"{key}（{told}）")
    return wanted, [fault("W378", count=len(lost), names=listed(lost))] if lost else []


def _walks(crossings: Crossings, sources: Sources, places: Snapped, wanted: NDArray[np.int64]) -> list[Walk | None]:
    """One search for all that go to the nearest school, and one for each school that a table names."""
    found: list[Walk | None] = [None] * len(places)
    for school in np.unique(wanted).tolist():
        mine = np.flatnonzero(wanted == school)
        gates = np.flatnonzero(sources.site == school) if school >= 0 else np.arange(len(sources.site))
        walks = Walks(crossings, sources.snapped.take(gates), sources.doors.iloc[gates]).of(places.take(mine))
        for at, walk in zip(mine.tolist(), walks, strict=True):
            found[at] = None if walk is None else walk._replace(source=int(gates[walk.source]))
    return found


def _doubtful(crossings: Crossings, points: gpd.GeoSeries, places: Snapped) -> NDArray[np.bool_]:
    """Of which points the straight way to the street leads across an obstacle."""
    ends = shapely.points(np.nan_to_num(places.lon), np.nan_to_num(places.lat))
    plane = [geometries_to_plane(np.array(shapes, dtype=object), crossings.crs) for shapes in (points.to_numpy(), ends)]
    home, foot = (shapely.get_coordinates(p) for p in plane)
    length = np.hypot(*(foot - home).T)
    share = np.clip(1.0 - FEET_M / np.maximum(length, FEET_M), 0.0, 1.0)  # it ends on the street, which may be the main road itself
    lines = shapely.linestrings(np.stack([home, home + (foot - home) * share[:, None]], axis=1))
    return np.asarray(places.on_network & (length > FEET_M) & crossings.crossed_by(np.asarray(lines, dtype=object)), dtype=bool)


def _lost_gates(sources: Sources, lost: NDArray[np.bool_], layer: str) -> list[Fault]:
    """W369 for the sites with a gate on the other side of an obstacle than the street it was brought to."""
    names = sources.table["name"].iloc[np.unique(sources.site[lost])]
    (zh, en) = LAYERS[layer]
    return [fault("W369", layer=zh, layer_en=en, count=len(names), names=listed(names))] if len(names) else []


def _together(crossings: Crossings, walks: Iterable[Walk | None]) -> dict[Spot, tuple[Spot, ...]]:
    """Spots of one crossing: two carriageways of one road, or neighbouring tracks, that some walk gets over one right after the other."""
    every = sorted({spot for walk in walks if walk is not None for spot in walk.spots}, key=_order)
    head = {spot: spot for spot in every}

    def root(spot: Spot) -> Spot:
        while head[spot] != spot:
            spot = head[spot]
        return spot

    pairs = {pair for walk in walks if walk is not None for pair in pairwise(walk.spots)}
    for one, other in sorted(pairs, key=lambda pair: (_order(pair[0]), _order(pair[1]))):
        names = [{crossings.name_of[row] for row in spot.rows} for spot in (one, other)]
        same = one.kind != "road" or bool(names[0] & names[1]) or any(n.startswith("w") for some in names for n in some)
        if one.kind == other.kind and one.rows != other.rows and same and _metres(one, other) <= TOGETHER_M:
            first, second = sorted((root(one), root(other)), key=_order)
            head[second] = first
    members: dict[Spot, list[Spot]] = {}
    for spot in every:
        members.setdefault(root(spot), []).append(spot)
    return {spot: tuple(same) for same in members.values() for spot in same}


def _origins(
    table: gpd.GeoDataFrame,
    places: Snapped,
    walks: list[Walk | None],
    sources: Sources,
    count: NDArray[np.float64],
    towns: gpd.GeoDataFrame | None,
    met: list[list[dict[str, Any]]],
    doubtful: NDArray[np.bool_],
) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import pandas as pd

    own = towns_of(table, towns).to_numpy(dtype=object) if towns is not None or "town" in table else np.full(len(table), NO_TOWN, dtype=object)
    rows = []
    for at, (walk, mine) in enumerate(zip(walks, met, strict=True)):
        states = ["safe", *(str(crossing["state"]) for crossing in mine), *(["unknown"] if doubtful[at] else [])]
        rows.append(
            {
                "town": own[at],
                "children": count[at],
                "school": None if walk is None else sources.ids[sources.site[walk.source]],
                "walk_m": np.nan if walk is None else walk.metres,
                "state": None if walk is None else min(states, key=WORST_FIRST.index),
                "status": "off_network" if not places.on_network[at] else "unreachable" if walk is None else "reached",
                "crossings": ";".join(str(crossing["id"]) for crossing in mine),
            }
        )
    columns = ["town", "children", "school", "walk_m", "state", "status", "crossings"]
    frame = pd.DataFrame(rows, index=pd.Index(table["id"], name="id"), columns=columns).astype({"children": "float64", "walk_m": "float64"})
    return gpd.GeoDataFrame(frame, geometry=table.geometry.to_numpy(), crs=4326)


def _points(used: list[tuple[dict[str, Any], list[int]]], homes: gpd.GeoDataFrame, layer: str) -> gpd.GeoDataFrame:
    """Crossings, each with the positions of the homes that use it, as a table."""
    import geopandas as gpd
    import pandas as pd

    rows = []
    for crossing, at in used:
        known = homes["children"].iloc[at].dropna()
        schools = sorted({str(s) for s in homes["school"].iloc[at]})
        facts = {
            "layer": layer,
            "children": known.sum() if len(known) else np.nan,
            "origins": len(at),
            "uncounted": len(at) - len(known),
            "schools": ";".join(schools),
        }
        rows.append(crossing | facts)
    rows.sort(key=lambda r: (r["state"] == "safe", -np.nan_to_num(r["children"]), -r["origins"], r["id"]))
    table = pd.DataFrame(rows, columns=[*COLUMNS, "geometry"])
    table["rank"] = pd.array([n + 1 if state != "safe" else None for n, state in enumerate(table["state"])], dtype="Int64")
    kinds = {"children": "float64", "origins": "int64", "uncounted": "int64"}
    return gpd.GeoDataFrame(table.astype(kinds), geometry="geometry", crs=4326)


def _described(crossings: Crossings, members: tuple[Spot, ...]) -> dict[str, Any]:
    """Id, kind, name, state and place of a crossing; it is as good as the worst of its parts."""
    judged = [crossings.judge(spot) for spot in members]
    state, form = min(judged, key=lambda pair: WORST_FIRST.index(pair[0]))
    rows = sorted({row for spot in members for row in spot.rows})
    table = crossings.obstacles.table
    names = sorted({str(name) for name in table["name"].iloc[rows] if name})
    ways = sorted(set(table["way_id"].iloc[rows].tolist()))
    lon, lat = (float(np.mean([spot.at[axis] for spot in members])) / STEPS for axis in (0, 1))
    kind = members[0].kind
    return {
        "id": f"{kind}/w{ways[0]}@{lon:.5f},{lat:.5f}",
        "kind": kind,
        "name": "、".join(names),
        "state": state,
        "form": form,
        "ways": ";".join(map(str, ways)),
        "geometry": shapely.Point(lon, lat),
    }


def _order(spot: Spot) -> tuple[str, tuple[int, int], list[int]]:
    return spot.kind, spot.at, sorted(spot.rows)


def _metres(one: Spot, other: Spot) -> float:
    from pyproj import Geod

    (a, b), (c, d) = one.at, other.at
    return float(Geod(ellps="WGS84").inv(a / STEPS, b / STEPS, c / STEPS, d / STEPS)[2])


__all__ = ["children_by_state", "severance"]
