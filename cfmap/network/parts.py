"""Which parts of an edge lie within reach? From the labels at its ends, and of the sources that stand on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from cfmap.network.kernels import LOW, NONE, ball_grown, forget, new_buckets, new_queue

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cfmap.network.travel import EdgeParts, TravelField

COLUMNS = 6  # edge, from, to, arrival at from, arrival at to, source


def edge_parts(field: TravelField, limit_mm: int | None) -> EdgeParts:
    """Reached parts of all edges, see :meth:`cfmap.network.travel.TravelField.edge_parts`; one pass over the edges."""
    limit = field.limit_mm if limit_mm is None else min(int(limit_mm), field.limit_mm)
    graph, starts = field.graph, field.starts
    table = np.empty((2 * (field.network.n_edges + len(starts.edge)), COLUMNS), dtype=np.int64)
    count = _all_edges(field.network.edge_mm, *graph.edge_ends, graph.along, graph.against, field.label, starts.edge, starts.offset, starts.label, limit, table)
    return as_parts(table[:count])


def as_parts(table: NDArray[np.int64]) -> EdgeParts:
    """The rows of the kernels, column by column."""
    from cfmap.network.travel import EdgeParts

    edge, begin, end, at_begin, at_end, source = (np.ascontiguousarray(column) for column in table.T)
    return EdgeParts(edge, begin, end, at_begin, at_end, source.astype(np.int32))


@njit(cache=True, nogil=True)
def _all_edges(
    mm: NDArray[np.int64],
    at_u: NDArray[np.int32],
    at_v: NDArray[np.int32],
    along: NDArray[np.bool_],
    against: NDArray[np.bool_],
    label: NDArray[np.uint64],
    start_edge: NDArray[np.int64],
    start_offset: NDArray[np.int64],
    start_label: NDArray[np.uint64],
    limit: int,
    table: NDArray[np.int64],
) -> int:
    count, upto = 0, 0
    for e in range(len(mm)):
        begin = upto
        while upto < len(start_edge) and start_edge[upto] == e:
            upto += 1
        if begin == upto:
            count = piece(e, 0, mm[e], label[at_u[e]], label[at_v[e]], along[e], against[e], limit, table, count)
        else:
            count = pieces(
                e, mm[e], label[at_u[e]], label[at_v[e]], along[e], against[e], start_offset[begin:upto], start_label[begin:upto], limit, table, count
            )
    return count


@njit(cache=True, nogil=True)
def pieces(
    edge: int,
    mm: int,
    at_u: np.uint64,
    at_v: np.uint64,
    along: bool,  # noqa: FBT001
    against: bool,  # noqa: FBT001
    offset: NDArray[np.int64],
    start: NDArray[np.uint64],
    limit: int,
    table: NDArray[np.int64],
    count: int,
) -> int:
    """Reached parts of an edge on which sources stand, in order of offset; as :func:`piece`."""
    n = len(offset) + 2
    stop, label = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.uint64)
    stop[0], stop[n - 1], label[0], label[n - 1] = 0, mm, at_u, at_v
    stop[1 : n - 1], label[1 : n - 1] = offset, start
    # the stops are a path: one sweep each way settles them
    for i in range(1, n):
        if along and label[i - 1] != NONE:
            label[i] = min(label[i], label[i - 1] + (np.uint64(stop[i] - stop[i - 1]) << np.uint64(32)))
    for i in range(n - 2, -1, -1):
        if against and label[i + 1] != NONE:
            label[i] = min(label[i], label[i + 1] + (np.uint64(stop[i + 1] - stop[i]) << np.uint64(32)))
    i = 0
    while i < n - 1:
        here = label[i]
        k = i + 1
        while k < n - 1 and stop[k] == stop[i]:  # several sources at one place
            here = min(here, label[k])
            k += 1
        there = label[k]
        same = k + 1
        while same < n and stop[same] == stop[k]:
            there = min(there, label[same])
            same += 1
        count = piece(edge, stop[i], stop[k], here, there, along, against, limit, table, count)
        i = k
    return count


@njit(cache=True, nogil=True)
def piece(
    edge: int,
    begin: int,
    end: int,
    at_begin: np.uint64,
    at_end: np.uint64,
    along: bool,  # noqa: FBT001
    against: bool,  # noqa: FBT001
    limit: int,
    table: NDArray[np.int64],
    count: int,
) -> int:
    """
    Reached parts of a stretch without sources between its ends: from one end, from the other, or both up to where they meet.

    Writes rows ``edge, from, to, arrival at from, arrival at to, source`` into `table` from row `count` on, at most two;
    returns the next row.
    """
    length = end - begin
    a = int(np.int64(at_begin >> np.uint64(32)))
    b = int(np.int64(at_end >> np.uint64(32)))
    from_begin = along and at_begin != NONE and a <= limit
    from_end = against and at_end != NONE and b <= limit
    reach_a = min(length, limit - a) if from_begin else 0
    reach_b = min(length, limit - b) if from_end else 0
    if from_begin and from_end and reach_a + reach_b >= length:
        reach_a = min(max((b + length - a) // 2, 0), length)
        reach_b = length - reach_a
        # an end that is beaten at its own place adds nothing, unless the stretch has no length at all
        from_begin = reach_a > 0 or length == 0
        from_end = reach_b > 0
    if from_end and length == 0 and from_begin:
        from_end = False
    if from_begin:
        table[count, 0], table[count, 1], table[count, 2] = edge, begin, begin + reach_a
        table[count, 3], table[count, 4], table[count, 5] = a, a + reach_a, np.int64(at_begin & LOW)
        count += 1
    if from_end:
        table[count, 0], table[count, 1], table[count, 2] = edge, end - reach_b, end
        table[count, 3], table[count, 4], table[count, 5] = b + reach_b, b, np.int64(at_end & LOW)
        count += 1
    return count


@njit(cache=True, nogil=True)
def balls_parts(
    first: NDArray[np.uint32],
    arc: NDArray[np.uint64],
    row: NDArray[np.int64],
    starts: NDArray[np.int64],
    start_labels: NDArray[np.uint64],
    edge_row: NDArray[np.int64],
    on_edge: NDArray[np.int64],
    on_offset: NDArray[np.int64],
    on_label: NDArray[np.uint64],
    incident_row: NDArray[np.uint32],
    incident: NDArray[np.int32],
    at_u: NDArray[np.int32],
    at_v: NDArray[np.int32],
    mm: NDArray[np.int64],
    along: NDArray[np.bool_],
    against: NDArray[np.bool_],
    limit: np.uint64,
    longest: np.uint64,
    label: NDArray[np.uint64],
    touched: NDArray[np.uint32],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Reached parts of edges for each of several sites by itself.

    Sites as in :func:`cfmap.network.kernels.balls`, with the sources that stand on edges (``edge_row``, ``on_...``, for each site in
    order of edge and offset). Returns where each site's parts begin, and their rows as :func:`piece` writes them, in no order.
    """
    head, queue = new_buckets(limit, longest), new_queue(1 << 16)
    farthest = int(np.int64(limit >> np.uint64(32)))
    found = np.zeros(len(row), dtype=np.int64)
    table = np.empty((1 << 14, COLUMNS), dtype=np.int64)
    total = 0
    for i in range(len(row) - 1):
        mine = slice(row[i], row[i + 1])
        count, queue = ball_grown(first, arc, None, label, starts[mine], start_labels[mine], limit, head, queue, touched)
        edges = on_edge[edge_row[i] : edge_row[i + 1]]
        most = 4 * len(edges)
        for k in range(count):
            most += 2 * int(incident_row[touched[k] + np.uint32(1)] - incident_row[touched[k]])
        if total + most > len(table):
            more = np.empty((2 * (total + most), COLUMNS), dtype=np.int64)
            more[:total] = table[:total]
            table = more
        for k in range(count):
            state = touched[k]
            for j in range(incident_row[state], incident_row[state + np.uint32(1)]):
                e = incident[j]
                if at_u[e] != state and label[at_u[e]] != NONE:
                    continue  # comes with its other end
                begin = np.searchsorted(edges, e)
                if begin == len(edges) or edges[begin] != e:
                    total = piece(e, 0, mm[e], label[at_u[e]], label[at_v[e]], along[e], against[e], farthest, table, total)
        k = 0
        while k < len(edges):
            e, begin = edges[k], edge_row[i] + k
            while k < len(edges) and edges[k] == e:
                k += 1
            end = edge_row[i] + k
            total = pieces(e, mm[e], label[at_u[e]], label[at_v[e]], along[e], against[e], on_offset[begin:end], on_label[begin:end], farthest, table, total)
        forget(label, touched, count)
        found[i + 1] = total
    return found, table[:total].copy()
