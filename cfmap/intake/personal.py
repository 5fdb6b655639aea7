"""Is there personal data in this table: a gate that nothing passes, before any cell is taken in."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING

from cfmap.intake.headers import find, normal, words_of
from cfmap.model.errors import SafetyRefusal
from cfmap.model.messages import Fault, fault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfmap.intake.table import RawTable
    from cfmap.model.layer import Field

_PERSON = "家长|监护人|学生|儿童|幼儿|孩子|患者|婴儿|教师|负责人"
_ALWAYS = re.compile(rf"身份证|证件号|病历|({_PERSON})(姓名|电话|手机|住址|微信|签名)|家庭(住址|地址)|户籍地址|出生日期|出生年月|idcard|passport|guardian")
_UNLESS_DECLARED = re.compile(r"手机|联系人|住址|^(姓名|家长|监护人|班级|mobile|contact(person)?)$")
_RESIDENT_ID = re.compile(r"(?<![0-9A-Za-z])([1-9]\d{5})((?:19|20)\d{6})(\d{3}[0-9Xx])(?![0-9A-Za-z])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_CHECK = "10X98765432"
_PROVINCES = {*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83}


def refuse_personal_data(table: RawTable, fields: Iterable[Field]) -> None:
    """
    Let a table pass only when no header names personal data and no cell holds a resident identity number.

    A header that a declared field owns (such as 公开电话) passes, unless it names a child, a guardian or an identity number.

    Raises
    ------
    SafetyRefusal
        E503 for every such column; values are never repeated in the message.
    """
    declared = {i for f in fields for i in find(table.headers, words_of(f))}
    faults = [
        _refusal(table, i, "列名说明这是个人信息", "its header names personal data")
        for i, h in enumerate(table.headers)
        if _is_personal(h, declared=i in declared)
    ]
    named = {f.column for f in faults}
    for position, header in enumerate(table.headers):
        row = next((r for r, cells in enumerate(table.rows) if has_resident_id(cells[position])), None)
        if row is not None and header not in named:
            faults.append(_refusal(table, position, "单元格里有居民身份证号码", "a cell holds a resident identity number", table.numbers[row]))
    if faults:
        raise SafetyRefusal(faults)


def has_resident_id(text: str) -> bool:
    """Whether a text holds an 18-digit Chinese resident identity number: province, real date, check digit (GB 11643-1999)."""
    if len(text) < 18:
        return False
    for area, day, tail in _RESIDENT_ID.findall(unicodedata.normalize("NFKC", text)):
        digits = area + day + tail
        check = _CHECK[sum(int(d) * w for d, w in zip(digits[:17], _WEIGHTS, strict=True)) % 11]
        if int(area[:2]) in _PROVINCES and check == digits[17].upper() and _is_date(day):
            return True
    return False


def _is_personal(header: str, *, declared: bool) -> bool:
    word = normal(header)
    return bool(_ALWAYS.search(word)) or (not declared and bool(_UNLESS_DECLARED.search(word)))


def _is_date(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True


def _refusal(table: RawTable, position: int, why: str, why_en: str, row: int | None = None) -> Fault:
    column = table.columns[position]
    return fault("E503", file=table.file, sheet=table.sheet, row=row, column=column.name, letter=column.letter or None, why=why, why_en=why_en)
