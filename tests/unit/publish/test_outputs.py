"""Every file: what is in it, that it is marked, that equal editions give equal bytes."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import fiona
import geopandas as gpd
import openpyxl
import pyarrow.parquet as pq
import pyogrio
import pytest
from python_calamine import CalamineWorkbook

from cfmap.model import SITE_COLUMNS
from cfmap.publish import WRITERS
from tests.factories import tiny_edition, with_indicators

if TYPE_CHECKING:
    from pathlib import Path

TABLES = {key: writer for key, writer in WRITERS.items() if key != "web"}
EPOCH = "1735603200"  # 2024-12-31


@pytest.fixture(scope="module")
def edition():
    return with_indicators(tiny_edition(public=False))


@pytest.fixture(scope="module")
def folder(edition, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", EPOCH)
        return write_all(edition, tmp_path_factory.mktemp("first"))


def write_all(edition, folder: Path) -> Path:
    for writer in TABLES.values():
        made = list(writer.write(edition, folder))
        assert {p.name for p in made} - set(writer.maybe) == set(writer.files)
    return folder


def test_what_was_written_agrees_with_the_edition(edition, folder):
    assert [record for writer in TABLES.values() for record in writer.check(edition, folder)] == []


def test_equal_editions_give_equal_bytes(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    write_all(with_indicators(tiny_edition(public=False)), tmp_path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {p.name: p.read_bytes() for p in folder.iterdir()}


def test_time_changes_bytes_only_when_it_runs(edition, folder, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(EPOCH) + 86400))
    write_all(edition, tmp_path)
    assert (tmp_path / "sites.gpkg").read_bytes() != (folder / "sites.gpkg").read_bytes()
    assert (tmp_path / "indicators.json").read_bytes() == (folder / "indicators.json").read_bytes()


def test_site_package_has_a_titled_table_for_each_layer(edition, folder):
    assert {name for name, _ in pyogrio.list_layers(folder / "sites.gpkg")} == {"childcare", "parks", "unlocated", "dictionary", "layer_styles"}
    childcare = gpd.read_file(folder / "sites.gpkg", layer="childcare")
    assert list(childcare.columns) == [*SITE_COLUMNS, "places", "head_phone", "geometry"]
    assert list(childcare["name"]) == list(edition.layers["childcare"].sites["name"])
    assert childcare.crs.to_epsg() == 4326
    assert list(childcare["places"].fillna(-1)) == [60, 40, -1, 30]  # unknown is empty, not 0
    assert childcare.geometry.geom_equals(edition.layers["childcare"].sites.geometry).all()
    with sqlite3.connect(folder / "sites.gpkg") as package:
        titles = dict(package.execute("SELECT table_name, identifier FROM gpkg_contents").fetchall())
        assert titles["childcare"] == "托育"
        assert package.execute("PRAGMA user_version").fetchone()[0] == 10300
        assert package.execute("SELECT count(*) FROM gpkg_contents WHERE description NOT LIKE '%演示数据，%'").fetchone()[0] == 1
        styles = dict(package.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault").fetchall())
    assert set(styles) == {"childcare", "parks"}
    assert "179,38,30" in styles["childcare"]  # #b3261e


def test_fiona_reads_the_same_sites(edition, folder):
    with fiona.open(folder / "sites.gpkg", layer="childcare") as source:
        assert [f["properties"]["id"] for f in source] == list(edition.layers["childcare"].sites["id"])


def test_sites_without_coordinates_are_listed(folder):
    assert list(pyogrio.read_dataframe(folder / "sites.gpkg", layer="unlocated")["id"]) == ["K5"]


def test_coverage_package_has_the_four_tables(edition, folder):
    path = folder / "coverage.gpkg"
    assert {name for name, _ in pyogrio.list_layers(path)} == {"streets", "street_parts", "catchment", "sites", "perimeter", "dictionary", "layer_styles"}
    streets = gpd.read_file(path, layer="streets")
    assert list(streets.columns) == ["coverage", "edge_id", "way_id", "from_m", "to_m", "minutes", "site", "geometry"]
    assert set(streets["coverage"]) == {"childcare.walk15"}
    catchment = gpd.read_file(path, layer="catchment")
    assert list(catchment["metres"]) == [800, 1000]
    assert [len(p.interiors) for g in catchment.geometry for p in getattr(g, "geoms", [g])] == [1, 0]  # holes are kept
    assert list(gpd.read_file(path, layer="sites")["status"]) == ["ok", "ok", "far"]
    assert list(gpd.read_file(path, layer="perimeter")["state"]) == ["safe", "unknown", "unsafe"]


def test_an_edition_without_coverage_still_has_all_tables(edition, tmp_path):
    bare = replace(edition, coverages=(), perimeter=None)
    writer = WRITERS["coverage_package"]
    list(writer.write(bare, tmp_path))
    assert list(writer.check(bare, tmp_path)) == []
    assert len(gpd.read_file(tmp_path / "coverage.gpkg", layer="catchment")) == 0


def test_parquet_holds_all_layers_in_one_table(edition, folder):
    table = gpd.read_parquet(folder / "sites.parquet")
    assert list(table["id"]) == ["K1", "K2", "K3", "K4", "P1"]
    assert list(table["layer"]) == ["childcare"] * 4 + ["parks"]
    assert table["places"].isna().sum() == 2  # K3 unknown, and parks have no places
    note = json.loads(pq.read_schema(folder / "sites.parquet").metadata[b"cfmap"])
    assert note["demo"] is True
    assert "演示数据" in note["note"]


def test_json_has_the_shape_that_programs_rely_on(edition, folder):
    content = json.loads((folder / "indicators.json").read_text(encoding="utf-8"))
    assert {"edition", "generated_by", "indicators"} <= set(content)
    assert content["note"].startswith("演示数据")
    wanted = {"id", "title", "title_en", "value", "lower", "upper", "unit", "denominator", "by_town", "definition", "data_date", "sources", "status"}
    for record in content["indicators"]:
        assert wanted <= set(record)
    presence = next(i for i in content["indicators"] if i["id"] == "presence.parks")
    assert presence["by_town"] == {"990001": 0.0, "990002": 100.0}
    places = next(i for i in content["indicators"] if i["id"] == "places.childcare_per_1000")
    assert (places["value"], places["lower"], places["upper"]) == (None, 12.0, 18.0)


def test_workbook_opens_in_two_other_programs_with_equal_numbers(edition, folder):
    path = folder / "indicators.xlsx"
    names = ["总览", "各图层各年", "覆盖", "各乡镇", "学校周边", "变化", "数据来源与口径", "图层·托育", "图层·公园", "无坐标点位"]
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == names
    assert CalamineWorkbook.from_path(path).sheet_names == names
    overview = [[c.value for c in row] for row in book["总览"].iter_rows(min_row=5, max_row=7, max_col=6)]
    assert overview[0] == ["图层", "在用（处）", "状态未知（处）", "其他（处）", "没有坐标（处）", "数据日期"]
    assert overview[1] == ["托育", 3, 1, 1, 1, "2024-12-31"]
    assert [c.value for c in book["无坐标点位"][3]][:1] == ["托育"]  # the one of the overview's fifth column
    assert book["无坐标点位"].max_row == 3
    years = [[c.value for c in row] for row in book["各图层各年"].iter_rows(min_row=2, max_row=4)]
    assert years[0] == ["图层", "2022年新增（处）", "2023年新增（处）", "2024年新增（处）", "截至2022年（处）", "截至2023年（处）", "截至2024年（处）"]
    assert years[1] == ["托育", "1–2", "1–2", "1–2", "1–2", "2–3", 4]
    towns = {row[1].value: [c.value for c in row] for row in book["各乡镇"].iter_rows(min_row=2)}
    assert towns["指标"][2:] == ["单位", "全市", "西镇", "东镇"]
    assert towns["每千人口托位数"][2:] == ["个/千人", "12–18", "未知", 15]
    assert towns["至少有一处公园的乡镇街道占比"][2:] == ["%", 50, "没有", "有"]
    assert towns["2022年新增公园"][2:] == ["处", 1, 0, 1]
    assert towns["没有坐标的托育"][2:] == ["处", 1, 0, 1]  # K5 says its town
    assert {i.title for i in edition.indicators if i.by_town} <= set(towns)
    assert "不分乡镇街道：乡镇街道之间差多少" in towns
    places = [[c.value for c in row] for row in book["图层·托育"].iter_rows(min_row=2)]
    head = places[0].index
    assert [row[0] for row in places[1:]] == ["K1", "K2", "K3", "K4", "K5"]  # all that are in the packages, the closed one too
    assert (places[1][head("托位数（个）")], places[1][head("年份（年）")], places[1][head("经度（°）")]) == (60, 2022, 123.025)
    assert (places[3][head("托位数（个）")], places[5][head("经度（°）")]) == (None, "没有坐标")
    for sheet in book:
        assert sheet.freeze_panes is not None
        assert sheet.print_area
        assert sheet["A1"].value.startswith("演示数据")
    assert [len(book[name]._charts) for name in ("总览", "覆盖")] == [2, 1]
    assert all(len(book[name].conditional_formatting) for name in ("各图层各年", "覆盖", "各乡镇", "图层·托育"))


def test_workbook_names_no_person_and_its_time_is_the_given_one(folder):
    properties = openpyxl.load_workbook(folder / "indicators.xlsx").properties
    assert properties.creator == "cfmap"
    assert properties.lastModifiedBy in ("cfmap", None)
    assert str(properties.created) == str(properties.modified) == "2024-12-31 00:00:00"


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+86", "-1", "=cmd|' /C calc'!A0", "http://example.invalid/", "\t=1", "{=1}", "00123", "a\x07b"])
def test_what_somebody_typed_never_becomes_a_formula_a_link_or_a_number(edition, tmp_path, text):
    data = edition.layers["parks"]
    typed = replace(edition, layers={"parks": replace(data, layer=replace(data.layer, title=text))})
    writer = WRITERS["workbook"]
    list(writer.write(with_indicators(typed), tmp_path))
    assert list(writer.check(with_indicators(typed), tmp_path)) == []
    cell = openpyxl.load_workbook(tmp_path / "indicators.xlsx")["总览"]["A6"]
    assert cell.data_type == "s"
    assert cell.value == text.replace("\x07", "")
    with zipfile.ZipFile(tmp_path / "indicators.xlsx") as parts:
        sheets = b"".join(parts.read(n) for n in parts.namelist() if n.startswith("xl/worksheets/"))
    assert b"<f>" not in sheets
    assert b"hyperlink" not in sheets


@pytest.mark.parametrize("name", sorted(f for w in TABLES.values() for f in w.files))
def test_the_self_check_sees_a_file_that_is_cut(edition, folder, tmp_path, name):
    data = (folder / name).read_bytes()
    (tmp_path / name).write_bytes(data[: len(data) // 2])
    writer = next(w for w in TABLES.values() if name in w.files)
    assert "E601" in {record.code for record in writer.check(edition, tmp_path)}


@pytest.mark.parametrize("key", ["site_package", "site_parquet"])
def test_the_self_check_sees_a_site_that_is_missing(edition, folder, key):
    data = edition.layers["childcare"]
    more = replace(edition, layers={**edition.layers, "childcare": replace(data, sites=data.sites.iloc[:3])})
    assert [record.code for record in WRITERS[key].check(more, folder)] == ["E601"]


@pytest.mark.parametrize("key", ["figures", "workbook"])
def test_the_self_check_sees_a_number_that_differs(edition, folder, key):
    first, *others = edition.indicators
    other = replace(edition, indicators=(replace(first, value=99.0), *others))
    assert [record.code for record in WRITERS[key].check(other, folder)] == ["E601"]


def test_two_layers_of_one_title_still_make_a_package(edition, tmp_path):
    data = edition.layers["parks"]
    twin = replace(data, layer=replace(data.layer, key="parks2"))
    both = replace(edition, layers={"parks": data, "parks2": twin})
    list(WRITERS["site_package"].write(both, tmp_path))
    assert list(WRITERS["site_package"].check(both, tmp_path)) == []
