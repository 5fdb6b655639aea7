"""What several rules or writers ask of the same objects is worked out once."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")
_FOUND: ContextVar[dict[tuple[Any, ...], tuple[Any, Any]] | None] = ContextVar("worked out already", default=None)


@contextmanager
def once() -> Iterator[None]:
    """Keep what :func:`kept` makes while the block runs; what it is made of must stay as it is."""
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
        found[key] = of, make(*of)  # as long as an object is held, no other one gets its id
    made: T = found[key][1]
    return made
