"""The one place where errors become words and exit codes (RELIABILITY A2)."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import sys
import tempfile
import traceback
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cfmap.cli.bilingual import language, say, set_language, speaking, usage_text
from cfmap.model.errors import CfmapError, EnvironmentFault
from cfmap.model.messages import LEVELS, fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfmap.model.errors import Standing
    from cfmap.model.messages import Fault

SCHEMA = 1  # of what --json prints; grows when a key changes its meaning or goes
SHOWN_PER_KIND = {"error": 5, "warning": 2, "info": 1}  # messages of one kind shown in full; the rest are counted
BUG_EXIT, USAGE_EXIT, INTERRUPT_EXIT, TERMINATE_EXIT = 1, 2, 130, 143


_IN_JSON: ContextVar[bool] = ContextVar("in_json", default=False)


class Terminated(BaseException):
    """SIGTERM arrived."""


@dataclass(frozen=True)
class Answer:
    """
    What a command has to say.

    Attributes
    ----------
    faults
        Records; those that only inform are for programs, unless `all_shown`.
    lines
        What was done, as (Chinese, English), for people.
    printed
        What was asked for, line by line, on standard output.
    facts
        The same for programs (``--json``).
    exit_code
        Of the command.
    """

    faults: Sequence[Fault] = ()
    lines: Sequence[tuple[str, str]] = ()
    printed: Sequence[str] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    exit_code: int = 0
    all_shown: bool = False


def run(command: click.Command, args: Sequence[str] | None = None) -> int:
    """
    Run a command line and return its exit code; nothing but a bug of ours ever leaves a traceback, and that in a log.
    """
    arguments = list(sys.argv[1:] if args is None else args)
    set_language(language(arguments, os.environ))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console in code page 936 has no "²"
    as_json = "--json" in arguments
    _IN_JSON.set(as_json)
    previous = _on_sigterm()
    try:
        answer = _asked(command, arguments)
        if as_json:
            click.echo(dump(_name_of(command, arguments), answer))
        else:
            _print(answer)
    except (KeyboardInterrupt, click.Abort):
        tell(say("已中断；没有发布，已有的版本没有改动。", "Interrupted; nothing was published, what stood before is unchanged."))
        return INTERRUPT_EXIT
    except Terminated:
        tell(say("收到结束信号；没有发布，已有的版本没有改动。", "Terminated; nothing was published, what stood before is unchanged."))
        return TERMINATE_EXIT
    except BrokenPipeError:
        return _nobody_listens()
    else:
        return answer.exit_code
    finally:
        if previous is not None:
            signal.signal(signal.SIGTERM, previous)


def _asked(command: click.Command, arguments: list[str]) -> Answer:
    """Do what is asked; every error is an answer too."""
    try:
        result = command.main(arguments, prog_name="cfmap", standalone_mode=False)
    except click.UsageError as error:
        hint = f"{error.ctx.command_path if error.ctx is not None else 'cfmap'} --help"
        return _failed([fault("E126", what=usage_text(error), what_en=error.format_message(), hint=hint)], USAGE_EXIT)
    except CfmapError as error:
        return _failed(error.faults, error.exit_code, error.standing)
    except MemoryError:
        return _failed([fault("E491")], EnvironmentFault.exit_code)
    except (BrokenPipeError, click.Abort):
        raise
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EACCES, errno.EPERM, errno.EROFS, errno.EDQUOT}:
            return _bug(error)
        name = Path(str(error.filename)).name if error.filename else ""
        code = "E492" if error.errno in {errno.ENOSPC, errno.EDQUOT} else "E493"
        return _failed([fault(code, file=name or None, detail=os.strerror(error.errno))], EnvironmentFault.exit_code)
    except Exception as error:  # noqa: BLE001 - the boundary: a fault of ours
        return _bug(error)
    return result if isinstance(result, Answer) else Answer(exit_code=result if isinstance(result, int) else 0)


def _failed(faults: Sequence[Fault], exit_code: int, standing: Standing | None = None) -> Answer:
    """Say what is wrong, and what readers of the map see meanwhile."""
    if standing is None:
        return Answer(faults, exit_code=exit_code, all_shown=True)
    lines = [_result(standing)]
    if standing.listing is not None:
        marked, listing = standing.listing.with_name("returned"), near(standing.listing)
        more = (f"（错处已在 {near(marked)} 的副本里标红）", f" (bad cells are red in the copies in {near(marked)})") if marked.is_dir() else ("", "")
        lines.append((f"  全部 {len(faults)} 处问题：{listing}{more[0]}", f"  All {len(faults)}: {listing}{more[1]}"))
    shown = None if standing.version is None else f"{standing.version:06d}"
    facts = {"published": shown, "since": standing.since or None, "list": None if standing.listing is None else str(standing.listing)}
    return Answer(faults, lines, facts=facts, exit_code=exit_code, all_shown=True)


def near(path: Path) -> str:
    """A path as short as it can be said: from the folder one is in, where it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def _result(standing: Standing) -> tuple[str, str]:
    if standing.version is None:
        return "  结果：没有发布任何内容；以前也没有发布过", "  Result: nothing was published, nor ever before"
    try:
        when = datetime.fromisoformat(standing.since).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        when = "?"
    return (
        f"  结果：没有发布任何内容；{when} 发布的第 {standing.version} 版没有改动",
        f"  Result: nothing was published; version {standing.version}, published {when}, is unchanged",
    )


