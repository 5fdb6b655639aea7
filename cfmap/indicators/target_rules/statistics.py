"""What does the bureau supply for the whole city, or for each of its towns?"""

from __future__ import annotations

from dataclasses import replace

from cfmap.indicators.rule import town_names
from cfmap.indicators.target_rules.found import DIGITS, Found, Sight, Words
from cfmap.model.target import STATISTICS, Binding, Place, Statistic


def statistic(binding: Binding, sight: Sight) -> Found:
    """
    A number that the bureau supplies for the whole city (the statistic's unit); of the edition's year.

    Without a row for the whole city, unknown: rates of towns are not averaged.
    """
    rows = _statistics(binding, sight)
    city = [s for s in rows if not s.town]
    zh, en = _statistic_words(binding)
    basis: Words = (f"统计表中的“{zh}”，全市", f"{en}, from the sheet of statistics, whole city")
    if not city:
        return Found(basis=basis, missing=(_no_statistic(binding, sight),))
    return Found(basis=basis, now=city[0].value, sources=tuple(dict.fromkeys(s.source or s.file for s in city)))


def every_town(binding: Binding, sight: Sight) -> Found:
    """
    The smallest of a statistic over all towns: a target "by town" is met when every town meets it (the statistic's unit).

    Unknown, with an upper bound, while towns are missing from the sheet.
    """
    rows = {s.town: s for s in _statistics(binding, sight) if s.town}
    names = town_names(sight.edition) or tuple(rows)
    zh, en = _statistic_words(binding)
    basis: Words = (f"统计表中的“{zh}”，最低的乡镇街道", f"{en}, from the sheet of statistics, the lowest town")
    here = {n: rows[n] for n in names if n in rows}
    if not here:
        return Found(basis=basis, missing=(_no_statistic(binding, sight),))
    lowest = min(s.value for s in here.values())
    lost = [n for n in names if n not in here]
    sources = tuple(dict.fromkeys(s.source or s.file for s in here.values()))
    places = tuple(Place("town", "", n) for n in here)
    if lost:
        words: Words = (f"{len(lost)} 个乡镇街道没有数：{'、'.join(lost[:5])}", f"{len(lost)} towns without a number: {', '.join(lost[:5])}")
        return Found(basis=basis, upper=lowest, missing=(words,), sources=sources, places=places)
    return Found(basis=basis, now=lowest, sources=sources, places=places)


def towns_with(binding: Binding, sight: Sight) -> Found:
    """
    How many towns (districts of a larger city) have a statistic of 1 or more; with ``per = "community"`` nothing.

    A town without a row is unknown: upper bound. With `people` = ``share`` the share of all towns (%).
    """
    rows = {s.town: s for s in _statistics(binding, sight) if s.town}
    names = town_names(sight.edition) or tuple(rows)
    as_share = binding.people == "share"
    zh, en = _statistic_words(binding)
    basis: Words = (f"统计表中“{zh}”为 1 的区域{'占比' if as_share else '数'}", f"areas with a 1 for: {en}")
    here = [rows[n] for n in names if n in rows]
    if not here:
        return Found(basis=basis, missing=(_no_statistic(binding, sight),))
    yes = [s for s in here if s.value >= 1]
    lost = len(names) - len(here)
    low, high = float(len(yes)), float(len(yes) + lost)
    if as_share:
        low, high = (100.0 * v / len(names) for v in (low, high))
    found = Found(basis=basis, places=tuple(Place("town", "", s.town) for s in yes), sources=tuple(dict.fromkeys(s.source or s.file for s in here)))
    if not lost:
        return replace(found, now=round(low, DIGITS))
    return replace(found, lower=round(low, DIGITS), upper=round(high, DIGITS), missing=((f"{lost} 个区域没有数", f"{lost} areas without a number"),))


def _statistics(binding: Binding, sight: Sight) -> list[Statistic]:
    return sorted((s for s in sight.statistics if s.id == binding.statistic and s.year == sight.edition.year), key=lambda s: (s.town, s.value))


def _no_statistic(binding: Binding, sight: Sight) -> Words:
    zh, en = _statistic_words(binding)
    return (f"统计表里没有 {sight.edition.year} 年的“{zh}”", f"the sheet of statistics has no {en} of {sight.edition.year}")


def _statistic_words(binding: Binding) -> Words:
    return STATISTICS.get(binding.statistic, (binding.statistic, binding.statistic))
