"""What lies across a walk: main roads, railways, rivers and lakes, and where something helps over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from cfmap.network.osm_file import fault_of
from cfmap.network.streets import crossing_kind
from cfmap.network.walkability import HIGHWAY_CLASSES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd

    from cfmap.network.network import Network

KINDS = ("road", "railway", "water")
#: Roads that part a quarter, with their slip roads.
MAIN_ROADS = ("motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link")
#: Tracks with trains of their own right of way; trams run in the street, metros below or above it.
RAILWAYS = ("rail", "light_rail", "narrow_gauge", "preserved")
#: Water that nobody steps over; streams and ditches are not.
WATERWAYS = ("river", "canal")
WATER_AREAS = (("natural", "water"), ("waterway", "riverbank"), ("waterway", "dock"), ("landuse", "reservoir"), ("landuse", "basin"))
_HELP_TAGS = (("highway", "crossing"), ("highway", "traffic_signals"), ("railway", "level_crossing"), ("railway", "crossing"), ("ford", "yes"))
_NO = frozenset({"", "no", "0", "false", "none"})
#: Values of crossing_ref, which many mappers write instead of crossing.
BRITISH = {"zebra": "marked", "tiger": "marked", "pelican": "signalled", "puffin": "signalled", "toucan": "signalled", "pegasus": "signalled"}
OPEN_AIR = frozenset({"building_passage", "avalanche_protector"})  # values of tunnel= that lie at ground level


@dataclass(frozen=True, eq=False)
class Obstacles:
    """
    Main roads, railways and water, and what is known about getting over them.

    Attributes
    ----------
    table
        GeoDataFrame EPSG:4326 ``kind`` (one of :data:`KINDS`), ``way_id``, ``name`` ("" = none), ``level`` (``layer`` of the way, 0 unless
        told; of water always 0), ``ground`` (False on a bridge or in a tunnel), LineString, or Polygon of a lake.
    helps
        GeoDataFrame EPSG:4326 of points: ``of`` (kind of obstacle), ``form`` (``signalled, marked, junction_signals, unmarked, none, ford,
        unknown``).
    known
        Kinds that the street file could hold; a file of centre-lines knows nothing of railways and water.
    """

    table: gpd.GeoDataFrame
    helps: gpd.GeoDataFrame
    known: tuple[str, ...] = KINDS


def read_obstacles(path: Path) -> Obstacles:
    """
    Read the obstacles of an OpenStreetMap file, in one pass.

    Ways with nodes that the file lacks are drawn over the nodes it has. Railways and waterways that are abandoned, planned or underground
    (``location=underground``) are none.

    Raises
    ------
    InputError
        The file is damaged, cut off or no OpenStreetMap file (``E304``).
    """
    import osmium
    import osmium.filter

    wanted = [("highway", v) for v in MAIN_ROADS] + [("railway", v) for v in RAILWAYS] + [("waterway", v) for v in WATERWAYS]
    asked = osmium.filter.TagFilter(*wanted, *WATER_AREAS, *_HELP_TAGS)
    wkb = osmium.geom.WKBFactory()
    rows: list[dict[str, Any]] = []
    helps: list[tuple[str, str, float, float]] = []
    with fault_of(path):
        thing: Any
        for thing in osmium.FileProcessor(str(path)).with_areas(osmium.filter.TagFilter(*WATER_AREAS)).with_filter(asked):
            tags = dict(thing.tags)
            if thing.is_node():
                helps += [(of, form, thing.lon, thing.lat) for of, form in help_of(tags)]
            elif thing.is_area():
                if thing.num_rings()[0] and any(tags.get(k) == v for k, v in WATER_AREAS):
                    area = shapely.from_wkb(wkb.create_multipolygon(thing))
                    rows += [_row("water", int(thing.orig_id()), tags, part) for part in shapely.get_parts(area)]
            elif thing.is_way() and (kind := kind_of(tags)):
                points = [(n.lon, n.lat) for n in thing.nodes if n.location.valid()]
                if len(dict.fromkeys(points)) > 1:
                    rows.append(_row(kind, int(thing.id), tags, shapely.LineString(points)))
    return Obstacles(_table(rows), _helps(helps))


def obstacles_of(network: Network) -> Obstacles:
    """Main roads of a network that did not come from an OpenStreetMap file; nothing is known of its railways and waters, and no help but the network's own."""
    from cfmap.network.network import EdgeFlag

    main = np.isin(network.edge_class, [HIGHWAY_CLASSES.index(name) for name in MAIN_ROADS])
    lines = network.edge_lines()
    raised = network.has(EdgeFlag.BRIDGE) | network.has(EdgeFlag.TUNNEL)
    names: Mapping[Any, Any] = network.way_tags["name"].astype(object).to_dict() if "name" in network.way_tags else {}
    rows = [_plain(int(network.edge_way[e]), names, lines[e], ground=not raised[e]) for e in np.flatnonzero(main)]
    shut = network.left_out[network.left_out["kind"].isin(MAIN_ROADS)]
    rows += [_plain(int(way), names, line, ground=True) for way, line in zip(shut["way_id"], shut.geometry, strict=True)]
    return Obstacles(_table(rows), _helps([]), known=("road",))


