"""Waiting until a page is so; playwright's own way evaluates inside the page, which the page's content security policy forbids from the second look on."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page


def until(page: Page, so: str, *, arg: Any = None, seconds: float = 30.0) -> None:
    """Ask `so` (an expression, or a function of `arg`) until it is true; AssertionError when it is not in time."""
    end = time.monotonic() + seconds
    while not page.evaluate(so, arg):
        assert time.monotonic() < end, f"not within {seconds} s: {so}"
        page.wait_for_timeout(50)
