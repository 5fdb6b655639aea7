"""Events in a real browser: the next come first, what is over is not there, days turn while the page stays open, places and events lead to each other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.synthetic import ROOT, synthetic_edition
from tests.browser.test_access import SMALL, WIDER
from tests.browser.waiting import until

pytestmark = pytest.mark.browser

READ = 1_733_011_200  # 2024-12-01: when the list was read
NOON = "2024-12-20T04:00:00Z"  # a Friday in China
DAYS = [  # name, first day, last day
    ("早就过去的", "2024-12-02", None),
    ("明年暑假的", "2025-07-01", "2025-07-20"),
    ("没定日子的", None, None),
    ("一直有的", "2024-01-01", "长期"),
    ("下周三的", "2024-12-25", None),
    ("今天最后的", "2024-12-01", "2024-12-20"),
]


def make(monkeypatch, days) -> str:
    """The synthetic city's page with these events; the second last is held at a park."""
    from cfmap.publish.web import page

    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(READ))
    edition = synthetic_edition(count=29 * max(len(days), 2))
    events = edition.layers["events"]
    names, starts, ends = zip(*days, strict=True)
    sites = events.sites.iloc[: len(days)].reset_index(drop=True)
    park = edition.layers["parks"].sites["name"].iloc[0]
    sites = sites.assign(name=list(names), starts_on=list(starts), ends_on=list(ends), at_site=[park if n == len(days) - 2 else None for n in range(len(days))])
    return page(replace(edition, layers=edition.layers | {"events": replace(events, sites=sites)}))


@pytest.fixture
def html(monkeypatch, assets):
    del assets
    return make(monkeypatch, DAYS)


def listed(page) -> list[tuple[str, str]]:
    return list(zip(page.locator(".site .name").all_inner_texts(), page.locator(".site .when").all_inner_texts(), strict=True))


def at(page, when: str) -> None:
    """Another moment, for a page that looks at the clock when it opens."""
    page.clock.set_fixed_time(when)
    page.reload()
    page.wait_for_selector(".site, .empty")


NEXT = [("今天最后的", "今天最后一天"), ("下周三的", "下周三 · 12月25日"), ("一直有的", "长期"), ("没定日子的", "日期待定")]


def test_what_is_on_in_order_and_what_is_over_is_nowhere(open_page, html):
    with open_page(html, size=DESKTOP, hash_="#g=play&l=events") as opened:
        page = opened.page
        at(page, NOON)
        assert listed(page) == NEXT
        assert page.locator("[data-layer=events] .count").inner_text() == "4"
        assert page.inner_text("#panel-title").startswith("4 ")
        note = page.inner_text("#panel .hint")
        assert "12月1日" in note
        assert "已经结束的 1 个" in note
        assert "60 天以后才开始的 1 个" in note
        at(page, "2024-12-20T15:59:59Z")
        assert listed(page)[0] == NEXT[0]
        at(page, "2024-12-20T16:00:00Z")  # midnight in China
        assert [name for name, _ in listed(page)] == [name for name, _ in NEXT[1:]]
        at(page, "1999-01-01T00:00:00Z")  # a clock that cannot be right: the day on which the list was read
        assert [name for name, _ in listed(page)] == ["今天最后的", "早就过去的", "下周三的", "一直有的", "没定日子的"]
        assert opened.errors == opened.outside == []
        assert page.evaluate("window.broken") == []


def test_midnight_passes_while_an_event_is_open(open_page, html):
    with open_page(html, hash_="#g=play&l=events") as opened:
        page = opened.page
        page.clock.install(time="2024-12-20T15:50:00Z")
        page.reload()
        page.wait_for_selector(".pin, .cluster")
        page.tap("#open-list")
        page.locator(".site").first.tap()
        assert page.inner_text("#card-name") == "今天最后的"
        until(page, "() => location.hash.includes('s=')")  # the address follows a little later
        link = page.evaluate("location.hash")
        page.clock.fast_forward("15:00")
        until(page, "document.querySelector('#toast').textContent.includes('结束')")
        assert page.locator("#card-name").count() == 0
        page.tap("#open-list")
        assert [name for name, _ in listed(page)] == [name for name, _ in NEXT[1:]]
        page.locator(".site").nth(1).tap()
        assert page.inner_text("#card-name") == "一直有的"
        address = page.url.split("#")[0]
        page.goto("about:blank")  # the page no longer writes its own address
        page.goto(address + link)
        until(page, "document.querySelector('#toast').textContent.includes('结束')")
        assert page.locator("#card-name").count() == 0
        assert opened.errors == []


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_event_and_place_lead_to_each_other_and_nobody_is_left_out(open_page, html, size):
    axe = (ROOT / "cfmap/publish/web/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    found = []
    with open_page(html, size=size, hash_="#g=play&l=events", before=axe) as opened:
        page = opened.page
        at(page, NOON) if size == DESKTOP else page.clock.set_fixed_time(NOON)
        if size == PHONE:
            page.reload()
            page.wait_for_selector(".pin, .cluster")

        def look(state: str) -> None:
            found.extend(f"{state}: {v['id']}" for v in page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"])
            found.extend(f"{state}: target {target}" for target in page.evaluate(SMALL))
            if page.evaluate(WIDER) > 0:
                found.append(f"{state}: wider than the screen")

        for language in ("zh", "en"):
            if size == PHONE:
                page.click("#open-list")
            look(f"{language} list")
            page.locator(".site", has_text="下周三的").click()
            assert page.locator(".facts dd").first.inner_text() == ("下周三 · 12月25日" if language == "zh" else "Next week, Wednesday 25 December")
            look(f"{language} card")
            place = page.locator(".facts button.link")
            name = place.inner_text()
            place.click()
            assert page.inner_text("#card-name") == name
            look(f"{language} place")
            page.locator("#panel .sites .site", has_text="下周三的").click()
            assert page.inner_text("#card-name") == "下周三的"
            page.keyboard.press("Escape")
            page.keyboard.press("Escape")
            page.click("#language")
        assert found == []
        assert opened.errors == []


def test_when_nothing_is_on_the_page_says_so(open_page, monkeypatch, assets):
    del assets
    with open_page(make(monkeypatch, [("过去的", "2024-12-02", None), ("也过去的", "2024-12-03", "2024-12-05")])) as opened:
        page = opened.page
        page.clock.set_fixed_time("2026-11-27T04:00:00Z")
        page.reload()
        page.wait_for_selector(".pin, .cluster")
        page.tap("[data-group=play]")
        page.tap("[data-layer=events]")
        assert page.locator("[data-layer=events] .count").inner_text() == "0"
        page.tap("#open-list")
        words = page.inner_text("#panel")
        assert "目前没有活动" in words
        assert "已经结束的 2 个" in words
        assert "2024年12月5日" in words
        assert opened.errors == []
