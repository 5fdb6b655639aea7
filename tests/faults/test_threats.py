"""Threats that no row of a table shows: entities in XML, code in kept data, statements in names."""

from __future__ import annotations

import ast
import io
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from cfmap.intake.reader import read_geofile, read_table
from cfmap.model.errors import CfmapError
from cfmap.publish import site_package
from tests.factories import tiny_edition

ROOT = Path(__file__).parents[2]
SECRET = "secret-of-this-computer"
BOMB = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10 if i else "ha" * 50}">' for i in range(9))  # 10 to the power of 10 characters
DOCTYPES = {"another file": '<!ENTITY x SYSTEM "file://{file}">', "itself a thousand million times": BOMB + '<!ENTITY x "&a8;">'}
PLACE = "<Point><coordinates>123.1,28.2</coordinates></Point>"


def declared(how: str, folder: Path) -> str:
    file = folder / "other.txt"
    file.write_text(SECRET, encoding="utf-8")
    return DOCTYPES[how].replace("{file}", file.as_posix())


def told(read, path: Path) -> str:
    """What comes out: the texts of the table, or the records why there is none."""
    try:
        table = read(path)
    except CfmapError as error:
        return "refused " + " ".join(f.render("en") for f in error.faults)
    return repr(table.rows)


@pytest.mark.parametrize("how", DOCTYPES)
def test_an_entity_of_a_kml_file_opens_nothing_and_grows_to_nothing(tmp_path, how):
    path = tmp_path / "a.kml"
    kml = f'<?xml version="1.0"?><!DOCTYPE kml [{declared(how, tmp_path)}]><kml><Document><Placemark><name>&x;</name>{PLACE}</Placemark></Document></kml>'
    path.write_text(kml, encoding="utf-8")
    out = told(lambda p: read_geofile(p, datum="wgs84"), path)
    assert SECRET not in out
    assert len(out) < 10_000


@pytest.mark.parametrize("how", DOCTYPES)
def test_an_entity_of_a_workbook_opens_nothing_and_grows_to_nothing(tmp_path, how):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["编号", "名称", "经度", "纬度"])
    book.active.append(["1", "一园", 123.1, 28.2])
    buffer = io.BytesIO()
    book.save(buffer)
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                head, _, rest = data.decode("utf-8").partition("<worksheet")
                data = f"{head}<!DOCTYPE worksheet [{declared(how, tmp_path)}]><worksheet{rest}".replace("<v>28.2</v>", "<v>&x;</v>").encode()
                assert b"<v>&x;</v>" in data
            new.writestr(name, data)
    out = told(lambda p: read_table(p, known_headers=("编号", "名称", "经度", "纬度")), path)
    assert SECRET not in out
    assert len(out) < 10_000


def test_nothing_that_is_kept_can_run():
    forbidden = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "diskcache"}
    for path in [*(ROOT / "cfmap").rglob("*.py"), *(ROOT / "layers").rglob("*.py")]:
        if "node_modules" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {n.split(".")[0] for n in names} & forbidden, path
            called = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
            assert called not in {"read_pickle", "to_pickle"}, path
            if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
                assert isinstance(node.value, ast.Constant), path
                assert node.value.value is False, path


STATEMENTS = ('x"; DROP TABLE childcare; --', "x'); DELETE FROM gpkg_contents; --", '"', "'", "`;ATTACH DATABASE 'other.db' AS o;", "%s {0} ?")


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_in_a_name_is_a_name(tmp_path, name):
    edition = tiny_edition(public=False)
    data = edition.layers["childcare"]
    titled = replace(data.layer, title=name, description=name)
    hostile = replace(data, layer=titled, sites=data.sites.assign(name=name, address=name))
    edition = replace(edition, layers={**edition.layers, "childcare": hostile})
    site_package.write(edition, tmp_path)
    assert list(site_package.check(edition, tmp_path)) == []
    with closing(sqlite3.connect(tmp_path / site_package.NAME)) as package:
        assert {row[0] for row in package.execute("SELECT name FROM childcare")} == {name}
        assert package.execute("SELECT identifier FROM gpkg_contents WHERE table_name = 'childcare'").fetchone()[0] == name
        assert package.execute("SELECT count(*) FROM parks").fetchone()[0] == len(edition.layers["parks"].sites)
    assert sorted(p.name for p in tmp_path.iterdir()) == [site_package.NAME]
