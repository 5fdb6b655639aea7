"""In which order should things be done so that the schools of most children become safe first?"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet


@dataclass(frozen=True, eq=False)
class School:
    """
    When a school is safe, by the numbers of actions.

    Attributes
    ----------
    stretches
        Metres of each stretch that is not safe, and what it needs.
    gates
        What its gates need.
    short_m
        Metres that still have to become safe; None where every stretch must be.
    yuan
        Of each action; empty = each counts as one. One that is not in it is taken last.
    known
        What was left to do, by what was done.
    """

    stretches: tuple[tuple[float, frozenset[int]], ...]
    gates: frozenset[int]
    short_m: float | None
    yuan: Mapping[int, float] = field(default_factory=dict, repr=False)
    known: dict[frozenset[int], frozenset[int]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def actions(self) -> frozenset[int]:
        """All that helps."""
        long = [needed for _, needed in self.stretches] if self.short_m is None or self.short_m > 0 else []
        return self.gates.union(*long)

    def safe(self, done: AbstractSet[int]) -> bool:
        """Whether it is, all of these done."""
        if not self.gates <= done:
            return False
        if self.short_m is None:
            return all(needed <= done for _, needed in self.stretches)
        return self.won(done) >= self.short_m

    def left(self, done: AbstractSet[int]) -> frozenset[int]:
        """
        What still has to be done: of every stretch all of it; else the gates, and stretches that give most metres for an action (or for
        the money) until they are enough.
        """
        key = self.actions & done
        if key not in self.known:
            self.known[key] = self.actions - key if self.short_m is None else self._enough(key)
        return self.known[key]

    def _enough(self, done: frozenset[int]) -> frozenset[int]:
        unpriced = float("inf") if self.yuan else 1.0
        chosen, won, open_ = self.gates - done, self.won(done), [s for s in self.stretches if not s[1] <= done]
        assert self.short_m is not None  # noqa: S101 - asked only then
        while won < self.short_m and open_:
            best = max(open_, key=lambda stretch: (stretch[0] / (sum(self.yuan.get(n, unpriced) for n in stretch[1] - done - chosen) or 0.1), stretch[0]))
            chosen |= best[1] - done
            won += best[0]
            open_.remove(best)
        return chosen

    def won(self, done: AbstractSet[int]) -> float:
        """Metres that become safe."""
        return sum(metres for metres, needed in self.stretches if needed <= done)


def turned(number: int, schools: Iterable[str], models: Mapping[str, School], done: AbstractSet[int]) -> list[str]:
    """Schools that one action more makes safe."""
    return [school for school in schools if not models[school].safe(done) and models[school].safe(done | {number})]


class Worth(NamedTuple):
    """Weight of the schools that an action makes safe, its part of what is left to do, and for how many schools it is any."""

    gain: float
    share: float
    helped: int


def worth(number: int, schools: Sequence[str], models: Mapping[str, School], weight: Mapping[str, float], done: AbstractSet[int]) -> Worth:
    """What an action is worth once others are done."""
    lefts = {school: models[school].left(done) for school in schools if not models[school].safe(done)}
    parts = {school: (number in left) / len(left) for school, left in lefts.items()}
    gain = sum(weight[school] for school in turned(number, parts, models, done))
    share = sum(weight[school] * part for school, part in parts.items())
    return Worth(round(gain, 6), round(share, 6), sum(part > 0 for part in parts.values()))


def order_of(helps: Mapping[int, Sequence[str]], models: Mapping[str, School], weight: Mapping[str, float], metres: Mapping[int, float]) -> list[int]:
    """
    All actions, always the best of what is left: by the children whose schools it makes safe, the largest part of what is left to do, schools, metres.

    Only the worth of actions that share a school with the last one is counted anew.
    """

    def key(n: int) -> tuple[float, ...]:
        gain, share, helped = worth(n, helps[n], models, weight, done)
        return -gain, -share, -helped, -metres[n], n

    done: set[int] = set()
    sharing: dict[str, list[int]] = {}
    for n, schools in helps.items():
        for school in schools:
            sharing.setdefault(school, []).append(n)
    current = {n: key(n) for n in helps}
    queue = [*current.values()]
    heapq.heapify(queue)
    order = []
    while queue:
        best = heapq.heappop(queue)
        n = int(best[-1])
        if n in done or best != current[n]:
            continue
        order.append(n)
        done.add(n)
        for other in {m for school in helps[n] for m in sharing[school]} - done:
            fresh = key(other)
            if fresh != current[other]:
                current[other] = fresh
                heapq.heappush(queue, fresh)
    return order


def spare(order: Sequence[int], helps: Mapping[int, Sequence[str]], models: Mapping[str, School]) -> set[int]:
    """What can be left out, the last first, while every school still becomes safe."""
    kept = set(order)
    for n in reversed(order):
        if all(models[school].safe(kept - {n}) for school in helps[n]):
            kept.remove(n)
    return set(order) - kept


__all__ = ["School", "Worth", "order_of", "spare", "turned", "worth"]
