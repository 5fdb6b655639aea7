"""How the network looks to osmnx: the same streets as a graph that its functions accept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cfmap.network.network import EdgeFlag
from cfmap.network.walkability import HIGHWAY_CLASSES

if TYPE_CHECKING:
    import networkx as nx
    from numpy.typing import NDArray

    from cfmap.network.network import Network

#: Tags that go along with every edge, where the way has them.
TAGS = ("name", "ref", "access", "foot", "area", "bridge", "tunnel", "layer", "junction", "lanes", "maxspeed", "service", "sidewalk", "surface", "lit", "width")


def to_osmnx(network: Network, *, private: bool = True) -> nx.MultiDiGraph[int]:
    """
    Give the network as an osmnx graph.

    Every edge appears once per direction in which people may walk it, as in osmnx's walking networks. Keys of nodes are the source's ids;
    the far side of a closed barrier, which shares its id with the near side, gets a negative one.

    Parameters
    ----------
    private
        Whether destination-only streets are part of it. osmnx knows no such thing: its routes would pass through them; they carry
        ``access="private"``.

    Returns
    -------
    graph
        ``networkx.MultiDiGraph`` in EPSG:4326. Nodes: ``x, y`` (degrees), ``street_count``. Edges: ``osmid``, ``length`` (m), ``highway``,
        ``name`` and further tags where known, ``oneway`` (of people on foot), ``reversed``, ``geometry`` (LineString from u to v).
    """
    import networkx as nx
    import shapely

    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs="epsg:4326", created_with="cfmap", simplified=True)
    chosen = np.arange(network.n_edges) if private else np.flatnonzero(~network.has(EdgeFlag.PRIVATE))
    keys = _keys(network.node_id)
    streets = np.bincount(np.r_[network.edge_u[chosen], network.edge_v[chosen]], minlength=network.n_nodes)
    used = np.flatnonzero(streets) if not private else np.arange(network.n_nodes)
    for i in used.tolist():
        graph.add_node(keys[i], y=float(network.node_lat[i]), x=float(network.node_lon[i]), street_count=int(streets[i]))
    lines = network.edge_lines()
    reverse = shapely.reverse(lines)
    tags = _tags(network)
    no_forward, no_backward, is_private = (network.has(f) for f in (EdgeFlag.NO_FORWARD, EdgeFlag.NO_BACKWARD, EdgeFlag.PRIVATE))
    for e in chosen.tolist():
        u, v, way = keys[network.edge_u[e]], keys[network.edge_v[e]], int(network.edge_way[e])
        shared: dict[str, Any] = {
            **tags.get(way, {}),
            "osmid": way,
            "highway": HIGHWAY_CLASSES[network.edge_class[e]],
            "length": network.edge_mm[e] / 1000.0,
            "oneway": bool(no_forward[e] or no_backward[e]),
        }
        if shared["oneway"]:
            shared["oneway:foot"] = "-1" if no_forward[e] else "yes"
        if is_private[e]:
            shared["access"] = "private"
        if not no_forward[e]:
            graph.add_edge(u, v, **shared, reversed=False, geometry=lines[e])
        if not no_backward[e]:
            graph.add_edge(v, u, **shared, reversed=True, geometry=reverse[e])
    return graph


def _keys(node_id: NDArray[np.int64]) -> list[int]:
    """Ids of the source, made unique: a repeated one becomes the lowest id so far minus one."""
    keys = node_id.tolist()
    seen: set[int] = set()
    lowest = min([0, *keys])
    for i, key in enumerate(keys):
        if key in seen:
            lowest -= 1
            keys[i] = lowest
        seen.add(keys[i])
    return list(keys)


def _tags(network: Network) -> dict[int, dict[str, str]]:
    """Way id -> the known ones of :data:`TAGS`."""
    found: dict[int, dict[str, str]] = {}
    for tag in TAGS:
        if tag in network.way_tags:
            column = network.way_tags[tag].astype(object).dropna()
            for way, value in zip(column.index.tolist(), column.tolist(), strict=True):
                found.setdefault(way, {})[tag] = str(value)
    return found
