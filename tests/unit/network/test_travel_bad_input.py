"""What a search does with nothing, with nonsense and with far too much: an answer that is right, or an error that says what is wrong."""

from __future__ import annotations

import subprocess
import sys

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import Point

from cfmap.coverage import reach
from cfmap.model import InputError
from cfmap.network.build import Ways, build_network
from cfmap.network.catchments import catchment_parts, catchments
from cfmap.network.od import nearest, pairs
from cfmap.network.snap import Snapped
from tests.property.worlds import network_of, snapped_at


def ways_of(lon, lat, lines, node_id=None):
    return Ways(
        node_id=np.arange(len(lon)) if node_id is None else node_id,
        lon=np.array(lon, dtype=float),
        lat=np.array(lat, dtype=float),
        way_id=np.arange(len(lines)) + 70,
        kind=np.zeros(len(lines), dtype=np.uint8),
        flags=np.zeros(len(lines), dtype=np.uint16),
        first=np.cumsum([0, *map(len, lines)]),
        vertex=np.array([v for line in lines for v in line], dtype=np.int64),
    )


@pytest.fixture(scope="module")
def crossroads():
    """A cross of four streets of about 111 m round 8 E, 50 N."""
    return build_network(ways_of([8, 8.001, 7.999, 8, 8], [50, 50, 50, 50.001, 49.999], [[1, 0, 2], [3, 0, 4]]))


def off_network(n):
    none = np.full(n, -1, dtype=np.int64)
    nowhere = np.full(n, np.nan)
    return Snapped(pd.RangeIndex(n), none, none * 0, none, nowhere, nowhere, none.astype(np.int32), np.full(n, "off_network", dtype=object))


def places(*points, crs=4326):
    return gpd.GeoSeries([p if p is None or isinstance(p, shapely.Geometry) else Point(p) for p in points], crs=crs)


def codes(caught):
    return [f.code for f in caught.value.faults]


def said(caught):
    return "\n".join(f.render(lang) for f in caught.value.faults for lang in ("zh", "en"))


# -- nothing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nodes", [0, 3])
@pytest.mark.parametrize("reverse", [False, True])
def test_without_streets_nothing_is_reached_and_nothing_fails(nodes, reverse):
    network = network_of(nodes, [])
    away = off_network(2)
    field = network.travel(away, reverse=reverse)
    assert field.node_mm.tolist() == [-1] * nodes
    assert field.node_source.tolist() == [-1] * nodes
    assert [a.tolist() for a in field.at(away)] == [[-1, -1], [-1, -1]]
    assert [len(c) for c in field.edge_parts(1000)] == [0] * 6
    assert catchments(network, away, limit_mm=1000, reverse=reverse).first.tolist() == [0, 0, 0]
    first, parts = catchment_parts(network, away, limit_mm=1000, reverse=reverse)
    assert (first.tolist(), len(parts.edge)) == ([0, 0, 0], 0)
    assert pairs(network, away, away, limit_mm=1000, reverse=reverse).matrix().nnz == 0
    assert [a.tolist() for a in nearest(network, away, away, k=2, reverse=reverse)] == [[[-1, -1], [-1, -1]]] * 2
    assert len(network.graph(reverse=reverse).contraction.core) == 0
    assert network.travel(away, reverse=reverse).node_mm.tolist() == [-1] * nodes


def test_a_network_built_of_no_ways_snaps_nothing_and_coverage_says_off_the_network():
    empty = build_network(ways_of([], [], []))
    assert empty.snap(places((8, 50)), limit_m=100).status.tolist() == ["off_network"]
    sites = gpd.GeoDataFrame({"id": [1]}, geometry=places((8, 50)))
    with pytest.raises(InputError) as caught:
        reach(empty, sites, sites)
    assert codes(caught) == ["E382"]


def test_sites_that_are_all_off_the_network_reach_nothing(crossroads):
    away = crossroads.snap(places((8.0005, 50.0), (9, 51)), limit_m=100).take([1, 1])
    assert not away.on_network.any()
    assert (crossroads.travel(away).node_mm == -1).all()
    assert len(crossroads.travel(away).edge_parts(10**6).edge) == 0
    origins = crossroads.snap(places((8.0005, 50.0)), limit_m=100)
    assert pairs(crossroads, origins, away, limit_mm=10**6).matrix().shape == (1, 2)
    assert [a.tolist() for a in nearest(crossroads, origins, away, k=1)] == [[[-1]], [[-1]]]


def test_an_empty_table_of_sites_reaches_nothing(crossroads):
    none = crossroads.snap(places(), limit_m=100)
    origins = crossroads.snap(places((8.0005, 50.0)), limit_m=100)
    assert (crossroads.travel(none).node_mm == -1).all()
    assert crossroads.travel(origins).at(none)[0].tolist() == []
    assert catchments(crossroads, none, limit_mm=1000).first.tolist() == [0]
    assert catchment_parts(crossroads, none, limit_mm=1000)[0].tolist() == [0]
    assert pairs(crossroads, origins, none, limit_mm=1000).matrix().shape == (1, 0)
    assert pairs(crossroads, none, origins, limit_mm=1000).matrix().shape == (0, 1)
    assert nearest(crossroads, origins, none, k=2)[1].tolist() == [[-1, -1]]
    assert nearest(crossroads, none, origins, k=2)[1].shape == (0, 2)


