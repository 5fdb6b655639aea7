"""Which targets does a city answer to, what did its units report, and which statistics did the bureau supply?"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from cfmap.intake import reader
from cfmap.intake.cells import parse
from cfmap.intake.headers import normal
from cfmap.intake.ledger_columns import COLUMNS, PLAN_SHEET, TARGET_SHEET, fact
from cfmap.model.city import CONFIG_NAME
from cfmap.model.errors import ConfigError, InputError
from cfmap.model.layer import Field
from cfmap.model.ledgers import Head, Row, detail, inconsistencies, standard_ledger
from cfmap.model.messages import Fault, fault
from cfmap.model.schema import SITE_COLUMNS
from cfmap.model.target import STATISTICS, Plan, Reported, Statistic, Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd

    from cfmap.intake.table import RawTable
    from cfmap.model.city import City
    from cfmap.model.layer import Layer

PLAN_ROWS = {"city": "城市", "title": "计划名称", "document": "文号", "first": "起始年", "last": "结束年"}
PLAN_HEADERS = ("项目", "内容")
REPORT_HEADERS = {"id": "编号", "value": "上报数值", "as_of": "数据日期", "evidence": "证据文件", "note": "备注"}
STATISTIC_HEADERS = {"town": "乡镇街道", "id": "统计项", "value": "数值", "year": "年份", "source": "来源"}
CITY_WORDS = ("", "全市", "全区", "全县", "合计", "全域")
_NUMBER = Field("value", "数值", "value", kind="number")
_YEAR = Field("year", "年份", "year", kind="year", minimum=1990, maximum=2100)
_DATE = Field("as_of", "数据日期", "date", kind="date")


@dataclass(frozen=True)
class Ledgers:
    """The city's plans, what their units reported (year -> target id -> report), statistics, findings and files read."""

    plans: tuple[Plan, ...]
    reports: dict[int, dict[str, Reported]]
    statistics: tuple[Statistic, ...]
    faults: tuple[Fault, ...]
    files: tuple[str, ...]


def read_ledgers(city: City, layers: Mapping[str, Layer], rules: Iterable[str], *, year: int, towns: gpd.GeoDataFrame | None = None) -> Ledgers:
    """
    Everything about targets that an edition of a year needs; empty where the settings name no ledger.

    Raises
    ------
    ConfigError, InputError
        As :func:`read_plans`.
    """
    plans = read_plans(city, layers, rules)
    if not plans:
        return Ledgers((), {}, (), (), ())
    return read_told(city, plans, years={year, *(p.last for p in plans if p.last < year)}, towns=towns)


# -- ledgers ---------------------------------------------------------------------------------------------------------


def read_plans(city: City, layers: Mapping[str, Layer], rules: Iterable[str]) -> tuple[Plan, ...]:
    """
    The ledgers that the settings name: those that come with cfmap, or workbooks of the project.

    Parameters
    ----------
    layers
        The city's: what a ledger names must exist.
    rules
        Keys of the rules there are.

    Raises
    ------
    ConfigError
        E170 an unknown ledger.
    InputError
        E171, E174, E175 and what reading a workbook may raise, all rows together.
    """
    plans = tuple(_plan(name, city) for name in city.targets.ledgers)
    rules = tuple(rules)
    faults = []
    for name, plan in zip(city.targets.ledgers, plans, strict=True):
        own = _is_workbook(name)
        wrong = inconsistencies(plan, layers, SITE_COLUMNS, rules)
        if not own:  # a city without one of the standard layers still has the ledger: those rows say so
            wrong = [w for w in wrong if not any(key not in layers for key in w[0].binding.layers)]
        faults += [fault("E171", file=name if own else CONFIG_NAME, value=t.id, detail_zh=zh, detail=en) for t, zh, en in wrong]
    if faults:
        raise InputError(faults)
    return plans


def _plan(name: str, city: City) -> Plan:
    return read_ledger(city, name) if _is_workbook(name) else standard_ledger(name)


def _is_workbook(name: str) -> bool:
    return name.lower().endswith((".xlsx", ".xlsm", ".xls", ".et"))


