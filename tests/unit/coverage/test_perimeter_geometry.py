"""Where perimeters lie by each method, which crossing belongs to which road, what a divided road and a sidewalk beside count for."""

from __future__ import annotations

import math
from itertools import pairwise

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon

from cfmap.coverage.gates_told import gate_faults
from cfmap.coverage.perimeter import (
    compared,
    crossing_faults,
    is_full,
    matched_crossings,
    outline_faults,
    perimeter,
    perimeter_faults,
    school_doors,
    school_summary,
    spoken,
    town_figures,
)
from cfmap.coverage.perimeter.ground import measures_within
from tests.unit.coverage.drawn import drawn, lonlat, places, street

SCHOOL = places(g=(400, 30)).assign(name=["一小"], status=["在用"])
ROAD = street((0, 0), (1000, 0), sidewalk="both", maxspeed="30", lanes="2", name="育才路")
FAR = street((0, 120), (1000, 120), name="后街")  # 90 m behind the school, a long way round on foot
END = street((0, 0), (0, 120), name="横街")
YARD = gpd.GeoSeries([Polygon([lonlat(*xy) for xy in ((350, 10), (450, 10), (450, 60), (350, 60))])], index=["g"], crs=4326)


def metres(table, **where):
    for column, value in where.items():
        table = table[table[column].eq(value)]
    return round(float((table["to_m"] - table["from_m"]).sum()), 1)


def chord(radius, away):
    """Length of a line inside a circle that it passes at a distance."""
    return 2 * math.sqrt(radius**2 - away**2)


# -- three geometries ----------------------------------------------------------------------------------------------


def test_along_streets_the_street_behind_is_far_round_the_gate_it_is_near():
    network = drawn(ROAD, FAR, END)
    walked = perimeter(network, SCHOOL)
    assert metres(walked, way_id=1) == 240  # 150 m less the 30 m from gate to street, both ways
    assert metres(walked, way_id=2) == 0
    circle = perimeter(network, SCHOOL, method="radius")
    assert metres(circle, way_id=1) == pytest.approx(chord(150, 30), abs=0.2)
    assert metres(circle, way_id=2) == pytest.approx(chord(150, 90), abs=0.2)
    assert metres(circle, way_id=3) == 0


def test_beside_the_wall_the_band_follows_the_outline():
    """The yard reaches from x = 350 to 450 and from y = 10 to 60: the road is 10 m before it, the street behind 60 m."""
    band = perimeter(drawn(ROAD, FAR, END), SCHOOL, method="wall", footprints=YARD)
    assert metres(band, way_id=1) == pytest.approx(100 + 2 * math.sqrt(150**2 - 10**2), abs=0.3)
    assert metres(band, way_id=2) == pytest.approx(100 + 2 * math.sqrt(150**2 - 60**2), abs=0.3)
    (told,) = outline_faults(SCHOOL, None)
    assert told.code == "W393"
    assert outline_faults(SCHOOL, YARD) == []


def test_without_an_outline_the_wall_is_round_the_gates():
    network = drawn(ROAD, FAR, END)
    assert metres(perimeter(network, SCHOOL, method="wall")) == metres(perimeter(network, SCHOOL, method="radius"))


@pytest.mark.parametrize("method", ["network", "radius", "wall"])
def test_a_ring_adds_rows_beyond_the_perimeter_and_changes_no_figure(method):
    network = drawn(ROAD, FAR, END)
    plain, ringed = (perimeter(network, SCHOOL, method=method, footprints=YARD, ring_m=ring) for ring in (None, 300))
    inner = ringed[~ringed["ring"]].reset_index(drop=True)
    assert metres(inner) == metres(plain)
    assert ringed["ring"].any()
    assert ringed.loc[ringed["ring"], "item_C"].isna().all()
    columns = ["metres", "lower", "upper", "known"]
    assert school_summary(ringed, SCHOOL)[columns].equals(school_summary(plain, SCHOOL)[columns])
    whole = perimeter(network, SCHOOL, method=method, footprints=YARD, metres=300)
    assert metres(ringed) == pytest.approx(metres(whole), abs=0.2)


