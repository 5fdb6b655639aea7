"""How far is it on foot from here: by tap and by keyboard, in Chromium from file://."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from shapely import get_coordinates

from tests.browser.conftest import DESKTOP
from tests.browser.synthetic import synthetic_edition
from tests.browser.waiting import until

pytestmark = pytest.mark.browser
NEUTRAL = "不在 15 分钟步行范围内，或没有数据"


@pytest.fixture(scope="module")
def edition():
    return synthetic_edition(count=90)


@pytest.fixture(scope="module")
def page_of_few(edition, assets):
    from cfmap.publish.web import page

    del assets
    return page(edition)


def minutes(coverage, lat, lon):
    """Looked up in the edition's own table."""
    grid = coverage.minutes
    cell = (lat * 1e5 - grid.south) // grid.lat_step * grid.columns + (lon * 1e5 - grid.west) // grid.lon_step
    return min((int(m) for c, m in zip(grid.cell, grid.minutes, strict=True) if c == cell), default=None)


def empty_ground(edition):
    """Middle of a cell that both reaches know, the farthest of them from every marker: latitude, longitude."""
    one, other = (c.minutes for c in edition.coverages)
    row, column = np.divmod(np.intersect1d(one.cell, other.cell), one.columns)
    lon, lat = (one.west + (column + 0.5) * one.lon_step) / 1e5, (one.south + (row + 0.5) * one.lat_step) / 1e5
    sites = np.concatenate([get_coordinates(data.sites.geometry) for data in edition.layers.values()])
    away = np.min(np.hypot(lon[:, None] - sites[:, 0], lat[:, None] - sites[:, 1]), axis=1)
    return lat[away.argmax()], lon[away.argmax()]


def go(page, lat, lon):
    """The place in the middle of the map; its coordinates in the window."""
    page.evaluate("([lat, lon]) => cfmap.map.setView([lat, lon], 17, {animate: false})", [float(lat), float(lon)])
    box = page.locator("#map").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_tap_tells_the_minutes_of_each_reach_and_can_become_ones_place(open_page, page_of_few, edition):
    lat, lon = empty_ground(edition)
    want = {c.key: minutes(c, lat, lon) for c in edition.coverages}
    with open_page(page_of_few) as opened:
        page = opened.page
        page.touchscreen.tap(*go(page, lat, lon))
        page.wait_for_selector(".answer")
        told = {row.get_attribute("data-reach"): int(row.locator("strong").text_content()) for row in page.locator(".answer").all()}
        assert told == want
        assert list(told.values()) == sorted(told.values())
        assert f"托育机构，步行约 {want['childcare.walk15']} 分钟" in page.text_content("#live")
        until(page, "document.querySelector('.spot span').getBoundingClientRect().bottom < document.querySelector('#panel').getBoundingClientRect().top")
        page.click("#panel summary >> nth=-1")
        assert "约 50 米的方格" in page.text_content("#panel details[open]")
        assert "沿着能走的路 15 分钟以内" in page.text_content("#panel details[open]")
        page.click("#language")
        assert "min" in page.locator(".answer .minutes").first.text_content()
        page.click("#use-spot")
        assert page.locator(".here").count() == 1
        assert page.locator(".spot").count() == 0
        known = around(edition, lat, lon)
        assert page.text_content("#panel .second").startswith(f"about {known[0][0]} min on foot")
        assert "straight line" in page.locator("#panel .second").nth(len(known)).text_content()
        said = page.evaluate("() => { dispatchEvent(new Event('pagehide')); return location.hash.replace(/at=[^&]*/, ''); }")
        assert "lang=en" in said
        assert f"{lat:.3f}" not in said
        assert (opened.outside, opened.errors) == ([], [])


def around(edition, lat, lon):
    """Names and minutes of the sites around, looked up in the edition's own tables, by minutes."""
    found = []
    for coverage in edition.coverages:
        grid = coverage.minutes
        cell = (lat * 1e5 - grid.south) // grid.lat_step * grid.columns + (lon * 1e5 - grid.west) // grid.lon_step
        name = edition.layers[coverage.layer].sites.set_index("id")["name"]
        found += [(int(m), name[grid.sites[s]]) for s, c, m in zip(grid.site, grid.cell, grid.minutes, strict=True) if c == cell and grid.sites[s] in name]
    return sorted(found)


