"""Browser tests on another computer: ``CFMAP_SHAKE`` makes the page late, or the test; what passes by luck of speed fails then.

``late:SEED``: the page's processor is slowed down four times, and each timer, frame and idle moment comes up to 0.8 s after its time, by chance (SEED).
``slow:MS``: the test rests so many milliseconds before each of its steps; what the page shows for a while is gone when it looks.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

SLOWER, MOST_MS = 4, 800
LATE = """(() => {
    let seed = %d;
    const more = () => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return seed / 2 ** 32 * %d; };
    const [later, frame, drop, idle] = [setTimeout, requestAnimationFrame, cancelAnimationFrame, window.requestIdleCallback].map((f) => f?.bind(window));
    window.setTimeout = (call, ms, ...given) => later(call, (ms || 0) + more(), ...given);
    const waiting = new Map();
    let last = 0;
    window.requestAnimationFrame = (call) => {
        const id = ++last, due = (now) => { waiting.delete(id); call(now); };
        const timer = later(() => { const one = frame(due); waiting.set(id, () => drop(one)); }, more());
        waiting.set(id, () => clearTimeout(timer));
        return id;
    };
    window.cancelAnimationFrame = (id) => { waiting.get(id)?.(); waiting.delete(id); };
    if (idle) window.requestIdleCallback = (call, options) => later(() => idle(call, options), more());
})();"""


def asked() -> tuple[str, int]:
    """What the environment asks for: `late` or `slow` and its number; an empty word when nothing."""
    how, _, number = os.environ.get("CFMAP_SHAKE", "").partition(":")
    if how not in {"", "late", "slow"}:
        message = f"CFMAP_SHAKE={how}: late:SEED or slow:MS"
        raise ValueError(message)
    return how, int(number or 1)


def slow_mo() -> int:
    """Milliseconds before each step of a test."""
    how, number = asked()
    return number if how == "slow" else 0


def shaken(browser: Browser) -> Browser:
    """The browser, whose pages are late when that is asked for."""
    how, seed = asked()
    if how != "late":
        return browser
    new_context = browser.new_context

    def late_context(**options: object) -> BrowserContext:
        context = new_context(**options)  # type: ignore[arg-type]
        new_page = context.new_page

        def late_page() -> Page:
            page = new_page()
            page.add_init_script(LATE % (seed, MOST_MS))
            context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            return page

        context.new_page = late_page  # type: ignore[method-assign]
        return context

    browser.new_context = late_context  # type: ignore[method-assign,assignment]
    return browser
