"""The sheet 学校周边: the city, its towns, then every school, with both bounds."""

from __future__ import annotations

from dataclasses import replace

from python_calamine import CalamineWorkbook

from cfmap.publish import workbook
from cfmap.publish.workbook import around
from tests.factories import tiny_edition


def sheet(edition, folder):
    workbook.write(edition, folder)
    return CalamineWorkbook.from_path(folder / workbook.NAME).get_sheet_by_name(around.NAME).to_python()


def test_bounds_of_city_towns_and_schools(tmp_path):
    """Three equal parts: S1 has a safe and an unknown one, S2 an unsafe one."""
    rows = {row[1]: row for row in sheet(tiny_edition(), tmp_path)[2:]}
    city = rows[tiny_edition().city.name]
    assert city[4:8] == [294, 33.3, 66.7, 66.7]
    assert city[9:] == ["0%–50%", "0%–50%", ""]
    assert rows["S1"][4:] == [196, 50, 100, 50, "", "不清楚", "不清楚", "不清楚"]
    assert rows["S2"][4:] == [98, 0, 0, 100, "", "不安全", "不安全", "不安全"]


def test_full_coverage_is_said_only_when_all_is_known_to_be_safe(tmp_path):
    edition = tiny_edition()
    safe = edition.perimeter.assign(state="safe")
    assert "全覆盖" in {row[11] for row in sheet(replace(edition, perimeter=safe), tmp_path)}
    nearly = safe.assign(state=["safe", "safe", "unknown"], to_m=[1e6, 1e6, 98.2])
    rows = sheet(replace(edition, perimeter=nearly), tmp_path)
    assert "全覆盖" not in {row[11] for row in rows}
    assert rows[2][5] == 99.9


def test_no_sheet_where_no_perimeter_was_asked_for():
    assert around.names(replace(tiny_edition(), perimeter=None)) == ()
