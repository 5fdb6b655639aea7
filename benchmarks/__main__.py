"""
Run the benchmarks, print their ratios, and write them into ``docs/performance.md``.

    python -m benchmarks [--quick] [--write] [name ...]

Each benchmark runs in a process of its own; both sides of a ratio are always measured in the same run. Results of full runs
are kept in ``.cache/benchmarks``; ``--write`` puts all that are there into the page. ``--quick`` measures smaller sizes, in
less than three minutes, and its results are not kept.
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
from pathlib import Path

from benchmarks import _report
from benchmarks._harness import ROOT, dump, in_child, load, peers, printed

FOLDER = Path(__file__).parent
KEPT = ROOT / ".cache" / "benchmarks"
BY_THEMSELVES = ("page", "background")  # other questions, with commands of their own
ORDER = [
    *("nearest", "against_pandana", "against_valhalla", "each_site", "one_more"),
    *("reading", "catchment", "perimeter", "people", "ordinary", "edition", "startup", "crossover", "growth", "limit"),
]


def main() -> int:
    """Exit code 1 when a benchmark failed, e.g. because two engines answered differently."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Speed as ratios against peers.")
    parser.add_argument("names", nargs="*", help="benchmarks to run; all by default, none with --write alone is not possible: name one")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, less than three minutes, results not kept")
    parser.add_argument("--write", action="store_true", help="write all kept results into docs/performance.md")
    options = parser.parse_args()
    present = [path.stem for path in sorted(FOLDER.glob("*.py")) if not path.stem.startswith("_") and path.stem not in BY_THEMSELVES]
    names = options.names or [*[name for name in ORDER if name in present], *[name for name in present if name not in ORDER]]
    if not peers():
        print("peers beyond scipy, networkx and osmnx are not installed (make peers): their rows are left out")
    failed = [name for name in names if not _ran(name, quick=options.quick)]
    if options.write:
        found = {path.stem: load(json.loads(path.read_text(encoding="utf-8"))) for path in KEPT.glob("*.json")}
        _report.write({name: found[name] for name in [*ORDER, *sorted(set(found) - set(ORDER))] if name in found})
    if failed:
        print("failed:", *failed)
    return 1 if failed else 0


def run(name: str, quick: bool) -> dict[str, object]:  # noqa: FBT001
    """Results of one benchmark as plain values; called in a fresh process."""
    from importlib import import_module

    return dump(import_module(f"benchmarks.{name}").measure(quick))


def _ran(name: str, *, quick: bool) -> bool:
    print(f"== {name}", flush=True)
    tree = ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8"))
    if not any(isinstance(node, ast.FunctionDef) and node.name == "measure" for node in tree.body):  # it prints by itself
        return quick or subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False, cwd=ROOT).returncode == 0
    try:
        values, _ = in_child("benchmarks.__main__", "run", name, quick)
    except subprocess.CalledProcessError:
        return False
    result = load(values)
    print(printed(result.rows))
    for title, table in result.tables.items():
        print(title, *(str(line) for line in table), sep="\n  ")
    if not quick:
        KEPT.mkdir(parents=True, exist_ok=True)
        (KEPT / f"{name}.json").write_text(json.dumps(values), encoding="utf-8")
    return True


if __name__ == "__main__":
    sys.exit(main())
