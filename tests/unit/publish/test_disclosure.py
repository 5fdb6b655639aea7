"""An attacker with the public numbers and a solver cannot tell a hidden count of 1-9 from 0 or from 10."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from cfmap.indicators.people import CITY, audience
from cfmap.publish import suppression
from tests.factories import tiny_edition

AGES = ("pop_0_2", "pop_3_5", "pop_6_11", "pop_12_14", "pop_15_17")
PARTS = ("near", "more", "not", "unreachable")  # a town's children of one age, by how far they walk
KEYS = ("childcare", "kindergartens", "schools", "libraries", "playgrounds")


def world(seed, towns):
    """Coverages of one population: counts by coverage, town, age and part, small ones often."""
    random = np.random.default_rng(seed)
    people = random.choice([0, 3, 7, 12, 40, 90], size=(towns, len(AGES)))
    return {key: np.array([[random.multinomial(n, random.dirichlet([0.6] * 4)) for n in row] for row in people]) for key in KEYS}


def coverage(key, parts):
    names = [f"镇{n}" for n in range(len(parts))]
    rows = []
    for name, counts in [*zip(names, parts, strict=True), (CITY, parts.sum(axis=0))]:
        row = {"town": name}
        for age, (near, more, beyond, gone) in zip(AGES, counts.astype(float), strict=True):
            row |= {
                age: near + more + beyond + gone,
                f"{age}_covered_800": near,
                f"{age}_covered_1000": near + more,
                f"{age}_not": beyond,
                f"{age}_unreachable": gone,
            }
        rows.append(row)
    return replace(tiny_edition().coverages[0], key=f"{key}.walk15", layer=key, people=pd.DataFrame(rows))


class Attack:
    """All counts as unknowns by coverage, town, age and part; every public number is an equation. A model of its own, apart from the one that hides."""

    def __init__(self, edition, cells):
        self.towns = len(edition.coverages[0].people) - 1
        self.size = len(KEYS) * self.towns * len(AGES) * len(PARTS)
        self.equations, self.values, self.hidden = [], [], {}
        first = self.block(KEYS[0])
        for key in KEYS[1:]:  # the same people, whatever they walk to
            for row in (self.block(key) - first)[:, :, :].sum(axis=2).reshape(-1, self.size):
                self.add(row, 0.0)
        for one in edition.coverages:
            for group in (g for g in audience(one.layer) if g.children):
                table = suppression.reached(one, group)
                for column in table.columns:
                    for town in table.index:
                        line, name = self.line(one.layer, group, column, town), f"people.{one.key}.{group.key}.{column}"
                        if town in cells.get(name, ()):
                            self.hidden[name, town] = line, table.at[town, column]
                        else:
                            self.add(line, table.at[town, column])

    def block(self, key):
        """Unit vectors of a coverage: town, age, part, unknown."""
        unit = np.eye(self.size).reshape(len(KEYS), self.towns, len(AGES), len(PARTS), self.size)
        return unit[KEYS.index(key)]

    def line(self, key, group, column, town):
        parts = {"total": (0, 1, 2, 3), "covered_800": (0,), "covered_1000": (0, 1), "not": (2,), "unreachable": (3,)}[column]
        rows = range(self.towns) if town == CITY else [int(town[1:])]
        return self.block(key)[np.ix_(rows, [AGES.index(a) for a in group.columns], parts)].sum(axis=(0, 1, 2))

    def add(self, line, value):
        self.equations.append(line)
        self.values.append(value)

    def interval(self, line):
        ends = []
        for sign in (1.0, -1.0):
            found = linprog(sign * line, A_eq=np.array(self.equations), b_eq=self.values, bounds=(0, None), method="highs")
            assert found.status in (0, 3), found.message
            ends.append(sign * found.fun if found.status == 0 else -sign * np.inf)
        return ends


def attacked(seed, towns):
    made = world(seed, towns)
    edition = replace(tiny_edition(), coverages=tuple(coverage(key, parts) for key, parts in made.items()))
    cells = suppression.hidden(edition)
    attack = Attack(edition, cells)
    shown_small = [
        (one.key, group.key, column, town)
        for one in edition.coverages
        for group in (g for g in audience(one.layer) if g.children)
        for column, series in suppression.reached(one, group).items()
        for town, count in series.items()
        if 1 <= count <= 9 and town not in cells.get(f"people.{one.key}.{group.key}.{column}", ())
    ]
    assert shown_small == []
    return {cell: attack.interval(line) for cell, (line, count) in attack.hidden.items() if 1 <= count <= 9}


@pytest.mark.parametrize("seed", range(2))
def test_every_hidden_small_count_could_be_any_of_ten_numbers(seed):
    found = attacked(seed, towns=3)
    assert found
    assert {cell: ends for cell, ends in found.items() if ends[1] - ends[0] < suppression.PROTECTED - 1e-6} == {}


def test_ages_that_add_up_do_not_give_the_hidden_one_away():
    """0-2 + 3-5 + 6-14 = 0-14: with 5 children aged 0-2 hidden, one of the others goes too, in whatever coverage it stands."""
    parts = np.array([[[0, 5, 0, 0], [40, 0, 0, 0], [50, 0, 0, 0], [60, 0, 0, 0], [20, 0, 0, 0]], [[80, 0, 0, 0]] * 5, [[90, 0, 0, 0]] * 5])
    edition = replace(tiny_edition(), coverages=tuple(coverage(key, parts) for key in KEYS))
    cells = suppression.hidden(edition)
    assert "镇0" in cells["people.childcare.walk15.children_0_2.total"]
    others = ("kindergartens.walk15.children_3_5", "schools.walk15.children_6_14", "libraries.walk15.children_0_14")
    assert any("镇0" in cells.get(f"people.{name}.total", ()) for name in others)


def test_a_total_is_hidden_in_every_coverage_or_in_none():
    made = world(5, 4)
    edition = replace(tiny_edition(), coverages=tuple(coverage(key, made[key]) for key in KEYS))
    cells = suppression.hidden(edition)
    totals = [cells.get(f"people.{key}.walk15.children_0_14.total", set()) for key in ("libraries", "playgrounds")]
    assert totals[0] == totals[1]
