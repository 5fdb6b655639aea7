"""
A walking graph made from the raw file by the test itself: one arc per segment of every way, nothing from cfmap's arrays.

Only the tag tables of ``cfmap.network.walkability`` are shared. Gates and private blocks are worked out again here, on
raw segments and with networkx.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from itertools import pairwise

import networkx as nx
import osmium
from pyproj import Geod

from cfmap.network.walkability import MOTOR_CLASSES, Access, node_access, way_rule

GEOD = Geod(ellps="WGS84")
STREETS = (MOTOR_CLASSES - {"service"}) | {"pedestrian"}


class Raw(osmium.SimpleHandler):
    """Places, walkable ways and shut nodes as they stand in the file."""

    def __init__(self):
        super().__init__()
        self.place, self.refs, self.rule, self.shut, self.squares = {}, {}, {}, {}, []

    def node(self, n):
        self.place[n.id] = (n.location.lon, n.location.lat)
        access = node_access(dict(n.tags))
        if access < Access.OPEN:
            self.shut[n.id] = access

    def way(self, w):
        self.refs[w.id] = [n.ref for n in w.nodes]
        rule = way_rule(dict(w.tags))
        if rule.access > Access.CLOSED:
            self.rule[w.id] = rule

    def relation(self, r):
        tags = dict(r.tags)
        rule = way_rule(tags)
        if tags.get("type") == "multipolygon" and "highway" in tags and rule.access > Access.CLOSED:
            self.squares.append((rule, [m.ref for m in r.members if m.type == "w"]))


class Reference:
    """
    Walks as they are allowed: private*, public*, private*.

    Parameters
    ----------
    path
        OpenStreetMap file.
    links
        Pairs of node ids, with whether they are private: straight lines across squares, taken as given.
    """

    def __init__(self, path, links=()):
        raw = Raw()
        raw.apply_file(str(path))
        for rule, members in raw.squares:
            for way in members:
                if way in raw.refs:
                    raw.rule.setdefault(way, rule)
        self.place = raw.place
        #: (node, way) -> which side of a gate the way's ends at the node are on; "x" = each end for itself
        self.segments = []  # (end a, end b, forward, backward, private, mm, metres)
        at_gate = defaultdict(list)
        for way, rule in raw.rule.items():
            refs = raw.refs[way]
            for k, (a, b) in enumerate(pairwise(refs)):
                if a == b or a not in raw.place or b not in raw.place:
                    continue
                metres = GEOD.inv(*raw.place[a], *raw.place[b])[2]
                segment = [[a, None], [b, None], rule.forward, rule.backward, rule.access == Access.PRIVATE, round(metres * 1000), metres]
                self.segments.append(segment)
                for side, node in enumerate((a, b)):
                    if node in raw.shut:
                        at_gate[node].append((way, rule.kind in STREETS, k, segment, side))
        for a, b, private in links:
            metres = GEOD.inv(*raw.place[a], *raw.place[b])[2]
            self.segments.append([[a, None], [b, None], True, True, private, round(metres * 1000), metres])
        self._part(at_gate, raw.shut)
        self._layers()

    def _part(self, at_gate, shut):  # noqa: C901 - told in one go, as the rule is
        private_gates = []
        for node, ends in at_gate.items():
            ways = {way for way, *_ in ends}
            count = {way: sum(1 for w, *_ in ends if w == way) for way in ways}
            ranks = {street for _, street, *_ in ends}
            if len(ways) == 1:
                stay = set()
            elif len(ranks) == 2:
                stay = {way for way, street, *_ in ends if street}
            else:
                through = {way for way in ways if count[way] > 1}
                stay = through if len(through) == 1 else set()
            parted = []
            for number, (way, _, _, segment, side) in enumerate(sorted(ends, key=lambda e: (e[0], e[2], e[4]))):
                if way not in stay:
                    segment[side] = [node, number]
                    parted.append((segment, side))
            if shut[node] == Access.PRIVATE:
                private_gates.append((node, parted))
        if not private_gates:
            return

        def length(nodes):
            return sum(s[5] for s in self.segments if tuple(s[0]) in nodes)

        apart = nx.Graph([(tuple(s[0]), tuple(s[1])) for s in self.segments])
        together = apart.copy()
        for node, parted in private_gates:
            ends = [tuple(segment[side]) for segment, side in parted]
            if (node, None) in apart:
                ends.append((node, None))
            nx.add_path(together, ends)
        part_of = {n: i for i, c in enumerate(nx.connected_components(apart)) for n in c}
        size = defaultdict(int)
        for s in self.segments:
            size[part_of[tuple(s[0])]] += s[5]
        for whole in nx.connected_components(together):
            main = max({part_of[n] for n in whole}, key=lambda p: size[p])
            behind = {n for n in whole if part_of[n] != main}
            if behind:
                for s in self.segments:
                    if tuple(s[0]) in behind:
                        s[4] = True
        for node, parted in private_gates:
            public = [end for end in parted if not end[0][4]]
            stays = (node, None) in apart
            base = [node, None] if stays or not public else list(public[0][0][public[0][1]])
            for segment, side in parted:
                if segment[4]:
                    segment[side] = list(base)

    def _layers(self):
        """Arcs against the walking direction (searches run from the site), nodes = (node, gate side, layer)."""
        self.graph = nx.DiGraph()
        self.public = set()
        for a, b, forward, backward, private, mm, metres in self.segments:
            a, b = tuple(a), tuple(b)
            for layer in (0, 2) if private else (1,):
                for tail, head, allowed in ((b, a, forward), (a, b, backward)):
                    if allowed:
                        self._arc((*tail, layer), (*head, layer), mm, metres)
            if not private:
                self.public |= {a, b}
            for end in (a, b):
                for layer in (0, 1):
                    self._arc((*end, layer), (*end, layer + 1), 0, 0.0)

    def _arc(self, tail, head, mm, metres):
        if self.graph.get_edge_data(tail, head, {"mm": mm + 1})["mm"] > mm:
            self.graph.add_edge(tail, head, mm=mm, m=metres)

    @cache  # noqa: B019
    def _search(self, site):
        end = (site, None)
        return nx.dijkstra_predecessor_and_distance(self.graph, (*end, 1 if end in self.public else 0), weight="mm")

    def walk(self, place, site):
        """Millimetres, metres as floating sum, and number of segments of the shortest walk; None when there is none."""
        before, distance = self._search(site)
        end = (place, None)
        goal = (*end, 1 if end in self.public else 2)
        if goal not in distance:
            return None
        metres, count, here = 0.0, 0, goal
        while before[here]:
            there = before[here][0]
            arc = self.graph[there][here]
            metres, count, here = metres + arc["m"], count + (arc["m"] > 0), there
        return distance[goal], metres, count
