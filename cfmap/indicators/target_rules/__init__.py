"""How is each kind of target counted? Pure functions, from an edition and a binding to what is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.indicators.target_rules.documents import edition_itself, named, reported
from cfmap.indicators.target_rules.found import DIGITS, Found, Rule, Sight
from cfmap.indicators.target_rules.shares import per_thousand, share, total
from cfmap.indicators.target_rules.sites import added, count, growth, new
from cfmap.indicators.target_rules.statistics import every_town, statistic, towns_with
from cfmap.indicators.target_rules.streets import length, people_reach, safe_streets
from cfmap.indicators.target_rules.units import presence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfmap.model.target import Binding


def layers_used(bindings: Iterable[Binding]) -> frozenset[str]:
    """Layers that any of the bindings looks at."""
    return frozenset(key for b in bindings for key in b.layers)


__all__ = [
    "DIGITS",
    "Found",
    "Rule",
    "Sight",
    "added",
    "count",
    "edition_itself",
    "every_town",
    "growth",
    "layers_used",
    "length",
    "named",
    "new",
    "people_reach",
    "per_thousand",
    "presence",
    "reported",
    "safe_streets",
    "share",
    "statistic",
    "total",
    "towns_with",
]
