"""Which column is which: asked on a terminal, once for a department, and never where nobody sits."""

from __future__ import annotations

import os
import sys
import unicodedata
from typing import TYPE_CHECKING

import click

from cfmap.cli.bilingual import say
from cfmap.cli.boundary import tell

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cfmap.intake.columns import Question
    from cfmap.pipeline import CheckResult
    from cfmap.pipeline.inputs import Progress

_NONE = {"0", "-", "无", "没有", "none"}
_HEADER_CELLS, _SAMPLE_CELLS = 22, 40  # columns of the terminal; a Chinese character takes two


def somebody_is_there() -> bool:
    """Whether a person can answer: a terminal both ways, and no build server."""
    return sys.stdin.isatty() and sys.stderr.isatty() and not os.environ.get("CI")


def check_and_ask(project: Path, *, year: int | None, strict: bool = False, may_ask: bool = True, progress: Progress | None = None) -> CheckResult:
    """Check a project; where columns are not found and somebody is there, ask, remember, and check again."""
    from cfmap.intake.columns import remember
    from cfmap.model import load_city
    from cfmap.pipeline import check

    result = check(project, year=year, strict=strict, progress=progress)
    if result.asked and may_ask and somebody_is_there() and (answers := ask(result.asked)):
        taken = remember(load_city(project), answers)
        tell(say(f"已记入 cfmap.toml：{len(taken)} 列，下次不再问。", f"Kept in cfmap.toml: {len(taken)} columns; they will not be asked again."))
        result = check(project, year=year, strict=strict, progress=progress)
    return result


def ask(asked: Sequence[Question]) -> list[tuple[Question, int]]:
    """Ask each question once; what was answered for one sheet of a file holds for its other sheets with that header."""
    from cfmap.intake.columns import also

    answers: list[tuple[Question, int]] = []
    shown = None
    for question in asked:
        if any(question is q for q, _ in answers):
            continue
        if shown != (question.file, question.sheet):
            shown = (question.file, question.sheet)
            _show(question)
        position = _answer(question)
        if position is not None:
            answers.append((question, position))
            answers += [(q, p) for q, p in also(asked, question, position) if not any(q is done for done, _ in answers)]
    return answers


def _show(question: Question) -> None:
    sheet = say(f" · 工作表“{question.sheet}”", f" · sheet “{question.sheet}”") if question.sheet else ""
    tell(say(f"\n{question.file}{sheet} 里有这些列：", f"\nColumns of {question.file}{sheet}:"))
    for choice in question.choices:
        tell(f"  {choice.label:>3}  {_padded(choice.header, _HEADER_CELLS)}  {_cut('、'.join(choice.samples), _SAMPLE_CELLS)}")


def _answer(question: Question) -> int | None:
    labels = {choice.label.upper(): i for i, choice in enumerate(question.choices)}
    if question.lost:
        tell(say(f"原来的列“{question.lost}”不见了。", f"The column “{question.lost}” is gone."))
    guess = question.choices[question.likely[0]] if question.likely else None
    kind = say(f"“{question.title}”（{question.layer}）是哪一列？", f"Which column is {question.title_en} ({question.title}, {question.layer_en})?")
    usual = say(f"直接回车 = {guess.shown}；", f"Enter = {guess.shown}; ") if guess else ""
    how = say(f"输入列的字母；{usual}没有就输入 0", f"type its letter; {usual}0 for none")
    for _ in range(3):
        typed = click.prompt(f"{kind}\n  {how}", default=guess.label if guess else "", show_default=False, prompt_suffix=": ", err=True).strip()
        if not typed or typed.lower() in _NONE:
            return None
        if typed.upper() in labels:
            return labels[typed.upper()]
        named = [i for i, choice in enumerate(question.choices) if choice.header == typed]
        if len(named) == 1:
            return named[0]
        tell(say(f"没有“{typed}”这一列。", f"There is no column “{typed}”."))
    return None


def _width(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _cut(text: str, cells: int) -> str:
    text = "".join(c if c.isprintable() else " " for c in text)
    kept = ""
    for char in text:
        if sum(map(_width, kept)) + _width(char) > cells - 1:
            return f"{kept}…"
        kept += char
    return kept


def _padded(text: str, cells: int) -> str:
    shown = _cut(text, cells)
    return shown + " " * (cells - sum(map(_width, shown)))
