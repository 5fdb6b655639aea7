"""What goes back to the clerk: their own tables with the bad cells red, and one list of all faults."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cfmap.intake.reader import read_grid
from cfmap.model.errors import CfmapError
from cfmap.model.messages import LEVEL_TITLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfmap.intake.check_book import Checked
    from cfmap.model.city import City
    from cfmap.model.messages import Fault

LIST_SHEET = "问题"
MAX_ROWS_COPIED = 20_000  # rows of a table that are copied; the faults beyond stand in the list all the same
_COLOURS = {"error": "#FFC7CE", "warning": "#FFEB9C", "info": "#DDEBF7"}
_ORDER = {"error": 0, "warning": 1, "info": 2}
_CELL = re.compile(r"\b([A-Z]{1,3})([1-9]\d{0,6})\b")
_HEADERS = ("级别", "代码", "文件", "工作表", "行", "列", "单元格里的值", "问题", "原因", "怎么改", "What", "Why", "How")
_WIDTHS = (6, 7, 30, 14, 7, 14, 20, 40, 44, 44, 40, 40, 40)


def add_sheets(book: Any, checked: Checked) -> None:
    """
    Add sheet 问题 and the faulty tables.

    Sheet 问题 has one line per fault, errors first, each linked to its cell; then comes one sheet per faulty table, a copy of
    the department's with bad cells coloured and the message as a comment. The originals are only read.

    Parameters
    ----------
    book
        ``xlsxwriter.Workbook`` to add to.
    checked
        What the check knows.
    """
    records = sorted(checked.faults, key=lambda f: _ORDER[f.level])
    listing = book.add_worksheet(LIST_SHEET)
    _write_list(book, listing, records, _write_copies(book, records, checked.city))


def _write_list(book: Any, sheet: Any, records: Sequence[Fault], links: dict[int, str]) -> None:
    head = book.add_format({"bold": True, "bg_color": "#D9D9D9", "border": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    link = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#0563C1", "underline": 1})
    levels = {level: book.add_format({"bg_color": colour, "valign": "top"}) for level, colour in _COLOURS.items()}
    for column, (header, width) in enumerate(zip(_HEADERS, _WIDTHS, strict=True)):
        sheet.write_string(0, column, header, head)
        sheet.set_column(column, column, width)
    for row, record in enumerate(records, start=1):
        place = " ".join(p for p in (record.letter, record.column) if p)
        texts: tuple[str, ...] = (LEVEL_TITLES[record.level][0], record.code, record.file or "", record.sheet or "", "", place, record.value or "")
        texts += (record.what(), record.why(), record.how(), record.what("en"), record.why("en"), record.how("en"))
        for column, text in enumerate(texts):
            sheet.write_string(row, column, _plain(text), levels[record.level] if column == 0 else wrap)
        if record.row is not None:
            sheet.write_number(row, 4, record.row, wrap)
        if row - 1 in links:
            sheet.write_url(row, 5, f"internal:{links[row - 1]}", link, _plain(place) or links[row - 1].rpartition("!")[2])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(records), 1), len(_HEADERS) - 1)


def _write_copies(book: Any, records: Sequence[Fault], city: City) -> dict[int, str]:
    """Copy the faulty tables; returns for each record (by position) the cell that shows it."""
    by_table: dict[tuple[str, str | None], list[int]] = {}
    for i, record in enumerate(records):
        if record.file and record.row is not None:
            by_table.setdefault((record.file, record.sheet), []).append(i)
    links: dict[int, str] = {}
    used: Counter[str] = Counter()
    for (file, sheet), indexes in by_table.items():
        grid = _grid(city, file, sheet)
        if grid is None:
            continue
        name = _sheet_name(file, sheet, used)
        page = book.add_worksheet(name)
        for r, cells in enumerate(grid[:MAX_ROWS_COPIED]):
            for c, text in enumerate(cells):
                if text:
                    page.write_string(r, c, _plain(text))
        links |= _mark(book, page, name, grid, [(i, records[i]) for i in indexes])
        page.set_column(0, max((len(row) for row in grid), default=1), 16)
    return links


def _mark(book: Any, page: Any, name: str, grid: list[list[str]], found: list[tuple[int, Fault]]) -> dict[int, str]:
    cells: dict[tuple[int, int], list[Fault]] = {}
    links: dict[int, str] = {}
    for i, record in found:
        row = (record.row or 1) - 1
        if row >= min(len(grid), MAX_ROWS_COPIED):
            continue
        at = [(row, _column(record.letter) if record.letter else 0)]
        at += [(int(n) - 1, _column(letters)) for letters, n in _CELL.findall(str(record.facts.get("cells", ""))) if int(n) - 1 == row]
        for place in dict.fromkeys(at):
            cells.setdefault(place, []).append(record)
        links[i] = f"'{name}'!{record.letter or 'A'}{row + 1}"
    formats = {level: book.add_format({"bg_color": colour, "border": 1}) for level, colour in _COLOURS.items()}
    for (row, column), here in cells.items():
        worst = min((f.level for f in here), key=lambda level: _ORDER[level])
        text = grid[row][column] if column < len(grid[row]) else ""
        page.write_string(row, column, _plain(text), formats[worst])
        note = "\n".join(dict.fromkeys(f"{LEVEL_TITLES[f.level][0]} {f.code} {f.what()}\n{f.why()}\n{f.how()}".replace("\n\n", "\n") for f in here))
        page.write_comment(row, column, _plain(note)[:1500], {"author": "cfmap", "x_scale": 2.5, "y_scale": 2})
    return links


def _grid(city: City, file: str, sheet: str | None) -> list[list[str]] | None:
    """Every cell of a department's table as text; None when it is no table or cannot be read."""
    try:
        return read_grid(city.path(file), sheet=sheet, file=file)
    except (CfmapError, OSError):
        return None


def _sheet_name(file: str, sheet: str | None, used: Counter[str]) -> str:
    """Make a sheet name that Excel accepts (31 characters, no brackets, colons or slashes), unique without regard to case."""
    stem = Path(file).stem
    name = re.sub(r"[\[\]:*?/\\']", "_", f"{stem}_{sheet}" if sheet else stem).strip("'")[:26] or "表"
    if name.lower() in {LIST_SHEET, "history"}:
        name += "_"
    used[name.lower()] += 1
    return name if used[name.lower()] == 1 else f"{name}~{used[name.lower()]}"


def _column(letters: str) -> int:
    number = 0
    for char in letters:
        number = number * 26 + ord(char) - 64
    return number - 1


def _plain(text: str) -> str:
    """Make a text that a workbook can hold: no control characters, at most 32,767 characters."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", " ", text)[:32_767]
