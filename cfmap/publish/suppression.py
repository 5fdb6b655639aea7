"""Which counts of children are too small to show, and which others would give them away?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cfmap.indicators.existing import sites_of
from cfmap.indicators.people import CITY, EVERY_CHILD, GROUPS, Group, audience, people_of, reached
from cfmap.indicators.per_children import SUPPLY
from cfmap.indicators.rule import town_names
from cfmap.indicators.severance import EVERY
from cfmap.indicators.severance import bounds as crossing_bounds
from cfmap.indicators.use import ENROLLED, LAYER, USE
from cfmap.publish.disclosure import Numbers, bounds, numbers, quantity, total_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cfmap.model.edition import Coverage, Edition, Indicator
    from cfmap.model.layer import Field
    from cfmap.publish.already_public import Said
    from cfmap.publish.disclosure import Cell

EPSILON = 1e-9  # below it a number is rounding
PROTECTED = 9  # a hidden count of 1-9 can be had no closer than that: a stretch of ten whole numbers, so never told from 0 or from 10
SMALL = range(1, 10)  # children; METHODS: counts of 1-9, and every rate built on them
Hidden = dict[str, set[str]]  # indicator id -> towns hidden ("" = the whole city)


def hidden(edition: Edition, *, thorough: bool = True, said: Sequence[Said] = ()) -> Hidden:
    """
    Cells of the numbers about children that may not be shown.

    For each coverage and age group, with the people of a town (and of the whole city) split into bands, beyond and
    without any path:

    0. a number that differs by 1-9 from what another public edition says of the same people (`said`) is guarded like a 1-9: the difference is
       the children round one new or closed site;
    1. a total of 1-9 hides everything of that town; so does a number covered, or not covered, of 1-9, save the total;
    2. bands that differ by 1-9 hide the narrower; beyond or without path of 1-9 hide both, since either is total - covered - the other;
    3. nested ages (0-14 in 0-17) that differ by 1-9 hide the narrower;
    4. covered + beyond + without path = total: of these four never one alone is hidden;
    5. hidden towns must not follow by subtraction from the city: in each column at least two are hidden, and the
       hidden ones together are not 1-9; the smallest others go too until this holds;
    6. whatever combination of rows and columns still fixes a hidden 1-9 loses another cell (linear algebra finds it);
    7. last, over all coverages and ages together (a total is the same whatever people walk to; 0-2, 3-5 and 6-14 make up 0-14), a
       hidden 1-9 that can be narrowed to fewer than :data:`PROTECTED` loses another cell (linear programming finds it).

    Rates go with the counts they are made of. What is one number of the whole is an equation for what is hidden of its parts, so it goes as soon as
    one of them does: the inequality of towns with a hidden share, numbers per 1,000 children where any total of the city is hidden,
    the use of childcare places where a site's children are. Step 7 takes seconds in a city with many small towns; without `thorough` it is left out, for an
    edition that shows none of these numbers.
    """
    cells: Hidden = defaultdict(set)
    apart: set[Cell] = set()
    all_tables: dict[str, tuple[Coverage, dict[Group, pd.DataFrame]]] = {}
    for coverage in edition.coverages:
        groups = [g for g in audience(coverage.layer) if g.children]
        tables = {g: t for g in groups if len(t := reached(coverage, g))}
        all_tables[coverage.key] = coverage, tables
        masks = {g: pd.DataFrame(data=False, index=t.index, columns=t.columns) for g, t in tables.items()}
        close = {g: _close(coverage, g, t, said) for g, t in tables.items()}
        for group, table in tables.items():
            masks[group] |= close[group]
            _primary(table, masks[group])
            apart |= {(quantity(coverage, group, column), str(town)) for column in table.columns for town in table.index[close[group][column]]}
        _nested(tables, masks)
        for group, table in tables.items():
            _settle(table, masks[group], guarded=close[group] | table.map(_small), headline=f"covered_{coverage.headline:.0f}")
            for column in table.columns:
                towns = {str(t) for t in table.index[masks[group][column]]}
                cells[quantity(coverage, group, column)] |= towns
    if thorough:
        _protect(numbers(all_tables), cells, apart)
    return _by_indicator(all_tables, cells) | _per_children(edition, cells) | _use(edition) | _crossing(edition)


def _per_children(edition: Edition, cells: Mapping[str, set[str]]) -> Hidden:
    """Numbers per 1,000 children tell how many there are: none where they are few, differ by few, or a total of the city's children is hidden."""
    narrow, wide = (people_of(edition, GROUPS[key])[0] or 0.0 for key in EVERY_CHILD)
    totals = {total_of(group) for group in GROUPS.values() if group.children}
    if not (_small(narrow) or _small(wide) or _small(wide - narrow) or any(CITY in cells.get(name, ()) for name in totals)):
        return {}
    return {f"per_children.{column}.{key}": {CITY} for column in SUPPLY for key in EVERY_CHILD}


