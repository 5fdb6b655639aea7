"""The mending list: what schools need, in which order, and that doing it makes them safe - and nothing less does."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from cfmap import mend
from cfmap.coverage import perimeter, school_summary
from cfmap.coverage.perimeter import Subjects, school_doors
from cfmap.intake.edits import read_edits, written
from cfmap.model import ConfigError, InputError
from cfmap.model.city import City
from cfmap.model.mending import MendingRules
from cfmap.pipeline import Schools
from cfmap.planning.heads import Heads, heads_of, on_roll
from cfmap.planning.mending import actions, edits
from cfmap.planning.stand import Outcome, stand
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
    """The limit on 育才路 alone makes a safe (300 pupils) and is half of what b needs; d counts as the median of the others, 200; then b's crossing."""
    found = actions(before, SCHOOLS, roads=ROADS)
    assert [(a.item, a.road, a.side[0], a.schools, a.alone, a.turned, a.known, a.share) for a in found] == [
        ("B", "育才路", "", ("a", "b"), ("a",), ("a",), False, 300 + 100 / 2),  # nobody knows the limit: look first
        ("A", "和平路", "北侧", ("d",), ("d",), ("d",), True, 200),
        ("C", "育才路", "", ("b",), (), ("b",), False, 100 / 2),
    ]
    assert {place.side for place in found[1].places} == {"left"}
    assert not any(a.spare for a in found)
    mixed = actions(before.sample(frac=1, random_state=3), SCHOOLS.iloc[::-1], roads=ROADS)
    assert [a.places for a in mixed] == [a.places for a in found]


def test_what_a_school_does_not_say_is_unknown_and_no_zero():
    heads = Heads(on_roll(SCHOOLS), {"b": 70.0, "d": 30.0})
    assert heads.on_roll(["a", "b", "d"]) == (400, 1)
    assert heads.on_roll(["d"])[1] == 1
    assert heads.on_roll(["d"])[0] != heads.on_roll(["d"])[0]  # NaN
    assert heads.nearest(["a", "d"]) == (30, 1)
    assert heads.weights(["a", "b", "d"]) == {"a": 300, "b": 100, "d": 30}
    assert Heads(on_roll(SCHOOLS)).weights(["a", "b", "d"]) == {"a": 300, "b": 100, "d": 200}
    assert Heads().weights(["a"]) == {"a": 1}


def test_children_go_to_the_nearest_school_that_takes_their_age():
    """c1 is nearer to b, c2 to a; of c3, near d, one age group is not known, so that d's number is not; nobody is near to nothing."""
    homes = places(c1=(650, 0), c2=(380, 0), c3=(390, 3000)).assign(pop_6_11=[20, 7, 5], pop_12_14=[10, 0, None]).set_index("id")
    doors, sources = school_doors(NETWORK, SCHOOLS)
    assert len(doors) == 3
    people = SimpleNamespace(points=homes)
    assert heads_of(NETWORK, SCHOOLS, sources, people, limit_m=1500).children == {"a": 7, "b": 30}
    primary = SCHOOLS.assign(stage=["小学", "小学", "小学"])
    assert heads_of(NETWORK, primary, sources, people, limit_m=1500).children == {"a": 7, "b": 20, "d": 5}
    assert heads_of(NETWORK, SCHOOLS, sources, None, limit_m=1500) == Heads({"a": 300, "b": 100})
    small = SimpleNamespace(points=homes.assign(pop_3_5=[3, 4, None]))
    assert heads_of(NETWORK, primary, sources, small, limit_m=1500, column="pop_3_5").children == {"a": 4, "b": 3}
    assert heads_of(NETWORK, primary, sources, people, limit_m=1500, column="pop_3_5").children == {}


