"""Schools and kindergartens beside each other: whose gate is whose, keys of their own, and who has no road for motor traffic near."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pytest
from shapely import Polygon

from cfmap.coverage.perimeter import doors_of, gates_of, perimeters_asked, scored, site_id, sites_of
from tests.factories import tiny_city
from tests.unit.coverage.drawn import drawn, lonlat, places, street

# The school at (100, 20) on 育才路; the kindergarten at (600, 420) on a path of an estate, 300 m from any road; another opposite the school.
NETWORK = drawn(
    street((0, 0), (100, 0), (600, 0), name="育才路"),
    street((600, 0), (600, 300), highway="footway"),
    street((600, 300), (600, 500), highway="footway"),
)


@dataclass
class Data:
    """As much of a layer as is looked at."""

    sites: gpd.GeoDataFrame
    footprints: gpd.GeoSeries | None = None


def layer(**where):
    return Data(places(**where).assign(name=[f"名{i}" for i in where], status="在用", town=None, children=30))


LAYERS = {"schools": layer(a=(100, 20)), "kindergartens": layer(k=(600, 420), m=(100, -20))}


def looked(layers, city, gates=None):
    return perimeters_asked(NETWORK, layers, city, gates=gates_of(gates, layers))


def test_both_layers_stand_in_one_table_and_the_schools_are_what_they_were_alone():
    both, faults = looked(scored(LAYERS, tiny_city()), tiny_city())
    alone, _ = looked(scored(LAYERS, tiny_city(safety={"layers": ["schools"]})), tiny_city())
    assert alone["layer"].unique().tolist() == ["schools"]
    assert both[both["layer"].eq("schools")].drop(columns="geometry").equals(alone.drop(columns="geometry"))
    assert both.loc[both["layer"].eq("kindergartens"), "school"].unique().tolist() == ["m"]
    told = {f.what("zh") for f in faults if f.code == "W389"}
    assert told == {"幼儿园：1 所周边 150 米内没有通汽车的路，列为“周边没有机动车道”，不算安全也不算不安全：名k。"}


def test_an_id_that_both_layers_have_gets_a_key_of_its_own():
    same = {"schools": layer(a=(100, 20)), "kindergartens": layer(a=(100, -20))}
    known = scored(same, tiny_city())
    assert sites_of(known)["id"].tolist() == ["a", "kindergartens:a"]
    assert doors_of(NETWORK, known, gates_of(None, known))["gate"].tolist() == ["a/1", "kindergartens:a/1"]
    table, _ = looked(known, tiny_city())
    assert [site_id(key, site) for key, site in table.groupby("layer")["school"].first().items()] == ["a", "a"]


@pytest.mark.parametrize(
    ("gate", "school", "owner"),
    [
        ((600, 410), "名k", "kindergartens"),  # by name
        ((100, -10), "a", "schools"),  # by id, though it lies at the kindergarten
        ((100, -10), None, "kindergartens"),  # the nearest of both
        ((100, 10), None, "schools"),
        ((300, 200), None, "schools"),  # nobody's: the first layer tells of it
        ((100, 10), "名x", "schools"),
    ],
)
def test_a_gate_belongs_to_whom_it_names_else_to_the_nearest(gate, school, owner):
    found = gates_of(places(g=gate).assign(school=[school]), LAYERS)
    assert {key: 0 if table is None else len(table) for key, table in found.items()} == {"schools": 0, "kindergartens": 0} | {owner: 1}


def test_one_name_in_both_layers_is_the_schools():
    twins = {key: Data(data.sites.assign(name="实验")) for key, data in (("schools", layer(a=(100, 20))), ("kindergartens", layer(k=(100, -20))))}
    assert gates_of(places(g=(100, -10)).assign(school=["实验"]), twins)["kindergartens"] is None


def test_the_gate_of_a_kindergarten_is_where_its_perimeter_begins():
    gates = places(g=(550, 20)).assign(school=["名k"])
    table, faults = looked(scored(LAYERS, tiny_city()), tiny_city(), gates)
    assert "k" in set(table["school"])
    assert not [f for f in faults if f.code == "W389"]


def test_an_outline_counts_for_the_nearest_gate():
    yard = gpd.GeoSeries([Polygon([lonlat(*xy) for xy in ((120, -60), (320, -60), (320, -20), (120, -20))])], index=["m"], crs=4326)
    wide = LAYERS | {"kindergartens": Data(LAYERS["kindergartens"].sites, yard)}
    gates = places(g=(300, 10)).assign(school=[None])  # 30 m from the yard, 200 m from the school's point
    assert gates_of(gates, wide)["schools"] is None
