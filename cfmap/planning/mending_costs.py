"""How much, for how many children: what the mending list costs in the city, in each town and for each school."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from cfmap.planning.heads import Heads
    from cfmap.planning.mending import Action

COLUMNS = (
    *("of", "town", "name", "actions", "yuan", "look_yuan", "unpriced", "sites"),
    *("pupils", "pupils_unknown", "children", "children_unknown", "heads", "per_10k"),
)
TEN_THOUSAND = 10_000.0


def cost_table(ranked: Sequence[Action], yuan: Mapping[int, float], heads: Heads, names: Mapping[str, str], towns: Mapping[str, str]) -> pd.DataFrame:
    """
    Costs of all that is needed; what can be left out is not.

    Parameters
    ----------
    ranked
        The list.
    yuan
        Of each action by its place in it, from 0; those without a price are left out.
    names, towns
        Of each school; "" = not known.

    Returns
    -------
    costs
        As :attr:`cfmap.model.mending.Mending.costs`: the city, then towns, then schools, of each those of most children for the money first.
        An action that several schools need is in the sum of each of them, and once in that of a town or the city. ``heads`` are pupils, of
        a school that does not say the nearest children; NaN where one has neither.
    """
    open_ = {school for action in ranked for school in action.schools}
    groups = {town: {s for s in open_ if towns.get(s, "") == town} for town in {towns.get(s, "") for s in open_}}
    city = _row("city", "", "", open_, ranked, yuan, heads)
    of_towns = [_row("town", town, town, schools, ranked, yuan, heads) for town, schools in groups.items() if town]
    mine: dict[str, list[int]] = {}
    for n, action in enumerate(ranked):
        for school in action.schools:
            mine.setdefault(school, []).append(n)
    of_sites = []
    for school, numbers in mine.items():
        own = [ranked[n] for n in numbers]
        costs = {k: yuan[n] for k, n in enumerate(numbers) if n in yuan}
        of_sites.append(_row("site", towns.get(school, ""), names.get(school, school), {school}, own, costs, heads))
    rows = pd.DataFrame([*([city] if open_ else []), *of_towns, *of_sites], columns=list(COLUMNS))
    first = rows["of"].map({"city": 0, "town": 1, "site": 2})
    return (
        rows.assign(first=first).sort_values(["first", "per_10k", "town", "name"], ascending=[True, False, True, True], ignore_index=True).drop(columns="first")
    )


def _row(of: str, town: str, name: str, schools: Collection[str], listed: Sequence[Action], yuan: Mapping[int, float], heads: Heads) -> dict[str, object]:
    wanted = set(schools)
    mine = [n for n, action in enumerate(listed) if not action.spare and not wanted.isdisjoint(action.schools)]
    priced = [n for n in mine if n in yuan]
    spent = round(sum(yuan[n] for n in priced), 2)
    known = [heads.pupils.get(school, heads.children.get(school)) for school in sorted(wanted)]
    counted = sum(n for n in known if n is not None) if None not in known else float("nan")
    pupils, children = heads.on_roll(wanted), heads.nearest(wanted)
    return {
        "of": of, "town": town, "name": name, "actions": len(mine), "yuan": spent if priced else float("nan"),
        "look_yuan": round(sum(yuan[n] for n in priced if not listed[n].known), 2), "unpriced": len(mine) - len(priced), "sites": len(wanted),
        "pupils": pupils[0], "pupils_unknown": pupils[1], "children": children[0], "children_unknown": children[1], "heads": counted,
        "per_10k": counted / spent * TEN_THOUSAND if spent and len(priced) == len(mine) else float("nan"),
    }  # fmt: skip


__all__ = ["COLUMNS", "cost_table"]
