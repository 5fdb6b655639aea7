"""A doubt in check.xlsx, a person's choice in it, and every later run."""

from __future__ import annotations

import openpyxl

from cfmap import pipeline
from cfmap.intake.review_sheet import SHEET
from tests.e2e import small_city


def _sheet(project):
    page = openpyxl.load_workbook(project / "output/check.xlsx")[SHEET]
    return [[cell or "" for cell in row] for row in page.iter_rows(min_row=3, values_only=True)]


def _choose(project, word):
    book = openpyxl.load_workbook(project / "output/check.xlsx")
    book[SHEET]["A3"] = word
    book.save(project / "output/check.xlsx")


def test_two_sites_in_doubt_count_twice_until_somebody_says_they_are_one(tmp_path):
    project = small_city.make(tmp_path)
    rows = small_city.childcare_rows()
    rows[2][1:4] = [rows[1][1], rows[1][2] + 0.0001, rows[1][3]]
    table = small_city.childcare_csv(project, rows)
    given = table.read_bytes()

    pipeline.check(project)
    (line,) = _sheet(project)
    assert line[:9] == ["", "名称相同，相距很近", "托育机构", "第0托育园", "T001", "托育机构", "第0托育园", "T000", "10"]
    assert len(pipeline.sites("childcare", project)) == 10

    _choose(project, "同一处")
    found = pipeline.check(project)
    assert {f.code for f in found.faults} & {"W244", "I271"} == {"I271"}
    assert found.counts["childcare"] == 9
    assert pipeline.sites("childcare", project)["id"].tolist()[:2] == ["T000", "T002"]
    assert _sheet(project)[0][:2] == ["同一处", "已判断"]
    assert (project / "data/核对.csv").is_file()

    _choose(project, "不是同一处")  # another mind
    found = pipeline.check(project)
    assert {f.code for f in found.faults} & {"W244", "I271"} == set()
    assert found.counts["childcare"] == 10
    assert table.read_bytes() == given


def test_sites_without_coordinates_are_listed_and_counted_by_layer_and_year(tmp_path):
    project = small_city.make(tmp_path)
    rows = small_city.childcare_rows()
    rows[1][2:4] = ["", ""]
    rows[10][2:4] = ["", ""]
    rows[3][2:4] = ["", ""]
    rows[3][5] = "停办"  # closed: listed, and in no count
    small_city.childcare_csv(project, rows)
    pipeline.check(project)
    page = openpyxl.load_workbook(project / "output/check.xlsx")["无坐标点位"]
    listed = list(page.iter_rows(min_row=3, values_only=True))
    assert [(row[0], row[1], row[7], row[9]) for row in listed] == [
        ("托育机构", name, "data/2024/childcare.csv", number) for name, number in (("第0托育园", 2), ("第2托育园", 4), ("第9托育园", 11))
    ]
    figures = {i.id: i.value for i in pipeline.compute(pipeline.read_inputs(project), public=False).indicators if i.id.startswith("unlocated.")}
    assert figures == {"unlocated.childcare": 2, "unlocated.childcare.2023": 0, "unlocated.childcare.2024": 1, "unlocated.schools": 0}
