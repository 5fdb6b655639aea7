"""GraphML of osmnx: pairs become one walking edge, lengths are measured anew, what is missing is said."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
import shapely

from cfmap.model import InputError
from cfmap.network import EdgeFlag, Network
from cfmap.network.graphml import read_graphml

DEGREE_MM = 111_319_491  # one degree along the equator: 6,378,137 m x pi / 180

#   1 ---- 2 ---- 3        on the equator, 0.001 degree apart; 4 lies north of 2
PLACES = {1: (10.0, 0.0), 2: (10.001, 0.0), 3: (10.002, 0.0), 4: (10.001, 0.001)}


@pytest.fixture
def save(tmp_path):
    """Write edges (u, v, attributes) as osmnx does."""
    import osmnx as ox

    def write(edges, *, places=PLACES, node_tags=None, crs="epsg:4326", name="g.graphml", project=False):
        graph = nx.MultiDiGraph(crs=crs, created_date="2024-12-31 10:00:00")
        for node in sorted({n for u, v, _ in edges for n in (u, v)}):
            graph.add_node(node, x=places[node][0], y=places[node][1], **(node_tags or {}).get(node, {}))
        for u, v, data in edges:
            graph.add_edge(u, v, **{"oneway": False, "reversed": False, "length": 111.3, "highway": "residential", "osmid": 7} | data)
        if project:
            graph = ox.project_graph(graph)
        ox.save_graphml(graph, tmp_path / name)
        return tmp_path / name

    return write


def both(u, v, **data):
    return [(u, v, data), (v, u, data | {"reversed": True})]


def ends(network):
    """Pairs of node ids."""
    return [tuple(sorted((int(network.node_id[u]), int(network.node_id[v])))) for u, v in zip(network.edge_u, network.edge_v, strict=True)]


def test_pair_of_directions_is_one_edge_of_geodesic_length(save):
    network = read_graphml(save(both(1, 2) + both(2, 3, osmid=8)))
    assert sorted(ends(network)) == [(1, 2), (2, 3)]
    assert network.edge_mm.tolist() == [round(DEGREE_MM / 1000)] * 2
    assert sorted(network.edge_way.tolist()) == [7, 8]
    assert network.source == "g.graphml"
    assert network.timestamp == "2024-12-31"
    assert network.faults == ()


def test_oneway_for_vehicles_is_walked_both_ways(save):
    network = read_graphml(save([(1, 2, {"oneway": True})]))
    assert network.n_edges == 1
    assert not network.has(EdgeFlag.NO_FORWARD).any()
    assert not network.has(EdgeFlag.NO_BACKWARD).any()


def test_oneway_for_feet_follows_the_direction_of_the_way_not_of_the_edge(save):
    data = {"oneway:foot": "yes"}
    for edges in (both(1, 2, **data), [(2, 1, data | {"reversed": True}), (1, 2, data)]):
        network = read_graphml(save(edges))
        assert network.has(EdgeFlag.NO_BACKWARD).tolist() == [True]
        assert network.has(EdgeFlag.NO_FORWARD).tolist() == [False]
        assert int(network.node_id[network.edge_u[0]]) == 1


def test_course_of_a_simplified_edge_is_kept(save):
    bent = shapely.LineString([PLACES[1], (10.0, 0.001), (10.001, 0.001), PLACES[2]])
    network = read_graphml(save([(1, 2, {"geometry": bent, "length": 333.0}), (2, 1, {"geometry": bent.reverse(), "length": 333.0, "reversed": True})]))
    assert network.n_edges == 1
    (line,) = network.edge_lines()
    assert shapely.equals_exact(shapely.normalize(line), shapely.normalize(bent), 1e-12)
    north_mm = 110_574  # 0.001 degree of latitude at the equator
    assert network.edge_mm[0] == pytest.approx(2 * north_mm + DEGREE_MM / 1000, abs=3)


def test_parallel_edges_with_other_courses_stay_apart(save):
    north, south = ([PLACES[1], (10.0005, y), PLACES[2]] for y in (0.001, -0.001))
    edges = both(1, 2, geometry=shapely.LineString(north), length=249.0) + both(1, 2, geometry=shapely.LineString(south), length=249.0)
    assert ends(read_graphml(save(edges))) == [(1, 2), (1, 2)]


def test_ways_that_share_nodes_do_not_swallow_each_other(save):
    network = read_graphml(save([*both(1, 2, osmid=5, highway="motorway"), *both(1, 2, osmid=6, highway="footway")]))
    assert network.edge_way.tolist() == [6]
    assert network.left_out["way_id"].tolist() == [5]


def test_loop_with_a_course_is_kept_and_without_one_reported(save):
    loop = shapely.LineString([PLACES[1], (10.0, 0.001), (10.001, 0.001), PLACES[1]])
    network = read_graphml(save([*both(1, 1, geometry=loop, osmid=9, length=378.0), *both(1, 2), (2, 2, {"osmid": 10})]))
    assert sorted(ends(network)) == [(1, 1), (1, 2)]
    assert [f.code for f in network.faults] == ["W353"]


def test_length_that_does_not_fit_its_course_is_reported_with_the_worst(save):
    network = read_graphml(save(both(1, 2, length=111.9) + both(2, 3, osmid=8, length=250.0) + both(2, 4, osmid=9, length=150.0)))
    (record,) = network.faults
    assert record.code == "W350"
    assert record.facts["count"] == 2
    assert (record.facts["given"], record.facts["u"], record.facts["v"]) == (250.0, 2, 3)
    assert network.edge_mm.max() == round(DEGREE_MM / 1000), "the coordinates count"


def test_projected_graph_is_brought_back_to_degrees(save):
    edges = both(1, 2) + both(2, 4, osmid=8)
    network, projected = read_graphml(save(edges)), read_graphml(save(edges, project=True, name="p.graphml"))
    assert [f.code for f in projected.faults] == ["I352"]
    assert np.allclose(np.sort(projected.node_lon), np.sort(network.node_lon), atol=1e-9)
    assert np.abs(np.sort(projected.edge_mm) - np.sort(network.edge_mm)).max() <= 1


def test_edge_of_several_ways_takes_the_lowest_id_and_the_largest_class(save):
    network = read_graphml(save(both(1, 2, osmid=[12, 11], highway=["footway", "primary"], name=["乙路", "甲路"])))
    assert network.edge_way.tolist() == [11]
    assert network.edges_gdf()["highway"].tolist() == ["primary"]
    assert network.way_tags.loc[11, "name"] == min("乙路", "甲路")


def test_rules_for_walking_are_those_of_openstreetmap_files(save):
    edges = [
        *both(1, 2, osmid=1, access="private"),
        *both(2, 3, osmid=2, highway="steps"),
        *both(2, 4, osmid=3, highway="footway", bridge="yes"),
        *both(1, 4, osmid=4, highway="motorway", length=157.0),
        *both(3, 4, osmid=5, foot="no", length=157.0),
    ]
    network = read_graphml(save(edges))
    flags = dict(zip(network.edge_way.tolist(), [EdgeFlag(int(f)) for f in network.edge_flags], strict=True))
    assert sorted(flags) == [1, 2, 3]
    assert EdgeFlag.PRIVATE in flags[1]
    assert EdgeFlag.STEPS in flags[2]
    assert EdgeFlag.BRIDGE in flags[3]
    assert network.left_out.set_index("way_id")["reason"].to_dict() == {4: "closed", 5: "closed"}
    assert network.left_out.set_index("way_id").loc[4, "motor"]


def test_network_for_driving_is_warned_about_and_one_with_footways_not(save):
    places = {i: (10 + i / 1000, 0.0) for i in range(60)}
    street = [e for i in range(59) for e in both(i, i + 1, osmid=i)]
    assert [f.code for f in read_graphml(save(street, places=places)).faults] == ["W351"]
    assert read_graphml(save([*street, *both(0, 59, osmid=99, highway="footway", length=6567.85)], places=places)).faults == ()


def test_crossings_and_barriers_on_nodes_are_kept(save):
    node_tags = {2: {"highway": "crossing", "crossing": "traffic_signals"}, 3: {"barrier": "gate", "access": "private"}}
    network = read_graphml(save(both(1, 2) + both(2, 3, osmid=8), node_tags=node_tags))
    assert network.crossings[["osm_id", "kind"]].to_numpy().tolist() == [["n2", "signalled"]]
    assert network.barriers[["node_id", "access"]].to_numpy().tolist() == [[3, "private"]]


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("junction,x,y\n1,2,3\n", "XML"),
        ("<osm version='0.6'></osm>", ""),
        ('<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="directed"><node id="1"/></graph></graphml>', "no edges"),
        (
            '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="directed"><node id="a"/><node id="b"/><edge source="a" target="b"/></graph></graphml>',
            "",
        ),
        (
            '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="directed"><node id="1"/><node id="2"/><edge source="1" target="2"/></graph></graphml>',
            "crs",
        ),
    ],
    ids=["no XML", "other XML", "no edges", "ids are words", "no CRS"],
)
def test_file_that_is_no_osmnx_graph_is_named(tmp_path, text, detail):
    (tmp_path / "g.graphml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_graphml(tmp_path / "g.graphml")
    (record,) = caught.value.faults
    assert (record.code, record.file) == ("E350", "g.graphml")
    assert detail in record.why("en")


def test_graph_without_classes_of_streets_is_refused(save):
    path = save(both(1, 2))
    path.write_text(path.read_text(encoding="utf-8").replace("residential", ""), encoding="utf-8")
    with pytest.raises(InputError, match="highway"):
        read_graphml(path)


@pytest.mark.truth
def test_real_graph_of_osmnx_has_the_length_of_its_walkable_streets(outside_data, tmp_path):
    import osmium
    import osmnx as ox
    from pyproj import Geod

    from cfmap.network.clip import clip
    from cfmap.network.walkability import Access, way_rule

    pbf, xml = tmp_path / "c.osm.pbf", tmp_path / "c.osm"
    clip(outside_data("heidelberg/heidelberg.test.pbf"), shapely.box(8.69, 49.408, 8.70, 49.414), buffer_m=0, out=pbf)
    with osmium.SimpleWriter(str(xml)) as writer:
        for thing in osmium.FileProcessor(str(pbf)):
            writer.add(thing)
    graph = ox.graph_from_xml(xml, simplify=False, retain_all=True)
    ox.save_graphml(graph, tmp_path / "raw.graphml")
    ox.save_graphml(ox.simplify_graph(graph), tmp_path / "simple.graphml")
    geod, streets = Geod(ellps="WGS84"), {}
    for u, v, data in graph.edges(data=True):
        tags = {k: str(x) for k, x in data.items() if isinstance(x, str)}
        if way_rule(tags).access > Access.CLOSED:
            streets[data["osmid"], frozenset((u, v))] = geod.inv(*(graph.nodes[n][k] for n in (u, v) for k in "xy"))[2]
    raw, simple = Network.from_graphml(tmp_path / "raw.graphml"), Network.from_graphml(tmp_path / "simple.graphml")
    assert raw.n_edges == len(streets) > 500
    assert raw.edge_mm.sum() / 1000 == pytest.approx(sum(streets.values()), abs=0.0005 * len(streets))
    assert simple.edge_mm.sum() == pytest.approx(raw.edge_mm.sum(), rel=0.01), "merged edges have merged tags, so a few metres may differ"
    assert simple.n_edges < raw.n_edges / 2
