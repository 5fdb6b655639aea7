"""What a person accepted: from the reviewed workbook into ``data/<year>/geocoded.csv``, which intake reads."""

from __future__ import annotations

import csv
import io
import math
import re
from datetime import date
from typing import TYPE_CHECKING

from cfmap.geocoding.review import HEADERS, LEAVE, MARK, REVIEW, SHEET, TAKE
from cfmap.intake import geocoded, read_table
from cfmap.model import InputError, fault, load_city
from cfmap.model.datums import DATUM_PATTERN
from cfmap.network.atomic import replacing

if TYPE_CHECKING:
    from pathlib import Path

    from cfmap.intake.table import RawTable


def accept(
    project: str | Path = ".", *, all_sure: bool = False, year: int | None = None, out: Path | None = None, today: date | None = None
) -> tuple[Path, int]:
    """
    Take the rows marked 采用 of ``output/geocode.xlsx`` into ``data/<year>/geocoded.csv``; rows of other sites in it stay.

    Parameters
    ----------
    project, year, out
        As for :func:`cfmap.geocoding.geocode`.
    all_sure
        Also rows of confidence 高 that carry no mark; 不采用 is respected.
    today
        Written beside each row.

    Returns
    -------
    path, count
        The file, and how many rows were taken (0: nothing written).

    Raises
    ------
    InputError
        E436 no workbook; E437 for every marked row that is no position: then nothing is written.
    EnvironmentFault
        The file cannot be written.
    """
    city = load_city(project)
    chosen = city.edition.year if year is None else year
    book, target = (out or city.root / "output") / REVIEW, geocoded.path_of(city, chosen)
    if not book.is_file():
        raise InputError(fault("E436", file=city.relative(book)))
    table = read_table(book, known_headers=HEADERS, sheet=SHEET, file=city.relative(book))
    missing = [h for h in HEADERS if h not in table.headers]
    if missing:
        raise InputError(fault("E436", file=city.relative(book), sheet=SHEET, column="、".join(missing)))
    taken, wrong = {}, []
    for number, cells in enumerate(table.rows):
        row = dict(zip(table.headers, cells, strict=True))
        if not (row[MARK] == TAKE or (all_sure and row["可信度"] == "高" and row[MARK] != LEAVE)):
            continue
        if _is_position(row):
            taken[row["编号"]] = (
                row["编号"], row["图层"], row["名称"], row["地址"], row["经度"], row["纬度"], row["坐标系"], row["可信度"], row["服务"],
                (today or date.today()).isoformat(),  # noqa: DTZ011 - the clerk's own calendar
            )  # fmt: skip
        else:
            wrong.append(table.at("E437", number, _position(table)))
    if wrong:
        raise InputError(wrong)
    if taken:
        _write(target, _existing(target) | taken)
    return target, len(taken)


def _position(table: RawTable) -> int:
    return table.headers.index("经度")


def _is_position(row: dict[str, str]) -> bool:
    try:
        lon, lat = float(row["经度"]), float(row["纬度"])
    except ValueError:
        return False
    return (
        bool(row["编号"])
        and math.isfinite(lon)
        and math.isfinite(lat)
        and abs(lon) <= 180
        and abs(lat) <= 90
        and bool(re.fullmatch(DATUM_PATTERN, row["坐标系"]))
    )


def _existing(path: Path) -> dict[str, tuple[str, ...]]:
    if not path.is_file():
        return {}
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
    return {row["编号"]: tuple(row.get(c) or "" for c in geocoded.COLUMNS) for row in rows if row.get("编号")}


def _write(path: Path, rows: dict[str, tuple[str, ...]]) -> None:
    with replacing(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(geocoded.COLUMNS)
        writer.writerows(rows[key] for key in sorted(rows))
