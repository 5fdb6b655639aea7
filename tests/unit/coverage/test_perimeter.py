"""Stretches of road round schools: where they are cut, what is known about them, and what silence means."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString

from cfmap.coverage import perimeter, perimeter_faults, school_summary
from cfmap.coverage.perimeter import COLUMNS
from cfmap.model.survey import Answer
from cfmap.network import EdgeFlag
from tests.unit.coverage.drawn import drawn, lonlat, places, street

# The school's gate g on a street of 1,000 m, a side street 100 m east of it, a footpath 50 m west:
#
#            |              |
#            : (foot)       | side street
#   ---------+------g-------+----------------
#   0       350    400     500             1000
MAIN = street((0, 0), (350, 0), (500, 0), (1000, 0), sidewalk="both", maxspeed="30", lanes="2", name="育才路")
SIDE = street((500, 0), (500, 300))
PATH = street((350, 0), (350, 300), highway="footway")
SCHOOL = places(g=(400, 0)).assign(name=["一小"], status=["在用"])


def lengths(table):
    return {way: round(sum(group["to_m"] - group["from_m"]), 1) for way, group in table.groupby("way_id")}


def test_roads_are_cut_at_150_m_from_the_gate():
    """150 m each way on the main street, 50 m into the side street, nothing of the footpath."""
    table = perimeter(drawn(MAIN, SIDE, PATH), SCHOOL)
    assert lengths(table) == {1: 300.0, 2: 50.0}
    ends = table.loc[table["way_id"].eq(2)].iloc[0]
    assert (ends["from_m"], ends["to_m"]) == (0, pytest.approx(50, abs=0.01))
    assert tuple(table) == COLUMNS
    assert ends["segment"] == "2/1002-1004"
    assert set(table["gate"]) == {"", "g/1"}


def test_the_straight_way_from_the_gate_counts():
    table = perimeter(drawn(MAIN, SIDE), SCHOOL.set_geometry(places(g=(400, 30)).geometry))
    assert lengths(table) == {1: 240.0, 2: 20.0}


def test_other_distances_may_be_asked_for():
    assert lengths(perimeter(drawn(MAIN, SIDE), SCHOOL, metres=300)) == {1: 600.0, 2: 200.0}


def test_known_and_safe_needs_every_item_and_a_crossing_at_the_gate():
    network = drawn(MAIN, crossings=[((430, 0), "marked")])
    (row,) = perimeter(network, SCHOOL.assign(geometry=places(g=(425, 0)).geometry)).query("item_C.notna()").itertuples()
    assert (row.item_A, row.item_B, row.item_C, row.state) == ("safe", "safe", "safe", "safe")
    assert row.reasons == "A-sidewalk;B-limit;C-marked;gate-assumed"


@pytest.mark.parametrize(
    ("crossings", "state", "reason"),
    [
        ([((440, 0), "signalled")], "safe", "C-signals"),
        ([((440, 0), "unmarked")], "unknown", "C-unmarked"),
        ([(((440, -5), (440, 5)), "signalled")], "safe", "C-signals"),  # mapped as a way only
        ([(((460, -5), (460, 5)), "signalled")], "unknown", "C-untagged"),
        ([((460, 0), "signalled")], "unknown", "C-untagged"),  # 60 m away
        ([], "unknown", "C-untagged"),
    ],
)
def test_the_crossing_must_lie_within_50_m_of_the_gate(crossings, state, reason):
    table = perimeter(drawn(MAIN, crossings=crossings), SCHOOL)
    front = table[table["item_C"].notna()]
    assert len(front) == 1
    assert front.iloc[0]["item_C"] == state
    assert reason in front.iloc[0]["reasons"].split(";")


def test_only_the_street_before_the_gate_needs_a_crossing():
    table = perimeter(drawn(MAIN, SIDE), SCHOOL)
    assert table.loc[table["way_id"].eq(2), "item_C"].tolist() == [None]


def test_a_foot_bridge_before_the_gate_counts_as_crossing():
    walk = street((400, 10), (430, 10), highway="footway")
    bridge = street((430, 10), (430, -20), (500, -20), highway="footway", flags=EdgeFlag.BRIDGE)
    link = street((500, -20), (500, 0), highway="footway")
    school = SCHOOL.set_geometry(places(g=(400, 4)).geometry)
    joined = street((400, 0), (400, 10), highway="footway")
    network = drawn(street((0, 0), (400, 0), (500, 0), (1000, 0), sidewalk="both", maxspeed="30"), walk, bridge, link, joined)
    assert "C-grade" in ";".join(perimeter(network, school)["reasons"])


def test_silence_is_unknown_and_one_bad_item_is_unsafe():
    silent = perimeter(drawn(street((0, 0), (1000, 0))), SCHOOL)
    assert set(silent["state"]) == {"unknown"}
    fast = perimeter(drawn(street((0, 0), (1000, 0), maxspeed="60")), SCHOOL)
    assert set(fast["state"]) == {"unsafe"}
    assert set(fast["item_A"]) == {"unknown"}


def test_answers_come_before_the_map_and_say_so():
    network = drawn(street((0, 0), (1000, 0), sidewalk="no", maxspeed="60", lanes="4", lit="yes", hazard="children"))
    plain = perimeter(network, SCHOOL)
    (segment,), (gate,) = set(plain["segment"]), set(plain["gate"]) - {""}
    answers = [
        Answer(segment, "A", "有", 2.0, date="2026-05-01", id="1"),
        Answer(segment, "B", "限速", 30, source="edit", id="2"),
        Answer(gate, "C", "信号灯", id="3"),
    ]
    table = perimeter(network, SCHOOL, answers=answers)
    assert set(plain["state"]) == {"unsafe"}
    assert set(table["state"]) == set(table["state_strict"]) == {"safe"}
    before = table[table["gate"].ne("")].iloc[0]
    assert before["evidence"] == "A survey/1@2026-05-01 有 2; B edit/2 限速 30; C survey/3 信号灯; D way/1 lit=yes; E way/1 hazard=children"
    assert before["conflict"] == "A survey/1@2026-05-01 有 2 ≠ way/1 sidewalk=no; B edit/2 限速 30 ≠ way/1 maxspeed=60"
    assert table.drop(columns=["gate_states", "item_A", "item_B", "item_C", "state", "state_strict", "reasons", "evidence", "conflict"]).equals(
        plain.drop(columns=["gate_states", "item_A", "item_B", "item_C", "state", "state_strict", "reasons", "evidence", "conflict"])
    )


def test_nodes_that_slow_or_help_count_for_their_own_stretch():
    """A hump 100 m west of the gate lies on its street within 150 m, a guard on the side street; the far hump on neither."""
    helps = [((300, 0), {"traffic_calming": "hump"}), ((500, 30), {"supervised": "yes"}), ((900, 0), {"traffic_calming": "table"})]
    table = perimeter(drawn(MAIN, SIDE, helps=helps), SCHOOL).set_index(["way_id", "from_m"]).sort_index()
    bare = perimeter(drawn(MAIN, SIDE), SCHOOL)
    assert [table.loc[way, "item_F"].tolist().count("safe") for way in (1, 2)] == [1, 0]
    assert [table.loc[way, "item_H"].tolist().count("safe") for way in (1, 2)] == [0, 1]
    assert set(bare["item_F"]) == set(bare["item_H"]) == {"unknown"}


def test_the_sidewalk_must_be_on_the_schools_side():
    """The school stands 20 m north of a street that runs east: on its left."""
    school = SCHOOL.set_geometry(places(g=(400, 20)).geometry)
    for tag, state in (("left", "safe"), ("right", "unsafe")):
        table = perimeter(drawn(street((0, 0), (1000, 0), sidewalk=tag)), school)
        assert set(table["side"]) == {"left"}
        assert set(table["item_A"]) == {state}


def test_a_school_without_motor_road_is_listed_and_is_not_safe():
    network = drawn(street((0, 0), (1000, 0), highway="footway"), street((0, 0), (0, 900)))
    table = perimeter(network, SCHOOL)
    assert table.empty
    assert school_summary(table, SCHOOL).loc["g", "state"] == "none"
    (found,) = perimeter_faults(table, SCHOOL)
    assert found.code == "W389"
    assert "一小" in found.what("zh")


def test_summary_adds_up_and_the_worst_stretch_governs():
    network = drawn(MAIN, street((500, 0), (500, 300), sidewalk="no"), crossings=[((410, 0), "signalled")])
    summary = school_summary(perimeter(network, SCHOOL), SCHOOL)
    row = summary.loc["g"]
    assert {c: round(row[c]) for c in ("metres", "safe_m", "unsafe_m", "unknown_m")} == {"metres": 350, "safe_m": 300, "unsafe_m": 50, "unknown_m": 0}
    assert (round(row["lower"]), round(row["upper"]), row["known"], row["gate"]) == (86, 86, 100, "safe")
    assert (row["state"], row["every"], row["length"]) == ("unsafe",) * 3


def test_several_gates_each_have_their_stretch_and_their_crossing():
    gates = places(w=(200, 0), e=(800, 0)).assign(school="g")
    table = perimeter(drawn(MAIN, crossings=[((210, 0), "signalled")]), SCHOOL, gates=gates)
    assert lengths(table) == {1: 600.0}
    assert set(table.loc[table["item_C"].notna(), "item_C"]) == {"safe", "unknown"}
    assert not table["reasons"].str.contains("gate-assumed").any()


def test_closed_and_planned_schools_are_not_looked_at():
    schools = pd.concat([SCHOOL, places(x=(700, 0), y=(900, 0)).assign(name=["二小", "三小"], status=["关闭", "规划"])])
    assert set(perimeter(drawn(MAIN), schools)["school"]) == {"g"}


def test_carriageways_of_a_divided_road_are_marked():
    north = street((1000, 20), (400, 20), (0, 20), oneway="yes", name="育才路")
    south = street((0, 0), (400, 0), (1000, 0), oneway="yes", name="育才路")
    link = street((400, 0), (400, 20), highway="footway")
    table = perimeter(drawn(north, south, link), SCHOOL)
    assert table["reasons"].str.contains("dual").all()
    assert set(table["way_id"]) == {1, 2}


def test_a_carriageway_replaced_by_its_sidewalk_belongs_to_the_perimeter():
    """People walk on the sidewalk at y = 10; the road at y = 0 is no part of the walking network, but cars drive there."""
    walk = street((0, 10), (1000, 10), highway="footway")
    other = street((0, 10), (0, 500))
    road = {
        "way_id": 77,
        "u": 1,
        "v": 2,
        "reason": "sidewalk",
        "kind": "primary",
        "motor": True,
        "geometry": LineString([lonlat(0, 0), lonlat(1000, 0)]),
    }
    table = perimeter(drawn(walk, other, left_out=[road]), SCHOOL.set_geometry(places(g=(400, 10)).geometry))
    (row,) = table.itertuples()
    assert pd.isna(row.edge_id)
    assert row.way_id == 77
    assert row.to_m - row.from_m == pytest.approx(300, abs=1)
    assert row.item_B == "unknown"


def test_nothing_depends_on_the_order_of_the_schools():
    schools = pd.concat([SCHOOL, places(h=(700, 20)).assign(name=["二小"], status=["在用"])])
    network = drawn(MAIN, SIDE, PATH, crossings=[((410, 0), "marked")])
    one, other = (perimeter(network, table) for table in (schools, schools.iloc[::-1]))
    assert isinstance(one, gpd.GeoDataFrame)
    pd.testing.assert_frame_equal(one.drop(columns="geometry"), other.drop(columns="geometry"))
