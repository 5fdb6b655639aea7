"""The judge's pure parts: names of differences come from tags, routes are found again on the ways, lengths are compared on both sides."""

from __future__ import annotations

import osmium
import pytest

from cfmap.network import EdgeFlag, Network
from judge import report
from judge.classes import CLASSES, node_stops_theirs, passages, why_not_ours, why_not_theirs
from judge.compare import Pair, Result, same
from judge.ground import Index, OurGround, RawFile, Step, Walk, decoded, write_level
from judge.places import Spot, draw
from judge.private import Exits, put_together

A, B, C, D = (8.0, 50.0), (8.001, 50.0), (8.002, 50.0), (8.003, 50.0)


@pytest.mark.parametrize(
    ("tags", "name"),
    [
        ({"highway": "bridleway"}, "bridleway"),
        ({"highway": "motorway"}, "motorway rules"),
        ({"highway": "primary", "motorroad": "yes"}, "motorway rules"),
        ({"highway": "construction", "foot": "yes"}, "not built"),
        ({"highway": "footway", "access": "no"}, "access tag"),
        ({"highway": "footway", "access": "yes", "foot": "no"}, "foot tag"),
        ({"highway": "raceway"}, "no street"),
        ({"route": "ferry"}, "ferry"),
        ({"railway": "rail"}, "no street"),
        ({"highway": "footway"}, None),
        ({"highway": "footway", "access": "private"}, None),
    ],
)
def test_what_cfmap_does_not_walk_is_named_by_its_tags_and_open_streets_have_no_excuse(tags, name):
    assert why_not_ours(tags, replaced=None, forward=True) == name
    assert name is None or name in CLASSES


def test_a_stretch_left_out_for_a_way_beside_it_is_named_so_whatever_its_tags():
    assert why_not_ours({"highway": "primary", "sidewalk": "separate"}, replaced="sidewalk", forward=True) == "sidewalk beside"
    assert why_not_ours({"highway": "primary", "foot": "use_sidepath"}, replaced="sidepath", forward=True) == "path beside"


def test_the_closed_direction_of_a_way_is_named_and_the_open_one_is_not():
    escalator = {"highway": "steps", "conveying": "forward"}
    assert why_not_ours(escalator, replaced=None, forward=False) == "one-way on foot"
    assert why_not_ours(escalator, replaced=None, forward=True) is None


@pytest.mark.parametrize(
    ("tags", "flags", "one_way", "name"),
    [
        ({"highway": "pedestrian", "area": "yes"}, EdgeFlag.AREA, False, "pedestrian square"),
        ({}, EdgeFlag.AREA_LINK, False, "pedestrian square"),
        ({"highway": "cycleway"}, 0, False, "cycleway"),
        ({"railway": "platform"}, 0, False, "platform or pier"),
        ({"highway": "corridor"}, 0, False, "indoor"),
        ({"highway": "service", "access": "no", "foot": "private"}, 0, False, "restricted by Valhalla"),
        ({"highway": "pedestrian", "oneway": "yes"}, 0, True, "oneway tag"),
        ({"highway": "footway", "oneway:foot": "yes"}, 0, True, "one-way on foot"),
        ({"highway": "footway"}, 0, True, None),
        ({"highway": "residential"}, 0, False, None),
    ],
)
def test_what_valhalla_refuses_is_named_by_its_tags_and_plain_streets_have_no_excuse(tags, flags, one_way, name):
    assert why_not_theirs(tags, flags=int(flags), one_way=one_way) == name
    assert name is None or name in CLASSES


def test_only_a_node_that_says_something_about_passing_can_stop_valhalla():
    assert node_stops_theirs({"barrier": "gate"})
    assert not node_stops_theirs({"highway": "crossing"})
    assert not node_stops_theirs({"barrier": "gate", "access": "no"})  # cfmap stops there too


@pytest.mark.parametrize(
    ("private", "passes"), [([True, False, True], False), ([False, True, False], True), ([True, True], False), ([False, False], False), ([], False)]
)
def test_private_ground_is_passed_only_between_public_ground(private, passes):
    assert passages(private) is passes