def test_a_method_that_is_not_known_is_refused():
    with pytest.raises(ValueError, match="network, radius, wall"):
        perimeter(drawn(ROAD), SCHOOL, method="crow")


@given(
    line=st.lists(st.tuples(st.integers(-30, 30), st.integers(-30, 30)), min_size=2, max_size=7, unique=True),
    radius=st.integers(1, 30),
)
@settings(max_examples=40)
def test_what_lies_inside_an_area_is_as_long_as_their_intersection(line, radius):
    course, area = LineString(line), Point(0.5, 0.5).buffer(radius)
    _, begins, ends = measures_within([course], area)
    pieces = (LineString(part).intersection(area).length for part in pairwise(line))
    assert sum(ends - begins) == pytest.approx(sum(pieces), abs=2e-3)
    assert (begins[1:] >= ends[:-1]).all()
    assert not len(ends) or ends[-1] <= course.length + 1e-9


# -- doors ---------------------------------------------------------------------------------------------------------


def test_gates_have_keys_in_order_and_a_gate_far_from_any_street_is_told():
    gates = places(east=(900, 0), west=(100, 0), lost=(500, 2000)).assign(school="g", guarded=[True, False, None])
    doors, _ = school_doors(drawn(ROAD), SCHOOL, gates=gates)
    assert doors["gate"].tolist() == ["g/1", "g/2", "g/3"]
    assert doors["guarded"].tolist() == [False, None, True]
    assert doors["status"].tolist() == ["ok", "off_network", "ok"]
    table = perimeter(drawn(ROAD), SCHOOL, gates=gates)
    assert metres(table) == 100 + 150 + 150 + 100  # the road ends 100 m from either gate
    assert set(table.loc[table["gate"].str.contains("g/3"), "item_H"]) == {"safe"}
    assert perimeter_faults(table, SCHOOL, doors=doors) == []
    river = [street((0, 0), (400, 0), (800, 0)), street((800, 0), (800, 300)), street((800, 300), (400, 300), (0, 300))]  # one bridge, 400 m east of the school
    beyond, near = (places(x=(400, y)).assign(name="北门", school="g") for y in (295, 60))
    (across,) = gate_faults(beyond, SCHOOL, network=drawn(*river))
    assert (across.code, across.facts["metres"], across.facts["walk"]) == ("W362", "265", "1,135 米")
    assert gate_faults(beyond, SCHOOL, network=drawn(*river, street((400, 0), (400, 300)))) == []  # a bridge beside it
    assert gate_faults(near, SCHOOL, network=drawn(*river)) == []
    told = gate_faults(gates.assign(name=["东门", "西门", "后门"]), SCHOOL, network=drawn(ROAD))
    assert [(f.code, f.facts["name"]) for f in told] == [("W370", "东门"), ("W370", "后门"), ("W392", "后门")]


def test_a_school_whose_street_nobody_knows_is_unknown_and_keeps_the_city_from_full_coverage():
    good = drawn(ROAD, crossings=[((410, 0), "signalled")])
    safe, lost = SCHOOL, places(x=(500, 900)).assign(name=["二小"], status=["在用"])
    table = perimeter(good, safe)
    figures = town_figures(table, school_summary(table, safe)).loc[""]
    assert is_full(figures)
    both = gpd.GeoDataFrame(gpd.pd.concat([safe, lost], ignore_index=True), crs=4326)
    table = perimeter(good, both)
    doors, _ = school_doors(good, both)
    summary = school_summary(table, both, doors=doors)
    assert summary.loc["x", "state"] == "unknown"
    figures = town_figures(table, summary).loc[""]
    assert (figures["lower"], figures["every_lower"], figures["every_upper"]) == (100, 50, 100)
    assert not is_full(figures)
    assert [f.code for f in perimeter_faults(table, both, doors=doors)] == ["W381"]


