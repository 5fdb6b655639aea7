"""People by minutes on random grids: nobody lost, more time never fewer, order never matters, quarters stand where their cell stood."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import Point, box

from cfmap.coverage import people_by_minutes
from cfmap.geometry.raster import Raster
from tests.unit.coverage.drawn import M_PER_DEGREE, drawn, lonlat, street

# Blocks of 150 m and 230 m, a dead end, and a street that nothing joins to the rest.
NETWORK = drawn(
    *(street(*((x, y) for x in (0, 150, 300, 530, 760))) for y in (0, 230, 460)),
    *(street(*((x, y) for y in (0, 230, 460))) for x in (0, 300, 760)),
    street((760, 460), (760, 1100)),
    street((1500, 0), (1700, 0)),
)
PARTS = ["beyond", "unreachable", "off_network", "unknown"]

counts = st.one_of(st.just(0.0), st.just(np.nan), st.floats(1e-6, 1e6))
# 0.377 m aside, so that no place of a cell is whole millimetres from a limit by design
place = st.tuples(st.integers(-200, 1900), st.integers(-300, 1200)).map(lambda xy: (xy[0] + 0.377, xy[1] + 0.377))
sides = st.sampled_from([30.0, 90.0, 100.0, 250.0, 400.0])


@st.composite
def peoples(draw):
    """Points, cells, or a raster with the numbers it holds."""
    kind = draw(st.sampled_from(["points", "cells", "raster"]))
    if kind == "raster":
        rows, columns, side = draw(st.integers(1, 4)), draw(st.integers(1, 4)), draw(sides)
        values = np.array(draw(st.lists(counts | st.just(-1.0), min_size=rows * columns, max_size=rows * columns))).reshape(rows, columns)
        corner = lonlat(*draw(place))
        raster = Raster(values, (side / M_PER_DEGREE[0], 0, corner[0], 0, -side / M_PER_DEGREE[1], corner[1]), 4326, nodata=-1)
        return raster, values[values != -1]
    rows = draw(st.lists(st.tuples(place, sides, counts), min_size=1, max_size=8))
    shapes = [Point(lonlat(*xy)) if kind == "points" else square(*xy, side) for xy, side, _ in rows]
    if draw(st.booleans()):
        shapes[0] = None
    table = gpd.GeoDataFrame({"population": [n for *_, n in rows]}, geometry=shapes, crs=4326)
    return table, table["population"].to_numpy()


def square(east, north, side):
    return box(*lonlat(east, north), *lonlat(east + side, north + side))


def people_at(*sites, people, **options):
    where = gpd.GeoDataFrame({"id": range(len(sites))}, geometry=[Point(lonlat(*xy)) for xy in sites], crs=4326)
    return people_by_minutes(NETWORK, where, people, **options)


@st.composite
def zonings(draw):
    """No zones, or strips that leave people out."""
    cuts = draw(st.lists(st.integers(-100, 1800), max_size=3, unique=True).map(sorted))
    if len(cuts) < 2:
        return None
    strips = [box(*lonlat(a, -300), *lonlat(b, 900)) for a, b in pairwise(cuts)]
    return gpd.GeoDataFrame({"name": [f"z{i}" for i in range(len(strips))]}, geometry=strips, crs=4326)


@settings(max_examples=50)
@given(peoples(), zonings(), st.lists(st.integers(1, 20), min_size=1, max_size=4, unique=True))
def test_nobody_is_lost_or_counted_twice(people, zones, minutes):
    people, numbers = people
    table = people_at((300, 0), people=people, zones=zones, minutes=minutes)
    row = table.iloc[-1]
    assert row["unknown_rows"] == np.isnan(numbers).sum() == table["unknown_rows"].iloc[:-1].sum() or len(table) == 1
    if len(numbers) and np.isnan(numbers).all():
        assert row[["total", *PARTS]].isna().all()
        return
    assert row["total"] == pytest.approx(np.nansum(numbers), rel=1e-12, abs=0)
    parts = table[f"within_{max(minutes)}"] + table[PARTS].sum(axis=1)
    np.testing.assert_allclose(parts.fillna(0), table["total"].fillna(0), rtol=1e-9)
    if len(table) > 1:
        sums = table.iloc[:-1].drop(columns=["people", "zone"]).filter(regex="^(?!share)").sum()
        np.testing.assert_allclose(sums.to_numpy(float), table.iloc[-1][sums.index].to_numpy(float), rtol=1e-9)
    shares = table.filter(like="share")
    assert (shares.isna() | ((shares >= 0) & (shares <= 1))).all(axis=None)


@settings(max_examples=25)
@given(peoples(), st.lists(st.integers(1, 20), min_size=2, max_size=4, unique=True).map(sorted), place)
def test_more_minutes_or_one_more_site_never_mean_fewer_people(people, minutes, second):
    one = people_at((300, 0), people=people[0], minutes=minutes).iloc[-1]
    two = people_at((300, 0), second, people=people[0], minutes=minutes).iloc[-1]
    assume(one["total"] > 0)
    assert (np.diff(one.filter(like="within").to_numpy(float)) >= 0).all()
    assert (one.filter(like="_upper") >= one.filter(like="_lower").to_numpy()).all()
    slack = 1e-9 * one["total"]
    assert (two.filter(like="within") >= one.filter(like="within") - slack).all()
    assert two["off_network"] == one["off_network"]
    # a time alone says the same as among others
    alone = people_at((300, 0), people=people[0], minutes=minutes[:1]).iloc[-1]
    assert alone[f"within_{minutes[0]}"] == one[f"within_{minutes[0]}"]


@settings(max_examples=25)
@given(st.data(), zonings())
def test_the_order_of_rows_sites_and_zones_never_matters(data, zones):
    people = data.draw(peoples().filter(lambda p: not isinstance(p[0], Raster)))[0]
    order = data.draw(st.permutations(range(len(people))))
    expected = people_at((300, 0), (700, 460), people=people, zones=zones)
    turned = people_at((700, 460), (300, 0), people=people.iloc[order], zones=None if zones is None else zones.iloc[::-1])
    pd.testing.assert_frame_equal(turned, expected, rtol=1e-9, atol=0)


@settings(max_examples=25)
@given(st.lists(st.tuples(place, sides.filter(lambda s: s > 70), st.floats(1, 1e6)), min_size=1, max_size=6), place)
def test_quarters_of_a_wide_cell_count_as_the_cell_did(rows, site):
    """Bound: where a cell is wider than the spacing its quarters have the same places, so that nothing changes but the last digits."""
    cells = gpd.GeoDataFrame({"population": [n for *_, n in rows]}, geometry=[square(*xy, side) for xy, side, _ in rows], crs=4326)
    quarters = gpd.GeoDataFrame(
        {"population": np.repeat(cells["population"].to_numpy() / 4, 4)},
        geometry=[square(x + i * side / 2, y + j * side / 2, side / 2) for (x, y), side, _ in rows for i in (0, 1) for j in (0, 1)],
        crs=4326,
    )
    pd.testing.assert_frame_equal(people_at((300, 0), site, people=quarters), people_at((300, 0), site, people=cells), rtol=1e-9, atol=1e-9)
