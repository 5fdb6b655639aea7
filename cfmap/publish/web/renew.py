"""How do today's events get into a page that is published: one block of data is replaced, every other byte stays."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely

from cfmap.intake.events import Place, placed
from cfmap.model.errors import EnvironmentFault, SafetyRefusal
from cfmap.model.events import ENDS, EVENTS, SHOWN, STARTS, span, tally, when
from cfmap.model.messages import fault
from cfmap.publish import clock, gate, manifest, page_check, published, release
from cfmap.publish.public import input_names, public_id, public_layer
from cfmap.publish.web import INDEX
from cfmap.publish.web.cfmap_map import data_block
from cfmap.publish.web.events import events, today
from cfmap.publish.web.geometry import GRID
from cfmap.publish.web.shown import shown_of, site_key, values

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from cfmap.model.city import City
    from cfmap.model.edition import LayerData
    from cfmap.model.events import When
    from cfmap.model.messages import Fault
    from cfmap.publish.published import Published
    from cfmap.publish.release import Release

COMING = 20  # events that are listed
_BLOCK = re.compile(r'<script type="application/json" id="cfmap-events">[^<]*</script>')


@dataclass(frozen=True)
class Found:
    """
    Events as they would be shown.

    Attributes
    ----------
    data
        The layer, with what was found out about it.
    block
        The page's block.
    read
        The day.
    tally
        How many are on, to come, undated, later, over.
    coming
        The first of those that are shown, a line each.
    """

    data: LayerData
    block: dict[str, Any]
    read: date
    tally: dict[When, int]
    coming: tuple[str, ...]


def target(folder: Path, *, year: int, public: bool) -> Published:
    """
    The version whose events are to be renewed.

    Raises
    ------
    EnvironmentFault
        Nothing is published (E420).
    SafetyRefusal
        An internal edition stands in the place of the public one (E505).
    """
    shown = published.find(folder)
    if shown is None:
        raise EnvironmentFault(fault("E420", folder=str(folder)))
    if public and not shown.public:
        raise SafetyRefusal(fault("E505", year=year))
    return shown


def events_for(shown: Published, data: LayerData, city: City) -> Found:
    """
    The events of a table as a published page would show them: at its places, with its columns.

    Raises
    ------
    SelfCheckError
        The page is not the one that was published (E604).
    EnvironmentFault
        It has no block of events (E421).
    """
    text = shown.page().decode("utf-8")
    if len(_BLOCK.findall(text)) != 1:
        raise EnvironmentFault(fault("E421"))
    page = page_check.blocks(shown.place / INDEX)
    meta, sites = page["cfmap-meta"], {**page["cfmap-sites"], **{k: v for k, v in page.get("cfmap-details", {}).items() if k == "key"}}
    keys = [layer["key"] for layer in meta["layers"]]

    def id_of(layer: str, text: str) -> str:
        return site_key(layer, public_id(layer, text) if shown.public else text)

    where = placed(data, _places(keys, sites), id_of=id_of)
    leaving = public_layer(where, city) if shown.public else where
    rows = shown_of(leaving)
    day = today(china=meta["shifted"])
    dates = list(zip(values(rows, STARTS), values(rows, ENDS), strict=True))
    return Found(where, events(rows, city, sites, layers=keys, read=day), day, tally(dates, day), _coming(dates, values(rows, "name"), day))


def publish(folder: Path, found: Found, data: LayerData, city: City) -> Release:
    """
    Publish the page with these events as a new version.

    Raises
    ------
    EnvironmentFault, SelfCheckError
        As :func:`cfmap.publish.release.amend`.
    """
    before, block = "", found.block
    at, public = folder, True

    def change(shown: Published) -> dict[str, bytes]:
        nonlocal before, block, at, public
        at, public = shown.place, shown.public
        before = shown.page().decode("utf-8")
        block = events_for(shown, data, city).block  # another version may be shown since the events were looked at
        return {INDEX: _BLOCK.sub(lambda _: data_block("events", block, packed=True), before, count=1).encode()}

    def check(part: Path) -> Iterator[Fault]:
        text = (part / INDEX).read_text(encoding="utf-8")
        if _BLOCK.sub("", text) != _BLOCK.sub("", before) or page_check.blocks(part / INDEX)["cfmap-events"] != block:
            yield fault("E601", name=INDEX, detail="cfmap-events")
        if public:
            gate.demand_renewed(part, [INDEX], data=found.data, city=city, before=at)

    there = published.find(folder)
    names = input_names(city, data.inputs) if there is None or there.public else {}
    about = {
        "read": clock.stamp(clock.now()),
        "cfmap": manifest.tool_version(),
        "inputs": [{"path": names.get(i.path, i.path), "sha256": i.sha256, "rows": i.rows, "datum": i.datum} for i in data.inputs],
        "counts": {"sites": len(found.data.sites), "unlocated": len(found.data.unlocated), "rows_dropped": data.rows_dropped},
    }
    return release.amend(folder, change, about=about, check=check, city=city)


def _places(keys: list[str], sites: dict[str, Any]) -> Iterator[Place]:
    layers = [key for key, rows in zip(keys, sites["rows"], strict=True) for _ in range(rows)]
    for layer, key, name, lon, lat in zip(layers, sites["key"], sites["name"], sites["lon"], sites["lat"], strict=True):
        if layer != EVENTS:
            yield Place(layer, key, name, None if lon is None else shapely.Point(lon / GRID, lat / GRID))


def _coming(dates: list[tuple[Any, Any]], names: list[Any], day: date) -> tuple[str, ...]:
    on = [(span(s, e), s or "", e or "", str(name)) for (s, e), name in zip(dates, names, strict=True) if when(s, e, day) in SHOWN]
    on.sort(key=lambda event: (event[0] is None, event[0] or (), event[3]))
    lines = [f"{' – '.join(filter(None, (s, e))) or '日期待定 undated'}  {name}" for _, s, e, name in on]
    return tuple(lines[:COMING]) + ((f"… +{len(lines) - COMING}",) if len(lines) > COMING else ())


__all__ = ["Found", "events_for", "publish", "target"]
