"""Centre-lines: joined at ends only, bridges by attribute, every doubtful place told with its coordinates."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Transformer

from cfmap.intake import datum
from cfmap.model import CfmapError, ConfigError, InputError
from cfmap.network import EdgeFlag, Network
from cfmap.network.lines import inspect_lines, read_lines

X, Y = 560_000.0, 3_075_000.0  # EPSG:4549 (CGCS2000, central meridian 120 E): about 120.6 E, 27.8 N


@pytest.fixture
def save(tmp_path):
    """Write lines given in metres from (X, Y), with their attributes, as a GeoPackage in EPSG:4549."""

    def write(*lines, file="roads.gpkg", crs=4549, **columns):
        shapes = [line if line is None or hasattr(line, "geom_type") else shapely.LineString(np.add(line, (X, Y))) for line in lines]
        path = tmp_path / file
        gpd.GeoDataFrame(columns, geometry=shapes, crs=crs).to_file(path)
        return path

    return write


def degrees(x, y):
    return Transformer.from_crs(4549, 4326, always_xy=True).transform(X + x, Y + y)


def codes(network):
    return sorted(f.code for f in network.faults if f.code not in {"I364", "W365"})


def of(report, code):
    return [f for f in report.network.faults if f.code == code]


#: name -> lines in metres
CROSS = ([(-100, 0), (100, 0)], [(0, -100), (0, 100)])


def test_lines_that_meet_at_their_ends_are_joined(save):
    network = read_lines(save([(0, 0), (100, 0)], [(100, 0), (100, 50)], [(200, 50), (100, 50)]))
    assert (network.n_nodes, network.n_edges, len(network.components)) == (4, 3, 1)
    assert codes(network) == []
    assert sorted(network.edge_way.tolist()) == [1, 2, 3], "way ids are rows of the file"
    assert network.edge_mm.sum() == pytest.approx(250_000, abs=50), "the zone's scale is within 0.2 mm a metre here"


def test_ends_within_half_a_metre_are_joined_and_counted(save):
    report = inspect_lines(save([(0, 0), (100, 0)], [(100.3, 0.3), (200, 0)]))
    assert len(report.network.components) == 1
    assert codes(report.network) == ["I369"]
    assert of(report, "I369")[0].facts["count"] == 1
    assert len(report.places) == 0


def test_ends_further_apart_stay_apart_and_the_gap_is_one_place(save):
    report = inspect_lines(save([(0, 0), (100, 0)], [(103, 0), (200, 0)]))
    assert len(report.network.components) == 2
    assert report.places["kind"].tolist() == ["gap"]
    assert report.places["gap_m"].iloc[0] == pytest.approx(3.0, abs=0.01)
    assert sorted(report.places.loc[0, ["first", "second"]]) == [1, 2]
    (record,) = of(report, "W356")
    assert record.facts["gap"] == pytest.approx(3.0, abs=0.01)
    assert (record.facts["lon"], record.facts["lat"]) == pytest.approx(degrees(100, 0), abs=1e-8)
    assert report.places.geometry.iloc[0].distance(shapely.Point(degrees(100, 0))) < 1e-8
    assert report.places.crs.to_epsg() == 4326


@pytest.mark.parametrize(("gap", "places"), [(4.9, 1), (5.2, 0)])
def test_dangling_end_near_the_middle_of_a_street_is_reported_within_five_metres(save, gap, places):
    report = inspect_lines(save([(-100, 0), (100, 0)], [(0, gap), (0, 100)]))
    assert len(of(report, "W356")) == len(report.places) == places
    assert len(report.network.components) == 2


def test_dead_end_beside_its_own_junction_is_no_gap(save):
    assert len(inspect_lines(save([(0, 0), (100, 0)], [(100, 0), (103, 1)], [(100, 0), (100, 80)])).places) == 0


def test_end_on_the_middle_of_another_line_makes_a_junction_there(save):
    report = inspect_lines(save([(-100, 0), (100, 0)], [(0, 0.2), (0, 100)]))
    assert (report.network.n_nodes, report.network.n_edges, len(report.network.components)) == (4, 3, 1)
    assert codes(report.network) == ["I370"]
    assert len(report.places) == 0
    assert sorted(report.network.edge_way.tolist()) == [1, 1, 2]


def test_street_that_ends_under_a_bridge_does_not_join_it(save):
    report = inspect_lines(save([(-100, 0), (100, 0)], [(0, 0), (0, 100)], 桥梁=["是", "否"]))
    assert len(report.network.components) == 2
    assert [f.code for f in report.network.faults if f.code == "W356"] == ["W356"], "a dangling end that touches is still told"


def test_lines_that_cross_without_a_junction_stay_apart_and_are_reported(save):
    report = inspect_lines(save(*CROSS, 名称=["东西路", None]))
    assert len(report.network.components) == 2
    (record,) = of(report, "W357")
    assert (record.facts["lon"], record.facts["lat"]) == pytest.approx(degrees(0, 0), abs=1e-8)
    assert "“东西路”和“#2”" in record.why("zh")
    assert report.places[["kind", "first", "second", "first_name"]].to_numpy().tolist() == [["crossing", 1, 2, "东西路"]]


def test_shared_vertex_in_the_middle_is_no_junction(save):
    report = inspect_lines(save([(-100, 0), (0, 0), (100, 0)], [(0, -100), (0, 0), (0, 100)]))
    assert len(report.network.components) == 2
    assert len(of(report, "W357")) == 1


@pytest.mark.parametrize(
    "columns",
    [{"bridge": ["yes", "no"]}, {"桥梁": ["1", "0"]}, {"BRIDGE": [1, 0]}, {"隧道": ["", "是"]}, {"tunnel": ["F", "T"]}, {"layer": [1, 0]}, {"LAYER": ["0", "-1"]},
     {"道路等级": ["主干路", "地下通道"]}, {"道路等级": ["人行天桥", "主干路"]}],
    ids=str,
)  # fmt: skip
def test_bridge_tunnel_or_layer_explains_a_crossing(save, columns):
    report = inspect_lines(save(*CROSS, **columns))
    assert len(report.network.components) == 2
    assert of(report, "W357") == []
    assert of(report, "I358")[0].facts["count"] == 1
    assert len(report.places) == 0


def test_two_bridges_on_one_level_that_cross_are_reported(save):
    assert len(of(inspect_lines(save(*CROSS, bridge=["yes", "yes"])), "W357")) == 1


def test_bridge_joins_the_streets_at_its_ends(save):
    network = read_lines(save([(-100, 0), (0, 0)], [(0, 0), (50, 0)], [(50, 0), (100, 0)], 桥梁=["否", "是", "否"]))
    assert len(network.components) == 1
    assert network.edge_way[network.has(EdgeFlag.BRIDGE)].tolist() == [2]


def test_street_drawn_twice_is_reported_as_an_overlap(save):
    report = inspect_lines(save([(0, 0), (100, 0)], [(20, 0), (60, 0.0)]))
    assert "W359" in codes(report.network)
    assert "overlap" in report.places["kind"].tolist()


def test_streets_that_only_share_a_junction_are_not_suspicious(save):
    star = [[(0, 0), (100 * np.cos(a), 100 * np.sin(a))] for a in np.linspace(0, 2 * np.pi, 7)[:-1]]
    report = inspect_lines(save(*star))
    assert len(report.places) == 0
    assert (report.network.n_nodes, report.network.n_edges) == (7, 6)


def test_lines_of_no_length_and_rows_without_a_line_are_left_out_with_their_rows(save):
    report = inspect_lines(save([(0, 0), (100, 0)], None, [(100, 0), (100.2, 0)], [(5, 5), (5, 5)]))
    assert report.network.n_edges == 1
    assert [f.facts["rows"] for f in of(report, "W368")] == ["2、4", "3"]


def test_parts_are_taken_apart_and_heights_dropped(save):
    two = shapely.MultiLineString([[(X, Y, 5), (X + 50, Y, 5)], [(X + 50, Y, 5), (X + 50, Y + 50, 6)]])
    network = read_lines(save(two))
    assert (network.n_edges, len(network.components)) == (2, 1)
    assert network.edge_way.tolist() == [1, 1]
    assert "I210" in [f.code for f in network.faults]


# -- attributes -------------------------------------------------------------------------------------------------------


def test_columns_are_recognised_by_their_usual_names(save):
    report = inspect_lines(save(*CROSS, 道路名称=["甲路", "乙路"], 道路等级=["主干路", "支路"], 桥梁=["是", ""], 隧道=["", ""], 备注=["", ""]))
    assert report.columns == {"name": "道路名称", "highway": "道路等级", "bridge": "桥梁", "tunnel": "隧道"}
    (record,) = of(report, "I364")
    assert "highway = 道路等级" in record.why("zh")
    assert report.network.way_tags.loc[1, ["name", "highway"]].tolist() == ["甲路", "primary"]


def test_named_columns_win_over_recognised_ones(save):
    report = inspect_lines(save(*CROSS, name=["a", "b"], MC2=["甲", "乙"], type=["x", "y"], cls=["primary", "steps"]), name_field="MC2", level_field="cls")
    assert report.columns["name"] == "MC2"
    assert report.network.edges_gdf().sort_values("way_id")["highway"].tolist() == ["primary", "steps"]


def test_column_that_does_not_exist_is_a_config_error_that_lists_the_columns(save):
    with pytest.raises(ConfigError) as caught:
        read_lines(save(*CROSS, 道路等级=["主干路", "支路"], 名称=["甲", "乙"]), level_field="道路等极", name_field="路名儿")
    assert [(f.code, f.column) for f in caught.value.faults] == [("E362", "路名儿"), ("E362", "道路等极")]
    assert "道路等级、名称" in caught.value.faults[1].why("zh")
    assert "道路等级" in caught.value.faults[1].how("zh")


@pytest.mark.parametrize(
    ("word", "highway"),
    [("主干路", "primary"), ("城市次干路", "secondary"), ("支路", "tertiary"), ("快速路", "trunk"), ("人行道", "footway"), ("非机动车道", "cycleway"), ("步行街", "pedestrian"),
     ("县道", "secondary"), ("街巷", "residential"), ("living_street", "living_street"), ("Steps", "steps"), ("过街天桥", "footway")],
)  # fmt: skip
def test_classes_of_streets_are_understood(save, word, highway):
    network = read_lines(save([(0, 0), (100, 0)], 道路等级=[word]))
    assert network.edges_gdf()["highway"].tolist() == [highway]
    assert codes(network) == []


def test_motorway_is_not_walked_but_kept_beside(save):
    network = read_lines(save(*CROSS, 道路等级=["高速公路", "支路"], 桥梁=["是", "否"]))
    assert network.edge_way.tolist() == [2]
    assert network.left_out["way_id"].tolist() == [1]


def test_unknown_class_is_told_once_with_its_count_and_taken_as_ordinary(save):
    report = inspect_lines(save([(0, 0), (9, 0)], [(9, 0), (20, 0)], [(20, 0), (30, 0)], 道路等级=["41000", "41000", None]))
    assert [(f.value, f.facts["count"]) for f in of(report, "W366")] == [("41000", 2)]
    assert set(report.network.edges_gdf()["highway"]) == {"unclassified"}


def test_missing_class_column_is_warned_about(save):
    (record,) = of(inspect_lines(save(*CROSS, 备注=["", ""])), "W365")
    assert "备注" in record.why("zh")


# -- coordinates and files --------------------------------------------------------------------------------------------


def geojson(tmp_path, course, name="roads.geojson"):
    path = tmp_path / name
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "甲路"}, "geometry": '
        + shapely.to_geojson(shapely.LineString(course))
        + "}]}",
        encoding="utf-8",
    )
    return path


def test_coordinates_in_degrees_keep_their_digits(tmp_path):
    course = [(120.1234567, 27.7654321), (120.1244567, 27.7654321), (120.1254569, 27.7655)]
    network = read_lines(geojson(tmp_path, course))
    assert sorted(zip(network.vertex_lon.tolist(), network.vertex_lat.tolist(), strict=True)) == sorted(course)


@pytest.mark.parametrize("name", ["gcj02", "bd09"])
def test_shifted_datums_are_shifted_back(tmp_path, name):
    course = [(120.64, 27.78), (120.65, 27.78)]
    shifted = np.column_stack(datum.convert(*np.array(course).T, source="wgs84", target=name))
    network = read_lines(geojson(tmp_path, shifted), datum=name)
    assert np.abs(np.column_stack((network.vertex_lon, network.vertex_lat)) - course).max() < 1e-8


def test_shapefile_in_a_national_grid_is_read(save):
    network = read_lines(save([(0, 0), (100, 0)], file="roads.shp", NAME=["甲路"], CLASS=["支路"]))
    assert sorted(zip(network.vertex_lon, network.vertex_lat, strict=True)) == [pytest.approx(degrees(x, 0), abs=1e-9) for x in (0, 100)]
    assert network.way_tags["name"].tolist() == ["甲路"]


def test_metres_without_a_crs_are_refused_and_with_a_declared_one_read(save, tmp_path):
    path = save([(0, 0), (100, 0)], file="roads.shp", NAME=["a"])
    path.with_suffix(".prj").unlink()
    with pytest.raises(InputError, match="E361"):
        read_lines(path)
    assert read_lines(path, datum="EPSG:4549").vertex_lon.min() == pytest.approx(degrees(0, 0)[0], abs=1e-9)


def test_points_instead_of_lines_are_named(save):
    with pytest.raises(InputError) as caught:
        read_lines(save(shapely.Point(X, Y)))
    assert caught.value.faults[0].code == "E360"
    assert "Point" in caught.value.faults[0].why("zh")


@pytest.mark.parametrize("content", [b"", b"<html>404</html>", b"{}", b"SQLite format 3\0broken"], ids=["empty", "web page", "no features", "damaged"])
@pytest.mark.parametrize("name", ["roads.gpkg", "roads.geojson"])
def test_file_that_cannot_be_read_is_named(tmp_path, content, name):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CfmapError) as caught:
        read_lines(tmp_path / name)
    assert caught.value.faults[0].file == name


def test_network_opens_a_line_file_by_its_own(save):
    path = save([(0, 0), (100, 0)])
    assert Network.from_file(path).n_edges == Network.from_lines(path).n_edges == 1


# -- the same place from two sources ----------------------------------------------------------------------------------


@pytest.mark.truth
def test_lines_and_openstreetmap_file_of_one_place_agree_to_the_millimetre(outside_data):
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    lines = inspect_lines(outside_data("ruian-osm-micro/ruian_core_streets.geojson"))
    osm = Network.from_osm(outside_data("ruian-osm-micro/ruian_core_streets.osm"))
    assert lines.network.edge_mm.sum() == osm.edge_mm.sum()
    assert (lines.network.n_nodes, lines.network.n_edges) == (osm.n_nodes, osm.n_edges) == (101, 138)

    def distances(network):
        order = np.lexsort((network.node_lat, network.node_lon))
        rank = np.empty(len(order), dtype=int)
        rank[order] = np.arange(len(order))
        u, v = rank[network.edge_u], rank[network.edge_v]
        shortest: dict[tuple[int, int], int] = {}
        for a, b, mm in zip(np.minimum(u, v).tolist(), np.maximum(u, v).tolist(), network.edge_mm.tolist(), strict=True):
            shortest[a, b] = min(mm, shortest.get((a, b), mm))
        ends = np.array(list(shortest))
        return order, dijkstra(coo_array((list(shortest.values()), ends.T), shape=(len(order), len(order))).tocsr(), directed=False)

    (a, from_lines), (b, from_osm) = distances(lines.network), distances(osm)
    assert np.allclose(lines.network.node_lon[a], osm.node_lon[b], atol=1e-9)
    assert np.array_equal(from_lines, from_osm), "every junction to every other"
