"""What may a rule of a target look at, and what does it find?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cfmap.model.target import Binding, Place, Statistic

if TYPE_CHECKING:
    from cfmap.model.edition import Edition

Words = tuple[str, str]
DIGITS = 6


@dataclass(frozen=True)
class Sight:
    """
    What a rule may look at.

    Parameters
    ----------
    edition
        Its `indicators` and `targets` are not looked at.
    first_year
        First year of the plan.
    children
        Group of people that "children" means.
    statistics
        Numbers that the bureau supplies.
    """

    edition: Edition
    first_year: int
    children: str = "children_0_17"
    statistics: tuple[Statistic, ...] = ()


@dataclass(frozen=True)
class Found:
    """
    What a rule finds: a number, or its bounds, or why neither.

    Attributes
    ----------
    now, lower, upper
        In the rule's unit. `now` alone when sure; bounds where cells are empty; all None = unknown.
    basis
        Formula with its denominator, in words.
    missing
        What is lacking to be sure, in words.
    places, lacking, unsure
        Sites, towns or communities counted; those of the denominator that are surely not; those of which it is unknown.
    sources, data_date, indicator
        As :class:`cfmap.model.target.TargetResult`.
    """

    basis: Words
    now: float | None = None
    lower: float | None = None
    upper: float | None = None
    missing: tuple[Words, ...] = ()
    places: tuple[Place, ...] = ()
    lacking: tuple[Place, ...] = ()
    unsure: tuple[Place, ...] = ()
    sources: tuple[str, ...] = ()
    data_date: str = ""
    indicator: str = ""


Rule = Callable[[Binding, Sight], Found]
