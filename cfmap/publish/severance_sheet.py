"""Where do children cross on the way to school? The sheet of crossing points in the workbook of an internal edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cfmap.coverage.perimeter import KINDS as LAYERS
from cfmap.publish.tables import school_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cfmap.coverage.safety.states import State
    from cfmap.model.edition import Edition
    from cfmap.publish.sheets import Pen

NAME = "上学过街点"
KINDS = {"road": ("主干道", "main road"), "railway": ("铁路", "railway"), "water": ("河湖", "water")}
HELP: Mapping[State, str] = {"safe": "有设施", "unsafe": "没有设施", "unknown": "没有资料"}
FORMS = {
    "signalled": ("信号灯", "signals"),
    "marked": ("斑马线", "marked crossing"),
    "bridge": ("天桥或桥", "bridge"),
    "subway": ("地道", "subway"),
    "junction_signals": ("路口信号灯", "signals of the junction"),
    "unmarked": ("没有画线", "unmarked"),
    "none": ("不许过街", "no crossing"),
    "ford": ("涉水", "ford"),
    "": ("没有资料", "unknown"),
}
_HEADERS = ("去哪里", "名次", "横穿什么", "名称", "有没有设施", "设施", "儿童（人）", "居住点（处）", "其中没有人数的", "学校、幼儿园", "经度", "纬度", "编号")
_WIDTHS = (10, 8, 12, 22, 12, 16, 12, 12, 14, 40, 13, 13, 44)


def names(edition: Edition) -> tuple[str, ...]:
    """Name of the sheet, where :func:`add` makes it."""
    return (NAME,) if edition.severance is not None else ()


def add(pen: Pen, edition: Edition) -> None:
    """Write the crossings, of schools first, in order of rank; those with help have none and stand last."""
    if edition.severance is None:
        return
    titles = school_names(edition)
    sheet = pen.sheet(NAME, _HEADERS, _WIDTHS, fixed=4)
    row = 2
    for one in edition.severance.crossings.itertuples():
        schools = "、".join(titles.get(key, key) for key in one.schools.split(";"))
        children = None if pd.isna(one.children) else float(one.children)
        place = (round(one.geometry.x, 6), round(one.geometry.y, 6))
        rank = "" if pd.isna(one.rank) else int(one.rank)
        cells = (
            LAYERS[one.layer][0],
            rank,
            KINDS[one.kind][0],
            one.name or "（没有名称）",
            HELP[one.state],
            FORMS[one.form][0],
            children,
            one.origins,
            one.uncounted,
        )
        pen.row(sheet, row, (*cells, schools))
        for column, degrees in enumerate(place, start=len(cells) + 1):
            sheet.write_number(row, column, degrees, pen.degrees)
        sheet.write_string(row, len(cells) + 3, one.id, pen.text)
        row += 1
    if row == 2:
        pen.row(sheet, row, ("", "", "没有要横穿的主干道、铁路或河湖", *[""] * (len(_HEADERS) - 3)))
        row += 1
    sheet.autofilter(1, 0, row - 1, len(_HEADERS) - 1)
    sheet.print_area(0, 0, row, len(_HEADERS) - 1)


__all__ = ["FORMS", "KINDS", "NAME", "add", "names"]
