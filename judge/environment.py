"""Where does the second engine live? In a virtual environment of its own, made when first needed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ENGINE = "pyvalhalla==3.9.1"
LEAST = (3, 12)  # pyvalhalla's wheels with tile building begin here
ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".judge"
SCRIPT = Path(__file__).with_name("second_engine.py")
NO_PYTHON = (
    "评判程序需要 Python 3.12 或更新版本，没有找到。请安装，或用 JUDGE_PYTHON=路径 指定。\n"
    "The judge needs Python 3.12 or newer and found none. Install one, or name it: make judge JUDGE_PYTHON=/path/to/python3.12"
)


def ready() -> Path:
    """
    Python of the judge's environment, with the pinned engine in it.

    Raises
    ------
    SystemExit
        No Python that is new enough, or the engine cannot be installed.
    """
    python = HOME / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    stamp = HOME / "engine.txt"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == ENGINE and python.exists():
        return python
    base = next(_pythons(), None)
    if base is None:
        sys.exit(NO_PYTHON)
    commands: list[list[str | Path]] = [
        [base, "-m", "venv", "--clear", HOME],
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", ENGINE],
    ]
    for command in commands:
        if subprocess.run(command, check=False).returncode:
            sys.exit(f"{ENGINE}: {' '.join(map(str, command))}")
    stamp.write_text(ENGINE, encoding="utf-8")
    return python


def _pythons() -> Iterator[str]:
    """Interpreters that are new enough, nearest first."""
    named = os.environ.get("JUDGE_PYTHON")
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [named] if named else [sys.executable, *(f"python3.{minor}" for minor in (12, 13, 14)), *map(str, sorted(pyenv.glob("3.1[2-9]*/bin/python3")))]
    for candidate in candidates:
        if _new_enough(candidate):
            yield candidate
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv and not named:
        found = subprocess.run([uv, "python", "find", f">={LEAST[0]}.{LEAST[1]}"], capture_output=True, text=True, check=False).stdout.strip()
        if found and _new_enough(found):
            yield found


def _new_enough(python: str) -> bool:
    try:
        return subprocess.run([python, "-c", f"import sys, venv; sys.exit(sys.version_info[:2] < {LEAST})"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


class Engine:
    """Valhalla with the tiles of one file; a process that answers until it is closed."""

    def __init__(self, python: Path, file: Path, folder: Path) -> None:
        subprocess.run([python, SCRIPT, "build", file, folder], check=True)
        self._process = subprocess.Popen([python, SCRIPT, "answer", folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, questions: list[list[Any]]) -> list[Any]:
        """Answers to questions as :mod:`judge.second_engine` understands them."""
        asked, told = self._process.stdin, self._process.stdout
        if asked is None or told is None:
            msg = "the engine's process has no pipes"
            raise RuntimeError(msg)
        asked.write(json.dumps(questions) + "\n")
        asked.flush()
        answers: list[Any] = json.loads(told.readline())
        return answers

    def close(self) -> None:
        """End the process."""
        self._process.communicate()
