"""What departments send, small and whole, made by code: one folder for each kind of file."""

from __future__ import annotations

import csv
import io
import warnings
from datetime import date
from typing import TYPE_CHECKING

import geopandas as gpd
import openpyxl
import osmium
import shapely

if TYPE_CHECKING:
    from pathlib import Path

HEADER = ["编号", "名称", "经度", "纬度", "年份", "状态", "地址", "数据日期"]
ROWS = [[f"S{n:02d}", f"第{n}小学", 120.61 + n * 0.00713, 27.71 + n * 0.00391, 2015 + n % 9, "在用", f"示例路{n}号", date(2024, 5, 1 + n)] for n in range(12)]
KINDS = ("csv", "tsv", "xlsx", "geojson", "gpkg", "shp", "osm", "pbf")


def make(folder: Path) -> dict[str, Path]:
    """Write one file of each kind, a shapefile with its company; kind -> path."""
    made = {kind: folder / kind / f"教育局.{'osm.pbf' if kind == 'pbf' else kind}" for kind in KINDS}
    for path in made.values():
        path.parent.mkdir(parents=True, exist_ok=True)
    made["csv"].write_bytes(_text(",").encode("gb18030"))
    made["tsv"].write_bytes(_text("\t").encode("utf-16"))
    _workbook(made["xlsx"])
    points = gpd.GeoDataFrame(
        [[*row[:2], *row[4:7]] for row in ROWS],
        columns=[*HEADER[:2], *HEADER[4:7]],
        geometry=[shapely.Point(row[2], row[3]) for row in ROWS],
        crs=4326,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        points.to_file(made["geojson"])
        points.to_file(made["gpkg"], layer="学校")
        points.to_file(made["shp"], encoding="GBK")
    _streets(made["osm"])
    with osmium.SimpleWriter(str(made["pbf"]), overwrite=True) as writer:
        osmium.apply(osmium.io.Reader(str(made["osm"])), writer)
    return made


def _text(delimiter: str) -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows([["教育局设施一览表"], HEADER, *ROWS, ["合计", len(ROWS)]])
    return stream.getvalue()


def _workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "学校"
    for row in (["教育局设施一览表"], HEADER, *ROWS):
        page.append(row)
    page["I2"], page["I3"] = "乡镇街道", "东镇"
    page.merge_cells("A1:H1")
    page.merge_cells("I3:I14")
    page.row_dimensions[5].hidden = True
    page["E4"] = "=2000+20"
    book.create_sheet("说明").append(["本表由教育局填报"])
    book.save(path)


def _streets(path: Path) -> None:
    lines = ["<?xml version='1.0' encoding='UTF-8'?>", "<osm version='0.6' generator='test'>"]
    lines += [f"<node id='{1 + n}' lat='{27.7 + n // 10 * 0.004}' lon='{120.6 + n % 10 * 0.004}' version='1'/>" for n in range(100)]
    lines += ["<node id='500' lat='27.711' lon='120.611' version='1'><tag k='amenity' v='school'/><tag k='name' v='第一小学'/></node>"]
    ways = {1 + n: range(1 + 10 * n, 11 + 10 * n) for n in range(10)} | {101 + n: range(1 + n, 101 + n, 10) for n in range(10)}
    for way, nodes in ways.items():
        lines.append(f"<way id='{way}' version='1'>" + "".join(f"<nd ref='{node}'/>" for node in nodes))
        lines.append(f"<tag k='highway' v='residential'/><tag k='name' v='第{way}街'/></way>")
    lines.append(
        "<relation id='900' version='1'><member type='way' ref='1' role='outer'/><tag k='type' v='multipolygon'/><tag k='leisure' v='park'/></relation>"
    )
    path.write_text("\n".join([*lines, "</osm>"]), encoding="utf-8")
