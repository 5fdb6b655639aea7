"""What an analyst asks: one street of 1,200 m, its answers worked out by hand; indexes and CRS as they came."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely import Point

from cfmap.model import InputError
from tests.unit.coverage.drawn import drawn, lonlat, metres, street

STREET = ((0, 0), (600, 0), (1200, 0))


@pytest.fixture(scope="module")
def network():
    """One street east, and another that nothing joins to it."""
    return drawn(street(*STREET), street((0, 3000), (300, 3000)))


def points(**where):
    return gpd.GeoDataFrame({"name": list(where)}, geometry=[Point(lonlat(*xy)) for xy in where.values()], index=list(where), crs=4326)


def test_minutes_at_points_are_those_of_the_walk_and_keep_the_index(network):
    asked = points(near=(300, 0), across=(900, 40), island=(100, 3000), sea=(5000, 5000))
    found = network.travel_time(points(school=(0, 0)), points=asked, speed_kmh=6.0)
    assert list(found.index) == ["near", "across", "island", "sea"]
    assert found["metres"].tolist()[:2] == pytest.approx([metres((0, 0), (300, 0)), metres((0, 0), (900, 0)) + 40], abs=0.01)
    assert found["minutes"].tolist()[:2] == pytest.approx([3.0, 9.4], abs=0.001)
    assert found["site"].tolist() == ["school", "school", None, None]
    assert found["status"].tolist() == ["reached", "reached", "unreached", "off_network"]
    assert np.isnan(found["minutes"].to_numpy()[2:]).all()


def test_a_time_that_is_exactly_reached_counts_and_a_millimetre_less_does_not(network):
    site, asked = points(a=(0, 0)), points(b=(600, 0))
    whole = network.travel_time(site, points=asked, speed_kmh=4.0)["minutes"].iloc[0]
    assert network.travel_time(site, points=asked, within=float(whole))["status"].tolist() == ["reached"]
    assert network.travel_time(site, points=asked, within=float(whole) - 0.0001)["status"].tolist() == ["unreached"]


def test_points_in_metres_are_answered_as_points_in_degrees(network):
    site, asked = points(a=(0, 0)), points(b=(600, 10), c=(900, 0))
    in_degrees = network.travel_time(site, points=asked)
    in_metres = network.travel_time(site.to_crs(32651), points=asked.to_crs(3857))
    assert in_metres["metres"].tolist() == pytest.approx(in_degrees["metres"].tolist(), abs=0.002)
    assert in_metres.crs.to_epsg() == 4326


def test_every_node_has_its_minutes_when_no_points_are_given(network):
    found = network.travel_time(points(a=(0, 0)), within=20)
    assert len(found) == network.n_nodes
    assert sorted(found["metres"].dropna()) == pytest.approx([0, metres(*STREET)], abs=0.002)


def test_streets_end_where_the_time_ends(network):
    parts = network.streets(points(a=(0, 0)), within=9, speed_kmh=4.0)
    assert parts["to_m"].max() == 600.0
    assert parts["minutes_to"].max() == pytest.approx(9.0)
    assert parts.to_crs(32651).length.sum() == pytest.approx(600, rel=1e-3)


def test_each_site_has_its_own_areas_one_within_the_other(network):
    sites = points(west=(0, 0), east=(1200, 0), sea=(5000, 5000))
    areas = network.catchments(sites, minutes=(3, 6), speed_kmh=4.0)
    assert areas.index.tolist() == [("west", 3.0), ("west", 6.0), ("east", 3.0), ("east", 6.0), ("sea", 3.0), ("sea", 6.0)]
    plane = areas.to_crs(32651)
    expected = [metre * 70 + np.pi * 35**2 for metre in (200, 400)]
    assert plane.area.tolist() == pytest.approx([*expected, *expected, 0, 0], rel=0.005)
    assert areas.geometry.loc[("west", 6.0)].covers(areas.geometry.loc[("west", 3.0)])
    assert areas.geometry.loc["sea"].is_empty.all()
    exact = network.catchments(sites, minutes=(3, 6), mode="exact").to_crs(32651)
    assert plane.symmetric_difference(exact).area.sum() < 0.005 * exact.area.sum()


def test_areas_of_all_sites_together_and_of_several_paces(network):
    sites = points(west=(0, 0), east=(1200, 0))
    together = network.catchments(sites, minutes=(3,), together=True).to_crs(32651)
    assert together.index.tolist() == [3.0]
    assert together.area.sum() == pytest.approx(2 * (200 * 70 + np.pi * 35**2), rel=0.005)
    paces = network.catchments(sites, minutes=(3, 6), speed_kmh=(2.0, 4.0))
    assert paces.index.names == ["site", "speed_kmh", "minutes"]
    assert paces["metres"].loc["west"].tolist() == [100, 200, 200, 400]
    assert paces.geometry.loc[("west", 2.0, 6.0)].equals(paces.geometry.loc[("west", 4.0, 3.0)])


def test_pairs_within_the_time_are_listed_and_no_others(network):
    origins, sites = points(o=(300, 0), p=(1200, 30), island=(0, 3000)), points(a=(0, 0), b=(600, 0))
    found = network.od(origins, sites, within=9, speed_kmh=4.0)
    assert found.index.tolist() == [("o", "a"), ("o", "b")]
    assert found["metres"].tolist() == pytest.approx([300, 300], abs=0.05)
    assert network.od(origins, sites, within=9.5, speed_kmh=4.0).index.tolist() == [("o", "a"), ("o", "b"), ("p", "b")]


def test_nearest_sites_are_ranked_and_the_first_wins_a_tie(network):
    origins, sites = points(o=(300, 0), island=(0, 3000)), points(b=(600, 0), a=(300, 0), c=(0, 0))
    found = network.nearest(origins, sites, k=5)
    assert found.index.tolist() == [("o", 1), ("o", 2), ("o", 3)]
    assert found["site"].iloc[0] == "a"
    assert found["metres"].is_monotonic_increasing
    assert network.nearest(origins, sites, k=1)["site"].tolist() == ["a"]


def test_prepared_streets_give_the_same_answer(network):
    site = points(a=(0, 0))
    plain = network.travel_time(site)
    again = drawn(street(*STREET), street((0, 3000), (300, 3000))).prepare().travel_time(site)
    assert plain["metres"].equals(again["metres"])


@pytest.mark.parametrize("wrong", [{"within": 0}, {"within": float("nan")}, {"speed_kmh": 0}, {"speed_kmh": -4}])
def test_a_time_or_pace_that_is_none_is_refused(network, wrong):
    with pytest.raises(InputError) as refused:
        network.travel_time(points(a=(0, 0)), **wrong)
    assert refused.value.faults[0].code == "E383"


def test_no_sites_reach_nothing(network):
    nothing = points(a=(0, 0)).iloc[:0]
    assert network.travel_time(nothing)["site"].isna().all()
    assert len(network.catchments(nothing)) == 0
    assert len(network.od(points(o=(0, 0)), nothing)) == 0
    assert len(network.nearest(points(o=(0, 0)), nothing)) == 0
    assert network.catchments(nothing, together=True).is_empty.all()
