"""
The sea inside an outline: on the right of the coast, never by guess.

    (0,10)+------------+(10,10)     coast from (4,-1) to (4,11) runs north: land in the west, sea in the east
          |   |   o    |            island o: counter-clockwise round (7,5), land inside
    (0,0) +------------+(10,0)
"""

from __future__ import annotations

import pytest
from shapely import LineString, box

from cfmap.intake.sea import sea

CITY = box(0, 0, 10, 10)
COAST = LineString([(4, -1), (4, 5), (4, 11)])
ISLAND = LineString([(6, 4), (8, 4), (8, 6), (6, 6), (6, 4)])


def test_the_sea_is_on_the_right_of_the_coast():
    (part,) = sea([COAST], CITY)
    assert part.area == pytest.approx(60)
    assert part.bounds == (4, 0, 10, 10)


def test_the_other_direction_has_the_sea_on_the_other_side():
    (part,) = sea([COAST.reverse()], CITY)
    assert part.area == pytest.approx(40)


def test_an_island_stays_land():
    (part,) = sea([COAST, ISLAND], CITY)
    assert part.area == pytest.approx(60 - 4)


def test_a_coast_in_several_ways_is_one_coast():
    (part,) = sea([LineString([(4, -1), (4, 5)]), LineString([(4, 5), (4, 11)])], CITY)
    assert part.area == pytest.approx(60)


def test_a_coast_that_ends_inside_gives_nothing():
    assert sea([LineString([(4, -1), (4, 5)])], CITY) == []


def test_without_a_coast_there_is_no_sea():
    assert sea([], CITY) == []
    assert sea([LineString([(20, 0), (20, 1)])], CITY) == []
