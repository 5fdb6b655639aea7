"""What is on: the events of the page, in a block of their own that can be replaced without touching the rest."""

from __future__ import annotations

import re
from datetime import UTC, date, timedelta, timezone
from typing import TYPE_CHECKING, Any

from cfmap.model.events import AT, EVENTS
from cfmap.model.schema import SITE_FIELDS
from cfmap.publish import clock
from cfmap.publish.web.pinyin import readings
from cfmap.publish.web.shown import anchors, column, public_fields, values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cfmap.model.city import City
    from cfmap.publish.web.shown import Shown

CHINA = timezone(timedelta(hours=8))
NOT_OF_EVENTS = {"id", "name", "layer", "year", "photo"}  # the year of a list says nothing about an event: it has its days


def events(shown: Shown, city: City, sites: Mapping[str, Any], *, layers: list[str], read: date) -> dict[str, Any]:
    """
    The page's block of events: columns as those of the sites (:mod:`cfmap.publish.web.payload`).

    Parameters
    ----------
    shown
        Events that the page may show; over or not is decided in the reader's browser, on the reader's day.
    sites
        The page's block of sites; with very many sites, together with its late part.
    layers
        Keys of the page's layers, in its order.
    read
        Day on which the table was read: no reader's clock is believed that is behind it.

    Returns
    -------
    block
        ``site``: row of the place in the page where an event is held, None where it names none.
    """
    names = [str(name) for name in values(shown, "name")]
    spots = anchors(shown.geometry)
    columns = {f.key: column(values(shown, f.key)) for f in public_fields(SITE_FIELDS, city) if f.key not in NOT_OF_EVENTS}
    searched = [*names, *(a for a in values(shown, "address") if isinstance(a, str) and "address" in columns)]
    fields = public_fields(shown.data.layer.fields, city)
    held = values(shown, AT) if any(f.key == AT for f in fields) else [None] * len(names)
    return {
        "layer": layers.index(EVENTS),
        "read": read.isoformat(),
        "key": shown.keys,
        "name": names,
        "lon": [None if p is None else p[0] for p in spots],
        "lat": [None if p is None else p[1] for p in spots],
        "columns": {k: v for k, v in columns.items() if v},
        "own": {k: v for k, v in ((f.key, column(values(shown, f.key))) for f in fields) if v},
        "site": _rows(held, spots, sites),
        "pinyin": {c: r for c, r in readings(searched).items() if c not in sites["pinyin"]},
    }


def today(*, china: bool) -> date:
    """The day: in China, for a city there; else by UTC."""
    return clock.now().astimezone(CHINA if china else UTC).date()


def _rows(held: list[Any], spots: list[list[int] | None], sites: Mapping[str, Any]) -> list[int | None]:
    """Row of each place by its name; of several with one name that which is nearest to the event."""
    by_name: dict[str, list[int]] = {}
    for row, name in enumerate(sites["name"]):
        by_name.setdefault(re.sub(r"\s+", "", name), []).append(row)

    def away(row: int, spot: list[int] | None) -> float:
        lon, lat = sites["lon"][row], sites["lat"][row]
        return float("inf") if spot is None or lon is None else abs(lon - spot[0]) + abs(lat - spot[1])

    found = [by_name.get(re.sub(r"\s+", "", str(name)), []) if name else [] for name in held]
    return [min(rows, key=lambda row: away(row, spot)) if rows else None for rows, spot in zip(found, spots, strict=True)]
