"""How much longer does a dangerous street count? Multipliers of links and lengths of crossings, as data, in this one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely

from cfmap.coverage.safety import REASONS, THRESHOLDS, by_subject, filled, judge_segment, kmh
from cfmap.network.network import EdgeFlag
from cfmap.network.walkability import HIGHWAY_CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from cfmap.coverage.safety import Side, State, Thresholds
    from cfmap.model.survey import Answer
    from cfmap.network import Network

#: What the numbers rest on; printed with them.
SOURCE = (
    "倍数和过街折算长度是本软件的设定，没有标准给出数值；次序依据 GA/T 1215-2014（人行空间、限速、过街、照明），最差的一段说了算（PLTS）。",
    "Multipliers and lengths of crossings are cfmap's own, no standard gives numbers; their order follows GA/T 1215-2014, and the worst link governs (PLTS).",
)

Rank = Literal[0, 1, 2, 3, 4]
#: How big a street is: 0 nobody has to wait for cars, 1 quiet, then tertiary, secondary, primary and trunk: in China 支路, 次干路, 主干路.
RANKS: dict[str, Rank] = {
    **dict.fromkeys(("unclassified", "residential", "road"), 1),
    **dict.fromkeys(("tertiary", "tertiary_link"), 2),
    **dict.fromkeys(("secondary", "secondary_link"), 3),
    **dict.fromkeys(("primary", "primary_link", "trunk", "trunk_link", "motorway", "motorway_link"), 4),
}
RANK_WORDS = (("小路", "lane"), ("街巷", "local street"), ("支路", "minor road"), ("次干路", "secondary road"), ("主干路", "main road"))

#: Multipliers in hundredths. By rank, with walking space and a low limit:
BY_RANK: tuple[int, ...] = (100, 100, 110, 120, 130)
#: Times this where there is no walking space, by rank:
NO_SPACE: tuple[int, ...] = (130, 130, 160, 200, 300)
#: Times this where cars may drive faster than 30 km/h, and faster than 50:
OVER_30, OVER_50, FAST_KMH = 130, 150, 50.0
#: Times this where there is no light at night:
UNLIT = 110
#: Nobody knows of a setting that makes the unknown worse than the known bad.
MOST_UNKNOWN = 1.3

CROSSINGS = ("signalled", "marked", "unknown", "unmarked", "none")  # least to most dangerous; none = the map shows no crossing
CROSSING_WORDS: dict[str, tuple[str, str]] = {
    "signalled": ("有信号灯的过街", "signalled crossing"),
    "marked": ("斑马线", "marked crossing"),
    "unknown": ("不知道有没有画线的过街", "crossing of an unknown kind"),
    "unmarked": ("没画线的过街", "unmarked crossing"),
    "none": ("地图上没有过街设施", "no crossing on the map"),
}
QUIET_SHARE = 0.25  # of an unmarked crossing's length, across a street of rank 1
LANES_ASSUMED = (2, 2, 2, 4, 4)  # both directions, by rank, where lanes are not tagged
CROSSING_NEAR_M = 25.0  # a crossing drawn on the arm of a junction serves the junction

#: Level of a link or crossing (1 calm .. 4 only with an adult): up to these multipliers, and up to these metres of a crossing.
LEVEL_MULTIPLIERS, LEVEL_CROSSINGS = (1.1, 1.4, 2.0), (10.0, 30.0, 100.0)
LEVEL_WORDS = (("从容", "calm"), ("要留心", "with care"), ("有压力", "stressful"), ("需要大人带", "only with an adult"))

#: Where the words of a gate do not fit somebody who walks along.
WORDS: dict[str, tuple[str, str]] = {**REASONS, "foot": ("没有机动车", "no motor traffic"), "A-far-side": ("两侧人行道不全", "a sidewalk on one side only")}
#: Beginnings of the tags that a link's danger depends on.
_KEYS = ("highway", "sidewalk", "maxspeed", "zone:maxspeed", "source:maxspeed", "hazard", "traffic_sign", "lit", "oneway", "junction")
_SIDES: tuple[Side, ...] = ("left", "right")
_BETTER: dict[State, int] = {"safe": 0, "unknown": 1, "unsafe": 2}


@dataclass(frozen=True)
class Weights:
    """
    Settings of the weighing, section ``[safety]`` of ``cfmap.toml``.

    Parameters
    ----------
    unknown
        Multiplier of a link with motor traffic of which walking space or speed is not known, 1 to 1.3.
    signalled_m, marked_m, unmarked_m
        How many metres of walking a crossing counts for; one of an unknown kind lies half way between the last two.
    lane_m
        For each lane beyond two of an unmarked crossing.
    """

    unknown: float = 1.2
    signalled_m: float = 10.0
    marked_m: float = 30.0
    unmarked_m: float = 80.0
    lane_m: float = 20.0

    def __post_init__(self) -> None:
        if not 1.0 <= self.unknown <= MOST_UNKNOWN or not 0 <= self.signalled_m <= self.marked_m <= self.unmarked_m or self.lane_m < 0:
            msg = f"{self}: unknown lies in 1 to {MOST_UNKNOWN}, and a better crossing never counts more than a worse one"
            raise ValueError(msg)

    def crossing_m(self, kind: str, *, rank: int, lanes: float) -> float:
        """Metres that the crossing of a street counts for."""
        if rank == 0:
            return 0.0
        most = self.unmarked_m * QUIET_SHARE if rank == 1 else self.unmarked_m + self.lane_m * max(0.0, lanes - 2)
        unmarked = self.unmarked_m * QUIET_SHARE if rank == 1 else self.unmarked_m
        worst = {"signalled": self.signalled_m, "marked": self.marked_m, "unknown": (self.marked_m + unmarked) / 2, "unmarked": most, "none": most}[kind]
        return min(worst, most)


@dataclass(frozen=True, eq=False)
class Dangers:
    """
    What the edges of a network cost.

    A crossing is charged by halves on the two edges by which a node is passed, where a street of a higher rank runs through it: who
    walks straight over pays the whole; who turns into the bigger street pays half, since its other pavement is wanted one time in two.
    Streets of one rank that cross each other charge nothing: the node does not tell who turns.

    Attributes
    ----------
    factor
        Multiplier of each edge in hundredths, at least 100.
    half
        Half a crossing at either end (u, v), millimetres.
    is_unknown
        Whether walking space or speed of a link with motor traffic is not known.
    reasons
        What is unsafe or unknown about each edge, codes of :data:`WORDS` joined by ``;``; "foot" = no motor traffic.
    rank
        Of each edge, see ``RANKS``.
    kind, met
        Position in ``CROSSINGS`` of the crossing at either end, -1 = nothing to cross; and the rank of what is crossed.
    thresholds
        Numbers that links were judged by.
    """

    weights: Weights
    factor: NDArray[np.int64]
    half: NDArray[np.int64]
    is_unknown: NDArray[np.bool_]
    reasons: NDArray[np.object_]
    rank: NDArray[np.int64]
    kind: NDArray[np.int64]
    met: NDArray[np.int64]
    thresholds: Thresholds = THRESHOLDS

    def weighted(self, edge: NDArray[np.int64], mm: NDArray[np.int64]) -> NDArray[np.int64]:
        """Weighted length of a stretch of an edge, crossings not included; never below its length."""
        cost: NDArray[np.int64] = (mm * self.factor[edge] + 50) // 100
        return cost

    def whole(self, edge_mm: NDArray[np.int64]) -> NDArray[np.int64]:
        """Weighted length of every edge, half a crossing at either end included; `edge_mm` are the network's."""
        cost: NDArray[np.int64] = self.weighted(np.arange(len(edge_mm)), edge_mm) + self.half[0] + self.half[1]
        return cost

    def level(self, edge: NDArray[np.int64]) -> NDArray[np.int64]:
        """Level of links, 1 to 4."""
        return 1 + np.searchsorted(LEVEL_MULTIPLIERS, self.factor[edge] / 100.0, side="left")


