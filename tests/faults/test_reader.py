"""Whatever a file does to the process that reads it, the run goes on, and the file is named."""

from __future__ import annotations

import os
import threading
import time

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely
from PIL import Image

from cfmap.intake import geofile, photos, raster, reader, table
from cfmap.intake.reader import Reader
from cfmap.model.errors import EnvironmentFault, InputError

posix = pytest.mark.skipif(os.name == "nt", reason="limits and signals of POSIX")
TABLE = "名称,经度,纬度\n甲,120.6,27.8\n"


@pytest.fixture(scope="module")
def broken():
    made = Reader("tests.faults.broken_reader", seconds=20)
    yield made
    made.close()


@pytest.fixture
def file(tmp_path):
    def make(deed):
        (tmp_path / f"{deed}.csv").write_text(TABLE, encoding="utf-8")
        return tmp_path / f"{deed}.csv"

    return make


def read(asked, path):
    data, _ = asked.ask("table", path.name, path, known_headers=["名称", "经度", "纬度"], file=path.name)
    return data["table"]["rows"]


@pytest.mark.parametrize(
    ("deed", "code", "word"),
    [
        ("panic", "E270", "PanicException: index out of bounds"),
        ("bug", "E270", "KeyError: 'no such key'"),
        ("leave", "E270", "SystemExit"),
        ("interrupt", "E270", "KeyboardInterrupt"),
        ("exit", "E270", "exit 0"),
        pytest.param("abort", "E270", "SIGABRT", marks=posix),
        pytest.param("segv", "E270", "SIGSEGV", marks=posix),
        pytest.param("kill", "E270", "SIGKILL", marks=posix),
        pytest.param("memory", "E272", "", marks=posix),
    ],
)
def test_a_reader_that_breaks_off_is_a_fault_of_that_file_alone(broken, file, capfd, deed, code, word):
    with pytest.raises(InputError) as caught:
        read(broken, file(deed))
    assert [f.code for f in caught.value.faults] == [code]
    assert caught.value.faults[0].file == f"{deed}.csv"
    assert word in caught.value.faults[0].why("en")
    assert read(broken, file("good")) == [["甲", "120.6", "27.8"]]
    assert capfd.readouterr() == ("", ""), "nothing reaches the user's terminal"


@pytest.mark.parametrize("deed", ["hang", pytest.param("busy", marks=posix)])
def test_a_reader_that_takes_too_long_is_ended(file, deed):
    asked = Reader("tests.faults.broken_reader")
    read(asked, file("good"))
    asked.seconds = 1.0
    begun = time.monotonic()
    with pytest.raises(InputError) as caught:
        read(asked, file(deed))
    assert time.monotonic() - begun < 20
    assert [(f.code, f.file) for f in caught.value.faults] == [("E271", f"{deed}.csv")]
    asked.seconds = reader.BASE_SECONDS
    assert read(asked, file("good")) == [["甲", "120.6", "27.8"]]
    asked.close()


def test_what_libraries_print_is_no_answer(broken, file, capfd):
    assert read(broken, file("noise")) == [["甲", "120.6", "27.8"]]
    assert capfd.readouterr() == ("", "")


def test_missing_rights_come_back_as_what_they_are(broken, file):
    with pytest.raises(PermissionError) as caught:
        read(broken, file("folder"))
    assert (caught.value.errno, caught.value.filename) == (13, "x.csv")


def test_one_process_reads_all_files_and_is_ended_with_the_run(file):
    asked = Reader()
    read(asked, file("good"))
    process = asked._process
    read(asked, file("other"))
    assert asked._process is process
    asked.close()
    assert process.poll() is not None
    assert read(asked, file("good")), "and started again when asked again"
    asked.close()


def test_an_interrupted_question_gets_no_late_answer(file, monkeypatch):
    asked = Reader("tests.faults.broken_reader", seconds=20)
    real = reader.receive
    read(asked, file("good"))

    def interrupted(stream):
        raise KeyboardInterrupt

    monkeypatch.setattr(reader, "receive", interrupted)
    with pytest.raises(KeyboardInterrupt):
        read(asked, file("good"))
    monkeypatch.setattr(reader, "receive", real)
    (file("good").parent / "later.csv").write_text(TABLE.replace("甲", "乙"), encoding="utf-8")
    assert read(asked, file("good").parent / "later.csv")[0][0] == "乙"
    asked.close()


