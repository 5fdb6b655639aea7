"""How much faster than pandana: the field, the reach of each site, origins and sites? One network, built once, as building takes minutes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from benchmarks import _peers
from benchmarks._harness import Result, Row, Timing, interleaved, peers, printed, require, timed
from benchmarks._tiles import Tiling, compiled, on_nodes, tile

OFF_MM = 10  # pandana adds metres as floats and cuts them: some millimetres apart on a long way
WITHIN_MM = 1_000_000  # 15 minutes at 4 km/h
PAIRS = 50_000  # pairs that its pairwise routing is timed on


def measure(quick: bool) -> Result:  # noqa: FBT001
    """All rows with pandana; quickly: on 25 k nodes with a twelfth of the sites."""
    if not peers():
        return Result()
    compiled()
    tiling = tile(25_000 if quick else 300_000)
    share = tiling.n_nodes / 300_000
    peer, build = timed(lambda: _peers.Pandana(tiling))
    rows = _field(tiling, peer, build) + _reach(tiling, peer, round(500 * share)) + _pairs(tiling, peer, round(20_000 * share), round(500 * share))
    return Result(rows)


def _field(tiling: Tiling, peer: _peers.Pandana, build: Timing) -> list[Row]:
    from cfmap.network.graph import search_graph

    network, sites = tiling.network(), tiling.places(tiling.n_nodes // 1000)
    snapped = on_nodes(network, sites)
    expected = network.travel(snapped).node_mm
    peer.put(sites, expected.max() / 1000 + 1)
    off = int(np.abs(peer.as_mm(peer.nearest(sites)) - expected).max())
    require(off <= OFF_MM, f"pandana: nearest site, {off} mm apart")
    found = interleaved({"cfmap": lambda: network.travel(snapped).node_mm, "pandana": lambda: peer.nearest(sites), "laid out": lambda: search_graph(network)})
    what, size, checked = "nearest site for every node", _size(tiling, sites), f"all distances within {off} mm"
    whole = _sum(found["laid out"], found["cfmap"]), _sum(build, found["pandana"])
    return [
        Row(what, size, found["cfmap"], "pandana, query", found["pandana"], 250, 80, checked=checked),
        Row(what, size, whole[0], "pandana, query + build", whole[1], 1000, 300, checked=checked, note=f"built once, {build.cpu:.0f} s CPU"),
    ]


def _reach(tiling: Tiling, peer: _peers.Pandana, count: int) -> list[Row]:
    from cfmap.network.catchments import catchments

    network, sites = tiling.network(), tiling.places(count)
    snapped = on_nodes(network, sites)
    rows = []
    for what, limit, goal, first in (("reach of each site, 1.2 km", 1_200_000, 50, 12), ("round each school, 300 m", 300_000, 100, 30)):
        ours, theirs = (lambda limit=limit: catchments(network, snapped, limit_mm=limit)), (lambda limit=limit: peer.near(sites, limit))
        found = ours()
        checked = _same(tiling, sites[found.site], found.node, found.mm, theirs(), limit)
        timings = interleaved({"cfmap": ours, "pandana": theirs})
        rows.append(Row(what, _size(tiling, sites), timings["cfmap"], "pandana", timings["pandana"], goal, first, checked=checked, note="both on two cores"))
    return rows


def _pairs(tiling: Tiling, peer: _peers.Pandana, n_origins: int, n_sites: int) -> list[Row]:
    from cfmap.network.od import pairs

    network, sites, origins = tiling.network(), tiling.places(n_sites), tiling.places(n_origins, seed=1)
    at_sites, at_origins = on_nodes(network, sites), on_nodes(network, origins)
    wanted = pd.Series(np.arange(n_origins), index=origins, name="origin")

    def ours() -> Any:
        return pairs(network, at_origins, at_sites, limit_mm=WITHIN_MM)

    def by_range() -> pd.DataFrame:
        """The fast way: reach of each site, then those of its nodes that are origins."""
        return peer.near(sites, WITHIN_MM).join(wanted, on="destination", how="inner")

    some = np.random.default_rng(2).integers(0, (n_origins, n_sites), (PAIRS, 2))

    def by_pair() -> np.ndarray:
        return np.array(peer.graph.shortest_path_lengths(origins[some[:, 0]], sites[some[:, 1]]))

    found = ours()
    checked = _same(tiling, sites[found.site], origins[found.origin], found.mm, by_range(), WITHIN_MM)
    timings = interleaved({"cfmap": ours, "range": by_range, "pair": by_pair})
    what, size = "minutes between origins and sites within 15", f"{_size(tiling, sites)}, {n_origins:,} origins"
    whole = timings["pair"].scaled(n_origins * n_sites / PAIRS)
    return [
        Row(what, size, timings["cfmap"], "pandana, nodes_in_range", timings["range"], 50, 10, checked=checked, note=f"{len(found.mm):,} pairs within reach"),
        Row(what, size, timings["cfmap"], "pandana, every pair", whole, checked=checked, note=f"shortest_path_lengths; {PAIRS:,} pairs, scaled"),
    ]


def _same(tiling: Tiling, source: np.ndarray, node: np.ndarray, mm: np.ndarray, answer: pd.DataFrame, limit: int) -> str:
    """Equal to some millimetres, or so near the limit that these millimetres decide."""
    mine = pd.Series(mm, index=source * tiling.n_nodes + node)
    theirs = pd.Series(answer["m"].to_numpy() * 1000, index=answer["source"].to_numpy() * tiling.n_nodes + answer["destination"].to_numpy())
    both = pd.concat([mine, theirs], axis=1, keys=["mine", "theirs"])
    apart = (both["mine"] - both["theirs"]).abs()
    only = both.max(axis=1)[apart.isna()]
    require(bool((apart.dropna() <= OFF_MM).all() and (only >= limit - OFF_MM).all()), "pandana: reach of each site")
    return f"all {len(both):,} distances within {apart.max():.0f} mm"


def _sum(a: Timing, b: Timing) -> Timing:
    return Timing(a.cpu + b.cpu, a.wall + b.wall, a.low + b.low, a.high + b.high, min(a.runs, b.runs))


def _size(tiling: Tiling, sites: np.ndarray) -> str:
    return f"{tiling.n_nodes / 1000:,.0f} k nodes, {len(sites):,} sites"


if __name__ == "__main__":
    print(printed(measure(quick=True).rows))
