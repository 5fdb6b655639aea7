"""Rules as layers name them: bands, words, who counts, and the whole answer for a layer."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point, Polygon, box

from cfmap.coverage import RULES
from cfmap.coverage.gates_told import gate_faults
from cfmap.coverage.perimeter import gate_key, lost_answers, school_doors
from cfmap.coverage.perimeter.subjects import Gates
from cfmap.model import AGE_BANDS, SITE_COLUMNS, ConfigError, Layer, LayerData, Population
from cfmap.model.city import WalkingSection
from cfmap.model.survey import Answer
from tests.factories import tiny_city
from tests.unit.coverage.drawn import ORIGIN, drawn, lonlat, street

# A street of 3,000 m. One nursery in use at 0 m, one of unknown status at 2,600 m, a closed one at 1,500 m, a planned one at 1,600 m.
#
#   A----c1------c2---+----c3-------------------------U
#   0    700    795  900  1100                      2600
NETWORK = drawn(street((0, 0), (900, 0), (3000, 0), sidewalk="both", maxspeed="30"), street((900, 0), (900, -500)), street((0, 900), (200, 900)))
LAYER = Layer(key="childcare", title="托育", title_en="Childcare", icon="cradle", colour="#b3261e", group="care", coverage="walk15")
TOWNS = gpd.GeoDataFrame({"name": ["西镇", "东镇"]}, geometry=[box(122.9, 27.9, 123.01, 28.1), box(123.01, 27.9, 123.1, 28.1)], crs=4326)


def layer_data(rows, *, layer=LAYER, footprints=None):
    """Sites of (id, status, place)."""
    table = pd.DataFrame([{"id": i, "name": f"{i}园", "status": s, "layer": layer.key} for i, s, _ in rows]).reindex(columns=list(SITE_COLUMNS))
    sites = gpd.GeoDataFrame(table, geometry=[Point(lonlat(*xy)) for *_, xy in rows], crs=4326)
    return LayerData(layer, sites, pd.DataFrame(sites.iloc[:0]), footprints if footprints is not None else gpd.GeoSeries([], crs=4326))


def people(**where):
    """Communities of 10 children each, `pop_0_2`."""
    points = gpd.GeoDataFrame(
        {"name": [f"{k}小区" for k in where], "town": None, "pop_0_2": [10.0] * len(where)},
        index=pd.Index(list(where), name="id"),
        geometry=[Point(lonlat(*xy)) for xy in where.values()],
        crs=4326,
    )
    return Population(points, "演示数据", None)


SITES = [("A", "在用", (0, 0)), ("B", "关闭", (1500, 0)), ("P", "规划", (1600, 0)), ("U", "未知", (2600, 0))]
HOMES = people(c1=(700, 0), c2=(795, 0), c3=(1100, 0), c4=(1500, 0), c5=(100, 900), c6=(1500, 600))


@pytest.fixture(scope="module")
def walk():
    return RULES["walk15"].compute(NETWORK, layer_data(SITES), HOMES, TOWNS, tiny_city())


def test_bands_are_the_circle_of_the_standard_and_the_childs_pace(walk):
    assert walk.bands == (300, 500, 790, 800, 1000)
    assert walk.headline == 1000
    assert walk.catchment["metres"].tolist() == list(walk.bands)
    assert walk.catchment["minutes"].tolist() == [5, 10, 15, 15, 15]


def test_bands_follow_the_settings():
    city = tiny_city(walking=WalkingSection(headline_m=1200, beside_m=900, child_pace="stroller"))
    assert list(RULES["walk15"].bands(city)) == [300, 500, 900, 1200]


def test_people_fall_into_the_bands(walk):
    city = walk.people.iloc[-1]
    # 700 m and 795 m are within reach of A; 1,100 m and 1,100 m (to U) beyond; one on an island, one off the network
    assert city["town"] == ""
    assert city["pop_0_2"] == 60
    assert city["pop_0_2_covered_500"] == 0
    assert city["pop_0_2_covered_790"] == 10
    assert city["pop_0_2_covered_800"] == 20
    assert city["pop_0_2_covered_1000"] == 20
    assert city["pop_0_2_not"] == 20
    assert city["pop_0_2_unreachable"] == 20


def test_points_tell_the_way_to_the_nearest_site(walk):
    assert list(walk.points) == ["network_m", "connector_m", "minutes", "site", "status"]
    assert walk.points["status"].to_dict() == {"c1": "reached", "c2": "reached", "c3": "beyond", "c4": "beyond", "c5": "unreachable", "c6": "off_network"}
    assert walk.points.loc["c4", "site"] == "U"
    assert walk.points.loc[["c5", "c6"], ["network_m", "minutes"]].isna().all(axis=None)


def test_closed_and_planned_sites_do_not_count_and_unknown_ones_do_with_a_warning(walk):
    assert walk.sites["id"].tolist() == ["A", "U"]
    assert set(walk.streets["site"]) == {"A", "U"}
    codes = {f.code: f for f in walk.faults}
    assert codes["W383"].facts["count"] == 1
    assert "W385" in codes


def test_the_definition_says_how_the_number_is_made(walk):
    for word in ("1000 米", "800 米", "790 米", "4.0 公里/小时", "GB 50180-2018", "直线", "封闭小区", "在用", "走不到"):
        assert word in walk.definition
    for word in ("1000 m", "800 m", "790 m", "4.0 km/h", "GB 50180-2018", "gated estates", "unreachable"):
        assert word in walk.definition_en


def test_a_project_without_population_has_catchments_and_no_people():
    coverage = RULES["walk15"].compute(NETWORK, layer_data(SITES), None, None, tiny_city())
    assert coverage.people.empty
    assert coverage.points.empty
    assert not coverage.catchment.geometry.is_empty.any()


def test_a_layer_without_an_open_site_covers_nobody_and_says_so():
    coverage = RULES["walk15"].compute(NETWORK, layer_data(SITES[1:3]), HOMES, TOWNS, tiny_city())
    assert coverage.catchment.geometry.is_empty.all()
    assert coverage.people.iloc[-1]["pop_0_2_covered_1000"] == 0
    assert "W384" in {f.code for f in coverage.faults}


def test_a_site_far_from_any_street_is_left_out_and_named():
    coverage = RULES["walk15"].compute(
        NETWORK, layer_data([("A", "在用", (0, 0)), ("F", "在用", (1000, 70)), ("O", "在用", (1500, 400))]), HOMES, TOWNS, tiny_city()
    )
    assert coverage.sites.set_index("id")["status"].to_dict() == {"A": "ok", "F": "far", "O": "off_network"}
    codes = {f.code: f for f in coverage.faults}
    assert "F园" in codes["W380"].what("zh")
    assert "O园" in codes["W381"].what("en")


def test_every_table_follows_the_contract(walk):
    assert list(walk.catchment) == ["site", "metres", "minutes", "geometry"]
    assert list(walk.streets) == ["edge_id", "way_id", "from_m", "to_m", "minutes", "site", "geometry"]
    assert list(walk.sites) == ["id", "name", "snap_m", "status", "geometry"]
    for table in (walk.catchment, walk.streets, walk.sites):
        assert table.crs.to_epsg() == 4326
        assert table.geometry.is_valid.all()
    assert walk.streets["minutes"].max() <= 15
    assert (walk.key, walk.layer, walk.rule) == ("childcare.walk15", "childcare", "walk15")
    assert set(AGE_BANDS) & set(walk.people) == {"pop_0_2"}


def test_nature_is_half_an_hour_on_foot_to_any_entrance():
    """The park lies north of the street's far end; it is entered where the street meets its outline, at 2,100 m."""
    park = Polygon([lonlat(*xy) for xy in ((2100, -50), (2900, -50), (2900, 50), (2100, 50))])
    layer = Layer(key="parks", title="公园", title_en="Parks", icon="tree", colour="#2e7d32", group="play", coverage="nature30")
    data = layer_data([("K", "在用", (2500, 0))], layer=layer, footprints=gpd.GeoSeries([park], index=["K"], crs=4326))
    coverage = RULES["nature30"].compute(NETWORK, data, people(near=(150, 0), far=(50, 0)), TOWNS, tiny_city())
    assert coverage.bands == (2000,)
    assert coverage.points["status"].to_dict() == {"near": "reached", "far": "beyond"}
    assert coverage.points.loc["near", "network_m"] == pytest.approx(1950, abs=0.1)
    assert coverage.catchment["minutes"].tolist() == [30]


