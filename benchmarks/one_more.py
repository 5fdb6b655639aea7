"""What does it cost to try one site more on a large network, against searching again with scipy?"""

from __future__ import annotations

import numpy as np

from benchmarks._harness import Result, Row, interleaved, printed, require
from benchmarks._peers import Scipy
from benchmarks._tiles import compiled, on_nodes, tile

SITES, TRIALS, CHECKED = 1000, 200, 3
WHAT = "one site more: which nodes come nearer"


def measure(quick: bool) -> Result:  # noqa: FBT001
    """Rows for trials in one call and for single calls; quickly: on a tenth of the nodes."""
    from cfmap.network.one_more import one_more

    compiled()
    tiling = tile(100_000 if quick else 1_000_000)
    network, sites = tiling.network(), tiling.places(SITES)
    trials = np.setdiff1d(tiling.places(TRIALS, seed=3), sites)
    field, at_trials = network.travel(on_nodes(network, sites)), on_nodes(network, trials)
    singly = [at_trials.take(np.array([k])) for k in range(20)]
    peer = Scipy(tiling)

    nearer = one_more(field, at_trials)
    for k in range(CHECKED):
        again = peer.as_mm(peer.nearest(np.append(sites, trials[k])))
        changed = np.flatnonzero(again < field.node_mm)
        mine = np.arange(nearer.first[k], nearer.first[k + 1])
        mine = mine[np.argsort(nearer.node[mine])]
        same = np.array_equal(nearer.node[mine], changed) and np.array_equal(nearer.mm[mine], again[changed])
        require(same and np.array_equal(nearer.before_mm[mine], field.node_mm[changed]), "scipy again: nodes that come nearer")

    found = interleaved(
        {
            "together": lambda: one_more(field, at_trials),
            "singly": lambda: [one_more(field, place) for place in singly],
            "scipy": lambda: peer.nearest(np.append(sites, trials[0])),
        }
    )
    size = f"{tiling.n_nodes / 1000:,.0f} k nodes, {SITES:,} sites"
    checked = f"changed nodes and distances of {CHECKED} trials equal"
    near = f"{len(nearer.node) / len(trials):,.0f} nodes come nearer on average"
    together, single = found["together"].scaled(1 / len(trials)), found["singly"].scaled(1 / len(singly))
    return Result(
        [
            Row(
                WHAT,
                size,
                together,
                "scipy, searched again",
                found["scipy"],
                9000,
                500,
                checked=checked,
                note=f"{len(trials)} trials in one call, each; {near}",
            ),
            Row(f"{WHAT}, asked singly", size, single, "scipy, searched again", found["scipy"], 9000, 500, checked=checked, note="a call for each trial"),
        ]
    )


if __name__ == "__main__":
    print(printed(measure(quick=True).rows))
