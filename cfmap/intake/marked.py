"""
What goes back to each clerk: their own workbook with the bad cells red, a comment on each and a sheet of all problems.

The original is only read. Formats, merged cells, filters, widths, drop-downs, formulas and macros of a workbook stay; what a copy cannot
keep is said in it. A CSV or an old .xls gets a workbook of its own beside it. Opened, like everything handed in, in the reading process.
"""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cfmap.intake.opening import guard, kind_of, read_bytes, sha256
from cfmap.intake.table import LIST_MARK, LIST_SHEET, all_cells
from cfmap.intake.workbook_facts import workbook_facts
from cfmap.model.errors import CfmapError
from cfmap.model.messages import LEVEL_TITLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cfmap.model.city import City
    from cfmap.model.messages import Fault

FOLDER = "returned"
WRITTEN = ".written.json"  # digests of what was written here last: what differs was changed by a person and is kept
ANOTHER = ".问题.xlsx"  # what a table that is no workbook gets behind its name
MAX_CELLS_KEPT = 400_000  # of a workbook; larger ones get a workbook of their faulty rows alone
MAX_ROWS_COPIED = 20_000
COLOURS = {"error": "FFC7CE", "warning": "FFEB9C", "info": "DDEBF7"}
ORDER = {"error": 0, "warning": 1, "info": 2}
HEADERS = ("级别", "代码", "位置（点一下就到）", "单元格里的值", "问题", "原因", "怎么改", "What", "Why", "How to mend")
WIDTHS = (6, 8, 20, 22, 40, 44, 44, 40, 40, 40)
_CELL = re.compile(r"\b([A-Z]{1,3})([1-9]\d{0,6})\b")
_NOT_KEPT = (
    (re.compile(r"xl/(ctrlProps|activeX)/"), "表单控件"),
    (re.compile(r"xl/slicers/"), "切片器"),
    (re.compile(r"xl/threadedComments/"), "批注下面的回复"),
    (re.compile(r"xl/diagrams/"), "SmartArt"),
)
_SHAPE = re.compile(rb"<xdr:(sp|cxnSp|grpSp)[ >]")
_LIST_ELSEWHERE = re.compile(r"<x14:dataValidation\b([^>]*)>(.*?)</x14:dataValidation>", re.DOTALL)


# -- asking --------------------------------------------------------------------------------------------------------


