"""The grid of minutes says what a walk from the middle of each cell takes, and nothing where nobody can say."""

from __future__ import annotations

import numpy as np
import pytest

from cfmap.coverage.minutes_grid import GRID, NEAR_M, minutes_grid
from tests.unit.coverage.drawn import drawn, lonlat, places, street

# Two streets that do not meet; the site stands 10 m off the western end of the long one.
#
#   S
#   A---------------------------------------B      C-----D
#   0                                     2000    3000  3300
NETWORK = drawn(street((0, 0), (2000, 0)), street((3000, 0), (3300, 0)))
LIMIT_MM = 1_000_000


@pytest.fixture(scope="module")
def grid():
    field = NETWORK.travel(NETWORK.snap(places(s=(0, 10)), limit_m=100), limit_mm=LIMIT_MM)
    return minutes_grid(NETWORK, field, limit_mm=LIMIT_MM, speed_kmh=4.0)


def minutes_at(grid, east, north):
    lon, lat = (v * GRID for v in lonlat(east, north))
    column, row = int((lon - grid.west) // grid.lon_step), int((lat - grid.south) // grid.lat_step)
    if not 0 <= column < grid.columns:
        return None
    here = np.flatnonzero(grid.cell == row * grid.columns + column)
    return int(grid.minutes[here[0]]) if len(here) else None


def middle(grid, east):
    """Place in metres of the middle of the cell that holds a place on the long street."""
    lon, lat = (v * GRID for v in lonlat(east, 0))
    column, row = (lon - grid.west) // grid.lon_step, (lat - grid.south) // grid.lat_step
    one = lonlat(1, 1)
    zero = lonlat(0, 0)
    scale = (one[0] - zero[0]) * GRID, (one[1] - zero[1]) * GRID
    return tuple(
        (corner + (k + 0.5) * step - z * GRID) / s
        for corner, k, step, z, s in zip((grid.west, grid.south), (column, row), (grid.lon_step, grid.lat_step), zero, scale, strict=True)
    )


@pytest.mark.parametrize("east", [5, 210, 480, 777, 930])
def test_minutes_are_the_way_along_the_street_and_both_straight_ways_rounded_up(grid, east):
    x, y = middle(grid, east)
    walk = max(x, 0.0) + abs(y) + 10  # metres; 4 km/h are 66.7 a minute
    assert minutes_at(grid, east, 0) == max(1, int(np.ceil(walk / (4000 / 60))))


def test_near_the_door_it_is_a_minute_or_two_and_never_none(grid):
    assert 1 <= grid.minutes.min() <= 2


def test_what_is_not_reached_has_no_answer(grid):
    assert minutes_at(grid, 1100, 0) is None  # beyond the limit
    assert minutes_at(grid, 3100, 0) is None  # no path
    assert minutes_at(grid, 500, NEAR_M + 40) is None  # no street near
    assert minutes_at(grid, 500, 35) is not None  # the ground that is drawn as reached has one


def test_no_site_no_grid():
    field = NETWORK.travel(NETWORK.snap(places(s=(0, 5000)), limit_m=100), limit_mm=LIMIT_MM)
    assert minutes_grid(NETWORK, field, limit_mm=LIMIT_MM, speed_kmh=4.0) is None
