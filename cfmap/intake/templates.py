"""Which empty tables do departments fill in: Excel workbooks with the headers, drop-downs and limits that intake reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfmap.intake.headers import fields_of
from cfmap.model.layer import Field
from cfmap.model.schema import AGE_BANDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from cfmap.model.layer import Layer

ROWS = 2000  # rows that get drop-downs and limits
GUIDE_SHEET = "填写说明"
YES_NO = ("是", "否")
LONGEST_LIST = 255  # characters of a drop-down that Excel stores in the cell's rule
LONGEST_MESSAGE = 255
LONGEST_TITLE = 32
LINE_HEIGHT = 15  # points

LON = Field("lon", "经度", "longitude", kind="number", unit="度", minimum=73, maximum=136, hint="十进制度数，例如 120.655；坐标系告诉汇总的人")
LAT = Field("lat", "纬度", "latitude", kind="number", unit="度", minimum=3, maximum=54, hint="十进制度数，例如 27.778；不要和经度写反")
_BESIDE_PLACE = ("id", "name", "town")  # columns before the coordinates
_SAMPLES = {
    "id": "示例-001",
    "name": "示例：某某{title}",
    "town": "某某街道",
    "lon": "120.000000",
    "lat": "28.000000",
    "address": "某某路1号",
    "phone": "单位公开电话",
    "website": "https://example.org/",
    "opening": "周一至周五 8:30–17:00",
    "facilities": "母婴室；无障碍",
    "batch": "第一批",
    "lead_unit": "某某局",
    "age_min": "3",
    "age_max": "6",
}
_KINDS = {
    "integer": "整数",
    "number": "数字",
    "year": "四位年份",
    "date": "日期，如 2024-06-01",
    "yesno": "是 / 否",
    "list": "可多选，用“；”隔开",
    "text": "文字",
}
_NOTES = (
    "一行一处。不要合并单元格，不要改表头，不要在表里写合计。",
    "带 * 的列必须填。空着的格子表示“不知道”，不表示“没有”；没有请填“否”或 0。",
    "编号每年不变；没有编号可以空着，由程序生成。编号一列是文本格式，前面的 0 不会丢。",
    "不要填姓名、身份证号、私人手机号；电话只填单位对外公开的。",
    "没有坐标也可以交：填好名称和地址，经纬度空着，会列在“待补坐标”里，不上图。",
    "下面是各列的填法。“示例”一列只是样子，不会被读取，请不要照抄进表里。",
)


def columns(layer: Layer) -> tuple[Field, ...]:
    """Columns of a layer's sheet: id, name, town, coordinates, the layer's own, then the other common ones."""
    fields = {f.key: f for f in fields_of(layer)}
    own = {f.key for f in layer.fields}
    first = [fields[key] for key in _BESIDE_PLACE]
    common = [f for key, f in fields.items() if key not in own and key not in _BESIDE_PLACE]
    return (*first, LON, LAT, *layer.fields, *common)


def write_template(path: Path, layers: Sequence[Layer]) -> None:
    """Write one department's workbook: a sheet for each layer (its Chinese title), and 填写说明 at the end."""
    _write(path, [(layer.title, columns(layer), layer.description) for layer in layers])


def write_population_template(path: Path) -> None:
    """Write the table of communities with residents by age (:data:`cfmap.model.schema.AGE_BANDS`)."""
    people = [
        Field(key, title, title_en, kind="integer", unit="人", minimum=0, hint="常住人口中这个年龄的人数；不知道就空着，不要填 0")
        for key, (title, title_en, _, _) in AGE_BANDS.items()
    ]
    place = [
        Field("id", "编号", "id", hint="统计用区划代码或本地编号，每年不变"),
        Field("name", "名称", "name", required=True, hint="村、社区的全称"),
        Field("town", "乡镇街道", "town", hint="所属乡镇或街道的全称"),
    ]
    _write(path, [("社区人口", (*place, LON, LAT, *people), "各村、社区分年龄的常住人口，坐标取村委会、居委会或居住中心。")])


