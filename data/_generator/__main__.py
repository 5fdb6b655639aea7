"""Make the demo city: python data/_generator [--seed N] [--size 1.0] [--out data]."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

if __package__ in (None, ""):  # called by its path
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    __package__ = "_generator"
    import _generator  # noqa: F401
sys.path.append(str(Path(__file__).resolve().parents[2]))  # the city's own cfmap, where it is not installed

from _generator.city import make_city
from _generator.plan import Plan


def main() -> None:
    """Parse, make, say what was made."""
    parser = argparse.ArgumentParser(prog="python data/_generator", description="生成示例市（演示数据） Make the demo city")
    parser.add_argument("--seed", type=int, default=Plan().seed, help="seed of every random choice")
    parser.add_argument("--size", type=float, default=1.0, help="linear scale; 0.3 is a small city for tests")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[1], help="folder to write into")
    given = parser.parse_args()
    start = time.perf_counter()

    def progress(step: str) -> None:
        print(f"{time.perf_counter() - start:6.1f} s  {step}", file=sys.stderr)

    truth = make_city(Plan(seed=given.seed, size=given.size), given.out, progress=progress)
    print(json.dumps({k: v for k, v in truth["streets"].items() if not isinstance(v, (dict, list))}, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
