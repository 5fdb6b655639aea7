"""Who is quicker than the page: what was done is in the address at once, a page still arriving forgets nothing of its link, the last place asked for is shown."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.browser.conftest import PHONE
from tests.browser.test_handed_out import listening
from tests.browser.waiting import until

pytestmark = pytest.mark.browser


def test_whoever_leaves_or_reloads_right_after_a_tap_finds_what_was_tapped(open_page, html):
    with open_page(html) as opened:
        page = opened.page
        tap = "(groups) => { for (const group of groups) document.querySelector(`[data-group=${group}]`).click(); %s }"  # nothing comes between tap and look
        many = ["care", "way", "health", "care", "way", "health", "care", "play"]  # too many to be written one by one: the last one waits
        assert "g=play" in page.evaluate(tap % "dispatchEvent(new Event('pagehide')); return location.hash;", many)
        assert "g=care" in page.evaluate(tap % "document.dispatchEvent(new Event('visibilitychange')); return location.hash;", [*many, "care"])
        page.reload()
        page.wait_for_selector(".pin, .cluster", state="attached")
        with page.expect_navigation():
            page.evaluate(tap % "location.reload();", ["way", "play"])
        page.wait_for_selector(".pin, .cluster", state="attached")
        assert page.get_attribute("[data-group=play]", "aria-pressed") == "true"
        assert opened.errors == []


def test_a_page_still_arriving_keeps_in_its_address_what_the_link_asked_of_the_rest(chromium, html):
    rest = threading.Event()
    first, second = html.encode().split(b'<script type="application/json" id="cfmap-coverage">')

    class Slow(BaseHTTPRequestHandler):
        """Sends the page up to the markers, and the reaches when it is told to."""

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(first)
            rest.wait(60)
            self.wfile.write(b'<script type="application/json" id="cfmap-coverage">' + second)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with (
        listening(ThreadingHTTPServer(("127.0.0.1", 0), Slow)) as host,
        chromium.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}) as context,
    ):
        page = context.new_page()
        try:
            page.goto(f"{host}/#reach=childcare.walk15", wait_until="commit")
            page.wait_for_selector(".pin, .cluster", state="attached")
            page.click("[data-group=play]")
            assert page.evaluate("[document.readyState, location.hash]") == ["loading", "#reach=childcare.walk15"]
        finally:
            rest.set()
        until(page, "location.hash.includes('reach=childcare.walk15') && location.hash.includes('g=play')")
        assert page.locator(".leaflet-reach-pane canvas").count() > 0


def test_what_moves_the_map_while_a_zoom_is_under_way_is_not_forgotten(open_page, html):
    with open_page(html) as opened:
        page = opened.page
        before = page.evaluate("cfmap.map.getZoom()")
        page.evaluate(
            "() => { const more = document.querySelector('#in'); cfmap.map.once('zoomanim', () => queueMicrotask(() => more.click())); more.click(); }"
        )
        until(page, f"cfmap.map.getZoom() === {before + 2}")
        far = "() => { cfmap.map.once('zoomanim', () => queueMicrotask(() => { for (const lon of [0, 123.02]) cfmap.map.setView([28.01, lon], 17); })); document.querySelector('#out').click(); }"
        page.evaluate(far)  # as from one card to the next: the last one counts
        until(page, "cfmap.map.getZoom() === 17 && cfmap.map.getCenter().distanceTo([28.01, 123.02]) < 5")
        assert opened.errors == []


def test_a_tap_on_the_map_that_is_still_to_be_answered_takes_nobody_back_from_the_list(open_page, html):
    with open_page(html) as opened:
        shown = """async () => {
            cfmap.map.fire('click', {latlng: cfmap.map.getCenter()});
            document.querySelector('#open-list').click();
            await new Promise((done) => setTimeout(done, 500));
            return document.documentElement.dataset.panel;
        }"""
        assert opened.page.evaluate(shown) == "list"
