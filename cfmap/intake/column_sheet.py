"""For clerks without a terminal: the sheet 列对应 of check.xlsx, where a column is chosen from a drop-down and taken in by the next check."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from cfmap.intake.columns import asked_of, handed_in
from cfmap.intake.reader import read_grid
from cfmap.model.errors import CfmapError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cfmap.intake.check_book import Checked
    from cfmap.intake.columns import Question
    from cfmap.intake.coordinates import Extent
    from cfmap.model.city import City
    from cfmap.model.layer import Layer
    from cfmap.model.settings_edit import Place

SHEET, LISTS = "列对应", "列对应_选项"
_HEADERS = ("文件", "工作表", "图层", "要找的列", "您表里的列（点这里选）", "像是", "里面的值，例如")
_WIDTHS = (30, 14, 14, 16, 30, 24, 44)
_CHOSEN = _HEADERS.index("您表里的列（点这里选）")
_KEY = len(_HEADERS)  # a hidden column: which question the line is
_HEAD_ROW = 1
_NOTE = (
    "每一行：这个文件里没有找到左边写的列。请在黄色格子里选出是哪一列，保存并关闭，再运行一次 cfmap check；选过的会记住，明年不再问。没有这一列就空着。"
    " / Choose the column in the yellow cell, save, close, and run cfmap check again; the choice is remembered. Leave it empty where there is none."
)


def add_sheets(book: Any, checked: Checked) -> None:
    """Add the sheet, with a drop-down of the file's own headers for each question, and nothing chosen beforehand."""
    asked = checked.asked
    if not asked:
        return
    sheet, lists = book.add_worksheet(SHEET), book.add_worksheet(LISTS)
    head = book.add_format({"bold": True, "bg_color": "#D9D9D9", "border": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    yellow = book.add_format({"bg_color": "#FFF2CC", "border": 1, "num_format": "@", "valign": "top"})
    sheet.merge_range(0, 0, 0, len(_HEADERS) - 1, _NOTE, wrap)
    sheet.set_row(0, 48)
    for column, (text, width) in enumerate(zip(_HEADERS, _WIDTHS, strict=True)):
        sheet.write_string(_HEAD_ROW, column, text, head)
        sheet.set_column(column, column, width)
    sheet.set_column(_KEY, _KEY, None, None, {"hidden": True})
    for number, question in enumerate(asked):
        row = _HEAD_ROW + 1 + number
        likely = [question.choices[i] for i in question.likely]
        values = "；".join(f"{c.label}：{'、'.join(c.samples)}" for c in likely)
        texts = (question.file, question.sheet or "", question.layer, question.title, "", "、".join(c.shown for c in likely), values)
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, wrap) if text else sheet.write_blank(row, column, None, yellow if column == _CHOSEN else wrap)
        sheet.write_string(row, _KEY, _name(question))
        for line, choice in enumerate(question.choices):
            lists.write_string(line, number, choice.shown)
        source = f"={LISTS}!${_letters(number)}$1:${_letters(number)}${len(question.choices)}"
        sheet.data_validation(row, _CHOSEN, row, _CHOSEN, {"validate": "list", "source": source, "error_message": "请从下拉列表里选"})
    sheet.freeze_panes(_HEAD_ROW + 1, 0)
    lists.hide()


def read_answers(workbook: Path, city: City, layers: Mapping[str, Layer], *, year: int, extent: Extent | None) -> list[tuple[Question, int]]:
    """
    What was chosen in an earlier check's workbook and is still open; nothing where there is no such sheet.

    A choice that is no column of the table any more is left out: the question stands again in the next workbook.
    """
    if not workbook.is_file():
        return []
    try:
        grid = read_grid(workbook, sheet=SHEET, file=workbook.name) or []
    except (CfmapError, OSError):
        return []
    chosen = {row[_KEY]: row[_CHOSEN].strip() for row in grid[_HEAD_ROW + 1 :] if len(row) > _KEY and row[_CHOSEN].strip()}
    answers = []
    for question in _open(city, layers, {name.rpartition("/")[0] for name in chosen}, year=year, extent=extent):
        wanted = chosen.get(_name(question), "")
        position = next((i for i, c in enumerate(question.choices) if wanted in {c.shown, c.header, c.label} - {""}), None)
        if position is not None:
            answers.append((question, position))
    return answers


def _open(city: City, layers: Mapping[str, Layer], places: set[str], *, year: int, extent: Extent | None) -> list[Question]:
    found: list[Question] = []
    for handed in handed_in(city, layers, year=year):
        with suppress(CfmapError):  # the check that follows tells
            if _named(handed.place) in places:
                found += asked_of(handed, city, year=year, extent=extent)
    return found


def _named(place: Place) -> str:
    return "/".join(map(str, place))


def _name(question: Question) -> str:
    return f"{_named(question.place)}/{question.key}"


def _letters(column: int) -> str:
    from cfmap.intake.workbook_facts import letter

    return letter(column + 1)
