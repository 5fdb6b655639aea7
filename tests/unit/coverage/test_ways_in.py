"""Which ways lead into a school's grounds. The yard is 200 m from west to east and 100 m from south to north, its south-west corner at (0, 0)."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import Polygon

from cfmap.coverage import accesses
from tests.unit.coverage.drawn import M_PER_DEGREE, ORIGIN, drawn, lonlat, places, street

YARD = gpd.GeoSeries([Polygon([lonlat(*xy) for xy in ((0, 0), (200, 0), (200, 100), (0, 100))])], index=["s"], crs=4326)
SCHOOL = places(s=(100, 50))


def gates(*streets):
    found = accesses(drawn(*streets), SCHOOL, footprints=YARD)
    return sorted(
        (kind, round((p.x - ORIGIN[0]) * M_PER_DEGREE[0]), round((p.y - ORIGIN[1]) * M_PER_DEGREE[1]))
        for kind, p in zip(found["kind"], found.geometry, strict=True)
    )


def service(*course):
    return street(*course, highway="service")


def path(*course, **tags):
    return street(*course, highway="footway", **tags)


ROAD = street((-100, -20), (0, -20), (60, -20), (70, -20), (120, -20), (300, -20), name="前街")  # before the south side


def test_a_street_that_comes_out_again_is_the_citys_not_a_gate():
    """It cuts off the corner of an outline drawn too large: nobody climbs the fence there. The gate is guessed, one."""
    (one,) = gates(street((-50, 20), (100, 60), (160, 150)))
    assert one[0] == "assumed"


def test_its_sidewalks_are_no_gates_either():
    cut = street((-50, 50), (250, 50))
    assert [kind for kind, *_ in gates(cut, path((-50, 60), (250, 60), footway="sidewalk"))] == ["assumed"]


def test_where_a_way_of_the_grounds_leaves_such_a_street_is_the_gate():
    cut = street((-50, 50), (120, 50), (250, 50))
    assert gates(cut, path((120, 50), (120, 80))) == [("crossing", 120, 50)]


def test_a_street_that_ends_in_the_grounds_leads_in():
    assert gates(ROAD, street((60, -20), (60, 30))) == [("crossing", 60, 0)]


def test_a_turning_loop_at_its_end_makes_no_difference():
    assert gates(ROAD, street((60, -20), (60, 30), (80, 50), (60, 60), (60, 30))) == [("crossing", 60, 0)]


def test_a_dead_end_that_leaves_a_passing_street_is_a_gate_where_it_leaves():
    assert gates(street((-50, 50), (120, 50), (250, 50)), street((120, 50), (120, 80))) == [("crossing", 120, 50)]


def test_a_path_through_the_grounds_has_two_gates_for_a_fence_lets_it_in_and_out():
    assert gates(path((60, -20), (60, 120)), ROAD) == [("crossing", 60, 0), ("crossing", 60, 100)]


@pytest.mark.parametrize("away", [0, 1, 4])
def test_a_way_along_the_fence_enters_nothing(away):
    """Drawn a little inside, or on the outline itself."""
    along = path((-20, away), (220, away))
    assert [kind for kind, *_ in gates(along, street((-20, away), (-20, -50)))] == ["assumed"]


def test_an_outline_that_is_a_square_too_has_one_guessed_gate():
    """A pedestrian square drawn with the very line of the outline, which a street meets at one corner: no crossing all along it."""
    ring = street((0, 0), (200, 0), (200, 100), (0, 100), (0, 0), highway="pedestrian")
    assert gates(ring, street((-60, -60), (0, 0))) == [("assumed", 0, 0)]


def test_a_way_that_ends_on_the_outline_leads_to_a_gate():
    assert gates(ROAD, path((120, -20), (120, 0))) == [("crossing", 120, 0)]


def test_a_way_that_only_touches_the_outline_does_not():
    assert gates(street((100, -100), (120, 0), (140, -100))) == [("assumed", 120, 0)]


def test_a_drive_and_the_footway_beside_it_share_a_gate():
    assert gates(ROAD, service((60, -20), (60, 40)), path((70, -20), (70, 40))) == [("crossing", 60, 0)]
    assert gates(ROAD, service((60, -20), (60, 40)), path((70, -20), (70, 40)), path((120, -20), (120, 40))) == [("crossing", 60, 0), ("crossing", 120, 0)]


def test_three_close_together_become_the_middle_one_and_the_corner_of_the_outline_parts_nothing():
    ways = [path((x, -20), (x, 40)) for x in (2, 12)]
    assert gates(*ways, path((-20, 8), (40, 8))) == [("crossing", 2, 0)]  # along the outline: 8 m before the corner, then 2 and 12 m behind it


def test_opposite_sides_of_a_narrow_yard_are_not_close():
    narrow = gpd.GeoSeries([Polygon([lonlat(*xy) for xy in ((0, 0), (200, 0), (200, 16), (0, 16))])], index=["s"], crs=4326)
    found = accesses(drawn(path((60, -20), (60, 40)), path((60, 8), (61, 8))), SCHOOL, footprints=narrow)
    assert found["kind"].tolist() == ["crossing", "crossing"]


def test_neither_order_nor_direction_of_ways_matters():
    ways = [ROAD, service((60, -20), (60, 40)), path((70, -20), (70, 40)), street((-50, 50), (120, 50), (250, 50)), path((120, 50), (120, 80))]
    turned = [(course[::-1], *rest) for course, *rest in reversed(ways)]
    assert gates(*ways) == gates(*turned)
