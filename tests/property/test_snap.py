"""Snapping equals the distance to every edge, one by one, for streets of every length, near and far, whole and in parts."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from cfmap.network import Ways, build_network
from cfmap.network.network import EdgeFlag
from cfmap.network.snap import TIE_M

LON, LAT = 120.6, 27.8
M = 1 / 111_000  # degrees, about; lengths below are metres


def network_of(ways, private):
    """Ways as lists of positions of vertices on a coarse lattice, so that they meet, overlap and double each other."""
    used = sorted({v for way in ways for v in way})
    xy = np.array(used, dtype=float).reshape(-1, 2)
    where = {v: k for k, v in enumerate(used)}
    return build_network(
        Ways(
            node_id=np.arange(len(used)),
            lon=LON + xy[:, 0] * M,
            lat=LAT + xy[:, 1] * M,
            way_id=np.arange(len(ways)),
            kind=np.zeros(len(ways), dtype=np.uint8),
            flags=np.where(private, EdgeFlag.PRIVATE, 0).astype(np.uint16),
            first=np.r_[0, np.cumsum([len(w) for w in ways])],
            vertex=np.array([where[v] for way in ways for v in way]),
        )
    )


def by_hand(network, points, limit, *, main_first):
    """Distance to the nearest edge allowed, and all edges that are as near, from shapely's distances in the same plane."""
    west, south, east, north = network.bounds
    plane = Transformer.from_crs(4326, f"+proj=tmerc +lon_0={(west + east) / 2!r} +lat_0={(south + north) / 2!r} +ellps=WGS84 +units=m", always_xy=True)
    lines = shapely.transform(network.edge_lines(), plane.transform, interleaved=False)
    answers = []
    for point in shapely.transform(np.array(points), plane.transform, interleaved=False):
        away = shapely.distance(lines, point)
        main = (network.edge_component == 0) | (not main_first)
        allowed = main if away[main].min() <= limit else ~main if (~main).any() else main
        least = away[allowed].min()
        near = np.flatnonzero(allowed & (away <= least + TIE_M / 2))
        near = near[network.is_private[near] == network.is_private[near].min()]
        answers.append((least, near, np.abs(np.sort(away)[:2] - limit).min()))
    return answers


vertices = st.tuples(st.integers(-3, 3).map(lambda k: k * 37.0), st.integers(-3, 3).map(lambda k: k * 41.0))
far_vertices = st.tuples(st.sampled_from([0.0, 55.5, 1500.0, -2000.0]), st.sampled_from([0.0, 11.1, 1200.0]))
some_ways = st.lists(st.lists(vertices | far_vertices, min_size=2, max_size=5, unique=True), min_size=1, max_size=8)
some_points = st.lists(
    st.tuples(st.floats(-150, 150), st.floats(-150, 150)) | st.tuples(st.floats(-4000, 4000), st.floats(-3000, 3000)) | vertices, min_size=1, max_size=12
)


@settings(max_examples=40)
@given(ways=some_ways, points=some_points, limit=st.sampled_from([5.0, 60.0, 250.0, 4000.0]), main_first=st.booleans(), data=st.data())
def test_the_nearest_edge_is_found_whatever_the_grid(ways, points, limit, main_first, data):
    network = network_of(ways, data.draw(st.lists(st.booleans(), min_size=len(ways), max_size=len(ways))))
    places = [shapely.Point(LON + x * M, LAT + y * M) for x, y in points]
    snapped = network.snap(gpd.GeoSeries(places, crs=4326), limit_m=limit, main_component_first=main_first)
    for k, (least, near, margin) in enumerate(by_hand(network, places, limit, main_first=main_first)):
        if margin < 0.01 * limit:  # the limit is geodesic, not of the plane
            continue
        if least > limit:
            assert snapped.edge[k] == -1
        else:
            assert snapped.edge[k] in near
            assert snapped.connector_mm[k] / 1000 == pytest.approx(least, rel=2e-3, abs=0.2)  # of the foot, which lies on a line in degrees


def test_of_equally_near_edges_the_public_one_wins_then_the_lower_position():
    ways = [[(0.0, 0.0), (100.0, 0.0)], [(0.0, 0.0), (0.0, 100.0)], [(0.0, 0.0), (-100.0, 0.0)]]
    corner = gpd.GeoSeries([shapely.Point(LON, LAT)], crs=4326)
    for private in ([True, False, True], [False, True, True], [True, True, False]):
        network = network_of(ways, private)
        assert network.edge_way[network.snap(corner, limit_m=10).edge[0]] == private.index(False)
    assert network_of(ways, [False] * 3).snap(corner, limit_m=10).edge[0] == 0


def test_points_far_outside_and_without_numbers_change_nothing_for_the_others():
    network = network_of([[(0.0, 0.0), (100.0, 0.0)]], [False])
    odd = [shapely.Point(179.0, -89.0), shapely.Point(float("inf"), 0), shapely.Point(LON + 50 * M, LAT + 3 * M), None]
    snapped = network.snap(gpd.GeoSeries(odd, crs=4326), limit_m=float("inf"))
    assert snapped.edge.tolist()[1:] == [-1, 0, -1]
    assert snapped.connector_mm[2] == pytest.approx(3000, rel=0.01)


def test_the_answer_is_the_same_in_portions_of_any_size(monkeypatch):
    from cfmap.network import grid

    random = np.random.default_rng(5)
    corners = [tuple(map(float, random.uniform(-500, 500, 2))) for _ in range(60)]
    ways = [[corners[a], corners[b]] for a, b in random.integers(0, 60, (80, 2)).tolist() if a != b]
    network = network_of(ways, [False] * len(ways))
    places = gpd.GeoSeries.from_xy(LON + random.uniform(-600, 600, 300) * M, LAT + random.uniform(-600, 600, 300) * M, crs=4326)
    whole = network.snap(places, limit_m=200)
    monkeypatch.setattr(grid, "PAIRS_AT_ONCE", 7)
    parts = network.snap(places, limit_m=200)
    np.testing.assert_array_equal(whole.edge, parts.edge)
    np.testing.assert_array_equal(whole.offset_mm, parts.offset_mm)
