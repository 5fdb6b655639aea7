"""From one year's edition to another's: by the year control, with what is seen kept, from the disk and from a server, never to where nothing is."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from cfmap.publish import WRITERS, hosting, published, release
from cfmap.publish.serve import serve
from tests.browser.synthetic import synthetic_edition
from tests.browser.test_handed_out import opened
from tests.browser.waiting import until

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def output(assets, tmp_path_factory):
    """2023 first, then 2024: the older one was built when there was no other."""
    del assets
    folder = tmp_path_factory.mktemp("output")
    edition = synthetic_edition(count=60)
    for year in (2023, 2024):
        release.publish(replace(edition, year=year), out=folder / str(year), writers={"web": WRITERS["web"]})
    return folder


def go(page, year):
    page.click("[data-group=more]")
    page.click(f".editions a:has-text('{year}')")
    page.wait_for_url(f"**/{year}/versions/000001/**")
    page.wait_for_selector(".pin, .cluster, .site", state="attached")


def test_from_the_disk_there_and_back_with_view_filters_and_language(chromium, output):
    address = (output / "2024" / "index.html").as_uri()
    with opened(chromium, address + "?g=play&at=14/28.04/123.04&lang=en", own="file:") as seen:
        page = seen.page
        page.wait_for_selector(".pin, .cluster")
        go(page, 2023)
        assert "2023" in page.text_content("#badges")
        assert page.get_attribute("[data-group=play]", "aria-pressed") == "true"
        assert page.evaluate("[document.documentElement.lang, cfmap.map.getZoom()]") == ["en", 14]
        page.click("[data-group=play]")
        until(page, "!location.hash.includes('g=play') && location.hash.includes('editions=')")
        page.reload()  # what the pointer said is still known
        page.wait_for_selector(".pin, .cluster")
        go(page, 2024)
        assert "2024" in page.text_content("#badges")
        assert seen.errors == seen.outside == []
        assert page.evaluate("window.broken") == []


def test_from_the_preview_server_and_shared_links_outlive_their_version(chromium, output):
    server = serve(output, 2024)
    with server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            with opened(chromium, server.address, own=server.address) as seen:
                page = seen.page
                page.wait_for_selector(".pin, .cluster")
                page.evaluate("Object.defineProperty(navigator, 'share', {value: async ({url}) => { window.shared = url; }, configurable: true})")
                page.click("#open-list")
                page.locator(".site").first.click()
                page.locator(".actions button").last.click()
                shared = page.evaluate("window.shared")
                assert shared.startswith(f"{server.address}2024/index.html?at=")
                assert "editions" not in shared
                page.goto(shared)
                page.wait_for_selector("#card-name")
                page.keyboard.press("Escape")
                page.keyboard.press("Escape")
                go(page, 2023)
                assert seen.errors == seen.outside == []
        finally:
            server.shutdown()


def test_a_package_and_the_page_alone_have_no_link_that_could_be_dead(chromium, output, tmp_path):
    hosting.write_folder(published.chosen(output, 2024), tmp_path / "2024")
    for name in ("index.html", "map.html"):
        with opened(chromium, (tmp_path / "2024" / name).as_uri() + "#editions=2022.2023", own="file:") as seen:
            page = seen.page
            page.wait_for_selector(".pin, .cluster")
            page.click("[data-group=more]")
            assert page.locator(".segments").count() == 1
            assert page.locator(".editions").count() == 0
