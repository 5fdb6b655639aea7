"""Items A, B and C by tags alone, for callers that know of no answers yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.coverage.safety.judge import Front, judge_segment
from cfmap.coverage.safety.rule_table import ITEMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cfmap.coverage.safety.rule_table import Item
    from cfmap.coverage.safety.states import State
    from cfmap.model.survey import Side


def judge(item: Item, tags: Mapping[str, str], *, side: Side = "") -> tuple[State, str]:
    """State and reason of one item, as :func:`judge_segment` finds them."""
    verdict = judge_segment(tags, side=side, gates={"gate": Front()}).items[item.key]
    return (verdict.state, verdict.reasons[0]) if verdict else ("unknown", item.otherwise)


def judge_crossing(kinds: Iterable[str], *, lanes: float | None, grade_separated: bool = False, tags: Mapping[str, str] | None = None) -> tuple[State, str]:
    """Item C of a segment before one gate; `lanes` in one direction."""
    road = {key: text for key, text in (tags or {}).items() if not key.startswith("lanes")}
    if lanes is not None:
        road |= {"oneway": "yes", "lanes": f"{lanes:g}"}
    front = Front(tuple((f"{n}", kind) for n, kind in enumerate(kinds)), "over" if grade_separated else "")
    verdict = judge_segment(road, gates={"gate": front}).items["C"]
    return (verdict.state, verdict.reasons[0]) if verdict else ("unknown", ITEMS["C"].otherwise)
