"""What stands in the cells of a department's table: CSV or Excel, as text, with the row and column the reader sees."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Literal

from cfmap.intake import archive
from cfmap.intake.encoding import decode
from cfmap.intake.handed_out import STABLE
from cfmap.intake.headers import bare, normal
from cfmap.intake.not_sites import is_units, rows_left_out, without_ditto
from cfmap.intake.opening import Kind, expect, guard, kind_of, read_bytes
from cfmap.intake.workbook_facts import SheetFacts, letter, workbook_facts
from cfmap.model.errors import InputError
from cfmap.model.messages import Fault, fault

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    import geopandas as gpd

Hidden = Literal["read", "skip"]
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".et")
HEADER_SCAN_ROWS = 20
_MOST_HEADER_ROWS = 3  # below the first
_SIDEWAYS_ROWS = 50
_SECOND_HEADER = 3  # known column names in a row of data that make it another table's header
LIST_SHEET, LIST_MARK = "问题", "cfmap 核查结果"  # the sheet that a returned copy has in front, and how it begins
DELIMITERS = (",", "\t", ";", "，", "|")
_GARBLED = re.compile("锟斤拷|锘|�|烫烫烫|屯屯屯|[ÃÂÐÊÄ][\\u0080-\\u00ff]")


@dataclass(frozen=True)
class Column:
    """A column: header as written, and its letter (empty where a file has no letters)."""

    name: str
    letter: str = ""


@dataclass(frozen=True)
class RawTable:
    """
    A table as text.

    Attributes
    ----------
    file, sheet
        For messages; `sheet` None where there is none.
    columns
        Headers in order.
    rows
        Cells as text, "" = empty, one list per data row, as long as `columns`.
    numbers
        Row numbers as the spreadsheet program shows them (CSV: records counted from 1; GIS files: features from 1).
    header_row
        Number of the header's (last) row; 0 for GIS files.
    faults
        Findings while reading.
    broken
        (row number, column position) -> "error" or "formula": cells without a usable value.
    geometry
        EPSG:4326 GeoSeries parallel to `rows` for GIS files.
    """

    file: str
    sheet: str | None
    columns: tuple[Column, ...]
    rows: list[list[str]]
    numbers: list[int]
    header_row: int
    faults: tuple[Fault, ...] = ()
    broken: dict[tuple[int, int], str] = field(default_factory=dict)
    geometry: gpd.GeoSeries | None = None

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers alone."""
        return tuple(c.name for c in self.columns)

    def at(self, code: str, row: int, position: int | None = None, **facts: Any) -> Fault:
        """Make a record about row `row` (position in `rows`) and the column at `position`."""
        if position is None:
            return fault(code, file=self.file, sheet=self.sheet, row=self.numbers[row], **facts)
        column, value = self.columns[position], self.rows[row][position]
        return fault(
            code,
            file=self.file,
            sheet=self.sheet,
            row=self.numbers[row],
            column=column.name,
            letter=column.letter or None,
            value=value or None,
            **facts,
        )


@dataclass(frozen=True)
class _Wanted:
    """What is looked for in a table."""

    known: set[str]  # headers, reduced
    words: Collection[str]  # and as they are told
    hidden: Hidden
    any_header: bool


def is_ignored(path: Path) -> bool:
    """Whether a file is left over by an office program or an operating system, and never data."""
    return path.name.startswith(("~$", ".~", "._")) or path.name in {".DS_Store", "Thumbs.db", "desktop.ini"} or path.suffix.lower() == ".tmp"


