"""Clips: complete ways and areas, honest about what the extract lacks, whole or not there."""

from __future__ import annotations

import osmium
import pytest
import shapely

from cfmap.model import EnvironmentFault, InputError
from cfmap.network.clip import buffered, clip, header_timestamp
from tests.unit.network.osm_files import read_ids, write_osm

#   The city is the square 10.0-10.1 E, 0-0.1 N (11 km a side).
#
#   way 1 lies inside; way 2 leaves it towards the east; way 3 lies 0.9 km, way 4 1.3 km east of it; way 5 far away.
#   The lake (relation 7) has one shore inside (way 8) and one far away (way 9). The route (relation 6) uses ways 1 and 5.
CITY = shapely.box(10.0, 0.0, 10.1, 0.1)
DEG_KM = 1 / 111.32
NODES = {
    1: (10.02, 0.02),
    2: (10.04, 0.02, {"highway": "crossing"}),
    3: (10.2, 0.02),
    4: (10.1 + 0.9 * DEG_KM, 0.05),
    5: (10.3, 0.05),
    6: (10.1 + 1.3 * DEG_KM, 0.06),
    7: (10.3, 0.06),
    8: (11.0, 0.5),
    9: (11.1, 0.5),
    10: (10.09, 0.09),
    11: (10.095, 0.095),
    12: (10.5, 0.09),
    20: (10.05, 0.05, {"amenity": "school"}),
    21: (10.5, 0.05, {"amenity": "school"}),
    22: (10.06, 0.05),
    30: (10.0, 0.0),
    31: (10.1, 0.0),
    32: (10.1, 0.1),
    33: (10.0, 0.1),
}
WAYS = {
    1: ([1, 2], {"highway": "residential"}),
    2: ([2, 3], {"highway": "primary"}),
    3: ([4, 5], {"highway": "service"}),
    4: ([6, 7], {"highway": "service"}),
    5: ([8, 9], {"highway": "residential"}),
    8: ([10, 11], {}),
    9: ([11, 12, 10], {}),
}
RELATIONS = {
    6: ([("w", 1, ""), ("w", 5, "")], {"type": "route", "route": "bus"}),
    7: ([("w", 8, "outer"), ("w", 9, "outer")], {"type": "multipolygon", "natural": "water"}),
}


@pytest.fixture
def region(tmp_path):
    return write_osm(tmp_path / "region.osm.pbf", NODES, WAYS, RELATIONS, timestamp="2024-12-31T00:00:00Z")


@pytest.fixture
def out(tmp_path):
    return tmp_path / "data" / "network.osm.pbf"


def test_ways_and_areas_stay_complete_and_the_rest_is_left_out(region, out):
    report = clip(region, CITY, buffer_m=1000, out=out)
    ids, tags, nodes = read_ids(out)
    assert ids["w"] == [1, 2, 3, 8, 9], "way 4 lies beyond the buffer, way 9 belongs to the lake"
    assert nodes[2] == [2, 3]
    assert ids["n"] == [1, 2, 3, 4, 5, 10, 11, 12, 20], "all nodes of kept ways, and tagged nodes inside"
    assert ids["r"] == [6, 7], "the route is kept, its far way 5 is not"
    assert tags["n", 2] == {"highway": "crossing"}
    assert tags["r", 7] == {"type": "multipolygon", "natural": "water"}
    assert (report.nodes, report.ways, report.relations) == (9, 5, 2)


@pytest.mark.parametrize(("buffer_m", "ways"), [(0, [1, 2, 8, 9]), (850, [1, 2, 8, 9]), (950, [1, 2, 3, 8, 9]), (1400, [1, 2, 3, 4, 8, 9])])
def test_buffer_is_measured_in_metres(region, out, buffer_m, ways):
    clip(region, CITY, buffer_m=buffer_m, out=out)
    assert read_ids(out)[0]["w"] == ways


@pytest.mark.parametrize("latitude", [0.0, 30.0, 60.0])
def test_buffer_is_a_kilometre_wide_everywhere(latitude):
    from pyproj import Geod

    grown = buffered(shapely.box(120.0, latitude, 120.1, latitude + 0.05), 1000)
    west = shapely.intersection(grown.boundary, shapely.LineString([(119.0, latitude + 0.02), (120.0, latitude + 0.02)])).x
    assert Geod(ellps="WGS84").inv(west, latitude + 0.02, 120.0, latitude + 0.02)[2] == pytest.approx(1000, rel=0.002)


def test_outline_in_another_crs_is_understood(region, out):
    import geopandas as gpd

    outline = gpd.GeoDataFrame(geometry=[CITY], crs=4326).to_crs(3857)
    assert clip(region, outline, buffer_m=0, out=out).ways == 4


def test_date_of_the_data_stays_in_the_header(region, out):
    report = clip(region, CITY, buffer_m=0, out=out)
    assert report.timestamp == header_timestamp(out) == "2024-12-31T00:00:00Z"


def test_without_a_date_in_the_header_the_newest_object_tells_it(tmp_path, out):
    region = write_osm(tmp_path / "r.osm.pbf", NODES, WAYS, edited="2023-05-06T07:08:09Z")
    assert clip(region, CITY, buffer_m=0, out=out).timestamp == "2023-05-06T07:08:09Z"


def test_unknown_date_stays_unknown(tmp_path, out):
    region = write_osm(tmp_path / "r.osm.pbf", NODES, WAYS)
    assert clip(region, CITY, buffer_m=0, out=out).timestamp is None


