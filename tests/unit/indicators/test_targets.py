"""What is said about a target: met, short, or why it cannot be told; readings; reports; plans that have ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cfmap.indicators.target_rules import Found
from cfmap.indicators.targets import evaluate, figure, goal, judge, number, summary, unjudged
from cfmap.model.city import TargetsSection
from cfmap.model.ledgers import standard_ledger, standard_ledgers
from cfmap.model.target import STATUS_WORDS, Binding, Plan, Reported, Statistic, Target
from tests.factories import tiny_city
from tests.unit.indicators.test_target_rules import edition

PLAN = Plan("p", "示例市", "示例计划", "示文〔2022〕1号", 2022, 2024, ())
PILOTS = Binding("steps", {"schools": {"pilot": "试点"}}, first=5, step=5)


def target(value=10.0, operator=">=", **more):
    binding = more.pop("binding", Binding("count", {"schools": {}}))
    return Target(
        "t1",
        "儿童友好学校",
        "A",
        str(value),
        "所",
        "2024",
        "一",
        value,
        operator=operator if value is not None or binding.first else "",
        binding=binding,
        due=2024,
        **more,
    )


def said(t, f, *, reading=None, told=None, year=2024):
    return judge(PLAN, t, f, year=year, settings=reading or TargetsSection(), told=told)


def found(now=None, lower=None, upper=None, missing=()):
    return Found(("怎么算", "how"), now, lower, upper, missing)


@pytest.mark.parametrize(
    ("operator", "found_", "status"),
    [
        (">=", found(10), "met"),
        (">=", found(9.9), "short"),
        (">=", found(lower=10, upper=20), "met"),
        (">=", found(lower=1, upper=9), "short"),
        (">=", found(lower=9, upper=10), "cannot tell"),
        (">=", found(lower=3), "cannot tell"),
        (">=", found(lower=12), "met"),
        (">=", found(upper=9), "short"),
        (">=", found(), "cannot tell"),
        (">", found(10), "short"),
        ("<=", found(10), "met"),
        ("<=", found(lower=5, upper=12), "cannot tell"),
        ("<", found(10), "short"),
        ("<", found(lower=11, upper=12), "short"),
    ],
)
def test_a_share_with_bounds_is_met_or_short_only_when_both_bounds_say_so(operator, found_, status):
    assert said(target(operator=operator), found_).status == status


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100))
def test_bounds_never_say_what_the_number_between_them_would_not(a, b, between):
    low, high = min(a, b), max(a, b)
    if low <= between <= high:
        sure, wide = said(target(50.0), found(between)), said(target(50.0), found(lower=low, upper=high))
        assert wide.status in (sure.status, "cannot tell")


def test_gap_and_words():
    short = said(target(), found(7))
    assert (short.gap, short.goal) == (3, 10)
    assert short.reason[0] == "现为 7 所；还差 3 所"
    assert said(target(), found(12)).gap == 0
    later = said(replace(target(), due=2025), found(7))
    assert "2025 年到期，还没有到" in later.reason[0]
    bounded = said(target(), found(lower=1, upper=6, missing=(("2 处空着", "2 empty"),)))
    assert (bounded.gap, "至少还差 4 所" in bounded.reason[0]) == (None, True)
    assert figure(bounded) == "1–6"
    assert [number(v) for v in (17000.0, 8.4704, 0.008, 95.6522, 0.0)] == ["17,000", "8.47", "0.008", "95.65", "0"]


def test_without_a_number_in_the_text_only_the_state_is_listed():
    result = said(target(None), found(13))
    assert (result.status, result.now, result.goal) == ("cannot tell", 13, None)
    assert "文件没有给数" in result.reason[0]
    anything = said(target(None), found(13), reading=TargetsSection(no_number="any"))
    assert (anything.status, anything.goal) == ("met", 1)
    assert "读作至少有一处" in anything.reading[0]


@pytest.mark.parametrize(
    ("reading", "year", "wanted"),
    [("total", 2022, 5), ("total", 2024, 15), ("each_year", 2024, 5), ("rising", 2023, 15), ("rising", 2024, 30), ("total", 2030, 15)],
)
def test_yearly_growth_is_read_as_the_settings_say(reading, year, wanted):
    value, read = goal(PLAN, target(None, binding=PILOTS), year=year, settings=TargetsSection(growth=reading))
    assert value == wanted
    assert "逐年增长" in read[0][0]


def test_read_by_the_year_alone_only_new_ones_count():
    rows = [{"pilot": "试点", "year": 2022}] * 5 + [{"pilot": "试点", "year": 2024}] * 4
    plan = replace(PLAN, targets=(target(None, binding=PILOTS),))
    of = edition(schools=rows)
    (total,) = evaluate([plan], of)
    assert (total.status, total.now, total.goal, total.gap) == ("short", 9, 15, 6)
    yearly = replace(of, city=of.city.model_copy(update={"targets": TargetsSection(growth="each_year")}))
    (each,) = evaluate([plan], yearly)
    assert (each.now, each.goal) == (4, 5)


def test_soft_words_ranges_and_years_of_a_head_are_read_in_the_open():
    soft = replace(target(100.0), softened="basically", head=True)
    value, read = goal(PLAN, soft, year=2024, settings=TargetsSection(basically=95))
    assert value == 95
    assert "“基本”读作达到所写数的 95%" in read[0][0]
    assert "年份随段首" in read[1][0]
    assert goal(PLAN, replace(soft, softened="about"), year=2024, settings=TargetsSection())[0] == 100
    assert "区间取下端" in goal(PLAN, replace(target(8.0), upto=10.0), year=2024, settings=TargetsSection())[1][0][0]


def report(value, *, text="", evidence="data/证据.pdf"):
    return {"t1": Reported("t1", value, text, date(2024, 6, 30), evidence, "", "data/2024/目标填报.xlsx · 教育局", 4)}


def test_what_a_unit_reports_is_repeated_and_stays_unchecked():
    told_only = target(binding=Binding("reported"))
    assert said(told_only, found(), told={}).status == "not reported"
    result = said(told_only, found(), told=report(12.0))
    assert (result.status, result.now, result.gap, result.data_date) == ("reported, unchecked", 12, 0, "2024-06-30")
    assert result.sources == ("data/2024/目标填报.xlsx · 教育局", "data/证据.pdf")
    assert "没有附证据" in said(told_only, found(), told=report(7.0, evidence="")).reason[0]
    words = said(replace(told_only, value=None, operator=""), found(), told=report(None, text="完成"))
    assert (words.status, words.now) == ("reported, unchecked", None)
    assert "完成" in words.reason[0]


def test_a_report_never_overrules_the_data():
    result = said(target(), found(7), told=report(12.0))
    assert (result.status, result.now) == ("short", 7)
    assert "单位上报 12，和数据算出来的不一致" in result.reason[0]
    unsure = said(target(), found(lower=8, upper=15, missing=(("7 处空着", "7 empty"),)), told=report(12.0))
    assert (unsure.status, unsure.now, unsure.lower, unsure.upper) == ("reported, unchecked", 12, 8, 15)


def test_what_nobody_was_asked_is_not_spatial():
    told_only = replace(target(binding=Binding("reported")), tier="C")
    assert said(told_only, found(), told=None).status == "not spatial"
    assert said(told_only, found(), told={}).status == "not reported"
    assert said(replace(told_only, tier="A"), found(), told=None).status == "not reported"


def test_a_plan_that_has_ended_keeps_the_result_of_its_last_year():
    rows = [{"year": 2022}] * 7 + [{"year": 2025}] * 9
    plan = replace(PLAN, targets=(target(),))
    of = replace(edition(year=2026, schools=rows), city=tiny_city(edition={"year": 2026, "editions": [2024, 2025, 2026]}))
    (result,) = evaluate([plan], of)
    assert (result.status, result.judged, result.now, result.final_year) == ("expired", "short", 7, 2024)
    assert "计划 2024 年到期，最后结果：未达到（7）" in result.reason[0]
    people = replace(plan, targets=(target(binding=Binding("people_reach", {"schools": {}}, people="residents")),))
    (then,) = evaluate([people], of)
    assert (then.status, then.judged, then.now) == ("expired", "cannot tell", None)
    assert "没有找到 2024 年版的台账" in then.reason[0]
    stated = said(people.targets[0], found(93.0))
    (kept,) = evaluate([people], of, finals={"t1": stated})
    assert (kept.judged, kept.now) == ("met", 93)


def test_every_row_of_every_ledger_is_answered_and_none_is_dropped():
    for key in standard_ledgers():
        plan = standard_ledger(key)
        bare = evaluate([plan], replace(edition(), coverages=(), perimeter=None, population=None, towns=None))
        assert [r.target.id for r in bare] == [t.id for t in plan.targets]
        for result in (*bare, *unjudged(plan)):
            assert result.status in STATUS_WORDS
            assert result.reason[0]
            assert result.reason[1]
            assert result.now is None or result.target.binding.rule == "edition", "nothing is known of anything, so nothing is 0"
            record = result.record()
            assert {"id", "item", "tier", "target", "unit", "year", "clause", "status", "now", "gap"} <= set(record)


def synthetic():
    """An edition with every layer that a ledger names, all cells filled in, and statistics of everything."""
    from cfmap.model.layers import standard_layers

    fill = {"yesno": "是", "integer": 12, "number": 200000.0, "year": 2024, "text": "甲社区", "date": "2024-05-01"}

    def row(layer, n):
        values = {f.key: fill.get(f.kind) or (f.vocabulary[n % len(f.vocabulary)] if f.vocabulary else "x") for f in layer.fields}
        values |= {"facilities": "急救箱", "fee": "免费"} | ({"name": "甲社区"} if layer.key == "communities" else {})
        return values | {"year": 2024 if n % 3 == 0 else 2022}

    layers = {key: [row(layer, n) for n in range(6)] for key, layer in standard_layers().items()}
    from cfmap.model.target import STATISTICS

    statistics = [Statistic(town, s, 100.0, 2024, "统计年鉴") for s in STATISTICS for town in ("", "东镇", "西镇")]
    return edition(**layers), statistics


def test_most_of_tier_a_is_computed_from_full_data():
    of, statistics = synthetic()
    results = [r for key in standard_ledgers() for r in evaluate([standard_ledger(key)], of, statistics=statistics)]
    tier_a = [r for r in results if r.target.tier == "A"]
    computed = [r for r in tier_a if r.known]
    assert len(tier_a) == 155
    assert len(computed) >= 120, sorted({r.target.id for r in tier_a} - {r.target.id for r in computed})
    assert sum(r.target.id.startswith("ruian") for r in computed) >= 40
    assert all(
        r.reason[0] and (r.status != "cannot tell" or "没有" in r.reason[0] or "空" in r.reason[0] or "上限" in r.reason[0] or "下限" in r.reason[0])
        for r in tier_a
    )
    counts = summary(results)
    assert sum(tier["all"] for tier in counts.values()) == 295
    assert all(sum(tier[s] for s in STATUS_WORDS) == tier["all"] for tier in counts.values())


# -- properties ------------------------------------------------------------------------------------------------------

PILOT = st.sampled_from(["试点", "已命名", "否", None])
ROW = st.fixed_dictionaries({"pilot": PILOT, "year": st.sampled_from([2021, 2023, 2024, None]), "after_school": st.sampled_from(["是", "否", None])})
BOUND = (
    Binding("count", {"schools": {"pilot": "试点|已命名"}}),
    Binding("new", {"schools": {"pilot": "试点|已命名"}}),
    Binding("share", {"schools": {"pilot": "试点|已命名"}}, having={"after_school": "是"}),
)


@settings(max_examples=12)
@given(st.lists(ROW, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(rows, order):
    named = [{**row, "id": f"s{n}", "name": f"校{n}"} for n, row in enumerate(rows)]
    mixed = list(named)
    order.shuffle(mixed)
    plan = replace(PLAN, targets=tuple(replace(target(binding=b), id=b.rule) for b in BOUND))
    one, other = evaluate([plan], edition(schools=named)), evaluate([plan], edition(schools=mixed))
    assert [r.record() for r in one] == [r.record() for r in other]


@settings(max_examples=12)
@given(st.lists(ROW, min_size=1, max_size=6), ROW)
def test_one_site_more_never_lowers_a_count(rows, more):
    plan = replace(PLAN, targets=tuple(replace(target(binding=b), id=b.rule) for b in BOUND[:2]))

    def ends(some):
        return [(r.now, r.now) if r.now is not None else (r.lower, r.upper) for r in evaluate([plan], edition(schools=some))]

    for (low, high), (low2, high2) in zip(ends(rows), ends([*rows, more]), strict=True):
        assert low2 >= low
        assert high2 >= high
