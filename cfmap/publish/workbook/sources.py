"""How is each number defined, and where is it from?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.publish.workbook.cells import STATUS_TITLES, number

if TYPE_CHECKING:
    from cfmap.model.edition import Edition
    from cfmap.publish.sheets import Pen

NAME = "数据来源与口径"
WIDTHS = (34, 40, 12, 9, 24, 60, 60, 13, 36, 16)


def add(pen: Pen, edition: Edition) -> None:
    """Add the sheet: a row for every number, with formula, denominator, date and sources."""
    headers = ("编号", "指标", "数值", "单位", "分母", "口径", "Definition", "数据日期", "来源", "完整性")
    sheet = pen.sheet(NAME, headers, WIDTHS, fixed=2)
    row = 2
    for i in edition.indicators:
        told = (i.id, i.title, number(i), i.unit, i.denominator, i.definition, i.definition_en, i.data_date, "；".join(i.sources), STATUS_TITLES[i.status])
        pen.row(sheet, row, told, WIDTHS)
        row += 1
    sheet.autofilter(1, 0, max(row - 1, 2), len(headers) - 1)
    people = edition.population
    for zh, en in people.method if people is not None else ():
        pen.row(sheet, row, ("", "人口怎样落到地上", "", "", "", zh, en, *[""] * 3), WIDTHS)
        row += 1
    for town, factor in people.factors.items() if people is not None else ():
        pen.row(sheet, row, ("", f"人口栅格校准系数 · {town}", factor, "", "官方常住人口 ÷ 栅格人口", *[""] * 5), WIDTHS)
        row += 1
    sheet.print_area(0, 0, row, len(headers) - 1)
