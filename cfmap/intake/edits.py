"""Which changes of the streets does somebody suppose: a table of edits, written with proposals and read back with what was kept of them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from cfmap.intake.reader import read_grid
from cfmap.intake.survey import COLUMNS, named, row_answer, settled
from cfmap.model.errors import InputError
from cfmap.model.messages import fault
from cfmap.model.survey import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from cfmap.model.messages import Fault
    from cfmap.model.survey import ItemKey

#: Columns that only people read.
MORE = ("序号", "措施", "道路", "在哪里", "学校", "只做这一条就安全的")


@dataclass(frozen=True)
class Edits:
    """Answers with the source "edit", and what was found about rows that are not used."""

    answers: tuple[Answer, ...]
    faults: tuple[Fault, ...]


def read_edits(path: Path, *, known: Callable[[str, ItemKey], bool]) -> Edits:
    """
    Read a table of edits (CSV or workbook) as :func:`written` makes it; rows that were deleted are simply not done.

    Parameters
    ----------
    known
        Whether an item can be told of a segment or gate with this key.

    Raises
    ------
    InputError
        E494 there is no such file, E296 it is no such table, or no row of it can be used; else as :func:`cfmap.intake.reader.read_grid`. Single
        rows become W294 (unknown segment or gate), W295, W296, W297, W299, and W298 where two of them differ.
    """
    if not path.is_file():
        raise InputError(fault("E494", file=str(path), detail=str(path.absolute().parent)))
    grid = read_grid(path, sheet=None, file=path.name) or [[]]
    if tuple(grid[0][: len(COLUMNS)]) != COLUMNS:
        raise InputError(fault("E296", file=path.name, columns="、".join(COLUMNS)))
    answers: list[Answer] = []
    faults: list[Fault] = []
    for number, cells in enumerate(grid[1:], start=2):
        made = row_answer(cells, file=path.name, number=number, today=date.today())  # noqa: DTZ011 - the day where the person sits
        if isinstance(made, Answer):
            if known(made.subject, made.item):
                answers.append(replace(made, source="edit", id=f"{path.name} {number}"))
            else:
                faults.append(fault("W294", file=path.name, row=number, column=COLUMNS[0], value=made.subject, where=made.subject))
        elif made is not None:
            faults.append(made)
    good, differing = settled(answers)
    faults += differing
    if faults and not good:
        raise InputError(faults)
    return Edits(good, tuple(faults))


def written(rows: Iterable[tuple[Answer, Sequence[str]]]) -> bytes:
    """A table of edits as CSV that spreadsheet programs open; with each answer its words for ``MORE``."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow((*COLUMNS, *MORE))
    for a, more in rows:
        writer.writerow((a.subject, named(a.item), a.side, a.value, "" if a.number is None else f"{a.number:g}", a.date, "", *more))
    return text.getvalue().encode("utf-8-sig")


__all__ = ["MORE", "Edits", "read_edits", "written"]
