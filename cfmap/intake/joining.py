"""Who wants to walk along, with their guardians' consent? Places and numbers; nothing that names a child is ever read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cfmap.intake.cells import parse
from cfmap.intake.coordinates import check_positions, locate
from cfmap.intake.geofile import SUFFIXES as GIS_SUFFIXES
from cfmap.intake.headers import LAT, LON, find, words_of
from cfmap.intake.personal import refuse_personal_data
from cfmap.intake.reader import read_geofile, read_table
from cfmap.model.errors import CfmapError, InputError
from cfmap.model.layer import Field
from cfmap.model.messages import fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import geopandas as gpd

    from cfmap.intake.table import RawTable
    from cfmap.model.city import City
    from cfmap.model.messages import Fault

SCHOOL = Field("school", "学校", "school", synonyms=("就读学校", "所在学校", "学校名称", "服务学校"), required=True)
CONSENT = Field("consent", "监护人同意", "consent", kind="yesno", synonyms=("家长同意", "是否同意", "同意", "同意参加", "监护人是否同意"))
JOINING = Field("joining", "同意人数", "children with consent", kind="integer", minimum=0, synonyms=("同意参加人数", "愿意参加人数", "报名人数"))
COUNT = Field("children", "人数", "children", kind="integer", minimum=0, synonyms=("孩子人数", "儿童数", "学生数"))
FIELDS = (SCHOOL, CONSENT, JOINING, COUNT, LON, LAT)
ROWS_SHOWN = NAMES_SHOWN = 12


@dataclass(frozen=True)
class Joining:
    """
    Children who may be planned for.

    Attributes
    ----------
    points
        EPSG:4326 ``school`` (as written; its id after :func:`at_schools`), ``children``, ``row`` (of the table, until then); nothing else of it.
    without_consent
        Children of rows without a clear yes.
    faults
        What was found; rows are named by number, values never.
    file, sheet
        What messages call the table.
    """

    points: gpd.GeoDataFrame
    without_consent: int
    faults: tuple[Fault, ...]
    file: str
    sheet: str | None = None


def read_joining(path: Path, *, datum: str = "wgs84", file: str = "") -> Joining:
    """
    Read who wants to join: one row for a child, or for an estate, cell or community with its number.

    Parameters
    ----------
    path
        Table or GIS file with places, 学校, and either 监护人同意 (with 人数 where a row is more than one child) or 同意人数.
    datum
        Of the coordinates.
    file
        What messages call it; its name by default.

    Returns
    -------
    joining
        Rows without consent, school, number or place are left out and counted.

    Raises
    ------
    SafetyRefusal
        E503: the table names children or guardians, or holds addresses or identity numbers; nothing of it is used.
    InputError
        E395 no column says who agreed, E396 no column of schools, E397 nobody is left; or the file cannot be used.
    """
    is_gis = path.suffix.lower() in GIS_SUFFIXES
    known = [w for f in FIELDS for w in words_of(f)]
    try:
        table = read_geofile(path, datum=datum, file=file) if is_gis else read_table(path, known_headers=known, file=file)
    except InputError as error:
        if {f.code for f in error.faults} != {"E208"}:
            raise
        raise InputError([fault("E397", file=f.file, sheet=f.sheet) for f in error.faults]) from None  # nobody has joined: no matter of a layer
    told = list(refuse_personal_data(table, FIELDS, sites=False))
    at = {f.key: next(iter(find(table.headers, words_of(f))), None) for f in (SCHOOL, CONSENT, JOINING, COUNT)}
    if at["consent"] is None and at["joining"] is None:
        raise InputError(fault("E395", file=table.file, sheet=table.sheet))
    if at["school"] is None:
        raise InputError(fault("E396", file=table.file, sheet=table.sheet))
    lon, lat, more = _places(table, datum)
    told += more
    agreed, count, unread = _numbers(table, at)
    schools = [row[at["school"]].strip() for row in table.rows]
    placed, named = ~np.isnan(lon), np.array([bool(s) for s in schools], dtype=bool)
    asked = agreed & (count > 0)
    told += _rows(table, "W395", np.flatnonzero(unread))
    told += _rows(table, "W396", np.flatnonzero(asked & ~named))
    told += _rows(table, "W397", np.flatnonzero(asked & named & ~placed))
    refused = int(count[~agreed].sum())
    if refused:
        rows = _listed(table.numbers[int(row)] for row in np.flatnonzero(~agreed & (count > 0)))
        told.append(fault("I395", file=table.file, sheet=table.sheet, count=refused, rows=rows))
    kept = np.flatnonzero(asked & named & placed)
    if not len(kept):
        raise InputError([fault("E397", file=table.file, sheet=table.sheet), *told])
    numbers = [table.numbers[int(k)] for k in kept]
    return Joining(_frame([schools[k] for k in kept], count[kept], lon[kept], lat[kept], numbers), refused, tuple(told), table.file, table.sheet)


def joining_of(city: City, year: int) -> Joining | None:
    """
    Who joins, as ``[safety.walking_bus]`` says: None where it names no table, and in editions of other years than the one in the settings.

    Who walks along is a thing of now. The file may lie outside the project, which no other input may. Messages call it by its bare name behind the
    setting's, which is no path in any folder: no marked copy is made of it, as of other tables (:func:`cfmap.intake.marked.give_back`).

    Raises
    ------
    CfmapError
        E200 it is not there; as :func:`read_joining`.
    """
    section = city.safety.walking_bus
    if not section.children or year != city.edition.year:
        return None
    path = city.root / section.children
    name = f"[safety.walking_bus] {path.name}"
    if not path.is_file():
        raise InputError(fault("E200", file=name))
    return read_joining(path, datum=section.datum, file=name)


def at_schools(joining: Joining, schools: gpd.GeoDataFrame) -> Joining:
    """
    The same with the id of each school instead of what was written; W398 counts children of schools that are not known, whose texts are not repeated.

    Parameters
    ----------
    schools
        ``id, name``; of two with one name neither is known by it.

    Raises
    ------
    InputError
        E398: no school is known.
    """
    single = schools[~schools["name"].duplicated(keep=False) & schools["name"].notna()]
    ids = {str(n): i for n, i in zip(single["name"], single["id"], strict=True)} | {str(i): i for i in schools["id"]}
    found = joining.points["school"].map(ids)
    if not found.notna().any():
        names = [str(n) for n in schools["name"].dropna()]
        raise InputError([fault("E398", known="、".join(names[:NAMES_SHOWN]) + (" …" if len(names) > NAMES_SHOWN else "")), *joining.faults])
    lost = joining.points[found.isna()]
    known = joining.points.assign(school=found)[found.notna()].drop(columns="row").reset_index(drop=True)
    told = [fault("W398", file=joining.file, sheet=joining.sheet, count=int(lost["children"].sum()), rows=_listed(lost["row"]))] if len(lost) else []
    return replace(joining, points=known, faults=(*joining.faults, *told))


def _frame(schools: list[str], count: np.ndarray, lon: np.ndarray, lat: np.ndarray, rows: list[int]) -> gpd.GeoDataFrame:
    import geopandas as gpd

    return gpd.GeoDataFrame({"school": schools, "children": count, "row": rows}, geometry=gpd.points_from_xy(lon, lat), crs=4326)


def _numbers(table: RawTable, at: dict[str, int | None]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whether each row has consent, for how many children, and whether a number could not be read (such rows count nobody)."""
    joining = at["joining"] is not None
    column, field = (at["joining"], JOINING) if joining else (at["children"], COUNT)
    agreed = np.array([joining or _is_yes(row[at["consent"] or 0]) for row in table.rows], dtype=bool)
    if column is None:
        return agreed, np.ones(len(table.rows), dtype=np.int64), np.zeros(len(table.rows), dtype=bool)
    cells = [parse(row[column], field) for row in table.rows]
    bad = np.array([c.verdict not in {"ok", "missing"} or (c.value is not None and c.value < 0) for c in cells], dtype=bool)
    count = np.array([0 if b or c.value is None else int(c.value) for b, c in zip(bad, cells, strict=True)], dtype=np.int64)
    return agreed, count, bad


