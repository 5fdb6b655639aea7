"""Population and outlines: missing people are unknown, towns are found, broken outlines stop."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from cfmap.intake import read_outline, read_population
from cfmap.model import InputError
from cfmap.model.schema import AGE_BANDS

TOWNS = gpd.GeoDataFrame(
    {"name": ["东镇", "西镇"], "code": ["1", "2"]}, geometry=[shapely.box(120.7, 27.6, 120.9, 27.9), shapely.box(120.5, 27.6, 120.7, 27.9)], crs="EPSG:4326"
)
HEADER = ["社区名称", "经度", "纬度", "乡镇街道", "0-2岁", "3～5岁", "6–11岁", "12-14岁", "15-17岁", "常住人口"]


def city_with(project, table, more=""):
    return project.city('{ path = "data/x.csv" }', more=f'[population]\ntable = "data/{table}"\n{more}')


def test_communities_by_age_with_missing_as_unknown(project):
    rows = [HEADER, ["甲社区", 120.61, 27.7, "", 10, 20, 30, 15, 12, "1,200人"], ["乙社区", 120.81, 27.7, "东街", "", 5, 5, 5, 5, 300]]
    project.workbook(rows, name="c.xlsx", sheet="人口")
    found = read_population(city_with(project, "c.xlsx"), towns=TOWNS)
    points = found.points.set_index("name")
    assert list(found.points.columns) == ["name", "town", *AGE_BANDS, "geometry"]
    assert points.loc["甲社区", "town"] == "西镇"
    assert points.loc["乙社区", "town"] == "东街"
    assert points.loc["甲社区", "pop_total"] == 1200
    assert points.loc["甲社区", "pop_6_11"] == 30
    assert points["pop_0_2"].isna().tolist() == [name == "乙社区" for name in points.index]
    assert found.points.index.is_unique
    assert found.points.index.name == "id"
    assert found.inputs[0].rows == 2


def test_grid_of_cells(project):
    cells = gpd.GeoDataFrame(
        {"population": [5, 7]}, geometry=[shapely.box(120.6, 27.7, 120.61, 27.71), shapely.box(120.61, 27.7, 120.62, 27.71)], crs="EPSG:4326"
    )
    cells.to_file(project.root / "data" / "g.gpkg")
    found = read_population(city_with(project, "g.gpkg"))
    assert list(found.points.columns) == ["name", "town", "pop_total", "geometry"]
    assert found.points["pop_total"].sum() == 12
    assert sorted(round(x, 3) for x in found.points.geometry.x) == [120.605, 120.615]


@pytest.mark.truth
def test_helsinki_grid_keeps_every_inhabitant(project, outside_data):
    source = outside_data("helsinki") / "helsinki_population_grid_2020.gpkg"
    (project.root / "data" / "h.gpkg").write_bytes(source.read_bytes())
    expected = gpd.read_file(source)
    found = read_population(city_with(project, "h.gpkg"))
    assert len(found.points) == len(expected)
    assert found.points["pop_total"].sum() == expected["population"].sum()


def test_no_people_column_and_negative_people_are_named(project):
    project.workbook([["社区名称", "经度", "纬度"], ["甲", 120.61, 27.7]], name="c.xlsx")
    with pytest.raises(InputError) as caught:
        read_population(city_with(project, "c.xlsx"))
    assert caught.value.faults[0].code == "E210"
    project.workbook([["社区名称", "经度", "纬度", "常住人口"], ["甲", 120.61, 27.7, -5], ["乙", 120.62, 27.7, 5]], name="c.xlsx")
    found = read_population(city_with(project, "c.xlsx"))
    assert "W225" in {f.code for f in found.faults}
    assert found.points.set_index("name")["pop_total"].isna().loc["甲"]


def test_a_project_without_population_has_none(project):
    assert read_population(project.city('{ path = "data/x.csv" }')) is None


def test_a_community_entered_twice_under_its_name_is_told_and_counted(project):
    people = [10, 20, 30, 15, 12, 1200]
    rows = [HEADER, *(["甲社区", x, 27.7, town, *people] for x, town in ((120.61, "西镇"), (120.62, "西镇"), (120.81, "东镇")))]
    project.workbook(rows, name="c.xlsx", sheet="人口")
    found = read_population(city_with(project, "c.xlsx"), towns=TOWNS)
    assert len(found.points) == 3
    (told,) = (f for f in found.faults if f.code == "W272")
    assert told.facts["names"] == "甲社区（第 2、3 行）"


def test_duplicate_communities_are_named(project):
    rows = [
        ["编号", "社区名称", "经度", "纬度", "常住人口"],
        *([str(i), f"社区{i}", 120.6 + i / 100, 27.7, 5] for i in range(25)),
        ["3", "丙", 120.7, 27.75, 5],
    ]
    project.workbook(rows, name="c.xlsx")
    found = read_population(city_with(project, "c.xlsx"))
    assert [(f.code, f.row) for f in found.faults if f.level == "error"] == [("E221", 27)]
    assert len(found.points) == 25


def test_outlines_have_names_and_codes(project, tmp_path):
    TOWNS.rename(columns={"name": "名称", "code": "代码"}).to_file(tmp_path / "t.gpkg")
    found = read_outline(tmp_path / "t.gpkg", datum="wgs84")
    assert list(found.columns) == ["name", "code", "geometry"]
    assert list(found["name"]) == ["东镇", "西镇"]
    assert found.crs == "EPSG:4326"


def test_faulty_outlines_stop_with_all_their_faults(tmp_path):
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    frame = gpd.GeoDataFrame({"name": ["a", "b", ""]}, geometry=[bow, shapely.Point(0, 0), shapely.box(0, 0, 1, 1)], crs="EPSG:4326")
    frame.to_file(tmp_path / "t.geojson")
    with pytest.raises(InputError) as caught:
        read_outline(tmp_path / "t.geojson", datum="wgs84")
    assert [f.code for f in caught.value.faults] == ["E251", "E253", "E255"]
