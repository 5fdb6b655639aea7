"""How does a sheet of ours look, and how does text stay text in it?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

UNKNOWN = "未知"
#: A text cell stays text: no formula, link or number is ever made of what somebody typed.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": False}
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
        self.fraction = book.add_format({"num_format": "#,##0.0", "valign": "top", "border": 1, "border_color": "#D0D0D0"})
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

    def row(self, sheet: Any, row: int, cells: Sequence[Any]) -> None:
        """Write a row: text as text, numbers as numbers, None as 未知."""
        for column, cell in enumerate(cells):
            if cell is None:
                sheet.write_string(row, column, UNKNOWN, self.unknown)
            elif isinstance(cell, (int, float)):
                sheet.write_number(row, column, cell, self.whole if float(cell).is_integer() else self.fraction)
            elif cell == "":
                sheet.write_blank(row, column, None, self.text)
            else:
                sheet.write_string(row, column, clean(cell), self.text)


def clean(text: Any) -> str:
    """Text that a cell can hold: without control characters, cut at Excel's limit."""
    return str(text).translate(FORBIDDEN)[:32_767]
