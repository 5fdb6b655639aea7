"""What are the numbers, for people with a spreadsheet? ``indicators.xlsx``."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pandas as pd

from cfmap.model.messages import Fault, fault
from cfmap.model.schema import STATUSES
from cfmap.publish import clock, files, tables, target_pages
from cfmap.publish.sheets import OPTIONS, UNKNOWN, Pen, clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cfmap.model.edition import Edition, Indicator

NAME = "indicators.xlsx"
UNLOCATED = "无坐标点位"
SHEETS = ("总览", "各图层各年", "覆盖", "各乡镇", "口径与来源")
STATUS_TITLES = {"ok": "完整", "partial": "部分（见口径）", "unknown": "未知"}


def write(edition: Edition, folder: Path) -> list[Path]:
    """
    Write five sheets: overview with a chart, layers by year, coverage, towns, definitions and sources; then the sites without
    coordinates, where there are any, and those about the targets.

    Unknown is written as 未知 and never as 0; where a number has only bounds they stand as text ``3–5``. The document's
    properties name no person and its times come from :mod:`cfmap.publish.clock`.
    """
    import xlsxwriter

    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    when = clock.now().replace(tzinfo=None)
    title = f"{edition.city.name} {edition.year} 年儿童友好城市指标"
    book.set_properties({"title": title, "subject": tables.note(edition), "author": "cfmap", "company": "", "comments": tables.note(edition), "created": when})
    pen = Pen(book, tables.note(edition))
    _overview(pen, edition, title)
    _years(pen, edition)
    _coverage(pen, edition)
    _towns(pen, edition)
    _definitions(pen, edition)
    _unlocated(pen, edition)
    target_pages.add(pen, edition)
    book.close()
    return [files.write_bytes(folder / NAME, buffer.getvalue())]


def check(edition: Edition, folder: Path) -> Iterator[Fault]:
    """Open it with another program: sheets, number of definitions, no formula, every number equal."""
    import zipfile

    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with zipfile.ZipFile(folder / NAME) as parts:
            formulas = [name for name in parts.namelist() if name.startswith("xl/worksheets/") and b"<f>" in parts.read(name)]
        book = CalamineWorkbook.from_path(folder / NAME)
        rows = book.get_sheet_by_name(SHEETS[-1]).to_python()
        ledger = book.get_sheet_by_name(target_pages.LEDGER).to_python() if edition.targets else []
    except (OSError, ValueError, zipfile.BadZipFile, CalamineError) as error:
        yield fault("E601", name=NAME, detail=str(error))
        return
    if formulas:
        yield fault("E601", name=NAME, detail=f"<f>: {formulas}")
    if tuple(book.sheet_names) != (*SHEETS, *([UNLOCATED] if len(tables.unlocated(edition)) else []), *target_pages.names(edition)):
        yield fault("E601", name=NAME, detail=f"{book.sheet_names}")
    ids = {row[0]: row[2] for row in rows[2:]}
    for indicator in edition.indicators:
        shown = ids.get(indicator.id)
        if shown != (_shown(indicator) if indicator.value is None else indicator.value):
            yield fault("E601", name=NAME, detail=f"{indicator.id}: {shown!r} ≠ {indicator.value!r}")
    if [row[0] for row in ledger[5:]] != [r.target.id for r in edition.targets]:
        yield fault("E601", name=NAME, detail=f"{target_pages.LEDGER}: {len(ledger)}")


def _overview(pen: Pen, edition: Edition, title: str) -> None:
    headers = ("图层", *(f"{s}（处）" for s in ("在用", "状态未知", "其他")), "没有坐标（处）", "数据日期")
    sheet = pen.sheet(SHEETS[0], headers, (24, 12, 14, 12, 16, 14), top=3)
    sheet.set_row(1, 24)
    sheet.write_string(1, 0, clean(title), pen.big)
    sheet.write_string(2, 0, clean(_made_by(edition)), pen.small)
    found = {i.id: i for i in edition.indicators}
    first = row = 5
    for key, data in edition.layers.items():
        status = [*data.sites["status"].fillna(UNKNOWN), *data.unlocated["status"].fillna(UNKNOWN)]
        number = {s: sum(1 for v in status if v == s) for s in STATUSES}
        indicator = found.get(f"counts.{key}")
        known = indicator is None or indicator.value is not None
        others = sum(n for s, n in number.items() if s not in ("在用", UNKNOWN))
        counted = (number["在用"], number[UNKNOWN], others, len(data.unlocated)) if known else (None, None, None, None)
        pen.row(sheet, row, (data.layer.title, *counted, indicator.data_date if indicator else ""))
        row += 1
    if row > first:
        chart = pen.book.add_chart({"type": "bar", "subtype": "stacked"})
        for column in (1, 2):
            chart.add_series(
                {
                    "name": [SHEETS[0], first - 1, column],
                    "categories": [SHEETS[0], first, 0, row - 1, 0],
                    "values": [SHEETS[0], first, column, row - 1, column],
                    "fill": {"color": "#0B6E4F" if column == 1 else "#C9A227"},
                }
            )
        chart.set_title({"name": "各图层现有点位（处）", "name_font": {"size": 12}})
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis({"num_format": "#,##0", "min": 0})
        chart.set_size({"width": 620, "height": max(240, 26 * (row - first) + 110)})
        sheet.insert_chart(first - 1, 7, chart, {"description": "各图层现有点位数的条形图"})
    sheet.print_area(0, 0, max(_key_figures(pen, sheet, row + 1, edition), 20), 16)


def _key_figures(pen: Pen, sheet: Any, row: int, edition: Edition) -> int:
    """Write the few numbers that a reader in a hurry wants: shares at the headline distance, places, safe streets. Returns the next free row."""
    headline = tuple(f"coverage.{c.key}." for c in edition.coverages)
    bands = tuple(f".{c.headline:.0f}" for c in edition.coverages)
    chosen = [
        i for i in edition.indicators if (i.id.startswith(headline) and i.id.endswith(bands)) or i.id in ("places.childcare_per_1000", "perimeter.safe_length")
    ]
    for i in chosen:
        pen.row(sheet, row, (i.title, _number(i), i.unit))
        row += 1
    return row


def _years(pen: Pen, edition: Edition) -> None:
    found = {i.id: i for i in edition.indicators if i.id.startswith("years.")}
    years = sorted({int(i.split(".")[2]) for i in found})
    headers = ["图层", *(f"{y}年新增（处）" for y in years), *(f"截至{y}年（处）" for y in years)]
    sheet = pen.sheet(SHEETS[1], headers, [24] + [14] * (2 * len(years)))
    row = 2
    for key, data in edition.layers.items():
        cells = [_number(found.get(f"years.{key}.{y}.{part}")) for part in ("new", "total") for y in years]
        pen.row(sheet, row, (data.layer.title, *cells))
        row += 1
    sheet.print_area(0, 0, row, len(headers) - 1)


def _coverage(pen: Pen, edition: Edition) -> None:
    headers = ("指标", "数值", "下限", "上限", "单位", "分母", "数据日期", "完整性")
    sheet = pen.sheet(SHEETS[2], headers, (56, 12, 12, 12, 10, 28, 13, 16))
    row = 2
    for i in edition.indicators:
        if i.id.split(".")[0] in ("counts", "years"):
            continue
        bounds = ("" if i.lower is None else i.lower, "" if i.upper is None else i.upper)
        pen.row(sheet, row, (i.title, i.value, *bounds, i.unit, i.denominator, i.data_date, STATUS_TITLES[i.status]))
        row += 1
    if row == 2:
        pen.row(sheet, row, ("公开版没有列出这类指标（设置 publish.indicators）" if edition.public else "没有这类指标", *[""] * 7))
        row += 1
    sheet.autofilter(1, 0, row - 1, len(headers) - 1)
    sheet.print_area(0, 0, row, len(headers) - 1)


def _towns(pen: Pen, edition: Edition) -> None:
    shown = [i for i in edition.indicators if i.by_town and not i.id.startswith("presence.")]
    towns = list(dict.fromkeys(town for i in shown for town in i.by_town))
    headers = ["乡镇街道", *(f"{i.title}（{i.unit}）" for i in shown)]
    sheet = pen.sheet(SHEETS[3], headers, [18] + [16] * len(shown))
    sheet.set_row(1, 75)
    sheet.fit_to_pages(0, 0)
    sheet.set_print_scale(70)
    sheet.repeat_columns(0)
    for row, town in enumerate(towns, start=2):
        pen.row(sheet, row, (town, *(i.by_town.get(town) for i in shown)))
    pen.row(sheet, len(towns) + 2, ("全市", *(_number(i) for i in shown)))
    sheet.print_area(0, 0, len(towns) + 2, len(headers) - 1)


def _definitions(pen: Pen, edition: Edition) -> None:
    headers = ("编号", "指标", "数值", "单位", "分母", "口径", "Definition", "数据日期", "来源", "完整性")
    sheet = pen.sheet(SHEETS[4], headers, (34, 40, 12, 9, 24, 60, 60, 13, 36, 16), fixed=2)
    row = 2
    for i in edition.indicators:
        pen.row(
            sheet,
            row,
            (i.id, i.title, _number(i), i.unit, i.denominator, i.definition, i.definition_en, i.data_date, "；".join(i.sources), STATUS_TITLES[i.status]),
        )
        row += 1
    sheet.autofilter(1, 0, max(row - 1, 2), len(headers) - 1)
    sheet.print_area(0, 0, row, len(headers) - 1)


def _unlocated(pen: Pen, edition: Edition) -> None:
    found = tables.unlocated(edition)
    if found.empty:
        return
    titles = {key: data.layer.title for key, data in edition.layers.items()}
    columns = ("layer", "name", "town", "address", "year", "status")
    sheet = pen.sheet(UNLOCATED, ("图层", "名称", "乡镇街道", "地址", "年份", "状态"), (24, 34, 16, 44, 9, 9), fixed=2)
    for row, record in enumerate(found.reindex(columns=columns).to_dict("records"), start=2):
        cells = [titles.get(record["layer"], record["layer"]), *(None if pd.isna(record[c]) else record[c] for c in columns[1:])]
        pen.row(sheet, row, [str(c) if i == 4 and c is not None else c for i, c in enumerate(cells)])
    sheet.autofilter(1, 0, len(found) + 1, len(columns) - 1)
    sheet.print_area(0, 0, len(found) + 1, len(columns) - 1)


def _number(indicator: Indicator | None) -> Any:
    if indicator is None:
        return None
    return indicator.value if indicator.value is not None else _shown(indicator)


def _shown(indicator: Indicator) -> str:
    """Give what stands in the place of a number that is not known: its bounds, or 未知."""
    lower, upper = indicator.lower, indicator.upper
    if lower is None and upper is None:
        return UNKNOWN
    if upper is None:
        return f"≥{lower:,.6g}"
    if lower is None:
        return f"≤{upper:,.6g}"
    return f"{lower:,.6g}–{upper:,.6g}"


def _made_by(edition: Edition) -> str:
    section = edition.city.edition
    date = f"数据截至 {section.data_date.isoformat()}" if section.data_date else ""
    return " · ".join(part for part in (section.producer, date, "公开版" if edition.public else "内部版，不得公开") if part)
