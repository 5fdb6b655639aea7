"""An attacker with the public numbers and a solver cannot tell a hidden count of 1-9 from 0 or from 10."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from cfmap.indicators.inequality import gini
from cfmap.indicators.people import CITY, audience
from cfmap.model import Field
from cfmap.publish import suppression
from cfmap.publish.public import public
from tests.factories import tiny_edition, with_indicators

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


def test_inequality_between_towns_would_give_a_hidden_town_away_and_is_withheld():
    """Of three towns two are hidden, and what they add up to is known: many pairs fit, with the coefficient one. So it is not shown, nor does it change the hiding."""
    near = [[5, 0, 40, 5], [30, 0, 20, 0], [60, 0, 30, 10]]
    parts = np.array([[counts] * len(AGES) for counts in near])
    edition = with_indicators(replace(tiny_edition(publish={"indicators": ["people", "coverage", "gini"]}), coverages=(coverage("childcare", parts),)))
    name = "childcare.walk15.children_0_2.1000"
    said = {i.id: i for i in edition.indicators}[f"gini.{name}"].value
    total, covered = np.array(near).sum(axis=1), np.array(near)[:, 0]
    hidden = suppression.hidden(edition)["people.childcare.walk15.children_0_2.covered_1000"]
    assert {"镇0", "镇1"} <= hidden
    assert CITY not in hidden
    fits = [n for n in range(36) if round(gini(np.array([n, 35 - n, covered[2]]) / total, total), 6) == said]
    assert 5 in fits
    assert len(fits) <= 2  # of 36

    shown = {i.id: i for i in public(edition)[0].indicators}
    assert shown[f"gini.{name}"].value is None
    assert "隐去" in shown[f"gini.{name}"].definition


@pytest.mark.parametrize("seed", range(4))
def test_inequality_is_shown_only_where_every_share_behind_it_is(seed):
    edition = with_indicators(
        replace(tiny_edition(publish={"indicators": ["coverage", "gini"]}), coverages=tuple(coverage(k, p) for k, p in world(seed, 3).items()))
    )
    shown = {i.id: i for i in public(edition)[0].indicators}
    for key in (key for key in shown if key.startswith("gini.") and "children" in key):
        assert bool(shown[key].hidden) == bool(shown[key.replace("gini.", "coverage.", 1)].hidden)
        assert not shown[key].hidden or shown[key].value is None


def test_use_of_places_is_withheld_as_soon_as_the_children_of_one_site_are():
    field = Field("enrolled", "在托人数", "children", kind="integer", unit="人", public=True)
    for few, gone in ((5, True), (15, False)):
        base = tiny_edition(publish={"indicators": ["use"]})
        data = base.layers["childcare"]
        counts = dict(zip(data.sites["id"], (few, 30, 20, 11), strict=True))
        care = replace(
            data,
            layer=replace(data.layer, fields=(*data.layer.fields, field)),
            sites=data.sites.assign(enrolled=data.sites["id"].map(counts), places=60),
            unlocated=data.unlocated.assign(enrolled=20),
        )
        found = {i.id: i for i in public(with_indicators(replace(base, layers={**base.layers, "childcare": care})))[0].indicators}["use.childcare_places"]
        assert (found.value is None) == gone
        assert (set(found.by_town.values()) == {None}) == gone


def test_numbers_per_1000_children_go_with_the_number_of_children():
    edition = tiny_edition()
    assert not [key for key in suppression.hidden(edition) if key.startswith("per_children.")]
    points = edition.population.points.assign(pop_15_17=[4.0, 0.0, 0.0, 0.0])  # 0-17 less 0-14 would tell these four
    found = suppression.hidden(replace(edition, population=replace(edition.population, points=points)))
    assert found["per_children.child_beds.children_0_14"] == {CITY}
