"""Which limit do tags set during school hours: one number, a range that leaves it open, or nothing that can be read?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Literal

from cfmap.coverage.safety.thresholds import THRESHOLDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cfmap.coverage.safety.thresholds import Thresholds

KMH_PER_MPH = 1.609344
LEAST_KMH = 4.0  # below it a number is a slip: the lowest signs say 5 km/h or 3 mph
WALK_KMH = 7.0  # no number is posted; only that it is below every limit matters
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
SCHOOL_DAYS = frozenset(range(5))
DAY_MIN = 24 * 60
#: Keys that say something about limits; all are kept of a street file.
KEYS = (
    *("maxspeed", "maxspeed:forward", "maxspeed:backward", "zone:maxspeed", "maxspeed:type", "source:maxspeed"),
    *("maxspeed:conditional", "maxspeed:forward:conditional", "maxspeed:backward:conditional"),
)
_ZONE_KEYS = ("zone:maxspeed", "maxspeed:type", "source:maxspeed")
VARIABLE = ("signals", "variable")
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph)?")
_ZONE = re.compile(r"[a-z]{2}:(?:zone:?)?(\d+)")
_CONDITION = re.compile(r"([^;@]+)@\s*(\([^)]*\)|[^;]+)")
_DAY = "|".join(DAYS)
_RULE = re.compile(
    rf"(?P<days>(?:(?:{_DAY})(?:\s*-\s*(?:{_DAY}))?|PH|SH)(?:\s*,\s*(?:(?:{_DAY})(?:\s*-\s*(?:{_DAY}))?|PH|SH))*)?\s*"
    r"(?P<times>\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2}(?:\s*,\s*\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2})*|24/7|off|closed)?"
)
#: A rule for holidays alone says nothing about school days.
_HOLIDAYS = re.compile(r"(?:PH|SH)(?:\s*,\s*(?:PH|SH))*(?!\s*,)\b")

Holds = Literal["yes", "no", "maybe"]
#: Why a limit is as it is: set at all times, for certain hours, or left open because of something.
Form = Literal["always", "hours", "contradictory", "one direction", "variable", "unread", ""]
#: Of two directions that count alike the first of these is told.
_FORMS: tuple[Form, ...] = ("contradictory", "hours", "one direction", "variable", "unread", "always", "")


@dataclass(frozen=True)
class Limit:
    """
    Limit during school hours in the direction that is worse.

    Parameters
    ----------
    least, most
        km/h; it lies between them (both the same where it is known, 0 and infinity where nothing is).
    form
        What it rests on, or what leaves it open; "" = no tag.
    read
        Tags that were read.
    contradicts
        The tags name different limits for one direction.
    """

    least: float
    most: float
    form: Form
    read: str
    contradicts: bool


def kmh(text: str) -> float | None:
    """Limit in km/h (``30``, ``20 mph``, ``DE:zone30``, ``walk``, ``none``); None where no number is named (``CN:urban``, ``signals``)."""
    text = text.strip().lower()
    if found := _NUMBER.fullmatch(text):
        number = float(found[1]) * (KMH_PER_MPH if found[2] == "mph" else 1.0)
        return number if number >= LEAST_KMH else None
    if found := _ZONE.fullmatch(text):
        return float(found[1])
    if text == "none":
        return inf
    return WALK_KMH if text == "walk" or re.fullmatch(r"[a-z]{2}:(living_street|walk|pedestrian_zone)", text) else None


def directions(tags: Mapping[str, str]) -> tuple[Literal["forward", "backward"], ...]:
    """In which directions of the way traffic runs."""
    oneway = tags.get("oneway", "")
    if oneway in ("-1", "reverse"):
        return ("backward",)
    if oneway in ("yes", "1", "true") or (oneway not in ("no", "0", "false") and tags.get("junction") in ("roundabout", "circular")):
        return ("forward",)
    return ("forward", "backward")


def limit(tags: Mapping[str, str], *, thresholds: Thresholds = THRESHOLDS) -> Limit:
    """
    What a street's tags say about the limit in school hours.

    ``maxspeed:forward`` and ``:backward`` count only for directions that traffic runs in (the way's, whatever way it was
    drawn); of a two-way street the worse direction counts. Numbers that contradict each other give a range.
    """
    found = [_one_way(tags, way, thresholds) for way in directions(tags)]
    safe = thresholds.limit_kmh
    least, most = max(f.least for f in found), max(f.most for f in found)
    read = " ".join(dict.fromkeys(text for f in found for text in f.read.split("\n") if text))
    contradicts = any(f.contradicts for f in found)
    decide = [f.form for f in found if (f.least > safe if least > safe else f.most > safe or most <= safe)]
    if least <= safe < most and "" in decide and any(f.form for f in found):
        decide = ["one direction"]
    return Limit(least, most, min(decide, key=_FORMS.index), read, contradicts)


def unread_limits(tags: Mapping[str, str]) -> list[str]:
    """Tags that should name a limit and cannot be read (``maxspeed=30;50``)."""
    keys = ("maxspeed", *(f"maxspeed:{way}" for way in directions(tags)))
    conditions = ("maxspeed:conditional", *(f"maxspeed:{way}:conditional" for way in directions(tags)))
    told = [f"{key}={tags[key]}" for key in keys if tags.get(key) and kmh(tags[key]) is None and tags[key] not in VARIABLE]
    return told + [f"{key}={tags[key]}" for key in conditions if tags.get(key) and not _CONDITION.findall(tags[key])]


def _one_way(tags: Mapping[str, str], way: str, thresholds: Thresholds) -> Limit:
    named = [(key, tags[key]) for key in (f"maxspeed:{way}", "maxspeed") if tags.get(key)]
    zones = [(key, tags[key]) for key in _ZONE_KEYS if tags.get(key) and kmh(tags[key]) is not None]
    safe = thresholds.limit_kmh
    # the word for this direction counts: where it names no number, what the others name is no answer to it
    numbers = [n for _, text in named + zones if (n := kmh(text)) is not None] if not named or kmh(named[0][1]) is not None else []
    least, most = (min(numbers), max(numbers)) if numbers else (0.0, inf)
    form: Form = "always" if numbers else ("" if not named else "variable" if named[0][1] in VARIABLE else "unread")
    if least <= safe < most and numbers:
        form = "contradictory"
    key, text = next(((k, tags[k]) for k in (f"maxspeed:{way}:conditional", "maxspeed:conditional") if tags.get(k)), ("", ""))
    options = [(least, most)]
    conditions = [(kmh(value), when.strip("() ")) for value, when in _CONDITION.findall(text)]
    for value, when in conditions:
        option = (0.0, inf) if value is None else (value, value)
        holds = during_school(when, hours=thresholds.school_hours)
        options = {"yes": [option], "no": options, "maybe": [*options, option]}[holds]
    low, high = min(o[0] for o in options), max(o[1] for o in options)
    if text:
        slow = any(value is None or value <= safe for value, _ in conditions)
        if high <= safe:
            form = "always" if most <= safe else "hours"
        elif low > safe:
            form = "hours" if slow and least <= low else "always"
        else:
            form = "hours" if conditions else "unread"
    read = "\n".join(f"{k}={v}" for k, v in [*named, *zones, *([(key, text)] if text else [])])
    return Limit(low, high, form, read, least < most and bool(numbers))


def during_school(when: str, *, hours: tuple[tuple[int, int], ...] = THRESHOLDS.school_hours) -> Holds:
    """
    Does a condition of a tag (``Mo-Fr 07:00-08:30``) hold in school hours: yes in all, no in none, maybe where it is
    in some of them or cannot be read (``wet``, months, weights). School holidays are no school days.
    """
    parts: list[Holds] = [_hours_hold(part.strip(), hours) for part in re.split(r"\bAND\b", when)]
    return "no" if "no" in parts else "yes" if all(p == "yes" for p in parts) else "maybe"


def _hours_hold(text: str, hours: tuple[tuple[int, int], ...]) -> Holds:
    spans: dict[int, list[tuple[int, int]]] = {day: [] for day in SCHOOL_DAYS}
    rules = [rule.strip() for rule in text.split(";") if rule.strip()]
    for rule in rules:
        if _HOLIDAYS.match(rule):
            continue
        found = _RULE.fullmatch(rule)
        if found is None:
            return "maybe"
        times = _times(found["times"])
        if times is None:
            return "maybe"
        for day in SCHOOL_DAYS & _days(found["days"]):
            spans[day] = times
    if not rules:
        return "maybe"
    inside = [any(start <= first and last <= end for start, end in spans[day]) for day in SCHOOL_DAYS for first, last in hours]
    touched = [any(start < last and first < end for start, end in spans[day]) for day in SCHOOL_DAYS for first, last in hours]
    return "yes" if all(inside) else "maybe" if any(touched) else "no"


def _days(text: str | None) -> frozenset[int]:
    if text is None:
        return frozenset(range(7))
    days: set[int] = set()
    for part in re.split(r"\s*,\s*", text):
        ends = [DAYS.index(day) for day in re.split(r"\s*-\s*", part) if day in DAYS]
        if ends:
            days |= {(ends[0] + n) % 7 for n in range((ends[-1] - ends[0]) % 7 + 1)}
    return frozenset(days)


def _times(text: str | None) -> list[tuple[int, int]] | None:
    if text in (None, "24/7"):
        return [(0, DAY_MIN)]
    if text in ("off", "closed"):
        return []
    spans = []
    for a, b, c, d in re.findall(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})", text or ""):
        start, end = int(a) * 60 + int(b), int(c) * 60 + int(d)
        if max(start, end) > DAY_MIN or int(b) > 59 or int(d) > 59:
            return None
        spans += [(start, end)] if start < end else [(start, DAY_MIN), (0, end)]
    return spans


__all__ = ["KEYS", "KMH_PER_MPH", "Limit", "directions", "during_school", "kmh", "limit", "unread_limits"]
