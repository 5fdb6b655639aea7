"""An estate behind gates: residents walk out, nobody walks through, and a shut gate is said to be shut."""

from __future__ import annotations

import json

import geopandas as gpd
import pytest
import shapely

from cfmap.network import Network

pytestmark = pytest.mark.truth
CASES = ("gate_open", "gate_private", "gate_private_gate", "gate_gate_only", "gate_gate_no")


def points(*places):
    return gpd.GeoSeries([shapely.Point(p) for p in places], crs=4326)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("limit_m", [250, 500])
def test_residents_and_passers_by_walk_as_expected(outside_data, case, limit_m):
    folder = outside_data("gated-estate")
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    network = Network.from_osm(folder / f"{case}.osm.pbf")
    kindergarten = network.snap(points(expected["kindergarten_north"]), limit_m=limit_m)
    people = network.snap(points(expected["home"], expected["south_gate_outside"]), limit_m=limit_m)
    resident, passer_by = network.travel(kindergarten).at(people)[0].tolist()
    back = network.travel(people.take([0])).at(kindergarten)[0].tolist()
    wanted = expected["cases"][case]
    if wanted["resident_m"] is None:
        assert resident == -1
        assert back == [-1]
        assert people.status[0] == "island"
        assert [f.why("en") for f in network.faults] == ["estate cut off at node 5/6"]
        assert network.components["gates"].tolist() == [(), (5, 6)]
    else:
        assert resident / 1000 == pytest.approx(wanted["resident_m"], abs=expected["tolerance_m"])
        assert back == [resident]
        assert network.faults == ()
    assert passer_by / 1000 == pytest.approx(wanted["through_m"], abs=expected["tolerance_m"])
