"""What did a department change in the workbook it was handed, and which site is each row?"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cfmap.intake import reader
from cfmap.intake.handed_out import CHANGED, DONE_LABEL, GUIDE_SHEET, KEPT, NEW, SITUATION, SITUATIONS, STABLE, WITHDRAWN
from cfmap.intake.headers import find
from cfmap.intake.table import Column, with_rows
from cfmap.model.errors import CfmapError
from cfmap.model.messages import Fault, fault

if TYPE_CHECKING:
    from pathlib import Path

    from cfmap.intake.handed_out import Given
    from cfmap.intake.table import RawTable

_NAME = "名称"


@dataclass
class Answer:
    """
    A sheet that came back, row by row.

    Attributes
    ----------
    table
        The rows that belong to the edition, without the columns of the program.
    stable
        Of each of these rows the id it has carried until now; None = a new site.
    counts
        Rows kept, changed, withdrawn and new, as :data:`cfmap.intake.handed_out.SITUATIONS`, and ``missing``.
    touched
        Whether anything differs from what was handed out.
    faults
        What there is to tell.
    """

    table: RawTable
    stable: list[str | None] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    touched: bool = False
    faults: list[Fault] = field(default_factory=list)


def judge(table: RawTable, given: Given) -> Answer:
    """
    Compare a sheet with what was handed out; the order of the rows never matters.

    A row is the site whose stable id it carries, whatever else was changed in it. 撤销 leaves it out; a changed row that
    says 保留 stays as it is now, with a warning; 新增 is a new site even where the id of an old one was copied along, unless
    nothing else differs. A row without an id that says it is an old one gets the id of the one missing row of its name.

    Parameters
    ----------
    table
        The sheet as it came back.
    given
        The sheet as it was handed out.
    """
    rows = [_Row(table, given, i) for i in range(len(table.rows))]
    faults: list[Fault] = []
    for row in rows:
        faults += row.settle()
    faults += _found_again(rows, given)
    missing = [stable for stable in given.rows if stable not in {row.stable for row in rows if row.stable}]
    faults += [fault("W286", file=table.file, sheet=table.sheet, name=given.cell(stable, _head(given)), stable=stable) for stable in missing]
    faults += [table.at("I284", row.position, row.name_column, name=row.name) for row in rows if row.situation == WITHDRAWN]
    counts = {word: sum(row.situation == word for row in rows) for word in SITUATIONS} | {"missing": len(missing)}
    touched = bool(missing) or any(row.situation != KEPT or row.differs for row in rows)
    keep = [row.position for row in rows if row.situation != WITHDRAWN]
    return Answer(_without_ours(with_rows(table, keep)), [rows[i].stable for i in keep], counts, touched, faults)


def is_done(path: Path, file: str) -> bool:
    """Whether the box on the guide's sheet says that all was looked at."""
    try:
        grid = reader.read_grid(path, sheet=GUIDE_SHEET, file=file) or []
    except CfmapError:
        return False
    return any(row[0] == DONE_LABEL and any(row[1:3]) for row in grid if row)


def untouched(path: Path, answer: Answer) -> list[Fault]:
    """Say of a sheet that is as it was handed out whether somebody has looked at it."""
    if answer.touched:
        return []
    table = answer.table
    return [fault("I286" if is_done(path, table.file) else "W292", file=table.file, sheet=table.sheet, rows=len(table.rows))]


class _Row:
    """One row: which site it says it is, and what differs from what was handed out."""

    def __init__(self, table: RawTable, given: Given, position: int) -> None:
        self.table, self.given, self.position = table, given, position
        self.name_column = next(iter(find(table.headers, (_NAME,))), None)
        self.name = self._cell(_NAME)
        self.stable: str | None = self._cell(STABLE) or None
        self.said = self._cell(SITUATION)
        self.differs = self._differs()
        self.situation = self.said if self.said in SITUATIONS else ""

    def _cell(self, header: str) -> str:
        column = next(iter(find(self.table.headers, (header,))), None)
        return "" if column is None else self.table.rows[self.position][column].strip()

    def _differs(self) -> list[str]:
        """Headers of the cells that are not as handed out."""
        was = self.given.rows.get(self.stable or "")
        if was is None:
            return []
        shared = [(h, text) for h, text in zip(self.given.headers, was, strict=True) if h not in (STABLE, SITUATION) and find(self.table.headers, (h,))]
        return [header for header, text in shared if not same_cell(self._cell(header), text)]

    def at(self, code: str, header: str, **facts: object) -> Fault:
        return self.table.at(code, self.position, next(iter(find(self.table.headers, (header,))), None), name=self.name, **facts)

    def settle(self) -> list[Fault]:
        """Decide what the row is; returns what there is to tell."""
        told: list[Fault] = []
        if self.said and not self.situation:
            told.append(self.at("W284", SITUATION, known="、".join(SITUATIONS)))
        if self.stable is not None and self.stable not in self.given.rows:
            told.append(self.at("W287", STABLE))
            self.stable = None
        if self.stable is None:
            return told
        columns = "、".join(self.differs)
        if self.situation == NEW:
            old = self.given.cell(self.stable, _head(self.given))
            told.append(self.at("W285" if self.differs else "W288", SITUATION, old=old))
            self.situation, self.stable = (NEW, None) if self.differs else (KEPT, self.stable)
        elif self.situation == KEPT and self.differs:
            told.append(self.at("W283", SITUATION, columns=columns))
            self.situation = CHANGED
        elif self.situation == CHANGED and not self.differs:
            told.append(self.at("I285", SITUATION))
            self.situation = KEPT
        self.situation = self.situation or (CHANGED if self.differs else KEPT)
        return told


def _found_again(rows: list[_Row], given: Given) -> list[Fault]:
    """Give rows that lost their id the one of the only missing row of their name; all others without an id are new sites."""
    lost = [row for row in rows if row.stable is None and row.situation in (KEPT, CHANGED, WITHDRAWN)]
    there = {row.stable for row in rows}
    absent = [stable for stable in given.rows if stable not in there]
    told = []
    for row in rows:
        if row not in lost:
            row.situation = row.situation or NEW
            continue
        fits = [stable for stable in absent if given.cell(stable, _head(given)) == row.name]
        if len(fits) == 1 and sum(other.name == row.name for other in lost) == 1:
            row.stable = fits[0]
            told.append(row.at("W290", SITUATION))
        else:
            told.append(row.at("W289", SITUATION, said=row.said))
            row.situation = WITHDRAWN if row.situation == WITHDRAWN else NEW
    return told


def _head(given: Given) -> str:
    """The header of the column of names, as handed out."""
    return next((h for h in given.headers if h.rstrip("*") == _NAME), _NAME)


def same_cell(one: str, other: str) -> bool:
    """Whether two cells hold the same, however a spreadsheet program has written it."""
    a, b = (unicodedata.normalize("NFKC", text).strip() for text in (one, other))
    if a == b:
        return True
    try:
        return math.isclose(float(a), float(b), rel_tol=1e-12, abs_tol=1e-12)
    except ValueError:
        return False


def _without_ours(table: RawTable) -> RawTable:
    """The table with the program's own columns nameless, so that nobody takes them for the department's."""
    ours = {*find(table.headers, (STABLE,)), *find(table.headers, (SITUATION,))}
    return replace(table, columns=tuple(Column("", c.letter) if i in ours else c for i, c in enumerate(table.columns)))
