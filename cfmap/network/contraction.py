"""
How can the same streets be searched again and again, faster? By taking small junctions out of the graph, once.

A state with few neighbours is taken out and its neighbours are joined directly, by the length of the way through it: dead
ends, bends between two ways, and junctions of up to five streets. What stays is a core of a fifth of the states, in
which every distance is what it was. A search pushes its starts up into the core, searches there, and reads every other
state off its few neighbours in reverse order. All sums are whole millimetres, so the answer is the same to the last
one. The idea is that of node contraction (Geisberger et al. 2008) and of sweeping down in a fixed order (Delling et al.
2011), without their search for witnesses.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from cfmap.network.graph import MAX_MM
from cfmap.network.kernels import HIGH, LOW, NONE, spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cfmap.network.graph import SearchGraph

NEIGHBOURS = 5  # a state with more stays in the core; 3 to 8 were tried, 5 and 6 are fastest
KEPT = np.int32(0x7FFFFFFF)  # rank of a state that was not taken out
FAR = MAX_MM + 1  # no way in this direction: longer than any limit, and no sum with a label overflows


@dataclass(frozen=True, eq=False)
class Contraction:
    """
    A graph with its small junctions taken out.

    Attributes
    ----------
    order, rank
        States taken out, in this order, and the place of each state in it (``KEPT`` for the core).
    first, up, down
        ``up[first[i]:first[i + 1]]`` leave state ``order[i]`` for neighbours taken out later or in the core,
        ``down[...]`` come from these neighbours; packed as the graph's own arcs.
    core, core_first, core_arc
        States of the core, and the arcs between them (by position in `core`).
    """

    order: NDArray[np.uint32]
    rank: NDArray[np.int32]
    first: NDArray[np.uint32]
    up: NDArray[np.uint64]
    down: NDArray[np.uint64]
    core: NDArray[np.uint32]
    core_first: NDArray[np.uint32]
    core_arc: NDArray[np.uint64]

    def spread(self, label: NDArray[np.uint64], starts: NDArray[np.int64], limit: np.uint64) -> None:
        """Label every state with its nearest start, in place: as :func:`cfmap.network.kernels.spread` on the whole graph."""
        push_up(self.rank, self.first, self.up, label, starts, limit)
        inner = label[self.core]
        spread(self.core_first, self.core_arc, inner, np.flatnonzero(inner != NONE), limit)
        label[self.core] = inner
        read_down(self.order, self.first, self.down, label, limit)


def contract(graph: SearchGraph) -> Contraction:
    """Take the small junctions of a graph out: some 0.8 s for a million states, or read from the cache."""
    from cfmap.network.cache import extra

    names = [field.name for field in fields(Contraction)]
    made = extra(graph.network, f"{graph.name}-contracted", lambda: dict(zip(names, _contract(graph.first, graph.arc, NEIGHBOURS), strict=True)))
    return Contraction(**made)


@njit(cache=True, nogil=True)
def push_up(
    rank: NDArray[np.int32],
    first: NDArray[np.uint32],
    up: NDArray[np.uint64],
    label: NDArray[np.uint64],
    starts: NDArray[np.int64],
    limit: np.uint64,
) -> None:
    """Labels of states that were taken out, carried to their neighbours, from the starts on and in the order in which they were taken out."""
    waiting = [np.int64(0)]
    waiting.clear()
    for state in starts:
        heappush(waiting, (np.int64(rank[state]) << 32) | state)
    while len(waiting) > 0:
        key = heappop(waiting)
        while len(waiting) > 0 and waiting[0] == key:
            heappop(waiting)
        i, here = key >> 32, label[key & 0xFFFFFFFF]
        if i == KEPT:
            continue
        for k in range(first[i], first[i + 1]):
            there = here + (up[k] & HIGH)
            to = up[k] & LOW
            if there < label[to] and there <= limit:
                label[to] = there
                if rank[to] != KEPT:
                    heappush(waiting, (np.int64(rank[to]) << 32) | np.int64(to))


@njit(cache=True, nogil=True)
def read_down(order: NDArray[np.uint32], first: NDArray[np.uint32], down: NDArray[np.uint64], label: NDArray[np.uint64], limit: np.uint64) -> None:
    """Labels of states that were taken out, read off their neighbours in reverse order."""
    for i in range(len(order) - 1, -1, -1):
        best = label[order[i]]
        for k in range(first[i], first[i + 1]):
            there = label[down[k] & LOW]
            if there != NONE:
                there += down[k] & HIGH
                if there < best and there <= limit:
                    best = there
        label[order[i]] = best


@njit(cache=True, nogil=True)
def _contract(  # noqa: C901 - one loop over the states; calls would cost what it saves
    first: NDArray[np.uint32], arc: NDArray[np.uint64], most: int
) -> tuple[
    NDArray[np.uint32],
    NDArray[np.int32],
    NDArray[np.uint32],
    NDArray[np.uint64],
    NDArray[np.uint64],
    NDArray[np.uint32],
    NDArray[np.uint32],
    NDArray[np.uint64],
]:
    n = len(first) - 1
    room = 2 * len(arc) + 4 * most * most
    # neighbours of each state as linked records: (neighbour, way there, way back, next record)
    head, degree = np.full(n, -1, dtype=np.int64), np.zeros(n, dtype=np.int32)
    to, link = np.empty(room, dtype=np.uint32), np.empty(room, dtype=np.int64)
    there, back = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
    for k in range(room):
        link[k] = k + 1
    free = np.array([0, room], dtype=np.int64)  # first free record, and how many there are
    for a in range(n):
        for k in range(first[a], first[a + 1]):
            b = int(np.int64(arc[k] & LOW))
            if a != b:
                _join(head, degree, to, link, there, back, free, a, b, int(np.int64(arc[k] >> np.uint64(32))), FAR)

    gone = np.zeros(n, dtype=np.bool_)
    order, row = np.empty(n, dtype=np.uint32), np.zeros(n + 1, dtype=np.uint32)
    up, down = np.empty(n * most, dtype=np.uint64), np.empty(n * most, dtype=np.uint64)
    near, out, inn = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    count, arcs = 0, 0
    for degree_now in range(most + 1):
        found = True
        while found:
            found = False
            for x in range(n):
                if gone[x] or degree[x] > degree_now or free[1] < most * most:
                    continue
                d = 0
                r = head[x]
                while r >= 0:
                    near[d], out[d], inn[d] = to[r], there[r], back[r]
                    up[arcs], down[arcs] = _packed(there[r], to[r]), _packed(back[r], to[r])
                    arcs += 1
                    d += 1
                    r = link[r]
                gone[x] = found = True
                order[count] = x
                count += 1
                row[count] = arcs
                for i in range(d):
                    _part(head, degree, to, link, free, near[i], x)
                    _part(head, degree, to, link, free, x, near[i])
                for i in range(d):
                    for j in range(i + 1, d):
                        forth, back_again = min(inn[i] + out[j], FAR), min(inn[j] + out[i], FAR)
                        if forth < FAR or back_again < FAR:
                            _join(head, degree, to, link, there, back, free, near[i], near[j], forth, back_again)

    core, core_first, core_arc = _core(gone, head, to, link, there)
    rank = np.full(n, KEPT, dtype=np.int32)
    for i in range(count):
        rank[order[i]] = i
    return order[:count].copy(), rank, row[: count + 1].copy(), up[:arcs].copy(), down[:arcs].copy(), core, core_first, core_arc


@njit(cache=True, nogil=True)
def _core(
    gone: NDArray[np.bool_], head: NDArray[np.int64], to: NDArray[np.uint32], link: NDArray[np.int64], there: NDArray[np.int64]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint64]]:
    # what was not taken out, numbered anew
    n = len(gone)
    kept = n - np.count_nonzero(gone)
    place = np.empty(n, dtype=np.int64)
    core = np.empty(kept, dtype=np.uint32)
    core_first = np.zeros(kept + 1, dtype=np.uint32)
    c = 0
    for x in range(n):
        if not gone[x]:
            place[x] = c
            core[c] = x
            core_first[c + 1] = core_first[c]
            r = head[x]
            while r >= 0:
                if there[r] < FAR:
                    core_first[c + 1] += np.uint32(1)
                r = link[r]
            c += 1
    core_arc = np.empty(core_first[c], dtype=np.uint64)
    k = 0
    for c in range(len(core)):
        r = head[core[c]]
        while r >= 0:
            if there[r] < FAR:
                core_arc[k] = _packed(there[r], place[to[r]])
                k += 1
            r = link[r]
    return core, core_first, core_arc


@njit(cache=True, nogil=True)
def _packed(mm: int, state: int) -> np.uint64:
    return (np.uint64(mm) << np.uint64(32)) | np.uint64(state)


@njit(cache=True, nogil=True)
def _record(head: NDArray[np.int64], to: NDArray[np.uint32], link: NDArray[np.int64], a: int, b: int) -> int:
    r = head[a]
    while r >= 0 and to[r] != b:
        r = link[r]
    return int(r)


@njit(cache=True, nogil=True)
def _join(
    head: NDArray[np.int64],
    degree: NDArray[np.int32],
    to: NDArray[np.uint32],
    link: NDArray[np.int64],
    there: NDArray[np.int64],
    back: NDArray[np.int64],
    free: NDArray[np.int64],
    a: int,
    b: int,
    forth: int,
    back_again: int,
) -> None:
    # two states become neighbours, or nearer neighbours; each keeps a record of the other
    r, s = _record(head, to, link, a, b), _record(head, to, link, b, a)
    if r < 0:
        r = free[0]
        s = link[r]
        free[0] = link[s]
        free[1] -= 2
        to[r], there[r], back[r], link[r], head[a] = b, FAR, FAR, head[a], r
        to[s], there[s], back[s], link[s], head[b] = a, FAR, FAR, head[b], s
        degree[a] += 1
        degree[b] += 1
    there[r] = back[s] = min(there[r], forth)
    back[r] = there[s] = min(back[r], back_again)


@njit(cache=True, nogil=True)
def _part(head: NDArray[np.int64], degree: NDArray[np.int32], to: NDArray[np.uint32], link: NDArray[np.int64], free: NDArray[np.int64], a: int, b: int) -> None:
    # state a forgets b
    r, before = head[a], np.int64(-1)
    while to[r] != b:
        before, r = r, link[r]
    if before < 0:
        head[a] = link[r]
    else:
        link[before] = link[r]
    link[r] = free[0]
    free[0] = r
    free[1] += 1
    degree[a] -= 1
