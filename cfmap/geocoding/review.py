"""What was found, as a workbook that a person looks through: one row a site, with a drop-down to take it or not."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING

from cfmap.intake import read_table
from cfmap.model import CfmapError
from cfmap.network.atomic import replacing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cfmap.geocoding.catalogue import Service

REVIEW = "geocode.xlsx"
SHEET = "核对"
MARK, TAKE, LEAVE = "采用?", "采用", "不采用"
HEADERS = (
    MARK, "图层", "编号", "名称", "乡镇街道", "地址", "来源表",
    "查到的地址", "经度", "纬度", "坐标系", "可信度", "服务的级别", "离乡镇中心（公里）", "提示", "服务",
)  # fmt: skip
_WIDTHS = (8, 12, 18, 22, 11, 26, 22, 28, 11, 10, 10, 7, 12, 12, 26, 10)
_COLOURS = {"高": "#d7efdc", "中": "#fff2cc", "低": "#f8d7da"}
_EXPLAINED = (
    "一、每行是一处没有坐标的点位；黄底、红底的请在地图上核对。",
    "二、对的，在“采用?”列选“采用”；不对的选“不采用”，或空着。经度、纬度可以改，坐标系要和数对得上。",
    "三、保存、关闭，运行 cfmap geocode --accept。采用的写进 data/<年份>/geocoded.csv；各部门交来的表不动。",
    "可信度：高 = 服务说找到了门牌或这个单位；中 = 到村、小区、路口，或有几个候选，或按名称查的；低 = 只到路、乡镇、区县，或落在市外。",
    "Each row is a site without coordinates. Choose 采用 (take) in the first column where the place is right, save, close, and run cfmap geocode --accept.",
    "高/中/低 (sure/fair/poor) is our reading of the level that the service states beside it. The departments' tables are never changed.",
)


@dataclass(frozen=True)
class Row:
    """One line of the workbook after the mark, in the order of :data:`HEADERS`; degrees in `datum`, km to the middle of the named town."""

    layer: str
    id: str
    name: str
    town: str
    address: str
    source: str
    found: str = ""
    lon: float | None = None
    lat: float | None = None
    datum: str = ""
    grade: str = ""
    level: str = ""
    km: float | None = None
    note: str = ""
    service: str = ""


def write_review(path: Path, rows: Sequence[Row], *, city_name: str, service: Service) -> None:
    """
    Write the workbook; marks that were set in an earlier one stay where id and position are the same.

    Raises
    ------
    EnvironmentFault
        When it cannot be written (open in another program, no right, full disk).
    """
    import xlsxwriter

    marks = _marks(path)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with replacing(path) as part, xlsxwriter.Workbook(str(part), options) as book:
        book.set_properties({"title": f"{city_name} 地址核对", "comments": service.title})
        sheet, told = book.add_worksheet(SHEET), book.add_worksheet("说明 README")
        head = book.add_format({"bold": True, "bg_color": "#e8eef4", "text_wrap": True, "valign": "top"})
        plain = {"": book.add_format({"valign": "top"})} | {grade: book.add_format({"bg_color": c, "valign": "top"}) for grade, c in _COLOURS.items()}
        degrees, short = (book.add_format({"num_format": f, "valign": "top", "align": "right"}) for f in ("0.000000", "0.0"))
        for column, (title, width) in enumerate(zip(HEADERS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, head)
        for number, row in enumerate(rows, start=1):
            sheet.write_string(number, 0, marks.get(_key(row.id, row.lon, row.lat), ""))
            for column, (field, value) in enumerate(zip(fields(row), astuple(row), strict=True), start=1):
                if isinstance(value, float):
                    sheet.write_number(number, column, value, short if field.name == "km" else degrees)
                else:
                    sheet.write_string(number, column, value or "", plain[row.grade if field.name == "grade" else ""])
        sheet.data_validation(1, 0, max(1, len(rows)), 0, {"validate": "list", "source": [TAKE, LEAVE]})
        sheet.freeze_panes(1, 4)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, max(1, len(rows)), len(HEADERS) - 1)
        told.set_column(0, 0, 90)
        sheet.set_row(0, 32)
        for number, line in enumerate((f"{city_name} · {service.title} · {service.datum}", *_EXPLAINED)):
            told.write_string(number, 0, line, book.add_format({"text_wrap": True, "valign": "top"}))


def _marks(path: Path) -> dict[tuple[str, str], str]:
    """Marks of an earlier workbook by site and position; none when it cannot be read."""
    found: dict[tuple[str, str], str] = {}
    if path.is_file():
        with suppress(CfmapError, ValueError):
            table = read_table(path, known_headers=HEADERS, sheet=SHEET)
            at = {title: table.headers.index(title) for title in (MARK, "编号", "经度", "纬度")}
            for cells in table.rows:
                lon, lat = (float(cells[at[t]]) if cells[at[t]] else None for t in ("经度", "纬度"))
                found[_key(cells[at["编号"]], lon, lat)] = cells[at[MARK]]
    return found


def _key(site: str, lon: float | None, lat: float | None) -> tuple[str, str]:
    return site, "" if lon is None or lat is None else f"{lon:.6f} {lat:.6f}"
