"""The safest way within a cap, against every way there is on small networks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cfmap.network.network import EdgeFlag
from cfmap.planning.arcs import arcs_of
from cfmap.planning.dangers import Dangers, Weights
from cfmap.planning.safe_tree import safe_tree
from tests.property.worlds import network_of, snapped_at

FLAGS = (EdgeFlag(0), EdgeFlag(0), EdgeFlag.PRIVATE, EdgeFlag.NO_FORWARD, EdgeFlag.NO_BACKWARD)


def weighed(factors, halves):
    """Dangers of abstract edges: multipliers in hundredths, half a crossing at both ends."""
    m = len(factors)
    half = np.array(halves, dtype=np.int64).reshape(m, 2).T
    nothing, text = np.zeros(m, dtype=np.int64), np.full(m, "", dtype=object)
    return Dangers(Weights(), np.array(factors, dtype=np.int64), half, np.zeros(m, dtype=bool), text, nothing, half - 1, half)


@st.composite
def worlds(draw):
    n = draw(st.integers(2, 5))
    node = st.integers(0, n - 1)
    edges = draw(st.lists(st.tuples(node, node, st.integers(0, 9), st.sampled_from(FLAGS).map(int)), min_size=1, max_size=8))
    factors = draw(st.lists(st.sampled_from([100, 120, 200, 900]), min_size=len(edges), max_size=len(edges)))
    halves = draw(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=len(edges), max_size=len(edges)))
    place = st.integers(0, len(edges) - 1).flatmap(lambda e: st.tuples(st.just(e), st.integers(0, edges[e][2]), st.integers(0, 2)))
    return n, edges, factors, halves, draw(st.lists(place, min_size=1, max_size=2)), draw(st.lists(place, min_size=1, max_size=3))


def ways(n, edges, factors, halves, doors, origin):  # noqa: C901 - plain on purpose
    """
    (mm, cost) of every way without a repeated junction and ground, along edges; ground goes from private to public to private.
    """
    (e0, x0, straight0) = origin
    cost = lambda e, mm: (mm * factors[e] + 50) // 100  # noqa: E731
    public = {end for u, v, _, flags in edges if not flags & EdgeFlag.PRIVATE for end in (u, v)}

    def grounds(e):
        return (0, 2) if edges[e][3] & EdgeFlag.PRIVATE else (1,)

    def walkable(e, *, ahead):
        return not edges[e][3] & (EdgeFlag.NO_FORWARD if ahead else EdgeFlag.NO_BACKWARD)

    def ends(place):
        # (node, ground or None = any the node has, mm, cost, walked ahead)
        e, x, _ = place
        u, v, mm, _ = edges[e]
        if x == 0 or x == mm:
            at = u if x == 0 else v
            return [(at, None, 0, 0, None)]
        return [(u, grounds(e), x, cost(e, x) + halves[e][0], False), (v, grounds(e), mm - x, cost(e, mm - x) + halves[e][1], True)]

    found = []
    goals = []
    for e, x, straight in doors:
        if e == e0 and 0 < x < edges[e][2] and 0 < x0 < edges[e][2] and (x == x0 or walkable(e, ahead=x > x0)):
            found.append((abs(x - x0) + straight + straight0, cost(e, abs(x - x0)) + straight + straight0))
        for at, ground, mm, c, ahead in ends((e, x, straight)):
            if ahead is None or walkable(e, ahead=not ahead):
                # on a node: public ground where there is some, else the private one of the school
                goals.append((at, 1 if ground == (1,) or (ground is None and at in public) else 2, mm + straight, c + straight))

    def go(at, ground, mm, c, seen):
        for node, last, more, dearer in goals:
            if node == at and ground <= last:
                found.append((mm + more, c + dearer))
        for e, (u, v, length, _) in enumerate(edges):
            for a, b, ahead in ((u, v, True), (v, u, False)):
                if a != at or not walkable(e, ahead=ahead):
                    continue
                for g in grounds(e):
                    if g >= ground and (b, g) not in seen:
                        go(b, g, mm + length, c + cost(e, length) + sum(halves[e]), seen | {(b, g)})

    for at, ground, mm, c, ahead in ends(origin):
        if ahead is None or walkable(e0, ahead=ahead):
            g = 1 if ground == (1,) or (ground is None and at in public) else 0
            go(at, g, mm + straight0, c + straight0, {(at, g)})
    return found


def solved(world, cap, **options):
    n, edges, factors, halves, doors, origins = world
    arcs = arcs_of(network_of(n, edges), weighed(factors, halves))
    return safe_tree(arcs, snapped_at(doors), snapped_at(origins), np.ones(len(origins)), cap=cap, **options)


@settings(max_examples=120)
@given(worlds(), st.sampled_from([1.0, 1.1, 1.25, 1.5, 2.0, math.inf]))
def test_the_route_is_the_safest_of_all_ways_within_the_cap_and_of_equal_ones_the_shortest(world, cap):
    *_, origins = world
    tree = solved(world, cap)
    routes = {r.origin: r for r in tree.routes}
    for number, origin in enumerate(origins):
        every = ways(*world[:5], origin)
        assert (number in routes) == bool(every) != (number in tree.without)
        if not every:
            continue
        route, shortest = routes[number], min(mm for mm, _ in every)
        cost, mm = min((c, m) for m, c in every if m <= math.floor(shortest * min(cap, 1e9) + 1e-6))
        assert (route.shortest_mm, route.cost_mm, route.mm, route.is_exact) == (shortest, cost, mm, True)
        if cap == 1:
            assert route.mm == shortest
        if cap == math.inf:
            assert route.cost_mm == min(c for _, c in every)


@settings(max_examples=50)
@given(worlds())
def test_a_route_is_one_walk_of_the_length_it_tells(world):
    _, edges, _, _, doors, origins = world
    for route in solved(world, 1.5).routes:
        straight = origins[route.origin][2] + doors[route.gate][2]
        walked = np.abs(route.end_mm - route.begin_mm)
        assert walked.sum() + straight == route.mm
        junctions = list(route.node)
        for k, (e, a, b) in enumerate(zip(route.edge, route.begin_mm, route.end_mm, strict=True)):
            u, v, mm, flags = edges[e]
            assert a == b or not flags & (EdgeFlag.NO_FORWARD if b > a else EdgeFlag.NO_BACKWARD)
            before, after = k - route.lead, k - route.lead + 1
            for at, i in ((a, before), (b, after)):
                if 0 <= i < len(junctions):
                    assert junctions[i] in ({u} if at == 0 else set()) | ({v} if at == mm else set())
        for at, left in zip(range(len(junctions)), route.to_go_mm, strict=True):
            assert left == walked[route.lead + at :].sum() + doors[route.gate][2]
        private = [bool(edges[e][3] & EdgeFlag.PRIVATE) for e in route.edge]
        kinds = [k for k, previous in zip(private, [None, *private], strict=False) if k != previous]
        assert kinds in ([], [True], [False], [True, False], [False, True], [True, False, True])


@settings(max_examples=40)
@given(worlds(), st.data())
def test_more_danger_on_a_link_never_makes_a_route_cheaper(world, data):
    n, edges, factors, halves, doors, origins = world
    link = data.draw(st.integers(0, len(edges) - 1))
    worse = [f + 300 * (k == link) for k, f in enumerate(factors)]
    after = {r.origin: r.cost_mm for r in solved((n, edges, worse, halves, doors, origins), 1.25).routes}
    for route in solved(world, 1.25).routes:
        assert after[route.origin] >= route.cost_mm


@pytest.mark.parametrize("room", [1, 2, 100])
def test_with_too_little_room_the_route_keeps_the_cap_and_tells_a_bound(room):
    """Three squares in a row, each with a short dangerous and a longer calm side: only one of the calm ones fits into the cap."""
    edges = [(k, k + 1, mm, 0) for k in range(3) for mm in (10, 14 + k)]
    world = (4, edges, [300, 100] * 3, [(0, 0)] * 6, [(4, 10, 0)], [(0, 0, 0)])
    best = min(c for mm, c in ways(*world[:5], world[5][0]) if mm <= 37)
    (route,) = solved(world, 1.25, room=room).routes
    assert route.mm <= 37
    assert route.lowest_mm <= best <= route.cost_mm
    assert (room == 100) == route.is_exact


def test_cap_and_limit_are_checked():
    world = (2, [(0, 1, 5, 0)], [100], [(0, 0)], [(0, 0, 0)], [(0, 5, 0)])
    for cap, limit in ((0.9, 100), (math.nan, 100), (1.25, -1)):
        with pytest.raises(ValueError, match="cap"):
            solved(world, cap, limit_m=limit)
    assert [int(o) for o in solved(world, 1.25, limit_m=0.004).without] == [0]
