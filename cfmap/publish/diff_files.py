"""What changed, for readers: ``changes.txt`` (更新说明), ``changes.xlsx``, and ``changes.gpkg`` to click through on a map."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely

from cfmap.indicators.diff import GEOMETRY, NAME
from cfmap.publish import clock, files, geopackage, qgis_styles
from cfmap.publish.diff_text import KINDS, causes, column_title, figure, layer_title, lines, value
from cfmap.publish.sheets import OPTIONS, Pen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from cfmap.indicators.diff import Diff
    from cfmap.model.layer import Layer
    from cfmap.model.messages import Lang

TEXT, BOOK, PACKAGE = "changes.txt", "changes.xlsx", "changes.gpkg"
TEXT_WIDTH, LINE_PT = 110, 15  # characters in a line of the text's sheet, and its height
COLOURS = {"added": "#1b7f4b", "withdrawn": "#b3261e", "renamed": "#1565c0", "moved": "#8a5a00", "fields": "#616161"}


def write(diff: Diff, folder: Path, *, title: str, note: str, layers: Mapping[str, Layer], lang: Lang = "zh") -> list[Path]:
    """
    Write the three files into an empty folder.

    Parameters
    ----------
    diff
        What changed.
    title, note
        City, and what must stand beside every table (demo data, internal).
    layers
        For the titles of layers and columns.
    lang
        Of the text; headings of the tables are Chinese with English column names where QGIS needs ASCII.

    Returns
    -------
    paths
        The text begins with a byte order mark, which Notepad and WPS want. An edition without any change still gives three files that say so.
    """
    text = "\r\n".join(lines(diff, title=title, note=note, layers=layers, lang=lang)) + "\r\n"
    return [
        files.write_bytes(folder / TEXT, b"\xef\xbb\xbf" + text.encode()),
        files.write_bytes(folder / BOOK, _book(diff, title=title, note=note, layers=layers)),
        geopackage.write(folder / PACKAGE, _tables(diff, note=note, layers=layers)),
    ]


def _book(diff: Diff, *, title: str, note: str, layers: Mapping[str, Layer]) -> bytes:
    import xlsxwriter

    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    heading = f"{title} {diff.old} → {diff.new} 更新说明"
    book.set_properties({"title": heading, "subject": note, "author": "cfmap", "company": "", "comments": note, "created": clock.now().replace(tzinfo=None)})
    pen = Pen(book, note)
    sheet = pen.sheet("更新说明", [heading], [TEXT_WIDTH])
    for row, line in enumerate(lines(diff, title=title, note=note, layers=layers), start=2):
        sheet.set_row(row, LINE_PT * (1 + sum(1 + (ord(c) > 0x2E7F) for c in line) // TEXT_WIDTH))
        sheet.write_string(row, 0, line, pen.text)
    sites = [
        (layer_title(c.layer, layers, 0), c.id, c.name, "、".join(KINDS[k][0] for k in c.kinds), "" if c.metres is None else c.metres)
        for c in diff.sites
        if c.kinds
    ]
    _table(pen, "点位变化", ("图层", "编号", "名称", "变化", "移动（米）"), (22, 18, 40, 24, 12), sites)
    cells = (
        (layer_title(c.layer, layers, 0), c.id, c.name, column_title(column, layers.get(c.layer), 0), value(c.before[column], 0), value(c.after[column], 0))
        for c in diff.sites
        if c.kind == "changed"
        for column in c.after
        if column in (NAME, GEOMETRY, *c.fields)
    )
    _table(pen, "逐项变化", ("图层", "编号", "名称", "栏目", f"{diff.old} 年版", f"{diff.new} 年版"), (22, 18, 36, 16, 36, 36), cells)
    figures = (
        (f.id, f.title, f.unit, _cell(f.before, f.bounds_before), _cell(f.after, f.bounds_after), "" if f.change is None else f.change, causes(f, 0))
        for f in diff.figures
    )
    headers = ("编号", "指标", "单位", f"{diff.old} 年版", f"{diff.new} 年版", "变化", "原因")
    _table(pen, "指标变化", headers, (34, 48, 10, 16, 16, 12, 40), figures)
    book.close()
    return buffer.getvalue()


def _table(pen: Pen, name: str, headers: tuple[str, ...], widths: tuple[float, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    sheet = pen.sheet(name, headers, widths)
    last = 2
    for last, row in enumerate(rows, start=2):
        pen.row(sheet, last, row)
    sheet.autofilter(1, 0, last, len(headers) - 1)
    sheet.print_area(0, 0, last, len(headers) - 1)


def _cell(value: float | None, bounds: tuple[float | None, float | None]) -> Any:
    return value if value is not None or bounds == (None, None) else figure(None, bounds, 0)


def _tables(diff: Diff, *, note: str, layers: Mapping[str, Layer]) -> list[geopackage.Table]:
    """Points of every change that has a place, lines from where a site was to where it is, and all of them as a table."""
    import geopandas as gpd

    rows: list[dict[str, Any]] = []
    points: list[tuple[dict[str, Any], Any]] = []
    ways: list[tuple[dict[str, Any], Any]] = []
    for c in (c for c in diff.sites if c.kinds):
        told: dict[str, Any] = {
            "layer": c.layer,
            "layer_title": layer_title(c.layer, layers, 0),
            "id": c.id,
            "name": c.name,
            "change": "+".join(c.kinds),
            "metres": c.metres,
        }
        told["former_name"] = str(c.before[NAME]) if c.renamed and c.before[NAME] is not None else None
        told["columns"] = ", ".join(c.fields)
        rows.append(told)
        if c.place is not None:
            points.append((told, shapely.centroid(c.place)))
        if c.metres:
            ends = [shapely.centroid(values[GEOMETRY]) for values in (c.before, c.after)]
            ways.append((told, shapely.LineString([(p.x, p.y) for p in ends])))
    named = [(k, KINDS[k][0], COLOURS[k]) for k in KINDS]
    combined = sorted({told["change"] for told, _ in points if "+" in told["change"]})
    values = [*named, *((k, "、".join(KINDS[part][0] for part in k.split("+")), COLOURS[k.split("+")[0]]) for k in combined)]
    frames = [gpd.GeoDataFrame([t for t, _ in found], geometry=[g for _, g in found], crs="EPSG:4326") if found else _empty() for found in (points, ways)]
    return [
        geopackage.Table("changes", "点位变化", note, frames[0], "Point", qgis_styles.by_value("Point", "change", values)),
        geopackage.Table("moved", "从哪里移到哪里", note, frames[1], "LineString", qgis_styles.single("LineString", COLOURS["moved"])),
        geopackage.Table("all_changes", "全部变化（没有坐标的也在）", note, pd.DataFrame(rows) if rows else pd.DataFrame(_empty().drop(columns=GEOMETRY))),
    ]


def _empty() -> Any:
    import geopandas as gpd

    columns = ("layer", "layer_title", "id", "name", "change", "former_name", "columns")
    table = {c: pd.Series(dtype="string") for c in columns} | {"metres": pd.Series(dtype=float)}
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries([], crs="EPSG:4326"))
