"""The inner loops by themselves: what they do when a queue, a window or a table is too small for the graph."""

from __future__ import annotations

import heapq

import numpy as np
import pytest

from cfmap.network import kernels
from cfmap.network.catchments import catchment_parts, catchments
from cfmap.network.graph import NONE, limit_label, rows
from cfmap.network.od import nearest, pairs
from tests.property.worlds import network_of, snapped_at


def graph_of(n, arcs):
    """Rows of packed arcs, of (from, to, mm)."""
    tail, head, mm = (np.array(column, dtype=np.int64) for column in zip(*arcs, strict=True))
    order = np.argsort(tail, kind="stable")
    return rows(tail.astype(np.int32), n), (mm[order].astype(np.uint64) << np.uint64(32)) | head[order].astype(np.uint64)


def packed(mm, source=0):
    return np.uint64((mm << 32) | source)


def by_heap(n, arcs, starts, limit):
    """Labels as whole Python numbers, by the plainest of methods."""
    out = [[] for _ in range(n)]
    for a, b, mm in arcs:
        out[a].append((b, mm << 32))
    best, heap = [int(NONE)] * n, [(label, s) for s, label in starts]
    heapq.heapify(heap)
    while heap:
        label, s = heapq.heappop(heap)
        if label < best[s] and label <= limit:
            best[s] = label
            for t, mm in out[s]:
                heapq.heappush(heap, (label + mm, t))
    return best


def random_graph(seed, *, longest, n=150, m=500, k=40):
    dice = np.random.default_rng(seed)
    arcs = [(int(a), int(b), int(mm)) for a, b, mm in zip(dice.integers(n, size=m), dice.integers(n, size=m), dice.integers(longest + 1, size=m), strict=True)]
    starts = {int(s): (int(dice.integers(longest + 1)) << 32) | i for i, s in enumerate(dice.choice(n, k, replace=False))}
    return n, arcs, starts


def spread(kernel, n, arcs, starts, limit):
    label = np.full(n, NONE, dtype=np.uint64)
    for s, at in starts.items():
        label[s] = np.uint64(at)
    kernel(*graph_of(n, arcs), label, np.array(sorted(starts), dtype=np.int64), limit)
    return label.tolist()


# -- spread: the search of all starts at once -----------------------------------------------------------------------


@pytest.mark.parametrize("longest", [0, 5, 4_096, 60_000, 1_500_000, 50_000_000])
@pytest.mark.parametrize("limit", [None, 3_000_000])
def test_a_search_is_that_of_a_heap_whatever_the_lengths_are_to_the_buckets(longest, limit):
    for seed in range(4):
        n, arcs, starts = random_graph(seed, longest=longest)
        highest = limit_label(limit)
        kept = {s: at for s, at in starts.items() if at <= int(highest)}
        assert spread(kernels.spread, n, arcs, kept, highest) == by_heap(n, arcs, kept.items(), int(highest))


@pytest.mark.parametrize(
    "small",
    [{"POOL": 2, "CHUNK": 2}, {"POOL": 1, "CHUNK": 1}, {"POOL": 5, "CHUNK": 4}, {"POOL": 2, "CHUNK": 8}, {"CHUNK": 1}, {"WINDOW": kernels.STEP + np.uint64(1)}],
)
def test_a_search_with_hardly_any_room_finds_the_same(monkeypatch, small):
    for name, value in small.items():
        monkeypatch.setattr(kernels, name, value)
    for seed in range(3):
        n, arcs, starts = random_graph(seed, longest=30_000, n=40, m=120, k=12)
        found = spread(kernels.spread.py_func, n, arcs, starts, limit_label(None))
        assert found == by_heap(n, arcs, starts.items(), int(limit_label(None)))


def far_fan(starts_before, leaves, step):
    """Starts that come nearer and nearer to a hub: each makes all its far neighbours wait anew, and behind each of these is one more state."""
    hub = starts_before
    arcs = [(s, hub, step * (starts_before - s)) for s in range(starts_before)]
    arcs += [(hub, hub + 1 + k, 2_000_000 + k) for k in range(leaves)] + [(hub + 1 + k, hub + 1 + leaves + k, 3 + k) for k in range(leaves)]
    return hub + 1 + 2 * leaves, arcs, {s: s for s in range(starts_before)}


def test_labels_that_were_overtaken_are_dropped_when_too_many_wait(monkeypatch):
    n, arcs, starts = far_fan(30, 40, 100)
    dropped, current = [], kernels._current

    def counted(states, labels, count, label):
        dropped.append(count)
        return current(states, labels, count, label)

    monkeypatch.setattr(kernels, "CHUNK", 1)
    monkeypatch.setattr(kernels, "_current", counted)
    found = spread(kernels.spread.py_func, n, arcs, starts, limit_label(None))
    assert dropped
    assert found == by_heap(n, arcs, starts.items(), int(limit_label(None)))


