"""Searches of each site by itself - nodes within reach, parts of streets, pairs, k nearest - on networks of up to sixty nodes, against networkx."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cfmap.network.catchments import catchment_parts, catchments
from cfmap.network.od import nearest, pairs
from tests.property.cities import City, cities, distances_to
from tests.property.worlds import snapped_at

PLAIN = settings(max_examples=60)
OPTIONS = {"connectors": st.booleans(), "reverse": st.booleans()}


def limit_of(data, tables):
    """Often exactly a distance that occurs, or one less."""
    known = sorted({d for table in tables for d in table if d is not None}) or [0]
    return max(data.draw(st.sampled_from([*known[:: max(1, len(known) // 20)], known[-1]])) - data.draw(st.integers(0, 1)), 0)


@PLAIN
@given(cities(), st.data(), st.fixed_dictionaries(OPTIONS))
def test_nodes_within_reach_of_each_site_are_those_of_networkx_for_any_number_of_threads(city, data, options):
    tables = [distances_to(city, site, connector=options["connectors"], reverse=options["reverse"]) for site in city.sites]
    limit = limit_of(data, tables)
    expected = [(k, node, d) for k, table in enumerate(tables) for node, d in enumerate(table) if d is not None and d <= limit]
    for threads in (1, 2, 3, 4):
        found = catchments(city.network, city.snapped, limit_mm=limit, threads=threads, **options)
        assert sorted(zip(found.site.tolist(), found.node.tolist(), found.mm.tolist(), strict=True)) == expected, threads


@PLAIN
@given(cities(), st.data(), st.fixed_dictionaries(OPTIONS))
def test_parts_within_reach_of_a_site_are_those_of_a_search_for_it_alone(city, data, options):
    tables = [distances_to(city, site, connector=options["connectors"], reverse=options["reverse"]) for site in city.sites]
    limit = limit_of(data, tables)
    network = city.network
    first, parts = catchment_parts(network, city.snapped, limit_mm=limit, **options)
    for k in range(len(city.sites)):
        alone = network.travel(city.snapped.take([k]), limit_mm=limit, **options).edge_parts()
        mine = slice(first[k], first[k + 1])
        assert (parts.source[mine] == k).all()
        for ours, theirs in zip(parts[:5], alone[:5], strict=True):
            assert ours[mine].tolist() == theirs.tolist()


@PLAIN
@given(cities(), st.data(), st.fixed_dictionaries(OPTIONS))
def test_pairs_and_nearest_sites_are_those_of_networkx_with_doors_shared_by_sites(city, data, options):
    tables = [distances_to(city, site, connector=options["connectors"], reverse=options["reverse"]) for site in city.sites]
    limit = limit_of(data, tables)
    dice = np.random.default_rng(len(city.edges))
    site = dice.integers(max(1, len(city.sites) // 2), size=len(city.sites))
    # origins exactly on nodes, so that networkx needs to know nothing more
    at = defaultdict(list)
    for e, (u, v, mm, _) in enumerate(city.edges):
        at[u].append((e, 0))
        if mm:
            at[v].append((e, mm))
    nodes = [node for node in range(city.n) if node in at]
    extra = {node: node % 4 if options["connectors"] else 0 for node in nodes}
    origins = snapped_at([(*at[node][node % len(at[node])], node % 4) for node in nodes])
    best = {}
    for s, table in zip(site.tolist(), tables, strict=True):
        for o, node in enumerate(nodes):
            if table[node] is not None:
                best[o, s] = min(best.get((o, s), 1 << 62), table[node] + extra[node])
    within = {key: d for key, d in best.items() if d <= limit}
    for threads in (1, 4):
        found = pairs(city.network, origins, city.snapped, limit_mm=limit, site=site, threads=threads, **options)
        assert list(zip(found.origin.tolist(), found.site.tolist(), found.mm.tolist(), strict=True)) == [(*key, within[key]) for key in sorted(within)]
    k = data.draw(st.integers(1, 15))  # often more than there are sites
    for bound, known in ((limit, within), (None, best)):
        who, mm = nearest(city.network, origins, city.snapped, k=k, limit_mm=bound, site=site, **options)
        for o in range(len(nodes)):
            ranked = sorted((d, s) for (origin, s), d in known.items() if origin == o)[:k]
            ranked += [(-1, -1)] * (k - len(ranked))
            assert list(zip(mm[o].tolist(), who[o].tolist(), strict=True)) == ranked


def test_an_origin_between_two_sites_on_one_street_walks_straight_to_both():
    city = City(2, [(0, 1, 1000, 0)], [(0, 200, 1), (0, 900, 2)])
    found = pairs(city.network, snapped_at([(0, 500, 3), (0, 200, 0)]), city.snapped, limit_mm=1000)
    assert found.matrix().toarray().tolist() == [[304, 405], [1, 702]]


def test_a_way_round_the_block_is_taken_where_the_street_is_one_way():
    from tests.property.cities import NO_BACKWARD

    city = City(2, [(0, 1, 1000, NO_BACKWARD), (1, 0, 50, 0)], [(0, 200, 0)])
    origins = snapped_at([(0, 100, 0), (0, 300, 0)])
    assert pairs(city.network, origins, city.snapped, limit_mm=5000).mm.tolist() == [100, 700 + 50 + 200]
    assert pairs(city.network, origins, city.snapped, limit_mm=5000, reverse=True).mm.tolist() == [800 + 50 + 100, 100]
    assert nearest(city.network, origins, city.snapped, k=1)[1].tolist() == [[100], [950]]
    assert city.network.travel(city.snapped).at(origins)[0].tolist() == [100, 950]
