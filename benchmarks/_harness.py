"""
How are two ways of doing one thing compared fairly: interleaved, medians, CPU beside wall, memory apart, answers first.

A benchmark is a module of this folder with ``measure(quick) -> Result``; ``python -m benchmarks`` runs each in a process
of its own, prints its rows and, with ``--write``, puts all of them into ``docs/performance.md``.

    def measure(quick):
        require(np.array_equal(ours(), theirs()), "scipy's distances")
        timings = interleaved({"cfmap": ours, "scipy": theirs})
        return Result([Row("nearest site", "1 M nodes", timings["cfmap"], "scipy", timings["scipy"], goal=10, first=4)])
"""

from __future__ import annotations

import gc
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / ".cache" / "peers"  # `make peers` installs the peers' packages here, out of the product's environment
ROUNDS = 5


@dataclass(frozen=True)
class Timing:
    """Seconds of several runs of one thing: medians, and the fastest and slowest CPU time."""

    cpu: float
    wall: float
    low: float
    high: float
    runs: int

    @classmethod
    def of(cls, runs: Iterable[tuple[float, float]]) -> Timing:
        """From pairs of CPU and wall seconds."""
        cpu, wall = zip(*runs, strict=True)
        return cls(statistics.median(cpu), statistics.median(wall), min(cpu), max(cpu), len(cpu))

    def scaled(self, factor: float) -> Timing:
        """The same at another size, for a peer too slow to be run at full size; say so in the row's note."""
        return replace(self, cpu=self.cpu * factor, wall=self.wall * factor, low=self.low * factor, high=self.high * factor)


@dataclass(frozen=True)
class Row:
    """
    One line of the table.

    Attributes
    ----------
    what, size
        The task, and on what it was measured.
    ours, peer, theirs
        Our timing, the peer's name and its timing, at the same size.
    goal, first
        Ratio to reach, and the first worth shipping; None = none was set.
    most
        The ratio is ours to theirs and should be at most the goal (the sweep, start-up).
    checked
        In what way the answers were found equal before anything was timed.
    note
        What a reader must know to believe the ratio: other sizes, other results, scaling.
    by_wall
        The ratio is of wall seconds (work on several cores).
    """

    what: str
    size: str
    ours: Timing
    peer: str
    theirs: Timing
    goal: float | None = None
    first: float | None = None
    most: bool = False
    checked: str = ""
    note: str = ""
    by_wall: bool = False

    @property
    def ratio(self) -> float:
        """How many times ours the peer takes; with `most`, how many times the peer ours takes."""
        ours, theirs = (self.ours.wall, self.theirs.wall) if self.by_wall else (self.ours.cpu, self.theirs.cpu)
        return ours / theirs if self.most else theirs / ours

    @property
    def verdict(self) -> str:
        """``goal``, ``first`` or ``short``; "" where no goal was set."""
        if self.goal is None:
            return ""
        met = (lambda limit: self.ratio <= limit) if self.most else (lambda limit: self.ratio >= limit)
        return "goal" if met(self.goal) else "first" if self.first is not None and met(self.first) else "short"


@dataclass(frozen=True)
class Result:
    """What a benchmark hands back: rows of the table, and further tables of plain values by title."""

    rows: list[Row] = field(default_factory=list)
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


class Different(AssertionError):
    """Two engines gave different answers, so that their times must not be compared."""


def require(equal: bool, what: str) -> None:  # noqa: FBT001
    """Stop unless the answers are equal."""
    if not equal:
        raise Different(what)


def interleaved(actions: Mapping[str, Callable[[], object]], *, rounds: int = ROUNDS, once: Iterable[str] = (), warm: bool = True) -> dict[str, Timing]:
    """
    Time several actions in turn.

    Parameters
    ----------
    actions
        What to time, by name. Results are dropped.
    rounds
        How often each is run; every round runs each once, so that a slow spell of the machine hits all.
    once
        Names of slow actions that are run in the first round only, and not warmed up.
    warm
        Run each (but those in `once`) once beforehand, untimed.

    Returns
    -------
    timings
        Python's garbage collector is off while an action runs, as in ``timeit``.
    """
    slow = set(once)
    if warm:
        for name, action in actions.items():
            if name not in slow:
                action()
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in actions}
    for k in range(rounds):
        for name, action in actions.items():
            if k == 0 or name not in slow:
                found[name].append(_timed(action))
    return {name: Timing.of(runs) for name, runs in found.items()}


