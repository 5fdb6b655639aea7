"""The same ten sites in every format that can be handed in are read as the same ten sites, and two readers must agree on them."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely

from cfmap.intake import geofile, load_layer
from cfmap.model import City, Field, InputError, Layer, SafetyRefusal

NAMES = ["𠮷祥小学", "䶮里小学", "“一”小学", "A&B <小学>", "第5小学（分校）", "6号·小学", "第7小学", "第8小学", "第9小学", "第10小学"]
LON = [120.6123456 + 0.0123456789 * n for n in range(10)]
LAT = [27.7123456 + 0.0098765432 * n for n in range(10)]
IDS = [f"{n:03d}" for n in range(10)]
DAYS = [f"2024-0{n % 9 + 1}-1{n}" for n in range(10)]
PLACES = [100 + n for n in range(10)]
HEADER = ["编号", "名称", "数据日期", "学位数", "状态"]
ROWS = [[IDS[n], NAMES[n], DAYS[n], PLACES[n], "在用"] for n in range(10)]
LAYER = Layer("schools", "学校", "Schools", "school", "#123456", fields=(Field("places", "学位数", "places", kind="integer"),))


def frame() -> gpd.GeoDataFrame:
    data = {h: [row[i] for row in ROWS] for i, h in enumerate(HEADER)}
    return gpd.GeoDataFrame(data, geometry=gpd.points_from_xy(LON, LAT), crs="EPSG:4326")


def table() -> list[list[object]]:
    return [[*HEADER, "经度", "纬度"], *([*row, repr(x), repr(y)] for row, x, y in zip(ROWS, LON, LAT, strict=True))]


def text(delimiter: str, encoding: str):
    def write(path: Path) -> Path:
        made = io.StringIO()
        csv.writer(made, delimiter=delimiter).writerows(table())
        path.write_bytes(made.getvalue().encode(encoding))
        return path

    return write


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in table():
        book.active.append(row)
    book.save(path)
    return path


def gis(**options):
    def write(path: Path) -> Path:
        frame().to_file(path, **options)
        return path

    return write


def geodatabase(path: Path) -> Path:
    """Written by a GDAL of its own: ours has no writer for it."""
    frame().to_file(path.with_suffix(".gpkg"))
    code = "import sys, geopandas; geopandas.read_file(sys.argv[1]).to_file(sys.argv[2], driver='OpenFileGDB')"
    subprocess.run([sys.executable, "-c", code, str(path.with_suffix(".gpkg")), str(path)], check=True, capture_output=True)
    path.with_suffix(".gpkg").unlink()
    return path


def kml(path: Path) -> Path:
    from xml.sax.saxutils import escape

    marks = "".join(
        f"<Placemark><name>{escape(row[1])}</name><ExtendedData>"
        + "".join(f'<Data name="{h}"><value>{escape(str(v))}</value></Data>' for h, v in zip(HEADER, row, strict=True) if h != "名称")
        + f"</ExtendedData><Point><coordinates>{x!r},{y!r},0</coordinates></Point></Placemark>"
        for row, x, y in zip(ROWS, LON, LAT, strict=True)
    )
    document = f'<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>学校</name>{marks}</Document></kml>'
    path.write_text(document, encoding="utf-8")
    return path


def zipped(write, inside: str, *, names: str = "utf-8"):
    def pack(path: Path) -> Path:
        folder = path.parent / "inside"
        folder.mkdir()
        made = write(folder / inside)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for each in sorted(p for p in folder.rglob("*") if p.is_file()):
                name = f"教育局/{each.relative_to(folder).as_posix()}"
                entry = zipfile.ZipInfo(name if names == "utf-8" else name.encode(names).decode("cp437"))
                archive.writestr(entry, each.read_bytes())
            archive.writestr("__MACOSX/._x", b"")
        assert made.exists()
        return path

    return pack


FORMATS = {
    "a.csv": text(",", "gb18030"),
    "b.csv": text(";", "utf-8-sig"),
    "c.tsv": text("\t", "utf-16"),
    "a.xlsx": workbook,
    "a.xlsm": workbook,
    "a.geojson": gis(COORDINATE_PRECISION=15),
    "a.gpkg": gis(),
    "a.shp": gis(encoding="gb18030"),
    "a.fgb": gis(),
    "a.kml": kml,
    "a.kmz": zipped(kml, "doc.kml"),
    "a.gdb": geodatabase,
    "shp.zip": zipped(gis(encoding="gb18030"), "学校.shp"),
    "csv.zip": zipped(text(",", "gb18030"), "学校.csv", names="gb18030"),
    "xlsx.zip": zipped(workbook, "学校.xlsx"),
    "gdb.zip": zipped(geodatabase, "学校.gdb"),
}


def load(path: Path):
    data = {"city": {"name": "示例市"}, "edition": {"year": 2024}, "network": {"source": "x"}}
    city = City.model_validate({"root": path.parent, **data, "layers": {"schools": {"sources": [{"path": path.name}]}}})
    return load_layer(LAYER, city, year=2024, extent=(120.0, 27.0, 121.0, 28.0))


@pytest.mark.parametrize("name", FORMATS)
def test_ten_sites_are_the_same_in_every_format(name, tmp_path):
    data = load(FORMATS[name](tmp_path / name))
    sites = data.sites
    assert sites["id"].tolist() == IDS
    assert sites["name"].tolist() == NAMES
    assert sites["source_date"].tolist() == DAYS
    assert sites["places"].tolist() == PLACES
    assert np.abs(sites.geometry.x.to_numpy() - LON).max() < 1e-9
    assert np.abs(sites.geometry.y.to_numpy() - LAT).max() < 1e-9
    assert [f.render("zh") for f in data.faults if f.level != "info" or f.code == "I207"] == []


def test_an_old_workbook_is_read_the_same(tmp_path):
    """Excel 97-2003, saved by a spreadsheet program: ``ten_sites.xls`` beside this file, and the same named .et as WPS does."""
    old = (Path(__file__).parent / "ten_sites.xls").read_bytes()
    for name in ("a.xls", "a.et"):
        (tmp_path / name).write_bytes(old)
        sites = load(tmp_path / name).sites
        assert sites[["id", "name", "source_date"]].to_numpy().tolist() == [list(row) for row in zip(IDS, NAMES, DAYS, strict=True)]
        assert np.abs(sites.geometry.x.to_numpy() - LON).max() < 1e-9


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda names, rows, shapes: (names, rows[:-1], shapes[:-1]), "pyogrio 9 ≠ fiona 10"),
        (lambda names, rows, shapes: (names, rows, shapely.transform(shapes, lambda xy: xy + 1e-6)), "#1: pyogrio POINT"),
        (lambda names, rows, shapes: (names, [[*row[:1], "别的", *row[2:]] for row in rows], shapes), "#1 名称"),
        (lambda names, rows, shapes: (names[:-1], [row[:-1] for row in rows], shapes), "状态"),
    ],
)
@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.fgb", "a.gdb"])
def test_readers_that_disagree_are_an_error_of_the_file(name, change, words, tmp_path, monkeypatch, made_once):
    path = made_once(name)
    read = geofile._read

    def differently(*arguments, **options):
        names, rows, shapes, crs = read(*arguments, **options)
        return *change(names, rows, shapes), crs

    monkeypatch.setattr(geofile, "_read", differently)
    with pytest.raises(InputError) as caught:
        geofile.read_shapes(path, datum=None)
    assert [f.code for f in caught.value.faults] == ["E218"]
    assert words in caught.value.faults[0].why("zh")


@pytest.fixture(scope="module")
def made_once(tmp_path_factory):
    folder, made = tmp_path_factory.mktemp("formats"), {}

    def make(name: str) -> Path:
        if name not in made:
            made[name] = FORMATS[name](folder / name)
        return made[name]

    return make


def _zip(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("members", "kind", "code", "words"),
    [
        ({"a.csv": "名称\n甲", "b/c.csv": "名称\n乙"}, InputError, "E233", "a.csv、b/c.csv"),
        ({"readme.pdf": "x"}, InputError, "E233", "readme.pdf"),
        ({"../../etc/evil.csv": "名称\n甲"}, SafetyRefusal, "E504", "evil.csv"),
        ({"/etc/evil.csv": "名称\n甲"}, SafetyRefusal, "E504", "evil.csv"),
        ({"C:\\evil.csv": "名称\n甲"}, SafetyRefusal, "E504", "evil.csv"),
        ({"a.csv": "0" * 40_000_000}, SafetyRefusal, "E504", ": 1"),
        ({"a.kml": "<OGRVRTDataSource/>"}, SafetyRefusal, "E502", "VRT"),
    ],
    ids=["two tables", "none", "out of it", "absolute", "a drive", "a bomb", "a VRT"],
)
def test_an_archive_holds_one_table_and_leads_nowhere_else(members, kind, code, words, tmp_path):
    with pytest.raises(kind) as caught:
        load(_zip(tmp_path / "a.zip", **members))
    assert [f.code for f in caught.value.faults] == [code]
    assert words in caught.value.faults[0].why("zh")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip"]


def test_a_geodatabase_that_is_none(tmp_path):
    (tmp_path / "a.gdb").mkdir()
    with pytest.raises(InputError) as caught:
        load(tmp_path / "a.gdb")
    assert [f.code for f in caught.value.faults] == ["E217"]


def test_folders_of_a_kml_must_be_chosen(tmp_path):
    mark = "<Placemark><name>{0}</name><Point><coordinates>120.61234,27.71234</coordinates></Point></Placemark>"
    folders = "".join(f"<Folder><name>{n}</name>{mark.format(n)}</Folder>" for n in ("甲", "乙"))
    (tmp_path / "a.kml").write_text(f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{folders}</Document></kml>', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(tmp_path / "a.kml")
    assert [f.code for f in caught.value.faults] == ["E219"]
    assert json.dumps(caught.value.faults[0].facts["present"], ensure_ascii=False) == '"甲、乙"'


def test_a_field_of_lists_is_no_disagreement(tmp_path):
    """Fiona has no type for several values in one feature; the other reader has."""
    path = tmp_path / "a.geojson"
    feature = {"type": "Feature", "properties": {"name": "一园", "nodes": [1, 2, 3]}, "geometry": {"type": "Point", "coordinates": [123.1, 28.2]}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False), encoding="utf-8")
    table = geofile.read_geofile(path, datum="wgs84")
    assert list(table.headers) == ["name", "nodes"]
    assert [f.code for f in table.faults if f.level == "error"] == []
