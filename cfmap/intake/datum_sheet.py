"""For the clerk and the analyst: the sheet 坐标证据 of check.xlsx, a picture for each table whose datum was judged."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from cfmap.intake import datum_picture
from cfmap.intake.datum_guard import ORDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfmap.intake.check_book import Checked
    from cfmap.intake.datum_tables import Judged

SHEET = "坐标证据"
MOST_PICTURES = 40  # worst first
_ROWS = 16  # of the sheet that a picture covers
_STATES = {
    "wrong": ("坐标系声明错了", "wrong datum"),
    "doubtful": ("可能声明错了，请核对", "perhaps a wrong datum"),
    "open": ("街道看不出来，请部门确认", "the streets cannot tell"),
    "few": ("点位太少，看不出来", "too few sites to tell"),
    "fits": ("和声明的一致", "fits what is declared"),
}
_NOTE = (
    "左图：灰色是街道，蓝圈是按声明的坐标系画出的点位，橙点是按另一种坐标系画出的同一批点位。右图：离街道多少米以内的点位占多少；哪条线先升上去，哪种坐标系就更像是对的。"
    "灰线是往相反方向移同样远，只作对照。设施大多挨着街道；离街道都很远，或者整批朝一个方向偏，就是坐标系错了。只供单位内部核对，不要公开。\n"
    "Left: streets grey, sites as declared blue, the same sites in the other datum orange. Right: share of sites within so many metres of a street; "
    "the line that rises first is the likelier datum; grey: the same shift the other way. For internal checks only."
)


def pictured(checked: Checked) -> Iterator[tuple[Judged, bytes]]:
    """Tables worth a picture, worst first, with it."""
    if checked.streets is None:
        return
    judged = sorted((j for j in checked.datums if j.verdict.state in ORDER and len(j.verdict.here[0])), key=lambda j: ORDER.index(j.verdict.state))
    for one in judged[:MOST_PICTURES]:
        yield one, datum_picture.draw(one.verdict, checked.streets)


def add_sheets(book: Any, checked: Checked) -> None:
    """Add the sheet: for each table what was found, in words, and below it the picture."""
    found = list(pictured(checked))
    if not found:
        return
    sheet = book.add_worksheet(SHEET)
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    head = book.add_format({"bold": True, "bg_color": "#D9D9D9", "border": 1})
    colours = {"wrong": "#FFC7CE", "doubtful": "#FFEB9C", "open": "#DDEBF7", "few": "#DDEBF7", "fits": "#E2EFDA"}
    titles = ("文件", "工作表", "图层", "声明的坐标系", "更像", "点位", "结论", "按声明离街道（米）", "按另一种（米）")
    for column, width in enumerate((34, 14, 20, 16, 12, 8, 26, 18, 16)):
        sheet.set_column(column, column, width)
    sheet.merge_range(0, 0, 0, len(titles) - 1, _NOTE, wrap)
    sheet.set_row(0, 96)
    row = 1
    for judged, picture in found:
        verdict = judged.verdict
        for column, text in enumerate(titles):
            sheet.write_string(row, column, text, head)
        zh, en = _STATES[verdict.state]
        together = f"（同一部门 {judged.pooled} 个表一起）" if judged.pooled > 1 else ""
        likely = verdict.likely if verdict.state in {"wrong", "doubtful"} else ""
        values: tuple[str, ...] = (judged.file, judged.sheet or "", judged.layer, verdict.declared, likely, str(verdict.count), f"{zh}{together} {en}")
        values += (str(verdict.facts.get("as_declared", "")), str(verdict.facts.get("as_likely", "")))
        colour = book.add_format({"text_wrap": True, "valign": "top", "bold": True, "bg_color": colours[verdict.state]})
        for column, text in enumerate(values):
            sheet.write_string(row + 1, column, text, colour if column == 6 else wrap)
        what = f"{judged.file} {verdict.declared} {en}"
        sheet.insert_image(row + 2, 0, "datum.png", {"image_data": io.BytesIO(picture), "x_scale": 0.75, "y_scale": 0.75, "description": what[:250]})
        row += 3 + _ROWS
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
