"""How fast is the reach of each site by itself found, walks of 15 minutes and 300 m round schools, against scipy, networkx and osmnx?"""

from __future__ import annotations

import numpy as np

from benchmarks import _peers
from benchmarks._harness import Result, Row, interleaved, printed, require
from benchmarks._tiles import on_nodes, tile

REACH_MM, PERIMETER_MM = 1_200_000, 300_000
SAMPLE = {"scipy": 100, "networkx": 10, "osmnx recipe": 3}  # sites that slow peers are timed on; all sites are alike


def measure(quick: bool) -> Result:  # noqa: FBT001
    """Rows for both reaches; quickly: at a tenth of the size."""
    from cfmap.network.catchments import catchments

    tiling = tile(30_000 if quick else 300_000)
    network, sites = tiling.network(), tiling.places(50 if quick else 500)
    snapped = on_nodes(network, sites)
    peers = {kind.name: kind(tiling) for kind in (_peers.Scipy, _peers.NetworkX, _peers.Osmnx)}
    size = f"{tiling.n_nodes / 1000:,.0f} k nodes, {len(sites)} sites"
    rows = []
    for what, limit, goals in (
        ("reach of each site, 1.2 km", REACH_MM, {"networkx": (250, 60), "osmnx recipe": (2000, 500), "scipy": (None, None)}),
        ("round each school, 300 m", PERIMETER_MM, {"scipy": (200, 60)}),
    ):
        ours = lambda limit=limit: catchments(network, snapped, limit_mm=limit)  # noqa: E731
        found = ours()
        actions = {"cfmap": ours}
        for name in goals:
            peer, some = peers[name], sites[:: max(1, len(sites) // SAMPLE[name])][: SAMPLE[name]].tolist()
            for site in some:
                k = int(np.searchsorted(sites, site))
                mine = np.arange(found.first[k], found.first[k + 1])
                mine = mine[np.argsort(found.node[mine])]
                node, mm = found.node[mine], found.mm[mine]
                answer = peer.within(site, limit)
                if name == "osmnx recipe":
                    require(np.array_equal(peer.as_nodes(answer), node), f"{name}: {what}")
                else:
                    their_node, their_mm = peer.as_pairs(answer)
                    require(np.array_equal(their_node, node) and np.array_equal(their_mm, mm), f"{name}: {what}")
            actions[name] = lambda peer=peer, some=some, limit=limit: [peer.within(site, limit) for site in some]
        timings = interleaved(actions)
        each = len(found.node) / len(sites)
        for name, (goal, first) in goals.items():
            sampled = min(SAMPLE[name], len(sites))
            rows.append(
                Row(
                    what,
                    size,
                    timings["cfmap"],
                    name,
                    timings[name].scaled(len(sites) / sampled),
                    goal,
                    first,
                    checked=f"{'nodes' if name == 'osmnx recipe' else 'all distances'} of {sampled} sites equal",
                    note=f"{each:,.0f} nodes a site; ours on all cores" + (f"; peer on one, on {sampled} sites, scaled" if sampled < len(sites) else ""),
                )
            )
    return Result(rows)


if __name__ == "__main__":
    print(printed(measure(quick=True).rows))
