"""The Monaco example is what its papers say: its file, its date, its licence, its outline, every layer with tags."""

from __future__ import annotations

import hashlib
import json
import runpy

import osmium
import pytest
import shapely

from cfmap.intake.osm import OsmExtract
from cfmap.model import find_layers, load_city


@pytest.fixture(scope="module")
def monaco(repository):
    return repository / "examples" / "monaco"


def test_extract_is_the_file_that_the_provenance_names(monaco):
    raw = (monaco / "data" / "network.osm.pbf").read_bytes()
    text = (monaco / "data" / "PROVENANCE.md").read_text(encoding="utf-8")
    assert hashlib.sha256(raw).hexdigest() in text
    assert "OpenStreetMap contributors" in text
    assert "https://opendatacommons.org/licenses/odbl/1-0/" in text


def test_date_of_the_data_is_that_of_the_file(monaco):
    city = load_city(monaco)
    header = osmium.io.Reader(str(monaco / "data" / "network.osm.pbf")).header()
    assert header.get("osmosis_replication_timestamp").startswith(city.edition.data_date.isoformat())
    assert header.get("osmosis_replication_timestamp") in (monaco / "data" / "PROVENANCE.md").read_text(encoding="utf-8")


def test_every_layer_with_tags_is_taken_from_the_extract_and_no_other(monaco):
    city = load_city(monaco)
    with_tags = {key for key, layer in find_layers(city, packs=False).items() if layer.osm}
    assert set(city.layers) == with_tags
    assert all(section.sources[0].osm and len(section.sources) == 1 for section in city.layers.values())


def test_no_layer_is_copied_into_the_example(monaco):
    assert not (monaco / "layers").exists()


def test_outline_is_made_from_the_extract_and_holds_its_streets(monaco):
    make = runpy.run_path(str(monaco / "make_boundary.py"))
    outline = shapely.geometry.shape(json.loads((monaco / "data" / "boundary.geojson").read_text(encoding="utf-8"))["features"][0]["geometry"])
    points = shapely.points(make["street_points"](monaco / "data" / "network.osm.pbf"))
    assert outline.is_valid
    assert shapely.distance(outline, points).max() < 1e-5  # rounding of its corners, about a metre


def test_places_of_monaco_are_found(monaco):
    layers = find_layers(load_city(monaco), packs=False)
    extract = OsmExtract.read(monaco / "data" / "network.osm.pbf", layers.values())
    counts = {key: len(extract.features(layer)) for key, layer in layers.items() if layer.osm}
    # read once by eye from the raw file: 10 schools, 16 open playgrounds, 4 libraries of which 2 are the buildings of the others
    assert counts["schools"] == 10
    assert counts["playgrounds"] == 16
    assert counts["libraries"] == 2
    assert {"green", "water"} == set(extract.areas["kind"])
    assert {"摩纳哥", "Fontvieille"} <= set(extract.labels["name"])  # the Chinese name where there is one
    assert extract.faults == ()
