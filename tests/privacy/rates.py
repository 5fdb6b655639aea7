"""How much of what is personal is found, and how often something harmless is taken for it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from cfmap.model.personal import in_column
from tests.privacy.generate import HARMLESS, PERSONAL

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS = 40  # of a generated column


@dataclass(frozen=True)
class Rate:
    """One line of the table: cells made, and those that the gate stopped (for their right kind, where they are personal)."""

    title: str
    kind: str
    cells: int
    stopped: int
    us_per_cell: float

    @property
    def share(self) -> float:
        return self.stopped / self.cells


def measure(n: int, seed: int) -> tuple[list[Rate], list[Rate]]:
    """Rates over `n` generated cells of each kind, in columns of 40: what is personal, what is harmless."""
    personal = [_rate(title, kind, make, n, seed) for title, kind, make in PERSONAL]
    return personal, [_rate(title, "", make, n, seed) for title, make in HARMLESS]


def _rate(title: str, kind: str, make: Callable[[Random], str], n: int, seed: int) -> Rate:
    random = Random(f"{seed} {title}")
    columns = [[make(random) for _ in range(min(ROWS, n - at))] for at in range(0, n, ROWS)]
    started = time.perf_counter()
    found = [in_column(column) for column in columns]
    seconds = time.perf_counter() - started
    stopped = sum(kind in kinds if kind else bool(kinds) for rows in found for kinds in rows.values())
    return Rate(title, kind, n, stopped, 1e6 * seconds / n)


def table(personal: list[Rate], harmless: list[Rate]) -> str:
    """As Markdown."""
    lines = ["| personal | cells | found | recall | µs a cell |", "|---|---:|---:|---:|---:|"]
    lines += [f"| {r.title} | {r.cells:,} | {r.stopped:,} | {r.share:.4f} | {r.us_per_cell:.0f} |" for r in personal]
    lines += ["", "| harmless | cells | stopped | false alarms | µs a cell |", "|---|---:|---:|---:|---:|"]
    lines += [f"| {r.title} | {r.cells:,} | {r.stopped:,} | {r.share:.4f} | {r.us_per_cell:.0f} |" for r in harmless]
    return "\n".join(lines)
