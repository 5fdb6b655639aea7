"""Laws of the three values: more knowledge never leaves more open, left and right may change places, order never matters."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from cfmap.coverage.safety import RULE_SETS, Near, all_of, by_subject, judge_segment
from cfmap.model.survey import ITEM_KEYS, NUMBERS, SOURCES, VALUES, Answer

STATES = ("safe", "unsafe", "unknown")
SEGMENT, GATE = "1/2-3", "g/1"
SPEEDS = ("30", "50", "20 mph", "CN:urban", "none", "signals", "quick")
TAGS = {
    "highway": ("residential", "secondary", "living_street", "service"),
    "oneway": ("yes", "-1", "no"),
    "junction": ("roundabout",),
    "sidewalk": ("both", "yes", "left", "right", "no", "none", "separate", "perhaps"),
    **{f"sidewalk:{side}": ("yes", "no", "separate", "perhaps") for side in ("both", "left", "right")},
    **{f"sidewalk:{side}:width": ("1", "2.5", "wide") for side in ("left", "right")},
    **{f"cfmap:beside:{side}": ("yes", "no") for side in ("left", "right")},
    **dict.fromkeys(("maxspeed", "maxspeed:forward", "maxspeed:backward", "zone:maxspeed"), SPEEDS),
    **dict.fromkeys(
        ("maxspeed:conditional", "maxspeed:forward:conditional", "maxspeed:backward:conditional"),
        ("30 @ (Mo-Fr 07:00-18:00)", "30 @ (22:00-06:00)", "30 @ wet", "60 @ (Sa-Su)", "20 @ (07:00-18:00); 60 @ (19:00-06:00)"),
    ),
    **dict.fromkeys(("lanes", "lanes:forward", "lanes:backward"), ("1", "2", "3", "many")),
    "lit": ("yes", "no", "limited"),
    "hazard": ("children", "curve"),
    "traffic_calming": ("hump", "no", "rumble_strip"),
    "supervised": ("yes", "no"),
    "cfmap:loving": ("7", "unmatched"),
    "crossing": ("no",),
}
tags = st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in TAGS.items()})
sides = st.sampled_from(("left", "right", ""))
near = st.builds(
    Near,
    st.lists(st.tuples(st.sampled_from(("node/1", "way/2")), st.sampled_from(("signalled", "marked", "unmarked", "unknown"))), max_size=2).map(tuple),
    st.sampled_from(("", "", "way/9")),
)


@st.composite
def answers(draw):
    item = draw(st.sampled_from(ITEM_KEYS))
    return Answer(
        subject=GATE if item == "C" else SEGMENT,
        item=item,
        value=draw(st.sampled_from(list(VALUES[item]))),
        number=draw(st.none() | st.sampled_from((0.0, 1.0, 1.5, 3.0, 30.0, 50.0))) if item in NUMBERS else None,
        side=draw(sides) if item == "A" else "",
        source=draw(st.sampled_from(SOURCES)),
        id=draw(st.sampled_from("abc")),
        date=draw(st.sampled_from(("", "2026-01-01", "2026-05-01"))),
    )


def judged(street, side, front, told):
    return judge_segment(street, side=side, way="way/1", segment=SEGMENT, gates={GATE: front}, answers=by_subject(told))


def turned(street):
    """The same street, drawn the other way."""
    words = {"left": "right", "right": "left", "forward": "backward", "backward": "forward"}
    found = {
        ":".join(words.get(part, part) for part in key.split(":")): words.get(value, value) if key == "sidewalk" else value for key, value in street.items()
    }
    if "oneway" in street or street.get("junction") == "roundabout":
        found["oneway"] = {"yes": "-1", "-1": "yes", "no": "no", None: "-1"}[street.get("oneway")]
    return found


@given(tags, sides, near, st.lists(answers(), max_size=6))
@settings(max_examples=60)
def test_a_street_drawn_the_other_way_is_as_safe(street, side, front, told):
    other = {"left": "right", "right": "left", "": ""}
    before = judged(street, side, front, told)
    after = judged(turned(street), other[side], front, [replace(a, side=other[a.side]) for a in told])
    for key in ITEM_KEYS:
        assert (before.items[key].state, before.items[key].reasons) == (after.items[key].state, after.items[key].reasons), key
    assert before.notes == after.notes


@given(tags, sides, near, st.lists(answers(), max_size=5), answers())
@settings(max_examples=80)
def test_one_more_answer_never_leaves_more_open(street, side, front, told, more):
    """Only an answer without its number that contradicts a weaker word may: it is listed."""
    before, after = judged(street, side, front, told), judged(street, side, front, [*told, more])
    for key in ITEM_KEYS:
        if before.items[key].state != "unknown" and after.items[key].state == "unknown":
            assert key == more.item
            assert after.items[key].conflicts
            assert more.number is None or side == ""
        if key != more.item:
            assert after.items[key] == before.items[key]


@given(tags, sides, near, st.lists(answers(), max_size=6), st.randoms())
@settings(max_examples=30)
def test_the_order_of_answers_never_matters(street, side, front, told, chance):
    mixed = list(told)
    chance.shuffle(mixed)
    assert judged(street, side, front, told) == judged(street, side, front, mixed)


@given(tags, sides, near, st.lists(answers(), max_size=4))
@settings(max_examples=30)
def test_every_value_names_its_evidence_and_silence_is_unknown(street, side, front, told):
    found = judged(street, side, front, told)
    for verdict in found.items.values():
        assert verdict.reasons
        assert verdict.state == "unknown" or any(e.read for e in verdict.evidence)
    for key in RULE_SETS:
        needed = [verdict.state for _, verdict in found.needed(key)]
        assert found.state(key) == ("unsafe" if "unsafe" in needed else "safe" if set(needed) == {"safe"} else "unknown")
    if found.state("strict") == "safe":
        assert found.state() == "safe"


@given(st.lists(st.sampled_from(STATES), min_size=1, max_size=6), st.data())
def test_knowing_one_more_item_never_leaves_more_open(some, data):
    """Kleene: where a result is known, knowing what was unknown cannot change it."""
    known = [data.draw(st.sampled_from(("safe", "unsafe"))) if state == "unknown" else state for state in some]
    assert all_of(some) in ("unknown", all_of(known))
