"""``cfmap routes``: from files to a GeoPackage and a few lines, and what is told of files that do not fit."""

from __future__ import annotations

import json

import geopandas as gpd
import pyogrio
import pytest
from shapely import LineString

from cfmap.cli import cli
from cfmap.cli.boundary import run
from tests.unit.coverage.drawn import lonlat
from tests.unit.network.osm_files import write_osm

PLACES = {1: (-100, 0), 2: (-100, -50), 3: (0, 0), 4: (0, 40), 5: (400, 40), 6: (400, 0), 7: (600, 0)}
CALM = {"highway": "residential", "sidewalk": "both", "maxspeed": "30"}
WAYS = {1: ([1, 3], CALM), 2: ([2, 3], CALM), 3: ([3, 4, 5, 6], CALM), 4: ([3, 6], {"highway": "secondary", "sidewalk": "no"}), 5: ([6, 7], CALM)}


@pytest.fixture
def town(tmp_path):
    write_osm(tmp_path / "streets.osm.pbf", {k: lonlat(*xy) for k, xy in PLACES.items()}, WAYS)
    at = {k: "{:.7f},{:.7f}".format(*lonlat(*xy)) for k, xy in PLACES.items()}
    (tmp_path / "schools.csv").write_text(f"编号,名称,学段,经度,纬度\nS1,一小,小学,{at[7]}\n", encoding="utf-8")
    (tmp_path / "people.csv").write_text(f"名称,6–11岁,12–14岁,经度,纬度\n甲,40,9,{at[1]}\n乙,20,4,{at[2]}\n", encoding="utf-8")
    lines = [LineString([lonlat(0, 0), lonlat(300, 0)]), LineString([lonlat(303, 0), lonlat(600, 0)])]
    gpd.GeoDataFrame({"id": ["T1", "T2"], "name": ["东段", "西段"]}, geometry=lines, crs=4326).to_file(tmp_path / "own.geojson")
    return tmp_path


def command(town, *more):
    given = ("--network", "streets.osm.pbf"), ("--schools", "schools.csv"), ("--origins", "people.csv"), ("--out", "routes.gpkg")
    return ["routes", *(word for name, file in given for word in (name, str(town / file))), *more]


def test_routes_are_written_and_told(town, capsys):
    assert run(cli, [*command(town, "--bureau", str(town / "own.geojson")), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "safe routes: 2 to 1 schools, 60 children" in told["counts"]
    assert "proposed: 1, 0.7 km" in told["counts"]
    assert [f["code"] for f in told["faults"]].count("W375") == 1
    assert [str(n) for n, _ in pyogrio.list_layers(town / "routes.gpkg")] == ["proposed", "routes", "compared"]
    (line,) = gpd.read_file(town / "routes.gpkg", layer="proposed").itertuples()
    assert (line.schools, line.children, line.level, round(line.length_m)) == ("一小", 60, 1, 680)


@pytest.mark.parametrize("ages", ["", ",常住人口"])
def test_a_table_without_ages_and_a_school_beyond_the_streets_are_refused_in_words(town, capsys, ages):
    (town / "people.csv").write_text(f"名称,经度,纬度{ages}\n甲,123.0,28.0{',900' if ages else ''}\n", encoding="utf-8")
    assert run(cli, command(town)) == 3
    assert "Traceback" not in capsys.readouterr().err
    assert not (town / "routes.gpkg").exists()


def test_a_gate_that_names_no_school_of_ours_is_told(town, capsys):
    (town / "gates.csv").write_text("编号,名称,所属学校,经度,纬度\ng1,后门,没有这所学校,{:.7f},{:.7f}\n".format(*lonlat(600, 0)), encoding="utf-8")
    assert run(cli, [*command(town, "--gates", str(town / "gates.csv")), "--json"]) == 0
    assert [f["code"] for f in json.loads(capsys.readouterr().out)["faults"]] == ["W390"]


@pytest.mark.parametrize("asked", ["routes", "severance"])
def test_ways_to_kindergarten_are_asked_for_by_the_layer(town, capsys, asked):
    """The same files with a column for the ages 3-5: 40 and 3 small children; without it the question is refused."""
    words = [asked, *command(town, "--layer", "kindergartens", "--json")[1:]]
    assert run(cli, words) == 3
    assert [f["code"] for f in json.loads(capsys.readouterr().out)["faults"]] == ["E389"]
    people = (town / "people.csv").read_text(encoding="utf-8").splitlines()
    (town / "people.csv").write_text("\n".join(f"{row},{more}" for row, more in zip(people, ("3–5岁", 40, 3), strict=True)), encoding="utf-8")
    assert run(cli, words) == 0
    told = json.loads(capsys.readouterr().out)
    said = {"routes": "safe routes: 2 to 1 kindergartens, 43 children", "severance": "children with a walk to kindergartens: 43; without help: 0-0"}
    assert said[asked] in told["counts"]
    layer = gpd.read_file(town / "routes.gpkg", layer={"routes": "proposed", "severance": "origins"}[asked])
    assert set(layer["layer"]) == {"kindergartens"}
