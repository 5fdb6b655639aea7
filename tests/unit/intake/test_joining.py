"""Who joins a walking bus is read without anything that names a child, and only with consent."""

from __future__ import annotations

import pytest

from cfmap.intake.joining import read_joining
from cfmap.model import InputError
from cfmap.model.errors import SafetyRefusal

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
    assert found.points.drop(columns="geometry").to_dict("records") == [{"school": "一小", "children": 1}]
    assert list(found.points) == ["school", "children", "geometry"]
    assert found.without_consent == 3
    assert [(f.code, f.facts.get("rows")) for f in found.faults if f.code in {"W396", "W397", "I395"}] == [("W396", "6"), ("W397", "7"), ("I395", None)]


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
