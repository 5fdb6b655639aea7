"""Two editions of a small city, built, published and compared: what the reader is told and what the files hold."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import geopandas as gpd
import openpyxl
import pytest

from cfmap.cli import main
from tests.e2e import small_city

INDICATORS = '[publish]\nindicators = ["places"]\n'


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Built for 2023 and 2024; one place of childcare each renamed, moved and withdrawn."""
    project = small_city.make(tmp_path_factory.mktemp("diff") / "city")
    settings = project / "cfmap.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('producer = "测试局"', 'producer = "测试局"\nexemption = "演示数据"') + INDICATORS, encoding="utf-8"
    )
    rows = small_city.childcare_rows()
    rows[1][1] = "新名托育园"
    rows[2][3] += 0.002
    del rows[3]
    small_city.childcare_csv(project, rows)
    assert main(["build", str(project), "--all-editions"]) == 0
    return project


def run(capsys, *args):
    capsys.readouterr()
    code = main(["diff", *args])
    return code, capsys.readouterr()


def test_the_text_tells_each_change_and_why_a_number_is_another(city, capsys):
    code, said = run(capsys, "2023", "2024", "--project", str(city))
    assert code == 0
    text = (city / "output/diff-2023-2024/changes.txt").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert text.decode("utf-8-sig").splitlines() == said.out.splitlines()
    assert "演示数据" in said.out
    assert "改名：第0托育园 → 新名托育园" in said.out
    assert "撤出：第2托育园" in said.out
    assert "移动：第1托育园 222 m" in said.out
    assert "托育机构数量：8 → 9 处（+1）；原因：点位" in said.out
    assert "来源" not in said.out  # every row is from another year's file, which is no change


def test_the_workbook_and_the_map_layer_hold_the_same_changes(city, capsys):
    run(capsys, "2023", "2024", "--project", str(city))
    folder = city / "output/diff-2023-2024"
    book = openpyxl.load_workbook(folder / "changes.xlsx")
    assert book.sheetnames == ["更新说明", "点位变化", "逐项变化", "指标变化"]
    sites = [row[2:4] for row in book["点位变化"].iter_rows(min_row=3, values_only=True)]
    assert ("新名托育园", "改名") in sites
    assert len(sites) == 5
    points = gpd.read_file(folder / "changes.gpkg", layer="changes")
    assert sorted(points["change"]) == ["added", "added", "moved", "renamed", "withdrawn"]
    ways = gpd.read_file(folder / "changes.gpkg", layer="moved")
    assert list(ways["name"]) == ["第1托育园"]
    assert ways.to_crs(4550).length.iloc[0] == pytest.approx(222, abs=1)
    with closing(sqlite3.connect(folder / "changes.gpkg")) as package:
        assert {row[0] for row in package.execute("SELECT f_table_name FROM layer_styles")} == {"changes", "moved"}


def test_the_old_year_computed_again_splits_what_the_new_outline_and_the_new_sites_did(city, capsys, tmp_path):
    code, said = run(capsys, "2023", "2024", "--project", str(city), "--recompute", "--json", "--out", str(city / "output"))
    assert code == 0
    figures = {f["id"]: f for f in json.loads(said.out)["figures"]}
    assert figures["places.childcare_per_1000"]["by_cause"] == {"sites": 3.0}


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [(("2022", "2024"), 2, "E145"), (("2023", "2024", "--internal"), 2, "E145"), (("output", "2024"), 2, "E145")],
)
def test_what_is_not_published_cannot_be_compared(city, capsys, args, code, told):
    got, said = run(capsys, *args, "--project", str(city))
    assert got == code
    assert told in said.err


def test_a_file_that_is_not_what_was_published_is_not_compared(city, capsys, tmp_path):
    import shutil

    copy = tmp_path / "2023"
    shutil.copytree(city / "output/2023", copy)
    (copy / "versions/000001/indicators.json").write_text("{}")
    code, said = run(capsys, str(copy), "2024", "--project", str(city), "--check")
    assert code == 6
    assert "E604" in said.err