# -- crossings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("crossing", "state"),
    [
        ((410, 0), "safe"),  # on the road before the gate
        ((400, 60), "unknown"),  # on the side street round the corner
        (((395, 60), (405, 60)), "unknown"),
        (((410, -8), (410, 8)), "safe"),  # mapped as a way only
        (((410, 4), (410, 40)), "unknown"),  # ends beside the road, leads elsewhere
    ],
)
def test_a_crossing_counts_on_the_road_that_it_crosses(crossing, state):
    side = street((400, 0), (400, 300), name="横街", highway="residential")
    road = street((0, 0), (400, 0), (1000, 0), sidewalk="both", maxspeed="30", name="育才路")
    school = SCHOOL.set_geometry(places(g=(420, 3)).geometry)
    table = perimeter(drawn(road, side, crossings=[(crossing, "signalled")]), school)
    assert table.loc[table["gate"].ne(""), "item_C"].tolist() == [state]


def test_a_crossing_over_the_far_carriageway_alone_leads_nobody_to_school():
    near = street((0, 0), (400, 0), (1000, 0), oneway="yes", name="育才路", lanes="1")
    far = street((1000, -15), (400, -15), (0, -15), oneway="yes", name="育才路", lanes="1")
    link = street((400, 0), (400, -15), highway="footway")
    school = SCHOOL.set_geometry(places(g=(420, 3)).geometry)
    for spots, state in (([(430, -15)], "unknown"), ([(430, 0)], "safe"), ([(430, 0), (430, -15)], "safe")):
        table = perimeter(drawn(near, far, link, crossings=[(xy, "signalled") for xy in spots]), school)
        assert table.loc[table["gate"].ne(""), ["way_id", "item_C"]].to_numpy().tolist() == [[1, state]]


@pytest.mark.parametrize(
    ("here", "there", "state", "read"),
    [
        ("2", "4", "unknown", "C way/1 node/0 marked way/2 lanes=4"),  # the road widens before the crossing
        ("4", "2", "safe", "C way/1 node/0 marked"),
        ("2", None, "unknown", "C way/1 node/0 marked"),  # nobody counted the lanes that it leads over
        (None, "2", "safe", "C way/1 node/0 marked"),
    ],
)
def test_lanes_count_where_the_crossing_is(here, there, state, read):
    """The gate lies on way 1, the zebra 30 m on, on way 2 of the same road."""
    near, far = (street(*course, name="育才路", **({"lanes": n} if n else {})) for course, n in ((((0, 0), (410, 0)), here), (((410, 0), (1000, 0)), there)))
    table = perimeter(drawn(near, far, crossings=[((430, 0), "marked")]), SCHOOL.set_geometry(places(g=(400, 3)).geometry))
    front = table[table["gate"].ne("")]
    assert front["item_C"].tolist() == [state]
    assert front["evidence"].tolist() == [read]


@pytest.mark.parametrize(("east", "state"), [(445, "safe"), (455, "unknown")])
def test_fifty_metres_are_counted_along_the_road_not_over_a_short_cut(east, state):
    """The gate's path meets the road at 400; another path, no longer, leads from the gate to the zebra."""
    road = street((0, 0), (400, 0), (east, 0), (1000, 0), name="育才路", lanes="2")
    paths = [street((400, 40), (x, 0), highway="footway") for x in (400, east)]
    table = perimeter(drawn(road, *paths, crossings=[((east, 0), "marked")]), SCHOOL.set_geometry(places(g=(400, 40)).geometry))
    assert table.loc[table["gate"].ne(""), "item_C"].unique().tolist() == [state]


@pytest.mark.parametrize(("third", "state"), [(False, "safe"), (True, "unknown")])
def test_a_road_without_a_name_goes_on_round_a_bend_and_round_no_corner(third, state):
    """Two service ways meet at a right angle; where a third one joins them the bend is a corner."""
    ways = [street((0, 0), (420, 0), highway="service"), street((420, 0), (420, 300), highway="service", lanes="1", oneway="yes")]
    ways += [street((420, 0), (420, -300), highway="service")] if third else []
    table = perimeter(drawn(*ways, crossings=[((420, 20), "marked")]), SCHOOL.set_geometry(places(g=(400, 3)).geometry))
    assert table.loc[table["gate"].ne(""), ["way_id", "item_C"]].to_numpy().tolist() == [[1, state]]


