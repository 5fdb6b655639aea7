"""What do the numbers of several districts say about the city they make up?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Figure = dict[str, Any]  # a record as in ``indicators.json``

ADDED = ("counts", "years", "unlocated", "people")  # of what each district has, the city has the sum
SCALES = {"%": 100.0}
PER_THOUSAND = "千"  # in the unit of a rate per 1,000

NO_PARTS = (
    "有的区县没有分子和分母（公开版不带），不能合成",
    "some districts do not tell numerator and denominator, as public editions never do",
)
NOT_MADE_OF = ("不能由各区县的数合成", "cannot be made of the districts' numbers")
NOT_EVERYWHERE = ("{} 没有这一项", "{} do not have it")


def roll_up(districts: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> list[Figure]:
    """
    Figures of the whole of several districts.

    Parameters
    ----------
    districts
        Name -> figures by id, as in ``indicators.json`` of an edition of one year.

    Returns
    -------
    figures
        Every id that any district has, in their order, as in ``indicators.json`` and with ``by_district``; ``by_town`` by district and
        town. Counts and people add up. A share or rate is the sum of numerators over the sum of denominators (``part``,
        ``whole``), never a mean of shares. Unknown in one district is unknown in the whole: then a count has the sum of what is known as
        lower bound, and an upper one where every district has one; a share has none. Other numbers (inequality, streets) are not made of the districts'.
    """
    ids = dict.fromkeys(key for figures in districts.values() for key in figures)
    return [_whole(key, {name: figures.get(key) for name, figures in districts.items()}) for key in ids]


def _whole(key: str, given: Mapping[str, Mapping[str, Any] | None]) -> Figure:
    there = {name: f for name, f in given.items() if f is not None}
    absent = [name for name, f in given.items() if f is None]
    first, found = next(iter(there.values())), list(there.values())
    value = lower = upper = part = whole = None
    if key.split(".")[0] in ADDED:
        value, lower, upper = _sum(found, whole=not absent)
        how = ("各区县之和", "sum of the districts")
    elif first.get("unit") in SCALES or PER_THOUSAND in str(first.get("unit")):
        part, whole = (None if absent else _total(found, name) for name in ("part", "whole"))
        value = _ratio(part, whole, str(first.get("unit")))
        how = ("各区县分子之和 ÷ 分母之和", "sum of the districts' numerators / sum of their denominators") if part is not None or absent else NO_PARTS
    else:
        how = NOT_MADE_OF
    lost = tuple(w.format("、".join(absent)) for w in NOT_EVERYWHERE) if absent else ("", "")
    partial = any(f.get("status") == "partial" for f in found)
    return {
        **{name: first.get(name) for name in ("id", "title", "title_en", "unit", "denominator")},
        "value": value,
        "lower": lower,
        "upper": upper,
        **({} if part is None or whole is None else {"part": part, "whole": whole}),
        "by_district": {name: None if f is None else f.get("value") for name, f in given.items()},
        "by_town": {f"{name}·{town}": v for name, f in there.items() for town, v in f.get("by_town", {}).items()},
        "definition": "；".join(part for part in (how[0], lost[0], f"各区县的口径：{first.get('definition', '')}") if part),
        "definition_en": "; ".join(part for part in (how[1], lost[1], f"in each district: {first.get('definition_en', '')}") if part),
        "data_date": min((f["data_date"] for f in found if f.get("data_date")), default=""),
        "sources": list(dict.fromkeys(s for f in found for s in f.get("sources", ()))),
        "status": "ok" if value is not None and not partial else "partial" if value is not None or lower or upper is not None else "unknown",
    }


def _sum(found: Sequence[Mapping[str, Any]], *, whole: bool) -> tuple[float | None, float | None, float | None]:
    """Value, or the bounds that stand for it; `whole` = no district lacks it."""
    values: list[Any] = [f.get("value") for f in found]
    if whole and all(v is not None for v in values):
        return float(sum(values)), None, None
    least: list[Any] = [v if v is not None else f.get("lower") for v, f in zip(values, found, strict=True)]
    most: list[Any] = [v if v is not None else f.get("upper") for v, f in zip(values, found, strict=True)]
    known = [v for v in least if v is not None]
    return None, float(sum(known)) if known else None, float(sum(most)) if whole and all(v is not None for v in most) else None


def _total(found: Sequence[Mapping[str, Any]], name: str) -> float | None:
    values: list[Any] = [f.get(name) for f in found]
    return float(sum(values)) if all(v is not None for v in values) else None


def _ratio(part: float | None, whole: float | None, unit: str) -> float | None:
    if part is None or not whole:
        return None
    return round(SCALES.get(unit, 1000.0) * part / whole, 6)
