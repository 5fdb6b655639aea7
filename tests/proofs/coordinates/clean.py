"""Streets, and right sites beside them."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from cfmap.intake import read_outline
from cfmap.intake.datum_guard import StreetPoints
from cfmap.model import load_city
from cfmap.network import Network
from tests.conftest import DATA, ROOT

if TYPE_CHECKING:
    import geopandas as gpd

#: Street networks; the demo city's is in the repository, the others are outside test data.
CITIES = {
    "demo city": ROOT / "data" / "network.osm.pbf",
    "Tsinghua": DATA / "beijing-tsinghua" / "map.osm",
    "Ruian": DATA / "ruian-osm-micro" / "ruian_core_streets.osm",
    "Heidelberg": DATA / "heidelberg" / "heidelberg.test.pbf",
}


def present() -> list[str]:
    """Cities whose streets are here."""
    return [name for name, path in CITIES.items() if path.is_file()]


@cache
def streets(city: str) -> StreetPoints:
    """Points along a city's streets; ``made`` is a grid of streets that needs no file."""
    if city == "made":
        return StreetPoints(*_grid())
    return StreetPoints(*Network.from_file(CITIES[city], cache=True).points_along(20.0))


def _grid() -> tuple[np.ndarray, np.ndarray]:
    """Streets every 300 m each way, a little bent, in the middle of the demo city."""
    lines, along = np.arange(-10, 11) * 300.0, np.arange(-3000.0, 3001.0, 20.0)
    x = np.concatenate([np.repeat(lines, len(along)), np.tile(along, len(lines))])
    y = np.concatenate([np.tile(along, len(lines)), np.repeat(lines, len(along))])
    return 123.22 + (x + 60 * np.sin(x / 700)) / 98_100, 28.25 + (y + 60 * np.cos(y / 900)) / 110_850


@cache
def towns() -> gpd.GeoDataFrame:
    """Towns of the demo city."""
    city = load_city(ROOT)
    return read_outline(city.path(city.boundary.towns), datum=city.boundary.datum, city=city)


@cache
def extent(city: str) -> tuple[float, float, float, float]:
    """West, south, east, north of a city."""
    at = np.asarray(streets(city).tree.data) / streets(city).scale
    (west, south), (east, north) = at.min(axis=0), at.max(axis=0)
    more = 0.1 if city == "made" else 0.0  # a city is larger than what a wrong datum moves by
    return float(west) - more, float(south) - more, float(east) + more, float(north) + more


def sites(city: str, count: int, chance: np.random.Generator, kind: str = "sites") -> tuple[np.ndarray, np.ndarray]:
    """
    Right places, WGS84 degrees.

    ``sites``: beside a street, at 25 m for half of them and within 5 to 120 m for nearly all; ``anywhere``: in the same square, without regard to streets.
    """
    nearest = streets(city)
    if kind == "anywhere":
        west, south, east, north = extent(city)
        return chance.uniform(west, east, count), chance.uniform(south, north, count)
    at = np.asarray(nearest.tree.data)[chance.integers(0, nearest.tree.n, count)]
    far, angle = np.exp(chance.normal(math.log(25), 0.8, count)), chance.uniform(0, 2 * math.pi, count)
    lon, lat = ((at + np.column_stack([far * np.cos(angle), far * np.sin(angle)])) / nearest.scale).T
    west, south, east, north = extent(city)
    return np.clip(lon, west, east), np.clip(lat, south, north)
