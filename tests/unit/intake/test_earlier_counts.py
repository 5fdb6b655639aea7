"""Far other numbers of rows than last year: each that shrank is told by itself, many that grew together in one record."""

from __future__ import annotations

from dataclasses import replace

from cfmap.intake.earlier import doubts, other_counts
from tests.factories import tiny_edition


def layers(**rows):
    data = tiny_edition().layers["childcare"]
    return {key: replace(data, layer=replace(data.layer, key=key, title=f"图层{key}", title_en=f"layer {key}"), rows_read=n) for key, n in rows.items()}


def told(former, now):
    return [(f.code, f.facts.get("layer")) for f in other_counts(layers(**now), layers(**former), 2023)]


def test_three_that_grew_are_told_one_by_one():
    assert told({"a": 10, "b": 10, "c": 10, "d": 10}, {"a": 14, "b": 14, "c": 14, "d": 13}) == [("W231", "图层a"), ("W231", "图层b"), ("W231", "图层c")]


def test_four_that_grew_are_one_record_with_the_largest_first_and_one_that_shrank_stays_its_own():
    before, after = dict.fromkeys("abcde", 10), {"a": 14, "b": 30, "c": 15, "d": 16, "e": 2}
    assert told(before, after) == [("W231", "图层e"), ("W232", None)]
    found = other_counts(layers(**after), layers(**before), 2023)
    assert "图层b 10 → 30、图层d 10 → 16、图层c 10 → 15、图层a 10 → 14" in found[1].what("zh")
    assert "layer b 10 → 30, layer d" in found[1].what("en")
    (stop,) = doubts(found)
    assert stop.facts["count"] == 2
