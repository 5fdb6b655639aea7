"""What did the judge find? Tables of all networks as text and as ``docs/judge.md``."""

from __future__ import annotations

from collections import Counter
from statistics import median
from typing import TYPE_CHECKING

from judge.classes import CLASSES
from judge.compare import LONGER_M, LONGER_PER_EDGE_M, SEED, SHORTER_M, SHORTER_SHARE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from judge.compare import Pair, Result

HEAD = """# A second engine as judge

<!-- Written by `make judge`; do not edit. -->

{engine}, an engine nobody here wrote, walks the same pairs of places as cfmap, offline, on the same OpenStreetMap files.
Both look for the shortest way: Valhalla's pedestrian costing with `shortest`, no penalties, difficult paths allowed.
{count} random pairs per network (seed {seed}), on streets, away from junctions, brought to the same street by both engines.

**How a length is compared.** Valhalla's own metres are sums of edge lengths rounded to whole metres, on a sphere. So its
route is measured again along its course on the WGS84 ellipsoid. It was still chosen by the rounded lengths and its
coordinates are rounded to a millionth of a degree: two lengths count as the same when Valhalla's is at most
{shorter} m + {share:.2f} % shorter, or at most {longer} m + {per_edge} m per edge of its route longer. Its own metres are given beside.

**Two questions.** On *the same ground* Valhalla gets cfmap's ground as plain footways (links across squares drawn, gates cut,
nodes joined by the raw file's ids): here nothing may differ. Destination-only streets are not part of it; for a pair that begins or
ends on one, Valhalla's route over open ground counts if it passes through no other private ground, else the shortest of its routes out of
the block, over public ground and into the other block, through any exits.
*As tagged* it gets the file as it stands and applies its own rules: here the one with the longer walk must have met a place
on the other's walk that it does not follow. That place is looked up - on Valhalla's side by asking Valhalla - and named by its
tags. A pair is **explained** when the engines agree on the same ground and, as tagged, agree or have such a place.
"""


def unexplained(result: Result) -> list[Pair]:
    """Pairs for whose difference there is no reason."""
    return [p for p in result.pairs if not p.explained]


def agreeing(result: Result) -> float:
    """Share of pairs that agree as tagged."""
    return sum(p.agrees for p in result.pairs) / len(result.pairs)


def markdown(results: Sequence[Result], *, engine: str) -> str:
    """The whole page."""
    count = max(len(r.pairs) for r in results)
    parts = [
        HEAD.format(engine=engine, count=count, seed=SEED, shorter=SHORTER_M, share=100 * SHORTER_SHARE, longer=LONGER_M, per_edge=LONGER_PER_EDGE_M),
        "## Same ground",
        _table(
            (
                "network",
                "data of",
                "pairs",
                "agree",
                "no walk, both",
                "put together",
                "too many exits",
                "difference, median",
                "least",
                "largest",
                "by Valhalla's own metres",
            ),
            (_level_row(r) for r in results),
        ),
        "Metres, Valhalla's minus cfmap's. *Put together*: pairs with a private end, asked for in three parts; *too many exits*: not asked, not judged here.",
        "## As tagged",
        _table(
            ("network", "pairs", "agree", "share", "only cfmap walks", "only Valhalla walks", "Valhalla longer", "Valhalla shorter", "unexplained"),
            (_tagged_row(r) for r in results),
        ),
        "## Why they differ as tagged",
        "Pairs by the reason that concerns most metres of the walk that the other could not follow.",
        _table(("reason", *(r.name for r in results), "what the engines do"), _reasons(results)),
        "Places drawn again because Valhalla has no street there (or another one nearer), by reason:",
        _table(("network", "places"), ((r.name, ", ".join(f"{name} {n}" for name, n in r.redrawn.most_common()) or "none") for r in results)),
    ]
    return "\n\n".join(p.rstrip() for p in parts) + "\n"


def _level_row(result: Result) -> tuple[str, ...]:
    compared = [p for p in result.pairs if p.ours is not None and p.level is not None]
    ours = [p.level.metres - p.ours for p in compared if p.level and p.ours is not None]
    own = [p.level.own_metres - p.ours for p in compared if p.level and p.ours is not None]
    return (
        result.name,
        result.timestamp[:10] or "undated",
        str(len(result.pairs)),
        str(sum(p.level_agrees for p in result.pairs)),
        str(sum(p.ours is None and p.level is None for p in result.pairs)),
        str(sum(p.passes_private and p.known for p in result.pairs)),
        str(sum(not p.known for p in result.pairs)),
        f"{median(ours):+.2f}",
        f"{min(ours):+.2f}",
        f"{max(ours):+.2f}",
        f"{min(own):+.0f} to {max(own):+.0f}",
    )


def _tagged_row(result: Result) -> tuple[str, ...]:
    apart = [p for p in result.pairs if not p.agrees]
    both = [(p.ours, p.tagged.metres) for p in apart if p.ours is not None and p.tagged is not None]
    return (
        result.name,
        str(len(result.pairs)),
        str(len(result.pairs) - len(apart)),
        f"{100 * agreeing(result):.1f} %",
        str(sum(p.ours is not None and p.tagged is None for p in apart)),
        str(sum(p.ours is None and p.tagged is not None for p in apart)),
        str(sum(theirs > ours for ours, theirs in both)),
        str(sum(theirs <= ours for ours, theirs in both)),
        f"**{len(unexplained(result))}**",
    )


def _reasons(results: Sequence[Result]) -> Iterable[tuple[str, ...]]:
    counts = [Counter(p.why[0] for p in r.pairs if not p.agrees and p.why) for r in results]
    total = sum(counts, Counter[str]())
    for name, _ in sorted(total.items(), key=lambda item: (-item[1], item[0])):
        yield (name, *(str(c[name] or "") for c in counts), CLASSES[name])


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
