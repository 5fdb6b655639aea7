"""How are these characters read: every reading, for search by pinyin and initials."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def readings(texts: Iterable[str]) -> dict[str, str]:
    """
    Character -> its readings without tones, separated by spaces, the usual one first ("长" -> "chang zhang").

    Only characters that occur in `texts` and have a reading; sorted by character; "ü" is "v".
    """
    used = sorted(c for c in set().union(*texts) if ord(c) > 0x2E7F)
    return {c: r for c in used if (r := _of_character(c))}


@lru_cache(maxsize=20_000)
def _of_character(character: str) -> str:
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore", v_to_u=False)
    return " ".join(dict.fromkeys(found[0])) if found else ""
