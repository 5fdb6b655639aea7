"""What did somebody see on the street: one answer about one item of the rule table, and the words it may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

Side = Literal["left", "right", ""]
ItemKey = Literal["A", "B", "C", "D", "E", "F", "G", "H"]
Source = Literal["survey", "bureau", "edit"]

ITEM_KEYS: tuple[ItemKey, ...] = get_args(ItemKey)
#: Stronger evidence first; what OpenStreetMap says comes after all of them.
SOURCES: tuple[Source, ...] = ("edit", "survey", "bureau")
SOURCE_WORDS: Mapping[Source, tuple[str, str]] = {
    "edit": ("设想的改动", "a supposed change"),
    "survey": ("现场调查", "a survey on the spot"),
    "bureau": ("部门清单", "a department's list"),
}
#: Item -> (中文, English).
ITEM_WORDS: Mapping[ItemKey, tuple[str, str]] = {
    "A": ("人行空间", "walking space"),
    "B": ("限速", "speed"),
    "C": ("门口过街", "crossing at the gate"),
    "D": ("路灯", "lighting"),
    "E": ("标志", "signs"),
    "F": ("减速设施", "traffic calming"),
    "G": ("爱心斑马线", "loving-care crossing"),
    "H": ("护学岗", "crossing guard"),
}
#: What may be answered for each item: value -> (as it is shown, English).
VALUES: Mapping[ItemKey, Mapping[str, str]] = {
    "A": {"有": "there is", "无": "there is none", "占用": "taken up by other things"},
    "B": {"限速": "limited", "没有限速": "no limit"},
    "C": {"信号灯": "signals", "斑马线": "zebra crossing", "天桥地道": "bridge or tunnel", "没画线": "unmarked", "没有": "none"},
    "D": {"有": "there is", "无": "there is none"},
    "E": {"有": "there is", "无": "there is none"},
    "F": {"有": "there is", "无": "there is none"},
    "G": {"有": "there is", "无": "there is none"},
    "H": {"有": "there is", "无": "there is none"},
}
#: Items that carry a number, and its unit.
NUMBERS: Mapping[ItemKey, str] = {"A": "m", "B": "km/h", "C": "lanes"}


@dataclass(frozen=True)
class Answer:
    """
    One thing somebody saw, or an edit supposes.

    Parameters
    ----------
    subject
        Key of the segment, ``<way>/<first node>-<last node>``; for item C of the gate, ``<school id>/<n>``, in answers of a survey
        with ``@<longitude>,<latitude>`` behind: the number changes with the list of gates.
    item
        Of the rule table.
    value
        One of ``VALUES[item]``.
    number
        A: clear width in metres; B: limit in km/h; C: lanes in one direction of the road before the gate; None = not measured.
    side
        For A, looking along the OSM way; "" = both sides.
    source
        Where two disagree, an edit comes before a survey, that before a department's list, that before OpenStreetMap.
    id
        Of the row it was read from (file and row).
    date
        ISO; "" = not known. Of two answers of one source the later one counts.

    Raises
    ------
    ValueError
        An item or value that the vocabularies do not know, a side for another item than A, a number below zero or
        where none belongs. Readers of files check before and make records of it.
    """

    subject: str
    item: ItemKey
    value: str
    number: float | None = None
    side: Side = ""
    source: Source = "survey"
    id: str = ""
    date: str = ""

    def __post_init__(self) -> None:
        if self.item not in VALUES or self.value not in VALUES[self.item]:
            msg = f"{self.item!r}: {self.value!r} is no answer; known: {', '.join(VALUES.get(self.item, VALUES))}"
            raise ValueError(msg)
        if self.side and self.item != "A":
            msg = f"`side` belongs to item A, not to {self.item}"
            raise ValueError(msg)
        if self.number is not None and (self.item not in NUMBERS or not self.number >= 0):
            msg = f"`number` {self.number!r} does not go with item {self.item}"
            raise ValueError(msg)


__all__ = ["ITEM_KEYS", "ITEM_WORDS", "NUMBERS", "SOURCES", "SOURCE_WORDS", "VALUES", "Answer", "ItemKey", "Side", "Source"]
