"""What goes back: the clerk's own workbook with red cells, comments and links; everything else in it as it was; originals untouched."""

from __future__ import annotations

import hashlib
import zipfile

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation

from cfmap.intake import Checked, check_book, load_layer, write_check_workbook
from cfmap.intake.marked import give_back
from cfmap.model import CfmapError, fault
from tests.unit.intake.tables import EXTENT, GOOD, HEADER, SCHOOLS

BAD = ["坏小学", 27.7812, 120.6511, "在用"]


def faults_of(city):
    try:
        return load_layer(SCHOOLS, city, year=2024, extent=EXTENT).faults
    except CfmapError as error:
        return error.faults


def returned(project, source):
    """The one copy that goes back, and its path."""
    city = project.city(source)
    (path,) = give_back(faults_of(city), city, project.root / "output" / "returned").values()
    return openpyxl.load_workbook(path, keep_vba=path.suffix == ".xlsm"), path


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_bad_cells_are_red_with_a_comment_and_linked_from_the_list(project, kind):
    rows = [HEADER, *GOOD, BAD]
    path = project.workbook(rows) if kind == "xlsx" else project.csv(rows, encoding="gbk")
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    book, made = returned(project, f'{{ path = "data/{path.name}" }}')
    assert made.name == (path.name if kind == "xlsx" else f"{path.name}.问题.xlsx")
    assert book.sheetnames[0] == "问题"
    copy = book[book.sheetnames[1]]
    assert copy["A1"].value == "学校名称"
    for cell in ("B32", "C32"):  # both halves of the swapped pair
        assert copy[cell].fill.fgColor.rgb == "FFFFC7CE"
        assert "写反" in copy[cell].comment.text
    assert copy["B31"].comment is None
    line = next(r for r in book["问题"].iter_rows(min_row=4) if r[1].value == "E203")
    assert line[3].value == "27.7812"
    assert line[2].hyperlink.location == f"'{book.sheetnames[1]}'!B32"
    assert "swapped" in line[7].value
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


def test_what_the_clerk_made_stays(project):
    path = project.workbook([["2024 年学校名单"], HEADER, *GOOD, BAD])
    book = openpyxl.load_workbook(path)
    page = book["学校"]
    page.merge_cells("A1:D1")
    page.merge_cells("D3:D8")
    page.auto_filter.ref = "A2:D33"
    page.column_dimensions["A"].width = 31
    page.freeze_panes = "A3"
    page["B3"].number_format = "0.0000"
    page["A33"].comment = Comment("请教育局核对", "张")
    page["F2"] = "=SUM(B3:B32)"
    choice = DataValidation(type="list", formula1='"在用,在建"', sqref="D3:D33")
    page.add_data_validation(choice)
    book.save(path)
    copy, _ = returned(project, f'{{ path = "data/{path.name}" }}')
    page = copy["学校"]
    assert {str(r) for r in page.merged_cells.ranges} == {"A1:D1", "D3:D8"}
    assert (page.auto_filter.ref, page.column_dimensions["A"].width, page.freeze_panes) == ("A2:D33", 31, "A3")
    assert (page["B3"].number_format, page["F2"].value) == ("0.0000", "=SUM(B3:B32)")
    (kept,) = page.data_validations.dataValidation
    assert (kept.formula1, str(kept.sqref)) == ('"在用,在建"', "D3:D33")
    assert page["A33"].comment.text == "请教育局核对"
    assert page["B33"].fill.fgColor.rgb == "FFFFC7CE"
    assert [s.sheet_view.tabSelected for s in copy.worksheets] == [True, False]  # sheets selected together are changed together


def test_a_comment_that_was_there_stays_before_ours_and_a_merged_cell_is_marked_at_its_head(project):
    path = project.workbook([HEADER, *GOOD, BAD, ["又坏", 27.7812, 120.6511, "在用"]])
    book = openpyxl.load_workbook(path)
    book["学校"]["B32"].comment = Comment("旧批注", "张")
    book["学校"].merge_cells("B32:B33")
    book.save(path)
    copy, _ = returned(project, f'{{ path = "data/{path.name}" }}')
    text = copy["学校"]["B32"].comment.text
    assert text.startswith("旧批注\n")
    assert "E203" in text


def test_a_drop_down_that_newer_programs_keep_elsewhere_stays(project):
    path = project.workbook([HEADER, *GOOD, BAD])
    extension = (
        b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
        b'<x14:dataValidations count="1" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:dataValidation type="list" allowBlank="1">'
        b"<x14:formula1><xm:f>Sheet2!$A$1:$A$4</xm:f></x14:formula1><xm:sqref>D2:D40</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst></worksheet>"
    )
    content = {}
    with zipfile.ZipFile(path) as archive:
        content = {n: archive.read(n) for n in archive.namelist()}
    content["xl/worksheets/sheet1.xml"] = content["xl/worksheets/sheet1.xml"].replace(b"</worksheet>", extension)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    copy, _ = returned(project, f'{{ path = "data/{path.name}" }}')
    (kept,) = copy["学校"].data_validations.dataValidation
    assert (kept.formula1, str(kept.sqref)) == ("Sheet2!$A$1:$A$4", "D2:D40")


