"""F01-F30: text and tables."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from pathlib import Path

import openpyxl

from cfmap.cli import main
from tests.e2e import small_city
from tests.faults.table.case import CHILDCARE, SCHOOLS, case
from tests.faults.table.change import NAMES, childcare, frame, gis, page, right, schools, settings, sites


def _encoded(encoding: str):
    def make(project):
        childcare(project, encoding=encoding)
        return right(project, "name", NAMES)

    return make


case("F01", "CSV in GBK", "I201", CHILDCARE, "GBK")(_encoded("gb18030"))
case("F01", "CSV in UTF-8", "")(_encoded("utf-8"))
case("F01", "CSV in UTF-8 with byte order mark", "")(_encoded("utf-8-sig"))
case("F01", "CSV in UTF-16", "I201", CHILDCARE, "UTF-16")(_encoded("utf-16"))


def _ascii_header(rows):
    rows[0] = ["id", "name", "lon", "lat", "year", "status", "places"]
    for row in rows[1:]:
        row[5] = ""


@case("F02", "tiny GBK that is valid UTF-8", "", CHILDCARE)
def _(project):
    def change(rows):
        _ascii_header(rows)
        for row in rows[1:]:
            row[1] = "园"  # D4 B0, which as UTF-8 is a letter of Armenian

    childcare(project, change, encoding="gbk")
    return right(project, "name", ["园"] * 10)


def _traditional(rows):
    _ascii_header(rows)
    for n, row in enumerate(rows[1:]):
        row[1] = f"臺灣幼兒園與學校{'一二三四五六七八九十'[n]}"


@case("F03", "Big5", "I201", CHILDCARE, "Big5")
def _(project):
    childcare(project, _traditional, encoding="big5")
    return right(project, "name", [f"臺灣幼兒園與學校{c}" for c in "一二三四五六七八九十"])


@case("F03", "Big5, too little of it to be sure: both readings", "W218", CHILDCARE, "Big5", "GBK")
def _(project):
    def change(rows):
        _ascii_header(rows)
        for row in rows[1:]:
            row[1] = "國國"

    childcare(project, change, encoding="big5")


@case("F03", "Big5 declared in the settings", "I201", CHILDCARE)
def _(project):
    childcare(project, _traditional, encoding="big5")
    settings(project, 'datum = "gcj02",', 'datum = "gcj02", encoding = "big5",')
    return right(project, "name", [f"臺灣幼兒園與學校{c}" for c in "一二三四五六七八九十"])


@case("F04", "two encodings in one CSV", "E207", CHILDCARE, "第 4 行", exits=3)
def _(project):
    path = childcare(project, encoding="utf-8")
    lines = path.read_bytes().split(b"\r\n")
    lines[3] = lines[3].decode().encode("gb18030")
    path.write_bytes(b"\r\n".join(lines))


@case("F04", "a quotation mark that is never closed", "E228", CHILDCARE, "第 4 行", exits=3)
def _(project):
    path = childcare(project, encoding="utf-8")
    path.write_bytes(path.read_bytes().replace("第2托育园".encode(), '"第2托育园'.encode()))


@case("F04", "a cell of two lines is no such thing", "")
def _(project):
    childcare(project, lambda rows: [row.append("地址" if n == 0 else "一路1号\n（东门，2 楼）") for n, row in enumerate(rows)], encoding="utf-8")
    return right(project, "address", ["一路1号 （东门，2 楼）"] * 10)


@case("F05", "garbled names", "E226", CHILDCARE, exits=3)
def _(project):
    childcare(project, lambda rows: rows[4].__setitem__(1, "锟斤拷托育园"), encoding="utf-8")


@case("F05", "garbled cell that is no name", "W226", CHILDCARE, "第 5 行", "地址")
def _(project):
    def change(rows):
        for row, text in zip(rows, ["地址", *["某路1号"] * 10], strict=True):
            row.append(text)
        rows[4][-1] = "锟斤拷路"

    childcare(project, change, encoding="utf-8")


def _shapefile(project: Path, encoding: str, cpg: str | None):
    path = gis(project, ".shp", frame(), encoding=encoding)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg)
    return right(project, "name", NAMES)


case("F06", "shapefile in GBK without .cpg", "I201", "data/2024/childcare.dbf", "GBK")(lambda p: _shapefile(p, "GBK", None))
case("F07", "GBK bytes, .cpg says UTF-8", "I201", "data/2024/childcare.dbf", "GBK")(lambda p: _shapefile(p, "GBK", "UTF-8"))
case("F07", "UTF-8 bytes, .cpg says GBK", "")(lambda p: _shapefile(p, "UTF-8", "GBK"))
for _claim in ("ANSI 936", "OEM", "system", ""):
    case("F08", f".cpg says “{_claim}”", "I201", "data/2024/childcare.dbf")(lambda p, claim=_claim: _shapefile(p, "GBK", claim))


@case("F09", "a field's width cuts a character", "W229", "data/2024/childcare.dbf", "第 3 行", "地址")
def _(project):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gis(project, ".shp", frame(地址=["某路"] * 2 + ["很长的路名" * 25 + "再长一"] + ["某路"] * 7), encoding="GBK")

    def proof():
        address = sites(project).sort_values("id")["address"].tolist()[2]
        assert 100 < len(address) < 128
        assert ("很长的路名" * 25 + "再长一").startswith(address), "no half character"

    return proof


@case("F10", "shapefile without .dbf", "E217", "data/2024/childcare.shp", ".dbf", exits=3)
def _(project):
    gis(project, ".shp", frame(), encoding="UTF-8").with_suffix(".dbf").unlink()


@case("F10", "shapefile without .shx", "W217", "data/2024/childcare.shp")
def _(project):
    gis(project, ".shp", frame(), encoding="UTF-8").with_suffix(".shx").unlink()


@case("F10", "shapefile without .prj", "E241", "data/2024/childcare.shp", ".prj", exits=3)
def _(project):
    gis(project, ".shp", frame(), datum="", encoding="UTF-8").with_suffix(".prj").unlink()


@case("F11", "title rows above the header, notes below", "I202", CHILDCARE, "第 3 行")
def _(project):
    childcare(project, lambda rows: rows.__setitem__(slice(0, 0), [["2024 年托育机构一览表"], []]))
    return right(project, "name", NAMES)


@case("F11", "the header again on every printed page", "I204", CHILDCARE, "6")
def _(project):
    childcare(project, lambda rows: rows.insert(5, list(rows[0])))
    return right(project, "name", NAMES)


@case("F11", "two tables below each other", "E227", CHILDCARE, "1、6", exits=3)
def _(project):
    childcare(project, lambda rows: rows.insert(5, ["名称", "地址", "纬度", "经度", "状态", "年份", "电话"]))


def _two_row_header(sheet):
    sheet.insert_rows(1)
    for column, text in enumerate(["编号", "名称", "坐标", None, "年份", "状态"], start=1):
        sheet.cell(1, column).value = text
    for column, text in enumerate([None, None, "经度", "纬度", None, None], start=1):
        sheet.cell(2, column).value = text
    sheet.merge_cells("C1:D1")


@case("F12", "header of two rows, merged", "I202", SCHOOLS, "第 2 行")
def _(project):
    page(project, _two_row_header)
    return right(project, "name", [f"第{n}小学" for n in range(12)], "schools")


@case("F13", "merged cells in the data", "I203", SCHOOLS, "G2:G13")
def _(project):
    def change(sheet):
        sheet["G1"], sheet["G2"] = "乡镇街道", "东镇"
        sheet.merge_cells("G2:G13")

    page(project, change)
    return right(project, "town", ["东镇"] * 12, "schools")


@case("F14", "hidden rows", "W219", SCHOOLS, "5")
def _(project):
    page(project, lambda sheet: setattr(sheet.row_dimensions[5], "hidden", True))
    return right(project, "name", [f"第{n}小学" for n in range(12)], "schools")


@case("F14", "hidden column", "W219", SCHOOLS, "E")
def _(project):
    page(project, lambda sheet: setattr(sheet.column_dimensions["E"], "hidden", True))


@case("F14", "hidden sheet", "W219", SCHOOLS, "工作表")
def _(project):
    def change(sheet):
        sheet.parent.create_sheet("说明")
        sheet.parent.active = 1
        sheet.sheet_state = "hidden"

    page(project, change)


def _skip(project):
    settings(project, ' sheet = "学校",', ' sheet = "学校", hidden = "skip",')


@case("F14", "hidden rows and columns that the settings leave out", "I214", SCHOOLS, "2 行", "5、6", "E")
def _(project):
    def change(sheet):
        sheet.row_dimensions[5].hidden = sheet.row_dimensions[6].hidden = sheet.column_dimensions["E"].hidden = True

    page(project, change)
    _skip(project)

    def proof():
        found = sites(project, "schools").sort_values("id")
        assert found["name"].tolist() == [f"第{n}小学" for n in range(12) if n not in {3, 4}]
        assert found["year"].isna().all()

    return proof


@case("F14", "rows that a filter hides", "W219", SCHOOLS, "3 行")
def _(project):
    def change(sheet):
        sheet.auto_filter.ref = "A1:F13"
        for row in (2, 3, 4):
            sheet.row_dimensions[row].hidden = True

    page(project, change)
    return right(project, "name", [f"第{n}小学" for n in range(12)], "schools")


@case("F14", "a hidden sheet of last year beside the one that is seen", "")
def _(project):
    def change(sheet):
        old = sheet.parent.copy_worksheet(sheet)
        old.title, old.sheet_state = "2023", "hidden"
        old["B2"] = "去年的小学"

    page(project, change)
    settings(project, ' sheet = "学校",', ' hidden = "skip",')
    return right(project, "name", [f"第{n}小学" for n in range(12)], "schools")


@case("F15", "several sheets, none named", "E213", SCHOOLS, "学校、2023", exits=3)
def _(project):
    page(project, lambda sheet: setattr(sheet.parent.copy_worksheet(sheet), "title", "2023"))
    settings(project, ' sheet = "学校",', "")


@case("F16", "formulas never computed in a needed column", "E214", SCHOOLS, "第 3 行", "经度", exits=3)
def _(project):
    schools(project, lambda rows: rows[2].__setitem__(2, "=122+0.9"))


@case("F17", "error value in a needed column", "E215", SCHOOLS, "第 3 行", "名称", exits=3)
def _(project):
    schools(project, lambda rows: rows[2].__setitem__(1, "#N/A"))


@case("F17", "error value in another column", "W215", SCHOOLS, "第 3 行", "年份")
def _(project):
    schools(project, lambda rows: rows[2].__setitem__(4, "#DIV/0!"))


@case("F18", "numbers as text: full width, blanks, commas, words", "I208", CHILDCARE, "托位数")
def _(project):
    def change(rows):
        for row, text in zip(rows[1:5], ["６０", " 60 ", "1,200", "约60"], strict=True):
            row[6] = text
        rows[5][2] = "".join(chr(ord(c) + 0xFEE0) for c in str(rows[5][2]))

    childcare(project, change)
    return right(project, "places", [60, 60, 1200, 60, 60, 60, 60, 60, 60, 60])


@case("F18", "a number that cannot be understood", "W223", CHILDCARE, "第 4 行", "托位数", "六十多")
def _(project):
    childcare(project, lambda rows: rows[3].__setitem__(6, "六十多"))


@case("F18", "a coordinate that cannot be understood", "E231", CHILDCARE, "第 4 行", "经度", "东边", exits=3)
def _(project):
    childcare(project, lambda rows: rows[3].__setitem__(2, "东边"))


@case("F19", "dates in many ways", "")
def _(project):
    dates = ["2021-05-01", "2021年5月", "2021.5.1", "20210501", "44317", "2021/5/1", "2021", "2021年", "2021-05", "2021年5月1日"]

    def change(rows):
        for row, text in zip(rows, ["数据日期", *dates], strict=True):
            row.append(text)

    childcare(project, change)
    day = "2021-05-01"
    return right(project, "source_date", [day, "2021-05", day, day, day, day, "2021", "2021", "2021-05", day])


@case("F19", "a workbook that counts days from 1904", "")
def _(project):
    from datetime import date

    path = project / "data/2024/schools.xlsx"
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.title = "学校"
    for n, row in enumerate(small_city.school_rows()):
        book.active.append([*row, date(2021, 5, 1) if n else "数据日期"])
    book.save(path)
    return right(project, "source_date", ["2021-05-01"] * 12, "schools")


@case("F19", "a day or a month first", "W223", CHILDCARE, "第 2 行", "05/06/2021")
def _(project):
    def change(rows):
        for row, text in zip(rows, ["数据日期", *["05/06/2021"] * 10], strict=True):
            row.append(text)

    childcare(project, change)


@case("F20", "ids in powers of ten", "E222", SCHOOLS, "第 3 行", "编号", exits=3)
def _(project):
    schools(project, lambda rows: rows[2].__setitem__(0, 330381199912310000))


@case("F20", "ids that lost their last digits", "E222", CHILDCARE, "第 3 行", exits=3)
def _(project):
    childcare(project, lambda rows: [row.__setitem__(0, f"33038120240{n:04d}000") for n, row in enumerate(rows) if n])


@case("F21", "totals and notes", "I204", CHILDCARE, "12")
def _(project):
    childcare(project, lambda rows: rows.extend([["合计", "", "", "", "", "", 600], ["以下空白"], ["注：截至 2024 年底"]]))
    return right(project, "name", NAMES)


@case("F22", "one stray cell in the last row", "W230", SCHOOLS, "1048576")
def _(project):
    page(project, lambda sheet: sheet.__setitem__("C1048576", "x"))
    return right(project, "name", [f"第{n}小学" for n in range(12)], "schools")


@case("F23", "one stray cell in the last column of the last row", "E501", SCHOOLS, "XFD1048576", exits=5)
def _(project):
    page(project, lambda sheet: sheet.__setitem__("XFD1048576", "x"))


def _named(project, name, content):
    (project / "data/2024" / name).write_bytes(content)
    settings(project, 'schools.xlsx"', f'{name}"')


@case("F24", "HTML named .xls", "E204", "data/2024/schools.xls", "HTML", exits=3)
def _(project):
    _named(project, "schools.xls", "<html><table><tr><td>名称</td></tr></table></html>".encode("gbk"))


@case("F24", "CSV named .xlsx", "")
def _(project):
    text = io.StringIO()
    csv.writer(text).writerows(small_city.school_rows())
    (project / SCHOOLS).write_bytes(text.getvalue().encode("gbk"))
    return right(project, "name", [f"第{n}小学" for n in range(12)], "schools")


@case("F24", "workbook named .csv", "")
def _(project):
    path = project / CHILDCARE
    small_city.workbook(path.with_suffix(".xlsx"), "托育", small_city.childcare_rows()).replace(path)
    return right(project, "name", NAMES)


@case("F24", "workbook named .et", "")
def _(project):
    _named(project, "schools.et", (project / SCHOOLS).read_bytes())
    return right(project, "name", [f"第{n}小学" for n in range(12)], "schools")


@case("F24", "a workbook of 1997 named .xlsx, its ten sites in another city", "E235", SCHOOLS, "10 / 10", exits=3)
def _(project):
    old = Path(__file__).parents[2] / "contract" / "ten_sites.xls"
    (project / SCHOOLS).write_bytes(old.read_bytes())
    settings(project, ' sheet = "学校",', "")


@case("F24", "Word document named .xls", "E204", "data/2024/schools.xls", "Word", exits=3)
def _(project):
    _named(project, "schools.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le") + b"\0" * 600)


@case("F24", "a table in a zip, in a folder with a Chinese name", "")
def _(project):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo("教育局/学校.xlsx".encode("gb18030").decode("cp437")), (project / SCHOOLS).read_bytes())
    _named(project, "schools.zip", made.getvalue())
    return right(project, "name", [f"第{n}小学" for n in range(12)], "schools")


@case("F24", "two tables in one zip", "E233", "data/2024/schools.zip", "2 份", exits=3)
def _(project):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("甲.csv", "名称\n甲")
        archive.writestr("乙.csv", "名称\n乙")
    _named(project, "schools.zip", made.getvalue())


@case("F24", "PDF named .xlsx", "E204", SCHOOLS, "PDF", exits=3)
def _(project):
    (project / SCHOOLS).write_bytes(b"%PDF-1.7 and so on")


@case("F25", "workbook with a password", "E206", SCHOOLS, exits=3)
def _(project):
    (project / SCHOOLS).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600)


@case("F26", "Excel's own temporary file", "I205", "data/2024/~$schools.xlsx")
def _(project):
    (project / "data/2024/~$schools.xlsx").write_bytes(b"\x05user")
    settings(project, '[{ path = "data/{year}/schools.xlsx"', '[{ path = "data/{year}/~$schools.xlsx" }, { path = "data/{year}/schools.xlsx"')


@case("F27", "a header that stands twice", "E211", CHILDCARE, "名称", "B、H", exits=3)
def _(project):
    childcare(project, lambda rows: [row.append("名称" if n == 0 else "别的") for n, row in enumerate(rows)])


@case("F27", "headers with line breaks, blanks and brackets", "")
def _(project):
    childcare(project, lambda rows: rows.__setitem__(0, ["编 号", "名\n称", "经度（°）", " 纬度 ", "年份", "状态", "托位数（个）"]))
    return right(project, "name", NAMES)


@case("F28", "a needed column under an unknown name", "E210", CHILDCARE, "名称", "名稱", exits=3)
def _(project):
    childcare(project, lambda rows: rows[0].__setitem__(1, "名稱"))


@case("F28", "no coordinate columns under a known name", "E230", CHILDCARE, "经度", exits=3)
def _(project):
    childcare(project, lambda rows: rows[0].__setitem__(slice(2, 4), ["甲", "乙"]))


@case("F29", "empty file", "E201", CHILDCARE, exits=3)
def _(project):
    (project / CHILDCARE).write_bytes(b"")


@case("F29", "header only", "E208", CHILDCARE, exits=3)
def _(project):
    childcare(project, lambda rows: rows.__delitem__(slice(1, None)))


@case("F29", "no feature", "E208", "data/2024/childcare.geojson", exits=3)
def _(project):
    gis(project, ".geojson", frame()).write_text('{"type": "FeatureCollection", "features": []}')


@case("F29", "nothing now, and eight rows the year before", "E280", CHILDCARE, "2023 年有 8 行", exits=3)
def _(project):
    childcare(project, lambda rows: rows.__delitem__(slice(1, None)))


@case("F29", "nothing now, and somebody confirmed it", "I280", CHILDCARE, "2024")
def _(project):
    childcare(project, lambda rows: rows.__delitem__(slice(1, None)))
    settings(project, 'lead_unit = "卫健局"', 'lead_unit = "卫健局", empty = [2024]')
    return lambda: len(sites(project)) == 0


@case("F29", "no file at all, and somebody confirmed it", "I280", CHILDCARE, "2024")
def _(project):
    (project / CHILDCARE).unlink()
    settings(project, 'lead_unit = "卫健局"', 'lead_unit = "卫健局", empty = [2024]')


@case("F29", "confirmed to be empty, and it is not", "E282", CHILDCARE, "10 行", exits=3)
def _(project):
    settings(project, 'lead_unit = "卫健局"', 'lead_unit = "卫健局", empty = [2024]')


@case("F30", "many more rows than the year before", "W231", SCHOOLS, "12", "9", "33%")
def _(project):
    rows = small_city.school_rows()
    small_city.schools_xlsx(project, rows[:10], year=2023)


@case("F30", "a quarter more rows than the year before", "")
def _(project):
    def proof():
        assert main(["check", "--strict", str(project)]) == 0  # ten nurseries after eight

    return proof


@case("F30", "many fewer rows, and a strict run", "")
def _(project):
    childcare(project, lambda rows: rows.__delitem__(slice(5, None)))

    def proof():
        published = small_city.tree(project / "output" / "2024")
        assert main(["check", "--strict", str(project)]) == 3
        assert main(["build", "--strict", str(project)]) == 3
        assert small_city.tree(project / "output" / "2024") == published

    return proof


@case("F30", "many fewer rows than the year before", "W231", CHILDCARE, "8", "4")
def _(project):
    childcare(project, lambda rows: rows.__delitem__(slice(5, None)))
