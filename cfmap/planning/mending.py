"""What must be mended so that schools become safe, in which order, and what would come of it?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import shapely

from cfmap.coverage.perimeter.figures import COVERED_SHARE, EXACT_M
from cfmap.coverage.safety import THRESHOLDS
from cfmap.geometry.compass import side_words
from cfmap.model.mending import MendingRules
from cfmap.model.survey import Answer
from cfmap.planning.budget import order_by_cost
from cfmap.planning.heads import Heads, on_roll
from cfmap.planning.needs import needs
from cfmap.planning.prices import costs_of
from cfmap.planning.ranking import School, order_of, spare, turned, worth

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import geopandas as gpd

    from cfmap.coverage.perimeter import Covered
    from cfmap.coverage.safety import State, Thresholds
    from cfmap.model.survey import ItemKey
    from cfmap.planning.needs import Place

#: What is done about an item: the answer that it makes true, and its name.
WORKS: Mapping[ItemKey, tuple[str, tuple[str, str]]] = {
    "A": ("有", ("修人行道", "build a sidewalk")),
    "B": ("限速", ("立限速牌", "set a speed limit")),
    "C": ("信号灯", ("门口设信号灯过街", "signals at the gate")),
    "D": ("有", ("装路灯", "light the street")),
    "E": ("有", ("立注意儿童标志", "put up signs for children")),
}


@dataclass(frozen=True, eq=False)
class Action:
    """
    One thing to do on one road, or at one gate.

    Attributes
    ----------
    item
        Of the rule table.
    places
        Its segments (for a sidewalk each with its side, looking along the way), or its gate.
    side
        For a sidewalk the side of the road in words, Chinese and English; empty else.
    road
        Name of the road, "" = without a name.
    metres
        Of street that the action is about; 0 at a gate.
    known
        Whether the item is known to be unsafe on any of it; where nobody knows, to look comes before to build.
    shape
        Its streets, EPSG:4326; those before it for a gate.
    schools
        Ids of the schools in whose perimeter it is; once it is ranked, those that are not safe.
    alone
        Of these, those that it makes safe with nothing else done.
    turned
        Those that it makes safe when the list is done in its order.
    spare
        Whether every school becomes safe without it, the others of the list done: only where 90 % of the length is enough.
    share
        What part of the schools' needs it is, each school counted as :meth:`cfmap.planning.heads.Heads.weights` does.
    """

    item: ItemKey
    places: tuple[Place, ...]
    side: tuple[str, str]
    road: str
    metres: float
    known: bool
    shape: shapely.MultiLineString
    schools: tuple[str, ...]
    alone: tuple[str, ...] = ()
    turned: tuple[str, ...] = ()
    spare: bool = False
    share: float = 0.0

    def answers(self, *, id: str = "", thresholds: Thresholds = THRESHOLDS) -> list[Answer]:  # noqa: A002 - as in Answer
        """What would be true once it is done, as edits."""
        number = {"A": thresholds.clear_width_m, "B": thresholds.limit_kmh}.get(self.item)
        return [Answer(p.subject, self.item, WORKS[self.item][0], number, p.side, "edit", id) for p in self.places]


def actions(
    segments: gpd.GeoDataFrame,
    schools: gpd.GeoDataFrame,
    *,
    roads: Mapping[int, str] | None = None,
    rule_set: str = "default",
    covered: Covered = "every",
    heads: Heads | None = None,
    rules: MendingRules | None = None,
) -> list[Action]:
    """
    What schools still need, ranked.

    Parameters
    ----------
    segments
        Result of :func:`cfmap.coverage.perimeter.perimeter`, made with `rule_set`; the ring is left out.
    schools
        With ``id`` and, where known, ``pupils``.
    roads
        Name of each way; one road's pieces on one side that the same schools need are one action.
    rule_set
        Items that must be safe.
    covered
        When a school is safe, see :data:`cfmap.coverage.perimeter.COVERED_WORDS`.
    heads
        Children of each school; None = what `schools` says.
    rules
        What comes first, and prices; None = children.

    Returns
    -------
    ranked
        Next always the action that makes the schools of most children safe (or most schools), what stands before it done; of equal ones the
        largest part of what schools still need, then more schools, then more metres. By cost: as :func:`cfmap.planning.budget.order_by_cost`.
        All done, every school with a road is safe. Where 90 % of the
        length is enough, those that can be left out stand last. A school that needs nothing is safe or has no road.
    """
    inner = segments[~segments["ring"].astype(bool)]
    lacking = needs(inner, rule_set=rule_set)
    drafts = _drafts(inner, lacking, roads or {})
    rules = rules or MendingRules()
    yuan = costs_of(drafts, rules.prices) if rules.rank == "cost" else {}
    models = _models(inner, drafts, lacking, covered, yuan)
    weight = weights_of(models, heads or Heads(on_roll(schools)), rules)
    helps = {n: mine for n, d in enumerate(drafts) if (mine := [school for school in d.schools if school in models and n in models[school].actions])}
    order = order_by_cost(models, weight, yuan) if rules.rank == "cost" else order_of(helps, models, weight, {n: drafts[n].metres for n in helps})
    last = spare(order, helps, models) if covered == "length" else set()
    found, done = [], set[int]()
    for n in [*(n for n in order if n not in last), *(n for n in order if n in last)]:
        mine = helps[n]
        alone, now = turned(n, mine, models, set()), turned(n, mine, models, done)
        share = worth(n, mine, models, weight, set()).share
        found.append(replace(drafts[n], schools=tuple(mine), alone=tuple(alone), turned=tuple(now), spare=n in last, share=share))
        done.add(n)
    return found


def needed(
    segments: gpd.GeoDataFrame, ranked: Sequence[Action], *, rule_set: str = "default", covered: Covered = "every", yuan: Mapping[int, float] | None = None
) -> dict[str, School]:
    """
    What each school that is not safe needs, by the place of actions in the list, from 0.

    Parameters
    ----------
    segments, rule_set, covered
        As :func:`actions` had them.
    yuan
        Of each action: where 90 % of the length is enough, those that give most for the money.
    """
    inner = segments[~segments["ring"].astype(bool)]
    return _models(inner, ranked, needs(inner, rule_set=rule_set), covered, yuan or {})


def weights_of(schools: Iterable[str], heads: Heads, rules: MendingRules) -> dict[str, float]:
    """What each school counts in the order: :meth:`cfmap.planning.heads.Heads.weights`, or each one."""
    return dict.fromkeys(schools, 1.0) if rules.rank == "schools" else heads.weights(schools)


@dataclass
class _Lack:
    """Where a place is lacking: stretches along its edge, of one or several schools, from where to where."""

    way: int
    known: bool = False
    schools: set[str] = field(default_factory=set)
    spans: dict[tuple[float, float], shapely.LineString] = field(default_factory=dict)

    @property
    def metres(self) -> float:
        """Length of all of them together, each metre once."""
        total, reached = 0.0, float("-inf")
        for begin, end in sorted(self.spans):
            total += max(0.0, end - max(begin, reached))
            reached = max(reached, end)
        return total

    @property
    def longest(self) -> shapely.LineString:
        """By which the side is named."""
        return self.spans[max(self.spans, key=lambda span: (span[1] - span[0], span))]

    @property
    def lines(self) -> list[shapely.LineString]:
        """Without those that lie in another one."""
        return [line for (a, b), line in self.spans.items() if not any(c <= a and b <= d and (c, d) != (a, b) for c, d in self.spans)]


def _drafts(inner: gpd.GeoDataFrame, lacking: Sequence[Mapping[Place, State]], roads: Mapping[int, str]) -> list[Action]:
    """Places of one road and one side that the same schools lack are one; in order of their places."""
    lacks: dict[Place, _Lack] = {}
    facts = zip(inner["school"], inner["way_id"], inner["from_m"], inner["to_m"], inner.geometry, lacking, strict=True)
    for school, way, begin, end, line, mine in facts:
        for place, state in mine.items():
            lack = lacks.setdefault(place, _Lack(int(way)))
            lack.known |= state == "unsafe"
            lack.schools.add(str(school))
            lack.spans[float(begin), float(end)] = line
    groups: dict[tuple[str, str, tuple[str, ...]], list[Place]] = {}
    for place in sorted(lacks):
        lack = lacks[place]
        road = place.subject if place.item == "C" else roads.get(lack.way) or f"{lack.way}"
        groups.setdefault((place.item, road, tuple(sorted(lack.schools))), []).append(place)
    parted: list[tuple[tuple[str, str], list[Place]]] = []
    for (item, *_), places in groups.items():
        words = side_words([lacks[p].longest for p in places], [p.side for p in places]) if item == "A" else [("", "")] * len(places)
        parted += [(word, [p for p, own in zip(places, words, strict=True) if own == word]) for word in dict.fromkeys(words)]
    parted.sort(key=lambda part: part[1])
    drafts = []
    for word, places in parted:
        mine, first = [lacks[p] for p in places], lacks[places[0]]
        metres = 0.0 if places[0].item == "C" else sum(lack.metres for lack in mine)
        shape = shapely.MultiLineString([line for lack in mine for line in lack.lines])
        known = any(lack.known for lack in mine)
        drafts.append(Action(places[0].item, tuple(places), word, roads.get(first.way, ""), metres, known, shape, tuple(sorted(first.schools))))
    return drafts


def _models(
    inner: gpd.GeoDataFrame, listed: Sequence[Action], lacking: Sequence[Mapping[Place, State]], covered: Covered, yuan: Mapping[int, float]
) -> dict[str, School]:
    """Schools that are not safe, and what each needs."""
    number = {place: n for n, action in enumerate(listed) for place in action.places}
    rows: dict[str, list[tuple[float, Mapping[Place, State]]]] = {}
    for school, metres, mine in zip(inner["school"], (inner["to_m"] - inner["from_m"]) * inner["weight"], lacking, strict=True):
        rows.setdefault(str(school), []).append((float(metres), mine))
    found = {}
    for school, stretches in rows.items():
        short = None
        if covered == "length":
            whole, safe = sum(metres for metres, _ in stretches), sum(metres for metres, lacks in stretches if not lacks)
            short = max(0.0, COVERED_SHARE * whole - EXACT_M - safe)
        gates = frozenset(number[place] for _, lacks in stretches for place in lacks if place.item == "C" and place in number)
        # what no school needs is not in a list that is ranked: it is round safe schools, or where the length is enough already
        open_ = [(metres, lacks) for metres, lacks in stretches if lacks and number.keys() >= lacks.keys()]
        model = School(tuple((metres, frozenset(number[p] for p in lacks)) for metres, lacks in open_), gates, short, yuan)
        if not model.safe(set()):
            found[school] = model
    return found


def edits(chosen: Iterable[Action], *, thresholds: Thresholds = THRESHOLDS) -> list[Answer]:
    """All answers that actions would make true, each with the number of its action as id."""
    return [answer for number, action in enumerate(chosen, start=1) for answer in action.answers(id=f"{number}", thresholds=thresholds)]


__all__ = ["WORKS", "Action", "actions", "edits", "needed", "weights_of"]