def test_whole_city_in_the_extract_gives_share_one(region, out):
    report = clip(region, CITY, buffer_m=0, out=out)
    assert report.share_covered == pytest.approx(1.0)
    assert report.faults == ()
    assert report.facts()["share_covered"] == 1.0


def cut_east_of(lon):
    """The region without what lies east of a meridian inside the city, whatever its header says."""
    nodes = {i: n for i, n in NODES.items() if n[0] <= lon} | {100: (lon, 0.0), 101: (lon, 0.1)}
    ways = {i: w for i, w in WAYS.items() if set(w[0]) <= set(nodes)}
    return nodes, ways


def test_extract_that_lacks_a_strip_of_the_city_is_warned_about(tmp_path, out):
    nodes, ways = cut_east_of(10.08)
    report = clip(write_osm(tmp_path / "r.osm.pbf", nodes, ways, box=(0, 0, 90, 90)), CITY, buffer_m=0, out=out)
    assert report.share_covered == pytest.approx(0.8, abs=0.001)
    (record,) = report.faults
    assert record.code == "W341"
    assert "80%" in record.why("zh")


def test_extract_that_lacks_most_of_the_city_is_refused(tmp_path, out):
    nodes, ways = cut_east_of(10.045)
    with pytest.raises(InputError) as caught:
        clip(write_osm(tmp_path / "r.osm.pbf", nodes, ways), CITY, buffer_m=0, out=out)
    assert caught.value.faults[0].code == "E341"
    assert "45%" in caught.value.faults[0].why("zh")
    assert not out.exists()


def test_extract_of_another_place_is_refused(region, out):
    with pytest.raises(InputError, match="E341"):
        clip(region, shapely.box(50, 50, 50.1, 50.1), buffer_m=0, out=out)


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "E301"), (b"", "E302"), (b"<!DOCTYPE html><html>404</html>", "E303"), (b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18\x7cjunk", "E304")],
    ids=["missing", "empty", "web page", "damaged"],
)
def test_file_that_is_no_extract_is_named(tmp_path, out, content, code):
    path = tmp_path / "region.osm.pbf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        clip(path, CITY, buffer_m=0, out=out)
    assert caught.value.faults[0].code == code
    assert caught.value.faults[0].file == "region.osm.pbf"


def big_region(path):
    nodes = {i: (10.0 + (i % 200) / 2000, i / 200 / 2000) for i in range(1, 40_001)}
    return write_osm(path, nodes, {i: ([i, i + 1], {"highway": "path"}) for i in range(1, 5000)})


def test_truncated_extract_is_named_and_the_old_file_stays(tmp_path, out):
    path = big_region(tmp_path / "region.osm.pbf")
    path.write_bytes(path.read_bytes()[:-200])
    out.parent.mkdir()
    out.write_bytes(b"old")
    with pytest.raises(InputError, match="E304"):
        clip(path, CITY, buffer_m=0, out=out)
    assert out.read_bytes() == b"old"
    assert [p.name for p in out.parent.iterdir()] == ["network.osm.pbf"]


def test_city_without_a_street_in_the_extract_is_refused(tmp_path, out):
    with pytest.raises(InputError, match="E348"):
        clip(write_osm(tmp_path / "r.osm.pbf", NODES, {5: WAYS[5]}), CITY, buffer_m=0, out=out)
    assert not out.exists()


def test_extract_that_lacks_vertices_of_its_ways_is_warned_about(tmp_path, out):
    nodes = {i: n for i, n in NODES.items() if i != 3}
    report = clip(write_osm(tmp_path / "r.osm.pbf", nodes, WAYS), CITY, buffer_m=0, out=out)
    assert [f.code for f in report.faults] == ["W349"]


def test_folder_that_cannot_be_made_is_an_environment_fault(region, tmp_path):
    (tmp_path / "data").write_bytes(b"a file where the folder should be")
    with pytest.raises(EnvironmentFault, match="E346"):
        clip(region, CITY, buffer_m=0, out=tmp_path / "data" / "network.osm.pbf")


@pytest.mark.truth
@pytest.mark.parametrize(
    ("name", "box"), [("heidelberg/heidelberg.test.pbf", (8.66, 49.40, 8.70, 49.42)), ("porto/porto_portugal.osm.pbf", (-8.64, 41.14, -8.60, 41.17))]
)
def test_clip_of_a_real_extract_keeps_exactly_the_ways_with_a_node_inside(outside_data, out, name, box):
    path = outside_data(name)
    report = clip(path, shapely.box(*box), buffer_m=0, out=out)
    west, south, east, north = box
    inside, ways, multipolygon_ways = set(), {}, {}
    for thing in osmium.FileProcessor(str(path)):
        kind = thing.type_str()
        if kind == "n" and west < thing.location.lon < east and south < thing.location.lat < north:
            inside.add(thing.id)
        elif kind == "w":
            ways[thing.id] = [n.ref for n in thing.nodes]
        elif kind == "r" and thing.tags.get("type") == "multipolygon":
            multipolygon_ways[thing.id] = {m.ref for m in thing.members if m.type == "w"}
    wanted = {i for i, refs in ways.items() if inside & set(refs)}
    wanted |= {w for members in multipolygon_ways.values() if members & wanted for w in members if w in ways}
    ids, _, nodes = read_ids(out)
    assert set(ids["w"]) == wanted
    assert {r for refs in nodes.values() for r in refs} <= set(ids["n"])
    assert all(nodes[i] == ways[i] for i in wanted)
    assert report.timestamp == header_timestamp(path) == header_timestamp(out)
