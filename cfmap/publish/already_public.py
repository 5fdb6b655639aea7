"""What have public editions already said of the same children? One year's number less another's is a number, too."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cfmap.indicators.people import CITY
from cfmap.publish import figures, manifest, published, siblings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cfmap.model.edition import Edition

    Said = dict[tuple[str, str], float]  # indicator id, town ("" = the whole city) -> value

DIGEST = 64  # characters of a SHA-256
NUMBERS = ("people.", "coverage.")  # counts of children, and shares that give a count where the total is known


def look(edition: Edition, out: Path) -> tuple[Said, ...]:
    """
    Give the numbers of people of every public version that stands in `out` or in another year's folder beside it.

    Only versions made of the very table of people that this edition is made of (digest in the manifest), or of the very raster, in whichever houses or by
    whichever totals they were placed: with another table the difference of two numbers is births, moves and walks in one, and nobody's own. Versions that
    cannot be read say nothing.
    """
    people = manifest.people_of(edition)[:DIGEST]
    return tuple(_said(folder) for folder in _versions(edition, out) if _is_of(folder, edition, people)) if people else ()


def _versions(edition: Edition, out: Path) -> Iterator[Path]:
    years = edition.city.edition.editions if out.name == str(edition.year) else ()
    for folder in sorted({out, *(siblings.folder(edition, out, y) for y in years)}):
        place = folder / published.VERSIONS
        yield from sorted(p for p in place.iterdir() if p.name.isdigit()) if place.is_dir() else ()


def _is_of(version: Path, edition: Edition, people: str) -> bool:
    about = manifest.read(version) or {}
    basis = about.get("basis")
    return (
        about.get("audience") == published.PUBLIC
        and about.get("city") == edition.city.name
        and isinstance(basis, dict)
        and str(basis.get("people"))[:DIGEST] == people
    )


def _said(version: Path) -> Said:
    try:
        content = json.loads((version / figures.NAME).read_text(encoding="utf-8"))
        towns = content["towns"]
        shown = {
            r["id"]: {CITY: r["value"]} | {towns.get(code, code): value for code, value in r["by_town"].items()}
            for r in content["indicators"]
            if r["id"].startswith(NUMBERS)
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {(name, town): float(value) for name, values in shown.items() for town, value in values.items() if isinstance(value, (int, float))}
