"""Which share of sites, places or children is it, and how many for each thousand?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cfmap.indicators.people import GROUPS, people_of
from cfmap.indicators.sites_where import meets
from cfmap.indicators.target_rules.chosen import Chosen, bounded, choose, gaps_of, header_of, numbers_of, places_of, result_of, sum_bounds
from cfmap.indicators.target_rules.found import Found, Sight, Words

if TYPE_CHECKING:
    from cfmap.model.target import Binding, Place


def share(binding: Binding, sight: Sight) -> Found:
    """
    Share of the sites that meet `having` among those that the layers' conditions choose (%).

    With `column`, shares of that column's sum instead of the number of sites (children enrolled, places); with `over`, the sum of `column` in
    the sum of `over` (use of places). An empty cell makes bounds: whatever it might hold at worst and at best. An empty number is at best the
    largest of its column. No site to divide by gives no number, never 0 or 100.
    """
    chosen = choose(binding, sight)
    of = chosen.titles
    if binding.over:
        return _use(binding, chosen)
    has = meets(chosen.table, binding.having)
    weight = pd.to_numeric(chosen.table[binding.column], errors="coerce").astype(float) if binding.column in chosen.table else None
    if not binding.column:
        basis: Words = (f"符合要求的处数 ÷ 全部符合条件的{of[0]}处数", f"sites that have it / all {of[1]} that meet the conditions")
        weight = pd.Series(1.0, index=chosen.table.index)
    else:
        zh, en = header_of(chosen, binding.column)
        basis = (f"符合要求的{of[0]}的{zh}之和 ÷ 全部符合条件的{of[0]}的{zh}之和", f"sum of {en} where so / over all {of[1]}")
        if weight is None:
            weight = pd.Series(np.nan, index=chosen.table.index)
    lower, upper = _share_bounds(chosen.met, has, weight)
    open_ = (chosen.met != 0) & (chosen.met.isna() | has.isna() | weight.isna())
    unknown = int(open_.sum())
    good, bad = chosen.table[(chosen.met == 1) & (has == 1)], chosen.table[(chosen.met == 1) & (has == 0)]
    missing = gaps_of(chosen, unknown)
    if lower is None or upper is None:
        nothing: Words = (f"没有可以做分母的{of[0]}", f"there are no {of[1]} to divide by")
        return Found(basis=basis, missing=(*missing, nothing), sources=chosen.sources, data_date=chosen.data_date)
    if chosen.absent or chosen.mapped:  # a denominator of which a part is unknown bounds nothing
        return Found(basis=basis, missing=missing, places=places_of(good), lacking=places_of(bad), sources=chosen.sources, data_date=chosen.data_date)
    return result_of(chosen, basis, lower, upper, missing, places=places_of(good), lacking=places_of(bad), unsure=places_of(chosen.table[open_]))


def _share_bounds(met: pd.Series, has: pd.Series, weight: pd.Series) -> tuple[float | None, float | None]:
    """The smallest and the largest share in per cent that empty cells leave possible; None where nothing can be divided by."""
    if not (met == 1).any() or not weight[met == 1].notna().any():
        return None, None
    most = float(weight.max())
    low = weight.fillna(most), weight.fillna(0.0)
    member, perhaps = met == 1, met.isna()
    # at worst: a site that may have it has not; one that may belong does unless it has it; what is surely counted weighs little
    good = float(low[1][member & (has == 1)].sum())
    rest = float(low[0][(member | perhaps) & (has != 1)].sum())
    worst = good / (good + rest) if good + rest else 0.0
    good = float(low[0][(member | perhaps) & (has != 0)].sum())
    rest = float(low[1][member & (has == 0)].sum())
    best = good / (good + rest) if good + rest else 1.0
    return 100.0 * worst, 100.0 * best


def _use(binding: Binding, chosen: Chosen) -> Found:
    """Sum of one column in the sum of another, over sites that may hold at most `over` of `column`."""
    of = chosen.titles
    (part_zh, part_en), (whole_zh, whole_en) = header_of(chosen, binding.column), header_of(chosen, binding.over)
    basis: Words = (f"{of[0]}：{part_zh}之和 ÷ {whole_zh}之和", f"{of[1]}: sum of {part_en} / sum of {whole_en}")
    table = chosen.table
    part, whole = (
        pd.to_numeric(table[c], errors="coerce").astype(float) if c in table else pd.Series(np.nan, index=table.index) for c in (binding.column, binding.over)
    )
    use = (chosen.met == 1) & whole.notna()
    lost = int(((chosen.met != 0) & (chosen.met.isna() | whole.isna())).sum())
    empty = int((use & part.isna()).sum())
    missing = gaps_of(chosen, lost + empty)
    total = float(whole[use].sum())
    if not total or lost or chosen.absent or chosen.mapped:
        nothing: tuple[Words, ...] = () if total else ((f"没有可以做分母的{of[0]}", f"there are no {of[1]} to divide by"),)
        return Found(basis=basis, missing=(*missing, *nothing), sources=chosen.sources, data_date=chosen.data_date)
    low = float(part[use].fillna(0.0).sum())
    high = low + float(whole[use & part.isna()].sum())
    return result_of(
        chosen, basis, 100.0 * low / total, 100.0 * high / total, missing, places=places_of(table[use]), unsure=places_of(table[use & part.isna()])
    )


def total(binding: Binding, sight: Sight) -> Found:
    """
    Sum of a column over the sites that meet the conditions (the column's unit).

    An empty number is 0 in the lower bound and the largest of its column in the upper one.
    """
    chosen = choose(binding, sight)
    low, high, unknown = sum_bounds(chosen, binding.column)
    zh, en = header_of(chosen, binding.column)
    basis: Words = (f"{chosen.titles[0]}的{zh}之和", f"{chosen.titles[1]}: sum of {en}")
    found = result_of(chosen, basis, low, high, gaps_of(chosen, unknown), places=places_of(chosen.sure), unsure=_unsure(chosen, binding.column))
    if chosen.handed_in and len(chosen.table) and not numbers_of(chosen, binding.column).notna().any():
        found = replace(found, now=None, lower=None, upper=None)
    return bounded(found, binding)


def _unsure(chosen: Chosen, name: str) -> tuple[Place, ...]:
    """Sites that make a sum unsure: an empty number, or an empty condition."""
    return places_of(chosen.table[chosen.met.isna() | (numbers_of(chosen, name).isna() & (chosen.met == 1))])


def per_thousand(binding: Binding, sight: Sight) -> Found:
    """
    Sum of a column per 1,000 people of a group (托位 per 1,000 residents; beds, paediatricians per 1,000 children).

    Denominator: the population table's residents of all ages, or its children of the ages that the settings (or the document) say. Communities
    without their number leave only an upper bound; without a population table there is no number.
    """
    chosen = choose(binding, sight)
    group = GROUPS[sight.children if binding.people == "children" else binding.people or "residents"]
    people, lost = people_of(sight.edition, group)
    low, high, unknown = sum_bounds(chosen, binding.column)
    zh, en = header_of(chosen, binding.column)
    basis: Words = (f"{chosen.titles[0]}的{zh}之和 ÷ {group.title} × 1000", f"{en} of {chosen.titles[1]} / {group.title_en} x 1,000")
    missing = list(gaps_of(chosen, unknown))
    if people is None:
        missing.append((f"没有{group.title}的人数", f"no numbers of {group.title_en}"))
    elif lost:
        missing.append((f"{lost} 个社区缺{group.title}的人数", f"{lost} communities lack their {group.title_en}"))
    sources = chosen.sources + ((sight.edition.population.source,) if sight.edition.population else ())
    none_known = bool(len(chosen.table)) and not numbers_of(chosen, binding.column).notna().any()
    if people is None or none_known:
        return Found(basis=basis, missing=tuple(missing), sources=sources, data_date=chosen.data_date)
    found = result_of(
        chosen,
        basis,
        1000 * low / people,
        None if high is None else 1000 * high / people,
        missing,
        places=places_of(chosen.sure),
        sources=sources,
        unsure=_unsure(chosen, binding.column),
    )
    return replace(found, now=None, lower=None, upper=found.now if found.upper is None else found.upper) if lost else found
