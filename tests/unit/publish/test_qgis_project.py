"""What an analyst opens: the project over both packages, and what each column means."""

from __future__ import annotations

import sqlite3
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pyogrio
import pytest

from cfmap.publish import WRITERS, hosting
from cfmap.publish.public import public
from tests.factories import tiny_edition, with_indicators

if TYPE_CHECKING:
    from pathlib import Path

KEYS = ("site_package", "coverage_package", "qgis_project")


def written(edition, folder: Path) -> ET.Element:
    for key in KEYS:
        list(WRITERS[key].write(edition, folder))
    assert [f for key in KEYS for f in WRITERS[key].check(edition, folder)] == []
    return opened(folder)


def opened(folder: Path) -> ET.Element:
    with zipfile.ZipFile(folder / "edition.qgz") as archive:
        assert archive.namelist() == ["edition.qgs"]
        return ET.fromstring(archive.read("edition.qgs"))


@pytest.fixture(scope="module")
def edition():
    return with_indicators(tiny_edition(public=False))


@pytest.fixture(scope="module")
def folder(edition, tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    written(edition, folder)
    return folder


def test_layers_stand_in_the_groups_of_the_page_under_their_titles(folder):
    project = opened(folder)
    tree = {g.get("name"): [x.get("name") for x in g.iter("layer-tree-layer")] for g in project.find("layer-tree-group")}
    assert list(tree) == ["玩", "托育", "步行覆盖", "学校周边", "表格"]
    assert tree["玩"] == ["公园"]
    assert tree["步行覆盖"] == [f"托育 · 15分钟步行 · {t}" for t in ("计算所用的点位", "服务范围", "走得到的街道")]
    assert "示例市" in project.findtext("title")
    assert project.findtext("title").startswith("演示数据")
    assert "内部资料" in project.findtext("title")
    assert "2024-12-31" in project.findtext("projectMetadata/abstract")
    assert project.findtext("projectCrs/spatialrefsys/authid") == "EPSG:4550"  # 123° E


def test_every_source_opens_and_is_coloured_as_its_package_says(folder):
    with sqlite3.connect(folder / "sites.gpkg") as package:
        styles = dict(package.execute("SELECT f_table_name, styleQML FROM layer_styles"))
    for layer in opened(folder).iterfind("projectlayers/maplayer"):
        file, _, rest = layer.findtext("datasource").partition("|layername=")
        table, _, where = rest.partition("|subset=")
        assert file in ("./sites.gpkg", "./coverage.gpkg")
        rows = pyogrio.read_dataframe(folder / file, layer=table, where=where or None)
        assert len(rows) or table == "perimeter"
        if file == "./sites.gpkg" and table in styles:
            assert ET.tostring(layer.find("renderer-v2")) == ET.tostring(ET.fromstring(styles[table]).find("renderer-v2"))
    aliases = {a.get("field"): a.get("name") for a in opened(folder).findall(".//maplayer[id='sites_childcare']/aliases/alias")}
    assert aliases["name"] == "名称"
    assert aliases["places"].startswith("托位")


@pytest.mark.parametrize(
    ("old", "new"), [(b"./sites.gpkg|layername=parks", b"/home/x/sites.gpkg|layername=parks"), (b"layername=parks", b"layername=park"), (b"</qgis>", b"")]
)
def test_the_self_check_sees_a_path_a_name_and_xml_that_are_wrong(edition, folder, tmp_path, old, new):
    for name in ("sites.gpkg", "coverage.gpkg"):
        (tmp_path / name).symlink_to(folder / name)
    with zipfile.ZipFile(folder / "edition.qgz") as archive:
        text = archive.read("edition.qgs")
    (tmp_path / "edition.qgz").write_bytes(hosting.zipped({"edition.qgs": text.replace(old, new)}))
    assert {f.code for f in WRITERS["qgis_project"].check(edition, tmp_path)} == {"E601"}


def test_names_that_xml_cannot_hold_still_make_a_project(edition, tmp_path):
    data = edition.layers["parks"]
    odd = replace(edition, layers={"parks": replace(data, layer=replace(data.layer, title='<公>&"园\x07'))})
    project = written(odd, tmp_path)
    assert next(x.get("name") for x in project.iter("layer-tree-layer")) == '<公>&"园'


def test_the_dictionary_has_every_column_once_and_of_a_public_edition_only_what_leaves(edition, tmp_path):
    whole, shown = tmp_path / "whole", tmp_path / "shown"
    for each, folder in ((edition, whole), (public(replace(edition, public=True))[0], shown)):
        folder.mkdir()
        written(each, folder)
        for name in ("sites.gpkg", "coverage.gpkg"):
            rows = pyogrio.read_dataframe(folder / name, layer="dictionary")
            told = set(zip(rows["table"], rows["column"], strict=True))
            assert len(told) == len(rows)
            layers = [t for t, _ in pyogrio.list_layers(folder / name) if t not in ("dictionary", "layer_styles")]
            assert told == {(t, c) for t in layers for c in pyogrio.read_info(folder / name, layer=t)["fields"]}
            assert all(c.isascii() for _, c in told)
            assert rows["title"].notna().all()
    rows = pyogrio.read_dataframe(whole / "sites.gpkg", layer="dictionary").set_index(["table", "column"])
    assert not rows.loc[("childcare", "head_phone"), "public"]
    assert rows.loc[("childcare", "status"), "allowed"].startswith("在用；")
    public_rows = pyogrio.read_dataframe(shown / "sites.gpkg", layer="dictionary")
    assert public_rows["public"].all()
    assert "head_phone" not in set(public_rows["column"])


def described(folder: Path, name: str) -> ET.Element:
    with sqlite3.connect(folder / name) as package:
        rows = package.execute("SELECT md_standard_uri, mime_type, metadata FROM gpkg_metadata").fetchall()
        assert package.execute("SELECT reference_scope, md_file_id FROM gpkg_metadata_reference").fetchall() == [("geopackage", 1)]
        assert package.execute("SELECT count(*) FROM gpkg_extensions WHERE extension_name = 'gpkg_metadata'").fetchone() == (2,)
    assert [row[:2] for row in rows] == [("http://www.isotc211.org/2005/gmd", "text/xml")]
    return ET.fromstring(rows[0][2].encode())


@pytest.mark.parametrize("name", ["sites.gpkg", "coverage.gpkg"])
def test_each_package_says_what_it_is_and_what_it_is_made_of(edition, folder, tmp_path, name):
    def texts(record: ET.Element, tag: str) -> list[str]:
        return ["".join(e.itertext()) for e in record.iter(f"{{http://www.isotc211.org/2005/gmd}}{tag}")]

    record = described(folder, name)
    assert texts(record, "title")[0].startswith("演示数据")
    assert "2024-12-31" in texts(record, "date")[0]
    assert texts(record, "code") == ["EPSG:4326"]
    assert texts(record, "organisationName")[0] == "示例局"
    assert "示例路网（演示数据）" in texts(record, "otherConstraints")
    assert "data/childcare.csv（gcj02）" in texts(record, "source")
    shown, _ = public(replace(edition, public=True))
    written(shown, tmp_path)
    open_to_all = described(tmp_path, name)
    assert "街道数据" in texts(open_to_all, "source")
    assert "data/" not in ET.tostring(open_to_all, encoding="unicode")
