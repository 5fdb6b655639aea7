"""Streets round the demo city's schools: what its generator told the map, judged by nobody but it, is what the scorer says of every stretch."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from cfmap.coverage.perimeter import perimeter_asked, school_doors, school_summary, street_metres, town_figures
from cfmap.coverage.rules import sites_in_use
from cfmap.intake.survey_sheet import GATES
from cfmap.model.survey import Answer
from cfmap.pipeline import schools_of
from cfmap.publish import survey_form

ROOT = Path(__file__).resolve().parents[2]
TABLES = ROOT / "data" / "_generator"
DRAWN_SHARE = 0.8  # METHODS 2.3
BOUNDS = (("lower", "upper"), ("every_lower", "every_upper"), ("length_lower", "length_upper"))


def rows(name):
    with (TABLES / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def asked():
    return schools_of(ROOT)


@pytest.fixture(scope="module")
def before(asked):
    return perimeter_asked(asked.network, asked.layer, asked.city, gates=asked.gates)


@pytest.fixture(scope="module")
def doors(asked):
    return school_doors(asked.network, sites_in_use(asked.layer)[0], footprints=asked.layer.footprints, gates=asked.gates)[0]


@pytest.fixture(scope="module")
def segments():
    return {row["segment"]: row for row in rows("safety_segments.csv")}


@pytest.fixture(scope="module")
def gates(doors):
    """Gate key and way -> row of the generator's table, found by place."""
    of_school = {}
    for row in rows("safety_gates.csv"):
        of_school.setdefault(row["school"], []).append(row)
    found = {}
    for door in doors.itertuples():
        here = of_school[door.school]
        off = [np.hypot(float(r["lon"]) - door.geometry.x, float(r["lat"]) - door.geometry.y) for r in here]
        nearest = here[int(np.argmin(off))]
        assert min(off) < 1e-5, f"the generator knows no gate where {door.gate} stands"
        for row in here:
            if (row["lon"], row["lat"]) == (nearest["lon"], nearest["lat"]):
                found[door.gate, int(row["way"])] = row
    return found


def all_of(states):
    """Written out a second time: one unsafe spoils all, and only safe ones make safe."""
    return "unsafe" if "unsafe" in states else "safe" if set(states) == {"safe"} else "unknown"


def walking(truth, side, row):
    known = truth[f"A_{side}"]
    if known != "drawn":
        return known
    spans = [tuple(map(float, span.split("-"))) for span in truth[f"drawn_{side}"].split()]
    there = sum(max(0.0, min(b, row.to_m) - max(a, row.from_m)) for a, b in spans)
    return "safe" if there >= DRAWN_SHARE * (row.to_m - row.from_m) else "unknown"


def expected(row, segments, gates):
    truth = segments[row.segment]
    sides = {walking(truth, side, row) for side in ((row.side,) if row.side else ("left", "right"))}
    a, b = sides.pop() if len(sides) == 1 else "unknown", truth["B"]
    if not row.gate:
        return a, b, None, all_of([a, b])
    c = all_of([gates[key, row.way_id]["C"] for key in row.gate.split(";")])
    return a, b, c, all_of([a, b, c])


def test_the_scorer_says_of_every_stretch_what_the_generator_knows(before, segments, gates):
    wrong = [
        (row.segment, row.gate, said, known)
        for row in before.itertuples()
        if (said := (row.item_A, row.item_B, row.item_C, row.state)) != (known := expected(row, segments, gates))
    ]
    assert wrong == []


def test_each_of_the_three_values_covers_a_tenth_of_the_length(before):
    metres = street_metres(before)
    assert {state for state, m in metres.items() if m >= 0.1 * sum(metres.values())} == {"safe", "unsafe", "unknown"}


def seen(question, segments, gates):
    """What somebody sees there: the generator's reality, behind what it told the map."""
    if question.sheet == GATES:
        return [Answer(question.key, "C", next(row["crossing"] for (gate, _), row in gates.items() if gate == question.key))]
    real, told = segments[question.key], []
    walks = {(real[side], real[f"{side}_m"]) for side in ((question.side,) if question.side else ("left", "right"))}
    if "A" in question.items and len(walks) == 1:  # where the form asks about both sides, and they differ, it is left empty
        word, wide = walks.pop()
        told.append(Answer(question.key, "A", word, float(wide) if wide else None, question.side))
    if "B" in question.items:
        told.append(Answer(question.key, "B", "限速" if real["limit"] else "没有限速", float(real["limit"]) if real["limit"] else None))
    return told + [Answer(question.key, item, real[name]) for item, name in (("D", "lit"), ("E", "sign")) if item in question.items]


@pytest.fixture(scope="module")
def after(asked, before, doors, segments, gates):
    rounds = survey_form.rounds(before, asked.layer.sites, doors, asked.network)
    answers = [answer for around in rounds for question in around.questions for answer in seen(question, segments, gates)]
    assert len(answers) > 1000
    return perimeter_asked(asked.network, asked.layer, asked.city, gates=asked.gates, answers=answers)


def test_a_round_of_a_survey_narrows_the_interval_and_moves_no_figure_out_of_it(asked, before, after, doors):
    schools = asked.layer.sites
    town = schools.set_index("id")["town"]
    was, now = (school_summary(table, schools, doors=doors) for table in (before, after))
    assert now["metres"].sum() == pytest.approx(was["metres"].sum())
    for lower, upper, old, new in (
        ("lower", "upper", was, now),
        *((low, high, town_figures(before, was, town=town), town_figures(after, now, town=town)) for low, high in BOUNDS),
    ):
        assert old.index.equals(new.index)
        told = old[lower].notna()
        assert (new.loc[told, lower] >= old.loc[told, lower] - 1e-9).all()
        assert (new.loc[told, upper] <= old.loc[told, upper] + 1e-9).all()
    for by in ("every", "length"):  # what was known of a school stays
        known = was[by].ne("unknown")
        assert was.loc[known, by].equals(now.loc[known, by])
    width = [figures.loc["", "upper"] - figures.loc["", "lower"] for figures in (town_figures(before, was), town_figures(after, now))]
    assert width[1] < 0.2 * width[0]
    assert 0 < now["every"].eq("safe").sum() > was["every"].eq("safe").sum()
