"""What a parent does with the page, in Chromium from file://."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.synthetic import synthetic_edition
from tests.browser.waiting import until
from tests.factories import tiny_edition

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])


def assert_clean(opened):
    assert opened.outside == []
    assert opened.errors == []
    assert opened.page.evaluate("window.broken") == []


def shown(page) -> int:
    """Number that the page announces."""
    return int(re.search(r"\d+", page.text_content("#live"))[0])


def open_list(page):
    if page.locator("#open-list").is_visible():
        page.click("#open-list")


@SIZES
def test_page_asks_nobody_and_breaks_nothing(open_page, html, size):
    with open_page(html, size=size) as opened:
        page = opened.page
        page.click("#layers")
        for switch in page.locator(".reach input").all():
            switch.check()
        page.keyboard.press("Escape")
        page.click("#in")
        page.click("[data-group=play]")
        page.click("#language")
        page.wait_for_selector("html[lang=en]")
        assert_clean(opened)


def test_first_screen_has_title_mark_year_search_and_the_big_pictures(open_page, html):
    with open_page(html) as opened:
        page = opened.page
        assert page.text_content("h1") == "示例市儿童友好地图"
        assert "演示数据" in page.text_content("#badges")
        assert "2024" in page.text_content("#badges")
        assert page.title() == "示例市儿童友好地图 · 演示数据"
        assert page.locator("#groups button span").all_text_contents() == ["玩", "看病", "托育", "上学路", "更多"]
        assert "OpenStreetMap" not in page.text_content("#foot")
        assert page.locator("#q").is_visible()
        assert page.evaluate("document.querySelector('#map').getBoundingClientRect().height > innerHeight / 2")


def test_search_finds_names_by_characters_pinyin_and_initials(open_page, assets):
    from cfmap.publish.web import page as make

    def named(text: str) -> str:
        return "实验小学" if text.endswith("学校") and len(text) > 2 else text

    with open_page(make(synthetic_edition(count=60, text=named))) as opened:
        for query in ("实验", "sy", "shiyan", "SHI Yan"):
            opened.page.fill("#q", "qqqqq")
            opened.page.wait_for_selector(".empty")
            opened.page.fill("#q", query)
            opened.page.wait_for_selector(".sites")
            assert "实验小学" in opened.page.locator(".site .name").first.text_content(), query
            assert shown(opened.page) < 60, query


def test_search_without_answer_says_what_to_do(open_page, html):
    with open_page(html) as opened:
        opened.page.fill("#q", "qqqqq")
        assert opened.page.wait_for_selector(".empty")
        opened.page.click(".empty button")
        assert shown(opened.page) == 300


def test_chips_filter_map_list_and_count_alike(open_page, html):
    with open_page(html, size=DESKTOP) as opened:
        page = opened.page
        page.click("[data-group=play]")
        chip = page.locator(".chip[data-layer=parks]")
        count = int(chip.locator(".count").text_content())
        chip.click()
        assert chip.get_attribute("aria-pressed") == "true"
        assert shown(page) == count == page.locator(".site").count()
        markers = page.locator(".pin").count() + sum(int(n) for n in page.locator(".cluster span").all_text_contents())
        assert 0 < markers <= count
        page.locator(".chip[data-layer='']").click()
        assert shown(page) > count


def test_year_shows_what_there_was_by_then(open_page, html):
    with open_page(html) as opened:
        page = opened.page
        page.click("[data-group=more]")
        page.get_by_role("button", name="2022").click()
        fewer = shown(page)
        page.get_by_role("button", name="2024").click()
        assert 0 < fewer < shown(page) == 300


def test_card_opens_and_closes_by_keyboard_alone(open_page, html):
    with open_page(html) as opened:
        page = opened.page
        page.focus("#open-list")
        page.keyboard.press("Enter")
        page.wait_for_selector(".site")
        for _ in range(4):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.classList.contains('site')"):
                break
        name = page.evaluate("document.activeElement.querySelector('.name').textContent")
        page.keyboard.press("Enter")
        assert page.text_content("#card-name") == name
        assert page.evaluate("document.activeElement.id") == "card-name"
        assert "东镇" in page.text_content(".facts") or "镇" in page.text_content(".facts")
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.querySelector('.name').textContent") == name
        assert_clean(opened)


def test_marker_is_a_named_button_that_opens_its_card(open_page, assets):
    from cfmap.publish.web import page as make

    with open_page(make(synthetic_edition(count=20)), size=DESKTOP) as opened:
        page = opened.page
        pin = page.locator(".pin").first
        name = pin.get_attribute("aria-label").split(" · ")[0]
        pin.focus()
        page.keyboard.press("Enter")
        assert page.text_content("#card-name") == name
        assert page.locator(".pin.selected").count() == 1


def test_card_gives_amap_its_own_datum_and_geo_links_wgs84(open_page, assets):
    from cfmap.intake.datum import convert
    from cfmap.publish.web import page as make

    edition = tiny_edition()
    with open_page(make(edition), size=DESKTOP) as opened:
        page = opened.page
        page.get_by_role("button", name="东山公园").first.click()
        lon, lat = (round(v, 5) for v in edition.layers["parks"].sites.geometry.iloc[0].coords[0])
        amap = page.get_attribute(".action.main", "href")
        assert amap.startswith("https://uri.amap.com/marker?position=")
        got = [float(v) for v in re.search(r"position=([\d.]+),([\d.]+)", amap).groups()]
        to_lon, to_lat = convert([lon], [lat], source="wgs84", target="gcj02")
        assert got == pytest.approx([to_lon[0], to_lat[0]], abs=2e-6)
        assert page.get_attribute("a[href^='geo:']", "href").startswith(f"geo:{lat:.6f},{lon:.6f}?q=")


def test_site_without_coordinates_is_listed_and_says_so(open_page, assets):
    from cfmap.publish.web import page as make

    with open_page(make(tiny_edition()), size=DESKTOP) as opened:
        page = opened.page
        item = page.locator(".site", has_text="没坐标托育园")
        assert "位置待补" in item.text_content()
        item.click()
        assert page.locator("a[href*='amap']").count() == 0
        assert "关了的托育园" not in page.content()


def test_reach_is_drawn_with_legend_and_its_definition(open_page, html):
    with open_page(html) as opened:
        page = opened.page

        def painted() -> int:
            return page.evaluate("document.querySelectorAll('.leaflet-reach-pane canvas').length")

        page.click("#layers")
        assert painted() == 0
        page.locator(".reach input").first.check()
        page.wait_for_selector(".leaflet-reach-pane canvas", state="attached")
        assert page.locator(".legend li").all_text_contents() == ["12 分钟 · 800 米以内", "15 分钟 · 1000 米以内"]
        page.locator("summary").first.click()
        text = page.text_content("details[open]")
        assert "沿着能走的路 15 分钟以内" in text
        assert "用了 5 处" in text
        assert "在孤立路网上 1 处" in text
        page.locator(".reach input").first.uncheck()
        assert painted() == 0


def test_a_reach_that_is_shown_makes_its_own_sites_stand_out(open_page, html):
    with open_page(html, size=DESKTOP, hash_="#g=care&l=childcare") as opened:
        page = opened.page
        page.click("#layers")
        box, panel = (page.locator(s).first.bounding_box() for s in (".reach:has([data-toggle='childcare.walk15'])", "#panel"))
        assert panel["y"] <= box["y"] < panel["y"] + panel["height"]
    with open_page(html, size=DESKTOP) as opened:
        page = opened.page
        page.click("#layers")
        page.locator("[data-toggle='childcare.walk15']").check()
        page.wait_for_selector(".own", state="attached")
        kinds = "(css) => [...document.querySelectorAll(css)].map((pin) => pin.getAttribute('aria-label').endsWith('· 托育机构'))"
        assert all(page.evaluate(kinds, ".pin.own"))
        assert not any(page.evaluate(kinds, ".pin.faint"))
        standing = page.locator(".own, .faint").count()
        assert standing == page.locator(".pin, .cluster").count()
        page.locator("[data-toggle='childcare.walk15']").uncheck()
        until(page, "!document.querySelector('.own, .faint')")
        assert_clean(opened)


def test_public_page_tells_shares_only_when_listed_and_an_internal_one_is_marked(open_page, assets):
    from cfmap.publish.web import page as make
    from tests.factories import with_indicators

    figures = ".figure, .figures td"
    with open_page(make(with_indicators(tiny_edition(public=True)))) as opened:
        opened.page.click("#layers")
        assert not [t for t in opened.page.locator(figures).all_text_contents() if "%" in t]
        assert "内部" not in opened.page.text_content("#badges")
    with open_page(make(with_indicators(tiny_edition(public=False)))) as opened:
        opened.page.click("#layers")
        opened.page.locator("summary").first.click()
        assert [t for t in opened.page.locator(figures).all_text_contents() if "%" in t]
        assert "内部" in opened.page.text_content("#band")


def test_near_me_falls_back_to_a_tap_and_never_calls_it_walking(open_page, html):
    with open_page(html, before="Object.defineProperty(navigator, 'geolocation', {value: undefined});") as opened:
        page = opened.page
        page.click("#near")
        assert "在地图上点一下" in page.text_content("#toast")
        page.mouse.click(195, 500)
        page.wait_for_selector(".note")
        assert "直线" in page.text_content(".note")
        assert "不是走路的距离" in page.text_content(".note")
        away = [t for t in page.locator(".second").all_text_contents() if t.startswith("直线")]
        metres = [float(m[1]) * (1000 if m[2] == "km" else 1) for m in (re.match(r"直线 ([\d.]+) (k?m)", t) for t in away)]
        assert len(metres) > 10
        assert metres == sorted(metres)
        assert_clean(opened)


def test_near_me_uses_the_phone_when_it_may(open_page, html):
    place = {"latitude": 28.04, "longitude": 123.04}
    with open_page(html, permissions=["geolocation"], geolocation=place) as opened:
        opened.page.click("#near")
        opened.page.wait_for_selector(".here", state="attached")
        assert opened.page.locator(".second").first.text_content().startswith("直线")


def test_link_brings_the_same_view_back(open_page, html):
    with open_page(html, size=DESKTOP) as opened:
        page = opened.page
        page.click("[data-group=play]")
        page.click(".chip[data-layer=parks]")
        page.locator(".site").first.click()
        page.wait_for_url(lambda url: "s=" in url and "g=play" in url)
        name, hash_ = page.text_content("#card-name"), page.evaluate("location.hash")
    with open_page(html, size=DESKTOP, hash_=hash_) as opened:
        assert opened.page.text_content("#card-name") == name
        assert opened.page.get_attribute(".chip[data-layer=parks]", "aria-pressed") == "true"
        assert_clean(opened)


def test_english_is_a_switch_away(open_page, html):
    with open_page(html) as opened:
        page = opened.page
        page.click("#language")
        assert page.get_attribute("html", "lang") == "en"
        assert page.text_content("h1") == "Demo City child-friendly map"
        assert page.locator("#groups button span").all_text_contents() == ["Play", "Health", "Care", "Way to school", "More"]
        assert "Demo data" in page.text_content("#badges")
        page.click("#language")
        assert page.get_attribute("html", "lang") == "zh-CN"


@pytest.mark.parametrize("gone", ["DecompressionStream", "ResizeObserver", "CompressionStream"])
def test_page_works_without(open_page, html, gone):
    with open_page(html, before=f"delete window.{gone};") as opened:
        page = opened.page
        assert page.evaluate(f"typeof window.{gone}") == "undefined"
        page.wait_for_selector(".leaflet-basemap-pane canvas", state="attached")
        page.click("#layers")
        page.locator(".reach input").first.check()
        assert_clean(opened)


def test_missing_review_number_of_a_public_map_is_told(open_page, assets):
    from cfmap.publish.web import page as make

    with open_page(make(synthetic_edition(count=30, demo=False))) as opened:
        assert opened.page.text_content(".review.missing") == "未填审图号"
        box = opened.page.locator(".review").bounding_box()
        assert box["x"] < 40
        assert box["y"] > 700


def test_a_number_for_another_content_says_so_at_the_lower_left_of_screen_picture_and_print(open_page, assets):
    from cfmap.publish.web import page as make

    edition = synthetic_edition(count=30, demo=False)
    section = edition.city.edition.model_copy(update={"review_number": "示S(2024)001号"})
    with open_page(make(replace(edition, city=edition.city.model_copy(update={"edition": section})))) as opened:
        page = opened.page
        assert page.locator("#foot .review").all_text_contents() == ["审图号：示S(2024)001号", "内容已变化，需重新送审"]
        box = page.locator(".review.missing").bounding_box()
        assert box["y"] > 700
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.wait_for_selector("#print", state="attached")
        assert "审图号：示S(2024)001号" in page.text_content("#print .credit")
        assert "内容已变化，需重新送审" in page.text_content("#print .credit")
        red = """() => { const c = document.querySelector('#print > canvas'), w = c.width / 2, d = c.getContext('2d').getImageData(0, c.height * 0.9, w, c.height * 0.1).data;
            let n = 0; for (let i = 0; i < d.length; i += 4) n += d[i] === 0xb4 && d[i + 1] === 0x23 && d[i + 2] === 0x18; return n; }"""
        assert page.evaluate(red) > 200  # the words at the lower left of the drawn map


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_needs_sideways_scroll_and_targets_are_large(open_page, html, width):
    with open_page(html, size=(width, 720)) as opened:
        page = opened.page
        small = """() => [...document.querySelectorAll('button, a[href], input')].filter(e => e.checkVisibility() && !e.closest('.skip'))
            .map(e => [e.id || e.className, (e.closest('label') || e.closest('.search') || e).getBoundingClientRect()])
            .filter(([, r]) => r.width > 1 && (r.width < 44 || r.height < 44)).map(([n, r]) => `${n} ${r.width}x${r.height}`)"""
        for step in (
            lambda: None,
            lambda: page.click("[data-group=care]"),
            lambda: page.click("[data-group=more]"),
            lambda: page.keyboard.press("Escape"),
            lambda: open_list(page),
        ):
            step()
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(small) == []


def test_reduced_motion_is_respected(open_page, html):
    with open_page(html, reduced_motion="reduce") as opened:
        assert opened.page.evaluate("cfmap.map.options.zoomAnimation") is False
        assert opened.page.evaluate("getComputedStyle(document.querySelector('.group')).transitionDuration") == "0s"


def test_with_very_many_sites_their_details_wait_until_asked_for(open_page, assets):
    from cfmap.publish.web import page as make

    del assets
    html = make(synthetic_edition(count=5_029))
    assert html.index('id="cfmap-coverage"') > html.index('id="cfmap-details"') > html.index('id="cfmap-basemap"') > html.index('id="cfmap-sites"')
    with open_page(html) as opened:
        page = opened.page
        until(page, "cfmap.map && document.querySelector('.leaflet-basemap-pane canvas')")
        page.fill("#q", "路4991号")
        page.locator(".site").first.click()
        assert "路4991号" in page.text_content(".facts")
        name = page.text_content("#card-name")
        page.wait_for_url(lambda url: "s=" in url)
        hash_ = page.evaluate("location.hash")
    with open_page(html, hash_=hash_) as opened:
        opened.page.wait_for_selector("#card-name")
        assert opened.page.text_content("#card-name") == name
        assert_clean(opened)
