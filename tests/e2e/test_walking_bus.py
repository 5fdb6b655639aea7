"""Walking buses of a whole city: what is written, what is said, and that no home and no child is in any of it."""

from __future__ import annotations

import json
import random
import shutil
import struct
import sys
import zipfile

import geopandas as gpd
import openpyxl
import pypdfium2
import pytest
import shapely

from cfmap.cli import main
from cfmap.model.walking_bus import BusRules
from cfmap.pipeline import read_inputs, sites
from cfmap.planning.bus_asked import walking_bus_asked
from cfmap.publish import contents
from tests.e2e import small_city
from tests.e2e.small_city import lonlat

CHILD = "canary赵小满"


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    folder = small_city.make(tmp_path_factory.mktemp("bus") / "city", settings=small_city.settings("safe_routes", "school_gates"))
    small_city.schools_xlsx(
        folder, [["编号", "名称", "经度", "纬度", "状态"], ["S1", "第一小学", *lonlat(5.1, 5), "在用"], ["S2", "+第二/小学", *lonlat(1.1, 1), "在用"]]
    )
    return folder


@pytest.fixture(scope="module")
def homes(city):
    """Children round junctions, a few alone; every coordinate is one that stands nowhere else."""
    rng = random.Random(4)
    found = [
        (*(round(c + rng.uniform(-0.0006, 0.0006), 7) for c in lonlat(x, y)), school, "是")
        for x, y, school, n in ((6, 6, "第一小学", 9), (7, 5, "S1", 4), (4, 7, "S1", 12), (5, 3, "S1", 3), (3, 1, "S2", 5), (2, 2, "S2", 1))
        for _ in range(n)
    ]
    return [*found, (*lonlat(6.01, 6.01), "S1", "否"), (*lonlat(6.02, 6.01), "不认识的学校", "是")]


@pytest.fixture(scope="module")
def table(city, homes):
    rows = ["编号,经度,纬度,学校,监护人同意,备注", *(f"{CHILD}{k},{lon},{lat},{school},{yes},{CHILD}的家" for k, (lon, lat, school, yes) in enumerate(homes))]
    path = city.parent / "报名表.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def made(city, table, tmp_path_factory):
    """Both editions of the plan: folder, what was said for programs."""
    said = {}
    for name in ("internal", "public"):
        out = tmp_path_factory.mktemp(name)
        log = out.parent / f"{name}.json"
        with log.open("w", encoding="utf-8") as stream, pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdout", stream)
            assert (
                main(
                    [
                        "--lang",
                        "zh",
                        "walking-bus",
                        str(city),
                        "--children",
                        str(table),
                        "--out",
                        str(out),
                        "--json",
                        *(["--public"] if name == "public" else []),
                    ]
                )
                == 0
            )
        said[name] = out, json.loads(log.read_text(encoding="utf-8")), log
    return said


def test_children_are_served_or_counted_with_the_reason(made, homes):
    _, said, _ = made["internal"]
    first, second = said["schools"]
    assert (first["children"], second["children"]) == (28, 6)
    assert first["served"] + sum(first["unserved"].values()) == 28
    assert second == {"school": "S2", "name": "+第二/小学", "lines": 1, "children": 6, "served": 5, "unserved": {"few": 1}, "proven": True, "more": 0}
    assert said["without_consent"] == 1
    assert {f["code"] for f in said["faults"]} >= {"W398", "I395"}


