"""Conversion of whole files: only the coordinates change."""

from __future__ import annotations

import csv

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely

from cfmap.intake import convert_file, datum
from cfmap.model import ConfigError, InputError
from tests.unit.intake.tables import GOOD


def test_csv_keeps_every_other_cell_and_gets_a_byte_order_mark(tmp_path):
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    rows = [["台账", "", "", ""], ["名称", "经度", "纬度", "备注"], *([r[0], str(r[1]), str(r[2]), ' a, "b" 007 '] for r in GOOD), ["无坐标", "", "", "1.0"]]
    with path.open("w", encoding="gbk", newline="") as stream:
        csv.writer(stream).writerows(rows)
    faults = convert_file(path, out, source="gcj02", target="wgs84")
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    with out.open(encoding="utf-8-sig", newline="") as stream:
        found = list(csv.reader(stream))
    for before, after in zip(rows, found, strict=True):
        assert (before[0], before[3]) == (after[0], after[3])
    lon, lat = datum.convert([r[1] for r in GOOD], [r[2] for r in GOOD], source="gcj02", target="wgs84")
    assert np.abs(np.array([float(r[1]) for r in found[2:32]]) - lon).max() < 1e-8
    assert np.abs(np.array([float(r[2]) for r in found[2:32]]) - lat).max() < 1e-8
    assert [(f.code, f.row) for f in faults] == [("W233", 33)]


def test_the_delimiter_is_the_tables_own(tmp_path):
    (tmp_path / "in.tsv").write_text("名称\tlon\tlat\n甲,乙,丙,丁\t120.65\t27.78\n", encoding="utf-8")
    convert_file(tmp_path / "in.tsv", tmp_path / "out.tsv", source="wgs84", target="wgs84")
    assert (tmp_path / "out.tsv").read_text(encoding="utf-8-sig").splitlines()[1] == "甲,乙,丙,丁\t120.65000000\t27.78000000"


def test_workbook_keeps_its_other_sheets(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["名称", "经度", "纬度"])
    book.active.append(["甲", 120.65, 27.78])
    book.create_sheet("说明")["A1"] = "第二页"
    book.save(tmp_path / "in.xlsx")
    convert_file(tmp_path / "in.xlsx", tmp_path / "out.xlsx", source="wgs84", target="EPSG:4528")
    found = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert found["说明"]["A1"].value == "第二页"
    assert 40_500_000 < found.worksheets[0]["B2"].value < 40_600_000


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.shp"])
def test_gis_files_are_shifted_with_their_attributes(tmp_path, name):
    frame = gpd.GeoDataFrame({"名称": ["甲", "乙"]}, geometry=[shapely.Point(120.65, 27.78), shapely.Point(120.66, 27.79)], crs="EPSG:4326")
    (tmp_path / "in").mkdir()
    frame.to_file(tmp_path / "in" / name, **({"encoding": "GBK"} if name.endswith("shp") else {}))
    if name.endswith("shp"):
        (tmp_path / "in" / "a.cpg").write_text("UTF-8")  # a lie
    convert_file(tmp_path / "in" / name, tmp_path / "out" / name, source="wgs84", target="gcj02")
    found = gpd.read_file(tmp_path / "out" / name)
    assert list(found["名称"]) == ["甲", "乙"]
    x, y = datum.convert([120.65, 120.66], [27.78, 27.79], source="wgs84", target="gcj02")
    assert np.allclose(found.geometry.x, x, rtol=0, atol=1e-7)
    assert np.allclose(found.geometry.y, y, rtol=0, atol=1e-7)


def test_unknown_datum_or_other_kind_writes_nothing(tmp_path):
    (tmp_path / "in.csv").write_text("lon,lat\n1,2\n")
    with pytest.raises(InputError):
        convert_file(tmp_path / "in.csv", tmp_path / "out.csv", source="wgs84", target="EPSG:99999")
    with pytest.raises(ConfigError):
        convert_file(tmp_path / "in.csv", tmp_path / "out.xlsx", source="wgs84", target="gcj02")
    (tmp_path / "none.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError) as caught:
        convert_file(tmp_path / "none.csv", tmp_path / "out.csv", source="wgs84", target="gcj02")
    assert caught.value.faults[0].code in {"E209", "E230"}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.csv", "none.csv"]


def test_a_corner_that_is_no_number_is_told_with_its_feature_and_nothing_is_written(tmp_path):
    path, out = tmp_path / "in.shp", tmp_path / "out.shp"
    gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[shapely.Point(123.1, 28.2), shapely.Point(123.2, 28.3)], crs=4326).to_file(path)
    raw = bytearray(path.read_bytes())
    raw[-8:] = np.float64(np.nan).tobytes()  # the second point's latitude
    path.write_bytes(raw)
    with pytest.raises(InputError) as caught:
        convert_file(path, out, source="gcj02", target="wgs84")
    assert [(f.code, f.file, f.row) for f in caught.value.faults] == [("E232", "in.shp", 2)]
    assert not out.exists()


def test_two_fields_of_one_name_are_told_and_nothing_is_written(tmp_path):
    path, out = tmp_path / "in.shp", tmp_path / "out.shp"
    gpd.GeoDataFrame({"name": ["a"], "nume": ["b"]}, geometry=[shapely.Point(123.1, 28.2)], crs=4326).to_file(path)
    table = path.with_suffix(".dbf")
    table.write_bytes(table.read_bytes().replace(b"nume", b"name", 1))
    with pytest.raises(InputError) as caught:
        convert_file(path, out, source="gcj02", target="wgs84")
    (record,) = caught.value.faults
    assert (record.code, record.file) == ("E211", "in.shp")
    assert "name" in record.what("zh")
    assert "1、2" in record.what("zh")
    assert not out.exists()
