"""How is each kind of target counted? Pure functions, from an edition and a binding to what is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cfmap.coverage.perimeter import street_metres
from cfmap.indicators.existing import date_of, sites_of, sources_of, years_of
from cfmap.indicators.people import CITY, GROUPS, people_of, reached
from cfmap.indicators.rule import percent, town_names
from cfmap.indicators.sites_where import meets
from cfmap.model.target import STATISTICS, Binding, Place, Statistic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfmap.model.edition import Edition

Words = tuple[str, str]
DIGITS = 6


@dataclass(frozen=True)
class Sight:
    """
    What a rule may look at.

    Parameters
    ----------
    edition
        Its `indicators` and `targets` are not looked at.
    first_year
        First year of the plan.
    children
        Group of people that "children" means.
    statistics
        Numbers that the bureau supplies.
    """

    edition: Edition
    first_year: int
    children: str = "children_0_17"
    statistics: tuple[Statistic, ...] = ()


@dataclass(frozen=True)
class Found:
    """
    What a rule finds: a number, or its bounds, or why neither.

    Attributes
    ----------
    now, lower, upper
        In the rule's unit. `now` alone when sure; bounds where cells are empty; all None = unknown.
    basis
        Formula with its denominator, in words.
    missing
        What is lacking to be sure, in words.
    places, lacking, unsure
        Sites, towns or communities counted; those of the denominator that are surely not; those of which it is unknown.
    sources, data_date, indicator
        As :class:`cfmap.model.target.TargetResult`.
    """

    basis: Words
    now: float | None = None
    lower: float | None = None
    upper: float | None = None
    missing: tuple[Words, ...] = ()
    places: tuple[Place, ...] = ()
    lacking: tuple[Place, ...] = ()
    unsure: tuple[Place, ...] = ()
    sources: tuple[str, ...] = ()
    data_date: str = ""
    indicator: str = ""


Rule = Callable[[Binding, Sight], Found]


# -- sites -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Chosen:
    """Existing sites of the binding's layers: `met` 1 surely chosen, NaN perhaps; layers nobody handed in; those known from map tags alone."""

    table: pd.DataFrame
    met: pd.Series
    absent: tuple[Words, ...]
    mapped: tuple[Words, ...]
    sources: tuple[str, ...]
    data_date: str
    titles: Words
    headers: dict[str, Words]
    handed_in: bool

    @property
    def sure(self) -> pd.DataFrame:
        return self.table[self.met == 1]

    def only(self, mask: pd.Series) -> _Chosen:
        return replace(self, table=self.table[mask], met=self.met[mask])


def _choose(binding: Binding, sight: Sight) -> _Chosen:
    edition = sight.edition
    tables, met, absent, mapped, titles, titles_en, dates = [], [], [], [], [], [], []
    headers: dict[str, Words] = {}
    sources: list[str] = []
    for key, where in binding.layers.items():
        data = edition.layers.get(key)
        sites = sites_of(data, edition) if data is not None else None
        title: Words = (data.layer.title, data.layer.title_en) if data is not None else (key, key)
        titles.append(title[0])
        titles_en.append(title[1])
        if data is None or sites is None or not sites.known:
            absent.append(title)
            continue
        if sites.only_mapped:
            mapped.append(title)
        headers |= {f.key: (f.title, f.title_en) for f in data.layer.fields}
        tables.append(sites.existing.assign(layer=key).reset_index(drop=True))
        met.append(meets(tables[-1], where))
        sources += sources_of(data, edition.city)
        dates.append(date_of(data, edition.city))
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame({"id": [], "name": [], "layer": [], "year": [], "town_known": []})
    return _Chosen(
        table=table,
        met=pd.concat(met, ignore_index=True) if met else pd.Series(dtype=float),
        absent=tuple(absent),
        mapped=tuple(mapped),
        sources=tuple(dict.fromkeys(sources)),
        data_date=min((d for d in dates if d), default=""),
        titles=("、".join(dict.fromkeys(titles)), ", ".join(dict.fromkeys(titles_en))),
        headers=headers,
        handed_in=bool(tables),
    )


def _header(chosen: _Chosen, column: str) -> Words:
    """Words for a column: its header in the bureau's table."""
    return chosen.headers.get(column, (column, column))


