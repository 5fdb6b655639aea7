"""Every node, pair and reached stretch of real street networks, against scipy and networkx on graphs that are built here."""

from __future__ import annotations

import gc
from typing import NamedTuple

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from cfmap.network import EdgeFlag, Network, Snapped
from cfmap.network import travel as module
from cfmap.network.catchments import catchment_parts, catchments
from cfmap.network.graph import limit_label
from cfmap.network.od import nearest, pairs

MONACO = "examples/monaco/data/network.osm.pbf"
OUTSIDE = ("heidelberg/heidelberg.test.pbf", "porto/porto_portugal.osm.pbf", "helsinki/Helsinki.osm.pbf", "beijing-tsinghua/map.osm", "ruian-osm-micro/ruian_core_streets.osm")  # fmt: skip
LIMIT = 900_000


@pytest.fixture(scope="module", params=[MONACO, *(pytest.param(name, marks=pytest.mark.truth) for name in OUTSIDE)])
def streets(request, repository):
    path = repository / MONACO if request.param == MONACO else request.getfixturevalue("outside_data")(request.param)
    yield Network.from_osm(path)
    gc.collect()


def scattered(network, count, *, seed):
    """Places on random edges, at both ends and in between, some on one edge; with straight ways of up to 80 m to the street."""
    dice = np.random.default_rng(seed)
    edge = dice.integers(network.n_edges, size=count)
    edge[count // 2 : count // 2 + count // 10] = edge[: count // 10]
    private = np.flatnonzero(network.is_private)
    if len(private):
        edge[-(count // 5) :] = dice.choice(private, count // 5)
    offset = np.rint(network.edge_mm[edge] * dice.choice([0.0, 1.0, 0.3, 0.7], size=count, p=[0.1, 0.1, 0.4, 0.4])).astype(np.int64)
    nowhere = np.full(count, np.nan)
    return Snapped(pd.RangeIndex(count), edge, offset, dice.integers(80_000, size=count), nowhere, nowhere, network.edge_component[edge], np.full(count, "ok", dtype=object))  # fmt: skip


class Matrices(NamedTuple):
    """Streets as two matrices of millimetres, public and private, arcs away from the sites; shortest of parallel edges, no loops."""

    public: csr_array
    private: csr_array
    on_public: np.ndarray


def matrices(network, *, reverse=False):
    forward, backward = ~network.has(EdgeFlag.NO_FORWARD), ~network.has(EdgeFlag.NO_BACKWARD)
    if not reverse:
        forward, backward = backward, forward  # people come towards the sites
    made = []
    for chosen in (~network.is_private, network.is_private):
        there, back = chosen & forward, chosen & backward
        table = pd.DataFrame({
            "a": np.r_[network.edge_u[there], network.edge_v[back]],
            "b": np.r_[network.edge_v[there], network.edge_u[back]],
            "mm": np.r_[network.edge_mm[there], network.edge_mm[back]].astype(float),
        })  # fmt: skip
        table = table[table.a != table.b].groupby(["a", "b"], as_index=False)["mm"].min()
        made.append(csr_array((table.mm, (table.a, table.b)), shape=(network.n_nodes,) * 2))
    public = ~network.is_private
    on_public = np.zeros(network.n_nodes, dtype=bool)
    on_public[np.r_[network.edge_u[public], network.edge_v[public]]] = True
    return Matrices(*made, on_public)


def onward(matrix, at):
    """Distances from all nodes at once, each with a head start: one more node leads to all of them."""
    known = np.flatnonzero(np.isfinite(at))
    n = matrix.shape[0]
    row = csr_array((at[known] + 1.0, (np.zeros(len(known), dtype=int), known)), shape=(1, n))  # 1 mm more, so that no head start is none
    whole = csr_array(
        (np.r_[matrix.data, row.data], np.r_[matrix.indices, row.indices], np.r_[matrix.indptr, len(matrix.data) + len(row.data)]), shape=(n + 1, n)
    )
    whole.resize((n + 1, n + 1))
    return dijkstra(whole, indices=n)[:n] - 1.0


def rounds(network, streets, sites, *, reverse=False):
    """Millimetres from every node to the nearest site: private*, public*, private*."""
    private, public = np.full(network.n_nodes, np.inf), np.full(network.n_nodes, np.inf)
    forward, backward = ~network.has(EdgeFlag.NO_FORWARD), ~network.has(EdgeFlag.NO_BACKWARD)
    to_u, to_v = (backward, forward) if reverse else (forward, backward)
    for e, x, c in zip(sites.edge.tolist(), sites.offset_mm.tolist(), sites.connector_mm.tolist(), strict=True):
        u, v, mm = int(network.edge_u[e]), int(network.edge_v[e]), int(network.edge_mm[e])
        ends = [(u, 0)] if x == 0 else [(v, 0)] if x == mm else [(n, d) for n, d, free in ((u, x, to_u[e]), (v, mm - x, to_v[e])) if free]
        for node, d in ends:
            on_private = network.is_private[e] if 0 < x < mm else not streets.on_public[node]
            level = private if on_private else public
            level[node] = min(level[node], c + d)
    first = onward(streets.private, private)
    second = onward(streets.public, np.minimum(first, public))
    third = onward(streets.private, second)
    return np.where(streets.on_public, second, third)


@pytest.mark.parametrize("reverse", [False, True])
def test_every_node_is_as_far_from_200_sites_as_three_rounds_of_scipy_say(streets, reverse):
    sites = scattered(streets, 200, seed=1)
    expected = rounds(streets, matrices(streets, reverse=reverse), sites, reverse=reverse)
    expected = np.where(np.isfinite(expected), expected, -1).astype(np.int64)
    field = streets.travel(sites, reverse=reverse)
    assert np.array_equal(field.node_mm, expected)
    limit = int(np.sort(expected[expected >= 0])[np.count_nonzero(expected >= 0) // 2])  # a distance that occurs: it counts
    within = streets.travel(sites, reverse=reverse, limit_mm=limit)
    assert (within.node_mm == limit).any()
    assert np.array_equal(within.node_mm, np.where(expected <= limit, expected, -1))


def test_all_engines_give_the_same_labels_and_each_nodes_source_is_its_nearest_site(streets, monkeypatch):
    sites = scattered(streets, 200, seed=2)
    graph = streets.graph()
    monkeypatch.setattr(module, "SCIPY_STATES", -1)
    limit = limit_label(None)
    label = streets.travel(sites).label.copy()
    by_core = np.full_like(label, module.NONE)
    ports = graph.entries(sites)
    at = module.plus(module.source_labels(sites, connectors=True)[ports.place], ports.mm, np.ones(len(ports.mm), dtype=bool))
    np.minimum.at(by_core, ports.state, at)
    by_scipy = by_core.copy()
    graph.contraction.spread(by_core, np.unique(ports.state), limit)
    module._spread_scipy(graph, by_scipy, np.flatnonzero(by_scipy != module.NONE), limit)
    assert np.array_equal(by_core, label)
    assert np.array_equal(by_scipy, label)
    # the source of a node is as near as the nearest, and no site handed in before it is
    few = sites.take(np.arange(0, 200, 20))
    there, table = streets.travel(few), matrices(streets)
    alone = np.stack([rounds(streets, table, few.take([k])) for k in range(len(few))])
    assert np.array_equal(there.node_source, np.where(np.isfinite(alone.min(axis=0)), alone.argmin(axis=0), -1))


def stateful(network):
    """The streets as networkx sees them, searched away from sites: (node, round) with rounds private, public, private."""
    walk = nx.DiGraph()

    def arc(a, b, mm):
        if not walk.has_edge(a, b) or walk[a][b]["mm"] > mm:
            walk.add_edge(a, b, mm=mm)

    forward, backward = ~network.has(EdgeFlag.NO_FORWARD), ~network.has(EdgeFlag.NO_BACKWARD)
    touched = set()
    for u, v, mm, private, there, back in zip(*(a.tolist() for a in (network.edge_u, network.edge_v, network.edge_mm, network.is_private, forward, backward)), strict=True):  # fmt: skip
        for level in (0, 2) if private else (1,):
            if there:
                arc((v, level), (u, level), mm)
            if back:
                arc((u, level), (v, level), mm)
        if private:
            touched |= {u, v}
    for node in touched:
        arc((node, 0), (node, 1), 0)
        arc((node, 1), (node, 2), 0)
    return walk


def test_catchments_pairs_and_nearest_sites_of_20_sites_equal_networkx(streets):
    walk, on_public = stateful(streets), matrices(streets).on_public
    sites = scattered(streets, 20, seed=3)
    reached = []
    for k in range(20):
        alone, e = sites.take([k]), int(sites.edge[k])
        x, c, u, v, mm = int(alone.offset_mm[0]), int(alone.connector_mm[0]), int(streets.edge_u[e]), int(streets.edge_v[e]), int(streets.edge_mm[e])
        begin = f"site {k}"
        if 0 < x < mm:
            level = 0 if streets.is_private[e] else 1
            if not streets.has(EdgeFlag.NO_FORWARD)[e]:
                walk.add_edge(begin, (u, level), mm=c + x)
            if not streets.has(EdgeFlag.NO_BACKWARD)[e]:
                walk.add_edge(begin, (v, level), mm=min(c + mm - x, walk.get_edge_data(begin, (v, level), {"mm": c + mm})["mm"]))
        else:
            node = u if x == 0 else v
            walk.add_edge(begin, (node, 1 if on_public[node] else 0), mm=c)
        found = nx.single_source_dijkstra_path_length(walk, begin, cutoff=LIMIT, weight="mm")
        walk.remove_node(begin)
        reached.append({key[0]: d for key, d in found.items() if key != begin and key[1] == (1 if on_public[key[0]] else 2)})
    ours = catchments(streets, sites, limit_mm=LIMIT)
    for k, expected in enumerate(reached):
        mine = slice(ours.first[k], ours.first[k + 1])
        assert dict(zip(ours.node[mine].tolist(), ours.mm[mine].tolist(), strict=True)) == expected

    dice = np.random.default_rng(4)
    edge = dice.integers(streets.n_edges, size=300)
    at_v = (dice.random(300) < 0.5) & (streets.edge_mm[edge] > 0)
    node = np.where(at_v, streets.edge_v[edge], streets.edge_u[edge])
    nowhere = np.full(300, np.nan)
    origins = Snapped(pd.RangeIndex(300), edge, np.where(at_v, streets.edge_mm[edge], 0), dice.integers(50_000, size=300), nowhere, nowhere, streets.edge_component[edge], np.full(300, "ok", dtype=object))  # fmt: skip
    expected = {
        (o, k): mm + int(origins.connector_mm[o])
        for o, n in enumerate(node.tolist())
        for k in range(20)
        if (mm := reached[k].get(n)) is not None and mm + origins.connector_mm[o] <= LIMIT
    }
    found = pairs(streets, origins, sites, limit_mm=LIMIT)
    assert dict(zip(zip(found.origin.tolist(), found.site.tolist(), strict=True), found.mm.tolist(), strict=True)) == expected
    who, mm = nearest(streets, origins, sites, k=3, limit_mm=LIMIT)
    for o in range(300):
        ranked = sorted((d, k) for (origin, k), d in expected.items() if origin == o)[:3]
        assert list(zip(mm[o].tolist(), who[o].tolist(), strict=True)) == ranked + [(-1, -1)] * (3 - len(ranked))


def test_reached_length_of_streets_is_that_of_an_independent_sum(streets):
    """On public ground that is not one-way and has no site on it: what the two ends reach into the edge, counted once."""
    sites = scattered(streets, 200, seed=5)
    field = streets.travel(sites)
    open_ = ~streets.is_private & ((streets.edge_flags & (EdgeFlag.NO_FORWARD | EdgeFlag.NO_BACKWARD)) == 0)
    open_[sites.edge] = False
    at = rounds(streets, matrices(streets), sites)
    left = np.maximum(LIMIT - np.minimum(at[streets.edge_u], LIMIT), 0)
    right = np.maximum(LIMIT - np.minimum(at[streets.edge_v], LIMIT), 0)
    expected = np.minimum(left + right, streets.edge_mm)[open_].astype(np.int64)
    for parts in (field.edge_parts(LIMIT), streets.travel(sites, limit_mm=LIMIT).edge_parts()):
        length = np.zeros(streets.n_edges, dtype=np.int64)
        np.add.at(length, parts.edge, parts.to_mm - parts.from_mm)
        assert np.array_equal(length[open_], expected)
        assert (length <= streets.edge_mm).all()
    first, each = catchment_parts(streets, sites, limit_mm=LIMIT)
    of_site = pd.Series(each.to_mm - each.from_mm).groupby([np.repeat(np.arange(200), np.diff(first)), each.edge]).sum()
    most = of_site.groupby(level=1).max()
    assert (most.to_numpy() <= length[most.index]).all()  # no site alone covers more of a street than all together


def test_distances_between_sites_are_the_same_both_ways_where_no_street_is_one_way(streets):
    sites = scattered(streets, 60, seed=6)
    one_way = streets.has(EdgeFlag.NO_FORWARD) | streets.has(EdgeFlag.NO_BACKWARD)
    there = pairs(streets, sites, sites, limit_mm=LIMIT)
    back = pairs(streets, sites, sites, limit_mm=LIMIT, reverse=True).matrix()
    assert (there.matrix() != back.T).nnz == 0
    if not one_way.any():
        assert (there.matrix() != there.matrix().T).nnz == 0
