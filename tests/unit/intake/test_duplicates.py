"""Which sites are perhaps one, and what a person's decision makes of them."""

from __future__ import annotations

from itertools import permutations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from cfmap.intake import decisions, duplicates
from cfmap.intake.decisions import Decision, Decisions
from cfmap.intake.duplicates import Found
from cfmap.intake.names import core, plain, similarity
from cfmap.model import InputError

LON, LAT = 123.0, 28.0
METRE = 1 / 98_300  # degrees of longitude at 28 N, near enough


def at(site, name, metres, source="data/a.xlsx", layer="childcare"):
    return Found(layer, site, name, source, f"{source} {int(site[1:]) + 1}", shapely.Point(LON + metres * METRE, LAT))


def codes(*sites, decided=None):
    return [(f.code, f.facts["pair"][1], f.facts["pair"][4]) for f, _, _ in duplicates.within(sites, decided or Decisions())]


def decide(verdict, *pair, layer="childcare"):
    made = Decision((layer, pair[0]), "甲", (layer, pair[1]), "乙", verdict)
    return Decisions({made.pair: made})


@pytest.mark.parametrize(("metres", "found"), [(0, ["W244"]), (49, ["W244"]), (51, [])])
def test_one_name_within_fifty_metres(metres, found):
    assert [c for c, _, _ in codes(at("A1", "甲园", 0), at("A2", "甲 园", metres))] == found


@pytest.mark.parametrize(("metres", "found"), [(0, ["W270"]), (4.9, ["W270"]), (5.2, [])])
def test_one_place_under_two_names(metres, found):
    assert [c for c, _, _ in codes(at("A1", "甲园", 0), at("A2", "乙园", metres))] == found


def test_a_building_full_of_sites_is_not_a_heap_of_doubts():
    assert codes(*(at(f"A{n}", f"{n}号室", 0) for n in range(12))) == []


def test_map_tags_and_events_are_not_compared_by_place():
    assert codes(at("A1", "甲园", 0), at("A2", "乙园", 1, source=duplicates.MAPPED)) == []
    assert codes(at("A1", "甲", 0, layer="events"), at("A2", "乙", 1, layer="events")) == []


@pytest.mark.parametrize("verdict", ["same", "different"])
@pytest.mark.parametrize("pair", [("A1", "A2"), ("A2", "A1")])
def test_what_was_decided_is_not_asked_again(verdict, pair):
    sites = at("A1", "甲园", 0), at("A2", "甲园", 10), at("A3", "甲园", 20)
    left = codes(*sites, decided=decide(verdict, *pair))
    assert ("W244", "A1", "A2") not in left
    assert ("W244", "A1", "A3") in left


@given(st.lists(st.tuples(st.sampled_from("甲乙丙"), st.integers(0, 60)), max_size=7, unique=True))
def test_pairs_in_doubt_are_the_same_whatever_the_order(rows):
    sites = [at(f"A{n}", name, metres) for n, (name, metres) in enumerate(rows)]
    every = {(c, frozenset((a, b))) for c, a, b in codes(*sites) if c == "W270"}
    for order in list(permutations(sites))[:6]:
        assert {(c, frozenset((a, b))) for c, a, b in codes(*order) if c == "W270"} == every


@given(st.lists(st.tuples(st.sampled_from("ABCDE"), st.sampled_from("ABCDE")), max_size=8))
def test_of_sites_that_are_one_exactly_one_stays_and_merging_again_changes_nothing(pairs):
    made = [Decision(("x", a), a, ("x", b), b, "same") for a, b in pairs if a != b]
    decided = Decisions({d.pair: d for d in made})
    stays = duplicates.merged("ABCDE", decided, "x")
    left = [s for s in "ABCDE" if s not in stays]
    assert set(stays.values()) <= set(left)
    assert duplicates.merged(left, decided, "x") == {}
    for d in made:
        assert stays.get(d.one[1], d.one[1]) == stays.get(d.other[1], d.other[1])


NAMES = st.text(alphabet="浙江省瑞安市第一二小学幼儿园（）东分 a-1", max_size=14)


@given(NAMES, NAMES)
def test_similarity_is_symmetric_and_between_nought_and_one(one, other):
    assert similarity(one, other) == similarity(other, one)
    assert 0 <= similarity(one, other) <= 1
    assert similarity(one, one) == 1


@given(NAMES)
def test_a_plain_name_is_plain(name):
    assert plain(plain(name)) == plain(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [("浙江省瑞安市第一幼儿园", "第一幼儿园"), ("小太阳托育有限公司", "小太阳托育"), ("中心小学（东校区）", "中心小学(东校区)"), ("ＡＢＣ 乐园", "abc乐园")],
)
def test_what_is_written_otherwise_is_the_same_name(one, other):
    assert core(one) == core(other)
    assert similarity(one, other) == 1


def test_decisions_are_kept_and_the_newer_one_wins(tmp_path):
    from tests.factories import tiny_city

    city = tiny_city(tmp_path)
    assert decisions.read(city).by_pair == {}
    one = Decision(("childcare", "007"), "甲园", ("childcare", "1E5"), "乙园", "same")
    assert decisions.remember(city, [one]) == 1
    assert decisions.remember(city, [one]) == 0
    assert decisions.read(city).of(("childcare", "1E5"), ("childcare", "007")) == "same"
    decisions.remember(city, [Decision(one.other, "", one.one, "", "different")])
    assert decisions.read(city).of(one.one, one.other) == "different"
    text = (tmp_path / decisions.FILE).read_text(encoding="utf-8-sig")
    (tmp_path / decisions.FILE).write_text(text.replace("不是同一处", "大概"), encoding="utf-8-sig")
    with pytest.raises(InputError) as raised:
        decisions.read(city)
    assert [(f.code, f.row, f.value) for f in raised.value.faults] == [("E293", 2, "大概")]
