"""One record, everywhere: terminal, JSON, log, list, clerk's copy and the layer for QGIS say the same of the same cell; and every exit code is met."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing

import geopandas as gpd
import jsonschema
import openpyxl
import pytest

from cfmap.cli import main
from cfmap.model import EnvironmentFault, SelfCheckError, fault
from cfmap.publish import lock
from tests.e2e import small_city

SWAPPED = ("data/2024/childcare.csv", 4)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A small city of two layers, published once."""
    project = small_city.make(tmp_path_factory.mktemp("records"))
    assert main(["build", str(project)]) == 0
    return project


@pytest.fixture
def project(built, tmp_path):
    return shutil.copytree(built, tmp_path / "city")


@pytest.fixture
def faulty(project):
    rows = small_city.childcare_rows()
    rows[3][2], rows[3][3] = rows[3][3], rows[3][2]
    small_city.childcare_csv(project, rows)
    rows = small_city.school_rows()
    rows[6][2] += 0.2
    rows[7][5] = "联系 13800138000"
    small_city.schools_xlsx(project, rows)
    return project


def schema(repository):
    return json.loads((repository / "docs" / "records.schema.json").read_text(encoding="utf-8"))


def test_the_same_record_in_every_place(faulty, repository, capsys):
    before = small_city.tree(faulty / "output" / "2024")
    assert main(["--lang", "zh", "build", str(faulty)]) == 3
    told = capsys.readouterr().err
    assert "错误 E203" in told
    assert "C 列“经度”" in told
    assert "发布的第 1 版没有改动" in told
    assert "cfmap explain" in told
    assert str(faulty / "output" / "check.xlsx") in told
    assert small_city.tree(faulty / "output" / "2024") == before

    assert main(["build", "--json", str(faulty)]) == 3
    answer = json.loads(capsys.readouterr().out)
    jsonschema.validate(answer, schema(repository))
    assert (answer["command"], answer["exit"], answer["published"]) == ("build", 3, "000001")
    record = next(f for f in answer["faults"] if f["code"] == "E203")
    assert ((record["file"], record["row"]), record["letter"]) == (SWAPPED, "C")
    assert [p["kind"] for p in record["places"]] == ["swapped"]

    head, *lines = map(json.loads, (faulty / "output" / "run.jsonl").read_text(encoding="utf-8").splitlines())
    assert (head["command"], head["exit"]) == ("build", 3)
    assert record in lines
    listed = openpyxl.load_workbook(faulty / "output" / "check.xlsx")["问题"]
    assert any((row[0].value, row[2].value) == (SWAPPED[0], "E203") for row in listed.iter_rows())
    copy = openpyxl.load_workbook(faulty / "output" / "returned" / "2024" / "childcare.csv.问题.xlsx")
    assert copy.worksheets[1]["C4"].comment is not None

    points = gpd.read_file(faulty / "output" / "check.gpkg", layer="problems")
    mine = points[(points["code"] == "E203") & (points["place"] == "swapped")].iloc[0]
    assert (mine["file"], mine["row"], mine["letter"], mine["level"]) == (*SWAPPED, "C", "error")
    right = small_city.lonlat(1.0, 5)
    assert abs(mine.geometry.x - right[0]) < 1e-5
    assert set(points.loc[points["code"] == "W234", "place"]) == {"given"}
    with closing(sqlite3.connect(faulty / "output" / "check.gpkg")) as connection:
        assert connection.execute("SELECT f_table_name FROM layer_styles").fetchall() == [("problems",)]
        kept = {row[0] for row in connection.execute("SELECT code FROM problems_without_place")}
    assert "I201" in kept


def test_personal_values_stand_in_the_clerks_copy_alone(faulty, capsys):
    main(["check", "--json", str(faulty)])
    seen = capsys.readouterr()
    assert "13800138000" not in seen.out + seen.err
    main(["check", str(faulty)])
    assert "13800138000" not in capsys.readouterr().err
    output = faulty / "output"
    assert "13800138000" not in (output / "run.jsonl").read_text(encoding="utf-8")
    assert b"13800138000" not in (output / "check.gpkg").read_bytes()
    listed = openpyxl.load_workbook(output / "check.xlsx")
    assert not any("13800138000" in str(c.value) for sheet in listed for row in sheet.iter_rows() for c in row)
    copy = openpyxl.load_workbook(output / "returned" / "2024" / "schools.xlsx")
    assert "13800138000" in str(copy["学校"]["F8"].value)


