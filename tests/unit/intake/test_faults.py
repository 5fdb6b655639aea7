"""What is wrong is named: code, file, sheet, row, column, value, in Chinese and English, all in one pass."""

from __future__ import annotations

import json

import geopandas as gpd
import openpyxl
import pytest
import shapely

from cfmap.intake import load_layer
from cfmap.intake.datum_sheet import SHEET as EVIDENCE
from cfmap.intake.handed_out import DONE, GUIDE_SHEET, SITUATION, SITUATIONS
from cfmap.intake.review_sheet import SHEET as REVIEW
from cfmap.model import CfmapError, InputError, SafetyRefusal
from cfmap.model.messages import MESSAGES
from cfmap.model.messages.intake import MESSAGES as OURS
from tests.unit.intake.tables import EXTENT, GOOD, HEADER, LAYERS

XLSX = '{ path = "data/教育局.xlsx" }'
CSV = '{ path = "data/教育局.csv" }'


def stopped(city, layer="schools"):
    with pytest.raises(CfmapError) as caught:
        load_layer(LAYERS[layer], city, year=2024, extent=EXTENT)
    return caught.value


def record_of(faults, code):
    found = [f for f in faults if f.code == code]
    assert found, [f.code for f in faults]
    return found[0]


def bilingual(record):
    for text in (record.render("zh"), record.render("en")):
        assert "{" not in text.replace("{ lon", "").replace("columns = {", "")
    assert any("\u4e00" <= c <= "\u9fff" for c in record.what("zh"))
    assert record.what("en") != record.what("zh")
    assert record.file in record.render("zh")


# -- files that cannot be used ------------------------------------------------------------------------------------

