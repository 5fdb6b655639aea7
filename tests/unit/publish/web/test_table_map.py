"""Any table on the map, in a notebook: what is shown, what is refused, what it says of itself."""

from __future__ import annotations

import json
import re

import folium
import geopandas as gpd
import pandas as pd
import pytest
from shapely import GeometryCollection, LineString, MultiPoint, Point, box

import cfmap
from cfmap.model.errors import InputError, SafetyRefusal
from cfmap.model.layers import standard_layers
from tests.factories import CHILDCARE, LAT, LON, sites, tiny_edition


def block(html: str, name: str):
    return json.loads(re.search(rf'<script type="application/json" id="cfmap-{name}">(.*?)</script>', html, re.DOTALL)[1])


def places(**columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"name": ["甲", "乙", "丙"], **columns}, geometry=[Point(LON + n / 100, LAT) for n in range(3)], crs=4326)


def test_table_becomes_a_folium_map_of_a_page_that_says_it_is_internal():
    chart = cfmap.show(places(beds=[3, None, 5]), title="我的表", year=2024)
    assert isinstance(chart, folium.Map)
    meta, shown = block(chart.html(), "meta"), block(chart.html(), "sites")
    assert (meta["city"]["name"], meta["year"], meta["public"]) == ("我的表", 2024, False)
    assert shown["name"] == ["甲", "乙", "丙"]
    assert shown["lon"] == [12300000, 12301000, 12302000]
    assert [f["title"] for f in meta["layers"][0]["fields"]] == ["beds"]
    assert shown["own"]["table0"]["c0"] == {"v": [3, None, 5]}
    assert chart.html() == cfmap.show(places(beds=[3, None, 5]), title="我的表", year=2024).html()


def test_metres_are_converted_and_a_missing_crs_or_column_is_refused():
    shown = block(cfmap.show(places().to_crs(4549)).html(), "sites")
    assert shown["lon"] == [12300000, 12301000, 12302000]
    for wrong, words in ((places().set_crs(None, allow_override=True), "CRS"), (pd.DataFrame({"a": [1]}), "GeoDataFrame")):
        with pytest.raises(InputError, match=words):
            cfmap.show(wrong)
    with pytest.raises(InputError, match="no column"):
        cfmap.show(places(), name="nope")


def test_every_geometry_can_be_shown_and_rows_without_one_are_listed():
    shapes = [Point(LON, LAT), LineString([(LON, LAT), (LON + 0.01, LAT)]), box(LON, LAT, LON + 0.01, LAT + 0.01), None]
    shapes += [MultiPoint([(LON, LAT), (LON + 0.02, LAT)]), GeometryCollection([Point(LON, LAT, 5), LineString([(LON, LAT), (LON, LAT + 0.01)])])]
    shown = block(cfmap.show(gpd.GeoDataFrame({"n": range(6)}, geometry=shapes, crs=4326)).html(), "sites")
    assert shown["name"] == ["0", "1", "2", "4", "4", "5", "5", "3"]
    assert [v is None for v in shown["lon"]] == [False] * 7 + [True]
    empty = cfmap.show(gpd.GeoDataFrame({"name": []}, geometry=[], crs=4326)).html()
    assert block(empty, "sites")["name"] == []


def test_several_tables_are_several_layers_and_a_series_will_do():
    chart = cfmap.show({"学校": places(), "家": places().geometry})
    meta = block(chart.html(), "meta")
    assert [(layer["title"], layer["count"]) for layer in meta["layers"]] == [("学校", 3), ("家", 3)]
    assert len({layer["colour"] for layer in meta["layers"]}) == 2


def test_sites_of_a_layer_keep_its_picture_and_their_columns():
    table = sites(CHILDCARE, [{"id": "K1", "name": "第一托育园", "year": 2022, "places": 60, "at": (1, 1), "address": "示例路1号"}])
    chart = cfmap.show(table)
    (layer,) = block(chart.html(), "meta")["layers"]
    assert (layer["icon"], layer["group"]) == ("childcare", "care")
    assert "示例路1号" in json.dumps(block(chart.html(), "sites")["columns"]["address"], ensure_ascii=False)
    assert [f["title"] for f in layer["fields"]] == [standard_layers()["childcare"].fields[0].title, "head_phone"]


def test_hostile_names_stay_text():
    name = "</script><script>alert(1)</script>{{ 7*7 }}${x}"
    chart = cfmap.show(gpd.GeoDataFrame({name: [name], "name": [name]}, geometry=[Point(LON, LAT)], crs=4326), title=name)
    assert "<script>alert(1)" not in chart.html()
    assert block(chart.html(), "sites")["name"] == [name]


def test_it_saves_one_page_and_never_a_public_one(tmp_path):
    chart = cfmap.show(places())
    folium.GeoJson(places(), name="again").add_to(chart)
    chart.save(tmp_path / "a.html")
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert text == chart.html()
    assert "Content-Security-Policy" in text
    with pytest.raises(SafetyRefusal, match="E553"):
        chart.save(tmp_path / "b.html", public=True)
    assert not (tmp_path / "b.html").exists()


def test_an_edition_is_a_map_too():
    assert tiny_edition().map().html() == cfmap.build_map(tiny_edition()).html()
