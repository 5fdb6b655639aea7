"""
The safest way within a cap on its length: the inner loops, compiled by numba.

A constrained shortest path by labels, as a best-first search (Hart, Nilsson, Raphael 1968) with dominance (Martins 1984). Two plain
searches from the school give, for each state, the rest of the way when it is the shortest and when it is the cheapest. A label is a
way from the origin to a state; it is dropped when even the shortest rest breaks the cap, when even the cheapest rest is no better
than the best way known, or when another label at its state is neither longer nor dearer. A label whose cheapest rest keeps the cap
is a whole way and needs no successors: most origins are answered by their first label. What is found is exact; only when `room`
labels do not suffice is the best way so far given, with the lower bound of what there could be.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

FAR = 1 << 62  # of a state: not reached
NONE = -1  # of a pointer: nothing follows
BY_SAFEST, BY_SHORTEST = 0, 1  # how a label's way goes on
NO_WAY, EXACT, BOUNDED = 0, 1, 2


@njit(cache=True, nogil=True)
def rest_of_way(  # noqa: C901 - one loop
    into_first: NDArray[np.int64],
    into: NDArray[np.int64],
    tail: NDArray[np.int64],
    major: NDArray[np.int64],
    minor: NDArray[np.int64],
    port_state: NDArray[np.int64],
    port_major: NDArray[np.int64],
    port_minor: NDArray[np.int64],
    within: NDArray[np.int64],
    limit: int,
    best: NDArray[np.int64],
    second: NDArray[np.int64],
    step: NDArray[np.int64],
    settled: NDArray[np.bool_],
    touched: NDArray[np.int64],
) -> int:
    """
    The way to the school from every state near it, smallest in `major`, of equal ones in `minor`, of equal ones by the lowest arc.

    Parameters
    ----------
    port_state, port_major, port_minor
        Where the school is entered.
    within
        Only states with a value below ``FAR`` there are looked at.
    limit
        Highest `major`, inclusive.
    best, second, step, settled
        Receive both sums and the next arc of the way (``-2 - port`` at its end); ``FAR`` and False before.
    touched
        Receives the states reached (room for all).

    Returns
    -------
    count
        Number of states in `touched`.
    """
    count = 0
    heap = [(np.int64(0), np.int64(0), np.int64(0))]
    heap.pop()
    for p in range(len(port_state)):
        s, a, b = port_state[p], port_major[p], port_minor[p]
        if a > limit or within[s] == FAR:
            continue
        if a < best[s] or (a == best[s] and b < second[s]):
            if best[s] == FAR:
                touched[count] = s
                count += 1
            best[s], second[s], step[s] = a, b, -2 - p
            heapq.heappush(heap, (a, b, s))
    while len(heap) > 0:
        a, b, s = heapq.heappop(heap)
        if settled[s]:
            continue
        settled[s] = True
        for k in range(into_first[s], into_first[s + 1]):
            arc = into[k]
            t = tail[arc]
            if settled[t] or within[t] == FAR:
                continue
            x, y = a + major[arc], b + minor[arc]
            if x > limit:
                continue
            if x < best[t] or (x == best[t] and (y < second[t] or (y == second[t] and arc < step[t]))):
                if best[t] == FAR:
                    touched[count] = t
                    count += 1
                if x < best[t] or y < second[t]:
                    heapq.heappush(heap, (x, y, t))
                best[t], second[t], step[t] = x, y, arc
    return count


@njit(cache=True, nogil=True)
def safest(  # noqa: C901 - one loop; calls inside it cost a third more time
    first: NDArray[np.int64],
    head: NDArray[np.int64],
    mm: NDArray[np.int64],
    cost: NDArray[np.int64],
    short: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    safe: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    port_state: NDArray[np.int64],
    port_mm: NDArray[np.int64],
    port_cost: NDArray[np.int64],
    bound: int,
    known_cost: int,
    known_mm: int,
    newest: NDArray[np.int64],
    room: int,
) -> tuple[int, Any, Any, Any, Any, NDArray[np.int64], Any]:
    """
    The cheapest way of an origin whose length is at most `bound`, of equal ones the shortest.

    Parameters
    ----------
    short, safe
        ``(mm, cost, step)`` of the shortest and ``(cost, mm, step)`` of the cheapest rest, from :func:`rest_of_way`.
    port_state, port_mm, port_cost
        Where the origin is left.
    bound
        Longest way, millimetres.
    known_cost, known_mm
        Of a way known before (along one edge), ``FAR`` if there is none: only a better one is looked for.
    newest
        All -1, one for each state; left so.
    room
        Most labels, beside those of the origin's ports.

    Returns
    -------
    found, way_cost, way_mm, lowest, port, arcs, end
        ``NO_WAY`` (none better than the known one), ``EXACT`` or ``BOUNDED`` (`lowest` is a lower bound of the cost then); the
        origin's port, the arcs in order of walking, and the school's port.
    """
    short_mm, short_cost, short_step = short
    safe_cost, safe_mm, safe_step = safe
    state, arc, parent = np.empty(256, dtype=np.int64), np.empty(256, dtype=np.int64), np.empty(256, dtype=np.int64)
    so_cost, so_mm, older = np.empty(256, dtype=np.int64), np.empty(256, dtype=np.int64), np.empty(256, dtype=np.int64)
    best_cost, best_mm, best_label, best_rest = known_cost, known_mm, np.int64(NONE), BY_SAFEST
    heap = [(np.int64(0), np.int64(0), np.int64(0))]
    heap.pop()
    n = 0
    full = False
    lowest: Any = np.int64(known_cost)
    at = np.int64(NONE)  # label that is being continued; none: the ports
    begin, stop = np.int64(0), np.int64(len(port_state))
    while True:
        for k in range(begin, stop):
            if at == NONE:
                s, c, m = port_state[k], port_cost[k], port_mm[k]
            else:
                s, c, m = head[k], so_cost[at] + cost[k], so_mm[at] + mm[k]
            if short_mm[s] == FAR or m + short_mm[s] > bound:
                continue
            low, low_mm = c + safe_cost[s], m + safe_mm[s]
            if low > best_cost or (low == best_cost and low_mm >= best_mm):
                continue
            dominated = False
            other = newest[s]
            while other != NONE:
                if so_cost[other] <= c and so_mm[other] <= m:
                    dominated = True
                    break
                other = older[other]
            if dominated:
                continue
            if n >= room and at != NONE:
                full = True
                break
            if n == len(state):
                state, arc, parent = _longer(state), _longer(arc), _longer(parent)
                so_cost, so_mm, older = _longer(so_cost), _longer(so_mm), _longer(older)
            state[n], arc[n], parent[n], so_cost[n], so_mm[n], older[n] = s, k, at, c, m, newest[s]
            newest[s] = n
            if low_mm <= bound:
                best_cost, best_mm, best_label, best_rest = low, low_mm, np.int64(n), BY_SAFEST
            else:
                whole, whole_mm = c + short_cost[s], m + short_mm[s]
                if whole < best_cost or (whole == best_cost and whole_mm < best_mm):
                    best_cost, best_mm, best_label, best_rest = whole, whole_mm, np.int64(n), BY_SHORTEST
                heapq.heappush(heap, (low, low_mm, np.int64(n)))
            n += 1
        if full:
            lowest = so_cost[at] + safe_cost[state[at]]
            break
        if len(heap) == 0:
            break
        low, low_mm, label = heapq.heappop(heap)
        if low > best_cost or (low == best_cost and low_mm >= best_mm):
            break
        at = label
        begin, stop = first[state[at]], first[state[at] + 1]
    for i in range(n):
        newest[state[i]] = NONE
    if best_label == NONE:
        return NO_WAY, known_cost, known_mm, lowest, NONE, np.empty(0, dtype=np.int64), NONE
    count = 0
    label = best_label
    while parent[label] != NONE:
        label = parent[label]
        count += 1
    port = arc[label]
    step = safe_step if best_rest == BY_SAFEST else short_step
    s = state[best_label]
    more = 0
    while step[s] >= 0:
        s = head[step[s]]
        more += 1
    arcs = np.empty(count + more, dtype=np.int64)
    label = best_label
    for i in range(count):
        arcs[count - 1 - i] = arc[label]
        label = parent[label]
    s = state[best_label]
    for i in range(more):
        arcs[count + i] = step[s]
        s = head[step[s]]
    if full:
        return BOUNDED, best_cost, best_mm, min(lowest, best_cost), port, arcs, -2 - step[s]
    return EXACT, best_cost, best_mm, best_cost, port, arcs, -2 - step[s]


@njit(cache=True, nogil=True)
def _longer(values: NDArray[np.int64]) -> NDArray[np.int64]:
    more = np.empty(4 * len(values), dtype=np.int64)
    more[: len(values)] = values
    return more
