"""Ground beside streets: exact union and distance contour, on shapes whose area one can work out by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from cfmap.geometry.dissolve import difference, dissolve, dissolve_bands, dissolve_many, straight_pieces

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


@settings(max_examples=40)
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


@settings(max_examples=40)
@given(streets, st.integers(0, 100))
def test_more_streets_never_serve_less_ground(courses, seed):
    lines = np.array([shapely.LineString(c) for c in courses], dtype=object)
    fewer = lines[np.random.default_rng(seed).random(len(lines)) < 0.5]
    exact_more, exact_fewer = (dissolve(x, buffer_m=35, mode="exact").geometry for x in (lines, fewer))
    assert exact_fewer.difference(exact_more.buffer(0.05)).area < 1.5


# the laws of areas, in straight pieces


def pieces_of(courses) -> np.ndarray:
    return straight_pieces(np.array([shapely.LineString(c) for c in courses], dtype=object))


def drawn_of(pieces, **options):
    return dissolve_bands([np.asarray(pieces, dtype=float)], **({"buffer_m": 35, "cell_m": 5} | options))[0].geometry


@settings(max_examples=40)
@given(streets, st.lists(st.integers(0, 3), min_size=12, max_size=12))
def test_bands_contain_each_other_to_the_last_vertex(courses, levels):
    bands = [pieces_of([c for c, level in zip(courses, levels, strict=False) if level == k] or [[(0, 0), (0, 0.01)]]) for k in range(4)]
    grown = [d.geometry for d in dissolve_bands(bands, buffer_m=35)]
    for inner, outer in pairwise(grown):
        assert inner.is_valid
        assert outer.is_valid
        assert outer.covers(inner)
        assert outer.area >= inner.area


@settings(max_examples=30)
@given(streets, st.randoms(use_true_random=False))
def test_order_and_direction_of_pieces_do_not_matter(courses, random):
    pieces = pieces_of(courses)
    shuffled = pieces[random.sample(range(len(pieces)), len(pieces))]
    turned = np.where(np.array([[random.random() < 0.5] for _ in shuffled]), shuffled[:, [2, 3, 0, 1]], shuffled)
    twice = np.vstack([turned, turned[: len(turned) // 2]])
    assert drawn_of(turned).wkb == drawn_of(pieces).wkb
    assert drawn_of(twice).wkb == drawn_of(pieces).wkb


def town(blocks: int, *, turned: float = 0.3) -> np.ndarray:
    """Pieces of a grid of streets 90 m apart, turned so that none runs along the lines of the grid."""
    side = np.arange(blocks + 1) * 90.0
    whole = np.full(len(side), side[-1])
    lines = np.vstack([np.column_stack([0 * side, side, whole, side]), np.column_stack([side, 0 * side, side, whole])])
    c, s = np.cos(turned), np.sin(turned)
    turn = np.array([[c, s], [-s, c]])
    return np.column_stack([lines[:, :2] @ turn, lines[:, 2:] @ turn])


def test_threads_do_not_matter(monkeypatch):
    pieces = town(40)
    alone = drawn_of(pieces)
    for threads in (2, 3, 7):
        monkeypatch.setattr("cfmap.geometry._map_mode._threads", lambda _, threads=threads: threads)
        assert drawn_of(pieces).wkb == alone.wkb
    assert len(alone.interiors) == 1600


@settings(max_examples=25)
@given(streets, st.integers(1, 4), st.randoms(use_true_random=False))
def test_many_owners_at_once_equal_each_alone(courses, owners, random):
    pieces = pieces_of(courses)
    owner = np.array([random.randrange(owners) for _ in pieces])
    band = np.array([random.randrange(2) for _ in pieces])
    together = [d.geometry for d in dissolve_many(pieces, owner, owners + 1, buffer_m=35, band=band, n_bands=2)]
    assert len(together) == 2 * (owners + 1)
    assert together[-1].is_empty
    for k in range(owners):
        mine = owner == k
        alone = [d.geometry for d in dissolve_bands([pieces[mine & (band == b)] for b in (0, 1)], buffer_m=35)]
        for one, other in zip(together[2 * k : 2 * k + 2], alone, strict=True):
            assert shapely.area(shapely.symmetric_difference(one, other)) <= 0.005 * other.area  # the grid's lines lie elsewhere
            assert one.is_valid


@settings(max_examples=25)
@given(streets, st.sampled_from([5.0, 10.0]))
def test_drawn_ground_is_exact_but_for_corners_and_slits(courses, cell):
    """Every crossing with a grid line is exact: the drawn edge leaves the true one only inside a cell."""
    lines = [shapely.LineString(c) for c in courses]
    exact, drawn = dissolve(lines, buffer_m=35, mode="exact").geometry, dissolve(lines, buffer_m=35, cell_m=cell).geometry
    apart = difference(exact, drawn)
    assert -(cell**2) / (4 * 35**2) <= apart.area <= 0.0005 * cell + 0.0005  # chords of arcs; corners
    assert exact.buffer(-0.3 if cell == 5 else -0.6).difference(drawn, grid_size=0.001).area < 1


@pytest.mark.parametrize("turned", [0.0, 0.1, 0.7853981, 1.2])
def test_a_long_street_has_the_area_one_works_out(turned):
    end = 10_000 * np.array([np.cos(turned), np.sin(turned)])
    area = drawn_of([[0, 0, *end]], cell_m=10)
    assert area.area == pytest.approx(10_000 * 70 + np.pi * 35**2, rel=0.0005)
    assert len(area.exterior.coords) < 250  # straight runs need no vertices between


def test_pieces_on_grid_lines_and_tile_edges_have_their_full_width():
    for x in (0, 5, 315, 630, 2.5):  # 63 cells of 5 m make a tile; 35 m are 7 cells
        area = drawn_of([[x, 0, x, 630], [x, 630, x + 630, 630]])
        assert area.area == pytest.approx(2 * 630 * 70 + np.pi * 35**2 * 3 / 4, rel=0.01)
        assert area.bounds == pytest.approx((x - 35, -35, x + 630 + 35, 665), abs=0.1)


def test_points_pieces_without_length_and_duplicates_are_ground_too():
    disc = drawn_of([[3, 4, 3, 4]])
    assert disc.area == pytest.approx(np.pi * 35**2, rel=0.005)
    assert drawn_of([[3, 4, 3, 4]] * 40_000).wkb == disc.wkb
    assert drawn_of([[3, 4, 3, 4], [3, 4, 3 + 1e-12, 4]]).area == pytest.approx(disc.area, rel=1e-6)


def test_what_cannot_be_drawn_is_refused():
    good = [[0, 0, 10, 0]]
    for wrong, words in (
        ({"pieces": [[0, 0, np.nan, 0]]}, "1 of 1 pieces have coordinates that are not finite, the first at position 0"),
        ({"pieces": [[0, 0, np.inf, 0]]}, "not finite"),
        ({"owner": [1]}, "owner"),
        ({"owner": [-1]}, "owner"),
        ({"owner": [0, 0]}, "owner"),
        ({"band": [1]}, "band"),
        ({"buffer_m": 0}, "widths"),
        ({"buffer_m": np.nan}, "widths"),
        ({"cell_m": 700}, "widths"),
        ({"pieces": [[0, 0, 10, 0], [1e12, 1e12, 1e12, 1e12]], "owner": [0, 0]}, "in metres"),
    ):
        asked = {"pieces": good, "owner": [0], "n": 1, "buffer_m": 35} | wrong
        with pytest.raises(ValueError, match=words):
            dissolve_many(asked.pop("pieces"), asked.pop("owner"), asked.pop("n"), **asked)
    street = shapely.transform(STREET, lambda xy: np.where(xy > 100, np.inf, xy))
    for mode in ("exact", "map"):
        with pytest.raises(ValueError, match="not finite"):
            dissolve([street], buffer_m=35, mode=mode)


def test_narrow_ground_is_drawn_on_narrower_cells():
    assert drawn_of([[0, 0, 200, 50]], buffer_m=2).area == pytest.approx(np.hypot(200, 50) * 4 + np.pi * 4, rel=0.02)


def test_union_in_tiles_is_the_plain_union():
    lines = np.array([shapely.LineString(p.reshape(2, 2)) for p in town(30)[:, [0, 1, 2, 3]]], dtype=object)
    lines = np.concatenate([shapely.segmentize(lines, 400), lines])
    parts = np.array([shapely.LineString(pair) for line in lines for pair in pairwise(line.coords)], dtype=object)
    tiled = dissolve(parts, buffer_m=20, mode="exact").geometry
    plain = shapely.union_all(shapely.buffer(parts, 20, quad_segs=16))
    assert difference(plain, tiled).apart_m2 <= 0.01 * plain.length  # the centimetre it is rounded to
    assert len(tiled.interiors) == len(plain.interiors) == 900


def test_difference_is_stated_in_shares_of_the_exact_area():
    found = difference(shapely.box(0, 0, 10, 10), shapely.box(0, 0, 10, 11))
    assert (found.area, found.symmetric) == pytest.approx((0.1, 0.1))
    shifted = difference(shapely.box(0, 0, 10, 10), shapely.box(1, 0, 11, 10))
    assert (shifted.area, shifted.symmetric) == pytest.approx((0, 0.2))
    assert difference(shapely.Point(), shapely.Point()).area == 0
