"""Tags that contradict each other: one street drawn by hand for each, what comes of it, and the record that tells of it."""

from __future__ import annotations

import pytest

from cfmap.coverage.perimeter import perimeter, tag_faults
from cfmap.coverage.safety import judge_segment, mistakes
from cfmap.coverage.safety.tags import lane_counts
from cfmap.model.survey import Answer
from tests.unit.coverage.drawn import drawn, lonlat, places, street

#: A school 3 m north of a street that runs east: on its left.
SCHOOL = places(g=(400, 3)).assign(name=["一小"], status=["在用"])


def round_school(answers=(), **tags):
    """State of the only stretch and what is told of it."""
    network = drawn(street((0, 0), (1000, 0), **tags))
    table = perimeter(network, SCHOOL, answers=answers)
    (row,) = table.itertuples()
    return row, tag_faults(network, table)


CASES = [
    # tags, item, its state, code told, tags told, words of what counted
    ({"highway": "living_street", "maxspeed": "50"}, "B", "unknown", "W374", "highway=living_street maxspeed=50", "步行优先"),
    ({"maxspeed": "30", "maxspeed:forward": "50"}, "B", "unknown", "W374", "maxspeed:forward=50 maxspeed=30", "不清楚"),
    ({"maxspeed": "60", "maxspeed:backward": "40"}, "B", "unsafe", "W374", "maxspeed=60 maxspeed:backward=40", "哪个对都高于 30"),
    ({"maxspeed": "20", "maxspeed:backward": "30"}, "B", "safe", "W374", "maxspeed=20 maxspeed:backward=30", "哪个对都不高于 30"),
    ({"maxspeed": "30", "zone:maxspeed": "50"}, "B", "unknown", "W374", "maxspeed=30 zone:maxspeed=50", "不清楚"),
    ({"maxspeed": "50", "source:maxspeed": "DE:zone:30"}, "B", "unknown", "W374", "maxspeed=50 source:maxspeed=DE:zone:30", "不清楚"),
    ({"maxspeed": "30", "maxspeed:forward": "30;50"}, "B", "unknown", "W367", "maxspeed:forward=30;50", ""),
    ({"maxspeed": "30;50", "zone:maxspeed": "DE:30"}, "B", "unknown", "W367", "maxspeed=30;50", ""),
    ({"sidewalk": "no", "sidewalk:left": "yes"}, "A", "unknown", "W374", "sidewalk:left=yes sidewalk=no", "左侧的人行道"),
    ({"sidewalk:left": "no", "sidewalk:left:width": "2"}, "A", "unknown", "W374", "sidewalk:left=no sidewalk:left:width=2", "左侧的人行道"),
    ({"sidewalk": "separate"}, "A", "unknown", "W360", None, None),
    ({"lit": "yes;no"}, "D", "unknown", "W367", "lit=yes;no", ""),
    ({"lanes": "zwei"}, "A", "unknown", "W367", "lanes=zwei", ""),
    ({"lanes": "3", "lanes:forward": "1", "lanes:backward": "1"}, "A", "unknown", "W374", "lanes=3 lanes:forward=1 lanes:backward=1", "单向 1 条还是 2 条"),
    ({"lanes": "2", "lanes:forward": "1", "oneway": "yes"}, "A", "unknown", "W374", "lanes=2 lanes:forward=1 oneway=yes", "单向 1 条还是 2 条"),
    ({"lanes": "5", "lanes:forward": "2", "lanes:backward": "2"}, "A", "unknown", "W374", "lanes=5 lanes:forward=2 lanes:backward=2", "结论一样"),
]


@pytest.mark.parametrize(("tags", "item", "state", "code", "text", "counted"), CASES, ids=[" ".join(f"{k}={v}" for k, v in case[0].items()) for case in CASES])
def test_each_is_told_once_with_place_values_and_what_counted(tags, item, state, code, text, counted):
    row, (told,) = round_school(**tags)
    assert (getattr(row, f"item_{item}"), told.code) == (state, code)
    assert told.facts["osm"] == "way/1"
    assert float(told.facts["lon"]) == pytest.approx(lonlat(400, 0)[0], abs=1e-4)
    if text is not None:
        assert told.facts["tags"] == text
        assert text in told.what("zh")
        assert text in told.what("en")
        assert counted in told.why("zh")
    assert "街道数据" in told.how("zh")


