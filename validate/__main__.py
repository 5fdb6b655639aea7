"""``python -m validate [FOLDER OF A VERSION]``; without one Monaco is built. Exit 1 when a validator found something; a tool that is missing is told."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from validate import documents, packages, projects
from validate.result import CACHE, ROOT, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validate.result import Result


def main(arguments: list[str]) -> int:
    """Ask every validator, print a line for each."""
    version = Path(arguments[0]).resolve() if arguments else _monaco()
    print(f"{version}\n")
    bad = 0
    for result in _all(version):
        print(result.line(), flush=True)
        bad += bool(result.wrong)
    return 1 if bad else 0


def _all(version: Path) -> Iterator[Result]:
    yield packages.geoparquet(version)
    yield packages.geopackage(version, "sites.gpkg")
    yield packages.geopackage(version, "coverage.gpkg")
    yield projects.qgis(version)
    yield from documents.documents(version)


def _monaco() -> Path:
    """The newest version of Monaco in ``.cache``, built anew."""
    out = CACHE / "monaco"
    CACHE.mkdir(parents=True, exist_ok=True)
    answer = run([sys.executable, "-m", "cfmap", "build", ROOT / "examples" / "monaco", "--out", out])
    if answer.returncode:
        msg = f"{answer.stdout}{answer.stderr}"
        raise SystemExit(msg)
    return max(p for p in out.glob("*/versions/*") if (p / "manifest.json").is_file())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
