"""The project in QGIS itself: every layer valid, coloured as its package says."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from validate.result import Result, python_with, run

if TYPE_CHECKING:
    from typing import Any

FILE = "edition.qgz"
SCRIPT = Path(__file__).with_name("in_qgis.py")


def qgis(version: Path, *, picture: Path | None = None) -> Result:
    """Open the project without a screen; with `picture` also draw what is seen first."""
    python = python_with("qgis.core")
    if python is None:
        return Result("QGIS", FILE, missing="要用 QGIS 打开：apt install python3-qgis / needs QGIS's Python: apt install python3-qgis")
    command = [python, SCRIPT, version / FILE, *([picture] if picture else [])]
    answer = run(command, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"})
    line = next((t for t in answer.stdout.splitlines() if t.startswith("REPORT ")), None)
    if line is None:
        return Result("QGIS", FILE, wrong=(answer.stderr.strip()[-500:] or "no answer",))
    told = json.loads(line.removeprefix("REPORT "))
    spatial = sum(1 for y in told["layers"] if y.get("spatial"))
    said = f"{len(told['layers'])} layers, {spatial} of them drawn, {told['crs']}"
    return Result(f"QGIS {told['qgis']}", FILE, said, tuple(problems(told)))


def problems(told: dict[str, Any]) -> list[str]:
    """What is wrong with a project as QGIS read it."""
    found = [] if told["read"] else ["the project cannot be read"]
    found += [] if told["crs"] else ["the map has no CRS"]
    found += [] if told["layers"] else ["no layers"]
    for layer in told["layers"]:
        if not layer["valid"]:
            found.append(f"{layer['id']}: not valid")
        elif layer["spatial"] and not (layer["colours"] and layer["colours"] == layer["default_colours"] and layer["fits"]):
            found.append(f"{layer['id']}: drawn {layer['colours']}, its package says {layer['default_colours']}")
    return found