def walk(metres, edges=1):
    return Walk(metres, metres, edges, [])


def test_lengths_agree_within_rounding_on_both_sides_and_no_walk_agrees_only_with_no_walk():
    assert same(1000.0, walk(1000.9))
    assert same(1000.0, walk(999.4))
    assert not same(1000.0, walk(1001.2))
    assert not same(1000.0, walk(999.2))
    assert same(1000.0, walk(1005.9, edges=50))
    assert not same(1000.0, walk(999.2, edges=50))
    assert same(None, None)
    assert not same(None, walk(5.0))
    assert not same(5.0, None)


def test_a_rounded_course_is_found_again_on_its_ways_in_walking_direction():
    index = Index([(1, [A, B, C]), (2, [C, D]), (3, [B, C])])
    shape = [(8_000_500, 50_000_000), (8_001_000, 50_000_000), (8_002_000, 50_000_000), (8_003_000, 50_000_000), (8_003_400, 50_000_000)]
    assert [(s.a, s.b, s.lines) for s in index.along(shape)] == [(B, C, (1, 3)), (C, D, (2,))]
    assert [(s.a, s.b) for s in index.along(shape[::-1])] == [(D, C), (C, B)]
    assert index.junctions == {A, B, C, D}


def pair(ours, level, tagged, **facts):
    return Pair(Spot(0, *A), Spot(1, *B), ours, level, tagged, level_agrees=same(ours, level), agrees=same(ours, tagged), **facts)


def test_a_difference_without_a_reason_or_on_the_same_ground_is_unexplained():
    fine = pair(100.0, walk(100.1), walk(100.2))
    named = pair(100.0, walk(100.1), walk(150.0), why=("cycleway",))
    nameless = pair(100.0, walk(100.1), walk(150.0))
    wrong = pair(100.0, walk(90.0), walk(100.0))
    result = Result("town", "2024-01-01T00:00:00Z", [fine, named, nameless, wrong])
    assert report.unexplained(result) == [nameless, wrong]
    assert report.agreeing(result) == 0.5
    page = report.markdown([result], engine="engine 1")
    assert "| town | 4 | 2 | 50.0 % | 0 | 0 | 2 | 0 | **2** |" in page
    assert f"| cycleway | 1 | {CLASSES['cycleway']} |" in page


def test_a_shape_is_decoded_as_the_published_example_of_the_encoding_says():
    assert decoded("_p~iF~ps|U_ulLnnqC_mqNvxq`@") == [(-12_020_000, 3_850_000), (-12_095_000, 4_070_000), (-12_645_300, 4_325_200)]


TOWN = """<osm version="0.6">
 <node id="1" lat="50" lon="8.000" version="1"/><node id="2" lat="50" lon="8.001" version="1"/>
 <node id="3" lat="50" lon="8.002" version="1"><tag k="barrier" v="gate"/><tag k="access" v="no"/></node>
 <node id="4" lat="50" lon="8.003" version="1"/><node id="5" lat="50.001" lon="8.001" version="1"/>
 <node id="6" lat="50.002" lon="8.001" version="1"/><node id="7" lat="50" lon="8.001" version="1"/>
 <way id="10" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><tag k="highway" v="residential"/></way>
 <way id="11" version="1"><nd ref="2"/><nd ref="5"/><nd ref="6"/><tag k="highway" v="steps"/><tag k="conveying" v="forward"/></way>
 <way id="12" version="1"><nd ref="7"/><nd ref="1"/><tag k="highway" v="footway"/><tag k="access" v="private"/></way>
 <way id="13" version="1"><nd ref="4"/><nd ref="6"/><tag k="highway" v="bridleway"/></way>
</osm>"""  # 7 lies on 2 without being it; a closed gate in the course of way 10


@pytest.fixture
def town(tmp_path):
    file = tmp_path / "town.osm"
    file.write_text(TOWN, encoding="utf-8")
    return Network.from_osm(file), RawFile.read(file), tmp_path / "level.osm.pbf"