def test_the_compiled_search_drops_overtaken_labels_too():
    leaves = 2_000
    n, arcs, starts = far_fan(40 * kernels.CHUNK, leaves, 10)
    assert 40 * leaves > n + len(arcs) + len(starts) + 1  # more than there is room for
    assert spread(kernels.spread, n, arcs, starts, limit_label(None)) == by_heap(n, arcs, starts.items(), int(limit_label(None)))


@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_a_street_exactly_as_long_as_a_window_leads_into_the_next_one(shift):
    window = 1 << (int(kernels.WINDOW) - 32)
    arcs = [(0, 1, window + shift), (1, 2, window), (0, 2, 2 * window + 2 * shift)]
    for search in (kernels.spread, kernels.spread.py_func):
        assert spread(search, 3, arcs, {0: 0}, limit_label(None)) == by_heap(3, arcs, [(0, 0)], int(limit_label(None)))


def test_a_frontier_wider_than_the_queue_waits_for_the_next_round():
    leaves = 2 * kernels.POOL
    arcs = [(0, 1 + k, 5 + k % 3) for k in range(leaves)] + [(1 + k, leaves + 1, 10 - 2 * (k % 3)) for k in range(leaves)]
    found = spread(kernels.spread, leaves + 2, arcs, {0: 7}, limit_label(None))
    assert found == by_heap(leaves + 2, arcs, [(0, 7)], int(limit_label(None)))
    assert found[-1] >> 32 == 13


def test_starts_above_the_limit_are_no_starts():
    label = np.array([packed(11, 3), NONE], dtype=np.uint64)
    first, arc = graph_of(2, [(0, 1, 0)])
    kernels.spread(first, arc, label, np.array([0]), limit_label(10))
    assert label.tolist() == [packed(11, 3), NONE]


# -- balls: bounded searches, one for each site ---------------------------------------------------------------------


def star(leaves):
    """A hub with two rings of leaves: the inner ones are the way to the outer ones."""
    return network_of(1 + 2 * leaves, [(0, 1 + k, 10 + k % 7, 0) for k in range(leaves)] + [(1 + k, 1 + leaves + k, 5, 0) for k in range(leaves)])


def test_queues_and_tables_of_single_sites_grow_until_all_is_in():
    leaves = kernels.POOL + 1000
    network = star(leaves)
    sites = snapped_at([(0, 0, 0), (0, 0, 1)])
    found = catchments(network, sites, limit_mm=19, threads=1)
    ring = 10 + np.arange(leaves) % 7
    expected = np.r_[0, ring, ring + 5]
    for site in (0, 1):
        mine = slice(found.first[site], found.first[site + 1])
        near = np.flatnonzero(expected + site <= 19)
        order = np.argsort(found.node[mine])
        assert found.node[mine][order].tolist() == near.tolist()
        assert found.mm[mine][order].tolist() == (expected + site)[near].tolist()
    first, parts = catchment_parts(network, sites, limit_mm=19, threads=1)
    for site in (0, 1):
        mine = slice(first[site], first[site + 1])
        reached = np.r_[ring, np.clip(19 - site - ring, 0, 5)]
        assert (parts.to_mm - parts.from_mm)[mine].sum() == reached.sum()


def test_pairs_grow_until_all_are_in():
    leaves = kernels.POOL + 1000
    network = star(leaves)
    origins = snapped_at([(k, 10 + k % 7, 0) for k in range(leaves)])
    found = pairs(network, origins, snapped_at([(0, 0, 0), (0, 0, 2)]), limit_mm=15, threads=1)
    ring = 10 + np.arange(leaves) % 7
    expected = [(o, s, mm + 2 * s) for o, mm in enumerate(ring.tolist()) for s in (0, 1) if mm + 2 * s <= 15]
    assert list(zip(found.origin.tolist(), found.site.tolist(), found.mm.tolist(), strict=True)) == expected


def test_a_site_with_more_entrances_than_the_queue_has_room_forgets_none():
    entrances = kernels.POOL + 100
    network = network_of(entrances + 1, [(k, k + 1, 1_000, 0) for k in range(entrances)])
    sites = snapped_at([(k, 0, k % 5) for k in range(entrances)])
    one = np.zeros(entrances, dtype=np.int64)
    found = catchments(network, sites, limit_mm=100, site=one)
    assert sorted(zip(found.node.tolist(), found.mm.tolist(), strict=True)) == [(k, k % 5) for k in range(entrances)]


