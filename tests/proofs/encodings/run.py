"""
Every made file through the reader, and what came of it.

``python -m tests.proofs.encodings N [SEED] [--write]``; the files that were read wrong stand in ``.cache/encodings``.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cfmap.intake.dbf import read_dbf
from cfmap.intake.encoding import decode
from cfmap.model import InputError
from tests.proofs import page
from tests.proofs.encodings.files import CSV_ENCODINGS, DBF_ENCODINGS, LENGTHS, MIXED, Made, make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

OUTCOMES = ("right", "right, in doubt", "refused", "wrong, in doubt", "silently wrong")


@dataclass
class Report:
    """Outcomes of the files, and those that must not be."""

    made: list[tuple[Made, str]] = field(default_factory=list)
    findings: list[tuple[int, Made, str]] = field(default_factory=list)

    def share(self, which: Callable[[Made], bool]) -> float:
        """Of the files for which `which` holds, how many were read right."""
        outcomes = [o for m, o in self.made if which(m)]
        return sum(o.startswith("right") for o in outcomes) / len(outcomes) if outcomes else 1.0

    def by(self, key: Callable[[Made], str], values: Iterable[str]) -> list[list[object]]:
        """One line for each value: files, then each outcome."""
        counts: dict[str, Counter[str]] = {v: Counter() for v in values}
        for made, outcome in self.made:
            counts[key(made)][outcome] += 1
        return [[v, c.total(), *(c[o] for o in OUTCOMES), f"{(c['right'] + c['right, in doubt']) / c.total():.2%}"] for v, c in counts.items() if c.total()]

    def text(self) -> str:
        """The tables."""
        count = len(self.made)
        totals = Counter(o for _, o in self.made)
        ordinary = self.share(is_ordinary)
        words = f"{count:,} files: " + ", ".join(f"{totals[o]:,} {o}" for o in OUTCOMES) + "."
        words += f" Right of GBK, UTF-8 and UTF-16 with anything but rare characters alone in them: {ordinary:.3%}."
        encodings = [*(f"CSV {e}" for e in CSV_ENCODINGS), *(f".dbf {e}" for e in DBF_ENCODINGS)]
        sources = list(dict.fromkeys(m.source for m, _ in self.made))
        parts = [words]
        for title, key, values in (
            ("encoding", lambda m: f"{'CSV' if m.kind == 'csv' else '.dbf'} {m.encoding}", encodings),
            ("Chinese characters in the file", lambda m: m.length, list(LENGTHS)),
            ("words", lambda m: m.source, sources),
            (".cpg", lambda m: m.hint or "(CSV)", ["(CSV)", "none", "right", "no help", "wrong"]),
            ("half a character at a field's end", lambda m: "yes" if m.cut else "no", ["yes", "no"]),
        ):
            parts.append(page.table((title, "files", *OUTCOMES, "right"), self.by(key, values)))  # type: ignore[arg-type]
        return "\n\n".join(parts)


def is_ordinary(made: Made) -> bool:
    """Whether the goal of 99.9 % holds for a file: not Big5, and not rare characters alone."""
    return made.encoding != "Big5" and made.source != "only rare"


def run(count: int, seed: int) -> Report:
    """Make and read `count` files."""
    report = Report()
    for number in range(count):
        made = make(number, seed)
        outcome = outcome_of(made)
        report.made.append((made, outcome))
        if outcome == "silently wrong" or (not outcome.startswith("right") and is_ordinary(made)):
            report.findings.append((number, made, outcome))
    return report


def outcome_of(made: Made) -> str:
    """One of :data:`OUTCOMES`."""
    try:
        names, codes = _read(made)
    except InputError as error:
        if error.faults[0].code != "E207":
            raise
        return "right" if made.encoding == MIXED else "refused"
    doubt = "W218" in codes
    if made.encoding == MIXED:
        return "wrong, in doubt" if doubt else "silently wrong"
    lost = made.cut and "W229" not in codes  # half a character fell away and nobody said so
    if names == made.names and not lost:
        return "right, in doubt" if doubt else "right"
    return "wrong, in doubt" if doubt else "silently wrong"


def _read(made: Made) -> tuple[tuple[str, ...], set[str]]:
    if made.kind == "dbf":
        found = read_dbf(made.raw, cpg=made.cpg, file="a.dbf")
        return tuple(row[0] for row in found.rows), {f.code for f in found.faults}
    found = decode(made.raw, file="a.csv")
    grid = list(csv.reader(io.StringIO(found.text, newline="")))  # every cell: which rows are sites is another question
    return tuple(row[0] for row in grid[1:] if row) if grid[0][0] == made.header else (), {f.code for f in found.faults(made.raw, "a.csv")}


def main(count: int, seed: int, *, write: bool, folder: Path = Path(".cache/encodings")) -> int:
    """Print the tables, keep what was read wrong; 1 when the goals are missed."""
    report = run(count, seed)
    print(report.text())
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for number, made, outcome in report.findings:
        (folder / f"{number}.{made.kind}").write_bytes(made.raw)
        print(f"{number}  {outcome}  {made.kind} {made.encoding} {made.length} {made.source} {made.hint} {made.cpg} {list(made.names)[:3]}")
    if write:
        page.write("encodings", f"`make encodings N={count} SEED={seed}`\n\n{report.text()}")
    silent = sum(o == "silently wrong" for _, o in report.made)
    return int(silent > 0 or report.share(is_ordinary) < 0.999)
