"""
What does it cost to start, and to come back? Commands in fresh processes, and networks that have been read before.

``cfmap --help`` against ``import click``; ``cfmap reach`` (50 sites, 1,000 places, an extract of ten megabytes whose network
is in the cache) against ``import osmnx``, with every import, file and search in it; a network from the cache against reading its
file, once as a search needs it and once with all its tables.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks._harness import ROUNDS, Result, Row, Timing, cpu_of, interleaved, require
from benchmarks._tiles import DATA
from benchmarks._tiles import _extract as extract
from benchmarks.reading import copied

if TYPE_CHECKING:
    from cfmap.network import Network

MEGABYTES = 10
EXTRACTS = ("heidelberg/heidelberg.test.pbf", "porto/porto_portugal.osm.pbf")
CFMAP = ("-c", "import os, sys; sys.stderr = open(os.devnull, 'w'); from cfmap.cli import main; sys.exit(main())")  # as the installed command, but quiet


def measure(quick: bool) -> Result:  # noqa: FBT001
    """Cold starts and second reads."""
    rounds = ROUNDS if quick else 2 * ROUNDS + 1
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CFMAP_CACHE"] = str(Path(folder) / "cache")
        reach, size = _reach(Path(folder), quick=quick)
        commands = {"help": (*CFMAP, "--help"), "click": ("-c", "import click"), "reach": reach, "osmnx": ("-c", "import osmnx")}
        starts = _in_turn(commands, rounds)
        rows = [
            Row("cfmap --help", "a process", starts["help"], "import click", starts["click"], goal=2, first=3, most=True),
            Row("cfmap reach, cached network", size, starts["reach"], "import osmnx", starts["osmnx"], goal=1, first=1.5, most=True),
        ]
        paths = [extract()] if quick else [path for name in EXTRACTS if (path := DATA / name).is_file()] or [extract()]
        return Result(rows + [row for path in paths for row in _again(path, Path(folder) / "again")])


def _in_turn(commands: dict[str, tuple[str, ...]], rounds: int) -> dict[str, Timing]:
    for command in commands.values():
        cpu_of(*command)  # bytecode is compiled, and the network read, before anything is timed
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(cpu_of(*command))
    return {name: Timing.of(found) for name, found in runs.items()}


def _reach(folder: Path, *, quick: bool) -> tuple[tuple[str, ...], str]:
    """A command line, and what it works on: random places beside streets, in CSV files."""
    from cfmap.network import Network

    streets = folder / "streets.osm.pbf"
    copied(streets, 1)
    copied(streets.with_name("many.osm.pbf"), 2 if quick else round(MEGABYTES * 1e6 / streets.stat().st_size))
    streets = streets.with_name("many.osm.pbf")
    network = Network.from_osm(streets, cache=True)
    random = np.random.default_rng(3)
    for name, count in (("sites", 50), ("places", 1000)):
        node = random.integers(0, network.n_nodes, count)
        aside = random.normal(0, 1e-4, (2, count))
        lines = [f"{k},{x:.6f},{y:.6f}" for k, x, y in zip(range(count), network.node_lon[node] + aside[0], network.node_lat[node] + aside[1], strict=True)]
        (folder / f"{name}.csv").write_text("\n".join(["id,lon,lat", *lines]), encoding="utf-8")
    inputs = [part for name in ("sites", "places") for part in (f"--{name.replace('places', 'points')}", str(folder / f"{name}.csv"))]
    command = (*CFMAP, "reach", "--network", str(streets), *inputs, "--out", str(folder / "out.csv"))
    return command, f"{streets.stat().st_size / 1e6:.0f} MB, {network.n_nodes / 1000:.0f} k nodes"


def _again(path: Path, cache: Path) -> list[Row]:
    from cfmap.network import Network

    same(Network.from_osm(path), Network.from_osm(path, cache=cache))
    same(Network.from_osm(path), Network.from_osm(path, cache=cache))
    timings = interleaved(
        {
            "first": lambda: Network.from_osm(path),
            "again": lambda: Network.from_osm(path, cache=cache),
            "tables": lambda: everything(Network.from_osm(path, cache=cache)),
        }
    )
    size = f"{path.name}, {path.stat().st_size / 1e6:.1f} MB"
    checked = "every array and table equal"
    return [
        Row("second read", size, timings["again"], "first read", timings["first"], goal=20, first=10, checked=checked, note="tables wait until they are used"),
        Row("second read, all tables", size, timings["tables"], "first read", timings["first"], checked=checked),
    ]


def everything(network: Network) -> list[object]:
    """Every array and table of a network."""
    return [getattr(network, f.name) for f in fields(network)]


def same(one: Network, other: Network) -> None:
    """Stop unless two networks are equal."""
    for f in fields(one):
        a, b = getattr(one, f.name), getattr(other, f.name)
        require(np.array_equal(a, b) if isinstance(a, np.ndarray) else a.equals(b) if hasattr(a, "equals") else a == b, f.name)