@pytest.mark.parametrize("suffix", [".xlsm", ".xlsx"])
def test_macros_stay_where_the_file_may_hold_them_and_are_named_where_not(project, suffix):
    macros = project.root / "vbaProject.bin"
    macros.write_bytes(b"macros " * 100)
    path = project.root / "data" / f"教育局{suffix}"
    book = xlsxwriter.Workbook(path)
    book.add_vba_project(str(macros))
    page = book.add_worksheet("学校")
    for n, row in enumerate([HEADER, *GOOD, BAD]):
        page.write_row(n, 0, row)
    book.close()
    copy, made = returned(project, f'{{ path = "data/{path.name}" }}')
    assert made.suffix == suffix
    with zipfile.ZipFile(made) as archive:
        kept = [archive.read(n) for n in archive.namelist() if n.endswith("vbaProject.bin")]
    told = copy["问题"]["A2"].value
    if suffix == ".xlsm":
        assert kept == [macros.read_bytes()]
        assert "宏原样保留" in told
    else:
        assert kept == []
        assert "没有保留：宏" in told


def test_a_copy_that_was_mended_can_be_handed_in(project):
    path = project.workbook([HEADER, *GOOD, BAD])
    book, made = returned(project, f'{{ path = "data/{path.name}" }}')
    before = [(f.code, f.row) for f in faults_of(project.city(f'{{ path = "data/{path.name}" }}')) if f.level != "info"]
    made.replace(path)
    assert [(f.code, f.row) for f in faults_of(project.city(f'{{ path = "data/{path.name}" }}')) if f.level != "info"] == before
    page = book["学校"]
    page["B32"], page["C32"] = page["C32"].value, page["B32"].value
    book.save(path)
    assert "E203" not in {f.code for f in faults_of(project.city(f'{{ path = "data/{path.name}" }}'))}


def test_copies_of_the_last_run_go_but_not_what_somebody_worked_in(project):
    city = project.city('{ path = "data/教育局.xlsx" }')
    project.workbook([HEADER, *GOOD, BAD])
    folder = project.root / "returned"
    (made,) = give_back(faults_of(city), city, folder).values()
    book = openpyxl.load_workbook(made)
    book["学校"]["B32"] = 120.6
    book.save(made)
    give_back(faults_of(city), city, folder)
    assert sorted(p.name for p in folder.glob("*.xlsx")) == ["教育局.xlsx", "教育局（有人改过 1）.xlsx"]
    project.workbook([HEADER, *GOOD])
    assert give_back(faults_of(city), city, folder) == {}
    assert sorted(p.name for p in folder.iterdir()) == ["教育局（有人改过 1）.xlsx"]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_no_text_becomes_a_formula_or_a_link(project, kind):
    evil = ['=HYPERLINK("http://evil")', "+1+1", "-2+3", "@SUM(1)", "=cmd|' /C calc'!A0", "http://evil.example"]
    rows = [HEADER, *([e, "x", 27.7, "在用"] for e in evil)]
    if kind == "csv":
        project.csv([[f'"{c}"' if i == 0 else c for i, c in enumerate(row)] for row in [[str(v).replace('"', '""') for v in row] for row in rows]])
    else:
        book = xlsxwriter.Workbook(project.root / "data" / "教育局.xlsx", {"strings_to_formulas": False, "strings_to_urls": False})
        page = book.add_worksheet("学校")
        for n, row in enumerate(rows):
            page.write_row(n, 0, row)
        book.close()
    copy, made = returned(project, f'{{ path = "data/教育局.{kind}" }}')
    assert {copy.worksheets[1].cell(r, 1).value for r in range(2, 8)} == set(evil)
    city = project.city(f'{{ path = "data/教育局.{kind}" }}')
    listed = write_check_workbook(Checked(city, 2024, faults_of(city), returned={f"data/教育局.{kind}": "returned/a.xlsx"}), project.root / "check.xlsx")
    for path in (made, listed):
        with zipfile.ZipFile(path) as archive:
            sheets = [archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
            relations = [archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/worksheets/_rels")]
        assert not any("<f>" in s for s in sheets)
        assert not any("evil" in r for r in relations)


def test_the_list_has_every_record_links_to_the_copy_and_hides_personal_numbers(project):
    city = project.city('{ path = "data/a.csv" }')
    faults = (
        fault("I205", file="~$x"),
        fault("E223", file="data/a.xlsx", sheet="表", row=3, letter="B", value="13800138000", **facts()),
        fault("E200", file="data/b.csv"),
    )
    out = write_check_workbook(Checked(city, 2024, faults, returned={"data/a.xlsx": "returned/a.xlsx"}), project.root / "out" / "check.xlsx")
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["问题"]
    lines = list(book["问题"].iter_rows(min_row=2))
    assert [line[2].value for line in lines] == ["E223", "E200", "I205"]
    assert lines[0][3].hyperlink.target.replace("\\", "/") == "returned/a.xlsx"
    assert lines[0][3].hyperlink.location == "'表'!B3"
    assert lines[0][4].value == "***"
    assert [p.name for p in out.parent.iterdir()] == ["check.xlsx"]


def facts():
    return {"title": "名称", "title_en": "name", "expected": "文字", "expected_en": "text", "example": "某小学"}


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
