"""Three values and their logic: what is known to be safe, known to be unsafe, not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

State = Literal["safe", "unsafe", "unknown"]


def all_of(states: Iterable[State]) -> State:
    """Kleene's "and": any unsafe is unsafe; all safe is safe; else unknown. Of nothing: unknown."""
    found = set(states)
    if "unsafe" in found:
        return "unsafe"
    return "safe" if found == {"safe"} else "unknown"
