"""Run every benchmark in one process after another and print its ratios: ``python -m benchmarks [name ...]``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
ORDER = ["startup", "network_build", "catchment", "edition"]


def main() -> int:
    """Each benchmark in a process of its own, so that none warms another's caches."""
    present = [p.stem for p in sorted(FOLDER.glob("*.py")) if not p.stem.startswith("_")]
    names = sys.argv[1:] or [*[n for n in ORDER if n in present], *[n for n in present if n not in ORDER]]
    failed = 0
    for name in names:
        print(f"== {name}", flush=True)
        failed += subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
