"""Random networks of up to sixty nodes, and their distances by networkx: large enough that junctions are taken out in chains."""

from __future__ import annotations

from typing import NamedTuple

import networkx as nx
import numpy as np
from hypothesis import strategies as st

from cfmap.network.network import EdgeFlag
from tests.property.worlds import network_of, snapped_at

PRIVATE, NO_FORWARD, NO_BACKWARD = int(EdgeFlag.PRIVATE), int(EdgeFlag.NO_FORWARD), int(EdgeFlag.NO_BACKWARD)


class City(NamedTuple):
    """A network as plain numbers: edges as (u, v, mm, flags), sites as (edge, offset, connector)."""

    n: int
    edges: list[tuple[int, int, int, int]]
    sites: list[tuple[int, int, int]]

    @property
    def network(self):
        return network_of(self.n, self.edges)

    @property
    def snapped(self):
        return snapped_at(self.sites)


@st.composite
def cities(draw, *, one_way=True, private=True):
    """
    One to four parts, each a random tree with some more edges.

    Lengths from none to several buckets of the queue wide, so that ties, zero lengths and exact limits are common in some cities and the
    width of buckets and windows matters in others. The numbers come from a seed: thousands of drawn ones would take longer than the searches.
    """
    n = draw(st.integers(1, 60))
    parts = draw(st.integers(1, 4))
    longest = draw(st.sampled_from([1, 6, 3_000, 100_000, 2_000_000]))
    more = draw(st.integers(0, 60))
    odd = draw(st.integers(0, 3))  # how much of it is one-way, private, without length
    dice = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    edges = []
    for node in range(n):
        before = np.arange(node % parts, node, parts)
        if len(before):
            edges.append((node, int(dice.choice(before[-3:] if odd % 2 else before))))
    for _ in range(more if edges else 1):
        u = int(dice.integers(n))
        edges.append((u, int(dice.choice(np.arange(u % parts, n, parts)))))  # loops and parallel edges as they come
    blocks = dice.random(n) < 0.15 * odd  # private ground lies together
    whole = []
    for u, v in edges:
        flags = 0
        if private and (blocks[u] or blocks[v]) and dice.random() < 0.8:
            flags |= PRIVATE
        if one_way and dice.random() < 0.1 * odd:
            flags |= (NO_FORWARD, NO_BACKWARD, NO_FORWARD | NO_BACKWARD)[int(dice.choice(3, p=[0.45, 0.45, 0.1]))]
        whole.append((u, v, 0 if dice.random() < 0.07 * odd else int(dice.integers(longest + 1)), flags))
    sites = []
    for _ in range(int(dice.integers(1, 12))):
        e = int(dice.integers(min(len(whole), 1 + int(dice.integers(len(whole))))))  # early edges more often: several sites on one
        mm = whole[e][2]
        sites.append((e, int(dice.choice([0, mm, int(dice.integers(mm + 1))])), int(dice.integers(longest + 1)) if dice.random() < 0.5 else 0))
    return City(n, whole, sites)


def distances_to(city, site, *, connector=True, reverse=False):
    """
    Millimetres from every node to a site (or from it, reversed), by networkx in three rounds: private*, public*, private*.

    Both ends of the site's edge are its neighbours by a node of its own, on the ground of the edge.
    """
    e, offset, extra = site
    u, v, mm, flags = city.edges[e]
    walk = nx.DiGraph()

    def arc(a, b, w):
        if not walk.has_edge(a, b) or walk[a][b]["mm"] > w:
            walk.add_edge(a, b, mm=w)

    def street(a, b, w, flags):
        for level in (0, 2) if flags & PRIVATE else (1,):
            for tail, head, shut in ((a, b, NO_FORWARD), (b, a, NO_BACKWARD)):
                if not flags & shut:  # searched away from the site, so against the walk
                    arc(*(((level, tail), (level, head)) if reverse else ((level, head), (level, tail))), w)

    for a, b, w, f in city.edges:
        street(a, b, w, f)
    between = 0 < offset < mm
    if between:
        street(u, "site", offset, flags)
        street("site", v, mm - offset, flags)
    public = {x for a, b, _, f in city.edges if not f & PRIVATE for x in (a, b)} | ({"site"} if not flags & PRIVATE else set())
    for node in [*range(city.n), "site"]:
        arc((0, node), (1, node), 0)
        arc((1, node), (2, node), 0)
    begin = "site" if between else u if offset == 0 else v
    far = nx.single_source_dijkstra_path_length(walk, (1 if begin in public else 0, begin), weight="mm")
    reached = [far.get((1 if node in public else 2, node)) for node in range(city.n)]
    return [None if d is None else d + (extra if connector else 0) for d in reached]


def nearest_of(city, *, limit=None, **options):
    """Millimetres and position of the nearest site of every node, -1 and -1 for none; of equally near ones the first."""
    tables = [distances_to(city, site, **options) for site in city.sites]
    best = [min(((d, k) for k, d in enumerate(column) if d is not None), default=(-1, -1)) for column in zip(*tables, strict=True)]
    best = [(-1, -1) if limit is not None and mm > limit else (mm, k) for mm, k in best]
    return [mm for mm, _ in best], [k for _, k in best]
