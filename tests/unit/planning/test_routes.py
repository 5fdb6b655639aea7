"""Safe routes in a small place: who goes where, by which way, what is shared, and what is shown of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, MultiLineString, Point

from cfmap.coverage.perimeter import school_doors
from cfmap.model import Population
from cfmap.network import EdgeFlag
from cfmap.network.plane import network_crs
from cfmap.planning.asked import routes_asked
from cfmap.planning.compare import astray, compare, gaps
from cfmap.planning.routes import safe_routes
from tests.factories import tiny_city
from tests.unit.coverage.drawn import drawn, lonlat, metres, places, street

# A school S at the end of a lane; two ways from A, straight along an arterial without sidewalks or round by a calm street:
#
#        B---(0,100)~~~~~calm~~~~~(400,100)
#              |                     |
#        A---(0,0)====arterial====(400,0)---lane---S (600,0)
GOOD = {"sidewalk": "both", "maxspeed": "30"}
CALM = street((0, 0), (0, 40), (400, 40), (400, 0), **GOOD)
FAST = street((0, 0), (400, 0), highway="secondary", sidewalk="none", maxspeed="60")
LANE = street((400, 0), (600, 0), **GOOD)
HOME = street((-100, 0), (0, 0), **GOOD)
OTHER = street((-100, -50), (0, 0), **GOOD)
TOWN = (CALM, FAST, LANE, HOME, OTHER)
SCHOOL = places(S=(600, 0)).assign(name=["一小"], stage=["小学"])


@dataclass
class Data:
    """A layer's sites."""

    sites: gpd.GeoDataFrame
    footprints: gpd.GeoSeries | None = None


def homes(**where):
    """Communities with children: ``homes(a=((-100, 0), 40))``."""
    table = places(**{k: xy for k, (xy, _) in where.items()})
    return table.assign(pop_6_11=[float(n) for _, n in where.values()])


TWO = homes(a=((-100, 0), 40), b=((-100, -50), 20))


def test_the_safer_way_is_taken_where_it_is_not_too_long():
    """Round by the calm street is 80 m longer: 780 m instead of 700."""
    found = safe_routes(drawn(*TOWN), SCHOOL, TWO)
    row = found.routes.set_index("origin").loc["a"]
    assert row["length_m"] == pytest.approx(metres((-100, 0), (0, 0), (0, 40), (400, 40), (400, 0), (600, 0)), abs=0.001)
    assert row["shortest_m"] == pytest.approx(metres((-100, 0), (600, 0)), abs=0.01)
    assert (row["detour"], row["level"], row["children"], row["unknown_share"]) == (pytest.approx(780 / 700, abs=1e-3), 1, 40, 0)
    assert row["worst"] == "街巷"


def test_the_cap_turns_it_back_and_the_worst_link_says_why():
    found = safe_routes(drawn(*TOWN), SCHOOL, TWO, cap=1.1)
    row = found.routes.set_index("origin").loc["a"]
    assert row["length_m"] == row["shortest_m"]
    assert (row["level"], row["worst"], row["worst_m"]) == (4, "次干路：没有人行道；限速高于 30", pytest.approx(400, abs=0.1))
    assert row["worst_en"] == "secondary road: no sidewalk; limit above 30 km/h"


def test_shared_streets_are_proposed_from_the_first_junction_that_two_places_share():
    found = safe_routes(drawn(*TOWN), SCHOOL, TWO)
    (line,) = found.proposed.itertuples()
    assert (line.id, line.schools, line.children, line.children_least) == ("学径1", "一小", 60, 60)
    assert line.length_m == pytest.approx(680, abs=0.1)
    for shape in (line.geometry, *found.routes.geometry):
        assert min(Point(lonlat(*xy)).distance(shape) for xy in ((-100, 0), (-100, -50))) > Point(lonlat(-1, 0)).distance(Point(lonlat(0, 0)))


def test_nothing_is_shown_of_a_route_that_nobody_shares():
    found = safe_routes(drawn(*TOWN), SCHOOL, TWO.iloc[:1])
    assert found.routes.geometry.isna().all()
    assert not len(found.proposed)
    assert found.routes["length_m"].tolist() == [pytest.approx(780, abs=0.1)]


def test_a_route_out_of_a_private_estate_is_shown_from_its_gate():
    inside = street((-100, 0), (0, 0), flags=EdgeFlag.PRIVATE)
    found = safe_routes(drawn(CALM, FAST, LANE, inside), SCHOOL, TWO.iloc[:1])
    start = found.routes.geometry.iloc[0].coords[0]
    assert start == pytest.approx(lonlat(0, 0))
    assert len(found.proposed) == 1


@pytest.mark.parametrize(("shared", "count"), [(60, 1), (61, 0), (1, 1)])
def test_a_street_is_proposed_for_as_many_children_as_asked_but_never_for_fewer_than_ten(shared, count):
    assert len(safe_routes(drawn(*TOWN), SCHOOL, TWO, shared=shared).proposed) == count
    few = homes(a=((-100, 0), 6), b=((-100, -50), 3))
    assert not len(safe_routes(drawn(*TOWN), SCHOOL, few, shared=1).proposed)


