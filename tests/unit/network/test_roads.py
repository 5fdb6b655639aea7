"""The background's streets: every class has its kind, every way one line."""

from __future__ import annotations

import osmium
import pytest
import shapely

from cfmap.model import InputError
from cfmap.model.edition import ROAD_KINDS
from cfmap.network.graphml import read_graphml
from cfmap.network.roads import KIND_OF_CLASS, map_roads, map_roads_of
from cfmap.network.walkability import HIGHWAY_CLASSES, is_private
from tests.unit.network.osm_files import write_osm

NODES = {i: (10.0 + i / 1000, 50.0) for i in range(1, 40)}


def streets(tmp_path, *classes, name="r.osm.pbf", nodes=NODES):
    ways = {i: ([i, i + 1], {"highway": c, "name": f"{c}路"}) for i, c in enumerate(classes, start=1)}
    return write_osm(tmp_path / name, nodes, ways)


def test_every_class_is_drawn_as_its_kind(tmp_path):
    classes = ["motorway", "primary_link", "secondary", "tertiary", "residential", "service", "living_street", "footway", "steps", "cycleway", "track"]
    roads = map_roads(streets(tmp_path, *classes))
    assert roads["kind"].tolist() == ["main", "main", "secondary", "secondary", "local", "local", "local", "path", "path", "path", "path"]
    assert roads["name"].tolist() == [f"{c}路" for c in classes]
    assert roads.crs.to_epsg() == 4326
    assert roads.geometry.iloc[0].equals_exact(shapely.LineString([(10.001, 50.0), (10.002, 50.0)]), 1e-9)


def test_kinds_are_those_of_the_page_and_classes_those_of_the_network():
    assert {*KIND_OF_CLASS.values(), "private"} == set(ROAD_KINDS)
    assert set(HIGHWAY_CLASSES) - set(KIND_OF_CLASS) == {"corridor", "elevator", "platform", "pier", "other"}


@pytest.mark.parametrize("highway", ["construction", "proposed", "corridor", "platform", "bus_stop"])
def test_what_is_no_street_yet_is_not_drawn(tmp_path, highway):
    assert map_roads(streets(tmp_path, highway, "residential"))["kind"].tolist() == ["local"]


def test_streets_closed_to_people_on_foot_are_drawn(tmp_path):
    path = write_osm(tmp_path / "r.osm.pbf", NODES, {1: ([1, 2], {"highway": "residential", "foot": "no", "access": "private"})})
    assert len(map_roads(path)) == 1


def test_streets_without_a_way_through_for_the_public_are_told_from_others(tmp_path):
    tags = [
        {"highway": "service", "access": "private"},
        {"highway": "footway", "access": "residents"},
        {"highway": "service", "access": "private", "foot": "yes"},
        {"highway": "residential", "access": "no"},
        {"highway": "primary", "access": "private"},
    ]
    path = write_osm(tmp_path / "r.osm.pbf", NODES, {n: ([n, n + 1], one) for n, one in enumerate(tags, start=1)})
    assert map_roads(path)["kind"].tolist() == ["private", "private", "local", "local", "main"]


def test_way_without_a_name_has_an_empty_one(tmp_path):
    assert map_roads(write_osm(tmp_path / "r.osm.pbf", NODES, {1: ([1, 2], {"highway": "path"})}))["name"].tolist() == [""]


def test_way_with_a_missing_node_is_drawn_over_the_others(tmp_path):
    path = write_osm(
        tmp_path / "r.osm.pbf", NODES, {1: ([1, 99, 2], {"highway": "path"}), 2: ([98, 99, 1], {"highway": "path"}), 3: ([3, 3], {"highway": "path"})}
    )
    roads = map_roads(path)
    assert [list(g.coords) for g in roads.geometry] == [[(10.001, 50.0), (10.002, 50.0)]]


