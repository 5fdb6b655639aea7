"""One line of the fault table: how the fault is made in a small city, and what must be said about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    #: Makes the fault in a project that is published; may return what proves that the values are right.
    Make = Callable[[Path], Callable[[], None] | None]

CHILDCARE, SCHOOLS = "data/2024/childcare.csv", "data/2024/schools.xlsx"


@dataclass(frozen=True)
class Case:
    """
    A row, or one of several of a row.

    Attributes
    ----------
    row
        Its number.
    title
        What is wrong, in words.
    make
        Makes it.
    code
        Record that must be there; "" = nothing need be told.
    exit
        Of ``cfmap build`` where it stops, else of ``cfmap check``.
    names
        What the message must name.
    """

    row: str
    title: str
    make: Make
    code: str
    exit: int
    names: tuple[str, ...]


CASES: list[Case] = []
#: Rows that other tests hold, with the test.
ELSEWHERE: dict[str, tuple[str, ...]] = {}
#: Rows that nothing holds, or not in full, with the reason.
OPEN: dict[str, str] = {}


def case(row: str, title: str, code: str = "", *names: str, exits: int = 0) -> Callable[[Make], Make]:
    """Put a maker into the table."""

    def note(make: Make) -> Make:
        CASES.append(Case(row, title, make, code, exits, names))
        return make

    return note
