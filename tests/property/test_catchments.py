"""Per-site searches, origin-destination pairs and k nearest sites equal walks over every mark of small random networks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cfmap.network.catchments import catchment_parts, catchments
from cfmap.network.network import EdgeFlag
from cfmap.network.od import nearest, pairs
from tests.property.worlds import brute_force, network_of, snapped_at, worlds

PLAIN = settings(max_examples=120)


def alone(n, edges, source, **options):
    """Distances to one source by itself."""
    return {place: None if found is None else found[0] for place, found in brute_force(n, edges, [source], avoid_steps=False, **options).items()}


@PLAIN
@given(worlds(), st.integers(0, 15), st.sampled_from([1, 3]))
def test_each_sites_parts_are_exactly_the_places_it_reaches_by_itself(world, limit, threads):
    n, edges, sources, _, connectors, reverse = world
    first, parts = catchment_parts(network_of(n, edges), snapped_at(sources), limit_mm=limit, connectors=connectors, reverse=reverse, threads=threads)
    assert len(first) == len(sources) + 1
    for k, source in enumerate(sources):
        expected = alone(n, edges, source, connectors=connectors, reverse=reverse)
        inside = {}
        mine = slice(first[k], first[k + 1])
        for e, a, b, at_a, at_b, who in zip(*(column[mine].tolist() for column in parts), strict=True):
            assert who == k
            assert abs(at_a - at_b) == b - a
            for x in range(a, b + 1):
                mm = at_a + (x - a) * (1 if at_b >= at_a else -1)
                inside[e, x] = min(inside.get((e, x), mm), mm)
        for (e, x), mm in expected.items():
            if 0 < x < edges[e][2]:
                assert inside.get((e, x)) == (mm if mm is not None and mm <= limit else None), (k, e, x)


@PLAIN
@given(worlds(), st.integers(0, 15), st.sampled_from([1, 3]))
def test_each_sites_nodes_are_those_within_its_own_limit(world, limit, threads):
    n, edges, sources, _, connectors, reverse = world
    found = catchments(network_of(n, edges), snapped_at(sources), limit_mm=limit, connectors=connectors, reverse=reverse, threads=threads)
    got = dict(zip(zip(found.site.tolist(), found.node.tolist(), strict=True), found.mm.tolist(), strict=True))
    for k, source in enumerate(sources):
        expected = alone(n, edges, source, connectors=connectors, reverse=reverse)
        for (e, x), mm in expected.items():
            if x in (0, edges[e][2]):
                node = edges[e][0] if x == 0 else edges[e][1]
                assert got.get((k, node)) == (mm if mm is not None and mm <= limit else None), (k, node)


@PLAIN
@given(worlds(), st.data())
def test_pairs_and_nearest_sites_equal_one_walk_for_each_pair(world, data):
    n, edges, sources, limit, connectors, reverse = world
    limit = 20 if limit is None else limit
    site = np.array(data.draw(st.lists(st.integers(0, 2), min_size=len(sources), max_size=len(sources))))
    site = np.unique(site, return_inverse=True)[1]
    k = data.draw(st.integers(1, 3))
    network = network_of(n, edges)
    places = [(e, x, x % 3) for e, (_, _, mm, _) in enumerate(edges) for x in range(mm + 1)]
    origins = snapped_at(places)
    expected = {}
    for s, source in zip(site.tolist(), sources, strict=True):
        for place, mm in alone(n, edges, source, connectors=connectors, reverse=reverse).items():
            if mm is not None:
                origin = places.index((*place, place[1] % 3))
                total = mm + (place[1] % 3 if connectors else 0)
                if total <= limit:
                    expected[origin, s] = min(expected.get((origin, s), total), total)
    found = pairs(
        network, origins, snapped_at(sources), limit_mm=limit, site=site, connectors=connectors, reverse=reverse, threads=data.draw(st.sampled_from([1, 2]))
    )
    assert dict(zip(zip(found.origin.tolist(), found.site.tolist(), strict=True), found.mm.tolist(), strict=True)) == expected
    assert found.matrix().nnz == len(expected)

    who, mm = nearest(network, origins, snapped_at(sources), k=k, limit_mm=limit, site=site, connectors=connectors, reverse=reverse)
    for origin in range(len(places)):
        ranked = sorted((d, s) for (o, s), d in expected.items() if o == origin)[:k]
        assert list(zip(mm[origin].tolist(), who[origin].tolist(), strict=True)) == ranked + [(-1, -1)] * (k - len(ranked)), origin


def test_private_ground_is_left_at_the_far_end_of_an_edge_without_length():
    edges = [(1, 0, 0, int(EdgeFlag.PRIVATE)), (2, 0, 0, 0)]
    assert alone(3, edges, (0, 0, 0), connectors=False, reverse=False) == {(0, 0): 0, (1, 0): 0}
    found = pairs(network_of(3, edges), snapped_at([(0, 0, 0), (1, 0, 0)]), snapped_at([(0, 0, 0)]), limit_mm=0)
    assert found.mm.tolist() == [0, 0]


def test_a_negative_limit_is_refused():
    network = network_of(2, [(0, 1, 1000, 0)])
    for ask in (catchments, catchment_parts):
        with pytest.raises(ValueError, match="not negative"):
            ask(network, snapped_at([(0, 0, 0)]), limit_mm=-1)
