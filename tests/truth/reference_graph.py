"""A graph made from the raw file by the test itself: every segment of every walkable way, nothing from cfmap's arrays."""

from __future__ import annotations

import networkx as nx
import osmium
from pyproj import Geod

from cfmap.network.walkability import Access, node_access, way_rule

GEOD = Geod(ellps="WGS84")


class Raw(osmium.SimpleHandler):
    """Nodes, ways and barriers as they stand in the file."""

    def __init__(self):
        super().__init__()
        self.place, self.ways, self.shut = {}, [], {}

    def node(self, n):
        self.place[n.id] = (n.location.lon, n.location.lat)
        access = node_access(dict(n.tags))
        if access < Access.OPEN:
            self.shut[n.id] = access

    def way(self, w):
        tags = dict(w.tags)
        rule = way_rule(tags)
        if rule.access > Access.CLOSED:
            self.ways.append((w.id, [n.ref for n in w.nodes], rule, tags))


def reference(path, *, left_out=frozenset(), without=frozenset()):
    """
    Directed graph of public streets: node ids, edges in the direction people may walk, ``mm`` and ``m``.

    `left_out` are (way, u, v) stretches whose sidewalk is mapped beside them; `without` are ways to leave away.
    Private ways and barriers of any kind are left away: pairs are chosen so that their paths need none.
    """
    raw = Raw()
    raw.apply_file(str(path))
    graph = nx.MultiDiGraph()
    for way, refs, rule, _ in raw.ways:
        if rule.access != Access.OPEN or way in without:
            continue
        for stretch in stretches(refs, way, left_out):
            for a, b in zip(stretch[:-1], stretch[1:], strict=True):
                if a == b or a not in raw.place or b not in raw.place or a in raw.shut or b in raw.shut:
                    continue
                metres = GEOD.inv(*raw.place[a], *raw.place[b])[2]
                mm = round(metres * 1000)
                if rule.forward:
                    graph.add_edge(a, b, mm=mm, m=metres)
                if rule.backward:
                    graph.add_edge(b, a, mm=mm, m=metres)
    return graph, raw


def stretches(refs, way, left_out):
    """The way's node ids, cut open where a stretch was left out."""
    gone = {(u, v) for w, u, v in left_out if w == way}
    if not gone:
        return [refs]
    keep, i = [], 0
    piece = [refs[0]]
    while i < len(refs) - 1:
        leap = next((j for j in range(i + 1, len(refs)) if (refs[i], refs[j]) in gone), None)
        if leap is None:
            i += 1
            piece.append(refs[i])
        else:
            keep.append(piece)
            i, piece = leap, [refs[leap]]
    keep.append(piece)
    return [p for p in keep if len(p) > 1]