def _use(edition: Edition) -> Hidden:
    """With all sites but one known, the use of all places tells the last one's children; so it goes when any site's are hidden."""
    if LAYER not in edition.layers:
        return {}
    sites = sites_of(edition.layers[LAYER], edition).existing
    if ENROLLED not in sites:
        return {}
    shown = people_at_sites(sites, edition.layers[LAYER].layer.fields)
    gone = shown[ENROLLED].isna() & sites[ENROLLED].notna()
    return {USE: {CITY, *town_names(edition)}} if gone.any() else {}


def _crossing(edition: Edition) -> Hidden:
    """Children who cross without help, at least and at most: a town goes when either, the rest, or what lies between is 1-9, and the city's with it."""
    if edition.severance is None:
        return {}
    found: Hidden = {}
    for ways in EVERY:
        table = crossing_bounds(edition.severance, ways.layer)
        low, high, walkers = table["low"], table["high"], table["walkers"]
        gone = {str(town) for part in (walkers, low, high, high - low, walkers - low, walkers - high) for town in table.index[part.map(_small)]}
        found |= {ways.count: gone | {CITY}, ways.share: gone | {CITY}} if gone else {}
    return found


def _by_indicator(tables: Mapping[str, tuple[Coverage, Mapping[Group, pd.DataFrame]]], cells: Mapping[str, set[str]]) -> Hidden:
    """Hidden towns by the numbers that show them: counts, and the rates made of them."""
    found: Hidden = {}
    for coverage, groups in tables.values():
        for group, table in groups.items():
            total = cells.get(total_of(group), set())
            for column in table.columns:
                towns = cells.get(quantity(coverage, group, column), set())
                found[f"people.{coverage.key}.{group.key}.{column}"] = set(towns)
                if column.startswith("covered_"):
                    found[f"coverage.{coverage.key}.{group.key}.{column.removeprefix('covered_')}"] = towns | total
                    if towns | total:
                        found[f"gini.{coverage.key}.{group.key}.{column.removeprefix('covered_')}"] = {CITY}
    return {key: towns for key, towns in found.items() if towns}


def _protect(given: Numbers, cells: dict[str, set[str]], apart: set[Cell]) -> None:
    """Hide further cells until every hidden 1-9, and every one `apart` by 1-9 from another edition, could be any of `PROTECTED` or more numbers in a row."""
    gone = {(name, town) for name, towns in cells.items() for town in towns}
    gone |= {cell for cell, value in given.values.items() if _small(value)}  # one total small in one coverage is small in all
    unsafe = [cell for cell in gone if cell in given.values and (_small(given.values[cell]) or cell in apart)]
    while unsafe:
        narrow = [cell for cell, (low, high) in bounds(given, gone, unsafe).items() if high - low < PROTECTED - EPSILON]
        more = {other for cell in narrow if (other := _beside(given, gone, cell)) is not None}
        unsafe = narrow if more else []
        gone |= more
    for name, town in gone:
        cells.setdefault(name, set()).add(town)