def read_ledger(city: City, relative: str) -> Plan:
    """
    A ledger from a workbook of the project, as ``cfmap targets --export`` and ``--template`` write it.

    Raises
    ------
    InputError
        E174 when the sheet of the plan is not filled in, E171 and E175 with the row of every target that cannot be used.
    """
    path, file = city.path(relative), relative
    head = _head(reader.read_table(path, known_headers=PLAN_HEADERS, sheet=PLAN_SHEET, file=file), file)
    raw = reader.read_table(path, known_headers=[h for h, _ in COLUMNS.values()], sheet=TARGET_SHEET, file=file)
    where = _positions(raw, {name: header for name, (header, _) in COLUMNS.items()})
    targets: list[Target] = []
    rows: dict[str, int] = {}
    faults: list[Fault] = list(raw.faults)
    for number, cells in zip(raw.numbers, raw.rows, strict=True):
        facts = {name: value for name, at in where.items() if (value := fact(name, cells[at])) is not None}
        if not facts.get("id") and not facts.get("item"):
            continue
        try:
            target = Row.model_validate(facts).target_row()
        except ValidationError as error:
            zh, en = detail(error)
            faults.append(fault("E171", file=file, sheet=TARGET_SHEET, row=number, value=facts.get("id", ""), detail_zh=zh, detail=en))
            continue
        if target.id in rows:
            first = f"{TARGET_SHEET} {rows[target.id]}"
            faults.append(fault("E175", file=file, sheet=TARGET_SHEET, row=number, value=target.id, id=target.id, first=first))
            continue
        rows[target.id] = number
        targets.append(target)
    if any(f.level == "error" for f in faults):
        raise InputError(faults)
    key = re.sub(r"\W+", "-", path.stem).strip("-")
    return Plan(key, head.city, head.title, head.document, head.first, head.last, tuple(targets))


def _head(raw: RawTable, file: str) -> Head:
    given = {row[0].strip(): row[1].strip() for row in raw.rows if len(row) > 1}
    try:
        return Head.model_validate({name: given.get(title, "") for name, title in PLAN_ROWS.items()})
    except ValidationError as error:
        lost = "、".join(PLAN_ROWS[str(e["loc"][0])] for e in error.errors())
        raise InputError(fault("E174", file=file, sheet=PLAN_SHEET, detail_zh=f"缺或不对：{lost}", detail=f"missing or wrong: {lost}")) from None


# -- reports and statistics ------------------------------------------------------------------------------------------


def read_told(city: City, plans: tuple[Plan, ...], *, years: Iterable[int], towns: gpd.GeoDataFrame | None = None, today: date | None = None) -> Ledgers:
    """
    What units reported (``[targets] reports``) and the sheet of statistics (``[targets] statistics``), for these years.

    A file that the settings do not name and that is not there is no fault. A row that cannot be used is left out and told; nothing here stops a
    build.

    Parameters
    ----------
    years
        The edition's, and the last one of every plan that has ended.
    towns
        Outline, to check the names of towns.
    today
        Later dates are refused; the machine's day by default.
    """
    day = today or date.today()  # noqa: DTZ011 - the clerk's own calendar
    reports: dict[int, dict[str, Reported]] = {}
    statistics: list[Statistic] = []
    faults: list[Fault] = []
    files: list[str] = []
    known = {t.id: t for p in plans for t in p.targets}
    wanted = {t.binding.statistic for t in known.values() if t.binding.statistic}
    names = [str(n) for n in towns["name"]] if towns is not None else []
    for year in sorted(set(years)):
        for setting in ("reports", "statistics"):
            relative = getattr(city.targets, setting).replace("{year}", str(year))
            if not relative or not city.path(relative).is_file():
                if relative and setting in city.targets.model_fields_set:
                    faults.append(fault("W179", file=CONFIG_NAME, column=f"targets.{setting}", file_zh=relative))
                continue
            files.append(relative)
            try:
                if setting == "reports":
                    reports[year] = _reports(city, relative, known, day, faults)
                else:
                    statistics += _statistics(city, relative, wanted, names, faults)
            except ConfigError:
                raise
            except InputError as error:  # the file as a whole: told, and the rows stay without
                faults += [f if f.level != "error" else _as_warning(f) for f in error.faults]
    own = [name for name in city.targets.ledgers if _is_workbook(name)]
    return Ledgers(plans, reports, tuple(dict.fromkeys(statistics)), tuple(dict.fromkeys(faults)), (*own, *files))


def _as_warning(record: Fault) -> Fault:
    return fault(
        "W170", file=record.file, sheet=record.sheet, what_zh=record.what("zh"), what_en=record.what("en"), how_zh=record.how("zh"), how_en=record.how("en")
    )


def _reports(city: City, relative: str, known: Mapping[str, Target], today: date, faults: list[Fault]) -> dict[str, Reported]:
    path = city.path(relative)
    found: dict[str, Reported] = {}
    for sheet in reader.sheet_names(path, file=relative):
        try:
            raw = reader.read_table(path, known_headers=tuple(REPORT_HEADERS.values()), sheet=sheet, file=relative)
        except InputError:
            continue  # a page of explanations
        at = _positions(raw, REPORT_HEADERS)
        if "id" not in at or "value" not in at:
            continue
        for row in range(len(raw.rows)):
            told = _report(raw, row, at, known, city, today, faults)
            if told is None:
                continue
            first = found.setdefault(told.id, told)
            if (first.value, first.text) != (told.value, told.text):
                shown = first.text or f"{first.value:g}"
                faults.append(raw.at("W175", row, at["value"], id=told.id, first=f"{shown}（{first.file}）"))
    return found


