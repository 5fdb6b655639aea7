"""Areas inside one another: they keep their size, share what they share, and take fewer bytes than each by itself."""

from __future__ import annotations

import base64

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box

from cfmap.publish.web.bands import pack_bands
from cfmap.publish.web.coder import COUNT, DX, DY, JUMP_X, JUMP_Y, POINTS, TAG
from cfmap.publish.web.collapse import collapse
from cfmap.publish.web.geometry import GRID, MAX_AREA_CHANGE, pack_polygons
from tests.unit.publish.web.test_geometry import Reader


def read_bands(text: str) -> tuple[int, list[list[list[tuple[int, int]]]]]:
    """Step; rings by band, as the docstring of pack_bands tells them."""
    read = Reader(text)
    step, count = read(COUNT), read(COUNT)
    bands: list[list[list[tuple[int, int]]]] = []
    jump = [0, 0]
    for band in range(count):
        border = [(ring, n) for ring in (bands[-1] if band else []) for n in range(len(ring))]
        there = {ring[n]: at for at, (ring, n) in enumerate(border)}
        borrowed, own = read(COUNT), read(COUNT)
        begin, rings = 0, []
        for number in range(borrowed + own):
            corners = read(POINTS)
            if number < borrowed:
                begin += read(TAG)
                ring = [border[begin][0][border[begin][1]]]
            else:
                jump = [jump[0] + read(JUMP_X), jump[1] + read(JUMP_Y)]
                ring = [(jump[0], jump[1])]
            while True:
                if ring[-1] in there:
                    for _ in range(read(COUNT)):
                        wide, n = border[there[ring[-1]]]
                        ring.append(wide[(n + 1) % len(wide)])
                if len(ring) >= corners:
                    break
                ring.append((ring[-1][0] + read(DX), ring[-1][1] + read(DY)))
            assert len(ring) == corners
            rings.append(ring)
        bands.append(rings)
    return step, bands


def area(rings: list[list[tuple[int, int]]], step: int) -> float:
    """Even-odd, in square degrees."""
    total = Polygon()
    for ring in rings:
        total = total.symmetric_difference(shapely.make_valid(Polygon(ring)))
    return total.area * (step / GRID) ** 2


def town(reach: float) -> MultiPolygon:
    """Within 40 m of what is reached of streets every 150 m: corners on a grid of 5 m, as catchments have."""
    at = [n * 150.0 for n in range(-7, 8)]
    streets = [LineString([(-1_200, y), (1_200, y + 50)]) for y in at] + [LineString([(x, -1_200), (x - 50, 1_200)]) for x in at]
    reached = shapely.node(shapely.union_all(streets)).intersection(Point(30, 20).buffer(reach))
    shape = shapely.set_precision(reached.buffer(40, quad_segs=4), 5.0)
    return shapely.transform(MultiPolygon([shape] if shape.geom_type == "Polygon" else shape), lambda xy: xy / 111_320 + (120, 0.5))


def test_bands_keep_their_size_and_share_their_borders():
    bands = [town(r) for r in (1_000, 800, 500)]
    packed = pack_bands(bands, tolerance_m=22.0, step=12)
    step, rings = read_bands(packed)
    for band, found in zip(bands, rings, strict=True):
        assert area(found, step) == pytest.approx(band.area, rel=MAX_AREA_CHANGE)
    alone = sum(len(base64.b64decode(pack_bands([band], tolerance_m=22.0, step=12))) for band in bands)
    assert len(base64.b64decode(packed)) < 0.8 * alone
    assert packed == pack_bands(bands, tolerance_m=22.0, step=12)


@given(st.lists(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=14), min_size=1, max_size=3))
def test_any_squares_come_back(chosen):
    """Squares of 1 km that touch at corners and sides, in bands of which the narrower lie inside the wider."""
    inside = [set().union(*chosen[k:]) for k in range(len(chosen))]
    bands = [shapely.union_all([box(120 + x / 100, 28 + y / 100, 120.01 + x / 100, 28.01 + y / 100) for x, y in cells]) for cells in inside]
    step, rings = read_bands(pack_bands(bands, tolerance_m=2.0, step=2))
    for band, found in zip(bands, rings, strict=True):
        assert area(found, step) == pytest.approx(band.area, rel=MAX_AREA_CHANGE)


def test_specks_are_left_out_and_nothing_packs_to_nothing():
    hole = box(120.004, 28.004, 120.0041, 28.0041)  # 10 m
    _, [rings] = read_bands(pack_bands([box(120, 28, 120.01, 28.01).difference(hole)], tolerance_m=22.0, step=12))
    assert len(rings) == 1
    assert read_bands(pack_bands([Polygon()], tolerance_m=22.0, step=12))[1] == [[]]


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=3, max_size=30), st.floats(0.5, 40))
def test_two_corners_become_one_and_the_area_stays(points, tolerance):
    given_line = np.array(points, dtype=float)
    found, ends = collapse(given_line, np.array([0, len(points)]), tolerance)
    assert ends.tolist() == [0, len(found)]
    assert found[0].tolist() == given_line[0].tolist()
    assert found[-1].tolist() == given_line[-1].tolist()
    assert shoelace(found) == pytest.approx(shoelace(given_line), abs=1e-6 * 50 * 50)


def test_a_wavy_line_becomes_a_plain_one():
    wavy = np.column_stack([np.arange(100.0), np.arange(100) % 2])
    found, _ = collapse(wavy, np.array([0, 100]), 3.0)
    assert len(found) < 25


def shoelace(points) -> float:
    x, y = points[:, 0], points[:, 1]
    return float(x @ np.roll(y, -1) - np.roll(x, -1) @ y) / 2


def test_one_area_by_itself_is_no_larger_than_before():
    band = town(1_000)
    assert len(pack_bands([band], tolerance_m=22.0, step=12)) < len(pack_polygons([band], [0], tolerance_m=14.0, step=9))
