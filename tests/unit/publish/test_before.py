"""What the workbook says about the edition before: published beside it, not published, none."""

from __future__ import annotations

from dataclasses import replace

import openpyxl
import pytest

from cfmap.indicators.diff import compare
from cfmap.publish import WRITERS, release, snapshot
from cfmap.publish.workbook import changes
from tests.factories import tiny_edition, with_indicators

FILES = {key: WRITERS[key] for key in ("site_package", "figures", "workbook")}


def edition(year, *, rows=None):
    made = tiny_edition(public=False)
    if rows is not None:
        data = made.layers["childcare"]
        made = replace(made, layers={**made.layers, "childcare": replace(data, sites=data.sites.iloc[rows].reset_index(drop=True))})
    return with_indicators(replace(made, year=year))


def publish(found, out):
    return release.publish(found, out=out / f"{found.year}-internal", writers=FILES, confirm=True)


def sheet(made):
    rows = [[c.value for c in row] for row in openpyxl.load_workbook(made.folder / "indicators.xlsx")["变化"].iter_rows()]
    return rows[1][0], rows[2][0], [dict(zip(rows[4], row, strict=True)) for row in rows[5:]]


def test_an_edition_in_memory_is_what_is_read_from_its_files(tmp_path):
    found = edition(2024)
    made = publish(found, tmp_path)
    read, _ = snapshot.of(made.folder.parent.parent)
    diff = compare(snapshot.of_edition(found), read)
    assert (diff.sites, diff.figures, diff.figures_new, diff.figures_gone, diff.columns_new, diff.columns_gone, diff.method) == ((), (), (), (), (), (), {})


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    return publish(edition(2022, rows=[0]), out), publish(edition(2024), out)


def test_numbers_and_places_that_differ_stand_with_their_causes(two):
    words, summary, rows = sheet(two[1])
    assert "2022 年版" in words
    assert summary.startswith("点位：新增 3 处，撤出 0 处")
    count = next(r for r in rows if r["编号"] == "counts.childcare")
    assert [count[c] for c in ("类别", "图层", "变化", "2022 年版", "2024 年版", "差", "单位", "原因")] == ["指标", "托育", "变大", 1, 4, 3, "处", "点位"]
    assert {r["编号"] for r in rows if r["类别"] == "点位"} == {"K2", "K3", "K4"}
    assert all(r["编号"] != "counts.parks" for r in rows)


def test_the_first_edition_and_one_whose_forerunner_is_not_there_say_so(two, tmp_path):
    words, _, rows = sheet(two[0])
    assert words == rows[0]["类别"] == "设置里没有更早的年份：这是第一版，没有上一版可比。"
    words, _, rows = sheet(publish(edition(2024), tmp_path))
    assert words.startswith("2023 年版没有发布在这一版旁边，无从比较")
    assert len(rows) == 1


def test_a_damaged_forerunner_stops_nothing(two, tmp_path):
    old = publish(edition(2023), tmp_path)
    (old.folder / "sites.gpkg").write_bytes(b"")
    words, _, _ = sheet(publish(edition(2024), tmp_path))
    assert words.startswith("2023 年版没有发布在这一版旁边")


def test_a_workbook_of_an_edition_that_nobody_publishes_says_so(tmp_path):
    WRITERS["workbook"].write(edition(2024), tmp_path)
    book = openpyxl.load_workbook(tmp_path / "indicators.xlsx")
    assert book["变化"]["A6"].value == changes.NOBODY_LOOKED
