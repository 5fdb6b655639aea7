"""A walking bus keeps every limit, serves as many as can be, and tells nobody where a child lives."""

from __future__ import annotations

import itertools
import os
import random
import sys

import numpy as np
import pytest

from cfmap.model import EnvironmentFault
from cfmap.model.walking_bus import BusRules
from cfmap.planning import bus_lines
from cfmap.planning.bus_lines import Problem, Solution, solve, value
from cfmap.planning.safe_tree import prepared
from cfmap.planning.stops import choose, groups
from cfmap.planning.walking_bus import plan
from tests.unit.network.drawn import place, write_osm
from tests.unit.planning import bus_checker
from tests.unit.planning.streets_of import children, quarter, schools

MANY = int(os.environ.get("BUS_INSTANCES", "6"))


def random_case(seed, path):
    rng = random.Random(seed)
    network = quarter(path, seed=seed, blocks=rng.choice((7, 9)), step=rng.choice((110, 150)))
    middle = [(rng.uniform(-500, 500), rng.uniform(-500, 500)) for _ in range(rng.randint(3, 9))]
    rows = [
        (x + rng.gauss(0, 40), y + rng.gauss(0, 40), "S", rng.choice((1, 1, 1, 2, 30)) if rng.random() < 0.1 else 1)
        for x, y in middle
        for _ in range(rng.randint(1, 12))
    ]
    rules = BusRules(
        near_m=rng.choice((0, 300)), children_per_adult=rng.randint(8, 12), adults=rng.randint(1, 2), longest_m=rng.choice((700, 1500, 1800)),
        most_minutes=rng.choice((18, 40)), wait_minutes=rng.choice((0, 1, 1.5)), most_lines=rng.choice((1, 3, 6)),
    )  # fmt: skip
    return network, rows, rules


def test_every_limit_holds_on_random_quarters(tmp_path):
    served = 0
    for seed in range(MANY):
        network, rows, rules = random_case(seed, tmp_path / f"{seed}.osm")
        table, doors = schools({"S": (35, 8)})
        (made,) = plan(prepared(network), children(rows), table, doors, rules=rules, cap=1.25 if seed % 2 else 1.0)
        found = bus_checker.faults(network, made, [(*place(x, y), n) for x, y, _, n in rows], [tuple(doors.geometry[0].coords[0])], rules)
        assert found == [], seed
        served += sum(line.children for line in made.lines)
    assert served > 5 * MANY, "a plan without lines keeps every limit, too"


def best_by_trying(problem):
    """Every way to split the groups into lines, in every order."""
    count, cheapest = len(problem.children), {}
    for size in range(1, count + 1):
        for line in itertools.permutations(range(count), size):
            legs = [int(problem.leg_mm[a, b]) for a, b in itertools.pairwise(line)] + [int(problem.last_mm[line[-1]])]
            time = sum(problem.ms(mm) + problem.wait_ms for mm in legs)
            if min(legs) < 0 or sum(legs) > problem.longest_mm or time > problem.longest_ms or problem.children[list(line)].sum() > problem.seats:
                continue
            members, cost = frozenset(line), value(problem, (line,))
            if cost < cheapest.get(members, (10**18, ()))[0]:
                cheapest[members] = cost, line
    plans = {frozenset(): ()}
    for _ in range(problem.lines):
        for taken, lines in list(plans.items()):
            for members, (_, line) in cheapest.items():
                if not members & taken:
                    more = (*lines, line)
                    if members | taken not in plans or value(problem, more) < value(problem, plans[members | taken]):
                        plans[members | taken] = more
    return min(value(problem, lines) for lines in plans.values())


