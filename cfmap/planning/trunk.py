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
COLUMNS = (
    "id", "schools", "school_ids", "children", "children_least", "length_m", "level", "worst", "worst_en", "worst_way", "worst_m",
    "unknown_share", "geometry",
)  # fmt: skip


class _Piece(NamedTuple):
    """A stretch of an edge that the same children walk along."""

    edge: int
    from_mm: int
    to_mm: int


def proposed(
    arcs: Arcs, trees: Mapping[object, SafeTree], begins: Mapping[tuple[object, int], int | None], *, names: Mapping[object, str], shared: float = SHARED
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

    Returns
    -------
    lines
        GeoDataFrame EPSG:4326, most children first: ``id`` (学径1 ...), ``schools`` (names joined by 、), ``school_ids`` (joined by ;),
        ``children, children_least`` (most and fewest along the line), ``length_m, level, worst, worst_en, worst_way, worst_m,
        unknown_share`` as in :class:`cfmap.planning.routes.SafeRoutes`. A line ends at a school's door; where lines meet, the two
        branches that most children walk along go on as one. Lines shorter than 50 m are left out.
    """
    import geopandas as gpd
    import pandas as pd

    net = arcs.graph.network
    children, leads_to = _pieces(trees, begins)
    kept = sorted(p for p, n in children.items() if n >= max(shared, LEAST_SHARED))
    doors = {_place(net, int(r.edge[-1]), int(r.end_mm[-1])) for tree in trees.values() for r in tree.routes if len(r.edge)}
    rows = [_line(arcs, chain, children, leads_to, names) for chain in _chains(net, kept, children, doors)]
    rows = [row for row in rows if row["length_m"] >= SHORTEST_M]
    rows.sort(key=lambda row: (-row["children"], row["school_ids"], row["geometry"].wkb))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table["id"] = [f"学径{k}" for k in range(1, len(rows) + 1)]
    return gpd.GeoDataFrame(table, geometry="geometry", crs=4326)


def _pieces(trees: Mapping[object, SafeTree], begins: Mapping[tuple[object, int], int | None]) -> tuple[dict[_Piece, float], dict[_Piece, set[object]]]:
    """Children and schools of every stretch, edges cut where some routes end."""
    walked: dict[_Piece, list[tuple[object, float]]] = defaultdict(list)
    for school, tree in trees.items():
        for route in tree.routes:
            start = begins[school, route.origin]
            if start is None:
                continue
            number = 0.0 if np.isnan(route.children) else route.children
            some = slice(route.lead + start, None)
            for e, a, b in zip(route.edge[some].tolist(), route.begin_mm[some].tolist(), route.end_mm[some].tolist(), strict=True):
                if a != b:
                    walked[_Piece(e, min(a, b), max(a, b))].append((school, number))
    ends: dict[int, set[int]] = defaultdict(set)
    for piece in walked:
        ends[piece.edge] |= {piece.from_mm, piece.to_mm}
    children: dict[_Piece, float] = defaultdict(float)
    leads_to: dict[_Piece, set[object]] = defaultdict(set)
    for piece, who in walked.items():
        marks = sorted(m for m in ends[piece.edge] if piece.from_mm <= m <= piece.to_mm)
        for a, b in pairwise(marks):
            part = _Piece(piece.edge, a, b)
            children[part] += sum(n for _, n in who)
            leads_to[part] |= {school for school, _ in who}
    return children, leads_to


def _ends(network: Network, piece: _Piece) -> tuple[tuple[int, int], tuple[int, int]]:
    """Both ends: a node, or a place on an edge."""
    return _place(network, piece.edge, piece.from_mm), _place(network, piece.edge, piece.to_mm)


def _place(network: Network, edge: int, mm: int) -> tuple[int, int]:
    """-1 and a node, or an edge and a place on it."""
    if mm == 0:
        return -1, int(network.edge_u[edge])
    return (-1, int(network.edge_v[edge])) if mm == network.edge_mm[edge] else (edge, mm)


def _chains(network: Network, pieces: list[_Piece], children: Mapping[_Piece, float], doors: set[tuple[int, int]]) -> list[list[_Piece]]:
    """Pieces in rows: where several meet, the two that most children walk along go on as one line; at a school's door every line ends."""
    at: dict[tuple[int, int], list[_Piece]] = defaultdict(list)
    for piece in pieces:
        for end in _ends(network, piece):
            at[end].append(piece)
    head = {piece: piece for piece in pieces}

    def root(piece: _Piece) -> _Piece:
        while head[piece] != piece:
            head[piece] = head[head[piece]]
            piece = head[piece]
        return piece

    for end in sorted(at):
        most = sorted(at[end], key=lambda p: (-children[p], p))[:2]
        if len(most) == 2 and end not in doors:
            a, b = sorted((root(most[0]), root(most[1])))
            head[b] = a
    chains: dict[_Piece, list[_Piece]] = defaultdict(list)
    for piece in pieces:
        chains[root(piece)].append(piece)
    return list(chains.values())


def _line(
    arcs: Arcs, chain: list[_Piece], children: Mapping[_Piece, float], leads_to: Mapping[_Piece, set[object]], names: Mapping[object, str]
) -> dict[str, Any]:
    net, dangers = arcs.graph.network, arcs.dangers
    edge, a, b = (np.array(column, dtype=np.int64) for column in zip(*chain, strict=True))
    drawn = shapely.line_merge(shapely.multilinestrings(cut(net, edge, a, b)))
    mm = b - a
    schools = sorted({school for piece in chain for school in leads_to[piece]}, key=str)
    governs = worst(net, dangers, edge, mm, _crossings(arcs, chain))
    numbers = [children[p] for p in chain]
    return {
        "id": "",
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