def _beside(given: Numbers, gone: set[tuple[str, str]], cell: tuple[str, str]) -> tuple[str, str] | None:
    """Which shown cell hides this one best: one that shares a sum with it or with the hidden ones it hangs on; of towns, not 0, and the smallest."""
    near, seen = {cell}, set()
    while near:
        seen |= near
        sums = [[c for c, _ in terms] for terms in (*given.zero, *given.at_most_zero) if any(c in near for c, _ in terms)]
        around = {c for terms in sums for c in terms} - seen
        shown = [c for c in around if c not in gone and c in given.values]
        if shown:
            return min(shown, key=lambda c: (c[1] == CITY, given.values[c] == 0, given.values[c], c))
        near = around & gone
    return None


def suppress(indicators: Iterable[Indicator], cells: Mapping[str, set[str]]) -> tuple[Indicator, ...]:
    """Give the indicators with the hidden cells emptied and said so in their definition."""
    shown = []
    for indicator in indicators:
        towns = cells.get(indicator.id)
        if not towns:
            shown.append(indicator)
            continue
        city = CITY in towns
        shown.append(
            replace(
                indicator,
                value=None if city else indicator.value,
                lower=None if city else indicator.lower,
                upper=None if city else indicator.upper,
                by_town={town: None if town in towns else value for town, value in indicator.by_town.items()},
                bounds_by_town={town: pair for town, pair in indicator.bounds_by_town.items() if town not in towns},
                hidden=tuple(sorted(towns)),
                nobody=tuple(t for t in indicator.nobody if t not in towns),
                definition=f"{indicator.definition}；为保护隐私，隐去 1–9 人的数和能反推出它们的数",
                definition_en=f"{indicator.definition_en}; counts of 1-9 children, and those that would reveal them, are hidden",
                status="unknown" if city else "partial",
            )
        )
    return tuple(shown)


def people(coverage: Coverage, indicators: Iterable[Indicator]) -> pd.DataFrame:
    """
    Give the people of a coverage as far as public indicators say them.

    Rows and columns as ``Coverage.people``, hidden cells NaN; no rows when none of it is public.
    """
    shown = {i.id: i for i in indicators}
    table: dict[str, pd.Series] = {}
    for group in audience(coverage.layer):
        if len(group.columns) > 1:
            continue
        for part in ("total", *(f"covered_{band:.0f}" for band in coverage.bands), "not", "unreachable"):
            indicator = shown.get(f"people.{coverage.key}.{group.key}.{part}")
            if indicator is not None:
                name = group.columns[0] if part == "total" else f"{group.columns[0]}_{part}"
                table[name] = pd.Series({**indicator.by_town, CITY: indicator.value}, dtype=float)
    if not table:
        return coverage.people.iloc[:0]
    return pd.DataFrame(table).rename_axis("town").reset_index()


def people_at_sites(table: pd.DataFrame, fields: Iterable[Field]) -> pd.DataFrame:
    """
    Sites with their counts of people (columns with unit 人) emptied where they are 1-9.

    Two counts of one site that differ by 1-9 lose the smaller, lest the difference be had by subtraction.
    """
    columns = [f.key for f in fields if f.unit == "人" and f.key in table]
    if not columns:
        return table
    shown = table.copy()
    numbers = shown[columns].apply(pd.to_numeric, errors="coerce").astype(float)
    for column in columns:
        gone = numbers[column].map(_small)
        for other in columns:
            gone |= (numbers[other] - numbers[column]).map(_small)
        shown[column] = shown[column].mask(gone)
    return shown


def _primary(table: pd.DataFrame, mask: pd.DataFrame) -> None:
    bands = [c for c in table.columns if c.startswith("covered_")]
    for town, row in table.iterrows():
        if _small(row["total"]):
            mask.loc[town] = True
            continue
        if any(_small(row[b]) or _small(row["total"] - row[b]) for b in bands):
            mask.loc[town, [*bands, "not", "unreachable"]] = True
        for narrow, wide in pairwise(bands):
            if _small(row[wide] - row[narrow]):
                mask.loc[town, narrow] = True
        if _small(row["not"]) or _small(row["unreachable"]):
            mask.loc[town, ["not", "unreachable"]] = True


