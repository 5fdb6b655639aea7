"""What do the maintainers need to find a fault: versions, settings without keys and the logs of the last runs; never a department's data."""

from __future__ import annotations

import json
import platform
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from cfmap.publish import clock, gate
from cfmap.publish.run_log import masked

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "cfmap-diagnostics.zip"
LOGS = ("output/run.jsonl",)  # of a project


def write(project: Path, rows: Sequence[tuple[str, bool, str]], out: Path) -> list[str]:
    """
    Write the bundle.

    Parameters
    ----------
    project
        Folder of a city project; where there is none, the bundle is about the installation alone.
    rows
        What ``cfmap doctor`` found.
    out
        File to write.

    Returns
    -------
    names
        What is in it.

    Raises
    ------
    OSError
        It cannot be written.
    """
    from cfmap import __version__
    from cfmap.model.city import CONFIG_NAME
    from cfmap.publish.manifest import packages

    system = {"cfmap": __version__, "python": sys.version, "platform": platform.platform(), "encoding": sys.getfilesystemencoding(), "packages": packages()}
    found = [{"name": name, "ok": ok, "note": note} for name, ok, note in rows]
    files = {"versions.json": json.dumps(masked({**system, "made": clock.stamp(clock.now()), "doctor": found}), ensure_ascii=False, indent=1)}
    for name in (CONFIG_NAME, *LOGS):
        if (text := _text(project / name)) is not None:
            files[Path(name).name] = "\n".join(gate.redacted(line) for line in text.splitlines()) + "\n"
    if (text := _text(Path(tempfile.gettempdir()) / "cfmap-error.log")) is not None:
        files["error.log"] = gate.redacted(text)
    part = out.with_name(out.name + ".part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in files.items():
                archive.writestr(name, text)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return list(files)


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
