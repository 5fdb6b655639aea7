"""Layers: one schema from every kind of source, stable ids, nothing silent."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

from cfmap.intake import datum, load_layer
from cfmap.intake.layer import empty_layer
from cfmap.model import SITE_COLUMNS, InputError, SafetyRefusal
from tests.unit.intake.tables import EXTENT, GOOD, HEADER, LAYERS, PARKS, ROUTES, SCHOOLS


def load(city, layer="schools", **options):
    return load_layer(LAYERS[layer], city, year=2024, **({"extent": EXTENT} | options))


def check_schema(data):
    own = [f.key for f in data.layer.fields]
    assert list(data.sites.columns) == [*SITE_COLUMNS, *own, "geometry"]
    assert list(data.unlocated.columns) == [*SITE_COLUMNS, *own]
    assert data.sites.crs == "EPSG:4326"
    assert isinstance(data.sites.index, pd.RangeIndex)
    assert list(data.sites["id"]) == sorted(data.sites["id"])
    assert data.sites["id"].is_unique
    assert data.sites["status"].notna().all()
    assert data.sites["year"].dtype == "Int64"
    assert data.sites["age_min"].dtype == "float64"
    assert set(data.sites["layer"]) <= {data.layer.key}


def test_empty_layer_has_the_schema():
    check_schema(empty_layer(SCHOOLS))


@pytest.mark.parametrize("name", ["wgs84", "cgcs2000", "gcj02", "bd09", "EPSG:4549", "EPSG:4528"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_datum_and_kind_of_table_gives_the_same_places(project, name, kind):
    lon, lat = np.array([r[1] for r in GOOD]), np.array([r[2] for r in GOOD])
    x, y = datum.convert(lon, lat, source="wgs84", target=name)
    rows = [HEADER, *([r[0], a, b, r[3]] for r, a, b in zip(GOOD, x.tolist(), y.tolist(), strict=True))]
    path = project.workbook(rows) if kind == "xlsx" else project.csv(rows, encoding="gbk")
    data = load(project.city(f'{{ path = "data/{path.name}", datum = "{name}" }}'))
    check_schema(data)
    found = data.sites.set_index("name").geometry.loc[[r[0] for r in GOOD]]
    assert np.abs(found.x.to_numpy() - lon).max() < 1e-9
    assert np.abs(found.y.to_numpy() - lat).max() < 1e-9
    assert not [f for f in data.faults if f.level == "error"]


def test_title_rows_synonyms_merged_cells_and_totals_of_a_real_looking_table(project):
    book = openpyxl.Workbook()
    page = book.active
    page.append(["2024年全市学校基本情况表"])
    page.append(["单位名称", "所属街道", "坐标", None, "学位数", "占地面积（亩）"])
    page.append([None, None, "经度", "纬度", None, None])
    for i, row in enumerate(GOOD[:6]):
        page.append([row[0], "东街道" if i == 0 else None, row[1], row[2], f"约{100 + i}个", 15])
    page.append(["合计", None, None, None, 615, 90])
    page.append(["注：数据截至年底"])
    page.merge_cells("A1:F1")
    page.merge_cells("C2:D2")
    page.merge_cells("B4:B9")
    book.save(project.root / "data" / "教育局.xlsx")
    data = load(project.city('{ path = "data/教育局.xlsx" }'))
    check_schema(data)
    assert len(data.sites) == 6
    assert set(data.sites["town"]) == {"东街道"}
    assert sorted(data.sites["places"]) == [100, 101, 102, 103, 104, 105]
    assert data.sites["area"].round(6).eq(10_000).all()
    assert {"I202", "I203", "I204", "I208", "W228"} <= {f.code for f in data.faults}


def test_defaults_come_from_the_source_and_missing_stays_unknown(project):
    project.csv([HEADER[:3], *(r[:3] for r in GOOD)])
    data = load(project.city('{ path = "data/教育局.csv", lead_unit = "教育局", data_date = 2024-12-31 }'))
    assert set(data.sites["lead_unit"]) == {"教育局"}
    assert set(data.sites["source_date"]) == {"2024-12-31"}
    assert set(data.sites["source"]) == {"data/教育局.csv"}
    assert set(data.sites["status"]) == {"未知"}
    for column in ("places", "area", "ramp", "year", "age_min", "town", "fee"):
        assert data.sites[column].isna().all(), column


def test_ids_do_not_depend_on_row_order_or_on_other_rows(project):
    project.csv([HEADER, *GOOD])
    first = load(project.city('{ path = "data/教育局.csv" }')).sites.set_index("name")["id"]
    project.csv([HEADER, ["新小学", 120.8511, 27.6512, "在建"], *GOOD[::-1]])
    second = load(project.city('{ path = "data/教育局.csv" }')).sites.set_index("name")["id"]
    assert second.loc[first.index].equals(first)
    assert first.str.fullmatch(r"schools-[0-9a-f]{10}").all()


def test_year_in_the_path_chooses_the_file(project):
    project.csv([HEADER, *GOOD[:3]], name="2023.csv")
    project.csv([HEADER, *GOOD], name="2024.csv")
    city = project.city('{ path = "data/{year}.csv" }')
    assert len(load_layer(SCHOOLS, city, year=2023, extent=EXTENT).sites) == 3
    assert len(load_layer(SCHOOLS, city, year=2024, extent=EXTENT).sites) == 30


def test_several_sources_make_one_layer_and_likely_twins_are_told(project):
    project.csv([HEADER, *GOOD[:5]], name="a.csv")
    project.csv([HEADER, [GOOD[0][0], GOOD[0][1] + 0.0002, GOOD[0][2], "在用"], *GOOD[5:]], name="b.csv")
    data = load(project.city('{ path = "data/a.csv" }, { path = "data/b.csv" }'))
    assert len(data.sites) == 31
    twin = [f for f in data.faults if f.code == "W244"]
    assert len(twin) == 1
    assert twin[0].facts["metres"] == 20
    assert [i.path for i in data.inputs] == ["data/a.csv", "data/b.csv"]
    assert all(len(i.sha256) == 64 for i in data.inputs)


@pytest.mark.parametrize("driver", ["GeoJSON", "GPKG", "ESRI Shapefile"])
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4490", "EPSG:4549"])
def test_gis_files_of_every_kind_give_sites_and_footprints(project, driver, crs):
    shapes = [shapely.box(120.6 + i / 50, 27.7, 120.61 + i / 50, 27.71) for i in range(3)]
    frame = gpd.GeoDataFrame({"名称": [f"公园{i}" for i in range(3)], "年份": [2022, 2023, 2024]}, geometry=shapes, crs="EPSG:4326").to_crs(crs)
    name = {"GeoJSON": "p.geojson", "GPKG": "p.gpkg", "ESRI Shapefile": "p.shp"}[driver]
    frame.to_file(project.root / "data" / name, driver=driver, **({"encoding": "GBK"} if driver == "ESRI Shapefile" else {}))
    data = load(project.city(f'{{ path = "data/{name}" }}', layer="parks"), "parks")
    check_schema(data)
    assert list(data.sites.sort_values("name")["name"]) == ["公园0", "公园1", "公园2"]
    assert sorted(data.sites["year"]) == [2022, 2023, 2024]
    assert list(data.footprints.index) == list(data.sites["id"])
    for site, point in zip(data.sites["id"], data.sites.geometry, strict=True):
        assert point.geom_type == "Point"
        assert data.footprints[site].contains(point)
    union = data.footprints.union_all()
    assert union.symmetric_difference(shapely.union_all(shapes)).area < 1e-9


def test_lines_from_wkt_are_shifted_to_wgs84_and_heights_dropped(project):
    line = shapely.LineString([(120.65, 27.78), (120.66, 27.79)])
    shifted = shapely.transform(line, lambda p: np.column_stack(datum.convert(p[:, 0], p[:, 1], source="wgs84", target="gcj02")))
    rows = [["名称", "状态", "WKT"], ["一号学径", "在用", f'"{shifted.wkt}"'], ["坏学径", "在用", "LINESTRING (1)"]]
    project.csv(rows)
    city = project.city('{ path = "data/教育局.csv", datum = "gcj02" }', layer="routes", more="[publish]\nmax_bad_share = 0.5\n")
    data = load(city, "routes")
    check_schema(data)
    assert data.layer is ROUTES
    assert data.sites.geometry[0].equals_exact(line, 1e-9)
    assert [(f.code, f.row) for f in data.faults if f.level == "error"] == [("E254", 3)]


def test_points_for_a_layer_of_lines_are_refused(project):
    project.csv([HEADER, *GOOD])
    with pytest.raises(InputError) as caught:
        load(project.city('{ path = "data/教育局.csv" }', layer="routes"), "routes")
    assert caught.value.faults[0].code == "E253"


class _Extract:
    def features(self, layer):
        frame = pd.DataFrame([dict.fromkeys(SITE_COLUMNS) | {"id": "w7", "name": "Parc", "layer": layer.key, "source": "OpenStreetMap"}])
        return gpd.GeoDataFrame(frame, geometry=[shapely.Point(120.65, 27.75)], crs="EPSG:4326")

    def footprints(self, layer):
        return gpd.GeoSeries([shapely.box(120.64, 27.74, 120.66, 27.76)], index=["w7"], crs="EPSG:4326")


def test_openstreetmap_and_a_table_meet_in_one_schema(project):
    project.csv([HEADER, *GOOD])
    data = load(project.city('{ osm = true }, { path = "data/教育局.csv" }', layer="parks"), "parks", osm=_Extract())
    check_schema(data)
    assert data.layer is PARKS
    assert len(data.sites) == 31
    assert set(data.sites["source"]) == {"OpenStreetMap", "data/教育局.csv"}
    assert list(data.footprints.index) == ["w7"]
    assert data.sites.set_index("id").loc["w7", "status"] == "未知"


def test_temporary_files_are_skipped_and_told(project):
    project.write("~$教育局.xlsx", b"lock")
    data = load(project.city('{ path = "data/~$教育局.xlsx" }'))
    assert [f.code for f in data.faults] == ["I205"]
    assert len(data.sites) == 0


def test_extent_comes_from_the_boundary_when_none_is_given(project):
    outline = gpd.GeoDataFrame({"name": ["示例市"]}, geometry=[shapely.box(*EXTENT)], crs="EPSG:4326")
    outline.to_file(project.root / "data" / "boundary.geojson")
    project.csv([HEADER, *GOOD, ["坏小学", 27.7812, 120.6511, "在用"]])
    city = project.city('{ path = "data/教育局.csv" }', more='[boundary]\ncity = "data/boundary.geojson"\n')
    assert "E203" in {f.code for f in load_layer(SCHOOLS, city, year=2024).faults}


def test_a_layer_without_sources_is_empty(project):
    assert len(load(project.city('{ path = "data/x.csv" }'), "parks").sites) == 0


def test_refusal_is_a_permission_error_for_plain_python(project):
    project.csv([[*HEADER, "身份证"], *([*r, "x"] for r in GOOD)])
    with pytest.raises(PermissionError) as caught:
        load(project.city('{ path = "data/教育局.csv" }'))
    assert isinstance(caught.value, SafetyRefusal)


def test_photos_are_pictures_in_the_data_folder_others_are_told_and_left_out(project):
    from PIL import Image

    (project.root / "data/照片").mkdir()
    Image.new("RGB", (20, 10)).save(project.root / "data/照片/一.jpg")
    project.write("照片/坏.jpg", b"no picture")
    texts = ["data/照片/一.jpg", "data\\照片\\一.jpg", None, "data/照片/没有.jpg", "data/照片/坏.jpg", "https://example.com/a.jpg", "../a.jpg"]
    rows = [[*row, text] for row, text in zip(GOOD, texts, strict=False)]
    project.workbook([[*HEADER, "照片"], *rows])
    data = load(project.city('{ path = "data/教育局.xlsx" }'))
    kept = data.sites.set_index("name")["photo"]
    assert [kept[row[0]] for row in rows[:2]] == ["data/照片/一.jpg"] * 2
    assert kept.notna().sum() == 2
    assert [(f.code, f.row, f.column) for f in data.faults if f.code in {"W262", "W263"}] == [
        ("W263", 5, "照片"),
        ("W263", 6, "照片"),
        ("W262", 7, "照片"),
        ("W262", 8, "照片"),
    ]
    assert len(data.sites) == len(rows)  # a row is as good without its photo
    assert "data/照片/一.jpg" in {file.path for file in data.inputs}
