"""Streets and areas come back as they went in, to the grid."""

from __future__ import annotations

import base64
import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, MultiPolygon, Point, Polygon, box

from cfmap.model import MinutesGrid
from cfmap.publish.web.geometry import GRID, pack_lines, pack_minutes, pack_polygons


def numbers(text: str) -> list[int]:
    """The stream's numbers, read by hand."""
    out, value, shift = [], 0, 0
    for byte in gzip.decompress(base64.b64decode(text)):
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            out.append(value)
            value, shift = 0, 0
    return out


def walk(stream, count):
    for _ in range(count):
        yield tuple(v // 2 if v % 2 == 0 else -(v + 1) // 2 for v in (next(stream), next(stream)))


def read_lines(text: str) -> list[tuple[int, list[tuple[int, int]]]]:
    stream = iter(numbers(text))
    x = y = 0
    lines = []
    for _ in range(next(stream)):
        tag, points = next(stream), next(stream)
        line = []
        for dx, dy in walk(stream, points):
            x, y = x + dx, y + dy
            line.append((x, y))
        lines.append((tag, line))
    assert next(stream, None) is None
    return lines


def read_polygons(text: str) -> list[tuple[int, list[list[tuple[int, int]]]]]:
    stream = iter(numbers(text))
    step = next(stream)
    x = y = 0
    polygons = []
    for _ in range(next(stream)):
        tag, rings = next(stream), []
        for _ in range(next(stream)):
            ring = []
            for dx, dy in walk(stream, next(stream)):
                x, y = x + dx, y + dy
                ring.append((x * step, y * step))
            rings.append(ring)
        polygons.append((tag, rings))
    assert next(stream, None) is None
    return polygons


coordinate = st.tuples(st.floats(-179, 179), st.floats(-80, 80)).map(lambda p: (round(p[0], 5), round(p[1], 5)))
line = st.lists(coordinate, min_size=2, max_size=6, unique=True)


@given(st.lists(line, max_size=6))
def test_lines_come_back_each_with_its_tag(lines):
    packed = read_lines(pack_lines([LineString(p) for p in lines], list(range(len(lines)))))
    expected = [(n, [(round(x * GRID), round(y * GRID)) for x, y in points]) for n, points in enumerate(lines)]
    assert sorted(packed) == sorted(expected)


def test_polygons_keep_their_holes():
    polygon = Polygon([(0, 0), (0.01, 0), (0.01, 0.01), (0, 0.01)], holes=[[(0.002, 0.002), (0.004, 0.002), (0.004, 0.004)]])
    [(tag, [shell, hole])] = read_polygons(pack_polygons([polygon], [7]))
    assert tag == 7
    assert set(shell) == {(0, 0), (1000, 0), (1000, 1000), (0, 1000)}
    assert set(hole) == {(200, 200), (400, 200), (400, 400)}


def test_parts_of_one_geometry_share_its_tag():
    assert [tag for tag, _ in read_lines(pack_lines([MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]])], [4]))] == [4, 4]
    assert [tag for tag, _ in read_polygons(pack_polygons([MultiPolygon([box(0, 0, 1, 1), box(2, 2, 3, 3)])], [5]))] == [5, 5]


def test_what_is_smaller_than_the_grid_is_left_out():
    assert read_lines(pack_lines([LineString([(0, 0), (1e-7, 0)]), LineString()], [1, 2])) == []
    assert read_polygons(pack_polygons([box(0, 0, 1e-7, 1e-7)], [1])) == []


def test_nothing_packs_to_nothing():
    assert read_lines(pack_lines([], [])) == []
    assert read_polygons(pack_polygons([], [])) == []


def test_simplified_area_stays_within_two_in_a_thousand():
    disc = Point(120, 28).buffer(0.001, quad_segs=64)  # about 100 m: 6 m of tolerance would cost over 1 %
    [(_, [ring])] = read_polygons(pack_polygons([disc], [0], tolerance_m=6.0))
    assert Polygon(ring).area / GRID**2 == pytest.approx(disc.area, rel=0.01)  # the grid itself costs some
    assert len(ring) < 256


def test_simplified_line_stays_within_its_tolerance():
    wavy = LineString([(120 + n * 1e-4, 28 + (n % 2) * 1e-5) for n in range(50)])  # 1 m waves
    [(_, points)] = read_lines(pack_lines([wavy], [0], tolerance_m=2.0))
    assert len(points) == 2


def test_same_input_gives_the_same_text():
    lines = [LineString([(n, 0), (n, 1)]) for n in range(9)]
    assert pack_lines(lines, range(9)) == pack_lines(lines, range(9))


def read_minutes(text: str) -> tuple[list[int], dict[int, int]]:
    """Corner, steps and columns; minutes by cell."""
    stream = iter(numbers(text))
    corner = next(walk(stream, 1))
    steps = [next(stream) for _ in range(3)]
    runs = [(next(stream), next(stream)) for _ in range(next(stream))]
    at, minutes, found = 0, 0, {}
    for gap, cells in runs:
        at += gap
        for cell in range(at, at + cells):
            value = next(stream)
            minutes += value // 2 if value % 2 == 0 else -(value + 1) // 2
            found[cell] = minutes
        at += cells
    assert next(stream, None) is None
    return [*corner, *steps], found


@given(st.dictionaries(st.integers(0, 300), st.integers(1, 255), min_size=1), st.integers(-18_000_000, 18_000_000), st.integers(-9_000_000, 9_000_000))
def test_minutes_come_back_and_cells_without_an_answer_stay_without(found, west, south):
    cell = np.array(sorted(found), dtype=np.int64)
    grid = MinutesGrid(west, south, 51, 45, 20, cell, np.array([found[c] for c in cell.tolist()], dtype=np.uint8), 4.0)
    assert read_minutes(pack_minutes(grid)) == ([west, south, 51, 45, 20], found)
    assert pack_minutes(grid) == pack_minutes(grid)