def crossing_level(metres: float) -> int:
    """Level of a crossing that counts for so many metres, 1 to 4."""
    return 1 + int(np.searchsorted(LEVEL_CROSSINGS, metres, side="left"))


def words(codes: str, *, lang: Literal["zh", "en"] = "zh", thresholds: Thresholds = THRESHOLDS) -> str:
    """Reasons in words."""
    return filled(("；" if lang == "zh" else "; ").join(WORDS[c][lang == "en"] for c in codes.split(";") if c), thresholds)


def dangers_of(network: Network, weights: Weights | None = None, *, answers: Iterable[Answer] = (), thresholds: Thresholds = THRESHOLDS) -> Dangers:
    """
    Weigh every edge and crossing of a network.

    Parameters
    ----------
    network
        Streets with tags and crossings; without tags every street with motor traffic is unknown.
    weights
        Settings; the defaults of :class:`Weights`.
    answers
        Of surveys, departments and edits; those about a stretch come before its tags.
    thresholds
        Numbers of the rule table.

    Returns
    -------
    dangers
        Never cheaper for a street that is more dangerous: each item's unsafe multiplier is above that of the unknown, that above the safe.
    """
    weights = weights or Weights()
    motor = network.has(EdgeFlag.MOTOR)
    by_class = np.array([RANKS.get(name, 0) for name in HIGHWAY_CLASSES], dtype=np.int64)
    rank = np.where(motor, by_class[network.edge_class], 0)
    factor, unknown, reasons = _links(network, motor, rank, weights, thresholds, answers)
    lanes = _lanes(network, rank)
    half, kind, met = _crossings(network, motor, rank, lanes, weights)
    return Dangers(weights, factor, half, unknown, reasons, rank, kind, met, thresholds)