def test_a_queue_that_was_too_small_leaves_nothing_behind():
    n, arcs, _ = random_graph(1, longest=20)
    first, arc = graph_of(n, arcs)
    label, touched = np.full(n, NONE, dtype=np.uint64), np.empty(n, dtype=np.uint32)
    limit = limit_label(60)
    starts, at = np.array([0, 1, 2]), np.array([packed(0), packed(1), packed(2)])
    head, queue = kernels.new_buckets(limit, limit), kernels.new_queue(2)
    assert kernels.ball(first, arc, label, label, starts, at, limit, head, *queue, touched) == -1
    assert (label == NONE).all()
    assert (head == kernels.END).all()
    count, queue = kernels.ball_grown(first, arc, label, label, starts, at, limit, head, queue, touched)
    reached = by_heap(n, arcs, zip(starts.tolist(), map(int, at), strict=True), int(limit))
    assert label.tolist() == reached
    assert sorted(touched[:count].tolist()) == [s for s, mm in enumerate(reached) if mm != int(NONE)]
    assert (head == kernels.END).all()
    kernels.forget(label, touched, count)
    assert (label == NONE).all()
    again = kernels.ball(first, arc, label, label, starts, at, limit, head, *queue, touched)
    assert again == count
    assert label.tolist() == reached


def test_a_ball_stays_below_the_labels_it_is_bound_by():
    arcs = [(0, 1, 5), (1, 2, 5), (2, 3, 5)]
    first, arc = graph_of(4, arcs)
    bound = np.array([NONE, NONE, packed(10, 0), NONE])
    label, touched = np.full(4, NONE, dtype=np.uint64), np.empty(4, dtype=np.uint32)
    limit = limit_label(100)
    kernels.ball_grown(
        first, arc, bound, label, np.array([0]), np.array([packed(0, 7)]), limit, kernels.new_buckets(limit, limit), kernels.new_queue(8), touched
    )
    assert label.tolist() == [packed(0, 7), packed(5, 7), NONE, NONE]


@pytest.mark.parametrize("longest", [0, 4_095, 4_096, 4_097, 30_000, 130_000])
def test_a_ring_of_buckets_is_long_enough_for_the_longest_street_and_the_farthest_start(longest):
    n, arcs, starts = random_graph(3, longest=longest, n=80, m=200)
    first, arc = graph_of(n, arcs)
    limit = limit_label(10 * longest)
    at = np.array(list(starts.values()), dtype=np.uint64)
    bound = max(packed(max(mm for _, _, mm in arcs)), at.max())
    head, queue = kernels.new_buckets(limit, bound), kernels.new_queue(4)
    assert len(head) <= 4 * (longest // 4_096 + 1)
    label, touched = np.full(n, NONE, dtype=np.uint64), np.empty(n, dtype=np.uint32)
    kernels.ball_grown(first, arc, label, label, np.array(list(starts)), at, limit, head, queue, touched)
    expected = by_heap(n, arcs, starts.items(), int(limit))
    assert label.tolist() == expected
    assert (head == kernels.END).all()
    sites = (at >> np.uint64(32) << np.uint64(32)) | np.uint64(9)
    ranked = kernels.ranked(first, arc, np.array(list(starts)), sites, limit, bound, 1)[:, 0]
    assert (ranked >> np.uint64(32)).tolist() == [mm >> 32 for mm in expected]


# -- ranked: the k nearest sites of every state ---------------------------------------------------------------------


def test_the_queue_of_the_nearest_sites_grows_until_all_is_in():
    leaves = (1 << 20) + 500
    network = network_of(2, [(0, 1, 10, 0)])
    first = np.array([0, leaves] + [leaves] * leaves, dtype=np.uint32)
    arc = (np.uint64(10) << np.uint64(32)) | np.arange(1, leaves + 1, dtype=np.uint64)
    found = kernels.ranked(first, arc, np.array([0]), np.array([packed(3, 5)]), limit_label(100), packed(10), 1)
    assert found[0, 0] == packed(3, 5)
    assert (found[1:, 0] == packed(13, 5)).all()
    who, mm = nearest(network, snapped_at([(0, 4, 0)]), snapped_at([(0, 1, 0), (0, 10, 0)]), k=2)
    assert (who.tolist(), mm.tolist()) == ([[0, 1]], [[3, 6]])


def test_of_one_sites_entrances_only_the_nearest_counts_among_the_nearest_sites():
    arcs = [(a, b, abs(a - b)) for a in range(6) for b in (a - 1, a + 1) if 0 <= b < 6]
    starts = np.array([0, 5, 5, 3])
    labels = np.array([packed(0, 0), packed(0, 0), packed(4, 1), packed(2, 2)])
    found = kernels.ranked(*graph_of(6, arcs), starts, labels, limit_label(None), packed(4, 1), 2)
    alone = [
        by_heap(6, arcs, [(int(s), int(at)) for s, at in zip(starts, labels, strict=True) if at & np.uint64(0xFF) == k], int(limit_label(None)))
        for k in range(3)
    ]
    assert found.tolist() == [sorted(column)[:2] for column in zip(*alone, strict=True)]
