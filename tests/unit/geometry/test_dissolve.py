"""Ground beside streets: exact union and distance contour, on shapes whose area one can work out by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from cfmap.geometry.dissolve import dissolve, dissolve_bands, straight_pieces

# one street of 200 m, widened by 35 m: a stadium
#
#      ____________
#     (            )   200 m x 70 m, and a circle of 35 m
#      ‾‾‾‾‾‾‾‾‾‾‾‾
STREET = shapely.LineString([(0, 0), (200, 0)])
STADIUM_M2 = 200 * 70 + np.pi * 35**2

# a block of 300 m x 300 m with streets on all four sides
#
#     +-----------+
#     |   hole    |     inside, 230 m x 230 m are farther than 35 m from any street
#     |           |
#     +-----------+
BLOCK = shapely.LineString([(0, 0), (300, 0), (300, 300), (0, 300), (0, 0)])


@pytest.mark.parametrize(("mode", "share"), [("exact", 0.0006), ("map", 0.002)])
def test_a_street_becomes_a_stadium(mode, share):
    area = dissolve([STREET], buffer_m=35, mode=mode).geometry
    assert area.geom_type == "Polygon"
    assert area.area == pytest.approx(STADIUM_M2, rel=share)


@pytest.mark.parametrize("mode", ["exact", "map"])
def test_a_ring_of_streets_keeps_its_hole(mode):
    area = dissolve([BLOCK], buffer_m=35, mode=mode).geometry
    assert area.geom_type == "Polygon"
    assert len(area.interiors) == 1
    assert shapely.Polygon(area.interiors[0]).area == pytest.approx(230 * 230, rel=0.001)
    assert not area.contains(shapely.Point(150, 150))


@pytest.mark.parametrize("mode", ["exact", "map"])
def test_streets_far_apart_stay_apart_and_are_no_hull(mode):
    far = shapely.LineString([(0, 500), (200, 500)])
    area = dissolve([STREET, far], buffer_m=35, mode=mode).geometry
    assert len(area.geoms) == 2
    assert not area.intersects(shapely.Point(100, 250))
    assert area.area == pytest.approx(2 * STADIUM_M2, rel=0.002)


@pytest.mark.parametrize("mode", ["exact", "map"])
def test_crossing_streets_are_counted_once(mode):
    cross = shapely.LineString([(100, -100), (100, 100)])
    both = dissolve([STREET, cross], buffer_m=35, mode=mode).geometry
    assert both.area == pytest.approx(2 * STADIUM_M2 - 70 * 70, rel=0.002)


def test_nothing_reached_gives_empty_ground():
    for mode in ("exact", "map"):
        assert dissolve(np.array([], dtype=object), buffer_m=35, mode=mode).geometry.is_empty


def test_a_single_point_becomes_a_disc():
    assert dissolve([shapely.Point(3, 4)], buffer_m=35, mode="map").geometry.area == pytest.approx(np.pi * 35**2, rel=0.01)


def test_result_lies_on_a_grid_of_one_centimetre():
    for mode in ("exact", "map"):
        xy = shapely.get_coordinates(dissolve([shapely.LineString([(0.123456, 0.1), (99.98765, 77.7)])], buffer_m=35, mode=mode).geometry)
        assert np.abs(xy * 100 - np.rint(xy * 100)).max() < 1e-6


def test_slivers_below_a_square_metre_are_dropped_and_counted():
    # two parallel streets 70.5 m apart leave a slit of 0.5 m between them, closed by cross streets 1.5 m apart on the inside
    lines = [
        shapely.LineString([(0, 0), (200, 0)]),
        shapely.LineString([(0, 70.5), (200, 70.5)]),
        shapely.LineString([(60, 0), (60, 70.5)]),
        shapely.LineString([(131.5, 0), (131.5, 70.5)]),
    ]
    result = dissolve(lines, buffer_m=35, mode="exact")
    assert result.slivers == 1
    assert len(result.geometry.interiors) == 0


def test_unknown_mode_or_width_is_refused():
    for wrong in ({"mode": "hull"}, {"buffer_m": 0}, {"buffer_m": float("nan")}):
        with pytest.raises(ValueError, match="mode"):
            dissolve([STREET], **({"buffer_m": 35} | wrong))


def test_tiles_join_without_seams():
    """The same ground wherever the tiles' edges run through it: they are counted from the ground's corner."""
    courses = [STREET, BLOCK, shapely.LineString([(-300, -200), (300, 250)])]
    alone = dissolve(courses, buffer_m=35, cell_m=5).geometry
    for west, south in ((5, 0), (100, 55), (315, 160)):  # 63 cells of 5 m make a tile
        corner = shapely.Point(-500 - west, -400 - south)
        drawn = dissolve([*courses, corner], buffer_m=35, cell_m=5).geometry
        around = [p for p in drawn.geoms if not p.covers(corner)]
        assert drawn.is_valid
        assert [len(p.interiors) for p in around] == [len(p.interiors) for p in getattr(alone, "geoms", [alone])]
        assert shapely.hausdorff_distance(shapely.MultiPolygon(around), alone) < 0.2  # thinning starts elsewhere


def test_bands_together_equal_each_band_by_itself():
    near, far = straight_pieces(np.array([STREET])), straight_pieces(np.array([BLOCK]))
    nothing = np.zeros((0, 4))
    drawn = [d.geometry for d in dissolve_bands([nothing, near, nothing, far], buffer_m=35)]
    assert drawn[0].is_empty
    assert shapely.equals_exact(drawn[1], dissolve([STREET], buffer_m=35).geometry)
    assert shapely.equals_exact(drawn[2], drawn[1])
    assert shapely.equals_exact(drawn[3], dissolve([STREET, BLOCK], buffer_m=35).geometry)


def test_ground_inside_a_hole_is_a_piece_of_its_own():
    inner = shapely.LineString([(140, 150), (160, 150)])
    area = dissolve([BLOCK, inner], buffer_m=35).geometry
    assert sorted(len(p.interiors) for p in area.geoms) == [0, 1]
    assert area.area == pytest.approx(dissolve([BLOCK, inner], buffer_m=35, mode="exact").geometry.area, rel=0.003)


coordinate = st.floats(-900, 900, allow_nan=False, width=32)
streets = st.lists(st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=4, unique=True), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(streets)
def test_map_mode_agrees_with_exact_union(courses):
    lines = [shapely.LineString(c) for c in courses]
    exact, drawn = (dissolve(lines, buffer_m=35, mode=m).geometry for m in ("exact", "map"))
    assert drawn.is_valid
    assert exact.is_valid
    # the drawn edge lies within about a grid width of the exact one
    assert exact.buffer(-6).difference(drawn, grid_size=0.01).area == pytest.approx(0, abs=1)
    assert drawn.difference(exact.buffer(6), grid_size=0.01).area == pytest.approx(0, abs=1)
    assert drawn.symmetric_difference(exact, grid_size=0.01).area <= 0.01 * exact.area


@settings(max_examples=40, deadline=None)
@given(streets, st.integers(0, 100))
def test_more_streets_never_serve_less_ground(courses, seed):
    lines = np.array([shapely.LineString(c) for c in courses], dtype=object)
    fewer = lines[np.random.default_rng(seed).random(len(lines)) < 0.5]
    exact_more, exact_fewer = (dissolve(x, buffer_m=35, mode="exact").geometry for x in (lines, fewer))
    assert exact_fewer.difference(exact_more.buffer(0.05)).area < 1.5
