"""Both coordinates in one column ("120.65,27.78"): where is the one parted from the other, and which of them is the latitude?"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_LATITUDE, _LONGITUDE = re.compile(r"lat|纬|[ns北南]"), re.compile(r"lon|lng|经|[ew东西]")
_POLE = 90.0  # degrees; what is more is no latitude


def split(text: str) -> tuple[str, str] | None:
    """The two coordinates of a cell as they stand, without brackets and the word POINT; None when there are not two."""
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = re.sub(r"^point\s*z?\s*\(", "(", plain, flags=re.IGNORECASE).strip("()[]").strip()
    for between in (r"\s*[,;、/|]\s*", r"\s+"):
        parts = re.split(between, plain)
        if len(parts) == 2 and all(parts):
            return _bare(parts[0]), _bare(parts[1])
    return None


def _bare(part: str) -> str:
    """A coordinate without the name that stands before it ("经度：120.65"), which is read with a hemisphere's letter alone."""
    return re.sub(r"^(?:经度|纬度|latitude|longitude|lat|lng|lon)\s*[:=]?\s*", "", part, flags=re.IGNORECASE)


def latitude_first(header: str, cells: Iterable[str], understood: Callable[[str], float | None]) -> tuple[bool, bool]:
    """
    Whether the latitude stands before the longitude in all cells of a column.

    Parameters
    ----------
    header
        Of the column; "纬度,经度" and "lat,lng" say it themselves.
    cells
        Texts, empty ones among them.
    understood
        Gives the number of a coordinate.

    Returns
    -------
    first, by_values
        Whether it does; and whether no header but the values said so. They do when in every cell only the second number can be a
        longitude (beyond 90 degrees), or letters of the hemispheres say which is which. In doubt the longitude comes first.
    """
    said = _order(header.lower())
    if said is not None:
        return said, False
    orders = {_order_of(cell, understood) for cell in cells} - {None}
    return orders == {True}, True


def _order(text: str) -> bool | None:
    """By words: True latitude first, False longitude first, None when they do not say."""
    plain = unicodedata.normalize("NFKC", text)
    latitude, longitude = (min((m.start() for m in p.finditer(plain)), default=None) for p in (re.compile("lat|纬"), re.compile("lon|lng|经")))
    if latitude is None or longitude is None or plain.strip().startswith("经纬"):
        return None  # 经纬度 is the everyday word for both, in whatever order
    return latitude < longitude


def _order_of(cell: str, understood: Callable[[str], float | None]) -> bool | None:
    parts = split(cell)
    if parts is None:
        return None
    one, other = (unicodedata.normalize("NFKC", p).lower() for p in parts)
    if _LATITUDE.search(one) and _LONGITUDE.search(other):
        return True
    if _LONGITUDE.search(one) and _LATITUDE.search(other):
        return False
    numbers = [understood(p) for p in parts]
    if any(n is None for n in numbers):
        return None
    a, b = (abs(n) for n in numbers if n is not None)
    return True if a <= _POLE < b <= 2 * _POLE else False if b <= _POLE < a <= 2 * _POLE else None