def random_problem(rng, count):
    at = np.array([(rng.uniform(-1200, 1200), rng.uniform(-1200, 1200)) for _ in range(count)])
    legs = np.round(np.abs(at[:, None] - at[None]).sum(axis=2) * 1000).astype(np.int64)
    if count > 2:
        legs[0, 1] = -1  # a way that cannot be walked
    last = np.round(np.abs(at).sum(axis=1) * 1000).astype(np.int64)
    danger = np.array([[rng.choice((1.0, 1.2, 2.6)) for _ in range(count)] for _ in range(count)])
    return Problem(
        children=np.array([rng.randint(3, 16) for _ in range(count)]), leg_mm=legs, leg_cost=(legs * danger).astype(np.int64), last_mm=last,
        last_cost=(last * danger[0]).astype(np.int64), seats=rng.choice((10, 16, 20)), longest_mm=rng.choice((1_500_000, 2_400_000)),
        longest_ms=rng.choice((30, 50)) * 60_000, ms=BusRules.ms, wait_ms=60_000, lines=rng.choice((1, 2, 6)),
    )  # fmt: skip


def test_the_plan_is_the_best_there_is_on_small_cases():
    rng = random.Random(7)
    for _ in range(30):
        problem = random_problem(rng, rng.randint(1, 5))
        found = solve(problem)
        assert found.proven
        assert found.more == 0
        assert value(problem, found.lines) == best_by_trying(problem)


def test_the_same_question_has_the_same_answer_and_a_short_search_says_what_it_may_have_missed():
    problem = random_problem(random.Random(3), 14)
    whole, short = solve(problem), solve(problem, work=0.0005)
    assert whole == solve(problem)
    assert short == solve(problem, work=0.0005)
    assert whole.proven
    served = [sum(int(problem.children[list(line)].sum()) for line in s.lines) for s in (whole, short)]
    assert served[1] <= served[0] <= served[1] + short.more


def test_without_ortools_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "ortools.sat.python", None)
    with pytest.raises(EnvironmentFault) as told:
        bus_lines.demand_solver()
    (record,) = told.value.faults
    assert record.code == "E415"
    assert told.value.exit_code == 4
    assert 'pip install "cfmap[planning]"' in record.render("zh")


def test_nobody_to_walk_needs_no_solver(monkeypatch):
    monkeypatch.setitem(sys.modules, "ortools.sat.python", None)
    none = np.empty((0, 0), dtype=np.int64)
    empty = np.empty(0, dtype=np.int64)
    assert solve(Problem(empty, none, none, empty, empty, 20, 1, 1, BusRules.ms, 0, 6)) == Solution((), (), proven=True, more=0)


def test_a_stop_has_three_children_and_who_lives_nearer_to_another_goes_there():
    # places 0 and 1; four children reach both, two place 0 alone, one place 1 alone
    origin = np.array([0, 0, 1, 1, 2, 2, 3, 3, 4, 5, 6])
    where = np.array([0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1])
    mm = np.array([90, 10, 90, 10, 90, 10, 5, 80, 20, 20, 30])
    stop = choose(origin, where, mm, np.ones(7, dtype=np.int64), np.array([500, 400]))
    assert stop.tolist() == [0, 0, 0, 0, 0, 0, -1], "one child alone makes no stop, and nobody leaves one that would be too small"
    stop = choose(origin, where, mm, np.array([1, 1, 1, 1, 2, 2, 3]), np.array([500, 400]))
    assert stop.tolist() == [1, 1, 1, 0, 0, 0, 1]


def test_a_stop_with_more_children_than_a_line_takes_has_even_groups():
    stop, size = groups(np.array([45, 7, 20]), 20)
    assert list(zip(stop.tolist(), size.tolist(), strict=True)) == [(0, 15), (0, 15), (0, 15), (1, 7), (2, 20)]
    for waiting, seats in itertools.product(range(3, 60), range(5, 25)):
        _, size = groups(np.array([waiting]), seats)
        assert size.sum() == waiting
        assert size.max() <= seats
        assert size.min() >= 3


