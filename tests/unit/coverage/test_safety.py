"""Streets beside schools by their tags: what makes safe, unsafe and unknown, and how numbers are read."""

from __future__ import annotations

from itertools import product

import pytest

from cfmap.coverage.safety import Near, all_of, explain, judge_segment, kmh, lanes_one_way


def judge(item, tags, *, side="", gates=None):
    """State and reason of one item."""
    verdict = judge_segment(tags, side=side, gates=gates).items[item]
    return verdict.state, *verdict.reasons


@pytest.mark.parametrize(
    ("tags", "side", "state", "reason"),
    [
        ({"highway": "living_street"}, "left", "safe", "A-shared"),
        ({"highway": "residential", "sidewalk": "both"}, "", "safe", "A-sidewalk"),
        ({"sidewalk": "left"}, "left", "safe", "A-sidewalk"),
        ({"sidewalk": "left"}, "right", "unsafe", "A-far-side"),
        ({"sidewalk": "left"}, "", "unknown", "A-which-side"),
        ({"sidewalk:left": "yes"}, "left", "safe", "A-sidewalk"),
        ({"sidewalk:left": "yes"}, "right", "unknown", "A-untagged"),
        ({"sidewalk:both": "no"}, "right", "unsafe", "A-none"),
        ({"sidewalk:right": "no"}, "right", "unsafe", "A-none"),
        ({"sidewalk": "no"}, "left", "unsafe", "A-none"),
        ({"sidewalk": "none"}, "", "unsafe", "A-none"),
        ({"highway": "living_street", "sidewalk": "no"}, "left", "safe", "A-shared"),
        ({"sidewalk": "separate"}, "left", "unknown", "A-separate-unmatched"),
        ({"sidewalk": "separate", "cfmap:beside": "yes"}, "left", "safe", "A-separate"),
        ({"sidewalk:left": "separate", "cfmap:beside": "yes"}, "left", "safe", "A-separate"),
        ({}, "left", "unknown", "A-untagged"),
    ],
)
def test_walking_space(tags, side, state, reason):
    assert judge("A", tags, side=side) == (state, reason)


@pytest.mark.parametrize(
    ("tags", "state", "reason"),
    [
        ({"maxspeed": "30"}, "safe", "B-limit"),
        ({"maxspeed": "40"}, "unsafe", "B-over"),
        ({"maxspeed": "20 mph"}, "unsafe", "B-over"),  # 32.2 km/h
        ({"maxspeed": "15 mph"}, "safe", "B-limit"),
        ({"maxspeed": "none"}, "unsafe", "B-over"),
        ({"maxspeed": "CN:urban"}, "unknown", "B-unread"),
        ({"maxspeed": "50", "maxspeed:conditional": "30 @ (Mo-Fr 07:00-08:30,16:00-18:00)"}, "safe", "B-school-hours"),
        ({"maxspeed": "50", "maxspeed:conditional": "30 @ (07:00-17:30)"}, "safe", "B-school-hours"),
        ({"maxspeed": "50", "maxspeed:conditional": "30 @ (Mo-Fr 07:00-17:30; SH off)"}, "safe", "B-school-hours"),
        ({"maxspeed": "50", "maxspeed:conditional": "30 @ (22:00-06:00)"}, "unsafe", "B-outside-hours"),
        ({"maxspeed": "50", "maxspeed:conditional": "30 @ (Sa-Su 07:00-18:00)"}, "unsafe", "B-outside-hours"),
        ({"maxspeed:conditional": "30 @ (Sa-Su 07:00-18:00)"}, "unknown", "B-other-hours"),
        ({"maxspeed": "50", "maxspeed:conditional": "40 @ (07:00-18:00)"}, "unsafe", "B-over"),
        ({"hazard": "school_zone"}, "unknown", "B-sign-only"),
        ({"highway": "living_street"}, "safe", "B-shared"),
        ({"highway": "living_street", "maxspeed": "50"}, "unknown", "B-shared-fast"),
        ({}, "unknown", "B-untagged"),
    ],
)
def test_speed(tags, state, reason):
    assert judge("B", tags) == (state, reason)