FILES = {
    "missing": (None, "教育局.xlsx", "E200"),
    "empty": (b"", "教育局.xlsx", "E201"),
    "corrupt zip": (b"PK\x03\x04xl/ and then nothing that a zip would have", "教育局.xlsx", "E202"),
    "html named xls": ("<html><table><tr><td>名称</td></tr></table></html>".encode(), "教育局.xls", "E204"),
    "pdf named xlsx": (b"%PDF-1.7 ...", "教育局.xlsx", "E204"),
    "password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, "教育局.xlsx", "E206"),
    "unknown kind": (b"abc", "教育局.docx", "E205"),
    "header only": ("学校名称,经度,纬度\n".encode(), "教育局.csv", "E208"),
    "nothing known": (b"a,b,c\n1,2,3\n", "教育局.csv", "E209"),
    "no name column": ("经度,纬度,单位\n120.6123,27.7123,甲\n".encode(), "教育局.csv", "E210"),
    "two name columns": ("名称,名称,经度,纬度\n甲,乙,120.6123,27.7123\n".encode(), "教育局.csv", "E211"),
    "no coordinates": ("学校名称,状态\n第一小学,在用\n".encode(), "教育局.csv", "E230"),
    "mixed encodings": ("学校名称,经度,纬度\n第一小学幼儿部,1,2\n".encode() + "第二小学\xff".encode("gbk", "ignore") + b"\xff\xff,1,2\n", "教育局.csv", "E207"),
    "vrt named geojson": (b'<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>', "教育局.geojson", "E502"),
    "json cut off": (b'{"type": "FeatureCollection", "features": [{"type": "Fea', "教育局.geojson", "E202"),
    "geojson without features": (b'{"type": "FeatureCollection", "features": []}', "教育局.geojson", "E208"),
    "gpkg is text": (b"hello", "教育局.gpkg", "E204"),
    "shp alone": (b"\x00\x00\x27\x0a" + b"\0" * 96, "教育局.shp", "E217"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_used_is_named_with_its_reason(project, name):
    content, file, code = FILES[name]
    if content is not None:
        project.write(file, content)
    error = stopped(project.city(f'{{ path = "data/{file}" }}'))
    record = record_of(error.faults, code)
    assert record.file == f"data/{file}"
    bilingual(record)
    assert error.exit_code == (5 if code.startswith("E50") else 3)


def test_gbk_read_as_utf8_by_order_of_the_settings_names_the_line(project):
    project.csv([HEADER, *GOOD], encoding="gbk")
    error = stopped(project.city('{ path = "data/教育局.csv", encoding = "utf-8" }'))
    record = record_of(error.faults, "E207")
    assert record.row == 1
    assert "学校名称" in record.why()
    bilingual(record)


def test_far_cell_is_refused_before_any_reader_opens_the_sheet(project):
    book = openpyxl.Workbook()
    book.active.title = "学校"
    book.active.append(HEADER)
    book.active["XFD1048576"] = 1
    book.save(project.root / "data" / "教育局.xlsx")
    error = stopped(project.city(XLSX))
    assert isinstance(error, SafetyRefusal)
    record = record_of(error.faults, "E501")
    assert record.sheet == "学校"
    assert record.facts["cell"] == "XFD1048576"
    bilingual(record)


def test_unclear_sheet_is_a_question_with_the_names(project):
    book = openpyxl.Workbook()
    for title in ("2023", "2024"):
        page = book.create_sheet(title)
        page.append(HEADER)
        page.append(GOOD[0])
    book.save(project.root / "data" / "教育局.xlsx")
    assert "2023、2024" in record_of(stopped(project.city(XLSX)).faults, "E213").why()
    assert record_of(stopped(project.city('{ path = "data/教育局.xlsx", sheet = "2025" }')).faults, "E212").sheet == "2025"
    data = load_layer(LAYERS["schools"], project.city('{ path = "data/教育局.xlsx", sheet = "2024" }'), year=2024, extent=EXTENT)
    assert len(data.sites) == 1


# -- single rows --------------------------------------------------------------------------------------------------

#: name -> (bad row, code, column, letter, value)
ROWS = {
    "swapped": (["坏小学", 27.7812, 120.6511, "在用"], "E203", "经度", "B", "27.7812"),
    "unreadable coordinate": (["坏小学", "东边", 27.7812, "在用"], "E231", "经度", "B", "东边"),
    "latitude beyond the pole": (["坏小学", 120.6511, 97.5, "在用"], "E232", "纬度", "C", "97.5"),
    "not a number": (["坏小学", "NaN", "NaN", "在用"], "E232", "经度", "B", "NaN"),
    "no name": (["", 120.6511, 27.7812, "在用"], "E220", "学校名称", "A", None),
    "error value in the name": (["#N/A", 120.6511, 27.7812, "在用"], "E215", "学校名称", "A", None),
    "formula never computed": (["坏小学", "=120+0.65", 27.7812, "在用"], "E214", "经度", "B", None),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_bad_row_is_left_out_and_its_cell_is_named(project, name):
    bad, code, column, letter, value = ROWS[name]
    project.workbook([HEADER, *GOOD[:20], bad, *GOOD[20:]])
    data = load_layer(LAYERS["schools"], project.city(XLSX), year=2024, extent=EXTENT)
    assert (len(data.sites), data.rows_read, data.rows_dropped) == (30, 31, 1)
    record = record_of(data.faults, code)
    assert (record.file, record.sheet, record.row) == ("data/教育局.xlsx", "学校", 22)
    assert (record.column, record.letter) == (column, letter)
    if value is not None:
        assert record.value == value
    assert f"第 22 行 · {letter} 列“{column}”" in record.render("zh")
    assert f"row 22 · column {letter} “{column}”" in record.render("en")
    bilingual(record)


def test_swap_message_names_both_cells_and_the_citys_ranges(project):
    project.workbook([HEADER, *GOOD, ["坏小学", 27.7812, 120.6511, "在用"]])
    record = record_of(load_layer(LAYERS["schools"], project.city(XLSX), year=2024, extent=EXTENT).faults, "E203")
    assert "120.50–120.90" in record.why()
    assert "B32 和 C32" in record.how()
    assert 'lon = "纬度", lat = "经度"' in record.how("en")


def test_a_wholly_swapped_table_stops_and_the_advised_mapping_mends_it(project):
    project.workbook([HEADER, *([n, lat, lon, s] for n, lon, lat, s in GOOD)])
    error = stopped(project.city(XLSX))
    assert error.exit_code == 3
    assert [f.code for f in error.faults].count("E203") == 30
    assert record_of(error.faults, "E216").facts["bad"] == 30
    mended = load_layer(LAYERS["schools"], project.city('{ path = "data/教育局.xlsx", columns = { lon = "纬度", lat = "经度" } }'), year=2024, extent=EXTENT)
    assert len(mended.sites) == 30
    assert mended.faults == ()


def test_duplicate_ids_name_where_the_first_stands(project):
    rows = [["编号", *HEADER], *([f"S{i}", *row] for i, row in enumerate(GOOD)), ["S7", "另一小学", 120.7, 27.75, "在用"]]
    project.workbook(rows)
    data = load_layer(LAYERS["schools"], project.city(XLSX), year=2024, extent=EXTENT)
    record = record_of(data.faults, "E221")
    assert (record.row, record.column, record.letter, record.value) == (32, "编号", "A", "S7")
    assert "data/教育局.xlsx 9" in record.why()
    assert data.sites["id"].is_unique
    bilingual(record)


def test_ids_that_excel_damaged_are_named(project):
    rows = [["编号", *HEADER], *([f"S{i}", *row] for i, row in enumerate(GOOD)), [330381199912310000, "另一小学", 120.7123, 27.7512, "在用"]]
    project.workbook(rows)
    assert record_of(load_layer(LAYERS["schools"], project.city(XLSX), year=2024, extent=EXTENT).faults, "E222").row == 32


def test_all_faults_come_in_one_pass_when_the_file_stops(project):
    rows = [HEADER, ["", 120.61, 27.7, "在用"], ["甲", 27.7, 120.61, "在用"], ["乙", "x", 27.7, "在用"], ["丙", 120.61, 27.7, "怪"], *GOOD]
    project.workbook(rows)
    codes = {f.code for f in stopped(project.city(XLSX)).faults}
    assert {"E216", "E220", "E203", "E231", "W224"} <= codes


def test_threshold_is_a_setting(project):
    project.workbook([HEADER, *GOOD, ["甲", "x", 27.7, "在用"], ["乙", "x", 27.7, "在用"]])
    assert record_of(stopped(project.city(XLSX)).faults, "E216").facts["limit"] == "5%"
    city = project.city(XLSX, more="[publish]\nmax_bad_share = 0.1\n")
    assert len(load_layer(LAYERS["schools"], city, year=2024, extent=EXTENT).sites) == 30


@pytest.mark.parametrize("pair", [(None, None), (0, 0), (1, 1), (999999, 999999), (120.65, None), ("-", "-")])
def test_sites_without_coordinates_are_kept_apart_with_a_warning(project, pair):
    project.workbook([HEADER, *GOOD, ["无坐标小学", *pair, "在用"]])
    data = load_layer(LAYERS["schools"], project.city(XLSX), year=2024, extent=EXTENT)
    assert list(data.unlocated["name"]) == ["无坐标小学"]
    assert "geometry" not in data.unlocated
    assert record_of(data.faults, "W233").row == 32
    assert data.rows_dropped == 0


def test_one_site_outside_is_a_warning_and_many_stop(project):
    near = ["邻县小学", 121.0, 27.75, "在用"]
    project.workbook([HEADER, *GOOD, near])
    data = load_layer(LAYERS["schools"], project.city(XLSX), year=2024, extent=EXTENT)
    record = record_of(data.faults, "W234")
    assert (record.row, record.facts["km"]) == (32, "9.8")
    assert len(data.sites) == 31
    project.workbook([HEADER, *GOOD, near, ["更远小学", 121.1, 27.75, "在用"]])
    assert "6%" in record_of(stopped(project.city(XLSX)).faults, "E235").what()


@pytest.mark.parametrize("pair", [(27.75, 27.75), (12.65, 27.75), (121.4, 31.2)])
def test_a_position_far_from_the_city_is_not_drawn(project, pair):
    project.workbook([HEADER, *GOOD, ["远处小学", *pair, "在用"]])
    data = load_layer(LAYERS["schools"], project.city(XLSX), year=2024, extent=EXTENT)
    assert record_of(data.faults, "W235").row == 32
    assert list(data.unlocated["name"]) == ["远处小学"]
    assert data.rows_dropped == 0


# -- coordinate systems -------------------------------------------------------------------------------------------


def test_metres_without_a_declared_crs_stop_with_a_hint_from_the_zone_prefix(project):
    project.workbook([HEADER, *(["甲" + str(i), 40_559_000.1 + i, 3_075_000.2 + i, "在用"] for i in range(9))])
    record = record_of(stopped(project.city(XLSX)).faults, "E236")
    assert "EPSG:4528" in record.how()
    assert (record.row, record.letter) == (2, "B")
    bilingual(record)


def test_zone_prefix_that_contradicts_the_declared_crs_names_the_other(project):
    project.workbook([HEADER, *(["甲" + str(i), 40_559_000.1 + i, 3_075_000.2 + i, "在用"] for i in range(9))])
    assert 'datum = "EPSG:4528"' in record_of(stopped(project.city('{ path = "data/教育局.xlsx", datum = "EPSG:4549" }')).faults, "E237").how()


def test_northing_written_as_x_is_named(project):
    project.workbook([HEADER, *([f"甲{i}", 3_075_000.2 + i * 500, 559_000.1 + i * 700, "在用"] for i in range(9))])
    record = record_of(stopped(project.city('{ path = "data/教育局.xlsx", datum = "EPSG:4549" }')).faults, "E238")
    assert (record.row, record.letter) == (2, "B")
    bilingual(record)


def test_unknown_crs_is_named(project):
    project.workbook([HEADER, *GOOD])
    record = record_of(stopped(project.city('{ path = "data/教育局.xlsx", datum = "EPSG:99999" }')).faults, "E239")
    assert "EPSG:99999" in record.what()


def test_shapefile_without_prj_stops_unless_a_datum_is_declared(project):
    frame = gpd.GeoDataFrame({"name": ["第一小学"]}, geometry=[shapely.Point(120.65, 27.78)])
    frame.set_crs(4326).to_file(project.root / "data" / "a.shp", encoding="utf-8")
    (project.root / "data" / "a.prj").unlink()
    record = record_of(stopped(project.city('{ path = "data/a.shp" }')).faults, "E241")
    bilingual(record)
    data = load_layer(LAYERS["schools"], project.city('{ path = "data/a.shp", datum = "cgcs2000" }'), year=2024, extent=EXTENT)
    assert data.sites.geometry[0].equals(shapely.Point(120.65, 27.78))


# -- geometries ---------------------------------------------------------------------------------------------------


def polygons(project, *shapes):
    features = [{"type": "Feature", "properties": {"name": f"片区{i}"}, "geometry": shapely.geometry.mapping(s) if s else None} for i, s in enumerate(shapes)]
    project.write("z.geojson", json.dumps({"type": "FeatureCollection", "features": features}).encode())
    return project.city('{ path = "data/z.geojson" }', layer="zones", more="[publish]\nmax_bad_share = 0.6\n")


SQUARE = shapely.box(120.6, 27.7, 120.7, 27.8)
BOW_TIE = shapely.Polygon([(120.6, 27.7), (120.7, 27.8), (120.7, 27.7), (120.6, 27.8)])
NOTCHED = shapely.Polygon([(120.6, 27.7), (120.7, 27.7), (120.7, 27.8), (120.65, 27.8), (120.6501, 27.8001), (120.6501, 27.7999), (120.6, 27.8)])


def test_bow_tie_is_left_out_with_its_place(project):
    data = load_layer(LAYERS["zones"], polygons(project, SQUARE, BOW_TIE), year=2024, extent=EXTENT)
    record = record_of(data.faults, "E251")
    assert (record.file, record.row) == ("data/z.geojson", 2)
    assert "120.65 27.75" in record.why()
    assert len(data.sites) == 1
    bilingual(record)


def test_small_self_intersection_is_mended_and_told(project):
    data = load_layer(LAYERS["zones"], polygons(project, SQUARE, NOTCHED), year=2024, extent=EXTENT)
    assert record_of(data.faults, "W250").row == 2
    assert data.sites.geometry.is_valid.all()
    assert len(data.sites) == 2


def test_wrong_type_and_empty_shapes_are_named(project):
    data = load_layer(LAYERS["zones"], polygons(project, SQUARE, shapely.Point(120.6, 27.7), None, SQUARE), year=2024, extent=EXTENT)
    assert record_of(data.faults, "E253").row == 2
    assert record_of(data.faults, "W252").row == 3
    assert len(data.unlocated) == 1


# -- safety -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["身份证号", "家长电话", "监护人姓名", "手机", "联系人", "家庭住址", "学生姓名"])
def test_personal_columns_never_enter(project, header):
    project.workbook([[*HEADER, header], *([*row, "甲"] for row in GOOD)])
    error = stopped(project.city(XLSX))
    assert isinstance(error, SafetyRefusal)
    record = record_of(error.faults, "E503")
    assert (record.file, record.sheet, record.column, record.letter) == ("data/教育局.xlsx", "学校", header, "E")
    bilingual(record)


def test_identity_numbers_are_found_in_any_column_and_never_repeated(project):
    made_up = "11010119900101" + "123"
    number = made_up + "10X98765432"[sum(int(d) * w for d, w in zip(made_up, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11]
    project.workbook([[*HEADER, "备注"], *([*row, ""] for row in GOOD), ["甲", 120.7, 27.7, "在用", f"经办 {number}"]])
    record = record_of(stopped(project.city(XLSX)).faults, "E503")
    assert (record.row, record.column) == (32, "备注")
    assert number not in record.render()


def test_harmless_columns_pass_the_gate(project):
    rows = [[*HEADER, "班级数", "公开电话", "家长学校", "统一社会信用代码"], *([*row, 12, "0577-1234567", "有", "12330381470000000X"] for row in GOOD)]
    project.workbook(rows)
    data = load_layer(LAYERS["schools"], project.city(XLSX), year=2024, extent=EXTENT)
    assert set(data.sites["phone"]) == {"0577-1234567"}
    assert "班级数" in record_of(data.faults, "I206").what()


def test_refusals_win_over_other_faults(project):
    project.workbook([[*HEADER, "身份证号"], *([*row, "1"] for row in GOOD)])
    error = stopped(project.city(f'{{ path = "data/none.xlsx" }}, {XLSX}'))
    assert error.exit_code == 5
    assert {"E200", "E503"} <= {f.code for f in error.faults}


@pytest.mark.parametrize("code", sorted(OURS))
def test_every_message_has_both_languages(code):
    message = MESSAGES[code]
    for pair in (message.what, message.why, message.how):
        assert bool(pair[0]) == bool(pair[1])
        english = pair[1]
        for word in (
            "公开电话",
            "未知",
            "关闭",
            "住宅",
            "状态",
            *SITUATIONS,
            SITUATION,
            DONE,
            GUIDE_SHEET,
            "编号",
            REVIEW,
            EVIDENCE,
        ):  # what a reader finds in the sheet
            english = english.replace(word, "")
        assert not any("\u4e00" <= c <= "\u9fff" for c in english) or code in {
            "W228",
            "E209",
            "E210",
            "E230",
            "E223",
        }
    assert message.what[0]
    if code[0] == "E":
        assert message.how[0], "an error says how to mend it"


def test_errors_of_the_input_are_value_errors_too():
    assert issubclass(InputError, ValueError)
