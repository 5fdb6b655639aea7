"""Laws that hold for walking whatever the streets: more is never less, order never matters, and there and back is the same where nothing is one-way."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cfmap.network.catchments import catchment_parts, catchments
from cfmap.network.od import nearest, pairs
from tests.property.cities import NO_BACKWARD, NO_FORWARD, City, cities
from tests.property.worlds import snapped_at

PLAIN = settings(max_examples=60)


def covered(field, limit):
    """Reached stretches of each edge as a set of disjoint (from, to), joined."""
    parts = field.edge_parts(limit)
    stretches = {}
    for e, a, b in zip(parts.edge.tolist(), parts.from_mm.tolist(), parts.to_mm.tolist(), strict=True):
        mine = stretches.setdefault(e, [])
        if mine and a <= mine[-1][1]:
            mine[-1][1] = max(mine[-1][1], b)
        else:
            mine.append([a, b])
    return stretches


def inside(less, more):
    """Whether all of one is in the other."""
    return all(any(x <= a and b <= y for x, y in more.get(e, [])) for e, mine in less.items() for a, b in mine)


def length(stretches):
    return sum(b - a for mine in stretches.values() for a, b in mine)


@PLAIN
@given(cities(), st.integers(0, 3_000_000), st.integers(0, 500_000))
def test_more_time_never_covers_less(city, limit, more):
    network = city.network
    field = network.travel(city.snapped)
    less, wide = (covered(network.travel(city.snapped, limit_mm=mm), None) for mm in (limit, limit + more))
    assert inside(less, wide)
    assert length(less) <= length(wide)
    assert covered(field, limit) == less  # the limit of the parts does what the limit of the search does
    reached = network.travel(city.snapped, limit_mm=limit).node_mm >= 0
    assert (reached <= (network.travel(city.snapped, limit_mm=limit + more).node_mm >= 0)).all()


@PLAIN
@given(cities(), st.integers(0, 3_000_000))
def test_one_more_site_never_covers_less_nor_makes_anything_farther(city, limit):
    network = city.network
    fewer, all_ = network.travel(city.snapped.take(np.arange(len(city.sites) - 1))), network.travel(city.snapped)
    assert inside(covered(fewer, limit), covered(all_, limit))
    known = fewer.node_mm >= 0
    assert (all_.node_mm[known] <= fewer.node_mm[known]).all()
    assert (all_.node_mm[known] >= 0).all()


@PLAIN
@given(cities(), st.integers(1, 40))
def test_streets_of_twice_the_length_take_twice_as_long(city, factor):
    larger = City(city.n, [(u, v, mm * factor, f) for u, v, mm, f in city.edges], [(e, x * factor, c * factor) for e, x, c in city.sites])
    ours, theirs = city.network.travel(city.snapped), larger.network.travel(larger.snapped)
    assert (np.where(ours.node_mm < 0, -1, ours.node_mm * factor) == theirs.node_mm).all()
    assert (ours.node_source == theirs.node_source).all()


@PLAIN
@given(cities(), st.integers(0, 2**32 - 1), st.integers(0, 3_000_000))
def test_the_order_of_nodes_edges_and_sites_and_their_direction_never_matter(city, seed, limit):
    dice = np.random.default_rng(seed)
    node, edge, site = dice.permutation(city.n), dice.permutation(len(city.edges)), dice.permutation(len(city.sites))
    turned = dice.random(len(city.edges)) < 0.5
    swapped = {0: 0, NO_FORWARD: NO_BACKWARD, NO_BACKWARD: NO_FORWARD, NO_FORWARD | NO_BACKWARD: NO_FORWARD | NO_BACKWARD}

    def turn(e):
        u, v, mm, f = city.edges[e]
        u, v = int(node[u]), int(node[v])
        one_way = f & (NO_FORWARD | NO_BACKWARD)
        return (v, u, mm, f & ~one_way | swapped[one_way]) if turned[e] else (u, v, mm, f)

    def moved(e, x, c):
        return int(np.flatnonzero(edge == e)[0]), city.edges[e][2] - x if turned[e] else x, c

    # a site on an edge without length stands at its first end: both ends are one place only when it is open both ways
    assume(not any(turned[e] and city.edges[e][2] == 0 for e, _, _ in city.sites))
    other = City(city.n, [turn(e) for e in edge], [moved(*city.sites[k]) for k in site])
    ours, theirs = city.network.travel(city.snapped), other.network.travel(other.snapped)
    assert ours.node_mm.tolist() == theirs.node_mm[node].tolist()
    assert length(covered(ours, limit)) == length(covered(theirs, limit))
    # the sites found are equally near; of these the first in each one's own order
    alone = np.stack([city.network.travel(city.snapped.take([k])).node_mm for k in range(len(city.sites))])
    for field, names in ((ours, np.arange(len(city.sites))), (theirs, site)):
        at = field.node_source if field is ours else field.node_source[node]
        for n in np.flatnonzero(at >= 0):
            tied = np.flatnonzero(alone[:, n] == ours.node_mm[n])
            assert names[at[n]] == min(tied, key=lambda k, names=names: int(np.flatnonzero(names == k)[0]))


@PLAIN
@given(cities(one_way=False), st.data())
def test_there_and_back_are_the_same_where_nothing_is_one_way(city, data):
    network, sites = city.network, city.snapped
    table = pairs(network, sites, sites, limit_mm=1 << 30)
    back = pairs(network, sites, sites, limit_mm=1 << 30, reverse=True)
    assert (table.matrix() != table.matrix().T).nnz == 0
    assert table.matrix().toarray().tolist() == back.matrix().toarray().tolist()
    assert network.travel(sites).node_mm.tolist() == network.travel(sites, reverse=True).node_mm.tolist()


@PLAIN
@given(cities())
def test_reversed_searches_are_searches_on_the_reversed_streets(city):
    swapped = {0: 0, NO_FORWARD: NO_BACKWARD, NO_BACKWARD: NO_FORWARD, NO_FORWARD | NO_BACKWARD: NO_FORWARD | NO_BACKWARD}
    one_way = NO_FORWARD | NO_BACKWARD
    other = city._replace(edges=[(u, v, mm, f & ~one_way | swapped[f & one_way]) for u, v, mm, f in city.edges])
    ours, theirs = city.network.travel(city.snapped, reverse=True), other.network.travel(city.snapped)
    assert np.array_equal(ours.label, theirs.label)
    for mine, others in zip(ours.edge_parts(5_000), theirs.edge_parts(5_000), strict=True):
        assert mine.tolist() == others.tolist()


@PLAIN
@given(cities(private=False))
def test_a_detour_by_a_third_site_is_never_shorter(city):
    sites = city.snapped
    found = pairs(city.network, sites, sites, limit_mm=1 << 30, connectors=False)
    far = np.full((len(sites), len(sites)), np.inf)
    far[found.origin, found.site] = found.mm
    assert (np.diag(far) == 0).all()
    assert (far[:, None, :] <= far[:, :, None] + far[None, :, :]).all()


@PLAIN
@given(cities(), st.integers(0, 3_000_000))
def test_along_a_part_one_step_more_is_one_step_farther_and_parts_never_overlap(city, limit):
    parts = city.network.travel(city.snapped).edge_parts(limit)
    assert (np.abs(parts.arrival_to_mm - parts.arrival_from_mm) == parts.to_mm - parts.from_mm).all()
    assert (np.maximum(parts.arrival_from_mm, parts.arrival_to_mm) <= limit).all()
    assert (np.minimum(parts.arrival_from_mm, parts.arrival_to_mm) >= 0).all()
    order = np.lexsort((parts.to_mm, parts.from_mm, parts.edge))
    assert (np.diff(parts.edge) >= 0).all()
    edge, begin, end = parts.edge[order], parts.from_mm[order], parts.to_mm[order]
    assert (begin[1:] >= end[:-1])[edge[1:] == edge[:-1]].all()
    assert (end <= np.array([mm for _, _, mm, _ in city.edges], dtype=np.int64)[edge]).all()


@PLAIN
@given(cities(), st.integers(0, 1 << 22))
def test_what_is_not_reached_has_no_number_anywhere(city, limit):
    network, sites = city.network, city.snapped
    unlimited, field = network.travel(sites), network.travel(sites, limit_mm=limit)
    for mm, source in ((field.node_mm, field.node_source), field.at(sites), nearest(network, sites, sites, k=3, limit_mm=limit)[::-1]):
        assert ((mm == -1) == (source == -1)).all()
        assert ((mm == -1) | ((mm >= 0) & (mm <= limit))).all()
        assert ((source >= -1) & (source < len(sites))).all()
    beyond = (unlimited.node_mm == -1) | (unlimited.node_mm > limit)
    assert (beyond == (field.node_mm == -1)).all()
    assert catchments(network, sites, limit_mm=limit).mm.max(initial=0) <= limit
    assert pairs(network, sites, sites, limit_mm=limit).mm.max(initial=0) <= limit


@PLAIN
@given(cities(), st.integers(0, 3_000_000))
def test_answers_are_the_same_bits_each_time_and_for_any_number_of_threads(city, limit):
    def bits(threads, network):
        sites = city.snapped
        first, parts = catchment_parts(network, sites, limit_mm=limit, threads=threads)
        found, table = catchments(network, sites, limit_mm=limit, threads=threads), pairs(network, sites, sites, limit_mm=limit, threads=threads)
        return [
            a.tobytes()
            for a in (first, *parts, found.first, found.node, found.mm, table.first, table.site, table.mm, network.travel(sites, limit_mm=limit).label)
        ]

    once, again = bits(1, city.network), city.network
    for threads in (1, 2, 3, 4, None):
        assert bits(threads, again) == once, threads  # also what earlier searches used for their work


def test_a_site_listed_twice_changes_nothing_but_its_own_row():
    city = City(3, [(0, 1, 500, 0), (1, 2, 700, 0)], [(0, 100, 5), (1, 300, 0)])
    twice = city._replace(sites=[*city.sites, city.sites[0], city.sites[0]])
    ours, theirs = city.network.travel(city.snapped), twice.network.travel(twice.snapped)
    assert np.array_equal(ours.label, theirs.label)
    for mine, others in zip(ours.edge_parts(600), theirs.edge_parts(600), strict=True):
        assert mine.tolist() == others.tolist()
    who, mm = nearest(twice.network, snapped_at([(0, 0, 0)]), twice.snapped, k=4)
    assert (who.tolist(), mm.tolist()) == ([[0, 2, 3, 1]], [[105, 105, 105, 800]])