def _is_yes(text: str) -> bool:
    """A clear yes: 是, √ and so on, or the very word 同意."""
    return text.strip() == "同意" or parse(text, CONSENT).value is True


def _places(table: RawTable, datum: str) -> tuple[np.ndarray, np.ndarray, list[Fault]]:
    """Degrees of each row, NaN where there are none; findings about the whole table alone, since those about rows repeat where somebody lives."""
    try:
        if table.geometry is None:
            located = locate(table, datum=datum, columns={}, extent=None)
        else:
            here = ~(table.geometry.isna() | table.geometry.is_empty)
            points = table.geometry.where(here).representative_point()
            located = check_positions(table, points.x.to_numpy(), points.y.to_numpy(), extent=None, datum=datum)
    except CfmapError as error:
        raise type(error)([_unseen(f) for f in error.faults]) from None
    if located.stops:
        raise InputError([_unseen(f) for f in located.stops])
    return np.where(located.bad, np.nan, located.lon), np.where(located.bad, np.nan, located.lat), [_unseen(f) for f in located.faults if f.row is None]


def _unseen(record: Fault) -> Fault:
    """A record without the cell's value and without places."""
    return replace(record, value=None, places=())


def _rows(table: RawTable, code: str, rows: Sequence[int] | np.ndarray) -> list[Fault]:
    if not len(rows):
        return []
    numbers = [table.numbers[int(row)] for row in rows]
    return [fault(code, file=table.file, sheet=table.sheet, count=len(numbers), rows=_listed(numbers))]


def _listed(rows: Iterable[int]) -> str:
    numbers = [str(row) for row in rows]
    return "、".join(numbers[:ROWS_SHOWN]) + (" …" if len(numbers) > ROWS_SHOWN else "")
