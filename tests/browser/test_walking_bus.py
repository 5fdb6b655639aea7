"""Walking buses on the page: from a school's card by keyboard to a stop and what it is; nothing of it where there are none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cfmap.publish.public import public
from cfmap.publish.web import page as page_of
from tests.browser.conftest import PHONE
from tests.browser.synthetic import ROOT
from tests.browser.test_access import SMALL, WIDER
from tests.browser.waiting import until
from tests.factories import tiny_edition, with_walking_bus

pytestmark = pytest.mark.browser

SHOWN = "() => [...document.querySelectorAll('.bus-stop')].map((stop) => stop.textContent)"


@pytest.mark.usefixtures("assets")
def test_a_stop_is_found_from_the_schools_card_by_keyboard_and_says_when_it_leaves(open_page):
    axe = (ROOT / "cfmap/publish/web/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    edition = with_walking_bus(tiny_edition(ROOT, publish={"indicators": ["walking_bus"]}))
    with open_page(page_of(edition), size=PHONE, before=axe) as opened:
        page = opened.page
        page.click("#layers")
        assert page.evaluate(SHOWN) == []
        page.locator(".reach:has([data-toggle=bus]) summary").click()
        page.locator("label:has([data-toggle=bus])").click()
        page.locator(".reach:has([data-toggle=bus]) li button").click()  # the school
        assert page.text_content("#bus-title") == "步行巴士：2 条线"
        page.locator(".bus-line summary").nth(0).click()
        assert page.locator(".bus-times").nth(0).locator(".time").all_text_contents() == ["07:25", "07:31", "07:50"]
        page.locator(".bus-times button").nth(1).focus()
        page.keyboard.press("Enter")
        told = page.locator(".bus-told")
        assert "07:31 离站" in told.text_content()
        assert "07:36 离站" in told.text_content()  # of the other line that calls here
        assert "孩子" not in told.text_content()  # how many is for the house
        assert sorted(page.evaluate(SHOWN)) == ["1", "2·1"]
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [(v["id"], [n["html"][:120] for n in v["nodes"][:2]]) for v in found] == []
        assert page.evaluate(SMALL) == []
        assert page.evaluate(WIDER) <= 0
        page.keyboard.press("Escape")
        assert told.count() == 0
        assert page.evaluate("document.activeElement.className") == "bus-stop"
        assert "乙路口，07:31 离站" in page.evaluate("document.activeElement.getAttribute('aria-label')")
        until(page, "() => location.hash.includes('bus=1')")  # the address follows a little later
        assert (opened.errors, opened.outside, page.evaluate("window.broken")) == ([], [], [])


@pytest.mark.usefixtures("assets")
def test_a_page_without_lines_carries_no_script_for_them():
    edition = with_walking_bus(tiny_edition(ROOT))
    for without in (edition, replace(edition, public=False, walking_bus=None), public(edition)[0]):
        html = page_of(without)
        assert "cfmap-bus" not in html
        assert "bus-stop" not in html
