"""What an event is on a day: the same answer here and in the page, from one table of cases."""

from __future__ import annotations

import json
from datetime import date

import pytest

from cfmap.model import events, find_layers
from tests.factories import tiny_city


@pytest.fixture(scope="module")
def cases(repository):
    return json.loads((repository / "tests/browser/js/events.cases.json").read_text(encoding="utf-8"))


def test_what_an_event_is_on_a_day(cases):
    assert cases["ahead"] == events.AHEAD_DAYS
    wrong = [(s, e, day, kind, got) for s, e, day, kind in cases["when"] if (got := events.when(s, e, date.fromisoformat(day))) != kind]
    assert wrong == []


def test_kinds_are_counted():
    spans = [("2024-01-01", None), ("2024-06-01", "长期"), (None, None), ("2024-06-03", None)]
    assert events.tally(spans, date(2024, 6, 2)) == {"now": 1, "soon": 1, "undated": 1, "later": 0, "over": 1}


def test_the_standard_layer_has_the_columns_and_words_that_events_need(repository):
    layer = find_layers(tiny_city(repository), packs=False)[events.EVENTS]
    fields = {f.key: f for f in layer.fields}
    assert {events.STARTS, events.ENDS, events.AT} <= set(fields)
    assert fields[events.ENDS].vocabulary == (events.ONGOING, events.UNDECIDED)
    assert fields[events.STARTS].kind == fields[events.ENDS].kind == "date"
    assert not [f.key for f in layer.fields if not f.public], "what families need to know of an event is public"
