"""A place's card: the best map first, others behind one button, call, share, and whom to tell what is wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote

import pytest

from tests.browser.conftest import PHONE
from tests.browser.synthetic import synthetic_edition

pytestmark = pytest.mark.browser
CONTACTS = {
    "纠错请写信：map@example.invalid": "mailto:map@example.invalid?subject=",
    "示例局 000-0000000": "tel:000-0000000",
    "https://example.invalid/wrong": "https://example.invalid/wrong",
    "示例局办公室": None,
    "javascript:window.pwned=1": None,
    "a@b.c?bcc=x@y.z": None,
}


@pytest.fixture(scope="module")
def edition():
    return synthetic_edition(count=29)


def page_with(edition, contact: str) -> str:
    from cfmap.publish.web import page

    city = edition.city.model_copy(update={"publish": edition.city.publish.model_copy(update={"contact": contact})})
    return page(replace(edition, city=city))


def open_card(page):
    page.tap("#open-list")
    page.locator(".site").first.tap()
    return page.text_content("#card-name")


@pytest.mark.parametrize("contact", list(CONTACTS))
def test_a_correction_goes_to_the_contact_that_the_city_gives(open_page, assets, edition, contact):
    del assets
    with open_page(page_with(edition, contact)) as opened:
        page = opened.page
        name = open_card(page)
        link = page.locator(".report a")
        assert contact in page.text_content(".report")
        wanted = CONTACTS[contact]
        assert link.count() == (wanted is not None)
        if wanted:
            href = link.get_attribute("href")
            assert href.startswith(wanted)
            if href.startswith("mailto:"):
                assert name in unquote(href)
                assert "示例市儿童友好地图 2024 年版" in unquote(href)
        assert page.evaluate("window.pwned") is None


def test_on_a_phone_the_best_map_stands_first_and_the_others_wait_behind_one_button(open_page, assets, edition):
    del assets
    with open_page(page_with(edition, "")) as opened:
        page = opened.page
        open_card(page)
        shown = [a for a in page.locator("#panel a[href]").all() if a.is_visible() and re.search("map|geo:", a.get_attribute("href"))]
        assert [a.text_content() for a in shown] == ["高德导航"]
        assert page.locator("#panel a.action[href^='tel:']").text_content() == "打电话"
        page.tap(".maps summary")
        assert page.locator(".maps a").all_text_contents() == ["手机里的地图", "苹果地图", "天地图"]
        assert all(a.bounding_box()["height"] >= 44 for a in page.locator(".maps a").all())
        assert page.locator(".report").count() == 0
        page.keyboard.press("Escape")
    with open_page(page_with(edition, ""), user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)", size=PHONE) as opened:
        open_card(opened.page)
        opened.page.tap(".maps summary")
        assert opened.page.locator(".maps a").all_text_contents() == ["苹果地图", "天地图"]


def test_tianditu_has_no_link_to_a_place_so_its_coordinates_are_copied_and_shown(open_page, assets, edition):
    del assets
    listen = """
      window.copied = [];
      Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text) => void copied.push(text) } });
      addEventListener("click", (event) => event.target.closest?.("a[target]") && event.preventDefault());
    """
    with open_page(page_with(edition, ""), before=listen) as opened:
        page = opened.page
        name = open_card(page)
        page.tap(".maps summary")
        page.tap(".maps a[href='https://map.tianditu.gov.cn/']")
        lon, lat = map(float, page.text_content(".maps .xy").split(","))
        assert page.evaluate("copied") == [page.text_content(".maps .xy")]
        places = [
            g.representative_point() for data in edition.layers.values() for n, g in zip(data.sites["name"], data.sites.geometry, strict=True) if n == name
        ]
        assert any(abs(p.x - lon) < 1e-5 and abs(p.y - lat) < 1e-5 for p in places)
        assert "打开的是首页" in page.text_content(".maps")
        assert (opened.outside, opened.errors) == ([], [])


def test_a_photo_stands_on_its_card_and_only_data_of_a_picture_becomes_one(open_page, assets, edition, tmp_path):
    from PIL import Image

    from cfmap.publish.web import page

    del assets
    (tmp_path / "data").mkdir()
    Image.new("RGB", (900, 600), "teal").save(tmp_path / "data/p.jpg")

    def with_photo(data):
        sites = data.sites.copy()
        sites["photo"] = ["data/p.jpg", *[None] * (len(sites) - 1)]
        return replace(data, sites=sites)

    city = edition.city.model_copy(update={"root": tmp_path})
    html = page(replace(edition, city=city, layers={key: with_photo(data) for key, data in edition.layers.items()}))
    with open_page(html) as opened:
        name = open_card(opened.page)
        image = opened.page.locator("#panel img.photo")
        assert image.get_attribute("alt") == f"{name}的照片"
        assert image.evaluate("async (i) => { await i.decode(); return [i.naturalWidth, i.naturalHeight]; }") == [640, 427]
        assert (opened.outside, opened.errors) == ([], [])
    for bad in (
        "javascript:window.pwned=1",
        "data:image/svg+xml;base64,PHN2Zz4=",
        "https://example.com/a.jpg",
        "data:image/jpeg;base64,AA onerror=1",
        "\u202edata:image/jpeg;base64,AA",
    ):
        with open_page(re.sub(r"data:image/jpeg;base64,[\w+/=]+(?=\")", bad, html)) as opened:
            open_card(opened.page)
            assert opened.page.locator("#panel img").count() == 0
            assert opened.outside == []
