"""The shape of one message."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """Texts of one message as (Chinese, English) pairs with ``str.format`` places for facts."""

    what: tuple[str, str]
    why: tuple[str, str] = ("", "")
    how: tuple[str, str] = ("", "")
