"""What does the walk to school cross? Rivers, railways and roads drawn by hand, each with and without help; and nothing invented."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pytest
from shapely import Point

from cfmap.coverage.severance import children_by_state, severance
from cfmap.coverage.severance_asked import severance_asked, without_ages
from cfmap.indicators.people import AUDIENCES, GROUPS
from cfmap.model import InputError, Population
from cfmap.model.schema import AGES_OF
from cfmap.network import Network
from cfmap.network.obstacles import help_of, kind_of, read_obstacles
from tests.unit.network.drawn import place, write_osm

RAIL, RIVER, ROAD = {"railway": "rail"}, {"waterway": "river", "name": "清河"}, {"highway": "primary", "name": "人民路"}
#    1 -- 6 -- 2 -- 7 -- 3      a walk from south to north; the obstacle runs from west (4) to east (5) through the middle
MIDDLE = {1: (0, -200), 2: (0, 0), 3: (0, 200), 4: (-300, 0), 5: (300, 0), 6: (0, -20), 7: (0, 20)}
WALK = {10: ([1, 6, 7, 3], {"highway": "footway"})}
HOME, SCHOOL = (3, -150), (3, 150)


def points(**where):
    return gpd.GeoDataFrame({"id": list(where)}, geometry=[Point(place(*xy)) for xy in where.values()], crs=4326)


def streets(path, nodes, ways, node_tags=None):
    file = write_osm(path / "streets.osm", dict(sorted(nodes.items())), dict(sorted(ways.items())), node_tags=node_tags)
    return Network.from_osm(file), read_obstacles(file)


def look(path, nodes, ways, node_tags=None, *, home=HOME, school=SCHOOL):
    """States and forms of what one child gets over."""
    network, obstacles = streets(path, nodes, ways, node_tags)
    found = severance(network, points(S=school), points(h=home).assign(pop_6_11=1.0), obstacles=obstacles)
    assert found.origins["status"].tolist() == ["reached"]
    return list(zip(found.crossings["kind"], found.crossings["state"], found.crossings["form"], strict=True))


@pytest.mark.parametrize(("tags", "kind"), [(RAIL, "railway"), (RIVER, "water"), ({**ROAD, "foot": "no"}, "road")])
def test_obstacles_between_home_and_school_are_found_and_bridges_and_subways_over_them_are_not(tmp_path, tags, kind):
    assert look(tmp_path, MIDDLE, WALK | {20: ([4, 5], tags)}) == [(kind, "unknown", "")]
    apart = {10: ([1, 6], {"highway": "footway"}), 12: ([7, 3], {"highway": "footway"}), 20: ([4, 5], tags)}
    for how in ({"bridge": "yes", "layer": "1"}, {"tunnel": "yes", "layer": "-1"}):
        assert look(tmp_path, MIDDLE, apart | {11: ([6, 7], {"highway": "footway", **how})}) == []
    assert look(tmp_path, MIDDLE, WALK | {20: ([4, 5], {**tags, "tunnel": "yes"})}) == []  # the obstacle goes under
    beside = {11: ([8, 9], {"highway": "footway", "bridge": "yes", "layer": "1"}), 12: ([6, 8], {"highway": "path"}), 13: ([9, 7], {"highway": "path"})}
    for east, said in ((12, ("safe", "bridge")), (30, ("unknown", ""))):  # 30 m are too far
        assert look(tmp_path, MIDDLE | {8: (east, -20), 9: (east, 20)}, WALK | beside | {20: ([4, 5], tags)}) == [(kind, *said)]


@pytest.mark.parametrize(
    ("node", "said"),
    [
        ({"highway": "crossing", "crossing": "traffic_signals"}, ("safe", "signalled")),
        ({"highway": "crossing", "crossing": "zebra"}, ("safe", "marked")),
        ({"highway": "traffic_signals"}, ("safe", "junction_signals")),
        ({"highway": "crossing", "crossing": "unmarked"}, ("unsafe", "unmarked")),
        ({"highway": "crossing", "crossing": "no"}, ("unsafe", "none")),
        ({}, ("unknown", "")),
    ],
)
def test_what_a_road_crossing_is_called(tmp_path, node, said):
    one = {10: ([1, 2, 3], {"highway": "residential"}), 20: ([4, 2, 5], ROAD)}
    assert look(tmp_path, MIDDLE, one, {2: node}) == [("road", *said)]


def test_a_level_crossing_is_a_crossing(tmp_path):
    one = {10: ([1, 2], {"highway": "residential"}), 11: ([2, 3], {"highway": "residential"}), 20: ([4, 2, 5], RAIL)}
    assert look(tmp_path, MIDDLE, one, {2: {"railway": "level_crossing", "crossing:barrier": "full"}}) == [("railway", "safe", "signalled")]
    assert look(tmp_path, MIDDLE, one) == [("railway", "unknown", "")]


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        ({"railway": "level_crossing", "crossing:light": "yes"}, [("railway", "signalled")]),
        ({"railway": "level_crossing", "crossing:barrier": "no"}, [("railway", "unmarked")]),
        ({"railway": "crossing"}, [("railway", "unknown")]),
        ({"highway": "crossing"}, [("road", "unknown")]),
        ({"highway": "crossing", "crossing_ref": "zebra"}, [("road", "marked")]),
        ({"ford": "yes"}, [("water", "ford")]),
        ({"highway": "bus_stop"}, []),
    ],
)
def test_what_a_node_says_about_getting_over(tags, said):
    assert help_of(tags) == said


def test_a_marked_crossing_helps_on_its_own_road_only_and_within_15_m(tmp_path):
    nodes = MIDDLE | {30: (10, 0), 31: (0, 10)}
    one = {10: ([1, 2, 31, 3], {"highway": "residential"}), 20: ([4, 2, 30, 5], ROAD)}
    zebra = {"highway": "crossing", "crossing": "zebra"}
    assert look(tmp_path, nodes, one, {30: zebra}) == [("road", "safe", "marked")]
    assert look(tmp_path, nodes, one, {31: zebra}) == [("road", "unknown", "")]  # over the side street, not over the main road
    assert look(tmp_path, nodes | {30: (16, 0)}, one, {30: zebra}) == [("road", "unknown", "")]


def test_along_a_main_road_is_not_across_it(tmp_path):
    #  home's street (south) -- A ==== B ==== C -- school's street, to the north or to the south
    nodes = {1: (0, -200), 2: (0, 0), 3: (150, 0), 4: (300, 0), 5: (300, 200), 6: (300, -200), 7: (-200, 0), 8: (500, 0)}
    side = {10: ([1, 2], {"highway": "residential"}), 20: ([7, 2, 3, 4, 8], ROAD)}
    south, north = side | {11: ([4, 6], {"highway": "residential"})}, side | {11: ([4, 5], {"highway": "residential"})}
    assert look(tmp_path, nodes, south, school=(303, -150)) == []
    assert look(tmp_path, nodes, north, school=(303, 150)) == [("road", "unknown", "")]
    half_way = {3: {"highway": "crossing", "crossing": "traffic_signals"}}
    assert look(tmp_path, nodes, north, half_way, school=(303, 150)) == [("road", "safe", "signalled")]  # he may cross there as well
    assert look(tmp_path, nodes, side, school=(250, -20)) == []  # the gate is on his side of the road
    assert look(tmp_path, nodes, side, school=(250, 20)) == [("road", "unknown", "")]
    assert look(tmp_path, nodes, side, school=(250, 3)) == []  # drawn on the road: nobody can say on which side
    assert look(tmp_path, nodes, side, home=(100, 20), school=(250, -20)) == []  # a home stands for many on both sides


def test_two_carriageways_are_one_crossing_and_as_good_as_the_worse(tmp_path):
    nodes = MIDDLE | {40: (0, 25), 41: (300, 25), 42: (-300, 25)}
    one = {10: ([1, 2, 40, 3], {"highway": "residential"}), 20: ([4, 2, 5], {**ROAD, "oneway": "yes"}), 21: ([41, 40, 42], {**ROAD, "oneway": "yes"})}
    zebra = {"highway": "crossing", "crossing": "zebra"}
    assert look(tmp_path, nodes, one, {2: zebra, 40: zebra}) == [("road", "safe", "marked")]
    assert look(tmp_path, nodes, one, {2: zebra}) == [("road", "unknown", "")]


def test_lakes_are_crossed_from_bank_to_bank(tmp_path):
    lake = MIDDLE | {21: (-50, -30), 22: (50, -30), 23: (50, 30), 24: (-50, 30)}
    water = {20: ([21, 22, 23, 24, 21], {"natural": "water"})}
    assert look(tmp_path, lake, water | {10: ([1, 3], {"highway": "footway"})}) == [("water", "unknown", "")]
    halves = {10: ([1, 2], {"highway": "footway"}), 11: ([2, 3], {"highway": "footway"})}
    assert look(tmp_path, lake, water | halves) == [("water", "unknown", "")]
    along = {10: ([1, 8, 9, 3], {"highway": "footway"})}
    assert look(tmp_path, lake | {8: (52, -100), 9: (52, 100)}, water | along) == []
    assert (
        look(tmp_path, lake | {8: (46, -32), 9: (52, -28), 30: (52, 100)}, water | {10: ([1, 8, 9, 30, 3], {"highway": "footway"})}) == []
    )  # a corner of the bank, drawn roughly


def test_trams_streams_and_what_is_gone_part_nobody():
    for tags in (
        {"railway": "tram"},
        {"railway": "subway"},
        {"railway": "abandoned"},
        {"waterway": "stream"},
        {"highway": "secondary"},
        {"highway": "proposed"},
    ):
        assert kind_of(tags) == ""
    assert kind_of({"railway": "rail", "location": "underground"}) == ""


def grid(rng, side=6, step=100):
    nodes = {1 + i * side + j: (i * step, j * step) for i in range(side) for j in range(side)}
    pairs = [(n, n + 1) for n in nodes if n % side] + [(n, n + side) for n in nodes if n + side in nodes]
    kept = [p for p in pairs if rng.random() < 0.85 or nodes[p[0]][0] == nodes[p[1]][0] == 200]
    return nodes, {100 + k: (list(p), {"highway": "residential"}) for k, p in enumerate(kept)}


@pytest.mark.parametrize("seed", range(2))
def test_none_is_invented_and_every_child_is_counted_once(tmp_path, seed):
    rng = np.random.default_rng(seed)
    nodes, ways = grid(rng)
    where = {f"h{i}": tuple(rng.uniform(-20, 520, 2)) for i in range(40)}
    homes = points(**where).assign(pop_6_11=rng.integers(0, 30, 40).astype(float), town=["东", "西"] * 20)
    homes.loc[3, "pop_6_11"] = np.nan
    schools = points(A=(110, 130), B=(390, 420))
    network, obstacles = streets(tmp_path, nodes, ways)
    assert len(severance(network, schools, homes, obstacles=obstacles).crossings) == 0

    # a railway through the blocks, a main road along one street: homes on the schools' side of both cross nothing
    ends = [n for n, (x, y) in nodes.items() if x == 200 and y in (0, 500)]
    nodes |= {900: (-200, 250), 901: (800, 250), 902: (200, -150), 903: (200, 650)}
    middle = {w for w, (refs, _) in ways.items() if all(nodes[n][0] == 200 for n in refs)}
    ways |= {900: ([900, 901], RAIL), 901: ([902, ends[0]], ROAD), 902: ([ends[1], 903], ROAD)} | {w: (ways[w][0], ROAD) for w in middle}
    network, obstacles = streets(tmp_path, nodes, ways)
    found = severance(network, schools, homes, obstacles=obstacles)
    by_town = children_by_state(found.origins)
    parts = by_town[["safe", "unsafe", "unknown", "no_walk"]].sum(axis=1)
    assert (parts == by_town["children"]).all()
    assert by_town.loc["", "children"] == homes["pop_6_11"].sum() == by_town.loc[["东", "西"], "children"].sum()
    assert by_town.loc["", "uncounted"] == 1
    at = {h: (x, y) for h, (x, y) in where.items()}
    end = {"A": (110, 130), "B": (390, 420)}
    for home, row in found.origins[found.origins["status"].eq("reached")].iterrows():
        kinds = [key.partition("/")[0] for key in row["crossings"].split(";") if key]
        (x, y), (sx, sy) = at[home], end[row["school"]]
        assert len(kinds) == len(set(row["crossings"].split(";"))) or not kinds
        if abs(y - 250) > 60:  # not snapped across the track
            assert kinds.count("railway") % 2 == ((y < 250) != (sy < 250))
        if abs(x - 200) > 60:
            assert ("road" in kinds) or (x < 200) == (sx < 200)
    used = found.crossings.set_index("id")
    assert {key for keys in found.origins["crossings"] for key in keys.split(";") if key} == set(used.index)
    for key, row in used.iterrows():
        mine = found.origins[[key in keys.split(";") for keys in found.origins["crossings"]]]
        assert (row["children"], row["origins"], row["uncounted"]) == (mine["children"].sum(), len(mine), mine["children"].isna().sum())
    assert used["children"].where(used["state"].ne("safe")).dropna().is_monotonic_decreasing

    order = rng.permutation(len(homes))
    again = severance(network, schools.iloc[::-1], homes.iloc[order], obstacles=obstacles)
    assert again.crossings.equals(found.crossings)
    assert again.origins.equals(found.origins)


def test_a_named_school_is_gone_to_and_an_unknown_name_is_told(tmp_path):
    network, obstacles = streets(tmp_path, MIDDLE, WALK | {20: ([4, 5], RIVER)})
    schools = points(near=(3, -180), far=(3, 180)).assign(name=["南小学", "北小学"])
    homes = points(a=(3, -150), b=(3, -140), c=(3, -130), d=(3, -120)).assign(pop_6_11=1.0, school=["", "北小学", "far", "没有的小学"])
    found = severance(network, schools, homes, obstacles=obstacles)
    assert found.origins["school"].tolist() == ["near", "far", "far", "near"]
    assert found.crossings["children"].tolist() == [2.0]
    assert [(f.code, f.facts["count"]) for f in found.faults] == [("W378", 1)]


def test_centre_lines_know_main_roads_only_and_say_so(tmp_path):
    network, _ = streets(tmp_path, MIDDLE, {10: ([1, 2, 3], {"highway": "residential"}), 20: ([4, 2, 5], ROAD), 21: ([6, 7], RIVER)})
    found = severance(network, points(S=SCHOOL), points(h=HOME).assign(pop_6_11=1.0))
    assert (found.crossings["kind"].tolist(), [f.code for f in found.faults]) == (["road"], ["W379"])


def test_a_home_across_the_water_from_its_street_is_unknown(tmp_path):
    network, obstacles = streets(tmp_path, MIDDLE | {8: (60, -300), 9: (60, 300)}, WALK | {20: ([8, 9], RIVER)})
    found = severance(network, points(S=SCHOOL), points(h=(100, -100), i=(50, -100)).assign(pop_6_11=1.0), obstacles=obstacles)
    assert found.origins["state"].tolist() == ["unknown", "safe"]
    assert len(found.crossings) == 0


def test_numbers_that_cannot_be_are_told(tmp_path):
    network, obstacles = streets(tmp_path, MIDDLE, WALK)
    for column, code in (({"pop_6_11": -1.0}, "E386"), ({"pop_0_2": 1.0}, "E387"), ({"pop_6_11": "many"}, "E387")):
        with pytest.raises(InputError) as error:
            severance(network, points(S=SCHOOL), points(h=HOME).assign(**column), obstacles=obstacles)
        assert error.value.faults[0].code == code


@pytest.mark.parametrize(("school", "state", "told"), [((3, 30), "unknown", ["W369"]), ((3, -30), "safe", [])])
def test_a_gate_across_the_river_from_its_street_makes_the_walk_unknown_and_is_told(tmp_path, school, state, told):
    """The street ends 20 m south of the river; the school stands north of it, 30 m from the bank, and no bridge is in the data."""
    file_ways = {10: ([1, 6], {"highway": "footway"}), 20: ([4, 5], RIVER)}
    network, obstacles = streets(tmp_path, {n: MIDDLE[n] for n in (1, 4, 5, 6)}, file_ways)
    found = severance(network, points(S=school), points(h=HOME).assign(pop_6_11=1.0), obstacles=obstacles)
    assert (found.origins["status"].tolist(), found.origins["state"].tolist()) == (["reached"], [state])
    assert [f.code for f in found.faults] == told
    assert len(found.crossings) == 0


@dataclass
class Data:
    """A layer's sites."""

    sites: gpd.GeoDataFrame
    footprints: gpd.GeoSeries | None = None


