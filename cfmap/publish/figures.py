"""What are the numbers, for programs? ``indicators.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfmap.publish import json_file, manifest, tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cfmap.model.edition import Edition, Indicator
    from cfmap.model.messages import Fault

NAME = "indicators.json"


def write(edition: Edition, folder: Path) -> list[Path]:
    """Write the numbers; ``null`` is unknown, never zero."""
    return json_file.write(folder / NAME, content(edition))


def check(edition: Edition, folder: Path) -> Iterator[Fault]:
    """Read it back: equal in every number."""
    return json_file.check(folder / NAME, content(edition))


def content(edition: Edition) -> dict[str, Any]:
    """As data; towns by their code, by their name where the outline has no codes (then the same stands in ``towns``)."""
    codes, people = town_codes(edition), edition.population
    return {
        "edition": edition.year,
        "generated_by": f"cfmap {manifest.tool_version()}",
        "city": edition.city.name,
        "demo": edition.city.city.demo,
        "note": tables.note(edition),
        **({"population": {"method": [list(m) for m in people.method], "factors": people.factors}} if people is not None and people.method else {}),
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
        **({} if indicator.part is None or indicator.whole is None else {"part": indicator.part, "whole": indicator.whole}),
        "denominator": indicator.denominator,
        "by_town": {codes.get(town, town): value for town, value in indicator.by_town.items()},
        "definition": indicator.definition,
        "definition_en": indicator.definition_en,
        "data_date": indicator.data_date,
        "sources": list(indicator.sources),
        "status": indicator.status,
    }
