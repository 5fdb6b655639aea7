"""Which tags of a street contradict each other or cannot be read, and what was made of them?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cfmap.coverage.safety.limits import limit, unread_limits
from cfmap.coverage.safety.tags import LANES, LIT, lane_counts, number, sidewalk
from cfmap.coverage.safety.thresholds import THRESHOLDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cfmap.coverage.safety.tags import OneSide
    from cfmap.coverage.safety.thresholds import Thresholds

SIDEWALK, SPEED, LIGHT, LANE = ("人行道", "sidewalk"), ("限速", "limit of speed"), ("路灯", "lighting"), ("车道数", "number of lanes")
SIDES: Mapping[OneSide, tuple[str, str]] = {"left": ("左侧", "left"), "right": ("右侧", "right")}
#: Streets shared with people on foot, where nobody drives faster than children may bear.
SHARED = ("living_street", "pedestrian")


@dataclass(frozen=True)
class Mistake:
    """
    Tags of one way that contradict each other, or one that cannot be read.

    Parameters
    ----------
    about
        What they speak of, zh and en.
    tags
        Those that disagree, or the one that cannot be read.
    counted
        What the map alone says then and why, zh and en; None = the tag cannot be read, and its item is unknown.
    """

    about: tuple[str, str]
    tags: str
    counted: tuple[str, str] | None = None


def mistakes(tags: Mapping[str, str], *, thresholds: Thresholds = THRESHOLDS) -> tuple[Mistake, ...]:
    """
    Everything that is wrong in the tags of a way, as far as the rule table reads them.

    A country's usual limit (``zone:maxspeed=DE:urban``) contradicts no number, for a sign stands against it; nor does a limit for
    certain hours.
    """
    return (*_sidewalks(tags), *_speeds(tags, thresholds), *_lanes(tags, thresholds), *_light(tags))


def _sidewalks(tags: Mapping[str, str]) -> list[Mistake]:
    read = [(side, found) for side in SIDES if (found := sidewalk(tags, side)) is not None]
    told = []
    for value in ("contradictory", "unread"):
        sides = [(SIDES[side], text) for side, (what, text) in read if what == value]
        if sides:
            zh, en = "、".join(side[0] for side, _ in sides), " and ".join(side[1] for side, _ in sides)
            text = " ".join(dict.fromkeys(word for _, words in sides for word in words.split(" ")))
            why = f"不知道哪个对，{zh}的人行道算“不清楚”", f"nobody can tell which is right: the sidewalk on the {en} is unknown"
            told.append(Mistake(SIDEWALK, text, why if value == "contradictory" else None))
    return told


def _speeds(tags: Mapping[str, str], thresholds: Thresholds) -> list[Mistake]:
    found, safe = limit(tags, thresholds=thresholds), f"{thresholds.limit_kmh:g}"
    told = [Mistake(SPEED, unread) for unread in unread_limits(tags)]
    if tags.get("highway") in SHARED and found.least > thresholds.limit_kmh:
        why = (
            "步行优先的街道不会限速这么高，不知道哪个对，限速算“不清楚”",
            "a street shared with people on foot has no such limit; nobody can tell which is right: unknown",
        )
        told.append(Mistake(SPEED, f"highway={tags['highway']} {found.read}", why))
    elif found.contradicts:
        if found.least > thresholds.limit_kmh:
            why = f"哪个对都高于 {safe}，限速算“不安全”", f"whichever is right, it is above {safe} km/h: unsafe"
        elif found.most <= thresholds.limit_kmh:
            why = f"哪个对都不高于 {safe}，限速算“安全”", f"whichever is right, it is not above {safe} km/h: safe"
        else:
            why = (
                f"有的高于 {safe} 有的不高于，不知道哪个对，限速算“不清楚”",
                f"one is above {safe} km/h, another is not, and nobody can tell which is right: unknown",
            )
        told.append(Mistake(SPEED, found.read, why))
    return told


def _lanes(tags: Mapping[str, str], thresholds: Thresholds) -> list[Mistake]:
    told = [Mistake(LANE, f"{key}={tags[key]}") for key in LANES if key.startswith("lanes") and tags.get(key) and number(tags[key]) is None]
    counts = lane_counts(tags)
    if len(counts) < 2:
        return told
    text = " ".join(f"{key}={tags[key]}" for key in LANES if tags.get(key))
    least, most = f"{min(counts):g}", f"{max(counts):g}"
    if min(counts) < thresholds.many_lanes <= max(counts):
        why = (
            f"单向 {least} 条还是 {most} 条不知道，校门前的斑马线算“不清楚”",
            f"{least} or {most} lanes in one direction: zebra crossings before gates are unknown",
        )
    else:
        why = f"单向按 {most} 条算，结论一样", f"{most} lanes in one direction are counted; it comes to the same"
    return [*told, Mistake(LANE, text, why)]


def _light(tags: Mapping[str, str]) -> list[Mistake]:
    value = tags.get("lit")
    return [Mistake(LIGHT, f"lit={value}")] if value and value not in LIT else []


__all__ = ["Mistake", "mistakes"]