@pytest.mark.parametrize(
    ("kinds", "lanes", "over", "tags", "state", "reason"),
    [
        (["signalled"], 4, False, {}, "safe", "C-signals"),
        ([], None, True, {}, "safe", "C-grade"),
        (["marked"], 1, False, {}, "safe", "C-marked"),
        (["marked"], 2, False, {}, "unknown", "C-marked-many-lanes"),
        (["marked"], None, False, {}, "unknown", "C-marked-lanes-untagged"),
        (["unmarked"], 2, False, {}, "unsafe", "C-unmarked-many-lanes"),
        (["unmarked"], 1, False, {}, "unknown", "C-unmarked"),
        (["unmarked", "unknown"], 2, False, {}, "unknown", "C-unmarked"),
        ([], 2, False, {"crossing": "no"}, "unsafe", "C-no-crossing"),
        ([], 2, False, {}, "unknown", "C-untagged"),
    ],
)
def test_crossing_at_the_gate(kinds, lanes, over, tags, state, reason):
    road = tags | ({"oneway": "yes", "lanes": str(lanes)} if lanes else {})
    front = Near(tuple((f"n{n}", kind) for n, kind in enumerate(kinds)), "way/9" if over else "")
    assert judge("C", road, gates={"g/1": front}) == (state, reason)


def test_kleene_and_over_all_pairs():
    table = {
        ("safe", "safe"): "safe",
        ("safe", "unknown"): "unknown",
        ("safe", "unsafe"): "unsafe",
        ("unknown", "unknown"): "unknown",
        ("unknown", "unsafe"): "unsafe",
        ("unsafe", "unsafe"): "unsafe",
    }
    for a, b in product(("safe", "unknown", "unsafe"), repeat=2):
        assert all_of([a, b]) == table[tuple(sorted((a, b)))]
    assert all_of([]) == "unknown"


def test_silence_is_never_an_answer():
    found = judge_segment({"name": "某路", "surface": "asphalt"}, gates={"g/1": Near()})
    assert {verdict.state for verdict in found.items.values()} == {"unknown"}
    assert found.evidence_text() == ""


def test_reasons_are_told_in_both_languages():
    assert explain("A-none;B-untagged") == "没有人行道；不知道限速"
    assert explain("A-none;dual", lang="en") == "no sidewalk; one carriageway of a divided road"
    assert explain("") == ""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30", 30),
        ("30 km/h", 30),
        ("7.5", 7.5),
        ("walk", 7),
        ("none", float("inf")),
        ("DE:urban", None),
        ("30;50", None),
        ("20 mph", 20 * 1.609344),
        ("DE:zone30", 30),
        ("CN:30", 30),
        ("CN:living_street", 7),
        ("signals", None),
        ("variable", None),
        ("", None),
        ("-30", None),
    ],
)
def test_limits_are_read(text, value):
    assert kmh(text) == value


@pytest.mark.parametrize(
    ("tags", "lanes"),
    [
        ({"lanes": "4"}, 2),
        ({"lanes": "2", "oneway": "yes"}, 2),
        ({"lanes:forward": "2", "lanes:backward": "1", "lanes": "3"}, 2),
        ({"lanes": "3"}, 2),  # one direction has two
        ({"lanes": "3", "lanes:both_ways": "1"}, 1),
        ({"lanes": "4", "lanes:forward": "1"}, 3),
        ({"lanes:forward": "2"}, 2),
        ({"lanes:forward": "1"}, None),  # the other direction may have two
        ({"lanes:forward": "1", "oneway": "yes"}, 1),
        ({"lanes:backward": "2", "oneway": "-1"}, 2),
        ({"lanes": "2", "oneway": "-1"}, 2),
        ({"lanes": "2", "junction": "roundabout"}, 2),  # runs one way without saying so
        ({"lanes": "2", "junction": "roundabout", "oneway": "no"}, 1),
        ({"lanes": "viele"}, None),
        ({"lanes": "nan"}, None),
        ({}, None),
    ],
)
def test_lanes_are_counted_one_way(tags, lanes):
    assert lanes_one_way(tags) == lanes
