"""Reach and coverage on real streets, against answers that are worked out here by other means."""

from __future__ import annotations

import itertools
import json
import math
import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import NamedTuple

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from pyproj import Geod
from shapely import LineString, Point

from cfmap.coverage import people_within, reach, service_area
from cfmap.model import Population
from cfmap.network import Network

pytestmark = pytest.mark.truth

GEOD = Geod(ellps="WGS84")
WALKABLE = {
    "footway", "path", "pedestrian", "steps", "living_street", "residential", "service", "unclassified", "tertiary", "tertiary_link",
    "secondary", "secondary_link", "primary", "primary_link", "road", "cycleway", "track",
}  # fmt: skip

DOUBTS = {"access", "foot", "motorroad", "indoor", "oneway:foot", "conveying"}
SQUARE_M = 25.0  # what a straight walk across a square saves here


def places(**where):
    return gpd.GeoDataFrame({"id": list(where)}, geometry=[Point(xy) for xy in where.values()], crs=4326)


class Raw(NamedTuple):
    """An OSM file read by nobody but this test: coordinates of nodes, and ways as (id, tags, node ids)."""

    nodes: dict[str, tuple[float, float]]
    ways: list[tuple[str, dict[str, str], list[str]]]
    barriers: set[str]


def read_raw(path) -> Raw:
    root = ET.parse(path).getroot()
    nodes = {n.get("id"): (float(n.get("lon")), float(n.get("lat"))) for n in root.iter("node")}
    ways = [
        (w.get("id"), {t.get("k"): t.get("v") for t in w.iter("tag")}, [r.get("ref") for r in w.iter("nd") if r.get("ref") in nodes]) for w in root.iter("way")
    ]
    barriers = {n.get("id") for n in root.iter("node") if any(t.get("k") in ("barrier", "access", "foot") for t in n.iter("tag"))}
    return Raw(nodes, ways, barriers)


def graph_of(raw: Raw, *, doubtful: bool) -> nx.Graph:
    """
    Segments of walkable ways, geodesic metres.

    With `doubtful` all of them: nobody can walk shorter, save straight across a square. Without it only those that no
    tag about access, sidewalk or barrier makes doubtful: nobody needs to walk farther.
    """
    graph = nx.Graph()
    for _, tags, refs in raw.ways:
        if tags.get("highway") not in WALKABLE or (not doubtful and (DOUBTS & set(tags) or tags.get("sidewalk") == "separate")):
            continue
        for a, b in pairwise(refs):
            metres = GEOD.inv(*raw.nodes[a], *raw.nodes[b])[2]
            if not doubtful and (a in raw.barriers or b in raw.barriers):
                continue
            if a != b and (not graph.has_edge(a, b) or graph[a][b]["metres"] > metres):
                graph.add_edge(a, b, metres=metres)
    return graph


# -- gated estates: what the five cases expect ----------------------------------------------------------------------

CASES = ("gate_open", "gate_private", "gate_private_gate", "gate_gate_only", "gate_gate_no")


@pytest.mark.parametrize("case", CASES)
def test_gated_estate_is_walked_as_expected(outside_data, case):
    folder = outside_data("gated-estate")
    told = json.loads((folder / "expected.json").read_text())
    network = Network.from_file(next(p for p in folder.glob("*.osm.pbf") if p.name.removesuffix(".osm.pbf") == case))
    site = places(kindergarten=told["kindergarten_north"])
    points = places(resident=told["home"], through=told["south_gate_outside"])
    table = reach(network, site, points, minutes=15).set_index("id")
    want = told["cases"][case]
    for who in ("resident", "through"):
        metres = want[f"{who}_m"]
        row = table.loc[who]
        if metres is None:
            assert row["status"] == "unreachable"
            assert math.isnan(row["network_m"])
            assert math.isnan(row["minutes"])
        else:
            assert row["network_m"] + row["connector_m"] == pytest.approx(metres, abs=told["tolerance_m"])
            assert row["status"] == ("reached" if metres <= 1000 else "beyond")


# -- three hand-placed sites, against Dijkstra on a graph built here -------------------------------------------------


