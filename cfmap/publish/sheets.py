"""How does a sheet of ours look, and how does text stay text in it?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

UNKNOWN = "未知"
#: A text cell stays text: no formula, link or number is ever made of what somebody typed.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": False}
LINE_POINTS, MOST_LINES = 15.5, 20  # height of a line of text; a higher row would not fit a page
WIDE = 0xFF  # characters above it take two columns of a letter
FORBIDDEN = dict.fromkeys((*range(9), 11, 12, *range(14, 32)))  # control characters that XML cannot hold


class Pen:
    """Writes cells of one workbook with its formats."""

    def __init__(self, book: Any, note: str) -> None:
        self.book = book
        self.note = note
        self.head = book.add_format({"bold": True, "bg_color": "#0B6E4F", "font_color": "#FFFFFF", "text_wrap": True, "valign": "vcenter", "border": 1})
        self.big = book.add_format({"bold": True, "font_size": 16})
        self.small = book.add_format({"font_color": "#5F6368", "text_wrap": False})
        self.text = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D0D0D0"})
        self.whole = book.add_format({"num_format": "#,##0", "valign": "top", "border": 1, "border_color": "#D0D0D0"})
        self.plain = book.add_format({"num_format": "0", "valign": "top", "border": 1, "border_color": "#D0D0D0"})
        self.fraction = book.add_format({"num_format": "#,##0.0", "valign": "top", "border": 1, "border_color": "#D0D0D0"})
        self.degrees = book.add_format({"num_format": "0.000000", "valign": "top", "border": 1, "border_color": "#D0D0D0"})
        self.unknown = book.add_format({"font_color": "#8A5A00", "italic": True, "valign": "top", "border": 1, "border_color": "#D0D0D0"})

    def sheet(self, name: str, headers: Sequence[str], widths: Sequence[float], *, top: int = 0, fixed: int = 1) -> Any:
        """Add a sheet with a note in its first row and headers in row `top` + 1; both stay when scrolling and print on every page."""
        sheet = self.book.add_worksheet(name)
        sheet.write_string(0, 0, clean(self.note), self.small)
        for column, (header, width) in enumerate(zip(headers, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(top + 1, column, clean(header), self.head)
        sheet.freeze_panes(top + 2, fixed)
        sheet.repeat_rows(top + 1)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L" + clean(self.note).replace("&", "&&") + "&R第 &P 页，共 &N 页")
        return sheet

    def row(self, sheet: Any, row: int, cells: Sequence[Any], widths: Sequence[float] = ()) -> None:
        """
        Write a row: text as text, numbers as numbers, None as 未知.

        With `widths` of its columns it is as high as its longest text needs: not every program finds that out when it opens the file.
        """
        lines = (-(-sum(2 if ord(c) > WIDE else 1 for c in str(cell)) // max(1, int(width) - 1)) for cell, width in zip(cells, widths, strict=False))
        if (most := max((1, *lines))) > 1:
            sheet.set_row(row, LINE_POINTS * min(MOST_LINES, most))
        for column, cell in enumerate(cells):
            if cell is None:
                sheet.write_string(row, column, UNKNOWN, self.unknown)
            elif isinstance(cell, (int, float)):
                sheet.write_number(row, column, cell, self.whole if float(cell).is_integer() else self.fraction)
            elif cell == "":
                sheet.write_blank(row, column, None, self.text)
            else:
                sheet.write_string(row, column, clean(cell), self.text)

    def shares(self, sheet: Any, ranges: Sequence[tuple[int, int, int, int]]) -> None:
        """Colour shares of 0 to 100 per cent, all by one scale; `ranges` as (first row, first column, last row, last column)."""
        if not ranges:
            return
        first, *_ = ranges
        scale = {"type": "3_color_scale", "min_type": "num", "mid_type": "num", "max_type": "num", "min_value": 0, "mid_value": 50, "max_value": 100}
        scale |= {"min_color": "#F4C7A1", "mid_color": "#FFFFFF", "max_color": "#8CC3AD"}
        where = " ".join(f"{_place(a, b)}:{_place(c, d)}" for a, b, c, d in _joined(ranges))
        sheet.conditional_format(*first, scale | {"multi_range": where})

    def bars(self, sheet: Any, where: tuple[int, int, int, int], colour: str) -> None:
        """Draw a bar in each cell of a range as long as its number."""
        sheet.conditional_format(*where, {"type": "data_bar", "bar_color": colour, "min_type": "num", "min_value": 0})


def _joined(ranges: Sequence[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Rows that follow each other as one range."""
    found: list[tuple[int, int, int, int]] = []
    for a, b, c, d in ranges:
        if found and found[-1][2] == a - 1 and (found[-1][1], found[-1][3]) == (b, d):
            found[-1] = (found[-1][0], b, c, d)
        else:
            found.append((a, b, c, d))
    return found


def _place(row: int, column: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, column))


def clean(text: Any) -> str:
    """Text that a cell can hold: without control characters, cut at Excel's limit."""
    return str(text).translate(FORBIDDEN)[:32_767]
