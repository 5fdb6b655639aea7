"""
Where does the time of a field go, step by step, against the limit: one sweep over the streets?

A search cannot do less than look at every arc once. What it does beyond that: it meets nodes in the order of their distance, not
of their place in memory, reads labels at random, writes those that improve, and keeps a queue.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks._harness import Result, interleaved, require
from benchmarks._peers import sweep
from benchmarks._tiles import compiled, on_nodes, tile

NODES, SITES = 1_000_000, 1000
TITLE = "Where a field's time goes: a million nodes, a thousand sites"
AGAIN = "The same with the small junctions taken out"


def measure(quick: bool) -> Result:  # noqa: FBT001
    """Two tables of steps: CPU time, share, and time against a sweep."""
    compiled()
    from cfmap.network import kernels
    from cfmap.network.contraction import push_up, read_down
    from cfmap.network.graph import NONE, limit_label, millimetres, plus
    from cfmap.network.travel import on_edges, source_labels

    tiling = tile(100_000 if quick else NODES)
    network = tiling.network()
    sites = on_nodes(network, tiling.places(SITES))
    graph = network.graph()
    limit = limit_label(None)
    ports, at_source = graph.entries(sites), source_labels(sites, connectors=True)

    def begin() -> np.ndarray:
        label = np.full(graph.n_states, NONE, dtype=np.uint64)
        np.minimum.at(label, ports.state, plus(at_source[ports.place], ports.mm, np.ones(len(ports.mm), dtype=bool)))
        return label

    def search() -> np.ndarray:
        label = begin()
        kernels.spread(graph.first, graph.arc, label, np.flatnonzero(label != NONE), limit)
        return label

    label = search()
    require(np.array_equal(millimetres(label), network.travel(sites).node_mm), "the steps are the search")
    starts = begin()
    taken = kernels.spread(graph.first, graph.arc, starts, np.flatnonzero(starts != NONE), limit)
    actions: dict[str, Any] = {
        "sweep": sweep(tiling),
        "place the sites": lambda: (graph.entries(sites), on_edges(network, sites, source_labels(sites, connectors=True))),
        "fill the labels": begin,
        "search": search,
        "give millimetres back": lambda: millimetres(label),
        "whole": lambda: network.travel(sites).node_mm,
    }
    plain = interleaved(actions)
    cpu = {name: timing.cpu for name, timing in plain.items()}
    cpu["search"] -= cpu["fill the labels"]
    steps = _table(cpu, len(graph.arc), graph.n_states)
    steps.insert(0, {"step": f"nodes taken from the queue for each node: {taken / graph.n_states:.3f}"})

    small = graph.contraction
    inner = label[small.core]

    def core() -> None:
        mine = np.where(np.arange(len(inner)) % max(1, len(inner) // SITES) == 0, inner, NONE)
        kernels.spread(small.core_first, small.core_arc, mine, np.flatnonzero(mine != NONE), limit)

    again = interleaved(
        {
            "sweep": actions["sweep"],
            "fill the labels": begin,
            "carry starts up": lambda: push_up(small.rank, small.first, small.up, begin(), np.unique(ports.state), limit),
            "search the core": core,
            "read the rest off": lambda: read_down(small.order, small.first, small.down, label.copy(), limit),
            "copy": lambda: label.copy(),
            "give millimetres back": actions["give millimetres back"],
            "whole": actions["whole"],
        }
    )
    cpu = {name: timing.cpu for name, timing in again.items()}
    cpu["carry starts up"] -= cpu["fill the labels"]
    cpu["read the rest off"] -= cpu.pop("copy")
    rest = _table(cpu, len(graph.arc), graph.n_states)
    rest.insert(0, {"step": f"nodes in the core: {len(small.core) / graph.n_states:.1%}"})
    return Result(tables={TITLE: steps, AGAIN: rest})


def _table(cpu: dict[str, float], arcs: int, nodes: int) -> list[dict[str, Any]]:
    whole = cpu["whole"]
    return [
        {
            "step": name,
            "CPU ms": round(value * 1e3, 1),
            "share": f"{value / whole:.0%}" if name != "sweep" else "",
            "ns a node": round(value / nodes * 1e9, 1),
            "ns an arc": round(value / arcs * 1e9, 1),
            "sweeps": round(value / cpu["sweep"], 1),
        }
        for name, value in cpu.items()
    ]


if __name__ == "__main__":
    for title, rows in measure(quick=True).tables.items():
        print(title, *rows, sep="\n  ")
