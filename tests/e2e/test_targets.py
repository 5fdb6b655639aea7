"""The target ledger end to end in a small city: the command, the edition's files, reports by workbook, a plan that has ended."""

from __future__ import annotations

import json

import openpyxl
import pytest

from cfmap import cli, pipeline
from cfmap.intake.ledger_columns import COLUMNS
from tests.e2e import small_city

LEDGER = "data/台账.xlsx"
ROWS = (
    {
        "编号": "x-1",
        "事项": "托位",
        "类别": "A",
        "目标": ">=30",
        "目标数值": 30,
        "比较": ">=",
        "规则": "per_thousand",
        "图层与条件": "childcare",
        "数值列": "places",
        "人群": "residents",
        "牵头单位": "卫健局",
    },
    {
        "编号": "x-2",
        "事项": "每镇有学校",
        "类别": "A",
        "目标": "100",
        "目标数值": 100,
        "比较": ">=",
        "规则": "presence",
        "图层与条件": "schools",
        "牵头单位": "教育局；卫健局",
    },
    {
        "编号": "x-3",
        "事项": "友好学校",
        "类别": "A",
        "目标": "5",
        "目标数值": 5,
        "比较": ">=",
        "规则": "count",
        "图层与条件": "schools[pilot=试点]",
        "牵头单位": "教育局",
    },
    {
        "编号": "x-4",
        "事项": "托育走得到",
        "类别": "A",
        "目标": "50",
        "目标数值": 50,
        "比较": ">=",
        "规则": "people_reach",
        "图层与条件": "childcare",
        "人群": "children_0_2",
    },
    {"编号": "x-5", "事项": "年度培训", "类别": "C", "目标": ">=2", "目标数值": 2, "比较": ">=", "规则": "reported", "牵头单位": "教育局"},
)


def ledger(folder, *, last=2024):
    """A ledger of five rows, as somebody fills in the template."""
    path = folder / LEDGER
    assert cli.main(["targets", "--template", str(path)]) == 0
    book = openpyxl.load_workbook(path)
    for row, value in enumerate(["小城", "小城计划", "小文〔2023〕1号", 2023, last], start=2):
        book["计划"].cell(row, 2).value = value
    headers = [header for header, _ in COLUMNS.values()]
    for number, row in enumerate(ROWS, start=2):
        for header, value in row.items():
            book["目标"].cell(number, headers.index(header) + 1).value = value
    book.save(path)
    settings = folder / "cfmap.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + f'[targets]\nledger = "{LEDGER}"\n', encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return ledger(small_city.make(tmp_path_factory.mktemp("city")))


