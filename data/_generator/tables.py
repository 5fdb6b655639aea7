"""How do the departments hand in their tables? Workbooks, CSV, GeoJSON, shapefiles and GeoPackages, one folder per year."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
import xlsxwriter

from . import values
from .mistakes import Mistake, plant
from .offices import SHEETS, Sheet
from .plan import TIMESTAMP, YEARS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from .pbf import Projection
    from .sites import Site

COMMON = ("id", "name", "town", "address", "year", "status")
AFTER = ("batch", "age_min", "age_max", "opening", "facilities", "fee")
#: dBASE holds ten bytes of a header: five characters in GBK.
SHORT = {"儿童友好试点": "试点状态"}


def write_years(out: Path, sites: dict[str, list[Site]], projection: Projection) -> tuple[dict[str, int], list[Mistake]]:
    """
    Write every year's folder.

    Returns
    -------
    rows, mistakes
        "path" or "path#sheet" -> number of sites in it (without totals); the planted mistakes.
    """
    rows: dict[str, int] = {}
    mistakes: list[Mistake] = []
    for year in YEARS:
        folder = out / str(year)
        folder.mkdir(parents=True, exist_ok=True)
        books: dict[str, list[tuple[Sheet, pd.DataFrame, tuple[str, str]]]] = {}
        for sheet in SHEETS:
            chosen = [s for s in sites[sheet.layer] if (s.year or 0) <= year]
            frame, axes, found, shapes = _table(sheet, chosen, year, projection)
            mistakes += found
            rows[f"data/{year}/{sheet.file}" + (f"#{sheet.sheet}" if sheet.sheet else "")] = len(frame)
            path = folder / sheet.file
            if path.suffix == ".xlsx":
                books.setdefault(sheet.file, []).append((sheet, frame, axes))
            elif path.suffix == ".csv":
                _write_csv(path, frame, sheet.encoding)
            elif path.suffix == ".geojson":
                _write_geojson(path, frame, axes)
            else:
                _write_shapes(path, frame, shapes, sheet.encoding)
        for name, parts in books.items():
            _write_workbook(folder / name, parts)
    return rows, mistakes


def _table(sheet: Sheet, sites: list[Site], year: int, projection: Projection) -> tuple[pd.DataFrame, tuple[str, str], list[Mistake], list[shapely.Geometry]]:
    from cfmap.model.schema import SITE_FIELDS

    layer = values.declared()[sheet.layer]
    common = {f.key: f for f in SITE_FIELDS}
    if sheet.merged:
        sites = sorted(sites, key=lambda s: (s.town.code, s.id))
    present = [k for k in AFTER if any(s.values.get(k) is not None for s in sites)]
    if any(s.shape is not None for s in sites):
        columns = [common[k] for k in ("id", "name", "town", "year", "status")] + list(layer.fields)
    else:
        columns = [common[k] for k in COMMON] + list(layer.fields) + [common[k] for k in present]
    metres = sheet.datum.startswith("EPSG")
    axes = ("横坐标", "纵坐标") if metres else ("经度", "纬度")
    data: dict[str, list[Any]] = {}
    for item in columns:
        header = sheet.headers.get(item.key, item.title)
        data[header] = [_cell(_value(site, item.key)) for site in sites]
        if item.key == "address" or (item.key == "town" and "address" not in [c.key for c in columns]):
            points = np.array([s.at for s in sites]).reshape(-1, 2)
            x, y = _in_datum(projection.lonlat(points), sheet.datum)
            places = 2 if metres else 6
            data[axes[0]], data[axes[1]] = ([_degrees(float(v), h) if sheet.degrees else round(float(v), places) for v in a] for a, h in ((x, "E"), (y, "N")))
    frame = pd.DataFrame(data)
    shapes = [_shape(s.shape, projection) for s in sites if s.shape is not None]
    if shapes:
        frame = frame.drop(columns=list(axes))
    frame, found = plant(sheet, frame, year=year, last_year=YEARS[-1], first_row=4 if sheet.title else 2, axes=axes)
    return frame, axes, found, shapes


def _value(site: Site, key: str) -> Any:
    return {"id": site.id, "name": site.name, "town": site.town.name, "year": site.year}.get(key, site.values.get(key))


def _cell(value: Any) -> Any:
    return ("是" if value else "否") if isinstance(value, bool) else value


def _degrees(value: float, hemisphere: str) -> str:
    seconds = round(value * 3600, 2)
    return f"{int(seconds // 3600)}°{int(seconds % 3600 // 60):02d}′{seconds % 60:05.2f}″{hemisphere}"


def _in_datum(lonlat: np.ndarray, datum: str) -> tuple[np.ndarray, np.ndarray]:
    from cfmap.intake.datum import convert

    if datum in ("wgs84", "cgcs2000"):
        return lonlat[:, 0], lonlat[:, 1]
    return convert(lonlat[:, 0], lonlat[:, 1], source="wgs84", target=datum)


def _shape(shape: shapely.Geometry, projection: Projection) -> shapely.Geometry:
    return shapely.transform(shape, projection.lonlat)


def _write_csv(path: Path, frame: pd.DataFrame, encoding: str) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(frame.columns)
    writer.writerows(["" if _missing(v) else v for v in row] for row in frame.itertuples(index=False))
    path.write_bytes(text.getvalue().encode(encoding))


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and np.isnan(value))


def _write_geojson(path: Path, frame: pd.DataFrame, axes: tuple[str, str]) -> None:
    features = []
    for row in frame.to_dict("records"):
        point = [row.pop(axes[0]), row.pop(axes[1])]
        features.append(
            {"type": "Feature", "properties": {k: None if _missing(v) else v for k, v in row.items()}, "geometry": {"type": "Point", "coordinates": point}}
        )
    lines = ",\n".join(json.dumps(f, ensure_ascii=False, default=int) for f in features)
    path.write_text(f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n', encoding="utf-8", newline="\n")


def _write_shapes(path: Path, frame: pd.DataFrame, shapes: list[shapely.Geometry], encoding: str) -> None:
    plain = frame.map(lambda v: None if _missing(v) else v).infer_objects()
    table = gpd.GeoDataFrame(plain, geometry=shapes, crs="EPSG:4490")
    if path.suffix == ".gpkg":
        write_gpkg(path, table, "示范区域")
        return
    table.columns = [SHORT.get(c, c) for c in table.columns]
    pyogrio.write_dataframe(table, path, driver="ESRI Shapefile", encoding=encoding, DBF_DATE_LAST_UPDATE=TIMESTAMP[:10])
    path.with_suffix(".cpg").unlink(missing_ok=True)  # as offices send it: the reader has to find out


def write_gpkg(path: Path, table: gpd.GeoDataFrame, layer: str) -> None:
    """A GeoPackage with the same bytes every time."""
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2024-12-31T00:00:00.000Z"})
    try:
        pyogrio.write_dataframe(table, path, driver="GPKG", layer=layer, dataset_options={"VERSION": "1.3"})
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _write_workbook(path: Path, parts: Iterable[tuple[Sheet, pd.DataFrame, tuple[str, str]]]) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.set_properties(
            {
                "created": datetime(2024, 12, 31),  # noqa: DTZ001 - a workbook knows no zones
                "title": "演示数据",
                "comments": "演示数据：由程序生成，不是真实信息",
            }
        )
        bold, head, middle = (
            book.add_format({"bold": True, "font_size": 14}),
            book.add_format({"bold": True, "bg_color": "#e8f0e8", "border": 1}),
            book.add_format({"valign": "vcenter"}),
        )
        for sheet, frame, _ in parts:
            page = book.add_worksheet(sheet.sheet)
            top = 0
            if sheet.title:
                page.merge_range(0, 0, 0, min(9, len(frame.columns) - 1), sheet.title, bold)
                page.write_string(1, 0, "填表单位：示例市教育局（演示）")
                top = 2
            for column, name in enumerate(frame.columns):
                page.write_string(top, column, name, head)
                page.set_column(column, column, 26 if column == 1 else 13)
            for row, cells in enumerate(frame.itertuples(index=False), start=top + 1):
                for column, value in enumerate(cells):
                    if not _missing(value):
                        page.write(row, column, value)
            if sheet.merged:
                _merge(page, frame, list(frame.columns).index(sheet.headers["town"]), top + 1, middle)
            if sheet.total:
                last = top + 1 + len(frame)
                page.write_string(last, 0, "合计")
                column = list(frame.columns).index("托位数")
                page.write_number(last, column, int(pd.to_numeric(frame["托位数"]).sum()))
            page.freeze_panes(top + 1, 2)


def _merge(page: Any, frame: pd.DataFrame, column: int, top: int, style: Any) -> None:
    towns = list(frame.iloc[:, column])
    start = 0
    for k in range(1, len(towns) + 1):
        if k == len(towns) or towns[k] != towns[start]:
            if k - start > 1:
                page.merge_range(top + start, column, top + k - 1, column, towns[start], style)
            start = k
