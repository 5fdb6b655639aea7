"""Three engines answer a search - scipy, the bucket queue, the contracted graph: they give the same labels, and networkx the same numbers."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cfmap.network import travel as module
from cfmap.network.graph import NONE
from tests.property.cities import NO_BACKWARD, NO_FORWARD, PRIVATE, City, cities, nearest_of

ENGINES = ("scipy", "kernels", "contraction")
PLAIN = settings(max_examples=120)


def fields(city, **options):
    """The same question to each engine; says which of them really worked."""
    found = {}
    for engine in ENGINES:
        network, used = city.network, []
        graph = network.graph(avoid_steps=options.get("avoid_steps", False), reverse=options.get("reverse", False))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "SCIPY_STATES", 1 << 30 if engine == "scipy" else -1)
            if engine == "scipy":
                patch.setattr(module, "sys", SimpleNamespace(modules={}))
                by_scipy = module._spread_scipy
                patch.setattr(module, "_spread_scipy", lambda *a, by_scipy=by_scipy, used=used: (used.append("scipy"), by_scipy(*a)))
            if engine == "contraction":
                assert graph.contraction is network.graph(**{k: options[k] for k in ("avoid_steps", "reverse") if k in options}).contraction
            assert graph.is_contracted == (engine == "contraction")
            found[engine] = network.travel(city.snapped, **options)
        assert used == (["scipy"] if engine == "scipy" and (found[engine].label != NONE).any() else [])
    return found


@PLAIN
@given(cities(), st.one_of(st.none(), st.integers(0, 3_000_000), st.integers(0, 12)), st.booleans(), st.booleans())
@example(City(2, [(0, 1, 0, 0), (1, 0, 0, 0), (0, 0, 5, 0)], [(2, 2, 0), (2, 2, 0), (0, 0, 0)]), 3, True, False)
@example(City(3, [(0, 1, 2, PRIVATE), (1, 2, 2, PRIVATE)], [(0, 1, 1), (1, 2, 0)]), 4, True, True)
@example(City(1, [(0, 0, 2**31 - 1, 0)], [(0, 2**30, 2**31 - 1)]), None, True, False)
def test_all_engines_give_identical_labels_and_those_of_networkx(city, limit, connectors, reverse):
    found = fields(city, limit_mm=limit, connectors=connectors, reverse=reverse)
    mm, source = nearest_of(city, limit=2**31 - 1 if limit is None else limit, connector=connectors, reverse=reverse)
    for engine, field in found.items():
        assert field.node_mm.tolist() == mm, engine
        assert field.node_source.tolist() == source, engine
        assert np.array_equal(field.label, found["kernels"].label), engine


@PLAIN
@given(cities(), st.data())
def test_a_limit_that_is_exactly_the_distance_reaches_and_one_less_does_not(city, data):
    mm, _ = nearest_of(city)
    reached = [node for node, d in enumerate(mm) if d > 0]
    if not reached:
        return
    node = data.draw(st.sampled_from(reached))
    for limit, expected in ((mm[node], mm[node]), (mm[node] - 1, -1)):
        for engine, field in fields(city, limit_mm=limit).items():
            assert field.node_mm[node] == expected, (engine, limit)


def test_of_equally_near_sites_the_one_handed_in_first_wins_in_every_engine():
    ring = [(k, (k + 1) % 8, 1000, 0) for k in range(8)]
    city = City(8, ring, [(0, 0, 0), (3, 1000, 0), (0, 0, 0)])
    for order, expected in (([0, 1, 2], [0, 0, 0, 1, 1, 1, 0, 0]), ([1, 2, 0], [1, 1, 0, 0, 0, 0, 0, 1])):
        for engine, field in fields(city._replace(sites=[city.sites[k] for k in order])).items():
            assert field.node_source.tolist() == expected, engine


def test_a_long_chain_with_branches_is_taken_out_of_the_graph_altogether():
    edges = [(k, k + 1, 7 * k % 13, 0) for k in range(200)] + [(k, 201 + k, 3, 0) for k in range(200)]
    city = City(401, edges, [(5, 0, 4), (390, 1, 0)])
    network = city.network
    assert len(network.graph().contraction.core) == 0
    for engine, field in fields(city).items():
        assert field.node_mm.tolist() == nearest_of(city)[0], engine


def test_a_grid_keeps_a_core_with_arcs_that_stand_for_ways_through_junctions():
    side = 30
    edges = [(k, k + 1, 100 + k % 17, 0) for k in range(side * side) if k % side < side - 1]
    edges += [(k, k + side, 90 + k % 23, 0) for k in range(side * (side - 1))]
    city = City(side * side, edges, [(11, 40, 0), (800, 10, 7), (1500, 3, 0)])
    contraction = city.network.graph().contraction
    assert 0 < len(contraction.core) < side * side
    assert len(contraction.core) + len(contraction.order) == side * side
    single = 123  # the longest edge
    assert (contraction.core_arc >> np.uint64(32)).max() > single
    assert sorted(np.r_[contraction.core, contraction.order].tolist()) == list(range(side * side))
    for engine, field in fields(city).items():
        mm, source = nearest_of(city)
        assert field.node_mm.tolist() == mm, engine
        assert field.node_source.tolist() == source, engine


def test_streets_that_are_all_one_way_leave_little_room_for_new_arcs_and_still_agree():
    """Each arc fills two records and gives back none for the other way: junctions stay in the core when the room is used up."""
    side = 40
    dice = np.random.default_rng(8)
    ends = [(k, k + step) for k in range(side * side) for step in (1, side, side + 1) if k % side < side - 1 and k + step < side * side]
    edges = [(u, v, int(dice.integers(1, 90)), int(dice.choice([NO_FORWARD, NO_BACKWARD]))) for u, v in ends]
    city = City(side * side, edges, [(11, 0, 0), (800, 0, 7), (1500, 0, 0)])
    for reverse in (False, True):
        mm, source = nearest_of(city, reverse=reverse)
        for engine, field in fields(city, reverse=reverse).items():
            assert field.node_mm.tolist() == mm, engine
            assert field.node_source.tolist() == source, engine
