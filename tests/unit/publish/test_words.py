"""Where there is nothing, words say why, in the workbook, in the report and in the page's figures: never 0, NaN or None."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from shapely import box

from cfmap.indicators import compute
from cfmap.publish import report, workbook
from cfmap.publish.before import Before
from cfmap.publish.report.blocks import Table, Text
from tests.factories import CRS, LAT, LON, tiny_city, tiny_edition


@pytest.fixture(scope="module")
def bare():
    """A third town where nobody lives, and parks of which nobody knows any although the department handed in its table."""
    edition = tiny_edition(public=False)
    parks = edition.layers["parks"]
    none = replace(parks, sites=parks.sites.iloc[:0], footprints=parks.footprints.iloc[:0])
    north = gpd.GeoDataFrame({"name": ["北镇"], "code": ["990003"]}, geometry=[box(LON, LAT + 0.02, LON + 0.04, LAT + 0.03)], crs=CRS)
    towns = pd.concat([edition.towns, north], ignore_index=True)
    coverage = edition.coverages[0]
    nobody = pd.DataFrame([{c: "北镇" if c == "town" else 0.0 for c in coverage.people.columns}])
    people = pd.concat([nobody, coverage.people], ignore_index=True)
    city = tiny_city(edition={"year": 2024, "editions": [2024]})
    edition = replace(edition, city=city, layers={**edition.layers, "parks": none}, towns=towns, coverages=(replace(coverage, people=people),), changes=None)
    return replace(edition, indicators=compute(edition), before=Before())


def test_the_workbook_says_why(bare, tmp_path):
    workbook.write(bare, tmp_path)
    assert list(workbook.check(bare, tmp_path)) == []
    book = openpyxl.load_workbook(tmp_path / workbook.NAME)
    towns = {row[1].value: [c.value for c in row] for row in book["各乡镇"].iter_rows(min_row=2)}
    place = towns["指标"].index("北镇")
    assert towns["0–2岁儿童步行可达比例 · 托育 · 15分钟步行（1,000 m）"][place] == "人口表里没有"
    assert [c.value for c in book["总览"][7]][:2] == ["公园", "一处也没有"]
    assert book["图层·公园"]["A3"].value == "交来的数据里一处也没有"
    assert book["变化"]["A6"].value == "设置里没有更早的年份：这是第一版，没有上一版可比。"
    written = [str(c.value).lower() for sheet in book for row in sheet.iter_rows() for c in row if isinstance(c.value, str)]
    assert not {"nan", "none", "<na>", "inf"} & set(written)


def test_what_nobody_handed_in_is_another_thing_than_nothing(bare, tmp_path):
    parks = replace(bare.layers["parks"], inputs=(), rows_read=0)
    city = tiny_city(layers={"childcare": {"sources": [{"path": "data/childcare.csv"}]}})
    edition = replace(bare, city=city, layers={**bare.layers, "parks": parks}, indicators=())
    workbook.write(replace(edition, indicators=compute(edition)), tmp_path)
    book = openpyxl.load_workbook(tmp_path / workbook.NAME)
    assert book["图层·公园"]["A3"].value == "没有人交来这一类的数据，不知道有没有"
    assert [c.value for c in book["总览"][7]][:2] == ["公园", "未知"]


def test_the_report_says_why(bare):
    made = report.report(bare)
    words = "\n".join(b.text for b in made.blocks if isinstance(b, Text))
    assert "这是第一版，没有上一版可比" in words
    assert "没有能上图的点位、所以没有算步行覆盖的：公园" in words
    kinds = next(b for b in made.blocks if isinstance(b, Table) and b.title.startswith("各类点位"))
    assert next(r for r in kinds.rows if r[0] == "公园")[1:4] == ("一处也没有", "", "")
    ranked = next(b for b in made.blocks if isinstance(b, Table) and "缺口大的在前" in b.title)
    assert next(r for r in ranked.rows if r[1] == "北镇")[2:] == ("人口表里没有", "")
    cells = {cell.lower() for b in made.blocks if isinstance(b, Table) for row in b.rows for cell in row}
    assert not {"nan", "none", "<na>"} & cells
