"""
The inner loops of a search, compiled by numba; nothing here knows what a state means.

Graphs are compressed rows of packed arcs (``millimetres << 32 | state``), labels are ``millimetres << 32 | source``.
The queue is that of Dial (1969), widened: a bucket holds the labels of one step of 4 m, is emptied in any order, and a
state whose label falls while its bucket is open is taken again. So distances are exact, whatever the step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

NONE = np.uint64(0xFFFFFFFFFFFFFFFF)
HIGH = np.uint64(0xFFFFFFFF00000000)
LOW = np.uint64(0xFFFFFFFF)
STEP = np.uint64(12 + 32)  # a bucket is 2**12 mm wide
WINDOW = np.uint64(20 + 32)  # spread: labels of 2**20 mm are settled together, in WINDOW - STEP buckets
CHUNK = 64  # spread: starts that are worked on together; neighbours, so that what they touch stays in the cache
END = np.uint32(0xFFFFFFFF)  # end of a chain of entries
POOL = 1 << 14  # entries of a queue at first: small enough for the cache, as a chunk's frontier is


@njit(cache=True, nogil=True)
def new_queue(room: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint64]]:
    """
    Entries of a queue: link to the next one, state, label.

    All are free at first, each linked to the one after it; the last link, which belongs to no entry, tells the first free one.
    """
    link = np.empty(room + 1, dtype=np.uint32)
    all_free(link)
    return link, np.empty(room, dtype=np.uint32), np.empty(room, dtype=np.uint64)


@njit(cache=True, nogil=True)
def all_free(link: NDArray[np.uint32]) -> None:
    """Make the entries of a queue free."""
    room = len(link) - 1
    for e in range(room):
        link[e] = e + 1
    link[room - 1], link[room] = END, 0


@njit(cache=True, nogil=True)
def spread(  # noqa: C901 - one loop; calls inside it cost a third more time
    first: NDArray[np.uint32], arc: NDArray[np.uint64], label: NDArray[np.uint64], starts: NDArray[np.int64], limit: np.uint64
) -> int:
    """
    Label every state with its nearest start, in place.

    Parameters
    ----------
    first, arc
        The graph.
    label
        Finite at the starts (and at states settled before), else ``NONE``. A label above `limit` (inclusive) is not written.
    starts
        States to begin from; neighbours in the order should be neighbours on the ground.

    Returns
    -------
    taken
        How often a state was taken from the queue; little more than the number of states reached.
    """
    buckets = np.uint64(1) << (WINDOW - STEP)
    inside = (np.uint64(1) << WINDOW) - np.uint64(1)
    head = np.full(buckets, END, dtype=np.uint32)
    link, entry, entry_label = new_queue(POOL)
    free = link[POOL]
    room = len(label) + len(arc) + len(starts) + 1
    waiting, waiting_label = np.empty(room, dtype=np.uint32), np.empty(room, dtype=np.uint64)
    later, later_label = np.empty(room, dtype=np.uint32), np.empty(room, dtype=np.uint64)
    count = 0
    for s in starts:
        if label[s] <= limit:
            waiting[count], waiting_label[count] = s, label[s]
            count += 1
    taken = 0
    while count > 0:
        lowest = NONE
        for i in range(count):
            if waiting_label[i] < lowest:
                lowest = waiting_label[i]
        base = lowest & ~inside
        last = base + inside
        put_off = 0
        i = 0
        while i < count:
            stop = min(count, i + CHUNK)
            bucket = buckets
            while i < stop:
                here, state = waiting_label[i], waiting[i]
                i += 1
                if here != label[state]:
                    continue
                if here > last or free == END:
                    if put_off == room:
                        put_off = _current(later, later_label, put_off, label)
                    later[put_off], later_label[put_off] = state, here
                    put_off += 1
                else:
                    b = (here - base) >> STEP
                    e = free
                    free = link[e]
                    link[e], entry[e], entry_label[e] = head[b], state, here
                    head[b] = e
                    bucket = min(bucket, b)
            while bucket < buckets:
                e = head[bucket]
                if e == END:
                    bucket += np.uint64(1)
                    continue
                state, here = entry[e], entry_label[e]
                head[bucket] = link[e]
                link[e] = free
                free = e
                if here != label[state]:
                    continue
                taken += 1
                for k in range(first[state], first[state + np.uint32(1)]):
                    a = arc[k]
                    there = here + (a & HIGH)
                    to = a & LOW
                    if there < label[to] and there <= limit:
                        label[to] = there
                        if there <= last and free != END:
                            b = (there - base) >> STEP
                            e = free
                            free = link[e]
                            link[e], entry[e], entry_label[e] = head[b], np.uint32(to), there
                            head[b] = e
                        else:  # beyond the window, or no room: it waits for the next round
                            if put_off == room:
                                put_off = _current(later, later_label, put_off, label)
                            later[put_off], later_label[put_off] = np.uint32(to), there
                            put_off += 1
        for k in range(put_off):
            waiting[k], waiting_label[k] = later[k], later_label[k]
        count = put_off
    return taken


@njit(cache=True, nogil=True)
def _current(states: NDArray[np.uint32], labels: NDArray[np.uint64], count: int, label: NDArray[np.uint64]) -> int:
    # drop entries that were overtaken; what stays is at most one for each state
    kept = 0
    for i in range(count):
        if labels[i] == label[states[i]]:
            states[kept], labels[kept] = states[i], labels[i]
            kept += 1
    return kept


@njit(cache=True, nogil=True)
def ball(
    first: NDArray[np.uint32],
    arc: NDArray[np.uint64],
    bound: NDArray[np.uint64] | None,
    label: NDArray[np.uint64],
    starts: NDArray[np.int64],
    start_labels: NDArray[np.uint64],
    limit: np.uint64,
    head: NDArray[np.uint32],
    link: NDArray[np.uint32],
    entry: NDArray[np.uint32],
    entry_label: NDArray[np.uint64],
    touched: NDArray[np.uint32],
) -> int:
    """
    Label the states round a few starts: the work is that of the states touched, no more.

    Parameters
    ----------
    bound
        Only labels below it count: those of an earlier search. None = no bound, compiled apart.
    label
        All ``NONE``; holds the result until :func:`forget`.
    head
        From :func:`new_buckets`; left empty.
    link, entry, entry_label
        From :func:`new_queue`; left free, in another order.
    touched
        Receives the states reached, each once (room for all states).

    Returns
    -------
    count
        Number of states reached, or -1 when the queue was too small; then nothing was labelled.
    """
    room = len(link) - 1
    count, live, free = 0, 0, link[room]
    ring = np.uint64(len(head) - 1)
    bucket = limit >> STEP
    for i in range(len(starts)):
        start, here = starts[i], start_labels[i]
        if here < label[start] and (bound is None or here < bound[start]) and here <= limit:
            if free == END:
                return _cleared(label, touched, count, head, link)
            if label[start] == NONE:
                touched[count] = start
                count += 1
            label[start] = here
            b = (here >> STEP) & ring
            e = free
            free = link[e]
            link[e], entry[e], entry_label[e] = head[b], start, here
            head[b] = e
            live += 1
            bucket = min(bucket, here >> STEP)
    while live > 0:
        e = head[bucket & ring]
        if e == END:
            bucket += np.uint64(1)
            continue
        state, here = entry[e], entry_label[e]
        head[bucket & ring] = link[e]
        link[e] = free
        free = e
        live -= 1
        if here != label[state]:
            continue
        for k in range(first[state], first[state + np.uint32(1)]):
            a = arc[k]
            there = here + (a & HIGH)
            to = a & LOW
            if there < label[to] and (bound is None or there < bound[to]) and there <= limit:
                if free == END:
                    return _cleared(label, touched, count, head, link)
                if label[to] == NONE:
                    touched[count] = np.uint32(to)
                    count += 1
                label[to] = there
                b = (there >> STEP) & ring
                e = free
                free = link[e]
                link[e], entry[e], entry_label[e] = head[b], np.uint32(to), there
                head[b] = e
                live += 1
    link[room] = free
    return count


@njit(cache=True, nogil=True)
def _cleared(label: NDArray[np.uint64], touched: NDArray[np.uint32], count: int, head: NDArray[np.uint32], link: NDArray[np.uint32]) -> int:
    # the queue is too small: everything as it was
    forget(label, touched, count)
    head[:] = END
    all_free(link)
    return -1


@njit(cache=True, nogil=True)
def forget(label: NDArray[np.uint64], touched: NDArray[np.uint32], count: int) -> None:
    """Make labels ``NONE`` again."""
    for i in range(count):
        label[touched[i]] = NONE


@njit(cache=True, nogil=True)
def ball_grown(
    first: NDArray[np.uint32],
    arc: NDArray[np.uint64],
    bound: NDArray[np.uint64] | None,
    label: NDArray[np.uint64],
    starts: NDArray[np.int64],
    start_labels: NDArray[np.uint64],
    limit: np.uint64,
    head: NDArray[np.uint32],
    queue: tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint64]],
    touched: NDArray[np.uint32],
) -> tuple[int, tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint64]]]:
    """As :func:`ball`, with a queue that grows until it is large enough; returns it for the next call."""
    count = ball(first, arc, bound, label, starts, start_labels, limit, head, queue[0], queue[1], queue[2], touched)
    while count < 0:
        queue = new_queue(4 * len(queue[1]))
        count = ball(first, arc, bound, label, starts, start_labels, limit, head, queue[0], queue[1], queue[2], touched)
    return count, queue


@njit(cache=True, nogil=True)
def new_buckets(limit: np.uint64, longest: np.uint64) -> NDArray[np.uint32]:
    """
    A ring of empty buckets, a power of two of them.

    `longest` is no lower than any arc and any start: so no label in the queue is further ahead of the lowest.
    """
    wanted = min(limit >> STEP, longest >> STEP) + np.uint64(2)
    count = np.uint64(1)
    while count < wanted:
        count *= np.uint64(2)
    return np.full(count, END, dtype=np.uint32)


@njit(cache=True, nogil=True)
def balls(
    first: NDArray[np.uint32],
    arc: NDArray[np.uint64],
    row: NDArray[np.int64],
    starts: NDArray[np.int64],
    start_labels: NDArray[np.uint64],
    limit: np.uint64,
    longest: np.uint64,
    nearer_than: NDArray[np.uint64] | None,
    label: NDArray[np.uint64],
    touched: NDArray[np.uint32],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """
    States within the limit of each of several sites by itself.

    With labels in `nearer_than` only the states that a site brings below them. Site i begins at
    ``starts[row[i]:row[i + 1]]``. `longest` as in :func:`new_buckets`, `label` and `touched` as in :func:`ball`. Returns where
    each site's states begin, the states in the order they were met, and their millimetres.
    """
    head, queue = new_buckets(limit, longest), new_queue(POOL)
    found = np.zeros(len(row), dtype=np.int64)
    states, distances = np.empty(POOL, dtype=np.int32), np.empty(POOL, dtype=np.int32)
    total = 0
    for i in range(len(row) - 1):
        mine = slice(row[i], row[i + 1])
        count, queue = ball_grown(first, arc, nearer_than, label, starts[mine], start_labels[mine], limit, head, queue, touched)
        if total + count > len(states):  # as many more as the sites so far had; what is not written to takes no memory
            room = 2 * (total + count) + (total + count) // (i + 1) * (len(row) - 2 - i)
            more_states, more_distances = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32)
            more_states[:total], more_distances[:total] = states[:total], distances[:total]
            states, distances = more_states, more_distances
        for k in range(count):
            states[total + k], distances[total + k] = touched[k], label[touched[k]] >> np.uint64(32)
        total += count
        found[i + 1] = total
        forget(label, touched, count)
    return found, states[:total], distances[:total]


@njit(cache=True, nogil=True)
def pairs(
    first: NDArray[np.uint32],
    arc: NDArray[np.uint64],
    row: NDArray[np.int64],
    starts: NDArray[np.int64],
    start_labels: NDArray[np.uint64],
    direct_row: NDArray[np.int64],
    direct_origin: NDArray[np.int64],
    direct_mm: NDArray[np.int64],
    port_row: NDArray[np.uint32],
    port_origin: NDArray[np.int64],
    port_mm: NDArray[np.int64],
    n_origins: int,
    limit: np.uint64,
    longest: np.uint64,
    label: NDArray[np.uint64],
    touched: NDArray[np.uint32],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """
    Distances between origins and sites within the limit.

    Sites as in :func:`balls`, and ``direct_row, direct_origin, direct_mm``: origins on the same edge, with the distance along
    it. Origins are left through states: ``port_row, port_origin, port_mm``, rows by state. Returns where each site's
    origins begin, the origins ascending, and millimetres.
    """
    head, queue = new_buckets(limit, longest), new_queue(POOL)
    best = np.full(n_origins, -1, dtype=np.int64)
    met = np.empty(n_origins, dtype=np.int64)
    farthest = np.int64(limit >> np.uint64(32))
    found = np.zeros(len(row), dtype=np.int64)
    origins, distances = np.empty(POOL, dtype=np.int64), np.empty(POOL, dtype=np.int64)
    total = 0
    for i in range(len(row) - 1):
        mine = slice(row[i], row[i + 1])
        count, queue = ball_grown(first, arc, None, label, starts[mine], start_labels[mine], limit, head, queue, touched)
        near = 0
        for k in range(count):
            state = touched[k]
            so_far = np.int64(label[state] >> np.uint64(32))
            for p in range(port_row[state], port_row[state + np.uint32(1)]):
                origin, mm = port_origin[p], so_far + port_mm[p]
                if mm <= farthest and (best[origin] < 0 or mm < best[origin]):
                    if best[origin] < 0:
                        met[near] = origin
                        near += 1
                    best[origin] = mm
        forget(label, touched, count)
        for k in range(direct_row[i], direct_row[i + 1]):
            origin, mm = direct_origin[k], direct_mm[k]
            if mm <= farthest and (best[origin] < 0 or mm < best[origin]):
                if best[origin] < 0:
                    met[near] = origin
                    near += 1
                best[origin] = mm
        if total + near > len(origins):
            more_origins, more_distances = np.empty(2 * (total + near), dtype=np.int64), np.empty(2 * (total + near), dtype=np.int64)
            more_origins[:total], more_distances[:total] = origins[:total], distances[:total]
            origins, distances = more_origins, more_distances
        mine_met = met[:near]
        mine_met.sort()
        for k in range(near):
            origins[total + k], distances[total + k] = met[k], best[met[k]]
            best[met[k]] = -1
        total += near
        found[i + 1] = total
    return found, origins[:total].copy(), distances[:total].copy()


@njit(cache=True, nogil=True)
def ranked(
    first: NDArray[np.uint32],
    arc: NDArray[np.uint64],
    starts: NDArray[np.int64],
    start_labels: NDArray[np.uint64],
    limit: np.uint64,
    longest: np.uint64,
    k: int,
) -> NDArray[np.uint64]:
    """
    Labels of the `k` nearest different sites of every state, ascending, ``NONE`` where there are fewer.

    The low half of a label is the site: entrances of one site share it, and only its nearest counts.
    """
    n = len(first) - 1
    label = np.full((n, k), NONE, dtype=np.uint64)
    room = 1 << 20
    link, entry, entry_label = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.uint32), np.empty(room, dtype=np.uint64)
    buckets = np.full(len(new_buckets(limit, longest)), -1, dtype=np.int64)
    ring = np.uint64(len(buckets) - 1)
    free, live = np.int64(0), 0
    for i in range(room):
        link[i] = i + 1
    for i in range(len(starts)):
        if start_labels[i] <= limit and _rank(label[starts[i]], start_labels[i], k):
            if free == room:
                link, entry, entry_label = _grown(link, entry, entry_label)
                room = len(link)
            e, free = free, link[free]
            b = (start_labels[i] >> STEP) & ring
            link[e], entry[e], entry_label[e] = buckets[b], starts[i], start_labels[i]
            buckets[b] = e
            live += 1
    bucket = np.uint64(0)
    while live > 0:
        e = buckets[bucket & ring]
        if e < 0:
            bucket += np.uint64(1)
            continue
        buckets[bucket & ring] = link[e]
        live -= 1
        state, here = entry[e], entry_label[e]
        link[e], free = free, e
        if not _stands(label[state], here, k):
            continue
        for a in range(first[state], first[state + np.uint32(1)]):
            there, to = here + (arc[a] & HIGH), arc[a] & LOW
            if there <= limit and _rank(label[to], there, k):
                if free == room:
                    link, entry, entry_label = _grown(link, entry, entry_label)
                    room = len(link)
                e, free = free, link[free]
                b = (there >> STEP) & ring
                link[e], entry[e], entry_label[e] = buckets[b], np.uint32(to), there
                buckets[b] = e
                live += 1
    return label


@njit(cache=True, nogil=True)
def _grown(
    link: NDArray[np.int64], entry: NDArray[np.uint32], entry_label: NDArray[np.uint64]
) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.uint64]]:
    room = len(link)
    more_link, more_entry, more_label = np.empty(2 * room, dtype=np.int64), np.empty(2 * room, dtype=np.uint32), np.empty(2 * room, dtype=np.uint64)
    more_link[:room], more_entry[:room], more_label[:room] = link, entry, entry_label
    for i in range(room, 2 * room):
        more_link[i] = i + 1
    return more_link, more_entry, more_label


@njit(cache=True, nogil=True)
def _stands(mine: NDArray[np.uint64], label: np.uint64, k: int) -> bool:
    found = False
    for i in range(k):
        found |= mine[i] == label
    return found


@njit(cache=True, nogil=True)
def _rank(mine: NDArray[np.uint64], label: np.uint64, k: int) -> bool:
    # put a label among the k lowest of different sites; False when it is none of them
    last = k - 1
    for i in range(k):
        if mine[i] == NONE:
            last = i
            break
        if (mine[i] & LOW) == (label & LOW):
            if mine[i] <= label:
                return False
            last = i
            break
    if label >= mine[last]:
        return False
    i = last
    while i > 0 and mine[i - 1] > label:
        mine[i] = mine[i - 1]
        i -= 1
    mine[i] = label
    return True