def read_table(
    path: Path,
    *,
    known_headers: Collection[str],
    sheet: str = "",
    encoding: str = "",
    file: str = "",
    hidden: Hidden = "read",
    any_header: bool = False,
) -> RawTable:
    """
    Read a department's table in this process; :func:`cfmap.intake.reader.read_table` has it read where it can do no harm.

    Parameters
    ----------
    path
        CSV, TSV, XLSX or XLS, or a ``.zip`` that holds one; judged by its first bytes, not by its extension.
    known_headers
        Headers that mean something; the header row is the one with most of them.
    sheet
        Sheet to read; empty = the only one that has known headers.
    encoding
        Of a CSV; empty = judged from the bytes.
    file
        Name for messages; the file's name when empty.
    hidden
        Whether hidden rows, columns and sheets are read (and told) or left out (and told).
    any_header
        Where no row has a known header, take the first one that looks like a header instead of refusing.

    Returns
    -------
    table
        Without title rows, blank rows, totals and notes (told in `faults`); merged cells filled.

    Raises
    ------
    InputError
        The file as a whole cannot be used (E200-E215).
    SafetyRefusal
        E501, E504.
    """
    file = file or path.name
    with archive.unpacked(path, suffixes=SUFFIXES, file=file) as (inside, name):
        raw, suffix = read_bytes(inside, name), inside.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(fault("E205", file=file, suffix=suffix or "—", known=" ".join((*SUFFIXES, ".zip"))))
    kind = expect(raw, ("xlsx", "xls", "text"), suffix=suffix, file=file)
    known = {w for header in known_headers for w in (normal(header), bare(header)) if w}
    wanted = _Wanted(known, known_headers, hidden, any_header)
    if kind == "text":
        return _read_csv(raw, wanted, encoding, file)
    return _read_workbook(raw, kind, wanted, sheet, file)


def all_cells(path: Path, *, sheets: Collection[str | None], file: str) -> dict[str | None, list[list[str]]]:
    """
    Read every cell of a table as text, as it stands there, by sheet; a CSV has one without a name. What is no table has none.

    Raises
    ------
    InputError, SafetyRefusal
        As :func:`read_table`.
    """
    raw = read_bytes(path, file)
    kind = kind_of(raw)
    if kind == "text" and path.suffix.lower() in {".csv", ".tsv", ".txt"}:
        text = decode(raw, file=file).text
        delimiter = max(",\t;", key=lambda d: text[:4096].count(d))
        return {None: _records(text, delimiter, file)}
    if kind not in {"xlsx", "xls"}:
        return {}
    facts = workbook_facts(raw, file=file) if kind == "xlsx" else {}  # bounds first
    with guard(file):
        from python_calamine import CalamineWorkbook

        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        found: dict[str | None, list[list[str]]] = {}
        for sheet in book.sheet_names:
            if sheet in sheets and (kind == "xls" or sheet in facts):
                page = book.get_sheet_by_name(sheet)
                cut = facts[sheet].cut if sheet in facts else 0
                found[sheet] = [[as_text(v) for v in row] for row in page.to_python(skip_empty_area=False, nrows=cut or None)]
        return found


def sheet_names(path: Path, *, file: str) -> list[str]:
    """
    Names of a workbook's visible sheets, in order.

    Raises
    ------
    InputError, SafetyRefusal
        As :func:`read_table`.
    """
    raw = read_bytes(path, file)
    kind = expect(raw, ("xlsx", "xls"), suffix=path.suffix.lower(), file=file)
    if kind == "xlsx":
        workbook_facts(raw, file=file)  # its bounds first
    with guard(file):
        from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

        pages = CalamineWorkbook.from_filelike(io.BytesIO(raw)).sheets_metadata
        return [m.name for m in pages if m.typ == SheetTypeEnum.WorkSheet and m.visible == SheetVisibleEnum.Visible]


def _read_csv(raw: bytes, wanted: _Wanted, encoding: str, file: str) -> RawTable:
    decoded = decode(raw, declared=encoding, file=file)
    faults = decoded.faults(raw, file)
    best: tuple[int, list[list[str]], str] = (-1, [], ",")
    for delimiter in DELIMITERS:
        cells = _records(decoded.text, delimiter, file)
        score = max((_score(row, wanted.known) for row in cells[:HEADER_SCAN_ROWS]), default=0)
        if score > best[0]:
            best = (score, cells, delimiter)
    _refuse_open_quotes(best[1], best[2], file)
    return _shape(best[1], wanted, file=file, sheet=None, merged=[], facts=SheetFacts(), faults=faults)


def _records(text: str, delimiter: str, file: str) -> list[list[str]]:
    cells: list[list[str]] = []
    try:
        cells.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise InputError(fault("E228", file=file, row=len(cells) + 1, detail=str(error))) from None
    return cells


