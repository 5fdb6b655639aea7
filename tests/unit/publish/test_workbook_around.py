"""The sheet 学校周边: the city, its towns, then every school, with both bounds."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from python_calamine import CalamineWorkbook

from cfmap.publish import workbook
from cfmap.publish.workbook import around
from tests.factories import PARKS, sites, tiny_edition


def sheet(edition, folder):
    workbook.write(edition, folder)
    return CalamineWorkbook.from_path(folder / workbook.NAME).get_sheet_by_name(around.NAME).to_python()


def test_bounds_of_city_towns_and_schools(tmp_path):
    """Three equal parts: S1 has a safe and an unknown one, S2 an unsafe one."""
    rows = {row[2]: row for row in sheet(tiny_edition(), tmp_path)[2:]}
    city = rows[tiny_edition().city.name]
    assert city[5:9] == [294, 33.3, 66.7, 66.7]
    assert city[10:] == ["0–50%", "0–50%", ""]
    assert rows["S1"][5:] == [196, 50, 100, 50, "", "不清楚", "不清楚", "不清楚"]
    assert rows["S2"][5:] == [98, 0, 0, 100, "", "不安全", "不安全", "不安全"]


def test_full_coverage_is_said_only_when_all_is_known_to_be_safe(tmp_path):
    edition = tiny_edition()
    safe = edition.perimeter.assign(state="safe")
    assert "全覆盖" in {row[12] for row in sheet(replace(edition, perimeter=safe), tmp_path)}
    nearly = safe.assign(state=["safe", "safe", "unknown"], to_m=[1e6, 1e6, 98.2])
    rows = sheet(replace(edition, perimeter=nearly), tmp_path)
    assert "全覆盖" not in {row[12] for row in rows}
    assert rows[2][6] == 99.9


def test_kindergartens_stand_apart_and_one_without_a_road_is_neither_safe_nor_in_a_share(tmp_path):
    """K1 has S1's safe stretch, K2 no road: the schools' row stays as it was, of two kindergartens one is counted."""
    tiny = tiny_edition()
    kinds = replace(PARKS, key="kindergartens")
    table = sites(kinds, [{"id": "K1", "name": "一幼", "at": (2, 1)}, {"id": "K2", "name": "小区里的幼儿园", "at": (0.5, 0.5)}])
    around = pd.concat([tiny.perimeter, tiny.perimeter.iloc[:1].assign(layer="kindergartens", school="K1", state="safe")], ignore_index=True)
    edition = replace(tiny, perimeter=around, layers={**tiny.layers, "kindergartens": replace(tiny.layers["parks"], layer=kinds, sites=table)})
    rows = sheet(edition, tmp_path)[2:]
    city = {row[1]: row for row in rows if row[0] == "全市"}
    assert city["学校"][5:9] == [294, 33.3, 66.7, 66.7]
    assert city["幼儿园"][4:] == [2, 98, 100, 100, 100, "", "100%", "100%", "全覆盖"]
    assert city["学校和幼儿园"][5:7] == [294, 33.3]  # the stretch that both share counts once
    assert next(row for row in rows if row[2] == "小区里的幼儿园")[5:] == ["", "", "", "", "", *["周边没有机动车道"] * 3]


def test_no_sheet_where_no_perimeter_was_asked_for():
    assert around.names(replace(tiny_edition(), perimeter=None)) == ()
