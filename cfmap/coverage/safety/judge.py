"""Is a street beside a school safe for a child, going by its tags: safe, unsafe or unknown, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.coverage.safety.rule_table import MANY_LANES, SAFE_KMH
from cfmap.coverage.safety.tags import conditional, covers_school_hours, is_fast, is_slow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cfmap.coverage.safety.rule_table import Condition, Item
    from cfmap.coverage.safety.states import State
    from cfmap.model.survey import Side


def judge(item: Item, tags: Mapping[str, str], *, side: Side = "") -> tuple[State, str]:
    """
    State and reason of one item.

    Parameters
    ----------
    tags
        Of the way; ``cfmap:beside=yes`` when a sidewalk of its own runs beside at least 80 % of it.
    side
        On which side of the way, in its direction, the school lies; "" = not known, then only tags for both
        sides decide.
    """
    names = {"side": side or "?", "far": {"left": "right", "right": "left", "": "?"}[side]}
    for clause in item.clauses:
        if all(_holds(c, tags, names) for c in clause.when):
            return clause.state, clause.reason
    return "unknown", item.otherwise


def judge_crossing(kinds: Iterable[str], *, lanes: float | None, grade_separated: bool = False, tags: Mapping[str, str] | None = None) -> tuple[State, str]:
    """
    Item C, the crossing at the gate.

    Parameters
    ----------
    kinds
        Of the crossings within 50 m of the access along streets: signalled, marked, unmarked, unknown.
    lanes
        Lanes in one direction of the road before the gate; None = not tagged.
    grade_separated
        Whether a foot bridge or tunnel lies within the 50 m.
    tags
        Of the road before the gate (``crossing=no``).
    """
    found = set(kinds)
    many = lanes is not None and lanes >= MANY_LANES
    if "signalled" in found:
        return "safe", "C-signals"
    if grade_separated:
        return "safe", "C-grade"
    if "marked" in found:
        if lanes is None:
            return "unknown", "C-marked-lanes-untagged"
        return ("unknown", "C-marked-many-lanes") if many else ("safe", "C-marked")
    if (tags or {}).get("crossing") == "no":
        return "unsafe", "C-no-crossing"
    if found == {"unmarked"} and many:
        return "unsafe", "C-unmarked-many-lanes"
    return ("unknown", "C-unmarked") if found else ("unknown", "C-untagged")


def _holds(condition: Condition, tags: Mapping[str, str], names: Mapping[str, str]) -> bool:
    values = tuple(v.format_map(names) for v in condition.values)
    for key in condition.key.split("|"):
        text = tags.get(key.format_map(names))
        if text is not None and _TESTS[condition.test](text, values):
            return True
    return False


_TESTS: dict[str, Callable[[str, tuple[str, ...]], bool]] = {
    "in": lambda text, values: text in values,
    "set": lambda _text, _values: True,
    "slow": lambda text, _values: is_slow(text),
    "fast": lambda text, _values: is_fast(text),
    "slow_school_hours": lambda text, _values: any(k is not None and k <= SAFE_KMH and covers_school_hours(w) for k, w in conditional(text)),
    "slow_some_hours": lambda text, _values: any(k is not None and k <= SAFE_KMH for k, _ in conditional(text)),
}
