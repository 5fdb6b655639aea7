"""Which site of this year is which of last year's, where the tables have no ids."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cfmap.intake.decisions import Decision, Decisions
from cfmap.intake.identity import carried
from cfmap.intake.layer import site_id
from cfmap.model.edition import LayerData
from tests.factories import CHILDCARE, CRS, sites, tiny_city

NOBODY = Decisions()
METRE = 1 / 983  # hundredths of a degree of longitude at 28 N, near enough


def layer(*rows):
    """Sites given as (name, metres to the east[, id]); ids as intake makes them where there is none."""
    made = []
    for name, metres, *own in rows:
        row = {"name": name, "at": (1 + metres * METRE, 1.0)}
        point = sites(CHILDCARE, [row]).geometry.iloc[0]
        made.append(row | {"id": own[0] if own else site_id("childcare", name, point, "东镇", None)})
    table = sites(CHILDCARE, made) if made else sites(CHILDCARE, [{"name": "x", "at": (0, 0), "id": "x"}]).iloc[:0]
    return LayerData(CHILDCARE, table, pd.DataFrame(table.drop(columns="geometry").iloc[:0]), gpd.GeoSeries([], crs=CRS))


def keep(now, before, decided=NOBODY):
    data, asked = carried(now, before, decided, tiny_city())
    return dict(zip(data.sites["name"], data.sites["id"], strict=True)), [(f.value, f.facts["other"]) for f in asked]


@pytest.mark.parametrize(
    ("name", "metres"),
    [
        ("阳光第一幼儿园", 40),  # measured anew
        ("阳光第一幼儿园", 1_900),  # moved
        ("瑞安市阳光第一幼儿园", 90),  # written with its city
        ("阳光第一幼稚园", 90),  # nearly one name
        ("阳光幼儿园", 10),  # half a name, one place
    ],
)
def test_what_is_certain_keeps_its_id(name, metres):
    before = layer(("阳光第一幼儿园", 0), ("远方小学", 9_000))
    assert keep(layer((name, metres)), before) == ({name: before.sites.set_index("name")["id"]["阳光第一幼儿园"]}, [])


@pytest.mark.parametrize(("name", "metres"), [("阳光第一幼儿园", 2_100), ("阳光第一幼稚园", 120), ("月亮托育", 30)])
def test_what_is_another_site_gets_its_own_id_without_a_question(name, metres):
    now = layer((name, metres))
    assert keep(now, layer(("阳光第一幼儿园", 0))) == ({name: now.sites["id"].iloc[0]}, [])


def test_another_name_at_one_place_is_asked_and_not_guessed():
    now = layer(("月亮托育", 5))
    ids, asked = keep(now, layer(("阳光第一幼儿园", 0)))
    assert ids == {"月亮托育": now.sites["id"].iloc[0]}
    assert asked == [("月亮托育", "阳光第一幼儿园")]


def test_two_that_fit_are_asked_about_and_the_nearest_exact_one_is_taken():
    before = layer(("儿童之家", 0), ("儿童之家", 600))
    now = layer(("儿童之家", 12), ("儿童之家", 300))
    data, _ = carried(now, before, NOBODY, tiny_city())
    assert sorted(data.sites["id"]) != sorted(now.sites["id"])
    assert before.sites["id"].isin(data.sites["id"]).sum() == 2  # 12 m is measured anew; of what is left only one pair can be meant
    now = layer(("儿童之家", 300), ("儿童之家", 900))
    assert {value for value, _ in keep(now, before)[1]} == {"儿童之家"}


def test_ids_of_the_department_are_never_touched():
    now = layer(("阳光第一幼儿园", 40, "D7"))
    assert keep(now, layer(("阳光第一幼儿园", 0))) == ({"阳光第一幼儿园": "D7"}, [])


def test_a_department_s_id_goes_on_where_the_column_was_lost():
    assert keep(layer(("阳光第一幼儿园", 40)), layer(("阳光第一幼儿园", 0, "D7"))) == ({"阳光第一幼儿园": "D7"}, [])


def test_a_person_s_word_is_kept_either_way():
    before, now = layer(("阳光第一幼儿园", 0)), layer(("月亮托育", 5))
    old, new = before.sites["id"].iloc[0], now.sites["id"].iloc[0]
    for verdict, site in (("same", old), ("different", new)):
        made = Decision(("childcare", old), "", ("childcare", new), "", verdict)
        assert keep(now, before, Decisions({made.pair: made})) == ({"月亮托育": site}, [])
    made = Decision(("childcare", old), "", ("childcare", layer(("阳光第一幼儿园", 300)).sites["id"].iloc[0]), "", "different")
    assert keep(layer(("阳光第一幼儿园", 300)), before, Decisions({made.pair: made}))[1] == []


ROWS = st.lists(st.tuples(st.sampled_from(("阳光园", "阳光二园", "月亮托育", "儿童之家")), st.integers(0, 40).map(lambda n: n * 25)), max_size=6, unique=True)


@settings(max_examples=25)
@given(ROWS, ROWS, st.randoms(use_true_random=False))
def test_order_means_nothing_and_again_changes_nothing(new, old, shuffle):
    now, before = layer(*new), layer(*old)
    if now.sites["id"].duplicated().any() or before.sites["id"].duplicated().any():
        return
    once, asked = carried(now, before, NOBODY, tiny_city())
    turned = layer(*shuffle.sample(new, len(new))), layer(*shuffle.sample(old, len(old)))
    other, asked_again = carried(*turned, NOBODY, tiny_city())
    assert dict(zip(once.sites["id"], once.sites.geometry.x, strict=True)) == dict(zip(other.sites["id"], other.sites.geometry.x, strict=True))
    assert {f.facts["pair"] for f in asked} == {f.facts["pair"] for f in asked_again}
    again, _ = carried(once, before, NOBODY, tiny_city())
    assert again.sites["id"].tolist() == once.sites["id"].tolist()
    assert once.sites["id"].is_unique


@settings(max_examples=25)
@given(ROWS, ROWS)
def test_matching_is_the_same_both_ways(new, old):
    now, before = layer(*new), layer(*old)
    if now.sites["id"].duplicated().any() or before.sites["id"].duplicated().any():
        return
    there, back = carried(now, before, NOBODY, tiny_city())[0], carried(before, now, NOBODY, tiny_city())[0]
    forth = {(a, b) for a, b in zip(_by_place(now), _by_place(there), strict=True) if a != b}
    assert {(b, a) for a, b in zip(_by_place(before), _by_place(back), strict=True) if a != b} == forth


def _by_place(data):
    return data.sites.assign(x=data.sites.geometry.x).sort_values(["name", "x"])["id"].tolist()
