"""Tables of one department are judged together where one alone is too small; the picture shows what was judged."""

from __future__ import annotations

import io
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
from PIL import Image

from cfmap.intake import datum, datum_picture, datum_sheet, datum_tables
from cfmap.intake.check_book import SAFE, Checked
from cfmap.intake.datum_guard import StreetPoints, judge
from tests.unit.intake.test_datum_guard import STREETS, beside

NEAREST = StreetPoints(*STREETS)


def city(**tables):
    sources = {key: SimpleNamespace(sources=[source]) for key, (source, _) in tables.items()}
    return SimpleNamespace(layers=sources, city=SimpleNamespace(name="小城"), name="小城", path=lambda p, year: p, relative=str)


def source(path, unit, declared="wgs84"):
    return SimpleNamespace(path=path, sheet="", lead_unit=unit, datum=declared, holds=lambda year: True)


def layer(key, path, places):
    sites = gpd.GeoDataFrame({"name": [f"{key}{i}" for i in range(len(places[0]))], "source": path}, geometry=gpd.points_from_xy(*places), crs=4326)
    return SimpleNamespace(layer=SimpleNamespace(key=key, title=key, geometry="Point", osm=()), sites=sites)


def judged(**tables):
    """Each table: (source, places)."""
    layers = {key: layer(key, source.path, places) for key, (source, places) in tables.items()}
    return datum_tables.judge_tables(layers, city(**tables), 2024, NEAREST)


def gcj(count, seed):
    return datum.convert(*beside(STREETS, count, seed), source="wgs84", target="gcj02")


def test_small_tables_of_one_department_decide_together():
    small = {f"t{i}": (source(f"{i}.csv", "教育局"), gcj(4, i)) for i in range(10)}
    found = judged(**small)
    assert {j.verdict.state for j in found} == {"wrong"}
    assert {j.pooled for j in found} == {10}
    record = found[0].faults()[0]
    assert (record.code, record.file) == ("E240", "0.csv")
    assert "同一部门的 10 个表" in record.why()
    assert len(found[0].verdict.here[0]) == 4, "the picture shows the table's own sites"


def test_another_department_or_another_declared_datum_is_not_pooled():
    found = judged(
        a=(source("a.csv", "教育局"), gcj(4, 0)), b=(source("b.csv", "卫健局"), gcj(40, 1)), c=(source("c.csv", "教育局", "gcj02"), beside(STREETS, 40, 2))
    )
    assert [(j.verdict.state, j.pooled) for j in found] == [("few", 1), ("wrong", 1), ("fits", 1)]
    assert [f.code for f in found[0].faults()] == ["I217"]


def test_a_clean_department_confirms_its_small_table_in_silence():
    found = judged(a=(source("a.csv", "教育局"), beside(STREETS, 4, 0)), b=(source("b.csv", "教育局"), beside(STREETS, 60, 1)))
    assert [(j.verdict.state, j.faults()) for j in found] == [("fits", []), ("fits", [])]


@pytest.mark.parametrize("count", [1, 4, 60])
def test_the_picture_shows_the_shift(count):
    right, wrong = (
        np.asarray(Image.open(io.BytesIO(datum_picture.draw(judge(places, NEAREST, declared="wgs84"), NEAREST))).convert("RGB"))
        for places in (beside(STREETS, count, 3), gcj(count, 3))
    )
    blue = np.array([0x00, 0x72, 0xB2])
    assert right.shape == wrong.shape == (datum_picture.HEIGHT, datum_picture.WIDTH, 3)
    plot = (slice(24, 376), slice(500, 800))  # the curve of what is declared: high and left when right
    heights = [np.flatnonzero((np.abs(p[plot].astype(int) - blue).sum(axis=2) < 60).any(axis=1)) for p in (right, wrong)]
    assert heights[0].min() <= heights[1].min()


def test_the_workbook_has_the_sheet_with_pictures_worst_first(tmp_path):
    import xlsxwriter

    tables = {"a": (source("好.csv", "甲"), beside(STREETS, 60, 1)), "b": (source("=坏.csv", "乙"), gcj(60, 2))}
    checked = Checked(city(**tables), 2024, (), streets=NEAREST, datums=tuple(judged(**tables)))
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"), SAFE)
    datum_sheet.add_sheets(book, checked)
    book.close()
    page = openpyxl.load_workbook(tmp_path / "a.xlsx")[datum_sheet.SHEET]
    texts = [(row[0].value, row[4].value, row[6].value) for row in page.iter_rows() if row[0].value and str(row[0].value).endswith(".csv")]
    assert [(file, likely) for file, likely, _ in texts] == [("=坏.csv", "gcj02"), ("好.csv", "")]
    assert texts[0][2].startswith("坐标系声明错了")
    assert len(page._images) == 2
