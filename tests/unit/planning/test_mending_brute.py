"""The mending list against the real scorer: every subset of up to three actions is tried out, on small random streets; ``make mending`` tries many."""

from __future__ import annotations

import os
import random
from itertools import combinations, pairwise

import pytest

from cfmap.coverage import perimeter, school_summary
from cfmap.coverage.perimeter import COVERED
from cfmap.planning.heads import Heads, on_roll
from cfmap.planning.mending import actions, edits
from cfmap.planning.needs import supposed
from cfmap.planning.stand import steps
from tests.unit.coverage.drawn import drawn, places, street

JUDGED = ["item_A", "item_B", "item_C", "gate_states", "state", "state_strict"]
COUNT, MOST = int(os.environ.get("MENDING_CASES", "1")), int(os.environ.get("MENDING_ACTIONS", "5"))  # at most 26 subsets of five actions
NAMES = ["甲路", "乙路", None]


def tags(rng):
    found = {"lanes": rng.choice(["2", "4"]), "sidewalk": rng.choice(["both", "both", "both", "left", "no"]), "maxspeed": rng.choice(["30", "30", "30", "50"])}
    found |= {"lit": "yes", "hazard": "children", "traffic_calming": rng.choice(["hump", ""]), "name": rng.choice(NAMES)}
    if rng.random() < 0.2:
        del found["maxspeed"]
    return {key: value for key, value in found.items() if value}


def case(seed):
    """A cross of streets of several pieces with two or three schools near it, one of them with two gates; None with too many or too few actions."""
    rng = random.Random(seed)
    cut = [-160, rng.choice([-60, -20]), 0, rng.choice([15, 90]), 160]
    along = [street((a, 0), (b, 0), **tags(rng)) for a, b in pairwise(cut)]
    across = [street((0, a), (0, b), highway=rng.choice(["residential", "tertiary"]), **tags(rng)) for a, b in ((-200, 0), (0, 200))]
    crossings = [((x + 0.5, 0.0), rng.choice(["signalled", "signalled", "marked"])) for x in cut[1:-1] if rng.random() < 0.7]
    network = drawn(*along, *across, crossings=crossings)
    where = {"a": (rng.choice([-40, 60]), rng.choice([-20, 20])), "b": (30, -25), "c": (rng.choice([20, -20]), 120)}
    schools = places(**where).assign(status="在用", pupils=[rng.randrange(50, 400) for _ in where])
    gates = places(g1=(where["a"][0], 0.5), g2=(where["a"][0] + 30, 0.5)).assign(school="a")
    table = perimeter(network, schools, gates=gates)
    names = {n: tag["name"] for n, (*_, tag) in enumerate([*along, *across], start=1) if "name" in tag}
    found = actions(table, schools, roads=names)
    return (network, schools, gates, names, table, found) if 3 <= len(found) <= MOST else None


def chosen(count):
    """The first cases that tell something: one action alone makes a school safe, and 90 % of the length is less than all of it."""
    found, seed = [], 19
    while len(found) < count:
        one = case(seed)
        if one is not None and any(a.alone for a in one[-1]) and any(a.spare for a in actions(one[4], one[1], roads=one[3], covered="length")):
            found.append(one)
        seed += 1
    return found


CASES = chosen(COUNT)


def safe(table, schools):
    """Schools that are safe, by both definitions."""
    summary = school_summary(table, schools)
    return {covered: frozenset(summary.index[summary[covered].eq("safe")]) for covered in COVERED}


@pytest.fixture(scope="module")
def tried():
    """Of each case the table after every subset of up to three actions, by the real scorer, and the schools that are safe then."""
    found = []
    for network, schools, gates, _, _, every in CASES:
        subsets = [subset for size in range(4) for subset in combinations(every, size)]
        tables = {frozenset(map(places_of, s)): perimeter(network, schools, gates=gates, answers=edits(s)) for s in subsets}
        found.append({done: (table, safe(table, schools)) for done, table in tables.items()})
    return found


def places_of(action):
    return action.places


def test_what_is_supposed_is_what_the_scorer_finds(tried):
    for (_, _, _, _, table, _), after in zip(CASES, tried, strict=True):
        for done, (real, _) in after.items():
            assert supposed(table, {place for places in done for place in places})[JUDGED].equals(real[JUDGED])


@pytest.mark.parametrize("covered", COVERED)
def test_alone_and_in_order_are_what_the_scorer_finds(tried, covered):
    turned = 0
    for (_, schools, _, names, table, every), after in zip(CASES, tried, strict=True):
        ranked = actions(table, schools, roads=names, covered=covered)
        assert {a.places for a in ranked} <= {a.places for a in every}
        now = {done: known[covered] for done, (_, known) in after.items()}
        weight = Heads(on_roll(schools)).weights(schools["id"])
        for action in every:
            mine = next((a for a in ranked if a.places == action.places), None)
            gained = now[frozenset({action.places})] - now[frozenset()]
            assert gained == frozenset(() if mine is None else mine.alone)
            turned += len(gained)
        useful = [a for a in ranked if not a.spare]
        for k, action in enumerate(useful[:3]):
            before = frozenset(map(places_of, useful[:k]))
            assert now[before | {action.places}] - now[before] == set(action.turned)
            others = [now[before | {other.places}] - now[before] for other in every]
            if covered == "every":  # nothing is left out of the list, so each step is the best there is
                assert sum(weight[s] for s in action.turned) == max(sum(weight[s] for s in gained) for gained in others)
    assert turned


@pytest.mark.parametrize("covered", COVERED)
def test_the_whole_list_makes_every_school_safe_and_none_of_it_can_be_left_out(covered):
    spare = 0
    for network, schools, gates, names, table, _ in CASES:
        ranked = actions(table, schools, roads=names, covered=covered)
        useful = [a for a in ranked if not a.spare]
        assert ranked[: len(useful)] == useful
        spare += len(ranked) - len(useful)
        assert safe(perimeter(network, schools, gates=gates, answers=edits(useful)), schools)[covered] == set(schools["id"])
        for left in useful:
            done = [place for a in useful if a is not left for place in a.places]
            assert safe(supposed(table, done), schools)[covered] != set(schools["id"])
    assert (spare > 0) == (covered == "length")


@pytest.mark.parametrize("covered", COVERED)
def test_no_bound_falls_as_more_is_done(covered):
    for _, schools, _, names, table, _ in CASES:
        ranked = actions(table, schools, roads=names, covered=covered)
        curve = steps(table, schools, ranked, covered=covered, at=range(1, len(ranked)))
        assert [k for k, _ in curve] == list(range(len(ranked) + 1))
        told = [s.interval()[:4] for _, s in curve]
        assert all(a <= b for before, after in pairwise(told) for a, b in zip(before, after, strict=True))
        assert told[-1][2] == len(schools)
        assert [lower[2] for lower in told] == [told[0][2] + sum(len(a.turned) for a in ranked[:k]) for k, _ in curve]
