"""Distances of a thousand random pairs per city equal those on a graph that the test makes from the raw file."""

from __future__ import annotations

import random

import geopandas as gpd
import numpy as np
import pytest
import shapely

from cfmap.network import EdgeFlag, Network

from .reference_graph import Reference

pytestmark = [pytest.mark.truth, pytest.mark.slow, pytest.mark.timeout(900)]
FILES = ("heidelberg/heidelberg.test.pbf", "beijing-tsinghua/map.osm", "ruian-osm-micro/ruian_core_streets.osm")


@pytest.mark.parametrize("name", FILES)
def test_a_thousand_random_pairs_equal_networkx_to_the_millimetre(outside_data, name):
    path = outside_data(name)
    network = Network.from_osm(path)
    assert set(network.left_out["reason"]) <= {"closed"}  # no road here has its sidewalk mapped beside it, so the reference needs no such rule
    links = np.flatnonzero(network.has(EdgeFlag.AREA_LINK))
    ids = network.node_id
    reference = Reference(path, [(int(ids[network.edge_u[e]]), int(ids[network.edge_v[e]]), bool(network.is_private[e])) for e in links])

    # any vertex of any street, junction or not, that no gate parts
    vertices = sorted(
        {n for s in reference.segments for n, side in (s[0], s[1]) if side is None}
        - {n for s in reference.segments for n, side in (s[0], s[1]) if side is not None}
    )
    dice = random.Random(20240908)
    sites, places = dice.sample(vertices, 5), dice.sample(vertices, 200)  # networkx takes seconds for each site, nothing for a place

    def snapped(nodes):
        points = gpd.GeoSeries([shapely.Point(reference.place[n]) for n in nodes], crs=4326)
        return network.snap(points, limit_m=1, main_component_first=False)

    to, at_place = snapped(places), snapped(sites)
    assert (to.connector_mm == 0).all()
    compared = unreachable = 0
    for k, site in enumerate(sites):
        total, _ = network.travel(at_place.take([k])).at(to)
        for place, ours in zip(places, total.tolist(), strict=True):
            expected = reference.walk(place, site)
            if expected is None:
                assert ours == -1, (place, site)
                unreachable += 1
                continue
            mm, metres, count = expected
            assert ours == mm, (place, site)
            assert abs(ours - metres * 1000) <= 0.5 * count
            compared += 1
    assert compared + unreachable == 1000
    assert compared > 700
