"""Are ratios, verdicts and the networks that they are measured on what they say?"""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from benchmarks import _report, _tiles
from benchmarks._harness import Different, Result, Row, Timing, dump, interleaved, load, require


def timing(cpu: float, wall: float | None = None) -> Timing:
    return Timing.of([(cpu, cpu if wall is None else wall)] * 5)


def row(ours: float, theirs: float, **options) -> Row:
    return Row("field", "small", timing(ours), "scipy", timing(theirs), **options)


def test_a_ratio_says_how_many_times_ours_the_peer_takes():
    assert row(0.1, 1.0).ratio == pytest.approx(10)
    assert row(0.3, 0.1, most=True).ratio == pytest.approx(3)


def test_wall_time_counts_only_where_the_row_says_so():
    ours, theirs = timing(2.0, 1.0), timing(4.0, 4.0)
    assert Row("a", "b", ours, "c", theirs).ratio == pytest.approx(2)
    assert Row("a", "b", ours, "c", theirs, by_wall=True).ratio == pytest.approx(4)


@pytest.mark.parametrize(("theirs", "verdict"), [(10.0, "goal"), (9.9, "first"), (4.0, "first"), (3.9, "short")])
def test_a_verdict_is_the_goal_the_first_value_or_short(theirs, verdict):
    assert row(1.0, theirs, goal=10, first=4).verdict == verdict


def test_where_less_is_better_the_verdict_turns():
    assert [row(ours, 1.0, goal=3, first=12, most=True).verdict for ours in (3.0, 12.0, 12.1)] == ["goal", "first", "short"]


def test_medians_not_means():
    found = Timing.of([(1.0, 1.0), (2.0, 9.0), (100.0, 3.0)])
    assert (found.cpu, found.wall, found.low, found.high, found.runs) == (2.0, 3.0, 1.0, 100.0, 3)


def test_actions_take_turns_and_slow_ones_run_once():
    order = []
    found = interleaved({"fast": lambda: order.append("f"), "slow": lambda: order.append("s")}, rounds=3, once=["slow"])
    assert order == ["f", "f", "s", "f", "f"]  # one warm-up of the fast one
    assert (found["fast"].runs, found["slow"].runs) == (3, 1)


def test_different_answers_stop_a_benchmark():
    require(equal=True, what="scipy")
    with pytest.raises(Different, match="scipy"):
        require(equal=False, what="scipy")


def test_results_survive_json():
    result = Result([row(1.0, 20.0, goal=10, checked="equal")], {"Growth": [{"nodes": 10}]})
    assert load(dump(result)) == result


def test_rows_with_the_same_words_share_a_note():
    table = _report.table([row(1.0, 5.0, checked="equal"), row(1.0, 6.0, checked="equal"), row(1.0, 7.0)])
    assert table.count("| (1) |") == 2
    assert table.endswith("1. equal")


@pytest.fixture(scope="module")
def tiling() -> _tiles.Tiling:
    return _tiles.tile(9_000)


def test_a_tiling_is_one_piece_of_at_least_the_size_asked_for(tiling):
    graph = nx.Graph(zip(tiling.u.tolist(), tiling.v.tolist(), strict=True))
    assert len(graph) == tiling.n_nodes >= 9_000
    assert nx.is_connected(graph)


def test_the_same_seed_gives_the_same_tiling_and_no_two_tiles_are_alike(tiling):
    _tiles.tile.cache_clear()
    again = _tiles.tile(9_000)
    assert np.array_equal(again.mm, tiling.mm)
    assert np.array_equal(again.u, tiling.u)
    size = len(_tiles._seed_streets()[0])
    one, other = (tiling.mm[(tiling.u // size == k) & (tiling.v // size == k)] for k in (0, 1))
    assert len(one) == len(other)
    assert (one != other).mean() > 0.9
    assert (tiling.mm >= 1).all()


def test_its_network_has_the_same_nodes_edges_and_lengths(tiling):
    network = tiling.network()
    assert np.array_equal(network.edge_u, tiling.u)
    assert np.array_equal(network.vertex_mm[1::2], tiling.mm)
    assert not network.edge_flags.any()


def test_without_parallels_the_shortest_edge_is_kept():
    lon = np.zeros(3)
    tiling = _tiles.Tiling(lon, lon, np.array([0, 1, 1, 2], dtype=np.int32), np.array([1, 0, 2, 2], dtype=np.int32), np.array([5, 3, 7, 1]))
    u, v, mm = tiling.simple()
    assert list(zip(u, v, mm, strict=True)) == [(0, 1, 3), (1, 2, 7)]
    first, target, weight = tiling.arcs()
    assert (first.tolist(), target.tolist(), weight.tolist()) == ([0, 1, 3, 4], [1, 0, 2, 1], [3, 3, 7, 7])


def test_sites_on_nodes_are_reached_without_a_step(tiling):
    network, nodes = tiling.network(), tiling.places(50)
    field = network.travel(_tiles.on_nodes(network, nodes))
    assert (field.node_mm[nodes] == 0).all()
    assert (field.node_mm >= 0).all()
    assert (field.node_mm == 0).sum() == 50
