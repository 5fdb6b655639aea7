"""The workbook that goes back: red cells, comments, links; nothing becomes a formula; originals untouched."""

from __future__ import annotations

import hashlib
import zipfile

import openpyxl
import pytest

from cfmap.intake import Checked, check_book, load_layer, write_check_workbook
from cfmap.model import CfmapError, fault
from tests.unit.intake.tables import EXTENT, GOOD, HEADER, SCHOOLS


def faults_of(city):
    try:
        return load_layer(SCHOOLS, city, year=2024, extent=EXTENT).faults
    except CfmapError as error:
        return error.faults


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_bad_cells_are_red_with_a_comment_and_linked_from_the_list(project, kind):
    rows = [HEADER, *GOOD, ["坏小学", 27.7812, 120.6511, "在用"]]
    path = project.workbook(rows) if kind == "xlsx" else project.csv(rows, encoding="gbk")
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    city = project.city(f'{{ path = "data/{path.name}" }}')
    out = write_check_workbook(Checked(city, 2024, faults_of(city)), project.root / "output" / "check.xlsx")
    book = openpyxl.load_workbook(out)
    assert book.sheetnames[0] == "问题"
    copy = book[book.sheetnames[1]]
    assert copy["A1"].value == "学校名称"
    for cell in ("B32", "C32"):  # both halves of the swapped pair
        assert copy[cell].fill.fgColor.rgb == "FFFFC7CE"
        assert "写反" in copy[cell].comment.text
    assert copy["B31"].comment is None
    listing = book["问题"]
    line = next(r for r in listing.iter_rows(min_row=2) if r[1].value == "E203")
    assert (line[2].value, line[4].value, line[6].value) == (f"data/{path.name}", 32, "27.7812")
    assert line[5].hyperlink.location == f"'{book.sheetnames[1]}'!B32"
    assert "swapped" in line[10].value
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


def test_no_text_becomes_a_formula_or_a_link(project):
    evil = ['=HYPERLINK("http://evil")', "+1+1", "-2+3", "@SUM(1)", "=cmd|' /C calc'!A0", "http://evil.example"]
    rows = [HEADER, *([e, "x", 27.7, "在用"] for e in evil)]
    project.csv([[f'"{c}"' if i == 0 else c for i, c in enumerate(row)] for row in [[str(v).replace('"', '""') for v in row] for row in rows]])
    city = project.city('{ path = "data/教育局.csv" }')
    out = write_check_workbook(Checked(city, 2024, faults_of(city)), project.root / "check.xlsx")
    with zipfile.ZipFile(out) as archive:
        sheets = [archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
        relations = [archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/worksheets/_rels")]
    assert not any("<f>" in s for s in sheets)
    assert not any("evil" in r for r in relations)
    copy = openpyxl.load_workbook(out).worksheets[1]
    assert {copy.cell(r, 1).value for r in range(2, 8)} == set(evil)


def test_faults_without_a_table_are_listed_all_the_same(project):
    city = project.city('{ path = "data/a.csv" }')
    out = write_check_workbook(Checked(city, 2024, (fault("E200", file="data/a.csv"), fault("I205", file="~$x"))), project.root / "check.xlsx")
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["问题"]
    assert [r[1].value for r in book["问题"].iter_rows(min_row=2)] == ["E200", "I205"]


def test_two_tables_of_one_name_get_two_sheets_and_leftovers_are_cleared(project):
    (project.root / "data" / "2023").mkdir()
    for name in ("a.csv", "2023/a.csv"):
        project.csv([HEADER, ["", 120.6, 27.7, ""]], name=name)
    city = project.city('{ path = "data/a.csv" }, { path = "data/2023/a.csv" }')
    out = write_check_workbook(Checked(city, 2024, faults_of(city)), project.root / "out" / "check.xlsx")
    assert len(openpyxl.load_workbook(out).sheetnames) == 3
    assert [p.name for p in out.parent.iterdir()] == ["check.xlsx"]


def test_a_room_adds_a_sheet_of_its_own_behind_the_list(project):
    city = project.city('{ path = "data/a.csv" }')
    seen = []

    def mine(book, checked):
        seen.append(checked)
        book.add_worksheet("我的").write_string(0, 0, checked.city.name)

    checked = Checked(city, 2024, (fault("E200", file="data/a.csv"),))
    out = write_check_workbook(checked, project.root / "check.xlsx", sheets=(*check_book.SHEETS, mine))
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["问题", "我的"]
    assert book["我的"]["A1"].value == city.name
    assert seen == [checked]
