"""Who is reached in which town, and who is not: for the page, where it may be said at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfmap.indicators.people import CITY, audience
from cfmap.publish.classes import breaks
from cfmap.publish.public import allowed

if TYPE_CHECKING:
    from cfmap.indicators.people import Group
    from cfmap.model.edition import Coverage, Edition, Indicator


def town_figures(edition: Edition) -> dict[str, Any] | None:
    """
    Shares and people of the headline band by town, with what is needed to defend them.

    Of a public edition only what ``publish.indicators`` lists, as the numbers themselves; None where nothing may be said.

    Returns
    -------
    figures
        ``names``: towns, then "" for the whole city. ``areas``: for each outline of a town its position in ``names``, -1 for one without figures;
        missing where there are no outlines. ``items``: coverage key -> groups of people, most important first; of each
        ``parts`` (``share`` in per cent; ``covered``, ``not``, ``unreachable``, ``total`` people) in the order of ``names``, None = unknown;
        ``hidden``: part -> positions that are not shown for privacy; ``bounds``: position -> (lower, upper) of the share
        where numbers are missing, (None, None) when they cannot be bounded; ``breaks``: upper bounds of the classes of shares on the map.
    """
    may = {i.id: i for i in edition.indicators if not edition.public or allowed(i, edition)}
    found = {c.key: [(g, parts) for g in audience(c.layer) if (parts := _parts(c, g, may))] for c in edition.coverages}
    names = list(dict.fromkeys(town for groups in found.values() for _, parts in groups for i in parts.values() for town in i.by_town))
    if not names:
        return None
    outlines = [] if edition.towns is None else edition.towns["name"].tolist()
    areas = {"areas": [names.index(town) if town in names else -1 for town in outlines]} if outlines else {}
    return areas | {
        "names": [*names, CITY],
        "items": {key: [_group(g, parts, [*names, CITY]) for g, parts in groups] for key, groups in found.items() if groups},
    }


def _parts(coverage: Coverage, group: Group, may: dict[str, Indicator]) -> dict[str, Indicator]:
    band = f"{coverage.headline:.0f}"
    people = f"people.{coverage.key}.{group.key}"
    ids = {"share": f"coverage.{coverage.key}.{group.key}.{band}", "covered": f"{people}.covered_{band}"}
    ids |= {part: f"{people}.{part}" for part in ("not", "unreachable", "total")}
    return {part: may[i] for part, i in ids.items() if i in may and may[i].by_town}


def _group(group: Group, parts: dict[str, Indicator], names: list[str]) -> dict[str, Any]:
    first = next(iter(parts.values()))
    position = {town: n for n, town in enumerate(names)}
    bounds = dict(first.bounds_by_town)  # the share comes first; people have none
    if bounds and CITY not in first.hidden:
        bounds[CITY] = (first.lower, first.upper)
    return {
        "title": group.title,
        "title_en": group.title_en,
        "parts": {part: [_number(i.value if town == CITY else i.by_town.get(town)) for town in names] for part, i in parts.items()},
        "hidden": {part: sorted(position[town] for town in i.hidden if town in position) for part, i in parts.items() if i.hidden},
        "bounds": {str(position[town]): [_number(v) for v in pair] for town, pair in bounds.items() if town in position},
        "breaks": list(map(_number, breaks(first.by_town.get(town) for town in names if town != CITY))),
        "definition": first.definition,
        "definition_en": first.definition_en,
        "data_date": first.data_date,
        "sources": list(first.sources),
    }


def _number(value: float | None) -> float | int | None:
    return None if value is None else int(value) if float(value).is_integer() else round(value, 2)
