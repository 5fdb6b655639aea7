"""People of a community in its houses, people of a town in its cells: as many as were counted, wherever they are put."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from cfmap.geometry.raster import Raster
from cfmap.intake.homes import read_houses, read_totals
from cfmap.intake.housing import onto_houses
from cfmap.intake.raster_people import factor_words, onto_cells
from tests.factories import CRS, LAT, LON, tiny_edition

PEOPLE = tiny_edition().population
BANDS = ["pop_0_2", "pop_total"]


def houses(*rows):
    """Houses by (east, north, size, floors) in hundredths of a degree."""
    shapes = [box(LON + x / 100, LAT + y / 100, LON + (x + s) / 100, LAT + (y + s) / 100) for x, y, s, _ in rows]
    return gpd.GeoDataFrame({"floors": [f for *_, f in rows]}, geometry=shapes, crs=CRS)


def sums(population):
    return population.points.groupby("community")[BANDS].sum(min_count=1).sort_index()


def test_a_house_twice_as_high_has_twice_the_people():
    found = onto_houses(PEOPLE, houses((2.40, 1.02, 0.02, 2), (2.45, 1.02, 0.02, 4), (0.5, 1.5, 0.02, np.nan)))  # two near 甲, one at 丙
    at_first = found.points[found.points["community"] == "c1"]
    assert list(at_first["pop_0_2"]) == pytest.approx([100 / 3, 200 / 3], rel=1e-4)
    assert set(at_first["town"]) == {"东镇"}
    pd.testing.assert_frame_equal(sums(found), PEOPLE.points[BANDS].rename_axis("community"), rtol=1e-12)
    assert found.points.loc["c2"].geometry == PEOPLE.points.loc["c2"].geometry  # no house: still at its point
    assert len(found.units) == 4
    assert "2 个社区（村）的人口" in found.method[0][0]
    assert "1 栋缺楼层数" in found.method[0][0]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.floats(0.05, 3.9), st.floats(0.05, 1.9), st.floats(0.005, 0.05), st.one_of(st.just(np.nan), st.integers(1, 40))), max_size=12))
def test_every_community_keeps_its_people(rows):
    found = onto_houses(PEOPLE, houses(*rows)) if rows else PEOPLE
    if found.communities is not None:
        assert np.allclose(sums(found).to_numpy(), PEOPLE.points[BANDS].sort_index().to_numpy(), rtol=0, atol=1e-6)


def test_unknown_people_stay_unknown_in_every_house_and_far_houses_are_nobody_s():
    points = PEOPLE.points.copy()
    points.loc["c1", "pop_0_2"] = np.nan
    found = onto_houses(replace(PEOPLE, points=points), houses((2.40, 1.02, 0.02, 2), (2.45, 1.02, 0.02, 4), (60, 60, 0.02, 9)))
    assert found.points.loc[found.points["community"] == "c1", "pop_0_2"].isna().all()
    assert len(found.points) == 2 + 3


def test_ground_decides_before_nearness():
    cells = gpd.GeoSeries({"c1": box(LON + 0.02, LAT, LON + 0.04, LAT + 0.02)}, crs=CRS)
    found = onto_houses(replace(PEOPLE, areas=cells), houses((3.7, 1.0, 0.01, 1)))  # beside 乙's point, on 甲's ground
    assert set(found.points.index) == {"c1·1", "c2", "c3", "c4"}


def test_houses_are_told_by_their_use_and_an_empty_file_is_refused(tmp_path):
    from cfmap.model.errors import InputError

    table = houses((1, 1, 0.1, 6), (2, 1, 0.1, 3), (3, 1, 0.1, 0)).rename(columns={"floors": "楼层数"}).assign(用途=["住宅", "商业", "住宅"])
    table.to_file(tmp_path / "楼.gpkg")
    found, read, _ = read_houses(tmp_path / "楼.gpkg", file="data/楼.gpkg", datum=None)
    assert list(found["floors"].fillna(-1)) == [6, -1]  # no floors is unknown
    assert read.rows == 3
    table.assign(用途="商业").to_file(tmp_path / "店.gpkg")
    with pytest.raises(InputError) as refused:
        read_houses(tmp_path / "店.gpkg", file="data/店.gpkg", datum=None)
    assert refused.value.faults[0].code == "E264"


def test_totals_of_towns_are_read_by_name(tmp_path):
    (tmp_path / "t.csv").write_text("乡镇街道,常住人口,0-2岁\n西镇,2000,26\n东镇,8000,\n", encoding="utf-8")
    table, _, _ = read_totals(tmp_path / "t.csv", file="data/t.csv")
    assert table.loc["西镇"].to_dict() == {"pop_0_2": 26.0, "pop_total": 2000.0}
    assert np.isnan(table.loc["东镇", "pop_0_2"])


GRID = Raster(np.array([[10.0, 20.0, 30.0, 0.0], [10.0, np.nan, 30.0, 40.0]]), (0.01, 0, LON, 0, -0.01, LAT + 0.02), CRS)
OFFICIAL = pd.DataFrame({"pop_0_2": [26.0, 150.0], "pop_total": [2000.0, 8000.0]}, index=["西镇", "东镇"])


def test_every_town_has_its_official_people_and_the_factor_is_told():
    pytest.importorskip("exactextract")
    points, factors = onto_cells(GRID, tiny_edition().towns, OFFICIAL)
    assert factors == pytest.approx({"西镇": 2000 / 40, "东镇": 8000 / 100})
    pd.testing.assert_frame_equal(points.groupby("town")[BANDS].sum(), OFFICIAL.sort_index().rename_axis("town"), rtol=1e-9)
    assert points.loc["西镇·2", "pop_total"] == pytest.approx(20 * 50)
    assert factor_words(factors)[0].startswith("栅格人口按官方乡镇街道总数校准，系数 50.000–80.000")


def test_a_cell_on_the_border_is_cut_by_its_ground():
    pytest.importorskip("exactextract")
    towns = tiny_edition().towns.copy()
    towns.geometry = [box(LON, LAT, LON + 0.015, LAT + 0.02), box(LON + 0.015, LAT, LON + 0.04, LAT + 0.02)]
    points, factors = onto_cells(GRID, towns)
    assert points.groupby("town")["pop_total"].sum().to_dict() == pytest.approx({"西镇": 10 + 10 + 10, "东镇": 10 + 60 + 40})
    assert factors == {"西镇": None, "东镇": None}
    assert "照原数使用" in factor_words(factors)[0]


def test_a_town_that_the_raster_leaves_empty_keeps_its_people():
    pytest.importorskip("exactextract")
    empty = Raster(np.zeros((2, 4)), GRID.transform, CRS)
    points, factors = onto_cells(empty, tiny_edition().towns, OFFICIAL)
    assert points["pop_total"].sum() == 10000
    assert factors == {"西镇": None, "东镇": None}
