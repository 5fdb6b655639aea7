"""How do the streets become a file? An OpenStreetMap PBF with a true header, the same bytes for the same seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import osmium
from pyproj import Transformer

from .areas import Area, shore
from .plan import CENTRE_LAT, CENTRE_LON, TIMESTAMP, TOWNS, ZONE, Plan
from .safety import numbers

if TYPE_CHECKING:
    from pathlib import Path

    from .streetwork import Streetwork
    from .terrain import Terrain

Array = np.ndarray


class Projection:
    """Metres round the city's centre <-> longitude and latitude (WGS 84)."""

    def __init__(self) -> None:
        self._out = Transformer.from_crs(ZONE, "EPSG:4326", always_xy=True)
        self._x0, self._y0 = Transformer.from_crs("EPSG:4326", ZONE, always_xy=True).transform(CENTRE_LON, CENTRE_LAT)

    def lonlat(self, points: Array) -> Array:
        """Degrees, rounded to the file's 1e-7."""
        points = np.asarray(points, dtype=float).reshape(-1, 2)
        return np.round(np.column_stack(self._out.transform(points[:, 0] + self._x0, points[:, 1] + self._y0)), 7)


class _Writer:
    def __init__(self, path: Path, box: tuple[float, float, float, float]) -> None:
        header = osmium.io.Header()
        header.add_box(osmium.osm.Box(*box))
        header.set("generator", "cfmap demo city, not real geography")
        header.set("osmosis_replication_timestamp", TIMESTAMP)
        header.set("sorting", "Type_then_ID")
        self._writer = osmium.SimpleWriter(str(path), header=header, overwrite=True)
        self.nodes: list[tuple[float, float, dict[str, str]]] = []
        self.ways: list[tuple[list[int], dict[str, str]]] = []
        self.relations: list[tuple[list[tuple[str, int, str]], dict[str, str]]] = []

    def node(self, lonlat: Array, tags: dict[str, str] | None = None) -> int:
        self.nodes.append((float(lonlat[0]), float(lonlat[1]), tags or {}))
        return len(self.nodes)

    def ring(self, points: Array, projection: Projection) -> list[int]:
        numbers = [self.node(p) for p in projection.lonlat(points[:-1])]
        return [*numbers, numbers[0]]

    def close(self) -> None:
        with self._writer as out:
            for number, (lon, lat, tags) in enumerate(self.nodes, start=1):
                out.add_node(osmium.osm.mutable.Node(id=number, location=(lon, lat), tags=tags))
            for number, (nodes, tags) in enumerate(self.ways, start=1):
                out.add_way(osmium.osm.mutable.Way(id=number, nodes=nodes, tags=tags))
            for number, (members, tags) in enumerate(self.relations, start=1):
                out.add_relation(osmium.osm.mutable.Relation(id=number, members=members, tags=tags))


def write_pbf(path: Path, plan: Plan, terrain: Terrain, work: Streetwork, areas: list[Area]) -> None:
    """Write streets, areas, coast, ferry and place names."""
    projection = Projection()
    lonlat = projection.lonlat(work.joined.places)
    km = 1000 * plan.size
    corners = projection.lonlat(np.array([[-34 * km, -23 * km], [33 * km, 23 * km]]))
    out = _Writer(path, (*corners[0], *corners[1]))
    number = numbers(work.joined)
    for node in number:
        out.node(lonlat[node], work.joined.tags.get(node))
    for one in work.joined.streets:
        out.ways.append(([number[n] for n in one.nodes], one.tags))
    for area in areas:
        _area(out, area, projection)
    for line in shore(terrain, plan):
        nodes = [out.node(p) for p in projection.lonlat(line)]
        out.ways.append(([*nodes[:-1], nodes[0]] if np.allclose(line[0], line[-1]) else nodes, {"natural": "coastline"}))
    ferry = [out.node(p, {"amenity": "ferry_terminal"} if k in (0, len(work.ferry) - 1) else None) for k, p in enumerate(projection.lonlat(work.ferry))]
    out.ways.append((ferry, {"route": "ferry", "foot": "yes", "name": "月贝岛渡轮"}))
    for town in TOWNS:
        out.node(projection.lonlat(np.array([town.x, town.y]) * km)[0], {"place": "town", "name": town.name})
    for place in work.places:
        if place.use == "village":
            out.node(projection.lonlat(place.at)[0], {"place": "village", "name": place.name})
        elif place.use == "park":
            spot = place.shape.representative_point()
            out.node(projection.lonlat(np.array([spot.x, spot.y]))[0], {"leisure": "playground"})
    out.close()


def _area(out: _Writer, area: Area, projection: Projection) -> None:
    rings = [np.array(r.coords) for r in (area.shape.exterior, *area.shape.interiors)]
    if len(rings) == 1 and len(rings[0]) < 1900:
        out.ways.append((out.ring(rings[0], projection), area.tags))
        return
    members: list[tuple[str, int, str]] = []
    for role, ring in zip(("outer", *["inner"] * (len(rings) - 1)), rings, strict=True):
        nodes = out.ring(ring, projection)
        for start in range(0, len(nodes) - 1, 1900):
            out.ways.append((nodes[start : start + 1901], {}))
            members.append(("w", len(out.ways), role))
    out.relations.append((members, {"type": "multipolygon", **area.tags}))