def _refuse_open_quotes(cells: list[list[str]], delimiter: str, file: str) -> None:
    """A quotation mark that is never closed makes one cell of all rows behind it: whole rows inside a cell give it away."""
    width = max((len(record) for record in cells), default=0)
    for number, record in enumerate(cells, start=1):
        for cell in record:
            if "\n" in cell and width > 1 and any(line.count(delimiter) >= width - 1 for line in cell.split("\n")[1:]):
                shown = cell.split("\n")[0].strip()
                raise InputError(fault("E228", file=file, row=number, value=shown, detail=f"{cell.count(chr(10))} x ↵"))


def _read_workbook(raw: bytes, kind: Kind, wanted: _Wanted, sheet: str, file: str) -> RawTable:
    facts = workbook_facts(raw, file=file) if kind == "xlsx" else {}
    grids: dict[str, tuple[list[list[str]], list[tuple[tuple[int, int], tuple[int, int]]]]] = {}
    with guard(file):
        from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        pages = {m.name: m for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet}
        names = list(pages)
        sheet = next((n for n in names if n == sheet), next((n for n in names if sheet and normal(n) == normal(sheet)), sheet))
        if sheet and sheet not in names:
            raise InputError(fault("E212", file=file, sheet=sheet, wanted=sheet, present="、".join(names)))
        for name in [sheet] if sheet else names:
            if kind == "xlsx" and name not in facts:
                raise InputError(fault("E202", file=file, sheet=name, detail="xl/_rels/workbook.xml.rels"))  # its bounds are not known
            page = book.get_sheet_by_name(name)
            cut = facts[name].cut if name in facts else 0
            cells = [[as_text(v) for v in row] for row in page.to_python(skip_empty_area=False, nrows=cut or None)]
            grids[name] = (cells, [(a, b) for a, b in page.merged_cell_ranges or ()])
    hidden_sheets = [name for name in grids if pages[name].visible != SheetVisibleEnum.Visible]
    offered = {name: grid for name, grid in grids.items() if name not in hidden_sheets} if wanted.hidden == "skip" and not sheet else grids
    offered = {name: grid for name, grid in offered.items() if not _is_list(grid[0])} or offered
    chosen = sheet or _choose(offered, wanted, file)
    cells, merged = grids[chosen]
    page_facts = facts.get(chosen, SheetFacts())
    faults: list[Fault] = []
    if chosen in hidden_sheets:
        faults.append(fault("W219", file=file, sheet=chosen, what="整个工作表", what_en="the whole sheet"))
    if page_facts.cut:
        faults.append(fault("W230", file=file, sheet=chosen, far=page_facts.rows, cut=page_facts.cut))
    return _shape(cells, wanted, file=file, sheet=chosen, merged=merged, facts=page_facts, faults=faults)


def _is_list(cells: list[list[str]]) -> bool:
    """Whether a sheet is the list of problems of a copy that was returned, mended and handed in again."""
    return bool(cells and cells[0]) and cells[0][0].startswith(LIST_MARK)


def _choose(grids: dict[str, Any], wanted: _Wanted, file: str) -> str:
    scores = {name: max((_score(row, wanted.known) for row in cells[:HEADER_SCAN_ROWS]), default=0) for name, (cells, _) in grids.items()}
    if not any(any(any(row) for row in cells) for cells, _ in grids.values()):
        raise InputError(fault("E208", file=file, detail="所有工作表都是空的", detail_en="every sheet is empty"))
    likely = [name for name, score in scores.items() if score >= 2 and score >= max(scores.values()) / 2]
    if len(likely) > 1:
        raise InputError(fault("E213", file=file, present="、".join(likely)))
    if likely:
        return likely[0]
    best = max(scores, key=lambda name: scores[name])
    if scores[best] == 0:
        full = [name for name, (cells, _) in grids.items() if any(any(row) for row in cells)]
        if not (wanted.any_header and len(full) == 1):
            raise InputError(_no_header(wanted.words, file, best if len(grids) == 1 else None))
        return full[0]
    return best


def as_text(value: Any) -> str:
    """
    Write a cell's value as its reader sees it; whole numbers without ".0", dates as ISO, numbers beyond 15 digits in powers
    of ten (their last digits are lost in the file already).
    """
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (int, float)):
        if value != value or abs(value) == float("inf"):
            return str(value)
        if abs(value) >= 1e15:
            return f"{value:.5E}"
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    return str(value).strip()


def _score(row: Sequence[str], known: set[str]) -> int:
    return len({normal(c) for c in row if _recognised(c, known)})


