"""Which streets do many children share on their way to school? These are the ones to make into a 学径 first."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from cfmap.network.course import cut
from cfmap.planning.worst import Crossing, half, together, worst

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from cfmap.network import Network
    from cfmap.planning.arcs import Arcs
    from cfmap.planning.safe_tree import SafeTree

SHARED = 30.0  # children; cfmap's own setting
LEAST_SHARED = 10.0  # fewer are never shown
SHORTEST_M = 50.0  # a shorter line is no route of its own
LINES = {"schools": "学径", "kindergartens": "入园路"}  # what lines are called, by where they lead
COLUMNS = (
    "layer", "id", "schools", "school_ids", "children", "children_least", "length_m", "level", "worst", "worst_en", "worst_way", "worst_m",
    "unknown_share", "geometry",
)  # fmt: skip


class _Piece(NamedTuple):
    """A stretch of an edge that the same children walk along."""

    edge: int
    from_mm: int
    to_mm: int


def proposed(
    arcs: Arcs,
    trees: Mapping[object, SafeTree],
    begins: Mapping[tuple[object, int], int | None],
    *,
    names: Mapping[object, str],
    shared: float = SHARED,
    layer: str = "schools",
) -> gpd.GeoDataFrame:
    """
    Streets that at least `shared` children walk along, joined to lines.

    Parameters
    ----------
    trees
        Routes by school.
    begins
        From which junction on a route counts here, by school and origin; None = not at all. What lies before would tell where
        somebody lives.
    names
        Of the schools.
    shared
        Children; numbers that are not known count as 0 here, fewer than 10 are taken as 10.
    layer
        What the schools are, a key of :data:`LINES`; it stands in every row.

    Returns
    -------
    lines
        GeoDataFrame EPSG:4326, most children first: ``layer``, ``id`` (学径1 ..., 入园路1 ...), ``schools`` (names joined by 、), ``school_ids`` (joined by ;),
        ``children, children_least`` (most and fewest along the line), ``length_m, level, worst, worst_en, worst_way, worst_m,
        unknown_share`` as in :class:`cfmap.planning.routes.SafeRoutes`. Where lines meet, the two branches between which most
        children walk go on as one. Lines shorter than 50 m are left out.
    """
    import geopandas as gpd
    import pandas as pd

    flow = _flow(trees, begins)
    rows = [_line(arcs, chain, flow, names) for chain in _chains(arcs.graph.network, flow, max(shared, LEAST_SHARED))]
    rows = [row for row in rows if row["length_m"] >= SHORTEST_M]
    rows.sort(key=lambda row: (-row["children"], row["school_ids"], row["geometry"].wkb))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table["layer"], table["id"] = layer, [f"{LINES[layer]}{k}" for k in range(1, len(rows) + 1)]
    return gpd.GeoDataFrame(table, geometry="geometry", crs=4326)


class _Flow(NamedTuple):
    """Children along each piece and from piece to piece, and the schools that pieces lead to."""

    along: dict[_Piece, float]
    through: dict[tuple[_Piece, _Piece], float]
    schools: dict[_Piece, set[object]]


def _flow(trees: Mapping[object, SafeTree], begins: Mapping[tuple[object, int], int | None]) -> _Flow:
    """All routes from where they count, edges cut where some routes end."""
    walks: list[tuple[object, float, list[tuple[int, int, int]]]] = []
    marks: dict[int, set[int]] = defaultdict(set)
    for school, tree in trees.items():
        for route in tree.routes:
            if (start := begins[school, route.origin]) is not None:
                some = slice(route.lead + start, None)
                walk = [w for w in zip(route.edge[some].tolist(), route.begin_mm[some].tolist(), route.end_mm[some].tolist(), strict=True) if w[1] != w[2]]
                walks.append((school, 0.0 if np.isnan(route.children) else route.children, walk))
                for edge, begin, end in walk:
                    marks[edge] |= {begin, end}
    flow = _Flow(defaultdict(float), defaultdict(float), defaultdict(set))
    for school, children, walk in walks:
        pieces = []
        for edge, begin, end in walk:
            stops = sorted((m for m in marks[edge] if min(begin, end) <= m <= max(begin, end)), reverse=begin > end)
            pieces += [_Piece(edge, min(a, b), max(a, b)) for a, b in pairwise(stops)]
        for piece in pieces:
            flow.along[piece] += children
            flow.schools[piece].add(school)
        for before, after in pairwise(pieces):
            flow.through[min(before, after), max(before, after)] += children
    return flow


def _ends(network: Network, piece: _Piece) -> tuple[tuple[int, int], tuple[int, int]]:
    """Both ends: a node, or a place on an edge."""
    return _place(network, piece.edge, piece.from_mm), _place(network, piece.edge, piece.to_mm)


def _place(network: Network, edge: int, mm: int) -> tuple[int, int]:
    """-1 and a node, or an edge and a place on it."""
    if mm == 0:
        return -1, int(network.edge_u[edge])
    return (-1, int(network.edge_v[edge])) if mm == network.edge_mm[edge] else (edge, mm)


def _chains(network: Network, flow: _Flow, least: float) -> list[list[_Piece]]:
    """Pieces in rows: where several meet, the two between which most children walk go on as one line, then the next two."""
    pieces = sorted(p for p, n in flow.along.items() if n >= least)
    head = {piece: piece for piece in pieces}

    def root(piece: _Piece) -> _Piece:
        while head[piece] != piece:
            head[piece] = head[head[piece]]
            piece = head[piece]
        return piece

    taken: set[tuple[_Piece, tuple[int, int]]] = set()
    for (a, b), children in sorted(flow.through.items(), key=lambda item: (-item[1], item[0])):
        at = next(iter(set(_ends(network, a)) & set(_ends(network, b))))
        if children >= least and not {(a, at), (b, at)} & taken and root(a) != root(b):
            taken |= {(a, at), (b, at)}
            head[max(root(a), root(b))] = min(root(a), root(b))
    chains: dict[_Piece, list[_Piece]] = defaultdict(list)
    for piece in pieces:
        chains[root(piece)].append(piece)
    return list(chains.values())


def _line(arcs: Arcs, chain: list[_Piece], flow: _Flow, names: Mapping[object, str]) -> dict[str, Any]:
    net, dangers = arcs.graph.network, arcs.dangers
    edge, a, b = (np.array(column, dtype=np.int64) for column in zip(*chain, strict=True))
    drawn = shapely.line_merge(shapely.multilinestrings(cut(net, edge, a, b)))
    mm = b - a
    schools = sorted({school for piece in chain for school in flow.schools[piece]}, key=str)
    governs = worst(net, dangers, edge, mm, _crossings(arcs, chain))
    numbers = [flow.along[p] for p in chain]
    return {
        "schools": "、".join(dict.fromkeys(str(names.get(s, s)) for s in schools)),
        "school_ids": ";".join(map(str, schools)),
        "children": max(numbers),
        "children_least": min(numbers),
        "length_m": float(mm.sum()) / 1000,
        "level": governs.level,
        "worst": governs.zh,
        "worst_en": governs.en,
        "worst_way": governs.way,
        "worst_m": governs.metres,
        "unknown_share": float(mm[dangers.is_unknown[edge]].sum() / mm.sum()),
        "geometry": drawn,
    }


def _crossings(arcs: Arcs, chain: list[_Piece]) -> list[Crossing]:
    """Bigger streets that the line itself crosses, not those where it ends."""
    net = arcs.graph.network
    halves: dict[int, list[Crossing]] = defaultdict(list)
    for piece in chain:
        for edge, node in _ends(net, piece):
            if edge < 0:
                halves[node].append(half(net, arcs.dangers, piece.edge, node))
    return [whole for own in halves.values() if len(own) == 2 and (whole := together(*own)).mm]