def answer(capsys, *args):
    code = cli.main(["targets", *args, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_citys_rows_are_listed_without_any_project(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    code, told = answer(capsys, "--city", "瑞安市")
    assert code == 0
    assert len(told["targets"]) == 114
    assert {"id", "item", "tier", "target", "unit", "year", "clause", "status", "now", "gap"} <= set(told["targets"][0])
    assert {row["status"] for row in told["targets"]} == {"cannot tell", "not spatial"}
    assert all(row["reason"] and row["now"] is None for row in told["targets"])
    code, told = answer(capsys, "--city", "某市")
    assert (code, [f["code"] for f in told["faults"]]) == (2, ["E172"])
    assert cli.main(["--lang", "zh", "targets", "--city", "常州", "--summary"]) == 0
    assert "A（图上可算）46 项" in capsys.readouterr().out


def test_an_edition_judges_reports_and_keeps_it_all(project, capsys, tmp_path):
    reports = project / "data/2024/目标填报.xlsx"
    code, told = answer(capsys, str(project), "--export", str(reports))
    rows = {r["id"]: r for r in told["targets"]}
    assert code == 0
    assert (rows["x-1"]["status"], rows["x-1"]["now"], rows["x-1"]["gap"]) == ("met", 30, 0)  # 600 places, 20,000 residents
    assert (rows["x-2"]["status"], rows["x-2"]["now"]) == ("short", 50)  # all schools in the east
    assert [p["name"] for p in rows["x-2"]["lacking"]] == ["西镇"]
    assert (rows["x-3"]["status"], rows["x-3"]["lower"], rows["x-3"]["upper"]) == ("cannot tell", 0, 12)  # nobody filled in the pilots
    assert (rows["x-4"]["status"], rows["x-4"]["now"]) == ("short", 25)  # 100 of 400 children
    assert rows["x-5"]["status"] == "not spatial"  # nobody has been asked yet

    book = openpyxl.load_workbook(reports)
    page = book["教育局"]
    row = next(r for r in range(4, page.max_row + 1) if page.cell(r, 1).value == "x-5")
    page.cell(row, 9).value = 3
    book.save(reports)
    made = pipeline.build(project, public=False, out=tmp_path)
    place = made.release.pointer.parent / "versions" / f"{made.release.version:06d}"
    written = {r["id"]: r for r in json.loads((place / "targets.json").read_text(encoding="utf-8"))["targets"]}
    same = ("x-1", "x-2", "x-3", "x-4")
    assert {i: (written[i]["status"], written[i]["now"]) for i in same} == {i: (rows[i]["status"], rows[i]["now"]) for i in same}
    assert (written["x-5"]["status"], written["x-5"]["now"]) == ("reported, unchecked", 3)
    sheets = openpyxl.load_workbook(place / "indicators.xlsx").sheetnames
    assert [s for s in sheets if s.startswith("督考·")] == ["督考·教育局", "督考·卫健局", "督考·文件未列明"]


def test_before_there_are_streets_all_but_walking_is_judged(tmp_path, capsys):
    project = ledger(small_city.make(tmp_path))
    (project / "data" / "network.osm").unlink()
    code, told = answer(capsys, str(project))
    rows = {r["id"]: r for r in told["targets"]}
    assert (code, [f["code"] for f in told["faults"]]) == (0, ["W495"])
    assert {i: (rows[i]["status"], rows[i]["now"]) for i in ("x-1", "x-2", "x-4")} == {"x-1": ("met", 30), "x-2": ("short", 50), "x-4": ("cannot tell", None)}
    small_city.childcare_csv(project, [["没有用的一行"]])  # anything else that is wrong stops as ever
    code, told = answer(capsys, str(project))
    assert code == 3
    assert "E495" in {f["code"] for f in told["faults"]}


def test_a_public_edition_says_nothing_of_it(project, tmp_path):
    settings = project / "cfmap.toml"
    text = settings.read_text(encoding="utf-8")
    assert "indicators" not in text
    edition = pipeline.compute(pipeline.read_inputs(project), public=True)
    assert len(edition.targets) == 5
    from cfmap.publish.public import public

    assert public(edition)[0].targets == ()


def test_a_broken_ledger_is_told_with_its_row_and_stops(tmp_path, capsys):
    project = ledger(small_city.make(tmp_path))
    book = openpyxl.load_workbook(project / LEDGER)
    headers = [header for header, _ in COLUMNS.values()]
    book["目标"].cell(2, headers.index("图层与条件") + 1).value = "chilcare"
    book["目标"].cell(4, headers.index("比较") + 1).value = "大约"
    book.save(project / LEDGER)
    code = cli.main(["check", str(project), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert code == 3
    assert "E171" in {f["code"] for f in told["faults"]}
    found = next(f for f in told["faults"] if f["code"] == "E171")
    assert (found["file"], found["sheet"], found["row"]) == (LEDGER, "目标", 4)


def test_without_a_ledger_the_command_says_how_to_name_one(tmp_path, capsys):
    project = small_city.make(tmp_path)
    assert cli.main(["--lang", "zh", "targets", str(project)]) == 2
    assert "ruian-2022-2024" in capsys.readouterr().err
