"""Streets and areas come back as they went in, to the grid."""

from __future__ import annotations

import base64
import gzip

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, MultiPolygon, Point, Polygon, box

from cfmap.model import MinutesGrid
from cfmap.publish.web.coder import ALONG, BACK, COUNT, DX, DY, JUMP_X, JUMP_Y, NEXT, POINTS, TAG, encode
from cfmap.publish.web.geometry import GRID, MAX_AREA_CHANGE, pack_lines, pack_minutes, pack_polygons
from cfmap.publish.web.junctions import Street, pack_streets
from tests.factories import street_lattice


class Guess:
    """Yes or no by a chance of 65,536 that learns."""

    def __init__(self):
        self.yes, self.seen = 32_768, 0

    def learn(self, bit):
        self.yes += (65_535 - self.yes) // (self.seen + 2) if bit else -(self.yes // (self.seen + 2))
        self.seen = min(self.seen + 1, 62)


class Reader:
    """The coder's numbers, read by hand: :mod:`cfmap.publish.web.coder` the other way round."""

    def __init__(self, text: str):
        self.bytes = base64.b64decode(text)
        self.low, self.high, self.at = 0, 0xFFFFFFFF, 4
        self.code = int.from_bytes(self.bytes[:4].ljust(4, b"\0"), "big")
        self.guesses: dict[tuple[object, ...], Guess] = {}
        self.last = [(0, 0), (0, 0)]  # size and sign of the last difference eastwards, northwards

    def bit(self, *key: object) -> int:
        guess = self.guesses.setdefault(key, Guess()) if key else Guess()
        middle = self.low + ((self.high - self.low) >> 12) * (guess.yes >> 4)
        bit = int(self.code <= middle)
        self.low, self.high = (self.low, middle) if bit else (middle + 1, self.high)
        guess.learn(bit)
        while self.low >> 24 == self.high >> 24:
            following = self.bytes[self.at] if self.at < len(self.bytes) else 0
            self.low, self.high, self.code = ((v << 8) & 0xFFFFFFFF for v in (self.low, self.high, self.code))
            self.high |= 255
            self.code |= following
            self.at += 1
        return bit

    def __call__(self, kind: int, about: int = 0) -> int:
        (size_x, sign_x), (size_y, sign_y) = self.last = [(0, 0), (0, 0)] if kind in (JUMP_X, NEXT) else self.last
        neighbour = min(11, {DX: (size_x + size_y + 1) // 2, DY: size_x, JUMP_Y: size_x}.get(kind, about))
        node = 1
        for _ in range(5):
            node = 2 * node + self.bit("size", kind, neighbour, node)
        size, value = node - 32, 1
        for k in range(size):
            value = 2 * value + (self.bit("top", kind, size, value) if k < 2 else self.bit())
        value -= 1
        if kind in (JUMP_X, JUMP_Y, DX, DY):
            sign = 1 + self.bit("sign", kind, sign_x, sign_y) if value else 0
            self.last[kind in (JUMP_Y, DY)] = (size, sign)
            if kind == JUMP_Y:
                self.last = [(0, 0), (0, 0)]
            return -value if sign == 2 else value
        return value


def read_lines(text: str) -> list[tuple[int, list[tuple[int, int]]]]:
    read = Reader(text)
    x = y = 0
    lines = []
    step = read(COUNT)
    for _ in range(read(COUNT)):
        tag, points, line = read(TAG), read(POINTS), []
        for n in range(points):
            x += read(DX if n else JUMP_X)
            y += read(DY if n else JUMP_Y)
            line.append((x * step, y * step))
        lines.append((tag, line))
    return lines


def read_streets(text: str, classes: int) -> list[list[tuple[int, list[tuple[int, int]], bool]]]:
    """Of each class the lines: tag, corners, and whether it begins on another."""
    read = Reader(text)
    step, corners, last, jump, out = read(COUNT), [], set(), (0, 0), []
    for _ in range(classes):
        at = along = 0
        out.append([])
        for _ in range(read(COUNT)):
            if on := read(NEXT):
                at, along = at + on - 1, along if on == 1 else 0
                (x, y), (to_x, to_y) = corners[at], corners[at] if at in last else corners[at + 1]
                steps = max(abs(to_x - x), abs(to_y - y))
                along += read(ALONG, (steps - along).bit_length()) if steps - along > 1 else 0
                if steps:
                    x, y = int(np.floor(x + (to_x - x) * along / steps + 0.5)), int(np.floor(y + (to_y - y) * along / steps + 0.5))
            else:
                x, y = jump = (jump[0] + read(JUMP_X), jump[1] + read(JUMP_Y))
            tag, ahead, behind = read(TAG), read(POINTS), read(BACK)
            steps_of = [[(read(DX), read(DY)) for _ in range(n)] for n in (ahead, behind)]
            after, before = (np.cumsum([(x, y), *arm], axis=0)[1:].tolist() for arm in steps_of)
            line = [tuple(p) for p in (*reversed(before), (x, y), *after)]
            corners += line
            last.add(len(corners) - 1)
            out[-1].append((tag, [(a * step, b * step) for a, b in line], bool(on)))
    return out


def read_polygons(text: str) -> list[tuple[int, list[list[tuple[int, int]]]]]:
    read = Reader(text)
    step, count = read(COUNT), read(COUNT)
    x = y = 0
    polygons = []
    for _ in range(count):
        tag, rings = read(TAG), []
        for _ in range(read(COUNT)):
            ring = []
            for n in range(read(POINTS)):
                x += read(DX if n else JUMP_X)
                y += read(DY if n else JUMP_Y)
                ring.append((x * step, y * step))
            rings.append(ring)
        polygons.append((tag, rings))
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


def read_minutes(text: str) -> tuple[list[int], list[tuple[int, dict[int, int]]]]:
    """Corner, steps and columns; of each site its row on the page, and minutes by cell."""
    read = Reader(text)
    corner = [read(DX), read(DX)]
    *steps, guess, sites = [read(COUNT) for _ in range(5)]
    columns = steps[-1]
    found, listed, east, north = [], -1, 0, 0
    for _ in range(sites):
        step = read(TAG)
        listed += step
        east, north = east + read(JUMP_X), north + read(JUMP_X)
        up = first = end = 0
        cells: list[int] = []
        for n in range(read(COUNT)):
            rise, right, many = read(TAG), read(JUMP_Y), read(POINTS)
            new = rise > 0 or n == 0
            right += first if new else end
            up, first, end = up + rise, right if new else first, right + many
            cells += [up * columns + right + k for k in range(many)]
        minutes = {}
        for cell in cells:
            away = np.hypot(2 * (cell % columns) + 1 - east, 2 * (cell // columns) + 1 - north)
            minutes[cell] = read(DX) + max(1, int(np.floor(away * guess / 2000 + 0.5)))
        found.append((listed if step else -1, minutes))
    return [*corner, *steps], found


@given(
    st.lists(
        st.tuples(st.integers(-1, 40), st.dictionaries(st.integers(0, 300), st.integers(1, 255), min_size=1)), min_size=1, max_size=6, unique_by=lambda s: s[0]
    ),
    st.integers(-18_000_000, 18_000_000),
    st.integers(-9_000_000, 9_000_000),
)
def test_minutes_come_back_site_by_site_and_cells_without_an_answer_stay_without(found, west, south):
    rows = [row for row, _ in found]
    site = np.repeat(np.arange(len(found)), [len(cells) for _, cells in found])
    cell = np.array([c for _, cells in found for c in sorted(cells)], dtype=np.int64)
    minutes = np.array([cells[c] for _, cells in found for c in sorted(cells)], dtype=np.uint8)
    grid = MinutesGrid(west, south, 51, 45, 20, tuple("abcdef"[: len(found)]), site, cell, minutes, 4.0)
    shown = sorted(found, key=lambda one: (one[0] < 0, one[0]))
    assert read_minutes(pack_minutes(grid, rows)) == ([west, south, 51, 45, 20], shown)
    assert pack_minutes(grid, rows) == pack_minutes(grid, rows)


@settings(max_examples=10)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 3.0]), st.integers(1, 3))
def test_streets_begin_on_one_another_and_lie_where_they_are(seed, tolerance_m, step):
    classes = [Street(lines, tags, tolerance_m) for lines, tags in street_lattice(seed)]
    packed = read_streets(pack_streets(classes, step=step), len(classes))
    off = (tolerance_m / 1.1 + step) / GRID  # the grid is 1.1 m
    for told, given_class in zip(packed, classes, strict=True):
        assert sorted(tag for tag, _, _ in told) == given_class.tags.tolist()
        for tag, corners, _ in told:
            whole = given_class.lines[given_class.tags.tolist().index(tag)]
            assert shapely.hausdorff_distance(LineString(np.array(corners) / GRID), whole, densify=0.05) <= off
    alone = [tag for told in packed for tag, _, on in told if not on]
    assert alone == [*classes[0].tags, classes[-1].tags[-1]]  # rows that the streets between them join, and the lane that meets no other


def test_streets_of_a_network_take_three_quarters_of_what_each_takes_alone():
    classes = [Street(lines, tags, 2.0) for lines, tags in street_lattice(1, size=24)]
    alone = sum(len(base64.b64decode(pack_lines(c.lines, c.tags.tolist(), tolerance_m=2.0, step=2))) for c in classes)
    assert len(base64.b64decode(pack_streets(classes, step=2))) < 0.75 * alone


def test_no_streets_and_streets_smaller_than_the_grid_pack_to_nothing():
    nothing = Street([], np.zeros(0, dtype=np.int64), 1.0)
    assert read_streets(pack_streets([nothing, nothing], step=2), 2) == [[], []]
    tiny = Street([LineString([(0, 0), (1e-7, 0)])], np.array([1]), 1.0)
    assert read_streets(pack_streets([nothing, tiny], step=2), 2) == [[], []]


@given(st.lists(st.tuples(st.integers(0, BACK), st.integers(-(2**31) + 2, 2**31 - 2)), max_size=60))
def test_every_number_comes_back_whatever_its_kind(numbers):
    values = [v if kind in (JUMP_X, JUMP_Y, DX, DY) else abs(v) for kind, v in numbers]
    kinds = [kind for kind, _ in numbers]
    read = Reader(base64.b64encode(encode(np.array(values, dtype=np.int64), np.array(kinds, dtype=np.uint8))).decode())
    assert [read(kind) for kind in kinds] == values


def test_streets_take_fewer_bytes_than_through_gzip():
    rng = np.random.default_rng(1)
    steps = rng.normal(0, 12, (200, 40, 2)).cumsum(axis=1) * np.array([6, 1])
    lines = [LineString((points + rng.uniform(0, 5_000, 2)).round() / GRID + (123, 28)) for points in steps]
    plain = gzip.compress(np.concatenate([np.diff(shapely.get_coordinates(line) * GRID, axis=0).round().astype(np.int16) for line in lines]).tobytes(), 9)
    assert len(base64.b64decode(pack_lines(lines, [0] * len(lines)))) < 0.9 * len(plain)


def test_a_coarse_grid_becomes_finer_where_it_would_change_an_area():
    narrow = box(123, 28, 123.01, 28.00013)
    [(_, [ring])] = read_polygons(pack_polygons([narrow], [0], tolerance_m=14.0, step=9))
    assert abs(Polygon(ring).area / GRID**2 / narrow.area - 1) <= MAX_AREA_CHANGE
