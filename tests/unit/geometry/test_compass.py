"""Sides of streets by the compass: by geometry alone, however a street was drawn."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import LineString, affinity, reverse

from cfmap.geometry.compass import WINDS, side_words, wind

EAST = LineString([(0, 0), (100, 0)])
OTHER = {"left": "right", "right": "left"}
BEND = LineString([(0, 0), (60, 8), (100, 30)])  # bends to the left, still eastward


def words(*pieces, degrees=False):
    lines, sides = zip(*pieces, strict=True)
    return [zh for zh, _ in side_words(lines, sides, degrees=degrees)]


def arc(angle, *, radius=100.0):
    turned = np.radians(np.linspace(0, angle, 181))
    return LineString(np.column_stack([radius * np.sin(turned), radius * (1 - np.cos(turned))]))  # sets out eastward, turns left


@pytest.mark.parametrize("number", range(8))
def test_left_of_a_street_that_runs_with_a_wind_is_two_winds_before_it(number):
    """A street to the north has the west on its left, one to the north-east the north-west, and so on round the compass."""
    line = affinity.rotate(EAST, 90 - 45 * number, origin=(0, 0))
    left, right = WINDS[(number - 2) % 8], WINDS[(number + 2) % 8]
    assert side_words([line], ["left"], degrees=False) == [(f"{left[0]}侧", f"{left[1]} side")]
    assert side_words([line], ["right"], degrees=False) == [(f"{right[0]}侧", f"{right[1]} side")]
    assert wind(*(np.array(line.coords[-1]) - line.coords[0])) == WINDS[number]


@pytest.mark.parametrize("line", [EAST, BEND, arc(60), arc(120), affinity.rotate(BEND, 77, origin=(0, 0))])
@pytest.mark.parametrize("side", ["left", "right"])
def test_a_street_drawn_the_other_way_round_has_the_same_sides(line, side):
    assert words((line, side)) == words((reverse(line), OTHER[side]))
    assert words((line, "left")) != words((line, "right"))


def test_a_curve_is_named_by_its_whole_course_and_left_only_where_no_wind_can_tell():
    assert words((BEND, "left")) == ["北侧"]
    assert words((arc(90), "left"), (arc(90), "right")) == ["西北侧", "东南侧"]  # from east to north
    assert words((arc(180), "left"), (arc(180), "right")) == ["左侧", "右侧"]  # a half circle: east, north and west
    assert words((arc(360), "left"), (LineString([(0, 0), (0, 0)]), "right"), (EAST, "")) == ["左侧", "右侧", "两侧"]


def test_pieces_of_one_street_that_bends_a_little_keep_the_name_of_most_of_it():
    bent = LineString([(100, 0), (130, 30)])  # 42 m to the north-east after 100 m to the east, drawn either way
    for last, left, right in ((bent, "left", "right"), (reverse(bent), "right", "left")):
        assert words((EAST, "left"), (last, left), (EAST, "right"), (last, right)) == ["北侧", "北侧", "南侧", "南侧"]
    corner = LineString([(100, 0), (100, 80)])
    assert words((EAST, "left"), (corner, "left")) == ["北侧", "西侧"]


def test_degrees_are_not_as_wide_as_they_are_high():
    """At 60 degrees north a degree of longitude is half as long: one step of each leads north-north-east, not north-east."""
    line = LineString([(10, 60), (10.001, 60.001)])
    assert words((line, "right"), degrees=True) == ["东南侧"]
    steep = LineString([(10, 60), (10.0008, 60.001)])
    assert words((steep, "right"), degrees=True) == ["东侧"]
    assert words((steep, "right"), degrees=False) == ["东南侧"]
