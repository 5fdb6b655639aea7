"""Every line of the rule table by a case drawn by hand, and every cell of the table it stands for."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

import pytest

from cfmap.cli import cli
from cfmap.cli.boundary import run
from cfmap.coverage.safety import ITEMS, REASONS, RULE_SETS, THRESHOLDS, Near, by_subject, explain, judge_segment
from cfmap.coverage.safety.judge import _ASKED
from cfmap.coverage.safety.rule_table import lines
from cfmap.coverage.safety.thresholds import SOURCES, Thresholds, written
from cfmap.coverage.safety.words import HEARD, READINGS, STATES, TAGS_READ, VALUE_WORDS, clause_words
from cfmap.model.survey import VALUES, Answer


@dataclass(frozen=True)
class Case:
    """A street, what lies near its gate and what somebody saw there."""

    item: str
    reason: str
    state: str
    heard: str = "map"
    tags: dict = field(default_factory=dict)
    side: str = "left"
    near: Near = field(default_factory=Near)
    answers: tuple = ()


def said(item, value, number=None, side="", source="survey", **more):
    return Answer("g/1" if item == "C" else "1/2-3", item, value, number, side, source, **more)


def judged(case):
    index = by_subject(case.answers)
    return judge_segment(case.tags, side=case.side, way="way/1", segment="1/2-3", gates={"g/1": case.near}, answers=index)


def crossings(*kinds):
    return Near(tuple((f"n{n}", kind) for n, kind in enumerate(kinds)))


HOME = {"highway": "residential"}
AT_NIGHT, AT_SCHOOL = "30 @ (22:00-06:00)", "30 @ (Mo-Fr 07:00-18:00)"
CASES = [
    # A walking space
    Case("A", "A-taken", "unsafe", "answer", answers=(said("A", "占用"),)),
    Case("A", "A-shared", "safe", tags={"highway": "living_street", "sidewalk": "no"}),
    Case("A", "A-shared", "safe", tags={"highway": "pedestrian"}),
    Case("A", "A-far-side", "unsafe", tags={"sidewalk": "right"}),
    Case("A", "A-far-side", "unsafe", tags={"sidewalk:left": "no", "sidewalk:right": "separate"}),
    Case("A", "A-none", "unsafe", tags={"highway": "secondary", "sidewalk": "no"}),
    Case("A", "A-none", "unsafe", tags={"sidewalk": "none"}, side=""),
    Case("A", "A-none", "unsafe", "answer", answers=(said("A", "无"),)),
    Case("A", "A-narrow", "unsafe", tags={"sidewalk": "both", "sidewalk:left:width": "1.2"}),
    Case("A", "A-narrow", "unsafe", "answer", answers=(said("A", "有", 1.4),)),
    Case("A", "A-wide", "safe", "answer", answers=(said("A", "有", 1.5),)),
    Case("A", "A-unmeasured", "unknown", "answer", answers=(said("A", "有"),)),
    Case("A", "A-sidewalk", "safe", tags={"sidewalk": "both"}),
    Case("A", "A-sidewalk", "safe", tags={"sidewalk": "yes"}),
    Case("A", "A-sidewalk", "safe", tags={"sidewalk": "left"}),
    Case("A", "A-sidewalk", "safe", tags={"sidewalk:left": "yes"}),
    Case("A", "A-sidewalk", "safe", tags={"sidewalk:both": "yes"}, side=""),
    Case("A", "A-sidewalk", "safe", tags={"sidewalk:left": "yes", "sidewalk:right": "yes"}, side=""),
    Case("A", "A-sidewalk", "safe", tags={"sidewalk:both:surface": "paving_stones"}),
    Case("A", "A-separate", "safe", tags={"sidewalk": "separate", "cfmap:beside:left": "yes", "cfmap:beside:right": "no"}),
    Case("A", "A-separate", "safe", tags={"sidewalk:left": "separate", "cfmap:beside:left": "yes"}),
    Case("A", "A-separate-unmatched", "unknown", tags={"sidewalk": "separate", "cfmap:beside:left": "no", "cfmap:beside:right": "yes"}),
    Case("A", "A-separate-unmatched", "unknown", tags={"sidewalk": "separate"}),
    Case("A", "A-contradictory", "unknown", tags={"sidewalk": "both", "sidewalk:left": "no"}),
    Case("A", "A-unread", "unknown", tags={"sidewalk": "vielleicht"}),
    Case("A", "A-untagged", "unknown", "any", tags=HOME),
    # B speed
    Case("B", "B-over", "unsafe", "answer", tags={"highway": "living_street"}, answers=(said("B", "限速", 40),)),
    Case("B", "B-shared", "safe", tags={"highway": "living_street"}),
    Case("B", "B-shared-fast", "unknown", tags={"highway": "living_street", "maxspeed": "50"}),
    Case("B", "B-limit", "safe", tags={"maxspeed": "30"}),
    Case("B", "B-limit", "safe", "answer", answers=(said("B", "限速", 30),)),
    Case("B", "B-school-hours", "safe", tags={"maxspeed": "50", "maxspeed:conditional": AT_SCHOOL}),
    Case("B", "B-over", "unsafe", tags={"maxspeed": "40"}),
    Case("B", "B-over", "unsafe", tags={"maxspeed": "none"}),
    Case("B", "B-outside-hours", "unsafe", tags={"maxspeed": "50", "maxspeed:conditional": AT_NIGHT}),
    Case("B", "B-none", "unsafe", "answer", answers=(said("B", "没有限速"),)),
    Case("B", "B-unnumbered", "unknown", "answer", answers=(said("B", "限速"),)),
    Case("B", "B-contradictory", "unknown", tags={"maxspeed": "30", "maxspeed:forward": "50"}),
    Case("B", "B-other-hours", "unknown", tags={"maxspeed": "50", "maxspeed:conditional": "30 @ (Mo-Fr 07:45-08:30)"}),
    Case("B", "B-one-direction", "unknown", tags={"maxspeed:forward": "30"}),
    Case("B", "B-variable", "unknown", tags={"maxspeed": "signals"}),
    Case("B", "B-unread", "unknown", tags={"maxspeed": "CN:urban"}),
    Case("B", "B-sign-only", "unknown", tags={"hazard": "school_zone"}),
    Case("B", "B-untagged", "unknown", "any", tags=HOME),
    # C crossing at the gate
    Case("C", "C-signals", "safe", tags={"lanes": "6"}, near=crossings("signalled")),
    Case("C", "C-signals", "safe", "answer", answers=(said("C", "信号灯"),)),
    Case("C", "C-grade", "safe", tags={"lanes": "6"}, near=Near((), "way/9")),
    Case("C", "C-grade", "safe", "answer", answers=(said("C", "天桥地道"),)),
    Case("C", "C-marked", "safe", tags={"lanes": "2"}, near=crossings("marked", "unmarked")),
    Case("C", "C-marked", "safe", "answer", tags={"lanes": "2"}, answers=(said("C", "斑马线"),)),
    Case("C", "C-marked", "safe", "answer", answers=(said("C", "斑马线", 1),)),
    Case("C", "C-marked-no-signals", "unsafe", "answer", tags={"lanes": "4"}, answers=(said("C", "斑马线"),)),
    Case("C", "C-marked-many-lanes", "unknown", tags={"lanes": "4"}, near=crossings("marked")),
    Case("C", "C-marked-lanes-untagged", "unknown", near=crossings("marked")),
    Case("C", "C-marked-lanes-untagged", "unknown", "answer", answers=(said("C", "斑马线"),)),
    Case("C", "C-none", "unsafe", "answer", answers=(said("C", "没有"),)),
    Case("C", "C-only-unmarked", "unsafe", "answer", answers=(said("C", "没画线"),)),
    Case("C", "C-no-crossing", "unsafe", tags={"crossing": "no"}),
    Case("C", "C-unmarked-many-lanes", "unsafe", tags={"lanes": "4"}, near=crossings("unmarked")),
    Case("C", "C-unmarked", "unknown", tags={"lanes": "2"}, near=crossings("unmarked")),
    Case("C", "C-unmarked", "unknown", tags={"lanes": "4"}, near=crossings("unmarked", "unknown")),
    Case("C", "C-untagged", "unknown", "any", tags={"lanes": "4"}),
    # D lighting
    *(Case("D", "D-lit", "safe", tags={"lit": value}) for value in ("yes", "24/7", "automatic")),
    Case("D", "D-lit", "safe", "answer", answers=(said("D", "有"),)),
    Case("D", "D-dark", "unsafe", tags={"lit": "no"}),
    Case("D", "D-dark", "unsafe", "answer", answers=(said("D", "无"),)),
    Case("D", "D-unread", "unknown", tags={"lit": "limited"}),
    Case("D", "D-untagged", "unknown", "any", tags=HOME),
    # E signs
    *(Case("E", "E-sign", "safe", tags={"hazard": value}) for value in ("children", "school_zone", "curve;children")),
    Case("E", "E-sign", "safe", tags={"traffic_sign": "CN:警,注意儿童"}),
    Case("E", "E-sign", "safe", "answer", answers=(said("E", "有"),)),
    Case("E", "E-none", "unsafe", "answer", answers=(said("E", "无"),)),
    Case("E", "E-untagged", "unknown", "any", tags={"hazard": "curve", "traffic_sign": "CN:限速"}),
    # F calming
    *(Case("F", "F-calming", "safe", tags={"traffic_calming": value}) for value in ("table", "hump", "bump", "cushion", "choker", "chicane", "island")),
    Case("F", "F-calming", "safe", tags={"cfmap:calming": "table"}),  # a raised crossing
    Case("F", "F-calming", "safe", "answer", answers=(said("F", "有"),)),
    Case("F", "F-none", "unknown", tags={"traffic_calming": "no"}),
    Case("F", "F-none", "unknown", "answer", answers=(said("F", "无"),)),
    Case("F", "F-untagged", "unknown", "any", tags={"traffic_calming": "rumble_strip"}),
    # G loving-care crossing
    Case("G", "G-loving", "safe", tags={"cfmap:loving": "爱心斑马线 12"}),
    Case("G", "G-loving", "safe", "answer", answers=(said("G", "有", source="bureau"),)),
    Case("G", "G-unmatched", "unknown", tags={"cfmap:loving": "unmatched"}),
    Case("G", "G-none", "unknown", "answer", answers=(said("G", "无"),)),
    Case("G", "G-unlisted", "unknown", "any", tags=HOME),
    # H crossing guard
    Case("H", "H-guard", "safe", tags={"supervised": "yes"}),
    Case("H", "H-guard", "safe", tags={"cfmap:supervised": "yes"}),
    Case("H", "H-guard", "safe", "answer", answers=(said("H", "有"),)),
    Case("H", "H-none", "unknown", tags={"supervised": "no"}),
    Case("H", "H-none", "unknown", "answer", answers=(said("H", "无"),)),
    Case("H", "H-untagged", "unknown", "any", tags=HOME),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.reason}-{c.heard}")
def test_the_table_judges_as_it_says(case):
    verdict = judged(case).items[case.item]
    assert (verdict.state, verdict.reasons) == (case.state, (case.reason,))
    (evidence,) = verdict.evidence
    assert evidence.source == (case.answers[0].source if case.answers else "osm")


@pytest.mark.parametrize(("item", "clause"), list(lines()), ids=lambda one: getattr(one, "reason", None) or one.key)
def test_no_line_of_the_table_is_without_a_case(item, clause):
    needed = {"map", "answer"} if clause.heard == "any" and clause.when else {clause.heard}
    drawn = {c.heard for c in CASES if (c.item, c.reason, c.state) == (item.key, clause.reason, clause.state)}
    assert drawn >= needed - ({"answer"} if clause.reason in MAP_ALONE else set())


#: Lines for both that no answer reaches, and why.
MAP_ALONE = {"A-far-side": "an answer speaks of one side", "A-shared": "no answer names the kind of street", "B-shared": "as A-shared"}


@pytest.mark.parametrize(("item", "value"), [(item, value) for item, values in VALUES.items() for value in values])
def test_every_answer_that_may_be_given_is_in_the_table(item, value):
    verdict = judged(Case(item, "", "", answers=(said(item, value),))).items[item]
    assert verdict.reasons != (ITEMS[item].otherwise,)
    assert verdict.evidence[0].read == value


def test_every_word_of_the_table_is_there_in_both_languages():
    for item, clause in lines():
        assert all(REASONS[clause.reason])
        assert all(STATES[clause.state])
        assert all(HEARD[clause.heard])
        assert all(clause_words(clause, lang=lang) for lang in ("zh", "en")), item
        for when in clause.when:
            assert all(READINGS[when.reading])
            assert TAGS_READ[when.reading]
            assert when.test != "is" or all(all(VALUE_WORDS[value]) for value in when.values)
    assert {clause.reason for _, clause in lines()} | {"A-which-side"} == {code for code in REASONS if code[1:2] == "-"}


def test_every_threshold_has_its_source():
    assert set(SOURCES) == set(Thresholds.__dataclass_fields__)
    assert written("school_hours") == "07:30-08:00 16:30-17:00"
    assert written("limit_kmh") == "30 km/h"
    assert written("clear_width_m", Thresholds(clear_width_m=1.8)) == "1.8 m"
    assert written("beside_share") == "80%"


def test_a_tag_that_is_read_of_is_never_left_out():
    """Streets are judged once for all that share the tags asked about: every case must hold with the whole of its tags."""
    for case in CASES:
        assert all(key.startswith(_ASKED) for key in case.tags), case.tags


def test_thresholds_may_be_others():
    tags = {"maxspeed": "40", "lanes": "4"}
    other = Thresholds(limit_kmh=40, clear_width_m=2.0, many_lanes=3)
    answers = by_subject([said("A", "有", 1.8)])
    usual, changed = (
        judge_segment(tags, side="left", segment="1/2-3", gates={"g": crossings("marked")}, answers=answers, thresholds=t) for t in (THRESHOLDS, other)
    )
    assert [usual.items[key].state for key in "ABC"] == ["safe", "unsafe", "unknown"]
    assert [changed.items[key].state for key in "ABC"] == ["unsafe", "safe", "safe"]


SAFE = {"sidewalk": "both", "maxspeed": "30"}


@pytest.mark.parametrize(
    ("tags", "gates", "state", "strict"),
    [
        (SAFE, {}, "safe", "unknown"),
        (SAFE | {"lit": "yes", "hazard": "children"}, {}, "safe", "safe"),
        (SAFE | {"lit": "no", "hazard": "children"}, {}, "safe", "unsafe"),
        (SAFE | {"lit": "yes", "hazard": "children"}, {"g/1": Near()}, "unknown", "unknown"),
        (SAFE | {"lit": "yes", "hazard": "children"}, {"g/1": crossings("signalled")}, "safe", "safe"),
        ({"sidewalk": "both"}, {}, "unknown", "unknown"),
        ({"sidewalk": "no"}, {}, "unsafe", "unsafe"),
        # calming stands in for a limit that nobody knows, on residential streets alone, and not in the strict set
        ({"sidewalk": "both", "traffic_calming": "hump", "highway": "residential"}, {}, "safe", "unknown"),
        ({"sidewalk": "both", "traffic_calming": "hump", "highway": "secondary"}, {}, "unknown", "unknown"),
        ({"sidewalk": "both", "traffic_calming": "hump", "highway": "residential", "maxspeed": "50"}, {}, "unsafe", "unsafe"),
        # a loving-care crossing and a guard never replace signals
        (SAFE | {"lanes": "4", "cfmap:loving": "7", "supervised": "yes"}, {"g/1": crossings("marked")}, "unknown", "unknown"),
    ],
)
def test_the_sets_say_which_items_are_needed(tags, gates, state, strict):
    found = judge_segment(tags, side="left", gates=gates)
    assert (found.state(), found.state("strict")) == (state, strict)
    assert set(RULE_SETS) == {"default", "strict"}


def test_reasons_are_those_of_the_items_that_count():
    calmed = judge_segment({"sidewalk": "both", "traffic_calming": "hump", "highway": "residential"}, side="left")
    assert calmed.reasons() == ("A-sidewalk", "F-calming")
    assert calmed.reasons("strict") == ("A-sidewalk", "B-untagged", "D-untagged", "E-untagged")
    odd = judge_segment({"sidewalk": "both", "maxspeed": "40", "maxspeed:forward": "60"}, side="left")
    assert odd.items["B"].state == "unsafe"
    assert odd.reasons() == ("A-sidewalk", "B-over", "B-contradictory")


def test_the_command_prints_the_table_in_both_languages_and_as_data(capsys, tmp_path):
    def asked(*args):
        assert run(cli, ["rules", *args]) == 0
        return capsys.readouterr().out

    zh, en, data = asked("--lang", "zh"), asked("--lang", "en"), json.loads(asked("--json"))
    told = [line for item in data["items"] for line in item["lines"]]
    assert [line["reason"] for line in told] == [clause.reason for _, clause in lines()]
    assert all(line["words"] in zh and line["words_en"] in en for line in told)
    assert {"key": "limit_kmh", "value": "30 km/h"}.items() <= data["thresholds"][0].items()
    (tmp_path / "cfmap.toml").write_text(
        '[city]\nname = "-"\n[edition]\nyear = 2026\n[network]\nsource = "-"\n[safety]\nlimit_kmh = 20\nschool_hours = ["08:00-08:30"]\n', "utf-8"
    )
    mine = asked(str(tmp_path), "--lang", "en")
    assert "> 20 km/h" in mine
    assert "08:00-08:30" in mine


def test_hours_that_cannot_be_read_are_refused(capsys, tmp_path):
    (tmp_path / "cfmap.toml").write_text(
        '[city]\nname = "-"\n[edition]\nyear = 2026\n[network]\nsource = "-"\n[safety]\nschool_hours = ["8:00-07:00"]\n', "utf-8"
    )
    assert run(cli, ["rules", str(tmp_path)]) == 2
    assert "8:00-07:00" in capsys.readouterr().err


def test_reasons_speak_of_the_numbers_that_were_judged_by():
    slower = replace(THRESHOLDS, limit_kmh=20.0, many_lanes=3)
    assert explain("B-over;C-marked-no-signals", thresholds=slower) == "限速高于 20；单向 3 车道以上，斑马线没有信号灯"
    assert explain("B-over;C-signals", lang="en") == "limit above 30 km/h; signalled crossing within 50 m of the gate"
    assert not [code for code in REASONS if "{" in explain(code) + explain(code, lang="en")]
