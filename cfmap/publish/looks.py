"""How is a street drawn that is safe, unsafe or not known to be either? One palette with one set of patterns, for the page, paper and QGIS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from cfmap.coverage.perimeter.spoken import STATES as WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cfmap.coverage.safety.states import State


@dataclass(frozen=True)
class Look:
    """
    A colour and what tells it from others without colours.

    Attributes
    ----------
    title
        In Chinese.
    colour
        As ``#rrggbb``.
    dash
        What is drawn and what is left out, in widths of the line; empty = unbroken.
    ends
        Of the line and of each of its parts.
    marker
        Shape of a point.
    """

    title: str
    colour: str
    dash: tuple[float, ...] = ()
    ends: Literal["round", "butt"] = "round"
    marker: Literal["circle", "triangle", "square"] = "circle"

    def dashes(self, width: float) -> tuple[float, ...]:
        """The parts of a line so wide, in the unit of `width`."""
        return tuple(round(part * width, 3) for part in self.dash)


#: Below a line, so that gaps stay gaps over whatever it lies on.
CASING = "#ffffff"
#: Apart for everybody, also without red, green or blue cones, and on every light ground (tests/unit/publish/test_looks.py measures both).
STATES: Mapping[State, Look] = {
    "safe": Look(WORDS["safe"][0], "#0b5d3b"),
    "unsafe": Look(WORDS["unsafe"][0], "#c2410c", dash=(2.2, 1.4), ends="butt", marker="triangle"),
    "unknown": Look(WORDS["unknown"][0], "#7a7f85", dash=(0.02, 1.6), marker="square"),
}
#: A proposed way to school: a band or two lines side by side, as no state has.
PROPOSED = Look("建议的学径", "#6d28d9")
#: Lines and stops of walking buses: light with dark edges, as no other line is.
WALKING_BUS, BUS_EDGE = Look("步行巴士", "#ffd60a"), "#33270a"


def for_legend(look: Look, *, width_pt: float) -> dict[str, Any]:
    """As the sheets' templates read it."""
    return {"title": look.title, "colour": look.colour, "width": width_pt, "dash": list(look.dashes(width_pt)), "ends": look.ends}


def for_page(look: Look) -> dict[str, Any]:
    """As the page's script reads it."""
    return {"colour": look.colour, "dash": list(look.dash), "ends": look.ends}


__all__ = ["BUS_EDGE", "CASING", "PROPOSED", "STATES", "WALKING_BUS", "Look", "for_legend", "for_page"]
