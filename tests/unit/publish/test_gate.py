"""What was built is searched, whatever it is packed in, before anybody may read it."""

from __future__ import annotations

import base64
import gzip
import io
import json
import sqlite3
import zipfile
from dataclasses import replace

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typst
from openpyxl.comments import Comment
from PIL import Image

from cfmap.model.errors import SafetyRefusal
from cfmap.publish import contents, gate
from cfmap.publish.release import publish
from cfmap.publish.run_log import masked
from tests.factories import tiny_city, tiny_edition, with_indicators
from tests.faults.light import state

CANARY = "13800138000"
KEY = "0123456789abcdef0123456789abcdef"


def sheet(change):
    book = openpyxl.Workbook()
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def hidden_sheet(book):
    book.create_sheet("x").append([CANARY])
    book["x"].sheet_state = "veryHidden"


def hidden_column(book):
    book.active["D2"] = CANARY
    book.active.column_dimensions["D"].hidden = True


def packed_zip(name, data, comment=b""):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
        archive.comment = comment
    return buffer.getvalue()


def jpeg():
    exif = Image.Exif()
    exif[0x013B] = CANARY  # artist
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def parquet(**metadata):
    buffer = io.BytesIO()
    pq.write_table(pa.table({"a": ["x"]}).replace_schema_metadata(metadata), buffer)
    return buffer.getvalue()


def packed_block():
    data = base64.b64encode(gzip.compress(json.dumps({"rows": [[CANARY]]}).encode())).decode()
    return f'<!doctype html><html><script type="application/json" id="b">{{"gzip": "{data}"}}</script></html>'.encode()


FILES = {
    "page, text": f"<!doctype html><html><p>{CANARY}</p></html>".encode(),
    "page, comment": f"<!doctype html><html><!-- {CANARY} --></html>".encode(),
    "page, attribute": f'<!doctype html><html><p title="{CANARY}">x</p></html>'.encode(),
    "page, script": f"<!doctype html><html><script>var a = '{CANARY}'</script></html>".encode(),
    "page, packed block": packed_block(),
    "page, photo": b'<!doctype html><html><img src="data:image/jpeg;base64,' + base64.b64encode(jpeg()) + b'"></html>',
    "json, value": json.dumps({"a": [{"b": CANARY}]}).encode(),
    "json, number": json.dumps({"a": int(CANARY)}).encode(),
    "json, key": json.dumps({CANARY: 1}).encode(),
    "log": f'{{"a": 1}}\n{{"b": "{CANARY}"}}\n'.encode(),
    "csv": f"a,b\n1,{CANARY}\n".encode("gb18030"),
    "workbook, cell": sheet(lambda b: b.active.append(["x", CANARY])),
    "workbook, number": sheet(lambda b: b.active.append(["x", int(CANARY)])),
    "workbook, hidden sheet": sheet(hidden_sheet),
    "workbook, hidden column": sheet(hidden_column),
    "workbook, comment": sheet(lambda b: setattr(b.active["A1"], "comment", Comment(CANARY, "x"))),
    "workbook, author": sheet(lambda b: setattr(b.properties, "creator", CANARY)),
    "zip, member": packed_zip("a/b.txt", CANARY),
    "zip, name": packed_zip(f"{CANARY}.txt", "x"),
    "zip, comment": packed_zip("a.txt", "x", CANARY.encode()),
    "zip in zip": packed_zip("in.zip", packed_zip("a.txt", CANARY)),
    "qgis project": packed_zip("a.qgs", f"<qgis><author>{CANARY}</author></qgis>"),
    "gzip": gzip.compress(CANARY.encode()),
    "kml": f"<kml><ExtendedData><Data name='x'><value>{CANARY}</value></Data></ExtendedData></kml>".encode(),
    "photo": jpeg(),
    "parquet, metadata": parquet(note=CANARY),
    "pdf, page": typst.compile(f"#set document(date: none)\n电话 {CANARY}".encode()),
    "pdf, author": typst.compile(f'#set document(author: "{CANARY}", date: none)\nx'.encode()),
}


@pytest.mark.parametrize("what", FILES)
def test_a_mobile_is_found_in_every_corner_of_a_file(tmp_path, what):
    (tmp_path / "file").write_bytes(FILES[what])
    found = list(gate.look(tmp_path, ["file"], allowed=frozenset(), keys={}))
    assert {(f.kind, f.value) for f in found} == {("mobile", CANARY)}
    assert list(gate.look(tmp_path, ["file"], allowed=frozenset({CANARY}), keys={})) == []