@pytest.mark.parametrize("mode", ["cycle", "bus"])
def test_modes_without_a_network_are_refused_honestly(mode):
    city = tiny_city(walking=WalkingSection(nature_mode=mode))
    with pytest.raises(ConfigError) as caught:
        RULES["nature30"].compute(NETWORK, layer_data(SITES), HOMES, TOWNS, city)
    assert caught.value.faults[0].code == "E385"
    assert mode in caught.value.faults[0].what("zh")


def test_perimeter_rule_gives_the_stretches_round_schools():
    layer = Layer(key="schools", title="学校", title_en="Schools", icon="book", colour="#1a4d8f", coverage="perimeter150")
    coverage = RULES["perimeter150"].compute(NETWORK, layer_data([("A", "在用", (400, 0)), ("I", "在用", (100, 700))], layer=layer), HOMES, TOWNS, tiny_city())
    assert coverage.key == "schools.perimeter150"
    assert set(coverage.streets["site"]) == {"A"}
    assert (coverage.streets["to_m"] - coverage.streets["from_m"]).sum() == pytest.approx(300, abs=0.01)
    assert coverage.people.empty
    codes = {f.code for f in coverage.faults}
    assert "W381" in codes
    assert "W389" not in codes  # no street near it is known: that is not a street without cars
    assert coverage.catchment["metres"].tolist() == [150]
    assert "GA/T 1215-2014" in coverage.definition


