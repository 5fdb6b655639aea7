"""A whole small city goes in, a published edition comes out; every figure worked out by hand."""

from __future__ import annotations

import hashlib
import json

import geopandas as gpd
import pytest

from cfmap.cli import main
from tests.e2e import small_city


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    project = small_city.make(tmp_path_factory.mktemp("city"), settings=small_city.EVERY_LAYER)
    assert main(["--lang", "zh", "build", str(project)]) == 0
    return project / "output" / "2024"


@pytest.fixture(scope="module")
def version(built):
    (folder,) = (built / "versions").iterdir()
    return folder


@pytest.fixture(scope="module")
def indicators(version):
    return {i["id"]: i for i in json.loads((version / "indicators.json").read_text(encoding="utf-8"))["indicators"]}


def test_every_output_is_there_and_the_pointer_leads_to_it(built, version):
    names = {p.name for p in version.iterdir()}
    assert {"index.html", "sites.gpkg", "coverage.gpkg", "sites.parquet", "indicators.json", "indicators.xlsx", "manifest.json"} <= names
    assert f"versions/{version.name}/index.html" in (built / "index.html").read_text(encoding="utf-8")


def test_manifest_names_every_input_and_output_with_its_hash(version, built):
    manifest = json.loads((version / "manifest.json").read_text(encoding="utf-8"))
    for output in manifest["outputs"]:
        assert hashlib.sha256((version / output["path"]).read_bytes()).hexdigest() == output["sha256"]
    project = built.parents[1]
    given = {i["sha256"]: i for i in manifest["inputs"]}
    names = ("network.osm", "2024/childcare.csv", "2024/schools.xlsx", "communities.xlsx", "boundary.geojson", "towns.geojson")
    files = {name: hashlib.sha256((project / "data" / name).read_bytes()).hexdigest() for name in names}
    assert set(files.values()) <= set(given)
    assert {given[files["2024/childcare.csv"]]["path"], given[files["network.osm"]]["path"]} == {"卫健局", "街道数据"}  # the public is told who, not which file
    assert given[files["2024/childcare.csv"]]["rows"] == 10
    assert "data/" not in json.dumps(manifest["inputs"])


def test_sites_are_where_they_were_before_gcj02(version):
    sites = gpd.read_file(version / "sites.gpkg", layer="childcare").set_index("name")
    lon, lat = small_city.lonlat(0.5, 5)
    assert sites.loc["第0托育园"].geometry.x == pytest.approx(lon, abs=2e-7)
    assert sites.loc["第0托育园"].geometry.y == pytest.approx(lat, abs=2e-7)
    assert set(sites["town"]) == {"西镇"}


def test_catchment_is_streets_not_a_circle(version):
    area = gpd.read_file(version / "coverage.gpkg", layer="catchment")
    widest = area[(area["coverage"].str.startswith("childcare"))].to_crs("EPSG:4549").sort_values("metres").iloc[-1].geometry
    assert widest.geom_type in {"Polygon", "MultiPolygon"}
    parts = list(getattr(widest, "geoms", [widest]))
    assert sum(len(p.interiors) for p in parts) > 0, "the inside of a 400 m block is out of reach and stays a hole"


def test_demo_mark_is_in_page_and_tables(version):
    assert "演示数据" in (version / "index.html").read_text(encoding="utf-8")
    assert "演示数据" in (version / "indicators.json").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Two cities of the same input with two layers, each built at the same moment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1735603200")
        projects = [small_city.make(tmp_path_factory.mktemp(name)) for name in ("one", "two")]
        for project in projects:
            assert main(["build", str(project)]) == 0
    return projects


def test_same_input_gives_the_same_bytes(small):
    hashes = []
    for project in small:
        folder = project / "output" / "2024" / "versions" / "000001"
        hashes.append({p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()})
    inputs_differ = {"manifest.json"}  # the workbook of communities carries the time it was saved
    assert {k: v for k, v in hashes[0].items() if k not in inputs_differ} == {k: v for k, v in hashes[1].items() if k not in inputs_differ}


def test_second_build_gives_version_two_and_the_pointer_moves(small):
    built = small[0] / "output" / "2024"
    assert main(["build", str(small[0])]) == 0
    assert sorted(p.name for p in (built / "versions").iterdir()) == ["000001", "000002"]
    assert "versions/000002/index.html" in (built / "index.html").read_text(encoding="utf-8")


def test_earlier_edition_has_fewer_sites(small):
    assert main(["build", str(small[0]), "--edition", "2023"]) == 0
    (folder,) = (small[0] / "output" / "2023" / "versions").iterdir()
    assert len(gpd.read_file(folder / "sites.gpkg", layer="childcare")) == 8
