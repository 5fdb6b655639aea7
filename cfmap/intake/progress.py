"""Who has handed in, and what is in it: one line for each sheet that was handed out for a year."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

from cfmap.intake import reader, returned
from cfmap.intake.handed_out import SITUATIONS, of_year
from cfmap.intake.headers import known_headers
from cfmap.intake.layer import load_layer
from cfmap.model.city import Source
from cfmap.model.errors import CfmapError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cfmap.intake.handed_out import Given
    from cfmap.model.city import City
    from cfmap.model.layer import Layer

STILL_OUT = "W292"  # the state says it already
State = Literal["returned", "out", "absent"]
STATES: dict[State, tuple[str, str]] = {"returned": ("已交回", "#C6EFCE"), "out": ("未交回", "#FFEB9C"), "absent": ("文件不在", "#FFC7CE")}
HEADERS = ("部门", "图层", "工作表", "应交文件", "状态", "文件时间", "上年行数", *SITUATIONS, "缺行", "错误", "警告")
_WIDTHS = (18, 20, 20, 34, 10, 17, 10, 8, 8, 8, 8, 8, 8, 8)


@dataclass(frozen=True)
class Line:
    """
    One sheet, or one GIS file, of a department.

    Attributes
    ----------
    department, layer, sheet, file
        Whose it is, the layer's title, where it is expected; `sheet` empty for a GIS file.
    state
        By content: anything changed since it was handed out, or the box 已核对 set, makes the whole workbook returned.
    when
        Time of the file; None when it is not there.
    handed_out
        Rows of last year; None where nothing was handed out.
    counts
        As :class:`cfmap.intake.returned.Answer`.
    errors, warnings
        Findings in it.
    """

    department: str
    layer: str
    sheet: str
    file: str
    state: State
    when: datetime | None = None
    handed_out: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    errors: int = 0
    warnings: int = 0


def lines(city: City, layers: Mapping[str, Layer], *, year: int) -> list[Line]:
    """
    Look at every workbook that was handed out for a year, and at the files for that year that the settings name beside them.

    A file that cannot be read is there and has errors; nothing raises.
    """
    folder = city.root / "data" / str(year)
    given = [page for page in of_year(folder) if page.layer in layers]
    found = [_line(page, city, layers[page.layer]) for page in given]
    back = {line.file for line in found if line.state == "returned"}
    found = [replace(line, state="returned") if line.file in back else line for line in found]
    known = {page.file for page in given}
    for key, layer in layers.items():
        for source in city.layers[key].sources if key in city.layers else ():
            file = source.path.replace("{year}", str(year))
            if "{year}" in source.path and source.holds(year) and file not in known:
                path = city.path(source.path, year=year)
                state: State = "returned" if path.is_file() else "absent"
                found.append(Line(source.lead_unit or path.stem, layer.title, source.sheet, file, state, _time(path)))
    return found


def _line(page: Given, city: City, layer: Layer) -> Line:
    path = city.path(page.file)
    base = Line(page.department, layer.title, page.sheet, page.file, "absent", handed_out=len(page.rows))
    if not path.is_file():
        return base
    source = Source(path=page.file, sheet=page.sheet, datum=page.datum, lead_unit=page.department)
    alone = city.model_copy(update={"layers": {layer.key: city.layers[layer.key].model_copy(update={"sources": (source,)})}})
    counts: dict[str, int] = {}
    touched = False
    try:
        table = reader.read_table(path, known_headers=known_headers(layer), sheet=page.sheet, file=page.file)
        answer = returned.judge(table, page)
        counts, touched = answer.counts, answer.touched
        faults = load_layer(layer, alone, year=page.year).faults
    except CfmapError as error:
        faults = error.faults
        touched = touched or any(f.code != "E208" for f in faults) or bool(page.rows)
    errors, warnings = (sum(f.level == level and f.code != STILL_OUT for f in faults) for level in ("error", "warning"))
    state: State = "returned" if touched or returned.is_done(path, page.file) else "out"
    return replace(base, state=state, when=_time(path), counts=counts, errors=errors, warnings=warnings)


def _time(path: Path) -> datetime | None:
    return datetime.fromtimestamp(path.stat().st_mtime).astimezone() if path.is_file() else None


def workbook(found: Sequence[Line], *, city: str, year: int) -> bytes:
    """Make the workbook: how many have come back, then a line for each sheet, those still out in yellow, those not there in red."""
    import xlsxwriter

    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        book.set_properties({"title": f"{city} {year} 年收件进度", "author": "cfmap"})
        sheet = book.add_worksheet("收件进度")
        head = book.add_format({"bold": True, "bg_color": "#e3efe9", "border": 1, "text_wrap": True, "align": "center"})
        big = book.add_format({"bold": True, "font_size": 14})
        looks = {state: book.add_format({"bg_color": colour, "border": 1}) for state, (_, colour) in STATES.items()}
        plain = book.add_format({"align": "center"})
        bad = book.add_format({"align": "center", "font_color": "#b3261e", "bold": True})
        files = {line.file: line.state for line in found}
        back = sum(state == "returned" for state in files.values())
        sheet.write_string(0, 0, f"{city} {year} 年收件进度：{len(files)} 份文件，已交回 {back} 份", big)
        sheet.write_string(1, 0, "由 cfmap roll --progress 更新。“已交回”看内容：有任何改动，或在“填写说明”里选了“已核对”。不要在这里记事，下次更新会覆盖。")
        for column, (header, width) in enumerate(zip(HEADERS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, header, head)
        for row, line in enumerate(found, start=3):
            for column, text in enumerate((line.department, line.layer, line.sheet, line.file)):
                sheet.write_string(row, column, text)
            sheet.write_string(row, 4, STATES[line.state][0], looks[line.state])
            sheet.write_string(row, 5, line.when.strftime("%Y-%m-%d %H:%M") if line.when else "")
            numbers: list[Any] = [line.handed_out, *(line.counts.get(word) for word in (*SITUATIONS, "missing")), line.errors, line.warnings]
            for column, number in enumerate(numbers, start=6):
                if number is not None and line.when is not None:
                    sheet.write_number(row, column, number, bad if column >= len(HEADERS) - 3 and number else plain)
        sheet.freeze_panes(3, 1)
        sheet.autofilter(2, 0, max(len(found) + 2, 3), len(HEADERS) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
    return buffer.getvalue()
