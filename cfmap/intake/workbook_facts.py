"""What does a workbook's XML say that its reader does not: bounds, hidden rows, error cells, uncomputed formulas."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from cfmap.intake.opening import guard
from cfmap.intake.struck import STYLES, struck_styles
from cfmap.model.errors import InputError, SafetyRefusal
from cfmap.model.messages import fault

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_CELLS = 2_000_000  # cells of a sheet's bounding box; a single stray cell at XFD1048576 would make 1.7e10
MAX_EMPTY_CELLS = 32_000_000  # of a bounding box whose data end early: what the reader holds for a moment, 1 GB
MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 1_000_000_000
MAX_RATIO, RATIO_FROM_BYTES = 200, 10_000_000
_LOCAL_NAME = 26  # where an entry's own header holds the lengths of its name and of what follows it
_PIECE = 1 << 20


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
    struck_rows
        Rows of which more than half of the values are struck through.
    last_full
        Last row with two values or more.
    cut
        Row behind which nothing is read, because only stray cells stand there; 0 = everything is read.
    """

    rows: int = 0
    columns: int = 0
    broken: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    struck_rows: set[int] = field(default_factory=set)
    last_full: int = 0
    cut: int = 0


def letter(column: int) -> str:
    """Letter of a 1-based column: 1 -> A, 28 -> AB."""
    text = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


@lru_cache(maxsize=1)  # departments put several layers into one workbook, which is then read sheet by sheet
def workbook_facts(raw: bytes, *, file: str) -> dict[str, SheetFacts]:
    """
    Facts of every sheet of an .xlsx, by name, from one pass over its XML; nothing is unpacked to disk.

    Raises
    ------
    SafetyRefusal
        E504 for a compressed bomb or double entries, E501 when a sheet's bounding box exceeds `MAX_CELLS`.
    InputError
        E202 when it is damaged.
    """
    with guard(file), zipfile.ZipFile(io.BytesIO(raw)) as archive:
        refuse_bombs(archive, raw, file)
        facts = {}
        struck = _struck(archive)
        for name, part in sheet_parts(archive).items():
            facts[name] = _scan(archive, part, struck)
            box = facts[name].rows * facts[name].columns
            if MAX_CELLS < box <= MAX_EMPTY_CELLS and 0 < facts[name].last_full * facts[name].columns <= MAX_CELLS:
                facts[name].cut = facts[name].last_full
            elif box > MAX_CELLS:
                cell = f"{letter(facts[name].columns)}{facts[name].rows}"
                raise SafetyRefusal(fault("E501", file=file, sheet=name, cell=cell, cells=f"{box:,}", limit=f"{MAX_CELLS:,}"))
        return facts


def refuse_bombs(archive: zipfile.ZipFile, raw: bytes, file: str) -> None:
    """Judge by what the archive says of itself, then by what really comes out of it."""
    entries = archive.infolist()
    packed = len(raw)
    total = sum(e.file_size for e in entries)
    if any(e.flag_bits & 1 for e in entries):
        raise InputError(fault("E206", file=file))
    detail = ""
    names = Counter(e.filename.lower() for e in entries)
    if len(entries) > MAX_ENTRIES:
        detail = f"{len(entries)} > {MAX_ENTRIES} entries"
    elif len(names) < len(entries):
        detail = f"2 x {names.most_common(1)[0][0][:80]}"  # two readers could take different ones
    elif total > MAX_UNPACKED_BYTES:
        detail = f"{total:,} > {MAX_UNPACKED_BYTES:,} bytes"
    elif total > RATIO_FROM_BYTES and total > MAX_RATIO * packed:
        detail = f"{total / packed:.0f} : 1 > {MAX_RATIO} : 1"
    else:
        detail = next((f"{e.filename[:80]}: {e.file_size:,} bytes and more" for e in entries if _holds_more(raw, e)), "")
    if detail:
        raise SafetyRefusal(fault("E504", file=file, detail=detail))


def _holds_more(raw: bytes, entry: zipfile.ZipInfo) -> bool:
    """Whether more comes out of an entry than it says, which Python's reader would cut and others unpack."""
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        return entry.file_size != entry.compress_size
    name, extra = struct.unpack_from("<HH", raw, entry.header_offset + _LOCAL_NAME)
    start = entry.header_offset + _LOCAL_NAME + 4 + name + extra
    stream, pending = zlib.decompressobj(-15), raw[start : start + entry.compress_size]
    found = 0
    while pending and not stream.eof and found <= entry.file_size:
        found += len(stream.decompress(pending, _PIECE))
        pending = stream.unconsumed_tail
    return found > entry.file_size


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Parts of a workbook's archive that hold its sheets, by the sheets' names, in order."""
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
    present = {name.lower(): name for name in archive.namelist()}
    for sheet, relation in sheets:
        target = targets.get(relation, "").replace("\\", "/")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        if part.lower() in present:
            parts[sheet] = present[part.lower()]
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


_MANY_COLUMNS = 1000  # a hidden range to the sheet's edge is cut here
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def _struck(archive: zipfile.ZipFile) -> frozenset[str]:
    part = next((name for name in archive.namelist() if name.lower() == STYLES), None)
    return struck_styles(lambda start, end: _parse(archive, part, start, end)) if part else frozenset()


def _scan(archive: zipfile.ZipFile, part: str, struck: frozenset[str]) -> SheetFacts:
    scan = _Scan(struck)
    _parse(archive, part, scan.start, scan.end, scan.text)
    return scan.facts


class _Scan:
    """Handlers of one pass over a sheet's XML."""

    def __init__(self, struck: frozenset[str]) -> None:
        self.facts, self.struck = SheetFacts(), struck
        self.row = self.column = self.values = self.crossed = 0
        self.error = self.formula = self.inside = self.value = self.line = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._cell(attributes)
        elif tag == "f":
            self.formula = True
        elif tag in {"v", "is"}:
            self.inside = self.formula
            self.values += 1
            self.crossed += self.line
            if self.values > 1:
                self.facts.last_full = max(self.facts.last_full, self.row)
        elif tag == "row":
            self.row, self.column, self.values = int(attributes.get("r", self.row + 1)), 0, 0
            self.crossed = 0
            if attributes.get("hidden") in {"1", "true"}:
                self.facts.hidden_rows.add(self.row)
        elif tag == "col" and attributes.get("hidden") in {"1", "true"}:
            self.facts.hidden_columns.update(range(int(attributes["min"]), min(int(attributes["max"]), _MANY_COLUMNS) + 1))

    def _cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r", "")
        at = _REFERENCE.fullmatch(reference.upper())
        if reference and at is None:
            msg = f"cell {reference[:20]}"
            raise ValueError(msg)
        self.row, self.column = (int(at[2]), _number(at[1])) if at else (self.row, self.column + 1)
        self.facts.rows, self.facts.columns = max(self.facts.rows, self.row), max(self.facts.columns, self.column)
        self.error = attributes.get("t") == "e"
        self.line = attributes.get("s", "") in self.struck
        self.formula = self.inside = self.value = False

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag == "v":
            self.inside = False
        elif tag == "row" and 2 * self.crossed > self.values:
            self.facts.struck_rows.add(self.row)
        elif tag == "c" and self.error:
            self.facts.broken[self.row, self.column] = "error"
        elif tag == "c" and self.formula and not self.value:
            self.facts.broken[self.row, self.column] = "formula"

    def text(self, data: str) -> None:
        if self.inside and data.strip():
            self.value = True


def _number(letters: str) -> int:
    column = 0
    for char in letters:
        column = column * 26 + ord(char) - 64
    return column
