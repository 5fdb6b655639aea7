"""Short segments are measured in a quick way; not one may differ from the geodesic, rounded."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from cfmap.network.build import segment_mm

GEOD = Geod(ellps="WGS84")


def geodesic_mm(*ends):
    return np.rint(np.asarray(GEOD.inv(*ends)[2]) * 1000).astype(np.int64)


@pytest.mark.parametrize("metres", [0.5, 20, 150, 299, 301, 5000])
@pytest.mark.parametrize("latitude", [0, 27, 49, 69.9, 70.1, 89.9])
def test_ten_thousand_segments_of_each_length_and_latitude(metres, latitude):
    random = np.random.default_rng(7)
    lon, lat = random.uniform(-179.9, 179.9, 10_000), latitude + random.uniform(-0.1, 0.1, 10_000)
    to_lon, to_lat, _ = GEOD.fwd(lon, lat, random.uniform(0, 360, 10_000), random.uniform(0, metres, 10_000))
    for south in (1, -1):
        ends = (lon, south * lat, to_lon, south * to_lat)
        assert np.array_equal(segment_mm(*ends), geodesic_mm(*ends))


@given(st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90))
def test_any_two_places(lon, lat, to_lon, to_lat):
    ends = tuple(np.array([value]) for value in (lon, lat, to_lon, to_lat))
    assert np.array_equal(segment_mm(*ends), geodesic_mm(*ends))
    assert segment_mm(*ends[:2], *ends[:2]) == 0


def test_across_the_date_line_and_no_segments_at_all():
    ends = tuple(np.array([value]) for value in (179.9999, 10.0, -179.9999, 10.0))
    assert segment_mm(*ends) == geodesic_mm(*ends) == pytest.approx(21_930, abs=30)
    assert segment_mm(*(np.zeros(0),) * 4).tolist() == []