def test_a_crossing_mapped_as_a_way_lies_where_it_meets_the_road():
    """Its other end is 40 m off, beyond 50 m from the gate; it meets the road at 30 m."""
    road = street((0, 0), (1000, 0), name="育才路", lanes="2")
    table = perimeter(drawn(road, crossings=[(((429, 2), (500, -140)), "marked")]), SCHOOL.set_geometry(places(g=(400, 3)).geometry))
    assert table.loc[table["gate"].ne(""), "item_C"].tolist() == ["safe"]


def test_before_a_gate_the_carriageway_left_for_its_sidewalk_comes_first():
    """The gate opens on a sidewalk; the road beside it is no part of the walking network, the side street 60 m on is."""
    side = street((460, 10), (460, 300))
    over = street((430, 10), (430, -10), highway="footway", footway="crossing")
    walk = street((0, 10), (430, 10), (460, 10), (1000, 10), highway="footway", footway="sidewalk")
    road = {"way_id": 77, "u": 1, "v": 2, "reason": "sidewalk", "kind": "primary", "motor": True, "geometry": LineString([lonlat(0, 0), lonlat(1000, 0)])}
    network = drawn(walk, side, over, left_out=[road], crossings=[((430, 0), "signalled")])
    table = perimeter(network, SCHOOL.set_geometry(places(g=(400, 14)).geometry))
    front = table[table["gate"].ne("")]
    assert front[["way_id", "segment", "item_C"]].to_numpy().tolist() == [[77, "77/1-2", "safe"]]


# -- divided roads, roundabouts ------------------------------------------------------------------------------------


def test_a_divided_road_counts_once():
    """Two carriageways of 300 m each, side by side: 300 m of road; the side street counts whole."""
    near = street((0, 0), (400, 0), (500, 0), (1000, 0), oneway="yes", name="育才路", maxspeed="60")
    far = street((1000, -15), (400, -15), (0, -15), oneway="yes", name="育才路", maxspeed="30", sidewalk="both")
    link = street((400, 0), (400, -15), highway="footway")
    side = street((500, 0), (500, 300), name="横街")
    school = SCHOOL.set_geometry(places(g=(400, 0)).geometry)
    table = perimeter(drawn(near, far, link, side), school)
    assert table.loc[table["way_id"].eq(4), "weight"].tolist() == [1.0]
    summary = school_summary(table, school).loc["g"]
    assert summary["metres"] == pytest.approx((300 + 270) / 2 + 50, abs=20)
    assert set(table.loc[table["reasons"].str.contains("dual"), "way_id"]) == {1, 2}


def test_opposite_sides_of_a_roundabout_and_of_a_hairpin_are_no_divided_road():
    circle = [(round(400 + 15 * math.cos(t), 3), round(15 * math.sin(t), 3)) for t in (k * math.pi / 6 for k in range(12))]
    ring = street(*circle, circle[0], oneway="yes", junction="roundabout", name="广场")
    bend = street(circle[0], (500, 0), (520, 10), (500, 20), (430, 20), oneway="yes", name="弯路")
    table = perimeter(drawn(ring, bend), SCHOOL.set_geometry(places(g=(400, 15)).geometry))
    assert set(table["way_id"]) == {1, 2}
    assert set(table["weight"]) == {1.0}
    assert metres(table, way_id=1) == pytest.approx(12 * 2 * 15 * math.sin(math.pi / 12), abs=0.2)


def test_the_way_into_a_car_park_and_the_way_out_are_no_divided_road_whatever_their_name():
    way_in = street((0, 0), (400, 0), (500, 0), highway="service", oneway="yes", name="停车场入口")
    way_out = street((500, 0), (500, -12), (0, -12), highway="service", oneway="yes", name="停车场入口")
    table = perimeter(drawn(way_in, way_out), SCHOOL.set_geometry(places(g=(400, 3)).geometry))
    assert set(table["way_id"]) == {1, 2}
    assert set(table["weight"]) == {1.0}


