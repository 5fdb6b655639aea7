"""F31-F48: coordinates and their systems."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from cfmap.intake import datum
from tests.faults.table.case import CHILDCARE, SCHOOLS, case
from tests.faults.table.change import childcare, frame, gis, places, points, right, schools, settings, sites


def _swap(rows, which=slice(1, None)):
    for row in rows[which]:
        row[2], row[3] = row[3], row[2]


@case("F31", "all swapped", "E203", CHILDCARE, "第 2 行", "C2 和 D2", exits=3)
def _(project):
    childcare(project, _swap)


@case("F31", "one row swapped", "E203", CHILDCARE, "第 4 行", "C4 和 D4", exits=3)
def _(project):
    childcare(project, lambda rows: _swap(rows, slice(3, 4)))


for _x, _y in ((0, 0), (1, 1), (-1, -1), (999999, 999999), ("", ""), ("", 28.2)):

    @case("F32", f"coordinates “{_x}”, “{_y}”", "W233", CHILDCARE, "第 4 行")
    def _(project, x=_x, y=_y):
        childcare(project, lambda rows: rows[3].__setitem__(slice(2, 4), [x, y]))
        return lambda: len(sites(project)) == 9


@case("F33", "metres, nobody says in which system", "E236", CHILDCARE, "第 2 行", "EPSG:", exits=3)
def _(project):
    childcare(project, lambda rows: _metres(rows, "EPSG:4549"))


def _metres(rows, code, *, swapped=False):
    """The rows' coordinates (GCJ-02) in metres."""
    x, y = datum.convert([r[2] for r in rows[1:]], [r[3] for r in rows[1:]], source="gcj02", target=code)
    for row, a, b in zip(rows[1:], x, y, strict=True):
        row[2], row[3] = (round(float(b), 3), round(float(a), 3)) if swapped else (round(float(a), 3), round(float(b), 3))


def _declared(project, code):
    settings(project, 'datum = "gcj02"', f'datum = "{code}"')


@case("F34", "GCJ-02 called WGS84", "E240", CHILDCARE, "gcj02", exits=3)
def _(project):
    _declared(project, "wgs84")


@case("F34", "BD-09 called GCJ-02", "E240", CHILDCARE, "bd09", exits=3)
def _(project):
    def change(rows):
        x, y = datum.convert([r[2] for r in rows[1:]], [r[3] for r in rows[1:]], source="gcj02", target="bd09")
        for row, a, b in zip(rows[1:], x, y, strict=True):
            row[2], row[3] = round(float(a), 7), round(float(b), 7)

    childcare(project, change)


@case("F35", "WGS84 converted once more", "E240", CHILDCARE, "wgs84", exits=3)
def _(project):
    def change(rows):
        for row, point in zip(rows[1:], points(), strict=True):
            row[2], row[3] = round(point.x, 7), round(point.y, 7)

    childcare(project, change)


@case("F36", "easting with its zone, declared", "")
def _(project):
    childcare(project, lambda rows: _metres(rows, "EPSG:4529"))
    _declared(project, "EPSG:4529")
    return places(project)


@case("F36", "easting with a zone, declared without", "E237", CHILDCARE, "EPSG:4529", exits=3)
def _(project):
    childcare(project, lambda rows: _metres(rows, "EPSG:4529"))
    _declared(project, "EPSG:4550")


@case("F36", "easting without zone, declared with", "E237", CHILDCARE, "EPSG:4550", exits=3)
def _(project):
    childcare(project, lambda rows: _metres(rows, "EPSG:4550"))
    _declared(project, "EPSG:4529")


@case("F36", "zone in the easting, nothing declared", "E236", CHILDCARE, "EPSG:4529", exits=3)
def _(project):
    childcare(project, lambda rows: _metres(rows, "EPSG:4529"))


@case("F37", "northing called X", "E238", CHILDCARE, "第 2 行", exits=3)
def _(project):
    childcare(project, lambda rows: _metres(rows, "EPSG:4550", swapped=True))
    _declared(project, "EPSG:4550")


@case("F38", "the neighbouring zone", "E235", CHILDCARE, "EPSG:4549", exits=3)
def _(project):
    childcare(project, lambda rows: _metres(rows, "EPSG:4550"))
    _declared(project, "EPSG:4549")


@case("F38", "the neighbouring zone: the one that fits is named", "E235", CHILDCARE, "中央经线 123°", "EPSG:4550", exits=3)
def _(project):
    childcare(project, lambda rows: _metres(rows, "EPSG:4550"))
    _declared(project, "EPSG:4549")


@case("F38", "a 6-degree zone called a 3-degree one", "E235", CHILDCARE, "中央经线 123°", exits=3)
def _(project):
    childcare(project, lambda rows: _metres(rows, "EPSG:4510"))
    _declared(project, "EPSG:4549")


