"""
A whole city project small enough to check by hand.

Eleven streets each way, 400 m apart, named; towns 西镇 (west half) and 东镇 (east half), one community in each;
sites stand on the streets. All of it is made up and lies at sea.

    y=10 +---+---+ ... +      one cell = 400 m
         |   |   |     |      node (x, y) = id 1000 + 11 y + x
    y=0  +---+---+ ... +
        x=0             x=10
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path  # noqa: TC003

import numpy as np
import openpyxl

from cfmap.intake import datum
from cfmap.model.layers import standard_layers

WEST, SOUTH = 122.95, 28.20
CELLS = 10
STEP_M = 400.0
STEP_LAT = STEP_M / 110_850.0  # degrees per step at 28.2 N, to a few decimetres
STEP_LON = STEP_M / 98_200.0

EVERY_LAYER = """
[city]
name = "小城"
demo = true
[edition]
year = 2024
editions = [2023, 2024]
data_date = 2024-12-31
producer = "测试局"
[network]
source = "data/network.osm"
attribution = "演示数据"
[boundary]
city = "data/boundary.geojson"
towns = "data/towns.geojson"
[population]
table = "data/communities.xlsx"
[layers.childcare]
sources = [{ path = "data/{year}/childcare.csv", datum = "gcj02", lead_unit = "卫健局" }]
[layers.schools]
sources = [{ path = "data/{year}/schools.xlsx", sheet = "学校", datum = "wgs84" }]
"""


def settings(*more: str) -> str:
    """Settings that switch off the standard layers it has no files for: two say all that thirty would, in half the time."""
    kept = {"childcare", "schools", *more}
    return EVERY_LAYER + "".join(f"[layers.{key}]\nenabled = false\n" for key in standard_layers() if key not in kept)


SETTINGS = settings()


def lonlat(x: float, y: float) -> tuple[float, float]:
    """Degrees of a place given in cells."""
    return WEST + x * STEP_LON, SOUTH + y * STEP_LAT


def make(folder: Path, *, settings: str = SETTINGS) -> Path:
    """Write the project into an empty folder and return it."""
    for year in (2023, 2024):
        (folder / "data" / str(year)).mkdir(parents=True)
    (folder / "cfmap.toml").write_text(settings, encoding="utf-8")
    _network(folder / "data" / "network.osm")
    _outline(folder / "data" / "boundary.geojson", [("小城", 0, 10)])
    _outline(folder / "data" / "towns.geojson", [("西镇", 0, 5), ("东镇", 5, 10)])
    workbook(folder / "data" / "communities.xlsx", "社区", [
        ["社区名称", "乡镇街道", "经度", "纬度", "0–2岁", "3–5岁", "6–11岁", "12–14岁", "15–17岁", "常住人口"],
        ["西社区", "西镇", *lonlat(1, 5), 100, 120, 240, 120, 110, 5000],
        ["东社区", "东镇", *lonlat(9, 5), 300, 320, 640, 320, 310, 15000],
    ])  # fmt: skip
    for year in (2023, 2024):
        childcare_csv(folder, year=year)
        schools_xlsx(folder, year=year)
    return folder


def childcare_rows(year: int = 2024) -> list[list[object]]:
    """Header and ten nurseries along y = 5 and y = 6 in the west, positions in GCJ-02; two of them opened in 2024."""
    rows: list[list[object]] = [["编号", "名称", "经度", "纬度", "年份", "状态", "托位数"]]
    for number in range(10):
        opened = 2024 if number >= 8 else 2022
        if opened <= year:
            lon, lat = lonlat(0.5 + 0.25 * (number % 5), 5 + number // 5)
            gcj = datum.convert(np.array([lon]), np.array([lat]), source="wgs84", target="gcj02")
            rows.append([f"T{number:03d}", f"第{number}托育园", round(float(gcj[0][0]), 7), round(float(gcj[1][0]), 7), opened, "在用", 60])
    return rows


def childcare_csv(folder: Path, rows: list[list[object]] | None = None, *, year: int = 2024, encoding: str = "gb18030") -> Path:
    """The nurseries as a CSV, GBK as departments send it."""
    text = io.StringIO()
    csv.writer(text).writerows(childcare_rows(year) if rows is None else rows)
    path = folder / "data" / str(year) / "childcare.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def school_rows() -> list[list[object]]:
    """Header and twelve schools on the streets of the east, WGS84."""
    rows: list[list[object]] = [["编号", "名称", "经度", "纬度", "年份", "状态"]]
    rows += [[f"X{n:03d}", f"第{n}小学", *(round(v, 7) for v in lonlat(6 + (n % 4), 2.5 + 2 * (n // 4))), 2022, "在用"] for n in range(12)]
    return rows


def schools_xlsx(folder: Path, rows: list[list[object]] | None = None, *, year: int = 2024) -> Path:
    """The schools as a workbook."""
    return workbook(folder / "data" / str(year) / "schools.xlsx", "学校", school_rows() if rows is None else rows)


def workbook(path: Path, sheet: str, rows: list[list[object]]) -> Path:
    """One sheet of cells."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    book.save(path)
    return path


def _network(path: Path) -> None:
    number = CELLS + 1
    lines = ["<?xml version='1.0' encoding='UTF-8'?>", "<osm version='0.6' generator='test'>"]
    for y in range(number):
        for x in range(number):
            lon, lat = lonlat(x, y)
            lines.append(f"<node id='{1000 + number * y + x}' lat='{lat:.7f}' lon='{lon:.7f}' version='1'/>")
    for way in range(2 * number):
        row, across = way % number, way < number
        nodes = [1000 + number * row + i if across else 1000 + number * i + row for i in range(number)]
        lines.append(f"<way id='{1 + way}' version='1'>" + "".join(f"<nd ref='{n}'/>" for n in nodes))
        lines.append(
            f"<tag k='highway' v='residential'/><tag k='name' v='{'横' if across else '纵'}{row}街'/><tag k='sidewalk' v='both'/><tag k='maxspeed' v='30'/></way>"
        )
    lines.append("</osm>")
    path.write_text("\n".join(lines), encoding="utf-8")


def _outline(path: Path, areas: list[tuple[str, float, float]]) -> None:
    features = []
    for name, west, east in areas:
        ring = [
            lonlat(west - 0.1 * (west == 0), -0.1),
            lonlat(east + 0.1 * (east == CELLS), -0.1),
            lonlat(east + 0.1 * (east == CELLS), 10.1),
            lonlat(west - 0.1 * (west == 0), 10.1),
        ]
        features.append({"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), encoding="utf-8")


def tree(folder: Path) -> dict[str, str]:
    """Every file below a folder with the digest of its bytes: two trees are equal when nothing was touched."""
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}