def test_sites_and_points_in_coverage_have_no_number_where_there_is_no_way():
    network = build_network(ways_of([8, 8.001, 8.1, 8.101, 8.102], [50, 50, 50, 50, 50], [[0, 1], [2, 3, 4]]))
    sites = gpd.GeoDataFrame({"id": ["s"]}, geometry=places((8.0005, 50.0)))
    points = gpd.GeoDataFrame({"id": ["here", "behind", "nowhere"]}, geometry=places((8.0002, 50.0), (8.1005, 50.0), (8.05, 50.2)))
    table = reach(network, sites, points).set_index("id")
    assert table["status"].tolist() == ["reached", "unreachable", "off_network"]
    assert table.loc[["behind", "nowhere"], ["network_m", "connector_m", "minutes"]].isna().all(axis=None)
    assert table.loc[["behind", "nowhere"], "site"].tolist() == [None, None]


# -- lengths and limits ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mm", [-1, 2**31, np.iinfo(np.int64).min])
def test_a_street_of_impossible_length_is_named(mm):
    network = network_of(3, [(0, 1, 5, 0), (1, 2, mm, 0)])
    for ask in (network.travel, lambda s: catchments(network, s, limit_mm=5), lambda s: nearest(network, s, s, k=1)):
        with pytest.raises(InputError) as caught:
            ask(snapped_at([(0, 1, 0)]))
        assert codes(caught) == ["E310"]
        assert f"{mm / 1e6:,.3f}" in said(caught)
        assert "way 1" in said(caught)


def test_the_longest_street_there_can_be_is_walked():
    longest = 2**31 - 1
    network = network_of(3, [(0, 1, longest, 0), (1, 2, 1, 0)])
    assert network.travel(snapped_at([(0, 0, 0)])).node_mm.tolist() == [0, longest, -1]


@pytest.mark.parametrize("bad", [(np.nan, 50.0), (8.0, np.nan), (np.inf, 50.0), (473_000.0, 5_540_000.0), (8.0, 90.5), (-181.0, 50.0)])
def test_streets_without_longitude_and_latitude_are_refused(bad):
    ways = ways_of([8, 8.001, bad[0]], [50, 50, bad[1]], [[0, 1], [1, 2], [2, 0]])
    with pytest.raises(InputError) as caught:
        build_network(ways, source="town.gpkg")
    assert codes(caught) == ["E311"]
    assert "1 个点" in said(caught)
    assert "town.gpkg" in said(caught)


def test_a_vertex_without_a_place_that_no_street_uses_does_no_harm():
    assert build_network(ways_of([8, 8.001, np.nan], [50, 50, 50], [[0, 1]])).n_edges == 1


def test_a_limit_of_nothing_reaches_the_place_itself_only():
    network = network_of(3, [(0, 1, 10, 0), (1, 2, 0, 0)])
    sites = snapped_at([(0, 10, 0), (0, 3, 1)])
    assert network.travel(sites, limit_mm=0).node_mm.tolist() == [-1, 0, 0]
    assert network.travel(sites, limit_mm=0).at(sites)[0].tolist() == [0, -1]
    assert sorted(catchments(network, sites, limit_mm=0).node.tolist()) == [1, 2]
    assert pairs(network, sites, sites, limit_mm=0, connectors=False).mm.tolist() == [0, 0]


def test_a_negative_limit_is_refused_everywhere():
    network = network_of(2, [(0, 1, 10, 0)])
    sites = snapped_at([(0, 0, 0)])
    for ask in (
        lambda: network.travel(sites, limit_mm=-1),
        lambda: catchments(network, sites, limit_mm=-1),
        lambda: catchment_parts(network, sites, limit_mm=-1),
        lambda: pairs(network, sites, sites, limit_mm=-1),
        lambda: nearest(network, sites, sites, k=1, limit_mm=-1),
    ):
        with pytest.raises(ValueError, match="not negative"):
            ask()


def test_fewer_than_one_site_is_no_question_and_more_than_there_are_leaves_places_empty():
    network = network_of(2, [(0, 1, 10, 0)])
    sites = snapped_at([(0, 4, 0)])
    with pytest.raises(ValueError, match="at least one"):
        nearest(network, sites, sites, k=0)
    who, mm = nearest(network, snapped_at([(0, 0, 0)]), sites, k=5)
    assert (who.tolist(), mm.tolist()) == ([[0, -1, -1, -1, -1]], [[4, -1, -1, -1, -1]])


