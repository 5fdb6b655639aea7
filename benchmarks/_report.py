"""How do measured ratios read on a page: a table with goals and verdicts, the machine, further tables and the growth plot."""

from __future__ import annotations

import os
import platform
import re
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks._harness import PEERS, ROOT, Result, Row, seconds, times

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- measured: written by python -m benchmarks --write -->", "<!-- end of what was measured -->"
PACKAGES = ["numpy", "scipy", "numba", "shapely", "geopandas", "osmium", "networkx", "osmnx", "folium", "pandana", "pyrosm", "igraph", "rustworkx", "networkit"]
VERDICTS = {"goal": "goal reached", "first": "first value, not the goal", "short": "**short**", "": ""}


def write(results: Mapping[str, Result]) -> None:
    """Replace what stands between the markers of the page."""
    parts = [machine(), table(row for result in results.values() for row in result.rows)]
    for name, result in results.items():
        if name == "growth" and result.tables:
            from benchmarks.growth import draw

            draw(result.tables, ROOT / "docs" / "images" / "growth.svg")
            parts.append("## Growth\n\n![CPU seconds against nodes and sites, both axes logarithmic](images/growth.svg)")
        parts += [f"### {title}\n\n{plain(rows)}" for title, rows in result.tables.items()]
    page = PAGE.read_text(encoding="utf-8")
    before, after = page[: page.index(BEGIN) + len(BEGIN)], page[page.index(END) :]
    PAGE.write_text(f"{before}\n\n" + "\n\n".join(parts) + f"\n\n{after}", encoding="utf-8")


def table(rows: Iterable[Row]) -> str:
    """The main table, and what each row's reader must know as notes below it."""
    lines = [
        "| what | size | cfmap CPU / wall | peer | peer CPU / wall | ratio | goal | first value | verdict | notes |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    notes: list[str] = []
    for row in rows:
        words = "; ".join(part for part in (row.checked, row.note, "ratio of wall time" if row.by_wall else "") if part)
        if words and words not in notes:
            notes.append(words)
        goal, first = (f"{'≤' if row.most else '≥'} {limit:,g}x" if limit is not None else "" for limit in (row.goal, row.first))
        cells = [
            row.what,
            row.size,
            _both(row.ours),
            row.peer,
            _both(row.theirs),
            f"**{times(row.ratio)}**",
            goal,
            first,
            VERDICTS[row.verdict],
            f"({notes.index(words) + 1})" if words else "",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "## Ratios\n\n" + "\n".join(lines) + "\n\n" + "\n".join(f"{k}. {words}" for k, words in enumerate(notes, 1))


def plain(rows: list[dict[str, Any]]) -> str:
    """A table of plain values."""
    heads = list(dict.fromkeys(head for row in rows for head in row))
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join("" if row.get(head) is None else str(row[head]) for head in heads) + " |" for row in rows])


def machine() -> str:
    """What was measured on, without names and paths."""
    model = platform.processor() or platform.machine()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    if Path("/proc/cpuinfo").is_file():
        found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
        model = found[1] if found else model
    versions = {d.metadata["Name"].lower(): d.version for d in (*metadata.distributions(path=[str(PEERS)]), *metadata.distributions())}
    listed = ", ".join(f"{name} {versions[name]}" for name in PACKAGES if name in versions)
    return (
        f"Measured on {model}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}, Python {platform.python_version()}; {listed}. "
        "The cores were shared with other work, so that CPU time is what the ratios are made of; wall time is what one waited."
    )


def _both(timing: Any) -> str:
    return f"{seconds(timing.cpu)} / {seconds(timing.wall)}" + ("" if timing.runs > 1 else " (once)")
