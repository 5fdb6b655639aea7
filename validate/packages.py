"""GeoParquet by its own validator, GeoPackages by the one that comes with GDAL."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from validate.result import CACHE, Result, python_with, run

if TYPE_CHECKING:
    from pathlib import Path

GEOPARQUET = "geoparquet-validator==0.2.0"
GDAL_HELP = "要用 GDAL 自带的检查：apt install python3-gdal / needs python3-gdal"


def geoparquet(version: Path) -> Result:
    """The core class of OGC's abstract tests on ``sites.parquet``; the tool is installed to ``.cache``, no dependency of ours."""
    home, file = CACHE / "geoparquet", "sites.parquet"
    program = home / "bin" / ("geoparquet-validator.exe" if sys.platform == "win32" else "geoparquet-validator")
    if not program.exists():
        shutil.rmtree(home, ignore_errors=True)
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--target", str(home), GEOPARQUET]
        if subprocess.run(command, check=False, capture_output=True).returncode:
            return Result("geoparquet-validator", file, missing=f"装不上 / cannot be installed: pip install {GEOPARQUET}")
    env = os.environ | {"PYTHONPATH": str(home)}
    name = run([program, "--version"], env=env).stdout.strip()
    answer = run([program, "check", version / file, "--class", "core", "--json"], env=env)
    try:
        outcomes = [o for o in json.loads(answer.stdout)["outcomes"] if o["id"].startswith("/conf/core/")]  # other classes are not claimed
    except (ValueError, KeyError):
        return Result(name, file, wrong=(answer.stderr.strip() or answer.stdout[:500] or "no answer",))
    states = [o["status"] for o in outcomes]
    said = "core: " + ", ".join(f"{states.count(s)} {s}" for s in sorted(set(states)))
    return Result(name, file, said, tuple(f"{o['id']}: {o['message']}" for o in outcomes if o["status"] not in ("pass", "skip")))


def geopackage(version: Path, file: str) -> Result:
    """Requirements of the GeoPackage standard, one by one."""
    python = python_with("osgeo_utils.samples.validate_gpkg")
    if python is None:
        return Result("GDAL validate_gpkg", file, missing=GDAL_HELP)
    name = run([python, "-c", "from osgeo import gdal; print(gdal.__version__)"]).stdout.strip()
    script = "import sys; from osgeo_utils.samples import validate_gpkg as v; found = v.check(sys.argv[1], abort_at_first_error=False, extra_checks=True); "
    script += "print('\\n'.join(' '.join(map(str, f)) for f in found or ()))"
    answer = run([python, "-W", "ignore", "-c", script, version / file])
    wrong = [line for line in answer.stdout.splitlines() if line.strip()]
    if answer.returncode:
        wrong.append(answer.stderr.strip()[-500:])
    return Result(f"GDAL validate_gpkg {name}", file, "no finding in its numbered requirements" if not wrong else f"{len(wrong)} findings", tuple(wrong))