def link_factor(
    tags: Mapping[str, str], *, motor: bool, rank: int, weights: Weights, thresholds: Thresholds = THRESHOLDS, answers: Sequence[Answer] = ()
) -> tuple[int, bool, str]:
    """
    Multiplier of a street in hundredths, whether something about it is unknown, and why.

    Parameters
    ----------
    tags
        Of the way.
    motor
        Whether motor traffic uses it.
    rank
        See ``RANKS``.
    answers
        What a survey, a department or an edit says about this very stretch; they come before tags.
    """
    told = {answers[0].subject: answers} if answers else {}
    segment = answers[0].subject if answers else ""
    left, right = (judge_segment(tags, side=side, segment=segment, answers=told, thresholds=thresholds).items for side in _SIDES)
    light = left["D"]
    dark = light is not None and light.state == "unsafe"
    why = list(light.reasons) if dark and light is not None else []
    if not motor:
        return UNLIT if dark else 100, False, ";".join(["foot", *why])
    space = min((v for v in (left["A"], right["A"]) if v is not None), key=lambda verdict: _BETTER[verdict.state])  # for somebody who walks along
    speed = left["B"]
    states = [(space.state, space.reasons[0])] + ([(speed.state, speed.reasons[0])] if speed is not None else [])
    factor = BY_RANK[rank] * (UNLIT if dark else 100)
    if space.state == "unsafe":
        factor = factor * NO_SPACE[rank] // 100
    if speed is not None and speed.state == "unsafe":
        limits = [a.number for a in answers if a.item == "B"] or [kmh(tags.get("maxspeed", ""))]
        factor = factor * (OVER_50 if any(limit is not None and limit > FAST_KMH for limit in limits) else OVER_30) // 100
    unknown = any(state == "unknown" for state, _ in states)
    if unknown:
        factor = factor * round(100 * weights.unknown) // 100
    return factor // 100, unknown, ";".join([code for state, code in states if state != "safe"] + why)


def _links(
    network: Network, motor: NDArray[np.bool_], rank: NDArray[np.int64], weights: Weights, thresholds: Thresholds, answers: Iterable[Answer]
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.object_]]:
    """Every combination of tags that occurs is judged once, and every stretch that has answers of its own."""
    import pandas as pd

    tags = network.way_tags
    row = pd.Index(tags.index).get_indexer(pd.Index(network.edge_way)) if len(tags) else np.full(network.n_edges, -1)
    keys = [k for k in tags.columns if str(k).startswith(_KEYS)] if len(tags) else []
    table = np.column_stack([*(np.where(row >= 0, _codes(tags[k])[row], -1) for k in keys), motor, rank]).astype(np.int64)
    values = [tags[k].astype("category").cat.categories for k in keys]

    def named(line: NDArray[np.int64]) -> dict[str, str]:
        return {str(k): str(v[c]) for k, v, c in zip(keys, values, line, strict=False) if c >= 0}

    unique, which = np.unique(table, axis=0, return_inverse=True) if len(table) else (table, np.zeros(0, dtype=np.int64))
    judged = [link_factor(named(line), motor=bool(line[-2]), rank=int(line[-1]), weights=weights, thresholds=thresholds) for line in unique]
    which = which.ravel()
    factor = np.array([f for f, _, _ in judged], dtype=np.int64)[which]
    unknown = np.array([u for _, u, _ in judged], dtype=bool)[which]
    why = np.empty(len(judged), dtype=object)
    why[:] = [w for _, _, w in judged]
    reasons = why[which]
    told = by_subject(answers)
    for edge, subject in _edges_named(network, told):
        line = table[edge]
        factor[edge], unknown[edge], reasons[edge] = link_factor(
            named(line), motor=bool(line[-2]), rank=int(line[-1]), weights=weights, thresholds=thresholds, answers=told[subject]
        )
    return factor, unknown, reasons


