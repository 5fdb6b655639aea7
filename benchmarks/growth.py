"""How do time and memory grow with the network and with the number of sites, from ten thousand nodes to ten million?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._harness import Result, in_child, interleaved, require
from benchmarks._tiles import compiled, on_nodes, tile

if TYPE_CHECKING:
    from pathlib import Path

NODES = [10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000]
SITES = [10, 100, 1_000, 10_000]
NODES_PER_SITE = 1000
SCIPY_UP_TO = 3_000_000
REACH_MM = 1_200_000
LIMITS_MB = {1_000_000: 1000, 10_000_000: 6000}
BY_NODES, BY_SITES, BY_REACH = "By nodes, a site for every thousand", "By sites, on a million nodes", "By sites, 1.2 km round each (300 k nodes)"
GOAL, FIRST = 1.1, 1.2


def measure(quick: bool) -> Result:  # noqa: FBT001
    """Tables of CPU time by size, with fitted exponents; each size in a process of its own, whose peak memory is given."""
    by_nodes = []
    for nodes in NODES[:3] if quick else NODES:
        (ours, scipy), peak = in_child("benchmarks.growth", "field", nodes, max(10, nodes // NODES_PER_SITE), nodes <= (100_000 if quick else SCIPY_UP_TO))
        _, ours_only = in_child("benchmarks.growth", "field_only", nodes) if nodes in LIMITS_MB or not quick else (None, peak)
        by_nodes.append(_line("nodes", nodes, ours, scipy) | {"peak MB": round(ours_only), "limit MB": LIMITS_MB.get(nodes)})
    by_sites, by_reach = [], []
    for sites in SITES[:2] if quick else SITES:
        (ours, scipy), _ = in_child("benchmarks.growth", "field", 100_000 if quick else 1_000_000, sites, not quick)
        by_sites.append(_line("sites", sites, ours, scipy))
        by_reach.append(_line("sites", sites, in_child("benchmarks.growth", "reach", sites)[0], None))
    tables = {BY_NODES: by_nodes, BY_SITES: by_sites, BY_REACH: by_reach}
    fits = [
        {"growth": title, "exponent": _exponent(rows), "goal": f"≤ {GOAL}", "first value": f"≤ {FIRST}", "verdict": _verdict(_exponent(rows))}
        for title, rows in tables.items()
    ]
    return Result(tables={"Exponents, fitted to the logarithms": fits, **tables})


def field(nodes: int, sites: int, with_scipy: bool) -> tuple[float, float | None]:  # noqa: FBT001
    """CPU seconds of the field, and scipy's."""
    compiled()
    tiling = tile(nodes)
    network = tiling.network()
    places = tiling.places(sites)
    snapped = on_nodes(network, places)
    actions = {"cfmap": lambda: network.travel(snapped).node_mm}
    actions["cfmap"]()
    if with_scipy:
        from benchmarks._peers import Scipy

        peer = Scipy(tiling)
        require(np.array_equal(peer.as_mm(peer.nearest(places)), actions["cfmap"]()), "scipy: nearest site")
        actions["scipy"] = lambda: peer.nearest(places)
    found = interleaved(actions)
    return found["cfmap"].cpu, found["scipy"].cpu if with_scipy else None


def field_only(nodes: int) -> int:
    """Nothing but ours, for the peak memory: arrays, network, layout and one field."""
    compiled()
    tiling = tile(nodes)
    network = tiling.network()
    return int(network.travel(on_nodes(network, tiling.places(max(10, nodes // NODES_PER_SITE)))).node_mm.max())


def reach(sites: int) -> float:
    """CPU seconds of the reach of each site by itself."""
    from cfmap.network.catchments import catchments

    tiling = tile(300_000)
    network = tiling.network()
    snapped = on_nodes(network, tiling.places(sites))
    return interleaved({"cfmap": lambda: catchments(network, snapped, limit_mm=REACH_MM)})["cfmap"].cpu


def draw(tables: dict[str, list[dict[str, Any]]], path: Path) -> None:
    """Both growths on logarithmic axes, as a small SVG that is the same whenever the numbers are."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    with plt.rc_context({"svg.hashsalt": "cfmap", "svg.fonttype": "none", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False}):
        figure, axes = plt.subplots(1, 3, figsize=(10, 3.4), layout="constrained", sharey=True)
        for axis, (title, key) in zip(axes, {BY_NODES: "nodes", BY_SITES: "sites", BY_REACH: "sites"}.items(), strict=True):
            rows = tables[title]
            for name, column, colour in (("scipy", "scipy CPU s", "#9ca3af"), ("cfmap", "cfmap CPU s", "#0b6e4f")):
                known = [row for row in rows if row.get(column) is not None]
                if known:
                    axis.loglog([row[key] for row in known], [row[column] for row in known], "o-", color=colour, label=name, markersize=3)
            axis.set(xlabel=key, title=title.replace(", ", ",\n", 1) + f": exponent {_exponent(rows)}")
            axis.minorticks_off()
            axis.title.set_fontsize(8)
            axis.legend(frameon=False)
        axes[0].set_ylabel("CPU seconds")
        figure.savefig(path, metadata={"Date": None, "Creator": None})
        plt.close(figure)


def _line(key: str, size: int, ours: float, scipy: float | None) -> dict[str, Any]:
    return {
        key: size,
        "cfmap CPU s": float(f"{ours:.3g}"),
        f"ns a {key[:-1]}": float(f"{ours / size * 1e9:.3g}"),
        "scipy CPU s": None if scipy is None else float(f"{scipy:.3g}"),
        "ratio": None if scipy is None else float(f"{scipy / ours:.2g}"),
    }


def _exponent(rows: list[dict[str, Any]]) -> float:
    key = next(iter(rows[0]))
    slope = np.polyfit(np.log([row[key] for row in rows]), np.log([row["cfmap CPU s"] for row in rows]), 1)[0]
    return round(float(slope), 2)


def _verdict(exponent: float) -> str:
    return "goal reached" if exponent <= GOAL else "first value, not the goal" if exponent <= FIRST else "**short**"


if __name__ == "__main__":
    for name, rows in measure(quick=True).tables.items():
        print(name, *rows, sep="\n  ")
