"""Which stretches of ways become edges, and which nodes join them: from ways to a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cfmap.model import InputError
from cfmap.model.messages import fault
from cfmap.network.network import EdgeFlag, Network, no_helps

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from cfmap.model.messages import Fault

EQUATOR_MM, ECCENTRICITY_2 = 6_378_137_000.0, 0.0066943799901413165  # WGS84: half axis, and the square of its first eccentricity
BLOCK = 1 << 19  # segments measured at a time, so that large networks need no large scratch


@dataclass(frozen=True, eq=False)
class Ways:
    """
    Ways as plain arrays: what every reader makes, and all that :func:`build_network` needs.

    Attributes
    ----------
    node_id, lon, lat
        Every vertex once: id (unique), degrees WGS84. Two ways join where they use the same vertex, nowhere else.
    way_id, kind, flags
        Per way: id, position in ``HIGHWAY_CLASSES``, :class:`~cfmap.network.network.EdgeFlag` bits.
    first, vertex
        ``vertex[first[w]:first[w + 1]]`` are the positions (in `node_id`) of the vertices of way w, in order.
        Ways with fewer than two different vertices are left out.
    """

    node_id: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    way_id: NDArray[np.int64]
    kind: NDArray[np.uint8]
    flags: NDArray[np.uint16]
    first: NDArray[np.int64]
    vertex: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Edges:
    """Stretches of ways between junctions: positions into ``Ways``, and their segments' lengths."""

    way: NDArray[np.int64]  # position of the way
    first: NDArray[np.int64]  # first[e]:first[e+1] are the vertices of edge e in `vertex`
    vertex: NDArray[np.int64]  # positions in Ways.node_id
    u: NDArray[np.int64]  # end nodes: positions in Ways.node_id, or beyond them for the far sides of closed gates
    v: NDArray[np.int64]
    flags: NDArray[np.uint16]

    def select(self, chosen: NDArray[np.bool_]) -> Edges:
        """Some of the edges."""
        counts = np.diff(self.first)
        return Edges(
            self.way[chosen],
            np.r_[0, np.cumsum(counts[chosen])].astype(np.int64),
            self.vertex[np.repeat(chosen, counts)],
            self.u[chosen],
            self.v[chosen],
            self.flags[chosen],
        )


def build_network(
    ways: Ways,
    *,
    way_tags: pd.DataFrame | None = None,
    crossings: gpd.GeoDataFrame | None = None,
    left_out: gpd.GeoDataFrame | None = None,
    barriers: pd.DataFrame | None = None,
    source: str = "",
    timestamp: str = "",
    faults: Iterable[Fault] = (),
    helps: gpd.GeoDataFrame | None = None,
) -> Network:
    """
    Build a network from ways.

    Parameters
    ----------
    ways
        See :class:`Ways`. Flags are per way; directions are those of the way's vertices.
    way_tags
        Index = way id; kept as it is. None = no tags.
    crossings, left_out, barriers
        As in :class:`~cfmap.network.network.Network`. Barriers that are closed or private cut or close edges as
        ``docs/walkability.md`` says; None = there are none.
    source, timestamp, faults, helps
        Kept as they are.

    Returns
    -------
    network
        With nodes in Hilbert order and components by length.

    Raises
    ------
    InputError
        Vertices of ways without longitude and latitude (E311).
    """
    from cfmap.network.gates import Barrier, close_gates
    from cfmap.network.walkability import Access

    nowhere = ~((np.abs(ways.lon) <= 180.0) & (np.abs(ways.lat) <= 90.0))  # also what is no number
    if nowhere.any() and nowhere[ways.vertex].any():
        raise InputError(fault("E311", file=source or None, count=len(np.unique(ways.vertex[nowhere[ways.vertex]]))))
    table = barriers if barriers is not None else no_barriers()
    at = _positions(ways.node_id, table["node_id"].to_numpy(dtype=np.int64))
    here, at = table[at >= 0], at[at >= 0]
    gates = [
        Barrier(int(n), str(kind), Access.CLOSED if access == "closed" else Access.PRIVATE)
        for n, kind, access in zip(here["node_id"], here["kind"], here["access"], strict=True)
    ]
    ways, edges, table = close_gates(ways, cut_edges(ways, also=at), at, gates)
    facts = {"way_tags": way_tags, "crossings": crossings, "left_out": left_out, "barriers": table, "helps": helps}
    return assemble(ways, edges, **facts, source=source, timestamp=timestamp, faults=faults)


