"""Streets drawn by hand: where they join, what parts them, how squares are crossed, where places touch them."""

from __future__ import annotations

from typing import ClassVar

import geopandas as gpd
import numpy as np
import pytest
import shapely

from cfmap.network import EdgeFlag, Network

from .drawn import place, write_osm

STREET = {"highway": "residential"}
FOOTWAY = {"highway": "footway"}


def points(*metres):
    return gpd.GeoSeries([shapely.Point(place(*p)) for p in metres], crs=4326)


def distance(network, a, b, **options):
    """Metres walked from a to b, both given in metres; None when there is no way."""
    ends = network.snap(points(a, b), limit_m=60, main_component_first=False)
    mm = int(network.travel(ends.take([1]), connectors=False, **options).at(ends.take([0]))[0][0])
    return None if mm < 0 else mm / 1000


def test_streets_join_at_shared_nodes_only(tmp_path):
    nodes = {1: (-100, 0), 2: (0, 0), 3: (100, 0), 4: (0, -100), 5: (0, 100), 6: (100, 100)}
    crossing = Network.from_osm(write_osm(tmp_path / "a.osm", nodes, {1: ([1, 3], STREET), 2: ([4, 5], STREET | {"bridge": "yes", "layer": "1"})}))
    assert len(crossing.components) == 2
    assert distance(crossing, (-100, 0), (0, 100)) is None
    joined = Network.from_osm(write_osm(tmp_path / "b.osm", nodes, {1: ([1, 2, 3], STREET), 2: ([4, 2, 5], STREET)}))
    assert joined.n_edges == 4
    assert distance(joined, (-100, 0), (0, 100)) == pytest.approx(200, abs=0.2)


def test_rings_parallel_streets_and_loops_are_kept(tmp_path):
    nodes = {1: (0, 0), 2: (50, 50), 3: (100, 0), 4: (150, 50), 5: (200, 0), 6: (150, -50)}
    network = Network.from_osm(
        write_osm(tmp_path / "a.osm", nodes, {1: ([1, 3], STREET), 2: ([1, 2, 3], STREET), 3: ([3, 4, 5, 6, 3], STREET), 4: ([5, 5], STREET)})
    )
    assert network.n_edges == 3  # way 4 has one place only
    loops = network.edge_u == network.edge_v
    assert loops.sum() == 1
    assert network.edge_mm[loops][0] / 1000 == pytest.approx(4 * 50 * 2**0.5, abs=0.5)
    assert distance(network, (150, 50), (150, -50)) == pytest.approx(2 * 50 * 2**0.5, abs=0.3)


def test_lengths_are_sums_of_rounded_geodesic_segments(tmp_path):
    from pyproj import Geod

    nodes = {1: (0, 0), 2: (33.3, 12.1), 3: (70.7, -5.5)}
    network = Network.from_osm(write_osm(tmp_path / "a.osm", nodes, {1: ([1, 2, 3], STREET)}))
    geod = Geod(ellps="WGS84")
    expected = [round(geod.inv(*place(*nodes[a]), *place(*nodes[b]))[2] * 1000) for a, b in ((1, 2), (2, 3))]
    assert network.vertex_mm.tolist() == [0, expected[0], sum(expected)]
    assert network.edge_mm.tolist() == [sum(expected)]


@pytest.mark.parametrize(
    ("tags", "walkable"),
    [
        ({"barrier": "gate"}, True),
        ({"barrier": "bollard"}, True),
        ({"barrier": "wall"}, False),
        ({"barrier": "gate", "access": "no"}, False),
        ({"barrier": "gate", "access": "no", "foot": "yes"}, True),
        ({"highway": "crossing", "foot": "no"}, True),
    ],
)
def test_barriers_in_the_course_of_a_street(tmp_path, tags, walkable):
    nodes = {1: (0, 0), 2: (100, 0), 3: (200, 0)}
    network = Network.from_osm(write_osm(tmp_path / "a.osm", nodes, {1: ([1, 2, 3], STREET)}, node_tags={2: tags}))
    assert (distance(network, (0, 0), (200, 0)) is not None) == walkable


def test_a_shut_gate_at_a_junction_parts_the_lesser_way_only(tmp_path):
    nodes = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (100, 100)}
    ways = {1: ([1, 2, 3], STREET), 2: ([2, 4], {"highway": "service"})}
    network = Network.from_osm(write_osm(tmp_path / "a.osm", nodes, ways, node_tags={2: {"barrier": "gate", "access": "no"}}))
    assert distance(network, (0, 0), (200, 0)) == pytest.approx(200, abs=0.2)
    assert distance(network, (0, 0), (100, 100)) is None
    assert network.components["gates"].tolist() == [(), (2,)]
    # a place beside the estate's road stays there and is told why; it is not moved to the street outside
    assert network.snap(points((105, 60)), limit_m=200).status.tolist() == ["island"]


