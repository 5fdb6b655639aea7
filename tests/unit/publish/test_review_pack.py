"""The package for the map review says what is published, bound to its fingerprint, and lets nothing internal out."""

from __future__ import annotations

import io
import re

import pytest
from python_calamine import CalamineWorkbook

from cfmap.model.errors import SafetyRefusal
from cfmap.publish import contents, published, review_pack
from cfmap.publish.release import publish
from tests.factories import CHILDCARE, PARKS, tiny_edition, with_indicators

LAYERS = {"childcare": CHILDCARE, "parks": PARKS}


def packed(folder, **sections):
    edition = with_indicators(tiny_edition(**sections))
    made = publish(edition, out=folder)
    return edition, made, review_pack.package(published.find(folder), edition.city, LAYERS)


def test_list_picture_and_map_are_of_what_is_published(tmp_path):
    edition, made, package = packed(tmp_path)
    assert list(package) == ["送审清单.html", "送审清单.xlsx", "样图.svg", "地图.html"]
    page = package["送审清单.html"].decode()
    assert made.fingerprint in page
    assert package["地图.html"] == (made.folder / "index.html").read_bytes()
    sites = [len(data.sites) for data in edition.layers.values()]
    assert package["样图.svg"].decode().count("<circle") == sum(sites)
    book = CalamineWorkbook.from_filelike(io.BytesIO(package["送审清单.xlsx"]))
    rows = {row[0]: row for row in book.get_sheet_by_name("图层").to_python()[2:]}
    assert rows["托育"][2:5] == [4.0, 1.0, "托位数"]  # the head's mobile is a column of the layer that is not public
    assert "canary" not in "".join(text for data in package.values() for _, text in contents.of_bytes(data))


def test_nothing_that_a_setting_says_becomes_part_of_the_page(tmp_path):
    _, _, package = packed(tmp_path, publish={"contact": "<script>alert(1)</script>"})
    page = package["送审清单.html"].decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert re.search("人工核对", page)


def test_an_internal_edition_is_not_sent_to_anybody(tmp_path):
    edition = with_indicators(tiny_edition(public=False))
    publish(edition, out=tmp_path)
    with pytest.raises(SafetyRefusal):
        review_pack.package(published.find(tmp_path), edition.city, LAYERS)
