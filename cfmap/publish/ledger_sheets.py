"""Which workbooks go out for the target ledger: the ledger to edit, a sheet for every lead unit to fill in, an empty one for the next plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfmap.indicators.targets import figure
from cfmap.intake.ledger import PLAN_HEADERS, PLAN_ROWS, REPORT_HEADERS, STATISTIC_HEADERS, facts_of
from cfmap.intake.ledger_columns import COLUMNS, GUIDE_SHEET, PLAN_SHEET, TARGET_SHEET, cell
from cfmap.model.target import STATUS_WORDS, TIERS
from cfmap.publish.sheets import OPTIONS, clean
from cfmap.publish.target_pages import by_lead, sheet_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cfmap.model.target import Plan, Target, TargetResult

ROWS = 300  # rows of the template that get drop-downs
_FILL_IN = ("value", "as_of", "evidence", "note")
_SHEET_COLUMNS = (("编号", 14), ("事项", 34), ("类别", 12), ("目标", 18), ("单位", 16), ("年份", 12), ("依据", 14), ("图上现状", 22))
_WIDTHS = {"item": 34, "item_en": 48, "layers": 48, "having": 24, "note": 40, "lead": 24, "supporting": 36, "target": 20, "unit": 18}
_NOTES = (
    "“计划”一页写是哪座城市、哪份文件、从哪年到哪年；“目标”一页一行一个目标。",
    '存进项目的 data 文件夹，在 cfmap.toml 里写 [targets] ledger = "data/我们的台账.xlsx"，运行 cfmap check 看有没有问题。',
    "各牵头单位的页只填黄色的四列；别的列不要改。数填不出就空着，空着是“未上报”，不是 0。",
    "填好的工作簿存成 data/年份/目标填报.xlsx；证据文件也放在 data 文件夹里，写从项目文件夹开始的路径。",
    "统计表存成 data/年份/统计.xlsx，列是：" + "、".join(STATISTIC_HEADERS.values()) + "；全市的数，乡镇街道写“全市”。",
)


def write_export(path: Path, plan: Plan, rules: Mapping[str, str], *, results: Sequence[TargetResult] = ()) -> None:
    """
    Write a ledger as a workbook: 计划 and 目标 to edit, a sheet for each lead unit to fill in, 说明.

    Parameters
    ----------
    rules
        Key of each rule -> what it counts, for the guide.
    results
        What an edition says about the targets; shown beside them where given.
    """
    _write(path, plan, rules, results=results)


def write_template(path: Path, rules: Mapping[str, str]) -> None:
    """Write an empty ledger for the next plan: 计划, 目标 and 说明, with drop-downs."""
    _write(path, None, rules)


def _write(path: Path, plan: Plan | None, rules: Mapping[str, str], *, results: Sequence[TargetResult] = ()) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        styles = {
            "head": book.add_format({"bold": True, "bg_color": "#0b6e4f", "font_color": "#ffffff", "border": 1, "text_wrap": True, "valign": "vcenter"}),
            "fill": book.add_format({"bold": True, "bg_color": "#b45309", "font_color": "#ffffff", "border": 1, "text_wrap": True, "valign": "vcenter"}),
            "open": book.add_format({"bg_color": "#fff7d6", "border": 1, "border_color": "#d0d0d0", "text_wrap": True, "valign": "top", "num_format": "@"}),
            "text": book.add_format({"border": 1, "border_color": "#d0d0d0", "text_wrap": True, "valign": "top"}),
            "title": book.add_format({"bold": True, "font_size": 14}),
            "plain": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        names = [PLAN_SHEET, TARGET_SHEET]
        _plan_sheet(book.add_worksheet(PLAN_SHEET), plan, styles)
        _target_sheet(book.add_worksheet(TARGET_SHEET), plan.targets if plan else (), rules, styles)
        told = {r.target.id: r for r in results}
        for unit, targets in by_lead(plan.targets if plan else ()).items():
            names.append(sheet_name(unit, [*names, GUIDE_SHEET]))
            title = f"{unit}：{plan.title if plan else ''}，{len(targets)} 项"
            _unit_sheet(book.add_worksheet(names[-1]), title, targets, told, styles)
        _guide_sheet(book.add_worksheet(GUIDE_SHEET), rules, styles)


def _plan_sheet(sheet: Any, plan: Plan | None, styles: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 70)
    for column, header in enumerate(PLAN_HEADERS):
        sheet.write_string(0, column, header, styles["head"])
    for row, (name, title) in enumerate(PLAN_ROWS.items(), start=1):
        sheet.write_string(row, 0, title, styles["text"])
        value = getattr(plan, name) if plan else ""
        (sheet.write_number if isinstance(value, int) else sheet.write_string)(row, 1, value, styles["open"])


def _target_sheet(sheet: Any, targets: Sequence[Target], rules: Mapping[str, str], styles: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 2)
    sheet.set_row(0, 32)
    last = max(len(targets), ROWS)
    choices = {"tier": list(TIERS), "operator": [">=", ">", "<=", "<"], "yearly": ["是", "否"], "head": ["是", "否"], "softened": ["basically", "about"]}
    choices |= {"rule": list(rules), "per": ["town", "community"], "bound": ["lower", "upper"], "what": ["map", "yearly", "events"]}
    for column, (name, (header, hint)) in enumerate(COLUMNS.items()):
        sheet.set_column(column, column, _WIDTHS.get(name, max(10, 2 * len(header) + 4)))
        sheet.write_string(0, column, header, styles["head"])
        rule: dict[str, Any] = {"validate": "list", "source": choices[name]} if name in choices else {"validate": "any"}
        sheet.data_validation(1, column, last, column, rule | {"input_title": header, "input_message": hint[:255], "ignore_blank": True})
    for row, target in enumerate(targets, start=1):
        for column, (name, value) in enumerate(facts_of(target).items()):
            shown = cell(name, value)
            if isinstance(shown, float):
                sheet.write_number(row, column, shown, styles["text"])
            elif shown:
                sheet.write_string(row, column, clean(shown), styles["text"])


def _unit_sheet(sheet: Any, title: str, targets: Sequence[Target], told: Mapping[str, TargetResult], styles: dict[str, Any]) -> None:
    sheet.write_string(0, 0, title, styles["title"])
    sheet.write_string(1, 0, "只填黄色的四列；数填不出就空着。几个单位共同牵头的目标，各页都有，商量好填一个数。")
    headers = [h for h, _ in _SHEET_COLUMNS] + [REPORT_HEADERS[name] for name in _FILL_IN]
    widths = [w for _, w in _SHEET_COLUMNS] + [12, 14, 30, 30]
    for column, (header, width) in enumerate(zip(headers, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(2, column, header, styles["head" if column < len(_SHEET_COLUMNS) else "fill"])
    sheet.freeze_panes(3, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    for row, target in enumerate(targets, start=3):
        result = told.get(target.id)
        now = f"{STATUS_WORDS[result.status][0]} {figure(result)}" if result is not None else ""
        tier = f"{target.tier} {TIERS[target.tier][0]}"
        cells = (target.id, target.item, tier, target.target, target.unit, target.year, target.clause, now)
        for column, text in enumerate(cells):
            sheet.write_string(row, column, clean(text), styles["text"])
        for column in range(len(cells), len(headers)):
            sheet.write_blank(row, column, None, styles["open"])
    first, last, value = 3, 2 + len(targets), len(_SHEET_COLUMNS)
    sheet.data_validation(first, value + 1, last, value + 1, {"validate": "any", "input_title": "数据日期", "input_message": "例如 2024-12-31，不晚于今天"})
    message = "data 文件夹里的文件，从项目文件夹写起，例如 data/2024/证据/年报.pdf"
    sheet.data_validation(first, value + 2, last, value + 2, {"validate": "any", "input_title": "证据文件", "input_message": message})


def _guide_sheet(sheet: Any, rules: Mapping[str, str], styles: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 110)
    row = 0
    for note in _NOTES:
        sheet.write_string(row, 1, note, styles["plain"])
        row += 1
    for title, pairs in (("“目标”各列", COLUMNS.values()), ("规则", rules.items())):
        row += 1
        sheet.write_string(row, 0, title, styles["title"])
        for name, text in pairs:
            row += 1
            sheet.write_string(row, 0, name, styles["text"])
            sheet.write_string(row, 1, text, styles["text"])
        row += 1
