"""A made-up quarter: a grid of streets with gaps, a school in the middle, children anywhere."""

from __future__ import annotations

import random

import geopandas as gpd
import numpy as np
from shapely import Point

from cfmap.network import Network
from tests.unit.network.drawn import place, write_osm


def quarter(path, *, seed, blocks=7, step=150, gaps=0.15, fenced=0.05):
    """A network of `blocks` by `blocks` streets `step` metres apart; some stretches are missing, some belong to estates."""
    rng = random.Random(seed)
    half = blocks // 2
    nodes = {1 + row * blocks + column: ((column - half) * step, (row - half) * step) for row in range(blocks) for column in range(blocks)}
    ways = {}
    for node in nodes:
        row, column = divmod(node - 1, blocks)
        for other, inside, name in ((node + 1, column + 1 < blocks, f"横{row + 1}路"), (node + blocks, row + 1 < blocks, f"纵{column + 1}路")):
            if inside and rng.random() >= gaps:
                tags = {"highway": "residential", "name": name} | ({"access": "private"} if rng.random() < fenced else {})
                ways[1000 + len(ways)] = ([node, other], tags)
    return Network.from_osm(write_osm(path, nodes, ways))


def children(rows):
    """``[(east m, north m, school, how many)]`` as the table that planning takes."""
    return gpd.GeoDataFrame(
        {"school": [r[2] for r in rows], "children": np.array([r[3] for r in rows], dtype=np.int64)},
        geometry=[Point(place(r[0], r[1])) for r in rows],
        crs=4326,
    )


def schools(rows):
    """``{id: (east m, north m)}`` as schools and their doors."""
    where = [Point(place(*xy)) for xy in rows.values()]
    table = gpd.GeoDataFrame({"id": list(rows), "name": [f"{key}小学" for key in rows]}, geometry=where, crs=4326)
    return table, gpd.GeoDataFrame({"school": list(rows)}, geometry=where, crs=4326)
