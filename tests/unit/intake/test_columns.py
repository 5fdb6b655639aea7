"""Their columns, not ours: guessed by name and values, told with a line to paste, remembered."""

from __future__ import annotations

import tomllib

import pytest

from cfmap.intake import load_layer
from cfmap.intake.columns import also, as_faults, as_it_is, questions, remember
from cfmap.model import ConfigError, InputError
from tests.unit.intake.tables import EXTENT, GOOD, LAYERS, SCHOOLS

PLACE = ("layers", "schools", "sources", 0)
THEIRS = ["序号", "单位全称（盖章）", "位置东", "位置北", "办学情况"]
ROWS = [[n, *row] for n, row in enumerate(GOOD, start=1)]


def asked(city):
    source = city.layers["schools"].sources[0]
    return questions(as_it_is(SCHOOLS, source, city, source.path, year=2024), SCHOOLS, source, PLACE, EXTENT), source


def load(city):
    return load_layer(LAYERS["schools"], city, year=2024, extent=EXTENT)


def test_needed_columns_are_guessed_by_their_names_and_their_values(project):
    project.workbook([THEIRS, *ROWS])
    city = project.city('{ path = "data/教育局.xlsx" }')
    found, source = asked(city)
    assert {q.key: q.choices[q.likely[0]].header for q in found} == {"name": "单位全称（盖章）", "lon": "位置东", "lat": "位置北"}
    assert found[0].choices[1].samples == ("第1小学", "第2小学", "第3小学")
    line = 'columns = { "名称" = "单位全称（盖章）", "经度" = "位置东", "纬度" = "位置北" }'
    assert [(f.code, f.facts["line"]) for f in as_faults(found, source)] == [("E210", line), ("E230", line)]


def test_the_line_that_is_told_makes_the_table_readable(project):
    project.workbook([THEIRS, *ROWS])
    with pytest.raises(InputError) as caught:
        load(project.city('{ path = "data/教育局.xlsx" }'))
    line = next(f for f in caught.value.faults if f.code == "E230").facts["line"]
    assert line in next(f for f in caught.value.faults if f.code == "E230").how("zh")
    data = load(project.city(f'{{ path = "data/教育局.xlsx", {line} }}'))
    assert sorted(data.sites["name"]) == sorted(row[0] for row in GOOD)


def test_a_table_of_which_no_header_is_known_is_told_with_the_columns_it_has(project):
    project.csv([["甲", "乙", "丙", "丁"], *GOOD])
    with pytest.raises(InputError) as caught:
        load(project.city('{ path = "data/教育局.csv" }'))
    assert [f.code for f in caught.value.faults] == ["E209", "E210", "E230"]
    assert caught.value.faults[2].facts["line"] == 'columns = { "名称" = "甲", "经度" = "乙", "纬度" = "丙" }'


def test_values_out_of_the_city_are_no_guess(project):
    project.workbook([THEIRS, *([n, name, lon + 3, lat, status] for n, name, lon, lat, status in ROWS)])
    found, _ = asked(project.city('{ path = "data/教育局.xlsx" }'))
    assert {q.key: q.likely for q in found}["lon"] == ()


def test_a_mapped_column_that_was_renamed_is_named_with_the_nearest(project):
    project.workbook([["学校名称", "X坐标值", "纬度", "状态"], *GOOD])
    with pytest.raises(InputError) as caught:
        load(project.city('{ path = "data/教育局.xlsx", columns = { "经度" = "X坐标(东)", status = "状态" } }'))
    (record,) = caught.value.faults
    assert (record.code, record.facts["lost"], record.facts["nearest"]) == ("E229", "X坐标(东)", "X坐标值")
    assert record.facts["line"] == 'columns = { "经度" = "X坐标值", status = "状态" }'


def test_a_header_that_stands_twice_is_chosen_by_its_letter(project):
    project.workbook([["学校名称", "经度", "纬度", "状态", "学校名称"], *([*row, "别的"] for row in GOOD)])
    city = project.city('{ path = "data/教育局.xlsx" }')
    with pytest.raises(InputError) as caught:
        load(city)
    assert [(f.code, f.facts["letters"]) for f in caught.value.faults] == [("E211", "A、E")]
    (question,), _ = asked(city)
    remember(city, [(question, 0)])
    assert tomllib.loads((project.root / "cfmap.toml").read_text())["layers"]["schools"]["sources"][0]["columns"] == {"名称": "A列"}
    from cfmap.model import load_city

    assert "第1小学" in set(load(load_city(project.root)).sites["name"])


@pytest.mark.parametrize(("key", "nearest"), [("经渡", "经度"), ("nmae", "name")])
def test_an_unknown_name_in_columns_is_refused_with_the_nearest(project, key, nearest):
    project.workbook([["学校名称", "经度", "纬度", "状态"], *GOOD])
    with pytest.raises(ConfigError) as caught:
        load(project.city(f'{{ path = "data/教育局.xlsx", columns = {{ "{key}" = "经度" }} }}'))
    assert [(f.code, f.facts["nearest"]) for f in caught.value.faults] == [("E129", nearest)]


def test_units_of_a_mapped_column_are_converted_and_said(project):
    project.workbook([["学校名称", "经度", "纬度", "状态", "用地（亩）", "容量(千人)"], *([*row, 3, "1.2"] for row in GOOD)])
    data = load(project.city('{ path = "data/教育局.xlsx", columns = { "占地面积" = "用地（亩）", "学位数" = "容量(千人)" } }'))
    assert data.sites["area"].tolist() == [2000.0] * 30
    assert data.sites["places"].tolist() == [1200] * 30
    told = [(f.column, f.facts["given"], f.facts["unit"], f.facts["factor"]) for f in data.faults if f.code == "I213"]
    assert told == [("容量(千人)", "千人", "个", "1000"), ("用地（亩）", "亩", "m²", "666.667")]


def test_what_is_known_of_one_sheet_holds_for_the_departments_others(project):
    project.workbook([THEIRS, *ROWS])
    city = project.city('{ path = "data/教育局.xlsx" }, { path = "data/教育局.xlsx", sheet = "学校" }')
    source = city.layers["schools"].sources[1]
    both = [q for n in (0, 1) for q in questions(as_it_is(SCHOOLS, source, city, source.path, year=2024), SCHOOLS, source, (*PLACE[:3], n), EXTENT)]
    (other,) = also(both, both[1], both[1].likely[0])
    assert other == (both[4], both[1].likely[0])