def _edges_named(network: Network, subjects: Mapping[str, object]) -> list[tuple[int, str]]:
    """Edges whose segment key is one of some."""
    ways = {int(key.partition("/")[0]) for key in subjects if key.partition("/")[0].lstrip("-").isdigit()}
    found = []
    for edge in np.flatnonzero(np.isin(network.edge_way, list(ways))).tolist():
        first, last = int(network.node_id[network.edge_u[edge]]), int(network.node_id[network.edge_v[edge]])
        if (key := f"{int(network.edge_way[edge])}/{first}-{last}") in subjects:
            found.append((edge, key))
    return found


def _codes(values: pd.Series) -> NDArray[np.int64]:
    return np.asarray(values.astype("category").cat.codes, dtype=np.int64)


def _lanes(network: Network, rank: NDArray[np.int64]) -> NDArray[np.float64]:
    """Lanes of each edge, all that one crosses."""
    import pandas as pd

    assumed = np.array(LANES_ASSUMED, dtype=float)[rank]
    tags = network.way_tags
    if "oneway" in tags:
        one = tags["oneway"].astype(object).isin(["yes", "1", "true", "-1"]).reindex(network.edge_way).fillna(value=False).to_numpy(dtype=bool)
        assumed = np.where(one, assumed / 2, assumed)
    if "lanes" not in tags:
        return assumed
    told = pd.to_numeric(tags["lanes"].astype(object), errors="coerce").reindex(network.edge_way).to_numpy(dtype=float)
    return np.where(told > 0, told, assumed)


def _crossings(
    network: Network, motor: NDArray[np.bool_], rank: NDArray[np.int64], lanes: NDArray[np.float64], weights: Weights
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Half a crossing at both ends of every edge, its kind, and the rank of what is crossed."""
    ends = network.edge_u, network.edge_v
    met, over = np.zeros((2, network.n_edges), dtype=np.int64), np.zeros((2, network.n_edges))
    for r in range(1, len(RANK_WORDS)):
        big = motor & (rank == r)
        arms: NDArray[np.int64] = np.bincount(np.r_[ends[0][big], ends[1][big]], minlength=network.n_nodes)
        widest = np.zeros(network.n_nodes)
        for end in ends:
            np.maximum.at(widest, end[big], lanes[big])
        for k, end in enumerate(ends):
            here = (arms[end] >= 2) & (rank < r)
            met[k][here], over[k][here] = r, widest[end][here]
    kinds = _kinds(network, np.unique(np.r_[ends[0][met[0] > 0], ends[1][met[1] > 0]]).astype(np.int64))
    price = {
        (kind, r, n): round(500 * weights.crossing_m(CROSSINGS[kind], rank=r, lanes=n))
        for kind in range(len(CROSSINGS))
        for r, n in {*zip(met.ravel().tolist(), over.ravel().tolist(), strict=True)}
    }
    half, kind = np.zeros((2, network.n_edges), dtype=np.int64), np.full((2, network.n_edges), -1, dtype=np.int64)
    for k, end in enumerate(ends):
        for e in np.flatnonzero(met[k]):
            kind[k, e] = kinds[end[e]]
            half[k, e] = price[int(kind[k, e]), int(met[k, e]), float(over[k, e])]
    return half, kind, met


def _kinds(network: Network, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Best kind of crossing at each of some nodes: on the node, on a crossing way that ends there, or within 25 m; for the others "none"."""
    from cfmap.geometry.crs import geometries_to_plane, to_plane
    from cfmap.network.plane import network_crs

    found = np.full(network.n_nodes, CROSSINGS.index("none"), dtype=np.int64)
    table = network.crossings
    if not len(table) or not len(nodes):
        return found
    number = np.array([CROSSINGS.index(k) for k in table["kind"]], dtype=np.int64)
    crs = network_crs(network)
    places = to_plane(np.column_stack([network.node_lon[nodes], network.node_lat[nodes]]), crs)
    tree = shapely.STRtree(geometries_to_plane(np.array(table.geometry.values, dtype=object), crs))
    node, crossing = tree.query(shapely.points(places), predicate="dwithin", distance=CROSSING_NEAR_M)
    np.minimum.at(found, nodes[node], number[crossing])
    return found
