"""What is known from surveys of streets: answers kept in ``data/survey/``, one file for every import, read by every build."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from cfmap.intake.cells import parse
from cfmap.intake.opening import sha256
from cfmap.intake.reader import read_grid
from cfmap.intake.survey_sheet import ASKED, GATES, SEGMENTS, contradiction, date_of, title
from cfmap.model.edition import InputFile
from cfmap.model.errors import CfmapError, InputError
from cfmap.model.messages import fault
from cfmap.model.survey import ITEM_KEYS, ITEM_WORDS, VALUES, Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from cfmap.model.city import City
    from cfmap.model.messages import Fault
    from cfmap.model.survey import ItemKey, Side

FOLDER = "data/survey"
COLUMNS = ("键", "项目", "侧", "答案", "数值", "日期", "来自")
_NUMBER_OF = {c.item: c.field for sheet in (SEGMENTS, GATES) for c in ASKED[sheet] if c.part == "number"}


@dataclass(frozen=True)
class Kept:
    """
    The answers of a project.

    Attributes
    ----------
    answers
        Every line that can be used, in order of the settings and the files.
    faults
        About lines that cannot.
    files
        For the manifest.
    """

    answers: tuple[Answer, ...] = ()
    faults: tuple[Fault, ...] = ()
    files: tuple[InputFile, ...] = ()

    def as_of(self, year: int, city: City) -> tuple[tuple[Answer, ...], tuple[Fault, ...]]:
        """
        What counts for an edition, and what is to be told of it.

        The latest edition knows all answers; a former one those of its year and before, and those without a day. I299 tells how many
        that leaves out, W298 pairs of one day that differ.
        """
        latest = max(city.edition.editions or (city.edition.year,))
        then = [a for a in self.answers if year >= latest or not a.date or int(a.date[:4]) <= year]
        later = len(self.answers) - len(then)
        good, faults = settled(then)
        return good, (*faults, *([fault("I299", count=later, year=year)] if later else []))


def read(city: City, *, today: date | None = None) -> Kept:
    """
    Read what ``[safety] survey`` names; nothing when it names nothing.

    Raises
    ------
    InputError
        With all of: E200 a file is not there, E295 it is no such table; else as :func:`cfmap.intake.reader.read_grid`.
    """
    today = today or date.today()  # noqa: DTZ011 - the day where the person sits
    answers: list[Answer] = []
    faults: list[Fault] = []
    files: list[InputFile] = []
    stops: list[Fault] = []
    for name in city.safety.survey:
        path = city.path(name)
        shown = city.relative(path)
        try:
            if not path.is_file():
                raise InputError(fault("E200", file=shown))
            grid = read_grid(path, sheet=None, file=shown) or [[]]
            if tuple(grid[0][: len(COLUMNS)]) != COLUMNS:
                raise InputError(fault("E295", file=shown, columns="、".join(COLUMNS)))
        except CfmapError as error:
            stops += error.faults
            continue
        files.append(InputFile(shown, sha256(path), len(grid) - 1))
        for number, cells in enumerate(grid[1:], start=2):
            made = row_answer(cells, file=shown, number=number, today=today)
            if isinstance(made, Answer):
                answers.append(made)
            elif made is not None:
                faults.append(made)
    if stops:
        raise InputError(stops)
    return Kept(tuple(answers), tuple(faults), tuple(files))


def row_answer(cells: Sequence[str], *, file: str, number: int, today: date) -> Answer | Fault | None:
    """One line of a kept file or a table of edits; None for an empty one."""
    row = dict(zip(COLUMNS, [*(c.strip() for c in cells), *[""] * len(COLUMNS)], strict=False))
    if not any(row.values()):
        return None

    def wrong(code: str, column: str, **facts: Any) -> Fault:
        return fault(code, file=file, row=number, column=column, value=row[column] or None, **facts)

    item: ItemKey | None = next((k for k in ITEM_KEYS if k == row["项目"][:1]), None)
    if item is None or row["答案"] not in VALUES[item]:
        column, known = ("项目", [named(k) for k in ITEM_KEYS]) if item is None else ("答案", list(VALUES[item]))
        return wrong("W295", column, known="、".join(known))
    if row["侧"] not in ("left", "right", "") or (row["侧"] and item != "A"):
        return wrong("W295", "侧", known="left、right" if item == "A" else "—")
    amount = None
    if row["数值"]:
        field = _NUMBER_OF.get(item)
        cell = parse(row["数值"], field) if field is not None else None
        if field is None or cell is None or cell.verdict != "ok":
            low, high, unit = ("0", "0", "—") if field is None else (f"{field.minimum:g}", f"{field.maximum:g}", field.unit)
            return wrong("W296", "数值", minimum=low, maximum=high, unit=unit)
        amount = float(cell.value)
    day, late = date_of(row["日期"], today)
    if late:
        return wrong("W297", "日期", today=today.isoformat())
    if (reason := contradiction(item, row["答案"], amount)) is not None:
        return wrong("W299", "答案", reason=reason[0], reason_en=reason[1])
    side: Side = "left" if row["侧"] == "left" else "right" if row["侧"] == "right" else ""
    return Answer(row["键"], item, row["答案"], amount, side, "survey", f"{file} {number}", day)


def named(item: ItemKey) -> str:
    """How an item stands in a file: "A 人行空间"."""
    return f"{item} {ITEM_WORDS[item][0]}"


def settled(answers: Iterable[Answer]) -> tuple[tuple[Answer, ...], tuple[Fault, ...]]:
    """
    Without the answers that contradict one another: of one question those of the latest day count; where they differ none does.

    Returns
    -------
    answers, faults
        In the order given; W298 for every answer that differs from the first of its day.
    """
    given = list(answers)
    out: set[int] = set()
    faults: list[Fault] = []
    for group in _by_question(given).values():
        last = max(given[i].date for i in group)
        latest = [i for i in group if given[i].date == last]
        differing = [i for i in latest if _said(given[i]) != _said(given[latest[0]])]
        if differing:
            out.update(latest)
            faults += [_disagree(given[i], given[latest[0]]) for i in differing]
    return tuple(a for i, a in enumerate(given) if i not in out), tuple(faults)


@dataclass(frozen=True)
class Taken:
    """
    What an import would add.

    Attributes
    ----------
    answers
        New ones, in order.
    faults
        W298 for those that contradict what is kept or one another on the same day, I298 for those that take an older one's place.
    known
        How many were there already.
    disputed
        How many of the new ones are contradicted so: they are kept, that every build may tell of them, and none counts until a later day's answer.
    """

    answers: tuple[Answer, ...]
    faults: tuple[Fault, ...]
    known: int
    disputed: int = 0


def fresh(told: Sequence[Answer], kept: Sequence[Answer]) -> Taken:
    """What of `told` is not kept yet, and what it contradicts or replaces."""
    there = {_same(a) for a in kept}
    new = list({_same(a): a for a in told if _same(a) not in there}.values())
    faults: list[Fault] = []
    said: dict[tuple[object, ...], set[tuple[str, float | None]]] = {}
    for a in (*kept, *new):
        said.setdefault((_question(a), a.date), set()).add(_said(a))
    before: dict[tuple[str, str, str], list[Answer]] = {}
    for a in kept:
        before.setdefault(_question(a), []).append(a)
    for a in new:
        others = [k for k in before.setdefault(_question(a), []) if _said(k) != _said(a)]
        rival = next((k for k in others if k.date == a.date), None)
        older = [k for k in others if k.date < a.date]
        if rival is not None:
            faults.append(_disagree(a, rival))
        elif older:
            last = max(older, key=lambda k: k.date)
            faults.append(_where("I298", a, one=_words(last), other=_words(a), first=last.id))
        before[_question(a)].append(a)
    disputed = sum(len(said[_question(a), a.date]) > 1 for a in new)
    return Taken(tuple(new), tuple(faults), sum(_same(a) in there for a in told), disputed)


def keep(city: City, answers: Sequence[Answer], *, name: str) -> Path | None:
    """
    Write answers into a new file of the project and name it in the settings; None when there are none.

    A file that is there is never touched: ``name.csv``, else ``name-2.csv`` and so on.

    Raises
    ------
    ConfigError
        E128: the settings cannot be changed by a program; no file is left behind then.
    OSError
        The folder cannot be written.
    """
    from cfmap.model.settings_edit import remember_survey

    if not answers:
        return None
    folder = city.path(FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([a.subject, named(a.item), a.side, a.value, "" if a.number is None else f"{a.number:g}", a.date, a.id] for a in answers)
    path = _new_file(folder, name, text.getvalue().encode("utf-8-sig"))
    try:
        remember_survey(city.root, city.relative(path))
    except BaseException:
        path.unlink()
        raise
    return path


def _new_file(folder: Path, name: str, content: bytes) -> Path:
    number = 1
    while True:
        path = folder / (f"{name}.csv" if number == 1 else f"{name}-{number}.csv")
        try:
            with path.open("xb") as stream:
                stream.write(content)
        except FileExistsError:
            number += 1
        else:
            return path


def _question(a: Answer) -> tuple[str, str, str]:
    return a.subject, a.item, a.side


def _said(a: Answer) -> tuple[str, float | None]:
    return a.value, a.number


def _same(a: Answer) -> tuple[object, ...]:
    return *_question(a), *_said(a), a.date


def _by_question(answers: Sequence[Answer]) -> dict[tuple[str, str, str], list[int]]:
    groups: dict[tuple[str, str, str], list[int]] = {}
    for i, a in enumerate(answers):
        groups.setdefault(_question(a), []).append(i)
    return groups


def _words(a: Answer) -> str:
    return f"{ITEM_WORDS[a.item][0]} {a.value}" + ("" if a.number is None else f" {a.number:g}")


def _disagree(a: Answer, other: Answer) -> Fault:
    return _where("W298", a, one=_words(a), other=_words(other), first=other.id)


def _where(code: str, a: Answer, **facts: Any) -> Fault:
    """A record about an answer, at the row it was read from."""
    *names, row = a.id.split(" ")
    sheet = names[-1] if len(names) > 1 and names[-1] in (SEGMENTS, GATES) else None
    column = "答案" if sheet is None else next((title(c.field) for c in ASKED[sheet] if (c.item, c.part) == (a.item, "value")), None)
    file = " ".join(names[: len(names) - bool(sheet)]) or None
    return fault(code, file=file, sheet=sheet, row=int(row) if row.isdigit() else None, column=column, value=a.value, **facts)