@pytest.mark.parametrize("statement", [
    f"CREATE TABLE history (a TEXT); INSERT INTO history VALUES ('{CANARY}')",
    f"CREATE TABLE gpkg_metadata (md_scope TEXT, metadata TEXT); INSERT INTO gpkg_metadata VALUES ('x', '<a>{CANARY}</a>')",
    f"CREATE TABLE t (a INTEGER); INSERT INTO t VALUES ({CANARY})",
    f"CREATE TABLE t (a BLOB); INSERT INTO t VALUES (CAST('{CANARY}' AS BLOB))",
    f'CREATE TABLE "t{CANARY}" (a TEXT)'.replace(f"t{CANARY}", CANARY),
])  # fmt: skip
def test_a_geopackage_hides_nothing(tmp_path, statement):
    connection = sqlite3.connect(tmp_path / "a.gpkg")
    connection.executescript(statement)
    connection.close()
    assert {f.value for f in gate.look(tmp_path, ["a.gpkg"], allowed=frozenset(), keys={})} == {CANARY}


def test_what_nobody_can_look_into_is_not_published(tmp_path):
    (tmp_path / "a").write_bytes(b"\x00\x01\x02\xff" * 9)
    with pytest.raises(contents.UnknownContent):
        list(contents.texts(tmp_path / "a"))


def leaking(edition, value):
    """The edition with a value in a public column that the cells' own gate does not look at: a town's name."""
    towns = edition.towns.copy()
    towns.loc[0, "name"] = f"西镇 {value}"
    return replace(edition, towns=towns)


def test_a_hit_leaves_what_stood_before_and_tells_where_it_came_from(tmp_path):
    edition = with_indicators(tiny_edition())
    publish(edition, out=tmp_path)
    before = state(tmp_path)
    with pytest.raises(SafetyRefusal) as refused:
        publish(leaking(edition, CANARY), out=tmp_path)
    assert state(tmp_path) == before
    record = refused.value.faults[0]
    assert (record.code, refused.value.exit_code) == ("E511", 5)
    assert CANARY not in "".join(f.render(lang) for f in refused.value.faults for lang in ("zh", "en"))
    assert "手机" in record.render("zh")
    publish(leaking(replace(edition, public=False), CANARY), out=tmp_path / "internal")  # the house may see it


def test_the_cell_it_came_from_is_named():
    edition = tiny_edition()
    data = edition.layers["childcare"]
    sites = data.sites.assign(address=["", f"示例路 {CANARY}", "", ""])
    told = replace(edition, layers=edition.layers | {"childcare": replace(data, sites=sites, origin={"K2": ("data/a.xlsx", "托育", 17)})})
    assert gate._origin(CANARY, told)[0] == "data/a.xlsx，工作表“托育”，第 17 行，“地址”列"


def test_a_key_of_the_environment_is_in_no_file(tmp_path, monkeypatch):
    monkeypatch.setenv("AMAP_WEB_KEY", "plain-secret-value")
    edition = replace(with_indicators(tiny_edition()), public=False)
    with pytest.raises(SafetyRefusal) as refused:
        publish(leaking(edition, "plain-secret-value"), out=tmp_path)
    assert {f.code for f in refused.value.faults} == {"E512"}
    assert "plain-secret" not in str(refused.value)


@pytest.mark.parametrize(
    "text", [f"https://map.example/?tk={KEY}", f'securityJsCode: "{KEY}"', "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE-FFFFF", f"LTAI{KEY[:16]}", f'"key": "{KEY}"']
)
def test_keys_are_known_by_their_shape(tmp_path, text):
    (tmp_path / "a.js").write_text(f"// {text}\n", encoding="utf-8")
    assert [f.kind for f in gate.look(tmp_path, ["a.js"], allowed=frozenset(), keys={}, persons=False)] == [None]
    (tmp_path / "cfmap.toml").write_text(f"[city]\nname = '{text}'\n", encoding="utf-8")
    with pytest.raises(SafetyRefusal) as refused:
        gate.demand_settings(tiny_city(tmp_path))
    assert [(f.code, f.row) for f in refused.value.faults] == [("E514", 2)]
    assert KEY[:16] not in masked({"line": text})["line"]


@pytest.mark.parametrize("text", ["p0123456789ab", "sha256: " + "a1" * 32, "key=childcare", "审图号 GS(2024)0001号", "token=short"])
def test_digests_and_names_are_no_keys(tmp_path, text):
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    assert list(gate.look(tmp_path, ["a.txt"], allowed=frozenset(), keys={})) == []
