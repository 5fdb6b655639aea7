"""What do names in the document, the edition itself and the unit's report answer?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.indicators.target_rules.chosen import choose, gaps_of, places_of, result_of
from cfmap.indicators.target_rules.found import DIGITS, Found, Sight, Words

if TYPE_CHECKING:
    from cfmap.model.target import Binding, Place


def named(binding: Binding, sight: Sight) -> Found:
    """
    How many of the sites that the document names exist and meet the conditions (处 of those named).

    A site is found when its name holds the word. One that is not found may stand in the table under another name: upper bound.
    """
    chosen = choose(binding, sight)
    met: list[Place] = []
    lost: list[str] = []
    unsure: list[str] = []
    for word in binding.names:
        named_so = chosen.only(chosen.table["name"].astype("string").str.contains(word, regex=False).fillna(value=False).astype(bool))
        if (named_so.met == 1).any():
            met.append(places_of(named_so.sure)[0])
        elif named_so.met.isna().any():
            unsure.append(word)
        elif not len(named_so.table):
            lost.append(word)
    missing = list(gaps_of(chosen, 0))
    if lost:
        missing.append((f"表里没有名称含“{'”“'.join(lost)}”的点位", f"no site with the name {', '.join(lost)}"))
    if unsure:
        missing.append((f"“{'”“'.join(unsure)}”的条件空着", f"an empty condition: {', '.join(unsure)}"))
    basis: Words = (f"列名的 {len(binding.names)} 处中已有几处", f"how many of the {len(binding.names)} named there are")
    return result_of(chosen, basis, len(met), len(met) + len(lost) + len(unsure), missing, places=tuple(met))


def edition_itself(binding: Binding, sight: Sight) -> Found:
    """
    What the edition is itself the proof of: the map is drawn (张), a version for every year of the plan so far (版), events on it (处).

    `what`: ``map``, ``yearly``, ``events``. Events: unknown where nobody handed in any. A map and its years: unknown without a street network, since
    no edition can be built then.
    """
    edition = sight.edition
    if binding.what == "events":
        chosen = choose(binding, sight)
        basis: Words = ("本版地图上的活动数", "events on this edition's map")
        return result_of(chosen, basis, len(chosen.table), len(chosen.table), gaps_of(chosen, 0), places=places_of(chosen.table))
    if not edition.network_summary:
        return Found(
            basis=("本版地图", "this edition's map"),
            missing=(("还没有街道网络，这一版还建不了", "there is no street network, so this edition cannot be built yet"),),
        )
    if binding.what == "yearly":
        made = [y for y in (edition.city.edition.editions or (edition.year,)) if sight.first_year <= y <= edition.year]
        wanted = edition.year - sight.first_year + 1
        basis = (f"计划期内应有 {wanted} 个年度版，设置里有的年份", f"of {wanted} years of the plan so far, those with an edition")
        return Found(basis=basis, now=round(len(made) / wanted, DIGITS) if wanted > 0 else None)
    return Found(basis=("本版地图", "this edition's map"), now=1.0)


def reported(binding: Binding, sight: Sight) -> Found:
    """Nothing on the map answers it: only what the unit reports (its own unit)."""
    del binding, sight
    return Found(basis=("以牵头单位上报为准", "as reported by the lead unit"))