def _close(coverage: Coverage, group: Group, table: pd.DataFrame, said: Sequence[Said]) -> pd.DataFrame:
    """Where a number differs by 1-9 from another edition's, which said it itself or as a share of the same total."""
    found = pd.DataFrame(data=False, index=table.index, columns=table.columns)
    for column in map(str, table.columns if said else ()):
        counts, shares = f"people.{coverage.key}.{group.key}.{column}", f"coverage.{coverage.key}.{group.key}.{column.removeprefix('covered_')}"
        for town, now, total in zip(map(str, table.index), table[column].astype(float), table["total"].astype(float), strict=True):
            others = [e.get((counts, town), e.get((shares, town), np.nan) / 100 * total) for e in said]
            found.loc[town, column] = any(_small(abs(now - other)) for other in others)
    return found


def _nested(tables: dict[Group, pd.DataFrame], masks: dict[Group, pd.DataFrame]) -> None:
    for narrow, small in tables.items():
        for wide, big in tables.items():
            if set(narrow.columns) < set(wide.columns):
                masks[narrow] |= (big - small).map(_small)


def _settle(table: pd.DataFrame, mask: pd.DataFrame, *, guarded: pd.DataFrame, headline: str) -> None:
    """Hide further cells until none of the `guarded` ones follows from its row or its column."""
    before = -1
    while before != (before := int(mask.to_numpy().sum())):
        for town in table.index:
            if mask.loc[town, [headline, "not", "unreachable"]].any():
                mask.loc[town, ["not", "unreachable"]] = True
        _secondary(table, mask)
        if (cell := _exposed(table, mask, guarded, headline)) is not None:
            mask.at[_cover(table, mask, headline, cell)] = True


def _exposed(table: pd.DataFrame, mask: pd.DataFrame, guarded: pd.DataFrame, headline: str) -> tuple[str, str] | None:
    """Find a guarded hidden count that the shown ones fix: towns add up to the city, covered + beyond + without path to the total."""
    cells = [(town, column) for column in table.columns for town in table.index if mask.at[town, column]]
    number = {cell: i for i, cell in enumerate(cells)}
    sums = [[(town, column, -1.0 if town == CITY else 1.0) for town in table.index] for column in table.columns if CITY in table.index]
    sums += [[(town, "total", 1.0), *((town, column, -1.0) for column in (headline, "not", "unreachable"))] for town in table.index]
    matrix = np.zeros((len(sums), len(cells)))
    for row, terms in enumerate(sums):
        for town, column, sign in terms:
            if (town, column) in number:
                matrix[row, number[town, column]] = sign
    if not cells:
        return None
    _, values, vectors = np.linalg.svd(matrix)
    free = vectors[int((values > EPSILON).sum()) :]  # what the unknown cells can still move along
    return next((cell for cell, i in number.items() if guarded.at[cell] and (np.abs(free[:, i]) < EPSILON).all()), None)


def _cover(table: pd.DataFrame, mask: pd.DataFrame, headline: str, cell: tuple[str, str]) -> tuple[str, str]:
    """Which shown cell to hide so that `cell` is no longer fixed: the smallest of its column, else of its row, else the city's."""
    town, column = cell
    beside = [(t, column) for t in table.index if t != CITY and not mask.at[t, column]]
    beside = beside or [(town, c) for c in ("total", headline, "not", "unreachable") if not mask.at[town, c]]
    return min(beside, key=lambda c: (table.at[c] == 0, table.at[c])) if beside else (CITY, column)


def _secondary(table: pd.DataFrame, mask: pd.DataFrame) -> None:
    """Hide further towns until no hidden one follows from the city's number."""
    towns = [t for t in table.index if t != CITY]
    for column in table.columns:
        if CITY in table.index and mask.at[CITY, column]:
            continue
        while True:
            gone = [t for t in towns if mask.at[t, column]]
            left = [t for t in towns if not mask.at[t, column]]
            if not gone or not left or (len(gone) > 1 and not _small(table.loc[gone, column].sum())):
                break
            mask.at[min(left, key=lambda t: (table.at[t, column] == 0, table.at[t, column])), column] = True


def _small(count: Any) -> bool:
    return bool(0 < count < SMALL.stop - 0.5)
