"""What did one validator say?"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache" / "validate"
LONGEST_S = 300


@dataclass(frozen=True)
class Result:
    """Name and version of a validator, what it looked at, what it said, and everything wrong; `missing` says how to get a tool that is not there."""

    tool: str
    of: str
    said: str = ""
    wrong: tuple[str, ...] = ()
    missing: str = ""

    def line(self) -> str:
        """For people."""
        word = "没有装 skipped" if self.missing else "不对 WRONG" if self.wrong else "好 ok"
        return "\n".join([f"{word:<12} {self.of:<34} {self.tool}: {self.missing or self.said}", *(f"    {w}" for w in self.wrong)])


def run(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program to its end; never raises for its exit code."""
    return subprocess.run(
        [str(c) for c in command], capture_output=True, text=True, encoding="utf-8", errors="replace", timeout=LONGEST_S, check=False, env=env
    )


def python_with(module: str) -> str | None:
    """The system's Python that has a module which no environment can install; None where there is none."""
    for name in ("/usr/bin/python3", "python3"):
        found = shutil.which(name)
        if found and run([found, "-c", f"import {module}"]).returncode == 0:
            return found
    return None
