"""The network as an osmnx graph: its functions work on it, its totals agree."""

from __future__ import annotations

import networkx as nx
import numpy as np
import osmnx as ox
import pandas as pd
import pytest
import shapely

from cfmap.network import EdgeFlag, Network, Ways, build_network
from cfmap.network.graphml import read_graphml
from cfmap.network.osmnx_graph import to_osmnx
from cfmap.network.walkability import CLASS_INDEX

#   4 ------- 3
#   |         |        a square of 0.001 degree with one diagonal 1-3 that bends over 5 (no junction);
#   1 ------- 2        4-1 is private, 2-3 may only be walked northwards
NODES = {1: (10.0, 0.0), 2: (10.001, 0.0), 3: (10.001, 0.001), 4: (10.0, 0.001), 5: (10.0002, 0.0006)}
WAYS = [
    (21, [1, 2], "residential", EdgeFlag(0)),
    (22, [2, 3], "steps", EdgeFlag.STEPS | EdgeFlag.NO_BACKWARD),
    (23, [3, 4], "residential", EdgeFlag(0)),
    (24, [4, 1], "service", EdgeFlag.PRIVATE),
    (25, [1, 5, 3], "footway", EdgeFlag(0)),
]


@pytest.fixture
def network() -> Network:
    ids = np.array(sorted(NODES))
    position = {int(n): i for i, n in enumerate(ids)}
    return build_network(
        Ways(
            node_id=ids,
            lon=np.array([NODES[int(n)][0] for n in ids]),
            lat=np.array([NODES[int(n)][1] for n in ids]),
            way_id=np.array([w for w, *_ in WAYS]),
            kind=np.array([CLASS_INDEX[k] for _, _, k, _ in WAYS], dtype=np.uint8),
            flags=np.array([int(f) for *_, f in WAYS], dtype=np.uint16),
            first=np.cumsum([0, *(len(refs) for _, refs, _, _ in WAYS)]),
            vertex=np.array([position[n] for _, refs, _, _ in WAYS for n in refs]),
        ),
        way_tags=pd.DataFrame({"name": ["南街", None, None, None, None], "maxspeed": ["30", None, None, None, None]}, index=[21, 22, 23, 24, 25]).astype(
            "category"
        ),
    )


def test_every_walking_direction_is_an_edge_with_osmnx_attributes(network):
    graph = network.to_osmnx()
    assert graph.graph["crs"] == "epsg:4326"
    assert set(graph.nodes) == {1, 2, 3, 4}, "5 is no junction"
    assert graph.nodes[2] == {"x": 10.001, "y": 0.0, "street_count": 2}
    assert graph.number_of_edges() == 9
    assert graph.has_edge(2, 3)
    assert not graph.has_edge(3, 2)
    there, back = graph[1][2][0], graph[2][1][0]
    assert there["length"] == pytest.approx(111.319, abs=0.001)
    assert (there["osmid"], there["highway"], there["name"], there["maxspeed"], there["oneway"]) == (21, "residential", "南街", "30", False)
    assert {there["reversed"], back["reversed"]} == {True, False}
    assert list(there["geometry"].coords) == [(10.0, 0.0), (10.001, 0.0)]
    assert list(back["geometry"].coords) == [(10.001, 0.0), (10.0, 0.0)]
    assert "name" not in graph[2][3][0]
    assert graph[2][3][0]["oneway"] is True


def test_private_streets_are_marked_or_left_out(network):
    assert to_osmnx(network)[4][1][0]["access"] == "private"
    without = to_osmnx(network, private=False)
    assert not without.has_edge(4, 1)
    assert without.nodes[4]["street_count"] == 1


def test_both_sides_of_a_closed_barrier_get_a_key_of_their_own(network):
    from dataclasses import replace

    ids = network.node_id.copy()
    ids[ids == 4] = 1
    graph = replace(network, node_id=ids).to_osmnx()
    assert sorted(graph.nodes) == [-1, 1, 2, 3]
    assert nx.number_weakly_connected_components(graph) == 1


def test_total_length_agrees_with_basic_stats(network):
    stats = ox.basic_stats(network.to_osmnx())
    assert stats["street_length_total"] == pytest.approx(network.edge_mm.sum() / 1000)
    assert stats["street_segment_count"] == network.n_edges
    assert stats["n"] == network.n_nodes


def test_routes_of_osmnx_walk_the_network(network):
    graph = network.to_osmnx()
    assert ox.routing.shortest_path(graph, 2, 3, weight="length") == [2, 3]
    assert ox.routing.shortest_path(graph, 3, 2, weight="length") == [3, 1, 2], "the steps are one-way, the diagonal is the shorter way round"


def test_nearest_edge_is_found_along_the_course(network):
    graph = network.to_osmnx()
    u, v, _ = ox.distance.nearest_edges(graph, 10.00021, 0.00059)
    assert {u, v} == {1, 3}


def test_graph_can_be_drawn(network):
    import matplotlib as mpl
    from matplotlib import pyplot as plt

    mpl.use("Agg")
    figure, axes = ox.plot_graph(network.to_osmnx(), show=False, close=False)
    assert len(axes.collections) == 2
    plt.close(figure)


def test_there_and_back_through_graphml_nothing_changes(network, tmp_path):
    ox.save_graphml(network.to_osmnx(), tmp_path / "g.graphml")
    back = read_graphml(tmp_path / "g.graphml")
    assert back.faults == ()
    for name in ("node_id", "node_lon", "node_lat", "edge_mm", "edge_way", "edge_class", "vertex_lon", "vertex_lat"):
        assert np.array_equal(np.sort(getattr(back, name)), np.sort(getattr(network, name))), name
    assert back.has(EdgeFlag.PRIVATE).sum() == 1
    (steps,) = np.flatnonzero(back.has(EdgeFlag.STEPS))
    assert (back.node_id[back.edge_u[steps]], back.node_id[back.edge_v[steps]]) == (2, 3)
    assert back.has(EdgeFlag.NO_BACKWARD)[steps]
    assert back.has(EdgeFlag.NO_BACKWARD).sum() == 1


@pytest.mark.truth
def test_real_network_keeps_its_length_as_graph_and_as_graphml(outside_data, tmp_path):
    network = Network.from_osm(outside_data("ruian-osm-micro/ruian_core_streets.osm"))
    graph = network.to_osmnx()
    assert ox.basic_stats(graph)["street_length_total"] == pytest.approx(network.edge_mm.sum() / 1000)
    ox.save_graphml(graph, tmp_path / "g.graphml")
    back = read_graphml(tmp_path / "g.graphml")
    assert back.edge_mm.sum() == network.edge_mm.sum()
    assert np.array_equal(np.sort(back.node_id), np.sort(network.node_id))
    assert shapely.union_all(back.edge_lines()).equals(shapely.union_all(network.edge_lines()))
