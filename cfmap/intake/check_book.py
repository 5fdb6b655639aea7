"""The workbook of a check: the list of all faults first, then one sheet of each room that has something to show."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cfmap.intake import column_sheet, datum_sheet, review_sheet, unlocated_sheet
from cfmap.intake.marked import COLOURS, HEADERS, ORDER, WIDTHS, line, plain
from cfmap.intake.table import LIST_SHEET

if TYPE_CHECKING:
    from cfmap.intake.columns import Question
    from cfmap.intake.datum_guard import StreetPoints
    from cfmap.intake.datum_tables import Judged
    from cfmap.model import City, LayerData
    from cfmap.model.messages import Fault

#: Text stays text: nothing that was handed in can become a formula, a link or a number.
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True, "constant_memory": False}


@dataclass(frozen=True)
class Checked:
    """
    What a check knows, as far as it could read; whatever a room's sheet needs beside this belongs here as a field.

    Attributes
    ----------
    city, year
        Project and edition.
    faults
        Every record.
    layers
        Layers that could be read, by key; some are missing when a file stopped.
    streets
        Points along the streets; None when there is no network.
    asked
        Columns that could not be found, to be chosen.
    returned
        Copies that go back to the clerks, by the table's name: path from the folder of the check's workbook.
    datums
        What the streets said about each table's datum.
    """

    city: City
    year: int
    faults: tuple[Fault, ...]
    layers: Mapping[str, LayerData] = field(default_factory=dict)
    streets: StreetPoints | None = None
    asked: tuple[Question, ...] = ()
    returned: Mapping[str, str] = field(default_factory=dict)
    datums: tuple[Judged, ...] = ()


#: Adds its sheet to a ``xlsxwriter.Workbook``; nothing to show adds none. Names of sheets are unique without regard to case.
Sheet = Callable[[Any, Checked], None]


def problems(book: Any, checked: Checked) -> None:
    """Add sheet 问题: a line for each record, errors first, linked to the cell in the clerk's copy; personal values masked."""
    sheet = book.add_worksheet(LIST_SHEET)
    head = book.add_format({"bold": True, "bg_color": "#D9D9D9", "border": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    link = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#0563C1", "underline": 1})
    levels = {level: book.add_format({"bg_color": f"#{colour}", "valign": "top"}) for level, colour in COLOURS.items()}
    for column, (header, width) in enumerate(zip(("文件", *HEADERS), (30, *WIDTHS), strict=True)):
        sheet.write_string(0, column, header, head)
        sheet.set_column(column, column, width)
    records = sorted((f.masked() for f in checked.faults), key=lambda f: ORDER[f.level])
    for row, record in enumerate(records, start=1):
        for column, text in enumerate((record.file or "", *line(record, None))):
            sheet.write_string(row, column, plain(text), levels[record.level] if column == 1 else wrap)
        copy = checked.returned.get(record.file or "")
        if copy and record.row is not None:
            place = f"#'{record.sheet}'!{record.letter or 'A'}{record.row}" if record.sheet and copy.endswith((".xlsx", ".xlsm")) else ""
            sheet.write_url(row, 3, f"external:{copy}{place}", link, plain(line(record, None)[2]))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(records), 1), len(HEADERS))


#: The sheets in the order of their tabs. A room adds one line here and keeps the writing to itself.
SHEETS: tuple[Sheet, ...] = (problems, column_sheet.add_sheets, review_sheet.add_sheets, unlocated_sheet.add_sheets, datum_sheet.add_sheets)


def write_check_workbook(checked: Checked, out: Path, *, sheets: tuple[Sheet, ...] = SHEETS) -> Path:
    """
    Write the workbook; the departments' own files are only read.

    Parameters
    ----------
    checked
        What is known.
    out
        File to write; replaced only when the new one is complete.
    sheets
        Who adds what.

    Returns
    -------
    path
        `out`.

    Raises
    ------
    OSError
        The folder or the file cannot be written.
    """
    import xlsxwriter

    out.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(suffix=".part", dir=out.parent)
    os.close(handle)
    part = Path(name)
    try:
        book = xlsxwriter.Workbook(str(part), SAFE)
        book.set_properties({"title": f"{checked.city.name} 数据核查", "author": "cfmap"})
        for add in sheets:
            add(book, checked)
        book.close()
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return out
