"""Does every town, or every community, have one?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cfmap.coverage.people import towns_of
from cfmap.indicators.rule import town_names
from cfmap.indicators.sites_where import meets
from cfmap.indicators.target_rules.chosen import Chosen, choose, gaps_of, result_of
from cfmap.indicators.target_rules.found import Found, Sight, Words
from cfmap.model.target import Binding, Place


def presence(binding: Binding, sight: Sight) -> Found:
    """
    Share of towns, or of communities, with at least one site that meets the conditions (%).

    Towns are those of the outline, communities those of the population table. A site with an empty cell, or in an unknown town, may give
    one to a town that seems to have none: upper bound. In a layer of communities itself one that is not listed is unknown, not
    without. With `each`, a town needs one of every value; with `minimum`, only towns with so many residents are asked. A presence test says
    nothing about walking distance.
    """
    chosen = choose(binding, sight)
    units, missing = _units(binding, sight)
    what: Words = ("村（社区）", "communities") if binding.per == "community" else ("乡镇街道", "towns")
    basis: Words = (f"至少有一处的{what[0]}数 ÷ {what[0]}总数 {len(units)}", f"{what[1]} with at least one / all {len(units)} {what[1]}")
    if not units:
        return Found(basis=basis, missing=(*gaps_of(chosen, 0), *missing), sources=chosen.sources, data_date=chosen.data_date)
    has = _has(binding, chosen, units)
    yes, no, unclear = [u for u in units if has[u] == 1], [u for u in units if has[u] == 0], [u for u in units if np.isnan(has[u])]
    astray = _astray(binding, chosen)
    possible = min(len(units), len(units) - len(no) + astray)
    unknown = len(units) - len(yes) - len(no)
    gaps = list(gaps_of(chosen, 0))
    if unknown:
        gaps.append((f"{unknown} 个{what[0]}有没有不清楚（空格，或者表里没有列）", f"{unknown} {what[1]} unknown: empty cells, or not listed"))
    if astray:
        gaps.append((f"{astray} 处不知道在哪个{what[0]}", f"{astray} sites of unknown place"))
    named = ([Place(binding.per, u[0], u[1]) for u in group] for group in (yes, no, unclear))
    places, lacking, unsure = (tuple(sorted(group, key=lambda p: (p.id, p.name))) for group in named)
    return result_of(
        chosen,
        basis,
        100.0 * len(yes) / len(units),
        100.0 * possible / len(units),
        (*gaps, *missing),
        places=places,
        unsure=unsure if chosen.handed_in else (),
        lacking=lacking if chosen.handed_in and not chosen.absent and not chosen.mapped else (),
    )


Unit = tuple[str, str]  # town, community; a town alone is ("", town)


def _units(binding: Binding, sight: Sight) -> tuple[tuple[Unit, ...], tuple[Words, ...]]:
    population = sight.edition.population
    if binding.per == "town":
        names = town_names(sight.edition)
        if binding.minimum and population is not None and "pop_total" in population.units:
            people = population.units.groupby(towns_of(population.units, sight.edition.towns))["pop_total"].sum(min_count=1)
            names = tuple(n for n in names if people.get(n, 0.0) >= binding.minimum)
        return tuple(("", n) for n in names), () if names else (("没有乡镇街道界，不知道有哪些", "no outline of towns: which there are is unknown"),)
    if population is None or population.cells or not len(population.units):
        return (), (("没有社区人口表，不知道有哪些村（社区）", "no population table: which communities there are is unknown"),)
    points = population.units
    units = dict.fromkeys((str(t), str(n)) for t, n in zip(points["town"].fillna(""), points["name"].fillna(""), strict=True) if n)
    return tuple(units), ()


def _has(binding: Binding, chosen: Chosen, units: tuple[Unit, ...]) -> dict[Unit, float]:
    """Unit -> 1 has one, 0 has none, NaN unknown."""
    met = chosen.met.copy()
    own = binding.per == "community" and set(binding.layers) == {"communities"}
    if binding.having:
        has = meets(chosen.table, binding.having)
        met = pd.Series(np.where((met == 0) | (has == 0), 0.0, np.where(met.isna() | has.isna(), np.nan, 1.0)), index=met.index)
    column, values = next(iter(binding.each.items()), ("", ""))
    wanted = [meets(chosen.table, {column: value}) for value in values.split("|")] if column else [pd.Series(1.0, index=met.index)]
    keys = _keys(binding, chosen)
    by_name: dict[str, list[Unit]] = {}
    for unit in units:
        by_name.setdefault(unit[1], []).append(unit)
    found = dict.fromkeys(units, np.nan if own else 0.0)
    answers: dict[Unit, list[float]] = {u: [np.nan if own else 0.0] * len(wanted) for u in units}
    listed: set[Unit] = set()
    for position, (town, name) in enumerate(keys):
        candidates = by_name.get(name, [])
        exact = [u for u in candidates if u[0] == town] or (candidates if len(candidates) == 1 else [])
        for unit in exact:
            for n, value in enumerate(wanted):
                one = met.iloc[position] * value.iloc[position] if met.iloc[position] != 0 and value.iloc[position] != 0 else 0.0
                before = answers[unit][n] if unit in listed or not own else 0.0
                answers[unit][n] = _better(before, one)
            listed.add(unit)
    for unit, each in answers.items():
        found[unit] = 0.0 if 0.0 in each else (np.nan if any(np.isnan(v) for v in each) else 1.0)
    return found


def _better(a: float, b: float) -> float:
    """Either of two answers: yes beats unknown beats no."""
    if 1.0 in (a, b):
        return 1.0
    return np.nan if np.isnan(a) or np.isnan(b) else 0.0


def _keys(binding: Binding, chosen: Chosen) -> list[Unit]:
    """Where each site stands: ("", town), or (town, community); a name alone where the town is unknown."""
    table = chosen.table
    towns = table["town_known"].astype("string").fillna("")
    if binding.per == "town":
        return [("", str(t)) for t in towns]
    named = table["community"].astype("string") if "community" in table else pd.Series(pd.NA, index=table.index, dtype="string")
    own = table["layer"] == "communities"
    names = named.mask(own, table["name"].astype("string")).fillna("")
    return list(zip(map(str, towns), map(str, names), strict=True))


def _astray(binding: Binding, chosen: Chosen) -> int:
    """Sites that count, or may, and stand in no known unit."""
    if binding.per == "community" and set(binding.layers) == {"communities"}:
        return 0
    return sum(1 for (_, name), met in zip(_keys(binding, chosen), chosen.met, strict=True) if not name and met != 0)
