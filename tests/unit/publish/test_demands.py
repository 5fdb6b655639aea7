"""A public map says what it must, shows no children in need, and is as coarse as it was asked to be; the house sees everything."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from cfmap.model.errors import SafetyRefusal
from cfmap.model.sensitive import sensitive
from cfmap.pipeline import compute
from cfmap.publish import demands
from cfmap.publish.public import coarse, public
from tests.factories import CHILDCARE, tiny_city, tiny_edition, with_indicators

REAL = {"name": "实城", "demo": False}


def test_everything_that_is_missing_is_told_at_once_with_its_line(tmp_path):
    text = '[city]\nname = "实城"\n[edition]\nyear = 2024\nproducer = ""\n[publish]\n[boundary]\ncity = "b.gpkg"\n'
    (tmp_path / "cfmap.toml").write_text(text, encoding="utf-8")
    city = tiny_city(
        tmp_path,
        city=REAL,
        edition={"year": 2024},
        publish={},
        boundary={"city": "b.gpkg"},
        network={"source": "n.pbf", "attribution": ""},
        basemap={"water": "w.gpkg"},
    )
    with pytest.raises(SafetyRefusal) as refused:
        demands.demand(city, {})
    assert refused.value.exit_code == 5
    assert {(f.code, f.column, f.row) for f in refused.value.faults} == {
        ("E506", "edition.review_number", None),
        ("E515", "edition.data_date", 3),
        ("E515", "edition.producer", 5),
        ("E515", "publish.contact", 6),
        ("E515", "boundary.source", 7),
        ("E515", "network.attribution", None),
        ("E515", "basemap.attribution", None),
    }
    assert "producer = " in next(f for f in refused.value.faults if f.column == "edition.producer").how("zh")


def test_an_edition_of_another_year_has_the_date_of_its_own_data_or_none(tmp_path):
    stated = {"year": 2024, "data_date": "2024-12-31", "data_dates": {2023: "2023-11-30"}, "producer": "局", "exemption": "样图"}
    city = tiny_city(tmp_path, city=REAL, edition=stated)
    dates = {year: city.in_year(year).edition.data_date for year in (2022, 2023, 2024)}
    assert {year: date and date.isoformat() for year, date in dates.items()} == {2022: None, 2023: "2023-11-30", 2024: "2024-12-31"}
    assert city.in_year(2023).in_year(2023) == city.in_year(2023)
    (lacking,) = demands.missing(city, year=2022)
    assert (lacking.code, lacking.column) == ("E515", "edition.data_dates")
    assert "data_dates = { 2022 = 2022-12-31 }" in lacking.how("zh")
    assert demands.missing(city, year=2023) == []


def test_a_complete_city_and_demo_data_may_go(tmp_path):
    assert demands.missing(tiny_city(tmp_path, city=REAL, edition={"year": 2024, "data_date": "2024-12-31", "producer": "局", "exemption": "样图"})) == []
    assert demands.missing(tiny_city(tmp_path, publish={})) == []


@pytest.mark.parametrize(
    "name", ["困境儿童", "data/留守儿童名单2024.xlsx", "梦想小屋", "children in need", "孤儿（2024年）", "残疾儿童家庭", "mengxiang_xiaowu"]
)
def test_names_of_children_in_need_are_known(name):
    assert sensitive(name)


@pytest.mark.parametrize(
    "name", ["困境儿童关爱服务站", "残疾儿童康复机构", "孤独症儿童康复中心.xlsx", "未成年人保护站", "儿童之家", "儿童友好学校", "Orphanage museum", "母婴室"]
)
def test_institutions_that_serve_them_are_public_places(name):
    assert not sensitive(name)


@pytest.mark.parametrize(("section", "layer"), [
    ({"sources": [{"path": "data/困境儿童.xlsx"}]}, CHILDCARE),
    ({"sources": [{"path": "data/a.xlsx", "sheet": "梦想小屋"}]}, CHILDCARE),
    ({}, replace(CHILDCARE, title="留守儿童")),
])  # fmt: skip
def test_a_sensitive_layer_is_refused_until_it_is_marked_internal(section, layer):
    (told,) = demands.exposed(tiny_city(layers={"childcare": section}), {"childcare": layer})
    assert (told.code, told.column) == ("E516", "layers.childcare")
    assert demands.exposed(tiny_city(layers={"childcare": section | {"internal": True}}), {"childcare": layer}) == []


def inputs(**layers):
    edition = tiny_edition(layers={key: {"sources": [{"path": f"data/{key}.csv"}], **more} for key, more in layers.items()})
    streets = SimpleNamespace(network=SimpleNamespace(summary=dict), osm=None)
    files = (*edition.inputs,)
    return edition, SimpleNamespace(city=edition.city, layers=edition.layers, former={}, files=files, streets=streets)


def test_internal_layers_and_their_files_are_no_part_of_a_public_edition():
    from cfmap.pipeline import Inputs
    from cfmap.pipeline.computing import for_the_public

    edition, given = inputs(childcare={"internal": True}, parks={})
    kept = for_the_public(Inputs(given.city, 2024, given.streets, None, None, None, {}, given.layers, (), edition.inputs))
    assert list(kept.layers) == ["parks"]
    assert [f.path for f in kept.files] == ["data/parks.csv", "data/network.osm.pbf"]
    assert compute  # the door that asks for it


def test_coordinates_lie_on_the_grid_that_was_asked_for_in_every_table():
    city_layers = {"childcare": {"sources": [{"path": "data/childcare.csv"}], "round_m": 500}, "parks": {}}
    edition = tiny_edition(layers=city_layers)
    shown = public(with_indicators(edition))[0]
    before, after = edition.layers["childcare"].sites.geometry, shown.layers["childcare"].sites.geometry
    moved = before.to_crs("EPSG:4549").distance(after.to_crs("EPSG:4549"))
    assert 0 < moved.max() < 500
    steps = after.y / (500 / 111_320)
    assert (steps - steps.round()).abs().max() < 1e-4
    assert coarse(shown.layers["childcare"], edition.city).sites.geometry.equals(after)  # twice is once
    assert shown.layers["parks"].sites.geometry.equals(edition.layers["parks"].sites.geometry)