def _write(path: Path, sheets: Sequence[tuple[str, tuple[Field, ...], str]]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        styles = formats(book)
        for title, fields, _ in sheets:
            _data_sheet(book.add_worksheet(title), fields, styles)
        guide_sheet(book.add_worksheet(GUIDE_SHEET), sheets, styles)


def formats(book: Any) -> dict[str, Any]:
    """Give the looks of a template's cells."""
    return {
        "head": book.add_format({"bold": True, "bg_color": "#e3efe9", "border": 1, "text_wrap": True, "valign": "vcenter"}),
        "required": book.add_format({"bold": True, "bg_color": "#fbe3c4", "border": 1, "text_wrap": True, "valign": "vcenter"}),
        "text": book.add_format({"num_format": "@"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "note": book.add_format({"text_wrap": True, "valign": "top"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "sample": book.add_format({"italic": True, "font_color": "#6b6b6b", "num_format": "@", "text_wrap": True, "valign": "top"}),
    }


def width(field: Field) -> int:
    """Give a column's width in characters."""
    return max(10, min(28, 2 * len(field.title) + 4))


def kind_of_cell(field: Field) -> str | None:
    """Give the format of a column's cells: text keeps leading zeros, a date shows as one."""
    return "date" if field.kind == "date" else "text" if field.kind in {"text", "list"} else None


def _data_sheet(sheet: Any, fields: Iterable[Field], styles: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 2)
    sheet.set_row(0, 32)
    for column, field in enumerate(fields):
        kind = kind_of_cell(field)
        sheet.set_column(column, column, width(field), styles[kind] if kind else None)
        sheet.write_string(0, column, header(field), styles["required" if field.required else "head"])
        sheet.data_validation(1, column, ROWS, column, rule(field))


def header(field: Field) -> str:
    """Header as written: title, unit in brackets where there is one, a star where it must be filled in."""
    unit = f"（{field.unit}）" if field.unit and field.kind in {"integer", "number"} else ""
    return f"{field.title}{unit}{'*' if field.required else ''}"


def rule(field: Field) -> dict[str, Any]:
    """Give a column's drop-down or limits and its input help, as XlsxWriter takes them."""
    values = YES_NO if field.kind == "yesno" else field.vocabulary if field.kind == "choice" else ()
    message = field.hint or _KINDS.get(field.kind, "")
    checks: dict[str, Any] = {"validate": "any"}
    if values and len(",".join(values)) <= LONGEST_LIST:
        checks = {"validate": "list", "source": list(values), "error_message": "请从下拉列表里选"}
    elif field.kind == "integer":
        checks = _limits("integer", field, "请填整数")
    elif field.kind == "number":
        checks = _limits("decimal", field, "请填数字，不带单位")
    elif field.kind == "year":
        low, high = int(field.minimum or 1900), int(field.maximum or 2100)
        checks = {"validate": "integer", "criteria": "between", "minimum": low, "maximum": high, "error_message": "请填四位年份"}
    shown = {"input_title": header(field)[:LONGEST_TITLE], "input_message": message[:LONGEST_MESSAGE], "error_title": "请核对"}
    # a warning can be overruled (projected coordinates, a new kind of place); intake checks again and says why
    return checks | shown | {"error_type": "warning", "ignore_blank": True}


def _limits(validate: str, field: Field, message: str) -> dict[str, Any]:
    if field.minimum is not None and field.maximum is not None:
        return {"validate": validate, "criteria": "between", "minimum": field.minimum, "maximum": field.maximum, "error_message": message}
    if field.minimum is not None:
        return {"validate": validate, "criteria": ">=", "value": field.minimum, "error_message": message}
    return {"validate": validate, "criteria": "between", "minimum": -1e9, "maximum": 1e9, "error_message": message}


def guide_sheet(
    sheet: Any, sheets: Sequence[tuple[str, tuple[Field, ...], str]], styles: dict[str, Any], *, notes: Sequence[str] = _NOTES, row: int = 0
) -> None:
    """Write from `row` on what to mind, then what each column of each sheet takes."""
    widths = (22, 8, 44, 44, 30)
    for column, wide in enumerate(widths):
        sheet.set_column(column, column, wide)
    for note in notes:
        sheet.merge_range(row, 0, row, 4, note, styles["note"])
        row += 1
    for title, fields, description in sheets:
        row += 1
        sheet.write_string(row, 0, title, styles["title"])
        sheet.merge_range(row + 1, 0, row + 1, 4, description, styles["note"])
        sheet.set_row(row + 1, 32)
        row += 2
        for column, text in enumerate(("列", "必填", "可填的值", "说明", "示例")):
            sheet.write_string(row, column, text, styles["head"])
        for field in fields:
            row += 1
            cells = (header(field), "是" if field.required else "", "、".join(field.vocabulary) or _KINDS.get(field.kind, ""), field.hint)
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text, styles["note"])
            sheet.set_row(row, LINE_HEIGHT * max(-(-2 * len(text) // wide) or 1 for text, wide in zip(cells, widths, strict=False)))
            sheet.write_string(row, 4, sample(field, title), styles["sample"])
        row += 1


def sample(field: Field, title: str) -> str:
    """Give an invented value for the 示例 column; never a real place."""
    if field.key in _SAMPLES:
        return _SAMPLES[field.key].format(title=title)
    if field.vocabulary:
        return field.vocabulary[0]
    return {"yesno": "是", "integer": "60", "number": "120.5", "year": "2024", "date": "2024-06-01"}.get(field.kind, f"某某{field.title}")