def test_boundary_keeps_streets_that_touch_it_whole(tmp_path):
    roads = map_roads(streets(tmp_path, "path", "path", "path", "path"), boundary=shapely.box(10.0025, 49.9, 10.0035, 50.1))
    assert [list(g.coords) for g in roads.geometry] == [[(10.002, 50.0), (10.003, 50.0)], [(10.003, 50.0), (10.004, 50.0)]]


@pytest.mark.parametrize("name", ["r.osm", "r.osm.gz", "r.osm.bz2", "r.osm.pbf"])
def test_every_format_is_read_alike(tmp_path, name):
    assert map_roads(streets(tmp_path, "primary", "path", name=name))["kind"].tolist() == ["main", "path"]


def test_file_without_streets_gives_an_empty_table(tmp_path):
    roads = map_roads(write_osm(tmp_path / "r.osm.pbf", NODES))
    assert len(roads) == 0
    assert list(roads.columns) == ["kind", "name", "geometry"]


def test_broken_file_is_named(tmp_path):
    (tmp_path / "r.osm.pbf").write_bytes(b"<html>busy</html>")
    with pytest.raises(InputError, match="E304"):
        map_roads(tmp_path / "r.osm.pbf")


GRAPH = """<?xml version='1.0' encoding='utf-8'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="g" for="graph" attr.name="crs" attr.type="string" /><key id="x" for="node" attr.name="x" attr.type="string" />
  <key id="y" for="node" attr.name="y" attr.type="string" /><key id="o" for="edge" attr.name="osmid" attr.type="string" />
  <key id="h" for="edge" attr.name="highway" attr.type="string" /><key id="n" for="edge" attr.name="name" attr.type="string" />
  <graph edgedefault="directed"><data key="g">epsg:4326</data>
    <node id="1"><data key="x">10.000</data><data key="y">50.0</data></node><node id="2"><data key="x">10.001</data><data key="y">50.0</data></node>
    <node id="3"><data key="x">10.002</data><data key="y">50.0</data></node><node id="4"><data key="x">10.003</data><data key="y">50.0</data></node>
    <edge source="1" target="2" id="0"><data key="o">7</data><data key="h">residential</data><data key="n">长街</data></edge>
    <edge source="2" target="3" id="0"><data key="o">7</data><data key="h">residential</data><data key="n">长街</data></edge>
    <edge source="3" target="4" id="0"><data key="o">8</data><data key="h">motorway</data></edge>
  </graph></graphml>"""


def test_other_networks_give_the_same_table_with_edges_of_a_way_joined(tmp_path):
    (tmp_path / "g.graphml").write_text(GRAPH, encoding="utf-8")
    roads = map_roads_of(read_graphml(tmp_path / "g.graphml"))
    assert list(roads.columns) == ["kind", "name", "geometry"]
    assert roads["kind"].tolist() == ["local", "main"], "the motorway is closed to people on foot, and drawn"
    assert roads["name"].tolist() == ["长街", ""]
    assert [len(g.coords) for g in roads.geometry] == [3, 2]
    assert roads.crs.to_epsg() == 4326
    assert len(map_roads_of(read_graphml(tmp_path / "g.graphml"), boundary=shapely.box(10.0025, 49, 11, 51))) == 1


@pytest.mark.truth
def test_real_extract_loses_no_street(outside_data):
    path = outside_data("heidelberg/heidelberg.test.pbf")
    expected = dict.fromkeys(ROAD_KINDS, 0)
    places = {}
    for thing in osmium.FileProcessor(str(path)):
        if thing.type_str() == "n":
            places[thing.id] = (thing.location.lon, thing.location.lat)
        elif thing.type_str() == "w" and (kind := KIND_OF_CLASS.get(thing.tags.get("highway", ""))):
            kind = "private" if kind in ("local", "path") and is_private(dict(thing.tags)) else kind
            expected[kind] += len({places[n.ref] for n in thing.nodes if n.ref in places}) > 1
    roads = map_roads(path)
    assert roads["kind"].value_counts().to_dict() == expected
    assert roads.geometry.is_valid.all()
