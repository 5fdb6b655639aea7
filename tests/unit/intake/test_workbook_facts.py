"""What is judged before a workbook is opened: its archive, its sheets' bounds, by what is really there."""

from __future__ import annotations

import io
import re
import struct
import time
import zipfile

import openpyxl
import pytest

from cfmap.intake.cells import parse
from cfmap.intake.coordinates import parse_coordinate
from cfmap.intake.headers import bare, bracketed
from cfmap.intake.table import read_table
from cfmap.model.errors import InputError, SafetyRefusal
from cfmap.model.layer import Field

HEADER = ["名称", "经度", "纬度"]


@pytest.fixture(scope="module")
def book():
    made = openpyxl.Workbook()
    made.active.title = "学校"
    for row in (HEADER, ["甲", 120.6, 27.8]):
        made.active.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def rewritten(book, change, *, name=lambda name: name):
    """The same archive with every part's name and content changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(name(part), change(part, old.read(part)))
    return made.getvalue()


def refused(tmp_path, content, kind=SafetyRefusal):
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(kind) as caught:
        read_table(tmp_path / "a.xlsx", known_headers=HEADER)
    assert caught.value.faults[0].file == "a.xlsx"
    return caught.value.faults[0]


def in_sheet(old, new):
    return lambda part, content: content.replace(old, new) if "sheet1" in part else content


def test_the_same_archive_written_again_is_read(tmp_path, book):
    (tmp_path / "a.xlsx").write_bytes(rewritten(book, lambda _, content: content))
    assert read_table(tmp_path / "a.xlsx", known_headers=HEADER).rows == [["甲", "120.6", "27.8"]]


@pytest.mark.parametrize("reference", [b"XFD1048576", b"xfd1048576"])
def test_a_far_cell_is_refused_however_it_is_written(tmp_path, book, reference):
    assert refused(tmp_path, rewritten(book, in_sheet(b'r="C2"', b'r="' + reference + b'"'))).code == "E501"


def test_a_far_cell_by_its_row_alone_is_refused(tmp_path, book):
    content = rewritten(
        book, lambda part, content: re.sub(rb' r="[A-C]2"', b"", content).replace(b'<row r="2"', b'<row r="1000000"') if "sheet1" in part else content
    )
    assert refused(tmp_path, content).facts["cell"] == "C1000000"


def test_a_far_cell_in_a_part_of_another_name_is_refused(tmp_path, book):
    def change(part, content):
        content = content.replace(b"worksheets/sheet1", b"PAGES/One") if part.endswith("workbook.xml.rels") else content
        return in_sheet(b'r="C2"', b'r="XFD1048576"')(part, content)

    moved = rewritten(book, change, name=lambda part: part.replace("worksheets/sheet1", "pages/one"))
    assert refused(tmp_path, moved).code == "E501"


def test_a_reference_that_is_none_is_an_error(tmp_path, book):
    assert refused(tmp_path, rewritten(book, in_sheet(b'r="C2"', b'r="AAAAAA99999999"')), InputError).code == "E202"


def test_more_than_the_archive_says_is_refused(tmp_path, book):
    content = bytearray(rewritten(book, in_sheet(b"</sheetData>", b"<!--" + b" " * 3_000_000 + b"--></sheetData>")))
    end = content.rindex(b"PK\x01\x02", 0, content.rindex(b"PK\x05\x06"))
    place = content.index(b"PK\x01\x02")
    while place <= end:  # every central entry of a sheet claims 100 bytes
        name, extra, comment = struct.unpack_from("<HHH", content, place + 28)
        if b"sheet1" in content[place + 46 : place + 46 + name]:
            struct.pack_into("<I", content, place + 24, 100)
        place += 46 + name + extra + comment
    assert refused(tmp_path, bytes(content)).code == "E504"


def test_a_part_that_stands_twice_is_refused(tmp_path, book):
    content = io.BytesIO(book)
    with zipfile.ZipFile(content, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    assert "sheet1.xml" in refused(tmp_path, content.getvalue()).why()


def test_a_bomb_is_refused_by_its_ratio(tmp_path, book):
    content = rewritten(book, in_sheet(b"</sheetData>", b"<!--" + b" " * 20_000_000 + b"--></sheetData>"))
    assert refused(tmp_path, content).code == "E504"


@pytest.mark.parametrize("text", ["1" + " " * 1_000_000 + "2", "(" * 1_000_000, "120°" * 300_000, "9" * 1_000_000, "-" * 1_000_000])
def test_a_cell_of_a_megabyte_is_judged_in_a_moment(text):
    begun = time.process_time()
    assert parse_coordinate(text) is None
    assert parse(text, Field("places", "学位数", "places", kind="integer")).verdict == "unreadable"
    assert parse(text, Field("day", "日期", "day", kind="date")).verdict == "unreadable"
    bare(text), bracketed(text)
    assert time.process_time() - begun < 2
