"""Two whole projects whose people do not stand at a community's point: in houses, and in the cells of a raster turned on its side."""

from __future__ import annotations

import io

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
from shapely import box

from cfmap import pipeline
from cfmap.indicators.community_presence import NO_TABLE
from cfmap.publish import workbook
from tests.e2e import small_city

MODEST = "\n[walking]\nheadline_m = 600\nbeside_m = 500\n"


def house(x, y, floors, use="住宅"):
    """A house of 20 m on a street, given in cells."""
    lon, lat = small_city.lonlat(x, y)
    return {"层数": floors, "用途": use, "geometry": box(lon - 1e-4, lat - 1e-4, lon + 1e-4, lat + 1e-4)}


def totals(folder, west, east):
    small_city.workbook(folder / "data/totals.xlsx", "总数", [["乡镇街道", "常住人口", "0–2岁"], ["西镇", west, 100], ["东镇", east, 300]])


def edition(folder, population):
    text = small_city.SETTINGS.replace('table = "data/communities.xlsx"', population) + MODEST
    (folder / "cfmap.toml").write_text(text, encoding="utf-8")
    made = pipeline.compute(pipeline.read_inputs(folder), public=False)
    return made, {f.code: f for f in made.faults}, {i.id: i for i in made.indicators}


def rows_of(made, folder):
    """The sheet of towns, by title."""
    workbook.write(made, folder)
    sheet = openpyxl.load_workbook(io.BytesIO((folder / workbook.NAME).read_bytes()), read_only=True)["各乡镇"]
    return {row[1]: row[3:] for row in sheet.iter_rows(values_only=True) if len(row) > 4}


def parts(figures, group, town):
    return [figures[f"people.childcare.walk15.{group}.{part}"].by_town[town] for part in ("total", "covered_600", "not", "unreachable")]


def test_people_in_houses(tmp_path):
    folder = small_city.make(tmp_path / "city")
    book = openpyxl.load_workbook(folder / "data/communities.xlsx")
    book.active["E3"] = None  # nobody knows how many small children the east has
    book.save(folder / "data/communities.xlsx")
    some = [house(1, 5, 2), house(1, 3, 4), house(1.05, 5.05, 9, "非住宅"), house(1.1, 5.1, 9, "")]
    gpd.GeoDataFrame(some, crs="EPSG:4326").to_file(folder / "data/houses.gpkg")
    totals(folder, 5000, 16000)
    made, faults, figures = edition(folder, 'table = "data/communities.xlsx"\nbuildings = "data/houses.gpkg"\ntotals = "data/totals.xlsx"')
    assert parts(figures, "children_0_2", "西镇") == pytest.approx([100, 100 / 3, 200 / 3, 0], rel=1e-4)  # the higher house is 800 m from a nursery
    share = figures["coverage.childcare.walk15.children_0_2.600"]
    assert share.by_town["西镇"] == pytest.approx(100 / 3, rel=1e-4)
    most = 15000 - 320 - 640 - 320 - 310  # of the east's residents, any may be a small child
    assert (share.lower, share.upper) == pytest.approx((100 * (100 / 3) / (100 + most), 100 / 3), rel=1e-3)
    assert "分到 2 栋住宅" in share.definition
    assert "人口数据的日期没有写明" in share.definition
    assert faults["I264"].facts | {"count": 2, "unsaid": 1, "other": 1} == faults["I264"].facts
    assert "东镇 社区合计 15,000，官方 16,000" in faults["W274"].facts["detail"]
    assert faults["W269"].facts["missing"] == "来源、数据日期"
    sheet = rows_of(made, tmp_path)
    (title,) = (t for t in sheet if t and t.startswith("0–2岁儿童步行可达比例") and "600" in t and "下限" in t)
    assert sheet[title][0].endswith("–33.3")
    assert figures["community_presence.childcare"].whole == 2  # communities, not houses


def test_people_in_the_cells_of_a_turned_raster(tmp_path):
    rasterio = pytest.importorskip("rasterio")
    pytest.importorskip("exactextract")
    from affine import Affine

    folder = small_city.make(tmp_path / "city")
    middle = gpd.GeoSeries.from_xy(*zip(small_city.lonlat(5, 5)), crs=4326).to_crs("EPSG:32651").iloc[0]
    across, down, cells = np.array([86.6, 50.0]), np.array([50.0, -86.6]), 90  # 100 m, turned by 30 degrees
    x, y = np.array([middle.x, middle.y]) - (across + down) * cells / 2
    with rasterio.open(
        folder / "data/people.tif", "w", "GTiff", cells, cells, 1, "EPSG:32651", Affine(across[0], down[0], x, across[1], down[1], y), "float32"
    ) as file:
        file.write(np.full((cells, cells), 1_000, dtype="float32"), 1)
    totals(folder, 5000, 15000)
    made, faults, figures = edition(folder, 'raster = "data/people.tif"\ntotals = "data/totals.xlsx"\nsource = "普查"\ndata_date = 2020-11-01')
    for group, west_people, east_people in (("children_0_2", 100, 300), ("residents", 5000, 15000)):
        for town, people in (("西镇", west_people), ("东镇", east_people)):
            total, *three = parts(figures, group, town)
            assert total == pytest.approx(people, abs=1e-5)
            assert sum(three) == pytest.approx(total, abs=1e-5)  # nobody is lost on the way
    share = figures["coverage.childcare.walk15.residents.600"]
    assert 10 < share.by_town["西镇"] < 50
    assert share.by_town["东镇"] == 0
    assert "系数" in share.definition
    assert share.data_date == "2020-11-01"
    assert "W276" in faults  # 1,000 people a hectare: some other unit
    assert "W386" not in faults
    assert "community_presence.childcare" not in figures  # cells are no communities
    assert NO_TABLE[0] in rows_of(made, tmp_path)
