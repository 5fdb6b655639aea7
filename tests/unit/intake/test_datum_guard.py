"""The guard: silent on clean data, whatever they are; clear about a wrong datum, with numbers."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pytest

from cfmap.intake import datum, datum_guard

M_LON, M_LAT = 1 / 98_500, 1 / 110_800  # degrees per metre at 27.78 N


def grid(spacing_m=300.0, half=10, lon=120.65, lat=27.78):
    """Vertices every 20 m along a square street grid with streets `spacing_m` apart."""
    lines = np.arange(-half, half + 1) * spacing_m
    along = np.arange(-half * spacing_m, half * spacing_m + 1, 20.0)
    x = np.concatenate([np.repeat(lines, len(along)), np.tile(along, len(lines))])
    y = np.concatenate([np.tile(along, len(lines)), np.repeat(lines, len(along))])
    wobble = np.sin(x / 700) * 60, np.cos(y / 900) * 60  # no real city repeats itself exactly
    return lon + (x + wobble[0]) * M_LON, lat + (y + wobble[1]) * M_LAT


def beside(streets, count, seed, reach_m=40.0):
    random = np.random.default_rng(seed)
    at = random.integers(0, len(streets[0]), count)
    far, angle = random.uniform(5, reach_m, count), random.uniform(0, 2 * np.pi, count)
    return streets[0][at] + far * np.cos(angle) * M_LON, streets[1][at] + far * np.sin(angle) * M_LAT


STREETS = grid()


@pytest.mark.parametrize("declared", ["wgs84", "gcj02", "bd09", "cgcs2000", "EPSG:4549"])
def test_no_false_alarm_on_clean_data(declared):
    random = np.random.default_rng(1)
    for seed in range(40):
        count = int(random.integers(8, 150))
        assert datum_guard.check(beside(STREETS, count, seed), STREETS, declared=declared) == []
        anywhere = random.uniform(120.62, 120.68, count), random.uniform(27.755, 27.805, count)
        assert datum_guard.check(anywhere, STREETS, declared=declared) == []


@pytest.mark.parametrize(
    ("true", "declared"), [("gcj02", "wgs84"), ("bd09", "wgs84"), ("gcj02", "cgcs2000"), ("bd09", "gcj02"), ("wgs84", "gcj02"), ("wgs84", "bd09")]
)
def test_a_wrong_datum_is_named_with_its_numbers(true, declared):
    for seed in range(5):
        lon, lat = datum.convert(*beside(STREETS, 60, seed), source="wgs84", target=true)
        as_read = datum.convert(lon, lat, source=declared, target="wgs84")
        found = datum_guard.check(as_read, STREETS, declared=declared, file="data/教育局.xlsx", sheet="学校")
        assert [f.code for f in found] == ["E240"]
        record = found[0]
        assert record.facts["likely"] == true
        assert (record.file, record.sheet, record.value, record.facts["count"]) == ("data/教育局.xlsx", "学校", declared, 60)
        assert int(record.facts["as_likely"]) < int(record.facts["control"])
        assert int(record.facts["as_likely"]) < int(record.facts["as_declared"])
        assert f'datum = "{true}"' in record.how("zh")
        assert f'datum = "{true}"' in record.how("en")
        assert record.facts["as_likely"] in record.why("zh")


def test_few_points_or_no_streets_say_nothing():
    lon, lat = datum.convert(*beside(STREETS, 4, 0), source="wgs84", target="gcj02")
    assert datum_guard.check((lon, lat), STREETS, declared="wgs84") == []
    assert [f.code for f in datum_guard.judge((lon, lat), STREETS, declared="wgs84").faults(file="a.csv")] == ["I217"]
    assert datum_guard.check((np.tile(lon, 9), np.tile(lat, 9)), (np.array([]), np.array([])), declared="wgs84") == []


def test_frames_and_arrays_are_the_same_and_empty_shapes_are_left_out():
    lon, lat = datum.convert(*beside(STREETS, 60, 3), source="wgs84", target="gcj02")
    frame = gpd.GeoDataFrame(geometry=[*gpd.points_from_xy(lon, lat), None], crs="EPSG:4326")
    assert datum_guard.check(frame, np.column_stack(STREETS), declared="wgs84") == datum_guard.check((lon, lat), STREETS, declared="wgs84")


def test_few_points_are_warned_of_what_many_are_stopped_for():
    lon, lat = datum.convert(*beside(STREETS, 60, 1), source="wgs84", target="gcj02")
    states = [datum_guard.judge((lon[:n], lat[:n]), STREETS, declared="wgs84").state for n in (4, 8, 60)]
    assert states == ["few", "doubtful", "wrong"]
    assert datum_guard.judge(beside(STREETS, 60, 1), STREETS, declared="wgs84").state == "fits"


def test_three_namesakes_on_the_street_map_decide_where_streets_cannot():
    true = beside(STREETS, 4, 0)
    here = datum.convert(*true, source="wgs84", target="gcj02")
    known = tuple(np.where(np.arange(4) < 3, axis, np.nan) for axis in true)
    found = datum_guard.judge(here, STREETS, declared="wgs84", named=known)
    assert (found.state, found.likely) == ("wrong", "gcj02")
    assert "3 处" in found.faults(file="a.csv")[0].why()
    assert datum_guard.judge(true, STREETS, declared="wgs84", named=known).state == "fits"
    assert datum_guard.judge(here, STREETS, declared="wgs84", named=(known[0][[3] * 4], known[1][[3] * 4])).state == "few"


def test_outside_china_nothing_can_be_shifted():
    streets = grid(lon=7.42, lat=43.73)
    assert datum_guard.check(beside(streets, 60, 0), streets, declared="wgs84") == []


@pytest.mark.truth
def test_real_streets_of_ruian(outside_data):
    features = json.loads((outside_data("ruian-osm-micro") / "ruian_core_streets.geojson").read_text(encoding="utf-8"))["features"]
    vertices = np.concatenate([np.array(f["geometry"]["coordinates"]) for f in features])
    streets = vertices[:, 0], vertices[:, 1]
    random = np.random.default_rng(7)
    box = vertices.min(axis=0), vertices.max(axis=0)
    for seed in range(20):
        assert datum_guard.check(beside(streets, 40, seed), streets, declared="wgs84") == []
        anywhere = random.uniform(box[0][0], box[1][0], 40), random.uniform(box[0][1], box[1][1], 40)
        assert datum_guard.check(anywhere, streets, declared="wgs84") == []
        for true in ("gcj02", "bd09"):
            shifted = datum.convert(*beside(streets, 40, seed), source="wgs84", target=true)
            assert [f.facts["likely"] for f in datum_guard.check(shifted, streets, declared="wgs84")] == [true]
