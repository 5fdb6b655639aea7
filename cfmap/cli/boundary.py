"""The one place where errors become words and exit codes (RELIABILITY A2)."""

from __future__ import annotations

import errno
import os
import signal
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cfmap.cli.bilingual import language, say, set_language, speaking, usage_text
from cfmap.model.errors import CfmapError, EnvironmentFault
from cfmap.model.messages import LEVELS, fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfmap.model.messages import Fault

SHOWN_PER_KIND = {"error": 5, "warning": 2, "info": 1}  # messages of one kind shown in full; the rest are counted
BUG_EXIT, USAGE_EXIT, INTERRUPT_EXIT, TERMINATE_EXIT = 1, 2, 130, 143


class Terminated(BaseException):
    """SIGTERM arrived."""


def run(command: click.Command, args: Sequence[str] | None = None) -> int:
    """
    Run a command line and return its exit code; nothing but a bug of ours ever leaves a traceback, and that in a log.
    """
    arguments = list(sys.argv[1:] if args is None else args)
    set_language(language(arguments, os.environ))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console in code page 936 has no "²"
    previous = _on_sigterm()
    try:
        result = command.main(arguments, prog_name="cfmap", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.UsageError as error:
        hint = f"cfmap {error.ctx.info_name} --help" if error.ctx is not None and error.ctx.parent is not None else "cfmap --help"
        tell(say(f"错误  {usage_text(error)}\n  怎么改：看 {hint}", f"Error  {usage_text(error)}\n  How: see {hint}"))
        return USAGE_EXIT
    except (KeyboardInterrupt, click.Abort):
        tell(say("已中断；没有发布，已有的版本没有改动。", "Interrupted; nothing was published, what stood before is unchanged."))
        return INTERRUPT_EXIT
    except Terminated:
        tell(say("收到结束信号；没有发布，已有的版本没有改动。", "Terminated; nothing was published, what stood before is unchanged."))
        return TERMINATE_EXIT
    except CfmapError as error:
        show(error.faults)
        return error.exit_code
    except MemoryError:
        show([fault("E491")])
        return EnvironmentFault.exit_code
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EACCES, errno.EPERM, errno.EROFS, errno.EDQUOT}:
            return _bug(error)
        name = Path(str(error.filename)).name if error.filename else ""
        show([fault("E492" if error.errno in {errno.ENOSPC, errno.EDQUOT} else "E493", file=name or None, detail=os.strerror(error.errno))])
        return EnvironmentFault.exit_code
    except Exception as error:  # noqa: BLE001 - the boundary: a fault of ours
        return _bug(error)
    finally:
        if previous is not None:
            signal.signal(signal.SIGTERM, previous)


def show(faults: Sequence[Fault]) -> None:
    """Print records to stderr, errors first; more than a few of one kind are counted instead of repeated."""
    order = {"error": 0, "warning": 1, "info": 2}
    seen: Counter[tuple[str, str | None]] = Counter()
    for record in sorted(faults, key=lambda f: order[f.level]):
        kind = (record.code, record.file)
        seen[kind] += 1
        if seen[kind] <= SHOWN_PER_KIND[record.level]:
            tell(record.render(speaking()))
    for (code, file), count in seen.items():
        if (more := count - SHOWN_PER_KIND[LEVELS[code[0]]]) > 0:
            place = f"{file} " if file else ""
            tell(say(f"  {place}同样的问题（{code}）还有 {more} 处", f"  {place}{more} more of the same ({code})"))


def tell(text: str) -> None:
    """One message to stderr."""
    click.echo(text, err=True)


def _bug(error: BaseException) -> int:
    log = Path(tempfile.gettempdir()) / "cfmap-error.log"
    try:
        log.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
        place = str(log)
    except OSError:
        place = "-"
    show([fault("E490", log=place, detail=f"{type(error).__name__}")])
    return BUG_EXIT


def _on_sigterm() -> Any:
    def stop(*_: object) -> None:
        raise Terminated

    try:
        return signal.signal(signal.SIGTERM, stop)
    except ValueError:  # not the main thread
        return None
