"""Which sets of actions make the schools of most children safe for the money?"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from cfmap.planning.ranking import School

FEN, MILLI = 100, 1000  # money, weights and metres as whole numbers
WORK = 2.0  # deterministic seconds of each search, up to ten times as long on the clock


class Bundle(NamedTuple):
    """All that one school still needs, and the schools that are safe once it is done."""

    actions: frozenset[int]
    yuan: float
    schools: tuple[str, ...]
    gain: float


@dataclass(frozen=True)
class Purchase:
    """
    What money is spent on.

    Attributes
    ----------
    actions
        By number.
    schools
        Ids of those that become safe.
    yuan
        All of it together.
    weight
        Of the schools.
    how
        ``best``: nothing better is possible; ``found``: the best that was found, nothing above `bound` is possible; ``greedy``: one set after
        the other, by weight for the money, or the one set of most weight where that is more: at times better is possible.
    bound
        No choice has more weight; NaN where it is not known.
    """

    actions: frozenset[int]
    schools: tuple[str, ...]
    yuan: float
    weight: float
    how: Literal["best", "found", "greedy"]
    bound: float = float("nan")


def bundles(models: Mapping[str, School], weight: Mapping[str, float], yuan: Mapping[int, float], *, budget: float = float("inf")) -> Iterator[Bundle]:
    """
    Next always the set that brings most weight for the money, what stands before it done, as long as it can be paid.

    Parameters
    ----------
    models
        Schools that are not safe, and what each needs.
    weight
        Of each school.
    yuan
        Of each action; a set with one that is not in it is never taken.
    budget
        Yuan for all together.
    """
    done: set[int] = set()
    users: dict[int, set[str]] = {}
    for school, model in models.items():
        for n in model.actions:
            users.setdefault(n, set()).add(school)
    current: dict[str, Bundle | None] = {}
    stale, left = set(models), budget
    while True:
        for school in stale:
            current[school] = None if models[school].safe(done) else _bundle(models[school].left(done), users, models, weight, yuan, done)
        best = max(((_rate(one), -one.yuan, school) for school, one in current.items() if one is not None and _fen(one.yuan) <= _fen(left)), default=None)
        if best is None:
            return
        found = current[best[2]]
        assert found is not None  # noqa: S101 - chosen from those that are some
        yield found
        left -= found.yuan
        done |= found.actions
        near = {school for n in found.actions for school in users[n]}
        stale = {other for school in near for n in models[school].actions for other in users[n]}


def order_by_cost(models: Mapping[str, School], weight: Mapping[str, float], yuan: Mapping[int, float]) -> list[int]:
    """All actions, set by set as :func:`bundles` gives them, in each the cheapest first; those that no set needs stand last."""
    order = [n for bundle in bundles(models, weight, yuan) for n in sorted(bundle.actions, key=lambda n: (yuan[n], n))]
    return [*order, *sorted({n for model in models.values() for n in model.actions} - set(order))]


def buy(models: Mapping[str, School], weight: Mapping[str, float], yuan: Mapping[int, float], budget: float, *, work: float = WORK) -> Purchase:
    """
    Choose what to do for a budget: whole sets only, since a school that lacks one action is not safe.

    Parameters
    ----------
    models, weight, yuan
        As :func:`bundles` takes them.
    budget
        Yuan.
    work
        Deterministic seconds for the exact search: the same on every run and machine.

    Returns
    -------
    purchase
        Of most weight, and of equal ones the cheapest; by OR-Tools where that is installed, else greedy.
    """
    greedy = _greedy(models, weight, yuan, budget)
    try:
        from ortools.sat.python import cp_model
    except ImportError:
        return greedy
    return _exact(cp_model, models, weight, yuan, budget, greedy, work)


def _bundle(
    actions: frozenset[int],
    users: Mapping[int, set[str]],
    models: Mapping[str, School],
    weight: Mapping[str, float],
    yuan: Mapping[int, float],
    done: AbstractSet[int],
) -> Bundle | None:
    if not yuan.keys() >= actions:
        return None
    after = done | actions
    near = {school for n in actions for school in users[n]}
    schools = tuple(sorted(s for s in near if not models[s].safe(done) and models[s].safe(after)))
    return Bundle(actions, sum(yuan[n] for n in actions), schools, sum(weight[s] for s in schools))


def _rate(one: Bundle) -> float:
    return one.gain / one.yuan if one.yuan else float("inf")


def _greedy(models: Mapping[str, School], weight: Mapping[str, float], yuan: Mapping[int, float], budget: float) -> Purchase:
    taken = frozenset(n for bundle in bundles(models, weight, yuan, budget=budget) for n in bundle.actions)
    single = (model.left(frozenset()) for model in models.values())
    paid = [actions for actions in (taken, *single) if yuan.keys() >= actions and _fen(sum(yuan[n] for n in actions)) <= _fen(budget)]
    return max((_purchase(actions, models, weight, yuan, "greedy") for actions in paid), key=lambda p: (p.weight, -p.yuan))


def _purchase(actions: frozenset[int], models: Mapping[str, School], weight: Mapping[str, float], yuan: Mapping[int, float], how: Any) -> Purchase:
    schools = tuple(sorted(s for s, model in models.items() if model.safe(actions)))
    return Purchase(actions, schools, round(sum(yuan[n] for n in actions), 2), round(sum(weight[s] for s in schools), 6), how)


def _exact(
    cp: Any, models: Mapping[str, School], weight: Mapping[str, float], yuan: Mapping[int, float], budget: float, greedy: Purchase, work: float
) -> Purchase:
    """First the most weight, then the least money for as much."""
    model, does, safe = _model(cp, models, yuan, budget)
    for n, var in does.items():
        model.add_hint(var, n in greedy.actions)
    gain, spent = (sum(_milli(weight[s]) * var for s, var in safe.items()), sum(_fen(yuan[n]) * var for n, var in does.items()))
    model.maximize(gain)
    solver = _solver(cp, work)
    status = solver.solve(model)
    if not safe or status not in (cp.OPTIMAL, cp.FEASIBLE):
        return Purchase(greedy.actions, greedy.schools, greedy.yuan, greedy.weight, "found" if safe else "best")
    how: Literal["best", "found"] = "best" if status == cp.OPTIMAL else "found"
    bound = max(solver.best_objective_bound, solver.objective_value) / MILLI
    chosen = frozenset(n for n, var in does.items() if solver.boolean_value(var))
    model.add(gain >= round(solver.objective_value))
    model.minimize(spent)
    model.clear_hints()
    for n, var in does.items():
        model.add_hint(var, n in chosen)
    if solver.solve(model) in (cp.OPTIMAL, cp.FEASIBLE):
        chosen = frozenset(n for n, var in does.items() if solver.boolean_value(var))
    found = _purchase(chosen, models, weight, yuan, how)
    return Purchase(found.actions, found.schools, found.yuan, found.weight, how, bound)


def _model(cp: Any, models: Mapping[str, School], yuan: Mapping[int, float], budget: float) -> tuple[Any, dict[int, Any], dict[str, Any]]:
    model = cp.CpModel()
    can = {s: m for s, m in models.items() if yuan.keys() >= m.gates and (m.short_m is not None or yuan.keys() >= m.actions)}
    does = {n: model.new_bool_var("") for n in sorted({n for m in can.values() for n in m.actions} & yuan.keys())}
    safe = {s: model.new_bool_var("") for s in sorted(can)}
    for school, var in safe.items():
        mine = can[school]
        for n in mine.gates if mine.short_m is not None else mine.actions:
            model.add_implication(var, does[n])
        if mine.short_m is not None and mine.short_m > 0:
            long: dict[frozenset[int], float] = {}
            for metres, needed in mine.stretches:
                if yuan.keys() >= needed:
                    long[needed] = long.get(needed, 0.0) + metres
            won = [_mm(metres) * _all(model, [does[n] for n in sorted(needed)]) for needed, metres in long.items()]
            model.add(sum(won) >= -_mm(-mine.short_m) * var)
    model.add(sum(_fen(yuan[n]) * var for n, var in does.items()) <= _fen(budget))
    return model, does, safe


def _all(model: Any, parts: list[Any]) -> Any:
    """A variable that is true only when all parts are."""
    if len(parts) == 1:
        return parts[0]
    whole = model.new_bool_var("")
    for part in parts:
        model.add_implication(whole, part)
    return whole


def _solver(cp: Any, work: float) -> Any:
    solver = cp.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = work
    return solver


def _fen(yuan: float) -> int:
    return round(yuan * FEN) if yuan < 1e15 else 10**17


def _mm(metres: float) -> int:
    """Rounded down, so that what is found is safe to the millimetre."""
    return floor(round(metres * MILLI, 3))


def _milli(weight: float) -> int:
    return round(weight * MILLI)


__all__ = ["Bundle", "Purchase", "bundles", "buy", "order_by_cost"]
