"""What could a reader compute from what is shown? Bounds of every hidden number by linear programming."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from cfmap.indicators.people import CITY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd

    from cfmap.indicators.people import Group
    from cfmap.model.edition import Coverage

    Cell = tuple[str, str]  # quantity, town ("" = the whole city)
    Sum = tuple[tuple[Cell, float], ...]

PARTS = ("not", "unreachable")


@dataclass
class Numbers:
    """
    Counts of people and how they hang together.

    Attributes
    ----------
    values
        Cell -> count.
    zero
        Sums that are 0: towns minus city, parts minus total, age groups minus the group they make up.
    at_most_zero
        Sums that are not positive: a narrower band minus a wider one, an age group minus one that contains it.
    """

    values: dict[Cell, float] = field(default_factory=dict)
    zero: list[Sum] = field(default_factory=list)
    at_most_zero: list[Sum] = field(default_factory=list)


def total_of(group: Group) -> str:
    """Name of a group's total: the same people, whatever they walk to."""
    return f"total.{group.key}"


def quantity(coverage: Coverage, group: Group, column: str) -> str:
    """Name of a column of a coverage's people."""
    return total_of(group) if column == "total" else f"{coverage.key}.{group.key}.{column}"


def numbers(tables: Mapping[str, tuple[Coverage, Mapping[Group, pd.DataFrame]]]) -> Numbers:
    """All counts of children of an edition with every relation between them that a reader knows; `tables` by coverage, of towns by column."""
    found = Numbers()
    totals: dict[Group, pd.DataFrame] = {}
    for coverage, groups in tables.values():
        headline = f"covered_{coverage.headline:.0f}"
        for group, table in groups.items():
            totals.setdefault(group, table)
            for column in table.columns:
                name = quantity(coverage, group, column)
                found.values |= {(name, str(town)): float(v) for town, v in table[column].items()}
                found.zero += list(_towns(name, table))
            bands = [c for c in table.columns if c.startswith("covered_")]
            for town in map(str, table.index):
                whole = (total_of(group), town)
                parts = [(quantity(coverage, group, c), town) for c in (headline, *PARTS)]
                found.zero.append(((whole, -1.0), *((part, 1.0) for part in parts)))
                chain = [*((quantity(coverage, group, b), town) for b in bands), whole]
                found.at_most_zero += [((narrow, 1.0), (wide, -1.0)) for narrow, wide in pairwise(chain)]
        found.at_most_zero += list(_nested(groups, lambda g, c, of=coverage: quantity(of, g, c)))
        found.at_most_zero += list(_rings(coverage, groups))
    found.at_most_zero += list(_nested({g: t[["total"]] for g, t in totals.items()}, lambda g, _: total_of(g)))
    made_up, inside = _made_up(totals)
    found.zero += made_up
    found.at_most_zero += inside
    found.zero = list(dict.fromkeys(found.zero))
    return found


def _towns(name: str, table: pd.DataFrame) -> Iterator[Sum]:
    if CITY in table.index:
        yield tuple(((name, str(town)), -1.0 if town == CITY else 1.0) for town in table.index)


def _nested(groups: Mapping[Group, pd.DataFrame], named: object) -> Iterator[Sum]:
    for small, table in groups.items():
        for big in groups:
            if set(small.columns) < set(big.columns):
                for column in table.columns:
                    for town in map(str, table.index):
                        yield ((named(small, column), town), 1.0), ((named(big, column), town), -1.0)  # type: ignore[operator]


def _rings(coverage: Coverage, groups: Mapping[Group, pd.DataFrame]) -> Iterator[Sum]:
    """Between two bands, and beyond the last, too, an age group has no more people than one that contains it."""
    for small, table in groups.items():
        for big in (g for g in groups if set(small.columns) < set(g.columns)):
            chain = [*(c for c in table.columns if c.startswith("covered_")), "total"]
            for inner, outer in pairwise(chain):
                for town in map(str, table.index):
                    ring = ((quantity(coverage, g, c), town) for g in (small, big) for c in (outer, inner))
                    yield tuple(zip(ring, (1.0, -1.0, -1.0, 1.0), strict=True))


