"""How does one name a place on a street: the street, the one that crosses it, the direction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from cfmap.coverage.accesses import edges_in_plane
from cfmap.geometry.crs import geometries_to_plane, geometry_to_lonlat
from cfmap.network import EdgeFlag
from cfmap.network.plane import network_crs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from cfmap.network import Network

CORNER_M, GATE_M = 15.0, 50.0
NAMELESS = {"service": "无名内部路", "living_street": "无名小巷", "residential": "无名小路", "unclassified": "无名小路", "track": "无名土路"}
NAMELESS_ROAD = "无名路"
_NAMELESS = {*NAMELESS.values(), NAMELESS_ROAD}


class Places:
    """Streets of a network in its plane, with their names."""

    def __init__(self, network: Network) -> None:
        self.crs = network_crs(network)
        self._names = self._column(network, "name")
        self._kinds = self._column(network, "highway")
        self.lines, self.tree = edges_in_plane(network, self.crs)
        self._aside = geometries_to_plane(np.array(network.left_out.geometry.values, dtype=object), self.crs)
        self._aside_tree = shapely.STRtree(self._aside)
        self._ways = network.edge_way
        self._aside_ways = network.left_out["way_id"].to_numpy()
        self._motor = network.has(EdgeFlag.MOTOR)
        self._aside_motor = network.left_out["motor"].to_numpy(dtype=bool)

    @staticmethod
    def _column(network: Network, key: str) -> dict[int, str]:
        if key not in network.way_tags:
            return {}
        values = network.way_tags[key].to_numpy(dtype=object)
        return {int(way): text for way, text in zip(network.way_tags.index.to_numpy(), values, strict=True) if isinstance(text, str)}

    def plane(self, shapes: Iterable[Any]) -> NDArray[np.object_]:
        """Degrees to metres."""
        return geometries_to_plane(np.array(list(shapes), dtype=object), self.crs)

    def degrees(self, point: Any) -> tuple[float, float]:
        """Longitude and latitude of a place in metres."""
        there = geometry_to_lonlat(point, self.crs)
        return round(float(there.x), 6), round(float(there.y), 6)

    def name(self, way: int) -> str:
        """Name of a street, else what it looks like."""
        return self._names.get(way) or NAMELESS.get(self._kinds.get(way, ""), NAMELESS_ROAD)

    def crossing(self, point: Any, *, but: str) -> str:
        """A street of another name that passes here, the nearest; "" when none does."""
        return min(((metres, name) for metres, name in self._named(point, CORNER_M) if name != but), default=(0.0, ""))[1]

    def nearest(self, point: Any) -> str:
        """The street for cars that is nearest to a gate; one without a name is told by what it looks like and by a named one near it."""
        lines, ways, _ = self._here(shapely.buffer(point, GATE_M), motor=True)
        if not len(ways):
            return NAMELESS_ROAD
        street = self.name(int(ways[np.argmin(shapely.distance(lines, point))]))
        beside = min(self._named(point, GATE_M), default=(0.0, ""))[1]
        return street if not beside or street == beside or street not in _NAMELESS else f"{street}（靠近{beside}）"

    def around(self, ground: Any) -> tuple[NDArray[np.object_], NDArray[np.object_], NDArray[np.bool_]]:
        """Streets on some ground, their names ("" where they have none), and whether they are for cars."""
        lines, ways, motor = self._here(ground)
        return lines, np.array([self._names.get(int(w), "") for w in ways], dtype=object), motor

    def _here(self, ground: Any, *, motor: bool = False) -> tuple[NDArray[np.object_], NDArray[np.int64], NDArray[np.bool_]]:
        """Lines on some ground, their ways, and whether they are for cars; with `motor` those alone."""
        here, aside = (np.sort(tree.query(ground, predicate="intersects")) for tree in (self.tree, self._aside_tree))
        cars = np.concatenate([self._motor[here], self._aside_motor[aside]])
        some = cars if motor else np.full(len(cars), fill_value=True)
        lines, ways = np.concatenate([self.lines[here], self._aside[aside]]), np.concatenate([self._ways[here], self._aside_ways[aside]])
        return lines[some], ways[some], cars[some]

    def _named(self, point: Any, metres: float) -> list[tuple[float, str]]:
        lines, names, _ = self.around(shapely.buffer(point, metres))
        return [(float(line.distance(point)), name) for line, name in zip(lines, names, strict=True) if name]
