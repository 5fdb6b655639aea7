"""Small random networks of abstract lengths, and walks over every millimetre mark of them: the reference that nothing shares code with."""

from __future__ import annotations

import itertools
from collections import defaultdict, deque
from functools import cache

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from cfmap.network.build import no_barriers, no_crossings, nothing_left_out
from cfmap.network.network import EdgeFlag, Network
from cfmap.network.snap import Snapped

FLAGS = (
    EdgeFlag(0),
    EdgeFlag.PRIVATE,
    EdgeFlag.NO_FORWARD,
    EdgeFlag.NO_BACKWARD,
    EdgeFlag.PRIVATE | EdgeFlag.NO_FORWARD,
    EdgeFlag.STEPS,
    EdgeFlag.STEPS | EdgeFlag.RAMP,
)


@cache
def no_tables():
    """Tables that say nothing; made once, as that takes longer than a search."""
    return {"way_tags": pd.DataFrame(), "crossings": no_crossings(), "left_out": nothing_left_out(), "barriers": no_barriers()}


def network_of(n, edges):
    """A network of abstract lengths: edges as (u, v, mm, flags); parallel edges, self loops and zero lengths are fine."""
    m = len(edges)
    u, v, mm, flags = (np.array([e[k] for e in edges], dtype=np.int64) for k in range(4))
    return Network(
        node_lon=np.arange(n) / 1000.0,
        node_lat=np.zeros(n),
        node_id=np.arange(n, dtype=np.int64),
        edge_u=u.astype(np.int32),
        edge_v=v.astype(np.int32),
        edge_mm=mm.astype(np.int64),
        edge_way=np.arange(m, dtype=np.int64),
        edge_class=np.zeros(m, dtype=np.uint8),
        edge_flags=flags.astype(np.uint16),
        edge_first=np.arange(0, 2 * m + 1, 2, dtype=np.int64),
        vertex_lon=np.zeros(2 * m),
        vertex_lat=np.zeros(2 * m),
        vertex_mm=np.column_stack([np.zeros(m, dtype=np.int64), mm]).ravel(),
        node_component=np.zeros(n, dtype=np.int32),
        components=pd.DataFrame({"nodes": [n], "edges": [m], "km": [0.0], "gates": [()]}),
        **no_tables(),
    )


def snapped_at(places):
    """Points given as (edge, offset, connector)."""
    k = len(places)
    edge, offset, connector = (np.array([p[i] for p in places], dtype=np.int64) for i in range(3))
    return Snapped(pd.RangeIndex(k), edge, offset, connector, np.zeros(k), np.zeros(k), np.zeros(k, dtype=np.int32), np.full(k, "ok", dtype=object))


@st.composite
def worlds(draw):
    n = draw(st.integers(1, 5))
    node = st.integers(0, n - 1)
    edges = draw(st.lists(st.tuples(node, node, st.integers(0, 6), st.sampled_from(FLAGS).map(int)), min_size=1, max_size=8))
    place = st.integers(0, len(edges) - 1).flatmap(lambda e: st.tuples(st.just(e), st.integers(0, edges[e][2]), st.integers(0, 3)))
    sources = draw(st.lists(place, min_size=1, max_size=4))
    limit = draw(st.one_of(st.none(), st.integers(0, 15)))
    return n, edges, sources, limit, draw(st.booleans()), draw(st.booleans())


def brute_force(n, edges, sources, *, connectors, avoid_steps, reverse):  # noqa: C901 - plain on purpose
    """
    Shortest allowed walk between every whole-millimetre mark and every source, by layers private* public* private*.

    Returns ``{(edge, offset): (mm, source)}``.
    """

    def mark(e, x):
        u, v, mm, _ = edges[e]
        return ("node", u) if x == 0 else ("node", v) if x == mm else ("mark", e, x)

    ahead, behind = defaultdict(list), defaultdict(list)

    def arc(a, b, w):
        ahead[a].append((b, w))
        behind[b].append((a, w))

    public = set()
    for e, (u, v, mm, flags) in enumerate(edges):
        private = bool(flags & EdgeFlag.PRIVATE)
        if not private:
            public |= {("node", u), ("node", v)} | {("mark", e, x) for x in range(1, mm)}
        closed = avoid_steps and flags & EdgeFlag.STEPS and not flags & EdgeFlag.RAMP
        spots = [("node", u), *(("mark", e, x) for x in range(1, mm)), ("node", v)]
        for layer, (a, b) in itertools.product((0, 2) if private else (1,), itertools.pairwise(spots)):
            step = 0 if mm == 0 else 1
            if not closed and not flags & EdgeFlag.NO_FORWARD:
                arc((a, layer), (b, layer), step)
            if not closed and not flags & EdgeFlag.NO_BACKWARD:
                arc((b, layer), (a, layer), step)
    spots = {mark(e, x) for e, (_, _, mm, _) in enumerate(edges) for x in range(mm + 1)}
    for spot in spots | {("node", i) for i in range(n)}:  # an edge of no length has one mark, but two nodes
        for layer in (0, 1):
            arc((spot, layer), (spot, layer + 1), 0)

    def first(spot):
        return (spot, 1 if spot in public else 0)

    def last(spot):
        return (spot, 1 if spot in public else 2)

    best = {}
    for k, (e, x, connector) in enumerate(sources):
        site = mark(e, x)
        if reverse:
            reached = _steps(ahead, first(site))
            found = {s: reached.get(last(s)) for s in spots}
        else:
            reached = _steps(behind, last(site))
            found = {s: reached.get(first(s)) for s in spots}
        for spot, mm in found.items():
            if mm is not None:
                total = (mm + (connector if connectors else 0), k)
                best[spot] = min(best.get(spot, total), total)
    return {(e, x): best.get(mark(e, x)) for e, (_, _, mm, _) in enumerate(edges) for x in range(mm + 1)}


def _steps(arcs, origin):
    # fewest steps of 1 to everywhere, arcs of 0 or 1: nearer ones are taken first
    reached, queue = {}, deque([(origin, 0)])
    while queue:
        here, mm = queue.popleft()
        if here not in reached:
            reached[here] = mm
            for there, w in arcs[here]:
                if w:
                    queue.append((there, mm + 1))
                else:
                    queue.appendleft((there, mm))
    return reached