def hand_placed(raw: Raw, graph: nx.Graph, count: int) -> tuple[list[str], list[str]]:
    """Sites and points on nodes of the largest piece, spread evenly over it by their order from west to east."""
    main = max(nx.connected_components(graph), key=len)
    order = sorted(main, key=lambda n: raw.nodes[n])
    sites = [order[int(len(order) * share)] for share in (0.25, 0.5, 0.75)]
    step = max(1, len(order) // count)
    return sites, order[step // 2 :: step]


@pytest.mark.parametrize("name", ["beijing-tsinghua/map.osm", "ruian-osm-micro/ruian_core_streets.osm"])
def test_nearest_site_equals_dijkstra_on_the_raw_file(outside_data, name):
    path = outside_data(name)
    raw = read_raw(path)
    sure, all_ways = graph_of(raw, doubtful=False), graph_of(raw, doubtful=True)
    sites, points = hand_placed(raw, sure, 60)
    table = reach(Network.from_file(path), places(**{f"s{n}": raw.nodes[n] for n in sites}), places(**{f"p{n}": raw.nodes[n] for n in points}), minutes=60)
    longest, shortest = (nx.multi_source_dijkstra_path_length(g, set(sites), weight="metres") for g in (sure, all_ways))
    walked = table["network_m"] + table["connector_m"]
    assert (walked <= [longest[n] + 0.2 for n in points]).all()
    assert (walked >= [shortest[n] - SQUARE_M for n in points]).all()
    assert sum(abs(w - longest[n]) < 0.2 for w, n in zip(walked, points, strict=True)) >= 0.7 * len(points)


@pytest.mark.parametrize(("name", "exactly"), [("beijing-tsinghua/map.osm", 3), ("ruian-osm-micro/ruian_core_streets.osm", 3)])
def test_three_distances_along_single_streets_are_their_own_polylines(outside_data, name, exactly):
    """From one end of a street to the other: at most its polyline summed by hand, and equal to it where the street is straight."""
    path = outside_data(name)
    raw = read_raw(path)
    network = Network.from_file(path)
    main = max(nx.connected_components(graph_of(raw, doubtful=False)), key=len)
    streets = []
    for way, tags, refs in raw.ways:
        if tags.get("highway") in ("residential", "tertiary", "secondary", "primary", "unclassified") and tags.get("name") and set(refs) <= main:
            line = LineString([raw.nodes[r] for r in refs])
            metres = GEOD.geometry_length(line)
            crow = GEOD.inv(*raw.nodes[refs[0]], *raw.nodes[refs[-1]])[2]
            if 150 < metres < 900 and crow > 0.9999 * metres:
                streets.append((way, refs, sum(GEOD.inv(*raw.nodes[a], *raw.nodes[b])[2] for a, b in itertools.pairwise(refs))))
    assert len(streets) >= exactly
    for _way, refs, metres in streets[:exactly]:
        row = reach(network, places(a=raw.nodes[refs[0]]), places(b=raw.nodes[refs[-1]])).iloc[0]
        assert row["network_m"] == pytest.approx(metres, abs=0.0005 * len(refs) + 0.1)
        assert row["connector_m"] == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("name", ["beijing-tsinghua/map.osm", "ruian-osm-micro/ruian_core_streets.osm"])
def test_service_area_covers_exactly_the_streets_within_reach(outside_data, name):
    """A node of the raw graph lies on a reached street when, and only when, its Dijkstra distance is within the limit."""
    path = outside_data(name)
    raw = read_raw(path)
    graph = graph_of(raw, doubtful=False)
    sites, points = hand_placed(raw, graph, 80)
    area = service_area(Network.from_file(path), places(**{f"s{n}": raw.nodes[n] for n in sites}), minutes=[5, 10], mode="exact")
    truth = nx.multi_source_dijkstra_path_length(graph, set(sites), weight="metres")
    streets = area.streets.geometry.union_all()
    wrong = sum((streets.distance(Point(raw.nodes[n])) < 1e-7) != (truth[n] <= 666.666) for n in points)
    assert wrong <= 0.05 * len(points)
    inner, outer = area.catchment.geometry
    assert inner.within(outer.buffer(1e-6))
    covered = [outer.contains(Point(raw.nodes[n])) for n in points if truth[n] <= 660]
    assert sum(covered) >= 0.95 * len(covered)


# -- people ----------------------------------------------------------------------------------------------------------


def test_people_of_helsinki_are_all_accounted_for(outside_data):
    cells = gpd.read_file(outside_data("helsinki/helsinki_population_grid_2020.gpkg")).to_crs(4326)
    column = next(c for c in cells if c.lower() in ("population", "asukkaita"))
    network = Network.from_file(outside_data("helsinki/Helsinki.osm.pbf"))
    west, south, east, north = network.bounds
    cells = cells.cx[west:east, south:north]
    centres = gpd.GeoSeries([Point((g.bounds[0] + g.bounds[2]) / 2, (g.bounds[1] + g.bounds[3]) / 2) for g in cells.geometry], crs=4326)
    points = gpd.GeoDataFrame(
        {"name": [f"cell {i}" for i in range(len(cells))], "town": "Helsinki", "pop_total": cells[column].to_numpy(dtype=float)},
        index=[f"c{i}" for i in range(len(cells))],
        geometry=centres.to_numpy(),
        crs=4326,
    )
    site = network.nodes_gdf().query("component == 0").geometry.iloc[len(network.node_lon) // 3]
    table = reach(network, places(s=(site.x, site.y)), points, minutes=15)
    people = people_within(table, Population(points, "HSY 2020", None), None, bands=(500.0, 1000.0), headline=1000.0)
    city = people.iloc[-1]
    total = points["pop_total"].sum()
    assert city["pop_total"] == pytest.approx(total, abs=1e-6)
    assert city["pop_total_covered_1000"] + city["pop_total_not"] + city["pop_total_unreachable"] == pytest.approx(total, abs=1e-6)
    assert 0 < city["pop_total_covered_500"] < city["pop_total_covered_1000"] < 0.95 * total
    # nobody walks shorter than the crow flies
    known = table.dropna(subset=["network_m"]).set_index("id")
    crow = GEOD.inv(np.full(len(known), site.x), np.full(len(known), site.y), points.loc[known.index].geometry.x, points.loc[known.index].geometry.y)[2]
    assert ((known["network_m"] + known["connector_m"]).to_numpy() >= np.asarray(crow) - 0.5).all()
    assert not pd.isna(people.to_numpy()).any()
