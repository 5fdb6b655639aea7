"""The log of a run, however it ends."""

from __future__ import annotations

import traceback
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import TYPE_CHECKING, Any

from cfmap.model import CfmapError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cfmap.intake.columns import Question
    from cfmap.model import City, Fault
    from cfmap.pipeline.inputs import Read
    from cfmap.publish.reports import Reports


@dataclass
class _Run:
    """What the log says of a run."""

    faults: tuple[Fault, ...] = ()
    exit_code: int = 0
    facts: dict[str, Any] = field(default_factory=dict)


@contextmanager
def noted(command: str, city: City, year: int | None, folder: Path, *, edition: Path | None = None) -> Iterator[_Run]:
    """Keep the log of a run, however it ends; an error learns what readers of `edition` still see."""
    from cfmap.publish import reports

    run, started = _Run(), monotonic()
    try:
        yield run
    except CfmapError as error:
        run.faults, run.exit_code = error.faults, error.exit_code
        if edition is not None:
            stands = reports.standing(edition)
            error.standing = stands if error.standing is None else replace(stands, listing=error.standing.listing)
        raise
    except BaseException as error:
        run.exit_code = 130 if isinstance(error, KeyboardInterrupt) else 1 if isinstance(error, Exception) else 143
        if isinstance(error, Exception):
            run.facts["traceback"] = traceback.format_exc()
        raise
    finally:
        seconds = round(monotonic() - started, 1)
        chosen = city.edition.year if year is None else year
        reports.log(folder, run.faults, command=command, city=city.name, edition=chosen, exit=run.exit_code, seconds=seconds, **run.facts)


def report(read: Read, faults: tuple[Fault, ...], folder: Path, *, asked: tuple[Question, ...] = ()) -> Reports:
    """Write the list of all problems, and the copies that go back to their makers."""
    from cfmap.intake import Checked
    from cfmap.publish import reports

    return reports.write(Checked(read.city, read.year, faults, layers=read.layers, streets=read.beside, asked=asked, datums=read.datums), folder)
