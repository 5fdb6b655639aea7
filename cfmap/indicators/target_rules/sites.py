"""How many sites are there, and how many more than before?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cfmap.indicators.existing import years_of
from cfmap.indicators.target_rules.chosen import bounded, choose, gaps_of, places_of, result_of
from cfmap.indicators.target_rules.found import Found, Sight, Words

if TYPE_CHECKING:
    from cfmap.model.target import Binding


def count(binding: Binding, sight: Sight) -> Found:
    """
    Sites that exist and meet the conditions, up to the edition's year (处).

    Existing: in use or of unknown status, with or without coordinates. Denominator: none. A site with an empty cell counts in the
    upper bound only; a layer nobody handed in, or known from map tags alone, leaves the upper bound open.
    """
    chosen = choose(binding, sight)
    sure, perhaps = int((chosen.met == 1).sum()), int(chosen.met.isna().sum())
    basis = (
        f"截至 {sight.edition.year} 年现存的{chosen.titles[0]}，符合条件的处数",
        f"existing {chosen.titles[1]} up to {sight.edition.year} that meet the conditions",
    )
    found = result_of(
        chosen, basis, sure, sure + perhaps, gaps_of(chosen, perhaps), places=places_of(chosen.sure), unsure=places_of(chosen.table[chosen.met.isna()])
    )
    return bounded(found, binding)


def new(binding: Binding, sight: Sight) -> Found:
    """
    Sites designated in the edition's year that meet the conditions (处/年).

    As :func:`count`, by the column of the year; a site without a year counts in the upper bound only.
    """
    return _in_years(binding, sight, sight.edition.year, sight.edition.year)


def added(binding: Binding, sight: Sight) -> Found:
    """
    Sites designated from the plan's first year to the edition's that meet the conditions (处).

    As :func:`new`, for several years together.
    """
    return _in_years(binding, sight, sight.first_year, sight.edition.year)


def _in_years(binding: Binding, sight: Sight, first: int, last: int) -> Found:
    chosen = choose(binding, sight)
    year = years_of(chosen.table)
    possible = chosen.only(((year >= first) & (year <= last)) | year.isna())
    undated = year[possible.table.index].isna()
    met = possible.met.mask(undated & (possible.met == 1))
    possible = replace(possible, met=met)
    sure, perhaps = int((met == 1).sum()), int(met.isna().sum())
    span = f"{first}" if first == last else f"{first}–{last}"
    basis = (f"年份为 {span} 年、现存的{chosen.titles[0]}，符合条件的处数", f"existing {chosen.titles[1]} of {span} that meet the conditions")
    found = result_of(
        possible,
        basis,
        sure,
        sure + perhaps,
        gaps_of(chosen, perhaps, ("年份或格子", "year or cell")),
        places=places_of(possible.sure),
        unsure=places_of(possible.table[met.isna()]),
    )
    return bounded(found, binding)


def growth(binding: Binding, sight: Sight) -> Found:
    """
    Growth of the number of sites over the year before (%).

    (sites up to the year - sites up to the year before) / sites up to the year before x 100, both of sites that exist now, by the
    column of the year. Unknown without an edition of the year before, and when there was none then: growth from nothing is no percentage.
    """
    chosen = choose(binding, sight)
    city, year = sight.edition.city, sight.edition.year
    basis = (
        f"（截至 {year} 年的处数 − 截至 {year - 1} 年的处数）÷ 截至 {year - 1} 年的处数，{chosen.titles[0]}",
        f"(sites up to {year} - up to {year - 1}) / up to {year - 1}, {chosen.titles[1]}",
    )
    empty = Found(basis=basis, missing=gaps_of(chosen, 0), sources=chosen.sources, data_date=chosen.data_date)
    if city.edition.editions and year - 1 not in city.edition.editions:
        return replace(empty, missing=((f"没有 {year - 1} 年版，没有上一年可比", f"there is no edition of {year - 1} to compare with"),))
    if not chosen.handed_in or chosen.absent or chosen.mapped:
        return empty
    of = years_of(chosen.table)
    before, now = of <= year - 1, of.notna()
    sure_before, sure_now = int((before & (chosen.met == 1)).sum()), int((now & (chosen.met == 1)).sum())
    perhaps = int(chosen.met.isna().sum() + ((chosen.met == 1) & of.isna()).sum())
    if not sure_before:
        why: Words = (
            f"截至 {year - 1} 年一处也没有（或者不清楚），从零增长没有百分比",
            f"none (or unknown) in {year - 1}: growth from nothing is no percentage",
        )
        return replace(empty, missing=(why,))
    # each unsure site may have been there before (adds to both) or be new (adds to one)
    low = 100.0 * ((sure_now + perhaps) / (sure_before + perhaps) - 1)
    high = 100.0 * ((sure_now + perhaps) / sure_before - 1)
    fresh = chosen.sure[years_of(chosen.sure) == year]
    return result_of(chosen, basis, low, high, gaps_of(chosen, perhaps, ("年份或格子", "year or cell")), places=places_of(fresh))