def test_a_line_goes_on_where_children_walk_through_and_another_begins_where_they_join():
    """60 children come from the west, 30 join at (400, 0): the bigger branch and the lane are one line, the smaller one another."""
    south = street((400, -200), (400, 0), **GOOD)
    crowd = homes(a=((-100, 0), 40), b=((-100, -50), 20), c=((400, -200), 15), d=((400, -200), 15))
    found = safe_routes(drawn(*TOWN, south), SCHOOL, crowd, shared=25)
    assert [(r.children, r.children_least, round(r.length_m)) for r in found.proposed.itertuples()] == [(90, 60, 680), (30, 30, 200)]


def test_each_age_goes_to_the_nearest_school_that_takes_it():
    two = places(S=(600, 0), T=(0, 0)).assign(name=["一小", "一中"], stage=["小学", "初中"])
    one = homes(a=((-100, 0), 40)).assign(pop_12_14=[7.0])
    assert {r.school: r.children for r in safe_routes(drawn(*TOWN), two, one).routes.itertuples()} == {"S": 40, "T": 7}
    sent = one.assign(school=["一小"])
    assert {r.school: r.children for r in safe_routes(drawn(*TOWN), two, sent).routes.itertuples()} == {"S": 47}
    unknown = one.assign(pop_12_14=[np.nan], school=["一小"])
    assert safe_routes(drawn(*TOWN), two, unknown).routes["children"].isna().all()


def test_small_children_go_to_the_nearest_kindergarten_and_are_never_added_to_pupils():
    """A community's own school is its pupils'; 11 and 5 small children walk to Q, of which 16 share the way; pupils stay at the 60 they were."""
    two = TWO.assign(pop_3_5=[11.0, 5.0], school=["一小", ""])
    small = safe_routes(drawn(*TOWN), places(Q=(600, 0)).assign(name=["一幼"]), two, layer="kindergartens", shared=10)
    assert [(r.layer, r.school, r.origin, r.children) for r in small.routes.itertuples()] == [("kindergartens", "Q", "a", 11), ("kindergartens", "Q", "b", 5)]
    assert [(r.layer, r.id, r.schools, r.children) for r in small.proposed.itertuples()] == [("kindergartens", "入园路1", "一幼", 16)]
    assert safe_routes(drawn(*TOWN), SCHOOL, two).proposed["children"].tolist() == [60]
    nobody = safe_routes(drawn(*TOWN), places(Q=(600, 0)), two, layer="kindergartens", limit_m=300)
    assert [(f.code, f.facts["layer"]) for f in nobody.faults] == [("W376", "幼儿园")]


def test_an_edition_has_the_routes_of_the_layers_that_are_watched_and_whose_children_are_counted():
    network, people = drawn(*TOWN), Population(TWO.assign(pop_3_5=[20.0, 15.0]).set_index("id"), "", None)
    layers = {"schools": Data(SCHOOL.assign(status="在用")), "kindergartens": Data(places(Q=(600, 0)).assign(name=["一幼"], status="在用"))}
    asked = lambda some, known: routes_asked(network, some, None, known, tiny_city(), gates=dict.fromkeys(some))[0]  # noqa: E731
    both = asked(layers, people)
    assert [(r.layer, r.id, r.children) for r in both.proposed.itertuples()] == [("schools", "学径1", 60), ("kindergartens", "入园路1", 35)]
    assert "3–5 岁" in both.definition
    alone = asked({"schools": layers["schools"]}, people)
    assert alone.proposed.equals(both.proposed.iloc[:1])
    assert "3–5 岁" not in alone.definition
    pupils_only = replace(people, points=people.points.drop(columns="pop_3_5"))
    assert asked(layers, pupils_only).proposed.equals(alone.proposed)
    assert asked({"kindergartens": layers["kindergartens"]}, pupils_only) is None


def test_places_without_a_way_are_listed_with_the_reason():
    table = homes(a=((-100, 0), 40), far=((-100, 5000), 9), none=((-100, -50), 0))
    found = safe_routes(drawn(*TOWN), SCHOOL, table, limit_m=700.5)
    assert found.routes["origin"].tolist() == ["a"]
    assert found.without.to_dict("records") == [{"layer": "schools", "origin": "far", "children": 9.0, "reason": "off_network"}]
    assert [f.what("zh") for f in found.faults] == ["学校：1 个居住点算不出学径：700.5 米以内没有可去的，或走不到（旁边都没有路）。"]
    both = safe_routes(drawn(*TOWN), SCHOOL, table, limit_m=600)
    assert both.without["reason"].tolist() == ["none", "off_network"]
    assert "（其中 1 个旁边没有路）" in both.faults[0].what("zh")
    (near,) = safe_routes(drawn(*TOWN), SCHOOL, table[table["id"].ne("far")], limit_m=600).faults
    assert near.what("zh").endswith("或走不到。")


