"""The mending list: what schools need, in which order, and that doing it makes them safe - and nothing less does."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace

import pytest

from cfmap import mend
from cfmap.coverage import perimeter, school_summary
from cfmap.coverage.perimeter import Subjects, school_doors
from cfmap.intake.edits import read_edits, written
from cfmap.model import InputError
from cfmap.model.city import City
from cfmap.planning.mending import actions, edits, outcome
from tests.unit.coverage.drawn import drawn, places, street

# Two schools on one street 200 m apart, a third alone on another:
#
#   A-----a----B----b-----C      育才路: sidewalk on both sides, no limit known; signals before a alone
#   D-----d-----E                和平路: limit 30, lit, sidewalk on neither side; signals
NETWORK = drawn(
    street((0, 0), (400, 0), (600, 0), (1000, 0), name="育才路", sidewalk="both", lanes="4"),
    street((0, 3000), (400, 3000), (800, 3000), name="和平路", sidewalk="no", maxspeed="30", lanes="2"),
    crossings=[((410, 0), "signalled"), ((410, 3000), "signalled")],
)
SCHOOLS = places(a=(400, 20), b=(600, 20), d=(400, 3020)).assign(name=["一小", "二小", "三小"], status="在用", pupils=[300, 100, None])
SCHOOLS["pupils"] = SCHOOLS["pupils"].astype("Int64")
ROADS = {1: "育才路", 2: "和平路"}


@pytest.fixture(scope="module")
def before():
    return perimeter(NETWORK, SCHOOLS)


def after(told):
    return perimeter(NETWORK, SCHOOLS, answers=told)


def test_what_each_school_needs_is_ranked_by_whom_it_helps(before):
    """The limit on 育才路 alone makes a safe (300 pupils) and is half of what b needs; d's sidewalk makes d safe; then b's crossing."""
    found = actions(before, SCHOOLS, roads=ROADS)
    assert [(a.item, a.road, a.side, a.schools, a.alone, a.known, a.share) for a in found] == [
        ("B", "育才路", "", ("a", "b"), ("a",), False, 300 + 100 / 2),  # nobody knows the limit: look first
        ("A", "和平路", "left", ("d",), ("d",), True, 1),  # a school that does not say how many pupils it has counts as one
        ("C", "育才路", "", ("b",), (), False, 100 / 2),
    ]
    assert [a.pupils for a in found[::2]] == [400, 100]
    assert math.isnan(found[1].pupils)
    mixed = actions(before.sample(frac=1, random_state=3), SCHOOLS.iloc[::-1], roads=ROADS)
    assert [a.subjects for a in mixed] == [a.subjects for a in found]


def test_doing_all_that_a_school_needs_makes_it_safe_and_nothing_less_does(before):
    found = actions(before, SCHOOLS, roads=ROADS)
    for school in ("a", "b", "d"):
        needed = [a for a in found if school in a.schools]
        assert school_summary(after(edits(needed)), SCHOOLS).at[school, "state"] == "safe"
        for left in needed:
            rest = [a for a in needed if a is not left]
            assert school_summary(after(edits(rest)), SCHOOLS).at[school, "state"] != "safe", (school, left)


def test_before_and_after_are_counted_from_the_same_tables(before):
    found = actions(before, SCHOOLS, roads=ROADS)
    result = outcome(before, after(edits([found[1]])), SCHOOLS)
    assert result.turned() == ["d"]
    assert result.interval(after=False)[2:] == (0, 2, 3)
    assert result.interval(after=True)[2:] == (1, 3, 3)
    assert result.interval(after=True)[0] > result.interval(after=False)[0]
    everything = outcome(before, after(edits(found)), SCHOOLS)
    assert everything.interval(after=True) == (100.0, 100.0, 3, 3, 3)


def test_a_street_where_calming_stands_in_needs_no_limit():
    calmed = drawn(street((0, 0), (400, 0), (1000, 0), sidewalk="both", lanes="2", traffic_calming="hump"), crossings=[((400, 0), "signalled")])
    schools = places(a=(400, 20)).assign(name="一小", status="在用")
    assert actions(perimeter(calmed, schools), schools) == []
    strict = actions(perimeter(calmed, schools, rule_set="strict"), schools, rule_set="strict")
    assert {a.item for a in strict} == {"B", "D", "E"}


def test_edits_come_back_as_they_went_out(before, tmp_path):
    path = tmp_path / "整改.csv"
    proposed = edits(actions(before, SCHOOLS, roads=ROADS))
    path.write_bytes(written((answer, ("1", "修", "育才路", "一小")) for answer in proposed))
    known = Subjects(NETWORK, school_doors(NETWORK, SCHOOLS)[0]).has
    read = read_edits(path, known=known)
    assert read.faults == ()
    assert [replace(a, id="") for a in read.answers] == [replace(a, id="") for a in proposed]
    bad = path.read_text("utf-8-sig").splitlines()
    path.write_text("\n".join([bad[0], "9/9-9,B 限速,,限速,30", bad[1].replace("限速,30", "限速,999"), *bad[2:]]), "utf-8")
    read = read_edits(path, known=known)
    assert [(f.code, f.row) for f in read.faults] == [("W294", 2), ("W296", 3)]
    assert len(read.answers) == len(proposed) - 1
    for content, code in (("甲,乙\n1,2\n", "E295"), (None, "E494")):
        other = tmp_path / f"{code}.csv"
        if content is not None:
            other.write_text(content, "utf-8")
        with pytest.raises(InputError) as refused:
            read_edits(other, known=known)
        assert [f.code for f in refused.value.faults] == [code]


def test_proposals_are_written_and_can_be_tried_out(monkeypatch, tmp_path):
    city = City.model_validate({"root": str(tmp_path), "city": {"name": "-"}, "edition": {"year": 2026}, "network": {"source": "-"}})
    layer = SimpleNamespace(sites=SCHOOLS, footprints=None)
    asked = SimpleNamespace(city=city, network=NETWORK, layer=layer, gates=None, answers=(), faults=())
    monkeypatch.setattr(mend, "schools_of", lambda *_, **__: asked)
    monkeypatch.setattr("cfmap.coverage.rules.sites_in_use", lambda data: (data.sites, []))
    made = mend.propose(tmp_path)
    assert made.file == tmp_path / "output" / "mending" / "整改清单.csv"
    zh, en = (made.printed(lang, top=2) for lang in ("zh", "en"))
    assert zh[0].startswith("  1  立限速牌　育才路")
    assert zh[0].endswith("现状不清楚，先去看")
    assert zh[1].strip() == "2 所学校需要（一小、二小），在校生 400 人；做了这一条，其中 1 所就安全了"
    assert zh[-1] == "改了以后：安全路段 100.0 %，安全的学校 3 所，共 3 所"
    assert en[-1] == "after: safe 100.0 % of the length, 3 of 3 schools"
    assert made.record()["actions"][0]["alone"] == ["a"]
    lines = made.file.read_text("utf-8-sig").splitlines()
    made.file.write_text("\n".join([lines[0], *[line for line in lines if "和平路" in line]]), "utf-8-sig")
    tried = mend.try_out(made.file, tmp_path)
    assert tried.tried == 1
    assert tried.outcome.turned() == ["d"]
    assert "变成安全：三小" in tried.printed("zh", top=3)