# -- sidewalks beside ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "north", "tag", "state"),
    [
        (1000, 8, "sidewalk", "safe"),
        (1000, -8, "sidewalk", "unknown"),  # on the far side
        (420, 8, "sidewalk", "unknown"),  # beside little of it
        (1000, 8, "crossing", "unknown"),  # no sidewalk
        (1000, 28, "sidewalk", "unknown"),  # a path behind the houses
    ],
)
def test_a_separate_sidewalk_is_looked_for_on_the_schools_side(to, north, tag, state):
    walk = street((0, 0), (0, north), (to, north), highway="footway", footway=tag)
    for course in (((0, 0), (1000, 0)), ((1000, 0), (0, 0))):  # drawn either way
        road = street(*course, sidewalk="separate", maxspeed="30")
        table = perimeter(drawn(road, walk), SCHOOL.set_geometry(places(g=(400, 3)).geometry))
        assert set(table.loc[table["way_id"].eq(1), "item_A"]) == {state}


# -- departments' lists --------------------------------------------------------------------------------------------


def test_a_loving_care_crossing_is_matched_within_25_m_and_replaces_no_signals():
    network = drawn(ROAD, crossings=[((410, 0), "unmarked")])
    crossings = places(near=(410, 20), far=(410, 40), other=(410, 0), planned=(410, 1))
    crossings = crossings.assign(
        name=["甲", "乙", "丙", "丁"], kind=["爱心斑马线", "爱心斑马线", "斑马线", "爱心斑马线"], status=["在用", "未知", "在用", "规划"]
    )
    matched = matched_crossings(network, crossings)
    assert matched[["name", "crossing"]].to_numpy().tolist() == [["甲", "node/0"], ["乙", ""]]
    (told,) = crossing_faults(matched)
    assert told.code == "W394"
    assert "乙" in told.what("zh")
    table = perimeter(network, SCHOOL, crossings=crossings)
    assert set(table["item_G"]) == {"safe"}
    assert "bureau/near" in table["evidence"].iloc[0]
    assert table.loc[table["gate"].ne(""), "item_C"].tolist() == ["unknown"]


# -- figures -------------------------------------------------------------------------------------------------------


def test_both_definitions_of_a_covered_school_and_figures_of_towns():
    """285 of 300 m safe with a signalled crossing: not every segment, but 90 % of the length."""
    short = street((500, 0), (500, 300), sidewalk="no")
    road = street((0, 0), (500, 0), (1000, 0), sidewalk="both", maxspeed="30", name="育才路")
    network = drawn(road, short, crossings=[((380, 0), "signalled")])
    school = SCHOOL.set_geometry(places(g=(370, 0)).geometry)
    table = perimeter(network, school)
    row = school_summary(table, school, covered="length").loc["g"]
    assert (row["every"], row["length"], row["state"]) == ("unsafe", "safe", "safe")
    towns = town_figures(table, school_summary(table, school), town=gpd.pd.Series({"g": "东镇", "h": "西镇"}))
    assert towns.index.tolist() == ["东镇", "西镇", ""]
    assert towns.loc["东镇", ["every_lower", "length_lower", "schools"]].tolist() == [0, 100, 1]
    assert towns.loc["东镇", "lower"] == towns.loc["", "lower"] == pytest.approx(100 * 300 / 320)
    assert towns.loc["西镇", "schools"] == 0
    assert math.isnan(towns.loc["西镇", "lower"])


def test_three_methods_stand_side_by_side():
    found = compared(drawn(ROAD, FAR, END), SCHOOL, ["network", "radius", "wall"], footprints=YARD)
    assert found.schools[["method", "school"]].to_numpy().tolist() == [["network", "g"], ["radius", "g"], ["wall", "g"]]
    assert found.schools["metres"].is_monotonic_increasing
    assert found.city.index.tolist() == ["network", "radius", "wall"]


def test_schools_beyond_those_shown_are_counted(monkeypatch):
    two = pd.concat([SCHOOL, SCHOOL.assign(id="T")])
    found = compared(drawn(ROAD, FAR, END), two, ["network"])
    assert len(spoken.spoken(found, metres=150)[1]) == 2
    monkeypatch.setattr(spoken, "SCHOOLS_SHOWN", 1)
    assert [en for _, en in spoken.spoken(found, metres=150)[1]][1:] == ["… 1 more in the layer schools of the output file"]
