"""What a reader keeps and how she reads: large text and high contrast, picture, print, the list of changes."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from cfmap.model.edition import Change, Changes
from tests.browser.conftest import DESKTOP
from tests.browser.synthetic import synthetic_edition
from tests.browser.test_page import assert_clean

pytestmark = pytest.mark.browser
SIZE_OF_NAME = "parseFloat(getComputedStyle(document.querySelector('.panel-title')).fontSize) * document.querySelector('.panel-title').currentCSSZoom"


@pytest.fixture(scope="module")
def changed_html(assets):
    """The synthetic city with one change of every kind."""
    from cfmap.publish.web import page

    del assets
    edition = synthetic_edition(count=90)
    layer, other = edition.layers["parks"], edition.layers["childcare"]
    first, second = (str(v) for v in layer.sites["id"].iloc[:2])
    items = (
        Change("parks", first, "added", layer.sites["name"].iloc[0]),
        Change("parks", second, "moved", layer.sites["name"].iloc[1], metres=120.0),
        Change("childcare", str(other.sites["id"].iloc[0]), "renamed", other.sites["name"].iloc[0], before="旧名<b>"),
        Change("childcare", "gone", "removed", "关了的托育园"),
    )
    return page(replace(edition, changes=Changes(2023, frozenset({"parks", "childcare"}), items)))


def open_tool(page, name):
    page.click("[data-group=more]")
    page.click(f"[data-tool={name}]")


def test_large_text_and_high_contrast_are_kept_in_the_link_and_in_the_browser(open_page, html):
    with open_page(html) as opened:
        page = opened.page
        page.click("[data-group=more]")
        before = page.evaluate(SIZE_OF_NAME)
        page.focus("[data-tool=large]")
        page.keyboard.press("Enter")
        assert page.evaluate(SIZE_OF_NAME) >= 1.2 * before
        assert page.evaluate("document.activeElement.dataset.tool") == "large"
        assert page.get_attribute("[data-tool=large]", "aria-pressed") == "true"
        page.click("[data-tool=contrast]")
        page.wait_for_url(re.compile(r"#.*large=1.*contrast=1"))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        address = page.url.split("#")[0]
        page.goto("about:blank")
        page.goto(address)  # without the link's own words: remembered here
        page.wait_for_selector("html.large.contrast")
        page.click("[data-group=more]")
        page.click("[data-tool=large]")
        page.click("[data-tool=contrast]")
        page.wait_for_url(re.compile(r"#at=[^a-z]*$"))
        page.goto("about:blank")
        page.goto(f"{address}?contrast=1")
        page.wait_for_selector("html.contrast:not(.large)")
        assert_clean(opened)


def test_display_works_where_nothing_may_be_remembered(open_page, html):
    forbid = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
    with open_page(html, before=forbid) as opened:
        opened.page.click("[data-group=more]")
        opened.page.click("[data-tool=large]")
        assert opened.page.wait_for_selector("html.large")
        assert_clean(opened)


def test_picture_shows_the_map_and_can_be_saved(open_page, html):
    with open_page(html) as opened:
        page = opened.page
        box = page.locator("#map").bounding_box()
        page.click("[data-group=more]")
        page.focus("[data-tool=picture]")
        page.keyboard.press("Enter")
        page.wait_for_selector(".shot img")
        assert page.text_content("#live") == "图片好了"
        source = page.get_attribute(".shot img", "src")
        assert source.startswith("data:image/png;base64,")
        picture = Image.open(io.BytesIO(base64.b64decode(source.split(",")[1]))).convert("RGB")
        assert picture.width == 2 * box["width"]
        assert picture.height > 2 * box["height"] + 200
        pixels = np.asarray(picture)[200 : 200 + int(2 * box["height"]) - 200]
        assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 200, "streets, water, names and markers"
        badge = (np.asarray(picture)[:160] == (0xB4, 0x53, 0x09)).all(axis=2).sum()
        assert badge > 500, "the mark of demo data"
        with page.expect_download() as saved:
            page.click("#save-picture")
        assert re.fullmatch(r"示例市儿童友好地图 2024 \d{4}-\d\d-\d\d\.png", saved.value.suggested_filename)
        assert_clean(opened)


@pytest.mark.parametrize("credit", ["© OpenStreetMap contributors, ODbL", "某市测绘院道路中心线"])
def test_the_source_of_the_background_stands_on_screen_in_print_and_in_the_picture(open_page, assets, credit):
    from cfmap.publish.web import page as make

    edition = synthetic_edition(count=12)
    edition = replace(edition, basemap=replace(edition.basemap, attribution=credit))
    # what the picture says is what was written on its canvas
    before = """window.written = []; const write = CanvasRenderingContext2D.prototype.fillText;
        CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) { window.written.push(text); return write.call(this, text, ...rest); };
        window.print = () => dispatchEvent(new Event('beforeprint'));"""
    with open_page(make(edition), before=before) as opened:
        page = opened.page
        assert credit in page.inner_text("#foot")
        assert page.locator("#foot span", has_text=credit).is_visible()
        open_tool(page, "picture")
        page.wait_for_selector(".shot img")
        assert credit.replace(" ", "") in "".join(page.evaluate("window.written")).replace(" ", "")
        page.keyboard.press("Escape")
        open_tool(page, "print")
        page.emulate_media(media="print")
        assert credit in page.inner_text("#print .credit")
        assert_clean(opened)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_printed_sheet_has_everything_a_copy_needs(open_page, html, lang):
    stub = "window.printed = 0; window.print = () => { window.printed += 1; dispatchEvent(new Event('beforeprint')); };"
    with open_page(html, size=DESKTOP, before=stub, hash_=f"#lang={lang}&reach=childcare.walk15&g=care") as opened:
        page = opened.page
        page.wait_for_selector("html[data-panel=list]")
        open_tool(page, "print")
        assert page.evaluate("window.printed") == 1
        assert page.locator("#print").count() == 1
        assert not page.locator("#print").is_visible()
        page.emulate_media(media="print")
        sheet = page.inner_text("#print")
        for words in {
            "zh": ("示例市儿童友好地图", "演示数据", "2024 年版", "示例局", "图例", "米以内", "示例路网"),
            "en": ("Demo City", "Demo data", "2024 edition", "Legend", "within"),
        }[lang]:
            assert words in sheet
        numbers = [int(n) for n in page.locator("#print .number").all_text_contents()]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) > 3
        assert page.evaluate(
            "(() => { const c = document.querySelector('#print > canvas'); return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v, i) => i % 4 < 3 && v < 60); })()"
        )
        assert not page.locator("#cfmap").is_visible()
        page.emulate_media(media="screen")
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator("#print").count() == 0
        assert_clean(opened)


def test_changes_stand_by_kind_and_layer_and_lead_to_the_card(open_page, changed_html):
    with open_page(changed_html) as opened:
        page = opened.page
        open_tool(page, "changes")
        assert page.text_content("#panel-title") == "2024 年版比 2023 年版"
        assert page.text_content("#live") == "4 项变化"
        assert page.locator(".changes h3").all_text_contents() == ["新增1", "搬了1", "改名1", "不再列出1"]
        assert "搬了 120 m" in page.text_content(".changes.moved")
        assert "原名 旧名<b>" in page.text_content(".changes.renamed")
        assert "关了的托育园" in page.text_content(".changes.removed")
        assert page.locator(".changes.removed button:visible").count() == 0
        assert "逐处比过：" in page.text_content("#panel .body")
        name = page.text_content(".changes.added .name")
        page.focus(".changes.added .site")
        page.keyboard.press("Enter")
        assert page.text_content("#card-name") == name
        assert_clean(opened)


def test_a_page_that_knows_of_no_changes_offers_no_list(open_page, html):
    with open_page(html) as opened:
        opened.page.click("[data-group=more]")
        assert opened.page.locator("[data-tool]").count() == 5
