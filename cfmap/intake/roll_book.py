"""Which workbook does a department get for the next year: last year's rows, what became of each, and room for new ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from cfmap.intake import datum as datums
from cfmap.intake import templates
from cfmap.intake.handed_out import CHANGED, DONE, DONE_LABEL, GUIDE_SHEET, KEPT, NEW, SITUATION, SITUATIONS, STABLE, SYSTEM, WITHDRAWN
from cfmap.intake.layer import is_generated
from cfmap.intake.rows import UNKNOWN_STATUS
from cfmap.model.events import EVENTS
from cfmap.model.layer import Field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from cfmap.model.city import Source
    from cfmap.model.edition import LayerData
    from cfmap.model.layer import Layer

EMPTY_ROWS = 300  # below last year's, with drop-downs and limits
DECIMALS = 7  # of a degree: a centimetre
WIDTHS = {"name": 30, "town": 14, "address": 34}  # characters, of columns whose cells are longer than their header
SYSTEM_TITLES = {"wgs84": "WGS84", "cgcs2000": "CGCS2000", "gcj02": "GCJ-02", "bd09": "BD-09"}
_STABLE_FIELD = Field("stable", STABLE, "stable id")
_SITUATION_FIELD = Field(
    "situation", SITUATION, "this year", kind="choice", vocabulary=SITUATIONS, hint="没变的不用动；改了哪里选“变更”；没有了选“撤销”，不要删行"
)
_SYSTEM_FIELD = Field(
    "system",
    SYSTEM,
    "datum",
    kind="choice",
    vocabulary=tuple(SYSTEM_TITLES.values()),
    hint="这一行的经纬度是哪一种：高德、腾讯是 GCJ-02，百度是 BD-09，天地图、手机定位是 WGS84；米制坐标写 EPSG:编号",
)
_NOTES = (
    "表里是上一年的数据，已经替您填好。请逐行核对，在“本年情况”里选一个：",
    "　　保留——没有变化（已经选好，不用动）；变更——还是这一处，内容有改动，直接改格子；撤销——没有了，只选“撤销”，不要删掉这一行；新增——写在下面的空行里。",
    "有一个隐藏的列，是每一处的稳定编号，请不要取消隐藏、不要改。新增的不要从旧行复制，请写在空行里；复制整行也认得出来，但会请您核对。",
    "可以排序、筛选，次序不影响。不要合并单元格，不要改表头，不要在表里写合计，不要改工作表的名称和文件名。",
    "带 * 的列必须填。空着的格子表示“不知道”，不表示“没有”；没有请填“否”或 0。",
    "不要填姓名、身份证号、私人手机号；电话只填单位对外公开的。",
    "没有坐标也可以交：填好名称和地址，经纬度空着。改了经纬度，请看一看同一行的“坐标系”对不对。",
    "下面是各列的填法。“示例”一列只是样子，不会被读取，请不要照抄进表里。",
)


@dataclass(frozen=True)
class Page:
    """
    One sheet to hand out.

    Attributes
    ----------
    layer
        Its layer; the sheet bears its title.
    datum
        Of rows that name none.
    rows
        Of last year, as :func:`row_of` makes them.
    """

    layer: Layer
    datum: str
    rows: tuple[dict[str, Any], ...]

    @property
    def title(self) -> str:
        """Name of the sheet as spreadsheet programs accept it."""
        return re.sub(r"[\[\]:*?/\\']", "_", self.layer.title)[:31]

    @property
    def fields(self) -> tuple[Field, ...]:
        """Columns: the stable id (hidden), what became of the row, then those of the layer's template, with the row's datum beside its coordinates."""
        own: list[Field] = []
        for field in templates.columns(self.layer):
            own.append(field)
            if field == templates.LAT:
                own.append(_SYSTEM_FIELD)
        return (_STABLE_FIELD, _SITUATION_FIELD, *own)


def new_datum(declared: str) -> str:
    """Datum of a handed-out sheet: the one that the department is used to; degrees where it gave metres."""
    return declared if declared in SYSTEM_TITLES else "wgs84"


def rows_of(data: LayerData, *, source: Source) -> tuple[dict[str, Any], ...]:
    """
    Accepted rows of one source as cells of its sheet, by town and name.

    Parameters
    ----------
    data
        The source's sites.
    source
        Where they came from: coordinates are written in :func:`new_datum` of its datum; what the settings say for all of it
        (lead unit, date) is not the department's own and is not handed out.
    """
    if data.layer.key == EVENTS:  # last year's are over
        return ()
    datum = new_datum(source.datum)
    points = data.sites.geometry.representative_point()
    lon, lat = datums.convert(points.x.to_numpy(), points.y.to_numpy(), source="wgs84", target=datum) if len(points) else (np.empty(0), np.empty(0))
    located = [{"lon": round(float(x), DECIMALS), "lat": round(float(y), DECIMALS), "system": SYSTEM_TITLES[datum]} for x, y in zip(lon, lat, strict=True)]
    records = [*zip(_records(data.sites.drop(columns="geometry")), located, strict=True), *((r, {}) for r in _records(data.unlocated))]
    rows = [_row(record, data.layer, place, source) for record, place in records]
    return tuple(sorted(rows, key=lambda row: (row.get("town", ""), row.get("name", ""), row["stable"])))


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in record.items()} for record in table.to_dict("records")]


def _row(record: Mapping[str, Any], layer: Layer, place: Mapping[str, Any], source: Source) -> dict[str, Any]:
    row: dict[str, Any] = {"stable": str(record["id"]), "situation": KEPT, **place}
    for field in templates.columns(layer):
        value = cell(record.get(field.key))
        if value is not None:
            row[field.key] = value
    if is_generated(layer.key, row["stable"]):
        row.pop("id", None)
    if row.get("status") == UNKNOWN_STATUS:
        del row["status"]
    for key, said in (("source_date", source.data_date and source.data_date.isoformat()), ("lead_unit", source.lead_unit)):
        if said and row.get(key) == said:
            del row[key]
    return row


def cell(value: Any) -> str | int | float | None:
    """A site's value as a clerk types it; None = an empty cell."""
    if isinstance(value, (list, tuple)):
        return "；".join(map(str, value)) or None
    if isinstance(value, (bool, np.bool_)):
        return "是" if value else "否"
    if isinstance(value, str):
        return value or None
    if value is None or value != value or not hasattr(value, "__float__"):
        return None
    return int(value) if float(value).is_integer() else float(value)


