"""F68-F80: files, system, process."""

from __future__ import annotations

import io
import json
import re
import sys
import time
from datetime import UTC, datetime
from importlib import import_module

import pytest

from cfmap.cli import main
from cfmap.intake import reader
from cfmap.publish import clock
from tests.faults.table.case import CHILDCARE, ELSEWHERE, OPEN, SCHOOLS, case
from tests.faults.table.change import NAMES, right, schools, settings

ELSEWHERE["F68"] = (
    "tests/faults/test_publish_disk.py::test_a_full_disk_is_told_and_the_last_version_stands",
    "tests/faults/test_publish_faults.py::test_an_error_at_any_write_leaves_the_last_version_as_it_was",
)
ELSEWHERE["F69"] = (
    "tests/faults/test_publish_killed.py::test_killed_at_each_change_of_the_disk_readers_see_one_whole_version",
    "tests/faults/test_crash.py::test_a_real_build_that_is_killed_or_fails_leaves_one_whole_version",
)
ELSEWHERE["F70"] = (
    "tests/e2e/test_bad_input.py::test_interrupted_build_leaves_what_stood_before",
    "tests/faults/test_publish_faults.py::test_ctrl_c_at_any_write_leaves_the_last_version_as_it_was",
)
ELSEWHERE["F71"] = ("tests/faults/test_publish_faults.py::test_a_second_run_is_refused_while_the_first_one_writes",)
ELSEWHERE["F72"] = (
    "tests/faults/test_publish_faults.py::test_a_pointer_that_windows_never_gives_back_is_named",
    "tests/e2e/test_records.py::test_a_list_that_is_held_open_does_not_cost_the_map",
)
for _row in ("F73", "F74", "F76"):
    ELSEWHERE[_row] = ("tests/surroundings/test_hostile.py::test_a_build_in_awkward_surroundings_is_the_ordinary_one_byte_for_byte",)
ELSEWHERE["F79"] = ("tests/faults/test_publish_faults.py::test_a_version_much_poorer_than_the_last_waits_for_confirmation",)


def _main(*arguments, monkeypatch):
    """Run a command, its words as bytes of code page 936."""
    with monkeypatch.context() as patch:
        streams = {name: io.TextIOWrapper(io.BytesIO(), encoding="gbk") for name in ("stdout", "stderr")}
        for name, stream in streams.items():
            patch.setattr(sys, name, stream)
        code = main(list(arguments))
        for stream in streams.values():
            stream.flush()
    return code, b"".join(stream.buffer.getvalue() for stream in streams.values()).decode("gbk")


@case("F74", "a console in code page 936", "W234", SCHOOLS)
def _(project):
    schools(project, lambda rows: rows[2].__setitem__(slice(1, 3), ["第² ✓ 🙂 小学", rows[2][2] + 0.2]))

    def proof():
        with pytest.MonkeyPatch.context() as patch:
            code, told = _main("--lang", "zh", "check", str(project), monkeypatch=patch)
        assert code == 0
        assert "警告 W234" in told
        assert "Traceback" not in told

    return proof


@case("F76", "another time zone: the manifest tells UTC", "")
def _(project):
    def proof():
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TZ", "America/New_York")
            time.tzset()
            try:
                assert clock.stamp(clock.now()) == datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
            finally:
                patch.undo()
                time.tzset()
        manifest = json.loads(next((project / "output/2024/versions").glob("*/manifest.json")).read_text(encoding="utf-8"))
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", manifest["finished"])

    return proof


@case("F78", "a part that is not installed", "")
def _(_project):
    def proof():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(import_module("cfmap.cli.doctor"), "PARTS", ("no-such-part",))
            code, told = _main("--lang", "zh", "doctor", monkeypatch=patch)
        assert code == 4
        assert "缺少  no-such-part   pip install no-such-part" in told

    return proof


def _elsewhere(project, name):
    old = project / CHILDCARE
    new = project / "data" / name
    new.parent.mkdir(parents=True, exist_ok=True)
    old.replace(new)
    settings(project, "data/{year}/childcare.csv", f"data/{name}")


@case("F73", "folders and files in Chinese, with blanks and emoji", "")
def _(project):
    _elsewhere(project, "卫健局 2024（最终版）🙂/托育 机构 𠮷.csv")
    return right(project, "name", NAMES)


@case("F73", "a path of more than 260 characters", "")
def _(project):
    _elsewhere(project, "/".join(["很长的文件夹名" * 8] * 6) + "/a.csv")
    return right(project, "name", NAMES)


@case("F73", "a name longer than any system allows", "E200", "长长", exits=3)
def _(project):
    settings(project, "data/{year}/childcare.csv", f"data/{'长' * 300}.csv")


@case("F73", "a link that leads to itself", "E200", CHILDCARE, exits=3)
def _(project):
    (project / CHILDCARE).unlink()
    (project / CHILDCARE).symlink_to(project / CHILDCARE)


@case("F73", "a folder where a file should be", "E200", CHILDCARE, exits=3)
def _(project):
    (project / CHILDCARE).unlink()
    (project / CHILDCARE).mkdir()


@case("F73", "a folder of another computer (UNC): outside the project, refused", "E104", "server", exits=2)
def _(project):
    settings(project, "data/{year}/childcare.csv", "//server/share/childcare.csv")


@case("F75", "a table of 5 GB", "E411", CHILDCARE, "GB", exits=4)
def _(project):
    with (project / CHILDCARE).open("r+b") as stream:
        stream.truncate(5_000_000_000)  # takes no space on the disk


@case("F75", "a GeoJSON of 5 GB", "E411", "data/2024/childcare.geojson", "GB", exits=4)
def _(project):
    path = project / "data/2024/childcare.geojson"
    path.write_text("{", encoding="utf-8")
    with path.open("r+b") as stream:
        stream.truncate(5_000_000_000)
    settings(project, "data/{year}/childcare.csv", "data/{year}/childcare.geojson")


@case("F77", "an unknown key in the settings", "E1", "datun", "datum", exits=2)
def _(project):
    settings(project, 'datum = "gcj02"', 'datun = "gcj02"')


@case("F77", "settings that are no TOML", "E1", "cfmap.toml", exits=2)
def _(project):
    settings(project, "[edition]", "[edition")


@case("F77", "a number where a text should be", "E1", "cfmap.toml", exits=2)
def _(project):
    settings(project, 'producer = "测试局"', "producer = 3")


@case("F77", "a path out of the project", "E1", exits=2)
def _(project):
    settings(project, "data/{year}/childcare.csv", "../../../etc/passwd")


def _broken(project, deed):
    _elsewhere(project, f"{deed}.csv")
    stand_in = reader.Reader("tests.faults.broken_reader", seconds=20)
    before, reader.READER = reader.READER, stand_in

    def restore():
        reader.READER = before
        stand_in.close()

    return restore


for _deed, _code in (("abort", "E270"), ("segv", "E270"), ("panic", "E270"), ("memory", "E272")):
    case("F80", f"a reader that ends by “{_deed}”", _code, f"data/{_deed}.csv", exits=3)(lambda p, deed=_deed: _broken(p, deed))


#: What of a row is not there, or not tested.
OPEN.update(
    {
        "F58": "in part: not compared with the size of the last extract",
        "F72": "in part: the retries are simulated, not run on Windows",
        "F73": "in part: a project on a UNC path needs Windows",
    }
)
