"""How much of people and streets does a layer reach?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cfmap.coverage.perimeter import KINDS, METHOD_WORDS, SCHOOLS, street_metres
from cfmap.indicators.people import CITY, GROUPS, reached
from cfmap.indicators.perimeter_shares import OF_BOTH, OF_KINDERGARTENS, OF_SCHOOLS
from cfmap.indicators.rule import percent
from cfmap.indicators.target_rules.chosen import choose, gaps_of, numbers_of, places_of, result_of, sum_bounds
from cfmap.indicators.target_rules.found import Found, Sight, Words

if TYPE_CHECKING:
    from cfmap.model.target import Binding


def people_reach(binding: Binding, sight: Sight) -> Found:
    """
    Share of the people whom a layer is for within its walking limit along streets (%), the coverage's headline.

    Denominator: all of that age in the population table, those beyond and those without any path included. Unknown without a population table,
    or without a site.
    """
    key = next(iter(binding.layers))
    coverage = next((c for c in sight.edition.coverages if c.layer == key), None)
    group = GROUPS[sight.children if binding.people == "children" else binding.people or "residents"]
    basis: Words = (f"步行可达的{group.title} ÷ 全部{group.title}", f"{group.title_en} within reach / all {group.title_en}")
    if coverage is None:
        return Found(basis=basis, missing=((f"没有“{key}”的步行范围：没有点位，或者没有算", f"no reach of {key}: no sites, or not computed"),))
    basis = (f"{basis[0]}；沿街道 {coverage.headline:,.0f} m 以内", f"{basis[1]}; within {coverage.headline:,.0f} m along streets")
    table = reached(coverage, group)
    column = f"covered_{coverage.headline:.0f}"
    cells = table.loc[[CITY], [column, "total"]].to_numpy(dtype=float) if CITY in table.index else None
    value = percent(*cells[0]) if cells is not None else None
    missing: tuple[Words, ...] = () if value is not None else ((f"没有{group.title}的人口数据", f"no population of {group.title_en}"),)
    sources = (sight.edition.population.source,) if sight.edition.population else ()
    name = f"coverage.{coverage.key}.{group.key}.{coverage.headline:.0f}"
    if value is not None and np.isnan(value):
        value, missing = None, ((f"有的社区缺{group.title}的人数", f"some communities lack their {group.title_en}"),)
    return Found(basis=basis, now=value, missing=missing, sources=(*sources, sight.edition.city.network.attribution), indicator=name)


def safe_streets(binding: Binding, sight: Sight) -> Found:
    """
    Share of the streets round the sites of the target's layers that are safe, by length (%): schools, unless the target names kindergartens.

    Lower bound: streets known to be safe; upper: those and the unknown ones. Denominator: all streets open to motor traffic within the perimeter
    of the settings. No street round any of them gives no number.
    """
    keys = [key for key in binding.layers if key in KINDS] or [SCHOOLS]
    around = sight.edition.perimeter
    around = None if around is None else around[around["layer"].isin(keys)]
    whose = next(w for w in (OF_SCHOOLS, OF_KINDERGARTENS, OF_BOTH) if set(w.layers) == set(keys))
    indicator = f"{whose.key}.safe_length"
    city = sight.edition.city
    where, where_en = (words.format(m=f"{city.walking.perimeter_m:g}") for words in METHOD_WORDS[city.safety.method])
    basis: Words = (f"{whose.zh}：{where}，安全路段长度 ÷ 全部机动车道路长度", f"{whose.en}: safe / all streets {where_en}, by length")
    sources = (sight.edition.city.network.attribution,)
    if around is None or not len(around):
        return Found(basis=basis, missing=((f"{whose.zh}周边没有路段，或者没有算", f"no streets round {whose.en}, or not computed"),), sources=sources)
    by_state = street_metres(around, strict=sight.edition.city.safety.rule_set == "strict")
    whole = sum(by_state.values())
    low, high = percent(by_state["safe"], whole), percent(by_state["safe"] + by_state["unknown"], whole)
    share_unknown = 100.0 * by_state["unknown"] / whole if whole else 0.0
    if low == high:
        return Found(basis=basis, now=low, sources=sources, indicator=indicator)
    missing: Words = (f"{share_unknown:.0f}% 的路段没有资料，要现场核实", f"{share_unknown:.0f}% of the streets are without facts")
    return Found(basis=basis, lower=low, upper=high, missing=(missing,), sources=sources, indicator=indicator)


def length(binding: Binding, sight: Sight) -> Found:
    """
    Length of the lines that meet the conditions (m).

    The column of lengths where it is filled in, else the geodesic length of the line drawn; a line with neither counts in the number of what is missing.
    """
    from pyproj import Geod

    chosen = choose(binding, sight)
    geod = Geod(ellps="WGS84")
    drawn: dict[tuple[str, str], float] = {}
    for key in binding.layers:
        data = sight.edition.layers.get(key)
        if data is not None:
            drawn |= {(key, str(i)): geod.geometry_length(g) for i, g in zip(data.sites["id"], data.sites.geometry, strict=True) if g is not None}
    metres = numbers_of(chosen, binding.column)
    on_map = [drawn.get((str(k), str(i)), np.nan) for k, i in zip(chosen.table["layer"], chosen.table["id"], strict=True)]
    metres = metres.fillna(pd.Series(on_map, index=metres.index, dtype=float))
    filled = replace(chosen, table=chosen.table.assign(**{binding.column: metres}))
    low, high, unknown = sum_bounds(filled, binding.column)
    basis: Words = (f"{chosen.titles[0]}的总长（米），表里没有的按图上的线量", f"metres of {chosen.titles[1]}, measured on the map where the table is empty")
    return result_of(chosen, basis, low, high, gaps_of(chosen, unknown), places=places_of(chosen.sure))
