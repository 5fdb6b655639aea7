"""Why is a junction nearer, or further, on our network than on a peer's? Each pair is put down to the ways that the two walks take."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cfmap.network import EdgeFlag
from cfmap.network.walkability import WALKABLE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cfmap.network import Network

SQUARE = "we walk straight across a square, the peer round its outline"
PLATFORM = "we walk along platforms and piers that have no highway tag"
ASIDE = "the peer walks in the middle of a road whose sidewalk is drawn beside it; we take the sidewalk"
CLOSED = "the peer walks where the tags let nobody walk (foot=no, access=no, motorways, under construction)"
UNKNOWN_KIND = "the peer walks on ways whose kind nothing is known of (highway=trail, highway=crossing)"
PRIVATE = "the peer walks through private ground or a private gate, which we enter only where a walk begins or ends"
SPHERE = "the same walk, on a sphere and on the ellipsoid (up to 0.6 %)"
OPEN = "no reason found"
REASONS = (ASIDE, SQUARE, PLATFORM, PRIVATE, CLOSED, UNKNOWN_KIND, SPHERE, OPEN)
SPHERE_SHARE = 0.006  # the two differ by half the flattening in one direction, by as much in the other


class Pair(NamedTuple):
    """Walks between two junctions: metres on our network, metres and nodes on the peer's."""

    start: int
    end: int
    ours: float
    theirs: float
    nodes: tuple[int, ...]


class Reasons:
    """What is known of the ways of both networks."""

    def __init__(self, network: Network, graph: Any, path: Path) -> None:
        import networkx as nx
        import osmium

        self.graph = graph
        self.tags = {way.id: dict(way.tags) for way in osmium.FileProcessor(str(path), osmium.osm.WAY).with_filter(osmium.filter.KeyFilter("highway"))}
        self.ways = set(network.edge_way.tolist())
        ids, times = np.unique(network.node_id, return_counts=True)  # a closed gate is two nodes of one id, which this graph joins
        gate = np.isin(network.node_id[np.stack([network.edge_u, network.edge_v])], ids[times > 1]).any(axis=0)
        self.ours = nx.Graph()
        ends = np.stack([network.node_id[network.edge_u], network.node_id[network.edge_v]], axis=1).tolist()
        facts = {"way": network.edge_way, "mm": network.edge_mm, "link": network.has(EdgeFlag.AREA_LINK), "private": network.has(EdgeFlag.PRIVATE) | gate}
        for (u, v), *values in zip(ends, *(column.tolist() for column in facts.values()), strict=True):
            edge = dict(zip(facts, values, strict=True))
            if not self.ours.has_edge(u, v) or self.ours[u][v]["mm"] > edge["mm"]:
                self.ours.add_edge(u, v, **edge)

    def of(self, pair: Pair) -> str:
        """The reason for a pair that is apart."""
        theirs = {way for u, v in pairwise(pair.nodes) for way in self._ways(u, v)}
        walked = self._walked(pair)
        if pair.ours < pair.theirs:
            if any(edge["link"] for edge in walked):
                return SQUARE
            if any(edge["way"] not in self.tags for edge in walked):
                return PLATFORM
        elif strange := [self.tags[way] for way in theirs - self.ways]:
            if any("separate" in tags.get(key, "") for tags in strange for key in tags if key.startswith("sidewalk")):
                return ASIDE
            return UNKNOWN_KIND if all(self._kind_unknown(tags) for tags in strange) else CLOSED
        elif any(edge["private"] for edge in walked):  # this graph passes through it: that would be nearer, were it allowed
            return PRIVATE
        return SPHERE if abs(pair.ours - pair.theirs) <= SPHERE_SHARE * pair.theirs else OPEN

    def _ways(self, u: int, v: int) -> list[int]:
        way = min(self.graph[u][v].values(), key=lambda edge: edge["length"])["osmid"]
        return way if isinstance(way, list) else [way]

    def _walked(self, pair: Pair) -> list[dict[str, Any]]:
        """Edges of our own walk."""
        import networkx as nx

        return [self.ours[u][v] for u, v in pairwise(nx.shortest_path(self.ours, pair.start, pair.end, weight="mm"))]

    @staticmethod
    def _kind_unknown(tags: Mapping[str, str]) -> bool:
        kind = tags["highway"]
        return kind not in WALKABLE and kind not in {"motorway", "motorway_link", "construction", "proposed"} and not {"foot", "access"} & set(tags)
