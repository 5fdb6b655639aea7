"""For a person to decide: the sheet 重复待核 of check.xlsx, two sites to a line, taken in by the next check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfmap.intake import decisions
from cfmap.intake.decisions import WORDS, Decision
from cfmap.intake.reader import read_grid
from cfmap.model.errors import CfmapError

if TYPE_CHECKING:
    from pathlib import Path

    from cfmap.intake.check_book import Checked

SHEET = "重复待核"
#: Records about two sites -> what is in doubt; each has a fact ``pair``: layer, id and name of the one and of the other.
DOUBTS = {
    "W244": "名称相同，相距很近",
    "W270": "位置相同，名称不同",
    "I270": "两个图层里都有",
    "W271": "和上年的可能是同一处",
}
_HEADERS = ("判断（点这里选）", "疑点", "图层", "名称", "编号", "对照图层", "对照名称", "对照编号", "相距（米）", "在哪里", "对照在哪里")
_WIDTHS = (18, 24, 20, 30, 24, 20, 30, 24, 10, 34, 34)
_VERDICT, _KEYS = 0, len(_HEADERS)  # the two hidden columns behind: keys of the layers
_HEAD_ROW = 1
_NOTE = (
    "每一行是可能重复的两处。在黄色格子里选“同一处”或“不是同一处”，保存并关闭，再运行一次 cfmap check；选过的记在 data/核对.csv，以后不再问。"
    "没选以前两处都留着、都计数。编号相同的行不在这里：只算第一行，见“问题”里的 E221。"
    " / Choose in the yellow cell, save, close, and run cfmap check again. Until then both stay and both count."
)


def add_sheets(book: Any, checked: Checked) -> None:
    """Add the sheet: pairs in doubt, then those that were decided, with their decision, which may be changed here."""
    layers = {key: data.layer.title for key, data in checked.layers.items()}
    lines = [
        _line(DOUBTS[f.code], f.facts["pair"], f.facts.get("metres"), _row(f"{f.file} {f.row or ''}"), _row(f.facts.get("where", "")), layers)
        for f in checked.faults
        if _asked(f)
    ]
    try:
        known = decisions.read(checked.city).by_pair.values()
    except CfmapError:
        known = ()  # type: ignore[assignment]
    lines += [_line("已判断", (*d.one, d.one_name, *d.other, d.other_name), None, "", "", layers, WORDS[d.verdict]) for d in known]
    if not lines:
        return
    sheet = book.add_worksheet(SHEET)
    head = book.add_format({"bold": True, "bg_color": "#D9D9D9", "border": 1, "text_wrap": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    yellow = book.add_format({"bg_color": "#FFF2CC", "border": 1, "num_format": "@", "valign": "top"})
    sheet.merge_range(0, 0, 0, 4, _NOTE, wrap)  # as wide as a screen
    sheet.set_row(0, 66)
    for column, (text, width) in enumerate(zip(_HEADERS, _WIDTHS, strict=True)):
        sheet.write_string(_HEAD_ROW, column, text, head)
        sheet.set_column(column, column, width)
    sheet.set_column(_KEYS, _KEYS + 1, None, None, {"hidden": True})
    for row, cells in enumerate(lines, start=_HEAD_ROW + 1):
        for column, text in enumerate(cells):
            look = yellow if column == _VERDICT else wrap
            sheet.write_string(row, column, text, look) if text else sheet.write_blank(row, column, None, look)
    last = _HEAD_ROW + len(lines)
    sheet.data_validation(_HEAD_ROW + 1, 0, last, 0, {"validate": "list", "source": list(WORDS.values()), "error_message": "请从下拉列表里选"})
    sheet.freeze_panes(_HEAD_ROW + 1, 1)
    sheet.autofilter(_HEAD_ROW, 0, last, len(_HEADERS) - 1)


def _asked(record: Any) -> bool:
    return record.code in DOUBTS and len(record.facts.get("pair", ())) == 6


def _row(place: str) -> str:
    """A file and its row, as a clerk reads it."""
    file, _, row = place.strip().rpartition(" ")
    return f"{file} 第 {row} 行" if row.isdigit() else place.strip()


def _line(doubt: str, pair: tuple[str, ...], metres: Any, where: str, other: str, layers: dict[str, str], verdict: str = "") -> tuple[str, ...]:
    layer, site, name, other_layer, other_site, other_name = pair
    titles = layers.get(layer, layer), layers.get(other_layer, other_layer)
    apart = "" if metres is None else str(metres)
    return (verdict, doubt, titles[1], other_name, other_site, titles[0], name, site, apart, where, other, other_layer, layer)


def read_answers(workbook: Path) -> list[Decision]:
    """What somebody chose in an earlier check's workbook; nothing where there is no such sheet."""
    if not workbook.is_file():
        return []
    try:
        grid = read_grid(workbook, sheet=SHEET, file=workbook.name) or []
    except (CfmapError, OSError):
        return []
    verdicts = {word: verdict for verdict, word in WORDS.items()}
    rows = [row for row in grid[_HEAD_ROW + 1 :] if len(row) > _KEYS + 1 and row[_VERDICT].strip() in verdicts]
    return [Decision((r[_KEYS], r[4]), r[3], (r[_KEYS + 1], r[7]), r[6], verdicts[r[_VERDICT].strip()]) for r in rows]
