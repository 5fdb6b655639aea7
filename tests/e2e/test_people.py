"""The question a vice-mayor asks, from files alone: how many children of an age have one within reach, town by town."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from cfmap.cli import main
from tests.e2e import small_city


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    project = small_city.make(tmp_path_factory.mktemp("people"))
    small_city.workbook(project / "sites.xlsx", "点位", [
        ["编号", "名称", "乡镇街道", "经度", "纬度"],
        *[[f"T{i}", f"第{i}园", "西镇", *small_city.lonlat(1, 5)] for i in range(1, 2)],
        ["T2", "没坐标园", "东镇", None, None],
    ])  # fmt: skip
    return project


def ask(folder, *more):
    return main([
        "people", "--network", str(folder / "data/network.osm"), "--sites", str(folder / "sites.xlsx"), "--population", str(folder / "data/communities.xlsx"),
        "--by", str(folder / "data/towns.geojson"), *more,
    ])  # fmt: skip


def test_towns_and_whole_with_a_range_and_its_cause(folder, capsys):
    assert ask(folder, "--age", "0-2", "--json") == 0
    rows = {r["town"]: r for r in json.loads(capsys.readouterr().out)["towns"]}
    assert (rows["西镇"]["children"], rows["西镇"]["covered"], rows["东镇"]["covered"]) == (100, 100, 0)
    assert (rows["东镇"]["high"], rows["东镇"]["cause"], rows["东镇"]["unlocated"]) == (300, "unlocated", 1)
    assert (rows[""]["children"], rows[""]["low"] <= 100 <= rows[""]["high"]) == (400, True)


@pytest.mark.parametrize("name", ["answer.csv", "answer.xlsx"])
def test_the_table_is_written_whole(folder, capsys, tmp_path, name):
    assert ask(folder, "--age", "0-17", "--out", str(tmp_path / name)) == 0
    written = tmp_path / name
    table = pd.read_csv(written) if name.endswith("csv") else pd.read_excel(written, engine="calamine")
    assert table["town"].tolist() == ["东镇", "西镇", "合计"]
    assert table["children"].tolist() == [1890, 690, 2580]
    assert "合计" in capsys.readouterr().out


def test_an_age_that_the_table_cannot_give_is_told(folder, capsys):
    assert ask(folder, "--age", "0-4") == 2
    assert "E393" in capsys.readouterr().err
