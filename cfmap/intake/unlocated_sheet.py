"""Which sites still lack coordinates: the sheet 无坐标点位 of check.xlsx, to be sent back or looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from cfmap.intake.check_book import Checked

SHEET = "无坐标点位"
_COLUMNS = (("name", "名称", 30), ("id", "编号", 24), ("town", "乡镇街道", 16), ("address", "地址", 40), ("year", "年份", 8), ("status", "状态", 8))
_NOTE = (
    "这些点位没有可用的坐标：都计数、都在列表里，不上图，也不算步行范围。请原单位补上经纬度；有地址的可以用 cfmap geocode 查，核对后采用。"
    " / Sites without usable coordinates: counted and listed, not on the map."
)


def add_sheets(book: Any, checked: Checked) -> None:
    """Add the sheet: every site without coordinates, layer by layer, with the row it stands in."""
    layers = [data for data in checked.layers.values() if len(data.unlocated)]
    if not layers:
        return
    sheet = book.add_worksheet(SHEET)
    head = book.add_format({"bold": True, "bg_color": "#D9D9D9", "border": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    counts = "；".join(f"{data.layer.title} {len(data.unlocated)} 处" for data in layers)
    headers = [("图层", 22), *((title, width) for _, title, width in _COLUMNS), ("文件", 30), ("工作表", 16), ("行", 7)]
    sheet.merge_range(0, 0, 0, 4, f"{_NOTE}\n{counts}", wrap)
    sheet.set_row(0, 64)
    for column, (text, width) in enumerate(headers):
        sheet.write_string(1, column, text, head)
        sheet.set_column(column, column, width)
    row = 2
    for data in layers:
        for record in data.unlocated.to_dict("records"):
            file, page, number = data.origin.get(str(record["id"]), (record["source"], None, None))
            cells = (data.layer.title, *("" if pd.isna(record[key]) else str(record[key]) for key, _, _ in _COLUMNS), file or "", page or "")
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text, wrap)
            if number is not None:
                sheet.write_number(row, len(cells), number)
            row += 1
    sheet.freeze_panes(2, 2)
    sheet.autofilter(1, 0, row - 1, len(headers) - 1)
