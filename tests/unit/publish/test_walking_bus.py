"""Walking buses in the files of an edition: in the house with numbers of children, outside only when listed and then without any."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import geopandas as gpd
import pyogrio
from python_calamine import CalamineWorkbook

from cfmap.model import Fault
from cfmap.publish import coverage_package, manifest, workbook
from cfmap.publish.atlas import walking_bus
from cfmap.publish.looks import WALKING_BUS
from cfmap.publish.public import public, public_id
from cfmap.publish.report.schools import schools
from cfmap.publish.web.geometry import GRID
from cfmap.publish.web.shown import site_key
from cfmap.publish.web.walking_bus import bus_block
from tests.factories import LAT, LON, tiny_edition, with_indicators, with_walking_bus

LISTED = {"publish": {"indicators": ["walking_bus"]}}


def inside():
    return with_indicators(with_walking_bus(tiny_edition(public=False)))


def outside(**sections):
    return public(with_indicators(with_walking_bus(tiny_edition(**sections))))


def sheets(edition, folder):
    (path,) = workbook.write(edition, folder)
    assert list(workbook.check(edition, folder)) == []
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names if "步行巴士" in name}


def layers(edition, folder):
    (path,) = coverage_package.write(edition, folder)
    assert list(coverage_package.check(edition, folder)) == []
    with closing(sqlite3.connect(path)) as package:
        meant = {tuple(row) for row in package.execute('SELECT "table", "column", title FROM dictionary WHERE "table" LIKE "walking_bus%"')}
    return {str(name): gpd.read_file(path, layer=name) for name, _ in pyogrio.list_layers(path) if str(name).startswith("walking_bus")}, meant


def test_the_house_sees_lines_stops_children_and_who_is_on_none(tmp_path):
    found = sheets(inside(), tmp_path)
    assert list(found) == ["步行巴士", "步行巴士站点和时刻", "步行巴士没排上的"]
    assert found["步行巴士"][2] == ["S1小学步行巴士1号线", "S1小学", 2, 786, 25, "07:25", "有压力", "主干路：没画线的过街", 12, 2]
    assert [row[0] for row in found["步行巴士"][5:]] == ["怎么排的", "每个大人带 10 个孩子，每条线最多 2 个大人。"]
    assert [row[1:5] + row[7:] for row in found["步行巴士站点和时刻"][2:]] == [
        [1, "甲路口", "07:25", 786, 4], [2, "乙路口", "07:31", 393, 8], [1, "乙路口", "07:36", 393, 5],
    ]  # fmt: skip
    assert [row[1:5] for row in found["步行巴士没排上的"][2:]] == [[2, 19, 17, 2], [0, 3, 0, 3], ["", "", "", 6]]
    drawn, meant = layers(inside(), tmp_path)
    assert drawn["walking_bus_lines"]["members"].tolist() == [12, 5]
    assert drawn["walking_bus_stops"]["line"].tolist() == ["S1-1", "S1-1", "S1-2"]
    columns = {(name, c) for name, frame in drawn.items() for c in frame.columns if c != "geometry"}
    assert {(t, c) for t, c, _ in meant} == columns
    assert all(title != column for _, column, title in meant)  # every column is explained
    assert manifest.counts(inside())["walking_bus"] == {"lines": 2, "stops": 3}


def test_the_public_sees_none_unless_listed(tmp_path):
    shown, _ = outside()
    assert (shown.walking_bus, bus_block(shown)) == (None, None)
    assert sheets(shown, tmp_path) == {}
    assert layers(shown, tmp_path) == ({}, set())
    assert "walking_bus" not in manifest.counts(shown)


def test_what_is_listed_has_no_number_of_children_and_no_id_of_the_bureau(tmp_path):
    shown, faults = outside(**LISTED)
    assert [f.code for f in faults if f.code == "W601"] == []
    school = public_id("schools", "S1")
    found = sheets(shown, tmp_path)
    assert list(found) == ["步行巴士", "步行巴士站点和时刻"]
    assert {len(row) for row in found["步行巴士"]} == {6}  # nor what a street lacks
    assert {len(row) for row in found["步行巴士站点和时刻"]} == {7}
    assert not any("孩子（人）" in row or "每个大人" in str(row) for sheet in found.values() for row in sheet)
    drawn, _ = layers(shown, tmp_path)
    assert not {"members", "adults", "children"} & {c for frame in drawn.values() for c in frame.columns}
    assert drawn["walking_bus_lines"]["id"].tolist() == [f"{school}-1", f"{school}-2"]
    assert drawn["walking_bus_stops"]["id"].tolist() == [f"{school}-1/1", f"{school}-1/2", f"{school}-2/1"]
    assert shown.walking_bus.schools.empty
    assert shown.walking_bus.without_consent is None
    again = public(shown)[0].walking_bus
    assert again.lines.equals(shown.walking_bus.lines)
    assert again.stops.equals(shown.walking_bus.stops)


def test_records_of_who_joins_are_not_even_counted_outside():
    told = tuple(Fault(code) for code in ("I395", "W395", "W396", "W397", "W398", "W399", "W388"))
    assert [f.code for f in public(replace(tiny_edition(), faults=told))[0].faults] == ["W388"]


def test_the_page_knows_lines_and_stops_and_outside_no_children():
    block = bus_block(inside())
    assert set(block) == {"lines", "colours", "arrival", "schools", "definition", "definition_en"}
    (school,) = block["schools"]
    assert (school["key"], school["name"], block["arrival"]) == (site_key("schools", "S1"), "S1小学", "07:50")
    at = [round((LON + 0.028) * GRID), round((LAT + 0.01) * GRID)]
    assert school["lines"][0] == {
        "n": 1, "m": 786, "t": 25, "children": 12,
        "stops": [["甲路口", "A", *at, "07:25", 786, 4], ["乙路口", "B", at[0] - 400, at[1], "07:31", 393, 8]],
    }  # fmt: skip
    (school,) = bus_block(outside(**LISTED)[0])["schools"]
    assert school["key"] == site_key("schools", public_id("schools", "S1"))
    assert [set(line) for line in school["lines"]] == [{"n", "m", "t", "stops"}] * 2
    assert {len(stop) for line in school["lines"] for stop in line["stops"]} == {6}


def told(edition):
    return [b for b in schools(edition, "五") if "步行巴士" in getattr(b, "text", "") + getattr(b, "title", "")]


def test_the_report_says_lines_of_each_school_and_children_in_the_house_alone():
    text, table = told(inside())
    assert text.text.startswith("步行巴士：1 所学校 2 条线，排上 17 个孩子。")
    assert table.rows == (("S1小学", "2", "3", "07:25", "17", "19"),)
    text, table = told(outside(**LISTED)[0])
    assert text.text.startswith("步行巴士：1 所学校 2 条线。")
    assert (table.headers, table.rows) == (("学校", "线路（条）", "站点（个）", "最早离站"), (("S1小学", "2", "3", "07:25"),))
    assert told(outside()[0]) == []


def test_the_atlas_has_a_map_with_numbered_stops_and_the_times_below():
    (panel,) = walking_bus.panels(inside())
    assert (panel.title, [m.text for m in panel.marks]) == ("S1小学", ["1-1", "1-2", "2-1", "校"])
    assert len({(round(m.x, 1), round(m.y, 1)) for m in panel.marks}) == 4  # two stops at one junction stand side by side
    assert panel.lines[0] == "1 号线（786 米，约 25 分钟，12 个孩子、2 个大人）：1-1 甲路口 07:25　1-2 乙路口 07:31　学校 07:50 前"
    assert WALKING_BUS.colour in panel.picture
    (panel,) = walking_bus.panels(outside(**LISTED)[0])
    assert panel.lines[1] == "2 号线（393 米，约 14 分钟）：2-1 乙路口 07:36　学校 07:50 前"
    assert walking_bus.panels(outside()[0]) == []
