"""What leaves of the target ledger: the sheets, the file, and what the public may see."""

from __future__ import annotations

import json
from dataclasses import replace

import openpyxl
import pytest

from cfmap.indicators import compute
from cfmap.indicators.targets import evaluate
from cfmap.model.ledgers import standard_ledger
from cfmap.model.target import Binding, Plan, Reported, Target
from cfmap.publish import WRITERS, release, target_file, target_pages
from cfmap.publish.public import public
from cfmap.publish.sheets import UNKNOWN
from tests.factories import tiny_city, tiny_edition

LONG = "很长很长很长很长很长很长很长很长很长很长很长的某某某某某某某某单位[甲/乙]"


def target(identity, rule, **more):
    return Target(
        identity, f"事项{identity}", "A", ">=3", "处", "2024", "一", 3.0, operator=">=", due=2024, binding=Binding(rule, **more.pop("binding", {})), **more
    )


PLAN = Plan(
    "plan",
    "示例市",
    "示例计划",
    "示文〔2022〕1号",
    2022,
    2024,
    (
        target("t-1", "count", binding={"layers": {"childcare": {}}}, lead=("甲局", "乙局")),
        target("t-2", "count", binding={"layers": {"childcare": {"places": ">=50"}}}, lead=("甲局",)),
        target("t-3", "reported", lead=(LONG,)),
        target("t-4", "people_reach", binding={"layers": {"childcare": {}}, "people": "children_0_2"}),
        target("t-5", "presence", binding={"layers": {"parks": {}}}, lead=("乙局",)),
    ),
)
REPORTS = {2024: {"t-3": Reported("t-3", 2.0, "", None, "data/证据.pdf", "", "data/2024/目标填报.xlsx · 某局", 4)}}


def judged(*, is_public=False, listed=()):
    edition = replace(tiny_edition(public=is_public), city=tiny_city(publish={"indicators": listed}))
    return replace(edition, targets=evaluate([PLAN], edition, reports=REPORTS), indicators=compute(edition))


def sheets_of(folder):
    book = openpyxl.load_workbook(folder / "indicators.xlsx")
    return {page.title: [[c.value for c in row] for row in page] for page in book}


@pytest.fixture(scope="module")
def internal(tmp_path_factory):
    folder = tmp_path_factory.mktemp("internal")
    edition = judged()
    for key in ("workbook", "target_file"):
        WRITERS[key].write(edition, folder)
        assert list(WRITERS[key].check(edition, folder)) == []
    return edition, folder


def test_the_ledger_has_every_row_with_words_and_numbers(internal):
    _edition, folder = internal
    rows = sheets_of(folder)["目标台账"]
    assert [row[0] for row in rows[5:]] == [t.id for t in PLAN.targets]
    by_id = {row[0]: dict(zip(rows[4], row, strict=True)) for row in rows[5:]}
    assert (by_id["t-1"]["状态"], by_id["t-1"]["现状"]) == ("达到", 4)
    assert (by_id["t-2"]["状态"], by_id["t-2"]["现状"]) == ("未达到", "1–2")
    assert by_id["t-3"]["状态"] == "已上报，未核"
    assert by_id["t-4"]["牵头单位"] == "文件未列明"
    assert "示文〔2022〕1号" in rows[1][0]


def test_every_lead_unit_has_a_page_with_what_is_asked_first(internal):
    _edition, folder = internal
    book = sheets_of(folder)
    pages = {name: rows for name, rows in book.items() if name.startswith("督考·")}
    assert set(pages) == {"督考·甲局", "督考·乙局", "督考·文件未列明", target_pages.sheet_name(LONG, (), before="督考·")}
    assert all(len(name) <= 31 for name in book)
    assert [row[0] for row in pages["督考·甲局"][5:]] == ["t-2", "t-1"], "what is short stands before what is met"
    assert "牵头 2 项：未达到 1，达到 1" in pages["督考·甲局"][2][0]
    counted = [(row[0], row[2], row[4], row[5]) for row in book["目标计入的点位"][2:]]
    assert ("t-1", "计入", "K1", "第一托育园") in counted
    assert ("t-5", "还没有", None, "西镇") in counted


