"""How far a budget reaches: whole sets, the best of all against every subset of small random cases, and the greedy way by hand."""

from __future__ import annotations

import random
import sys
from itertools import combinations

import pytest

from cfmap.planning.budget import bundles, buy, order_by_cost
from cfmap.planning.ranking import School


def every(*needed):
    """A school all of whose stretches must be safe."""
    return School(tuple((100.0, frozenset({n})) for n in needed), frozenset(), None)


# 小 (100 children) needs 0 and 1, 中 (300) needs 1 and 2, 大 (500) needs 3; the first two share a street
MODELS = {"小": every(0, 1), "中": every(1, 2), "大": every(3)}
CHILDREN = {"小": 100.0, "中": 300.0, "大": 500.0}
YUAN = {0: 10.0, 1: 20.0, 2: 30.0, 3: 100.0}


def test_the_next_set_is_the_one_of_most_children_for_the_money():
    """中: 300 for 50 = 6 a yuan, before 大 with 5; then 小 with 100 for the 10 that are left of it = 10 a yuan."""
    assert [(sorted(b.actions), b.yuan, b.schools) for b in bundles(MODELS, CHILDREN, YUAN)] == [([1, 2], 50, ("中",)), ([0], 10, ("小",)), ([3], 100, ("大",))]
    assert order_by_cost(MODELS, CHILDREN, YUAN) == [1, 2, 0, 3]
    assert order_by_cost(MODELS, CHILDREN, {**YUAN, 3: 70.0}) == [3, 1, 2, 0]


@pytest.mark.parametrize("solver", [True, False], ids=["exact", "greedy"])
def test_a_budget_buys_whole_sets_and_leaves_the_rest(monkeypatch, solver):
    if solver:
        pytest.importorskip("ortools")
    else:
        monkeypatch.setitem(sys.modules, "ortools.sat.python", None)
    told = {}
    for budget in (9, 29.99, 30, 50, 60, 99, 160, 1e12):
        bought = buy(MODELS, CHILDREN, YUAN, budget)
        assert bought.how == ("best" if solver else "greedy")
        told[budget] = (sorted(bought.actions), bought.yuan, bought.weight)
    nothing, all_ = ([], 0, 0), ([0, 1, 2, 3], 160, 900)
    assert told == {9: nothing, 29.99: nothing, 30: ([0, 1], 30, 100), 50: ([1, 2], 50, 300), 60: ([0, 1, 2], 60, 400)} | {
        99: ([0, 1, 2], 60, 400),
        160: all_,
        1e12: all_,
    }
    # of 100 yuan the greedy way would buy 中 and 小 (400), one set alone is more: 大 (500)
    assert buy(MODELS, CHILDREN, YUAN, 100).schools == ("大",)
    assert buy({}, {}, {}, 100).actions == frozenset()


def test_what_has_no_price_is_never_bought():
    """Without a price of 2, 中 cannot be had; 小 and 大 can."""
    known = {n: yuan for n, yuan in YUAN.items() if n != 2}
    assert buy(MODELS, CHILDREN, known, 1e6).schools == ("大", "小")


def random_case(rng):
    count = rng.randint(4, 8)
    models = {}
    for school in "abcde":
        stretches = tuple((rng.choice([20.0, 33.3, 80.0]), frozenset(rng.sample(range(count), rng.randint(1, 2)))) for _ in range(rng.randint(1, 3)))
        gates = frozenset(rng.sample(range(count), rng.choice([0, 0, 1])))
        yuan = {n: float(rng.choice([1, 2.5, 4, 10])) for n in range(count)}
        short = None if rng.random() < 0.5 else rng.choice([0.4, 0.8]) * sum(metres for metres, _ in stretches)
        models[school] = School(stretches, gates, short, yuan)
    yuan = {n: float(rng.choice([1, 2.5, 4, 10])) for n in range(count) if rng.random() < 0.95}
    return models, {s: float(rng.randint(1, 9)) for s in models}, yuan


def test_nothing_better_is_possible(monkeypatch):
    """Of every subset that can be paid none makes the schools of more children safe, and none of as many is cheaper; greedy is never above."""
    pytest.importorskip("ortools")
    rng, less = random.Random(5), 0
    for _ in range(60):
        models, weight, yuan = random_case(rng)
        budget = rng.choice([3.0, 8.0, 15.0, 25.0])
        best = (0.0, 0.0)
        for size in range(len(yuan) + 1):
            for subset in combinations(yuan, size):
                spent = sum(yuan[n] for n in subset)
                if spent <= budget:
                    best = max(best, (sum(weight[s] for s, m in models.items() if m.safe(frozenset(subset))), -spent))
        exact = buy(models, weight, yuan, budget)
        assert (exact.how, exact.weight, -exact.yuan, exact.bound) == ("best", *best, best[0])
        with monkeypatch.context() as without:
            without.setitem(sys.modules, "ortools.sat.python", None)
            greedy = buy(models, weight, yuan, budget)
        assert greedy.yuan <= budget
        assert {s for s, m in models.items() if m.safe(greedy.actions)} == set(greedy.schools)
        assert greedy.weight <= exact.weight
        less += greedy.weight < exact.weight
    assert 0 < less < 30  # it is not the same, and not far from it
