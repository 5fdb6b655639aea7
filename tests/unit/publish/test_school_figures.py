"""Whoever tells how safe it is round a school tells the same: sheet, page, report, atlas, layer and command line are compared with each other."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from io import BytesIO

import geopandas as gpd
import pandas as pd
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from cfmap.coverage.perimeter import school_summary, town_figures
from cfmap.coverage.perimeter.compared import Compared
from cfmap.coverage.perimeter.spoken import interval, percent, spoken
from cfmap.publish import coverage_package, report
from cfmap.publish.atlas.schools import parts
from cfmap.publish.public import public
from cfmap.publish.report.blocks import Table, Text
from cfmap.publish.sheets import Pen
from cfmap.publish.web.shown import site_key
from cfmap.publish.web.streets import perimeter_block
from cfmap.publish.workbook import around
from tests.factories import PARKS, sites, tiny_edition, with_indicators, with_schools


@cache
def edition(listed: str = ""):
    """S1 beside a divided road and with a ring, S2 with an unsafe stretch, S3 without a road, S4 far from any street; K1 shares a stretch with S1."""
    made = with_schools(tiny_edition(public=False, publish={"indicators": [listed] if listed else []}))
    schools, kinds = made.layers["schools"], replace(PARKS, key="kindergartens", title="幼儿园", coverage=None)
    far = sites(schools.layer, [{"id": "S4", "name": "S4小学", "at": (3.9, 1.9)}])
    found = pd.concat([schools.sites, far], ignore_index=True)
    kindergartens = sites(kinds, [{"id": "K1", "name": "K1幼儿园", "at": (2, 1)}, {"id": "K2", "name": "K2幼儿园", "at": (0.5, 0.5)}])
    table = made.perimeter.assign(weight=[1.0, 0.75, 1.0])
    ring = table.iloc[:1].assign(ring=True, from_m=98.1, to_m=400.0, state="unsafe", segment="99/1-2")
    rows = pd.concat([table, ring, table.iloc[:1].assign(layer="kindergartens", school="K1")], ignore_index=True)
    doors = gpd.GeoDataFrame(
        {"id": ["S1", "S2", "S3", "S4"], "name": "-", "snap_m": 1.0, "status": ["ok", "ok", "ok", "off_network"]}, geometry=list(found.geometry), crs=4326
    )
    coverage = replace(made.coverages[0], layer="schools", key="schools.perimeter150", sites=doors)
    layers = made.layers | {"schools": replace(schools, sites=found), "kindergartens": replace(schools, layer=kinds, sites=kindergartens)}
    return with_indicators(replace(made, layers=layers, perimeter=gpd.GeoDataFrame(rows, crs=4326), coverages=(*made.coverages, coverage)))


def sheet(told):
    """Rows of the sheet 学校周边, without the rest of the workbook."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file)
    around.add(Pen(book, "-"), told)
    book.close()
    file.seek(0)
    return CalamineWorkbook.from_filelike(file).get_sheet_by_name(around.NAME).to_python()[2:]


def test_a_school_has_the_same_metres_share_and_state_wherever_it_is_told(tmp_path):
    """S1: 98.1 m safe, 98.1 m of a carriageway unknown that counts for three quarters."""
    told = edition()
    rows = {row[2]: row for row in sheet(told) if row[0] == "单所"}
    block, cards = perimeter_block(told), {panel.title: panel.lines for part in parts(told) for panel in part.panels}
    coverage_package.write(told, tmp_path)
    drawn = gpd.read_file(tmp_path / coverage_package.NAME, layer="perimeter").groupby("school")["counted_m"].sum()
    worst = next(b for b in report.report(told).blocks if isinstance(b, Table) and b.title.startswith("不安全街道最长"))
    for key, metres, lower, upper, state in (("S1", [98, 0, 74], 57.1, 100.0, "不清楚"), ("S2", [0, 98, 0], 0.0, 0.0, "不安全")):
        row = rows[f"{key}小学"]
        assert block["schools"][site_key("schools", key)] == metres
        assert (row[5], row[6], row[7], row[12]) == (round(drawn[key]), lower, upper, state)
        assert row[5] == pytest.approx(sum(metres), abs=1)
        every, share = cards[f"{key}小学"][:2]
        assert [int(m) for m in re.findall(r"(\d+) 米[，：]", every + "，")] == [row[5], *metres]
        assert f"安全的占 {interval(lower, upper)}；" in share
    assert worst.rows == (("S2小学", "0", "98", "0"),)
    assert rows["S3小学"][12] == "周边没有机动车道"
    assert rows["S4小学"][12] == "不清楚"  # nobody knows its streets: not "no road"
    assert "没有通汽车的路" in cards["S3小学"][0]
    assert "不清楚" in cards["S4小学"][0]
    assert "另有 1 所学校周边没有通汽车的路" in "".join(b.text for b in report.report(told).blocks if isinstance(b, Text))
    assert block["bare"] == [site_key("schools", "S3"), site_key("kindergartens", "K2")]


def test_the_city_is_the_same_in_sheet_indicator_report_and_on_the_command_line():
    told = edition()
    row = next(r for r in sheet(told) if r[:2] == ["全市", "学校"])
    safe = next(i for i in told.indicators if i.id == "perimeter.safe_length")
    assert (row[6], row[7]) == (round(safe.lower, 1), round(safe.upper, 1))
    text = "".join(b.text for b in report.report(told).blocks if isinstance(b, Text))
    assert f"安全的街道占 {percent(safe.lower)}；其余没有查明的都安全时是 {percent(safe.upper)}。" in text
    mine = told.perimeter[told.perimeter["layer"].eq("schools")]
    summary = school_summary(mine, told.layers["schools"].sites)
    city = town_figures(mine, summary).assign(method="network").set_index("method")
    lines, _ = spoken(Compared(mine, summary.reset_index().assign(method="network", name="-"), city, mine), metres=150)
    assert f"安全 {interval(safe.lower, safe.upper)}，" in lines[0][0]


@pytest.mark.parametrize(("listed", "shown", "hidden"), [("perimeter", "学校", "幼儿园"), ("perimeter_kindergartens", "幼儿园", "学校")])
def test_of_a_kind_that_is_not_public_nothing_is_said_not_even_that_it_has_no_road(listed, shown, hidden):
    told, _ = public(replace(edition(listed), public=True))
    assert {row[1] for row in sheet(told) if row[0] in ("全市", "单所")} == {shown}
    text = " ".join(
        [*(b.text for b in report.report(told).blocks if isinstance(b, Text)), *(line for part in parts(told) for p in part.panels for line in p.lines)]
    )
    assert ("所学校周边没有通汽车的路" in text) == (shown == "学校")
    assert hidden not in [part.word for part in parts(told)]


@pytest.mark.parametrize(
    ("lower", "upper", "words"),
    [(0.0, 100.0, "0–100%"), (12.052, 77.649, "12.1–77.6%"), (99.96, 100.0, ">99.9–100%"), (0.01, 0.02, "<0.1%"), (float("nan"), 1.0, "—")],
)
def test_bounds_are_printed_one_way_and_never_rounded_to_nothing_or_all(lower, upper, words):
    assert interval(lower, upper if lower == lower else lower) == words
