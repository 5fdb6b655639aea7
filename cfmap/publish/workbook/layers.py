"""Which places are counted? A sheet for each layer, and one of all places without coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from cfmap.publish import dictionary, tables
from cfmap.publish.target_pages import sheet_name

if TYPE_CHECKING:
    from cfmap.model.edition import Edition, LayerData
    from cfmap.publish.sheets import Pen

UNLOCATED = "无坐标点位"
NO_PLACE = "没有坐标"
NONE_HANDED_IN = "没有人交来这一类的数据，不知道有没有"
NOT_ONE = "交来的数据里一处也没有"
STATUS_COLOURS = {"在用": "#E3F1EA", "在建": "#E6EEF9", "规划": "#E6EEF9", "关闭": "#ECECEC", "未知": "#FFF3D6"}
WIDE = {"name": 34, "address": 40, "facilities": 28, "opening": 24, "source": 28, "website": 28}
PRINTED = 14  # columns that go on paper
PLAIN = {"layer"}  # the sheet says it


def names(edition: Edition) -> tuple[str, ...]:
    """Names of the sheets, in order."""
    return (*_by_layer(edition).values(), *([UNLOCATED] if len(tables.unlocated(edition)) else []))


def add(pen: Pen, edition: Edition) -> None:
    """
    Add a sheet for each layer with every site that leaves, those without coordinates after the others; an empty layer says why.

    Columns and what stands in them as in ``sites.gpkg``, headers with units.
    """
    colours = {status: pen.book.add_format({"bg_color": colour}) for status, colour in STATUS_COLOURS.items()}
    known = {i.id: i.value is not None or i.lower is not None for i in edition.indicators}
    for key, name in _by_layer(edition).items():
        _layer(pen, name, edition.layers[key], edition, colours, handed_in=known.get(f"counts.{key}", True))
    _unlocated(pen, edition)


def _by_layer(edition: Edition) -> dict[str, str]:
    taken = [UNLOCATED]
    found = {}
    for key, data in edition.layers.items():
        taken.append(sheet_name(data.layer.title, taken, before="图层·"))
        found[key] = taken[-1]
    return found


def _layer(pen: Pen, name: str, data: LayerData, edition: Edition, colours: dict[str, Any], *, handed_in: bool) -> None:
    titles = dictionary.site_titles(data.layer)
    located = tables.sites(data, edition)
    columns = [c for c in located.columns if c not in PLAIN and c != "geometry"]
    headers = [*(titles.get(c, c) for c in columns), "经度（°）", "纬度（°）"]
    widths = [*(WIDE.get(c, 13) for c in columns), 11, 11]
    sheet = pen.sheet(name, headers, widths, fixed=2)
    middle = located.geometry.representative_point()
    values = pd.DataFrame(located[columns]).assign(x=middle.x.round(6), y=middle.y.round(6))
    lost = tables.plain(data.unlocated, data.layer, edition)[columns].assign(x=NO_PLACE, y="")
    every = pd.concat([t.astype(object) for t in (values, lost) if len(t)], ignore_index=True) if len(values) + len(lost) else values
    for row, cells in enumerate(every.itertuples(index=False), start=2):
        pen.row(sheet, row, ["" if pd.isna(c) else _cell(c) for c in cells], widths)
        for column in (n for n, key in enumerate(columns) if key == "year" and not pd.isna(cells[n])):
            sheet.write_number(row, column, int(cells[column]), pen.plain)
    last = 1 + len(every)
    if every.empty:
        pen.row(sheet, 2, (NOT_ONE if handed_in else NONE_HANDED_IN, *[""] * (len(headers) - 1)))
        last = 2
    elif "status" in columns:
        place = columns.index("status")
        for status, colour in colours.items():
            sheet.conditional_format(2, place, last, place, {"type": "cell", "criteria": "==", "value": f'"{status}"', "format": colour})
    sheet.autofilter(1, 0, last, len(headers) - 1)
    sheet.print_area(0, 0, last, min(PRINTED, len(headers)) - 1)


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.item() if hasattr(value, "item") else value


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
