"""
Every message a user can meet, in Chinese and English, in one place.

A message has *what* is wrong, *why* we think so and *how* to mend it. One file per room holds the texts;
this module merges them and turns a code with its facts into a record (:class:`Fault`).

Codes: first letter E (错误, stops), W (警告, goes on), I (提示); 1xx settings, 2xx tables and coordinates,
3xx network and coverage, 4xx environment, 5xx safety, 6xx self-check.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from cfmap.model.masking import masked
from cfmap.model.messages import (
    config,
    coverage,
    environment,
    geocoding,
    intake,
    network,
    planning,
    program,
    publish,
    streets,
    survey,
    targets,
    walking_bus,
    web,
)
from cfmap.model.messages.message import Message

Lang = Literal["zh", "en"]
Level = Literal["error", "warning", "info"]

_SOURCES = (
    config.MESSAGES,
    coverage.MESSAGES,
    environment.MESSAGES,
    geocoding.MESSAGES,
    intake.MESSAGES,
    network.MESSAGES,
    planning.MESSAGES,
    program.MESSAGES,
    publish.MESSAGES,
    streets.MESSAGES,
    survey.MESSAGES,
    targets.MESSAGES,
    walking_bus.MESSAGES,
    web.MESSAGES,
)
MESSAGES: dict[str, Message] = {code: message for source in _SOURCES for code, message in source.items()}
_twice = sorted(code for code in MESSAGES if sum(code in source for source in _SOURCES) > 1)
if _twice:  # pragma: no cover - a fault of ours, at import
    msg = f"message codes in two files of cfmap/model/messages: {_twice}"
    raise RuntimeError(msg)

LEVELS: dict[str, Level] = {"E": "error", "W": "warning", "I": "info"}
LEVEL_TITLES: dict[Level, tuple[str, str]] = {
    "error": ("错误", "Error"),
    "warning": ("警告", "Warning"),
    "info": ("提示", "Note"),
}
#: Longitude and latitude of a finding, and what is there.
Place = tuple[str, float, float]
PLACES: dict[str, tuple[str, str]] = {
    "site": ("点位所在", "the site"),
    "given": ("照填写的坐标", "as the coordinates say"),
    "swapped": ("两个坐标对调以后", "with the coordinates swapped"),
    "declared": ("照声明的坐标系", "by the declared datum"),
    "likely": ("照更像的坐标系", "by the likelier datum"),
}
MAX_VALUE_SHOWN = 80  # characters of a cell that a message repeats


@dataclass(frozen=True)
class Fault:
    """
    One finding about one place in one input.

    Parameters
    ----------
    code
        Key of :data:`MESSAGES`.
    file, sheet, row, column
        Where it is; `row` as the spreadsheet program shows it (1-based), `column` as header.
    value
        The offending value as text, as handed in.
    facts
        What the message's templates need.
    letter
        Letter of the column in the spreadsheet program ("D"), where there is one.
    places
        Where on the ground it can be seen, WGS84 degrees: (kind of :data:`PLACES`, longitude, latitude).
    """

    code: str
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    facts: dict[str, Any] = field(default_factory=dict, hash=False)
    letter: str | None = None
    places: tuple[Place, ...] = field(default=(), compare=False)

    def at(self, *places: Place) -> Fault:
        """Give the same record with places on the ground."""
        return replace(self, places=places)

    def masked(self) -> Fault:
        """Give the same record with persons' numbers and addresses hidden: for everybody but who handed them in."""
        return replace(self, value=masked(self.value), facts=masked(self.facts))

    @property
    def level(self) -> Level:
        """Error stops the row or the run, warning goes on, info tells."""
        return LEVELS[self.code[0]]

    def what(self, lang: Lang = "zh") -> str:
        """What is wrong."""
        return _fill(MESSAGES[self.code].what, lang, self.facts)

    def why(self, lang: Lang = "zh") -> str:
        """Why it is thought to be wrong."""
        return _without_nothing(_fill(MESSAGES[self.code].why, lang, self.facts))

    def how(self, lang: Lang = "zh") -> str:
        """How to mend it."""
        return _without_nothing(_fill(MESSAGES[self.code].how, lang, self.facts))

    def where(self, lang: Lang = "zh") -> str:
        """Where it is: file, sheet, row, column and value, as far as known; empty when none is."""
        zh = lang == "zh"
        parts = [self.file] if self.file else []
        if self.sheet:
            parts.append(f"工作表“{self.sheet}”" if zh else f"sheet “{self.sheet}”")
        if self.row is not None:
            parts.append(f"第 {self.row} 行" if zh else f"row {self.row}")
        if self.column or self.letter:
            letter = (f"{self.letter} 列" if zh else f"column {self.letter} ") if self.letter else "" if zh else "column "
            parts.append((letter + (f"“{self.column}”" if self.column else "")).strip())
        text = " · ".join(parts)
        if self.value is not None:
            shown = "".join(c if c.isprintable() else " " for c in self.value)
            shown = shown if len(shown) <= MAX_VALUE_SHOWN else shown[: MAX_VALUE_SHOWN - 1] + "…"
            text += f" = {shown}" if text else shown
        return text

    def render(self, lang: Lang = "zh") -> str:
        """The whole message, several lines, as the terminal shows it."""
        zh = lang == "zh"
        lines = [f"{LEVEL_TITLES[self.level][0 if zh else 1]} {self.code}  {self.what(lang)}"]
        labels = ("位置：", "原因：", "怎么改：") if zh else ("Where: ", "Why: ", "How: ")
        for label, text in zip(labels, (self.where(lang), self.why(lang), self.how(lang)), strict=True):
            if text:
                lines.append(f"  {label}{text}")
        return "\n".join(lines)

    def record(self) -> dict[str, Any]:
        """
        The record as data, for ``--json``, logs and layers: places in a spreadsheet as it shows them, texts in both languages.

        The keys and their meaning are fixed (docs/records.md); personal values are masked.
        """
        shown = self.masked()
        return {
            "code": self.code,
            "level": self.level,
            "file": self.file,
            "sheet": self.sheet,
            "row": self.row,
            "letter": self.letter,
            "column": self.column,
            "value": shown.value,
            "what": shown.what("zh"),
            "what_en": shown.what("en"),
            "why": shown.why("zh"),
            "why_en": shown.why("en"),
            "how": shown.how("zh"),
            "how_en": shown.how("en"),
            "rule": f"cfmap explain {self.code}",
            "places": [{"kind": kind, "lon": lon, "lat": lat} for kind, lon, lat in self.places],
        }


_NO_NEAREST = re.compile(r"[；;，,] ?(最接近的是：|nearest( known)?: )[—-](?=$|[；;，,。])")


def _without_nothing(text: str) -> str:
    """A sentence without the half that says that nothing is near."""
    return _NO_NEAREST.sub("", text)


def _fill(text: tuple[str, str], lang: Lang, facts: dict[str, Any]) -> str:
    # facts go in as arguments, never into the template, so braces in a name stay braces
    return text[0 if lang == "zh" else 1].format_map(facts)


def fault(
    code: str,
    *,
    file: str | None = None,
    sheet: str | None = None,
    row: int | None = None,
    column: str | None = None,
    value: object = None,
    letter: str | None = None,
    **facts: Any,
) -> Fault:
    """
    Make a record; raises ``KeyError`` at once when the code is unknown or a fact its texts need is missing.
    """
    record = Fault(code, file, sheet, row, column, None if value is None else str(value), facts, letter)
    record.render("zh"), record.render("en")
    return record


__all__ = ["LEVEL_TITLES", "MESSAGES", "PLACES", "Fault", "Lang", "Level", "Message", "Place", "fault"]
