"""What did the lead units report on the plan's targets, and which statistics did the bureau supply?"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

YEAR = 2024
EVIDENCE = "data/2024/证据/年度总结（演示）.txt"
#: Lead unit -> target, what it reports, day of the number, whether it hands in evidence; the others have not answered yet.
REPORTS: dict[str, tuple[tuple[str, str, float | str, str, bool], ...]] = {
    "市教育局": (
        ("ruian-017", "体质健康优秀率", 57.3, "2024-11-30", True),
        ("ruian-047", "职高毕业生就业率", 97.2, "2024-09-30", True),
        ("ruian-048", "教育设施布局专项规划", "已报批", "2022-12-15", True),
        ("ruian-059", "总体近视发生率", 51.4, "2024-11-30", False),
        ("ruian-098", "全龄段安全教育", 3, "2024-12-10", False),
        ("ruian-099", "每校安全设施培训", 2, "2024-12-10", False),
    ),
    "市卫生健康局": (
        ("ruian-018", "儿童残疾早期筛查率", 99.1, "2024-12-20", False),
        ("ruian-051", "孕产妇系统管理率", 96.4, "2024-12-20", True),
        ("ruian-055", "严重致残出生缺陷发生率", 4.1, "2024-12-20", True),
        ("ruian-061", "儿科医师培训", 1, "2024-10-08", False),
    ),
    "市妇儿工委办": (
        ("ruian-039", "儿童参与培训", 2, "2024-08-15", True),
        ("ruian-040", "儿童参与主题活动", 4, "2024-12-01", True),
        ("ruian-113", "形象标识系统", 1, "2022-11-11", True),
    ),
    "市民政局": (("ruian-042", "儿童友好的组织", 2, "2024-12-05", False), ("ruian-043", "公益慈善项目", 1, "2024-12-05", False)),
    "市文化和广电旅游体育局": (("ruian-032", "文旅智慧化场景", 1, "2024-11-20", False), ("ruian-111", "文旅主题活动", 3, "2024-11-20", True)),
}
#: Town ("全市" = whole city), statistic, number, source.
STATISTICS: tuple[tuple[str, str, float, str], ...] = (
    ("全市", "适龄儿童入园需求满足率", 100.0, "教育统计年报（演示）"),
    ("全市", "流动儿童入学率", 100.0, "教育统计年报（演示）"),
    ("全市", "残疾儿童十五年基础教育入学率", 94.2, "残联年报（演示）"),
    ("全市", "儿童健康监测管理覆盖率", 93.5, "卫生健康统计年报（演示）"),
    ("全市", "儿童近视筛查人口覆盖率", 98.6, "卫生健康统计年报（演示）"),
)


def write_ledger(out: Path) -> None:
    """Write the reports, the statistics and the one evidence file of the plan's last year."""
    folder = out / str(YEAR)
    proof = out / EVIDENCE.removeprefix("data/")
    proof.parent.mkdir(parents=True, exist_ok=True)
    proof.write_text("演示数据：这不是任何单位的总结。\nDemo data: no unit's report.\n", encoding="utf-8", newline="\n")
    headers = ("编号", "事项", "上报数值", "数据日期", "证据文件", "备注")
    sheets = {unit: [(i, what, value, day, EVIDENCE if given else "", "") for i, what, value, day, given in rows] for unit, rows in REPORTS.items()}
    _book(folder / "目标填报.xlsx", headers, sheets, title="{unit}：目标填报（演示数据）")
    statistics = [(town, name, value, YEAR, source) for town, name, value, source in STATISTICS]
    _book(folder / "统计.xlsx", ("乡镇街道", "统计项", "数值", "年份", "来源"), {"统计": statistics})


def _book(path: Path, headers: Sequence[str], sheets: dict[str, Iterable[Sequence[Any]]], *, title: str = "") -> None:
    with xlsxwriter.Workbook(path) as book:
        created = datetime(2024, 12, 31)  # noqa: DTZ001 - a workbook knows no zones
        book.set_properties({"created": created, "title": "演示数据", "comments": "演示数据：由程序生成，不是真实信息"})
        head, bold = book.add_format({"bold": True, "bg_color": "#e8f0e8", "border": 1}), book.add_format({"bold": True, "font_size": 14})
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            top = 0
            if title:
                page.write_string(0, 0, title.format(unit=name), bold)
                top = 1
            for column, header in enumerate(headers):
                page.write_string(top, column, header, head)
                page.set_column(column, column, 26 if column in (1, 4) else 13)
            for row, cells in enumerate(rows, start=top + 1):
                for column, value in enumerate(cells):
                    if value != "":
                        page.write(row, column, value)
            page.freeze_panes(top + 1, 2)
