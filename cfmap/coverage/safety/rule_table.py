"""When is a street beside a school safe for a child: the rule table as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cfmap.coverage.safety.states import State

SAFE_KMH = 30.0  # GA/T 1215-2014, GB 5768.8-2018
MANY_LANES = 2  # lanes in one direction from which a crossing needs signals
#: Minutes of the day by which a limit for certain hours must hold; a setting, no standard names them.
SCHOOL_HOURS = ((7 * 60 + 30, 8 * 60), (16 * 60 + 30, 17 * 60))


@dataclass(frozen=True)
class Clause:
    """One line of the rule table: when all of `when` hold, the item is `state` because of `reason`."""

    state: State
    reason: str
    when: tuple[Condition, ...]


@dataclass(frozen=True)
class Condition:
    """
    A test of one tag.

    Parameters
    ----------
    key
        Tag, or several joined by ``|`` (any of them); ``{side}`` and ``{far}`` stand for the school's side and the other one.
    test
        ``in`` (one of `values`), ``set`` (tagged at all), ``slow`` / ``fast`` (a limit up to / above 30 km/h),
        ``slow_school_hours`` / ``slow_some_hours`` (a conditional limit).
    values
        For ``in``; the same placeholders.
    """

    key: str
    test: str = "in"
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """One item of the rule table; the first clause that holds decides, none of them means unknown."""

    key: str
    title: str
    title_en: str
    clauses: tuple[Clause, ...]
    otherwise: str


_SHARED = ("living_street", "pedestrian")
_SIDES = "sidewalk:both|sidewalk:{side}"

#: METHODS 2.3, items of the segment. Survey values will come before the tags.
ITEMS: dict[str, Item] = {
    "A": Item(
        "A",
        "人行空间",
        "walking space",
        (
            Clause("safe", "A-shared", (Condition("highway", values=_SHARED),)),
            Clause("safe", "A-sidewalk", (Condition("sidewalk", values=("both", "yes", "{side}")),)),
            Clause("safe", "A-sidewalk", (Condition(_SIDES, values=("yes",)),)),
            Clause("safe", "A-separate", (Condition("sidewalk|" + _SIDES, values=("separate",)), Condition("cfmap:beside", values=("yes",)))),
            Clause("unknown", "A-separate-unmatched", (Condition("sidewalk|" + _SIDES, values=("separate",)),)),
            Clause("unsafe", "A-none", (Condition("sidewalk", values=("no", "none")),)),
            Clause("unsafe", "A-none", (Condition(_SIDES, values=("no", "none")),)),
            Clause("unsafe", "A-far-side", (Condition("sidewalk", values=("{far}",)),)),
        ),
        "A-untagged",
    ),
    "B": Item(
        "B",
        "限速",
        "speed",
        (
            Clause("safe", "B-shared", (Condition("highway", values=_SHARED),)),
            Clause("safe", "B-limit", (Condition("maxspeed", "slow"),)),
            Clause("safe", "B-school-hours", (Condition("maxspeed:conditional", "slow_school_hours"),)),
            Clause("unknown", "B-other-hours", (Condition("maxspeed:conditional", "slow_some_hours"),)),
            Clause("unsafe", "B-over", (Condition("maxspeed", "fast"),)),
            Clause("unknown", "B-unread", (Condition("maxspeed", "set"),)),
            Clause("unknown", "B-sign-only", (Condition("hazard", values=("school_zone", "children")),)),
        ),
        "B-untagged",
    ),
}
