"""F49-F56: geometry and identity."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import shapely

from tests.e2e import small_city
from tests.faults.table.case import CHILDCARE, case
from tests.faults.table.change import NAMES, childcare, frame, gis, points, right, settings, sites

if TYPE_CHECKING:
    from pathlib import Path

TOWNS = "data/towns.geojson"


def _at(x, y):
    return small_city.lonlat(x, y)


def _towns(project: Path, *rings, names=("西镇", "东镇")):
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [[list(_at(*p)) for p in (*ring, ring[0])]]}}
        for name, ring in zip(names, rings, strict=False)
    ]
    (project / TOWNS).write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


WEST, EAST = [(-0.1, -0.1), (5, -0.1), (5, 10.1), (-0.1, 10.1)], [(5, -0.1), (10.1, -0.1), (10.1, 10.1), (5, 10.1)]


@case("F49", "a bow-tie for a town", "E251", TOWNS, "第 1 行", exits=3)
def _(project):
    _towns(project, [WEST[0], WEST[2], WEST[1], WEST[3]], EAST)


def _squares(*extra):
    squares = [shapely.box(p.x - 1e-4, p.y - 1e-4, p.x + 1e-4, p.y + 1e-4) for p in points()]
    return [*squares[: 10 - len(extra)], *extra]


@case("F49", "an outline that crosses itself a little", "W250", "data/2024/childcare.geojson", "第 10 行")
def _(project):
    x, y = points()[9].coords[0]
    ring = [(0, 0), (1, 0), (1, 1), (0.5, 1), (0.502, 1.002), (0.502, 0.998), (0, 1)]
    gis(project, ".geojson", frame(_squares(shapely.Polygon([(x + a * 1e-4, y + b * 1e-4) for a, b in ring]))))
    return right(project, "name", NAMES)


@case("F50", "a polygon that is only a line when mended", "E251", "data/2024/childcare.geojson", "第 10 行", exits=3)
def _(project):
    x, y = points()[9].coords[0]
    gis(project, ".geojson", frame(_squares(shapely.Polygon([(x, y), (x + 1e-4, y), (x + 2e-4, y)]))))


@case("F51", "a feature without geometry", "W252", "data/2024/childcare.geojson", "第 10 行")
def _(project):
    gis(project, ".geojson", frame([*points()[:9], None]))
    return lambda: sites(project)["name"].tolist() == NAMES[:9]


@case("F52", "lines among areas", "E253", "data/2024/childcare.geojson", "第 10 行", "LineString", exits=3)
def _(project):
    gis(project, ".geojson", frame(_squares(shapely.LineString([p.coords[0] for p in points()[8:]]))))


@case("F52", "heights", "I210", "data/2024/childcare.gpkg")
def _(project):
    gis(project, ".gpkg", frame([shapely.Point(p.x, p.y, 12.5) for p in points()]))

    def proof():
        assert not sites(project).geometry.has_z.any()

    return proof


@case("F53", "an id that stands twice", "E221", CHILDCARE, "第 6 行", "T001", exits=3)
def _(project):
    childcare(project, lambda rows: rows[5].__setitem__(0, "T001"))


@case("F53", "the same name within 50 m", "W244", CHILDCARE, "第 3 行", "第0托育园")
def _(project):
    childcare(project, lambda rows: rows[2].__setitem__(slice(1, 4), [rows[1][1], rows[1][2] + 0.0001, rows[1][3]]))
    return lambda: len(sites(project)) == 10


@case("F53", "the same name in two departments' files", "W244", CHILDCARE, "第0托育园")
def _(project):
    small_city.workbook(
        project / "data/2024/other.xlsx", "托育", [["编号", "名称", "经度", "纬度", "状态"], ["U1", "第0托育园", points()[0].x, points()[0].y, "在用"]]
    )
    settings(project, 'lead_unit = "卫健局" }', 'lead_unit = "卫健局" }, { path = "data/2024/other.xlsx" }')


@case("F53", "the same place under two names", "W270", CHILDCARE, "第 3 行", "第0托育园")
def _(project):
    childcare(project, lambda rows: rows[2].__setitem__(slice(2, 4), [rows[1][2] + 0.00002, rows[1][3]]))
    return lambda: len(sites(project)) == 10


@case("F53", "the same name in two layers of one group", "I270", "第0托育园", "data/2024/childcare.csv")
def _(project):
    rows = [["编号", "名称", "经度", "纬度", "状态"], ["B1", "第0托育园", points()[0].x, points()[0].y, "在用"]]
    small_city.workbook(project / "data/2024/rooms.xlsx", "母婴室", rows)
    settings(project, "[layers.mother_baby_rooms]\nenabled = false", '[layers.mother_baby_rooms]\nsources = [{ path = "data/2024/rooms.xlsx" }]')


@case("F54", "two campuses of one name", "")
def _(project):
    def change(rows):
        rows[1][1], rows[2][1] = "中心托育园（本部）", "中心托育园（分园）"
        rows[2][2:4] = [rows[1][2] + 0.0002, rows[1][3]]

    childcare(project, change)
    return right(project, "name", ["中心托育园（本部）", "中心托育园（分园）", *NAMES[2:]])


@case("F55", "towns that overlap", "W259", TOWNS, "西镇", "东镇")
def _(project):
    _towns(project, [(-0.1, -0.1), (6, -0.1), (6, 10.1), (-0.1, 10.1)], EAST)


@case("F55", "a sliver between two towns, and a hole", "W268", TOWNS, "2 处", "1 处是狭缝")
def _(project):
    west = [(-0.1, -0.1), (5, -0.1), (5, 3), (4.95, 3.1), (4.95, 6.9), (5, 7), (5, 10.1), (-0.1, 10.1)]
    east = [(5, -0.1), (10.1, -0.1), (10.1, 10.1), (5, 10.1), (5, 9), (6, 8.5), (5, 8)]
    _towns(project, west, east)


@case("F56", "no column of status", "W228", CHILDCARE)
def _(project):
    childcare(project, lambda rows: [row.__delitem__(5) for row in rows])


@case("F56", "planned and closed sites", "")
def _(project):
    childcare(project, lambda rows: [row.__setitem__(5, "规划" if n % 2 else "停办") for n, row in enumerate(rows) if n])
    return right(project, "status", ["规划", "关闭"] * 5)
