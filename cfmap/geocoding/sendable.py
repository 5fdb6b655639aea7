"""May this text leave the house: what could lead to a family's door is never sent to a map service."""

from __future__ import annotations

import re

from cfmap.model import personal

# stricter than the gate for tables: what stays here costs one pair of coordinates, what leaves cannot be called back
_DOOR = re.compile(
    r"[0-9a-z]+\s*(栋|幢|座|号楼)[^,，;；]*?\d{3,4}\s*室?$|(?<!\d)\d{3,4}\s*室|\d+\s*单元|(小区|花园|公寓|家园|新村|宿舍|苑)[^,，;；]*?\d{3,4}$", re.IGNORECASE
)
_PRIVATE = re.compile(r"(先生|女士|同学|家长|监护人)|^[\u4e00-\u9fff]{2,4}的?家$")


def may_be_sent(text: str) -> bool:
    """
    Whether an address or a name is an institution's as far as can be told.

    Nothing with personal data in it (:mod:`cfmap.model.personal`), no door of a flat, nobody's home; in doubt the answer is
    no, and the site stays without coordinates.
    """
    plain = personal.plain(text).strip()
    return not (personal.hits(text) or personal.is_person(plain) or _DOOR.search(plain) or _PRIVATE.search(plain))
