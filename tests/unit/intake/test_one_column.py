"""Both coordinates in one column: parted, put into order where that is certain, and told how to mend where it is not."""

from __future__ import annotations

import pytest

from cfmap.intake import load_layer, one_column
from cfmap.intake.coordinates import parse_coordinate
from cfmap.model.errors import CfmapError
from tests.unit.intake.tables import EXTENT, GOOD, LAYERS

XLSX = '{ path = "data/教育局.xlsx" }'


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("120.65,27.78", ("120.65", "27.78")),
        ("120.65，27.78", ("120.65", "27.78")),
        (" (27.78; 120.65) ", ("27.78", "120.65")),
        ("27.78、120.65", ("27.78", "120.65")),
        ("POINT (120.65 27.78)", ("120.65", "27.78")),
        ("经度：120.65，纬度：27.78", ("120.65", "27.78")),
        ("122 57 36, 28 12 0", ("122 57 36", "28 12 0")),
        ("120.65", None),
        ("120.65,27.78,12", None),
        (",27.78", None),
        ("", None),
    ],
)
def test_two_coordinates_are_parted(text, parts):
    assert one_column.split(text) == parts


@pytest.mark.parametrize(
    ("header", "cells", "answer"),
    [
        ("纬度,经度", ["75.1,38.2"], (True, False)),  # in the far west only the header can tell
        ("Lat, Lng", ["75.1,38.2"], (True, False)),
        ("经度,纬度", ["38.2,75.1"], (False, False)),
        ("经纬度", ["27.78,120.65", "", "27.79,120.66"], (True, True)),
        ("经纬度", ["120.65,27.78"], (False, True)),
        ("坐标", ["N38.2 E75.1", "北纬38.3 东经75.2"], (True, True)),
        ("坐标", ["E75.1 N38.2"], (False, True)),
        ("坐标", ["38.2,75.1"], (False, True)),  # either could be either
        ("坐标", ["27.78,120.65", "120.66,27.79"], (False, True)),
        ("坐标", ["505142.9,3122000.1"], (False, True)),  # metres
        ("坐标", ["", "不详"], (False, True)),
    ],
)
def test_the_order_is_taken_from_the_header_or_from_values_that_leave_no_doubt(header, cells, answer):
    assert one_column.latitude_first(header, cells, parse_coordinate) == answer


def table(project, header, *, latitude_first, odd=()):
    rows = [[n, f"{lat:.6f},{lon:.6f}" if latitude_first else f"{lon:.6f},{lat:.6f}", s] for n, lon, lat, s in GOOD]
    project.workbook([["学校名称", header, "状态"], *rows, *odd])
    return project.city(XLSX)


def placed(sites):
    return {name: (round(p.x, 6), round(p.y, 6)) for name, p in zip(sites["name"], sites.geometry, strict=True)}


@pytest.mark.parametrize(("header", "latitude_first", "told"), [("经纬度", True, {"I218"}), ("经纬度", False, set()), ("纬度,经度", True, set())])
def test_all_sites_are_where_they_are(project, header, latitude_first, told):
    data = load_layer(LAYERS["schools"], table(project, header, latitude_first=latitude_first), year=2024, extent=EXTENT)
    assert placed(data.sites) == {name: (round(lon, 6), round(lat, 6)) for name, lon, lat, _ in GOOD}
    assert {f.code for f in data.faults} - {"I208"} == told


def test_a_row_the_other_way_round_names_its_one_cell(project):
    city = table(project, "经度,纬度", latitude_first=False, odd=[["坏小学", "27.7812,120.6511", "在用"]])
    (record,) = [f for f in load_layer(LAYERS["schools"], city, year=2024, extent=EXTENT).faults if f.code == "E203"]
    assert (record.row, record.letter, record.value) == (32, "B", "27.7812,120.6511")
    assert record.how().startswith("把 B32 里的两个数 对调；")
    assert "纬度,经度" in record.how("zh")
    assert "the two numbers in B32" in record.how("en")


def test_the_advice_for_a_whole_column_mends_it(project):
    """A header that says the wrong order is believed, and told with the header that is right."""
    with pytest.raises(CfmapError) as stopped:
        load_layer(LAYERS["schools"], table(project, "经度,纬度", latitude_first=True), year=2024, extent=EXTENT)
    record = next(f for f in stopped.value.faults if f.code == "E203")
    assert "把列名改成“纬度,经度”" in record.how("zh")
    mended = load_layer(LAYERS["schools"], table(project, "纬度,经度", latitude_first=True), year=2024, extent=EXTENT)
    assert placed(mended.sites)["第1小学"] == (120.60713, 27.70391)


@pytest.mark.parametrize(("typed", "words"), [("120.6511,27.7812", "两个数写在一格里，请分开填"), ("120.6511", "只有一个数")])
def test_what_is_missing_of_two_columns_is_said(project, typed, words):
    project.workbook([["学校名称", "经度", "纬度", "状态"], *GOOD, ["坏小学", typed, None, "在用"]])
    (record,) = [f for f in load_layer(LAYERS["schools"], project.city(XLSX), year=2024, extent=EXTENT).faults if f.code == "W233"]
    assert (record.row, record.letter) == (32, "C")
    assert words in record.what("zh")
