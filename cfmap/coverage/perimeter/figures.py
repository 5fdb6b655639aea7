"""How safe are the streets round each school, round the schools of a town, round all of them? From the table of stretches alone."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from cfmap.coverage.perimeter.table import PERIMETER_M, in_use, outline_of
from cfmap.coverage.safety import all_of
from cfmap.coverage.sources import listed
from cfmap.model import fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from cfmap.coverage.safety import State
    from cfmap.model import Fault

Covered = Literal["every", "length"]
COVERED: tuple[Covered, ...] = ("every", "length")
COVERED_SHARE = 0.9  # METHODS 2.3: of the length
#: What makes a school covered, in words.
COVERED_WORDS: Mapping[Covered, tuple[str, str]] = {
    "every": ("周边每一段都安全，才算这所学校安全", "a school is safe when every segment round it is"),
    "length": (
        "安全路段占周边长度九成以上，而且每个校门前的过街都安全，就算这所学校安全",
        "a school is safe when 90 % of the length round it is and so is the crossing before every gate",
    ),
}
WORST_FIRST: tuple[State, ...] = ("unsafe", "unknown", "safe")
SCHOOL_WORDS = ("学校", "Schools")
NONE = "none"  # no road for motor traffic: neither safe nor unsafe
EXACT_M = 1e-6


def school_summary(
    segments: gpd.GeoDataFrame, schools: gpd.GeoDataFrame, *, covered: Covered = "every", doors: gpd.GeoDataFrame | None = None, strict: bool = False
) -> pd.DataFrame:
    """
    One row per school: how much of its perimeter is safe, and is the school covered.

    Parameters
    ----------
    segments
        Result of :func:`cfmap.coverage.perimeter.perimeter`; stretches of the ring do not count.
    schools
        The schools it was asked for. Those without a stretch have the state "none": no road for motor traffic nearby,
        neither safe nor unsafe.
    covered
        Which definition `state` follows, see :data:`COVERED_WORDS`.
    doors
        From :func:`cfmap.coverage.perimeter.school_doors`: a school none of whose gates stands at a street is then "unknown", for
        nobody knows its roads.
    strict
        Judge by the strict set (lighting and signs too).

    Returns
    -------
    summary
        Index = school id, ascending. ``metres, safe_m, unsafe_m, unknown_m`` (a divided road counts once); ``lower, upper,
        known``: per cent of the length that is safe, safe or unknown, and known, NaN without a road; ``gate``: the crossings
        before its gates, safe, unsafe, unknown, or none where no gate has a road; ``every, length``: state of the school
        by both definitions; ``state``: by the one asked for.
    """
    import pandas as pd

    schools = in_use(schools)
    ids = (schools["id"] if "id" in schools else schools.index.to_series()).to_list()
    index = pd.Index(sorted(ids), name="school")
    column = "state_strict" if strict else "state"
    inner = segments[~segments["ring"].astype(bool)]
    lengths = pd.DataFrame({"school": inner["school"], "state": inner[column], "metres": (inner["to_m"] - inner["from_m"]) * inner["weight"]})
    wide = lengths.pivot_table(index="school", columns="state", values="metres", aggfunc="sum") if len(lengths) else pd.DataFrame()
    table = pd.DataFrame({f"{s}_m": (wide[s] if s in wide else pd.Series(dtype=float)) for s in ("safe", "unsafe", "unknown")}).reindex(index).fillna(0.0)
    table.insert(0, "metres", table.sum(axis=1))
    _shares(table)
    crossings = inner[inner["item_C"].notna()]
    table["gate"] = crossings.groupby("school")["item_C"].agg(all_of).reindex(index).fillna(NONE) if len(crossings) else NONE
    table["every"] = inner.groupby("school")[column].agg(all_of).reindex(index) if len(inner) else None
    table["length"] = [_by_length(row) for row in table[["metres", "safe_m", "unknown_m", "gate"]].itertuples(index=False)]
    lost = set() if doors is None else _off(doors)
    bare = table["metres"].le(0).to_numpy()
    nothing = ["unknown" if key in lost else NONE for key in index[bare]]
    for name in COVERED:
        table.loc[bare, name] = nothing
    table["state"] = table[covered]
    return table


def town_figures(segments: gpd.GeoDataFrame, summary: pd.DataFrame, *, town: pd.Series | None = None, strict: bool = False) -> pd.DataFrame:
    """
    One row per town and one, "", for the city.

    Parameters
    ----------
    segments, summary
        As :func:`school_summary` takes and gives them.
    town
        Town of each school (index = its id); missing = not known, then it counts for the city alone. None = the city only.

    Returns
    -------
    figures
        Index = town, the city last: ``schools`` (with a road, or off the streets), ``none`` (without a road), ``metres, safe_m,
        unsafe_m, unknown_m`` - a side of a street that lies round several schools counts once, with the worst of its
        states -, ``lower, upper, known`` (per cent of the length), ``every_lower, every_upper, length_lower, length_upper`` (per cent
        of the schools, by both definitions); NaN where there is nothing to count.
    """
    import pandas as pd

    groups = {} if town is None else {str(name): set(town.index[town.eq(name)]) for name in dict.fromkeys(town.dropna())}
    rows = []
    for name, ids in [*groups.items(), ("", set(summary.index))]:
        mine, around = summary[summary.index.isin(ids)], segments[segments["school"].isin(ids)]
        metres = street_metres(around, strict=strict)
        counted = mine[mine["every"].ne(NONE)]
        row: dict[str, object] = {"town": name, "schools": len(counted), "none": len(mine) - len(counted), "metres": sum(metres.values())}
        row |= {f"{state}_m": metres[state] for state in ("safe", "unsafe", "unknown")}
        for by in COVERED:
            for bound, states in (("lower", ["safe"]), ("upper", ["safe", "unknown"])):
                row[f"{by}_{bound}"] = 100.0 * counted[by].isin(states).sum() / len(counted) if len(counted) else float("nan")
        rows.append(row)
    table = pd.DataFrame(rows).set_index("town")
    _shares(table)
    return table


def street_metres(segments: gpd.GeoDataFrame, *, strict: bool = False) -> dict[State, float]:
    """
    Metres of streets by state, each side of each street once with the worst of its states; stretches of the ring are left out.

    The same side of an edge may occur for several schools, cut differently; a carriageway of a divided road counts with its weight.
    """
    inner = segments[~segments["ring"].astype(bool)]
    states = inner["state_strict" if strict else "state"].map({state: n for n, state in enumerate(WORST_FIRST)}).to_numpy(dtype=np.int64)
    group = inner.groupby(["segment", "side"], dropna=False, sort=True).ngroup().to_numpy()
    begins, ends, weight = (inner[c].to_numpy(dtype=float) for c in ("from_m", "to_m", "weight"))
    metres = np.zeros(len(WORST_FIRST))
    alone = np.bincount(group, minlength=1)[group] == 1 if len(group) else np.zeros(0, dtype=bool)
    np.add.at(metres, states[alone], ((ends - begins) * weight)[alone])
    shared = np.flatnonzero(~alone)
    shared = shared[np.argsort(group[shared], kind="stable")]
    for rows in np.split(shared, np.flatnonzero(np.diff(group[shared])) + 1) if len(shared) else []:
        cuts = np.unique(np.r_[begins[rows], ends[rows]])
        for a, b in pairwise(cuts.tolist()):
            over = rows[(begins[rows] <= a) & (ends[rows] >= b)]
            if len(over):
                metres[states[over].min()] += (b - a) * weight[over].min()
    return dict(zip(WORST_FIRST, metres.tolist(), strict=True))


def is_full(figures: Mapping[str, float]) -> bool:
    """
    Whether "全覆盖" may be said: there is something to count, and all of it is known to be safe.

    Parameters
    ----------
    figures
        With ``metres, unsafe_m, unknown_m``, of a row of :func:`school_summary` or :func:`town_figures`.
    """
    return figures["metres"] > 0 and figures["unsafe_m"] <= EXACT_M and figures["unknown_m"] <= EXACT_M and figures.get("every_lower", 100.0) == 100.0


def perimeter_faults(
    segments: gpd.GeoDataFrame,
    schools: gpd.GeoDataFrame,
    *,
    metres: float = PERIMETER_M,
    doors: gpd.GeoDataFrame | None = None,
    words: tuple[str, str] = SCHOOL_WORDS,
) -> list[Fault]:
    """
    What was found about schools and gates.

    `words` say what the sites are. W389 schools without a road for motor traffic; with `doors` also W381 schools
    whose assumed gate no street comes near (of gates on record tells :func:`cfmap.coverage.gates_told.gate_faults`).
    """
    names = dict(zip(schools["id"], schools["name"], strict=True)) if {"id", "name"} <= set(schools) else {}
    found = []
    states = school_summary(segments, schools, doors=doors)["every"]
    bare = states.index[states.eq(NONE)]
    if len(bare):
        found.append(fault("W389", layer=words[0], layer_en=words[1], count=len(bare), metres=f"{metres:g}", names=listed(names.get(s, s) for s in bare)))
    if doors is not None:
        off = [key for key in _off(doors) if doors.loc[doors["school"].eq(key), "kind"].eq("assumed").all()]
        if off:
            found.append(fault("W381", layer=words[0], layer_en=words[1], count=len(off), names=listed(names.get(s, s) for s in sorted(off, key=str))))
    return found


def outline_faults(schools: gpd.GeoDataFrame, footprints: gpd.GeoSeries | None, *, words: tuple[str, str] = SCHOOL_WORDS) -> list[Fault]:
    """W393 for the schools without an outline, which the method ``wall`` needs."""
    schools = in_use(schools)
    ids = schools.get("id", schools.index)
    names = schools.get("name", ids)
    bare = [str(name) for key, name, place in zip(ids, names, schools.geometry, strict=True) if outline_of(key, place, footprints) is None]
    return [fault("W393", layer=words[0], layer_en=words[1], count=len(bare), names=listed(bare))] if bare else []


def _by_length(row: tuple[float, float, float, str]) -> State:
    metres, safe_m, unknown_m, gate = row
    if metres <= 0:
        return "unknown"
    enough = COVERED_SHARE * metres - EXACT_M
    long: State = "safe" if safe_m >= enough else "unknown" if safe_m + unknown_m >= enough else "unsafe"
    return all_of([long] if gate == NONE else [long, gate])  # type: ignore[list-item]


def _shares(table: pd.DataFrame) -> None:
    whole = table["metres"].where(table["metres"] > 0)
    table["lower"] = 100.0 * table["safe_m"] / whole
    table["upper"] = (100.0 - 100.0 * table["unsafe_m"] / whole).clip(lower=0.0)  # from what is not: 100 stays 100 to the last digit
    table["known"] = (100.0 - 100.0 * table["unknown_m"] / whole).clip(lower=0.0)


def _off(doors: gpd.GeoDataFrame) -> set[object]:
    """Schools none of whose gates stands at a street."""
    off = doors["status"].eq("off_network").groupby(doors["school"]).all()
    return set(off.index[off])


__all__ = [
    "COVERED",
    "COVERED_SHARE",
    "COVERED_WORDS",
    "Covered",
    "is_full",
    "outline_faults",
    "perimeter_faults",
    "school_summary",
    "street_metres",
    "town_figures",
]
