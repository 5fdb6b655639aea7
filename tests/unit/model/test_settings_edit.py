"""What is written into cfmap.toml: one value, everything else byte for byte."""

from __future__ import annotations

import tomllib

import pytest

from cfmap.model import ConfigError
from cfmap.model.settings_edit import columns_line, remember_columns

TEXT = """# 说明：头
[city]
name = "示例"  # 名
[layers.schools]  # 中小学校
sources = [
    # 一张表
    { path = "data/{year}/a.xlsx", sheet = "x" },  # 教育局
    { osm = true },
]
[[layers.parks.sources]]
path = "b.csv"  # 公园

[[layers.parks.sources]]
path = "c.csv"
[layers.parks.sources.columns]
name = "单位"  # 全称

[theme]
colour = "#000000"
"""
FIRST, SECOND, THIRD = ("layers", "schools", "sources", 0), ("layers", "parks", "sources", 0), ("layers", "parks", "sources", 1)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_comments_order_mark_and_line_ends_stay(tmp_path, newline, mark):
    file = tmp_path / "cfmap.toml"
    file.write_bytes(mark + TEXT.replace("\n", newline).encode())
    remember_columns(tmp_path, {FIRST: {"经度": 'X "坐标" (东)'}, SECOND: {"名称": "单位"}, THIRD: {"name": "全称", "纬度": "Y\\"}})
    raw = file.read_bytes()
    assert raw.startswith(mark)
    text = raw.removeprefix(mark).decode()
    assert (text.count("\r\n") == text.count("\n")) is (newline == "\r\n")
    plain = text.replace("\r\n", "\n")
    was = TEXT.splitlines()
    assert [line for line in plain.splitlines() if line in was] == [line for line in was if line not in {was[6], was[15]}]
    data = tomllib.loads(plain)
    before = tomllib.loads(TEXT)
    before["layers"]["schools"]["sources"][0]["columns"] = {"经度": 'X "坐标" (东)'}
    before["layers"]["parks"]["sources"][0]["columns"] = {"名称": "单位"}
    before["layers"]["parks"]["sources"][1]["columns"] = {"name": "全称", "纬度": "Y\\"}
    assert data == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cfmap.toml"]


def test_what_cannot_be_written_leaves_the_file_as_it_was(tmp_path):
    file = tmp_path / "cfmap.toml"
    file.write_bytes(TEXT.encode())
    with pytest.raises(ConfigError) as caught:
        remember_columns(tmp_path, {("layers", "schools", "sources", 7): {"经度": "X"}})
    assert [f.code for f in caught.value.faults] == ["E128"]
    assert file.read_bytes() == TEXT.encode()


def test_the_line_to_paste_is_toml():
    line = columns_line({"经度": 'X"\n', "name": "单位"})
    assert tomllib.loads(line) == {"columns": {"经度": 'X"\n', "name": "单位"}}
