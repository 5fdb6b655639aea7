"""Which two sites are perhaps one? They are told, and both stay until somebody has decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cfmap.intake.names import plain
from cfmap.model.events import EVENTS
from cfmap.model.messages import Fault, fault
from cfmap.model.schema import NAMELESS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import shapely

    from cfmap.intake.decisions import Decisions
    from cfmap.model.edition import LayerData

SAME_NAME_M = 50.0  # metres within which two sites of one name are perhaps one
SAME_PLACE_M = 5.0  # metres within which two sites are perhaps one whatever they are called
MOST_AT_ONE_PLACE = 4  # more at one place are a building's, or a geocoder's centre, which W243 tells
MAPPED = "OpenStreetMap"  # source of sites that no department handed in


@dataclass(frozen=True)
class Found:
    """One site as duplicates see it."""

    layer: str
    id: str
    name: str
    source: str
    where: str  # "file row", for messages
    point: shapely.Point


def within(sites: Sequence[Found], decided: Decisions, *, by_place: bool = True) -> list[tuple[Fault, float, float]]:
    """
    Sites of one layer that are perhaps one, and where: one name within 50 m (W244), or one place, 5 m, under two names (W270).

    Each is told once, beside the first of its kind; lines and areas are not compared by place (`by_place`), nor sites that map
    tags alone name, nor events, of which many may be at one place. Pairs that were decided are not told any more.
    """
    told: list[tuple[Fault, float, float]] = []
    by_name: dict[str, list[Found]] = {}
    for site in sites:
        if not site.name.endswith(NAMELESS):
            by_name.setdefault(plain(site.name), []).append(site)
    for same in by_name.values():
        told += _told("W244", same, SAME_NAME_M, decided)
    if not by_place or any(site.layer == EVENTS for site in sites):
        return told
    named = [s for s in sites if not s.name.endswith(NAMELESS)]
    at_one_place: dict[int, int] = {}
    pairs = [(a, b) for a, b in _near(named, SAME_PLACE_M) if plain(named[a].name) != plain(named[b].name)]
    for a, b in pairs:
        at_one_place[a], at_one_place[b] = at_one_place.get(a, 1) + 1, at_one_place.get(b, 1) + 1
    few = [(named[a], named[b]) for a, b in pairs if max(at_one_place[a], at_one_place[b]) <= MOST_AT_ONE_PLACE]
    told += [_record("W270", a, b) for a, b in few if MAPPED not in (a.source, b.source) and decided.of((a.layer, a.id), (b.layer, b.id)) is None]
    return told


def across(layers: Mapping[str, LayerData], decided: Decisions) -> list[Fault]:
    """
    Sites of one name within 50 m in two layers of one group that departments handed in (I270).

    Each counts in its own layer, so no figure counts it twice; a person may still want to know.
    """
    groups: dict[str, list[Found]] = {}
    for data in layers.values():
        if data.layer.key != EVENTS and data.layer.geometry == "Point":
            groups.setdefault(data.layer.group, []).extend(_sites(data))
    told = []
    for sites in groups.values():
        by_name: dict[str, list[Found]] = {}
        for site in sites:
            by_name.setdefault(plain(site.name), []).append(site)
        for same in by_name.values():
            if len({s.layer for s in same}) > 1:
                pairs = ((same[a], same[b]) for a, b in _near(same, SAME_NAME_M))
                told += [_record("I270", a, b)[0] for a, b in pairs if a.layer != b.layer and decided.of((a.layer, a.id), (b.layer, b.id)) is None]
    return told


def merged(ids: Sequence[str], decided: Decisions, layer: str) -> dict[str, str]:
    """
    Ids that were decided to be another's site: id -> the one that stays, the first of its group in order of the ids.

    Only pairs of which both are there; of three that are one, one stays.
    """
    there = set(ids)
    stays: dict[str, str] = {}

    def root(site: str) -> str:
        while site in stays:
            site = stays[site]
        return site

    for a, b in decided.same(layer):
        if a in there and b in there:
            one, other = sorted((root(a), root(b)))
            if one != other:
                stays[other] = one
    return {site: root(site) for site in stays}


def _sites(data: LayerData) -> Iterator[Found]:
    rows = zip(data.sites["id"], data.sites["name"], data.sites["source"], data.sites.geometry, strict=True)
    for site, name, source, shape in rows:
        if source != MAPPED and not str(name).endswith(NAMELESS):
            yield Found(data.layer.key, str(site), str(name), str(source), str(source), shape)


def _told(code: str, same: list[Found], reach: float, decided: Decisions) -> Iterator[tuple[Fault, float, float]]:
    done: set[int] = set()
    for a, b in _near(same, reach):
        if b not in done and decided.of((same[a].layer, same[a].id), (same[b].layer, same[b].id)) is None:
            done.add(b)
            yield _record(code, same[a], same[b])


def _near(sites: Sequence[Found], reach: float) -> list[tuple[int, int]]:
    """Positions of the sites within `reach` metres of each other, the first one first."""
    from scipy.spatial import KDTree

    if len(sites) < 2:
        return []
    squeeze = float(np.cos(np.radians(sites[0].point.y)))
    metres = np.array([(s.point.x * 111_320 * squeeze, s.point.y * 110_950) for s in sites])  # a sphere's, good to 1 % at this distance
    pairs: Iterable[tuple[int, int]] = KDTree(metres).query_pairs(reach)
    return sorted((min(p), max(p)) for p in pairs)


def _record(code: str, a: Found, b: Found) -> tuple[Fault, float, float]:
    file, _, row = b.where.rpartition(" ") if b.where != b.source else (b.source, "", "")
    squeeze = float(np.cos(np.radians(a.point.y)))
    apart = round(float(np.hypot((a.point.x - b.point.x) * 111_320 * squeeze, (a.point.y - b.point.y) * 110_950)))
    facts: dict[str, Any] = {"other": a.name, "where": a.where, "metres": apart, "pair": (a.layer, a.id, a.name, b.layer, b.id, b.name)}
    told = fault(code, file=file, row=int(row) if row.isdigit() else None, value=b.name, **facts)
    return told.at(("site", b.point.x, b.point.y)), b.point.x, b.point.y