def kind_of(tags: Mapping[str, str]) -> str:
    """Which kind of obstacle a way is; "" = none."""
    if tags.get("highway") in MAIN_ROADS:
        return "road"
    if tags.get("railway") in RAILWAYS and tags.get("location") != "underground":
        return "railway"
    return "water" if tags.get("waterway") in WATERWAYS else ""


def help_of(tags: Mapping[str, str]) -> list[tuple[str, str]]:
    """
    What a node says about getting over: pairs of kind of obstacle and form.

    At a level crossing gates, lights, a bell or a guard are help; a crossing that is said to have none of them is ``unmarked``.
    """
    found: list[tuple[str, str]] = []
    if tags.get("railway") in {"level_crossing", "crossing"}:
        found.append(("railway", _level_crossing(tags)))
    if tags.get("highway") == "crossing":
        form = "none" if tags.get("crossing") == "no" else crossing_kind(tags)
        found.append(("road", BRITISH.get(tags.get("crossing_ref", ""), form) if form == "unknown" else form))
    elif tags.get("highway") == "traffic_signals":
        found.append(("road", "signalled" if crossing_kind(tags) == "signalled" else "junction_signals"))
    if tags.get("ford", "no") not in _NO:
        found.append(("water", "ford"))
    return found


def _level_crossing(tags: Mapping[str, str]) -> str:
    told = [tags[key] for key in ("crossing:barrier", "crossing:light", "crossing:bell", "supervised") if key in tags]
    if any(value not in _NO for value in told) or crossing_kind(tags) == "signalled":
        return "signalled"
    return "unmarked" if tags.get("crossing:barrier") == "no" or tags.get("crossing") in {"uncontrolled", "unmarked"} else "unknown"


def _row(kind: str, way_id: int, tags: Mapping[str, str], line: shapely.Geometry) -> dict[str, Any]:
    tunnel = tags.get("tunnel", "no").lower()
    raised = tags.get("bridge", "no").lower() not in _NO or (tunnel not in _NO and tunnel not in OPEN_AIR)
    level = 0 if kind == "water" else _level(tags.get("layer", ""))
    name = tags.get("name") or tags.get("ref") or ""
    return {"kind": kind, "way_id": way_id, "name": name, "level": level, "ground": not raised, "geometry": line}


def _plain(way_id: int, names: Mapping[Any, Any], line: shapely.Geometry, *, ground: bool) -> dict[str, Any]:
    name = names.get(way_id)
    return {"kind": "road", "way_id": way_id, "name": name if isinstance(name, str) else "", "level": 0, "ground": ground, "geometry": line}


def _level(text: str) -> int:
    try:
        return int(float(text))
    except ValueError:
        return 0


def _table(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import pandas as pd

    columns = ["kind", "way_id", "name", "level", "ground"]
    rows = sorted(rows, key=lambda row: (row["kind"], row["way_id"], row["geometry"].wkb))
    table = pd.DataFrame([{c: row[c] for c in columns} for row in rows], columns=columns)
    return gpd.GeoDataFrame(table.astype({"way_id": "int64", "level": "int64", "ground": "bool"}), geometry=[row["geometry"] for row in rows], crs=4326)


def _helps(rows: list[tuple[str, str, float, float]]) -> gpd.GeoDataFrame:
    import geopandas as gpd

    rows = sorted(set(rows))
    points = shapely.points([lon for *_, lon, _ in rows], [lat for *_, lat in rows])
    return gpd.GeoDataFrame({"of": [of for of, *_ in rows], "form": [form for _, form, *_ in rows]}, geometry=points, crs=4326)


__all__ = ["KINDS", "MAIN_ROADS", "Obstacles", "help_of", "kind_of", "obstacles_of", "read_obstacles"]
