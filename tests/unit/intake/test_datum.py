"""Datums: published vectors, round trips, unshifted places, CGCS2000 zones."""

from __future__ import annotations

import json

import numpy as np
import pytest
from pyproj import Geod

from cfmap.intake import datum
from cfmap.model import InputError

GEOD = Geod(ellps="WGS84")


def metres(lon1, lat1, lon2, lat2):
    return GEOD.inv(lon1, lat1, lon2, lat2)[2]


@pytest.mark.truth
def test_published_vectors_of_gcj02_and_bd09_come_out(outside_data):
    vectors = json.loads((outside_data("coord-vectors") / "vectors.json").read_text())
    for wgs, gcj in vectors["wgs84_to_gcj02"]:
        assert np.allclose(datum.convert(*wgs, source="wgs84", target="gcj02"), gcj, rtol=0, atol=1e-12)
    for gcj, bd in vectors["gcj02_to_bd09"]:
        assert np.allclose(datum.gcj02_to_bd09(*gcj), bd, rtol=0, atol=1e-12)
    for bd, gcj in vectors["bd09_to_gcj02"]:  # the published inverse is one step, ours is exact: they differ by 5 cm
        assert metres(*datum.bd09_to_gcj02(*bd), *gcj) < 0.1
    for wgs, gcj in vectors["gcj02_to_wgs84_single_step"]:
        assert metres(*datum.convert(*wgs, source="gcj02", target="wgs84"), *gcj) < 5
    for wgs, same in vectors["unchanged_outside_china"]:
        assert np.array_equal(datum.convert(*wgs, source="wgs84", target="gcj02"), same)


@pytest.mark.parametrize(("name", "limit_m"), [("gcj02", 1e-6), ("bd09", 1e-5)])
def test_two_hundred_thousand_points_come_back(name, limit_m):
    random = np.random.default_rng(20241231)
    lon, lat = random.uniform(98, 122, 200_000), random.uniform(23, 42, 200_000)
    inner = datum.is_shifted(lon, lat)
    for dx, dy in ((0.02, 0), (-0.02, 0), (0, 0.02), (0, -0.02)):  # at the edge of an unshifted place two points share one image
        inner &= datum.is_shifted(lon + dx, lat + dy) == inner
    x, y = datum.convert(lon, lat, source="wgs84", target=name)
    back = datum.convert(x, y, source=name, target="wgs84")
    assert inner.mean() > 0.7
    assert metres(*back, lon, lat)[inner].max() <= limit_m
    assert metres(x, y, lon, lat)[inner].min() > 10


@pytest.mark.parametrize(
    ("place", "lon", "lat"),
    [
        ("Hong Kong Central", 114.158, 22.281),
        ("Sheung Shui", 114.128, 22.502),
        ("Macau", 113.543, 22.19),
        ("Taipei", 121.52, 25.04),
        ("Kaohsiung", 120.3, 22.63),
        ("Seoul", 126.98, 37.57),
        ("Tokyo", 139.7, 35.7),
        ("Hanoi", 105.85, 21.03),
        ("Ulaanbaatar", 106.9, 47.9),
        ("Monaco", 7.42, 43.73),
        ("Almaty", 76.9, 43.25),
        ("Vladivostok", 131.9, 43.1),
        ("Manila", 121.0, 14.6),
    ],
)
def test_places_outside_the_mainland_are_not_shifted(place, lon, lat):
    for name in ("gcj02", "bd09"):
        assert np.array_equal(datum.convert([lon], [lat], source="wgs84", target=name), ([lon], [lat])), place
        assert np.array_equal(datum.convert([lon], [lat], source=name, target="wgs84"), ([lon], [lat])), place


@pytest.mark.parametrize(
    ("place", "lon", "lat"),
    [
        ("Futian, Shenzhen", 114.06, 22.54),
        ("Luohu port", 114.115, 22.537),
        ("Shekou", 113.912, 22.48),
        ("Gongbei, Zhuhai", 113.549, 22.22),
        ("Xiamen", 118.09, 24.48),
        ("Pingtan", 119.79, 25.5),
        ("Dandong", 124.38, 40.12),
        ("Hunchun", 130.36, 42.86),
        ("Mohe", 122.54, 52.97),
        ("Fuyuan", 134.3, 48.36),
        ("Erenhot", 111.97, 43.65),
        ("Kashgar", 75.99, 39.47),
        ("Khorgos", 80.41, 44.21),
        ("Lhasa", 91.12, 29.65),
        ("Ruili", 97.85, 24.01),
        ("Dongxing", 107.97, 21.54),
        ("Sanya", 109.5, 18.25),
        ("Yongxing Island", 112.34, 16.83),
        ("Yushu", 97.0, 33.0),
        ("Manzhouli", 117.45, 49.6),
    ],
)
def test_mainland_border_towns_are_shifted(place, lon, lat):
    assert datum.is_shifted([lon], [lat])[0], place


@pytest.mark.truth
def test_every_corner_of_mainland_outlines_is_shifted(outside_data):
    for name in ("tianditu_cities_wgs84.geojson", "tianditu_districts_wgs84.geojson"):
        for feature in json.loads((outside_data("boundaries") / name).read_text())["features"]:
            rings = [ring for polygon in feature["geometry"]["coordinates"] for ring in polygon]
            points = np.concatenate([np.array(r, dtype=float) for r in rings])
            assert datum.is_shifted(points[:, 0], points[:, 1]).all(), feature["properties"]["name"]


def test_cgcs2000_counts_as_wgs84_and_its_zones_have_a_twin_with_prefix():
    lon, lat = np.array([120.65, 120.7]), np.array([27.78, 27.8])
    assert np.array_equal(datum.convert(lon, lat, source="cgcs2000", target="wgs84"), (lon, lat))
    zone = datum.zone(40)
    assert (zone.meridian, zone.with_prefix, zone.without_prefix) == (120, "EPSG:4528", "EPSG:4549")
    x, y = datum.convert(lon, lat, source="wgs84", target=zone.with_prefix)
    x2, y2 = datum.convert(lon, lat, source="wgs84", target=zone.without_prefix)
    assert np.allclose(x - 40_000_000, x2, atol=1e-6)
    assert np.allclose(y, y2, atol=1e-6)
    assert 500_000 < x2[0] < 600_000  # east of the central meridian
    assert np.allclose(datum.convert(x, y, source=zone.with_prefix, target="wgs84"), (lon, lat), atol=1e-9)


def test_missing_coordinates_stay_missing_and_inputs_are_not_changed():
    lon, lat = np.array([np.nan, 116.4]), np.array([np.nan, 39.9])
    x, y = datum.convert(lon, lat, source="gcj02", target="bd09")
    assert np.isnan(x[0])
    assert np.isnan(y[0])
    assert lon[1] == 116.4
    assert not np.isnan(x[1])


@pytest.mark.parametrize("code", ["EPSG:99999", "EPSG:abc", "beijing54"])
def test_unknown_crs_is_named(code):
    with pytest.raises(InputError) as caught:
        datum.convert([1.0], [1.0], source=code, target="wgs84")
    record = caught.value.faults[0]
    assert record.code == "E239"
    assert code in record.what("zh")
    assert code in record.what("en")
