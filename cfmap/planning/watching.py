"""What asks for care on a walk, in words: its stretches and its crossings, the worst first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cfmap.network.course import cut
from cfmap.planning.dangers import CROSSING_WORDS, CROSSINGS, RANK_WORDS, crossing_level, words
from cfmap.planning.worst import crossings_between

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfmap.network import Network
    from cfmap.planning.dangers import Dangers
    from cfmap.planning.pieces import Piece

CALM = 1  # level of what need not be told
BIG = 2  # rank from which a street's size is a reason in itself


@dataclass(frozen=True)
class Watch:
    """
    Something on the way that asks for care.

    Attributes
    ----------
    level
        2 with care .. 4 only with an adult (:data:`cfmap.planning.dangers.LEVEL_WORDS`).
    metres
        How long the stretch is; 0 for a crossing.
    place, place_en, why, why_en
        Where it is and what it is, in words.
    lon, lat
        Its middle.
    """

    level: int
    metres: float
    place: str
    place_en: str
    why: str
    why_en: str
    lon: float
    lat: float


def watch(network: Network, dangers: Dangers, pieces: Sequence[Piece]) -> tuple[Watch, ...]:
    """
    What asks for care on a walk.

    Parameters
    ----------
    network, dangers
        The streets, and what their edges cost.
    pieces
        The walk in order.

    Returns
    -------
    found
        Stretches and crossings above level 1, highest level first, then the longer, then in the order of the walk; neighbouring
        stretches of one street with one reason are one. Empty when the whole walk is calm.
    """
    found = [*_stretches(network, dangers, pieces), *_crossings(network, dangers, pieces)]
    return tuple(sorted(found, key=lambda w: (-w.level, -w.metres)))


def _stretches(network: Network, dangers: Dangers, pieces: Sequence[Piece]) -> Iterator[Watch]:
    names = street_names(network, [p.edge for p in pieces])
    levels = [int(n) for n in dangers.level(np.array([p.edge for p in pieces], dtype=np.int64))] if pieces else []
    run: list[int] = []
    for k in range(len(pieces) + 1):
        same = k < len(pieces) and run and (names[k], levels[k], dangers.reasons[pieces[k].edge]) == (
            names[run[0]], levels[run[0]], dangers.reasons[pieces[run[0]].edge],
        )  # fmt: skip
        if run and not same:
            if levels[run[0]] > CALM and (metres := sum(pieces[i].mm for i in run) / 1000.0) >= 1:
                middle = pieces[run[len(run) // 2]]
                lon, lat = _middle(network, middle)
                zh, en = _why(dangers, middle.edge)
                name = names[run[0]]
                yield Watch(levels[run[0]], metres, name or "无名路", name or "street without a name", zh, en, lon, lat)
            run = []
        if k < len(pieces):
            run.append(k)


def _why(dangers: Dangers, edge: int) -> tuple[str, str]:
    """What speaks against a street, its size first."""
    rank, codes = int(dangers.rank[edge]), str(dangers.reasons[edge])
    zh, en = ([RANK_WORDS[rank][k]] if rank >= BIG or not codes else [] for k in (0, 1))
    if codes:
        zh.append(words(codes, thresholds=dangers.thresholds))
        en.append(words(codes, lang="en", thresholds=dangers.thresholds))
    return "；".join(zh), "; ".join(en)


def _crossings(network: Network, dangers: Dangers, pieces: Sequence[Piece]) -> Iterator[Watch]:
    nodes = [int(network.edge_v[p.edge] if p.to_mm else network.edge_u[p.edge]) for p in pieces[:-1]]
    for crossing in crossings_between(network, dangers, np.array([p.edge for p in pieces], dtype=np.int64), np.array(nodes, dtype=np.int64)):
        level = crossing_level(crossing.mm / 1000.0)
        if level == CALM:
            continue
        touching = np.flatnonzero((network.edge_u == crossing.node) | (network.edge_v == crossing.node))
        biggest = touching[dangers.rank[touching] == crossing.rank]
        name = next((n for n in street_names(network, biggest.tolist()) if n), "")
        zh, en = CROSSING_WORDS[CROSSINGS[crossing.kind]]
        lon, lat = float(network.node_lon[crossing.node]), float(network.node_lat[crossing.node])
        yield Watch(level, 0.0, f"过{name or '无名路'}", f"crossing {name or 'a street without a name'}", zh, en, lon, lat)


def street_names(network: Network, edges: Sequence[int]) -> list[str]:
    """Name of the street of each edge, "" where it has none."""
    tags = network.way_tags.get("name")
    if tags is None:
        return [""] * len(edges)
    return [str(n) for n in tags.astype(object).reindex(network.edge_way[np.asarray(edges, dtype=np.int64)]).fillna("")]


def _middle(network: Network, piece: Piece) -> tuple[float, float]:
    low, high = sorted((piece.from_mm, piece.to_mm))
    (line,) = cut(network, np.array([piece.edge]), np.array([low]), np.array([high]))
    x, y = line.interpolate(0.5, normalized=True).coords[0]
    return float(x), float(y)
