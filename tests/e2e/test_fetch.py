"""``cfmap fetch``: from a project with an outline to a street network that the next command reads."""

from __future__ import annotations

import pytest
import shapely

from cfmap.cli import main
from cfmap.network import Network
from cfmap.network.clip import header_timestamp
from tests.unit.network.osm_files import write_osm
from tests.unit.network.overpass_standin import Standin

NODES = {1: (10.02, 0.05, {}), 2: (10.04, 0.05, {}), 3: (10.06, 0.05, {}), 4: (10.2, 0.05, {}), 5: (10.05, 0.06, {"amenity": "school", "name": "学校"})}
WAYS = {1: ([1, 2], {"highway": "residential", "name": "甲街"}), 2: ([2, 3], {"highway": "footway"}), 3: ([3, 4], {"highway": "primary"})}


@pytest.fixture
def project(tmp_path):
    (tmp_path / "cfmap.toml").write_text(
        '[city]\nname = "示例市"\n[edition]\nyear = 2024\n[network]\nsource = "data/network.osm.pbf"\nbuffer_m = 500\n[boundary]\ncity = "data/outline.geojson"\n',
        encoding="utf-8",
    )
    (tmp_path / "data").mkdir()
    outline = shapely.to_geojson(shapely.box(10.01, 0.01, 10.09, 0.09))
    (tmp_path / "data" / "outline.geojson").write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "示例市"}, "geometry": ' + outline + "}]}", encoding="utf-8"
    )
    return tmp_path


@pytest.fixture
def run(capsys, monkeypatch):
    """The command's exit code and everything it printed."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    def call(*arguments):
        code = main(["--lang", "zh", *map(str, arguments)])
        shown = capsys.readouterr()
        return code, shown.out + shown.err

    return call


def test_streets_inside_the_outline_are_downloaded_and_readable(project, run):
    with Standin(NODES, WAYS) as server:
        code, output = run("fetch", project, "--overpass", server.url)
    assert code == 0, output
    network = Network.from_file(project / "data" / "network.osm.pbf")
    assert sorted(network.edge_way.tolist()) == [1, 2, 3]
    assert len(network.components) == 1


def test_refusing_server_gives_exit_4_that_names_it_and_the_way_out(project, run):
    with Standin(NODES, WAYS) as server:
        server.script.extend([403] * 10)
        code, output = run("fetch", project, "--overpass", server.url)
    assert code == 4
    assert server.host in output
    assert "--extract" in output
    assert "Traceback" not in output
    assert not (project / "data" / "network.osm.pbf").exists()


def test_regional_extract_is_clipped_to_the_outline(project, run, tmp_path):
    nodes = {i: (lon, lat, tags) for i, (lon, lat, tags) in NODES.items()} | {
        i + 10: (x, y) for i, (x, y) in enumerate([(10.0, 0.0), (10.1, 0.0), (10.1, 0.1), (10.0, 0.1)])
    }
    nodes |= {21: (11.0, 0.05), 22: (11.1, 0.05)}
    region = write_osm(tmp_path / "region.osm.pbf", nodes, WAYS | {9: ([21, 22], {"highway": "path"})}, timestamp="2024-12-31T00:00:00Z")
    code, output = run("fetch", project, "--extract", region)
    assert code == 0, output
    out = project / "data" / "network.osm.pbf"
    assert sorted(Network.from_file(out).edge_way.tolist()) == [1, 2, 3]
    assert header_timestamp(out) == "2024-12-31T00:00:00Z"
