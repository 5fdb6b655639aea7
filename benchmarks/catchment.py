"""How much faster is the map's distance contour than uniting widened streets, and how far do the two areas differ."""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from cfmap.network.plane import network_crs
from cfmap.coverage.service_area import BUFFER_M, catchments
from cfmap.coverage.sources import place_sites
from cfmap.geometry.crs import geometries_to_plane
from cfmap.geometry.dissolve import dissolve
from cfmap.network import Network
from cfmap.network.course import cut, with_length

ROOT = Path(__file__).resolve().parents[1]
SITES, METRES, BANDS = 60, 1000, (300, 500, 790, 800, 1000)
RUNS = 3


def timed(action, runs=1):
    """Median CPU seconds and the last result."""
    seconds = []
    for _ in range(runs):
        start = time.process_time()
        result = action()
        seconds.append(time.process_time() - start)
    return statistics.median(seconds), result


def main() -> int:
    """One catchment by both modes in one run, then one coverage's whole set of bands."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "data" / "network.osm.pbf"
    network = Network.from_file(source)
    nodes = np.linspace(0, network.n_nodes - 1, SITES).astype(int)
    sites = gpd.GeoDataFrame({"id": nodes}, geometry=gpd.points_from_xy(network.node_lon[nodes], network.node_lat[nodes]), crs=4326)
    field = network.travel(place_sites(network, sites).snapped, limit_mm=METRES * 1000)
    crs = network_crs(network)
    parts = with_length(field.edge_parts())
    lines = geometries_to_plane(cut(network, parts.edge, parts.from_mm, parts.to_mm), crs)
    dissolve(lines[:50], buffer_m=BUFFER_M)  # compile once
    print(f"{source.name}: {network.n_edges} edges, {SITES} sites, {len(lines)} street parts within {METRES} m")

    exact_s, exact = timed(lambda: dissolve(lines, buffer_m=BUFFER_M, mode="exact").geometry)
    print(f"{'mode':<14}{'CPU s':>9}{'ratio':>8}{'vertices':>10}{'area':>10}{'sym. difference':>17}")
    print(f"{'exact union':<14}{exact_s:>9.2f}{1:>8.0f}{shapely.get_num_coordinates(exact):>10}{'':>10}{'':>17}")
    for cell in (5.0, 10.0):
        map_s, drawn = timed(lambda cell=cell: dissolve(lines, buffer_m=BUFFER_M, mode="map", cell_m=cell).geometry, RUNS)
        area, apart = drawn.area / exact.area - 1, drawn.symmetric_difference(exact).area / exact.area
        print(f"{f'map {cell:g} m':<14}{map_s:>9.2f}{exact_s / map_s:>8.0f}{shapely.get_num_coordinates(drawn):>10}{area:>+10.2%}{apart:>17.2%}")
    bands_s, _ = timed(lambda: catchments(network, field, [b * 1000 for b in BANDS], minutes=BANDS, crs=crs, mode="map"), RUNS)
    print(f"one coverage, {len(BANDS)} bands, map mode: {bands_s:.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