@case("F39", "Xian 1980", "W245", CHILDCARE, "EPSG:2385")
def _(project):
    childcare(project, lambda rows: _metres(rows, "EPSG:2385"))
    _declared(project, "EPSG:2385")


@case("F39", "Beijing 1954 in a GIS file", "W245", "data/2024/childcare.gpkg")
def _(project):
    gis(project, ".gpkg", frame().to_crs(4214), datum="")


@case("F40", "CGCS2000 taken as WGS84", "I209", SCHOOLS)
def _(project):
    settings(project, 'datum = "wgs84"', 'datum = "cgcs2000"')
    return right(project, "name", [f"第{n}小学" for n in range(12)], "schools")


@case("F41", "a city's own grid", "E236", CHILDCARE, exits=3)
def _(project):
    def change(rows):
        for n, row in enumerate(rows[1:]):
            row[2], row[3] = 118_234.5 + n, 27_456.1 + n

    childcare(project, change)


@case("F41", "a city's own grid, declared", "")
def _(project):
    def change(rows):
        _metres(rows, "EPSG:4550")
        turn = datum.LocalGrid("EPSG:4550", 400_000.0, 3_000_000.0, -30.0, 12.0).matrix()
        for row in rows[1:]:
            x, y = np.linalg.inv(turn) @ [row[2] - 400_000.0, row[3] - 3_000_000.0]
            row[2], row[3] = round(float(x), 3), round(float(y), 3)

    childcare(project, change)
    _declared(project, "EPSG:4550 helmert dx=400000 dy=3000000 rot=-30 ppm=12")
    return places(project)


@case("F42", "degrees, minutes, seconds", "I208", CHILDCARE)
def _(project):
    def dms(value):
        minutes = (value - int(value)) * 60
        return f"{int(value)}°{int(minutes)}′{(minutes - int(minutes)) * 60:.4f}″"

    childcare(project, lambda rows: [row.__setitem__(slice(2, 4), [dms(row[2]) + "E", dms(row[3]) + "N"]) for row in rows[1:]])
    return places(project)


@case("F43", "few decimals", "W242", SCHOOLS, "经度")
def _(project):
    schools(project, lambda rows: [row.__setitem__(slice(2, 4), [round(row[2], 3), round(row[3], 3)]) for row in rows[1:]])


@case("F44", "outside the city", "E235", CHILDCARE, exits=3)
def _(project):
    childcare(project, lambda rows: [row.__setitem__(2, row[2] + 0.2) for row in rows[1:]])


@case("F44", "one of twelve outside the city", "W234", SCHOOLS, "第 3 行", "公里")
def _(project):
    schools(project, lambda rows: rows[2].__setitem__(2, rows[2][2] + 0.2))


@case("F44", "another town than said", "W261", "第0托育园", "东镇")
def _(project):
    childcare(project, lambda rows: [row.append("乡镇街道" if n == 0 else "东镇" if n == 1 else "西镇") for n, row in enumerate(rows)])


@case("F45", "all on one spot", "W243", CHILDCARE, "10")
def _(project):
    childcare(project, lambda rows: [row.__setitem__(slice(2, 4), rows[1][2:4]) for row in rows[2:]])


@case("F45", "on a regular grid", "W248", SCHOOLS, "16")
def _(project):
    def change(rows):
        first = rows[1]
        rows[1:] = [[f"X{n:03d}", f"第{n}小学", round(first[2] + n % 4 * 0.005, 6), round(first[3] + n // 4 * 0.005, 6), *first[4:]] for n in range(16)]

    schools(project, change)


for _x, _y in ((190, 28.2), (122.96, 97), ("1e308", "-1e308"), ("NaN", "NaN"), ("inf", 28.2)):

    @case("F46", f"not on the earth: {_x}, {_y}", "E232", CHILDCARE, "第 4 行", exits=3)
    def _(project, x=_x, y=_y):
        childcare(project, lambda rows: rows[3].__setitem__(slice(2, 4), [x, y]))


def _systems(rows, other):
    for n, row in enumerate(rows):
        row.append("坐标系" if n == 0 else "GCJ-02" if n % 2 else other)
        if n and not n % 2:
            row[2], row[3] = round(points()[n - 1].x, 7), round(points()[n - 1].y, 7)


@case("F47", "a system in each row", "I211", CHILDCARE, "坐标系")
def _(project):
    childcare(project, lambda rows: _systems(rows, "WGS84"))
    return places(project)


@case("F47", "a row of an unknown system", "E246", CHILDCARE, "第 3 行", "坐标系", "月球", exits=3)
def _(project):
    childcare(project, lambda rows: _systems(rows, "月球"))


@case("F48", "a distance measured in degrees: the tests make the warning an error", "")
def _(_project):
    def proof():
        with pytest.raises(UserWarning, match="geographic CRS"):
            gpd.GeoSeries(points(), crs=4326).distance(shapely.Point(122, 28))

    return proof
