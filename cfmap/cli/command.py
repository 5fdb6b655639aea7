"""What has every command: its languages, its record, and the arguments that many share."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cfmap.cli.bilingual import Command, option, say
from cfmap.cli.boundary import Answer, tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfmap.files.written import Found

_C = TypeVar("_C", bound=click.Command)

PATH = click.Path(path_type=Path)
FILE = click.Path(path_type=Path, dir_okay=False)

project_folder = click.argument("project", type=PATH, default=".")
edition = option("--edition", "year", type=int, default=None, help="年份；不写就用设置里的 ‖ year; the one in the settings by default")
output = option("--out", type=PATH, default=None, help="输出文件夹，默认 output/ ‖ output folder, output/ by default")
walked_to = option(
    "--layer",
    type=click.Choice(("schools", "kindergartens")),
    default="schools",
    show_default="schools",
    help="走到哪里：schools 学校，kindergartens 幼儿园（3–5 岁） ‖ where children walk to: schools, or kindergartens (ages 3-5)",
)
# read before parsing, so that help and errors speak the language, and a wrong command line is told in JSON too
in_language = option("--lang", type=click.Choice(["zh", "en"]), expose_value=False, help="界面语言 ‖ language")
_as_json = option("--json", is_flag=True, expose_value=False, help="把结果写成 JSON（见 docs/records.md） ‖ print the result as JSON (docs/records.md)")


def command(name: str, cls: type[_C] = Command) -> Callable[[Callable[..., Any]], _C]:  # type: ignore[assignment] # a default of a type variable
    """Make a function a command with ``--lang`` and ``--json``."""

    def decorate(function: Callable[..., Any]) -> _C:
        return click.command(name, cls=cls)(_as_json(in_language(function)))

    return decorate


def steps() -> Callable[[int, int, str, str], None]:
    """Tell the steps of a long command with the time that has passed, to somebody who looks on."""
    started = time.monotonic()

    def report(step: int, steps: int, zh: str, en: str) -> None:
        if sys.stderr.isatty():
            tell(f"[{step}/{steps}] {time.monotonic() - started:5.1f}s  {say(zh, en)}")

    return report


def done(found: Found) -> Answer:
    """The answer of a command that asked a question of files."""
    lines = list(found.lines)
    facts = {"file": str(found.out), "counts": [en for _, en in lines], **found.facts}
    return Answer(found.faults, [*lines, (f"已写好 {found.out}", f"Wrote {found.out}")], [say(*words) for words in found.printed], facts, all_shown=True)