@pytest.mark.parametrize("connector", [2**31, 2**32 + 5, 20_000_000_000])
def test_a_straight_way_longer_than_any_walk_is_no_way(connector):
    """A site on the other side of the earth must not come round again as a small number."""
    network = network_of(2, [(0, 1, 10, 0)])
    far, here = snapped_at([(0, 4, connector)]), snapped_at([(0, 6, 0), (0, 0, 0)])
    assert network.travel(far).node_mm.tolist() == [-1, -1]
    assert network.travel(far).at(here)[0].tolist() == [-1, -1]
    assert len(network.travel(far).edge_parts().edge) == 0
    assert catchments(network, far, limit_mm=2**31 - 1).mm.tolist() == []
    assert len(catchment_parts(network, far, limit_mm=2**31 - 1)[1].edge) == 0
    for origins, sites in ((here, far), (far, here)):
        assert pairs(network, origins, sites, limit_mm=2**31 - 1).mm.tolist() == []
        assert (nearest(network, origins, sites, k=2)[1] == -1).all()


# -- points ---------------------------------------------------------------------------------------------------------


def test_points_in_metres_are_converted_when_they_say_their_crs(crossroads):
    degrees = places((8.0004, 50.0001), (8.0, 49.9995), None, Point())
    here = crossroads.snap(degrees, limit_m=100)
    for crs in (32632, 3857, 4490, "OGC:CRS84", "ESRI:54009"):
        there = crossroads.snap(degrees.to_crs(crs), limit_m=100)
        assert there.edge.tolist() == here.edge.tolist(), crs
        assert np.abs(there.offset_mm - here.offset_mm).max() <= 1
        assert np.abs(there.connector_mm - here.connector_mm).max() <= 1
        assert there.status.tolist() == ["ok", "ok", "off_network", "off_network"]
    assert crossroads.snap(degrees.set_crs(None, allow_override=True), limit_m=100).edge.tolist() == here.edge.tolist()


@pytest.mark.parametrize("crs", [None, 4326])
def test_points_in_metres_that_claim_to_be_degrees_are_refused(crossroads, crs):
    with pytest.raises(InputError) as caught:
        crossroads.snap(places((8.0, 50.0), (473_000.0, 5_540_000.0), crs=crs), limit_m=100)
    assert codes(caught) == ["E390"]
    assert "1 个点" in said(caught)
    assert "473000, 5.54e+06" in said(caught)


def test_points_that_have_no_place_in_their_own_crs_are_refused(crossroads):
    with pytest.raises(InputError) as caught:
        crossroads.snap(places((1e30, 1e30), crs=32632), limit_m=100)
    assert codes(caught) == ["E390"]


def test_points_without_numbers_are_off_the_network(crossroads):
    snapped = crossroads.snap(places((np.nan, np.nan), (8.0, np.nan), (np.inf, 50.0), None, Point(), (8.0, 50.0)), limit_m=100)
    assert snapped.status.tolist() == ["off_network"] * 5 + ["ok"]
    assert crossroads.travel(snapped).at(snapped)[0].tolist() == [-1] * 5 + [0]


def test_lines_and_areas_are_not_taken_for_points(crossroads):
    with pytest.raises(InputError) as caught:
        crossroads.snap(places((8.0, 50.0), Point(8, 50).buffer(0.001), shapely.MultiPoint([(8, 50)])), limit_m=100)
    assert codes(caught) == ["E391"]
    assert "MultiPoint, Polygon" in said(caught)


# -- very many ------------------------------------------------------------------------------------------------------


def test_very_many_sites_on_one_street_are_searched_at_once():
    """Straight ways make some of them useless: what counts at a place is the best of all before and behind it."""
    dice = np.random.default_rng(5)
    count, mm = 200_000, 1_000_000
    network = network_of(3, [(0, 1, mm, 0), (1, 2, 500, 0)])
    offset, connector = dice.integers(mm + 1, size=count), dice.integers(200, size=count)
    nowhere = np.full(count, np.nan)
    zero = np.zeros(count, dtype=np.int64)
    sites = Snapped(pd.RangeIndex(count), zero, offset, connector, nowhere, nowhere, zero.astype(np.int32), np.full(count, "ok", dtype=object))
    at = np.r_[0, mm, dice.integers(mm + 1, size=50)]
    total, source = network.travel(sites).at(snapped_at([(0, int(x), 0) for x in at]))
    for x, found, who in zip(at, total, source, strict=True):
        every = np.abs(offset - x) + connector
        assert found == every.min()
        assert who == np.flatnonzero(every == every.min())[0]


# -- numba is not needed for one search -----------------------------------------------------------------------------


def test_one_search_of_a_city_is_answered_without_loading_numba():
    code = (
        "import sys; from tests.property.worlds import network_of, snapped_at;"
        "field = network_of(3, [(0, 1, 7, 0), (1, 2, 5, 1), (0, 2, 40, 0)]).travel(snapped_at([(0, 2, 1)]));"
        "print(field.node_mm.tolist(), field.at(snapped_at([(1, 3, 0)]))[0].tolist(), 'numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=__file__.split("tests")[0])
    assert done.stdout.split("\n")[0] == "[3, 6, 43] [9] False"
