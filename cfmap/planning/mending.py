"""What must be mended so that schools become safe, in which order, and what would come of it?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cfmap.coverage.perimeter.figures import NONE, school_summary, street_metres
from cfmap.coverage.safety import RULE_SETS, THRESHOLDS
from cfmap.model.survey import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

    from cfmap.coverage.perimeter import Covered
    from cfmap.coverage.safety import State, Thresholds
    from cfmap.model.survey import ItemKey, Side

#: What is done about an item: the answer that it makes true, and its name.
WORKS: Mapping[ItemKey, tuple[str, tuple[str, str]]] = {
    "A": ("有", ("修人行道", "build a sidewalk")),
    "B": ("限速", ("立限速牌", "set a speed limit")),
    "C": ("信号灯", ("门口设信号灯过街", "signals at the gate")),
    "D": ("有", ("装路灯", "light the street")),
    "E": ("有", ("立注意儿童标志", "put up signs for children")),
}


@dataclass(frozen=True)
class Action:
    """
    One thing to do on one road, or at one gate.

    Attributes
    ----------
    item
        Of the rule table.
    subjects
        Keys of its segments, or of its gate.
    side
        For a sidewalk, looking along the ways; "" else.
    road
        Name of the road, "" = without a name.
    metres
        Of street that the action is about; 0 at a gate.
    known
        Whether the item is known to be unsafe on any of it; where nobody knows, to look comes before to build.
    schools
        Ids of the schools that need it to be safe.
    alone
        Of these, those that need nothing else.
    pupils, pupils_alone
        Pupils of `schools` and of `alone`; NaN where a school does not say how many.
    share
        Pupils of each school shared out evenly among all actions that it needs; schools without a number count as one pupil.
    """

    item: ItemKey
    subjects: tuple[str, ...]
    side: Side
    road: str
    metres: float
    known: bool
    schools: tuple[str, ...]
    alone: tuple[str, ...]
    pupils: float
    pupils_alone: float
    share: float

    def answers(self, *, id: str = "", thresholds: Thresholds = THRESHOLDS) -> list[Answer]:  # noqa: A002 - as in Answer
        """What would be true once it is done, as edits."""
        number = {"A": thresholds.clear_width_m, "B": thresholds.limit_kmh}.get(self.item)
        return [Answer(key, self.item, WORKS[self.item][0], number, self.side, "edit", id) for key in self.subjects]


@dataclass
class _Place:
    """One item of one segment side, or of one gate."""

    road: str
    metres: float = 0.0
    known: bool = False
    schools: set[str] = field(default_factory=set)


def actions(segments: gpd.GeoDataFrame, schools: gpd.GeoDataFrame, *, roads: Mapping[int, str] | None = None, rule_set: str = "default") -> list[Action]:
    """
    What each school still needs, ranked.

    Parameters
    ----------
    segments
        Result of :func:`cfmap.coverage.perimeter.perimeter`; the ring is left out.
    schools
        With ``id`` and, where known, ``pupils``.
    roads
        Name of each way; one road's pieces that the same schools need are one action.
    rule_set
        Items that must be safe.

    Returns
    -------
    ranked
        First what turns most pupils' schools safe by itself, then what is the largest part of what schools need, then by schools and
        metres, longest first. A school all of whose actions are done is safe (every segment of it); one with none on the
        list is safe or has no road.
    """
    pupils = _pupils(schools)
    places = _places(segments, roads or {}, rule_set)
    groups: dict[tuple[str, str, str, tuple[str, ...]], list[str]] = {}
    for (item, subject, side), place in places.items():
        road = place.road or subject.split("/")[0]
        groups.setdefault((item, side, subject if item == "C" else road, tuple(sorted(place.schools))), []).append(subject)
    needed: dict[str, int] = {}
    for _, _, _, who in groups:
        for school in who:
            needed[school] = needed.get(school, 0) + 1
    found = []
    for (item, side, _, who), subjects in groups.items():
        mine = [places[item, subject, side] for subject in subjects]
        alone = tuple(school for school in who if needed[school] == 1)
        found.append(
            Action(
                item,  # type: ignore[arg-type]
                tuple(sorted(subjects)),
                side,  # type: ignore[arg-type]
                mine[0].road,
                sum(place.metres for place in mine),
                any(place.known for place in mine),
                who,
                alone,
                sum(pupils.get(school, float("nan")) for school in who),
                sum(pupils.get(school, float("nan")) for school in alone),
                sum(_weight(pupils, school) / needed[school] for school in who),
            )
        )
    return sorted(found, key=lambda a: (-sum(_weight(pupils, s) for s in a.alone), -a.share, -len(a.schools), -a.metres, a.item, a.subjects, a.side))


def _places(segments: gpd.GeoDataFrame, roads: Mapping[int, str], rule_set: str) -> dict[tuple[str, str, str], _Place]:
    """Every item of every stretch that keeps it from being safe; a stretch of several schools once, with its longest part."""
    rules = RULE_SETS[rule_set]
    found: dict[tuple[str, str, str], _Place] = {}
    for row in segments[~segments["ring"].astype(bool)].to_dict("records"):
        reasons = set(str(row["reasons"]).split(";"))
        for item in rules.needs:
            state = row[f"item_{item}"]
            other = rules.instead.get(item)
            if state in (None, "safe") or (other and state == "unknown" and row[f"item_{other[0]}"] == "safe" and not _told(reasons, item)):
                continue
            for subject in str(row["gate"]).split(";") if item == "C" else [row["segment"]]:
                side = row["side"] if item == "A" else ""
                place = found.setdefault((item, subject, side), _Place(roads.get(int(row["way_id"]), "")))
                place.metres = max(place.metres, 0.0 if item == "C" else float(row["to_m"] - row["from_m"]))
                place.known |= state == "unsafe"
                place.schools.add(str(row["school"]))
    return found


def _told(reasons: set[str], item: str) -> bool:
    """Whether the item itself is among the reasons; if not, another one stands in for it."""
    return any(code.startswith(f"{item}-") for code in reasons)


def _pupils(schools: gpd.GeoDataFrame) -> dict[str, float]:
    """Pupils of the schools that say how many they have."""
    import pandas as pd

    if "pupils" not in schools:
        return {}
    ids = schools["id"] if "id" in schools else schools.index.to_series()
    numbers = pd.to_numeric(schools["pupils"], errors="coerce").astype("Float64")
    return {str(key): float(n) for key, n in zip(ids, numbers, strict=True) if not pd.isna(n) and n >= 0}


def _weight(pupils: Mapping[str, float], school: str) -> float:
    return pupils.get(school, 1.0)


@dataclass(frozen=True)
class Outcome:
    """
    Before and after.

    Attributes
    ----------
    before, after
        As :func:`cfmap.coverage.perimeter.school_summary` gives them.
    metres_before, metres_after
        Metres of streets by state, each street side once.
    """

    before: pd.DataFrame
    after: pd.DataFrame
    metres_before: Mapping[State, float]
    metres_after: Mapping[State, float]

    def turned(self) -> list[str]:
        """Schools that become safe."""
        return [str(key) for key in self.before.index if self.before.at[key, "state"] != "safe" and self.after.at[key, "state"] == "safe"]

    def interval(self, *, after: bool) -> tuple[float, float, int, int, int]:
        """Per cent of the length that is safe, and safe or unknown; schools that are safe, may be, and all with a road."""
        metres, table = (self.metres_after, self.after) if after else (self.metres_before, self.before)
        total = sum(metres.values())
        share = (float("nan"), float("nan")) if not total else (100.0 * metres["safe"] / total, 100.0 * (metres["safe"] + metres["unknown"]) / total)
        counted = table[table["state"].ne(NONE)]
        return *share, int(counted["state"].eq("safe").sum()), int(counted["state"].isin(["safe", "unknown"]).sum()), len(counted)


def outcome(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, schools: gpd.GeoDataFrame, *, covered: Covered = "every", strict: bool = False) -> Outcome:
    """
    What edits change.

    Parameters
    ----------
    before, after
        Tables of stretches, without the edits and with them among the answers; the same streets in both.
    schools, covered, strict
        As :func:`cfmap.coverage.perimeter.school_summary`.
    """
    tables = [school_summary(segments, schools, covered=covered, strict=strict) for segments in (before, after)]
    metres = [street_metres(segments, strict=strict) for segments in (before, after)]
    return Outcome(tables[0], tables[1], metres[0], metres[1])


def edits(chosen: Sequence[Action] | Iterable[Action], *, thresholds: Thresholds = THRESHOLDS) -> list[Answer]:
    """All answers that actions would make true, each with the number of its action as id."""
    return [answer for number, action in enumerate(chosen, start=1) for answer in action.answers(id=f"{number}", thresholds=thresholds)]


__all__ = ["WORKS", "Action", "Outcome", "actions", "edits", "outcome"]
