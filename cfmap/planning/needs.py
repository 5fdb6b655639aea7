"""What keeps streets round schools from being safe, and what their table says once some of it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cfmap.coverage.safety import RULE_SETS
from cfmap.coverage.safety.states import all_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import geopandas as gpd

    from cfmap.coverage.safety import State
    from cfmap.coverage.safety.rule_table import RuleSet
    from cfmap.model.survey import ItemKey, Side

_COLUMNS = ("segment", "side", "gate", "gate_states", "reasons")


class Place(NamedTuple):
    """One item of one segment (of A: of one side of it), or of one gate."""

    item: ItemKey
    subject: str
    side: Side = ""


def needs(segments: gpd.GeoDataFrame, *, rule_set: str = "default") -> list[dict[Place, State]]:
    """
    What each stretch lacks to be safe.

    Parameters
    ----------
    segments
        Result of :func:`cfmap.coverage.perimeter.perimeter`, made with the same set of rules.
    rule_set
        Items that must be safe.

    Returns
    -------
    needs
        By row: its places that are not safe, with their state; what another item stands in for is not lacked. Where the side of the school
        is not known a sidewalk on both sides is.
    """
    rules = RULE_SETS[rule_set]
    return [dict(_needed(row, rules)) for row in _rows(segments)]


def supposed(segments: gpd.GeoDataFrame, done: Iterable[Place], *, rule_set: str = "default") -> gpd.GeoDataFrame:
    """
    The table as it would be judged if all that is done were safe; reasons and evidence stay those of the streets as they are.

    Parameters
    ----------
    segments, rule_set
        As :func:`needs` takes them.
    done
        Places made safe.
    """
    rules, strict = RULE_SETS[rule_set], RULE_SETS["strict"]
    made = set(done)
    after = segments.copy()
    found: dict[str, list[object]] = {name: [] for name in (*(f"item_{key}" for key in strict.needs), "gate_states", "state", "state_strict")}
    for row in _rows(segments):
        told = _after(row, made)
        for name, values in found.items():
            values.append(_state(told, rules) if name == "state" else _state(told, strict) if name == "state_strict" else told[name])
    for name, values in found.items():
        after[name] = values
        after[name] = after[name].astype(object)
    return after


def _needed(row: Mapping[str, str | None], rules: RuleSet) -> Iterator[tuple[Place, State]]:
    for item in rules.needs:
        state = row[f"item_{item}"]
        if state in (None, "safe") or _stood_in(row, item, rules):
            continue
        if item == "C":
            for gate, own in _gates(row):
                if own != "safe":
                    yield Place("C", gate), own
        else:
            yield from ((place, state) for place in _places(row, item))  # type: ignore[misc]


def _after(row: Mapping[str, str | None], made: set[Place]) -> dict[str, str | None]:
    told = dict(row)
    for item in RULE_SETS["strict"].needs:
        if item != "C" and made.issuperset(_places(row, item)):
            told[f"item_{item}"] = "safe"
    if row["item_C"] is not None:
        states: list[State] = ["safe" if Place("C", gate) in made else state for gate, state in _gates(row)]
        told |= {"item_C": all_of(states), "gate_states": ";".join(states)}
    return told


def _state(row: Mapping[str, str | None], rules: RuleSet) -> State:
    states = [row[f"item_{item}"] for item in rules.needs if not _stood_in(row, item, rules)]
    return all_of(s for s in states if s is not None)  # type: ignore[misc]


def _stood_in(row: Mapping[str, str | None], item: ItemKey, rules: RuleSet) -> bool:
    """Whether another item is safe in its place: only then is that one among the reasons."""
    other = rules.instead.get(item)
    if other is None or row[f"item_{item}"] != "unknown" or row[f"item_{other[0]}"] != "safe":
        return False
    return any(code.startswith(f"{other[0]}-") for code in str(row["reasons"]).split(";"))


def _places(row: Mapping[str, str | None], item: ItemKey) -> list[Place]:
    sides = ("",) if item != "A" else (row["side"],) if row["side"] else ("left", "right")
    return [Place(item, str(row["segment"]), side) for side in sides]  # type: ignore[arg-type]


def _gates(row: Mapping[str, str | None]) -> Iterator[tuple[str, State]]:
    yield from zip(str(row["gate"]).split(";"), str(row["gate_states"]).split(";"), strict=True)


def _rows(segments: gpd.GeoDataFrame) -> Iterator[dict[str, str | None]]:
    names = [*_COLUMNS, *(f"item_{key}" for key in "ABCDEF")]
    for values in zip(*(segments[name].to_numpy(dtype=object) for name in names), strict=True):
        yield dict(zip(names, values, strict=True))


__all__ = ["Place", "needs", "supposed"]
