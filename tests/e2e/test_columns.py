"""A department's own table: asked once which column is which, on a terminal or in a sheet, and never again."""

from __future__ import annotations

import os
import sys
import tomllib

import openpyxl
import pytest

from cfmap.cli import asking, main
from cfmap.model import load_city
from tests.e2e import small_city

THEIRS = ["序号", "单位全称", "位置东", "位置北", "年份", "状态"]
MAPPING = {"名称": "单位全称", "经度": "位置东", "纬度": "位置北"}


@pytest.fixture
def project(tmp_path):
    made = small_city.make(tmp_path)
    settings = made / "cfmap.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_bytes(text.replace("\n", "\r\n").encode())
    for year in (2023, 2024):
        small_city.schools_xlsx(made, [THEIRS, *small_city.school_rows()[1:]], year=year)
    return made


def columns(project):
    return tomllib.loads((project / "cfmap.toml").read_text(encoding="utf-8"))["layers"]["schools"]["sources"][0].get("columns")


def test_without_a_terminal_nothing_is_asked_and_the_line_is_told(project, capsys):
    before = (project / "cfmap.toml").read_bytes()
    assert main(["--lang", "zh", "check", str(project)]) == 3
    told = capsys.readouterr().err
    assert 'columns = { "名称" = "单位全称", "经度" = "位置东", "纬度" = "位置北" }' in told
    assert (project / "cfmap.toml").read_bytes() == before


def test_chosen_in_the_sheet_it_is_taken_in_and_holds_for_the_other_year(project, capsys):
    main(["check", str(project)])
    path = project / "output" / "check.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["列对应"]
    assert [sheet.cell(row, 4).value for row in (3, 4, 5)] == list(MAPPING)
    assert [sheet.cell(row, 5).value for row in (3, 4, 5)] == [None] * 3, "nothing is chosen beforehand"
    lists = book["列对应_选项"]
    assert lists.sheet_state == "hidden"
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert rules["E4"] == "列对应_选项!$B$1:$B$6"
    offered = [lists.cell(row, 2).value for row in range(1, 7)]
    for row, header in zip((3, 4, 5), MAPPING.values(), strict=True):
        sheet.cell(row, 5).value = next(text for text in offered if text.endswith(header))
    book.save(path)
    capsys.readouterr()
    assert main(["--lang", "zh", "check", str(project)]) == 0
    assert "I212" in capsys.readouterr().err
    assert columns(project) == MAPPING
    assert b"\n" not in (project / "cfmap.toml").read_bytes().replace(b"\r\n", b"")
    assert main(["check", "--edition", "2023", str(project)]) == 0


def test_the_population_is_asked_for_as_well(project, capsys):
    for year in (2023, 2024):
        small_city.schools_xlsx(project, year=year)
    path = project / "data/communities.xlsx"
    book = openpyxl.load_workbook(path)
    for cell in book.active[1]:
        cell.value = {"常住人口": "居民数（户籍）", "经度": "位置东"}.get(cell.value, f"{cell.value}（旧）" if "岁" in cell.value else cell.value)
        cell.value = cell.value.replace("岁（旧）", "段")
    book.save(path)
    assert main(["--lang", "zh", "check", str(project)]) == 3
    path = project / "output" / "check.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["列对应"]
    assert [(sheet.cell(row, 3).value, sheet.cell(row, 4).value) for row in (3, 4)] == [("人口", "常住人口"), ("人口", "经度")]
    sheet["E3"], sheet["E4"] = "居民数（户籍）", "位置东"
    book.save(path)
    assert main(["--lang", "zh", "check", str(project)]) == 0
    assert load_city(project).population.columns == {"常住人口": "居民数（户籍）", "经度": "位置东"}


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal")
def test_on_a_terminal_it_is_asked_once(project):
    code, told = _typed(project, [b"\r", b"c\r", b"\xe4\xbd\x8d\xe7\xbd\xae\xe5\x8c\x97\r"])  # the guess, a letter, a header
    assert code == 0, told
    assert columns(project) == MAPPING
    assert main(["check", str(project)]) == 0


def test_no_input_never_asks(project, monkeypatch):
    monkeypatch.setattr(asking, "somebody_is_there", lambda: True)
    monkeypatch.setattr(asking, "ask", lambda _: pytest.fail("asked"))
    assert main(["check", "--no-input", str(project)]) == 3


def _typed(project, keys):
    """Run the check on a terminal of its own and type an answer at each question."""
    import pty
    import subprocess

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "cfmap", "--lang", "zh", "check", str(project)]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env={k: v for k, v in os.environ.items() if k != "CI"})
    os.close(theirs)
    told, waiting = b"", list(keys)
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        told += piece
        if waiting and told.count("没有就输入 0: ".encode()) > len(keys) - len(waiting):
            os.write(ours, waiting.pop(0))
    os.close(ours)
    return process.wait(timeout=60), told.decode(errors="replace")
