"""Small complete editions whose every number can be checked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import LineString, Point, Polygon, box

from cfmap.model import AGE_BANDS, SITE_COLUMNS, Basemap, City, Coverage, Edition, Field, InputFile, Layer, LayerData, Population

if TYPE_CHECKING:
    from pathlib import Path

CRS = "EPSG:4326"
LON, LAT = 123.0, 28.0  # offshore: nobody's place

CHILDCARE = Layer(
    key="childcare",
    title="托育",
    title_en="Childcare",
    icon="cradle",
    colour="#b3261e",
    group="care",
    fields=(
        Field("places", "托位数", "places", kind="integer", unit="个", public=True),
        Field("head_phone", "负责人手机", "head's mobile"),
    ),
    coverage="walk15",
    description="3岁以下婴幼儿的照护服务机构",
    description_en="Care for children under three",
)
PARKS = Layer(key="parks", title="公园", title_en="Parks", icon="tree", colour="#2e7d32", group="play", coverage="nature30")


def sites(layer: Layer, rows: list[dict[str, object]]) -> gpd.GeoDataFrame:
    """Sites with the schema of intake; `rows` give what differs, `at` as (east, north) in hundredths of a degree."""
    columns = [*SITE_COLUMNS, *(f.key for f in layer.fields)]
    table = pd.DataFrame([{"layer": layer.key, "status": "在用", "town": "东镇", **{k: v for k, v in r.items() if k != "at"}} for r in rows])
    table = table.reindex(columns=columns)
    table["year"] = table["year"].astype("Int64")
    points = [Point(LON + r["at"][0] / 100, LAT + r["at"][1] / 100) for r in rows]
    return gpd.GeoDataFrame(table, geometry=points, crs=CRS)


def tiny_city(root: Path | str = "/nowhere", **sections: object) -> City:
    """Settings of a fictional city; `sections` replace whole sections."""
    settings: dict[str, object] = {
        "root": root,
        "city": {"name": "示例市", "name_en": "Demo City", "demo": True},
        "edition": {"year": 2024, "editions": [2022, 2023, 2024], "data_date": date(2024, 12, 31), "producer": "示例局"},
        "network": {"source": "data/network.osm.pbf", "attribution": "示例路网（演示数据）"},
        "layers": {"childcare": {"sources": [{"path": "data/childcare.csv"}]}, "parks": {"sources": [{"path": "data/parks.csv"}]}},
        "publish": {"contact": "示例局 000-0000000"},
    }
    return City.model_validate(settings | sections)


def tiny_edition(root: Path | str = "/nowhere", *, public: bool = True, **sections: object) -> Edition:
    """
    Two layers, one coverage, two towns, four communities.

    ::

        西镇 (west)          东镇 (east)
        +--------------------+--------------------+   28.02
        | 丙社区 20  丁社区 6 | 甲社区 100  乙社区 50 |
        |  K3 (no status)    |  K1   K2            |
        +--------------------+--------------------+   28.00
        123.00             123.02               123.04

    K1 (2022, 60 places) and K2 (2023, 40 places) lie in the east, K3 (year and places unknown) in the west, K4 is closed, K5 has
    no coordinates. 800 m reach 甲 (100 children aged 0-2), 1,000 m reach 甲 and 乙 (150), 丙 (20) is beyond, 丁 (6) has no path.
    """
    childcare = sites(
        CHILDCARE,
        [
            {"id": "K1", "name": "第一托育园", "year": 2022, "places": 60, "at": (2.5, 1.0), "head_phone": "canary-phone-1", "facilities": "母婴室；饮水点"},
            {"id": "K2", "name": "第二托育园", "year": 2023, "places": 40, "at": (3.5, 1.0), "fee": "收费", "address": "示例路2号"},
            {"id": "K3", "name": "第三托育园</script><b>&", "status": "未知", "town": None, "at": (1.0, 1.0)},
            {"id": "K4", "name": "关了的托育园", "year": 2022, "status": "关闭", "places": 30, "at": (3.0, 0.5)},
        ],
    )
    unlocated = pd.DataFrame(sites(CHILDCARE, [{"id": "K5", "name": "没坐标托育园", "year": 2024, "places": 20, "at": (0, 0)}]).drop(columns="geometry"))
    parks = sites(PARKS, [{"id": "P1", "name": "东山公园", "year": 2022, "at": (3.0, 1.5), "fee": "免费"}])
    footprint = gpd.GeoSeries([box(LON + 0.029, LAT + 0.014, LON + 0.031, LAT + 0.016)], index=["P1"], crs=CRS)
    nothing = gpd.GeoSeries([], crs=CRS)
    layers = {
        "childcare": LayerData(
            CHILDCARE, childcare, unlocated, nothing, rows_read=6, rows_dropped=1, inputs=(InputFile("data/childcare.csv", "c" * 64, 6, "gcj02"),)
        ),
        "parks": LayerData(
            PARKS,
            parks,
            pd.DataFrame(parks.drop(columns="geometry").iloc[:0]),
            footprint,
            rows_read=1,
            inputs=(InputFile("data/parks.csv", "d" * 64, 1, "wgs84"),),
        ),
    }
    towns = gpd.GeoDataFrame(
        {"name": ["西镇", "东镇"], "code": ["990001", "990002"]},
        geometry=[box(LON, LAT, LON + 0.02, LAT + 0.02), box(LON + 0.02, LAT, LON + 0.04, LAT + 0.02)],
        crs=CRS,
    )
    return Edition(
        city=tiny_city(root, **sections),
        year=2024,
        layers=layers,
        coverages=(_coverage(),),
        perimeter=_perimeter(),
        indicators=(),
        population=_population(),
        boundary=gpd.GeoDataFrame({"name": ["示例市"], "code": [""]}, geometry=[box(LON, LAT, LON + 0.04, LAT + 0.02)], crs=CRS),
        towns=towns,
        basemap=_basemap(),
        network_summary={"nodes": 4, "edges": 3, "km": 4.9, "components": 1},
        faults=(),
        inputs=(*(i for data in layers.values() for i in data.inputs), InputFile("data/network.osm.pbf", "e" * 64)),
        public=public,
    )


def with_schools(edition: Edition) -> Edition:
    """S1 with a safe and an unknown stretch, S2 with an unsafe one, S3 without a road."""
    rows: list[dict[str, object]] = [{"id": i, "name": f"{i}小学", "at": at} for i, at in (("S1", (2.0, 1.0)), ("S2", (3.1, 1.0)), ("S3", (0.5, 0.5)))]
    data = edition.layers["parks"]
    layer = replace(data.layer, key="schools", title="中小学校", title_en="Schools", coverage=None)
    around = edition.perimeter.assign(reasons=["B-limit", "A-untagged", "A-none"])
    return replace(edition, layers=edition.layers | {"schools": replace(data, layer=layer, sites=sites(layer, rows))}, perimeter=around)


def with_indicators(edition: Edition) -> Edition:
    """The edition with its numbers."""
    from cfmap.indicators import compute

    return replace(edition, indicators=compute(edition))


def _population() -> Population:
    ages = {"pop_0_2": [100, 50, 20, 6], "pop_3_5": [90, 60, 30, 5], "pop_6_11": [200, 100, 60, 9], "pop_12_14": [100, 50, 30, 4], "pop_15_17": [90, 40, 30, 3]}
    table = {"name": ["甲社区", "乙社区", "丙社区", "丁社区"], "town": ["东镇", "东镇", "西镇", "西镇"], **ages, "pop_total": [5000, 3000, 1500, 500]}
    points = [Point(LON + 0.024, LAT + 0.01), Point(LON + 0.037, LAT + 0.01), Point(LON + 0.005, LAT + 0.015), Point(LON + 0.001, LAT + 0.001)]
    frame = gpd.GeoDataFrame(table, index=pd.Index(["c1", "c2", "c3", "c4"], name="id"), geometry=points, crs=CRS)
    return Population(frame.astype(dict.fromkeys(AGE_BANDS, float)), "社区人口表（演示数据）", date(2023, 12, 31))


def _coverage() -> Coverage:
    # (total, within 800 m, within 1,000 m, beyond, no path); the east is reached, the west is not
    east, west = {"pop_0_2": (150, 100, 150, 0, 0), "pop_total": (8000, 5000, 8000, 0, 0)}, {"pop_0_2": (26, 0, 0, 20, 6), "pop_total": (2000, 0, 0, 1500, 500)}
    city = {column: tuple(a + b for a, b in zip(east[column], west[column], strict=True)) for column in east}
    rows = []
    for town, parts in (("西镇", west), ("东镇", east), ("", city)):
        row: dict[str, object] = {"town": town}
        for column, numbers in parts.items():
            names = (column, f"{column}_covered_800", f"{column}_covered_1000", f"{column}_not", f"{column}_unreachable")
            row |= dict(zip(names, map(float, numbers), strict=True))
        rows.append(row)
    ring = [(LON + 0.02, LAT + 0.005), (LON + 0.04, LAT + 0.005), (LON + 0.04, LAT + 0.015), (LON + 0.02, LAT + 0.015)]
    hole = [(LON + 0.028, LAT + 0.008), (LON + 0.032, LAT + 0.008), (LON + 0.032, LAT + 0.012), (LON + 0.028, LAT + 0.012)]
    catchment = {"site": ["all", "all"], "metres": [800.0, 1000.0], "minutes": [12.0, 15.0]}
    streets = {"edge_id": [0, 1], "way_id": [11, 12], "from_m": [0.0, 0.0], "to_m": [800.0, 200.0], "minutes": [12.0, 15.0], "site": ["K1", "K2"]}
    used = {"id": ["K1", "K2", "K3"], "name": ["第一托育园", "第二托育园", "第三托育园"], "snap_m": [12.5, 3.0, 260.0], "status": ["ok", "ok", "far"]}
    points = {
        "network_m": [300.0, 900.0, 2500.0, None],
        "connector_m": [20.0, 30.0, 10.0, 15.0],
        "minutes": [4.8, 14.0, 37.7, None],
        "site": ["K1", "K2", "K2", None],
        "status": ["reached", "reached", "beyond", "unreachable"],
    }
    return Coverage(
        key="childcare.walk15",
        layer="childcare",
        rule="walk15",
        title="托育 · 15分钟步行",
        title_en="Childcare · 15 minutes on foot",
        definition="按每小时 4 公里，沿街道 1,000 m 以内，旁边另列 800 m。",
        definition_en="At 4 km/h, within 1,000 m along streets, 800 m beside it.",
        bands=(800.0, 1000.0),
        headline=1000.0,
        catchment=gpd.GeoDataFrame(catchment, geometry=[Polygon(ring, [hole]), Polygon(ring)], crs=CRS),
        streets=gpd.GeoDataFrame(streets, geometry=[_line((2.0, 1.0), (2.8, 1.0)), _line((3.2, 1.0), (3.4, 1.0))], crs=CRS),
        sites=gpd.GeoDataFrame(used, geometry=[Point(LON + 0.025, LAT + 0.01), Point(LON + 0.035, LAT + 0.01), Point(LON + 0.01, LAT + 0.01)], crs=CRS),
        people=pd.DataFrame(rows),
        points=pd.DataFrame(points, index=pd.Index(["c1", "c2", "c3", "c4"], name="id")),
    )


def _perimeter() -> gpd.GeoDataFrame:
    table: dict[str, object] = {
        "layer": "schools",
        "school": ["S1", "S1", "S2"],
        "edge_id": [0, 1, 1],
        "way_id": [11, 12, 12],
        "side": ["left", "left", "left"],
    }
    table |= {"segment": ["11/1-2", "12/2-3", "12/2-3"], "from_m": [0.0, 0.0, 98.1], "to_m": [98.1, 98.1, 196.2], "gate": "", "ring": False, "weight": 1.0}
    table |= {"item_C": None, "state_strict": "unknown", "evidence": "", "conflict": ""}
    table |= {"state": ["safe", "unknown", "unsafe"], "reasons": ["限速30", "没有资料", "没有人行道"]}
    return gpd.GeoDataFrame(table, geometry=[_line((2.0, 1.0), (2.1, 1.0)), _line((3.0, 1.0), (3.1, 1.0)), _line((3.1, 1.0), (3.2, 1.0))], crs=CRS)


def _basemap() -> Basemap:
    roads = gpd.GeoDataFrame({"kind": ["main", "local"], "name": ["示例大道", ""]}, geometry=[_line((0, 1), (4, 1)), _line((2, 0), (2, 2))], crs=CRS)
    areas = gpd.GeoDataFrame({"kind": ["water"]}, geometry=[box(LON + 0.018, LAT, LON + 0.019, LAT + 0.02)], crs=CRS)
    labels = gpd.GeoDataFrame({"name": ["东镇"], "rank": [1]}, geometry=[Point(LON + 0.03, LAT + 0.01)], crs=CRS)
    return Basemap(roads, areas, labels, "示例路网（演示数据）")


def street_lattice(seed: int, *, size: int = 6) -> list[tuple[np.ndarray, np.ndarray]]:
    """Streets of three classes with numbers of their own: along the rows of a bent lattice, between its rows, and lanes off it, the last one apart."""
    rng = np.random.default_rng(seed)
    node = (np.stack(np.meshgrid(np.arange(size) * 97, np.arange(size) * 83), axis=-1) + rng.integers(-2, 3, (size, size, 2))) / 100_000 + (LON, LAT)
    rows = [LineString(node[n]) for n in range(size)]
    between = [LineString(node[n : n + 2, m][:: rng.choice([-1, 1])]) for n in range(size - 1) for m in range(size)]
    lanes = [LineString([node[n, m], node[n, m] + rng.integers(5, 40, 2) / 100_000]) for n in range(size) for m in range(size)]
    lanes.append(LineString([(LON - 0.01, LAT), (LON - 0.02, LAT + 0.001)]))
    first = np.cumsum([0, len(rows), len(between), len(lanes)])
    return [(np.array(lines, dtype=object), np.arange(*first[n : n + 2])) for n, lines in enumerate((rows, between, lanes))]


def _line(start: tuple[float, float], end: tuple[float, float]) -> LineString:
    return LineString([(LON + x / 100, LAT + y / 100) for x, y in (start, end)])


def with_walking_bus(edition: Edition) -> Edition:
    """Schools, and two lines to S1 that both call at 乙路口: 07:25 甲 (4), 07:31 乙 (8) and 07:36 乙 (5); S2 has three children and no line."""
    from cfmap.model.walking_bus import WalkingBus
    from cfmap.planning.bus_tables import LINES, SCHOOLS, STOPS

    a, b, school = ((LON + x, LAT + 0.01) for x in (0.028, 0.024, 0.02))
    shared = {"kind": "步行巴士", "school_id": "S1", "school": "S1小学", "worst_level": 3, "worst": "主干路：没画线的过街", "adults": 2}
    lines = [
        {"id": "S1-1", "name": "S1小学步行巴士1号线", "number": 1, "stops": 2, "length_m": 786, "minutes": 25, "leaves": "07:25", "children": 12} | shared,
        {"id": "S1-2", "name": "S1小学步行巴士2号线", "number": 2, "stops": 1, "length_m": 393, "minutes": 14, "leaves": "07:36", "children": 5} | shared,
    ]
    stops = [
        {"id": f"S1-{line}/{order}", "name": name, "name_en": en, "line_id": f"S1-{line}", "line": f"S1小学步行巴士{line}号线", "school": "S1小学"}
        | {"order": order, "leaves": leaves, "to_school_m": metres, "children": children}
        for line, order, name, en, leaves, metres, children in (
            (1, 1, "甲路口", "A", "07:25", 786, 4), (1, 2, "乙路口", "B", "07:31", 393, 8), (2, 1, "乙路口", "B", "07:36", 393, 5),
        )
    ]  # fmt: skip
    served = dict.fromkeys(SCHOOLS, 0) | {"proven": True}
    schools = [served | {"school_id": "S1", "school": "S1小学", "lines": 2, "children": 19, "served": 17, "few": 2}]
    schools.append(served | {"school_id": "S2", "school": "S2小学", "children": 3, "far": 3})
    found = WalkingBus(
        gpd.GeoDataFrame(lines, columns=list(LINES), geometry=[LineString([a, b, school]), LineString([b, school])], crs=CRS),
        gpd.GeoDataFrame(stops, columns=list(STOPS), geometry=[Point(a), Point(b), Point(b)], crs=CRS),
        pd.DataFrame(schools, columns=list(SCHOOLS)), 6, "怎么排的", "how they are made",
    )  # fmt: skip
    return replace(with_schools(edition), walking_bus=found)
