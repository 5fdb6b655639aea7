"""Small random networks: distances, sources and reached parts equal a brute-force walk over every millimetre mark that matters."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
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


def network_of(n, edges):
    """A network of abstract lengths: edges as (u, v, mm, flags); parallel edges, self loops and zero lengths are fine."""
    m = len(edges)
    u, v, mm, flags = (np.array([e[k] for e in edges]) for k in range(4))
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
        way_tags=pd.DataFrame(),
        crossings=no_crossings(),
        left_out=nothing_left_out(),
        barriers=no_barriers(),
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

    walk = nx.DiGraph()

    def arc(a, b, w):
        if not walk.has_edge(a, b) or walk[a][b]["w"] > w:
            walk.add_edge(a, b, w=w)

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
    for spot in spots:
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
            reached = nx.single_source_dijkstra_path_length(walk, first(site), weight="w")
            found = {s: reached.get(last(s)) for s in spots}
        else:
            reached = nx.single_source_dijkstra_path_length(walk.reverse(), last(site), weight="w")
            found = {s: reached.get(first(s)) for s in spots}
        for spot, mm in found.items():
            if mm is not None:
                total = (mm + (connector if connectors else 0), k)
                best[spot] = min(best.get(spot, total), total)
    return {(e, x): best.get(mark(e, x)) for e, (_, _, mm, _) in enumerate(edges) for x in range(mm + 1)}


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds())
def test_every_place_has_the_distance_and_the_source_of_the_shortest_allowed_walk(world):
    n, edges, sources, limit, connectors, reverse = world
    for avoid_steps in (False, True):
        expected = brute_force(n, edges, sources, connectors=connectors, avoid_steps=avoid_steps, reverse=reverse)
        field = network_of(n, edges).travel(snapped_at(sources), limit_mm=limit, connectors=connectors, avoid_steps=avoid_steps, reverse=reverse)
        places = list(expected)
        total, source = field.at(snapped_at([(e, x, 9) for e, x in places]))
        for place, mm, k in zip(places, total.tolist(), source.tolist(), strict=True):
            wanted = expected[place]
            assert (mm, k) == ((-1, -1) if wanted is None or (limit is not None and wanted[0] > limit) else wanted), place


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), st.integers(0, 15))
def test_reached_parts_are_exactly_the_places_within_the_limit(world, limit):
    n, edges, sources, _, connectors, reverse = world
    expected = brute_force(n, edges, sources, connectors=connectors, avoid_steps=False, reverse=reverse)
    field = network_of(n, edges).travel(snapped_at(sources), connectors=connectors, reverse=reverse)
    parts = field.edge_parts(limit)
    inside = {}
    for e, a, b, at_a, at_b, k in zip(*(column.tolist() for column in parts), strict=True):
        assert 0 <= a <= b <= edges[e][2]
        assert max(at_a, at_b) <= limit
        assert abs(at_a - at_b) == b - a
        for x in range(a, b + 1):
            mm = at_a + (x - a) * (1 if at_b >= at_a else -1)
            inside[e, x] = min(inside.get((e, x), (mm, k)), (mm, k))
    for (e, x), wanted in expected.items():
        length = edges[e][2]
        if 0 < x < length:  # the nodes themselves belong to several edges
            reached = inside.get((e, x))
            if wanted is None or wanted[0] > limit:
                assert reached is None, (e, x)
            else:
                assert reached is not None, (e, x)
                assert reached[0] == wanted[0], (e, x)


def test_a_cutoff_exactly_reached_counts():
    network = network_of(2, [(0, 1, 1000, 0)])
    field = network.travel(snapped_at([(0, 0, 100)]), limit_mm=1100)
    assert field.at(snapped_at([(0, 1000, 0)]))[0].tolist() == [1100]
    assert network.travel(snapped_at([(0, 0, 100)]), limit_mm=1099).at(snapped_at([(0, 1000, 0)]))[0].tolist() == [-1]


def test_parts_from_both_ends_meet_at_the_farthest_place():
    network = network_of(3, [(0, 1, 1000, 0), (1, 2, 400, 0), (2, 0, 300, 0)])
    parts = network.travel(snapped_at([(1, 400, 0)])).edge_parts(10_000)
    on_first = [(a, b, x, y) for e, a, b, x, y in zip(*(c.tolist() for c in parts[:5]), strict=True) if e == 0]
    assert on_first == [(0, 550, 300, 850), (550, 1000, 850, 400)]
