"""In which plane a place is measured."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod
from shapely import LineString

from cfmap.geometry.crs import geometries_to_plane, geometry_to_lonlat, metric_crs


@pytest.mark.parametrize(
    ("lon", "lat", "epsg"),
    [
        (75.0, 39.0, 4534),  # the westernmost zone
        (114.06, 22.54, 4547),  # 114 E
        (120.65, 27.78, 4549),  # 120 E
        (116.4, 39.9, 4548),  # 117 E
        (135.1, 48.4, 4554),  # the easternmost zone
        (73.5, 39.0, 4534),  # west of the first meridian there is no other zone
        (24.9, 60.2, 32635),  # Helsinki: UTM 35 N
        (8.7, 49.4, 32632),  # Heidelberg: UTM 32 N
        (-8.6, 41.1, 32629),  # Porto
        (151.2, -33.9, 32756),  # southern half
        (180.0, 0.0, 32660),
    ],
)
def test_zone_follows_the_centre(lon, lat, epsg):
    assert metric_crs(lon, lat).to_epsg() == epsg


def test_setting_wins_over_the_centre():
    assert metric_crs(24.9, 60.2, setting="EPSG:4549").to_epsg() == 4549


@pytest.mark.parametrize("centre", [(float("nan"), 0.0), (190.0, 0.0), (120.0, 95.0)])
def test_a_centre_that_is_no_place_is_refused(centre):
    with pytest.raises(ValueError, match="no metric CRS"):
        metric_crs(*centre)


@pytest.mark.parametrize("lon", [118.5, 119.2, 120.0, 121.4])
def test_lengths_in_the_zone_are_true_to_270_ppm(lon):
    line = LineString([(lon, 27.8), (lon + 0.01, 27.805)])
    plane = geometries_to_plane(np.array([line], dtype=object), metric_crs(lon, 27.8))[0]
    assert plane.length == pytest.approx(Geod(ellps="WGS84").geometry_length(line), rel=270e-6)


def test_there_and_back_is_within_a_micrometre():
    line = LineString([(120.6, 27.8), (120.61, 27.805)])
    crs = metric_crs(120.6, 27.8)
    back = geometry_to_lonlat(geometries_to_plane(np.array([line], dtype=object), crs)[0], crs)
    assert np.abs(np.array(back.coords) - np.array(line.coords)).max() < 1e-11
