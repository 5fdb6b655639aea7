"""A new city starts with settings that are valid, templates that can be read, and nothing that pretends to be data."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile

import openpyxl
import pytest

from cfmap.intake.table import read_table
from cfmap.intake.templates import GUIDE_SHEET
from cfmap.model import City, ConfigError, InputError, find_layers, load_city
from cfmap.model.schema import AGE_BANDS
from cfmap.scaffold import DEPARTMENTS, init


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("new") / "甲市"
    return folder, init(folder, city_name="甲市", year=2024)


def _sheet(folder, department, title):
    return openpyxl.load_workbook(folder / "data" / "2024" / f"{department}.xlsx")[title]


def test_everything_made_is_listed_and_nothing_else_is_there(project):
    folder, files = project
    assert set(files) == {p for p in folder.rglob("*") if p.is_file()}
    assert files[0] == folder / "cfmap.toml"
    assert not [p for p in folder.parent.iterdir() if p != folder]  # no half-made folder left


def test_settings_are_valid_and_have_every_section(project):
    folder, _ = project
    city = load_city(folder)
    assert (city.city.name, city.edition.year, city.edition.editions) == ("甲市", 2024, (2024,))
    written = tomllib.loads((folder / "cfmap.toml").read_text(encoding="utf-8"))
    assert set(written) == set(City.model_fields) - {"root"}
    for name in sorted(set(written) - {"layers"}):
        text = (folder / "cfmap.toml").read_text(encoding="utf-8")
        body = re.search(rf"^\[{name}\].*?(?=^\[|\Z)", text, flags=re.MULTILINE | re.DOTALL)[0]
        for key in City.model_fields[name].annotation.model_fields:
            assert re.search(rf"^(# )?{key} = ", body, flags=re.MULTILINE), f"[{name}] {key} is not explained"


def test_new_city_has_the_standard_layers_each_with_a_section(project):
    city = load_city(project[0])
    layers = find_layers(city, packs=False)
    assert set(city.layers) == set(layers)
    assert not (project[0] / "layers").exists()
    for key, layer in layers.items():
        assert [s.osm for s in city.layers[key].sources] == ([True] if layer.osm else [])


def test_settings_stay_valid_when_every_line_is_uncommented(project):
    text = (project[0] / "cfmap.toml").read_text(encoding="utf-8")
    everything = re.sub(r"^(\s*)# (?=\{ path|overpass_url = |city = |towns = |table = |sheet = |data_date = )", r"\1", text, flags=re.MULTILINE)
    example = re.sub(r"^# (?=\[layers\.milk|title|icon = |colour = \"#a|group = |sources = )", "", everything, flags=re.MULTILINE)
    (project[0].parent / "all").mkdir()
    (project[0].parent / "all" / "cfmap.toml").write_text(example, encoding="utf-8")
    city = load_city(project[0].parent / "all")
    layers = find_layers(city, packs=False)
    assert layers["milk_stations"].title == "母乳喂养驿站"
    for key, layer in layers.items():
        source = city.layers[key].sources[0]
        assert source.path, key
        if layer.geometry == "Point" and key != "milk_stations":
            path = project[0] / source.path.replace("{year}", "2024")
            assert source.sheet in openpyxl.load_workbook(path, read_only=True).sheetnames
        else:
            assert not source.sheet


def test_every_point_layer_is_asked_of_a_department(project):
    asked = [key for keys in DEPARTMENTS.values() for key in keys]
    layers = find_layers(load_city(project[0]), packs=False)
    assert sorted(asked) == sorted(key for key, layer in layers.items() if layer.geometry == "Point")


def test_sheets_start_empty_and_samples_are_marked(project):
    folder, _ = project
    for path in folder.rglob("*.xlsx"):
        book = openpyxl.load_workbook(path)
        for sheet in book.worksheets[:-1]:
            assert sheet.max_row == 2, f"{path.name} {sheet.title}"
            assert str(sheet["A2"].value) == "示例-001"
        assert book.sheetnames[-1] == GUIDE_SHEET
    guide = [c.value for row in _sheet(folder, "教育局", GUIDE_SHEET).iter_rows() for c in row if c.value]
    assert "示例-001" in guide
    assert "示例：某某中小学校" in guide


def test_drop_downs_limits_and_text_ids(project):
    sheet = _sheet(project[0], "卫生健康局", "托育机构")
    headers = [c.value for c in sheet[1]]
    rules = {str(v.sqref).split(":")[0]: v for v in sheet.data_validations.dataValidation}

    def rule(header):
        return rules[sheet.cell(2, headers.index(header) + 1).coordinate]

    assert rule("普惠性").formula1 == '"是,否"'
    assert rule("状态").formula1 == '"在用,在建,规划,关闭,未知"'
    assert (rule("托位数（个）").type, rule("托位数（个）").operator, rule("托位数（个）").formula1) == ("whole", "greaterThanOrEqual", "0")
    assert (rule("经度（度）").formula1, rule("经度（度）").formula2) == ("73", "136")
    assert rule("托位数（个）").prompt == "3岁以下婴幼儿托位总数"
    assert sheet.column_dimensions["A"].number_format == "@"  # 编号: leading zeros stay
    assert "名称*" in headers


def test_filled_template_is_read_with_every_column_known(project, tmp_path):
    path = tmp_path / "教育局.xlsx"
    book = openpyxl.load_workbook(project[0] / "data" / "2024" / "教育局.xlsx")
    sheet = book["中小学校"]
    given = {"编号": "007", "名称*": "第一小学", "经度（度）": 123.004567, "纬度（度）": 28.004567, "学段": "小学", "在校生（人）": 600}
    for column, cell in enumerate(sheet[1], start=1):
        sheet.cell(3, column, given.get(cell.value))
    book.save(path)
    from cfmap.intake import load_layer

    city = City.model_validate(
        {
            "root": tmp_path,
            "city": {"name": "甲市"},
            "edition": {"year": 2024},
            "network": {"source": "x"},
            "layers": {"schools": {"sources": [{"path": "教育局.xlsx", "sheet": "中小学校"}]}},
        }
    )
    data = load_layer(find_layers(city, packs=False)["schools"], city, year=2024)
    assert [f for f in data.faults if f.level != "info"] == []
    assert data.sites.loc[0, ["id", "name", "stage", "pupils"]].to_list() == ["007", "第一小学", "小学", 600]


def test_population_template_has_every_age_band(project):
    headers = [c.value for c in openpyxl.load_workbook(project[0] / "data" / "communities.xlsx").worksheets[0][1]]
    for title, *_ in AGE_BANDS.values():
        assert f"{title}（人）" in headers


def test_filled_population_template_is_read(project, tmp_path):
    from cfmap.intake import read_population

    book = openpyxl.load_workbook(project[0] / "data" / "communities.xlsx")
    sheet = book.worksheets[0]
    given = {"编号": "01", "名称*": "甲社区", "乡镇街道": "东镇", "经度（度）": 123.004567, "纬度（度）": 28.004567, "0–2岁（人）": 30, "常住人口（人）": 900}
    for column, cell in enumerate(sheet[1], start=1):
        sheet.cell(3, column, given.get(cell.value))
    book.save(tmp_path / "communities.xlsx")
    city = City.model_validate(
        {
            "root": tmp_path,
            "city": {"name": "甲市"},
            "edition": {"year": 2024},
            "network": {"source": "x"},
            "population": {"table": "communities.xlsx"},
        }
    )
    population = read_population(city)
    assert population.points.loc["01", ["name", "town", "pop_0_2", "pop_total"]].to_list() == ["甲社区", "东镇", 30, 900]
    assert population.points["pop_3_5"].isna().all()  # an empty cell is unknown, not zero
    assert [f for f in population.faults if f.level == "error"] == []


def test_folder_with_something_in_it_is_refused_and_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        init(tmp_path, city_name="甲市")
    assert [f.code for f in raised.value.faults] == ["E120"]
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "city").write_text("", encoding="utf-8")
    with pytest.raises(ConfigError):
        init(tmp_path / "city", city_name="甲市")


def test_empty_folder_under_version_control_is_empty_enough(tmp_path):
    (tmp_path / ".git").mkdir()
    assert (tmp_path / "cfmap.toml") in init(tmp_path, city_name="甲市")


def test_city_name_cannot_break_the_settings(tmp_path):
    name = '甲"市\\ {x} [city]'
    init(tmp_path / "a", city_name=name + "\n\x7f")
    assert load_city(tmp_path / "a").city.name == name


def test_check_of_a_new_project_says_what_comes_next(project):
    done = subprocess.run(
        [sys.executable, "-m", "cfmap", "--lang", "zh", "check", str(project[0])],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 3
    assert "data/network.osm.pbf" in said
    assert "cfmap fetch" in said
    assert "Traceback" not in said


def test_templates_are_proper_packages(project):
    for path in project[0].rglob("*.xlsx"):
        with zipfile.ZipFile(path) as package:
            assert package.testzip() is None


def test_template_that_nobody_filled_in_is_named_as_empty(project):
    from cfmap.intake.headers import known_headers

    layer = find_layers(load_city(project[0]), packs=False)["schools"]
    with pytest.raises(InputError) as raised:
        read_table(project[0] / "data" / "2024" / "教育局.xlsx", known_headers=known_headers(layer), sheet="中小学校")
    assert [f.code for f in raised.value.faults] == ["E208"]


def test_starting_a_city_loads_no_geography():
    code = (
        "import sys, tempfile, pathlib; from cfmap.scaffold import init; init(pathlib.Path(tempfile.mkdtemp()) / 'a', city_name='a'); "
        "print([m for m in ('geopandas', 'pandas', 'folium', 'osmnx', 'numba', 'scipy', 'shapely') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[]"


def test_with_a_boundary_templates_take_coordinates_round_the_city_alone(tmp_path):
    outline = tmp_path / "界.geojson"
    outline.write_text('{"type": "Polygon", "coordinates": [[[123, 28], [123.4, 28], [123.4, 28.3], [123, 28.3], [123, 28]]]}', encoding="utf-8")
    init(tmp_path / "city", city_name="甲市", year=2024, boundary=outline)
    assert load_city(tmp_path / "city").boundary.city == "data/boundary.geojson"
    rules = _sheet(tmp_path / "city", "教育局", "中小学校").data_validations.dataValidation
    assert [(r.formula1, r.formula2) for r in rules if r.promptTitle == "经度（度）"] == [("122.95", "123.45")]


def test_a_boundary_that_cannot_be_read_makes_no_project(tmp_path):
    (tmp_path / "界.geojson").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError):
        init(tmp_path / "city", city_name="甲市", boundary=tmp_path / "界.geojson")
    assert not (tmp_path / "city").exists()
