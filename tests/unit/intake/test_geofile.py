"""GIS files: text by its bytes, the file's own kind, a second reader's opinion."""

from __future__ import annotations

import os
import subprocess
import sys
from types import MappingProxyType

import geopandas as gpd
import pytest
import shapely

from cfmap.intake import geofile
from cfmap.intake.dbf import read_dbf
from cfmap.intake.geofile import read_geofile
from cfmap.model import InputError, SafetyRefusal

NAMES = ["示例公园", "儿童广场", "图书馆"]
POINTS = [shapely.Point(120.6 + i / 100, 27.7) for i in range(3)]


def shapefile(folder, encoding, names=NAMES):
    frame = gpd.GeoDataFrame({"名称": names, "数量": [1, 2, 3]}, geometry=POINTS, crs="EPSG:4326")
    frame.to_file(folder / "a.shp", encoding=encoding)
    return folder / "a.shp"


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
@pytest.mark.parametrize("cpg", [None, "UTF-8", "GBK", "ANSI 936", "OEM", "system", ""])
def test_shapefile_text_is_right_whatever_the_cpg_claims(tmp_path, encoding, cpg):
    path = shapefile(tmp_path, encoding)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg)
    table = read_geofile(path, datum=None)
    assert table.headers == ("名称", "数量")
    assert [row[0] for row in table.rows] == NAMES
    assert [row[1] for row in table.rows] == ["1", "2", "3"]


def test_a_character_cut_by_the_field_width_is_dropped_not_garbled(tmp_path):
    path = shapefile(tmp_path, "GBK")
    raw = bytearray(path.with_suffix(".dbf").read_bytes())
    at = raw.index("示例公园".encode("gbk"))
    width = raw[32 + 16]
    raw[at : at + width] = ("a" + "园" * width).encode("gbk")[:width]  # one byte of the last character is left
    assert width % 2 == 0
    found = read_dbf(bytes(raw), file="a.dbf")
    assert found.rows[0][0] == "a" + "园" * (width // 2 - 1)


def test_a_cut_dbf_is_an_error_with_its_name(tmp_path):
    path = shapefile(tmp_path, "UTF-8")
    dbf = path.with_suffix(".dbf")
    dbf.write_bytes(dbf.read_bytes()[:-20])
    with pytest.raises(InputError) as caught:
        read_geofile(path, datum=None)
    assert (caught.value.faults[0].code, caught.value.faults[0].file) == ("E202", "a.dbf")


def test_missing_index_is_rebuilt_in_a_copy(tmp_path):
    path = shapefile(tmp_path, "UTF-8")
    path.with_suffix(".shx").unlink()
    before = sorted(p.name for p in tmp_path.iterdir())
    table = read_geofile(path, datum=None)
    assert [f.code for f in table.faults] == ["W217"]
    assert len(table.rows) == 3
    assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_heights_are_dropped_and_told(tmp_path):
    gpd.GeoDataFrame({"name": ["a"]}, geometry=[shapely.Point(120.6, 27.7, 5)], crs="EPSG:4326").to_file(tmp_path / "z.gpkg")
    table = read_geofile(tmp_path / "z.gpkg", datum=None)
    assert [f.code for f in table.faults] == ["I210"]
    assert not table.geometry.has_z.any()


def test_layer_of_a_geopackage_must_be_named_when_there_are_two(tmp_path):
    frame = gpd.GeoDataFrame({"name": NAMES}, geometry=POINTS, crs="EPSG:4326")
    for layer in ("one", "two"):
        frame.to_file(tmp_path / "a.gpkg", layer=layer)
    with pytest.raises(InputError) as caught:
        read_geofile(tmp_path / "a.gpkg", datum=None)
    assert (caught.value.faults[0].code, caught.value.faults[0].facts["present"]) == ("E219", "one、two")
    assert len(read_geofile(tmp_path / "a.gpkg", datum=None, layer="two").rows) == 3
    with pytest.raises(InputError) as caught:
        read_geofile(tmp_path / "a.gpkg", datum=None, layer="three")
    assert caught.value.faults[0].code == "E212"


def test_readers_that_disagree_are_named(tmp_path, monkeypatch):
    fiona = pytest.importorskip("fiona")
    path = tmp_path / "a.gpkg"
    gpd.GeoDataFrame({"name": NAMES}, geometry=POINTS, crs="EPSG:4326").to_file(path)

    class Short:
        schema = MappingProxyType({"properties": {"name": "str"}})

        def __iter__(self):
            return iter(())

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def __len__(self):
            return 2

    monkeypatch.setattr(fiona, "open", lambda *_, **__: Short())
    with pytest.raises(InputError) as caught:
        read_geofile(path, datum=None)
    assert caught.value.faults[0].code == "E218"
    assert "3 ≠ fiona 2" in caught.value.faults[0].why()


def test_a_virtual_source_never_opens_another_file(tmp_path):
    (tmp_path / "secret.csv").write_text("name\nsecret\n")
    (tmp_path / "v.geojson").write_text(
        '<?xml version="1.0"?>\n<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>secret.csv</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
    )
    with pytest.raises(SafetyRefusal) as caught:
        read_geofile(tmp_path / "v.geojson", datum=None)
    assert caught.value.exit_code == 5


def test_gdal_itself_has_no_driver_that_opens_other_files_or_addresses():
    code = "import cfmap.intake as i, cfmap.intake.gdal_drivers as g, os; d = g.engine().list_drivers(); print(*sorted(d), sep='|'); print(os.environ.get('OGR_SKIP'))"
    clean = {k: v for k, v in os.environ.items() if k not in {"OGR_SKIP", "GDAL_SKIP", "CPL_LOG"}}
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=clean)
    names, left = out.stdout.strip().splitlines()
    assert out.stderr == ""
    assert left == "None"
    assert {"GeoJSON", "GPKG", "ESRI Shapefile"} <= set(names.split("|"))
    assert not {"OGR_VRT", "GDALG", "WFS", "OAPIF", "HTTP", "CSW", "GML", "LIBKML", "OSM"} & set(names.split("|"))


def test_declared_gcj02_is_shifted_back_after_the_files_own_crs(tmp_path):
    from cfmap.intake.datum import convert

    x, y = convert(120.65, 27.78, source="wgs84", target="gcj02")
    gpd.GeoDataFrame({"name": ["a"]}, geometry=[shapely.Point(x, y)], crs="EPSG:4326").to_crs("EPSG:4549").to_file(tmp_path / "g.gpkg")
    point = read_geofile(tmp_path / "g.gpkg", datum="gcj02").geometry[0]
    assert point.distance(shapely.Point(120.65, 27.78)) < 1e-9


def test_every_suffix_is_checked_against_the_first_bytes(tmp_path):
    for suffix in geofile.SUFFIXES:
        path = tmp_path / f"a{suffix}"
        path.write_bytes(b"%PDF-1.4")
        with pytest.raises(InputError) as caught:
            read_geofile(path, datum=None)
        assert caught.value.faults[0].code == "E204"


def test_a_system_of_another_world_is_named(tmp_path):
    gpd.GeoDataFrame({"name": NAMES}, geometry=POINTS, crs="IAU_2015:30100").to_file(tmp_path / "moon.gpkg")
    with pytest.raises(InputError) as caught:
        read_geofile(tmp_path / "moon.gpkg", datum=None)
    assert [(f.code, f.file) for f in caught.value.faults] == [("E239", "moon.gpkg")]
    assert "Moon" in caught.value.faults[0].what()
