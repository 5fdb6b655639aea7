"""Is the demo city what it says it is? A small one is made and read back by other means; the committed one is held against its truth table."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import networkx as nx
import numpy as np
import osmium
import pytest
import shapely

ROOT = Path(__file__).resolve().parents[2]
TABLES = (".csv", ".geojson", ".gpkg", ".shp", ".dbf", ".xlsx", ".pbf")


class RawStreets:
    """The streets of a file as plain lists, read without cfmap."""

    def __init__(self, path: Path) -> None:
        self.places: dict[int, tuple[float, float]] = {}
        self.node_tags: dict[int, dict[str, str]] = {}
        self.ways: list[tuple[dict[str, str], list[int]]] = []
        self.others: list[dict[str, str]] = []
        self.missing = 0
        for thing in osmium.FileProcessor(str(path)):
            tags = dict(thing.tags)
            if thing.is_node():
                self.places[thing.id] = (thing.lon, thing.lat)
                if tags:
                    self.node_tags[thing.id] = tags
            elif thing.is_way():
                nodes = [n.ref for n in thing.nodes]
                self.missing += sum(n not in self.places for n in nodes)
                if "highway" in tags:
                    self.ways.append((tags, nodes))
                else:
                    self.others.append(tags)
            else:
                self.others.append(tags)

    def segments(self) -> list[dict[str, str]]:
        """Tags of every stretch between junctions."""
        use = Counter(n for _, nodes in self.ways for n in nodes)
        return [tags for tags, nodes in self.ways for i in range(1, len(nodes)) if i == len(nodes) - 1 or use[nodes[i]] > 1]

    def graph(self) -> nx.Graph:
        """Every street that is drawn, whoever may use it."""
        graph = nx.Graph()
        for _, nodes in self.ways:
            nx.add_path(graph, nodes)
        return graph

    def lines(self, *, keep) -> list[tuple[shapely.LineString, set[int]]]:
        """Geometry and nodes of the ways for which `keep(tags)` holds."""
        return [(shapely.LineString([self.places[n] for n in nodes]), set(nodes)) for tags, nodes in self.ways if keep(tags)]


def sheets(path: Path) -> dict[str, list[tuple]]:
    """Cells of every sheet of a workbook, read by openpyxl."""
    from openpyxl import load_workbook

    with contextlib.closing(load_workbook(path, read_only=True)) as book:
        return {page.title: list(page.iter_rows(values_only=True)) for page in book}


def make(out: Path, seed: int = 7) -> dict:
    """Make a small city by the command that the README names."""
    run = subprocess.run(
        [sys.executable, str(ROOT / "data" / "_generator"), "--size", "0.2", "--seed", str(seed), "--out", str(out)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads((out / "_generator" / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    out = tmp_path_factory.mktemp("small-city")
    return out, make(out)


@pytest.fixture(scope="module")
def streets(small):
    return RawStreets(small[0] / "network.osm.pbf")


@pytest.fixture(scope="module")
def committed():
    return RawStreets(ROOT / "data" / "network.osm.pbf")


@pytest.fixture(scope="module")
def truth():
    return json.loads((ROOT / "data" / "_generator" / "truth.json").read_text(encoding="utf-8"))


@pytest.mark.slow
def test_same_seed_gives_the_same_bytes(small, tmp_path):
    make(tmp_path)
    names = sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.suffix in TABLES)
    assert names == sorted(str(p.relative_to(small[0])) for p in small[0].rglob("*") if p.suffix in TABLES)
    digests = [{n: hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in names} for folder in (small[0], tmp_path)]
    assert [n for n in names if digests[0][n] != digests[1][n]] == []


def _agrees(streets: RawStreets, truth: dict) -> None:
    facts = truth["streets"]
    segments = streets.segments()
    assert len(segments) == facts["segments"]
    assert Counter(t["highway"] for t in segments) == facts["by_class"]
    assert sum(t.get("access") == "private" for t in segments) == facts["private_segments"] >= 0.05 * len(segments)
    sizes = sorted((len(c) for c in nx.connected_components(streets.graph())), reverse=True)
    assert sizes == facts["nodes_in_components"]
    assert len(sizes) >= 4
    assert sum(t.get("bridge") == "yes" for t, _ in streets.ways) == facts["bridge_ways"] >= 5
    assert sum(t.get("tunnel") == "yes" for t, _ in streets.ways) == facts["tunnel_ways"] >= 1
    assert sum(t["highway"] == "steps" for t, _ in streets.ways) == facts["steps_ways"] >= 5
    assert sum("barrier" in t for t in streets.node_tags.values()) == facts["gates"]
    for key, count in facts["segments_with"].items():
        assert sum(key in t for t in segments) == count
        assert 0 < count < len(segments), f"{key} is never or always there"


def test_small_city_read_back_agrees_with_its_truth_table(small, streets):
    _agrees(streets, small[1])


def test_committed_city_read_back_agrees_with_its_truth_table(committed, truth):
    _agrees(committed, truth)
    assert 40_000 <= truth["streets"]["segments"] <= 60_000


def test_no_way_refers_to_a_node_that_is_not_there(streets, committed):
    assert streets.missing == committed.missing == 0


def test_squares_are_closed_areas_that_paths_lead_onto(committed, truth):
    squares = [nodes for tags, nodes in committed.ways if tags.get("area") == "yes"]
    use = Counter(n for _, nodes in committed.ways for n in set(nodes))
    assert len(squares) == truth["streets"]["squares"] > 0
    assert all(nodes[0] == nodes[-1] for nodes in squares)
    assert all(any(use[n] > 1 for n in nodes) for nodes in squares)


def test_bridges_cross_streets_without_joining_them(committed):
    ground = committed.lines(keep=lambda t: "layer" not in t)
    tree = shapely.STRtree([line for line, _ in ground])
    crossed = 0
    for bridge, nodes in committed.lines(keep=lambda t: t.get("bridge") == "yes"):
        middle = shapely.line_interpolate_point(bridge, [0.0, bridge.length])
        for k in tree.query(bridge, predicate="crosses"):
            line, others = ground[int(k)]
            meeting = shapely.intersection(bridge, line)
            if shapely.distance(meeting, middle).min() > 2e-5:  # about two metres from both ends
                crossed += 1
                assert not {n for n in nodes & others if shapely.Point(committed.places[n]).distance(meeting) < 1e-6}
    assert crossed >= 50


def test_crossings_are_nodes_and_some_are_ways_as_well(committed, truth):
    nodes = {n for n, t in committed.node_tags.items() if t.get("highway") == "crossing"}
    ways = [set(ns) for t, ns in committed.ways if t.get("footway") == "crossing"]
    both = sum(bool(w & nodes) for w in ways)
    assert len(nodes) == sum(truth["streets"]["crossing_nodes"].values())
    assert 0 < both < len(ways) == truth["streets"]["crossing_ways"]
    kinds = truth["streets"]["crossing_nodes"]
    assert {"traffic_signals", "unmarked", "untagged"} < set(kinds)
    assert {"uncontrolled", "marked", "zebra"} & set(kinds)


def test_header_has_box_and_fixed_time_and_everything_lies_in_open_water(committed):
    header = osmium.io.Reader(str(ROOT / "data" / "network.osm.pbf")).header()
    box = header.box()
    assert header.get("osmosis_replication_timestamp") == "2024-12-31T00:00:00Z"
    places = np.array(list(committed.places.values()))
    assert (places.min(axis=0) >= [box.bottom_left.lon, box.bottom_left.lat]).all()
    assert (places.max(axis=0) <= [box.top_right.lon, box.top_right.lat]).all()
    assert 122.8 < box.bottom_left.lon < box.top_right.lon < 123.7
    assert 27.9 < box.bottom_left.lat < box.top_right.lat < 28.6


def test_towns_tile_the_city_without_gaps_or_overlaps():
    import geopandas as gpd

    towns = gpd.read_file(ROOT / "data" / "towns.gpkg").to_crs(4550)
    city = gpd.read_file(ROOT / "data" / "boundary.gpkg").to_crs(4550)
    assert len(towns) == 23
    assert towns.area.sum() == pytest.approx(city.area.sum(), rel=1e-5)
    assert towns.union_all().symmetric_difference(city.union_all()).area < 1e-5 * city.area.sum()


def test_tables_have_the_rows_that_the_truth_table_counts(truth):
    read: dict[str, dict] = {}
    for name, count in truth["rows"].items():
        file, _, sheet = name.partition("#")
        if not file.endswith(".xlsx") or not sheet:
            continue
        page = read.setdefault(file, sheets(ROOT / file))[sheet]
        ids = [r[0] for r in page if r and isinstance(r[0], str) and r[0][:1].isascii() and r[0][-4:].rstrip("B")[-1:].isdigit()]
        assert len(ids) == count, name
        assert len(set(ids)) == count, name


def test_sites_keep_their_ids_from_year_to_year():
    def ids(year: int) -> dict[str, str]:
        return {r[0]: r[1] for r in sheets(ROOT / "data" / str(year) / "教育局.xlsx")["幼儿园"][1:]}

    first, second, third = ids(2022), ids(2023), ids(2024)
    assert first.items() < second.items() < third.items()


def test_no_phone_person_number_or_approval_number_stands_in_the_tables():
    import re

    forbidden = re.compile(r"1[3-9]\d{9}|0\d{2,3}-\d{7,8}|\d{17}[\dXx]|GS\s*[（(]|[^\W\d_]S（\d{4}）")
    for path in sorted((ROOT / "data").rglob("*.xlsx")):
        for page in sheets(path).values():
            for row in page:
                assert not [v for v in row if isinstance(v, str) and forbidden.search(v)], path.name


@pytest.fixture(scope="module")
def city():
    from cfmap.model import find_layers, load_city

    city = load_city(ROOT)
    return city, find_layers(city)


def test_every_layer_of_the_project_has_a_source_and_sites_on_its_own_ground(city):
    import geopandas as gpd

    from cfmap.intake import load_layer

    project, layers = city
    limit = gpd.read_file(ROOT / "data" / "boundary.gpkg").to_crs(4326).union_all().buffer(0.002)
    assert set(layers) == set(project.layers)
    for key, layer in layers.items():
        data = load_layer(layer, project, year=2024)
        assert len(data.sites), key
        lost = data.sites[~data.sites.within(limit)]
        assert len(lost) <= (1 if key == "kindergartens" else 0), f"{key}: {list(lost['name'])}"  # one is written with swapped coordinates


@pytest.mark.parametrize("key", ["schools", "childcare", "parks", "playgrounds", "protection_stations", "accessible_crossings", "milk_stations"])
def test_sites_of_every_datum_land_beside_streets(city, committed, key):
    from cfmap.intake import load_layer

    project, layers = city
    places = np.array(list(committed.places.values()))
    tree = shapely.STRtree(shapely.points(places))
    sites = load_layer(layers[key], project, year=2024).sites.geometry
    nearest = places[tree.nearest(shapely.points(shapely.get_coordinates(sites)))]
    gap = np.hypot(*((shapely.get_coordinates(sites) - nearest) * [98_000, 110_800]).T)
    assert np.median(gap) < 15
    assert np.quantile(gap, 0.95) < 60


def test_planted_mistakes_are_named_where_they_stand(city, truth):
    import geopandas as gpd

    from cfmap.intake import load_layer

    project, layers = city
    outline = gpd.read_file(ROOT / "data" / "boundary.gpkg").to_crs(4326).union_all()
    wanted = [m for m in truth["mistakes"] if m["year"] == 2024 and m["code"]]
    found = set()
    for key in ("schools", "kindergartens", "childcare", "primary_care", "parks", "playgrounds"):
        for fault in load_layer(layers[key], project, year=2024, extent=outline).faults:
            found.add((fault.file, fault.sheet or "", fault.code, fault.row))
            found.add((fault.file, fault.sheet or "", fault.code, None))
    for m in wanted:
        row = m["row"] if m["code"] in ("E203", "W233", "W224", "W244") else None
        sheet = m["sheet"] if m["code"] != "W244" else ""  # a pair may span two sheets: that message names the file and the other row
        assert (m["file"], sheet, m["code"], row) in found, m


def test_committed_inputs_are_small_and_never_claim_to_be_openstreetmap(city):
    inputs = [p for p in (ROOT / "data").rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    assert sum(p.stat().st_size for p in inputs) < 8_000_000
    assert (ROOT / "data" / "network.osm.pbf").stat().st_size < 4_000_000
    project, _ = city
    assert project.city.demo
    assert "OpenStreetMap" not in project.network.attribution
    assert "演示数据" in project.network.attribution