def _places(table: pd.DataFrame) -> tuple[Place, ...]:
    rows = (Place(str(layer), str(i), str(name)) for layer, i, name in zip(table["layer"], table["id"], table["name"], strict=True))
    return tuple(sorted(rows, key=lambda p: (p.layer, p.id)))


def _gaps(chosen: _Chosen, unknown: int, what: Words = ("格子", "cell")) -> tuple[Words, ...]:
    """Say what keeps a number from being sure."""
    said: list[Words] = [(f"没有人交来“{zh}”的数据", f"nobody handed in {en}") for zh, en in chosen.absent]
    said += [(f"“{zh}”只来自街道数据里的标注，没有标注不等于没有", f"{en} come from map tags alone: not mapped is not none") for zh, en in chosen.mapped]
    if unknown:
        said.append((f"{unknown} 处的{what[0]}空着，算不清", f"{unknown} sites have an empty {what[1]}"))
    return tuple(said)


def _result(chosen: _Chosen, basis: Words, lower: float, upper: float | None, missing: Sequence[Words], **more: object) -> Found:
    """A number when both bounds agree and nothing is absent, bounds otherwise; unknown when no layer was handed in."""
    found = Found(basis=basis, missing=tuple(missing), sources=chosen.sources, data_date=chosen.data_date)
    found = replace(found, **more)  # type: ignore[arg-type]
    if not chosen.handed_in:
        return found
    if chosen.absent or chosen.mapped:
        upper = None
    lower = round(lower, DIGITS)
    upper = None if upper is None else round(upper, DIGITS)
    return replace(found, now=lower) if upper == lower else replace(found, lower=lower, upper=upper)


def _bounded(found: Found, binding: Binding) -> Found:
    """The number found is only a bound of the one asked for, where the binding says so."""
    low, high = (found.lower, found.upper) if found.now is None else (found.now, found.now)
    if binding.bound == "lower":
        half: Words = ("算出来的只是下限", "what is counted is only a lower bound")
        return replace(found, now=None, lower=low, upper=None, missing=(*found.missing, half))
    if binding.bound == "upper":
        half = ("算出来的只是上限", "what is counted is only an upper bound")
        return replace(found, now=None, lower=None, upper=high, missing=(*found.missing, half))
    return found


def count(binding: Binding, sight: Sight) -> Found:
    """
    Sites that exist and meet the conditions, up to the edition's year (处).

    Existing: in use or of unknown status, with or without coordinates. Denominator: none. A site with an empty cell counts in the
    upper bound only; a layer nobody handed in, or known from map tags alone, leaves the upper bound open.
    """
    chosen = _choose(binding, sight)
    sure, perhaps = int((chosen.met == 1).sum()), int(chosen.met.isna().sum())
    basis = (
        f"截至 {sight.edition.year} 年现存的{chosen.titles[0]}，符合条件的处数",
        f"existing {chosen.titles[1]} up to {sight.edition.year} that meet the conditions",
    )
    found = _result(chosen, basis, sure, sure + perhaps, _gaps(chosen, perhaps), places=_places(chosen.sure), unsure=_places(chosen.table[chosen.met.isna()]))
    return _bounded(found, binding)


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
    chosen = _choose(binding, sight)
    year = years_of(chosen.table)
    possible = chosen.only(((year >= first) & (year <= last)) | year.isna())
    undated = year[possible.table.index].isna()
    met = possible.met.mask(undated & (possible.met == 1))
    possible = replace(possible, met=met)
    sure, perhaps = int((met == 1).sum()), int(met.isna().sum())
    span = f"{first}" if first == last else f"{first}–{last}"
    basis = (f"年份为 {span} 年、现存的{chosen.titles[0]}，符合条件的处数", f"existing {chosen.titles[1]} of {span} that meet the conditions")
    found = _result(
        possible,
        basis,
        sure,
        sure + perhaps,
        _gaps(chosen, perhaps, ("年份或格子", "year or cell")),
        places=_places(possible.sure),
        unsure=_places(possible.table[met.isna()]),
    )
    return _bounded(found, binding)