def _print(answer: Answer) -> None:
    for line in answer.printed:
        click.echo(line)
    show(answer.faults if answer.all_shown else [f for f in answer.faults if f.level != "info"])
    if (first := next((f.code for f in answer.faults if f.level == "error"), None)) is not None:
        tell(say(f"  一步一步怎么改：cfmap explain {first}", f"  Step by step: cfmap explain {first}"))
    for words in answer.lines:
        tell(say(*words))


def in_json() -> bool:
    """Whether the command answers a program; then nobody is asked anything."""
    return _IN_JSON.get()


def dump(name: str, answer: Answer) -> str:
    """Write an answer for programs; docs/records.md says what each key means."""
    from cfmap import __version__

    head = {"schema": SCHEMA, "cfmap": __version__, "command": name, "exit": answer.exit_code}
    return json.dumps({**head, **answer.facts, "faults": [f.record() for f in answer.faults]}, ensure_ascii=False, indent=1)


def _name_of(command: click.Command, arguments: Sequence[str]) -> str:
    known = getattr(command, "commands", {})
    return next((a for a in arguments if a in known), "")


def _nobody_listens() -> int:
    """The reader of our output has gone (``cfmap layers | head``): nothing more can be said, and nothing is wrong."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def show(faults: Sequence[Fault]) -> None:
    """
    Print records to stderr, errors first, personal values masked; more than a few of one kind are counted instead of repeated.
    """
    order = {"error": 0, "warning": 1, "info": 2}
    kinds: dict[tuple[str, str | None], list[Fault]] = {}
    for record in sorted(faults, key=lambda f: order[f.level]):
        kinds.setdefault((record.code, record.file), []).append(record)
    for (code, file), records in kinds.items():
        most = SHOWN_PER_KIND[LEVELS[code[0]]]
        for record in records[:most]:
            tell(record.masked().render(speaking()))
        if (more := len(records) - most) > 0:
            zh, en = (f"{file} 里" if file else ""), (f" in {file}" if file else "")
            tell(say(f"  {zh}同样问题还有 {more} 处（{code}）", f"  {more} more of the same{en} ({code})"))


def tell(text: str) -> None:
    """One message to stderr; where that is closed, to nobody."""
    with contextlib.suppress(OSError, ValueError):
        click.echo(text, err=True)


def _bug(error: BaseException) -> Answer:
    log = Path(tempfile.gettempdir()) / "cfmap-error.log"
    try:
        log.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
        place = str(log)
    except OSError:
        place = "-"
    return _failed([fault("E490", log=place, detail=f"{type(error).__name__}")], BUG_EXIT)


def _on_sigterm() -> Any:
    def stop(*_: object) -> None:
        raise Terminated

    try:
        return signal.signal(signal.SIGTERM, stop)
    except ValueError:  # not the main thread
        return None
