"""Streets within some minutes, and the ground beside them: on streets drawn by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import Point, Polygon

from cfmap.coverage import service_area, simplify_for_web
from cfmap.coverage.service_area import area_difference
from tests.unit.coverage.drawn import drawn, grid, lonlat, metres, places, street

GEOD = Geod(ellps="WGS84")

# One street of 1,000 m; s stands at its start, t at 600 m.
#
#   s-----------------t-----------+
#   0                600        1000
LINE = drawn(street((0, 0), (1000, 0)))


def ground(geometry) -> float:
    """Square metres on the ellipsoid."""
    return abs(GEOD.geometry_area_perimeter(geometry)[0])


def test_the_last_street_is_cut_where_the_time_is_up():
    area = service_area(LINE, places(s=(0, 0)), minutes=[4.5])  # 300 m at 4 km/h
    (part,) = area.streets.itertuples()
    assert (part.from_m, part.to_m) == (0, 300)
    assert part.minutes == 4.5
    assert part.site == "s"
    assert GEOD.geometry_length(part.geometry) == pytest.approx(300, abs=0.001)
    assert part.geometry.coords[0] == pytest.approx(lonlat(0, 0), abs=1e-9)


def test_a_street_between_two_sites_is_shared_in_the_middle():
    area = service_area(LINE, places(s=(0, 0), t=(600, 0)), minutes=[15])
    assert area.streets[["from_m", "to_m", "site"]].round(0).to_numpy().tolist() == [[0, 300, "s"], [300, 600, "t"], [600, 1000, "t"]]
    assert area.streets["minutes"].round(2).tolist() == [4.5, 4.5, 6.0]


def test_the_straight_way_to_the_street_uses_up_time():
    """s stands 60 m off the street: of 300 m, 240 m are left along it."""
    area = service_area(LINE, places(s=(0, 60)), minutes=[4.5])
    assert area.streets["to_m"].max() == pytest.approx(240, abs=0.01)
    assert area.sites.iloc[0][["snap_m", "status"]].tolist() == [pytest.approx(60, abs=0.01), "far"]


@pytest.mark.parametrize("mode", ["exact", "map"])
def test_catchment_is_the_reached_street_and_35_m_beside_it(mode):
    area = service_area(LINE, places(s=(0, 0)), minutes=[4.5, 9], mode=mode)
    assert area.catchment["site"].tolist() == ["all", "all"]
    assert area.catchment["metres"].tolist() == [300, 600]
    assert area.catchment["minutes"].tolist() == [4.5, 9]
    for length, geometry in zip((300, 600), area.catchment.geometry, strict=True):
        assert ground(geometry) == pytest.approx(length * 70 + np.pi * 35**2, rel=0.003)


# A site at the corner of a block of 400 m x 400 m reaches all round it in 15 minutes (800 m each way):
#
#   +--------+
#   |        |
#   |        |
#   s--------+
BLOCK = drawn(street((0, 0), (400, 0), (400, 400), (0, 400), (0, 0)))


@pytest.mark.parametrize("mode", ["exact", "map"])
def test_ground_inside_a_block_is_a_hole(mode):
    geometry = service_area(BLOCK, places(s=(0, 0)), minutes=[15], mode=mode).catchment.geometry.iloc[0]
    assert geometry.geom_type == "Polygon"
    assert len(geometry.interiors) == 1
    assert ground(Polygon(geometry.interiors[0])) == pytest.approx(330 * 330, rel=0.003)
    assert not geometry.contains(Point(lonlat(200, 200)))


def test_a_diamond_of_blocks_is_no_circle():
    """From the middle of a grid of 100 m, 200 m along streets reach (2, 0) and (1, 1) but not (2, 1)."""
    area = service_area(grid(6), places(s=(300, 300)), minutes=[3], mode="exact").catchment.geometry.iloc[0]
    for inside in ((500, 300), (400, 400), (100, 300)):
        assert area.contains(Point(lonlat(*inside)))
    for outside in ((500, 400), (400, 500), (500, 500)):
        assert not area.contains(Point(lonlat(*outside)))


def test_each_site_has_its_own_area_when_asked():
    sites = places(s=(0, 0), t=(600, 0), u=(990, 0))
    area = service_area(LINE, sites, minutes=[4.5, 9], per_site=True, mode="exact")
    assert area.catchment["site"].tolist() == ["all", "all", "s", "s", "t", "t", "u", "u"]
    crs = area.catchment.estimate_utm_crs()
    plane = area.catchment.to_crs(crs)
    for metres_of, group in plane.groupby("metres"):
        union = group.loc[group["site"].eq("all"), "geometry"].iloc[0]
        each = group.loc[group["site"].ne("all"), "geometry"]
        assert each.union_all().symmetric_difference(union).area < 20, metres_of  # a centimetre of rounding along 1.5 km of edge
        assert (each.difference(union.buffer(0.1)).area < 1.5).all()


def test_nothing_reached_leaves_empty_ground():
    area = service_area(LINE, places(s=(0, 0), o=(500, 400)).iloc[1:], minutes=[15])
    assert area.streets.empty
    assert area.catchment.geometry.is_empty.all()
    assert area.sites["status"].tolist() == ["off_network"]
    assert area.sites["snap_m"].isna().all()


def test_a_site_at_the_exact_limit_of_its_connector_reaches_no_street():
    area = service_area(LINE, places(s=(0, 60)), minutes=[60 * 15 / 1000])
    assert area.streets["to_m"].sub(area.streets["from_m"]).sum() <= 0.01


def test_order_of_sites_and_their_rows_does_not_matter():
    sites = places(s=(0, 0), t=(600, 0), u=(990, 30))
    one, other = (service_area(LINE, table, minutes=[5, 10], mode="map") for table in (sites, sites.iloc[[2, 0, 1]]))
    assert one.streets.equals(other.streets)
    assert one.catchment.geometry.to_wkb().tolist() == other.catchment.geometry.to_wkb().tolist()


def test_areas_for_the_page_have_fewer_vertices_and_the_same_ground():
    area = service_area(grid(12), places(s=(310, 290), t=(900, 910)), minutes=[5, 10], mode="map").catchment
    simple = simplify_for_web(area, tolerance_m=6.0)
    assert simple.is_valid.all()
    assert simple.drop(columns="geometry").equals(area.drop(columns="geometry"))
    for before, after in zip(area.geometry, simple.geometry, strict=True):
        assert ground(after) == pytest.approx(ground(before), rel=0.002)
        assert after.geom_type == before.geom_type
        assert sum(len(p.interiors) for p in getattr(after, "geoms", [after])) == sum(len(p.interiors) for p in getattr(before, "geoms", [before]))
    assert simple.geometry.count_coordinates().sum() < 0.8 * area.geometry.count_coordinates().sum()


GRID = grid(5)
position = st.tuples(st.floats(-40, 540), st.floats(-40, 540))


@settings(max_examples=6)
@given(st.lists(position, min_size=1, max_size=4), st.floats(0.5, 8))
def test_more_minutes_or_sites_never_serve_less(where, minutes):
    sites = places(**{f"s{i}": xy for i, xy in enumerate(where)})
    area = service_area(GRID, sites, minutes=[minutes, minutes + 1], mode="exact").catchment.to_crs(32651)
    more = service_area(GRID, places(**{f"s{i}": xy for i, xy in enumerate([*where, (250, 250)])}), minutes=[minutes], mode="exact").catchment.to_crs(32651)
    small, large = area.geometry
    assert small.difference(large.buffer(0.1)).area < 1.5
    assert small.difference(more.geometry.iloc[0].buffer(0.1)).area < 1.5


def test_reached_length_is_what_one_adds_up_by_hand():
    """From the middle of a grid of 100 m, 150 m reach four arms of 100 m and, of the streets behind, twelve halves."""
    streets = service_area(grid(4), places(s=(200, 200)), minutes=[2.25]).streets
    assert streets["to_m"].sub(streets["from_m"]).sum() == pytest.approx(4 * 100 + 12 * 50, abs=0.5)
    assert metres((0, 0), (100, 0)) == pytest.approx(100, abs=0.01)


def test_bands_of_a_site_contain_each_other_before_and_after_simplifying():
    sites = places(s=(310, 290), t=(900, 910))
    table = service_area(grid(12), sites, minutes=[5, 10, 15], per_site=True, mode="map").catchment
    simple = simplify_for_web(table, tolerance_m=6.0)
    assert simple.geometry.count_coordinates().sum() < table.geometry.count_coordinates().sum()
    for frame in (table, simple):
        for _, group in frame.groupby("site"):
            five, ten, fifteen = group.sort_values("minutes").geometry
            assert ten.covers(five)
            assert fifteen.covers(ten)
    assert area_difference(table, simple)["area"].abs().max() <= 0.002


def test_difference_between_the_modes_is_stated_for_each_row():
    exact, drawn = (service_area(grid(12), places(s=(310, 290)), minutes=[5, 10], mode=mode).catchment for mode in ("exact", "map"))
    found = area_difference(exact, drawn)
    assert found[["site", "minutes"]].to_numpy().tolist() == [["all", 5], ["all", 10]]
    assert found["exact_km2"].to_numpy() == pytest.approx([ground(g) / 1e6 for g in exact.geometry], rel=0.001)
    assert found["area"].to_numpy() == pytest.approx(((found["drawn_km2"] - found["exact_km2"]) / found["exact_km2"]).to_numpy())
    assert (found["area"].abs() < 0.0025).all()
    assert (found["symmetric"] >= found["area"].abs() - 1e-9).all()
    assert (area_difference(exact, exact)["symmetric"] == 0).all()


def test_each_site_at_once_equals_each_site_alone():
    sites = places(s=(310, 290), o=(5000, 5000), t=(900, 910))
    together = service_area(grid(12), sites, minutes=[5, 10], per_site=True, mode="map").catchment
    assert together["site"].tolist() == ["all", "all", "o", "o", "s", "s", "t", "t"]
    assert together.loc[together["site"] == "o"].geometry.is_empty.all()
    for key in ("s", "t"):
        alone = service_area(grid(12), sites.loc[sites["id"] == key], minutes=[5, 10], mode="map").catchment
        apart = area_difference(alone, together.loc[together["site"] == key])
        assert (apart["symmetric"] < 0.002).all()  # only the grid's lines lie elsewhere
