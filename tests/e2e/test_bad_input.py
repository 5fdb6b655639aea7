"""What a department hands in wrong: the right words, the right place, the right exit code, and nothing published."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from cfmap.cli import main
from tests.e2e import small_city


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A small city with one published version, built once and copied for every case."""
    project = small_city.make(tmp_path_factory.mktemp("published"))
    assert main(["build", str(project)]) == 0
    return project


@pytest.fixture
def project(published, tmp_path):
    return shutil.copytree(published, tmp_path / "city")


def _childcare(project, change):
    rows = small_city.childcare_rows()
    change(rows)
    small_city.childcare_csv(project, rows)


def _missing(project):
    (project / "data/2024/childcare.csv").unlink()


def _empty(project):
    (project / "data/2024/childcare.csv").write_bytes(b"")


def _header_only(project):
    small_city.childcare_csv(project, small_city.childcare_rows()[:1])


def _corrupt_workbook(project):
    path = project / "data/2024/schools.xlsx"
    path.write_bytes(path.read_bytes()[:3000])


def _gbk_read_as_utf8(project):
    settings = project / "cfmap.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('datum = "gcj02",', 'datum = "gcj02", encoding = "utf-8",'), encoding="utf-8")


def _all_swapped(project):
    def swap(rows):
        for row in rows[1:]:
            row[2], row[3] = row[3], row[2]

    _childcare(project, swap)


def _one_swapped(project):
    def swap(rows):
        rows[3][2], rows[3][3] = rows[3][3], rows[3][2]

    _childcare(project, swap)


def _no_coordinates(project):
    _childcare(project, lambda rows: [rows.__setitem__(i, row[:2] + row[4:]) for i, row in enumerate(rows)])


def _unknown_datum(project):
    settings = project / "cfmap.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('"gcj02"', '"EPSG:999999"'), encoding="utf-8")


def _gcj_labelled_wgs(project):
    settings = project / "cfmap.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('"gcj02"', '"wgs84"'), encoding="utf-8")


def _double_id(project):
    _childcare(project, lambda rows: rows[5].__setitem__(0, rows[2][0]))


def _bow_tie(project):
    path = project / "data/towns.geojson"
    data = json.loads(path.read_text(encoding="utf-8"))
    ring = data["features"][0]["geometry"]["coordinates"][0]
    ring[1], ring[2] = ring[2], ring[1]
    path.write_text(json.dumps(data), encoding="utf-8")


def _truncated_network(project):
    path = project / "data/network.osm"
    path.write_bytes(path.read_bytes()[:8_000])


def _network_elsewhere(project):
    path = project / "data/network.osm"
    path.write_text(path.read_text(encoding="utf-8").replace("lon='122.", "lon='121."), encoding="utf-8")


def _no_network(project):
    (project / "data/network.osm").unlink()


# fault, exit code, code of the record, what the message must name
CASES = [
    (_missing, 3, "E2", ["data/2024/childcare.csv"]),
    (_empty, 3, "E2", ["data/2024/childcare.csv"]),
    (_header_only, 3, "E2", ["data/2024/childcare.csv"]),
    (_corrupt_workbook, 3, "E2", ["data/2024/schools.xlsx"]),
    (_gbk_read_as_utf8, 3, "E2", ["data/2024/childcare.csv", "第 1 行"]),
    (_all_swapped, 3, "E203", ["data/2024/childcare.csv"]),
    (_one_swapped, 3, "E203", ["data/2024/childcare.csv", "第 4 行", "经度"]),
    (_no_coordinates, 3, "E230", ["data/2024/childcare.csv", "经度"]),
    (_unknown_datum, 3, "E239", ["999999"]),
    (_gcj_labelled_wgs, 3, "E240", ["data/2024/childcare.csv", "gcj02"]),
    (_double_id, 3, "E221", ["data/2024/childcare.csv", "第 6 行", "T001"]),
    (_bow_tie, 3, "E251", ["data/towns.geojson"]),
    (_truncated_network, 3, "E3", ["network.osm"]),
    (_network_elsewhere, 3, "E496", ["data/network.osm"]),
    (_no_network, 3, "E495", ["data/network.osm", "cfmap fetch"]),
]