def _recognised(cell: str, known: set[str]) -> bool:
    return bool(cell) and (normal(cell) in known or bare(cell) in known)


def _no_header(words: Collection[str], file: str, sheet: str | None) -> Fault:
    return fault("E209", file=file, sheet=sheet, scanned=HEADER_SCAN_ROWS, known="、".join(list(dict.fromkeys(words))[:8]))


def _shape(
    cells: list[list[str]],
    wanted: _Wanted,
    *,
    file: str,
    sheet: str | None,
    merged: list[tuple[tuple[int, int], tuple[int, int]]],
    facts: SheetFacts,
    faults: list[Fault],
) -> RawTable:
    """From a grid of text to a table: header found, totals and notes left out, merged cells filled."""
    cells = [[c.strip() for c in row] for row in cells]
    if not any(any(row) for row in cells):
        raise InputError(fault("E208", file=file, sheet=sheet, detail="没有任何内容", detail_en="there is nothing in it"))
    known = wanted.known
    scores = [_score(row, known) for row in cells[:HEADER_SCAN_ROWS]]
    top = max(scores)
    if top == 0 and not wanted.any_header:
        raise InputError(_no_header(wanted.words, file, sheet))
    head = scores.index(top) if top else _likely_header(cells)
    if _lies_on_its_side(cells, known, top):
        raise InputError(fault("E225", file=file, sheet=sheet, known="、".join(c for c in (row[0] for row in cells if row) if _recognised(c, known))))
    while head > 0 and scores[head - 1] and not any(_recognised(c, known) for c in cells[head][:1]):
        head -= 1  # the split half of a merged header has most known names; its upper half has the others
    names, last = _header(cells, head, known)
    every_name = list(names)
    if wanted.hidden == "skip":
        names = ["" if i + 1 in facts.hidden_columns and name != STABLE else name for i, name in enumerate(names)]
    width = max((len(n) and i + 1 for i, n in enumerate(names) if n), default=0)
    columns = tuple(Column(names[i], letter(i + 1)) for i in range(width))
    body = range(last + 1, len(cells))
    left_out = rows_left_out(cells, body, header=cells[last], first=last + 1)
    others = [r for r in body if r not in left_out and (score := _score(cells[r], known)) >= _SECOND_HEADER and 2 * score >= top]
    if others:
        named = "、".join(str(r + 1) for r in (last, *others[:5]))
        raise InputError(fault("E227", file=file, sheet=sheet, rows=named))
    unseen = {r for r in body if r + 1 in facts.hidden_rows} if wanted.hidden == "skip" else set()
    filled = _fill_merged(cells, [m for m in merged if m[0][0] > last], set(left_out))
    full = [r for r in body if r not in set(left_out) and any(cells[r][:width])]
    kept = [r for r in full if r not in unseen]
    ditto = without_ditto(cells, kept)
    if not kept:
        raise InputError(fault("E208", file=file, sheet=sheet, detail=f"只有第 {last + 1} 行的表头", detail_en=f"only the header in row {last + 1}"))
    if last > 0:
        faults.append(fault("I202", file=file, sheet=sheet, header=last + 1))
    if filled:
        faults.append(fault("I203", file=file, sheet=sheet, ranges="、".join(filled[:10])))
    if left_out:
        faults.append(fault("I204", file=file, sheet=sheet, rows="、".join(str(r + 1) for r in left_out[:20])))
    if ditto:
        faults.append(fault("I215", file=file, sheet=sheet, rows="、".join(str(r + 1) for r in ditto[:20])))
    faults += _beside(cells, kept, every_name, file, sheet)
    faults += _hidden(facts, full, every_name, wanted.hidden, file, sheet)
    faults += [fault("W249", file=file, sheet=sheet, row=r + 1) for r in kept if r + 1 in facts.struck_rows]
    rows = [(cells[r] + [""] * width)[:width] for r in kept]
    broken = {(r, c - 1): why for (r, c), why in facts.broken.items() if r - 1 > last and c <= width}
    return RawTable(file, sheet, columns, rows, [r + 1 for r in kept], last + 1, tuple(faults), broken)


