"""What is a rule for numbers?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cfmap.model.edition import Edition, Indicator


@dataclass(frozen=True)
class IndicatorRule:
    """
    One question answered by numbers.

    Parameters
    ----------
    key
        First part of the ids of its indicators (``counts`` makes ``counts.schools`` …).
    title, title_en
        The question, for documents and tables.
    compute
        Pure function from an edition (its own `indicators` still empty) to indicators; yields nothing where the
        project lacks the subject altogether.
    gap
        Whether its numbers say who or what is *not* served: a public edition shows those only when
        ``publish.indicators`` lists them.
    rests_on
        What else than itself can change its numbers: some of ``sites, people, streets, boundary, method``.
    layers
        Layers they rest on; empty where the second part of an id names the layer.
    """

    key: str
    title: str
    title_en: str
    compute: Callable[[Edition], Iterable[Indicator]]
    gap: bool = True
    rests_on: frozenset[str] = frozenset({"sites", "people", "streets", "boundary", "method"})
    layers: tuple[str, ...] = ()


def town_names(edition: Edition) -> tuple[str, ...]:
    """Names of the towns in the order of the outline file; empty without one."""
    return () if edition.towns is None else tuple(str(name) for name in edition.towns["name"])


def percent(part: float, whole: float) -> float | None:
    """`part` of `whole` in per cent, rounded to 6 decimals; None when there is no whole."""
    return round(100.0 * part / whole, 6) if whole > 0 else None
