"""What lies under the places: the bureau's own water and green in the place of the network file's, and who must be named for it."""

from __future__ import annotations

import json

import pytest
from shapely import box, to_geojson

from cfmap.model import load_city
from cfmap.pipeline import compute, read_inputs
from cfmap.pipeline.computing import attribution
from tests.e2e import small_city
from tests.factories import tiny_city

OWN = """
[basemap]
water = "data/water.geojson"
attribution = "测试局水系（演示数据）"
"""


@pytest.fixture
def project(tmp_path):
    return small_city.make(tmp_path)


def changed(project, **replaced: str) -> None:
    """Settings with some texts replaced."""
    file = project / "cfmap.toml"
    text = file.read_text(encoding="utf-8")
    for old, new in replaced.values():
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def test_own_water_is_drawn_named_and_listed_among_the_inputs(project):
    lake = box(*small_city.lonlat(2.2, 2.2), *small_city.lonlat(2.8, 2.8))
    feature = {"type": "Feature", "properties": {}, "geometry": json.loads(to_geojson(lake))}
    (project / "data" / "water.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    with (project / "cfmap.toml").open("a", encoding="utf-8") as file:
        file.write(OWN)
    basemap = compute(inputs := read_inputs(project)).basemap
    water = basemap.areas[basemap.areas["kind"] == "water"]
    assert [w.equals(lake) for w in water.geometry] == [True]
    assert basemap.attribution == "演示数据 · 测试局水系（演示数据）"
    assert "data/water.geojson" in {f.path for f in inputs.files}


def test_streets_of_openstreetmap_under_another_name_are_told(project):
    changed(project, city=("demo = true", "demo = false"))
    (told,) = [f for f in read_inputs(project).faults if f.code == "W123"]
    assert (told.file, told.column, told.row) == ("cfmap.toml", "network.attribution", 12)
    changed(project, named=('"演示数据"', '"© OpenStreetMap contributors, ODbL"'))
    assert not [f for f in read_inputs(project).faults if f.code == "W123"]


def test_monaco_names_openstreetmap(repository):
    assert attribution(load_city(repository / "examples" / "monaco"), own=False) == "© OpenStreetMap contributors, ODbL"


@pytest.mark.parametrize(
    ("network", "own", "expected"),
    [
        ({"source": "data/roads.shp"}, False, ""),
        ({"source": "data/roads.shp", "attribution": "某市测绘院"}, True, "某市测绘院 · 水系数据"),
        ({"source": "data/roads.gpkg"}, True, "水系数据"),
        ({"source": "data/streets.graphml"}, False, "© OpenStreetMap contributors, ODbL"),
    ],
)
def test_own_streets_are_not_called_openstreetmaps(network, own, expected):
    assert attribution(tiny_city(network=network, basemap={"attribution": "水系数据"}), own=own) == expected
