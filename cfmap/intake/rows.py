"""What do the rows of a table say about their sites: every cell understood by its field, every doubt recorded."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cfmap.intake.cells import Cell, example, is_unit, parse, unit_factor
from cfmap.intake.headers import PAIR_WORDS, SYSTEM_WORDS, WKT_HEADERS, bare, bracketed, find, mapped, nearest, normal, words_of
from cfmap.intake.table import is_garbled
from cfmap.model.errors import InputError
from cfmap.model.messages import Fault, fault
from cfmap.model.schema import LAT_HEADERS, LON_HEADERS, STATUSES
from cfmap.model.settings_edit import columns_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cfmap.intake.table import RawTable
    from cfmap.model.layer import Field

MAX_GARBLED_NAMES = 0.01  # share of the names
UNKNOWN_STATUS = "未知"

#: What departments write for the five statuses.
STATUS_WORDS = {
    **dict.fromkeys(
        (
            "运营",
            "运营中",
            "正常",
            "正常运营",
            "使用中",
            "投入使用",
            "已建成",
            "建成",
            "已建",
            "开放",
            "开放中",
            "营业",
            "在营",
            "在办",
            "正常办学",
            "正常营业",
        ),
        "在用",
    ),
    **dict.fromkeys(("建设中", "建设", "施工中", "在建中", "未完工"), "在建"),
    **dict.fromkeys(("规划中", "拟建", "待建", "计划", "筹建", "筹建中", "未开工", "已立项"), "规划"),
    **dict.fromkeys(
        ("已关闭", "停用", "停业", "停办", "注销", "撤销", "关停", "拆除", "已停用", "已停办", "已注销", "已撤销", "已拆除", "歇业", "关门"), "关闭"
    ),
}
_EXACT_DIGITS = 15  # of a number in a spreadsheet
_POWER_OF_TEN = re.compile(r"^\d(\.\d+)?[eE]\+?\d+$")


@dataclass(frozen=True)
class Understood:
    """Values by field key of every row, which rows must be left out, and what there is to tell."""

    values: list[dict[str, Any]]
    bad: set[int]
    faults: list[Fault] = field(default_factory=list)
    stops: list[Fault] = field(default_factory=list)


def match_columns(table: RawTable, fields: Sequence[Field], columns: Mapping[str, str]) -> dict[str, int]:
    """
    Which column holds which field: by the source's mapping, then by title and key, then by English title and synonyms;
    of two fields with the same word the earlier one gets the column.

    Raises
    ------
    InputError
        With all of: E210 a required column, or one that the mapping names, is missing; E211 two columns for one field.
    """
    taken: dict[str, int] = {}
    faults: list[Fault] = []
    where = {"file": table.file, "sheet": table.sheet}

    def take(item: Field, found: list[int]) -> bool:
        hits = [i for i in found if i not in taken.values()]
        if len(hits) > 1:
            letters = "、".join(table.columns[i].letter or str(i + 1) for i in hits)
            faults.append(_file_fault("E211", where, title=table.headers[hits[0]], letters=letters, line=columns_line({item.title: f"{letters[-1]}列"})))
        if hits:
            taken[item.key] = hits[0]
        return bool(hits)

    named = [f for f in fields if f.key in columns]
    faults += [_missing(table, f, columns[f.key], [columns[f.key]]) for f in named if not take(f, mapped(table, columns[f.key]))]
    for part in (slice(0, 2), slice(2, None)):
        for item in fields:
            if item.key not in taken and item.key not in columns:
                take(item, find(table.headers, words_of(item)[part]))
    faults += [_missing(table, f, f.title, words_of(f)) for f in fields if f.required and f.key not in taken and f.key not in columns]
    if faults:
        raise InputError(faults)
    return taken


def _missing(table: RawTable, item: Field, title: str, words: Sequence[str]) -> Fault:
    near = next((n for w in words if (n := nearest(w, table.headers)) != "—"), "—")
    present = "、".join(h for h in table.headers if h) or "—"
    line = columns_line({item.title: near if near != "—" else "…"})
    return fault("E210", file=table.file, sheet=table.sheet, title=title, title_en=item.title_en, present=present, nearest=near, line=line)


def understand(table: RawTable, fields: Sequence[Field], columns: Mapping[str, str]) -> Understood:
    """
    Parse every row.

    A required cell that is missing or not understood, or a damaged id, makes its row bad; anything else not understood
    becomes unknown, with a warning.

    Raises
    ------
    InputError
        As :func:`match_columns`.
    """
    matched = match_columns(table, fields, columns)
    result = Understood([{} for _ in table.rows], set())
    for item in fields:
        if item.key in matched:
            _column(table, item, matched[item.key], result)
        elif item.key == "status":
            result.faults.append(_file_fault("W228", {"file": table.file, "sheet": table.sheet}, count=len(table.rows)))
    for values in result.values if any(f.key == "status" for f in fields) else ():
        values["status"] = values.get("status") or UNKNOWN_STATUS
    _garbled_names(table, matched.get("name"), result)
    _unused(table, matched, columns, result)
    return result


def _column(table: RawTable, item: Field, position: int, result: Understood) -> None:
    column = table.columns[position]
    rounded = _rounded(table, position) if item.key == "id" else set()
    unit = _header_unit(table, item, position, result)
    if unit is None:
        return
    tidied = 0
    for row, cells in enumerate(table.rows):
        why = table.broken.get((table.numbers[row], position))
        if why:
            needed = item.required or item.key == "id"
            result.faults.append(table.at(("E214" if why == "formula" else "E215") if needed else "W215", row, position))
            if needed:
                result.bad.add(row)
            continue
        text = cells[position]
        if item.key == "status":
            text = status_word(text)
        if item.key == "id" and (row in rounded or _POWER_OF_TEN.match(text)):
            result.faults.append(table.at("E222", row, position))
            result.bad.add(row)
            continue
        cell = parse(text, item, unit=unit)
        result.values[row][item.key] = cell.value
        tidied += cell.tidied and item.kind != "year"
        _verdict(table, item, row, position, cell, result)
    if tidied:
        result.faults.append(fault("I208", file=table.file, sheet=table.sheet, column=column.name, letter=column.letter or None, count=tidied))


def status_word(text: str) -> str:
    """The status that a department's word means ("已停办", "在建（2025年交付）"), else the word as it is."""
    plain = re.sub(r"[（(].*$", "", text).strip()
    for word in (text, plain, plain.removeprefix("已"), plain.removesuffix("中"), plain.removesuffix("状态")):
        if word in STATUS_WORDS or word in STATUSES:
            return STATUS_WORDS.get(word, word)
    return text


