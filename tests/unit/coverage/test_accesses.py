"""By which doors a site is entered: gates, crossings with the outline, streets beside it, or its own point."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import Polygon

from cfmap.coverage import accesses, reach
from cfmap.coverage.accesses import match_gates
from tests.unit.coverage.drawn import M_PER_DEGREE, ORIGIN, drawn, lonlat, places, street

# A park of 200 m x 100 m. Street a runs into it from the west, street b along its north side, 20 m outside, street c
# along its south side, 60 m outside:
#
#      bbbbbbbbbbbbbbbb       y = 120
#      +--------------+       y = 100
#   aaa|aaaa          |       y = 50
#      +--------------+       y = 0
#
#      cccccccccccccccc       y = -60
#      0             200
NETWORK = drawn(
    street((-100, 50), (80, 50)),
    street((0, 120), (200, 120)),
    street((0, -60), (200, -60)),
    street((-100, -60), (-100, 50), (-100, 120)),  # joins them in the west
    street((-100, 120), (0, 120)),
    street((-100, -60), (0, -60)),
)


def area(*corners):
    return Polygon([lonlat(*xy) for xy in corners])


PARK = area((0, 0), (200, 0), (200, 100), (0, 100))
SITES = places(park=(100, 50))
FOOTPRINTS = gpd.GeoSeries([PARK], index=["park"], crs=4326)


def where(table):
    return sorted(
        (kind, round((p.x - ORIGIN[0]) * M_PER_DEGREE[0]), round((p.y - ORIGIN[1]) * M_PER_DEGREE[1]))
        for kind, p in zip(table["kind"], table.geometry, strict=True)
    )


def test_a_street_that_crosses_the_outline_is_an_entrance():
    assert where(accesses(NETWORK, SITES, footprints=FOOTPRINTS)) == [("crossing", 0, 50)]


def test_an_open_edge_is_entered_every_50_m_where_a_street_runs_within_30_m():
    found = where(accesses(NETWORK, SITES, footprints=FOOTPRINTS, open_edge=True))
    assert ("crossing", 0, 50) in found
    beside = [(x, y) for kind, x, y in found if kind == "beside" and y > 100]
    assert {y for _, y in beside} == {120}
    assert 4 <= len(beside) <= 6
    assert not any(y < 0 for _, _, y in found)


def test_a_site_that_is_an_area_itself_is_its_own_outline():
    sites = SITES.set_geometry([PARK])
    assert where(accesses(NETWORK, sites)) == [("crossing", 0, 50)]


def test_a_site_without_outline_or_gate_stands_at_its_point_and_says_so():
    assert where(accesses(NETWORK, SITES)) == [("assumed", 100, 50)]


def test_an_outline_without_entrance_takes_the_point_nearest_to_a_street():
    yard = area((50, 70), (150, 70), (150, 100), (50, 100))
    found = where(accesses(NETWORK, SITES, footprints=gpd.GeoSeries([yard], index=["park"], crs=4326)))
    assert len(found) == 1
    assert found[0][0] == "assumed"
    assert found[0][2] in (70, 100)  # on its outline, 20 m from street a or b


def test_gates_on_record_come_first():
    gates = places(g=(200, 60), h=(200, 40)).assign(school=["park", None])
    found = where(accesses(NETWORK, SITES, footprints=FOOTPRINTS, gates=gates))
    assert found == [("gate", 200, 40), ("gate", 200, 60)]


SCHOOLS = places(x=(0, 0), y=(300, 0), z=(600, 0)).assign(name=["一小", "二小", "二小"])


@pytest.mark.parametrize(
    ("gate", "school", "matched"),
    [
        ((500, 0), "x", "x"),  # by id, wherever it is
        ((500, 0), "一小", "x"),  # by name
        ((310, 0), "二小", None),  # two schools have this name
        ((310, 0), "三小", None),  # we have no such school
        ((310, 50), None, "y"),  # the nearest within 100 m
        ((310, 50), "", "y"),
        ((300, 101), None, None),
    ],
)
def test_gates_are_matched_by_id_name_or_place(gate, school, matched):
    gates = places(g=gate).assign(school=[school])
    assert match_gates(gates, SCHOOLS).tolist() == [matched]


def test_gates_that_pupils_may_not_use_are_no_doors():
    gates = places(g=(0, 0), h=(10, 0)).assign(pupils_use=[False, None])
    assert match_gates(gates, SCHOOLS).tolist() == [None, "x"]
    built = places(g=(0, 0), h=(10, 0), i=(10, 5), j=(10, 8)).assign(status=["规划", "未知", "关闭", None])
    assert match_gates(built, SCHOOLS).tolist() == [None, "x", None, "x"]


def test_distance_to_a_park_ends_at_its_entrance():
    """From 100 m west along street a: 100 m to the entrance, not 200 m to the middle."""
    doors = accesses(NETWORK, SITES, footprints=FOOTPRINTS)
    table = reach(NETWORK, SITES, places(home=(-100, 50)), accesses=doors)
    assert table["network_m"].iloc[0] == pytest.approx(100, abs=0.05)
    assert table["connector_m"].iloc[0] == pytest.approx(0, abs=0.01)