def growth(binding: Binding, sight: Sight) -> Found:
    """
    Growth of the number of sites over the year before (%).

    (sites up to the year - sites up to the year before) / sites up to the year before x 100, both of sites that exist now, by the
    column of the year. Unknown without an edition of the year before, and when there was none then: growth from nothing is no percentage.
    """
    chosen = _choose(binding, sight)
    city, year = sight.edition.city, sight.edition.year
    basis = (
        f"（截至 {year} 年的处数 − 截至 {year - 1} 年的处数）÷ 截至 {year - 1} 年的处数，{chosen.titles[0]}",
        f"(sites up to {year} - up to {year - 1}) / up to {year - 1}, {chosen.titles[1]}",
    )
    empty = Found(basis=basis, missing=_gaps(chosen, 0), sources=chosen.sources, data_date=chosen.data_date)
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
    return _result(chosen, basis, low, high, _gaps(chosen, perhaps, ("年份或格子", "year or cell")), places=_places(fresh))


# -- shares ----------------------------------------------------------------------------------------------------------


def share(binding: Binding, sight: Sight) -> Found:
    """
    Share of the sites that meet `having` among those that the layers' conditions choose (%).

    With `column`, shares of that column's sum instead of the number of sites (children enrolled, places); with `over`, the sum of `column` in
    the sum of `over` (use of places). An empty cell makes bounds: whatever it might hold at worst and at best. An empty number is at best the
    largest of its column. No site to divide by gives no number, never 0 or 100.
    """
    chosen = _choose(binding, sight)
    of = chosen.titles
    if binding.over:
        return _use(binding, chosen)
    has = meets(chosen.table, binding.having)
    weight = pd.to_numeric(chosen.table[binding.column], errors="coerce").astype(float) if binding.column in chosen.table else None
    if not binding.column:
        basis: Words = (f"符合要求的处数 ÷ 全部符合条件的{of[0]}处数", f"sites that have it / all {of[1]} that meet the conditions")
        weight = pd.Series(1.0, index=chosen.table.index)
    else:
        zh, en = _header(chosen, binding.column)
        basis = (f"符合要求的{of[0]}的{zh}之和 ÷ 全部符合条件的{of[0]}的{zh}之和", f"sum of {en} where so / over all {of[1]}")
        if weight is None:
            weight = pd.Series(np.nan, index=chosen.table.index)
    lower, upper = _share_bounds(chosen.met, has, weight)
    open_ = (chosen.met != 0) & (chosen.met.isna() | has.isna() | weight.isna())
    unknown = int(open_.sum())
    good, bad = chosen.table[(chosen.met == 1) & (has == 1)], chosen.table[(chosen.met == 1) & (has == 0)]
    missing = _gaps(chosen, unknown)
    if lower is None or upper is None:
        nothing: Words = (f"没有可以做分母的{of[0]}", f"there are no {of[1]} to divide by")
        return Found(basis=basis, missing=(*missing, nothing), sources=chosen.sources, data_date=chosen.data_date)
    if chosen.absent or chosen.mapped:  # a denominator of which a part is unknown bounds nothing
        return Found(basis=basis, missing=missing, places=_places(good), lacking=_places(bad), sources=chosen.sources, data_date=chosen.data_date)
    return _result(chosen, basis, lower, upper, missing, places=_places(good), lacking=_places(bad), unsure=_places(chosen.table[open_]))


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


def _use(binding: Binding, chosen: _Chosen) -> Found:
    """Sum of one column in the sum of another, over sites that may hold at most `over` of `column`."""
    of = chosen.titles
    (part_zh, part_en), (whole_zh, whole_en) = _header(chosen, binding.column), _header(chosen, binding.over)
    basis: Words = (f"{of[0]}：{part_zh}之和 ÷ {whole_zh}之和", f"{of[1]}: sum of {part_en} / sum of {whole_en}")
    table = chosen.table
    part, whole = (
        pd.to_numeric(table[c], errors="coerce").astype(float) if c in table else pd.Series(np.nan, index=table.index) for c in (binding.column, binding.over)
    )
    use = (chosen.met == 1) & whole.notna()
    lost = int(((chosen.met != 0) & (chosen.met.isna() | whole.isna())).sum())
    empty = int((use & part.isna()).sum())
    missing = _gaps(chosen, lost + empty)
    total = float(whole[use].sum())
    if not total or lost or chosen.absent or chosen.mapped:
        nothing: tuple[Words, ...] = () if total else ((f"没有可以做分母的{of[0]}", f"there are no {of[1]} to divide by"),)
        return Found(basis=basis, missing=(*missing, *nothing), sources=chosen.sources, data_date=chosen.data_date)
    low = float(part[use].fillna(0.0).sum())
    high = low + float(whole[use & part.isna()].sum())
    return _result(chosen, basis, 100.0 * low / total, 100.0 * high / total, missing, places=_places(table[use]), unsure=_places(table[use & part.isna()]))