def test_a_school_whose_gate_is_far_from_any_street_is_told():
    schools = places(S=(600, 0), X=(600, 2000)).assign(name=["一小", "山上小学"])
    (record,) = safe_routes(drawn(*TOWN), schools, TWO).faults
    assert record.code == "W377"
    assert "山上小学" in record.what("zh")


def test_closed_schools_and_the_order_of_rows_change_nothing():
    network, schools = drawn(*TOWN), places(S=(600, 0), X=(0, 0)).assign(name=["一小", "旧校"], stage="小学", status=["在用", "关闭"])
    one, other = (safe_routes(network, s, o) for s, o in ((schools, TWO), (schools.iloc[::-1], TWO.iloc[::-1])))
    assert one.routes.drop(columns="geometry").equals(other.routes.drop(columns="geometry"))
    assert one.proposed.geometry.geom_equals_exact(other.proposed.geometry, 0).all()


def own(*lines):
    return gpd.GeoDataFrame({"id": range(len(lines)), "name": [f"路线{k}" for k in range(len(lines))]}, geometry=list(lines), crs=4326)


def test_routes_on_record_are_laid_beside_the_proposed_ones():
    """One along the arterial and the lane: its 200 m on the lane agree, its 400 m on the arterial (3.6 times as long) do not."""
    found = safe_routes(drawn(*TOWN), SCHOOL, TWO)
    beside = compare(found.arcs, own(LineString([lonlat(0, 5), lonlat(600, 5)])), found.proposed)
    (line,) = beside.lines.itertuples()
    assert line.together_share == pytest.approx(220 / 600, abs=0.04)
    assert line.weighted_m == pytest.approx(400 * 3.6 + 200, rel=0.04)
    assert beside.parts["part"].tolist() == ["both", "bureau", "proposed"]
    assert beside.parts["length_m"].sum() == pytest.approx(600 + 440, rel=0.03)
    assert beside.proposed_share == pytest.approx(240 / 680, abs=0.04)
    assert beside.faults == ()


def test_without_routes_on_record_or_proposed_ones_nothing_is_compared():
    found = safe_routes(drawn(*TOWN), SCHOOL, TWO)
    assert not len(compare(found.arcs, own(), found.proposed).lines)
    alone = compare(found.arcs, own(LineString([lonlat(0, 900), lonlat(50, 900)])), found.proposed.iloc[:0])
    assert np.isnan(alone.proposed_share)
    assert alone.lines["off_street_share"].tolist() == [1.0]
    assert alone.lines["weighted_m"].isna().all()


def test_routes_in_pieces_away_from_streets_or_no_lines_at_all_are_told():
    found = safe_routes(drawn(*TOWN), SCHOOL, TWO)
    line = LineString([lonlat(0, 5), lonlat(600, 5)])
    one, gap = ([[lonlat(0, 5), lonlat(a, 5)], [lonlat(b, 5), lonlat(600, 5)]] for a, b in ((200, 200.3), (200, 300)))
    far = LineString([lonlat(0, 900), lonlat(600, 900)])
    mixed = own(line, MultiLineString(one), MultiLineString(gap), far, Point(lonlat(0, 0)))
    told = compare(found.arcs, mixed, found.proposed).faults
    assert [(f.code, f.facts["name"]) for f in told] == [("W373", "路线4"), ("W371", "路线3"), ("W372", "路线2")]
    assert [f.facts.get("percent", f.facts.get("count")) for f in told[1:]] == ["100", 2]


def test_a_route_that_comes_to_no_school_gate_is_told_with_the_nearest():
    doors, _ = school_doors(drawn(*TOWN), SCHOOL)
    place = doors.geometry.iloc[0]
    near, far = (LineString([(place.x + d, place.y), (place.x + d, place.y + 0.01)]) for d in (0.0005, 0.005))
    told = astray(own(near, far, place), doors, {"S": "一小"})
    assert [(f.code, f.facts["name"], f.facts["school"]) for f in told] == [("W363", "路线1", "一小")]
    assert astray(own(far), doors.iloc[:0], {}) == []


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([[(0, 0), (100, 0)], [(103, 0), (200, 0)]], 1),  # 3 m short
        ([[(0, 0), (100, 0)], [(100.3, 0), (200, 0)]], 0),  # within the 0.5 m of a survey
        ([[(0, 0), (100, 0)], [(50, -50), (50, 50)]], 0),  # they cross; a crossing is no junction, and no gap
        ([[(0, 0), (100, 0)], [(50, 4), (50, 90)]], 1),  # an end beside the middle of another
        ([[(0, 0), (100, 0)], [(150, 0), (200, 0)]], 0),  # really apart
    ],
)
def test_a_route_file_whose_lines_do_not_touch_is_told_with_the_place(lines, told):
    table = own(*[LineString([lonlat(*xy) for xy in line]) for line in lines])
    found = gaps(table, network_crs(drawn(*TOWN)))
    assert [f.code for f in found] == ["W375"] * told
    joined = own(MultiLineString(list(table.geometry)))
    assert len(gaps(joined, network_crs(drawn(*TOWN)))) == told  # parts of one route too
    if told:
        assert "路线" in found[0].what("zh")
        assert "123.00" in found[0].what("en")