def _report(raw: RawTable, row: int, at: Mapping[str, int], known: Mapping[str, Target], city: City, today: date, faults: list[Fault]) -> Reported | None:
    cells = {name: raw.rows[row][position].strip() for name, position in at.items()}
    identity = cells["id"]
    if not identity or not cells["value"]:
        return None
    if identity not in known:
        near = difflib.get_close_matches(identity, known, n=1)
        faults.append(raw.at("W172", row, at["id"], id=identity, nearest="".join(near) or "—"))
        return None
    value, text = parse(cells["value"].rstrip("%％‰"), _NUMBER).value, ""
    if value is None and known[identity].value is None:
        text = cells["value"]  # 完成, 已建立 …: words answer a target without a number
    elif value is None:
        faults.append(raw.at("W171", row, at["value"]))
        return None
    as_of = _date(raw, row, at, cells.get("as_of", ""), today, faults)
    evidence = cells.get("evidence", "")
    if evidence and not _inside(city, evidence):
        faults.append(raw.at("W173", row, at["evidence"]))
        evidence = ""
    return Reported(identity, value, text, as_of, evidence, cells.get("note", ""), f"{raw.file} · {raw.sheet}" if raw.sheet else raw.file, raw.numbers[row])


def _date(raw: RawTable, row: int, at: Mapping[str, int], text: str, today: date, faults: list[Fault]) -> date | None:
    if not text:
        return None
    given = parse(text, _DATE).value
    try:
        day = date.fromisoformat(given if len(given) == len("2024-12-31") else f"{given}-01" if len(given) == len("2024-12") else f"{given}-12-31")
    except (TypeError, ValueError):
        faults.append(raw.at("W174", row, at["as_of"], detail_zh="读不懂", detail="not understood"))
        return None
    if day > today:
        faults.append(raw.at("W174", row, at["as_of"], detail_zh="在今天以后", detail="it lies in the future"))
        return None
    return day


def _inside(city: City, relative: str) -> bool:
    try:
        return city.path(relative).is_file()
    except (ConfigError, InputError, OSError):
        return False


def _statistics(city: City, relative: str, wanted: set[str], towns: list[str], faults: list[Fault]) -> list[Statistic]:
    raw = reader.read_table(city.path(relative), known_headers=tuple(STATISTIC_HEADERS.values()), file=relative)
    faults += raw.faults
    at = _positions(raw, STATISTIC_HEADERS)
    found: list[Statistic] = []
    ids = {zh: identity for identity, (zh, _) in STATISTICS.items()}
    for row, cells in enumerate(raw.rows):
        text = {name: cells[position].strip() for name, position in at.items()}
        if not any(text.values()):
            continue
        town = "" if text.get("town", "") in CITY_WORDS else text["town"]
        value, year = parse(text.get("value", "").rstrip("%％‰"), _NUMBER).value, parse(text.get("year", ""), _YEAR).value
        if town and towns and town not in towns:
            near = difflib.get_close_matches(town, towns, n=1)
            faults.append(raw.at("W176", row, at["town"], town=town, nearest="".join(near) or "—"))
        elif value is None or year is None:
            name, zh, en = ("value", "数字", "a number") if value is None else ("year", "四位年份", "a year")
            faults.append(raw.at("W177", row, at.get(name), column_zh=STATISTIC_HEADERS[name], wanted=zh, wanted_en=en))
        elif (identity := ids.get(text.get("id", ""), text.get("id", ""))) not in wanted:
            known = "、".join(STATISTICS.get(w, (w, w))[0] for w in sorted(wanted))
            faults.append(raw.at("W178", row, at.get("id"), id=text.get("id", ""), known=known or "—"))
        else:
            found.append(Statistic(town, identity, float(value), int(year), text.get("source", ""), relative))
    return found


def _positions(raw: RawTable, headers: Mapping[str, str]) -> dict[str, int]:
    by_header: dict[str, int] = {}
    for position, name in enumerate(raw.headers):
        by_header.setdefault(normal(name), position)
    return {name: by_header[normal(header)] for name, header in headers.items() if normal(header) in by_header}


def facts_of(target: Target) -> dict[str, Any]:
    """A target as a flat row: every fact of :class:`cfmap.model.ledgers.Row`."""
    return {name: getattr(target.binding if hasattr(target.binding, name) else target, name) for name in Row.model_fields}
