"""
How much faster than Valhalla are minutes between origins and the sites near them?

Valhalla is the judge's second engine and lives in its environment (``make judge`` makes it; left out without it). It is asked
for a matrix of each site with those origins that lie within a kilometre as the crow flies, on a sample of the sites; ours
answers for all. Its rules of the way differ from ours (``docs/judge.md``), so that distances are compared, not required.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._harness import ROOT, Result, Row, Timing, interleaved, printed, require
from benchmarks._tiles import METRES_PER_DEGREE, compiled, on_nodes

PYTHON = ROOT / ".judge" / "bin" / "python"
EXTRACT = ROOT / "data" / "network.osm.pbf"
ORIGINS, SITES, SAMPLE, WITHIN_MM = 20_000, 500, 25, 1_000_000
NEAR_M, LEAST_SHARE = 20.0, 0.85


def measure(quick: bool) -> Result:  # noqa: FBT001
    """One row on the demo city."""
    if quick or not PYTHON.exists():
        return Result()
    from cfmap.network import Network
    from cfmap.network.od import pairs

    compiled()
    network = Network.from_osm(EXTRACT)
    main = np.flatnonzero(network.node_component == 0)
    random = np.random.default_rng(5)
    origins, sites = np.sort(random.choice(main, ORIGINS)), np.sort(random.choice(main, SITES, replace=False))
    at_origins, at_sites = on_nodes(network, origins), on_nodes(network, sites)
    ours = pairs(network, at_origins, at_sites, limit_mm=WITHIN_MM)
    sample = sites[:: SITES // SAMPLE]
    seconds, theirs, near = _ask(network, sample, origins)
    mine = {(int(sites[s]), int(o)): d for s, o, d in zip(ours.site, ours.origin, ours.mm / 1000, strict=True) if sites[s] in sample}
    apart = np.array([abs(mine[pair] - metres) for pair, metres in zip(near, theirs, strict=True) if pair in mine and metres is not None])
    share = float((apart <= NEAR_M).mean())
    require(share >= LEAST_SHARE, f"valhalla: only {share:.0%} of distances within {NEAR_M:g} m")
    found = interleaved({"cfmap": lambda: pairs(network, at_origins, at_sites, limit_mm=WITHIN_MM)})["cfmap"]
    row = Row(
        "minutes between origins and sites within 15",
        f"demo county, {network.n_nodes / 1000:,.0f} k nodes, {SITES} sites, {ORIGINS:,} origins",
        found,
        "Valhalla, matrix",
        Timing.of([seconds]).scaled(SITES / len(sample)),
        50,
        10,
        checked=f"{share:.0%} of {len(apart):,} distances within {NEAR_M:g} m; it adds edges in whole metres and walks through private ground",
        note=f"{len(sample)} sites with the origins within 1 km as the crow flies, scaled; tiles built before, {len(ours.mm):,} pairs within reach",
    )
    return Result([row])


def _ask(network: Any, sample: np.ndarray, origins: np.ndarray) -> tuple[tuple[float, float], list[float | None], list[tuple[int, int]]]:
    """CPU and wall seconds, metres, and the pairs (site's node, origin) they belong to."""
    lon, lat = network.node_lon, network.node_lat
    requests, asked = [], []
    for site in sample:
        metres = np.hypot((lon[origins] - lon[site]) * np.cos(np.radians(lat[site])), lat[origins] - lat[site]) * METRES_PER_DEGREE
        here = np.flatnonzero(metres <= WITHIN_MM / 1000)
        requests.append([[lon[site], lat[site]], np.column_stack([lon[origins[here]], lat[origins[here]]]).tolist()])
        asked += [(int(site), int(k)) for k in here]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([PYTHON, ROOT / "judge" / "second_engine.py", "build", EXTRACT, folder], check=True)
        script = [PYTHON, ROOT / "benchmarks" / "_valhalla.py", Path(folder) / "config.json"]
        done = subprocess.run(script, input=json.dumps(requests), capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout[done.stdout.index('{"seconds"') :])
    cpu, wall = answer["seconds"]
    return (cpu, wall), [metres for row in answer["metres"] for metres in row], asked


if __name__ == "__main__":
    print(printed(measure(quick=False).rows))
