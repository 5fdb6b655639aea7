"""Statistics and figures by town, by clicks, touch and keyboard: what a bar says is what the map then shows; what may not be said is not there."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cfmap.publish.classes import breaks
from cfmap.publish.public import public
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.synthetic import synthetic_edition
from tests.browser.test_page import assert_clean, shown
from tests.browser.waiting import until
from tests.factories import tiny_edition, with_indicators

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
        n = number(page, "[data-toggle=stat-towns-0]")
        page.tap("[data-toggle=stat-towns-0]")
        assert page.locator("#stats-list").inner_text().split()[1] == str(n)
        assert sum(int(x) for x in page.locator("[data-chart=towns] .count").all_inner_texts()) == everything  # all towns, to compare
        page.tap("[data-toggle=stat-towns-0]")
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
        *years, events = page.locator("[data-chart=years] .count").all_inner_texts()  # events name no year and stay, whatever year is chosen
        assert [int(n) for n in years] == sorted(int(n) for n in years)
        assert int(years[-1]) + int(events) == shown(page)
        page.click("[data-toggle=stat-years-0]")  # 2021: not among the editions
        assert shown(page) == int(years[0]) + int(events)
        until(page, "() => location.hash.includes('y=2021')")  # the address follows a little later
        page.keyboard.press("Escape")
        page.reload()
        page.wait_for_selector(".pin, .cluster")
        assert shown(page) == int(years[0]) + int(events)
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


def test_who_is_not_reached_by_town_for_those_inside_and_for_nobody_else(open_page, assets):
    from cfmap.publish.web import page as make

    del assets
    figures = with_indicators(tiny_edition(public=False)).indicators
    with open_page(make(replace(synthetic_edition(count=30, public=False), indicators=figures)), size=(320, 640)) as opened:
        page = opened.page
        page.click("#layers")
        page.focus(".by-town > summary")
        page.keyboard.press("Enter")
        rows = page.locator(".town-figures").first.locator("tbody tr")
        assert [r.split() for r in rows.all_inner_texts()] == [
            ["西镇", "0%", "20", "6", "0", "26"],
            ["东镇", "100%", "0", "0", "150", "150"],
            ["全市", "85.2%", "20", "6", "150", "176"],
        ]
        page.locator(".by-town details summary").first.click()
        told = page.locator(".by-town details").first.inner_text()
        for part in ("1000 米", "15 分钟", "分母", "2023-12-31", "社区人口表"):
            assert part in told
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        assert_clean(opened)
    edition = replace(synthetic_edition(count=30), indicators=figures)
    with open_page(make(edition)) as opened:
        opened.page.click("#layers")
        assert opened.page.locator(".by-town").count() == 0
        assert "西镇" not in opened.page.text_content("#panel")


def test_towns_are_shaded_by_the_share_that_is_reached_and_the_link_keeps_it(open_page, assets):
    import geopandas as gpd
    from shapely import box

    from cfmap.publish.web import page as make

    del assets
    figures = with_indicators(tiny_edition(public=False)).indicators
    west, south, east, north = 123.0, 28.0, 123.08, 28.08
    outlines = [box(west, south, (west + east) / 2, north), box((west + east) / 2, south, east, north)]
    towns = gpd.GeoDataFrame({"name": ["西镇", "东镇"]}, geometry=outlines, crs=4326)  # 0 % and 100 %
    edition = replace(synthetic_edition(count=30, public=False), indicators=figures, towns=towns)
    colour = """([lat, lon]) => {
        const at = cfmap.map.latLngToContainerPoint([lat, lon]), map = document.getElementById('map').getBoundingClientRect();
        for (const c of document.querySelectorAll('.leaflet-towns-pane canvas')) {
            const b = c.getBoundingClientRect(), x = at.x + map.x - b.x, y = at.y + map.y - b.y;
            if (x >= 0 && y >= 0 && x < b.width && y < b.height) return c.getContext('2d').getImageData(x * c.width / b.width, y * c.height / b.height, 1, 1).data[1];
        }
        return null;
    }"""
    with open_page(make(edition), size=DESKTOP) as opened:
        page = opened.page
        page.click("#layers")
        page.locator(".by-town > summary").first.click()
        assert page.evaluate(colour, [28.041, 123.021]) is None
        page.locator("[data-toggle^=shade-]").first.check()
        page.wait_for_selector(".leaflet-towns-pane canvas", state="attached")
        ends = breaks([0.0, 100.0])
        few, many = (page.evaluate(colour, [28.041, lon]) for lon in (123.021, 123.061))
        assert many < few - 60  # darker where more are reached
        assert page.locator(".by-town .legend").first.inner_text().split("\n") == [f"多于 {ends[-2]:.0f}%，到 100%", f"{ends[0]:.0f}% 以内"]
        assert "比例相近" in page.locator(".by-town").first.inner_text()
        until(page, "() => location.hash.includes('shade=')")
        link = page.evaluate("location.hash")
        assert_clean(opened)
    with open_page(make(edition), size=DESKTOP, hash_=link) as opened:
        opened.page.wait_for_selector(".leaflet-towns-pane canvas", state="attached")
    with open_page(make(replace(edition, public=True)), size=DESKTOP, hash_=link) as opened:  # nothing listed: nothing to shade
        opened.page.wait_for_timeout(300)
        assert opened.page.locator(".leaflet-towns-pane canvas").count() == 0


def test_what_is_not_published_says_so(open_page, assets):
    from cfmap.publish.web.assets import load
    from cfmap.publish.web.cfmap_map import CfMap
    from cfmap.publish.web.payload import payload

    del assets
    tiny = with_indicators(tiny_edition(publish={"indicators": ["coverage", "people"]}))
    html = CfMap(payload(public(tiny)[0]), load()).html()
    with open_page(html) as opened:
        page = opened.page
        page.click("#layers")
        page.locator(".by-town > summary").tap()
        cells = page.locator(".town-figures").first.locator("tbody tr").first.locator("td").all_inner_texts()
        assert cells == ["0%", "不公布", "不公布", "0", "26"]
        assert "少于 10 人" in page.locator(".by-town").inner_text()
        assert_clean(opened)
