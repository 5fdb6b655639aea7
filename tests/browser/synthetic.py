"""A made-up city for the page's tests: every layer of the project, some hundred sites, a grid of streets, two reaches."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import LineString, MultiPolygon, Point, Polygon, box, union_all

from cfmap.model import SITE_COLUMNS, Basemap, Coverage, Edition, Layer, LayerData, MinutesGrid
from cfmap.model.layers import find_layers
from tests.factories import CRS, LAT, LON, tiny_city, tiny_edition

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
WORDS = "东西南北中新平安和兴华明清金玉云山石林江湖海泰永长福瑞"
STEP = 0.004  # degrees between two streets


def synthetic_edition(*, count: int = 300, public: bool = True, demo: bool = True, text: Callable[[str], str] = lambda t: t) -> Edition:
    """
    The city; the same arguments give the same edition.

    Parameters
    ----------
    count
        Sites, shared out over all layers in turn.
    text
        Applied to every text that a department, a street network or the settings bring in.
    """
    rng = random.Random(7)
    tiny = tiny_edition()
    city = tiny_city(
        ROOT,
        city={"name": text("示例市"), "name_en": text("Demo City"), "demo": demo},
        edition={"year": 2024, "editions": [2022, 2023, 2024], "producer": text("示例局"), "review_number": "" if public and not demo else text("")},
        publish={"contact": text("示例局 000-0000000"), "indicators": []},
        layers={},
    )
    declared = list(find_layers(tiny_city(ROOT, layers={}), packs=False).values())
    numbers = {layer.key: [n for n in range(count) if n % len(declared) == k] for k, layer in enumerate(declared)}
    return replace(
        tiny,
        city=city,
        layers={layer.key: _layer(layer, numbers[layer.key], rng, text) for layer in declared},
        coverages=tuple(_coverage(key, title, numbers[key], rng, text) for key, title in (("childcare", "托育 · 15分钟步行"), ("parks", "公园 · 半小时步行"))),
        boundary=gpd.GeoDataFrame({"name": [text("示例市")], "code": [""]}, geometry=[box(LON - 0.01, LAT - 0.01, LON + 0.09, LAT + 0.09)], crs=CRS),
        basemap=_basemap(rng, text),
        public=public,
    )


def _spot(rng: random.Random) -> Point:
    return Point(LON + rng.uniform(0, 0.08), LAT + rng.uniform(0, 0.08))


def _layer(layer: Layer, numbers: list[int], rng: random.Random, text: Callable[[str], str]) -> LayerData:
    rows = []
    for n in numbers:
        town = rng.choice("东西南北") + "镇"
        row: dict[str, object] = {
            "id": f"{layer.key}-{n:04d}",
            "layer": layer.key,
            "name": text(f"{rng.choice(WORDS)}{rng.choice(WORDS)}{layer.title}"),
            "year": rng.choice([2021, 2022, 2023, 2024]),
            "status": "在用",
            "town": text(town),
            "address": text(f"{town}{rng.choice(WORDS)}{rng.choice(WORDS)}路{n + 1}号"),
            "facilities": text(rng.choice(["母婴室；饮水点", "无障碍；遮阳避雨"])),
            "opening": text("8:00–18:00"),
            "age_min": 0,
            "age_max": rng.choice([6, 12, 17]),
            "source": text("示例部门台账"),
            "lead_unit": text("示例局"),
            "batch": text("第一批"),
            "phone": text("000-0000000"),
            "website": text("example.invalid/x"),
        }
        rows.append(row | {f.key: text("说明") for f in layer.fields if f.kind == "text"})
    table = pd.DataFrame(rows).reindex(columns=[*SITE_COLUMNS, *(f.key for f in layer.fields)])
    table["year"] = table["year"].astype("Int64")
    spots = [_spot(rng) for _ in rows]
    shapes = {
        "Point": spots,
        "LineString": [LineString([p, (p.x + 0.004, p.y), (p.x + 0.004, p.y + 0.003)]) for p in spots],
        "Polygon": [MultiPolygon([p.buffer(0.003)]) for p in spots],
    }
    sites = gpd.GeoDataFrame(table, geometry=shapes[layer.geometry], crs=CRS)
    shown = replace(layer, title=text(layer.title), title_en=text(layer.title_en), description=text(layer.description))
    return LayerData(shown, sites, pd.DataFrame(sites.drop(columns="geometry").iloc[:0]), gpd.GeoSeries([], crs=CRS))


def _coverage(layer: str, title: str, numbers: list[int], rng: random.Random, text: Callable[[str], str]) -> Coverage:
    spots = [_spot(rng) for _ in range(6)]
    rings = [(800.0, 12.0, 0.007), (1000.0, 15.0, 0.009)]
    catchment = gpd.GeoDataFrame(
        [{"site": "all", "metres": m, "minutes": t, "geometry": union_all([p.buffer(r).difference(p.buffer(0.001)) for p in spots])} for m, t, r in rings],
        crs=CRS,
    )
    used = gpd.GeoDataFrame({"id": [str(n) for n in range(6)], "name": "", "snap_m": 3.0, "status": ["ok"] * 5 + ["island"]}, geometry=spots, crs=CRS)
    streets = gpd.GeoDataFrame({c: [] for c in ("edge_id", "way_id", "from_m", "to_m", "minutes", "site")}, geometry=[], crs=CRS)
    points = pd.DataFrame(columns=["network_m", "connector_m", "minutes", "site", "status"])
    return Coverage(
        f"{layer}.walk15", layer, "walk15", text(title), text("on foot"), text("沿着能走的路 15 分钟以内。"), text("Within 15 minutes along streets."),
        (800.0, 1000.0), 1000.0, catchment, streets, used, pd.DataFrame(), points, minutes=_minutes([f"{layer}-{n:04d}" for n in numbers], spots),
    )  # fmt: skip


def _minutes(sites: list[str], spots: list[Point]) -> MinutesGrid:
    """Each spot is said to be one of the sites, as many as there are: 15 minutes at the edge of the wider ring round it, fewer inside, none in the hole of the ring and outside."""
    west, south, columns, rows = round((LON - 0.01) * 1e5), round((LAT - 0.01) * 1e5), 200, 230
    lon = (west + (np.arange(columns) + 0.5) * 51) / 1e5
    lat = (south + (np.arange(rows) + 0.5) * 45) / 1e5
    away = np.array([np.hypot(lon - p.x, lat[:, None] - p.y).ravel() for p in spots])
    site, cell = np.nonzero((away < 0.009) & (away.min(axis=0) > 0.001))
    minutes = np.ceil(away[site, cell] / 0.0006).astype(np.uint8)
    return MinutesGrid(west, south, 51, 45, columns, (*sites[: len(spots)], *(f"closed-{n}" for n in range(len(spots) - len(sites)))), site, cell, minutes, 4.0)


def _basemap(rng: random.Random, text: Callable[[str], str]) -> Basemap:
    roads: list[tuple[str, str | None, LineString]] = []
    for n in range(21):
        kind = "main" if n % 10 == 0 else "secondary" if n % 5 == 0 else "local"
        name = text(f"{rng.choice(WORDS)}{rng.choice(WORDS)}路") if n % 2 == 0 else None
        for m in range(20):
            roads.append((kind, name, LineString([(LON + n * STEP, LAT + m * STEP), (LON + n * STEP, LAT + (m + 1) * STEP)])))
            roads.append((kind, name, LineString([(LON + m * STEP, LAT + n * STEP), (LON + (m + 1) * STEP, LAT + n * STEP)])))
    river = Polygon([(LON + 0.03, LAT - 0.01), (LON + 0.034, LAT - 0.01), (LON + 0.05, LAT + 0.09), (LON + 0.045, LAT + 0.09)])
    green = [Point(LON + x, LAT + y).buffer(0.003) for x, y in ((0.01, 0.02), (0.06, 0.05), (0.02, 0.06))]
    names = [(text(f"{d}镇"), 1, Point(LON + x, LAT + y)) for d, x, y in (("东", 0.07, 0.04), ("西", 0.01, 0.04), ("南", 0.04, 0.01), ("北", 0.04, 0.07))]
    return Basemap(
        gpd.GeoDataFrame(roads, columns=["kind", "name", "geometry"], crs=CRS),
        gpd.GeoDataFrame({"kind": ["water", *["green"] * 3]}, geometry=[river, *green], crs=CRS),
        gpd.GeoDataFrame(names, columns=["name", "rank", "geometry"], crs=CRS),
        text("示例路网（演示数据）"),
    )
