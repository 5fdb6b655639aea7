"""Ledgers and reports as workbooks: out, filled in, and back, with a record for everything that cannot be used."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import openpyxl
import pytest

from cfmap.indicators.targets import RULE_TITLES, RULES
from cfmap.intake.ledger import facts_of, read_ledgers, read_plans, read_told
from cfmap.intake.ledger_columns import COLUMNS, cell, fact
from cfmap.model import ConfigError, InputError
from cfmap.model.layers import standard_layers
from cfmap.model.ledgers import Row, standard_ledger, standard_ledgers
from cfmap.publish.ledger_sheets import write_export, write_template
from tests.factories import tiny_city

LAYERS = standard_layers()
WORDS = {key: title[0] for key, title in RULE_TITLES.items()}
PLAN = standard_ledger("ruian-2022-2024")


def city(folder, ledger="ruian-2022-2024", **more):
    return tiny_city(folder, targets={"ledger": ledger, **more})


def exported(folder, name="台账.xlsx"):
    (folder / "data" / "2024").mkdir(parents=True, exist_ok=True)
    write_export(folder / "data" / name, PLAN, WORDS)
    return folder / "data" / name


def codes(error):
    return [f.code for f in error.value.faults]


@pytest.mark.parametrize("key", standard_ledgers())
def test_every_target_stands_in_cells_and_comes_back_the_same(key):
    assert set(COLUMNS) == set(Row.model_fields)
    for target in standard_ledger(key).targets:
        cells = {name: str(cell(name, value)) for name, value in facts_of(target).items()}
        back = Row.model_validate({name: f for name, text in cells.items() if (f := fact(name, text)) is not None}).target_row()
        assert back == target


def test_an_exported_ledger_is_read_back_the_same(tmp_path):
    exported(tmp_path)
    (plan,) = read_plans(city(tmp_path, "data/台账.xlsx"), LAYERS, RULES)
    assert plan.targets == PLAN.targets
    assert (plan.city, plan.document, plan.first, plan.last) == (PLAN.city, PLAN.document, PLAN.first, PLAN.last)


def test_an_edited_ledger_counts_and_a_broken_row_is_named(tmp_path):
    path = exported(tmp_path)
    book = openpyxl.load_workbook(path)
    page = book["目标"]
    headers = [c.value for c in page[1]]
    row = next(r for r in range(2, page.max_row) if page.cell(r, 1).value == "ruian-082")
    page.cell(row, headers.index("目标数值") + 1).value = 4
    book.save(path)
    (plan,) = read_plans(city(tmp_path, "data/台账.xlsx"), LAYERS, RULES)
    assert next(t for t in plan.targets if t.id == "ruian-082").value == 4
    page.cell(row, headers.index("规则") + 1).value = "cuont"
    page.cell(row + 1, headers.index("图层与条件") + 1).value = "scools[pilot=试点]"
    page.cell(row + 2, headers.index("图层与条件") + 1).value = "parks[colour=红]"
    book.save(path)
    with pytest.raises(InputError) as error:
        read_plans(city(tmp_path, "data/台账.xlsx"), LAYERS, RULES)
    assert codes(error) == ["E171"] * 3
    assert "schools" in error.value.faults[1].what("zh")
    page.cell(row, headers.index("类别") + 1).value = "D"
    page.cell(row + 1, 1).value = "ruian-081"
    book.save(path)
    with pytest.raises(InputError) as error:
        read_plans(city(tmp_path, "data/台账.xlsx"), LAYERS, RULES)
    assert codes(error) == ["E171", "E175"]
    assert error.value.faults[0].row == row


def test_the_next_plan_comes_from_the_template(tmp_path):
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "下一轮.xlsx"
    write_template(path, WORDS)
    with pytest.raises(InputError) as error:
        read_plans(city(tmp_path, "data/下一轮.xlsx"), LAYERS, RULES)
    assert codes(error) in (["E174"], ["E208"])
    book = openpyxl.load_workbook(path)
    for row, value in enumerate(["示例市", "下一轮计划", "示文〔2026〕1号", 2026, 2030], start=2):
        book["计划"].cell(row, 2).value = value
    for column, value in (
        ("编号", "next-1"),
        ("事项", "儿童友好学校"),
        ("类别", "A"),
        ("目标", "20"),
        ("目标数值", 20),
        ("比较", ">="),
        ("规则", "count"),
        ("图层与条件", "schools[pilot=试点|已命名]"),
        ("牵头单位", "教育局；卫健局"),
    ):
        book["目标"].cell(2, [c.value for c in book["目标"][1]].index(column) + 1).value = value
    book.save(path)
    plans = read_plans(city(tmp_path, ("ruian-2022-2024", "data/下一轮.xlsx")), LAYERS, RULES)
    assert [p.last for p in plans] == [2024, 2030]
    target = plans[1].targets[0]
    assert (target.value, target.lead, target.binding.layers) == (20, ("教育局", "卫健局"), {"schools": {"pilot": "试点|已命名"}})


def test_an_unknown_ledger_is_named_with_the_nearest(tmp_path):
    with pytest.raises(ConfigError) as error:
        read_plans(city(tmp_path, "ruian-2022-2025"), LAYERS, RULES)
    assert codes(error) == ["E170"]
    assert "ruian-2022-2024" in error.value.faults[0].why("zh")
    assert read_ledgers(tiny_city(tmp_path), LAYERS, RULES, year=2024).plans == ()


def fill(path, rows):
    """Write into the sheets of the lead units: id -> (value, date, evidence)."""
    book = openpyxl.load_workbook(path)
    for page in book.worksheets:
        header = next((r for r in range(1, 6) if "上报数值" in [c.value for c in page[r]]), None)
        if header is None:
            continue
        names = [c.value for c in page[header]]
        for r in range(header + 1, page.max_row + 1):
            for key, value in zip(("上报数值", "数据日期", "证据文件"), rows.get(page.cell(r, 1).value, ()), strict=False):
                page.cell(r, names.index(key) + 1).value = value
    book.save(path)


def test_every_lead_unit_has_a_sheet_and_what_it_fills_in_is_read(tmp_path):
    path = exported(tmp_path, "2024/目标填报.xlsx")
    (tmp_path / "data" / "年报.pdf").write_bytes(b"%PDF")
    book = openpyxl.load_workbook(path)
    assert {"市教育局", "市卫生健康局", "市妇儿工委办", "文件未列明"} <= set(book.sheetnames)
    assert all(len(name) <= 31 for name in book.sheetnames)
    fill(path, {"ruian-017": ("61.5", "2024-06-30", "data/年报.pdf"), "ruian-048": ("完成", "2024-05", ""), "ruian-030": (0.008, date(2024, 1, 2), "")})
    told = read_told(city(tmp_path), (PLAN,), years=[2024], today=date(2024, 12, 31))
    reports = told.reports[2024]
    assert (reports["ruian-017"].value, reports["ruian-017"].as_of, reports["ruian-017"].evidence) == (61.5, date(2024, 6, 30), "data/年报.pdf")
    assert (reports["ruian-048"].value, reports["ruian-048"].text) == (None, "完成")
    assert reports["ruian-030"].value == 0.008
    assert told.files == ("data/2024/目标填报.xlsx",)
    assert [f for f in told.faults if f.level != "info"] == []


def test_what_cannot_be_used_is_told_and_left_out(tmp_path):
    path = exported(tmp_path, "2024/目标填报.xlsx")
    fill(path, {"ruian-017": ("六成", "2024-06-30", ""), "ruian-023": (9, "2031-01-01", "data/没有.pdf"), "ruian-089": (1, "下个月", "../../etc/passwd")})
    book = openpyxl.load_workbook(path)
    page = book["市教育局"]
    page.cell(4, 1).value = "ruian-999"
    page.cell(4, 9).value = 5
    book.save(path)
    told = read_told(city(tmp_path), (PLAN,), years=[2024], today=date(2024, 12, 31))
    assert {"W171", "W172", "W173", "W174"} == {f.code for f in told.faults}
    reports = told.reports[2024]
    assert "ruian-017" not in reports
    assert (reports["ruian-089"].value, reports["ruian-089"].as_of, reports["ruian-089"].evidence) == (1, None, "")
    assert all(f.file == "data/2024/目标填报.xlsx" and f.row and f.sheet for f in told.faults)


def test_two_lead_units_that_report_different_numbers_are_told(tmp_path):
    path = exported(tmp_path, "2024/目标填报.xlsx")
    book = openpyxl.load_workbook(path)
    for unit, value in (("市教育局", 61), ("市卫生健康局", 62)):
        page = book[unit]
        row = next(r for r in range(4, page.max_row + 1) if page.cell(r, 1).value == "ruian-017")
        page.cell(row, 9).value = value
    book.save(path)
    told = read_told(city(tmp_path), (PLAN,), years=[2024], today=date(2024, 12, 31))
    assert [f.code for f in told.faults] == ["W175"]
    assert told.reports[2024]["ruian-017"].value in (61, 62)


def test_statistics_by_town_and_for_the_whole_city(tmp_path):
    folder = tmp_path / "data" / "2024"
    folder.mkdir(parents=True)
    book = openpyxl.Workbook()
    for row in (
        ("乡镇街道", "统计项", "数值", "年份", "来源"),
        ("全市", "流动儿童入学率", "99.5%", 2024, "教育局年报"),
        ("东镇", "migrant_enrolment", 98, 2024, ""),
        ("南镇", "migrant_enrolment", 98, 2024, ""),
        ("东镇", "migrant_enrolment", "很高", 2024, ""),
        ("东镇", "幸福指数", 3, 2024, ""),
    ):
        book.active.append(row)
    book.save(folder / "统计.xlsx")
    towns = gpd.GeoDataFrame({"name": ["东镇", "西镇"]}, geometry=gpd.points_from_xy([0, 1], [0, 0]), crs="EPSG:4326")
    told = read_told(city(tmp_path), (PLAN,), years=[2024], towns=towns)
    assert [(s.town, s.id, s.value, s.year, s.source) for s in told.statistics] == [
        ("", "migrant_enrolment", 99.5, 2024, "教育局年报"),
        ("东镇", "migrant_enrolment", 98, 2024, ""),
    ]
    assert [f.code for f in told.faults] == ["W176", "W177", "W178"]


def test_a_file_that_is_named_and_missing_is_told_and_a_broken_one_does_not_stop_the_build(tmp_path):
    (tmp_path / "data" / "2024").mkdir(parents=True)
    assert read_told(city(tmp_path), (PLAN,), years=[2024]).faults == ()
    named = read_told(city(tmp_path, statistics="data/没有.xlsx"), (PLAN,), years=[2024])
    assert [f.code for f in named.faults] == ["W179"]
    (tmp_path / "data" / "2024" / "统计.xlsx").write_bytes(b"not a workbook")
    broken = read_told(city(tmp_path), (PLAN,), years=[2024])
    assert [f.code for f in broken.faults] == ["W170"]
    assert broken.statistics == ()
