"""Small random networks: distances, sources and reached parts equal a brute-force walk over every millimetre mark that matters."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cfmap.network.network import EdgeFlag
from tests.property.worlds import brute_force, network_of, snapped_at, worlds


@settings(max_examples=400)
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


@settings(max_examples=300)
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


def test_a_blind_alley_of_private_streets_is_reached_to_its_end_from_either_direction_of_drawing():
    private = int(EdgeFlag.PRIVATE)
    for last in ((2, 3), (3, 2)):
        network = network_of(4, [(0, 1, 10, 0), (1, 2, 10, private), (*last, 10, private)])
        parts = network.travel(snapped_at([(0, 0, 0)])).edge_parts(25)
        reached = {e: b - a for e, a, b in zip(parts.edge.tolist(), parts.from_mm.tolist(), parts.to_mm.tolist(), strict=True)}
        assert reached == {0: 10, 1: 10, 2: 5}
