"""What has somebody seen or mapped, as readings of the rule table, and whose word counts more?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cfmap.model.survey import SOURCES, VALUES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cfmap.coverage.safety.tags import Reading
    from cfmap.model.survey import Answer, ItemKey

#: Item -> value of an answer -> (reading, its word).
_SAID: Mapping[ItemKey, Mapping[str, tuple[str, str]]] = {
    "A": {"有": ("sidewalk", "yes"), "无": ("sidewalk", "no"), "占用": ("sidewalk", "taken")},
    "B": {"限速": ("limit_form", "unnumbered"), "没有限速": ("limit_form", "none")},
    "C": {
        "信号灯": ("crossing", "signals"),
        "天桥地道": ("crossing", "bridge"),
        "斑马线": ("crossing", "marked"),
        "没画线": ("crossing", "unmarked"),
        "没有": ("crossing", "none"),
    },
    "D": {"有": ("lit", "yes"), "无": ("lit", "no")},
    "E": {"有": ("sign", "yes"), "无": ("sign", "no")},
    "F": {"有": ("calming", "yes"), "无": ("calming", "no")},
    "G": {"有": ("loving", "yes"), "无": ("loving", "no")},
    "H": {"有": ("guard", "yes"), "无": ("guard", "no")},
}


@dataclass(frozen=True, order=True)
class Evidence:
    """
    Where a value comes from.

    Parameters
    ----------
    source
        osm, survey, bureau or edit.
    id
        ``way/12``, or of the answer's row.
    date
        ISO; "" = not known.
    read
        Tags or words that decided, "" = silence.
    """

    source: str
    id: str
    date: str
    read: str

    def text(self) -> str:
        """``way/12@2024-05-01 sidewalk=both``."""
        named = self.id if self.source == "osm" else f"{self.source}/{self.id}"
        return f"{named}{'@' if self.date else ''}{self.date} {self.read}".strip()


def said(answer: Answer) -> dict[str, Reading]:
    """Readings of one answer."""
    text = said_text(answer)
    reading, word = _SAID[answer.item][answer.value]
    found: dict[str, Reading] = {reading: (word, text)}
    if answer.number is None:
        return found
    if answer.item == "A":
        found["width"] = answer.number, text
    elif answer.item == "B" and answer.value == "限速":
        found |= {"limit_form": ("always", text), "limit_least": (answer.number, text), "limit_most": (answer.number, text)}
    elif answer.item == "C":
        found["lanes"] = answer.number, text
    return found


def said_text(answer: Answer) -> str:
    """The answer in its own words, ``有 1.8``."""
    return answer.value if answer.number is None else f"{answer.value} {answer.number:g}"


def strongest_first(answers: Iterable[Answer]) -> list[Answer]:
    """
    Whose word counts more comes first: an edit, a survey, a department's list; of one source the later.

    Of two of one day the one for a single side, then the more careful one, comes first; so the order they are given in never matters.
    """
    words = {item: list(values) for item, values in VALUES.items()}
    settled = sorted(answers, key=lambda a: (a.side == "", -words[a.item].index(a.value), a.number is None, a.number or 0.0, a.id, a.side))
    settled.sort(key=lambda a: a.date, reverse=True)
    return sorted(settled, key=lambda a: SOURCES.index(a.source))


def by_subject(answers: Iterable[Answer]) -> dict[str, tuple[Answer, ...]]:
    """Answers of each segment and gate."""
    found: dict[str, list[Answer]] = {}
    for answer in answers:
        found.setdefault(answer.subject, []).append(answer)
    return {subject: tuple(some) for subject, some in found.items()}


__all__ = ["Evidence", "by_subject", "said", "said_text", "strongest_first"]
