"""
The numbers of the demo city's three editions that need no street network, as a table: ``python -m tests.demo.golden`` writes it anew.

Whoever changes a number sees which, in the difference of the committed file, and says why in the same commit.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

from cfmap.indicators import compute
from cfmap.pipeline.inputs import silent
from cfmap.pipeline.judging import _without_streets
from cfmap.pipeline.reading import read_all

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).with_name("golden.csv")
YEARS = (2022, 2023, 2024)
COLUMNS = ("year", "id", "value", "lower", "upper", "status")


def rows(year: int) -> list[dict[str, str]]:
    """Numbers of the whole city, and what is said about every target, of one edition."""
    read = read_all(ROOT, year=year, strict=False, tell=silent)
    edition = _without_streets(read, Path("/nowhere"))
    edition = replace(edition, indicators=compute(edition))
    told = [(i.id, i.value, i.lower, i.upper, i.status) for i in edition.indicators]
    told += [(f"targets.{t.target.id}", t.now, t.lower, t.upper, t.status) for t in edition.targets]
    return [dict(zip(COLUMNS, (str(year), key, *map(_written, numbers), status), strict=True)) for key, *numbers, status in told]


def committed() -> list[dict[str, str]]:
    """The table as it stands in the project."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _written(number: float | None) -> str:
    return "" if number is None else f"{number:.6g}"


if __name__ == "__main__":
    with TABLE.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for each in YEARS:
            writer.writerows(rows(each))
