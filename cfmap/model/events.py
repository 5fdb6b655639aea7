"""When is an event: which days it covers, and what that means on a given day."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

EVENTS = "events"  # key of the layer whose rows are events
STARTS, ENDS, AT = "starts_on", "ends_on", "at_site"  # its columns: first day, last day, the place of the map where it is held
ONGOING, UNDECIDED = "长期", "待定"  # what may stand in place of the last day
AHEAD_DAYS = 60  # an event that begins later than this waits; `events.js` of the page has the same number

When = Literal["now", "soon", "undated", "later", "over"]
WHENS: tuple[When, ...] = ("now", "soon", "undated", "later", "over")
SHOWN: frozenset[When] = frozenset(("now", "soon", "undated"))


def span(starts: str | None, ends: str | None) -> tuple[date, date] | None:
    """
    First and last day of an event, both inclusive.

    Parameters
    ----------
    starts, ends
        As the intake room reads dates: ``2024``, ``2024-05``, ``2024-05-01``, None; `ends` also :data:`ONGOING` or :data:`UNDECIDED`.

    Returns
    -------
    days
        None when no day is known. Without an end it is the one day (or the month, the year) of its start; with
        :data:`ONGOING` or :data:`UNDECIDED` it never ends. A start that is not known is long ago. An end before the start counts as the start.
    """
    first = None if not starts else _first(starts)
    if ends == ONGOING:
        return first or date.min, date.max
    if ends == UNDECIDED:
        return None if first is None else (first, date.max)
    last = _last(ends) if ends else _last(starts) if starts else None
    if last is None:
        return None
    return first or date.min, max(last, first or date.min)


def when(starts: str | None, ends: str | None, today: date) -> When:
    """
    What an event is on a day.

    ``now``; ``soon``: begins within :data:`AHEAD_DAYS` days; ``later``; ``over``; ``undated``: no day is known, never taken for over.
    """
    days = span(starts, ends)
    if days is None:
        return "undated"
    if days[1] < today:
        return "over"
    if days[0] <= today:
        return "now"
    return "soon" if days[0] <= today + timedelta(days=AHEAD_DAYS) else "later"


def tally(spans: Iterable[tuple[Any, Any]], today: date) -> dict[When, int]:
    """How many events of each kind, from their ``(starts, ends)``."""
    kinds = [when(starts, ends, today) for starts, ends in spans]
    return {kind: kinds.count(kind) for kind in WHENS}


def _first(text: str) -> date:
    year, month, day = ([int(p) for p in text.split("-")] + [1, 1])[:3]
    return date(year, month, day)


def _last(text: str) -> date:
    parts = [int(p) for p in text.split("-")]
    if len(parts) == 3:
        return date(*parts)
    month = parts[1] if len(parts) == 2 else 12
    return date(parts[0], month, calendar.monthrange(parts[0], month)[1])
