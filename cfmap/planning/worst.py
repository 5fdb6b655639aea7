"""Which link or crossing governs a way? The worst one, as one bad place is enough to keep a child from walking."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cfmap.planning.dangers import CROSSING_WORDS, CROSSINGS, LEVEL_WORDS, RANK_WORDS, crossing_level, words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from cfmap.network import Network
    from cfmap.planning.dangers import Dangers

TOLD_M = 10.0  # a shorter link, such as the middle of a junction, governs nothing


class Crossing(NamedTuple):
    """A junction where a bigger street is crossed: how many millimetres that counts for, of which kind (position in ``CROSSINGS``), and the street's rank."""

    node: int
    mm: int
    kind: int
    rank: int


class Worst(NamedTuple):
    """Level 1 to 4 of the worst link or crossing, its place in words, and the way it lies on; level 0 for a way without any street."""

    level: int
    zh: str
    en: str
    way: int
    metres: float


def crossings_between(network: Network, dangers: Dangers, edge: NDArray[np.int64], nodes: NDArray[np.int64]) -> list[Crossing]:
    """Crossings at the junctions between consecutive edges of a way; ``nodes[k]`` lies between ``edge[k]`` and ``edge[k + 1]``."""
    halves = ((half(network, dangers, int(edge[k]), node), half(network, dangers, int(edge[k + 1]), node)) for k, node in enumerate(nodes.tolist()))
    return [whole for a, b in halves if (whole := together(a, b)).mm]


def half(network: Network, dangers: Dangers, edge: int, node: int) -> Crossing:
    """Half of what is crossed where an edge ends at a node."""
    end = 0 if network.edge_u[edge] == node else 1
    return Crossing(node, int(dangers.half[end, edge]), int(dangers.kind[end, edge]), int(dangers.met[end, edge]))


def together(a: Crossing, b: Crossing) -> Crossing:
    """A crossing of its two halves."""
    return Crossing(a.node, a.mm + b.mm, max(a.kind, b.kind), max(a.rank, b.rank))


def worst(network: Network, dangers: Dangers, edge: NDArray[np.int64], mm: NDArray[np.int64], crossings: Iterable[Crossing]) -> Worst:
    """
    What governs a way: the highest level; of equal ones links before crossings, the higher multiplier, the longer stretch, the lower edge.

    Parameters
    ----------
    edge, mm
        Stretches and their lengths.
    crossings
        Those on it.
    """
    best = Worst(0, "", "", -1, 0.0)
    told = np.flatnonzero(mm >= TOLD_M * 1000)
    if len(told):
        k = int(told[np.lexsort((edge[told], -mm[told], -dangers.factor[edge[told]]))[0]])
        e, rank = int(edge[k]), int(dangers.rank[edge[k]])
        level = int(dangers.level(edge[[k]])[0])
        codes = str(dangers.reasons[e])
        zh, en = words(codes, thresholds=dangers.thresholds), words(codes, lang="en", thresholds=dangers.thresholds)
        metres = round(float(mm[edge == e].sum()) / 1000, 1)
        rank_zh, rank_en = RANK_WORDS[rank]
        best = Worst(level, f"{rank_zh}：{zh}" if zh else rank_zh, f"{rank_en}: {en}" if en else rank_en, int(network.edge_way[e]), metres)
    at = max(crossings, key=lambda c: (c.mm, -c.node), default=None)
    if at is not None and crossing_level(at.mm / 1000) > best.level:
        zh, en = CROSSING_WORDS[CROSSINGS[at.kind]]
        rank_zh, rank_en = RANK_WORDS[at.rank]
        best = Worst(crossing_level(at.mm / 1000), f"过{rank_zh}：{zh}", f"across a {rank_en}: {en}", -1, 0.0)
    return best


def level_words(level: int, *, lang: str = "zh") -> str:
    """Level in words; empty for none."""
    return LEVEL_WORDS[level - 1][lang == "en"] if level else ""