def test_unknown_is_said_and_never_nought(internal):
    edition, folder = internal
    nothing = replace(edition, targets=evaluate([standard_ledger("changzhou-2023-2025")], replace(edition, layers={}, coverages=(), perimeter=None)))
    WRITERS["workbook"].write(nothing, folder / "..")
    rows = sheets_of(folder / "..")["目标台账"]
    now = {row[rows[4].index("现状")] for row in rows[5:] if row[0] != "changzhou-062"}
    assert now == {UNKNOWN}


def test_targets_json_holds_the_same_and_null_for_unknown(internal):
    edition, folder = internal
    content = json.loads((folder / "targets.json").read_text(encoding="utf-8"))
    rows = {row["id"]: row for row in content["targets"]}
    assert set(rows) == {t.id for t in PLAN.targets}
    assert (rows["t-1"]["status"], rows["t-1"]["now"], rows["t-1"]["gap"]) == ("met", 4, 0)
    assert (rows["t-2"]["now"], rows["t-2"]["gap"]) == (None, None)
    assert rows["t-3"]["reported"]["evidence"] == "data/证据.pdf"
    assert content["plans"][0]["document"] == "示文〔2022〕1号"
    (folder / "targets.json").write_text("{}", encoding="utf-8")
    assert [f.code for f in WRITERS["target_file"].check(edition, folder)] == ["E601"]


def test_sheet_names_are_allowed_and_unique():
    assert target_pages.sheet_name("a/b", ()) == "a／b"
    assert target_pages.sheet_name("甲局", ("甲局",)) == "甲局(2)"
    assert len(target_pages.sheet_name(LONG, (LONG,), before="督考·")) <= 31


def test_nothing_of_the_ledger_is_public_unless_it_is_listed(tmp_path):
    shown, _ = public(judged(is_public=True))
    assert shown.targets == ()
    WRITERS["workbook"].write(shown, tmp_path)
    assert not [name for name in sheets_of(tmp_path) if "目标" in name or "督考" in name]
    one, faults = public(judged(is_public=True, listed=("targets.t-5",)))
    assert [t.target.id for t in one.targets] == ["t-5"]
    assert "W601" not in [f.code for f in faults]
    assert one.targets[0].lacking == ()
    every, _ = public(judged(is_public=True, listed=("targets",)))
    text = json.dumps(target_file.content(every), ensure_ascii=False)
    assert len(every.targets) == 5
    assert '"K1"' not in text, "sites go by their public ids"
    assert "证据.pdf" not in text
    assert "目标填报" not in text


def test_a_share_that_would_give_children_away_is_not_public():
    shown, _ = public(judged(is_public=True, listed=("targets",)))
    reach = next(t for t in shown.targets if t.target.id == "t-4")
    assert reach.now == pytest.approx(100 * 150 / 176, abs=1e-6)
    small = judged(is_public=True, listed=("targets",))
    people = small.coverages[0].people.copy()
    for column in ("pop_0_2", "pop_0_2_covered_800", "pop_0_2_covered_1000"):
        people.loc[people["town"] == "", column] = 6.0
    few = replace(small, coverages=(replace(small.coverages[0], people=people),))
    few = replace(few, targets=evaluate([PLAN], few))
    gone = next(t for t in public(few)[0].targets if t.target.id == "t-4")
    assert (gone.now, gone.status) == (None, "cannot tell")


def test_an_ended_plan_takes_its_result_from_the_edition_of_its_last_year(tmp_path):
    edition = judged()
    release.publish(edition, out=tmp_path / "2024-internal", writers={key: WRITERS[key] for key in ("target_file",)})
    kept = target_file.finals([PLAN], tmp_path, year=2026)
    assert {i: (r.status, r.now) for i, r in kept.items()} == {r.target.id: (r.status, r.now) for r in edition.targets}
    assert target_file.finals([PLAN], tmp_path, year=2024) == {}
    assert target_file.finals([PLAN], tmp_path / "nothing", year=2026) == {}
    later = replace(edition, year=2026, layers={}, coverages=())
    results = evaluate([PLAN], later, finals=kept)
    assert [r.status for r in results] == ["expired"] * 5
    assert [r.judged for r in results] == [r.status for r in edition.targets]
