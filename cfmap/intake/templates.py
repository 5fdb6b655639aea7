"""Which empty tables do departments fill in: Excel workbooks with the headers, drop-downs and limits that intake reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from cfmap.intake.headers import fields_of
from cfmap.intake.workbook_facts import letter
from cfmap.model.layer import Field
from cfmap.model.schema import AGE_BANDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cfmap.model.layer import Layer

ROWS = 2000  # rows that get drop-downs and limits
GUIDE_SHEET, LISTS_SHEET = "填写说明", "选项"
#: West, south, east, north in degrees.
Box = tuple[float, float, float, float]
CHINA: Box = (73, 3, 136, 54)
ROUND_CITY_DEG = 0.05  # sites may stand a little outside the outline
YES_NO = ("是", "否")
LONGEST_LIST = 255  # characters of a drop-down that Excel stores in the cell's rule
LONGEST_MESSAGE = 255
LONGEST_TITLE = 32
LINE_HEIGHT = 15  # points

_SAMPLE_ROW = 1
_WIDTHS = {"id": 14, "name": 26, "town": 14, "lon": 13, "lat": 13, "address": 26, "opening": 24, "facilities": 24, "website": 22, "photo": 22, "phone": 16}
#: Columns of the guide and their widths.
_GUIDE = (("列", 22), ("必填", 6), ("单位", 8), ("可填的值", 44), ("说明", 44), ("公开", 6), ("示例", 30))
_BESIDE_PLACE = ("id", "name", "town")  # columns before the coordinates
_SAMPLES = {
    "id": "示例-001",
    "name": "示例：某某{title}",
    "town": "某某街道",
    "address": "某某路1号",
    "phone": "单位公开电话",
    "website": "https://example.org/",
    "opening": "周一至周五 8:30–17:00",
    "facilities": "母婴室；无障碍",
    "batch": "第一批",
    "lead_unit": "某某局",
    "photo": "data/2024/照片/某某.jpg",
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
    "每张表的第 2 行（灰色斜体，编号“示例-001”）只是样子，不会算进去，可以删掉，也可以留着；从第 3 行开始填。",
    "有下拉箭头的格子请从列表里选；选中一个格子会显示怎么填。“公开”写“是”的列会显示在公开的地图上，写“否”的只留在内部。",
)


def position(box: Box = CHINA) -> tuple[Field, Field]:
    """The two coordinate columns, limited to `box`."""
    west, south, east, north = box
    lon = Field("lon", "经度", "longitude", kind="number", unit="度", minimum=west, maximum=east, public=True)
    lat = Field("lat", "纬度", "latitude", kind="number", unit="度", minimum=south, maximum=north, public=True)
    x, y = _samples_of(box)
    return (
        replace(lon, hint=f"十进制度数，例如 {x}；坐标系（手机、高德、百度、测绘）告诉汇总的人"),
        replace(lat, hint=f"十进制度数，例如 {y}；不要和经度写反"),
    )


def _samples_of(box: Box) -> tuple[float, float]:
    if box == CHINA:
        return 120.123456, 28.123456
    return round((box[0] + box[2]) / 2, 6), round((box[1] + box[3]) / 2, 6)


LON, LAT = position()


def columns(layer: Layer, box: Box = CHINA) -> tuple[Field, ...]:
    """Columns of a layer's sheet: id, name, town, coordinates, the layer's own, then the other common ones."""
    fields = {f.key: f for f in fields_of(layer)}
    own = {f.key for f in layer.fields}
    first = [fields[key] for key in _BESIDE_PLACE]
    common = [f for key, f in fields.items() if key not in own and key not in _BESIDE_PLACE]
    return (*first, *position(box), *layer.fields, *common)


def write_template(path: Path, layers: Sequence[Layer], *, box: Box = CHINA) -> None:
    """Write one department's workbook: a sheet for each layer (its Chinese title), and 填写说明 at the end; `box` limits coordinates."""
    _write(path, [(layer.title, columns(layer, box), layer.description) for layer in layers], box)


