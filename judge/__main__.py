"""Judge all networks at hand and say whether the second engine agrees: ``python -m judge [name ...]``, or ``make judge``."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from judge import compare, environment, report

ROOT = environment.ROOT
DATA = Path(os.environ.get("CFMAP_TEST_DATA", ROOT.parent / "shared" / "data"))
PAGE = ROOT / "docs" / "judge.md"


class Case(NamedTuple):
    """A network: its name, its file, and the least share of pairs that must agree as tagged (a little below what was found)."""

    name: str
    path: Path
    agreeing: float


CASES = (
    Case("Demo city", ROOT / "data" / "network.osm.pbf", 0.46),
    Case("Monaco", ROOT / "examples" / "monaco" / "data" / "network.osm.pbf", 0.55),
    Case("Heidelberg", DATA / "heidelberg" / "heidelberg.test.pbf", 0.64),
    Case("Helsinki", DATA / "helsinki" / "Helsinki.osm.pbf", 0.40),
    Case("Porto", DATA / "porto" / "porto_portugal.osm.pbf", 0.91),
    Case("Beijing, Tsinghua", DATA / "beijing-tsinghua" / "map.osm", 0.45),
    Case("Ruian, centre", DATA / "ruian-osm-micro" / "ruian_core_streets.osm", 0.99),
)


def main() -> int:
    """
    Judge the networks that are there.

    The page is written only when none was missing or left out, so that it always tells of all.

    Returns
    -------
    code
        1 when a difference is unexplained or fewer pairs agree than before.
    """
    wanted = [c for c in CASES if not sys.argv[1:] or c.name in sys.argv[1:]]
    here = [c for c in wanted if c.path.is_file()]
    for case in set(wanted) - set(here):
        print(f"{case.name}: 没有数据，跳过 / no data, skipped ({case.path.name}; CFMAP_TEST_DATA)")
    python = environment.ready()
    results, failed = [], False
    for case in here:
        start = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="cfmap-judge-") as folder:
            result = compare.judge(case.name, case.path, python, Path(folder))
        results.append(result)
        apart, share = report.unexplained(result), report.agreeing(result)
        print(f"{case.name}: {len(result.pairs)} pairs, {share:.1%} agree as tagged, {len(apart)} unexplained ({time.monotonic() - start:.0f} s)", flush=True)
        for pair in apart[:20]:
            theirs = [walk and round(walk.metres, 1) for walk in (pair.level, pair.tagged)]
            print(f"  {pair.start} -> {pair.end}: ours {pair.ours}, Valhalla on the same ground and as tagged {theirs}")
        if share < case.agreeing:
            print(f"  fewer pairs agree than before: {share:.1%} < {case.agreeing:.1%}")
        failed |= bool(apart) or share < case.agreeing
    if not results:
        return 1
    page = report.markdown(results, engine=environment.ENGINE.replace("==", " "))
    print(page)
    if len(here) == len(CASES):
        PAGE.write_text(page, encoding="utf-8", newline="\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
