"""Which stops make a line, in which order? An open vehicle routing problem, solved by OR-Tools: the only place that knows it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from cfmap.model.errors import EnvironmentFault
from cfmap.model.messages import fault

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

#: What is minimised, in weighted metres: first children left over, then lines (each takes adults), then the walks.
LEFT_OVER, LINE = 1_000_000, 100_000
#: Work the search may do, in OR-Tools' own count of steps, so that a fast and a slow computer stop at the same place.
WORK = 2.0


@dataclass(frozen=True, eq=False)
class Problem:
    """
    Groups of children waiting at stops, to be walked to one school.

    Attributes
    ----------
    children
        Size of each group, positive.
    leg_mm, leg_cost
        (n, n) real and weighted millimetres between the stops, -1 = no way.
    last_mm, last_cost
        From each stop to the school.
    seats
        Most children of a line.
    longest_mm, longest_ms
        Of a line, first stop to school.
    ms, wait_ms
        Time for a walk of so many millimetres, and at each stop.
    lines
        Most lines.
    """

    children: NDArray[np.int64]
    leg_mm: NDArray[np.int64]
    leg_cost: NDArray[np.int64]
    last_mm: NDArray[np.int64]
    last_cost: NDArray[np.int64]
    seats: int
    longest_mm: int
    longest_ms: int
    ms: Callable[[int], int]
    wait_ms: int
    lines: int

    def leg_ms(self, mm: int) -> int:
        """Time for a walk and the wait before it."""
        return self.ms(mm) + self.wait_ms

    def alone(self, group: int) -> bool:
        """Whether a line of this stop alone keeps the limits."""
        mm = int(self.last_mm[group])
        return 0 <= mm <= self.longest_mm and self.leg_ms(mm) <= self.longest_ms and self.children[group] <= self.seats


@dataclass(frozen=True)
class Solution:
    """
    What was found.

    Attributes
    ----------
    lines
        Groups of each line in the order of the walk; the last goes on to the school. More children first, then the lower group.
    left_over
        Groups that no line takes.
    proven
        Whether nothing better exists.
    more
        So many children more a better plan could take at most; 0 when proven.
    """

    lines: tuple[tuple[int, ...], ...]
    left_over: tuple[int, ...]
    proven: bool
    more: int


def solve(problem: Problem, *, work: float = WORK) -> Solution:
    """
    Find the lines that leave the fewest children over, then need the fewest lines, then have the least weighted length.

    Exact where the search ends within `work`, and the same on every run: one thread, a fixed seed, and a limit in steps of the
    search instead of seconds.

    Raises
    ------
    EnvironmentFault
        E415 when OR-Tools is not installed.
    """
    count = len(problem.children)
    if not problem.lines or not any(problem.alone(g) for g in range(count)):
        return Solution((), tuple(range(count)), proven=True, more=0)
    cp = _ortools()
    model, arcs, cost = _model(cp, problem)
    solver = cp.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = work
    status = solver.solve(model)
    if status not in (cp.OPTIMAL, cp.FEASIBLE):  # leaving all over is always allowed: only a search without any time ends so
        return Solution((), tuple(range(count)), proven=False, more=int(problem.children.sum()))
    after = {tail: head for tail, head, taken in arcs if tail and solver.boolean_value(taken)}
    heads = [head for tail, head, taken in arcs if not tail and solver.boolean_value(taken)]
    lines = []
    for head in heads:
        line, at = [], head
        while at:
            line.append(at - 1)
            at = after[at]
        lines.append(tuple(line))
    left = tuple(g for g in range(count) if after[g + 1] == g + 1)
    lines.sort(key=lambda line: (-int(problem.children[list(line)].sum()), line))
    found = round(solver.value(cost))
    more = 0 if status == cp.OPTIMAL else min(max(0, int((found - solver.best_objective_bound) // LEFT_OVER)), int(problem.children[list(left)].sum()))
    return Solution(tuple(lines), left, proven=status == cp.OPTIMAL, more=more)


def value(problem: Problem, lines: tuple[tuple[int, ...], ...]) -> int:
    """What a plan costs, the number that :func:`solve` makes small."""
    taken = [g for line in lines for g in line]
    left = int(problem.children.sum()) - int(problem.children[taken].sum()) if taken else int(problem.children.sum())
    legs = sum(_metres(problem.leg_cost[a, b]) for line in lines for a, b in pairwise(line))
    return LEFT_OVER * left + LINE * len(lines) + legs + sum(_metres(problem.last_cost[line[-1]]) for line in lines)


def _metres(mm: Any) -> int:
    return round(float(mm) / 1000.0)


def _model(cp: Any, problem: Problem) -> tuple[Any, list[tuple[int, int, Any]], Any]:
    # node 0 is before the first stop and behind the school; a stop's loop on itself says that it is left over
    count, model = len(problem.children), cp.CpModel()
    size = [int(n) for n in problem.children]
    load = [model.new_int_var(min(n, problem.seats), problem.seats, "") for n in size]  # children up to and with this stop
    walk = [model.new_int_var(0, problem.longest_mm, "") for _ in size]  # from here to the school
    time = [model.new_int_var(0, problem.longest_ms, "") for _ in size]  # from coming here until the school
    arcs, begins, cost = [], [], []
    for i in range(count):
        out = model.new_bool_var("")
        arcs.append((i + 1, i + 1, out))
        cost.append(LEFT_OVER * size[i] * out)
        if not problem.alone(i):
            model.add(out == 1)
            continue
        first, last = model.new_bool_var(""), model.new_bool_var("")
        begins.append(first)
        arcs += [(0, i + 1, first), (i + 1, 0, last)]
        cost += [LINE * first, _metres(problem.last_cost[i]) * last]
        model.add(load[i] == size[i]).only_enforce_if(first)
        model.add(walk[i] == int(problem.last_mm[i])).only_enforce_if(last)
        model.add(time[i] == problem.leg_ms(int(problem.last_mm[i]))).only_enforce_if(last)
        for j in range(count):
            leg = int(problem.leg_mm[i, j])
            if i == j or leg < 0 or not problem.alone(j) or size[i] + size[j] > problem.seats or leg + problem.last_mm[j] > problem.longest_mm:
                continue
            taken = model.new_bool_var("")
            arcs.append((i + 1, j + 1, taken))
            cost.append(_metres(problem.leg_cost[i, j]) * taken)
            model.add(load[j] == load[i] + size[j]).only_enforce_if(taken)
            model.add(walk[i] == walk[j] + leg).only_enforce_if(taken)
            model.add(time[i] == time[j] + problem.leg_ms(leg)).only_enforce_if(taken)
    model.add(sum(begins) <= problem.lines)
    model.add_multiple_circuit(arcs)
    model.minimize(sum(cost))
    return model, arcs, sum(cost)


def demand_solver() -> None:
    """Raise E415 when OR-Tools is not installed."""
    _ortools()


def _ortools() -> Any:
    try:
        from ortools.sat.python import cp_model
    except ImportError:
        raise EnvironmentFault(fault("E415")) from None
    return cp_model
