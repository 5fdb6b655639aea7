"""People of a real population grid on real streets: worked out cell by cell in plain loops, and bounded by straight lines."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from pyproj import Geod, Transformer
from shapely import Point, box

from cfmap.coverage import people_by_minutes, reach
from cfmap.geometry.raster import Raster
from cfmap.network import Network

pytestmark = pytest.mark.truth

PEOPLE = 71_724  # sum of the grid's column
SITES = gpd.GeoDataFrame({"id": ["a", "b"]}, geometry=[Point(24.9405, 60.1685), Point(24.9480, 60.1730)], crs=4326)
PARTS = ["beyond", "unreachable", "off_network", "unknown"]


@pytest.fixture(scope="module")
def streets(outside_data):
    return Network.from_osm(outside_data("helsinki/Helsinki.osm.pbf"))


@pytest.fixture(scope="module")
def cells(outside_data):
    return gpd.read_file(outside_data("helsinki/helsinki_population_grid_2020.gpkg"))


def places_of(cells):
    """Middles of sixteen parts of each cell of 250 m."""
    rows = [
        (number, west + (i + 0.5) / 4 * (east - west), south + (j + 0.5) / 4 * (north - south))
        for number, (west, south, east, north) in enumerate(cells.bounds.to_numpy())
        for i in range(4)
        for j in range(4)
    ]
    number, lon, lat = np.array(rows).T
    return gpd.GeoDataFrame({"id": range(len(rows)), "cell": number.astype(int)}, geometry=gpd.points_from_xy(lon, lat), crs=4326)


def test_every_person_of_the_grid_is_counted_once(streets, cells):
    west, south, east, north = cells.total_bounds
    halves = gpd.GeoDataFrame({"name": ["west", "east"]}, geometry=[box(west, south, 24.944, north), box(24.944, south, east, north)], crs=4326)
    table = people_by_minutes(streets, SITES, cells, zones=halves).set_index("zone")
    assert table.loc["", "total"] == PEOPLE
    np.testing.assert_allclose(table["within_15"] + table[PARTS].sum(axis=1), table["total"], rtol=1e-12)
    assert table.loc[["west", "east"], "total"].sum() == pytest.approx(PEOPLE, rel=1e-12)
    assert 0 < table.loc["", "within_5"] < table.loc["", "within_10"] < table.loc["", "within_15"] < PEOPLE
    assert table.loc["", "off_network"] > PEOPLE / 2, "the streets cover a part of the grid only"


def test_the_sums_are_those_of_each_place_asked_by_itself(streets, cells):
    places = places_of(cells)
    found = reach(streets, SITES, places, minutes=10)
    people = cells["population"].to_numpy()[places["cell"]] / 16
    row = people_by_minutes(streets, SITES, cells, minutes=[10]).iloc[-1]
    for part, status in (("within_10", "reached"), ("beyond", "beyond"), ("unreachable", "unreachable"), ("off_network", "off_network")):
        assert row[part] == pytest.approx(people[found["status"] == status].sum(), rel=1e-12)


def test_nobody_walks_farther_than_a_straight_line(streets, cells):
    places = places_of(cells)
    straight = np.min([Geod(ellps="WGS84").inv(*np.broadcast_arrays(s.x, s.y, places.geometry.x, places.geometry.y))[2] for s in SITES.geometry], axis=0)
    people = cells["population"].to_numpy()[places["cell"]] / 16
    row = people_by_minutes(streets, SITES, cells).iloc[-1]
    for minutes in (5, 10, 15):
        circle = people[straight <= minutes * 4000 / 60].sum()
        assert 0.3 * circle < row[f"within_{minutes}"] < circle


def test_a_raster_with_the_grids_people_says_nearly_the_same(streets, cells):
    """The grid's cells burnt into cells of 62.5 m of a metric plane, people shared out evenly: the middles differ by some metres."""
    grid = cells.to_crs(3879)  # the grid's own plane: its cells are squares of 250 m there
    west, south, east, north = grid.total_bounds
    columns, rows = round((east - west) / 62.5), round((north - south) / 62.5)
    values = np.full((rows, columns), -1.0)
    for (w, s, e, n), people in zip(grid.bounds.to_numpy(), grid["population"], strict=True):
        left, right, top, bottom = (round(d / 62.5) for d in (w - west, e - west, north - n, north - s))
        values[top:bottom, left:right] = people / ((bottom - top) * (right - left))
    raster = Raster(values, (62.5, 0, west, 0, -62.5, north), 3879, nodata=-1)
    assert Transformer.from_crs(3879, 4326, always_xy=True).transform(west, south) == pytest.approx(cells.total_bounds[:2], abs=1e-4)
    found, expected = (people_by_minutes(streets, SITES, people).iloc[-1] for people in (raster, cells))
    assert found["total"] == pytest.approx(PEOPLE, rel=1e-12)
    for part in ("within_5", "within_10", "within_15", "off_network"):
        assert found[part] == pytest.approx(expected[part], abs=0.005 * PEOPLE)
