"""Where does a place touch the streets? Points are brought to the nearest edge, never to a junction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cfmap.model import InputError, fault
from cfmap.network.cache import extra
from cfmap.network.grid import Grid, build

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

WGS84 = 4326  # EPSG code of longitude and latitude
TIE_M = 1e-6  # edges whose distances differ by less are equally near

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
        Points in any declared CRS; without one, degrees WGS84. Missing or empty geometries are ``off_network``.
    limit_m
        Longest connector, metres; beyond it a point is ``off_network``.
    main_component_first
        False = the nearest edge of whatever component.

    Returns
    -------
    snapped
        Rows as the points, their index kept. The foot is the perpendicular one in a conformal projection round the
        network's centre; offset and connector are geodesic.

    Raises
    ------
    InputError
        Coordinates that are no degrees (E390), geometries that are no points (E391).
    """
    from pyproj import Geod

    index = points.index
    n = len(index)
    edge = np.full(n, -1, dtype=np.int64)
    offset = np.zeros(n, dtype=np.int64)
    connector = np.full(n, -1, dtype=np.int64)
    foot_lon, foot_lat = np.full(n, np.nan), np.full(n, np.nan)
    component = np.full(n, -1, dtype=np.int32)

    here, lon, lat = _degrees(points)
    segments = network.segments
    if len(here) and segments.count:
        found, share = segments.nearest(lon, lat, limit_m=limit_m, main_component_first=main_component_first)
        f_lon = network.vertex_lon[found] + share * (network.vertex_lon[found + 1] - network.vertex_lon[found])
        f_lat = network.vertex_lat[found] + share * (network.vertex_lat[found + 1] - network.vertex_lat[found])
        far = np.asarray(Geod(ellps="WGS84").inv(lon, lat, f_lon, f_lat)[2])
        near = (found >= 0) & (far <= limit_m)
        at, found, share = here[near], found[near], share[near]
        edge[at] = segments.edge[found]
        piece = network.vertex_mm[found + 1] - network.vertex_mm[found]
        offset[at] = network.vertex_mm[found] + np.rint(share * piece).astype(np.int64)
        connector[at] = np.rint(far[near] * 1000.0).astype(np.int64)
        foot_lon[at], foot_lat[at] = f_lon[near], f_lat[near]
        component[at] = network.edge_component[edge[at]]

    status = np.full(n, OFF_NETWORK, dtype=object)
    status[edge >= 0] = OK
    status[connector > FAR_M * 1000] = FAR
    status[component > 0] = ISLAND
    return Snapped(index, edge, offset, connector, foot_lon, foot_lat, component, status)


def _degrees(points: gpd.GeoSeries | gpd.GeoDataFrame) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    # longitude and latitude of the points that have a place, and their positions
    import shapely

    given = points.geometry
    geometry = np.asarray(given.values, dtype=object)
    here = np.flatnonzero(~(shapely.is_missing(geometry) | shapely.is_empty(geometry)))
    other = here[shapely.get_type_id(geometry[here]) != shapely.GeometryType.POINT]
    if len(other):
        raise InputError(fault("E391", count=len(other), kinds=", ".join(sorted({g.geom_type for g in geometry[other]}))))
    lon, lat = shapely.get_x(geometry[here]), shapely.get_y(geometry[here])
    finite = np.isfinite(lon) & np.isfinite(lat)
    here, lon, lat = here[finite], lon[finite], lat[finite]
    first = lon, lat
    if given.crs is not None and given.crs.to_epsg() != WGS84:
        from pyproj import Transformer

        lon, lat = (np.asarray(c) for c in Transformer.from_crs(given.crs, WGS84, always_xy=True).transform(lon, lat))
    wrong = np.flatnonzero(~((np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)))
    if len(wrong):
        shown = ", ".join(f"{c[wrong[0]]:g}" for c in first)
        raise InputError(fault("E390", count=len(wrong), crs=str(given.crs or "-"), first=shown))
    return here, lon, lat