def test_what_lies_behind_a_private_gate_is_destination_only(tmp_path):
    #  1 -- 2 ------- 3 -- 4      the estate road 2-5-3 has private gates at 5 and 6 and no access tag of its own
    #       5 -- 7 -- 6
    nodes = {1: (-100, 0), 2: (0, 0), 3: (200, 0), 4: (300, 0), 5: (0, -20), 6: (200, -20), 7: (100, -20), 8: (100, 300)}
    ways = {1: ([1, 2], STREET), 2: ([3, 4], STREET), 3: ([2, 5, 7, 6, 3], {"highway": "service"}), 4: ([2, 8, 3], STREET)}
    gate = {"barrier": "gate", "access": "private"}
    network = Network.from_osm(write_osm(tmp_path / "a.osm", nodes, ways, node_tags={5: gate, 6: gate}))
    assert distance(network, (-100, 0), (100, -20)) == pytest.approx(220, abs=0.3)
    assert distance(network, (100, -20), (300, 0)) == pytest.approx(220, abs=0.3)
    assert distance(network, (-100, 0), (300, 0)) == pytest.approx(200 + 2 * np.hypot(100, 300), abs=1)
    assert len(network.components) == 1


def test_one_way_on_foot_counts_in_the_walking_direction(tmp_path):
    nodes = {1: (0, 0), 2: (100, 0)}
    network = Network.from_osm(
        write_osm(tmp_path / "a.osm", nodes, {1: ([1, 2], {"highway": "steps", "conveying": "forward"}), 2: ([2, 1], STREET | {"oneway": "yes"})})
    )
    assert network.has(EdgeFlag.NO_BACKWARD).sum() == 1
    only = Network.from_osm(write_osm(tmp_path / "b.osm", nodes, {1: ([1, 2], FOOTWAY | {"oneway:foot": "yes"})}))
    assert distance(only, (10, 0), (90, 0)) == pytest.approx(80, abs=0.1)
    assert distance(only, (90, 0), (10, 0)) is None
    assert distance(only, (90, 0), (10, 0), reverse=True) == pytest.approx(80, abs=0.1)


def test_prams_avoid_steps_without_a_ramp(tmp_path):
    nodes = {1: (0, 0), 2: (100, 0), 3: (50, 100)}
    steps = {1: ([1, 2], {"highway": "steps"}), 2: ([1, 3, 2], FOOTWAY)}
    network = Network.from_osm(write_osm(tmp_path / "a.osm", nodes, steps))
    assert distance(network, (0, 0), (100, 0)) == pytest.approx(100, abs=0.1)
    assert distance(network, (0, 0), (100, 0), avoid_steps=True) == pytest.approx(2 * np.hypot(50, 100), abs=0.5)
    ramp = Network.from_osm(write_osm(tmp_path / "b.osm", nodes, steps | {1: ([1, 2], {"highway": "steps", "ramp:stroller": "yes"})}))
    assert distance(ramp, (0, 0), (100, 0), avoid_steps=True) == pytest.approx(100, abs=0.1)


class TestSquares:
    """A square of 100 m, ways leaving from its corners 1 and 3; the outline is 200 m round, the straight line 141 m."""

    nodes: ClassVar = {1: (0, 0), 2: (100, 0), 3: (100, 100), 4: (0, 100), 5: (-50, 0), 6: (150, 100), 7: (60, 30), 8: (70, 30), 9: (70, 60), 10: (60, 60)}
    out: ClassVar = {2: ([5, 1], FOOTWAY), 3: ([3, 6], FOOTWAY)}

    def test_one_walks_straight_across(self, tmp_path):
        ways = {1: ([1, 2, 3, 4, 1], {"highway": "pedestrian", "area": "yes", "name": "广场"}), **self.out}
        network = Network.from_osm(write_osm(tmp_path / "a.osm", self.nodes, ways))
        assert distance(network, (-50, 0), (150, 100)) == pytest.approx(100 + 100 * 2**0.5, abs=0.3)
        assert network.edge_way[network.has(EdgeFlag.AREA_LINK)].tolist() == [1]
        assert network.way_tags.loc[1, "name"] == "广场"

    def test_without_area_one_walks_round(self, tmp_path):
        ways = {1: ([1, 2, 3, 4, 1], {"highway": "pedestrian"}), **self.out}
        network = Network.from_osm(write_osm(tmp_path / "a.osm", self.nodes, ways))
        assert distance(network, (-50, 0), (150, 100)) == pytest.approx(300, abs=0.3)

    def test_a_hole_is_walked_round_at_its_corners(self, tmp_path):
        # the straight line from (0, 0) to (100, 100) meets the hole (60..70, 30..60) at its corner (60, 60)
        ways = {1: ([1, 2, 3, 4, 1], {}), 4: ([7, 8, 9, 10, 7], {}), **self.out}
        square = (9, [(1, "outer"), (4, "inner")], {"type": "multipolygon", "highway": "pedestrian"})
        nodes = self.nodes | {10: (50, 60), 7: (50, 30)}
        network = Network.from_osm(write_osm(tmp_path / "a.osm", nodes, ways, relations=[square]))
        over_corner = np.hypot(50, 60) + np.hypot(50, 40)
        assert distance(network, (-50, 0), (150, 100)) == pytest.approx(100 + over_corner, abs=0.3)
        links = network.edges_gdf()[network.has(EdgeFlag.AREA_LINK)]
        assert set(links["way_id"]) == {-9}
        hole = shapely.Polygon([place(*nodes[n]) for n in (7, 8, 9, 10)]).buffer(-1e-6)
        assert not links.geometry.intersects(hole).any()

    def test_a_square_whose_outline_crosses_itself_keeps_its_outline_and_is_reported(self, tmp_path):
        ways = {1: ([1, 3, 2, 4, 1], {"highway": "pedestrian", "area": "yes"}), **self.out}
        network = Network.from_osm(write_osm(tmp_path / "a.osm", self.nodes, ways))
        assert [f.code for f in network.faults] == ["W309"]
        assert not network.has(EdgeFlag.AREA_LINK).any()


