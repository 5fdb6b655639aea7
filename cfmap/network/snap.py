"""Where does a place touch the streets? Points are brought to the nearest edge, never to a junction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from cfmap.network.network import Network

# Limits of the way between a place and its nearest street. The R5 engine takes 300 m and then 1,600 m, too loose for a
# walk of 900 m; these are cfmap's own settings.
FAR_M = 50.0  # a longer connector is worth a look
SITE_LIMIT_M = 100.0  # a site further off is not on the network
TOWN_LIMIT_M = 250.0  # where people live, in towns
RURAL_LIMIT_M = 500.0  # where people live, outside towns

OK, FAR, ISLAND, OFF_NETWORK = "ok", "far", "island", "off_network"


@dataclass(frozen=True, eq=False)
class Snapped:
    """
    Points brought to edges; row i belongs to the i-th point handed in.

    Attributes
    ----------
    index
        The points' own index.
    edge
        Position of the edge, -1 = off the network.
    offset_mm
        From the edge's start along its course (millimetres); 0 when off the network.
    connector_mm
        Straight geodesic line between the point and its foot (millimetres), -1 when off the network.
    lon, lat
        Foot of the connector on the edge (degrees), NaN when off the network.
    component
        Component of the edge, -1 when off the network.
    status
        ``ok``, ``far`` (connector longer than 50 m), ``island`` (not on the main component), ``off_network``.
    """

    index: pd.Index[Any]
    edge: NDArray[np.int64]
    offset_mm: NDArray[np.int64]
    connector_mm: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    component: NDArray[np.int32]
    status: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.edge)

    @property
    def on_network(self) -> NDArray[np.bool_]:
        """Which points have an edge."""
        return self.edge >= 0

    def take(self, which: NDArray[Any]) -> Snapped:
        """Some of the points, by mask or positions."""
        return Snapped(
            self.index[which],
            self.edge[which],
            self.offset_mm[which],
            self.connector_mm[which],
            self.lon[which],
            self.lat[which],
            self.component[which],
            self.status[which],
        )

    def frame(self) -> pd.DataFrame:
        """Index of the points; ``edge, offset_m, snap_m, lon, lat, component, status``, missing when off the network."""
        import pandas as pd

        on = self.on_network
        return pd.DataFrame(
            {
                "edge": self.edge,
                "offset_m": np.where(on, self.offset_mm / 1000.0, np.nan),
                "snap_m": np.where(on, self.connector_mm / 1000.0, np.nan),
                "lon": self.lon,
                "lat": self.lat,
                "component": self.component,
                "status": self.status,
            },
            index=self.index,
        )


def snap(network: Network, points: gpd.GeoSeries | gpd.GeoDataFrame, *, limit_m: float, main_component_first: bool = True) -> Snapped:
    """
    Bring points to the nearest walkable edge.

    The nearest edge of the main component counts if it lies within the limit; otherwise the nearest of any
    component, with status ``island``. An estate that is only cut off by closed gates is no mistake of the map: a
    point nearest to it stays there (``island``), so that its people are told why they cannot get out.

    Where several edges are equally near (at a junction) the one open to everybody wins, then the lower position.

    Parameters
    ----------
    network
        The streets.
    points
        Points, EPSG:4326. Missing or empty geometries are ``off_network``.
    limit_m
        Longest connector, metres; beyond it a point is ``off_network``.
    main_component_first
        False = the nearest edge of whatever component.

    Returns
    -------
    snapped
        Rows as the points, their index kept. The foot is the perpendicular one in a conformal projection round the
        network's centre; offset and connector are geodesic.
    """
    import shapely
    from pyproj import Geod

    index = points.index
    geometry = np.asarray(points.geometry.values, dtype=object)
    n = len(geometry)
    edge = np.full(n, -1, dtype=np.int64)
    offset = np.zeros(n, dtype=np.int64)
    connector = np.full(n, -1, dtype=np.int64)
    foot_lon, foot_lat = np.full(n, np.nan), np.full(n, np.nan)
    component = np.full(n, -1, dtype=np.int32)

    here = np.flatnonzero(~(shapely.is_missing(geometry) | shapely.is_empty(geometry)))
    segments = network.segments
    if len(here) and segments.count:
        lon, lat = shapely.get_x(geometry[here]), shapely.get_y(geometry[here])
        finite = np.isfinite(lon) & np.isfinite(lat)
        here, lon, lat = here[finite], lon[finite], lat[finite]
        found = segments.nearest(lon, lat, limit_m=limit_m, main_component_first=main_component_first)
        share = segments.share_along(found, lon, lat)
        start = segments.start[found]
        f_lon = network.vertex_lon[start] + share * (network.vertex_lon[start + 1] - network.vertex_lon[start])
        f_lat = network.vertex_lat[start] + share * (network.vertex_lat[start + 1] - network.vertex_lat[start])
        far = np.asarray(Geod(ellps="WGS84").inv(lon, lat, f_lon, f_lat)[2])
        near = (found >= 0) & (far <= limit_m)
        at, found, start, share = here[near], found[near], start[near], share[near]
        edge[at] = segments.edge[found]
        piece = network.vertex_mm[start + 1] - network.vertex_mm[start]
        offset[at] = network.vertex_mm[start] + np.rint(share * piece).astype(np.int64)
        connector[at] = np.rint(far[near] * 1000.0).astype(np.int64)
        foot_lon[at], foot_lat[at] = f_lon[near], f_lat[near]
        component[at] = network.edge_component[edge[at]]

    status = np.full(n, OFF_NETWORK, dtype=object)
    status[edge >= 0] = OK
    status[connector > FAR_M * 1000] = FAR
    status[component > 0] = ISLAND
    return Snapped(index, edge, offset, connector, foot_lon, foot_lat, component, status)


class Segments:
    """
    Search trees over the straight pieces of all edges, in metres of a transverse Mercator projection round the centre.

    Attributes
    ----------
    edge, start
        Edge of each segment, and position of its first vertex in the network's vertex arrays.
    count
        Number of segments.
    """

    def __init__(self, network: Network) -> None:
        from pyproj import Transformer

        last = np.zeros(len(network.vertex_lon), dtype=bool)
        last[network.edge_first[1:] - 1] = True
        edge_of = np.repeat(np.arange(network.n_edges), np.diff(network.edge_first))
        self.start = np.flatnonzero(~last)
        self.edge = edge_of[self.start]
        self.count = len(self.start)
        self._private = network.is_private[self.edge]
        self._component = network.edge_component[self.edge]
        self._cut_off = network.behind_gates
        self._trees: dict[str, tuple[Any, NDArray[np.int64]]] = {}
        west, south, east, north = network.bounds
        lon_0, lat_0 = ((west + east) / 2, (south + north) / 2) if self.count else (0.0, 0.0)
        self._to_metres = Transformer.from_crs(4326, f"+proj=tmerc +lon_0={lon_0!r} +lat_0={lat_0!r} +ellps=WGS84 +units=m", always_xy=True)
        x, y = self._to_metres.transform(network.vertex_lon, network.vertex_lat)
        self.x, self.y = np.asarray(x), np.asarray(y)

    def _tree(self, which: str) -> tuple[Any, NDArray[np.int64]]:
        # built when first asked for: a network in one piece needs one tree only
        if which not in self._trees:
            import shapely

            chosen = {
                "main": self._component == 0,
                "rest": self._component != 0,
                "cut off": (self._component != 0) & self._cut_off[self._component],
                "all": np.ones(self.count, dtype=bool),
            }[which]
            members = np.flatnonzero(chosen)
            start = self.start[members]
            ends = np.stack([np.column_stack([self.x[start], self.y[start]]), np.column_stack([self.x[start + 1], self.y[start + 1]])], axis=1)
            self._trees[which] = shapely.STRtree(np.asarray(shapely.linestrings(ends))), members
        return self._trees[which]

    def nearest(self, lon: NDArray[np.float64], lat: NDArray[np.float64], *, limit_m: float, main_component_first: bool) -> NDArray[np.int64]:
        """Nearest segment of each point, -1 = none within the limit."""
        import shapely

        x, y = self._to_metres.transform(lon, lat)
        points = shapely.points(x, y)
        if not main_component_first:
            return self._search("all", points, limit_m)[0]
        found, distance = self._search("main", points, limit_m)
        missing = np.flatnonzero(found < 0)
        if len(missing):
            found[missing], distance[missing] = self._search("rest", points[missing], limit_m)
        if self._cut_off.any():
            other, other_distance = self._search("cut off", points, limit_m)
            nearer = (other >= 0) & (other_distance < distance)
            found[nearer] = other[nearer]
        return found

    def _search(self, which: str, points: NDArray[np.object_], limit_m: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        tree, members = self._tree(which)
        found = np.full(len(points), -1, dtype=np.int64)
        distance = np.full(len(points), np.inf)
        if len(members) and len(points):
            # the projection's scale is within 0.1 % up to 280 km from the centre; the exact limit is applied to geodesic lengths
            (point, hit), length = tree.query_nearest(points, max_distance=limit_m * 1.01 + 1e-6, return_distance=True, all_matches=True)
            segment = members[hit]
            best = np.lexsort((segment, self._private[segment], point))
            lead = best[np.r_[True, point[best][1:] != point[best][:-1]]] if len(best) else best
            found[point[lead]] = segment[lead]
            distance[point[lead]] = length[lead]
        return found, distance

    def share_along(self, segment: NDArray[np.int64], lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where on its segment each point's foot lies, 0 = start, 1 = end."""
        x, y = self._to_metres.transform(lon, lat)
        start = self.start[segment]
        dx, dy = self.x[start + 1] - self.x[start], self.y[start + 1] - self.y[start]
        length2 = dx * dx + dy * dy
        along = (np.asarray(x) - self.x[start]) * dx + (np.asarray(y) - self.y[start]) * dy
        share: NDArray[np.float64] = np.clip(np.divide(along, length2, out=np.zeros_like(along), where=length2 > 0), 0.0, 1.0)
        return share
