"""Tables as departments hand them in: read right, or told in one record that says what to do; never silently wrong."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from cfmap.intake import load_layer
from cfmap.model import CfmapError
from tests.unit.intake.tables import EXTENT, GOOD, LAYERS

HEADER = ["序号", "编号", "学校名称", "所属街道", "经度", "纬度", "状态", "学位数", "占地面积"]
ROWS = [[n, f"S{n}", f"第{n}小学", "东街道" if n < 4 else "西街道", *GOOD[n][1:3], "在用", 100 + n, 5000 + n] for n in range(1, 7)]
NAMES = [row[2] for row in ROWS]
BLANK = [None] * 6


def column(position, values, header=HEADER):
    return [header, *([*row[:position], value, *row[position + 1 :]] for row, value in zip(ROWS, values, strict=True))]


def more(header, values):
    return [[*HEADER, header], *([*row, value] for row, value in zip(ROWS, values, strict=True))]


def load(project, path, more=""):
    return load_layer(LAYERS["schools"], project.city(f'{{ path = "data/{path.name}"{more} }}'), year=2024, extent=EXTENT)


def told(data):
    return {f.code for f in data.faults}


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["附件1"], ["2024年基本情况统计表"], ["填报单位：教育局", None, None, "填报日期：2024年12月"], HEADER, *ROWS], "I202"),
        ([HEADER, *ROWS, [None, "合 计", *BLANK, 30000]], "I204"),
        ([HEADER, *ROWS, [7, None, "总计", *BLANK[1:], 30000]], "I204"),
        ([HEADER, ["全市", None, "合计", *BLANK[1:], 30000], *ROWS], "I204"),
        ([HEADER, *ROWS[:3], [None, None, "东街道小计", *BLANK[1:], 1], *ROWS[3:], [None, None, "全市合计 6 所", *BLANK[1:], 1]], "I204"),
        ([HEADER, *ROWS, [], ["填表人：某某", None, "审核人：某某"], ["注：1.截至2024年底；"], ["2.坐标采用WGS84坐标系。"], ["联系电话：见附件"]], "I204"),
        ([HEADER, [None, None, None, None, "度", "度", None, "个", "平方米"], *ROWS], "I202"),
        ([HEADER, list(range(1, 10)), *ROWS], "I204"),
        ([HEADER, list("ABCDEFGHI"), *ROWS], "I204"),
        ([HEADER, ["例", "示例-001", "示例：某某学校", "某某街道", 120.0, 28.0, "在用", 60, 100], *ROWS], "I204"),
        ([HEADER, ["（填写示例）", "S000", "实验小学", "某街道", 120.65, 27.75, "在用", 60, 100], *ROWS], "I204"),
        ([HEADER, *ROWS[:3], HEADER, *ROWS[3:]], "I204"),
        ([[f"{h[0]}\n{h[1:]}" if len(h) > 1 else h for h in HEADER], *ROWS], ""),
        ([[x for h in HEADER for x in (h, None)], *([x for c in row for x in (c, None)] for row in ROWS)], ""),
        ([HEADER, *ROWS[:3], [], [], *ROWS[3:]], ""),
        (
            [
                ["序号", "编号", "基本情况", None, "位置", None, "状态", "规模", None],
                [None, None, "学校名称", "所属街道", "坐标", None, None, "学位数", "占地面积"],
                [None, None, None, None, "经度", "纬度", None, "个", "平方米"],
                *ROWS,
            ],
            "I202",
        ),
    ],
)
def test_what_is_no_site_is_left_out_and_said(project, rows, code):
    data = load(project, project.workbook(rows))
    assert sorted(data.sites["name"]) == NAMES
    assert data.sites["places"].tolist() == [row[7] for row in ROWS]
    assert data.sites["area"].tolist() == [row[8] for row in ROWS]
    assert not len(data.unlocated)
    assert not code or code in told(data)


@pytest.mark.parametrize(
    ("rows", "field", "values", "code"),
    [
        (column(8, ["12.6 亩", "约120", "3千", "1.2万", "１，２００", "1.5公顷"]), "area", [8400, 120, 3000, 12000, 1200, 15000], "I208"),
        (column(7, ["3千", "约 120 人", "120个", "1,200", "0.5千人", "12余"]), "places", [3000, 120, 120, 1200, 500, 12], "I208"),
        (column(7, [1.5] * 6, [*HEADER[:7], "学位数（千个）", HEADER[8]]), "places", [1500] * 6, "I213"),
        (column(8, [2] * 6, [*HEADER[:8], "占地面积（单位：万平方米）"]), "area", [20000] * 6, "I213"),
        (column(6, ["正常", "已停办", "在建（2025年交付）", "拟建", "营业中", "在用"]), "status", ["在用", "关闭", "在建", "规划", "在用", "在用"], ""),
        (column(3, ["东街道", "同上", "〃", "西街道", "同上", "同上"]), "town", ["东街道"] * 3 + ["西街道"] * 3, "I215"),
        (more("无障碍坡道", [True, False, "√", "×", "有", "0"]), "ramp", [True, False, True, False, True, False], ""),
        (
            more(
                "数据日期",
                [
                    date(2021, 5, 1),
                    datetime(2021, 5, 1, 8, 30),  # noqa: DTZ001 - a cell knows no zone
                    "2021.05",
                    "二〇二一年十二月",
                    "2021年5月1日 上午",
                    "44317.5",
                ],
            ),
            "source_date",
            ["2021-05-01", "2021-05-01", "2021-05", "2021-12", "2021-05-01", "2021-05-01"],
            "",
        ),
        (more("数据日期", ["21-5-1", "May-21", "2021-13-01", "5/6/2021", "民国110年", "2021年第一季度"]), "source_date", [None] * 6, "W223"),
        (more("建成年份", [date(2021, 5, 1), "2021年", "二〇一八年", "1998-09", "2021年度", 1900]), "year", [2021, 2021, 2018, 1998, 2021, 1900], ""),
    ],
)
def test_cells_are_understood_as_people_write_them(project, rows, field, values, code):
    data = load(project, project.workbook(rows))
    assert data.sites.set_index("name").loc[NAMES, field].tolist() == values
    assert not code or code in told(data)


@pytest.mark.parametrize(
    ("rows", "code", "words"),
    [
        ([[*HEADER[1:], None, *HEADER[1:]], *([*row[1:], None, *row[1:]] for row in ROWS)], "E224", "B、K"),
        ([[h, *(row[i] for row in ROWS)] for i, h in enumerate(HEADER)], "E225", "学校名称"),
    ],
)
def test_what_cannot_be_read_is_one_record(project, rows, code, words):
    with pytest.raises(CfmapError) as caught:
        load(project, project.workbook(rows))
    (record,) = caught.value.faults
    assert record.code == code
    assert words in record.why("zh")


def test_cells_beyond_the_header_are_told(project):
    rows = [HEADER, *ROWS[:2], [*ROWS[2], "多", "出"], *ROWS[3:]]
    data = load(project, project.csv(rows))
    (record,) = [f for f in data.faults if f.code == "W220"]
    assert (record.row, record.value) == (4, "多")
    data = load(project, project.workbook([[*HEADER[:3], "", *HEADER[4:]], *ROWS]))
    assert [f.facts["letters"] for f in data.faults if f.code == "I216"] == ["D"]


@pytest.mark.parametrize("drawn", [range(1, 10), range(2, 8), range(3, 4), ()], ids=["all of it", "most of it", "a name that was changed", "nothing"])
def test_a_row_that_is_struck_through_is_counted_and_asked_about(project, drawn):
    path = project.workbook([HEADER, *ROWS])
    book = openpyxl.load_workbook(path)
    for cell in drawn:
        book.active.cell(4, cell).font = openpyxl.styles.Font(strike=True)
    book.active.cell(1, 1).font = openpyxl.styles.Font(strike=False, bold=True)
    book.save(path)
    data = load(project, path)
    assert len(data.sites) == len(ROWS)
    assert [(f.row, f.level) for f in data.faults if f.code == "W249"] == ([(4, "warning")] if len(drawn) > 1 else [])


@pytest.mark.parametrize("sheet", ["学校 ", " 学校", "学 校"])
def test_a_sheets_name_is_found_whatever_its_blanks(project, sheet):
    data = load(project, project.workbook([HEADER, *ROWS], sheet=sheet), ', sheet = "学校"')
    assert len(data.sites) == 6


def test_a_workbook_with_a_chart_before_its_table_and_one_with_macros(project):
    path = project.workbook([HEADER, *ROWS])
    book = openpyxl.load_workbook(path)
    book.create_chartsheet("图表", 0).add_chart(openpyxl.chart.BarChart())
    book.save(path)
    assert len(load(project, path).sites) == 6
    macros = io.BytesIO()
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    with zipfile.ZipFile(project.workbook([HEADER, *ROWS])) as old, zipfile.ZipFile(macros, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(plain, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"))
        new.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 macro")
    assert len(load(project, project.write("宏.xlsm", macros.getvalue())).sites) == 6


def _text(delimiter=","):
    made = io.StringIO()
    csv.writer(made, delimiter=delimiter).writerows([[*HEADER, "地址"], *([*row, '东路"1号",\n二楼'] for row in ROWS)])
    return made.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        _text(";").encode("gbk"),
        _text("\t").encode("utf-8-sig"),
        _text("，").encode("gbk"),
        _text().encode("utf-16-le"),
        _text("\t").encode("utf-16-be"),
        _text().replace("\r\n", "\r").encode(),
        ("sep=;\n" + _text(";")).encode("utf-8-sig"),
    ],
    ids=["semicolon", "tab", "full-width comma", "UTF-16 without mark", "big-endian", "carriage returns", "sep="],
)
def test_text_of_every_make_is_read_with_its_quotes_and_line_breaks(project, content):
    data = load(project, project.write("a.csv", content))
    assert sorted(data.sites["name"]) == NAMES
    assert set(data.sites["address"]) == {'东路"1号", 二楼'}


def _archive(name):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(name, "<w/>")
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code", "words"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le") + b"\0" * 600, "E204", "Word 文档"),
        ("a.xlsx", _archive("word/document.xml"), "E204", "Word 文档"),
        ("a.xls", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook><Table/></Workbook>', "E204", "Excel 2003 XML"),
        ("a.xls", "<html><table><tr><td>名称</td></tr></table></html>".encode("gbk"), "E204", "HTML"),
        ("a.json", b'{"features": [{"attributes": {"NAME": "x"}, "geometry": {"x": 120, "y": 27}}]}', "E204", "GeoJSON 以外"),
        ("a.ods", _archive("content.xml"), "E205", ".ods"),
    ],
)
def test_a_file_that_is_something_else_is_called_by_its_name(project, name, content, code, words):
    with pytest.raises(CfmapError) as caught:
        load(project, project.write(name, content))
    assert [f.code for f in caught.value.faults] == [code]
    assert words in caught.value.faults[0].what("zh")
