"""The grid of minutes says what a walk from the middle of each cell takes, and nothing where nobody can say."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest

from cfmap.coverage.minutes_grid import GRID, MOST_SITES, NEAR_M, minutes_grid
from cfmap.coverage.sources import place_sites
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
    return minutes_grid(NETWORK, standing(s=(0, 10)), limit_mm=LIMIT_MM, speed_kmh=4.0)


def nearest(grid):
    """Cells with an answer, ascending, and the minutes to the nearest site."""
    order = np.lexsort((grid.minutes, grid.cell))
    cell, minutes = grid.cell[order], grid.minutes[order]
    first = np.diff(cell, prepend=-1) != 0
    return cell[first], minutes[first]


def standing(**spots):
    return place_sites(NETWORK, gpd.GeoDataFrame({"id": list(spots), "name": ""}, geometry=list(places(**spots).geometry), crs=4326))


def minutes_at(grid, east, north):
    lon, lat = (v * GRID for v in lonlat(east, north))
    column, row = int((lon - grid.west) // grid.lon_step), int((lat - grid.south) // grid.lat_step)
    if not 0 <= column < grid.columns:
        return None
    cell, minutes = nearest(grid)
    here = np.flatnonzero(cell == row * grid.columns + column)
    return int(minutes[here[0]]) if len(here) else None


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
    assert minutes_grid(NETWORK, standing(s=(0, 800)), limit_mm=LIMIT_MM, speed_kmh=4.0) is None


def test_every_site_around_is_told_and_the_nearest_is_what_a_search_from_all_of_them_finds():
    spots = {"a": (0, 10), "b": (600, -10), "c": (3200, 5), "d": (1990, 10)}
    sources = standing(**spots)
    grid = minutes_grid(NETWORK, sources, limit_mm=LIMIT_MM, speed_kmh=4.0)
    assert grid.sites == ("a", "b", "c", "d")
    for east in (5, 210, 480, 777, 930, 1490, 3100):
        x, y = middle(grid, east)
        lon, lat = (v * GRID for v in lonlat(east, 0))
        cell = int((lat - grid.south) // grid.lat_step) * grid.columns + int((lon - grid.west) // grid.lon_step)
        told = {grid.sites[s]: int(m) for s, c, m in zip(grid.site, grid.cell, grid.minutes, strict=True) if c == cell}
        begin, end = (0, 2000) if east < 2500 else (3000, 3300)
        long = {name: abs(min(max(x, begin), end) - e) + abs(n) for name, (e, n) in spots.items() if begin <= e <= end}
        walks = {name: walk + abs(y) for name, walk in long.items() if walk <= LIMIT_MM / 1000}
        assert told == {name: max(1, int(np.ceil(walk / (4000 / 60)))) for name, walk in walks.items()}
        assert minutes_at(grid, east, 0) == min(told.values(), default=None)
    field = NETWORK.travel(sources.snapped, limit_mm=LIMIT_MM)
    cell, minutes = nearest(grid)
    row, column = np.divmod(cell, grid.columns)
    spot = gpd.GeoSeries.from_xy((grid.west + (column + 0.5) * grid.lon_step) / GRID, (grid.south + (row + 0.5) * grid.lat_step) / GRID, crs=4326)
    at = NETWORK.snap(spot, limit_m=NEAR_M)
    along, _ = field.at(at)
    assert minutes.tolist() == np.maximum(1, np.ceil((along + at.connector_mm) / 1000 / (4000 / 60) - 1e-9)).astype(int).tolist()


def test_of_very_many_sites_the_nearest_are_told():
    spots = {f"s{n:02}": (20.0 * n, 5.0) for n in range(MOST_SITES + 15)}
    grid = minutes_grid(NETWORK, standing(**spots), limit_mm=LIMIT_MM, speed_kmh=4.0)
    counts = np.bincount(grid.cell)
    assert counts.max() == MOST_SITES
    x, _ = middle(grid, 5)
    cell = grid.cell[grid.site == 0][0]
    assert sorted(grid.sites[s] for s in grid.site[grid.cell == cell]) == sorted(sorted(spots, key=lambda name: abs(spots[name][0] - max(x, 0)))[:MOST_SITES])
