"""Areal presence by community: by ground where there is any, else by the nearest community of the site's town."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pytest
from shapely import box

from cfmap.indicators.community_presence import community_presence
from tests.factories import CRS, LAT, LON, tiny_edition

CELLS = {"c1": (2.0, 0, 3.2, 2.0), "c2": (3.2, 0, 4.0, 2.0), "c3": (0, 0.5, 2.0, 2.0), "c4": (0, 0, 2.0, 0.5)}


def found(edition):
    return {i.id.partition(".")[2]: i for i in community_presence(edition)}


def with_ground(edition):
    shapes = {key: box(LON + w / 100, LAT + s / 100, LON + e / 100, LAT + n / 100) for key, (w, s, e, n) in CELLS.items()}
    return replace(edition, population=replace(edition.population, areas=gpd.GeoSeries(shapes, crs=CRS)))


def test_without_outlines_a_site_counts_for_the_nearest_community_of_its_town_and_says_so():
    parks = found(tiny_edition())["parks"]  # one park, nearest to 甲
    assert (parks.value, parks.by_town, parks.status) == (25.0, {"东镇": 50.0, "西镇": 0.0}, "partial")
    assert "没有社区界" in parks.definition


def test_a_site_without_coordinates_may_be_in_a_community_of_its_town_alone():
    edition = tiny_edition()
    childcare = found(edition)["childcare"]  # 甲 K1, 乙 K2, 丙 K3; K5 is somewhere in the east, where all have one
    assert (childcare.value, childcare.by_town) == (75.0, {"东镇": 100.0, "西镇": 50.0})
    data = edition.layers["childcare"]
    elsewhere = replace(data, unlocated=data.unlocated.assign(town="西镇"))
    west = found(replace(edition, layers={**edition.layers, "childcare": elsewhere}))["childcare"]
    assert (west.value, west.lower, west.upper) == (None, 75.0, 100.0)
    assert west.by_town == {"东镇": None, "西镇": None}
    lost = replace(data, unlocated=data.unlocated.assign(town=None))
    assert found(replace(edition, layers={**edition.layers, "childcare": lost}))["childcare"].upper == 100.0


def test_with_outlines_the_ground_decides_and_nothing_is_estimated():
    parks = found(with_ground(tiny_edition()))["parks"]
    assert (parks.value, parks.status) == (25.0, "ok")
    assert "没有社区界" not in parks.definition
    edition = tiny_edition()
    moved = edition.layers["parks"].sites.set_geometry(edition.layers["parks"].sites.geometry.translate(0.0025))  # over the border, nearer to 乙 as well
    shifted = replace(edition, layers={**edition.layers, "parks": replace(edition.layers["parks"], sites=moved)})
    assert found(with_ground(shifted))["parks"].by_town == {"东镇": 50.0, "西镇": 0.0}
    away = replace(edition, layers={**edition.layers, "parks": replace(edition.layers["parks"], sites=moved.set_geometry(moved.geometry.translate(0.1)))})
    out = found(with_ground(away))["parks"]  # on nobody's ground, said to be in the east
    assert (out.value, out.lower, out.upper) == (None, 0.0, 25.0)


@pytest.mark.parametrize("towns", [True, False])
def test_without_a_table_of_communities_nothing_is_claimed(towns):
    edition = replace(tiny_edition(), population=None)
    assert found(edition if towns else replace(edition, towns=None)) == {}


def test_without_towns_the_nearest_of_all_counts():
    assert found(replace(tiny_edition(), towns=None))["parks"].value == 25.0
