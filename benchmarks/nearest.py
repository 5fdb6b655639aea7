"""How fast is the nearest of a thousand sites found for every node of a large network, against five peers and the limit?"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks import _peers
from benchmarks._harness import Result, Row, Timing, interleaved, peers, printed, require, timed
from benchmarks._tiles import Tiling, compiled, on_nodes, tile

SITES = 1000
WHAT = "nearest site for every node"


def measure(quick: bool) -> Result:  # noqa: FBT001
    """Rows against all peers; quickly: networkx at a tenth of the size, the Rust and C ones not at all."""
    compiled()
    million = tile(1_000_000)
    rows = _against_fast_peers(million, quick=quick)
    rows += _against_networkx(tile(100_000 if quick else 1_000_000))
    return Result(rows)


def _against_fast_peers(tiling: Tiling, *, quick: bool) -> list[Row]:
    from cfmap.network.graph import search_graph

    network, sites = tiling.network(), tiling.places(SITES)
    snapped = on_nodes(network, sites)
    actions = {"cfmap": lambda: network.travel(snapped).node_mm}
    expected = actions["cfmap"]()
    scipy = _peers.Scipy(tiling)
    require(np.array_equal(scipy.as_mm(scipy.nearest(sites)), expected), "scipy: nearest site")
    actions["scipy"] = lambda: scipy.nearest(sites)
    actions["sweep"] = _peers.sweep(tiling)
    found = interleaved(actions)
    slow = {} if quick or not peers() else {kind.name: _once(kind, tiling, sites, expected) for kind in (_peers.Igraph, _peers.Rustworkx, _peers.Networkit)}

    # the same network asked again and again, as an edition with many layers does: small junctions are taken out once
    many = tiling.network()
    _, once = timed(lambda: many.graph().contraction)
    require(np.array_equal(many.travel(snapped).node_mm, expected), "contracted network")
    again = interleaved({"cfmap": lambda: many.travel(snapped).node_mm, "scipy": actions["scipy"], "sweep": actions["sweep"]})
    _, build = timed(lambda: search_graph(network))

    size = _size(tiling, sites)
    mine = found["cfmap"]
    same = "all distances equal"
    laid_out = f"laying the streets out for searching takes {build.cpu:.2f} s once, in neither"
    rows = [
        Row(WHAT, size, mine, "scipy", found["scipy"], 10, 4, checked=same, note=laid_out),
        Row(
            f"{WHAT}, asked again", size, again["cfmap"], "scipy", again["scipy"], 10, 4, checked=same, note=f"small junctions taken out: {once.cpu:.2f} s once"
        ),
        Row(WHAT, size, mine, "one sweep over CSR", found["sweep"], 3, 12, most=True, note="every arc and the label behind it read once"),
        Row(f"{WHAT}, asked again", size, again["cfmap"], "one sweep over CSR", again["sweep"], 3, 12, most=True),
    ]
    return rows + [Row(WHAT, size, mine, name, theirs, checked=same) for name, theirs in slow.items()]


def _once(kind: type[Any], tiling: Tiling, sites: np.ndarray, expected: np.ndarray) -> Timing:
    peer = kind(tiling)
    peer.put(sites, 0.0)
    answer, theirs = timed(lambda: peer.nearest(sites))
    require(np.array_equal(peer.as_mm(answer), expected), f"{peer.name}: nearest site")
    return theirs


def _against_networkx(tiling: Tiling) -> list[Row]:
    network, sites = tiling.network(), tiling.places(SITES)
    snapped = on_nodes(network, sites)
    peer = _peers.NetworkX(tiling)
    answer, theirs = timed(lambda: peer.nearest(sites))
    require(np.array_equal(peer.as_mm(answer), network.travel(snapped).node_mm), "networkx: nearest site")
    mine = interleaved({"cfmap": lambda: network.travel(snapped).node_mm})["cfmap"]
    return [Row(WHAT, _size(tiling, sites), mine, "networkx", theirs, 200, 80, checked="all distances equal")]


def _size(tiling: Tiling, sites: np.ndarray) -> str:
    return f"{tiling.n_nodes / 1000:,.0f} k nodes, {len(sites):,} sites"


if __name__ == "__main__":
    print(printed(measure(quick=True).rows))