def total(binding: Binding, sight: Sight) -> Found:
    """
    Sum of a column over the sites that meet the conditions (the column's unit).

    An empty number is 0 in the lower bound and the largest of its column in the upper one.
    """
    chosen = _choose(binding, sight)
    low, high, unknown = _sum_bounds(chosen, binding.column)
    zh, en = _header(chosen, binding.column)
    basis: Words = (f"{chosen.titles[0]}的{zh}之和", f"{chosen.titles[1]}: sum of {en}")
    found = _result(chosen, basis, low, high, _gaps(chosen, unknown), places=_places(chosen.sure), unsure=_unsure(chosen, binding.column))
    if chosen.handed_in and len(chosen.table) and not _column(chosen, binding.column).notna().any():
        found = replace(found, now=None, lower=None, upper=None)
    return _bounded(found, binding)


def _column(chosen: _Chosen, name: str) -> pd.Series:
    return pd.to_numeric(chosen.table[name], errors="coerce").astype(float) if name in chosen.table else pd.Series(np.nan, index=chosen.table.index)


def _unsure(chosen: _Chosen, name: str) -> tuple[Place, ...]:
    """Sites that make a sum unsure: an empty number, or an empty condition."""
    return _places(chosen.table[chosen.met.isna() | (_column(chosen, name).isna() & (chosen.met == 1))])


def _sum_bounds(chosen: _Chosen, name: str) -> tuple[float, float | None, int]:
    """Lower and upper bound of a sum, and how many sites make it unsure; no upper bound when no site has a number."""
    numbers = _column(chosen, name)
    unsure = chosen.met.isna() | (numbers.isna() & (chosen.met == 1))
    low = float(numbers[chosen.met == 1].sum())
    if not unsure.any():
        return low, low, 0
    if not numbers.notna().any():
        return low, None, int(unsure.sum())
    return low, low + float(numbers[unsure].fillna(float(numbers.max())).sum()), int(unsure.sum())


def per_thousand(binding: Binding, sight: Sight) -> Found:
    """
    Sum of a column per 1,000 people of a group (托位 per 1,000 residents; beds, paediatricians per 1,000 children).

    Denominator: the population table's residents of all ages, or its children of the ages that the settings (or the document) say. Communities
    without their number leave only an upper bound; without a population table there is no number.
    """
    chosen = _choose(binding, sight)
    group = GROUPS[sight.children if binding.people == "children" else binding.people or "residents"]
    people, lost = people_of(sight.edition, group)
    low, high, unknown = _sum_bounds(chosen, binding.column)
    zh, en = _header(chosen, binding.column)
    basis: Words = (f"{chosen.titles[0]}的{zh}之和 ÷ {group.title} × 1000", f"{en} of {chosen.titles[1]} / {group.title_en} x 1,000")
    missing = list(_gaps(chosen, unknown))
    if people is None:
        missing.append((f"没有{group.title}的人数", f"no numbers of {group.title_en}"))
    elif lost:
        missing.append((f"{lost} 个社区缺{group.title}的人数", f"{lost} communities lack their {group.title_en}"))
    sources = chosen.sources + ((sight.edition.population.source,) if sight.edition.population else ())
    none_known = bool(len(chosen.table)) and not _column(chosen, binding.column).notna().any()
    if people is None or none_known:
        return Found(basis=basis, missing=tuple(missing), sources=sources, data_date=chosen.data_date)
    found = _result(
        chosen,
        basis,
        1000 * low / people,
        None if high is None else 1000 * high / people,
        missing,
        places=_places(chosen.sure),
        sources=sources,
        unsure=_unsure(chosen, binding.column),
    )
    return replace(found, now=None, lower=None, upper=found.now if found.upper is None else found.upper) if lost else found


# -- towns and communities -------------------------------------------------------------------------------------------


