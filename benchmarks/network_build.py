"""
How long does it take to read a city's streets and find the nearest childcare for every junction?

Ours against osmnx (``graph_from_xml``) with networkx (multi-source Dijkstra), in one run on the same file. CPU seconds;
ours is the median of five processes' worth of runs after imports, the peer runs once when it takes longer than 30 s.

    python -m benchmarks.network_build [extract.osm.pbf]

Without an argument: Heidelberg from the outside test data (CFMAP_TEST_DATA), else the demo city.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import osmium
import osmnx as ox
import shapely
from scipy.spatial import KDTree

from cfmap.network import Network

CHILDCARE = {("amenity", "kindergarten"), ("amenity", "childcare")}
RUNS = 5


def childcare(path: Path) -> gpd.GeoSeries:
    """Childcare places of the file: nodes, and the first corner of areas."""
    found = []
    stream = osmium.FileProcessor(str(path)).with_locations().with_filter(osmium.filter.TagFilter(*CHILDCARE))
    for thing in stream:
        spot = thing.location if thing.is_node() else thing.nodes[0].location if thing.is_way() else None
        if spot is not None and spot.valid():
            found.append(shapely.Point(spot.lon, spot.lat))
    return gpd.GeoSeries(found, crs=4326)


def ours(path: Path, sites: gpd.GeoSeries) -> tuple[float, int]:
    start = time.process_time()
    network = Network.from_osm(path)
    field = network.travel(network.snap(sites, limit_m=250))
    return time.process_time() - start, int((field.node_mm >= 0).sum())


def peer(path: Path, sites: gpd.GeoSeries) -> tuple[float, float, int]:
    """CPU seconds to read and to search; the conversion to XML that osmnx needs is not counted."""
    with tempfile.TemporaryDirectory() as folder:
        xml = Path(folder) / "streets.osm"
        with osmium.SimpleWriter(str(xml)) as writer:
            ways = osmium.FileProcessor(str(path), osmium.osm.WAY).with_filter(osmium.filter.KeyFilter("highway"))
            used = {n.ref for way in ways for n in way.nodes}  # the peer is spared the corners of buildings
            for thing in osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY):
                if thing.id in used if thing.is_node() else "highway" in thing.tags:
                    writer.add(thing)
        start = time.process_time()
        graph = ox.graph_from_xml(xml, bidirectional=True)
        read = time.process_time() - start
        start = time.process_time()
        ids = list(graph)
        tree = KDTree([(graph.nodes[i]["x"], graph.nodes[i]["y"]) for i in ids])
        sources = {ids[k] for k in tree.query(np.column_stack([sites.x, sites.y]))[1]}
        reached = nx.multi_source_dijkstra_path_length(graph, sources, weight="length")
        return read, time.process_time() - start, len(reached)


def extract() -> Path:
    """The file to measure on."""
    root = Path(__file__).resolve().parents[1]
    outside = Path(os.environ.get("CFMAP_TEST_DATA", root.parent / "shared" / "data")) / "heidelberg" / "heidelberg.test.pbf"
    return Path(sys.argv[1]) if len(sys.argv) > 1 else outside if outside.is_file() else root / "data" / "network.osm.pbf"


def main() -> None:
    path = extract()
    sites = childcare(path)
    print(f"{path.name}: {len(sites)} childcare places")
    ours(path, sites)  # compile and import once; both sides are measured warm
    times = [ours(path, sites) for _ in range(RUNS)]
    median = statistics.median(t for t, _ in times)
    print(f"cfmap   {median:7.2f} s CPU, median of {RUNS}; {times[0][1]} nodes reached")
    read, search, nodes = peer(path, sites)
    print(f"osmnx   {read + search:7.2f} s CPU (read {read:.2f}, search {search:.2f}); {nodes} nodes reached")
    print(f"ratio   {(read + search) / median:7.1f} x")


if __name__ == "__main__":
    main()