def test_threads_take_turns(broken, file):
    paths = [file(f"t{i}") for i in range(8)]
    for i, path in enumerate(paths):
        path.write_text(TABLE.replace("甲", f"第{i}"), encoding="utf-8")
    found = {}
    threads = [threading.Thread(target=lambda i=i, p=p: found.update({i: read(broken, p)[0][0]})) for i, p in enumerate(paths)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {i: f"第{i}" for i in range(8)}


@pytest.mark.parametrize("executable", ["/no/such/python", None])
def test_a_reader_that_cannot_start_is_no_fault_of_the_file(file, monkeypatch, executable):
    asked = Reader("tests.faults.no_such_module" if executable is None else "cfmap.intake.reader_process")
    if executable:
        monkeypatch.setattr("sys.executable", executable)
    with pytest.raises(EnvironmentFault) as caught:
        read(asked, file("good"))
    assert [f.code for f in caught.value.faults] == ["E410"]
    asked.close()


def test_nothing_is_imported_from_the_folder_of_the_files(file, monkeypatch):
    folder = file("good").parent
    for name in ("csv", "json", "numpy", "cfmap"):
        (folder / f"{name}.py").write_text("import os; os._exit(7)", encoding="utf-8")
    monkeypatch.chdir(folder)
    asked = Reader()
    assert read(asked, folder / "good.csv")
    asked.close()


def test_workbooks_and_shapes_cross_unchanged(tmp_path):
    book = openpyxl.Workbook()
    for row in (["名称", "经度", "纬度"], ["𠮷\ud7ff\u2028“”", 120.1234567890123, 27.8], ["=1+1", None, True], ["合计", 1, 2]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    options = {"known_headers": ["名称", "经度", "纬度"], "file": "数据/a.xlsx"}
    assert reader.read_table(tmp_path / "a.xlsx", **options) == table.read_table(tmp_path / "a.xlsx", **options)

    shapes = [shapely.Point(120 + 1 / 3, 27.7), None, shapely.box(0, 0, 1, 1e-9), shapely.MultiPoint(), shapely.LineString([(0, 0), (np.pi, -89.9)])]
    gpd.GeoDataFrame({"名称": list("甲乙丙丁戊")}, geometry=shapes, crs=4326).to_file(tmp_path / "b.gpkg")
    here, there = geofile.read_geofile(tmp_path / "b.gpkg", datum=None), reader.read_geofile(tmp_path / "b.gpkg", datum=None)
    assert (here.rows, here.columns, here.numbers, here.faults) == (there.rows, there.columns, there.numbers, there.faults)
    assert shapely.to_wkb(here.geometry.values).tolist() == shapely.to_wkb(there.geometry.values).tolist()
    assert there.geometry.crs == here.geometry.crs


@pytest.mark.parametrize(
    "door", ["from cfmap.intake.geofile import read_", "geofile.read_", "from cfmap.intake.table import read_", "table.read_table(", "table.all_cells("]
)
def test_no_other_room_opens_outside_files_itself(repository, door):
    inside = {"reader.py", "reader_process.py", "convert.py", "geofile.py", "table.py"}
    code = {p: "\n".join(line for line in p.read_text(encoding="utf-8").splitlines() if "`" not in line) for p in (repository / "cfmap").rglob("*.py")}
    assert [p.name for p, text in code.items() if door in text and p.name not in inside] == []


@pytest.mark.parametrize(
    ("door", "rooms"),
    [("Image.open(", {"photos.py", "theme.py", "contents.py"}), ("rasterio.open(", {"raster.py"}), ("from cfmap.intake.raster import read_", set())],
)
def test_photos_and_rasters_of_others_are_opened_in_one_place(repository, door, rooms):
    """The logo is the city's own, and contents.py looks at what was just built."""
    code = {p.name: p.read_text(encoding="utf-8") for p in (repository / "cfmap").rglob("*.py") if p.name != "reader_process.py"}
    assert {name for name, text in code.items() if door in text} == rooms


def test_a_photo_at_which_the_reader_dies_is_no_photo(tmp_path, monkeypatch):
    asked = Reader("tests.faults.broken_reader")
    monkeypatch.setattr(reader, "READER", asked)
    options = {"limit": 30_000, "sides": (64,), "qualities": (80,)}
    for name, is_good in (("good", True), ("segv", False), ("abort", False), ("good", True)):
        path = tmp_path / f"{name}.png"
        Image.new("RGB", (200, 100), "red").save(path)
        assert reader.is_picture(path) is is_good
        made = reader.small_jpeg(path, **options)
        assert (made is not None) is is_good
        assert not is_good or made == photos.small_jpeg(path, **options)
    asked.close()


def test_a_raster_crosses_unchanged_and_one_that_kills_the_reader_is_named(tmp_path, monkeypatch):
    rasterio = pytest.importorskip("rasterio")
    values = np.array([[1.5, -1, np.nan], [4, 5, 6]])
    for name in ("good", "segv"):
        place = rasterio.Affine(0.001, 0, 123, 0, -0.001, 28)
        with rasterio.open(tmp_path / f"{name}.tif", "w", "GTiff", 3, 2, 1, "EPSG:4326", place, values.dtype, nodata=-1) as made:
            made.write(values, 1)
    asked = Reader("tests.faults.broken_reader")
    monkeypatch.setattr(reader, "READER", asked)
    here, there = raster.read_raster(tmp_path / "good.tif", bounds=(123, 27.9, 124, 28)), reader.read_raster(tmp_path / "good.tif", bounds=(123, 27.9, 124, 28))
    np.testing.assert_array_equal(here.values, there.values)
    assert (tuple(here.transform), here.crs, here.nodata) == (tuple(there.transform), there.crs, there.nodata)
    for name, code in (("segv.tif", "E270"), ("none.tif", "E256")):
        with pytest.raises(InputError) as caught:
            reader.read_raster(tmp_path / name)
        assert [(f.code, f.file) for f in caught.value.faults] == [(code, str(tmp_path / name))]
    asked.close()
