"""Which sites are new, gone, moved or renamed since the edition before?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from cfmap.intake.names import plain
from cfmap.model.edition import Change
from cfmap.model.schema import IN_USE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfmap.model.edition import LayerData

MOVED_M = 50.0  # nearer is another measurement of the same place
SAME_PLACE_M = 15.0  # another name so near, and nothing else near either, is a new name
SAME_NAME_M = 2_000.0  # the same name further off is another place
_METRES_PER_DEGREE = 111_195.0


def since_year(now: LayerData, since: int) -> tuple[Change, ...]:
    """Sites in use whose year is after `since`: all that one table can tell. Sites without a year are not among them."""
    table = _in_use(now)
    new = table[table["year"].notna() & (table["year"] > since)]
    return tuple(_change(now, row, "added") for row in _rows(new))


def between(now: LayerData, before: LayerData) -> tuple[Change, ...]:
    """
    What differs between a layer's sites in use and those of the edition before, both as of their years.

    Sites are the same when they have one id. Ids made from name and place change with them, so of those left over the
    same name within :data:`SAME_NAME_M` is a move and another name within :data:`SAME_PLACE_M` a renaming, where only one
    pair can be meant; what is still left was added or removed. A site can be both moved and renamed.
    """
    new, old = _by_id(_in_use(now)), _by_id(_in_use(before))
    pairs = {key: key for key in new if key in old}
    left_new, left_old = [k for k in new if k not in pairs], [k for k in old if k not in pairs]
    for fits in (_same_name, _same_place):
        found = list(_only_pairs({k: new[k] for k in left_new if k not in pairs}, {k: old[k] for k in left_old if k not in pairs.values()}, fits))
        pairs.update(found)
    changes = [_change(now, new[k], "added") for k in left_new if k not in pairs]
    taken = set(pairs.values())
    changes += [_change(now, old[k], "removed") for k in left_old if k not in taken]
    for key, former in pairs.items():
        away = _metres(new[key]["at"], old[former]["at"])
        if away is not None and away > MOVED_M:
            changes.append(_change(now, new[key], "moved", metres=float(round(away, -1))))
        if plain(new[key]["name"]) != plain(old[former]["name"]):
            changes.append(_change(now, new[key], "renamed", before=str(old[former]["name"])))
    return tuple(changes)


def _change(data: LayerData, row: dict[str, Any], kind: Any, **facts: Any) -> Change:
    return Change(data.layer.key, str(row["id"]), kind, str(row["name"]), **facts)


def _in_use(data: LayerData) -> pd.DataFrame:
    """Id, name, year, place of the sites in use, those without coordinates too."""
    columns = ["id", "name", "year", "status"]
    at: list[Any] = [None if g is None or g.is_empty else g for g in data.sites.geometry]
    located = pd.DataFrame(data.sites[columns]).assign(at=pd.Series(at, index=data.sites.index, dtype=object))
    unlocated = data.unlocated.reindex(columns=columns).assign(at=None)
    table = pd.concat([located, unlocated], ignore_index=True) if len(unlocated) else located
    return table[table["status"].isin(IN_USE)]


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]


def _by_id(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {str(row["id"]): row for row in _rows(table)}


def _only_pairs(new: dict[str, dict[str, Any]], old: dict[str, dict[str, Any]], fits: Any) -> Iterable[tuple[str, str]]:
    """Pairs that `fits` finds and in which neither side fits anything else."""
    if not new or not old:
        return
    candidates: list[tuple[str, str]] = list(fits(new, old))
    one = pd.Series([a for a, _ in candidates], dtype=object).value_counts()
    other = pd.Series([b for _, b in candidates], dtype=object).value_counts()
    yield from ((a, b) for a, b in candidates if one[a] == 1 and other[b] == 1)


def _same_name(new: dict[str, dict[str, Any]], old: dict[str, dict[str, Any]]) -> Iterable[tuple[str, str]]:
    named: dict[str, list[str]] = {}
    for key, row in old.items():
        named.setdefault(plain(row["name"]), []).append(key)
    for key, row in new.items():
        for other in named.get(plain(row["name"]), []):
            away = _metres(row["at"], old[other]["at"])
            if away is None or away <= SAME_NAME_M:
                yield key, other


def _same_place(new: dict[str, dict[str, Any]], old: dict[str, dict[str, Any]]) -> Iterable[tuple[str, str]]:
    new_keys, old_keys = ([k for k, row in rows.items() if row["at"] is not None] for rows in (new, old))
    if not new_keys or not old_keys:
        return
    tree = shapely.STRtree([shapely.centroid(old[k]["at"]) for k in old_keys])
    at = [shapely.centroid(new[k]["at"]) for k in new_keys]
    reach = SAME_PLACE_M / _METRES_PER_DEGREE / np.maximum(0.1, np.cos(np.radians([p.y for p in at])))
    for i, j in tree.query(at, predicate="dwithin", distance=reach).T:
        away = _metres(new[new_keys[i]]["at"], old[old_keys[j]]["at"])
        if away is not None and away <= SAME_PLACE_M:
            yield new_keys[i], old_keys[j]


def _metres(one: Any, other: Any) -> float | None:
    """Between the middles of two shapes, on a small piece of the sphere; None without a place."""
    if one is None or other is None:
        return None
    a, b = shapely.centroid(one), shapely.centroid(other)
    return float(np.hypot((a.x - b.x) * np.cos(np.radians((a.y + b.y) / 2)), a.y - b.y) * _METRES_PER_DEGREE)