def test_every_rule_has_words_in_both_languages_and_a_source():
    city = tiny_city()
    for key, rule in RULES.items():
        assert rule.key == key
        assert rule.title
        assert rule.title_en
        assert rule.source
        zh, en = rule.define(city)
        assert len(zh) > 60
        assert len(en) > 100
        assert "{" not in zh + en
        assert rule.headline(city) in rule.bands(city)


def test_gates_move_the_place_from_which_people_walk():
    gates = gpd.GeoDataFrame({"id": ["g"], "name": ["东门"], "school": ["A园"]}, geometry=[Point(lonlat(300, 0))], crs=4326)
    coverage = RULES["walk15"].compute(NETWORK, layer_data(SITES), HOMES, TOWNS, tiny_city(), gates=gates)
    assert coverage.points.loc["c1", "network_m"] == pytest.approx(400, abs=0.1)
    lost = gates.assign(school=["别的园"])
    coverage = RULES["walk15"].compute(NETWORK, layer_data(SITES), HOMES, TOWNS, tiny_city(), gates=lost)
    assert coverage.points.loc["c1", "network_m"] == pytest.approx(700, abs=0.1)
    assert "W390" in {f.code for f in coverage.faults}


def test_what_was_seen_of_a_segment_or_gate_that_is_there_no_more_is_told_with_its_row():
    schools = layer_data([("A", "在用", (400, 0))], layer=Layer(key="schools", title="学校", title_en="Schools", icon="book", colour="#1a4d8f"))
    seen = Answer("999/1-2", "D", "有", None, "", "survey", "data/survey/a.csv 2")
    gates = [Answer(key, "C", "没有", None, "", "survey", f"data/survey/a.csv {row}") for row, key in enumerate(("A/1", "A/7", "K/1"), start=4)]
    told = RULES["perimeter150"].compute(NETWORK, schools, HOMES, TOWNS, tiny_city(), answers=[seen, *gates]).faults
    assert [(f.file, f.row, f.value) for f in told if f.code == "W294"] == [("data/survey/a.csv", 2, "999/1-2"), ("data/survey/a.csv", 5, "A/7")]


def test_an_answer_about_a_gate_stays_with_its_place_when_the_list_of_gates_changes():
    schools = gpd.GeoDataFrame({"id": ["A"], "name": ["A校"]}, geometry=[Point(lonlat(400, 0))], crs=4326)

    def doors(*xs):
        gates = gpd.GeoDataFrame({"id": [f"g{x}" for x in xs], "school": "A校"}, geometry=[Point(lonlat(x, 0)) for x in xs], crs=4326)
        return school_doors(NETWORK, schools, gates=gates)[0]

    key = gate_key("A/1", lonlat(300, 0))
    seen = Answer(key, "C", "没有", None, "", "survey", "a.csv 2")
    for xs, found in (((300,), "A/1"), ((100, 310), "A/2"), ((100, 200), None)):
        assert Gates(doors(*xs)).find(key) == found
        assert [f.value for f in lost_answers([seen], NETWORK, doors(*xs))] == ([] if found else [key])
    assert Gates(doors(100, 310)).at_their_gates([seen])[0].subject == "A/2"


def test_a_gate_far_from_the_school_that_it_names_is_told():
    schools = gpd.GeoDataFrame({"id": ["A"], "name": ["A校"]}, geometry=[Point(lonlat(0, 0))], crs=4326)
    gates = gpd.GeoDataFrame({"id": ["g", "h"], "name": ["东门", "西门"], "school": "A校"}, geometry=[Point(lonlat(x, 0)) for x in (450, 550)], crs=4326)
    (told,) = gate_faults(gates, schools)
    assert (told.code, told.facts["name"], told.facts["metres"], told.value) == ("W370", "西门", "550", "A校")
    assert told.places[0][1:] == pytest.approx(lonlat(550, 0))
    yard = gpd.GeoSeries([box(*lonlat(0, 0), *lonlat(100, 100))], index=["A"], crs=4326)
    assert gate_faults(gates, schools, footprints=yard) == []


def test_catchments_grow_with_the_band(walk):
    areas = walk.catchment.to_crs(32651).area
    assert np.all(np.diff(areas) > 0)
    assert ORIGIN == (123.0, 28.0)