def _header(cells: list[list[str]], head: int, known: set[str]) -> tuple[list[str], int]:
    """Names from the header row, and from the rows under it that split merged headers (坐标 > 经度, 纬度) or name units."""
    names, last = [re.sub(r"\s+", " ", c) for c in cells[head]], head
    for row in cells[head + 1 : head + 1 + _MOST_HEADER_ROWS]:
        under = row + [""] * (len(names) - len(row))
        named = [i for i, c in enumerate(under) if _recognised(c, known)]
        units = is_units(under)
        if not units and (len(named) < 2 or any(re.search(r"\d{2}", c) for c in under)):
            break
        names += [""] * (len(under) - len(names))
        for i, name in enumerate(names):
            if i in named or not name:
                names[i] = under[i]
            elif under[i]:
                names[i] = f"{name}（{under[i].strip('（）()')}）" if units or is_units([under[i]]) else f"{name}/{under[i]}"
        last += 1
    return names, last


def _lies_on_its_side(cells: list[list[str]], known: set[str], top: int) -> bool:
    """Whether the headers stand in the first column instead of a row."""
    first = [row[0] for row in cells[:_SIDEWAYS_ROWS] if row]
    score = _score(first, known)
    return score >= _SECOND_HEADER and score > top and max(len(row) for row in cells) > 1


def _beside(cells: list[list[str]], kept: list[int], names: list[str], file: str, sheet: str | None) -> list[Fault]:
    """Cells with a value that belong to no column: a comma too many in a CSV, or a column without a header."""
    width = max((i + 1 for i, name in enumerate(names) if name), default=0)
    inside = [letter(i + 1) for i in range(width) if not names[i] and any(i < len(cells[r]) and cells[r][i] for r in kept)]
    beyond = [r for r in kept if any(cells[r][width:])]
    faults = [fault("I216", file=file, sheet=sheet, letters="、".join(inside))] if inside else []
    if beyond:
        value = next(c for c in cells[beyond[0]][width:] if c)
        rows = "、".join(str(r + 1) for r in beyond[:20])
        faults.append(fault("W220", file=file, sheet=sheet, row=beyond[0] + 1, value=value, rows=rows, count=len(beyond), width=width))
    return faults


def _likely_header(cells: list[list[str]]) -> int:
    """The first of the widest rows that hold words alone."""
    widths = [0 if any(re.search(r"\d{3}", c) for c in row) else len({c for c in row if c}) for row in cells[:HEADER_SCAN_ROWS]]
    return widths.index(max(widths))


def _fill_merged(cells: list[list[str]], merged: list[tuple[tuple[int, int], tuple[int, int]]], skip: set[int]) -> list[str]:
    told = []
    for (r0, c0), (r1, c1) in merged:
        if r0 in skip or r0 >= len(cells) or c0 >= len(cells[r0]) or not cells[r0][c0]:
            continue
        for r in range(r0, min(r1, len(cells) - 1) + 1):
            for c in range(c0, min(c1, len(cells[r]) - 1) + 1):
                cells[r][c] = cells[r0][c0]
        told.append(f"{letter(c0 + 1)}{r0 + 1}:{letter(c1 + 1)}{r1 + 1}")
    return told


def _hidden(facts: SheetFacts, full: list[int], names: list[str], way: Hidden, file: str, sheet: str | None) -> list[Fault]:
    rows = [r + 1 for r in full if r + 1 in facts.hidden_rows]
    columns = [letter(i + 1) for i, name in enumerate(names) if name and name != STABLE and i + 1 in facts.hidden_columns]
    if not rows and not columns:
        return []
    numbers, letters = "、".join(map(str, rows[:10])), "、".join(columns)
    zh = "，".join(([f"{len(rows)} 行（{numbers}）"] if rows else []) + ([f"列 {letters}"] if columns else []))
    en = ", ".join(([f"{len(rows)} rows ({numbers})"] if rows else []) + ([f"columns {letters}"] if columns else []))
    return [fault("W219" if way == "read" else "I214", file=file, sheet=sheet, what=zh, what_en=en)]


def is_garbled(text: str) -> bool:
    """Whether a cell holds the leftovers of a wrong encoding."""
    return bool(_GARBLED.search(text))


def with_rows(table: RawTable, keep: Sequence[int]) -> RawTable:
    """Keep of the table only the rows at positions `keep`."""
    geometry = None if table.geometry is None else table.geometry.iloc[list(keep)].reset_index(drop=True)
    return replace(table, rows=[table.rows[i] for i in keep], numbers=[table.numbers[i] for i in keep], geometry=geometry)