def test_layers_workbook_and_table_say_the_same(made):
    out, _, _ = made["internal"]
    lines, stops = (gpd.read_file(out / "walking-bus.gpkg", layer=f"walking_bus_{name}") for name in ("lines", "stops"))
    assert lines.geom_type.eq("LineString").all()
    assert stops.geom_type.eq("Point").all()
    assert (stops.groupby("line_id")["children"].sum() == lines.set_index("id")["children"]).all()
    assert stops["children"].min() >= 3
    book = openpyxl.load_workbook(out / "walking-bus.xlsx")
    assert book.sheetnames == ["线路", "站点和时刻", "没排上的", "说明"]
    assert [row[0] for row in book["线路"].iter_rows(min_row=3, values_only=True)] == lines["name"].tolist()
    assert [row[3] for row in book["站点和时刻"].iter_rows(min_row=3, values_only=True)] == stops["leaves"].tolist()
    csv = (out / "walking-bus-stops.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(csv) == len(stops) + 1
    assert not any(cell.startswith(("=", "+")) for line in csv for cell in line.split(",")), "no cell becomes a formula"


def test_every_line_has_a_sheet_with_its_stops_and_room_for_adults(made):
    out, said, _ = made["internal"]
    stops = gpd.read_file(out / "walking-bus.gpkg", layer="walking_bus_stops")
    for name, mine in stops.groupby("line"):
        document = pypdfium2.PdfDocument(out / f"{name.replace('/', '_')}.pdf")
        assert len(document) == 1
        text = "".join(document[0].get_textpage().get_text_bounded().split())
        for stop in mine.itertuples():
            assert stop.leaves in text
            assert stop.name in text
        assert "领头" in text
        assert "替班" in text
        assert "演示数据" in text
    assert sum(s["lines"] for s in said["schools"]) == len(list(out.glob("*.pdf"))) == stops["line"].nunique()


def test_the_public_edition_has_no_number_of_children(made):
    out, _, _ = made["public"]
    lines, stops = (gpd.read_file(out / "walking-bus.gpkg", layer=f"walking_bus_{name}") for name in ("lines", "stops"))
    assert not {"children", "adults"} & {*lines.columns, *stops.columns}
    assert openpyxl.load_workbook(out / "walking-bus.xlsx").sheetnames == ["线路", "站点和时刻", "说明"]
    assert not {"children", "孩子（人）"} & {text for path in out.iterdir() for _, text in contents.texts(path)}
    for path in out.glob("*.pdf"):
        text = "".join(pypdfium2.PdfDocument(path)[0].get_textpage().get_text_bounded().split())
        assert "个孩子，需要" not in text


def test_lines_and_stops_are_sources_of_layers_on_the_public_map(made, city, tmp_path):
    project = shutil.copytree(city, tmp_path / "city")
    shutil.copy(made["public"][0] / "walking-bus.gpkg", project / "data" / "walking-bus.gpkg")
    with (project / "cfmap.toml").open("a", encoding="utf-8") as settings:
        settings.write(
            """
[layers.safe_routes]
sources = [{ path = "data/walking-bus.gpkg", sheet = "walking_bus_lines" }]
[layers.walking_bus_stops]
title = "步行巴士站点"
group = "way"
sources = [{ path = "data/walking-bus.gpkg", sheet = "walking_bus_stops" }]
fields.line = { title = "线路", public = true }
fields.leaves = { title = "离站", public = true }
"""
        )
    lines, stops = sites("safe_routes", project), sites("walking_bus_stops", project)
    written = gpd.read_file(project / "data" / "walking-bus.gpkg", layer="walking_bus_stops")
    assert set(lines["kind"]) == {"步行巴士"}
    assert lines["length_m"].notna().all()
    assert stops["leaves"].tolist() == written["leaves"].tolist()
    assert set(stops["line"]) == set(lines["name"])


def test_no_home_and_no_child_is_in_any_file(made, homes):
    wanted = {CHILD.encode(), "赵小满".encode("utf-16-le")}
    for lon, lat, *_ in homes:
        for value in (lon, lat):
            wanted |= {struct.pack("<d", value), struct.pack(">d", value), f"{value:.6f}".encode(), f"{value:.5f}".encode()}
    searched = 0
    for out, _, log in made.values():
        for path in [*out.iterdir(), log]:
            data = [path.read_bytes(), *(text.encode() for _, text in contents.texts(path) if path != log)]
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as parts:
                    data += [parts.read(name) for name in parts.namelist()]
            if path.suffix == ".pdf":
                data += [page.get_textpage().get_text_bounded().encode() for page in pypdfium2.PdfDocument(path)]
            searched += len(data)
            assert not [w for w in wanted for d in data if w in d], path.name
    assert searched > 30


def test_stops_lie_on_junctions_and_not_at_homes(made, homes):
    stops = gpd.read_file(made["internal"][0] / "walking-bus.gpkg", layer="walking_bus_stops")
    crossings = shapely.MultiPoint([lonlat(x, y) for x in range(11) for y in range(11)])
    assert shapely.distance(stops.geometry.to_numpy(), crossings).max() < 1e-6
    limit = BusRules().stop_m
    for stop in stops.geometry:
        near = [h for h in homes if abs(h[0] - stop.x) * 98_200 < limit and abs(h[1] - stop.y) * 110_850 < limit]
        assert len(near) >= 3


@pytest.fixture(scope="module")
def inputs(city, table, tmp_path_factory):
    """Of an edition whose settings name the table."""
    project = shutil.copytree(city, tmp_path_factory.mktemp("edition") / "city")
    with (project / "cfmap.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'[safety.walking_bus]\nchildren = "{table.as_posix()}"\n')
    return read_inputs(project)


def asked(inputs):
    return walking_bus_asked(inputs.streets.network, inputs.layers, inputs.joining, inputs.city, answers=inputs.answers)


def test_an_edition_has_the_plan_of_the_command(made, inputs):
    found, _ = asked(inputs)
    out, said, _ = made["internal"]
    for frame, name in ((found.lines, "lines"), (found.stops, "stops")):
        written = gpd.read_file(out / "walking-bus.gpkg", layer=f"walking_bus_{name}")
        assert frame.drop(columns="geometry").astype(str).to_dict() == written[list(frame.columns)].drop(columns="geometry").astype(str).to_dict()
        assert shapely.equals_exact(frame.geometry.to_numpy(), written.geometry.to_numpy(), 1e-9).all()
    columns = ["school_id", "school", "lines", "children", "served"]
    assert found.schools[columns].to_numpy().tolist() == [[s[k] for k in ("school", "name", "lines", "children", "served")] for s in said["schools"]]
    assert found.without_consent == said["without_consent"]
    assert {f.code for f in inputs.faults} >= {"W398", "I395"}
    assert not [i for i in inputs.files if "报名表" in i.path]


def test_without_ortools_an_edition_says_so_and_has_none(inputs, monkeypatch):
    monkeypatch.setitem(sys.modules, "ortools.sat.python", None)
    found, faults = asked(inputs)
    assert (found, [f.code for f in faults]) == (None, ["W415"])
    assert 'pip install "cfmap[planning]"' in faults[0].how("zh")


def test_where_no_line_is_possible_words_say_why(city, tmp_path, capsys):
    rows = ["经度,纬度,学校,同意人数", ",".join(map(str, (*lonlat(7.05, 5.05), "S1", 2)))]
    path = tmp_path / "few.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    assert main(["--lang", "zh", "walking-bus", str(city), "--children", str(path), "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().err
    assert "W399" in said
    assert "第一小学：一条步行巴士也排不出来" in said
    assert "2 个孩子附近的路口凑不够 3 个孩子" in said
    assert len(gpd.read_file(tmp_path / "out" / "walking-bus.gpkg", layer="walking_bus_lines")) == 0


def test_without_ortools_nothing_is_read(city, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "ortools.sat.python", None)
    assert main(["--lang", "en", "walking-bus", str(city), "--children", str(tmp_path / "nowhere.csv")]) == 4
    assert 'pip install "cfmap[planning]"' in capsys.readouterr().err
