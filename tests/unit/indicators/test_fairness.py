"""Beds and doctors per 1,000 children, use of childcare places, inequality between towns: hand-checked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cfmap.indicators import INDICATORS, compute
from cfmap.indicators.inequality import gini
from cfmap.model import Field, Layer
from cfmap.model.edition import LayerData
from tests.factories import CHILDCARE, sites, tiny_edition

COUNTS = (Field("child_beds", "儿童床位", "beds", kind="integer"), Field("paediatricians", "儿科医师", "doctors", kind="integer"))
CHILDREN = {"children_0_14": 914, "children_0_17": 1077}  # of the tiny edition's four communities, added by hand
NEW = ("gini", "use", "per_children")


def layer(key, title):
    return Layer(key=key, title=title, title_en=key, icon="hospital", colour="#b3261e", group="health", fields=COUNTS, description="", description_en="")


def data(of, rows):
    table = sites(of, [{"id": f"X{n}", "name": f"第{n}处", "at": (3.0, 1.0), **row} for n, row in enumerate(rows)])
    none = pd.DataFrame(table.drop(columns="geometry").iloc[:0])
    return LayerData(of, table, none, table.geometry.iloc[:0], rows_read=len(rows))


def numbers(edition, **layers):
    return {i.id: i for i in compute(replace(edition, layers={**edition.layers, **layers}), rules={key: INDICATORS[key] for key in NEW})}


def health(hospitals, care):
    return {"hospitals": data(layer("hospitals", "医院"), hospitals), "primary_care": data(layer("primary_care", "基层医疗"), care)}


def test_beds_of_hospitals_and_primary_care_per_1000_children_of_both_ages():
    found = numbers(tiny_edition(), **health([{"child_beds": 40, "paediatricians": 9}], [{"child_beds": 6, "paediatricians": 1}]))
    for ages, people in CHILDREN.items():
        assert found[f"per_children.child_beds.{ages}"].value == pytest.approx(46_000 / people)
        assert found[f"per_children.paediatricians.{ages}"].value == pytest.approx(10_000 / people)
    assert "0–14岁" in found["per_children.child_beds.children_0_14"].title
    assert "0–17岁" in found["per_children.child_beds.children_0_17"].title
    assert found["per_children.child_beds.children_0_14"].by_town == {}


def test_a_site_without_its_beds_is_between_none_and_the_most_that_any_has():
    beds = numbers(tiny_edition(), **health([{"child_beds": 40}, {}], [{"child_beds": 6}]))["per_children.child_beds.children_0_14"]
    assert (beds.value, beds.lower, beds.upper) == (None, pytest.approx(46_000 / 914), pytest.approx(86_000 / 914))
    assert "1 处没有填" in beds.definition


def test_a_layer_that_nobody_handed_in_leaves_the_upper_bound_open():
    only = {"hospitals": health([{"child_beds": 40}], [])["hospitals"]}
    beds = numbers(tiny_edition(), **only)["per_children.child_beds.children_0_17"]
    assert (beds.value, beds.lower, beds.upper, beds.status) == (None, pytest.approx(40_000 / 1077), None, "partial")


def test_no_number_of_any_site_and_no_children_are_unknown_and_not_zero():
    nobody = numbers(tiny_edition(), **health([{}], [{}]))["per_children.child_beds.children_0_14"]
    bare = replace(tiny_edition(), population=None)
    alone = numbers(bare, **health([{"child_beds": 40}], [{"child_beds": 0}]))["per_children.child_beds.children_0_14"]
    for found in (nobody, alone):
        assert (found.value, found.lower, found.upper, found.status) == (None, None, None, "unknown")
    assert not [i for i in numbers(tiny_edition()) if i.startswith("per_children.")]


def test_communities_without_their_children_leave_only_an_upper_bound():
    edition = tiny_edition()
    points = edition.population.points.copy()
    points.loc["c4", "pop_0_2"] = np.nan  # of 6
    edition = replace(edition, population=replace(edition.population, points=points))
    beds = numbers(edition, **health([{"child_beds": 40}], [{"child_beds": 6}]))["per_children.child_beds.children_0_14"]
    assert (beds.value, beds.lower, beds.upper) == (None, None, pytest.approx(46_000 / 908))


CARE = replace(CHILDCARE, fields=(*CHILDCARE.fields, Field("enrolled", "在托人数", "children", kind="integer", unit="人", public=True)))


def use(*rows):
    return numbers(tiny_edition(), childcare=data(CARE, rows))["use.childcare_places"]


def test_use_is_children_by_places():
    found = use({"places": 60, "enrolled": 30}, {"places": 40, "enrolled": 40, "town": "西镇"})
    assert (found.value, found.lower, found.upper) == (70, None, None)
    assert found.by_town == {"西镇": 100, "东镇": 50}


@pytest.mark.parametrize(
    ("lacking", "lower", "upper"),
    [
        ({"places": 40}, 30 / 100, 70 / 100),  # empty, full
        ({"enrolled": 20}, 50 / 120, 50 / 80),  # 60 places as the largest, or just as many as children
        ({}, 30 / 120, 90 / 120),  # 60 places, none or all taken
    ],
)
def test_use_has_bounds_where_a_number_is_missing(lacking, lower, upper):
    found = use({"places": 60, "enrolled": 30}, lacking)
    assert (found.value, found.lower, found.upper) == (None, pytest.approx(100 * lower), pytest.approx(100 * upper))
    assert found.by_town["东镇"] is None
    assert found.status == "partial"


def test_use_of_nothing_known_is_unknown():
    for rows in ([{}], [{"places": 60}], []):
        found = use(*rows)
        assert (found.value, found.lower, found.upper, found.status) == (None, None, None, "unknown")


def test_gini_of_a_published_example():
    """Wikipedia, Gini coefficient, "Two levels of income": a share u of the people with a share f of the income gives f - u; u = 20 %, f = 80 %: 60 %."""
    assert gini([20 / 80, 80 / 20], [80, 20]) == pytest.approx(0.6)
    assert gini([50 / 99, 50 / 1], [99, 1]) == pytest.approx(0.49)  # the second example there: 1 % with 50 %


SHARES = st.lists(st.tuples(st.floats(0, 100), st.integers(1, 10**6)), min_size=2, max_size=23).filter(lambda towns: sum(v for v, _ in towns) > 1)


@settings(max_examples=60)
@given(SHARES, st.randoms(use_true_random=False), st.floats(0.01, 1000))
def test_gini_laws(towns, random, factor):
    """Order never matters, more of everyone changes nothing, a town split in two alike changes nothing; it is half the mean difference over the mean."""
    values, people = np.array(towns, dtype=float).T
    found = gini(values, people)
    assert -1e-9 <= found < 1
    mixed = random.sample(towns, len(towns))
    assert gini(*np.array(mixed).T) == pytest.approx(found, abs=1e-9)
    assert gini(values, people * factor) == pytest.approx(found, abs=1e-9)
    assert gini([*values, values[0]], [people[0] / 2, *people[1:], people[0] / 2]) == pytest.approx(found, abs=1e-9)
    share = people / people.sum()
    difference = np.abs(values[:, None] - values) @ share @ share
    assert found == pytest.approx(difference / (2 * (values @ share)), abs=1e-9)
    assert gini(np.full(len(people), 37.5), people) == pytest.approx(0, abs=1e-9)


def test_inequality_between_the_two_towns():
    """All 150 children of the east and none of the 26 of the west are reached: f - u = 1 - 150/176."""
    found = numbers(tiny_edition())
    assert found["gini.childcare.walk15.children_0_2.1000"].value == pytest.approx(26 / 176, abs=1e-6)
    assert found["gini.childcare.walk15.residents.1000"].value == pytest.approx(2000 / 10_000)
    assert [i for i in found if i.startswith("gini.") and i.endswith(".800")] == []


def test_inequality_is_unknown_with_one_town_nobody_reached_or_missing_numbers():
    edition = tiny_edition()
    one = edition.coverages[0]
    alone = one.people[one.people["town"].isin(["东镇", ""])]
    nobody = one.people.assign(pop_0_2_covered_1000=0.0)
    missing = edition.population.points.copy()
    missing.loc["c3", "pop_0_2"] = np.nan
    for changed in (
        replace(edition, coverages=(replace(one, people=alone),)),
        replace(edition, coverages=(replace(one, people=nobody),)),
        replace(edition, coverages=(replace(one, people=one.people.iloc[:0]),), population=None),
        replace(edition, population=replace(edition.population, points=missing)),
    ):
        found = numbers(changed)["gini.childcare.walk15.children_0_2.1000"]
        assert (found.value, found.lower, found.upper, found.status) == (None, None, None, "unknown")
