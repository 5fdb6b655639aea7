"""Who is told what a run found, and in which form: the clerk, the project's owner, the GIS analyst, whoever has to find out later?"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cfmap.intake.check_book import write_check_workbook
from cfmap.intake.marked import FOLDER, give_back
from cfmap.model.errors import Standing
from cfmap.publish import check_package, files, manifest, pointer, run_log

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cfmap.intake.check_book import Checked
    from cfmap.model.messages import Fault

WORKBOOK, LOG = "check.xlsx", "run.jsonl"


@dataclass(frozen=True)
class Reports:
    """What was written: the list of all problems, the clerks' copies by table, and the layer of places."""

    workbook: Path
    returned: dict[str, Path]
    package: Path

    def record(self) -> dict[str, Any]:
        """As data, for ``--json``."""
        return {"list": str(self.workbook), "places": str(self.package), "returned": {file: str(path) for file, path in self.returned.items()}}


def write(checked: Checked, folder: Path) -> Reports:
    """
    Write what tells of a check: ``check.xlsx``, ``check.gpkg`` and ``returned/`` in `folder`, each replaced whole.

    Raises
    ------
    EnvironmentFault
        No right, no space, or a file that another program holds open (E402-E405).
    """
    with files.explained(folder, needed=lambda: 1 << 20):
        folder.mkdir(parents=True, exist_ok=True)
        copies = give_back(checked.faults, checked.city, folder / FOLDER)
        names = {file: path.relative_to(folder.absolute()).as_posix() for file, path in copies.items()}
        part = folder / f".{WORKBOOK}.{os.getpid()}"
        try:
            write_check_workbook(replace(checked, returned=names), part)
            files.replace(part, folder / WORKBOOK)
        finally:
            part.unlink(missing_ok=True)
        return Reports(folder / WORKBOOK, copies, check_package.write(checked.faults, folder / check_package.NAME))


def log(folder: Path, faults: Iterable[Fault], **facts: Any) -> None:
    """Write the run's log where that is possible; it must never be what a run fails on."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{LOG}.{os.getpid()}"
        try:
            run_log.write(part, faults, **facts)
            files.replace(part, folder / LOG)
        finally:
            part.unlink(missing_ok=True)
    except Exception as error:  # whatever the disk says of the log
        if not isinstance(error, OSError):
            raise


def standing(folder: Path) -> Standing:
    """What readers of an edition's folder see, and since when."""
    try:
        version = pointer.read(folder)
    except (OSError, ValueError):
        version = None
    about = manifest.read(folder / "versions" / pointer.name(version)) if version is not None else None
    return Standing(version, str((about or {}).get("finished", "")))