def _made_up(totals: Mapping[Group, pd.DataFrame]) -> tuple[list[Sum], list[Sum]]:
    """Groups that add up to another (0-2, 3-5 and 6-14 to 0-14), and those that together are only a part of it."""
    equal: list[Sum] = []
    less: list[Sum] = []
    for whole, table in totals.items():
        inside = [g for g in totals if set(g.columns) < set(whole.columns)]
        for count in range(2, len(inside) + 1):
            for parts in combinations(inside, count):
                ages = [c for g in parts for c in g.columns]
                if len(ages) == len(set(ages)):
                    kind = equal if set(ages) == set(whole.columns) else less
                    kind += [(((total_of(whole), town), -1.0), *(((total_of(g), town), 1.0) for g in parts)) for town in map(str, table.index)]
    return equal, less


def bounds(given: Numbers, hidden: Iterable[Cell], wanted: Iterable[Cell]) -> dict[Cell, tuple[float, float]]:
    """
    Smallest and largest value that each `wanted` cell can have when all cells but the `hidden` ones are known; infinity where nothing bounds it.

    Only cells that hang together are solved together.
    """
    number = {cell: i for i, cell in enumerate(sorted(hidden))}
    rows = [(terms, True) for terms in given.zero] + [(terms, False) for terms in given.at_most_zero]
    open_rows = [(terms, equal) for terms, equal in rows if any(cell in number for cell, _ in terms) and all(c in given.values for c, _ in terms)]
    part = _together(len(number), [[number[c] for c, _ in terms if c in number] for terms, _ in open_rows])
    members: dict[int, list[int]] = {}
    for i, label in enumerate(part):
        members.setdefault(label, []).append(i)
    inside: dict[int, list[tuple[Sum, bool]]] = {}
    for terms, equal in open_rows:
        inside.setdefault(part[next(number[c] for c, _ in terms if c in number)], []).append((terms, equal))
    systems: dict[int, _System] = {}
    found = {}
    for cell in wanted:
        label = part[number[cell]]
        if label not in systems:
            systems[label] = _System(given, number, members[label], inside.get(label, []))
        found[cell] = systems[label].ends(number[cell])
    return found


def _together(count: int, groups: list[list[int]]) -> list[int]:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = [(g[0], i) for g in groups for i in g]
    first, second = zip(*pairs, strict=True) if pairs else ((), ())
    graph = coo_array((np.ones(len(pairs)), (np.array(first, dtype=int), np.array(second, dtype=int))), shape=(count, count))
    return [int(label) for label in connected_components(graph, directed=False)[1]]


class _System:
    """The hidden cells that hang together, with what is known of them."""

    def __init__(self, given: Numbers, number: dict[Cell, int], cells: list[int], rows: list[tuple[Sum, bool]]) -> None:
        from scipy.sparse import csr_array

        self.at = {i: n for n, i in enumerate(cells)}
        self.given: dict[str, Any] = {}
        for equal, matrix, side in ((True, "A_eq", "b_eq"), (False, "A_ub", "b_ub")):
            mine = [terms for terms, kind in rows if kind == equal]
            if not mine:
                continue
            places = [(r, self.at[number[c]], sign) for r, terms in enumerate(mine) for c, sign in terms if c in number]
            row, column, sign = (np.array(v) for v in zip(*places, strict=True))
            self.given[matrix] = csr_array((sign, (row, column)), shape=(len(mine), len(cells)))
            self.given[side] = [-sum(sign * given.values[c] for c, sign in terms if c not in number) for terms in mine]

    def ends(self, cell: int) -> tuple[float, float]:
        """Smallest and largest value of a cell."""
        from scipy.optimize import linprog

        goal = np.zeros(len(self.at))
        goal[self.at[cell]] = 1.0
        low, high = (linprog(sign * goal, **self.given, bounds=(0, None), method="highs") for sign in (1.0, -1.0))
        return float(low.fun) if low.status == 0 else 0.0, -float(high.fun) if high.status == 0 else np.inf


__all__ = ["Numbers", "bounds", "numbers", "quantity", "total_of"]