def _rounded(table: RawTable, position: int) -> set[int]:
    """Rows whose id is longer than a spreadsheet's 15 digits, where all such ids have only zeros behind them."""
    long = [row for row, cells in enumerate(table.rows) if len(cells[position]) > _EXACT_DIGITS and cells[position].isdecimal()]
    lost = len(long) > 1 and all(not table.rows[row][position][_EXACT_DIGITS:].strip("0") for row in long)
    return set(long) if lost else set()


def _verdict(table: RawTable, item: Field, row: int, position: int, cell: Cell, result: Understood) -> None:
    titles = {"title": item.title, "title_en": item.title_en}
    if cell.verdict == "missing" and item.required:
        result.bad.add(row)
        result.faults.append(table.at("E220", row, position, **titles))
    elif cell.verdict == "unreadable":
        zh, en, such = example(item)
        result.faults.append(table.at("E223" if item.required else "W223", row, position, **titles, expected=zh, expected_en=en, example=such))
        if item.required:
            result.bad.add(row)
    elif cell.verdict == "vocabulary":
        result.faults.append(table.at("W224", row, position, **titles, allowed="、".join(item.vocabulary), nearest=cell.nearest))
    elif cell.verdict == "range":
        low, high = ("—" if v is None else f"{v:g}" for v in (item.minimum, item.maximum))
        result.faults.append(table.at("W225", row, position, **titles, minimum=low, maximum=high))
    elif isinstance(cell.value, str) and item.key != "name" and is_garbled(cell.value):
        result.faults.append(table.at("W226", row, position))


def _header_unit(table: RawTable, item: Field, position: int, result: Understood) -> str | None:
    """Read the unit named in the header; "" when none or when it does not matter; None when it cannot be converted."""
    given = bracketed(table.headers[position])
    if item.kind not in {"integer", "number"} or not given or not is_unit(given):
        return ""
    factor = unit_factor(given, item.unit or given)
    column = table.columns[position]
    where: dict[str, Any] = {"file": table.file, "sheet": table.sheet, "column": column.name, "letter": column.letter or None}
    facts: dict[str, Any] = {"title": item.title, "title_en": item.title_en, "given": given, "unit": item.unit or given}
    if factor is None:
        result.faults.append(fault("W227", **where, **facts))
        return None
    if factor != 1.0:
        result.faults.append(fault("I213", **where, **facts, factor=f"{factor:.6g}"))
    return given


def _garbled_names(table: RawTable, position: int | None, result: Understood) -> None:
    if position is None:
        return
    garbled = [r for r, cells in enumerate(table.rows) if is_garbled(cells[position])]
    result.faults.extend(table.at("W226", r, position) for r in garbled)
    if garbled and len(garbled) > MAX_GARBLED_NAMES * len(table.rows):
        result.stops.append(_file_fault("E226", {"file": table.file, "sheet": table.sheet}, count=len(garbled)))


def _unused(table: RawTable, matched: Mapping[str, int], columns: Mapping[str, str], result: Understood) -> None:
    known = {normal(w) for w in (*LON_HEADERS, *LAT_HEADERS, *WKT_HEADERS, *PAIR_WORDS, *SYSTEM_WORDS, *columns.values(), "序号", "备注")}
    unused = [h for i, h in enumerate(table.headers) if h and i not in matched.values() and not {normal(h), bare(h)} & known]
    if unused:
        result.faults.append(_file_fault("I206", {"file": table.file, "sheet": table.sheet}, columns="、".join(unused)))


def _file_fault(code: str, where: Mapping[str, str | None], **facts: Any) -> Fault:
    return fault(code, file=where["file"], sheet=where["sheet"], **facts)
