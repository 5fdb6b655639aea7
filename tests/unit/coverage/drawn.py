"""Small street networks drawn by hand: places in metres east and north of a point at sea, streets between them."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import Geod
from shapely import LineString, Point

from cfmap.network import EdgeFlag, Network, Ways, build_network
from cfmap.network.walkability import CLASS_INDEX

ORIGIN = (123.0, 28.0)  # offshore: nobody's place
GEOD = Geod(ellps="WGS84")
M_PER_DEGREE = GEOD.inv(*ORIGIN, ORIGIN[0] + 0.01, ORIGIN[1])[2] * 100, GEOD.inv(*ORIGIN, ORIGIN[0], ORIGIN[1] + 0.01)[2] * 100


def lonlat(east: float, north: float) -> tuple[float, float]:
    """Degrees of a place given in metres from the origin; linear, so that what is straight in metres is straight in degrees."""
    return ORIGIN[0] + east / M_PER_DEGREE[0], ORIGIN[1] + north / M_PER_DEGREE[1]


def places(**where: tuple[float, float]) -> gpd.GeoDataFrame:
    """Points with ids: ``places(a=(0, 0))``."""
    return gpd.GeoDataFrame({"id": list(where)}, geometry=[Point(lonlat(*xy)) for xy in where.values()], crs=4326)


def metres(*course: tuple[float, float]) -> float:
    """Geodesic length of a course in whole millimetres, segment by segment, as METHODS 1.7 counts."""
    degrees = [lonlat(*xy) for xy in course]
    return sum(round(GEOD.inv(*a, *b)[2] * 1000) for a, b in pairwise(degrees)) / 1000


def street(*course: tuple[float, float], highway: str = "residential", flags: int = 0, **tags: str) -> tuple:
    """A street through places; those that two streets name are junctions. Roads for cars get the flag MOTOR."""
    motor = EdgeFlag.MOTOR if highway not in ("footway", "path", "pedestrian", "steps") else EdgeFlag(0)
    return course, highway, EdgeFlag(flags) | motor, {"highway": highway, **{k.replace("__", ":"): v for k, v in tags.items()}}


def drawn(
    *streets: tuple, crossings: list[tuple[tuple[float, float], str]] = (), left_out: list[dict] = (), helps: list[tuple[tuple[float, float], dict]] = ()
) -> Network:
    """The network of these streets; way ids count from 1 in the order given, `helps` are nodes with tags."""
    nodes = list(dict.fromkeys(xy for course, *_ in streets for xy in course))
    number = {xy: i for i, xy in enumerate(nodes)}
    degrees = np.array([lonlat(*xy) for xy in nodes])
    ways = Ways(
        node_id=np.arange(len(nodes), dtype=np.int64) + 1000,
        lon=degrees[:, 0],
        lat=degrees[:, 1],
        way_id=np.arange(len(streets), dtype=np.int64) + 1,
        kind=np.array([CLASS_INDEX[highway] for _, highway, *_ in streets], dtype=np.uint8),
        flags=np.array([int(flags) for *_, flags, _ in streets], dtype=np.uint16),
        first=np.cumsum([0, *(len(course) for course, *_ in streets)]).astype(np.int64),
        vertex=np.array([number[xy] for course, *_ in streets for xy in course], dtype=np.int64),
    )
    tags = pd.DataFrame([t for *_, t in streets], index=pd.Index(ways.way_id, name="way_id")).astype("category")
    mapped = gpd.GeoDataFrame(
        {"osm_id": [f"n{i}" for i, _ in enumerate(crossings)], "kind": [kind for _, kind in crossings]},
        geometry=[LineString([lonlat(*end) for end in xy]) if isinstance(xy[0], tuple) else Point(lonlat(*xy)) for xy, _ in crossings],
        crs=4326,
    )
    out = gpd.GeoDataFrame(left_out, crs=4326) if left_out else None
    words = {key: [told.get(key, "") for _, told in helps] for key in ("traffic_calming", "supervised")}
    nodes = gpd.GeoDataFrame({"osm_id": [f"n{i}" for i, _ in enumerate(helps)], **words}, geometry=[Point(lonlat(*xy)) for xy, _ in helps], crs=4326)
    return build_network(ways, way_tags=tags, crossings=mapped, left_out=out, helps=nodes)


def grid(size: int, *, step: float = 100.0, **options: object) -> Network:
    """
    A square of streets, `size` blocks of `step` metres each way::

        (0,2)--(1,2)--(2,2)
          |      |      |
        (0,1)--(1,1)--(2,1)
          |      |      |
        (0,0)--(1,0)--(2,0)
    """
    along = [step * k for k in range(size + 1)]
    rows = [street(*[(x, y) for x in along], **options) for y in along]
    columns = [street(*[(x, y) for y in along], **options) for x in along]
    return drawn(*rows, *columns)