@pytest.mark.parametrize(("tags", "reason"), [({"sidewalk": "separate"}, "sidewalk"), ({"foot": "use_sidepath"}, "sidepath")])
def test_a_road_is_left_out_only_where_its_sidewalk_runs_beside_it(tmp_path, tags, reason):
    # the sidewalk 5-6 accompanies the stretch 1-2, nothing accompanies 2-3
    nodes = {1: (0, 0), 2: (200, 0), 3: (400, 0), 5: (0, 8), 6: (200, 8), 7: (200, 300)}
    ways = {
        1: ([1, 2, 3], {"highway": "primary"} | tags),
        2: ([1, 5, 6, 2], FOOTWAY | {"footway": "sidewalk"}),
        3: ([2, 7], STREET),
    }
    network = Network.from_osm(write_osm(tmp_path / "a.osm", nodes, ways))
    assert network.left_out[["way_id", "u", "v", "reason", "motor"]].to_numpy().tolist() == [[1, 1, 2, reason, True]]
    assert distance(network, (0, 0), (400, 0)) == pytest.approx(216 + 200, abs=1)
    alone = Network.from_osm(write_osm(tmp_path / "b.osm", nodes, {1: ways[1], 3: ways[3]}))
    assert len(alone.left_out) == 0
    assert distance(alone, (0, 0), (400, 0)) == pytest.approx(400, abs=0.3)


def test_a_crossing_mapped_as_node_and_way_counts_once(tmp_path):
    nodes = {1: (0, 0), 2: (50, 0), 3: (100, 0), 4: (50, 5), 5: (50, -5), 6: (90, 5), 7: (90, -5)}
    ways = {
        1: ([1, 2, 3], STREET),
        2: ([4, 2, 5], FOOTWAY | {"footway": "crossing", "crossing": "traffic_signals"}),
        3: ([6, 7], FOOTWAY | {"footway": "crossing", "crossing": "zebra"}),
    }
    network = Network.from_osm(write_osm(tmp_path / "a.osm", nodes, ways, node_tags={2: {"highway": "crossing"}}))
    assert dict(zip(network.crossings["osm_id"], network.crossings["kind"], strict=True)) == {"n2": "signalled", "w3": "marked"}


@pytest.mark.parametrize(
    ("node", "way", "kind", "doubt"),
    [
        ({"crossing": "traffic_signals", "crossing:signals": "no"}, None, "unknown", "node/2 crossing=traffic_signals crossing:signals=no"),
        ({"crossing": "zebra"}, {"crossing": "unmarked"}, "unknown", "node/2 crossing=zebra way/2 crossing=unmarked"),
        ({"crossing": "traffic_signals"}, {"crossing": "uncontrolled"}, "unknown", "node/2 crossing=traffic_signals way/2 crossing=uncontrolled"),
        (None, {"crossing": "zebra", "crossing:markings": "no"}, "unknown", "way/2 crossing=zebra crossing:markings=no"),
        ({"crossing": "traffic_signals"}, {"crossing": "marked"}, "signalled", ""),  # signals and markings go together
        ({"crossing": "traffic_signals", "crossing:markings": "no"}, None, "signalled", ""),
    ],
)
def test_a_crossing_whose_tags_contradict_each_other_is_of_no_known_kind(tmp_path, node, way, kind, doubt):
    nodes = {1: (0, 0), 2: (50, 0), 3: (100, 0), 4: (50, 5), 5: (50, -5)}
    ways = {1: ([1, 2, 3], STREET)} | ({2: ([4, 2, 5], FOOTWAY | {"footway": "crossing"} | way)} if way else {})
    tags = {2: {"highway": "crossing"} | node} if node else {}
    network = Network.from_osm(write_osm(tmp_path / "a.osm", nodes, ways, node_tags=tags))
    assert network.crossings[["kind", "doubt"]].to_numpy().tolist() == [[kind, doubt]]