def test_pupils_and_small_children_are_counted_each_on_their_own_way(tmp_path):
    """The school lies across the river, the kindergarten on this side; another kindergarten across it has 7 small children."""
    network, _ = streets(tmp_path, MIDDLE, WALK | {20: ([4, 5], RIVER)})
    at = {"schools": points(S=SCHOOL), "kindergartens": points(K=(3, -60), L=(3, 60))}
    layers = {key: Data(sites.assign(name=sites["id"], status="在用")) for key, sites in at.items()}
    homes = points(a=HOME, b=(3, -5)).set_index("id").assign(pop_3_5=[30.0, 7.0], pop_6_11=[40.0, 8.0], pop_12_14=[2.0, 1.0], school=["S", "S"])
    people = Population(homes, "", None)
    asked = lambda some, known: severance_asked(network, tmp_path / "streets.osm", some, known, None, dict.fromkeys(some))  # noqa: E731
    found = asked(layers, people)
    assert found.crossings[["layer", "rank", "children", "schools"]].to_numpy().tolist() == [["schools", 1, 51.0, "S"]]
    assert found.columns == {"schools": ("pop_6_11", "pop_12_14"), "kindergartens": ("pop_3_5",)}
    assert found.faults == ()  # the school that a community names is no kindergarten of anybody
    assert found.origins[["layer", "school", "children"]].to_numpy().tolist() == [
        *(["schools", "S", 42.0], ["schools", "S", 9.0]), *(["kindergartens", "K", 30.0], ["kindergartens", "K", 7.0]),
    ]  # fmt: skip
    north = asked({"kindergartens": Data(layers["kindergartens"].sites.iloc[1:])}, people)
    assert north.crossings[["layer", "rank", "children", "schools"]].to_numpy().tolist() == [["kindergartens", 1, 37.0, "L"]]
    older = replace(people, points=homes.drop(columns="pop_3_5"))
    assert list(asked(layers, older).columns) == ["schools"]
    assert [(f.code, f.facts["layer"], f.facts["missing"]) for f in without_ages(layers, older)] == [("W364", "幼儿园", "3–5岁")]
    assert (without_ages(layers, people), without_ages(layers, None)) == ([], [])


def test_the_ages_of_a_layer_are_those_of_its_reach():
    """One layer has one audience, whether it is reached or walked to."""
    assert {key: GROUPS[AUDIENCES[key][0]].columns for key in AGES_OF} == AGES_OF
