"""Cells: understood as people write them, unknown when not, never zero."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfmap.intake.cells import parse, unit_factor
from cfmap.intake.coordinates import parse_coordinate
from cfmap.model import Field
from cfmap.model.schema import SITE_FIELDS

INTEGER = Field("n", "学位", "places", kind="integer", unit="个", minimum=0, maximum=10_000)
AREA = Field("a", "面积", "area", kind="number", unit="m²", minimum=0)
YEAR = Field("y", "年份", "year", kind="year", minimum=1900, maximum=2100)
DATE = Field("d", "日期", "date", kind="date")
FLAG = Field("f", "坡道", "ramp", kind="yesno")
KIND = Field("k", "类型", "kind", kind="choice", vocabulary=("小学", "初中", "高中"))
LIST = next(f for f in SITE_FIELDS if f.key == "facilities")


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (INTEGER, "120", 120),
        (INTEGER, "１２０", 120),
        (INTEGER, "约120", 120),
        (INTEGER, "120张", 120),
        (INTEGER, "1,200", 1200),
        (INTEGER, "1.2万", None),  # 12,000 is out of range: unknown
        (INTEGER, "120余人", 120),
        (INTEGER, "0", 0),
        (INTEGER, "12.5", None),
        (INTEGER, "三十", None),
        (INTEGER, "120-150", None),
        (AREA, "3.5公顷", 35_000.0),
        (AREA, "15亩", 10_000.0),
        (AREA, "1200 平方米", 1200.0),
        (AREA, "1200米", None),
        (YEAR, "2021年", 2021),
        (YEAR, "2021", 2021),
        (YEAR, "2021-05-01", 2021),
        (YEAR, "44197", 2021),
        (YEAR, "1800", None),
        (DATE, "2021.5.1", "2021-05-01"),
        (DATE, "2021年5月", "2021-05"),
        (DATE, "2021", "2021"),
        (DATE, "20210501", "2021-05-01"),
        (DATE, "44197", "2021-01-01"),
        (DATE, "2021-02-30", None),
        (FLAG, "有", True),
        (FLAG, "√", True),
        (FLAG, "无", False),
        (FLAG, "也许", None),
        (KIND, "小学", "小学"),
        (KIND, "小學", None),
        (LIST, "母婴室、饮水点", "母婴室；饮水点"),
        (LIST, "母婴室，母婴室/急救箱", "母婴室；急救箱"),
    ],
)
def test_cell_is_understood_as_written(field, text, value):
    assert parse(text, field).value == value
    assert type(parse(text, field).value) is type(value)


@pytest.mark.parametrize("field", [INTEGER, AREA, YEAR, DATE, FLAG, KIND, LIST])
@pytest.mark.parametrize("text", ["", "  ", "-", "/", "无数据", "不详", "N/A"])
def test_nothing_is_unknown_and_never_zero_or_no(field, text):
    cell = parse(text, field)
    assert cell.value is None
    assert cell.verdict == "missing"


def test_a_value_outside_the_vocabulary_names_the_nearest():
    cell = parse("小学校", KIND)
    assert (cell.value, cell.verdict, cell.nearest) == (None, "vocabulary", "小学")
    partly = parse("母婴室、母婴间", LIST)
    assert (partly.value, partly.verdict) == ("母婴室", "vocabulary")


def test_units_convert_only_within_their_quantity():
    assert unit_factor("公顷", "m²") == 10_000
    assert unit_factor("公里", "m") == 1000
    assert unit_factor("米", "m²") is None


@given(st.integers(min_value=0, max_value=10_000))
def test_every_whole_number_survives_every_way_of_writing(number):
    for text in (str(number), f"{number:,}", f"约{number}个", f" {number} ", f"{number}.0"):
        assert parse(text, INTEGER).value == number


@given(st.text(max_size=30))
def test_no_text_makes_a_parser_fail(text):
    for field in (INTEGER, AREA, YEAR, DATE, FLAG, KIND, LIST):
        cell = parse(text, field)
        assert (cell.value is None) or cell.verdict in {"ok", "vocabulary"}
    parse_coordinate(text)


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("120.6512", 120.6512),
        ("１２０．６５１２", 120.6512),
        ("120.6512°", 120.6512),
        ("E120.6512", 120.6512),
        ("东经120.6512", 120.6512),
        ("120.6512W", -120.6512),
        ("120°39′04.32″E", 120.6512),
        ("120度39分04.32秒", 120.6512),
        ("120:39:04.32", 120.6512),
        ("120 39 4.32", 120.6512),
        ("北纬27°46'52\"", 27 + 46 / 60 + 52 / 3600),
        ("南纬27°46′", -(27 + 46 / 60)),
        ("3,071,234.5", 3_071_234.5),
        ("120°61′00″", None),
        ("120.65.12", None),
        ("约120", None),
    ],
)
def test_coordinates_in_every_common_writing(text, degrees):
    found = parse_coordinate(text)
    assert found == pytest.approx(degrees, abs=1e-9) if degrees is not None else found is None