def give_back(faults: Iterable[Fault], city: City, folder: Path) -> dict[str, Path]:
    """
    Write a copy of every faulty table.

    Parameters
    ----------
    faults
        Of a run, with personal values: each clerk sees their own.
    city
        Project, to find the tables.
    folder
        Where the copies go, at the same path as below the project's ``data``. Copies of the last run go, unless somebody changed
        them: those are kept under another name.

    Returns
    -------
    copies
        By the table's name in the records.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    from cfmap.intake.plain import faults_out
    from cfmap.intake.reader import READER

    by_file: dict[str, list[Fault]] = {}
    for record in sorted(faults, key=lambda f: ORDER[f.level]):
        if record.file:
            by_file.setdefault(record.file, []).append(record)
    _clear(folder)
    made: dict[str, Path] = {}
    for file, records in by_file.items():
        if all(f.level == "info" for f in records) or not (source := city.path(file)).is_file():
            continue
        target = folder / file.removeprefix("data/")
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            answer, _ = READER.ask("mark", file, source, out=str(target.absolute()), file=file, faults=faults_out(records))
        except CfmapError:  # a file that nobody can open cannot be copied; its record says so
            continue
        if answer["made"]:
            made[file] = Path(answer["made"])
    for empty in sorted((p for p in folder.rglob("*") if p.is_dir()), reverse=True):
        if not any(empty.iterdir()):
            empty.rmdir()
    if made:
        digests = {p.relative_to(folder.absolute()).as_posix(): sha256(p) for p in made.values()}
        (folder / WRITTEN).write_text(json.dumps(digests, ensure_ascii=False, indent=1), encoding="utf-8")
    elif folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
    return made


def _clear(folder: Path) -> None:
    """Remove the copies of the last run; what a person has worked in since is put aside."""
    try:
        written: dict[str, str] = json.loads((folder / WRITTEN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    for name, digest in written.items():
        path = folder / name
        if ".." in Path(name).parts or not path.is_file():
            continue
        if sha256(path) == digest:
            path.unlink()
            continue
        number = next(n for n in range(1, 10_000) if not _aside(path, n).exists())
        path.rename(_aside(path, number))
    (folder / WRITTEN).unlink()


def _aside(path: Path, number: int) -> Path:
    return path.with_name(f"{path.stem}（有人改过 {number}）{path.suffix}")


# -- in the reading process ----------------------------------------------------------------------------------------


def mark(path: Path, out: Path, *, file: str, faults: Sequence[Fault]) -> Path | None:
    """
    Write one copy.

    Parameters
    ----------
    path
        What was handed in.
    out
        Where a workbook's copy goes; a table that is none gets `ANOTHER` behind this name.
    file
        Name for messages.
    faults
        Records about this file, the most serious first.

    Returns
    -------
    made
        The copy; None when the file is no table (a GIS file, something encrypted, something else).

    Raises
    ------
    CfmapError
        As :func:`cfmap.intake.table.read_table`.
    """
    raw = read_bytes(path, file)
    kind = kind_of(raw)
    if kind == "xlsx":
        cells = sum(f.rows * f.columns for f in workbook_facts(raw, file=file).values())  # refuses what must not be opened
        if cells <= MAX_CELLS_KEPT:
            return _workbook(raw, out, file, faults)
    elif kind not in {"xls", "text"} or (kind == "text" and path.suffix.lower() not in {".csv", ".tsv", ".txt"}):
        return None
    return _another(path, out.with_name(out.name + ANOTHER), file, faults, kind)


def _workbook(raw: bytes, out: Path, file: str, faults: Sequence[Fault]) -> Path:
    import warnings

    import openpyxl

    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = archive.namelist()
        macros = any(n.lower().endswith("vbaproject.bin") for n in names)
        lost = _not_kept(archive)
        lists = _lists_elsewhere(archive, file)
    keeps_macros = macros and out.suffix.lower() == ".xlsm"
    out = out.with_suffix(".xlsm" if keeps_macros else ".xlsx")
    with guard(file), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(raw), keep_vba=keeps_macros)
        for sheet, validation in lists:
            if sheet in book.sheetnames and hasattr(book[sheet], "add_data_validation"):
                book[sheet].add_data_validation(validation)
        links = _colour(book, faults)
        if macros:
            lost.append("宏（要保留宏，请在原件里改）") if not keeps_macros else None
        note = f"这是 {Path(file).name} 的副本，原件没有动。错的格子标了颜色，点“位置”就到。改好以后可以直接交这一份，这一页不用删。"
        if keeps_macros:
            note += "宏原样保留。"
        if lost:
            note += f"副本里没有保留：{'、'.join(lost)}。"
        _list_sheet(book, faults, links, note)
        part = out.with_name(out.name + ".part")
        book.save(part)
    part.replace(out)
    return out


def _not_kept(archive: zipfile.ZipFile) -> list[str]:
    lost = [title for pattern, title in _NOT_KEPT if any(pattern.match(n) for n in archive.namelist())]
    drawings = (n for n in archive.namelist() if re.fullmatch(r"xl/drawings/drawing\d+\.xml", n))
    return [*lost, "图形和文本框"] if any(_SHAPE.search(archive.read(n)) for n in drawings) else lost


def _lists_elsewhere(archive: zipfile.ZipFile, file: str) -> list[tuple[str, Any]]:
    """Drop-downs whose values stand in another sheet, which newer programs keep where openpyxl does not look."""
    from openpyxl.worksheet.datavalidation import DataValidation

    from cfmap.intake.workbook_facts import sheet_parts

    found = []
    with guard(file):
        for sheet, part in sheet_parts(archive).items():
            text = archive.read(part).decode("utf-8", errors="replace")
            for attributes, inner in _LIST_ELSEWHERE.findall(text[text.rfind("<extLst") :] if "<extLst" in text else ""):
                formula, cells = (re.search(rf"<xm:{tag}>([^<]*)</xm:{tag}>", inner) for tag in ("f", "sqref"))
                if 'type="list"' in attributes and formula and cells:
                    found.append((sheet, DataValidation(type="list", formula1=html.unescape(formula[1]), sqref=cells[1], allow_blank=True)))
    return found


def _colour(book: Any, faults: Sequence[Fault]) -> dict[int, tuple[str, str]]:
    """Colour the cells and comment them; returns for each record (by position) the sheet and cell that show it."""
    from openpyxl.cell.cell import MergedCell
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    fills = {level: PatternFill("solid", fgColor="FF" + colour) for level, colour in COLOURS.items()}
    links: dict[int, tuple[str, str]] = {}
    told: dict[tuple[str, str], list[Fault]] = {}
    for position, record in enumerate(faults):
        sheet = str(record.sheet or (book.worksheets[0].title if len(book.worksheets) == 1 else ""))
        if record.row is None or sheet not in book.sheetnames or not hasattr(book[sheet], "merged_cells"):
            continue
        page = book[sheet]
        for place in dict.fromkeys(_cells(record)):
            cell = page[place]
            if isinstance(cell, MergedCell):
                block = next(r for r in page.merged_cells.ranges if place in r)
                cell = page.cell(block.min_row, block.min_col)
            told.setdefault((sheet, str(cell.coordinate)), []).append(record)
            links.setdefault(position, (sheet, str(cell.coordinate)))
    for (sheet, place), here in told.items():
        cell = book[sheet][place]
        cell.fill = fills[min((f.level for f in here), key=lambda level: ORDER[level])]
        before = f"{cell.comment.text}\n——\n" if cell.comment is not None else ""
        words = plain(before + "\n".join(dict.fromkeys(_note(f) for f in here)))[:1500]
        cell.comment = Comment(words, "cfmap", height=40 + 18 * (words.count("\n") + len(words) // 24), width=360)
    return links


def _cells(record: Fault) -> list[str]:
    more = [letters + n for letters, n in _CELL.findall(str(record.facts.get("cells", ""))) if int(n) == record.row]
    return [f"{record.letter or 'A'}{record.row}", *more]


def _note(record: Fault) -> str:
    parts = (f"{LEVEL_TITLES[record.level][0]} {record.code} {record.what()}", record.why(), record.how())
    return "\n".join(p for p in parts if p)


def _list_sheet(book: Any, faults: Sequence[Fault], links: dict[int, tuple[str, str]], note: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.hyperlink import Hyperlink

    page = book.create_sheet(LIST_SHEET, 0)
    page["A1"], page["A2"] = f"{LIST_MARK}：{len(faults)} 处", plain(note)
    page["A1"].font = Font(bold=True, size=14)
    top, head = Alignment(wrap_text=True, vertical="top"), PatternFill("solid", fgColor="FFD9D9D9")
    for column, (header, width) in enumerate(zip(HEADERS, WIDTHS, strict=True), start=1):
        cell = page.cell(3, column, header)
        cell.font, cell.fill = Font(bold=True), head
        page.column_dimensions[cell.column_letter].width = width
    for row, record in enumerate(faults, start=4):
        for column, text in enumerate(line(record, links.get(row - 4)), start=1):
            cell = page.cell(row, column)
            cell.value, cell.data_type, cell.alignment = plain(text) or None, "s" if text else "n", top
        page.cell(row, 1).fill = PatternFill("solid", fgColor="FF" + COLOURS[record.level])
        if row - 4 in links:
            sheet, place = links[row - 4]
            cell = page.cell(row, 3)
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location="'{}'!{}".format(sheet.replace("'", "''"), place))
            cell.font = Font(color="FF0563C1", underline="single")
    page.freeze_panes = "A4"
    page.auto_filter.ref = f"A3:{page.cell(max(4, 3 + len(faults)), len(HEADERS)).coordinate}"
    book.active = 0
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is page  # sheets that are selected together are changed together


def line(record: Fault, link: tuple[str, str] | None) -> tuple[str, ...]:
    """Cells of one record in a list of problems."""
    where = f"{link[0]}!{link[1]}" if link else " ".join(p for p in (record.sheet, record.row and f"第 {record.row} 行", record.letter, record.column) if p)
    texts = (record.what(), record.why(), record.how(), record.what("en"), record.why("en"), record.how("en"))
    return (LEVEL_TITLES[record.level][0], record.code, where, record.value or "", *texts)


def _another(path: Path, out: Path, file: str, faults: Sequence[Fault], kind: str) -> Path:
    """Write a workbook of its own for a table that cannot hold colours, or is too large: values only, bad cells coloured."""
    import openpyxl
    from openpyxl.utils import get_column_letter

    wanted = tuple(dict.fromkeys(f.sheet for f in faults if f.row is not None))
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    titles: dict[str | None, str] = {}
    for sheet, cells in all_cells(path, sheets=wanted, file=file).items():
        title = re.sub(r"[\[\]:*?/\\']", "_", sheet or Path(file).stem)[:28] or "表"
        title = title if title.lower() not in {LIST_SHEET, "history"} else title + "_"
        titles[sheet] = title
        page = book.create_sheet(title)
        for row, values in enumerate(cells[:MAX_ROWS_COPIED], start=1):
            for column, text in enumerate(values, start=1):
                if text:
                    cell = page.cell(row, column)
                    cell.value, cell.data_type = plain(text), "s"
        for column in range(1, max((len(r) for r in cells[:100]), default=1) + 1):
            page.column_dimensions[get_column_letter(column)].width = 16
    shown = [replace(f, sheet=titles.get(f.sheet, f.sheet) if (f.row or 0) <= MAX_ROWS_COPIED else "—") for f in faults]
    links = _colour(book, shown)
    why = {"text": "CSV 存不了颜色和批注", "xls": "旧版 .xls 的格式没有照搬", "xlsx": f"表太大，只照搬前 {MAX_ROWS_COPIED} 行的文字"}[kind]
    _list_sheet(book, shown, links, f"{Path(file).name} 的问题。原件没有动；{why}，请照这里改原件，再交原件。点“位置”就到。")
    part = out.with_name(out.name + ".part")
    book.save(part)
    part.replace(out)
    return out


def plain(text: str) -> str:
    """Make a text that a workbook can hold: no control characters, at most 32,767 characters."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", " ", text)[:32_767]
