"""The ledgers that come with cfmap: every row of the documents, nothing changed, every row tied to what exists."""

from __future__ import annotations

import csv
import inspect
import os
import re

import pytest

from cfmap.indicators.targets import NEEDS_FIELD, NEEDS_LAYERS, NEEDS_STATISTIC, RULE_TITLES, RULES
from cfmap.model.layers import standard_layers
from cfmap.model.ledgers import inconsistencies, ledgers_of, standard_ledger, standard_ledgers
from cfmap.model.schema import SITE_COLUMNS
from cfmap.model.target import STATISTICS
from tests.conftest import DATA

PLANS = [standard_ledger(key) for key in standard_ledgers()]
TARGETS = {t.id: t for plan in PLANS for t in plan.targets}
#: Tier A, and yet nothing on the map: what the documents ask for is a report, a plan, a brand or a store of goods.
WITHOUT_LAYERS = {"ruian-032", "ruian-048", "ruian-113", "ruian-114", "changzhou-066"}
POLICY = DATA.parent / "policy"


@pytest.fixture(scope="module")
def published():
    """The table of all targets taken from the documents, row by row."""
    path = POLICY / "targets.tsv"
    if not path.is_file():
        reason = f"{path.name} is not there: set CFMAP_TEST_DATA; the policy texts lie beside that folder"
        (pytest.fail if os.environ.get("CFMAP_REQUIRE_DATA") else pytest.skip)(reason)
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_every_row_of_the_documents_is_there_once_and_no_other(published):
    assert [row["id"] for row in published] == sorted(TARGETS, key=[row["id"] for row in published].index)
    assert len(TARGETS) == sum(len(plan.targets) for plan in PLANS) == 295


def test_facts_are_those_of_the_documents(published):
    for row in published:
        target = TARGETS[row["id"]]
        assert (target.tier, target.target, target.unit, target.year, target.clause) == tuple(
            row[c] for c in ("tier", "target_value", "unit", "year", "clause")
        ), row["id"]
        assert next(p.city for p in PLANS if target in p.targets) == row["city"]


def test_numbers_and_comparisons_of_tier_a_are_those_of_the_documents(published):
    for row in (r for r in published if r["tier"] == "A"):
        target, binding = TARGETS[row["id"]], TARGETS[row["id"]].binding
        said = [float(n) for n in re.findall(r"\d+(?:\.\d+)?", re.sub(r"到?20\d\d年?", "", row["target_value"]))]
        if binding.first is not None:
            assert said == [binding.first, binding.step]
        elif binding.names and target.value is not None:
            assert sum(said) == target.value == len(binding.names), row["id"]
        elif target.value is None:
            assert "无数" in row["target_value"] or not said or row["unit"] in ("分钟", "场所"), row["id"]
        elif binding.rule in ("share", "presence") and row["unit"].startswith(("名/", "个/", "所/")):
            assert target.value == 100, "one for each is asked of all of them"
        elif row["target_value"].startswith("首批"):
            assert target.value == said[-1]
        elif binding.rule == "growth" and not said:
            assert (target.operator, target.value) == (">", 0)
        else:
            assert [v for v in (target.value, target.upto) if v is not None] == said, row["id"]
        operator = re.match(r">=|<=|>|<", row["target_value"])
        assert not operator or target.operator == operator[0], row["id"]


def test_no_sentence_of_a_document_was_copied(published):
    for row in published:
        target = TARGETS[row["id"]]
        assert len(target.item) <= 40
        assert not re.search(r"[。；]", target.item)
        if len(row["quote"]) > 12:
            assert row["quote"] not in (target.item, target.target)


def test_lead_units_are_named_in_the_documents(published):
    for plan in PLANS:
        file = next(row["source_file"] for row in published if row["id"] == plan.targets[0].id)
        text = (POLICY / file).read_text(encoding="utf-8")
        for target in plan.targets:
            assert all(unit in text for unit in (*target.lead, *target.supporting)), target.id
    named = [t for t in TARGETS.values() if t.id.startswith("ruian-") and t.task and "-" not in t.task]
    assert len(named) > 80
    assert all(t.lead for t in named)


def test_every_row_names_rules_layers_and_columns_that_exist():
    layers = standard_layers()
    for plan in PLANS:
        assert inconsistencies(plan, layers, SITE_COLUMNS, RULES) == []
        assert plan.first <= plan.last


@pytest.mark.parametrize("target", TARGETS.values(), ids=lambda t: t.id)
def test_a_row_is_bound_to_what_its_rule_needs(target):
    binding = target.binding
    if binding.rule in NEEDS_LAYERS:
        assert binding.layers
    if binding.rule in NEEDS_FIELD:
        assert binding.column
    if binding.rule in NEEDS_STATISTIC:
        assert binding.statistic in STATISTICS
    if target.tier == "A" and binding.rule == "reported":
        assert target.id in WITHOUT_LAYERS
    if target.tier == "C":
        assert binding.rule == "reported"
    assert bool(target.operator) == (target.value is not None or binding.first is not None)


def test_conditions_use_words_of_the_columns_vocabulary():
    layers = standard_layers()
    for target in TARGETS.values():
        for key, where in target.binding.layers.items():
            fields = {f.key: f for f in layers[key].fields}
            for column, condition in {**where, **target.binding.having, **target.binding.each}.items():
                field = fields.get(column)
                if field is not None and field.vocabulary and not condition.startswith(("~", ">", "<")):
                    assert set(condition.split("|")) <= set(field.vocabulary), (target.id, column)


@pytest.mark.parametrize("key", RULES)
def test_a_rule_says_what_it_counts(key):
    assert set(RULES) == set(RULE_TITLES)
    text = inspect.getdoc(RULES[key]) or ""
    assert re.search(r"\((%|m|处|张|the column's unit|the statistic's unit|its own unit)|per 1,000", text), "its unit"
    assert text.split("\n")[0].endswith(".")


def test_a_city_is_found_by_its_short_name_too():
    assert [p.key for p in ledgers_of("瑞安")] == [p.key for p in ledgers_of("瑞安市")] == ["ruian-2022-2024"]
    assert [p.key for p in ledgers_of("重庆")] == ["chongqing-2022"]
    assert [p.key for p in ledgers_of("大渡口")] == ["dadukou-2021-2030"]
    assert ledgers_of("某市") == ledgers_of("") == ()


#: Numbers that the items write as words, as the English ones write them.
IN_WORDS = {"半小时": "half an hour", "九年": "nine", "十五年": "fifteen", "九大类": "nine", "七类": "seven", "三年": "three", "百家": "hundred"}


def numbers(text):
    """Numbers written in digits, 1万 and 1,000 as what they mean."""
    return sorted(float(n.replace(",", "")) * (10_000 if ten else 1) for n, ten in re.findall(r"(\d[\d,]*(?:\.\d+)?)(万)?", text))


def test_every_target_says_in_english_what_it_is_with_every_number():
    assert len({t.item for t in TARGETS.values() if not t.item_en}) == 0
    for target in TARGETS.values():
        english = target.item_en
        said = numbers(english)
        assert all(n in said for n in numbers(target.item)), target.id
        assert all(n in (*numbers(target.item), 1000.0) for n in said), f"{target.id} invents a number"  # 每千 is 1,000
        assert all(word in english for zh, word in IN_WORDS.items() if zh in target.item), target.id
        assert english.isprintable(), target.id
        assert not re.search(r"[\u4e00-\u9fff]", english), target.id