def test_roads_closed_to_people_are_kept_aside(tmp_path):
    nodes = {1: (0, 0), 2: (100, 0), 3: (0, 50), 4: (100, 50)}
    network = Network.from_osm(write_osm(tmp_path / "a.osm", nodes, {1: ([1, 2], {"highway": "motorway"}), 2: ([3, 4], STREET)}))
    assert network.edge_way.tolist() == [2]
    assert network.left_out[["way_id", "reason", "kind"]].to_numpy().tolist() == [[1, "closed", "motorway"]]


class TestSnap:
    """One street of 1,000 m along y = 0, and an island of 100 m at y = 150."""

    @pytest.fixture
    def network(self, tmp_path):
        nodes = {1: (0, 0), 2: (400, 0), 3: (1000, 0), 4: (0, 150), 5: (100, 150)}
        return Network.from_osm(write_osm(tmp_path / "a.osm", nodes, {1: ([1, 2, 3], STREET), 2: ([4, 5], FOOTWAY)}))

    def test_the_foot_is_perpendicular_and_both_parts_are_measured(self, network):
        snapped = network.snap(points((250, 30)), limit_m=100)
        assert snapped.offset_mm[0] / 1000 == pytest.approx(250, abs=0.1)
        assert snapped.connector_mm[0] / 1000 == pytest.approx(30, abs=0.05)
        assert (snapped.lon[0], snapped.lat[0]) == pytest.approx(place(250, 0), abs=1e-6)

    def test_status_tells_near_far_island_and_off(self, network):
        snapped = network.snap(points((10, 10), (10, 70), (10, 130), (10, 300)), limit_m=100)
        assert snapped.status.tolist() == ["ok", "far", "island", "off_network"]
        assert network.snap(points((10, 130)), limit_m=140).status.tolist() == ["far"]  # the main component comes first within the limit
        assert network.snap(points((10, 130)), limit_m=140, main_component_first=False).status.tolist() == ["island"]

    def test_missing_and_empty_points_are_off_the_network_and_rows_stay(self, network):
        given = gpd.GeoSeries([None, shapely.Point(), shapely.Point(place(10, 10))], index=["a", "b", "c"], crs=4326)
        frame = network.snap(given, limit_m=100).frame()
        assert frame.index.tolist() == ["a", "b", "c"]
        assert frame["status"].tolist() == ["off_network", "off_network", "ok"]
        assert frame["snap_m"].isna().tolist() == [True, True, False]

    def test_the_limit_is_inclusive_and_geodesic(self, network):
        exact = network.snap(points((250, 30)), limit_m=100).connector_mm[0] / 1000
        assert network.snap(points((250, 30)), limit_m=exact + 0.001).status.tolist() == ["ok"]
        assert network.snap(points((250, 30)), limit_m=exact - 0.001).status.tolist() == ["off_network"]

    def test_two_places_on_one_edge_are_as_far_apart_as_they_are(self, network):
        assert distance(network, (300, 5), (350, -5)) == pytest.approx(50, abs=0.05)

    def test_a_network_without_streets_snaps_nothing(self):
        from cfmap.network.build import Ways, build_network

        none = np.zeros(0, dtype=np.int64)
        empty = build_network(
            Ways(none, none.astype(float), none.astype(float), none, none.astype(np.uint8), none.astype(np.uint16), np.zeros(1, dtype=np.int64), none)
        )
        assert empty.snap(points((0, 0)), limit_m=100).status.tolist() == ["off_network"]
        assert empty.summary()["components"] == 0


def test_summary_and_tables_agree(tmp_path):
    nodes = {1: (0, 0), 2: (100, 0), 3: (200, 0)}
    network = Network.from_osm(write_osm(tmp_path / "a.osm", nodes, {1: ([1, 2], STREET | {"name": "甲路"}), 2: ([2, 3], FOOTWAY)}))
    edges, summary = network.edges_gdf(), network.summary()
    assert edges["length_m"].sum() / 1000 == pytest.approx(summary["km"], abs=1e-3)
    assert edges.crs.to_epsg() == 4326
    assert edges.set_index("way_id")["name"].to_dict() == {1: "甲路", 2: None} or edges.set_index("way_id")["name"].isna().to_dict() == {1: False, 2: True}
    assert network.nodes_gdf()["node_id"].tolist() == network.node_id.tolist()
    assert edges["highway"].tolist() == ["residential", "footway"] or edges["highway"].tolist() == ["footway", "residential"]