class Segments:
    """
    The straight pieces of all edges in a grid, in metres of a transverse Mercator projection round the centre.

    A segment is named by the position of its first vertex in the network's vertex arrays.

    Attributes
    ----------
    edge
        Edge of each vertex.
    count
        Number of segments.
    x, y
        Vertices in metres.
    """

    def __init__(self, network: Network) -> None:
        from pyproj import Transformer

        self._network = network
        self.edge = np.repeat(np.arange(network.n_edges), np.diff(network.edge_first))
        self.count = len(network.vertex_lon) - network.n_edges
        west, south, east, north = network.bounds
        lon_0, lat_0 = ((west + east) / 2, (south + north) / 2) if self.count else (0.0, 0.0)
        self._to_metres = Transformer.from_crs(4326, f"+proj=tmerc +lon_0={lon_0!r} +lat_0={lat_0!r} +ellps=WGS84 +units=m", always_xy=True)
        kept = extra(network, "segments", self._arrays)
        self.x, self.y = kept["x"], kept["y"]
        self._grid = Grid(kept["frame"], kept["first"], kept["segment"])

    def _arrays(self) -> dict[str, NDArray[Any]]:
        x, y = (np.asarray(c) for c in self._to_metres.transform(self._network.vertex_lon, self._network.vertex_lat))
        inside = np.ones(len(x), dtype=bool)
        inside[self._network.edge_first[1:] - 1] = False  # from one edge's end to the next one's start
        return {"x": x, "y": y, **build(x, y, np.flatnonzero(inside))._asdict()}

    def nearest(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64], *, limit_m: float, main_component_first: bool
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Nearest segment of each point, -1 = none within the limit, and where on it the foot lies: 0 = start, 1 = end."""
        x, y = (np.asarray(c) for c in self._to_metres.transform(lon, lat))
        inside = np.isfinite(x) & np.isfinite(y)
        far = max(float(np.ptp(np.r_[c[inside], d])) for c, d in ((x, self.x), (y, self.y)))
        # the projection's scale is within 0.1 % up to 280 km from the centre; the exact limit is applied to geodesic lengths
        limit = np.where(inside, min(limit_m * 1.01, 2 * far) + TIE_M, -1.0)
        component = self._network.edge_component[self.edge]
        main = component == 0
        found, distance = self._search(main if main_component_first else np.ones_like(main), x, y, limit)
        if main_component_first and not main.all():
            missing = np.flatnonzero(found < 0)
            found[missing] = self._search(~main, x[missing], y[missing], limit[missing])[0]
            if self._network.behind_gates.any():
                behind = self._network.behind_gates[component] & ~main
                nearer, _ = self._search(behind, x, y, np.where(np.isfinite(distance), distance - TIE_M, -1.0))
                found = np.where(nearer >= 0, nearer, found)
        share = np.zeros(len(x))
        here = np.flatnonzero(found >= 0)
        share[here] = self._foot(found[here], x[here], y[here])
        return found, share

    def _search(
        self, allowed: NDArray[np.bool_], x: NDArray[np.float64], y: NDArray[np.float64], limit: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Nearest of the allowed segments within each point's own limit, -1 = none, and its distance."""
        found, distance = np.full(len(x), -1, dtype=np.int64), np.full(len(x), np.inf)
        left = np.flatnonzero(limit >= 0)
        reach = 1
        while len(left):
            for point, segment in self._grid.candidates(x[left], y[left], reach):
                kept = allowed[segment]
                at, piece = left[point[kept]], segment[kept]
                away = self._away(piece, x[at], y[at])
                near = away <= limit[at]
                chosen, nearest, far = self._first(at[near], piece[near], away[near])
                found[chosen], distance[chosen] = nearest, far
            seen = reach * self._grid.cell - TIE_M  # whatever is nearer was among the candidates
            left = left[(seen < distance[left]) & (seen < limit[left])]
            reach *= 2
        return found, distance

    def _away(self, segment: NDArray[Any], x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        from_x, from_y, to_x, to_y = self.x[segment], self.y[segment], self.x[segment + 1], self.y[segment + 1]
        dx, dy = to_x - from_x, to_y - from_y
        share = _share(x - from_x, y - from_y, dx, dy)
        # at an end the end itself, so that all segments that meet there are equally far
        before = share < 1.0
        foot_x = np.where(before, from_x + share * dx, to_x)
        foot_y = np.where(before, from_y + share * dy, to_y)
        away: NDArray[np.float64] = np.hypot(x - foot_x, y - foot_y)
        return away

    def _first(
        self, point: NDArray[np.int64], segment: NDArray[np.int32], away: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Of each point's candidates the nearest; of equally near ones that open to everybody, then the lower position."""
        if not len(point):
            return point, point, away
        start = np.flatnonzero(np.r_[True, point[1:] != point[:-1]])
        least = np.minimum.reduceat(away, start)
        tied = away <= np.repeat(least + TIE_M, np.diff(np.r_[start, len(point)]))
        rank = segment + self._network.is_private[self.edge[segment]].astype(np.int64) * len(self.x)
        return point[start], np.minimum.reduceat(np.where(tied, rank, 2 * len(self.x)), start) % len(self.x), least

    def _foot(self, segment: NDArray[Any], x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where on its segment each point's foot lies, 0 = start, 1 = end."""
        from_x, from_y = self.x[segment], self.y[segment]
        return _share(x - from_x, y - from_y, self.x[segment + 1] - from_x, self.y[segment + 1] - from_y)


def _share(x: NDArray[np.float64], y: NDArray[np.float64], dx: NDArray[np.float64], dy: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far along the vector (dx, dy) the foot of (x, y) lies, 0 to 1; 0 on a vector without length."""
    length2 = dx * dx + dy * dy
    along = x * dx + y * dy
    share: NDArray[np.float64] = np.clip(np.divide(along, length2, out=np.zeros_like(along), where=length2 > 0), 0.0, 1.0)
    return share
