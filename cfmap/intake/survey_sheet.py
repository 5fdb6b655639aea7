"""What does the form of a street survey ask, and what does a row of it say once it is filled in?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from cfmap.intake.cells import parse
from cfmap.intake.reader import read_table, sheet_names
from cfmap.model.errors import InputError
from cfmap.model.layer import Field
from cfmap.model.messages import fault
from cfmap.model.survey import ITEM_KEYS, ITEM_WORDS, NUMBERS, VALUES, Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cfmap.intake.table import RawTable
    from cfmap.model.messages import Fault
    from cfmap.model.survey import ItemKey

SEGMENTS, GATES, GUIDE = "路段", "校门", "填写说明"
KEY, SIDE, ROW = "键（请勿改动）", "侧（请勿改动）", "行（请勿改动）"  # hidden columns
SCHOOL, NUMBER, STREET, COURSE, LOOK, DATE, MAP = "学校", "号", "路名", "从哪里到哪里", "看哪一侧", "日期", "地图"
KNOWN = "已知"  # stands in a cell that need not be filled in
TABLE = ".csv"  # holds one of the two sheets
FORMS = (".xlsx", ".xlsm", ".xls", ".et", TABLE)
HIDDEN: dict[str, tuple[str, ...]] = {SEGMENTS: (KEY, SIDE, ROW), GATES: (KEY, ROW)}  # without them nobody knows what a row is about
#: What people write instead of the words in the list, where it can mean one thing only.
_YES, _NO = ("√", "✓", "✔", "是", "有的"), ("×", "✗", "x", "否", "没有", "没")
_MEANT: dict[str, dict[str, str]] = {
    **{item: dict.fromkeys(_YES, "有") | dict.fromkeys(_NO, "无") for item in ("A", "D", "E", "F")},
    "B": dict.fromkeys(("无", "没有", "不限速", "无限速"), "没有限速"),
    "C": dict.fromkeys(("红绿灯", "信号灯过街"), "信号灯")
    | dict.fromkeys(("人行横道", "斑马线过街"), "斑马线")
    | dict.fromkeys(("天桥", "地道", "过街天桥", "地下通道", "人行天桥"), "天桥地道")
    | dict.fromkeys(("无", "×"), "没有"),
}
_NOT_SEEN = {"不知道", "不清楚", "看不清", "没看清", "没去", "没看"}  # the guide asks to leave such cells empty
FIRST_DAY = date(2000, 1, 1)
WIDEST_M, SLOWEST_KMH, FASTEST_KMH, MOST_LANES = 20, 5, 120, 8  # beyond these a number is a slip of the pen

Part = Literal["value", "number"]


@dataclass(frozen=True)
class Column:
    """A column that asks: about which item, and whether for a word or for a number."""

    item: ItemKey
    part: Part
    field: Field


def _word(item: ItemKey, title: str, hint: str) -> Column:
    return Column(item, "value", Field(f"{item}_value", title, ITEM_WORDS[item][1], kind="choice", vocabulary=tuple(VALUES[item]), hint=hint))


def _number(item: ItemKey, title: str, unit: str, low: int, high: int, hint: str, *, kind: Literal["number", "integer"] = "number") -> Column:
    field = Field(f"{item}_number", title, f"{ITEM_WORDS[item][1]}, number", kind=kind, unit=unit, minimum=low, maximum=high, hint=hint)
    return Column(item, "number", field)


#: Columns of the sheet of segments, and of the sheet of gates.
ASKED: dict[str, tuple[Column, ...]] = {
    SEGMENTS: (
        _word("A", "人行道", "只看“看哪一侧”写的那一侧。被停车、摊位、杂物占得走不了，选“占用”"),
        _number("A", "净宽", "米", 0, WIDEST_M, "最窄处能走的宽度，用卷尺量"),
        _word("B", "限速", "有限速牌选“限速”并填右边的数；整段没有限速牌选“没有限速”"),
        _number("B", "限速值", "公里/小时", SLOWEST_KMH, FASTEST_KMH, "牌子上的数字，例如 30"),
        _word("D", "路灯", "这一段有没有路灯"),
        _word("E", "标志", "有没有“注意儿童”或学校区域标志"),
        _word("F", "减速设施", "有没有减速带、减速丘、抬高的路口"),
    ),
    GATES: (
        _word("C", "门口过街", "门口这条路，往两头各 50 米以内最好的一处。有信号灯就选信号灯；没画线是能过但地上没有斑马线"),
        _number("C", "单向车道", "条", 1, MOST_LANES, "选了斑马线才填：门口这条路往一个方向有几条机动车道，两个方向不一样写多的", kind="integer"),
    ),
}
#: Columns before and after those that ask.
BEFORE: dict[str, tuple[str, ...]] = {SEGMENTS: (KEY, SIDE, ROW, SCHOOL, NUMBER, STREET, COURSE, LOOK), GATES: (KEY, ROW, SCHOOL, NUMBER, STREET)}
AFTER = (DATE, MAP)
DAY = Field("date", DATE, "date", kind="date", hint="看的那一天，例如 2024-12-05；可以空着")
_SIDES = ("left", "right", "")
_NO_SUCH_SHEET = {"E208", "E209", "E212"}  # nothing in it, no header, no sheet of that name
_OF_NO_USE = {"W219"}  # about hidden rows and columns: the form has such columns, and a filter hides rows


def headers(sheet: str) -> tuple[str, ...]:
    """Headers of a sheet, in order, as they are written."""
    return (*BEFORE[sheet], *(title(c.field) for c in ASKED[sheet]), *AFTER)


def row_name(school: str, number: str) -> str:
    """What tells a row from all others, for people: stands hidden beside the key, so that a row that lost its key is found out."""
    return " ".join(f"{school} {number}".split())


def title(field: Field) -> str:
    """Header of a column that asks: with the unit, where there is one."""
    return f"{field.title}（{field.unit}）" if field.unit else field.title


@dataclass(frozen=True)
class Told:
    """
    What a returned form says.

    Attributes
    ----------
    answers
        Of the rows that can be used, in order.
    faults
        Of those that cannot.
    rows, filled, refused
        Rows on its sheets; those in which something was filled in; those of them that cannot be used.
    """

    answers: tuple[Answer, ...]
    faults: tuple[Fault, ...]
    rows: int
    filled: int
    refused: int = 0


def read_form(path: Path, *, file: str, known: Callable[[str, ItemKey], bool], today: date) -> Told:
    """
    Read a form that came back, row by row.

    Parameters
    ----------
    path, file
        The workbook, and how messages name it.
    known
        Whether a key is that of a segment (for item C: of a gate) of the city.
    today
        No answer can be of a later day.

    Returns
    -------
    told
        A row with anything wrong in it gives records and no answer at all: half a row would look complete. Cells left empty are no answers, nor
        is "不清楚". A sheet is known by its columns, whatever its name; E297 when its hidden ones are gone (nothing of it is used), W282 when a sheet
        or a column that asks is.

    Raises
    ------
    InputError
        E205 it is neither workbook nor CSV, E294 it is no form of a survey; else as :func:`cfmap.intake.reader.read_table`.
    """
    if path.suffix.lower() not in FORMS:
        raise InputError(fault("E205", file=file, suffix=path.suffix or "—", known=" ".join(FORMS)))
    answers: list[Answer] = []
    faults: list[Fault] = []
    rows = filled = refused = 0
    pages = list(_sheets(path, file))
    for kind, table in pages:
        if table is None:
            continue
        columns = {column.name: position for position, column in enumerate(table.columns) if column.name}
        lost = [h for h in HIDDEN[kind] if h not in columns]
        faults += [f for f in table.faults if f.code not in _OF_NO_USE] + _lost_columns(table, kind)
        if lost:
            faults.append(fault("E297", file=file, sheet=table.sheet, columns="、".join(lost)))
        for position, number in enumerate(table.numbers):
            row = _Row(kind, table, position, columns)
            rows += bool(row.text(KEY) or lost)
            if not row.says_something:
                continue
            filled += 1
            if lost:
                refused += 1
                continue
            made, wrong = row.read(known, today, name=f"{file} {kind} {number}")
            answers += made
            faults += wrong
            refused += bool(wrong)
    if not any(rows_of is not None for _, rows_of in pages):
        raise InputError(fault("E294", file=file, sheets=f"{SEGMENTS}、{GATES}", header=KEY))
    faults += [fault("W282", file=file, lost=f"工作表“{kind}”", lost_en=f"sheet {kind}", more="", more_en="") for kind in HIDDEN if kind not in dict(pages)]
    return Told(tuple(answers), tuple(faults), rows, filled, refused)


def _sheets(path: Path, file: str) -> Iterator[tuple[str, RawTable | None]]:
    """Which sheets of a file are of a form, and of which kind, whatever people called them; merged cells filled; None for one without a row."""
    words = tuple(dict.fromkeys((*headers(SEGMENTS), *headers(GATES))))
    for name in [""] if path.suffix.lower() == TABLE else sheet_names(path, file=file):
        if name == GUIDE:
            continue
        try:
            table = read_table(path, known_headers=words, sheet=name, file=file)
        except InputError as error:
            if not {f.code for f in error.faults} <= _NO_SUCH_SHEET:
                raise
            if name in HIDDEN and all(f.code == "E208" for f in error.faults):
                yield name, None
            continue
        fit = {kind: sum(h in table.headers for h in headers(kind)) for kind in HIDDEN}
        kind = max(fit, key=lambda k: (fit[k], k == name))
        if SCHOOL in table.headers and NUMBER in table.headers and any(title(c.field) in table.headers for c in ASKED[kind]):
            yield kind, table


def _lost_columns(table: RawTable, kind: str) -> list[Fault]:
    """W282 when columns that ask are gone or renamed: what was filled in there is not read."""
    lost = [title(c.field) for c in ASKED[kind] if title(c.field) not in table.headers]
    if not lost:
        return []
    strange = [h for h in table.headers if h and h not in headers(kind)]
    more, more_en = (f"；表里多出来的列：{'、'.join(strange)}", f"; columns that do not belong: {', '.join(strange)}") if strange else ("", "")
    words = "列" + "、".join(f"“{h}”" for h in lost)
    return [fault("W282", file=table.file, sheet=table.sheet, lost=words, lost_en=f"column {', '.join(lost)}", more=more, more_en=more_en)]


@dataclass(frozen=True)
class _Row:
    """One row of a returned sheet."""

    sheet: str
    table: RawTable
    position: int
    columns: dict[str, int]

    def text(self, header: str) -> str:
        position = self.columns.get(header)
        value = "" if position is None else self.table.rows[self.position][position].strip()
        return "" if value == KNOWN else value

    def broken(self, header: str) -> str:
        """Why a cell has no value: "error", "formula"; "" where it has one or is empty."""
        return self.table.broken.get((self.table.numbers[self.position], self.columns.get(header, -1)), "")

    @property
    def says_something(self) -> bool:
        return any(self.text(title(c.field)) or self.broken(title(c.field)) for c in ASKED[self.sheet])

    def at(self, code: str, header: str, **facts: Any) -> Fault:
        return self.table.at(code, self.position, self.columns.get(header), **facts)

    def read(self, known: Callable[[str, ItemKey], bool], today: date, *, name: str) -> tuple[list[Answer], list[Fault]]:
        """Its answers, or what is wrong with it; what stands beside a column that is gone is not looked at."""
        key, side = self.text(KEY), self.text(SIDE)
        wrong: list[Fault] = []
        day, late = date_of(self.text(DATE), today)
        if late:
            wrong.append(self.at("W297", DATE, today=today.isoformat()))
        if side not in _SIDES:
            wrong.append(self.at("W295", SIDE, known="left、right"))
        told: dict[ItemKey, dict[Part, Any]] = {}
        unread: set[ItemKey] = set()
        gone = {c.item for c in ASKED[self.sheet] if c.part == "value" and title(c.field) not in self.columns}
        for column in (c for c in ASKED[self.sheet] if c.item not in gone):
            header = title(column.field)
            if why := self.broken(header):
                unread.add(column.item)
                wrong.append(self.at("E214" if why == "formula" else "E215", header))
                continue
            cell = parse(_meant(self.text(header), column), column.field)
            if cell.verdict in ("ok", "missing"):
                if cell.value is not None:
                    told.setdefault(column.item, {})[column.part] = cell.value
                continue
            unread.add(column.item)
            if column.part == "value":
                wrong.append(self.at("W295", header, known="、".join(column.field.vocabulary)))
            else:
                wrong.append(self.at("W296", header, minimum=f"{column.field.minimum:g}", maximum=f"{column.field.maximum:g}", unit=column.field.unit))
        for item, parts in told.items():
            if item not in unread and (reason := contradiction(item, parts.get("value"), parts.get("number"))) is not None:
                wrong.append(self.at("W299", self._header(item, "value"), reason=reason[0], reason_en=reason[1]))
        if not wrong and (not key or not all(known(key, item) for item in told)):
            wrong.append(self.at("W294", KEY, where=self.text(STREET) or "—"))
        meant, shown = self.text(ROW), row_name(self.text(SCHOOL), self.text(NUMBER))
        if not wrong and meant and meant != shown:
            wrong.append(self.at("W293", SCHOOL, meant=meant, shown=shown))
        made = [
            Answer(key, item, parts["value"], parts.get("number"), side if item == "A" else "", "survey", name, day)  # type: ignore[arg-type]
            for item, parts in told.items()
            if not wrong
        ]
        return made, wrong

    def _header(self, item: ItemKey, part: Part) -> str:
        return next(title(c.field) for c in ASKED[self.sheet] if (c.item, c.part) == (item, part))


def _meant(text: str, column: Column) -> str:
    """The word of the list that a cell means; "" for one that says that nobody saw it, other texts as they are."""
    if column.part != "value":
        return text
    plain = text.strip().lower()
    return "" if plain in _NOT_SEEN else _MEANT[column.item].get(plain, text)


def date_of(text: str, today: date) -> tuple[str, bool]:
    """The day as ISO ("" = none given), and whether it cannot be one on which somebody looked."""
    value = parse(text, DAY)
    if value.verdict == "missing":
        return "", False
    if value.value is None or len(value.value) != len("2024-12-05"):
        return "", True
    return value.value, not FIRST_DAY <= date.fromisoformat(value.value) <= today


def contradiction(item: ItemKey, value: str | None, number: float | None) -> tuple[str, str] | None:
    """Why an answer cannot be meant as it stands (中文, English); None when it can."""
    if value is None:
        return "只填了数，没有选左边的一项", "there is a number and no choice beside it"
    if number is not None and item in NUMBERS and value in ("无", "没有限速"):
        return f"选了“{value}”，又填了数", f"it says {value} and gives a number"
    if item == "B" and value == "限速" and number is None:
        return "选了“限速”，没有填限多少", "it says 限速 without the number"
    return None


def items_of(sheet: str) -> Iterator[ItemKey]:
    """Items that a sheet asks about, each once."""
    asked = {c.item for c in ASKED[sheet]}
    return (key for key in ITEM_KEYS if key in asked)
