"""A tiny city project in a folder, and tables to put into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl

from cfmap.model import Field, Layer, load_city

if TYPE_CHECKING:
    from pathlib import Path

EXTENT = (120.5, 27.6, 120.9, 27.9)

SCHOOLS = Layer(
    key="schools",
    title="中小学校",
    title_en="Schools",
    icon="school",
    colour="#123456",
    fields=(
        Field("places", "学位数", "places", kind="integer", unit="个", minimum=0, maximum=10_000),
        Field("area", "占地面积", "area", kind="number", unit="m²", minimum=0),
        Field("ramp", "无障碍坡道", "ramp", kind="yesno"),
        Field("kind", "类型", "kind", kind="choice", vocabulary=("小学", "初中", "高中")),
    ),
)
PARKS = Layer(key="parks", title="公园", title_en="Parks", icon="tree", colour="#123456")
ROUTES = Layer(key="routes", title="学径", title_en="Routes", icon="path", colour="#123456", geometry="LineString")
ZONES = Layer(key="zones", title="片区", title_en="Zones", icon="area", colour="#123456", geometry="Polygon")
LAYERS = {layer.key: layer for layer in (SCHOOLS, PARKS, ROUTES, ZONES)}

GOOD = [[f"第{i}小学", 120.6 + i * 0.00713, 27.7 + i * 0.00391, "在用"] for i in range(1, 31)]
HEADER = ["学校名称", "经度", "纬度", "状态"]


class Project:
    """A project folder with one source per layer."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "data").mkdir()

    def city(self, source: str, *, layer: str = "schools", more: str = ""):
        text = '[city]\nname = "示例市"\n[edition]\nyear = 2024\n[network]\nsource = "data/none.osm.pbf"\n' + more
        text += f"\n[layers.{layer}]\nsources = [{source}]\n"
        (self.root / "cfmap.toml").write_text(text, encoding="utf-8")
        return load_city(self.root)

    def workbook(self, rows, name: str = "教育局.xlsx", sheet: str = "学校") -> Path:
        book = openpyxl.Workbook()
        page = book.active
        page.title = sheet
        for row in rows:
            page.append(row)
        path = self.root / "data" / name
        book.save(path)
        return path

    def csv(self, rows, name: str = "教育局.csv", encoding: str = "utf-8") -> Path:
        path = self.root / "data" / name
        path.write_bytes("\n".join(",".join("" if v is None else str(v) for v in row) for row in rows).encode(encoding))
        return path

    def write(self, name: str, content: bytes) -> Path:
        path = self.root / "data" / name
        path.write_bytes(content)
        return path
