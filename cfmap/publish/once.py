"""What several writers, and the reading back, ask of one edition is worked out once."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")
_FOUND: ContextVar[dict[tuple[Any, ...], Any] | None] = ContextVar("worked out already", default=None)


@contextmanager
def once() -> Iterator[None]:
    """Keep what :func:`kept` makes; inside the block the objects it is made of must live on and stay as they are."""
    token = _FOUND.set({})
    try:
        yield
    finally:
        _FOUND.reset(token)


def kept(make: Callable[..., T], *of: Any) -> T:
    """``make(*of)``, inside :func:`once` the same object each time it is asked for; nobody may change it."""
    found = _FOUND.get()
    if found is None:
        return make(*of)
    key = (make, *map(id, of))
    if key not in found:
        found[key] = make(*of)
    made: T = found[key]
    return made