def write_population_template(path: Path, *, box: Box = CHINA) -> None:
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
    _write(path, [("社区人口", (*place, *position(box), *people), "各村、社区分年龄的常住人口，坐标取村委会、居委会或居住中心。")], box)


def _write(path: Path, sheets: Sequence[tuple[str, tuple[Field, ...], str]], box: Box) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        styles = formats(book)
        lists = Lists(book)
        for title, fields, _ in sheets:
            _data_sheet(book.add_worksheet(title), title, fields, box, styles, lists)
        guide_sheet(book.add_worksheet(GUIDE_SHEET), sheets, styles, box=box)
        lists.write()


def formats(book: Any) -> dict[str, Any]:
    """Give the looks of a template's cells."""
    sample = {"italic": True, "font_color": "#6b6b6b", "bg_color": "#f4f4f4", "valign": "top"}
    return {
        "head": book.add_format({"bold": True, "bg_color": "#e3efe9", "border": 1, "text_wrap": True, "valign": "vcenter"}),
        "required": book.add_format({"bold": True, "bg_color": "#fbe3c4", "border": 1, "text_wrap": True, "valign": "vcenter"}),
        "text": book.add_format({"num_format": "@"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "note": book.add_format({"text_wrap": True, "valign": "top"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "sample": book.add_format(sample | {"num_format": "@", "text_wrap": True}),
        "sample_date": book.add_format(sample | {"num_format": "yyyy-mm-dd"}),
        "sample_number": book.add_format(sample),
    }


def width(field: Field) -> int:
    """Give a column's width in characters."""
    return max(_WIDTHS.get(field.key, 11), min(28, cells_wide(header(field)) + 4))


def kind_of_cell(field: Field) -> str | None:
    """Give the format of a column's cells: text keeps leading zeros, a date shows as one."""
    return "date" if field.kind == "date" else "text" if field.kind in {"text", "list"} else None


def fits_a_rule(values: Sequence[str]) -> bool:
    """Whether a drop-down can stand in a cell's rule."""
    return len(",".join(values)) <= LONGEST_LIST and not any("," in v for v in values)


class Lists:
    """Drop-downs that are too long for a cell's rule: a hidden sheet holds them."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.columns: list[tuple[str, ...]] = []

    def source(self, values: tuple[str, ...]) -> list[str] | str:
        """What a rule names: the values themselves, or where they stand."""
        if fits_a_rule(values):
            return list(values)
        if values not in self.columns:
            self.columns.append(values)
        column = letter(self.columns.index(values) + 1)
        return f"={LISTS_SHEET}!${column}$1:${column}${len(values)}"

    def write(self) -> None:
        """Add the hidden sheet, last, when it is needed."""
        if self.columns:
            sheet = self.book.add_worksheet(LISTS_SHEET)
            for column, values in enumerate(self.columns):
                sheet.write_column(0, column, values)
            sheet.hide()


def _data_sheet(sheet: Any, title: str, fields: Sequence[Field], box: Box, styles: dict[str, Any], lists: Lists) -> None:
    sheet.freeze_panes(1, 2)
    sheet.set_row(0, 32)
    for column, field in enumerate(fields):
        kind = kind_of_cell(field)
        sheet.set_column(column, column, width(field), styles[kind] if kind else None)
        sheet.write_string(0, column, header(field), styles["required" if field.required else "head"])
        _write_sample(sheet, column, field, sample(field, title, box), styles)
        sheet.data_validation(1, column, ROWS, column, rule(field, lists))
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_print_scale(85)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0, 1)  # every page says whose row it is
    sheet.set_footer("&L&A&R第 &P 页，共 &N 页")


def _write_sample(sheet: Any, column: int, field: Field, text: str, styles: dict[str, Any]) -> None:
    if field.kind in {"integer", "number", "year"}:
        sheet.write_number(_SAMPLE_ROW, column, float(text), styles["sample_number"])
    elif field.kind == "date":
        sheet.write_datetime(_SAMPLE_ROW, column, date.fromisoformat(text), styles["sample_date"])
    else:
        sheet.write_string(_SAMPLE_ROW, column, text, styles["sample"])


def header(field: Field) -> str:
    """Header as written: title, unit in brackets where there is one, a star where it must be filled in."""
    unit = f"（{field.unit}）" if field.unit and field.kind in {"integer", "number"} else ""
    return f"{field.title}{unit}{'*' if field.required else ''}"


def rule(field: Field, lists: Lists | None = None) -> dict[str, Any]:
    """Give a column's drop-down or limits and its input help, as XlsxWriter takes them; without `lists` a long drop-down is left out."""
    values = YES_NO if field.kind == "yesno" else field.vocabulary if field.kind == "choice" else ()
    message = field.hint or _KINDS.get(field.kind, "")
    checks: dict[str, Any] = {"validate": "any"}
    if values and (lists is not None or fits_a_rule(values)):
        checks = {"validate": "list", "source": lists.source(values) if lists is not None else list(values), "error_message": "请从下拉列表里选"}
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
    sheet: Any,
    sheets: Sequence[tuple[str, tuple[Field, ...], str]],
    styles: dict[str, Any],
    *,
    notes: Sequence[str] = _NOTES,
    row: int = 0,
    box: Box = CHINA,
) -> None:
    """Write from `row` on what to mind, then what each column of each sheet takes."""
    last = len(_GUIDE) - 1
    for column, (_, wide) in enumerate(_GUIDE):
        sheet.set_column(column, column, wide)
    for note in notes:
        sheet.merge_range(row, 0, row, last, note, styles["note"])
        sheet.set_row(row, 18)
        row += 1
    for title, fields, description in sheets:
        row += 1
        sheet.write_string(row, 0, title, styles["title"])
        sheet.merge_range(row + 1, 0, row + 1, last, description, styles["note"])
        sheet.set_row(row + 1, 32)
        row += 2
        for column, (text, _) in enumerate(_GUIDE):
            sheet.write_string(row, column, text, styles["head"])
        for field in fields:
            row += 1
            required, public = ("必填" if field.required else ""), ("是" if field.public else "否")
            cells = (header(field).rstrip("*"), required, field.unit, allowed(field), field.hint, public, sample(field, title, box))
            sheet.set_row(row, LINE_HEIGHT * max(-(-cells_wide(text) // (wide - 1)) or 1 for text, (_, wide) in zip(cells, _GUIDE, strict=True)))
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text, styles["sample" if column == last else "note"])
        row += 1
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def cells_wide(text: str) -> int:
    """Width of a text in a spreadsheet's units: a Chinese character takes two."""
    return sum(1 + (char > "\u2e80") for char in text)


def allowed(field: Field) -> str:
    """What may stand in a column, in words: the list, or the kind with its limits."""
    words = "、".join(field.vocabulary) or _KINDS.get(field.kind, "")
    if field.kind == "list" and field.vocabulary:
        words = f"{words}（可多选，用“；”隔开）"
    low, high = (None if v is None else f"{v:g}" for v in (field.minimum, field.maximum))
    if low is None and high is None:
        return words
    return f"{words}，{low} 到 {high}" if low and high else f"{words}，不小于 {low}" if low else f"{words}，不大于 {high}"


def sample(field: Field, title: str, box: Box = CHINA) -> str:
    """Give an invented value for the example; never a real place."""
    if field.key in {"lon", "lat"}:
        return f"{_samples_of(box)[field.key == 'lat']:.6f}"
    if field.key in _SAMPLES:
        return _SAMPLES[field.key].format(title=title)
    if field.vocabulary and field.kind != "date":
        return field.vocabulary[0]
    return {"yesno": "是", "integer": "60", "number": "120.5", "year": "2024", "date": "2024-06-01"}.get(field.kind, f"某某{field.title}")
