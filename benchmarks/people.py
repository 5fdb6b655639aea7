"""
Where do the people of a cell live: which way of spreading them comes nearest to real houses, and what do large rasters cost?

Every house of a city gets as many people as it has floor area (footprint times storeys, from OpenStreetMap; the median of
the city where storeys are not mapped). Cells hold the sum of their houses; each way of spreading them is asked who is within
200 to 1,000 m of a few random places, and compared with the houses themselves:

- ``middle``: all people at the cell's middle;
- ``places``: over the middles of equal parts of the cell, at most so many metres apart (what cfmap does, at 70 m);
- ``streets``: evenly along the streets inside the cell (bridges, tunnels and links across squares left out), with 0 or
  20 m from door to street; where a cell has none, over places.

"wrong" is the part of all people that stands on the wrong side of the limit in its own cell; "too near" the mean error of the city's share.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from benchmarks._harness import ROOT, Result, in_child, timed
from benchmarks._tiles import tile

if TYPE_CHECKING:
    from cfmap.network import Network, Snapped

DATA = Path(os.environ.get("CFMAP_TEST_DATA", ROOT.parent / "shared" / "data"))
CITIES = {
    "Monaco": ROOT / "examples/monaco/data/network.osm.pbf",
    "Helsinki": DATA / "helsinki/Helsinki.osm.pbf",
    "Beijing": DATA / "beijing-tsinghua/map.osm",
}
HOMES = {"yes", "house", "residential", "apartments", "detached", "terrace", "semidetached_house", "block", "bungalow", "dormitory"}
LIMITS_M = (200, 333, 500, 667, 1000)
QUESTIONS = 30
LIMIT_M = 250.0


def measure(quick: bool) -> Result:  # noqa: FBT001
    """Two tables; cities whose file is not here are left out."""
    from cfmap.network import Network

    wrong = [
        row
        for name, path in CITIES.items()
        if path.exists() and not (quick and name != "Monaco")
        for side in (100, 250)
        for row in _ways(name, Network.from_osm(path), path, side)
    ]
    sizes = ((250_000, 0),) if quick else ((1_000_000, 0), (1_000_000, 100), (5_000_000, 100))
    large = [in_child("benchmarks.people", "raster_of", cells, metres) for cells, metres in sizes]
    return Result(
        tables={
            "People of a cell: how many stand on the wrong side of a limit": wrong,
            "People by minutes: rasters over 300 k nodes": [{**row, "peak MB": round(peak)} for row, peak in large],
        }
    )


def raster_of(cells: int, metres: float) -> dict[str, Any]:
    """A square of cells from a network's corner, so many metres wide; 0 = so wide that they cover the network. A tenth are nodata."""
    from cfmap.coverage import people_by_minutes
    from cfmap.geometry.raster import Raster

    tiling = tile(300_000)
    network, sites = tiling.network(), tiling.places(100)
    where = gpd.GeoDataFrame({"id": range(len(sites))}, geometry=gpd.points_from_xy(network.node_lon[sites], network.node_lat[sites]), crs=4326)
    rng = np.random.default_rng(0)
    side = int(cells**0.5)
    values = rng.gamma(0.3, 10, (side, side))
    values[rng.random(values.shape) < 0.1] = -1
    west, south, _, north = network.bounds
    step = metres / 111_000 if metres else (north - south) / side
    raster = Raster(values, (step, 0, west, 0, -step, north), 4326, -1)
    people_by_minutes(network, where, Raster(values[:2, :2], raster.transform, 4326, -1))
    table, timing = timed(lambda: people_by_minutes(network, where, raster))
    row = table.iloc[-1]
    total = values[values >= 0].sum()
    parts = row[["within_15", "beyond", "unreachable", "off_network", "unknown"]].sum()
    return {
        "cells": f"{side * side:,}",
        "metres": round(step * 111_000),
        "people near streets": f"{1 - row['off_network'] / total:.0%}",
        "CPU s": round(timing.cpu, 2),
        "relative error of the sum": f"{abs(parts - total) / total:.0e}",
    }