def workbook(pages: Sequence[Page], *, city: str, department: str, year: int, former: int) -> bytes:
    """Make the workbook: 填写说明 first, then a sheet for each page."""
    import xlsxwriter

    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": f"{city} {department} {year} 年点位核对表", "author": "cfmap"})
        styles = templates.formats(book)
        _guide(book, pages, styles, title=f"{city}儿童友好地图 {year} 年核对表 · {department}", former=former)
        lists = templates.Lists(book)
        for page in pages:
            _sheet(book, page, styles, lists)
        lists.write()
    return buffer.getvalue()


def _guide(book: Any, pages: Sequence[Page], styles: dict[str, Any], *, title: str, former: int) -> None:
    sheet = book.add_worksheet(GUIDE_SHEET)
    sheet.merge_range(0, 0, 0, 4, title, styles["title"])
    told = "、".join(f"“{p.title}”{len(p.rows)} 行" for p in pages)
    sheet.merge_range(1, 0, 1, 4, f"已填好 {former} 年的数据：{told}。", styles["note"])
    sheet.write_string(2, 0, DONE_LABEL, styles["required"])
    box = book.add_format({"border": 2, "bold": True, "align": "center", "bg_color": "#fff7d6"})
    sheet.merge_range(2, 1, 2, 2, "", box)
    sheet.write_string(2, 3, f"核对完，请在左边的框里选“{DONE}”，再把文件交回来。", styles["note"])
    sheet.data_validation(2, 1, 2, 1, {"validate": "list", "source": [DONE], "input_title": DONE_LABEL, "input_message": f"全部核对完了，选“{DONE}”"})
    templates.guide_sheet(sheet, [(p.title, p.fields[1:], p.layer.description) for p in pages], styles, notes=_NOTES, row=4)
    for row, height in ((0, 24), (1, 20), (2, 26), (3, 8), *((4 + n, templates.LINE_HEIGHT * (1 + len(note) // 68) + 3) for n, note in enumerate(_NOTES))):
        sheet.set_row(row, height)


def _sheet(book: Any, page: Page, styles: dict[str, Any], lists: templates.Lists) -> None:
    sheet = book.add_worksheet(page.title)
    fields, last = page.fields, len(page.rows) + EMPTY_ROWS
    frozen = next(i for i, f in enumerate(fields) if f.key == "name") + 1
    sheet.freeze_panes(1, frozen)
    sheet.set_row(0, 32)
    for column, field in enumerate(fields):
        kind = templates.kind_of_cell(field)
        options = {"hidden": True} if field == _STABLE_FIELD else {}
        sheet.set_column(column, column, WIDTHS.get(field.key, templates.width(field)), styles[kind] if kind else None, options)
        sheet.write_string(0, column, templates.header(field), styles["required" if field.required or field == _SITUATION_FIELD else "head"])
        if field != _STABLE_FIELD:
            sheet.data_validation(1, column, last, column, templates.rule(field, lists))
    for number, row in enumerate(page.rows, start=1):
        _write(sheet, number, fields, row, styles)
    sheet.autofilter(0, 0, max(len(page.rows), 1), len(fields) - 1)
    for word, look in ((WITHDRAWN, {"font_color": "#8a8a8a", "font_strikeout": True}), (CHANGED, {"bg_color": "#fff2cc"}), (NEW, {"bg_color": "#e2f0d9"})):
        rule = {"type": "formula", "criteria": f'=$B2="{word}"', "format": book.add_format(look)}
        sheet.conditional_format(1, 1, last, len(fields) - 1, rule)


def _write(sheet: Any, number: int, fields: Iterable[Field], row: Mapping[str, Any], styles: dict[str, Any]) -> None:
    for column, field in enumerate(fields):
        value = row.get(field.key)
        kind = templates.kind_of_cell(field)
        if isinstance(value, str):
            sheet.write_string(number, column, value, styles[kind or "text"])
        elif value is not None:
            sheet.write_number(number, column, value, styles[kind] if kind == "date" else None)


def headers(page: Page) -> Iterator[str]:
    """Headers of a page's sheet, in order."""
    return (templates.header(field) for field in page.fields)
