"""When is a street beside a school safe for a child: the whole rule table, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cfmap.coverage.safety.states import State
    from cfmap.model.survey import ItemKey

Heard = Literal["map", "answer", "any"]


@dataclass(frozen=True)
class When:
    """
    A test of one reading.

    Parameters
    ----------
    reading
        What was read of tags or of an answer (:data:`cfmap.coverage.safety.words.READINGS`).
    test
        ``is`` (one of `values`), ``<=  <  >=  >`` (a number against the threshold named in `values`), ``unknown`` (not read).
    values
        Words, or the name of one threshold.
    """

    reading: str
    test: Literal["is", "<=", "<", ">=", ">", "unknown"]
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clause:
    """
    One line of the rule table: where all of `when` hold, the item is `state` because of `reason`.

    `heard` says whom it listens to: the map (OpenStreetMap and what lies beside the street), an answer (survey, department, edit), or any.
    """

    state: State
    reason: str
    when: tuple[When, ...]
    heard: Heard = "any"


@dataclass(frozen=True)
class Item:
    """One item of the table; the first clause that holds decides, none of them means unknown, because of `otherwise`."""

    key: ItemKey
    clauses: tuple[Clause, ...]
    otherwise: str


@dataclass(frozen=True)
class RuleSet:
    """
    Which items make a segment safe.

    Parameters
    ----------
    key, title, title_en
        Name in settings, and its titles.
    needs
        Items that must all be safe; those that do not apply to a segment are left out.
    instead
        Where an item is not known, another one may stand in on streets of some classes: item -> (the other one, classes).
    """

    key: str
    title: str
    title_en: str
    needs: tuple[ItemKey, ...]
    instead: Mapping[ItemKey, tuple[ItemKey, tuple[str, ...]]]


def _is(reading: str, *values: str) -> When:
    return When(reading, "is", values)


_SHARED = _is("street", "living_street", "pedestrian")
_MANY = When("lanes", ">=", ("many_lanes",))
_SLOW, _FAST = When("limit_most", "<=", ("limit_kmh",)), When("limit_least", ">", ("limit_kmh",))

#: METHODS 2.3; cells that it leaves open are settled in docs/adr/0019-the-open-cells-of-the-rule-table.md.
ITEMS: dict[ItemKey, Item] = {
    "A": Item(
        "A",
        (
            Clause("unsafe", "A-taken", (_is("sidewalk", "taken"),), "answer"),
            Clause("safe", "A-shared", (_SHARED,)),
            Clause("unsafe", "A-far-side", (_is("sidewalk", "no"), _is("far_sidewalk", "yes", "separate"))),
            Clause("unsafe", "A-none", (_is("sidewalk", "no"),)),
            Clause("unsafe", "A-narrow", (_is("sidewalk", "yes"), When("width", "<", ("clear_width_m",)))),
            Clause("safe", "A-wide", (_is("sidewalk", "yes"), When("width", ">=", ("clear_width_m",))), "answer"),
            Clause("unknown", "A-unmeasured", (_is("sidewalk", "yes"),), "answer"),
            Clause("safe", "A-sidewalk", (_is("sidewalk", "yes"),), "map"),
            Clause("safe", "A-separate", (_is("sidewalk", "separate"), _is("beside", "yes")), "map"),
            Clause("unknown", "A-separate-unmatched", (_is("sidewalk", "separate"),), "map"),
            Clause("unknown", "A-contradictory", (_is("sidewalk", "contradictory"),), "map"),
            Clause("unknown", "A-unread", (_is("sidewalk", "unread"),), "map"),
        ),
        "A-untagged",
    ),
    "B": Item(
        "B",
        (
            Clause("unsafe", "B-over", (_FAST,), "answer"),
            Clause("safe", "B-limit", (_SLOW, _is("limit_form", "always"))),
            Clause("unknown", "B-shared-fast", (_SHARED, _FAST), "map"),
            Clause("unknown", "B-contradictory", (_SHARED, _is("limit_form", "contradictory")), "map"),
            Clause("safe", "B-shared", (_SHARED,)),
            Clause("safe", "B-school-hours", (_SLOW, _is("limit_form", "hours")), "map"),
            Clause("unsafe", "B-over", (_FAST, _is("limit_form", "always")), "map"),
            Clause("unsafe", "B-outside-hours", (_FAST, _is("limit_form", "hours")), "map"),
            Clause("unsafe", "B-none", (_is("limit_form", "none"),), "answer"),
            Clause("unknown", "B-unnumbered", (_is("limit_form", "unnumbered"),), "answer"),
            Clause("unknown", "B-contradictory", (_is("limit_form", "contradictory"),), "map"),
            Clause("unknown", "B-other-hours", (_is("limit_form", "hours"),), "map"),
            Clause("unknown", "B-one-direction", (_is("limit_form", "one direction"),), "map"),
            Clause("unknown", "B-variable", (_is("limit_form", "variable"),), "map"),
            Clause("unknown", "B-unread", (_is("limit_form", "unread"),), "map"),
            Clause("unknown", "B-sign-only", (_is("sign", "yes"),), "map"),
        ),
        "B-untagged",
    ),
    "C": Item(
        "C",
        (
            Clause("safe", "C-signals", (_is("crossing", "signals"),)),
            Clause("safe", "C-grade", (_is("crossing", "bridge"),)),
            Clause("unsafe", "C-marked-no-signals", (_is("crossing", "marked"), _MANY), "answer"),
            Clause("unknown", "C-marked-many-lanes", (_is("crossing", "marked"), _MANY), "map"),
            Clause("unknown", "C-marked-lanes-untagged", (_is("crossing", "marked"), When("lanes", "unknown"))),
            Clause("safe", "C-marked", (_is("crossing", "marked"),)),
            Clause("unsafe", "C-none", (_is("crossing", "none"),), "answer"),
            Clause("unsafe", "C-only-unmarked", (_is("crossing", "unmarked"),), "answer"),
            Clause("unsafe", "C-no-crossing", (_is("crossing", "forbidden"),), "map"),
            Clause("unsafe", "C-unmarked-many-lanes", (_is("crossing", "unmarked"), _MANY), "map"),
            Clause("unknown", "C-unmarked", (_is("crossing", "unmarked", "unclear"),), "map"),
        ),
        "C-untagged",
    ),
    "D": Item(
        "D",
        (
            Clause("safe", "D-lit", (_is("lit", "yes"),)),
            Clause("unsafe", "D-dark", (_is("lit", "no"),)),
            Clause("unknown", "D-unread", (_is("lit", "unread"),), "map"),
        ),
        "D-untagged",
    ),
    "E": Item(
        "E",
        (
            Clause("safe", "E-sign", (_is("sign", "yes"),)),
            Clause("unsafe", "E-none", (_is("sign", "no"),), "answer"),
        ),
        "E-untagged",
    ),
    "F": Item(
        "F",
        (
            Clause("safe", "F-calming", (_is("calming", "yes"),)),
            Clause("unknown", "F-none", (_is("calming", "no"),)),
        ),
        "F-untagged",
    ),
    "G": Item(
        "G",
        (
            Clause("safe", "G-loving", (_is("loving", "yes"),)),
            Clause("unknown", "G-unmatched", (_is("loving", "unmatched"),), "map"),
            Clause("unknown", "G-none", (_is("loving", "no"),), "answer"),
        ),
        "G-unlisted",
    ),
    "H": Item(
        "H",
        (
            Clause("safe", "H-guard", (_is("guard", "yes"),)),
            Clause("unknown", "H-none", (_is("guard", "no"),)),
        ),
        "H-untagged",
    ),
}

RULE_SETS: dict[str, RuleSet] = {
    "default": RuleSet("default", "默认", "default", ("A", "B", "C"), {"B": ("F", ("residential",))}),
    "strict": RuleSet("strict", "从严", "strict", ("A", "B", "C", "D", "E"), {}),
}


def lines() -> Iterator[tuple[Item, Clause]]:
    """Every line of the table, in its order; the last of each item is its silence, with no test."""
    for item in ITEMS.values():
        for clause in item.clauses:
            yield item, clause
        yield item, Clause("unknown", item.otherwise, ())


__all__ = ["ITEMS", "RULE_SETS", "Clause", "Heard", "Item", "RuleSet", "When", "lines"]
