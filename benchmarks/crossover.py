"""
What does a first search cost a process that has just started, compiled or through scipy, and from which size is which better?

Everything is counted in fresh processes: imports, loading of compiled kernels, laying out the streets, one field. A user of the
command line pays this every time; a notebook pays it once.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks._harness import ROOT, Result, in_child
from benchmarks._tiles import compiled, on_nodes, tile

if TYPE_CHECKING:
    from cfmap.network import Network, Snapped

NODES = [3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000]
ROUNDS = 3  # processes for each figure
FIRST, KERNELS = "First search of a fresh process, by size", "What a process pays before its first search"


def measure(quick: bool) -> Result:  # noqa: FBT001
    """Two tables: cold start, and cold searches by size with either engine."""
    rounds = 1 if quick else ROUNDS
    sizes = NODES[1:6:4] if quick else NODES
    table = []
    for nodes in sizes:
        runs = [in_child("benchmarks.crossover", "first_search", nodes, engine)[0] for _ in range(rounds) for engine in ("scipy", "numba")]
        scipy, numba = (statistics.median(runs[k::2]) for k in (0, 1))
        again = statistics.median(in_child("benchmarks.crossover", "second_search", nodes)[0] for _ in range(rounds))
        table.append(
            {
                "nodes": nodes,
                "scipy CPU s": round(scipy, 2),
                "numba CPU s": round(numba, 2),
                "quicker": "scipy" if scipy < numba else "numba",
                "second search, numba, CPU s": round(again, 4),
            }
        )
    return Result(tables={KERNELS: _cold_start(rounds), FIRST: table})


def first_search(nodes: int, engine: str) -> float:
    """CPU seconds of a search from no import to all distances."""
    from cfmap.network import travel as engines

    tiling = tile(nodes)
    network = tiling.network()
    snapped = on_nodes(network, tiling.places(max(10, nodes // 1000)))
    engines.SCIPY_STATES = sys.maxsize if engine == "scipy" else -1
    return _search(network, snapped)


def second_search(nodes: int) -> float:
    """CPU seconds of a compiled search when everything is loaded."""
    tiling = tile(nodes)
    network = tiling.network()
    snapped = on_nodes(network, tiling.places(max(10, nodes // 1000)))
    compiled()
    _search(network, snapped)
    return _search(network, snapped)


def _search(network: Network, snapped: Snapped) -> float:
    begins = time.process_time()
    network.travel(snapped).node_mm  # noqa: B018 - made when asked for
    return time.process_time() - begins


def _cold_start(rounds: int) -> list[dict[str, Any]]:
    def cpu(code: str, **environment: str) -> float:
        before = os.times()
        subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, env={**os.environ, **environment})
        after = os.times()
        return (after.children_user - before.children_user) + (after.children_system - before.children_system)

    search = "from benchmarks.crossover import first_search; first_search(3000, 'numba')"
    steps = {
        "Python itself": "pass",
        "import cfmap": "import cfmap",
        "import scipy.sparse.csgraph": "import scipy.sparse.csgraph",
        "import numba": "import numba",
        "import pandas": "import pandas",
        "all of it and one search of 4 k nodes, kernels kept from an earlier run": search,
    }
    found = {name: statistics.median(cpu(code) for _ in range(rounds)) for name, code in steps.items()}
    with tempfile.TemporaryDirectory() as folder:
        found["the same, kernels compiled (once after installing)"] = cpu(search, NUMBA_CACHE_DIR=str(Path(folder)))
    return [{"what": name, "CPU s": round(value, 2)} for name, value in found.items()]


if __name__ == "__main__":
    for name, rows in measure(quick=True).tables.items():
        print(name, *rows, sep="\n  ")
