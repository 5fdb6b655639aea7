"""Statistics by clicks, touch and keyboard: what a bar says is what the map then shows."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_page import assert_clean, shown

pytestmark = pytest.mark.browser


def open_statistics(page):
    page.click("[data-group=more]")
    page.click("[data-tool=stats]")


def number(page, bar: str) -> int:
    return int(page.locator(f"{bar} .count").inner_text())


def test_a_bar_filters_map_and_list_and_again_undoes_it(open_page, html):
    with open_page(html, size=PHONE) as opened:
        page = opened.page
        open_statistics(page)
        everything = shown(page)
        for bar in ("[data-toggle=stat-groups-1]", "[data-toggle=stat-layers-2]"):
            n = number(page, bar)
            page.tap(bar)
            assert page.get_attribute(bar, "aria-pressed") == "true"
            assert shown(page) == n
            assert page.locator("#stats-list").inner_text().split()[1] == str(n)
        page.tap("#stats-reset")
        assert shown(page) == everything
        n = number(page, "[data-toggle=stat-groups-0]")
        page.tap("[data-toggle=stat-groups-0]")
        page.tap("#stats-list")
        assert page.get_attribute("#panel", "data-panel") == "list"
        assert shown(page) == n < everything
        assert_clean(opened)


def test_years_add_up_and_a_year_filters_and_comes_back_by_the_link(open_page, html):
    with open_page(html, size=DESKTOP) as opened:
        page = opened.page
        page.click("#layers")
        page.click("#panel [data-tool=stats]")
        years = page.locator("[data-chart=years] .count").all_inner_texts()
        assert [int(n) for n in years] == sorted(int(n) for n in years)
        assert int(years[-1]) == shown(page)
        page.click("[data-toggle=stat-years-0]")  # 2021: not among the editions
        assert shown(page) == int(years[0])
        page.wait_for_timeout(400)  # the address follows a little later
        assert "y=2021" in page.evaluate("location.hash")
        page.keyboard.press("Escape")
        page.reload()
        page.wait_for_selector(".pin, .cluster")
        assert shown(page) == int(years[0])
        page.click("[data-group=more]")
        assert page.locator(".segments [aria-pressed=true]").inner_text() == "2021"
        assert_clean(opened)


def test_keyboard_alone_and_the_table_says_the_same(open_page, html):
    with open_page(html, size=DESKTOP) as opened:
        page = opened.page
        open_statistics(page)
        page.focus("[data-toggle=stat-groups-0]")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.dataset.toggle") == "stat-groups-0"
        assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
        page.keyboard.press("Space")
        assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "false"
        for chart in page.locator(".chart").all():
            total = int(re.search(r"合计 (\d+)", chart.locator(".hint").first.inner_text())[1])
            bars = [int(n) for n in chart.locator(".count").all_text_contents()]
            assert [int(n) for n in chart.locator("tbody td:nth-child(2)").all_text_contents()] == bars
            if chart.get_attribute("data-chart") != "years":
                assert sum(bars) == total
        page.focus("[data-chart=layers] .more")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.dataset.toggle") == "stat-layers-8"
        assert page.locator("[data-chart=layers] .bars > li:visible").count() == page.locator("[data-chart=layers] .bars > li").count()
        assert_clean(opened)


def test_printed_in_place_of_the_map_with_what_stands_on_every_copy(open_page, html):
    with open_page(html, size=DESKTOP, before="window.print = () => { window.dispatchEvent(new Event('beforeprint')); };") as opened:
        page = opened.page
        open_statistics(page)
        bars = page.locator("#panel .bar").count()
        page.click("#stats-print")
        page.emulate_media(media="print")
        assert page.locator("#print .bar:visible").count() == bars
        assert page.locator("#print button, #print canvas").count() == 0
        assert "演示数据" in page.text_content("#print h1")
        assert "示例路网" in page.text_content("#print .credit")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert_clean(opened)
