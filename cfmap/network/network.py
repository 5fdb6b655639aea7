"""How do the streets join? Nodes, edges with their course, components: the walking network as arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntFlag
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cfmap.network.walkability import HIGHWAY_CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import geopandas as gpd
    import networkx as nx
    import pandas as pd
    from numpy.typing import NDArray

    from cfmap.model.messages import Fault
    from cfmap.network.graph import SearchGraph
    from cfmap.network.snap import Segments, Snapped
    from cfmap.network.travel import TravelField

UNREACHED = -1
#: Keys of nodes by which a street is slowed, or children are helped across it.
NODE_HELPS = ("traffic_calming", "supervised")


class EdgeFlag(IntFlag):
    """Bits of ``Network.edge_flags``."""

    PRIVATE = 1  # destination-only: a walk may start or end here, never pass through
    STEPS = 2
    RAMP = 4  # steps with a ramp for prams
    BRIDGE = 8
    TUNNEL = 16
    NO_FORWARD = 32  # nobody may walk from edge_u to edge_v
    NO_BACKWARD = 64  # nobody may walk from edge_v to edge_u
    FLAGGED = 128  # walkable by assumption only (trunk road without sidewalk or foot tag)
    AREA_LINK = 256  # straight link across a pedestrian square, drawn by cfmap; edge_way is the square's id
    MOTOR = 512  # open to public motor traffic
    AREA = 1024  # outline of a pedestrian square


def no_helps() -> gpd.GeoDataFrame:
    """An empty table of ``Network.helps``."""
    import geopandas as gpd

    return gpd.GeoDataFrame({"osm_id": [], **{key: [] for key in NODE_HELPS}}, geometry=[], crs=4326)


@dataclass(frozen=True, eq=False, repr=False)
class Network:
    """
    A walking network.

    One edge is a way's stretch between two junctions: nodes that ways share, ends of ways, and barriers. Edges join
    at shared nodes only; self loops and parallel edges are kept. Coordinates are WGS84 degrees (EPSG:4326); lengths
    are integer millimetres, each segment rounded on its own: ``round(geodesic metres * 1000)``.

    Attributes
    ----------
    node_lon, node_lat
        Degrees; nodes lie in the order of a Hilbert curve.
    node_id
        Id in the source. A closed barrier appears once per side, with the same id.
    edge_u, edge_v
        Positions of the end nodes; the edge follows the way's direction from u to v.
    edge_mm
        Length in millimetres, may be 0.
    edge_way
        Id of the way.
    edge_class
        Position in :data:`cfmap.network.walkability.HIGHWAY_CLASSES`.
    edge_flags
        Bits of :class:`EdgeFlag`.
    edge_first
        ``edge_first[e]:edge_first[e + 1]`` are the vertices of edge e, both ends included.
    vertex_lon, vertex_lat, vertex_mm
        Course of the edges; `vertex_mm` counts from the edge's start, so its last equals ``edge_mm``.
    node_component
        Component of each node; 0 is the longest.
    components
        One row per component, longest first: ``nodes, edges, km, gates`` - `gates` are the ids of closed barriers
        behind which it lies (it would belong to the rest if they were open), else an empty tuple.
    way_tags
        Tags of the ways, index = way id; categorical columns, missing = not tagged.
    crossings
        GeoDataFrame EPSG:4326 ``osm_id ("n1"/"w1"), kind (signalled/marked/unmarked/unknown), geometry`` - each
        crossing once, though it may be mapped as a node and as a way; from OpenStreetMap also ``doubt``: tags that contradict each
        other about signals or markings (the kind is unknown then), else "".
    left_out
        GeoDataFrame EPSG:4326 ``way_id, u, v, reason, kind, motor, geometry``: stretches that are no part of the
        walking network: replaced by a sidewalk beside ("sidewalk") or another way ("sidepath"), or roads closed to
        people on foot ("closed"). u and v are node ids.
    barriers
        DataFrame ``node_id, lon, lat, kind, access (closed/private)``: barriers that do not let everybody pass.
    helps
        GeoDataFrame EPSG:4326 ``osm_id ("n1"), traffic_calming, supervised, geometry``: nodes of streets that slow traffic or where
        somebody helps children across; "" = not tagged.
    source, timestamp
        File name, and date of the data (ISO) or "".
    faults
        Findings while building.
    """

    node_lon: NDArray[np.float64]
    node_lat: NDArray[np.float64]
    node_id: NDArray[np.int64]
    edge_u: NDArray[np.int32]
    edge_v: NDArray[np.int32]
    edge_mm: NDArray[np.int64]
    edge_way: NDArray[np.int64]
    edge_class: NDArray[np.uint8]
    edge_flags: NDArray[np.uint16]
    edge_first: NDArray[np.int64]
    vertex_lon: NDArray[np.float64]
    vertex_lat: NDArray[np.float64]
    vertex_mm: NDArray[np.int64]
    node_component: NDArray[np.int32]
    components: pd.DataFrame
    way_tags: pd.DataFrame
    crossings: gpd.GeoDataFrame
    left_out: gpd.GeoDataFrame
    barriers: pd.DataFrame
    source: str = ""
    timestamp: str = ""
    faults: tuple[Fault, ...] = field(default=())
    helps: gpd.GeoDataFrame = field(default_factory=no_helps)

    # ------------------------------------------------------------------ doors

    @classmethod
    def from_file(cls, path: Path | str, *, datum: str = "wgs84", cache: Path | str | bool | None = None) -> Network:
        """
        Read a street network: OpenStreetMap file, GraphML of osmnx, or road centre-lines.

        Parameters
        ----------
        path
            ``.osm.pbf .osm .osm.gz .osm.bz2`` (also recognised by content), ``.graphml``, or any line file
            (``.shp .gpkg .geojson``).
        datum
            Datum of a line file; OpenStreetMap files and GraphML are WGS84.
        cache
            Folder that keeps networks by the content of their file, so that the same file is read once only; True =
            the usual folder (:func:`cfmap.network.cache.usual_folder`), None or False = none. The network is the same
            either way. Line files are always read.

        Raises
        ------
        InputError
            Missing, empty, cut off or of another kind than its name says.
        """
        from cfmap.network.cache import reuse

        def read(path: Path) -> Network:
            from cfmap.network.osm import file_kind

            kind = file_kind(path)
            return cls.from_osm(path) if kind == "osm" else cls.from_graphml(path) if kind == "graphml" else cls.from_lines(path, datum=datum)

        return reuse(Path(path), read, cache=cache)

    @classmethod
    def from_osm(cls, path: Path | str, *, cache: Path | str | bool | None = None) -> Network:
        """Read an OpenStreetMap file (``.osm.pbf .osm .osm.gz .osm.bz2``); `cache` and errors as :meth:`from_file`."""
        from cfmap.network.cache import reuse

        def read(path: Path) -> Network:
            from cfmap.network.osm import read_osm

            return read_osm(path)

        return reuse(Path(path), read, cache=cache)

    @classmethod
    def from_graphml(cls, path: Path | str) -> Network:
        """Read a graph that osmnx saved as GraphML; raises as :meth:`from_file`."""
        from cfmap.network import graphml

        network: Network = graphml.read_graphml(Path(path))
        return network

    @classmethod
    def from_lines(cls, path: Path | str, *, datum: str = "wgs84") -> Network:
        """Read road centre-lines, joined at their end points only; raises as :meth:`from_file`."""
        from cfmap.network import lines

        network: Network = lines.read_lines(Path(path), datum=datum)
        return network

    @classmethod
    def stored(cls, known: Mapping[str, Any], later: Mapping[str, Callable[[], pd.DataFrame]]) -> Network:
        """Put a network together from values by attribute, and tables that are read when first asked for."""
        network = object.__new__(cls)
        network.__dict__.update(known, _later=later)
        return network

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            later = self.__dict__.get("_later", {})
            if name not in later:
                msg = f"{type(self).__name__!r} object has no attribute {name!r}"
                raise AttributeError(msg)
            table = self.__dict__[name] = later[name]()
            return table

    def snap(self, points: gpd.GeoSeries | gpd.GeoDataFrame, *, limit_m: float = 100.0, main_component_first: bool = True) -> Snapped:
        """Bring points to their nearest edge, see :func:`cfmap.network.snap.snap`."""
        from cfmap.network.snap import snap

        return snap(self, points, limit_m=limit_m, main_component_first=main_component_first)

    def travel(
        self, sources: Snapped, *, limit_mm: int | None = None, connectors: bool = True, avoid_steps: bool = False, reverse: bool = False
    ) -> TravelField:
        """Distance from every place to its nearest source, see :func:`cfmap.network.travel.travel`."""
        from cfmap.network.travel import travel

        return travel(self, sources, limit_mm=limit_mm, connectors=connectors, avoid_steps=avoid_steps, reverse=reverse)

    def travel_time(self, sites: gpd.GeoDataFrame | gpd.GeoSeries, **options: Any) -> gpd.GeoDataFrame:
        """Minutes to the nearest site, at points or at every node: :func:`cfmap.network.analysis.travel_time`."""
        from cfmap.network.analysis import travel_time

        return travel_time(self, sites, **options)

    def streets(self, sites: gpd.GeoDataFrame | gpd.GeoSeries, **options: Any) -> gpd.GeoDataFrame:
        """Reached parts of streets with minutes at both ends: :func:`cfmap.network.analysis.streets`."""
        from cfmap.network.analysis import streets

        return streets(self, sites, **options)

    def catchments(self, sites: gpd.GeoDataFrame | gpd.GeoSeries, minutes: Sequence[float] = (5.0, 10.0, 15.0), **options: Any) -> gpd.GeoDataFrame:
        """Ground within reach of each site, or of all together: :func:`cfmap.network.analysis.catchments`."""
        from cfmap.network.analysis import catchments

        return catchments(self, sites, minutes, **options)

    def od(self, origins: gpd.GeoDataFrame | gpd.GeoSeries, sites: gpd.GeoDataFrame | gpd.GeoSeries, **options: Any) -> pd.DataFrame:
        """Minutes from origins to all sites within a time: :func:`cfmap.network.analysis.od`."""
        from cfmap.network.analysis import od

        return od(self, origins, sites, **options)

    def nearest(self, origins: gpd.GeoDataFrame | gpd.GeoSeries, sites: gpd.GeoDataFrame | gpd.GeoSeries, **options: Any) -> pd.DataFrame:
        """The k nearest sites of every origin: :func:`cfmap.network.analysis.nearest`."""
        from cfmap.network.analysis import nearest

        return nearest(self, origins, sites, **options)

    def prepare(self, *, avoid_steps: bool = False, reverse: bool = False) -> Network:
        """
        Contract the streets once, for many searches; see :mod:`cfmap.network.contraction`. Results stay the same.

        Worth it from some 25 :meth:`travel` calls on: contracting costs as much as ten to fifteen searches and makes each
        about twice as fast (``docs/performance.md``). Gives the network itself.
        """
        self.graph(avoid_steps=avoid_steps, reverse=reverse).contraction  # noqa: B018 - made when first asked for
        return self

    def graph(self, *, avoid_steps: bool = False, reverse: bool = False) -> SearchGraph:
        """Streets laid out for searching, made when first asked for; see :func:`cfmap.network.graph.search_graph`."""
        from cfmap.network.graph import search_graph

        wanted = (avoid_steps, reverse)
        if wanted not in self._graphs:
            self._graphs[wanted] = search_graph(self, avoid_steps=avoid_steps, reverse=reverse)
        return self._graphs[wanted]

    @cached_property
    def _graphs(self) -> dict[tuple[bool, bool], SearchGraph]:
        return {}

    # ------------------------------------------------------------------ facts

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.node_lon)

    @property
    def n_edges(self) -> int:
        """Number of edges."""
        return len(self.edge_mm)

    @cached_property
    def edge_component(self) -> NDArray[np.int32]:
        """Component of each edge."""
        return self.node_component[self.edge_u]

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees; NaN for a network without edges."""
        if not len(self.vertex_lon):
            return (float("nan"),) * 4
        return float(self.vertex_lon.min()), float(self.vertex_lat.min()), float(self.vertex_lon.max()), float(self.vertex_lat.max())

    @cached_property
    def is_private(self) -> NDArray[np.bool_]:
        """Which edges are destination-only."""
        return self.has(EdgeFlag.PRIVATE)

    @cached_property
    def behind_gates(self) -> NDArray[np.bool_]:
        """Which components lie behind closed gates."""
        return np.asarray(self.components["gates"].map(bool), dtype=bool)

    @cached_property
    def segments(self) -> Segments:
        """Search trees for snapping, made when first used."""
        from cfmap.network.snap import Segments

        return Segments(self)

    @cached_property
    def whole_lines(self) -> NDArray[np.object_]:
        """LineString in degrees of each edge that :func:`cfmap.network.course.cut` was asked for as a whole, None for the others."""
        return np.full(self.n_edges, None, dtype=object)

    def __repr__(self) -> str:
        km = float(self.edge_mm.sum()) / 1e6
        return f"<Network of {self.n_nodes:,} nodes, {self.n_edges:,} edges, {km:,.1f} km: {self.source or 'no file'} {self.timestamp}>".replace(" >", ">")

    def has(self, flag: EdgeFlag) -> NDArray[np.bool_]:
        """Which edges carry a flag."""
        carries: NDArray[np.bool_] = (self.edge_flags & np.uint16(flag)) != 0
        return carries

    def summary(self) -> dict[str, Any]:
        """Facts for the manifest, plain Python values."""
        km = float(self.edge_mm.sum()) / 1e6
        return {
            "source": self.source,
            "timestamp": self.timestamp,
            "nodes": self.n_nodes,
            "edges": self.n_edges,
            "km": round(km, 3),
            "private_km": round(float(self.edge_mm[self.has(EdgeFlag.PRIVATE)].sum()) / 1e6, 3),
            "components": len(self.components),
            "main_component_share": round(float(self.components["km"].iloc[0]) / km, 4) if km else None,
            "cut_off_by_gates": int((self.components["gates"].str.len() > 0).sum()) if len(self.components) else 0,
            "crossings": len(self.crossings),
            "closed_barriers": int((self.barriers["access"] == "closed").sum()),
        }

    # ------------------------------------------------------------------ tables

    def nodes_gdf(self) -> gpd.GeoDataFrame:
        """Nodes as GeoDataFrame EPSG:4326, index = position: ``node_id, component, geometry``."""
        import geopandas as gpd

        return gpd.GeoDataFrame(
            {"node_id": self.node_id, "component": self.node_component},
            geometry=gpd.points_from_xy(self.node_lon, self.node_lat),
            crs=4326,
        )

    def edges_gdf(self) -> gpd.GeoDataFrame:
        """
        Edges as GeoDataFrame EPSG:4326, index = edge position.

        Columns ``u, v, way_id, highway, name, length_m, component, private, motor, flags, geometry``; `name` is
        missing where the way has none.
        """
        import geopandas as gpd
        import pandas as pd

        names = self.way_tags["name"].astype(object).reindex(self.edge_way).to_numpy() if "name" in self.way_tags else np.full(self.n_edges, None, dtype=object)
        return gpd.GeoDataFrame(
            {
                "u": self.edge_u,
                "v": self.edge_v,
                "way_id": self.edge_way,
                "highway": pd.Categorical.from_codes(self.edge_class.astype(np.int16), categories=pd.Index(HIGHWAY_CLASSES)),
                "name": pd.Series(names, dtype=object),
                "length_m": self.edge_mm / 1000.0,
                "component": self.edge_component,
                "private": self.has(EdgeFlag.PRIVATE),
                "motor": self.has(EdgeFlag.MOTOR),
                "flags": self.edge_flags,
            },
            geometry=self.edge_lines(),
            crs=4326,
        )

    def points_along(self, step_m: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """
        Points on all streets, at most `step_m` metres apart: every vertex, and points evenly between distant ones.

        Returns
        -------
        lon, lat
            Degrees, in the order of the edges.
        """
        length = np.diff(self.vertex_mm) / 1000.0
        inside = np.ones(len(length), dtype=bool)
        inside[self.edge_first[1:-1] - 1] = False  # from one edge's end to the next one's start
        start = np.flatnonzero(inside)
        pieces = np.maximum(1, np.ceil(length[start] / step_m)).astype(np.int64)
        at = np.repeat(start, pieces)
        share = (np.arange(len(at)) - np.repeat(np.cumsum(pieces) - pieces, pieces)) / np.repeat(pieces, pieces)
        lon = self.vertex_lon[at] + share * (self.vertex_lon[at + 1] - self.vertex_lon[at])
        lat = self.vertex_lat[at] + share * (self.vertex_lat[at + 1] - self.vertex_lat[at])
        ends = self.edge_first[1:] - 1
        return np.concatenate([lon, self.vertex_lon[ends]]), np.concatenate([lat, self.vertex_lat[ends]])

    def to_osmnx(self, *, private: bool = True) -> nx.MultiDiGraph[int]:
        """Give the network as an osmnx graph, see :func:`cfmap.network.osmnx_graph.to_osmnx`."""
        from cfmap.network.osmnx_graph import to_osmnx

        return to_osmnx(self, private=private)

    def edge_lines(self) -> NDArray[np.object_]:
        """Course of every edge as shapely LineString in degrees."""
        import shapely

        counts = np.diff(self.edge_first)
        lines = shapely.linestrings(np.column_stack([self.vertex_lon, self.vertex_lat]), indices=np.repeat(np.arange(self.n_edges), counts))
        return np.asarray(lines, dtype=object)
