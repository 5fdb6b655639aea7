"""What does this cell say: numbers, years, dates, yes/no, lists and choices as people write them."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

from cfmap.intake.headers import nearest
from cfmap.model.events import UNDECIDED

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfmap.model.layer import Field

Verdict = Literal["ok", "missing", "unreadable", "vocabulary", "range"]

#: What people write into a cell that holds nothing.
NOTHING = {"", "-", "--", "—", "——", "/", "\\", "无数据", "未知", "不详", "不明", "待定", "暂缺", "缺", "n/a", "na", "null", "none", "nan", "?", "#n/a"}
_YES = {"是", "有", "y", "yes", "true", "√", "✓", "✔", "具备", "已建", "支持", "1", "对", "需要"}
_NO = {"否", "无", "没有", "n", "no", "false", "×", "x", "✗", "不具备", "未建", "不支持", "0", "错", "不需要"}
_LONGEST = 200  # characters of a number, date or choice; patterns must not try longer ones
_LIST_BREAK = re.compile(r"[、，,;；/|\n]+")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?", re.IGNORECASE)
_ABOUT = re.compile(r"^(约|大约|近|大概|共|合计|≈|~|不足|超过|超)+")
_AFTER = re.compile(r"^(余|多|左右|以上|以下|上下)?")

_TIMES = re.compile(r"[百千万亿]{1,2}")

#: Units by quantity: unit -> factor to the first of its group.
_UNITS: tuple[dict[str, float], ...] = (
    {
        "m2": 1.0,
        "m²": 1.0,
        "㎡": 1.0,
        "平方米": 1.0,
        "平米": 1.0,
        "公顷": 10_000.0,
        "ha": 10_000.0,
        "亩": 2000 / 3,
        "顷": 200_000 / 3,
        "公亩": 100.0,
        "km2": 1e6,
        "km²": 1e6,
        "平方公里": 1e6,
    },
    {"m": 1.0, "米": 1.0, "km": 1000.0, "公里": 1000.0, "千米": 1000.0},
    {"km/h": 1.0, "公里/小时": 1.0, "千米/小时": 1.0, "kmh": 1.0},
    {"分钟": 1.0, "min": 1.0, "分": 1.0, "小时": 60.0},
    {"元": 1.0, "万元": 10_000.0},
    {"%": 1.0, "％": 1.0, "百分比": 1.0},
    {"岁": 1.0, "周岁": 1.0, "月龄": 1 / 12, "个月": 1 / 12},
    {
        "个": 1.0,
        "张": 1.0,
        "人": 1.0,
        "名": 1.0,
        "处": 1.0,
        "所": 1.0,
        "家": 1.0,
        "位": 1.0,
        "座": 1.0,
        "班": 1.0,
        "套": 1.0,
        "间": 1.0,
        "台": 1.0,
        "辆": 1.0,
        "条": 1.0,
        "次": 1.0,
    },
)

_EXAMPLES: dict[str, tuple[str, str, str]] = {
    "integer": ("整数", "a whole number", "120"),
    "number": ("数字", "a number", "36.5"),
    "year": ("年份", "a year", "2024"),
    "date": ("日期", "a date", "2024-05-01"),
    "yesno": ("“是”或“否”", "是 (yes) or 否 (no)", "是"),
}


@dataclass(frozen=True)
class Cell:
    """
    A cell understood.

    Attributes
    ----------
    value
        Python value, or None for missing and everything not understood: unknown, never zero or no.
    verdict
        What became of it.
    tidied
        Whether the text was not plain ("约120张", full-width digits) but understood.
    nearest
        For values outside a vocabulary.
    """

    value: Any
    verdict: Verdict = "ok"
    tidied: bool = False
    nearest: str = ""


def parse(text: str, field: Field, *, unit: str = "") -> Cell:
    """
    Understand the text of a cell as `field` asks.

    Parameters
    ----------
    text
        As handed in.
    field
        Declaration: kind, unit, vocabulary, limits.
    unit
        Unit that the column's header names; a unit inside the cell wins.

    Returns
    -------
    cell
        ``text`` -> str, ``integer`` and ``year`` -> int, ``number`` -> float in the field's unit, ``date`` -> str, ISO with
        the precision given (``2021``, ``2021-05``, ``2021-05-01``) or a word of its vocabulary, ``yesno`` -> bool, ``choice`` -> str of the
        vocabulary, ``list`` -> str, values joined by ``；``.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.lower() in NOTHING and not (field.vocabulary and plain in field.vocabulary):
        return Cell(None, "missing")
    if len(plain) > _LONGEST and field.kind not in {"text", "list"}:
        return Cell(None, "unreadable")
    if field.kind == "text":
        return Cell(re.sub(r"[ \t\r\n]+", " ", text).strip())
    if field.kind in {"integer", "number"}:
        return _number(plain, field, unit)
    return _PARSERS[field.kind](plain, field)


