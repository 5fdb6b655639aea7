"""What OpenStreetMap says arrives whole, once, and without anything added."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import osmium
import pytest
import shapely

from cfmap.intake.osm import OsmExtract
from cfmap.model import SITE_COLUMNS, City, InputError, Layer, OsmTags, find_layers

NOWHERE = City.model_validate({"root": "/nowhere", "city": {"name": "甲市"}, "edition": {"year": 2024}, "network": {"source": "x"}})
LAYERS = find_layers(NOWHERE, packs=False)

#   y (0.001 degree)
#   10 +-----------------+      school 1 "甲小学": square 0..10, gate at (5,0) on its outline,
#      | node 甲小学(2,2) |      gate at (5,12) belongs to nothing, private gate at (0,5)
#      |                 |      park relation: square 20..30 with a pond 23..27 cut out
#    0 +-------gate------+      playground 40..42, nameless; library node; old library closed
SMALL = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="hand">
  <node id="1" lon="123.000" lat="28.000" version="1" timestamp="2020-01-01T00:00:00Z"/>
  <node id="2" lon="123.010" lat="28.000" version="1" timestamp="2020-01-01T00:00:00Z"/>
  <node id="3" lon="123.010" lat="28.010" version="1" timestamp="2020-01-01T00:00:00Z"/>
  <node id="4" lon="123.000" lat="28.010" version="1" timestamp="2020-01-01T00:00:00Z"/>
  <node id="5" lon="123.005" lat="28.000" version="1" timestamp="2021-05-05T00:00:00Z"><tag k="barrier" v="gate"/></node>
  <node id="6" lon="123.005" lat="28.012" version="1" timestamp="2021-05-05T00:00:00Z"><tag k="barrier" v="gate"/></node>
  <node id="7" lon="123.000" lat="28.005" version="1" timestamp="2021-05-05T00:00:00Z"><tag k="barrier" v="gate"/><tag k="access" v="private"/></node>
  <node id="8" lon="123.002" lat="28.002" version="1" timestamp="2022-02-02T00:00:00Z">
    <tag k="amenity" v="school"/><tag k="name" v="甲小学"/><tag k="phone" v="0000-1"/><tag k="min_age" v="6"/>
  </node>
  <node id="20" lon="123.020" lat="28.000" version="1"/><node id="21" lon="123.030" lat="28.000" version="1"/>
  <node id="22" lon="123.030" lat="28.010" version="1"/><node id="23" lon="123.020" lat="28.010" version="1"/>
  <node id="24" lon="123.023" lat="28.003" version="1"/><node id="25" lon="123.027" lat="28.003" version="1"/>
  <node id="26" lon="123.027" lat="28.007" version="1"/><node id="27" lon="123.023" lat="28.007" version="1"/>
  <node id="40" lon="123.040" lat="28.000" version="1"/><node id="41" lon="123.042" lat="28.000" version="1"/>
  <node id="42" lon="123.042" lat="28.002" version="1"/><node id="43" lon="123.040" lat="28.002" version="1"/>
  <node id="50" lon="123.050" lat="28.000" version="3" timestamp="2023-03-03T12:00:00Z">
    <tag k="amenity" v="library"/><tag k="name" v="Town Library"/><tag k="name:zh" v="镇图书馆"/><tag k="opening_hours" v="Tu-Su 09:00-17:00"/>
    <tag k="wheelchair" v="yes"/><tag k="changing_table" v="yes"/><tag k="fee" v="no"/><tag k="website" v="https://example.org/"/>
    <tag k="addr:street" v="中山路"/><tag k="addr:housenumber" v="3号"/><tag k="max_age" v="99"/>
  </node>
  <node id="51" lon="123.051" lat="28.000" version="1"><tag k="amenity" v="library"/><tag k="disused" v="yes"/><tag k="phone" v="0000-2"/>
    <tag k="website" v="javascript:alert(1)"/></node>
  <node id="60" lon="123.060" lat="28.000" version="1"><tag k="place" v="village"/><tag k="name" v="乙村"/></node>
  <node id="61" lon="123.061" lat="28.000" version="1"><tag k="place" v="locality"/><tag k="name" v="田头"/></node>
  <node id="62" lon="123.062" lat="28.000" version="1"><tag k="place" v="town"/></node>
  <way id="10" version="1" timestamp="2020-06-01T00:00:00Z">
    <nd ref="1"/><nd ref="5"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="7"/><nd ref="1"/>
    <tag k="amenity" v="school"/><tag k="name" v="甲小学"/>
  </way>
  <way id="11" version="1"><nd ref="20"/><nd ref="21"/><nd ref="22"/><nd ref="23"/><nd ref="20"/></way>
  <way id="12" version="1"><nd ref="24"/><nd ref="25"/><nd ref="26"/><nd ref="27"/><nd ref="24"/><tag k="natural" v="water"/></way>
  <way id="13" version="1"><nd ref="40"/><nd ref="41"/><nd ref="42"/><nd ref="43"/><nd ref="40"/><tag k="leisure" v="playground"/></way>
  <way id="14" version="1"><nd ref="40"/><nd ref="41"/><tag k="amenity" v="school"/><tag k="bus_line" v="学1路"/></way>
  <way id="15" version="1"><nd ref="43"/><nd ref="42"/><nd ref="41"/><nd ref="43"/><tag k="leisure" v="playground"/><tag k="access" v="private"/></way>
  <relation id="30" version="1">
    <member type="way" ref="11" role="outer"/><member type="way" ref="12" role="inner"/>
    <tag k="type" v="multipolygon"/><tag k="leisure" v="park"/><tag k="name" v="湖公园"/>
  </relation>
</osm>
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    path = tmp_path_factory.mktemp("osm") / "small.osm"
    path.write_text(SMALL, encoding="utf-8")
    return OsmExtract.read(path, LAYERS.values())


def test_features_have_the_common_columns_and_nothing_else(small):
    for layer in LAYERS.values():
        sites = small.features(layer)
        assert list(sites.columns) == [*SITE_COLUMNS, "geometry"]
        assert sites.crs == "EPSG:4326"
        assert (sites["layer"] == layer.key).all()
        assert list(sites["id"]) == sorted(sites["id"])


def test_node_inside_the_outline_of_the_same_school_is_the_same_school(small):
    schools = small.features(LAYERS["schools"])
    assert list(schools["id"]) == ["osm-w10"]
    assert schools.loc[0, "phone"] == "0000-1"  # what only the node knew is kept
    assert schools.loc[0, "age_min"] == 6


def test_open_way_is_no_place(small):
    assert 14 not in {thing.number for thing in small.objects["schools"]}


def test_area_becomes_a_point_inside_and_keeps_its_outline(small):
    parks = small.features(LAYERS["parks"])
    outline = small.footprints(LAYERS["parks"])
    assert list(outline.index) == list(parks["id"]) == ["osm-r30"]
    assert outline["osm-r30"].area == pytest.approx(0.01**2 - 0.004**2)  # the pond is no park
    assert outline["osm-r30"].contains(parks.geometry[0])


def test_only_open_gates_on_a_school_outline_are_school_gates(small):
    gates = small.features(LAYERS["school_gates"])
    assert list(gates["id"]) == ["osm-n5"]
    assert gates.loc[0, "name"] == "甲小学（出入口）"


def test_nameless_place_gets_a_neutral_title_and_private_ones_stay_out(small):
    playgrounds = small.features(LAYERS["playgrounds"])
    assert list(playgrounds["id"]) == ["osm-w13"]
    assert playgrounds.loc[0, "name"] == "儿童游乐场（未命名）"


def test_tags_become_columns(small):
    library = small.features(LAYERS["libraries"]).set_index("id").loc["osm-n50"]
    assert library["name"] == "镇图书馆"
    assert library["opening"] == "Tu-Su 09:00-17:00"
    assert library["facilities"] == "护理台；无障碍"
    assert library["fee"] == "免费"
    assert library["address"] == "中山路3号"
    assert library["website"] == "https://example.org/"
    assert library["source"] == "OpenStreetMap"
    assert library["source_date"] == "2023-03-03"
    assert library["status"] == "在用"
    assert library[["age_min", "age_max", "year", "phone", "town"]].isna().all()  # 99 is no limit for a child; the rest was not said


def test_closed_place_is_closed_and_its_unsafe_or_private_tags_are_dropped(small):
    old = small.features(LAYERS["libraries"]).set_index("id").loc["osm-n51"]
    assert old["status"] == "关闭"
    assert old["website"] is None
    assert old["phone"] is None  # without a name it may be somebody's own number
    assert old["source_date"] is None


def test_background_has_water_green_and_ranked_names(small):
    assert sorted(small.areas["kind"]) == ["green", "water"]
    assert list(small.labels["name"]) == ["乙村"]
    assert list(small.labels["rank"]) == [2]


def test_time_of_the_data_is_the_latest_edit_when_the_header_has_none(small):
    assert small.timestamp == datetime(2023, 3, 3, 12, tzinfo=UTC)


def test_layer_without_tags_is_empty_but_complete(small):
    sites = small.features(LAYERS["safe_routes"])
    assert len(sites) == 0
    assert len(small.footprints(LAYERS["safe_routes"])) == 0


def test_whole_file_has_nothing_cut_off(small):
    assert small.faults == ()


def test_line_layer_takes_ways(tmp_path):
    lines = Layer("lines", "线", "lines", "bus", "#000000", geometry="LineString", osm=(OsmTags((("bus_line", ()),)),))
    path = tmp_path / "small.osm"
    path.write_text(SMALL, encoding="utf-8")
    sites = OsmExtract.read(path, [lines]).features(lines)
    assert list(sites["id"]) == ["osm-w14"]
    assert sites.geometry[0].equals(shapely.LineString([(123.040, 28.0), (123.042, 28.0)]))


def test_two_clinics_in_one_nameless_building_stay_two(tmp_path):
    square = "".join(f'<node id="{i}" lon="{x}" lat="{y}" version="1"/>' for i, (x, y) in enumerate([(0, 0), (1, 0), (1, 1), (0, 1)], start=1))
    clinics = "".join(
        f'<node id="{i}" lon="0.{i}" lat="0.5" version="1"><tag k="amenity" v="clinic"/><tag k="name" v="{n}"/></node>' for i, n in ((5, "A"), (6, "B"))
    )
    ring = "".join(f'<nd ref="{i}"/>' for i in (1, 2, 3, 4, 1))
    path = tmp_path / "clinics.osm"
    path.write_text(f'<osm version="0.6">{square}{clinics}<way id="9" version="1">{ring}<tag k="amenity" v="clinic"/></way></osm>', encoding="utf-8")
    layer = LAYERS["primary_care"]
    assert list(OsmExtract.read(path, [layer]).features(layer)["id"]) == ["osm-n5", "osm-n6", "osm-w9"]


def test_an_outline_drawn_wrongly_costs_itself_alone(tmp_path):
    nodes = "".join(f'<node id="{i}" lon="{x}" lat="{y}" version="1"/>' for i, (x, y) in enumerate([(0, 0), (1, 0), (1, 1), (0, 1)], start=1))
    refs = "".join(f'<nd ref="{i}"/>' for i in (1, 2, 3, 4))
    tags = '<tag k="leisure" v="park"/><tag k="name" v="{}"/>'
    ways = f'<way id="8" version="1">{refs}</way><way id="9" version="1">{refs}<nd ref="1"/>{tags.format("whole")}</way>'
    relation = f'<relation id="7" version="1"><member type="way" ref="8" role="outer"/><tag k="type" v="multipolygon"/>{tags.format("open")}</relation>'
    path = tmp_path / "parks.osm"
    path.write_text(f'<osm version="0.6">{nodes}{ways}{relation}</osm>', encoding="utf-8")
    extract = OsmExtract.read(path, [LAYERS["parks"]])
    assert list(extract.features(LAYERS["parks"])["id"]) == ["osm-w9"]
    assert [(f.code, f.facts["ids"]) for f in extract.faults] == [("W345", "r7")]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "E302"), (b"not a map at all", "E304"), (SMALL.encode()[:900], "E304")],
    ids=["empty", "text", "truncated"],
)
def test_damaged_file_is_said_to_be_damaged(tmp_path, content, code):
    path = tmp_path / "damaged.osm"
    path.write_bytes(content)
    with pytest.raises(InputError) as raised:
        OsmExtract.read(path, LAYERS.values())
    assert [f.code for f in raised.value.faults] == [code]
    assert raised.value.faults[0].file == "damaged.osm"


def test_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(InputError) as raised:
        OsmExtract.read(tmp_path / "none.osm.pbf", LAYERS.values())
    assert raised.value.faults[0].code == "E301"


def test_truncated_pbf_is_said_to_be_damaged(tmp_path, repository):
    path = tmp_path / "half.osm.pbf"
    path.write_bytes((repository / "examples" / "monaco" / "data" / "network.osm.pbf").read_bytes()[:200_000])
    with pytest.raises(InputError) as raised:
        OsmExtract.read(path, LAYERS.values())
    assert raised.value.faults[0].code == "E304"


# -- against a count of the raw file that knows nothing of cfmap ----------------------------------------------------

#: Tags restated by hand: layer -> who belongs.
WANTED = {
    "schools": lambda t: t.get("amenity") == "school" and t.get("school") not in {"special_education_needs", "special_education"},
    "kindergartens": lambda t: t.get("amenity") == "kindergarten",
    "playgrounds": lambda t: t.get("leisure") in {"playground", "indoor_play"} and t.get("access") not in {"private", "no"},
    "libraries": lambda t: t.get("amenity") == "library",
    "parks": lambda t: (t.get("leisure") in {"park", "nature_reserve"} and t.get("access") not in {"private", "no"}) or t.get("boundary") == "national_park",
    "business_areas": lambda t: t.get("shop") == "mall",
}


class _Raw(osmium.SimpleHandler):
    """Every tagged node, closed way and multipolygon of a file."""

    def __init__(self):
        super().__init__()
        self.things = []
        self.ways = set()

    def node(self, n):
        if len(n.tags):
            self.things.append(("n", n.id, dict(n.tags), None))

    def way(self, w):
        if all(n.location.valid() for n in w.nodes):  # else the edge of the file cuts it
            self.ways.add(w.id)
        if w.id in self.ways and len(w.tags) and len(w.nodes) > 3 and w.nodes[0].ref == w.nodes[-1].ref and w.tags.get("area") != "no":
            self.things.append(("w", w.id, dict(w.tags), None))

    def relation(self, r):
        if r.tags.get("type") in {"multipolygon", "boundary"}:
            self.things.append(("r", r.id, dict(r.tags), {m.ref for m in r.members if m.type == "w"}))


@pytest.mark.truth
@pytest.mark.parametrize("name", ["heidelberg/heidelberg.test.pbf", "beijing-tsinghua/map.osm", "helsinki/Helsinki.osm.pbf"])
def test_objects_taken_are_those_in_the_raw_file(outside_data, name):
    path = outside_data(name)
    raw = _Raw()
    raw.apply_file(str(path), locations=True)
    extract = OsmExtract.read(path, LAYERS.values())
    total = 0
    for key, belongs in WANTED.items():
        expected = {(kind, number) for kind, number, tags, members in raw.things if belongs(tags) and (members is None or members <= raw.ways)}
        taken = {(thing.kind, thing.number) for thing in extract.objects[key]}
        assert taken == expected, key
        total += len(taken)
        merged = {(i[4], int(i[5:])) for i in extract.features(LAYERS[key])["id"]}
        assert merged <= taken
    assert total > 10


@pytest.mark.truth
def test_gates_in_helsinki_lie_on_school_outlines(outside_data):
    extract = OsmExtract.read(outside_data("helsinki/Helsinki.osm.pbf"), LAYERS.values())
    gates = extract.features(LAYERS["school_gates"])
    outlines = shapely.union_all([g.boundary for key in ("schools", "kindergartens") for g in extract.footprints(LAYERS[key])])
    assert len(gates) == 3
    assert max(outlines.distance(gate) for gate in gates.geometry) == 0


@pytest.mark.truth
def test_place_cut_by_the_edge_of_the_file_is_reported(outside_data):
    extract = OsmExtract.read(outside_data("helsinki/Helsinki.osm.pbf"), LAYERS.values())
    cut = {f.facts["layer"]: f for f in extract.faults}
    assert {f.code for f in cut.values()} == {"W345"}
    assert cut["儿童游乐场"].facts["ids"] == "w514428397"  # eight of its fourteen nodes are not in the file


@pytest.mark.truth
def test_xml_gives_the_names_that_stand_in_it(outside_data):
    path = outside_data("beijing-tsinghua/map.osm")
    tags = [{t.get("k"): t.get("v") for t in e.iter("tag")} for e in ET.parse(path).getroot() if e.tag in {"node", "way"}]
    named = {t.get("name:zh", t.get("name")) for t in tags if t.get("amenity") == "library" and "name" in t}
    assert set(OsmExtract.read(path, LAYERS.values()).features(LAYERS["libraries"])["name"]) == named


def test_a_line_cut_by_the_edge_of_the_file_keeps_its_part_inside(tmp_path):
    path = tmp_path / "cut.osm"
    nodes = "".join(f"<node id='{n}' lat='28.0' lon='{120 + n / 100}' version='1'/>" for n in (1, 2, 3, 5, 6))
    refs = "".join(f"<nd ref='{n}'/>" for n in (1, 2, 3, 4, 5, 6, 7))
    path.write_text(f"<osm version='0.6'>{nodes}<way id='1' version='1'>{refs}<tag k='route' v='school'/></way></osm>", encoding="utf-8")
    layer = Layer("lines", "线", "Lines", "route", "#0b57d0", geometry="LineString", osm=(OsmTags((("route", ("school",)),)),))
    (line,) = OsmExtract.read(path, [layer]).features(layer).geometry
    assert [round(x, 2) for x, _ in line.coords] == [120.01, 120.02, 120.03]


def test_the_coast_is_kept_in_its_own_direction(tmp_path):
    path = tmp_path / "coast.osm"
    nodes = "".join(f"<node id='{n}' lat='28.0' lon='{120 + n / 100}' version='1'/>" for n in (1, 2))
    path.write_text(
        f"<osm version='0.6'>{nodes}<way id='1' version='1'><nd ref='2'/><nd ref='1'/><tag k='natural' v='coastline'/></way></osm>", encoding="utf-8"
    )
    (coast,) = OsmExtract.read(path, []).coastline
    assert [round(x, 2) for x, _ in coast.coords] == [120.02, 120.01]
