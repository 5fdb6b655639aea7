"""The fault table: each row made in a small city, told by its code, with the place and the exit code; nothing published before changes."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from cfmap.cli import main
from tests.e2e import small_city
from tests.faults.table import coordinates, geometry, security, streets, system, text  # noqa: F401 - they fill the table
from tests.faults.table.case import CASES, ELSEWHERE, OPEN

ROWS = [*(f"F{n:02d}" for n in range(1, 81)), *(f"S{n:02d}" for n in range(1, 21))]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    project = small_city.make(tmp_path_factory.mktemp("published"))
    assert main(["build", str(project)]) == 0
    return project


@pytest.fixture
def project(published, tmp_path):
    return shutil.copytree(published, tmp_path / "city")


@pytest.mark.parametrize("case", CASES, ids=[f"{c.row} {c.title}" for c in CASES])
def test_row(case, project, capsys, record_property):
    record_property("row", (case.row, case.title, case.code, case.exit))
    published = project / "output" / "2024"
    before = small_city.tree(published)
    assert before
    proof = case.make(project)
    capsys.readouterr()
    if case.exit:
        exit_code = main(["--lang", "zh", "build", str(project)])
        told = capsys.readouterr().err
        blocks = re.findall(r"^(?:错误|警告|提示) .*?(?=^(?:错误|警告|提示) |\Z)", told, re.MULTILINE | re.DOTALL)
    else:
        exit_code = main(["--lang", "zh", "check", "--json", str(project)])
        found = capsys.readouterr()
        told = found.out + found.err
        blocks = [f"错误 {_rendered(f)}" for f in json.loads(found.out)["faults"]] if found.out else []
    if proof is not None:
        assert proof() is not False
    assert exit_code == case.exit, told
    assert "Traceback" not in told
    assert small_city.tree(published) == before  # neither a stopped build nor a check touches what is published
    if case.code:
        ours = [b for b in blocks if f" {case.code}" in b]
        assert ours, told
        assert any(all(name in block for name in case.names) for block in ours), "\n".join(ours)


def _rendered(record):
    from cfmap.model.messages import LEVELS

    place = f"{record['file']} 工作表“{record['sheet']}” 第 {record['row']} 行 {record['letter']} 列“{record['column']}” = {record['value']}"
    return f"{LEVELS[record['code'][0]]} {record['code']} {place} {record['what']} {record['why']} {record['how']}"


def test_every_row_is_tested_or_says_why_not():
    held = {case.row for case in CASES} | set(ELSEWHERE)
    assert sorted(held | set(OPEN)) == ROWS
    assert not {row for row in OPEN if row in held and not OPEN[row].startswith("in part")}
    assert len(held) >= 70


@pytest.mark.parametrize("row", sorted(ELSEWHERE))
def test_the_tests_that_hold_a_row_elsewhere_are_there(repository, row):
    for node in ELSEWHERE[row]:
        file, _, name = node.partition("::")
        assert f"def {name}" in (repository / file).read_text(encoding="utf-8")