def example(field: Field) -> tuple[str, str, str]:
    """Tell what a field expects, in Chinese and English, and an example."""
    return _EXAMPLES.get(field.kind, ("文字", "text", field.vocabulary[0] if field.vocabulary else "—"))


def unit_factor(given: str, wanted: str) -> float | None:
    """Factor from unit `given` to unit `wanted`; 1.0 when they are the same, None when they cannot be converted."""
    given, wanted = given.strip().lower(), wanted.strip().lower()
    if given == wanted:
        return 1.0
    for group in _UNITS:
        if given in group and wanted in group:
            return group[given] / group[wanted]
    times = _TIMES.match(given)
    if times is None:
        return None
    rest = given[times.end() :]
    factor = unit_factor(rest, wanted) if rest else 1.0
    return None if factor is None else factor * _times(times[0])


def is_unit(text: str) -> bool:
    """Whether a word is a known unit."""
    word = text.strip().lower()
    rest = _TIMES.sub("", word)
    return any(w in group for group in _UNITS for w in (word, rest)) or (bool(word) and not rest)


def _times(text: str) -> float:
    """What 万, 千万, 百 multiply by."""
    return math.prod({"百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}[char] for char in text)


def _number(plain: str, field: Field, unit: str) -> Cell:
    body = _ABOUT.sub("", plain.replace(" ", ""))
    body = re.sub(r"(?<=\d)[,'](?=\d{3}(\D|$))", "", body)
    found = _NUMBER.match(body)
    if not found:
        return Cell(None, "unreadable")
    number, rest = float(found[0]), _AFTER.sub("", body[found.end() :])
    if (times := _TIMES.match(rest)) and not any(rest in group for group in _UNITS) and times[0] != field.unit[: times.end()]:
        number, rest = number * _times(times[0]), _AFTER.sub("", rest[times.end() :])
    rest = re.sub(r"(余|多|左右|以上|以下|上下)$", "", rest)
    if rest or unit:
        factor = unit_factor(rest or unit, field.unit) if field.unit else (1.0 if is_unit(rest or unit) else None)
        if factor is None:
            return Cell(None, "unreadable")
        number *= factor
    tidied = body != found[0] or body != plain
    if not math.isfinite(number):
        return Cell(None, "unreadable")
    if field.kind == "integer":
        if abs(number - round(number)) > 1e-9:
            return Cell(None, "unreadable")
        number = round(number)
    return _within(number, field, tidied=tidied)


def _within(number: float, field: Field, *, tidied: bool = False) -> Cell:
    low, high = field.minimum, field.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        return Cell(None, "range")
    return Cell(number, tidied=tidied)


_SERIAL_EPOCH = date(1899, 12, 30)  # day 0 of Excel's calendar, with its leap day of 1900 that never was
_DATE = re.compile(r"^(\d{4})(?:[-./年](\d{1,2})(?:[-./月](\d{1,2})日?)?)?[年月]?(?:[T\s].*)?$")


_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_IN_WORDS = re.compile(r"^[〇○零一二三四五六七八九]{4}年")
_PART_OF_DAY = re.compile(r"(上午|下午|中午|晚上|全天)?(\d{1,2}[时点](\d{1,2}分)?)?(起|前|止)?$")


def _in_digits(plain: str) -> str:
    """Write a date in Chinese numerals (二〇二一年十二月一日) with digits."""
    if not _IN_WORDS.match(plain):
        return plain

    def number(found: re.Match[str]) -> str:
        tens, ten, ones = found[0].partition("十")
        return found[0].translate(_DIGITS) if not ten else f"{(tens or '一').translate(_DIGITS)}{(ones or '〇').translate(_DIGITS)}"

    return re.sub(r"[〇○零一二三四五六七八九十]+", number, plain)


def _date_parts(plain: str) -> tuple[int, int | None, int | None] | None:
    plain = _in_digits(plain)
    compact = plain.replace(" ", "") if not re.search(r"\d \d", plain) else plain
    if "日" in compact:
        compact = _PART_OF_DAY.sub("", compact)
    if re.fullmatch(r"\d{5}\.\d+", compact):
        compact = compact.partition(".")[0]  # a spreadsheet's day with its time
    if re.fullmatch(r"\d{8}", compact):
        return _checked(int(compact[:4]), int(compact[4:6]), int(compact[6:]))
    if re.fullmatch(r"\d{5}", compact) and 20_000 <= int(compact) <= 73_050:
        day = _SERIAL_EPOCH + timedelta(days=int(compact))
        return day.year, day.month, day.day
    found = _DATE.match(compact)
    if not found:
        return None
    year, month, day_of_month = (int(g) if g else None for g in found.groups())
    return _checked(year, month, day_of_month) if year is not None else None


def _checked(year: int, month: int | None, day: int | None) -> tuple[int, int | None, int | None] | None:
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    return year, month, day


def _parse_date(plain: str, field: Field) -> Cell:
    if plain in field.vocabulary:
        return Cell(plain)
    parts = _date_parts(plain)
    if parts is None:
        return Cell(UNDECIDED if UNDECIDED in field.vocabulary else None, "unreadable")
    return Cell("-".join(f"{p:04d}" if i == 0 else f"{p:02d}" for i, p in enumerate(parts) if p is not None))


def _parse_year(plain: str, field: Field) -> Cell:
    parts = _date_parts(re.sub(r"(年度|年)$", "", _in_digits(plain.replace(" ", ""))))
    if parts is None:
        return Cell(None, "unreadable")
    return _within(parts[0], field, tidied=not plain.isdigit())


def _parse_yesno(plain: str, _field: Field) -> Cell:
    word = plain.lower()
    if word in _YES:
        return Cell(True)  # noqa: FBT003
    if word in _NO:
        return Cell(False)  # noqa: FBT003
    return Cell(None, "unreadable")


def _parse_choice(plain: str, field: Field) -> Cell:
    for allowed in field.vocabulary:
        if unicodedata.normalize("NFKC", allowed).lower() == plain.lower():
            return Cell(allowed)
    return Cell(None, "vocabulary", nearest=nearest(plain, field.vocabulary))


def _parse_list(plain: str, field: Field) -> Cell:
    words = [w.strip() for w in _LIST_BREAK.split(plain) if w.strip()]
    if not field.vocabulary:
        return Cell("；".join(dict.fromkeys(words)))
    known = {unicodedata.normalize("NFKC", v).lower(): v for v in field.vocabulary}
    good = [known[w.lower()] for w in words if w.lower() in known]
    bad = [w for w in words if w.lower() not in known and w.lower() not in NOTHING and w not in {"无", "没有"}]
    value = "；".join(dict.fromkeys(good)) or None
    if bad:
        return Cell(value, "vocabulary", nearest=nearest(bad[0], field.vocabulary))
    return Cell(value, "ok" if value else "missing")


_PARSERS: dict[str, Callable[[str, Field], Cell]] = {
    "year": _parse_year,
    "date": _parse_date,
    "yesno": _parse_yesno,
    "choice": _parse_choice,
    "list": _parse_list,
}
