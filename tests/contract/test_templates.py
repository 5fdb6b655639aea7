"""Every layer's template: filled in as its guide says it reads back without a fault, and its example is never counted."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from cfmap.intake import load_layer
from cfmap.intake.templates import CHINA, GUIDE_SHEET, LISTS_SHEET, ROWS, columns, header, sample, write_template
from cfmap.model import City, Field, Layer, find_layers

ROOT = Path(__file__).parents[2]
BOX = (123.0, 28.0, 123.2, 28.2)


def city(root: Path, key: str = "schools", title: str = "中小学校") -> City:
    data = {"city": {"name": "甲市"}, "edition": {"year": 2024}, "network": {"source": "x"}, "boundary": {}}
    return City.model_validate({"root": root, **data, "layers": {key: {"sources": [{"path": "t.xlsx", "sheet": title}]}}})


POINTS = sorted(key for key, layer in find_layers(city(ROOT)).items() if layer.geometry == "Point" and layer.path)


@pytest.fixture(scope="module")
def declared():
    return find_layers(city(ROOT))


@pytest.mark.parametrize("key", POINTS)
def test_a_filled_in_template_reads_back_without_any_fault(key, declared, tmp_path):
    layer = declared[key]
    write_template(tmp_path / "t.xlsx", [layer], box=BOX)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    sheet, fields = book[layer.title], columns(layer, BOX)
    assert [c.value for c in sheet[1]] == [header(f) for f in fields]
    given = {"id": "{n:03d}", "name": "第{n}处", "website": "https://example.org/{n}", "photo": "", "phone": "", "place": ""}
    for n in (1, 2, 3):
        for column, field in enumerate(fields, start=1):
            value = given.get(field.key, sample(field, layer.title, BOX)).format(n=n)
            number = field.kind in {"integer", "number", "year"}
            sheet.cell(n + 2, column).value = float(value) + n * 0.00123 if field.key in {"lon", "lat"} else float(value) if number else value or None
    book.save(tmp_path / "t.xlsx")
    data = load_layer(layer, city(tmp_path, key, layer.title), year=2024)
    assert [f.render("zh") for f in data.faults if f.level != "info"] == []
    assert not [f for f in data.faults if f.code == "I206"], "a column of the template that is not used"
    assert [f.facts["rows"] for f in data.faults if f.code == "I204"] == ["2"]
    assert data.sites["name"].tolist() == ["第1处", "第2处", "第3处"]
    assert data.sites["id"].tolist() == ["001", "002", "003"]
    empty = [f.key for f in fields if f.key in data.sites and f.key not in {"photo", "phone", "place"} and data.sites[f.key].isna().any()]
    assert empty == [], "what was filled in is there"


def test_rules_frame_print_and_guide_as_a_clerk_meets_them(tmp_path):
    long = tuple(f"第{n}类，名称很长很长的一个选项" for n in range(30))
    layer = Layer(
        "things", "事物", "Things", "dot", "#123456", fields=(Field("sort", "种类", "sort", kind="choice", vocabulary=long), Field("beds", "床位", "beds", kind="integer", unit="张", minimum=0, maximum=500))
    )  # fmt: skip
    write_template(tmp_path / "t.xlsx", [layer], box=BOX)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert (book.sheetnames, book[LISTS_SHEET].sheet_state) == (["事物", GUIDE_SHEET, LISTS_SHEET], "hidden")
    sheet = book["事物"]
    rules = {}
    for rule in sheet.data_validations.dataValidation:
        for area in rule.sqref.ranges:
            assert (area.min_row, area.max_row) == (2, ROWS + 1)
            rules[sheet.cell(1, area.min_col).value] = rule
    assert rules["种类"].formula1 == f"{LISTS_SHEET}!$A$1:$A$30"
    assert [c.value for c in book[LISTS_SHEET]["A"]] == list(long)
    assert [(rules[h].formula1, rules[h].formula2) for h in ("经度（度）", "纬度（度）", "床位（张）")] == [("123.0", "123.2"), ("28.0", "28.2"), ("0", "500")]
    assert all(rule.promptTitle for rule in rules.values())
    assert sheet.freeze_panes == "C2"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.print_title_rows) == ("landscape", 9, "$1:$1")
    assert sheet.column_dimensions["A"].number_format == "@"
    guide = [[c.value for c in row] for row in book[GUIDE_SHEET].iter_rows()]
    (beds,) = [row for row in guide if row[0] == "床位（张）"]
    assert beds[1:4] + beds[5:6] == ["", "张", "整数，0 到 500", "否"]
    (name,) = [row for row in guide if row[0] == "名称"]
    assert (name[1], name[5]) == ("必填", "是")


def test_without_a_boundary_the_limits_are_chinas():
    lon, lat = columns(Layer("a", "甲", "A", "dot", "#123456"), CHINA)[3:5]
    assert (lon.minimum, lat.minimum, lon.maximum, lat.maximum) == CHINA
