"""Where does the time of a whole edition go? The demo city, all layers, every year: wall and CPU seconds, peak memory."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from cfmap.pipeline import build, editions_of

ROOT = Path(__file__).resolve().parents[1]
GOAL_SECONDS, GOAL_GB = 120, 2


def main() -> None:
    """Build all editions into a temporary folder and print seconds per step."""
    steps: dict[str, float] = {}
    state = {"name": "start", "since": time.perf_counter()}

    def progress(_step: int, _steps: int, _zh: str, en: str) -> None:
        now = time.perf_counter()
        steps[state["name"]] = steps.get(state["name"], 0.0) + now - state["since"]
        state.update(name=en.split(":")[0].rstrip("0123456789/ "), since=now)

    wall, cpu = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        streets = None
        for year in editions_of(ROOT):
            streets = build(ROOT, year=year, out=Path(folder), streets=streets, progress=progress).streets
            progress(0, 0, "", "start")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**3 if sys.platform == "darwin" else 1024**2)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"all editions: {wall:.1f} s wall, {cpu:.1f} s CPU, peak {peak:.2f} GB (goal <= {GOAL_SECONDS} s, <= {GOAL_GB} GB)")
    for name, seconds in sorted(steps.items(), key=lambda item: -item[1]):
        print(f"  {seconds:6.1f} s  {name}")


if __name__ == "__main__":
    main()
