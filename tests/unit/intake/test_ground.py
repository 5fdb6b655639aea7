"""The bureau's own water and green: areas come in, the rest is told by row, too much of it stops the file."""

from __future__ import annotations

import json

import pytest
from shapely import LineString, Point, Polygon, box, to_geojson

from cfmap.intake import read_ground
from cfmap.intake.datum import convert
from cfmap.model import InputError
from tests.factories import LAT, LON, tiny_city

LAKE = box(LON, LAT, LON + 0.01, LAT + 0.01)
BOW = Polygon([(LON, LAT), (LON + 0.01, LAT + 0.01), (LON + 0.01, LAT), (LON, LAT + 0.01)])  # crosses itself


def city(root, *shapes, **basemap):
    (root / "data").mkdir(exist_ok=True)
    features = [{"type": "Feature", "properties": {}, "geometry": json.loads(to_geojson(s))} for s in shapes]
    (root / "data" / "water.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return tiny_city(root, basemap={"water": "data/water.geojson", **basemap})


def test_areas_come_in_with_their_kind(tmp_path):
    areas, faults = read_ground("water", city(tmp_path, LAKE), year=2024)
    assert areas["kind"].tolist() == ["water"]
    assert areas.geometry.iloc[0].equals(LAKE)
    assert areas.crs == "EPSG:4326"
    assert faults == ()


def test_a_declared_datum_is_brought_to_wgs84(tmp_path):
    areas, _ = read_ground("water", city(tmp_path, LAKE, datum="gcj02"), year=2024)
    lon, lat = convert(LON, LAT, source="gcj02", target="wgs84")
    assert areas.geometry.iloc[0].distance(Point(lon, lat)) < 1e-6
    assert areas.geometry.iloc[0].hausdorff_distance(LAKE) > 0.003  # some 400 m: it was moved at all


def test_what_is_no_area_is_left_out_and_told_by_row(tmp_path):
    line = LineString([(LON, LAT), (LON + 0.01, LAT)])
    areas, faults = read_ground("water", city(tmp_path, *[LAKE] * 40, line, BOW), year=2024)
    assert len(areas) == 40
    assert [(f.code, f.row, f.file) for f in faults] == [("E253", 41, "data/water.geojson"), ("E251", 42, "data/water.geojson")]


def test_too_many_bad_ones_stop_the_file(tmp_path):
    line = LineString([(LON, LAT), (LON + 0.01, LAT)])
    with pytest.raises(InputError) as caught:
        read_ground("water", city(tmp_path, LAKE, line), year=2024)
    assert [f.code for f in caught.value.faults] == ["E216", "E253"]
    assert "水面" in caught.value.faults[0].what("zh")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError) as caught:
        read_ground("green", tiny_city(tmp_path, basemap={"green": "data/green.gpkg"}), year=2024)
    assert caught.value.faults[0].file == "data/green.gpkg"
