"""What is said about the targets, for programs and for the editions to come? ``targets.json``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cfmap.indicators.targets import summary
from cfmap.model.target import Place, Plan, TargetResult
from cfmap.publish import json_file, manifest, published, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from cfmap.model.edition import Edition
    from cfmap.model.messages import Fault

NAME = "targets.json"


def write(edition: Edition, folder: Path) -> list[Path]:
    """Write every row; ``null`` is unknown, never zero. In a public edition only rows that ``publish.indicators`` lists are left."""
    return json_file.write(folder / NAME, content(edition))


def check(edition: Edition, folder: Path) -> Iterator[Fault]:
    """Read it back: equal in every row."""
    return json_file.check(folder / NAME, content(edition))


def content(edition: Edition) -> dict[str, Any]:
    """As data."""
    plans = {r.plan.key: r.plan for r in edition.targets}.values()
    return {
        "edition": edition.year,
        "generated_by": f"cfmap {manifest.tool_version()}",
        "city": edition.city.name,
        "demo": edition.city.city.demo,
        "note": tables.note(edition),
        "plans": [{"key": p.key, "city": p.city, "title": p.title, "document": p.document, "first": p.first, "last": p.last} for p in plans],
        "summary": summary(edition.targets),
        "targets": [r.record() for r in edition.targets],
    }


def finals(plans: Iterable[Plan], output: Path, *, year: int) -> dict[str, TargetResult]:
    """
    Last results of plans that have ended before `year`, as the internal edition of their last year states them.

    Target id -> result; nothing for a plan whose last edition is not in `output` or cannot be read.
    """
    found: dict[str, TargetResult] = {}
    for plan in plans:
        if plan.last >= year:
            continue
        edition = published.find(output / f"{plan.last}{published.INTERNAL_SUFFIX}")
        path = edition.file(NAME) if edition is not None else None
        if path is None:
            continue
        try:
            rows = {row["id"]: row for row in json.loads(path.read_text(encoding="utf-8"))["targets"]}
            found |= {t.id: _result(plan, t.id, rows[t.id]) for t in plan.targets if t.id in rows and rows[t.id]["status"] != "expired"}
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return found


def _result(plan: Plan, identity: str, row: dict[str, Any]) -> TargetResult:
    target = next(t for t in plan.targets if t.id == identity)
    places, lacking, unsure = (tuple(Place(p["layer"], p["id"], p["name"]) for p in row[key]) for key in ("places", "lacking", "unsure"))
    return TargetResult(
        plan,
        target,
        row["status"],
        now=row["now"],
        lower=row["lower"],
        upper=row["upper"],
        goal=row["goal"],
        gap=row["gap"],
        reason=(row["reason"], row["reason_en"]),
        reading=(row["reading"], row["reading_en"]),
        places=places,
        lacking=lacking,
        unsure=unsure,
        sources=tuple(row["sources"]),
        data_date=row["data_date"],
    )
