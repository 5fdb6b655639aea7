"""Nobody is left out: axe finds nothing in the page's states, in both languages, on phone and desktop."""

from __future__ import annotations

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.synthetic import ROOT

pytestmark = pytest.mark.browser

STATES = {
    "first screen": [],
    "group": ["[data-group=care]"],
    "more": ["[data-group=more]"],
    "reach": ["#layers", ".reach .switch", ".reach summary"],
}


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing(open_page, html, size):
    axe = (ROOT / "cfmap/publish/web/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    found = []
    with open_page(html, size=size, before=axe) as opened:
        page = opened.page

        def look(state: str) -> None:
            result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            found.extend(f"{state}: {v['id']} {[n['html'][:120] for n in v['nodes'][:3]]}" for v in result["violations"])

        for language in ("zh", "en"):
            for state, clicks in STATES.items():
                for selector in clicks:
                    page.locator(selector).first.click()
                look(f"{language} {state}")
                page.keyboard.press("Escape")
            if size == PHONE:
                page.click("#open-list")
            page.locator(".site").first.click()
            look(f"{language} card")
            page.keyboard.press("Escape")
            page.fill("#q", "qqqq")
            look(f"{language} nothing found")
            page.click("#clear")
            page.click("#language")
    assert found == []
