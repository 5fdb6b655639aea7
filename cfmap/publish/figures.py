"""What are the numbers, for programs? ``indicators.json``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cfmap.model.messages import Fault, fault
from cfmap.publish import files, manifest, tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cfmap.model.edition import Edition, Indicator

NAME = "indicators.json"


def write(edition: Edition, folder: Path) -> list[Path]:
    """Write the numbers; ``null`` is unknown, never zero."""
    text = json.dumps(content(edition), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    return [files.write_bytes(folder / NAME, text.encode())]


def check(edition: Edition, folder: Path) -> Iterator[Fault]:
    """Read it back: equal in every number."""
    try:
        same = json.loads((folder / NAME).read_text(encoding="utf-8")) == content(edition)
    except ValueError as error:
        yield fault("E601", name=NAME, detail=str(error))
        return
    if not same:
        yield fault("E601", name=NAME, detail="indicators ≠")


def content(edition: Edition) -> dict[str, Any]:
    """As data; towns by their code, by their name where the outline has no codes (then the same stands in ``towns``)."""
    codes = town_codes(edition)
    return {
        "edition": edition.year,
        "generated_by": f"cfmap {manifest.tool_version()}",
        "city": edition.city.name,
        "demo": edition.city.city.demo,
        "note": tables.note(edition),
        "towns": {code: name for name, code in codes.items()},
        "indicators": [_record(i, codes) for i in edition.indicators],
    }


def town_codes(edition: Edition) -> dict[str, str]:
    """Name of each town -> its code; the name itself unless every town has a code of its own."""
    if edition.towns is None:
        return {}
    names = [str(n) for n in edition.towns["name"]]
    codes = [str(c).strip() for c in edition.towns["code"].fillna("")] if "code" in edition.towns else []
    return dict(zip(names, codes if all(codes) and len(set(codes)) == len(names) else names, strict=True))


def _record(indicator: Indicator, codes: dict[str, str]) -> dict[str, Any]:
    return {
        "id": indicator.id,
        "title": indicator.title,
        "title_en": indicator.title_en,
        "value": indicator.value,
        "lower": indicator.lower,
        "upper": indicator.upper,
        "unit": indicator.unit,
        "denominator": indicator.denominator,
        "by_town": {codes.get(town, town): value for town, value in indicator.by_town.items()},
        "definition": indicator.definition,
        "definition_en": indicator.definition_en,
        "data_date": indicator.data_date,
        "sources": list(indicator.sources),
        "status": indicator.status,
    }
