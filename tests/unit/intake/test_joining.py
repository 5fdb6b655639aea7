"""Who joins a walking bus is read without anything that names a child, and only with consent."""

from __future__ import annotations

import geopandas as gpd
import pytest

from cfmap.intake.joining import Joining, at_schools, joining_of, read_joining
from cfmap.intake.marked import give_back
from cfmap.model import InputError
from cfmap.model.errors import SafetyRefusal
from tests.factories import tiny_city

HOME = "122.9583217,28.2047113"


def table(tmp_path, *rows):
    path = tmp_path / "报名表.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_only_a_clear_yes_is_read_and_everything_else_is_counted(tmp_path):
    rows = [
        "经度,纬度,学校,监护人同意,备注",
        f"{HOME},一小,是,canary",
        f"{HOME},一小,否,",
        f"{HOME},一小,,",
        f"{HOME},一小,再说,",
        f"{HOME},,是,",
        ",,一小,是,",
    ]
    found = read_joining(table(tmp_path, *rows))
    assert found.points.drop(columns="geometry").to_dict("records") == [{"school": "一小", "children": 1, "row": 2}]
    assert list(found.points) == ["school", "children", "row", "geometry"]
    assert found.without_consent == 3
    assert [(f.code, f.facts.get("rows")) for f in found.faults if f.code in {"W396", "W397", "I395"}] == [("W396", "6"), ("W397", "7"), ("I395", "3、4、5")]


def test_the_word_of_the_question_is_a_yes_and_an_empty_table_is_no_matter_of_a_layer(tmp_path):
    assert len(read_joining(table(tmp_path, "经度,纬度,学校,监护人同意", f"{HOME},一小,同意", f"{HOME},一小,不同意")).points) == 1
    with pytest.raises(InputError) as told:
        read_joining(table(tmp_path, "经度,纬度,学校,监护人同意"))
    assert [f.code for f in told.value.faults] == ["E397"]


def test_an_estate_has_the_number_of_its_children_with_consent(tmp_path):
    found = read_joining(table(tmp_path, "小区,经度,纬度,学校,同意人数", f"甲苑,{HOME},一小,12", f"乙苑,{HOME},一小,0", f"丙苑,{HOME},一小,几个"))
    assert found.points["children"].tolist() == [12]
    assert [(f.code, f.facts["rows"]) for f in found.faults if f.code == "W395"] == [("W395", "4")]
    counted = read_joining(table(tmp_path, "经度,纬度,学校,监护人同意,人数", f"{HOME},一小,是,4", f"{HOME},一小,否,5"))
    assert (counted.points["children"].tolist(), counted.without_consent) == ([4], 5)


@pytest.mark.parametrize("header", ["学生姓名", "姓名", "家长电话", "家庭住址", "身份证号", "出生日期"])
def test_a_table_that_names_anybody_is_refused_whole(tmp_path, header):
    with pytest.raises(SafetyRefusal) as refused:
        read_joining(table(tmp_path, f"经度,纬度,学校,监护人同意,{header}", f"{HOME},一小,是,张小明"))
    assert refused.value.exit_code == 5
    assert "张小明" not in "".join(f.render("zh") for f in refused.value.faults)


@pytest.mark.parametrize(
    ("header", "code"), [("经度,纬度,学校", "E395"), ("经度,纬度,监护人同意", "E396"), ("学校,监护人同意", "E230"), ("经度,纬度,学校,监护人同意", "E397")]
)
def test_what_is_missing_is_said_and_how_to_add_it(tmp_path, header, code):
    with pytest.raises(InputError) as told:
        read_joining(
            table(
                tmp_path,
                header,
                ",".join({"经度": HOME.split(",")[0], "纬度": HOME.split(",")[1], "学校": "一小", "监护人同意": "否"}[h] for h in header.split(",")),
            )
        )
    assert told.value.faults[0].code == code


def test_no_message_says_where_somebody_lives(tmp_path):
    rows = [
        "经度,纬度,学校,监护人同意",
        f"{HOME},一小,是",
        "28.2047113,122.9583217,一小,是",
        "1229.583217,28.2047113,一小,是",
        "看不懂122.9583217,28.2,一小,是",
    ]
    for given in (rows, rows[:1] + rows[2:3], [*rows[:1], *rows[2:]], [rows[0], rows[4]]):
        try:
            faults = read_joining(table(tmp_path, *given)).faults
        except InputError as error:
            faults = error.faults
        said = "".join(str(f.record()) for f in faults)
        assert faults
        assert "583217" not in said
        assert "047113" not in said


def test_areas_stand_for_a_place_inside(tmp_path):
    import geopandas as gpd
    from shapely import box

    path = tmp_path / "小区.gpkg"
    gpd.GeoDataFrame({"学校": ["一小"], "同意人数": [8]}, geometry=[box(122.95, 28.2, 122.952, 28.202)], crs=4326).to_file(path)
    point = read_joining(path).points.geometry[0]
    assert (round(point.x, 3), round(point.y, 3)) == (122.951, 28.201)


def city_of(root, name):
    return tiny_city(root, safety={"walking_bus": {"children": name}})


def test_an_edition_of_the_settings_year_alone_asks_who_joins_now(tmp_path):
    outside = table(tmp_path, "经度,纬度,学校,同意人数", f"{HOME},一小,12")
    project = tmp_path / "project"
    project.mkdir()
    city = city_of(project, str(outside))
    assert joining_of(city, 2024).points["children"].tolist() == [12]
    assert joining_of(city_of(project, "../报名表.csv"), 2024).points["children"].tolist() == [12]
    assert joining_of(city, 2023) is None
    assert joining_of(tiny_city(project), 2024) is None
    with pytest.raises(InputError) as stop:
        joining_of(city_of(project, "../nowhere.csv"), 2024)
    assert [(f.code, f.file) for f in stop.value.faults] == [("E200", "[safety.walking_bus] nowhere.csv")]


def test_no_marked_copy_is_made_of_where_children_live(tmp_path):
    table(tmp_path, "经度,纬度,学校,同意人数", f"{HOME},一小,12", f"{HOME},一小,几个")
    city = city_of(tmp_path, "报名表.csv")
    faults = joining_of(city, 2024).faults
    assert [f.code for f in faults] == ["W395"]
    assert give_back(faults, city, tmp_path / "returned") == {}


def test_schools_are_known_by_id_or_by_a_name_that_only_one_has():
    points = gpd.GeoDataFrame(
        {"school": ["一小", "S2", "同名", "别处"], "children": [1, 2, 4, 8], "row": [2, 3, 5, 9]}, geometry=gpd.points_from_xy([0] * 4, [0] * 4), crs=4326
    )
    schools = gpd.GeoDataFrame({"id": ["S1", "S2", "S3", "S4"], "name": ["一小", "二小", "同名", "同名"]}, geometry=gpd.points_from_xy([0] * 4, [0] * 4))
    found = at_schools(Joining(points, 0, (), "报名表.csv"), schools)
    assert list(found.points) == ["school", "children", "geometry"]  # no row of the table goes on from here
    assert dict(zip(found.points["school"], found.points["children"], strict=True)) == {"S1": 1, "S2": 2}
    assert [(f.code, f.file, f.facts["count"], f.facts["rows"]) for f in found.faults] == [("W398", "报名表.csv", 12, "5、9")]
    with pytest.raises(InputError) as stop:
        at_schools(Joining(points.iloc[3:], 0, (), "报名表.csv"), schools)
    assert [f.code for f in stop.value.faults] == ["E398"]
