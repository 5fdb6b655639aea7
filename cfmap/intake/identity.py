"""Which site of this year is which of last year's, where the table has no ids? What is certain keeps its id, what is not is asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from cfmap.intake import handed_out
from cfmap.intake.layer import is_generated
from cfmap.intake.names import core, similarity, town_of
from cfmap.model.messages import Fault, fault
from cfmap.model.schema import NAMELESS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cfmap.intake.decisions import Decisions
    from cfmap.model.city import City
    from cfmap.model.edition import LayerData

SAME_NAME_M = 50.0  # one name so near is one site, measured anew
MOVED_M = 2_000.0  # one name so near, and no other of it, is one site that moved
LIKE_NAME, LIKE_NAME_M = 0.8, 100.0  # nearly one name so near is one site, written otherwise
SAME_PLACE_M, HALF_NAME = 15.0, 0.5  # at one place half the name is enough; with less of it a person must say
DOUBTFUL_NAME = 0.6  # of a name within LIKE_NAME_M that is worth asking about
MOST_ASKED = 3  # former sites that are asked about for one new one
_METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True)
class _Candidate:
    """A site of this year beside one of last year."""

    new: str
    old: str
    metres: float | None
    likeness: float
    elsewhere: bool  # without coordinates to compare, and their addresses or towns contradict

    @property
    def worth_asking(self) -> bool:
        near = self.metres is not None and (self.metres <= SAME_PLACE_M or (self.metres <= LIKE_NAME_M and self.likeness >= DOUBTFUL_NAME))
        return near or self.likeness == 1


#: What is certain, the most certain first; only where neither of the two fits another one as well.
_CERTAIN: tuple[Callable[[_Candidate], bool], ...] = (
    lambda c: c.likeness == 1 and c.metres is not None and c.metres <= SAME_NAME_M,
    lambda c: c.likeness == 1 and not c.elsewhere,
    lambda c: c.metres is not None and c.metres <= LIKE_NAME_M and c.likeness >= LIKE_NAME,
    lambda c: c.metres is not None and c.metres <= SAME_PLACE_M and c.likeness >= HALF_NAME,
)


def carried(now: LayerData, before: LayerData, decided: Decisions, city: City) -> tuple[LayerData, list[Fault]]:
    """
    Give sites without an id of their own that of the site of the edition before that they certainly are.

    Compared are sites whose id was made of name and place and is new, with former sites whose id is gone. They are one when
    they have one name within 50 m; one name and none other of it within 2 km; nearly one name (0.8) within 100 m; half a name
    (0.5) within 15 m; each only where neither fits another. Whatever else could be one is told (W271) and keeps its new id
    until somebody decides. The order of rows means nothing, and doing it again changes nothing. Rows of a workbook that was
    handed out say themselves what they are.

    Parameters
    ----------
    now, before
        One layer in two editions; `before` with the ids that it was published with.
    decided
        What a person said: 同一处 takes the former id, 不是同一处 is not compared.
    city
        Project, to know which files were handed out.
    """
    key = now.layer.key
    new = {s: r for s, r in _sites(now).items() if is_generated(key, s) and not _was_handed_out(r["source"], city)}
    former, there = _sites(before), _sites(now)
    new = {s: r for s, r in new.items() if s not in former}
    old = {s: r for s, r in former.items() if s not in there}
    if not new or not old:
        return now, []
    said = {s: {o: decided.of((key, s), (key, o)) for o in old} for s in new} if decided.by_pair else {}
    stays = {s: o for s, verdicts in said.items() for o, verdict in verdicts.items() if verdict == "same"}
    stays = {s: o for s, o in stays.items() if Counter(stays.values())[o] == 1}
    left = [c for c in _candidates(new, old) if said.get(c.new, {}).get(c.old) is None]
    for fits in _CERTAIN:
        taken = set(stays.values())
        open_ = [c for c in left if c.new not in stays and c.old not in taken and fits(c)]
        times_new, times_old = Counter(c.new for c in open_), Counter(c.old for c in open_)
        stays |= {c.new: c.old for c in open_ if times_new[c.new] == 1 and times_old[c.old] == 1}
    taken = set(stays.values())
    doubts = [c for c in left if c.new not in stays and c.old not in taken and c.worth_asking]
    return _renamed(now, stays), _asked(doubts, now, new, old)


def _asked(doubts: list[_Candidate], now: LayerData, new: Mapping[str, dict[str, Any]], old: Mapping[str, dict[str, Any]]) -> list[Fault]:
    told = []
    asked: Counter[str] = Counter()
    for c in sorted(doubts, key=lambda c: (c.new, -c.likeness, c.metres or 0, c.old)):
        asked[c.new] += 1
        if asked[c.new] > MOST_ASKED:
            continue
        file, sheet, row = now.origin.get(c.new, (new[c.new]["source"], None, None))
        key = now.layer.key
        facts: dict[str, Any] = {"other": old[c.old]["name"], "where": f"上年 {c.old}", "metres": None if c.metres is None else round(c.metres)}
        facts["pair"] = (key, c.old, old[c.old]["name"], key, c.new, new[c.new]["name"])
        apart = ("没有坐标可比", "no coordinates to compare") if c.metres is None else (f"相距 {round(c.metres)} 米", f"{round(c.metres)} m apart")
        told.append(fault("W271", file=file, sheet=sheet, row=row, value=new[c.new]["name"], apart=apart[0], apart_en=apart[1], **facts))
    return told


def _was_handed_out(source: str, city: City) -> bool:
    return bool(source) and handed_out.record_path(city.root / source).is_file()


def _sites(data: LayerData) -> dict[str, dict[str, Any]]:
    """Id -> name, place, address, town and source of every site, those without coordinates too."""
    found: dict[str, dict[str, Any]] = {}
    for table in (data.sites, data.unlocated):
        shapes = list(table.geometry) if table is data.sites else [None] * len(table)
        for shape, *cells in zip(shapes, *(table[c] for c in ("id", "name", "address", "town", "source")), strict=True):
            site, name, address, town, source = (None if pd.isna(v) else str(v) for v in cells)
            if site and name and not name.endswith(NAMELESS):
                at = None if shape is None or shape.is_empty else shapely.centroid(shape)
                found[site] = {"name": name, "at": at, "address": address or "", "town": town or "", "source": source or ""}
    return found


def _candidates(new: Mapping[str, dict[str, Any]], old: Mapping[str, dict[str, Any]]) -> list[_Candidate]:
    pairs: set[tuple[str, str]] = set()
    named: dict[str, list[str]] = {}
    for site, row in old.items():
        named.setdefault(core(row["name"]), []).append(site)
    for site, row in new.items():
        pairs |= {(site, other) for other in named.get(core(row["name"]), [])}
    here, there = ([s for s, row in rows.items() if row["at"] is not None] for rows in (new, old))
    if here and there:
        tree = shapely.STRtree([old[s]["at"] for s in there])
        at = [new[s]["at"] for s in here]
        reach = LIKE_NAME_M / _METRES_PER_DEGREE / np.maximum(0.1, np.cos(np.radians([p.y for p in at])))
        pairs |= {(here[i], there[j]) for i, j in tree.query(at, predicate="dwithin", distance=reach).T}
    made = (_candidate(a, b, new[a], old[b]) for a, b in sorted(pairs))
    return [c for c in made if c.metres is None or c.metres <= (MOVED_M if c.likeness == 1 else LIKE_NAME_M)]


def _candidate(a: str, b: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> _Candidate:
    metres = None
    if one["at"] is not None and other["at"] is not None:
        squeeze = np.cos(np.radians((one["at"].y + other["at"].y) / 2))
        metres = float(np.hypot((one["at"].x - other["at"].x) * squeeze, one["at"].y - other["at"].y) * _METRES_PER_DEGREE)
    towns = {town_of(one["town"]), town_of(other["town"])} - {""}
    addresses = [row["address"] for row in (one, other) if row["address"]]
    far = len(towns) == 2 or (len(addresses) == 2 and similarity(*addresses) < HALF_NAME)
    return _Candidate(a, b, metres, similarity(one["name"], other["name"]), metres is None and far)


def _renamed(data: LayerData, stays: Mapping[str, str]) -> LayerData:
    """The layer with other ids, sorted by them as ever."""
    if not stays:
        return data

    def of(table: Any) -> Any:
        ids = pd.Series([stays.get(str(s), s) for s in table["id"]], index=table.index, dtype=table["id"].dtype)
        made = table.assign(id=ids)
        return made.sort_values("id", kind="stable", key=lambda ids: ids.astype(str)).reset_index(drop=True)

    origin = {stays.get(site, site): place for site, place in data.origin.items()}
    return replace(data, sites=of(data.sites), unlocated=of(data.unlocated), footprints=data.footprints.rename(index=dict(stays)), origin=origin)
