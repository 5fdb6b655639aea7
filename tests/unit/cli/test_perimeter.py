"""``cfmap perimeter``: which gates belong to which school when the tables stand under a department's own headers."""

from __future__ import annotations

import json

import geopandas as gpd
import pytest

from cfmap.cli import cli
from cfmap.cli.boundary import run
from tests.unit.coverage.drawn import lonlat
from tests.unit.network.osm_files import write_osm

PLACES = {1: (-200, 0), 2: (0, 0), 3: (200, 0), 4: (200, 300), 5: (0, 300)}
WAYS = {1: ([1, 2, 3], {"highway": "residential"}), 2: ([3, 4], {"highway": "residential"}), 3: ([4, 5], {"highway": "residential"})}


@pytest.fixture
def town(tmp_path):
    write_osm(tmp_path / "streets.osm.pbf", {k: lonlat(*xy) for k, xy in PLACES.items()}, WAYS)
    at = {k: "{:.7f},{:.7f}".format(*lonlat(*xy)) for k, xy in {"first": (0, 20), "second": (100, 280), "near_second": (60, 300)}.items()}
    (tmp_path / "schools.csv").write_text(f"序号编码,学校名称,经度,纬度\nS1,一小,{at['first']}\nS2,二小,{at['second']}\n", encoding="utf-8")
    rows = "".join(f"{row}\n" for row in (f"G1,一小,{at['near_second']},是,在用,有", f"G2,二小,{at['first']},否,在用,", f"G3,二小,{at['first']},,拟建,"))
    (tmp_path / "gates.csv").write_text(f"编号,所属学校,经度,纬度,学生通行,状态,护学岗\n{rows}", encoding="utf-8")
    return tmp_path


def test_a_gate_is_of_the_school_it_names_not_of_the_nearest(town, capsys):
    given = {"--network": "streets.osm.pbf", "--schools": "schools.csv", "--gates": "gates.csv", "--out": "round.gpkg"}
    assert run(cli, ["perimeter", *(word for name, file in given.items() for word in (name, str(town / file))), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {row["school"]: row["name"] for row in told["schools"]} == {"S1": "一小", "S2": "二小"}
    doors = gpd.read_file(town / "round.gpkg", layer="gates").set_index("school")
    assert doors.loc["S1"].geometry.y > lonlat(0, 250)[1]
    assert doors["kind"].to_dict() == {"S1": "gate", "S2": "assumed"}  # one gate is shut to pupils, the other not there yet
    assert doors.loc["S1", "guarded"]
    assert told["file"] == str(town / "round.gpkg")
    assert len(told["counts"]) == 1