def test_lighting_and_signs_are_on_the_strict_list_only(before):
    assert {a.item for a in actions(before, SCHOOLS, roads=ROADS)} == {"A", "B", "C"}
    strict = perimeter(NETWORK, SCHOOLS, rule_set="strict")
    found = actions(strict, SCHOOLS, roads=ROADS, rule_set="strict")
    assert {a.item for a in found} == {"A", "B", "C", "D", "E"}
    done = perimeter(NETWORK, SCHOOLS, rule_set="strict", answers=edits(found))
    assert set(done["state"]) == set(done["state_strict"]) == {"safe"}


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
    now, one, whole = (stand(table, SCHOOLS) for table in (before, after(edits([found[1]])), after(edits(found))))
    assert Outcome(now, one).turned() == ["d"]
    assert now.interval()[2:] == (0, 2, 3)
    assert one.interval()[2:] == (1, 3, 3)
    assert one.interval()[0] > now.interval()[0]
    assert whole.interval() == (100.0, 100.0, 3, 3, 3)


def test_a_street_where_calming_stands_in_needs_no_limit():
    calmed = drawn(street((0, 0), (400, 0), (1000, 0), sidewalk="both", lanes="2", traffic_calming="hump"), crossings=[((400, 0), "signalled")])
    schools = places(a=(400, 20)).assign(name="一小", status="在用")
    assert actions(perimeter(calmed, schools), schools) == []
    strict = actions(perimeter(calmed, schools, rule_set="strict"), schools, rule_set="strict")
    assert {a.item for a in strict} == {"B", "D", "E"}


def test_edits_come_back_as_they_went_out(before, tmp_path):
    path = tmp_path / "整改.csv"
    proposed = edits(actions(before, SCHOOLS, roads=ROADS))
    path.write_bytes(written((answer, ("1", "修", "育才路北侧", "一小旁边", "一小", "")) for answer in proposed))
    known = Subjects(NETWORK, school_doors(NETWORK, SCHOOLS)[0]).has
    read = read_edits(path, known=known)
    assert read.faults == ()
    assert [replace(a, id="") for a in read.answers] == [replace(a, id="") for a in proposed]
    bad = path.read_text("utf-8-sig").splitlines()
    path.write_text("\n".join([bad[0], "9/9-9,B 限速,,限速,30", bad[1].replace("限速,30", "限速,999"), *bad[2:]]), "utf-8")
    read = read_edits(path, known=known)
    assert [(f.code, f.row) for f in read.faults] == [("W294", 2), ("W296", 3)]
    assert len(read.answers) == len(proposed) - 1
    path.write_text("\n".join([*bad, bad[1].replace("限速,30", "限速,20")]), "utf-8")  # one limit twice, and two of them
    read = read_edits(path, known=known)
    assert [(f.code, f.row) for f in read.faults] == [("W298", len(bad) + 1)]
    assert len(read.answers) == len(proposed) - 1
    nothing = f"{bad[0]}\n9/9-9,B 限速,,限速,30\n"
    for content, code in (("甲,乙\n1,2\n", "E296"), (nothing, "W294"), (None, "E494")):
        other = tmp_path / f"{code}.csv"
        if content is not None:
            other.write_text(content, "utf-8")
        with pytest.raises(InputError) as refused:
            read_edits(other, known=known)
        assert [f.code for f in refused.value.faults] == [code]


def test_proposals_are_written_and_can_be_tried_out(monkeypatch, tmp_path):
    city = City.model_validate({"root": str(tmp_path), "city": {"name": "-"}, "edition": {"year": 2026}, "network": {"source": "-"}})
    layer = SimpleNamespace(sites=SCHOOLS.assign(town=None), footprints=None)
    asked = Schools(city, 2026, NETWORK, layer, {"schools": layer}, None, (), ())
    monkeypatch.setattr(mend, "schools_of", lambda *_, **__: asked)
    made = mend.propose(tmp_path)
    assert made.file == tmp_path / "output" / "mending" / "整改清单.csv"
    zh, en = (made.printed(lang, top=2) for lang in ("zh", "en"))
    assert zh[:6] == [
        "先做第 1 条：一小旁边（育才路），立限速牌；现在没有资料，先去看。只差这一条，一小就安全了：在校（园）生 300 人。",
        "",
        "  1  立限速牌，育才路，460 米，一小旁边，没有资料，先去看",
        "     2 所需要（一小、二小），在校（园）生 400 人；只做这一条，其中 1 所就安全了",
        "  2  修人行道，和平路北侧，260 米，三小旁边",
        "     1 所需要（三小），孩子多少不知道；只做这一条就安全了",
    ]
    assert zh[-3:] == [
        "现在：安全路段 0–63.9%，安全的学校、幼儿园 0–2 所，共 3 所",
        "做前 1 条：安全路段 27.8–63.9%，安全的学校、幼儿园 1–2 所，共 3 所",
        "3 条全做：安全路段 100%，安全的学校、幼儿园 3 所，共 3 所",
    ]
    assert en[4] == "  2  build a sidewalk; 和平路, north side; 260 m; beside 三小"
    assert en[-1] == "after all 3: safe 100% of the length, 3 of 3 schools"
    assert made.record()["actions"][0]["alone"] == ["a"]
    lines = made.file.read_text("utf-8-sig").splitlines()
    made.file.write_text("\n".join([lines[0], *[line for line in lines if "和平路" in line]]), "utf-8-sig")
    tried = mend.try_out(made.file, tmp_path)
    assert tried.tried == 1
    assert tried.outcome.turned() == ["d"]
    assert "变成安全：三小" in tried.printed("zh", top=3)


