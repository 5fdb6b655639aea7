"""What does a workbook's XML say that its reader does not: bounds, hidden rows, error cells, uncomputed formulas."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from cfmap.intake.opening import guard
from cfmap.model.errors import InputError, SafetyRefusal
from cfmap.model.messages import fault

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_CELLS = 2_000_000  # cells of a sheet's bounding box; a single stray cell at XFD1048576 would make 1.7e10
MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 1_000_000_000
MAX_RATIO, RATIO_FROM_BYTES = 200, 10_000_000


@dataclass
class SheetFacts:
    """
    Facts of one sheet; rows and columns 1-based.

    Attributes
    ----------
    rows, columns
        Farthest row and column that hold a cell.
    broken
        (row, column) -> "error" (an error value) or "formula" (no computed value).
    hidden_rows, hidden_columns
        As the spreadsheet program hides them.
    """

    rows: int = 0
    columns: int = 0
    broken: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def letter(column: int) -> str:
    """Letter of a 1-based column: 1 -> A, 28 -> AB."""
    text = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def workbook_facts(raw: bytes, *, file: str) -> dict[str, SheetFacts]:
    """
    Facts of every sheet of an .xlsx, by name, from one pass over its XML; nothing is unpacked to disk.

    Raises
    ------
    SafetyRefusal
        E504 for a compressed bomb, E501 when a sheet's bounding box exceeds `MAX_CELLS`.
    InputError
        E202 when it is damaged.
    """
    with guard(file), zipfile.ZipFile(io.BytesIO(raw)) as archive:
        _refuse_bombs(archive, len(raw), file)
        facts = {}
        for name, part in _sheet_parts(archive).items():
            facts[name] = _scan(archive, part)
            box = facts[name].rows * facts[name].columns
            if box > MAX_CELLS:
                cell = f"{letter(facts[name].columns)}{facts[name].rows}"
                raise SafetyRefusal(fault("E501", file=file, sheet=name, cell=cell, cells=f"{box:,}", limit=f"{MAX_CELLS:,}"))
        return facts


def _refuse_bombs(archive: zipfile.ZipFile, packed: int, file: str) -> None:
    entries = archive.infolist()
    total = sum(e.file_size for e in entries)
    if any(e.flag_bits & 1 for e in entries):
        raise InputError(fault("E206", file=file))
    detail = ""
    if len(entries) > MAX_ENTRIES:
        detail = f"{len(entries)} > {MAX_ENTRIES} entries"
    elif total > MAX_UNPACKED_BYTES:
        detail = f"{total:,} > {MAX_UNPACKED_BYTES:,} bytes"
    elif total > RATIO_FROM_BYTES and total > MAX_RATIO * packed:
        detail = f"{total / packed:.0f} : 1 > {MAX_RATIO} : 1"
    if detail:
        raise SafetyRefusal(fault("E504", file=file, detail=detail))


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    sheets: list[tuple[str, str]] = []
    targets: dict[str, str] = {}

    def on_sheet(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "sheet":
            sheets.append((attributes.get("name", ""), next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id" and ":" in k), "")))

    def on_relation(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    _parse(archive, "xl/workbook.xml", on_sheet)
    _parse(archive, "xl/_rels/workbook.xml.rels", on_relation)
    parts = {}
    for sheet, relation in sheets:
        target = targets.get(relation, "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        if part in archive.namelist() and "worksheets" in part:
            parts[sheet] = part
    return parts


def _parse(archive: zipfile.ZipFile, part: str, start: Callable[[str, dict[str, str]], None], end: Any = None, text: Any = None) -> None:
    parser = expat.ParserCreate()

    def no_doctype(*_: Any) -> None:
        msg = "DOCTYPE in a workbook"
        raise ValueError(msg)

    parser.StartDoctypeDeclHandler = no_doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    with archive.open(part) as stream:
        parser.ParseFile(stream)


_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def _scan(archive: zipfile.ZipFile, part: str) -> SheetFacts:
    facts = SheetFacts()
    state = {"row": 0, "column": 0}
    cell: dict[str, Any] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            at = _REFERENCE.fullmatch(attributes.get("r", ""))
            if at:
                state["column"] = _number(at[1])
                state["row"] = int(at[2])
            else:
                state["column"] += 1
            facts.rows, facts.columns = max(facts.rows, state["row"]), max(facts.columns, state["column"])
            cell.clear()
            cell["error"] = attributes.get("t") == "e"
        elif tag == "f":
            cell["formula"] = True
        elif tag == "v" and cell.get("formula"):
            cell["inside"] = True
        elif tag == "row":
            state["row"] = int(attributes.get("r", state["row"] + 1))
            state["column"] = 0
            if attributes.get("hidden") in {"1", "true"}:
                facts.hidden_rows.add(state["row"])
        elif tag == "col" and attributes.get("hidden") in {"1", "true"}:
            facts.hidden_columns.update(range(int(attributes["min"]), min(int(attributes["max"]), 1000) + 1))

    def end(name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag == "v":
            cell.pop("inside", None)
        elif tag == "c":
            if cell.get("error"):
                facts.broken[state["row"], state["column"]] = "error"
            elif cell.get("formula") and not cell.get("value"):
                facts.broken[state["row"], state["column"]] = "formula"

    def text(data: str) -> None:
        if cell.get("inside") and data.strip():
            cell["value"] = True

    _parse(archive, part, start, end, text)
    return facts


def _number(letters: str) -> int:
    column = 0
    for char in letters:
        column = column * 26 + ord(char) - 64
    return column