@pytest.mark.parametrize(("break_it", "exit_code", "code", "named"), CASES, ids=[c[0].__name__.strip("_") for c in CASES])
def test_fault_is_named_and_nothing_is_published(project, capsys, break_it, exit_code, code, named):
    before = small_city.tree(project / "output" / "2024")
    break_it(project)

    assert main(["--lang", "zh", "build", str(project)]) == exit_code
    zh = capsys.readouterr().err
    assert main(["--lang", "en", "build", str(project)]) == exit_code
    en = capsys.readouterr().err

    assert small_city.tree(project / "output" / "2024") == before
    assert f"错误 {code}" in zh
    assert f"Error {code}" in en
    for word in named:
        assert word in zh
    for text in (zh, en):
        assert "Traceback" not in text
        assert "怎么改：" in text or "How: " in text


def test_check_marks_the_bad_cell_red_and_leaves_the_original_alone(project):
    _one_swapped(project)
    original = (project / "data/2024/childcare.csv").read_bytes()
    assert main(["--lang", "zh", "check", str(project)]) == 3
    assert (project / "data/2024/childcare.csv").read_bytes() == original
    book = openpyxl.load_workbook(project / "output" / "returned" / "2024" / "childcare.csv.问题.xlsx")
    assert book.sheetnames[0] == "问题"
    copy = book[book.sheetnames[1]]
    red = {cell.coordinate for row in copy.iter_rows() for cell in row if cell.comment is not None}
    assert {"C4", "D4"} & red
    assert not any(coordinate.endswith("5") for coordinate in red)


def test_all_faults_of_all_tables_are_told_in_one_pass(project, capsys):
    _one_swapped(project)
    rows = small_city.school_rows()
    rows[2][2], rows[7][5] = "看不懂", "天天"
    small_city.schools_xlsx(project, rows)
    assert main(["--lang", "zh", "check", "--json", str(project)]) == 3
    found = json.loads(capsys.readouterr().out)
    places = {(f["file"], f["row"]) for f in found["faults"]}
    assert {("data/2024/childcare.csv", 4), ("data/2024/schools.xlsx", 3), ("data/2024/schools.xlsx", 8)} <= places
    assert all(f["what"] and f["what_en"] for f in found["faults"])


def test_few_bad_rows_do_not_cost_the_good_ones(project):
    settings = project / "cfmap.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + "\n[publish]\nmax_bad_share = 0.2\n", encoding="utf-8")
    _one_swapped(project)
    assert main(["build", str(project)]) == 0
    import geopandas as gpd

    assert len(gpd.read_file(project / "output/2024/versions/000002/sites.gpkg", layer="childcare")) == 9


@pytest.mark.skipif(os.name == "nt" or (os.geteuid() == 0 and not Path("/proc/self/status").exists()), reason="needs POSIX rights")
def test_folder_without_write_permission_is_named(project, capsys):
    out = project / "locked"
    out.mkdir()
    if os.geteuid() == 0:  # root may write anywhere, so a file stands where the folder should be
        (out / "2024").write_text("a file", encoding="utf-8")
    else:
        out.chmod(0o500)
    assert main(["--lang", "zh", "build", str(project), "--out", str(out)]) == 4
    text = capsys.readouterr().err
    assert "错误 E4" in text
    assert "locked" in text


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_build_leaves_what_stood_before(project, number, code):
    before = small_city.tree(project / "output" / "2024")
    process = subprocess.Popen(
        [sys.executable, "-m", "cfmap", "--lang", "zh", "build", str(project)], stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    deadline = time.monotonic() + 60
    while not _children(process.pid) and time.monotonic() < deadline:  # it is reading by now
        time.sleep(0.02)
    process.send_signal(number)
    _, text = process.communicate(timeout=60)
    assert process.returncode == code
    assert "没有发布" in text
    assert "Traceback" not in text
    assert small_city.tree(project / "output" / "2024") == before


def _children(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8")
    except OSError:
        return ""


def test_tables_are_checked_even_without_a_network(project, capsys):
    _no_network(project)
    _one_swapped(project)
    assert main(["--lang", "zh", "check", "--json", str(project)]) == 3
    codes = {f["code"] for f in json.loads(capsys.readouterr().out)["faults"]}
    assert {"E495", "E203"} <= codes
    assert "E200" not in codes
