"""How a graph that osmnx saved becomes a walking network."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import numpy as np

from cfmap.model import InputError, fault
from cfmap.network.build import Ways, build_network
from cfmap.network.streets import Street, crossing_kind, left_out_table, tag_table
from cfmap.network.walkability import CLASS_INDEX, Access, node_access

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import networkx as nx
    import pandas as pd
    from numpy.typing import NDArray

    from cfmap.model import Fault
    from cfmap.network.network import Network

    Coordinates = NDArray[np.float64]

LENGTH_SHARE = 0.02  # osmnx measures on a sphere: up to 0.6 % beside the ellipsoid; more than 2 % is another geometry or unit
LENGTH_FLOOR_M = 1.0  # shorter differences are never reported
FOOT_CLASSES = frozenset({"footway", "path", "pedestrian", "steps", "living_street", "track", "cycleway"})
DRIVE_EDGES = 50  # below so many edges nothing is said about the kind of network
_DEGREES = 1e-7  # two courses are the same when they agree to a centimetre
_NOT_TAGS = frozenset({"osmid", "length", "geometry", "reversed", "oneway", "id", "u", "v", "key", "bearing", "grade", "grade_abs", "speed_kph", "travel_time"})


@dataclass
class _Edges:
    """Undirected edges in the order of the file."""

    ends: list[tuple[int, int]] = field(default_factory=list)
    courses: list[Coordinates] = field(default_factory=list)
    streets: list[Street] = field(default_factory=list)
    dropped: int = 0
    odd_lengths: list[tuple[float, float, int, int]] = field(default_factory=list)  # given, measured, u, v


def read_graphml(path: Path) -> Network:
    """
    Read GraphML saved by ``osmnx.save_graphml``, simplified or not, in degrees or projected.

    An edge and its opposite over the same course become one walking edge. ``oneway`` speaks about vehicles and is not followed; tags
    about feet are (``oneway:foot``, ``foot``, ``access`` ..., as for OpenStreetMap files), as far as they were saved. Lengths are measured
    anew on the ellipsoid. Private and closed edges are treated as in OpenStreetMap files; barriers count where the nodes carry them.

    Parameters
    ----------
    path
        The ``.graphml`` file.

    Returns
    -------
    network
        Node ids and way ids are those of the file; an edge that osmnx simplified from several ways carries the lowest id, and of
        tags that differ the largest class of street and else the first in order.
        ``faults``: lengths that do not fit (``W350``), a network without footways (``W351``), edges left out (``W353``), a
        reprojection (``I352``).

    Raises
    ------
    InputError
        Not GraphML, or not osmnx's (no coordinates, no CRS, no integer ids): ``E350``.
    """
    graph = _load(path)
    faults: list[Fault] = []
    nodes = _nodes(graph, path, faults)
    edges = _edges(graph, nodes)
    if not any("highway" in s.tags for s in edges.streets):
        raise InputError(fault("E350", file=path.name, detail="missing: highway"))
    if edges.dropped:
        faults.append(fault("W353", file=path.name, count=edges.dropped))
    if edges.odd_lengths:
        given, measured, u, v = max(edges.odd_lengths, key=lambda odd: abs(odd[0] - odd[1]))
        faults.append(fault("W350", file=path.name, count=len(edges.odd_lengths), given=given, measured=measured, u=u, v=v))
    if len(edges.streets) >= DRIVE_EDGES and not any(s.rule.kind in FOOT_CLASSES - {"living_street", "track"} for s in edges.streets):
        faults.append(fault("W351", file=path.name, kind="drive"))
    return _network(edges, nodes, graph, path, faults)


def _load(path: Path) -> nx.MultiDiGraph[int]:
    import networkx as nx
    import osmnx as ox

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            graph: nx.MultiDiGraph[int] = ox.load_graphml(path)
    except ParseError as error:
        raise InputError(fault("E350", file=path.name, detail=f"XML: {error}")) from None
    except (nx.NetworkXError, ValueError, KeyError, AttributeError, TypeError, SyntaxError) as error:
        raise InputError(fault("E350", file=path.name, detail=f"{type(error).__name__}: {error}"[:200])) from None
    if graph.number_of_edges() == 0 or "crs" not in graph.graph or not all("x" in d and "y" in d for _, d in graph.nodes(data=True)):
        missing = "no edges" if graph.number_of_edges() == 0 else "crs" if "crs" not in graph.graph else "x, y"
        raise InputError(fault("E350", file=path.name, detail=f"missing: {missing}"))
    return graph


@dataclass(frozen=True)
class _Nodes:
    """Positions by id, in degrees, and how to bring a course of the file to degrees."""

    place: dict[int, tuple[float, float]]
    to_degrees: Any  # pyproj.Transformer, None when the file is in degrees

    def course(self, geometry: Any, u: int, v: int) -> Coordinates:
        if geometry is None:
            return np.array([self.place[u], self.place[v]])
        xy = np.asarray(geometry.coords, dtype=np.float64)[:, :2]
        if self.to_degrees is not None:
            xy = np.column_stack(self.to_degrees.transform(xy[:, 0], xy[:, 1]))
        if np.hypot(*(xy[0] - self.place[u])) > np.hypot(*(xy[0] - self.place[v])):
            xy = xy[::-1].copy()
        xy[0], xy[-1] = self.place[u], self.place[v]
        return xy


def _nodes(graph: nx.MultiDiGraph[int], path: Path, faults: list[Fault]) -> _Nodes:
    from pyproj import CRS, Transformer
    from pyproj.exceptions import CRSError

    try:
        crs = CRS.from_user_input(graph.graph["crs"])
    except CRSError:
        raise InputError(fault("E350", file=path.name, detail=f"crs: {graph.graph['crs']}"[:200])) from None
    ids = list(graph.nodes)
    x = np.array([graph.nodes[n]["x"] for n in ids], dtype=np.float64)
    y = np.array([graph.nodes[n]["y"] for n in ids], dtype=np.float64)
    to_degrees = None
    if not crs.equals(CRS.from_epsg(4326), ignore_axis_order=True):
        to_degrees = Transformer.from_crs(crs, 4326, always_xy=True)
        x, y = to_degrees.transform(x, y)
        if crs.is_projected:
            faults.append(fault("I352", file=path.name, crs=crs.name))
    if not (np.isfinite(x).all() and np.isfinite(y).all() and (np.abs(x) <= 180).all() and (np.abs(y) <= 90).all()):
        raise InputError(fault("E350", file=path.name, detail=f"x, y do not fit crs {crs.name}"))
    return _Nodes({n: (float(a), float(b)) for n, a, b in zip(ids, x, y, strict=True)}, to_degrees)


def _edges(graph: nx.MultiDiGraph[int], nodes: _Nodes) -> _Edges:
    from pyproj import Geod

    geod = Geod(ellps="WGS84")
    found = _Edges()
    seen: dict[tuple[Any, ...], int] = {}
    for number, (u, v, data) in enumerate(graph.edges(data=True), start=1):
        course = nodes.course(data.get("geometry"), u, v)
        if u == v and len(np.unique(course, axis=0)) < 2:
            found.dropped += 1
            continue
        ids = sorted(i for i in _as_list(data.get("osmid")) if isinstance(i, int))
        way_id = ids[0] if ids else -number
        backwards = data.get("reversed") is True
        if backwards:
            u, v, course = v, u, course[::-1]
        key = (tuple(ids), *_course_key(course))
        if key in seen:
            continue
        seen[key] = len(found.ends)
        measured = float(geod.line_length(course[:, 0], course[:, 1]))
        given = data.get("length")
        if isinstance(given, float) and abs(given - measured) > max(LENGTH_FLOOR_M, LENGTH_SHARE * measured):
            found.odd_lengths.append((given, measured, u, v))
        found.ends.append((u, v))
        found.courses.append(course)
        found.streets.append(Street.of(way_id, _tags(data)))
    return found


def _course_key(course: Coordinates) -> tuple[Any, ...]:
    """Give the same for a course and its reverse."""
    steps = np.rint(course / _DEGREES).astype(np.int64)
    there, back = steps.tobytes(), steps[::-1].tobytes()
    return (len(steps), min(there, back))


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple | set) else [] if value is None else [value]


def _tags(data: dict[str, Any]) -> dict[str, str]:
    """Tags of the edge as text; of several merged ways the largest class of street, else the first in order."""
    tags = {}
    for key, value in data.items():
        texts = sorted({str(v) for v in _as_list(value) if v is not None and str(v)}, key=lambda t: (CLASS_INDEX.get(t, -1) if key == "highway" else 0, t))
        if key not in _NOT_TAGS and texts:
            tags[str(key)] = texts[0]
    return tags


def _network(edges: _Edges, nodes: _Nodes, graph: nx.MultiDiGraph[int], path: Path, faults: list[Fault]) -> Network:
    walkable = [i for i, s in enumerate(edges.streets) if s.rule.access > Access.CLOSED]
    order = sorted({n for i in walkable for n in edges.ends[i]})
    position = {n: i for i, n in enumerate(order)}
    inner = [edges.courses[i][1:-1] for i in walkable]
    counts = np.array([len(edges.courses[i]) for i in walkable], dtype=np.int64)
    first = np.r_[0, np.cumsum(counts)].astype(np.int64)
    vertex = np.empty(first[-1], dtype=np.int64)
    next_inner = len(order)
    for w, i in enumerate(walkable):
        u, v = edges.ends[i]
        vertex[first[w]], vertex[first[w + 1] - 1] = position[u], position[v]
        vertex[first[w] + 1 : first[w + 1] - 1] = np.arange(next_inner, next_inner + len(inner[w]))
        next_inner += len(inner[w])
    points = np.vstack([np.array([nodes.place[n] for n in order]).reshape(-1, 2), *inner])
    ways = Ways(
        node_id=np.r_[np.array(order, dtype=np.int64), -np.arange(1, next_inner - len(order) + 1, dtype=np.int64)],
        lon=points[:, 0],
        lat=points[:, 1],
        way_id=np.array([edges.streets[i].way_id for i in walkable], dtype=np.int64),
        kind=np.array([edges.streets[i].kind_index for i in walkable], dtype=np.uint8),
        flags=np.array([edges.streets[i].flags for i in walkable], dtype=np.uint16),
        first=first,
        vertex=vertex,
    )
    closed = [i for i, s in enumerate(edges.streets) if s.rule.access == Access.CLOSED and "highway" in s.tags]
    return build_network(
        ways,
        way_tags=tag_table(edges.streets),
        crossings=_crossings(graph, nodes),
        left_out=left_out_table([edges.streets[i] for i in closed], [edges.ends[i] for i in closed], [edges.courses[i] for i in closed]),
        barriers=_barriers(graph, nodes),
        source=path.name,
        timestamp=str(graph.graph.get("created_date", ""))[:10],
        faults=faults,
    )


def _crossings(graph: nx.MultiDiGraph[int], nodes: _Nodes) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import shapely

    found = [(n, crossing_kind(_tags(d))) for n, d in graph.nodes(data=True) if d.get("highway") == "crossing" or "crossing" in d]
    return gpd.GeoDataFrame(
        {"osm_id": [f"n{n}" for n, _ in found], "kind": [kind for _, kind in found]}, geometry=[shapely.Point(nodes.place[n]) for n, _ in found], crs=4326
    )


def _barriers(graph: nx.MultiDiGraph[int], nodes: _Nodes) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for n, data in graph.nodes(data=True):
        tags = {k: v for k, v in _tags(data).items() if k not in {"x", "y", "street_count", "elevation"}}
        access = node_access(tags)
        if access < Access.OPEN:
            rows.append((n, *nodes.place[n], tags.get("barrier", ""), "closed" if access == Access.CLOSED else "private"))
    return pd.DataFrame(rows, columns=["node_id", "lon", "lat", "kind", "access"])