def test_a_list_that_is_held_open_does_not_cost_the_map(project, monkeypatch, capsys):
    def held(*_):
        raise EnvironmentFault(fault("E404", name="check.xlsx", seconds=2.5))

    monkeypatch.setattr("cfmap.publish.reports.write", held)
    assert main(["--lang", "zh", "build", str(project)]) == 0
    told = capsys.readouterr().err
    assert "警告 W405" in told
    assert "第 2 版" in told


def _settings(project, text):
    (project / "cfmap.toml").write_text((project / "cfmap.toml").read_text(encoding="utf-8") + text, encoding="utf-8")


def _unknown_setting(project):
    _settings(project, '[theem]\ncolour = "#123456"\n')


def _bad_table(project):
    (project / "data/2024/childcare.csv").write_bytes(b"")


def _personal(project):
    rows = small_city.childcare_rows()
    small_city.childcare_csv(project, [[*row, "家长电话" if n == 0 else "x"] for n, row in enumerate(rows)])


READING = ("check", "build")
EXITS = [
    *((command, 2, _unknown_setting) for command in (*READING, "events", "layers", "versions", "rollback", "publish")),
    *((command, 3, _bad_table) for command in READING),
    *((command, 5, _personal) for command in READING),
]


def _arguments(command, project):
    return [command, str(project), *(["--zip", str(project / "a.zip")] if command == "publish" else [])]


@pytest.mark.parametrize(("command", "code", "spoil"), EXITS, ids=[f"{c}-{e}" for c, e, _ in EXITS])
def test_exit_codes_by_command(project, repository, capsys, command, code, spoil):
    spoil(project)
    before = small_city.tree(project / "output" / "2024")
    assert main([*_arguments(command, project), "--json"]) == code
    answer = json.loads(capsys.readouterr().out)
    jsonschema.validate(answer, schema(repository))
    assert (answer["command"], answer["exit"]) == (command, code)
    assert answer["faults"]
    assert small_city.tree(project / "output" / "2024") == before


@pytest.mark.parametrize("command", [["build"], ["rollback", "1"]])
def test_exit_code_4_while_another_run_writes(project, command, capsys):
    with lock.held(project / "output" / "2024"):
        assert main([*command, str(project)]) == 4
    assert "E401" in capsys.readouterr().err


def test_exit_code_6_when_the_self_check_fails(project, monkeypatch, capsys):
    def wrong(*_args, **_kwargs):
        raise SelfCheckError(fault("E602", name="sites.gpkg"))

    monkeypatch.setattr("cfmap.publish.release._fill", wrong)
    assert main(["--lang", "zh", "build", str(project)]) == 6
    assert "第 1 版没有改动" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "place"),
    [("check", "cfmap.pipeline.checking.read_all"), ("build", "cfmap.pipeline.building.read_all"), ("versions", "cfmap.pipeline.versions._version_lines")],
)
def test_a_bug_is_said_to_be_ours_with_its_traceback_in_the_log_alone(project, monkeypatch, capsys, tmp_path, command, place):
    def bug(*_args, **_kwargs):
        msg = "ours"
        raise RuntimeError(msg)

    monkeypatch.setattr(place, bug)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert main(["--lang", "zh", command, str(project)]) == 1
    told = capsys.readouterr().err
    assert "cfmap doctor --bundle" in told
    assert "Traceback" not in told
    assert "RuntimeError: ours" in (tmp_path / "cfmap-error.log").read_text(encoding="utf-8")
    if command != "versions":
        assert "RuntimeError: ours" in (project / "output" / "run.jsonl").read_text(encoding="utf-8")


def test_rollback_goes_to_the_version_before_or_the_one_that_is_named(project, capsys):
    assert main(["build", str(project)]) == 0
    capsys.readouterr()
    assert main(["rollback", str(project), "--json"]) == 0
    shown = {v["number"]: v["shown"] for v in json.loads(capsys.readouterr().out)["versions"]}
    assert shown == {1: True, 2: False}
    assert main(["--lang", "zh", "rollback", str(project)]) == 2
    assert "E136" in capsys.readouterr().err
    assert main(["rollback", "2", str(project)]) == 0
    assert "→ 000002" in capsys.readouterr().out