def _positions(node_id: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each wanted id stands; -1 = nowhere."""
    if not (len(node_id) and len(wanted)):
        return np.full(len(wanted), -1, dtype=np.int64)
    order = np.argsort(node_id, kind="stable")
    at = order[np.minimum(np.searchsorted(node_id, wanted, sorter=order), len(order) - 1)]
    return np.where(node_id[at] == wanted, at, -1)


def cut_edges(ways: Ways, *, also: NDArray[np.int64] | None = None) -> Edges:
    """
    Cut ways at junctions: vertices used more than once, ends of ways, and the vertices in `also`.

    Consecutive repetitions of one vertex are dropped first; a way that is left with a single vertex gives no edge.
    """
    vertex, way_of = ways.vertex, np.repeat(np.arange(len(ways.way_id), dtype=np.int32), np.diff(ways.first))
    keep = np.ones(len(vertex), dtype=bool)
    keep[1:] = (vertex[1:] != vertex[:-1]) | (way_of[1:] != way_of[:-1])
    keep &= (np.bincount(way_of[keep], minlength=len(ways.way_id)) > 1)[way_of]
    if not keep.all():
        vertex, way_of = vertex[keep], way_of[keep]
    del keep

    if not len(vertex):
        none = np.zeros(0, dtype=np.int64)
        return Edges(none, np.zeros(1, dtype=np.int64), none, none, none, np.zeros(0, dtype=np.uint16))
    turns = way_of[1:] != way_of[:-1]
    starts, ends = np.r_[True, turns], np.r_[turns, True]
    junction = np.bincount(vertex, minlength=len(ways.node_id)) > 1
    junction[vertex[starts | ends]] = True
    if also is not None:
        junction[also] = True
    stops = np.flatnonzero(junction[vertex])
    begin = ~ends[stops]
    from_, to = stops[begin], stops[np.flatnonzero(begin) + 1]
    first, gather = stretches(from_, to - from_ + 1)
    way = way_of[from_].astype(np.int64)
    return Edges(way, first, vertex[gather], vertex[from_], vertex[to], ways.flags[way])


def stretches(start: NDArray[np.int64], counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int32] | NDArray[np.int64]]:
    """Positions ``start[k], start[k] + 1, ...`` of all stretches behind each other, and where each begins (one more than stretches)."""
    first = np.zeros(len(start) + 1, dtype=np.int64)
    np.cumsum(counts, out=first[1:])
    kind = np.int32 if first[-1] + start.max(initial=0) < 2**31 else np.int64
    places = np.repeat((start - first[:-1]).astype(kind), counts)
    places += np.arange(first[-1], dtype=kind)
    return first, places


def assemble(
    ways: Ways,
    edges: Edges,
    *,
    way_tags: pd.DataFrame | None,
    crossings: gpd.GeoDataFrame | None,
    left_out: gpd.GeoDataFrame | None,
    barriers: pd.DataFrame | None,
    source: str,
    timestamp: str,
    faults: Iterable[Fault],
    helps: gpd.GeoDataFrame | None = None,
) -> Network:
    """Lengths, node order, components and tables: from cut edges to the network."""
    import pandas as pd

    is_end = np.zeros(len(ways.node_id), dtype=bool)
    is_end[edges.u] = is_end[edges.v] = True
    used = np.flatnonzero(is_end)
    lon, lat = ways.lon[used], ways.lat[used]
    order = np.argsort(hilbert(lon, lat), kind="stable")
    rank = np.zeros(len(is_end), dtype=np.int32)
    rank[used[order]] = np.arange(len(used), dtype=np.int32)
    u, v = rank[edges.u], rank[edges.v]

    by_place = np.argsort(np.minimum(u, v).astype(np.int64) << 32 | np.maximum(u, v), kind="stable")
    first, gather = stretches(edges.first[:-1][by_place], np.diff(edges.first)[by_place])
    vertex = edges.vertex[gather]
    del gather
    vertex_lon, vertex_lat = ways.lon[vertex], ways.lat[vertex]
    del vertex
    vertex_mm = _along(vertex_lon, vertex_lat, first)
    u, v, way = u[by_place], v[by_place], edges.way[by_place]
    edge_mm = vertex_mm[first[1:] - 1]
    component, components = find_components(len(used), u, v, edge_mm)
    node_id = ways.node_id[used][order]
    components["gates"] = _gates_before(node_id, component, u, v, edge_mm, len(components))
    found = list(faults)
    behind = components[components["gates"].map(bool).astype(bool)]
    for km, gates in zip(behind["km"].tolist(), behind["gates"].tolist(), strict=True):
        found.append(fault("W301", file=source or None, km=f"{km:.2f}", gates="/".join(map(str, gates))))
    return Network(
        node_lon=lon[order],
        node_lat=lat[order],
        node_id=node_id,
        edge_u=u,
        edge_v=v,
        edge_mm=edge_mm,
        edge_way=ways.way_id[way],
        edge_class=ways.kind[way],
        edge_flags=edges.flags[by_place],
        edge_first=first,
        vertex_lon=vertex_lon,
        vertex_lat=vertex_lat,
        vertex_mm=vertex_mm,
        node_component=component,
        components=components,
        way_tags=way_tags if way_tags is not None else pd.DataFrame(index=pd.Index([], dtype=np.int64, name="way_id")),
        crossings=crossings if crossings is not None else no_crossings(),
        left_out=left_out if left_out is not None else nothing_left_out(),
        barriers=barriers if barriers is not None else no_barriers(),
        source=source,
        timestamp=timestamp,
        faults=tuple(found),
        helps=helps if helps is not None else no_helps(),
    )


def _gates_before(
    node_id: NDArray[np.int64], component: NDArray[np.int32], u: NDArray[np.int32], v: NDArray[np.int32], mm: NDArray[np.int64], count: int
) -> pd.Series[Any]:
    """
    Closed barriers that part a component from a longer one.

    The sides of a closed barrier are nodes with one id: joined again, they tell what would be one.
    """
    import pandas as pd

    gates: list[tuple[int, ...]] = [()] * count
    _, same, times = np.unique(node_id, return_inverse=True, return_counts=True)
    parted = times[same] > 1
    if parted.any():
        nodes = np.flatnonzero(parted)
        nodes = nodes[np.argsort(same[nodes], kind="stable")]
        twin = same[nodes][1:] == same[nodes][:-1]
        joint_u, joint_v = np.r_[u, nodes[:-1][twin]], np.r_[v, nodes[1:][twin]]
        whole, _ = find_components(len(node_id), joint_u.astype(np.int32), joint_v.astype(np.int32), np.r_[mm, np.zeros(int(twin.sum()), dtype=np.int64)])
        longest = np.full(int(whole.max()) + 1, count, dtype=np.int64)
        np.minimum.at(longest, whole, component)
        behind = nodes[component[nodes] != longest[whole[nodes]]]
        for c in np.unique(component[behind]).tolist():
            gates[c] = tuple(sorted(set(node_id[behind[component[behind] == c]].tolist())))
    return pd.Series(gates, dtype=object)


def rough_lengths(ways: Ways, edges: Edges) -> NDArray[np.int64]:
    """Length of each edge in millimetres on a sphere: good to 0.5 %, enough to tell which part is the longer."""
    lon, lat = np.radians(ways.lon[edges.vertex]), np.radians(ways.lat[edges.vertex])
    step = np.zeros(len(lon))
    step[1:] = np.hypot(np.diff(lon) * np.cos(lat[1:]), np.diff(lat)) * 6_371_008_800.0
    step[edges.first[:-1]] = 0.0
    total = np.cumsum(step)
    return np.rint(total[edges.first[1:] - 1] - total[edges.first[:-1]]).astype(np.int64)


def segment_mm(lon: NDArray[np.float64], lat: NDArray[np.float64], to_lon: NDArray[np.float64], to_lat: NDArray[np.float64]) -> NDArray[np.int64]:
    """
    Length of segments from place to place (degrees): ``round(geodesic metres on WGS84 * 1000)``.

    Short segments are measured first on the ellipsoid's two radii of curvature at their middle latitude, which is good to
    0.0003 mm up to 300 m and 70 degrees. The geodesic itself (Karney 2013, by PROJ, twenty times as slow) is asked where that
    could change the rounding, and for all others.
    """
    middle = np.radians((lat + to_lat) / 2)
    flat = 1 - ECCENTRICITY_2 * np.sin(middle) ** 2
    across = EQUATOR_MM / np.sqrt(flat)
    north = np.radians(to_lat - lat) * across * (1 - ECCENTRICITY_2) / flat
    mm = np.hypot(north, np.radians(to_lon - lon) * across * np.cos(middle))
    exact = np.rint(mm)
    sure = (mm < 300_000) & (np.abs(middle) < np.radians(70)) & (np.abs(mm - exact) < 0.49)
    ask = np.flatnonzero(~sure)
    if len(ask):
        from pyproj import Geod

        exact[ask] = np.rint(np.asarray(Geod(ellps="WGS84").inv(lon[ask], lat[ask], to_lon[ask], to_lat[ask])[2]) * 1000.0)
    lengths: NDArray[np.int64] = exact.astype(np.int64)
    return lengths


def _along(lon: NDArray[np.float64], lat: NDArray[np.float64], first: NDArray[np.int64]) -> NDArray[np.int64]:
    total = np.zeros(len(lon), dtype=np.int64)
    drawn = np.ones(len(lon), dtype=bool)
    drawn[first[:-1]] = False  # nothing leads from one edge's end to the next one's start
    ends = np.flatnonzero(drawn)
    for part in np.split(ends, range(BLOCK, len(ends), BLOCK)):
        total[part] = segment_mm(lon[part - 1], lat[part - 1], lon[part], lat[part])
    np.cumsum(total, out=total)
    total -= np.repeat(total[first[:-1]], np.diff(first))
    return total


def find_components(n: int, u: NDArray[np.int32], v: NDArray[np.int32], mm: NDArray[np.int64]) -> tuple[NDArray[np.int32], pd.DataFrame]:
    """Component of each node, and a table ``nodes, edges, km`` of the components, longest first."""
    import pandas as pd
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if n == 0:
        return np.zeros(0, dtype=np.int32), pd.DataFrame({"nodes": [], "edges": [], "km": []}).astype({"nodes": np.int64, "edges": np.int64})
    count, label = connected_components(coo_array((np.ones(len(u), dtype=np.int8), (u, v)), shape=(n, n)), directed=False)
    length = np.zeros(count, dtype=np.int64)
    np.add.at(length, label[u], mm)  # not bincount, whose sums are floats
    nodes = np.bincount(label, minlength=count)
    order = np.lexsort((np.arange(count), -nodes, -length))
    rank = np.empty(count, dtype=np.int32)
    rank[order] = np.arange(count, dtype=np.int32)
    edges = np.bincount(label[u], minlength=count)
    table = pd.DataFrame({"nodes": nodes[order], "edges": edges[order], "km": length[order] / 1e6})
    return rank[label], table


def hilbert(lon: NDArray[np.float64], lat: NDArray[np.float64], *, bits: int = 16) -> NDArray[np.uint64]:
    """
    Position of each point along a Hilbert curve over the points' own bounding square.

    Neighbours in the order are neighbours on the ground, so that a search touches memory that lies together.
    Algorithm: the classic rotate-and-reflect loop from the highest bit down (Warren, Hacker's Delight, ch. 16).
    """
    if not len(lon):
        return np.zeros(0, dtype=np.uint64)
    scale = ((1 << bits) - 1) / max(float(np.ptp(lon)), float(np.ptp(lat)), 1e-12)
    x = ((lon - lon.min()) * scale).astype(np.int64)
    y = ((lat - lat.min()) * scale).astype(np.int64)
    place = np.zeros(len(x), dtype=np.uint64)
    for bit in range(bits - 1, -1, -1):
        side = 1 << bit
        rx, ry = (x & side) > 0, (y & side) > 0
        place += np.uint64(side) * np.uint64(side) * ((3 * rx.astype(np.uint64)) ^ ry.astype(np.uint64))
        flip = ~ry & rx
        x, y = np.where(flip, side - 1 - (x & (side - 1)), x & (side - 1)), np.where(flip, side - 1 - (y & (side - 1)), y & (side - 1))
        x, y = np.where(~ry, y, x), np.where(~ry, x, y)
    return place


def no_crossings() -> gpd.GeoDataFrame:
    """An empty table of crossings."""
    import geopandas as gpd

    return gpd.GeoDataFrame({"osm_id": [], "kind": []}, geometry=[], crs=4326)


def nothing_left_out() -> gpd.GeoDataFrame:
    """An empty table of stretches left out."""
    import geopandas as gpd

    return gpd.GeoDataFrame({"way_id": [], "u": [], "v": [], "reason": [], "kind": [], "motor": []}, geometry=[], crs=4326)


def no_barriers() -> pd.DataFrame:
    """An empty table of barriers."""
    import pandas as pd

    return pd.DataFrame({"node_id": [], "lon": [], "lat": [], "kind": [], "access": []})


__all__ = ["EdgeFlag", "Edges", "Ways", "build_network"]