def test_after_a_tap_the_places_around_are_listed_by_minutes_on_foot_and_their_cards_open(open_page, page_of_few, edition):
    grid = edition.coverages[0].minutes
    row, column = divmod(int(np.bincount(grid.cell[grid.site < 3]).argmax()), grid.columns)  # most of the first three, which are on the page
    lat, lon = (grid.south + (row + 0.5) * grid.lat_step) / 1e5, (grid.west + (column + 0.5) * grid.lon_step) / 1e5
    want = around(edition, lat, lon)
    assert len(want) > 1
    with open_page(page_of_few) as opened:
        page = opened.page
        go(page, lat, lon)
        page.focus("#map")
        page.keyboard.press("Enter")
        page.wait_for_selector(".answer")
        page.click(".around summary")
        listed = page.locator(".around .site").all()
        ways = [row.locator(".second").text_content().split(" · ")[0] for row in listed]
        assert ways == [f"步行约 {m} 分钟" for m, _ in want]
        assert sorted(zip(ways, [row.locator(".name").text_content() for row in listed], strict=True)) == sorted((f"步行约 {m} 分钟", name) for m, name in want)
        nearest = page.locator(".answer button.link").first
        name = nearest.text_content()
        assert (want[0][0], name) in want
        nearest.click()
        assert page.text_content("#card-name") == name
        assert (opened.outside, opened.errors) == ([], [])


def test_where_no_street_is_reached_the_answer_is_neutral_and_keys_alone_ask_it(open_page, page_of_few, edition):
    lat, lon = edition.boundary.total_bounds[[1, 0]] - 0.02
    assert [minutes(c, lat, lon) for c in edition.coverages] == [None, None]
    with open_page(page_of_few, size=DESKTOP) as opened:
        page = opened.page
        go(page, lat, lon)
        page.focus("#map")
        page.keyboard.press("Enter")
        page.wait_for_selector(".answer.none")
        assert page.locator(".answer .why").all_text_contents() == [NEUTRAL, NEUTRAL]
        assert page.locator(".answer strong").count() == 0
        assert page.text_content("#live").count(NEUTRAL) == 2
        page.keyboard.press("Escape")
        assert page.locator(".spot").count() == 0
        assert page.evaluate("document.activeElement.id") == "map"


def test_the_chosen_category_is_answered_first(open_page, page_of_few, edition):
    lat, lon = empty_ground(edition)
    with open_page(page_of_few, hash_="#l=parks") as opened:
        page = opened.page
        go(page, lat, lon)
        page.focus("#map")
        page.keyboard.press("Enter")
        page.wait_for_selector(".answer")
        assert page.locator("#panel .body > ul .answer").get_attribute("data-reach") == "parks.walk15"
        assert page.locator("#panel details .answer").get_attribute("data-reach") == "childcare.walk15"


def test_a_marker_still_opens_its_card_a_double_click_still_zooms_and_without_minutes_a_tap_asks_nothing(open_page, edition, page_of_few):
    from cfmap.publish.web import page as make

    lat, lon = empty_ground(edition)
    with open_page(page_of_few, size=DESKTOP, reduced_motion="reduce") as opened:
        page = opened.page
        at = go(page, lat, lon)
        page.mouse.dblclick(*at)
        until(page, "cfmap.map.getZoom() === 18")
        assert page.locator(".answer").count() == 0
        site = next(iter(edition.layers.values())).sites.geometry.iloc[0].representative_point()
        page.mouse.click(*go(page, site.y, site.x))
        page.wait_for_selector("#card-name")
        assert page.locator(".spot").count() == 0
    bare = replace(edition, coverages=tuple(replace(c, minutes=None) for c in edition.coverages))
    with open_page(make(bare), size=DESKTOP) as opened:
        page = opened.page
        page.mouse.click(*go(page, lat, lon))
        page.focus("#map")
        page.keyboard.press("Enter")
        assert page.get_attribute("html", "data-panel") == "list"
        assert page.locator("#map-hint").count() == 0