def presence(binding: Binding, sight: Sight) -> Found:
    """
    Share of towns, or of communities, with at least one site that meets the conditions (%).

    Towns are those of the outline, communities those of the population table. A site with an empty cell, or in an unknown town, may give
    one to a town that seems to have none: upper bound. In a layer of communities itself one that is not listed is unknown, not
    without. With `each`, a town needs one of every value; with `minimum`, only towns with so many residents are asked. A presence test says
    nothing about walking distance.
    """
    chosen = _choose(binding, sight)
    units, missing = _units(binding, sight)
    what: Words = ("村（社区）", "communities") if binding.per == "community" else ("乡镇街道", "towns")
    basis: Words = (f"至少有一处的{what[0]}数 ÷ {what[0]}总数 {len(units)}", f"{what[1]} with at least one / all {len(units)} {what[1]}")
    if not units:
        return Found(basis=basis, missing=(*_gaps(chosen, 0), *missing), sources=chosen.sources, data_date=chosen.data_date)
    has = _has(binding, chosen, units)
    yes, no, unclear = [u for u in units if has[u] == 1], [u for u in units if has[u] == 0], [u for u in units if np.isnan(has[u])]
    astray = _astray(binding, chosen)
    possible = min(len(units), len(units) - len(no) + astray)
    unknown = len(units) - len(yes) - len(no)
    gaps = list(_gaps(chosen, 0))
    if unknown:
        gaps.append((f"{unknown} 个{what[0]}有没有不清楚（空格，或者表里没有列）", f"{unknown} {what[1]} unknown: empty cells, or not listed"))
    if astray:
        gaps.append((f"{astray} 处不知道在哪个{what[0]}", f"{astray} sites of unknown place"))
    named = ([Place(binding.per, u[0], u[1]) for u in group] for group in (yes, no, unclear))
    places, lacking, unsure = (tuple(sorted(group, key=lambda p: (p.id, p.name))) for group in named)
    return _result(
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
            people = population.units.groupby("town")["pop_total"].sum(min_count=1)
            names = tuple(n for n in names if people.get(n, 0.0) >= binding.minimum)
        return tuple(("", n) for n in names), () if names else (("没有乡镇街道界，不知道有哪些", "no outline of towns: which there are is unknown"),)
    if population is None or not len(population.units):
        return (), (("没有社区人口表，不知道有哪些村（社区）", "no population table: which communities there are is unknown"),)
    points = population.units
    units = dict.fromkeys((str(t), str(n)) for t, n in zip(points["town"].fillna(""), points["name"].fillna(""), strict=True) if n)
    return tuple(units), ()


def _has(binding: Binding, chosen: _Chosen, units: tuple[Unit, ...]) -> dict[Unit, float]:
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


def _keys(binding: Binding, chosen: _Chosen) -> list[Unit]:
    """Where each site stands: ("", town), or (town, community); a name alone where the town is unknown."""
    table = chosen.table
    towns = table["town_known"].astype("string").fillna("")
    if binding.per == "town":
        return [("", str(t)) for t in towns]
    named = table["community"].astype("string") if "community" in table else pd.Series(pd.NA, index=table.index, dtype="string")
    own = table["layer"] == "communities"
    names = named.mask(own, table["name"].astype("string")).fillna("")
    return list(zip(map(str, towns), map(str, names), strict=True))


def _astray(binding: Binding, chosen: _Chosen) -> int:
    """Sites that count, or may, and stand in no known unit."""
    if binding.per == "community" and set(binding.layers) == {"communities"}:
        return 0
    return sum(1 for (_, name), met in zip(_keys(binding, chosen), chosen.met, strict=True) if not name and met != 0)


# -- people, streets, lines ------------------------------------------------------------------------------------------


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
    Share of the streets round schools that are safe, by length (%).

    Lower bound: streets known to be safe; upper: those and the unknown ones. Denominator: all streets open to motor traffic within the perimeter
    of the settings. No street round any school gives no number.
    """
    del binding
    around = sight.edition.perimeter
    metres = f"{sight.edition.city.walking.perimeter_m:,.0f} m"
    basis: Words = (
        f"学校出入口沿街道 {metres} 内，安全路段长度 ÷ 全部机动车道路长度",
        f"safe / all streets within {metres} of school gates, by length",
    )
    sources = (sight.edition.city.network.attribution,)
    if around is None or not len(around):
        return Found(basis=basis, missing=(("学校周边没有路段，或者没有算", "no streets round schools, or not computed"),), sources=sources)
    by_state = street_metres(around, strict=sight.edition.city.safety.rule_set == "strict")
    whole = sum(by_state.values())
    low, high = percent(by_state["safe"], whole), percent(by_state["safe"] + by_state["unknown"], whole)
    share_unknown = 100.0 * by_state["unknown"] / whole if whole else 0.0
    if low == high:
        return Found(basis=basis, now=low, sources=sources, indicator="perimeter.safe_length")
    missing: Words = (f"{share_unknown:.0f}% 的路段没有资料，要现场核实", f"{share_unknown:.0f}% of the streets are without facts")
    return Found(basis=basis, lower=low, upper=high, missing=(missing,), sources=sources, indicator="perimeter.safe_length")


def length(binding: Binding, sight: Sight) -> Found:
    """
    Length of the lines that meet the conditions (m).

    The column of lengths where it is filled in, else the geodesic length of the line drawn; a line with neither counts in the number of what is missing.
    """
    from pyproj import Geod

    chosen = _choose(binding, sight)
    geod = Geod(ellps="WGS84")
    drawn: dict[tuple[str, str], float] = {}
    for key in binding.layers:
        data = sight.edition.layers.get(key)
        if data is not None:
            drawn |= {(key, str(i)): geod.geometry_length(g) for i, g in zip(data.sites["id"], data.sites.geometry, strict=True) if g is not None}
    metres = _column(chosen, binding.column)
    on_map = [drawn.get((str(k), str(i)), np.nan) for k, i in zip(chosen.table["layer"], chosen.table["id"], strict=True)]
    metres = metres.fillna(pd.Series(on_map, index=metres.index, dtype=float))
    filled = replace(chosen, table=chosen.table.assign(**{binding.column: metres}))
    low, high, unknown = _sum_bounds(filled, binding.column)
    basis: Words = (f"{chosen.titles[0]}的总长（米），表里没有的按图上的线量", f"metres of {chosen.titles[1]}, measured on the map where the table is empty")
    return _result(chosen, basis, low, high, _gaps(chosen, unknown), places=_places(chosen.sure))


# -- named sites, statistics, the edition itself ---------------------------------------------------------------------


def named(binding: Binding, sight: Sight) -> Found:
    """
    How many of the sites that the document names exist and meet the conditions (处 of those named).

    A site is found when its name holds the word. One that is not found may stand in the table under another name: upper bound.
    """
    chosen = _choose(binding, sight)
    met: list[Place] = []
    lost: list[str] = []
    unsure: list[str] = []
    for word in binding.names:
        named_so = chosen.only(chosen.table["name"].astype("string").str.contains(word, regex=False).fillna(value=False).astype(bool))
        if (named_so.met == 1).any():
            met.append(_places(named_so.sure)[0])
        elif named_so.met.isna().any():
            unsure.append(word)
        elif not len(named_so.table):
            lost.append(word)
    missing = list(_gaps(chosen, 0))
    if lost:
        missing.append((f"表里没有名称含“{'”“'.join(lost)}”的点位", f"no site with the name {', '.join(lost)}"))
    if unsure:
        missing.append((f"“{'”“'.join(unsure)}”的条件空着", f"an empty condition: {', '.join(unsure)}"))
    basis: Words = (f"列名的 {len(binding.names)} 处中已有几处", f"how many of the {len(binding.names)} named there are")
    return _result(chosen, basis, len(met), len(met) + len(lost) + len(unsure), missing, places=tuple(met))


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


def edition_itself(binding: Binding, sight: Sight) -> Found:
    """
    What the edition is itself the proof of: the map is drawn (张), a version for every year of the plan so far (版), events on it (处).

    `what`: ``map``, ``yearly``, ``events``. Events: unknown where nobody handed in any. A map and its years: unknown without a street network, since
    no edition can be built then.
    """
    edition = sight.edition
    if binding.what == "events":
        chosen = _choose(binding, sight)
        basis: Words = ("本版地图上的活动数", "events on this edition's map")
        return _result(chosen, basis, len(chosen.table), len(chosen.table), _gaps(chosen, 0), places=_places(chosen.table))
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


def layers_used(bindings: Iterable[Binding]) -> frozenset[str]:
    """Layers that any of the bindings looks at."""
    return frozenset(key for b in bindings for key in b.layers)