def test_the_same_ground_joins_by_the_raw_ids_cuts_at_gates_and_keeps_directions(town):
    network, raw, level = town
    write_level(network, raw, level, edges=network.edge_mm >= 0)
    ways = {o.id: ([n.ref for n in o.nodes], dict(o.tags)) for o in osmium.FileProcessor(str(level)) if o.is_way()}
    assert {tags["highway"] for _, tags in ways.values()} == {"footway"}
    by_way = {int(way): [ways[e + 1] for e in range(network.n_edges) if network.edge_way[e] == way] for way in network.edge_way}
    assert by_way[11] == [([2, 5, 6], {"highway": "footway", "oneway:foot": "yes"})]
    assert by_way[12] == [([7, 1], {"highway": "footway"})]
    ends = {refs[end] for refs, _ in by_way[10] for end in (0, -1)}
    assert {1, 2, 4} < ends
    assert len(ends - {1, 2, 4}) == 2
    assert 3 not in ends
    write_level(network, raw, level, edges=~network.is_private)
    assert len([o for o in osmium.FileProcessor(str(level)) if o.is_way()]) == len(ways) - 1


def test_cfmap_walks_the_same_ground_as_it_walks_the_file_it_came_from(town):
    network, raw, level = town
    write_level(network, raw, level, edges=network.edge_mm >= 0)
    again = Network.from_osm(level)
    assert sorted(again.edge_mm.tolist()) == sorted(network.edge_mm.tolist())
    assert len(again.components) == len(network.components)


def test_our_ground_knows_directions_gates_and_nothing_of_closed_ways(town):
    network, _, _ = town
    ground = OurGround(network)
    two, five, gate = (8.001, 50.0), (8.001, 50.001), (8.002, 50.0)
    assert (11, two, five) in ground.flags
    assert (11, five, two) not in ground.flags
    assert ground.flags[12, two, (8.0, 50.0)] & EdgeFlag.PRIVATE
    assert ground.barriers == {gate: "closed"}
    assert {way for way, *_ in ground.flags} == {10, 11, 12}
    assert ground.parts(Step(two, gate, (10,)), Step(gate, (8.003, 50.0), (10,)))
    assert not ground.parts(Step((8.0, 50.0), two, (10,)), Step(two, gate, (10,)))


def test_places_are_the_same_for_the_same_seed_and_lie_on_one_street_only(town):
    network, _, _ = town
    spots = draw(network, 40, seed=7)
    assert spots == draw(network, 40, seed=7) != draw(network, 40, seed=8)
    assert {int(network.edge_way[s.edge]) for s in spots} == {10, 11}  # way 12 lies upon way 10 for its whole length
    assert all(s.lon > 8.001 for s in spots if network.edge_way[s.edge] == 10)


def test_a_walk_from_private_ground_is_the_shortest_over_all_exits_or_none(town):
    network, _, _ = town
    edge = {int(way): e for e, way in enumerate(network.edge_way)}
    private, public = Spot(edge[12], 8.0005, 50.0), Spot(edge[10], 8.0025, 50.0)
    exits = Exits(network)
    assert exits.of(public) == [(8.0025, 50.0)]
    assert exits.of(private) == [(8.0, 50.0)]  # its other end only lies upon a street's node

    def metres(legs):
        return [walk(100.0) for _ in legs]

    def nowhere(legs):
        return [None for _ in legs]

    known, whole = put_together(private, public, exits, on_private=metres, on_public=metres)
    assert known
    assert whole.metres == 200.0
    assert put_together(private, public, exits, on_private=metres, on_public=nowhere) == (True, None)


def test_nodes_upon_each_other_in_one_way_keep_their_own_ids():
    raw = RawFile(ways={1: ([A, B, B, C], {})}, refs={1: [10, 20, 30, 40]})
    assert raw.run(1, [A, B], 10) == [10, 20]
    assert raw.run(1, [B, B], 20) == [20, 30]
    assert raw.run(1, [B, C], 30) == [30, 40]
    assert raw.run(1, [C, A], 40) == []
    assert raw.run(2, [A, B], 10) == []
