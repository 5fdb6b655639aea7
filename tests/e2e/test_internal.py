"""The internal edition: findings where they are, a bureau's own layer, proposed sites; none of it in the public one."""

from __future__ import annotations

import csv
import json

import pytest
import shapely
from shapely import Point

from cfmap.cli import main
from cfmap.publish import page_check
from tests.e2e import small_city

SECTION = """
[internal]
layers = [{ path = "data/planned.geojson", title = "规划道路", title_en = "planned roads", colour = "#0b57d0" }]
scenario = { path = "data/proposed.csv", title = "新建方案" }
"""


@pytest.fixture
def project(tmp_path):
    folder = small_city.make(tmp_path)
    (folder / "cfmap.toml").write_text(small_city.SETTINGS + SECTION, encoding="utf-8")
    line = {"type": "LineString", "coordinates": [small_city.lonlat(1, 1), small_city.lonlat(4, 4)]}
    (folder / "data/planned.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"note": "canary-note"}, "geometry": line}]}), encoding="utf-8"
    )
    with (folder / "data/proposed.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["名称", "经度", "纬度"], ["拟建园", *small_city.lonlat(5, 5)]])
    rows = small_city.school_rows()
    small_city.schools_xlsx(folder, [*rows, ["X001", "重复小学", *small_city.lonlat(6, 6), 2022, "在用"]] + [[f"Y{n:02d}", f"好{n}小学", *small_city.lonlat(1, 1 + n / 4), 2022, "在用"] for n in range(12)])  # fmt: skip
    return folder


def test_internal_page_shows_them_and_the_public_one_knows_nothing(project):
    assert main(["build", str(project), "--internal"]) == 0
    pointer = project / "output/2024-internal"
    page = pointer / "versions/000001/index.html"
    data = page_check.blocks(page)["cfmap-internal"]
    doubled = next(f for f in data["findings"] if f["code"] == "E221")
    assert "重复" in doubled["zh"][0]
    at = Point(doubled["lon"] / 1e5, doubled["lat"] / 1e5)
    assert at.distance(Point(small_city.lonlat(6, 6))) < 2e-5
    assert [o["title"] for o in data["overlays"]] == ["规划道路"]
    assert data["scenario"]["sites"][0][0] == "拟建园"
    assert data["scenario"]["reach"] != ""
    text = page.read_text(encoding="utf-8")
    assert "canary-note" not in text
    inputs = {i["path"] for i in json.loads((page.parent / "manifest.json").read_text(encoding="utf-8"))["inputs"]}
    assert {"data/planned.geojson", "data/proposed.csv"} <= inputs

    assert main(["build", str(project)]) == 0
    folder = project / "output/2024/versions/000001"
    for path in folder.iterdir():
        for trace in ("拟建园", "规划道路", "planned.geojson", "proposed.csv", "重复小学"):
            assert trace.encode() not in path.read_bytes()


def test_reach_of_a_proposed_site_is_its_own(project):
    """Fifteen minutes at 4 km/h are 1,000 m: along the streets to (7.5, 5) and not to (8, 5)."""
    from cfmap import pipeline
    from cfmap.pipeline.computing import with_inside

    inputs = pipeline.read_inputs(project)
    edition = with_inside(pipeline.compute(inputs, public=False), inputs)
    reach = edition.inside.scenario.reach.union_all()
    assert shapely.contains(reach, Point(small_city.lonlat(7.4, 5)))
    assert not shapely.contains(reach, Point(small_city.lonlat(7.7, 5)))


@pytest.mark.parametrize(
    ("line", "code", "exit_code"),
    [
        ('layers = [{ path = "data/none.gpkg", title = "甲" }]', "E200", 3),
        ('layers = [{ path = "../x.gpkg", title = "甲" }]', "E104", 2),
        ('layers = [{ path = "data/planned.geojson", title = "甲", color = "#000000" }]', "E103", 2),
        ('scenario = { path = "data/none.csv", title = "甲" }', "E200", 3),
    ],
)
def test_what_cannot_be_read_is_told(project, capsys, line, code, exit_code):
    (project / "cfmap.toml").write_text(small_city.SETTINGS + "\n[internal]\n" + line + "\n", encoding="utf-8")
    assert main(["build", str(project), "--internal"]) == exit_code
    assert code in capsys.readouterr().err