@pytest.mark.parametrize(
    "tags",
    [
        {"maxspeed": "30", "zone:maxspeed": "DE:urban"},  # a sign against the country's usual limit
        {"maxspeed": "50", "maxspeed:conditional": "30 @ (Mo-Fr 07:00-18:00)"},
        {"highway": "living_street", "maxspeed": "20", "sidewalk": "no"},
        {"sidewalk": "yes", "sidewalk:left": "no"},  # the side's own key says which is meant
        {"sidewalk:both": "yes", "sidewalk:left": "separate"},
        {"lanes": "3", "lanes:forward": "1", "lanes:backward": "1", "lanes:both_ways": "1"},
        {"lanes": "2", "lanes:forward": "1", "lanes:backward": "1", "oneway": "yes"},  # one lane against the traffic
        {"lanes": "4", "lanes:forward": "1"},
    ],
)
def test_what_fits_together_is_not_told(tags):
    assert mistakes(tags) == ()


@pytest.mark.parametrize(("lanes", "state"), [("2", "safe"), ("3", "unknown")])
def test_lanes_that_contradict_each_other_leave_a_zebra_open(lanes, state):
    tags = {"lanes": lanes, "lanes:forward": "1", "lanes:backward": "1"}
    table = perimeter(drawn(street((0, 0), (1000, 0), **tags), crossings=[((420, 0), "marked")]), SCHOOL)
    assert table["item_C"].tolist() == [state]
    assert lane_counts(tags) == ((1,) if state == "safe" else (1, 2))


def test_a_survey_closes_what_tags_leave_open_and_the_pair_is_told():
    tags = {"highway": "living_street", "maxspeed": "50"}
    (segment,) = {round_school(**tags)[0].segment}
    row, told = round_school([Answer(segment, "B", "限速", 20, id="7", date="2026-05-01")], **tags)
    assert (row.item_B, row.conflict) == ("safe", "")
    assert [f.code for f in told] == ["W374"]
    row, told = round_school([Answer(segment, "A", "无", id="8")], sidewalk="both")
    assert row.item_A == "unsafe"
    assert [f.code for f in told] == ["W361"]
    assert told[0].what("zh") == "人行空间有两个说法：现场调查写“无”；地图 way/1 sidewalk=both。"
    _, (kept,) = round_school([Answer(segment, "A", "无", id="data/survey/a b.csv 8", date="2026-05-01")], sidewalk="both")
    assert (kept.file, kept.row, kept.value) == ("data/survey/a b.csv", 8, "无")
    assert "a survey on the spot (2026-05-01): 无; way/1" in kept.what("en")


def test_a_crossing_that_contradicts_itself_is_told_by_its_own_id():
    network = drawn(street((0, 0), (1000, 0), lanes="2"), crossings=[((420, 0), "unknown"), ((900, 0), "unknown")])
    network.crossings["doubt"] = ["node/0 crossing=traffic_signals crossing:signals=no", "node/1 crossing=zebra crossing:markings=no"]
    table = perimeter(network, SCHOOL)
    assert table["item_C"].tolist() == ["unknown"]
    told = tag_faults(network, table)
    assert [f.facts["osm"] for f in told] == ["node/0"]
    assert "crossing:signals=no" in told[0].what("zh")


def test_both_sides_of_a_shared_street_are_judged_by_the_worse_word():
    """A limit of 30 one way and 50 the other, on a street where people walk."""
    tags = {"highway": "living_street", "maxspeed": "30", "maxspeed:forward": "50"}
    assert judge_segment(tags, side="left").items["B"].reasons == ("B-contradictory",)