def _ways(city: str, network: Network, path: Path, side: float) -> list[dict[str, Any]]:
    """One row for each way of spreading."""
    x, y, people = _houses(network, path)
    column, row = ((x - x.min()) // side).astype(int), ((y - y.min()) // side).astype(int)
    number, cell = np.unique(row * 10_000 + column, return_inverse=True)
    west, south = x.min() + number % 10_000 * side, y.min() + number // 10_000 * side
    inhabitants = np.bincount(cell, people)
    cells = gpd.GeoSeries(shapely.box(west, south, west + side, south + side), crs=_crs(network))
    ways = {f"places, {metres:.3g} m": _places(network, cells, metres) for metres in (np.inf, 140, 70, 35)}
    ways = {"middle" if "inf" in name else name: way for name, way in ways.items()}
    for door in (0, 20):
        ways[f"streets, {door} m to the door"] = _streets(network, cells, door)
    houses = network.snap(gpd.GeoSeries(shapely.points(*_lonlat(network, x, y)), crs=4326), limit_m=LIMIT_M)
    rng = np.random.default_rng(1)
    errors: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(QUESTIONS):
        nodes = rng.choice(np.flatnonzero(network.node_component == 0), rng.integers(1, 8))
        field = network.travel(network.snap(gpd.GeoSeries(shapely.points(network.node_lon[nodes], network.node_lat[nodes]), crs=4326), limit_m=100))
        metres = _metres(field, houses)
        far = {name: _metres(field, snapped) for name, (_, _, snapped) in ways.items()}
        for limit in LIMITS_M:
            right = np.bincount(cell, people * (metres <= limit), minlength=len(number))
            if not 0.03 < right.sum() / people.sum() < 0.97:
                continue
            for name, (of, share, _) in ways.items():
                found = np.bincount(of, share * inhabitants[of] * (far[name] <= limit), minlength=len(number))
                errors[name].append((np.abs(found - right).sum() / people.sum(), (found - right).sum() / people.sum()))
    return [
        {
            "city": city,
            "cells": f"{len(number)} of {side:g} m",
            "houses": len(x),
            "spread": name,
            "wrong %": round(100 * np.mean([w for w, _ in found]), 1),
            "too near %": round(100 * np.mean([n for _, n in found]), 1),
        }
        for name, found in errors.items()
    ]


def _metres(field: Any, places: Snapped) -> np.ndarray:
    along, _ = field.at(places)
    return np.where(along >= 0, (along + places.connector_mm) / 1000, np.inf)


def _places(network: Network, cells: gpd.GeoSeries, spacing_m: float) -> tuple[np.ndarray, np.ndarray, Snapped]:
    """Cell, share and street of each place."""
    from cfmap.coverage.spread import TableGround

    found = list(TableGround(gpd.GeoDataFrame(geometry=cells)).spread(np.arange(len(cells)), spacing_m))
    of, share, lon, lat = (np.concatenate(part) for part in zip(*found, strict=True))
    return of, share, network.snap(gpd.GeoSeries(shapely.points(lon, lat), crs=4326), limit_m=LIMIT_M)


def _streets(network: Network, cells: gpd.GeoSeries, door_m: float, step_mm: int = 25_000) -> tuple[np.ndarray, np.ndarray, Snapped]:
    """Cell, share and street of pieces of streets, and of places where a cell has no street."""
    from cfmap.network import EdgeFlag, Snapped

    last = np.zeros(len(network.vertex_mm), dtype=bool)
    last[network.edge_first[1:] - 1] = True
    edge_of = np.repeat(np.arange(network.n_edges), np.diff(network.edge_first))
    start = np.flatnonzero(~last & ~(network.has(EdgeFlag.BRIDGE | EdgeFlag.TUNNEL | EdgeFlag.AREA_LINK))[edge_of])
    length = network.vertex_mm[start + 1] - network.vertex_mm[start]
    pieces = np.maximum(1, -(-length // step_mm))
    at = np.repeat(np.arange(len(start)), pieces)
    share = (np.arange(len(at)) - np.repeat(np.cumsum(pieces) - pieces, pieces) + 0.5) / pieces[at]
    first = start[at]
    lon = network.vertex_lon[first] + share * (network.vertex_lon[first + 1] - network.vertex_lon[first])
    lat = network.vertex_lat[first] + share * (network.vertex_lat[first + 1] - network.vertex_lat[first])
    points = gpd.GeoSeries(shapely.points(lon, lat), crs=4326).to_crs(cells.crs)
    piece, cell = np.asarray(shapely.STRtree(cells.to_numpy()).query(points.to_numpy(), predicate="within"))
    weight = (length / pieces)[at][piece]
    total = np.bincount(cell, weight, minlength=len(cells))
    edge, n = edge_of[first][piece], len(piece)
    offset = (network.vertex_mm[first] + np.rint(share * length[at]).astype(np.int64))[piece]
    none = np.zeros(n)
    on = Snapped(pd.RangeIndex(n), edge, offset, np.full(n, int(door_m * 1000)), none, none, network.edge_component[edge], np.full(n, "ok", dtype=object))
    of, part, other = _places(network, cells, 70)
    bare = np.flatnonzero(total[of] == 0)
    rest = other.take(bare)
    both = Snapped(
        *(np.concatenate([getattr(on, k), getattr(rest, k)]) if k != "index" else pd.RangeIndex(n + len(bare)) for k in Snapped.__dataclass_fields__)
    )
    return np.r_[cell, of[bare]], np.r_[weight / total[cell], part[bare]], both


def _houses(network: Network, path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Metres east and north, and floor area, of houses over 25 m² inside the streets' bounds."""
    import osmium

    rows: list[tuple[float, bytes]] = []
    wkb = osmium.geom.WKBFactory()

    class Homes(osmium.SimpleHandler):
        def area(self, area: Any) -> None:
            if area.tags.get("building") in HOMES:
                rows.append((pd.to_numeric(area.tags.get("building:levels"), errors="coerce"), wkb.create_multipolygon(area)))

    Homes().apply_file(str(path), locations=True)
    shapes = gpd.GeoSeries.from_wkb([shape for _, shape in rows], crs=4326).to_crs(_crs(network))
    storeys = pd.Series([levels for levels, _ in rows], dtype=float)
    floor = shapes.area * storeys.fillna(storeys.median() if storeys.notna().any() else 2.0)
    inside = shapes.to_crs(4326).within(shapely.box(*network.bounds)) & (shapes.area > 25)
    middle = shapes[inside].representative_point()
    return middle.x.to_numpy(), middle.y.to_numpy(), floor[inside].to_numpy()


def _lonlat(network: Network, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    points = gpd.GeoSeries(shapely.points(x, y), crs=_crs(network)).to_crs(4326)
    return points.x.to_numpy(), points.y.to_numpy()


def _crs(network: Network) -> Any:
    from cfmap.geometry.crs import metric_crs

    west, south, east, north = network.bounds
    return metric_crs((west + east) / 2, (south + north) / 2)


if __name__ == "__main__":
    for title, lines in measure(quick=False).tables.items():
        print(title, pd.DataFrame(lines).to_string(index=False), sep="\n")