def test_a_budget_buys_what_makes_schools_safe_and_the_table_of_it_does(monkeypatch, tmp_path):
    """2,000 for the limit that a needs, 260 m x 300 = 78,000 for d's sidewalk, 150,000 more for b: 81,000 buy a and d."""
    prices = {"speed_limit": 2000, "sidewalk_m": 300, "signals": 150_000}
    city = {"root": str(tmp_path), "city": {"name": "-"}, "edition": {"year": 2026}, "network": {"source": "-"}}
    layer = SimpleNamespace(sites=SCHOOLS.assign(town=None), footprints=None)
    told = City.model_validate(city | {"safety": {"mending": {"prices": prices}}})
    asked = Schools(told, 2026, NETWORK, layer, {"schools": layer}, None, (), ())
    monkeypatch.setattr(mend, "schools_of", lambda *_, **__: asked)
    made = mend.propose(tmp_path, budget=81_000)
    assert (sorted(made.bought.actions), made.bought.schools, made.bought.yuan) == ([0, 1], ("a", "d"), 80_000)
    zh = made.printed("zh", top=5)
    assert zh[1].endswith("；只做这一条，其中 1 所就安全了")
    assert "费用 78,000 元（260 米 × 300 元）" in zh[3]
    assert "变成安全：一小、三小" in zh
    assert zh[5:7] == [
        "预算 81,000 元：做 2 条，用 80,000 元，剩 1,000 元，2 所学校、幼儿园变成安全，在校（园）生至少 300 人",
        "其中 1 条、2,000 元现在没有资料：先去看，可能不用花",
    ]
    assert zh[-1].startswith("这些做了以后：")
    assert zh[-1].endswith("安全的学校、幼儿园 2–3 所，共 3 所")
    assert made.record()["budget"]["ranks"] == [1, 2]
    assert mend.try_out(made.file, tmp_path).outcome.turned() == ["a", "d"]  # judged anew, by the scorer
    assert mend.propose(tmp_path, budget=1).bought.actions == frozenset()
    without = Schools(City.model_validate(city), 2026, NETWORK, layer, {"schools": layer}, None, (), ())
    monkeypatch.setattr(mend, "schools_of", lambda *_, **__: without)
    with pytest.raises(ConfigError) as refused:
        mend.propose(tmp_path, budget=81_000)
    assert [f.code for f in refused.value.faults] == ["E115"]


def test_the_order_goes_by_children_or_by_schools_or_by_what_they_cost(before):
    """
    A limit makes a safe, a sidewalk d (as many as the median says: 200). By children a is first with 300; by schools both bring one, and the limit helps b
    too. By cost: d's 200 children for 2.60 yuan; then the limit (460 m at 100 yuan) with b's signals, 400 children for 46,001, is more than 300 for 46,000.
    """

    def order(**rules):
        return [a.item for a in actions(before, SCHOOLS, roads=ROADS, rules=MendingRules(**rules))]

    assert order() == order(rank="schools") == ["B", "A", "C"]
    assert order(rank="cost", prices={"speed_limit_m": 100, "sidewalk_m": 0.01, "signals": 1}) == ["A", "C", "B"]
