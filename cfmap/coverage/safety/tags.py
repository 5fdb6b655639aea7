"""What do the tags of a street say about speed and lanes?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cfmap.coverage.safety.rule_table import SAFE_KMH, SCHOOL_HOURS

if TYPE_CHECKING:
    from collections.abc import Mapping

KMH_PER_MPH = 1.609344


def kmh(text: str) -> float | None:
    """Limit of a ``maxspeed`` in km/h (``30``, ``20 mph``, ``walk``, ``none``); None where it names no number (``CN:urban``)."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph)?", text.strip().lower())
    if found:
        return float(found[1]) * (KMH_PER_MPH if found[2] == "mph" else 1.0)
    return {"walk": 7.0, "none": float("inf")}.get(text.strip().lower())


def lanes_one_way(tags: Mapping[str, str]) -> float | None:
    """Lanes in the busier direction; None when not tagged or not a number."""
    each = [n for key in ("lanes:forward", "lanes:backward") if (n := _number(tags.get(key))) is not None]
    if each:
        return max(each)
    every = _number(tags.get("lanes"))
    if every is None:
        return None
    return every if tags.get("oneway") in ("yes", "1", "true", "-1") else every / 2


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def conditional(text: str) -> list[tuple[float | None, str]]:
    """``30 @ (Mo-Fr 07:00-08:30); 40 @ wet`` as [(30, "Mo-Fr 07:00-08:30"), (40, "wet")]."""
    found = re.findall(r"([^;@]+)@\s*(\([^)]*\)|[^;]+)", text)
    return [(kmh(limit), when.strip("() ")) for limit, when in found]


def covers_school_hours(when: str) -> bool:
    """Whether a condition (``Mo-Fr 07:00-08:30``) holds during all school hours."""
    if re.search(r"\b(SH|PH)\b(?!\s*off)", when) or (re.search(r"\b(Sa|Su)\b", when) and not re.search(r"\bMo\b", when)):
        return False
    spans = [(int(a) * 60 + int(b), int(c) * 60 + int(d)) for a, b, c, d in re.findall(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", when)]
    return all(any(start <= first and last <= end for start, end in spans) for first, last in SCHOOL_HOURS)


def is_slow(text: str) -> bool:
    """A limit that can be read and is not above 30 km/h."""
    limit = kmh(text)
    return limit is not None and limit <= SAFE_KMH


def is_fast(text: str) -> bool:
    """A limit that can be read and is above 30 km/h."""
    limit = kmh(text)
    return limit is not None and limit > SAFE_KMH