def ladder(path):
    """A street of 1,000 m with side streets every 200 m; the second stretch is a trunk road, a lane goes round it."""
    nodes = {k + 1: (200 * k, 0) for k in range(6)} | {10 + k: (200 * k, -50) for k in range(6)} | {20: (200, 60), 21: (400, 60)}
    ways = {
        1: ([1, 2], {"highway": "residential", "name": "学校路", "maxspeed": "30", "sidewalk": "both"}),
        2: ([2, 3], {"highway": "primary", "name": "大道", "maxspeed": "60", "sidewalk": "no"}),
        3: ([3, 4, 5, 6], {"highway": "residential", "name": "学校路", "maxspeed": "30", "sidewalk": "both"}),
        4: ([2, 20, 21, 3], {"highway": "footway"}),
    } | {30 + k: ([k + 1, 10 + k], {"highway": "living_street", "name": f"{k}巷"}) for k in range(6)}
    return write_osm(path, nodes, ways)


@pytest.fixture
def street(tmp_path):
    from cfmap.network import Network

    return Network.from_osm(ladder(tmp_path / "ladder.osm"))


def test_every_child_has_its_reason(street):
    rows = [(605, -6, "S", 3), (800, -6, "S", 4), (1000, -6, "S", 1), (100, -6, "S", 2), (400, 900, "S", 1), (410, -6, "S", 2)]
    (made,) = plan(prepared(street), children(rows), *schools({"S": (0, 0)}), rules=BusRules(far_m=900), cap=1.0)
    assert made.unserved == {"off": 1, "near": 2, "far": 1, "few": 2}
    assert [(s.name, s.children) for line in made.lines for s in line.stops] == [("学校路与4巷路口", 4), ("学校路与3巷路口", 3)]
    (line,) = made.lines
    assert [s.leaves for s in line.stops] == ["07:33", "07:38"], "600 m at 0.88 m/s are 11.4 minutes; 200 m are 3.8, and a minute of waiting"
    assert made.proven


def test_dangers_turn_the_line_aside_and_what_remains_is_told(street):
    table, doors = schools({"S": (0, 0)})
    rows = [(605, -6, "S", 3)]
    (plain,) = plan(prepared(street), children(rows), table, doors, rules=BusRules(), cap=1.0)
    (safe,) = plan(prepared(street), children(rows), table, doors, rules=BusRules())
    assert round(plain.lines[0].mm / 1000) == 600
    assert round(safe.lines[0].mm / 1000) == 720, "by the lane, since the trunk road has no sidewalk"
    assert [w.place for w in plain.lines[0].watch][:1] == ["大道"]
    assert plain.lines[0].watch[0].level == 4
    assert "大道" not in {w.place for w in safe.lines[0].watch}
    tight = BusRules(longest_m=700)
    (only,) = plan(prepared(street), children(rows), table, doors, rules=tight)
    assert only.unserved == {"long": 3}


def test_no_line_is_told_with_the_reason(street):
    (made,) = plan(prepared(street), children([(605, -6, "S", 1), (800, -6, "S", 1)]), *schools({"S": (0, 0)}))
    assert made.lines == ()
    assert made.unserved == {"few": 2}
    (far,) = plan(prepared(street), children([(605, -6, "S", 5)]), *schools({"S": (0, 0)}), rules=BusRules(most_minutes=10))
    assert far.unserved == {"long": 5}


def test_more_children_than_lines_take_are_counted(street):
    (made,) = plan(prepared(street), children([(605, -6, "S", 31)]), *schools({"S": (0, 0)}), rules=BusRules(most_lines=1, children_per_adult=8))
    assert made.unserved == {"full": 15}
    assert [line.children for line in made.lines] == [16], "31 walk in groups of 16 and 15"


def test_a_school_whose_gate_is_on_no_street_has_no_line_and_says_so(street):
    (made,) = plan(prepared(street), children([(605, -6, "S", 4)]), *schools({"S": (0, 2000)}))
    assert (made.lines, made.unserved) == ((), {"unreachable": 4})