def timed(action: Callable[[], Any]) -> tuple[Any, Timing]:
    """Result and seconds of a single run."""
    held: list[Any] = []
    seconds = _timed(lambda: held.append(action()))
    return held[0], Timing.of([seconds])


def _timed(action: Callable[[], object]) -> tuple[float, float]:
    gc.collect()
    gc.disable()
    try:
        wall, cpu = time.perf_counter(), time.process_time()
        action()
        return time.process_time() - cpu, time.perf_counter() - wall
    finally:
        gc.enable()


def in_child(module: str, function: str, *arguments: Any) -> tuple[Any, float]:
    """
    Call ``module.function(*arguments)`` in a fresh process.

    Returns
    -------
    result, peak_mb
        What it returned (arguments and result pass as JSON), and the process's peak resident memory (MB = 10^6 bytes).
    """
    code = "import sys; from benchmarks._harness import _child; _child(*sys.argv[1:])"
    done = subprocess.run([sys.executable, "-c", code, module, function, json.dumps(arguments)], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    answer = json.loads(done.stdout.rsplit("\n", 2)[-2])
    return answer["result"], answer["peak_mb"]


def _child(module: str, function: str, arguments: str) -> None:
    from importlib import import_module

    result = getattr(import_module(module), function)(*json.loads(arguments))
    print("\n" + json.dumps({"result": result, "peak_mb": peak_mb()}))


def cpu_of(*command: str) -> tuple[float, float]:
    """
    CPU (user + system) and wall seconds of a Python command in a fresh process, e.g. ``cpu_of("-c", "import click")``.

    Bytecode is kept from one to the next, as it is anywhere else.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, wall = os.times(), time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL, env=kept)
    after = os.times()
    return (after.children_user - before.children_user) + (after.children_system - before.children_system), time.perf_counter() - wall


def peak_mb() -> float:
    """
    Peak resident memory of this process so far (MB = 10^6 bytes).

    From Linux's own count where there is one: what `getrusage` says begins with the peak of the process that started this one.
    """
    status = Path("/proc/self/status")
    own = re.search(r"VmHWM:\s*(\d+) kB", status.read_text()) if status.exists() else None
    if own:
        return int(own[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


@cache
def peers() -> bool:
    """Make the peers' packages importable, behind those of this environment; False when they are not installed."""
    if PEERS.is_dir() and str(PEERS) not in sys.path:
        sys.path.append(str(PEERS))
    return PEERS.is_dir()


def seconds(value: float) -> str:
    """Three digits with a unit: ``0.077 s`` as ``77 ms``."""
    for unit, scale in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if value * scale >= 1:
            return f"{value * scale:.3g} {unit}" if value * scale < 100 else f"{value * scale:,.0f} {unit}"
    return "0"


def times(ratio: float) -> str:
    """A ratio: ``0.76x``, ``12x``, ``1,184x``."""
    return f"{ratio:,.0f}x" if ratio >= 20 else f"{ratio:.3g}x"


def printed(rows: Iterable[Row]) -> str:
    """Rows as lines for a terminal."""
    lines = [f"{'what':<44}{'size':<34}{'cfmap cpu/wall':>20}  {'peer':<22}{'cpu/wall':>20}{'ratio':>10}{'goal':>9}  verdict"]
    for row in rows:
        ours, theirs = (f"{seconds(t.cpu)} / {seconds(t.wall)}" for t in (row.ours, row.theirs))
        goal = "" if row.goal is None else ("<= " if row.most else ">= ") + f"{row.goal:g}"
        lines.append(f"{row.what:<44}{row.size:<34}{ours:>20}  {row.peer:<22}{theirs:>20}{times(row.ratio):>10}{goal:>9}  {row.verdict}")
    return "\n".join(lines)


def dump(result: Result) -> dict[str, Any]:
    """As plain values for JSON."""
    return {"rows": [asdict(row) for row in result.rows], "tables": result.tables}


def load(values: dict[str, Any]) -> Result:
    """Back from :func:`dump`."""
    rows = [Row(**{**row, "ours": Timing(**row["ours"]), "theirs": Timing(**row["theirs"])}) for row in values["rows"]]
    return Result(rows, values["tables"])
