"""Nobody is left out: axe, targets and width in every state of the page; the keyboard alone; enlarged, in the system's colours, in calm."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.synthetic import ROOT, synthetic_edition
from tests.browser.waiting import until
from tests.factories import tiny_edition, with_indicators

pytestmark = pytest.mark.browser

NARROW = (320, 640)
SMALL = """() => [...document.querySelectorAll('button, a[href], input, select, summary, textarea')].filter(e => e.checkVisibility() && !e.matches('.skip:not(:focus)'))
    .map(e => [e.id || e.className || e.tagName, (e.closest('label') || e.closest('.search') || e).getBoundingClientRect()])
    .filter(([, r]) => r.width > 1 && (r.width < 43.9 || r.height < 43.9)).map(([n, r]) => `${n} ${r.width}x${r.height}`)"""
WIDER = "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - innerWidth"
#: What has the keyboard, whether one can see that it has, and whether it lies in the window.
FOCUS = """(selector) => {
    const node = document.activeElement, box = node.getBoundingClientRect(), style = getComputedStyle(node);
    const ring = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || parseFloat(getComputedStyle(node, '::after').borderTopWidth) >= 2
        || (node.closest('.search') && getComputedStyle(node.closest('.search')).boxShadow !== 'none');
    const seen = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
    return {match: node.matches(selector), body: node === document.body, bad: ring && seen ? '' : `${node.tagName}#${node.id}.${node.className} ring ${ring} seen ${seen}`};
}"""


def walked_place(coverage):
    """Middle of the first cell from which a way is known: latitude, longitude."""
    grid = coverage.minutes
    row, column = divmod(int(grid.cell[0]), grid.columns)
    return [(grid.south + (row + 0.5) * grid.lat_step) / 1e5, (grid.west + (column + 0.5) * grid.lon_step) / 1e5]


WALKED = walked_place(synthetic_edition(count=30).coverages[0])


@pytest.fixture(scope="module")
def small_html(assets):
    """A page with every layer but few sites: fewer elements for axe to look at; with figures, by town too."""
    from cfmap.publish.web import page

    return page(replace(synthetic_edition(count=30, public=False), indicators=with_indicators(tiny_edition(public=False)).indicators))


def states(page, *, wide: bool):
    """Walk through the page's states; yields the name of each."""
    yield "first screen"
    page.click("[data-group=care]")
    yield "group"
    page.click("[data-group=care]")
    page.click("[data-group=more]")
    yield "more"
    page.keyboard.press("Escape")
    for tool in ("picture", "changes", "stats"):
        page.click("[data-group=more]")
        if page.locator(f"[data-tool={tool}]").count():
            page.click(f"[data-tool={tool}]")
            page.wait_for_selector("#panel :not([aria-busy]) > img, #panel h3, #panel h4", state="attached")
            yield tool
        if tool == "stats":
            page.click("[data-toggle=stat-years-1]")
            page.locator("[data-chart=years] summary").click()
            yield "statistics with a year chosen and its table"
            page.click("#stats-reset")
        page.keyboard.press("Escape")
    page.click("#filter")
    yield "filter"
    page.click("[data-toggle=wish-nursing]")
    page.click("[data-toggle='wish-0-3']")
    yield "filter with what is not known"
    page.click("#see")
    yield "list of what was asked for"
    page.locator("[data-toggle=clear-asked]").click()
    page.keyboard.press("Escape")
    page.evaluate("([lat, lon]) => cfmap.map.setView([lat, lon], 16, {animate: false})", WALKED)
    page.focus("#map")
    page.keyboard.press("Enter")
    page.locator("#panel .around > summary").click()
    for summary in page.locator("#panel details:not([open]) > summary").all()[::-1]:
        summary.click()
    yield "minutes from a place, and the places around it"
    page.keyboard.press("Escape")
    page.click("#layers")
    page.locator(".reach .switch").first.click()
    page.locator(".reach summary").first.click()
    page.locator(".by-town > summary").click()
    page.locator("[data-toggle^=shade-]").first.check()
    page.locator(".by-town details summary").first.click()
    page.locator(".by-town .legend").wait_for()
    yield "layers with reach, towns in shades, legends and where it comes from"
    page.locator("[data-toggle^=shade-]").first.uncheck()
    page.locator(".reach .switch").first.click()
    page.keyboard.press("Escape")
    if not wide:
        page.click("#open-list")
    yield "list"
    page.locator(".site").first.click()
    yield "card"
    page.keyboard.press("Escape")
    page.fill("#q", "镇")
    yield "search"
    page.fill("#q", "qqqq")
    yield "nothing found"
    page.click("#clear")


@pytest.mark.parametrize(
    ("size", "display"),
    [(PHONE, {}), (NARROW, {}), (DESKTOP, {}), (NARROW, {"large": True, "contrast": True}), (DESKTOP, {"contrast": True})],
    ids=["phone", "narrow", "desktop", "narrow, large text, high contrast", "desktop, high contrast"],
)
def test_axe_finds_nothing_targets_are_large_and_nothing_is_too_wide(open_page, small_html, size, display):
    axe = (ROOT / "cfmap/publish/web/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    found = []
    chosen = f"localStorage.setItem('cfmap-display', '{json.dumps(display)}');" if display else ""
    with open_page(small_html, size=size, before=chosen + axe) as opened:
        page = opened.page
        assert page.evaluate("document.documentElement.className") == " ".join(display)
        for language in ("zh",) if display else ("zh", "en"):
            for state in states(page, wide=size == DESKTOP):
                if size != NARROW or display:  # at 320 px axe looks once, with large text and high contrast; the parts are the phone's
                    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
                    found.extend(f"{language} {state}: {v['id']} {[n['html'][:120] for n in v['nodes'][:3]]}" for v in result["violations"])
                found.extend(f"{language} {state}: target {target}" for target in page.evaluate(SMALL))
                if page.evaluate(WIDER) > 0:
                    found.append(f"{language} {state}: wider than the screen")
            page.click("#language")
    assert found == []


def tab_to(page, selector: str, limit: int = 160) -> None:
    """Go on by the keyboard until something has it; at every stop one must see where one is."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        now = page.evaluate(FOCUS, selector)
        if now["body"]:  # past the last one: the window's own controls
            continue
        assert now["bad"] == ""
        if now["match"]:
            return
    pytest.fail(f"the keyboard does not reach {selector}")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_keyboard_alone_reaches_a_card_a_filter_search_near_me_and_the_language(open_page, small_html, size):
    with open_page(small_html, size=size, before="Object.defineProperty(navigator, 'geolocation', {value: undefined});") as opened:
        page = opened.page
        press = page.keyboard.press

        tab_to(page, "#skip")
        press("Enter")
        assert page.evaluate("document.activeElement.id") == "panel"
        tab_to(page, ".site")
        row = page.evaluate("document.activeElement.dataset.row")
        press("Enter")
        assert page.evaluate("document.activeElement.id") == "card-name"
        until(page, "cfmap.map.getZoom() >= 16 && !document.querySelector('.leaflet-zoom-anim')")  # the map has gone there
        press("Escape")
        assert page.evaluate("document.activeElement.dataset.row") == row
        press("Escape")

        tab_to(page, ".pin, .cluster")
        while page.evaluate("document.activeElement.classList.contains('cluster')"):
            tab_to(page, ".pin, .cluster")
        row = page.evaluate("document.activeElement.dataset.row")
        press("Enter")
        assert page.evaluate("document.activeElement.id") == "card-name"
        press("Escape")
        assert page.evaluate("document.activeElement.dataset.row") == row

        tab_to(page, "[data-group=care]")
        press("Enter")
        tab_to(page, ".chip[data-layer=childcare]")
        before = page.text_content("#live")
        press("Space")
        assert page.evaluate("document.activeElement.dataset.layer") == "childcare"
        assert page.text_content("#live") != before

        tab_to(page, "#near")
        press("Enter")
        assert "回车" in page.text_content("#toast")
        assert page.evaluate(FOCUS, "#map") == {"match": True, "body": False, "bad": ""}
        press("ArrowRight")
        press("Enter")
        page.wait_for_selector(".here", state="attached")
        assert page.locator("#toast").is_hidden()
        assert page.locator("#panel .second").first.text_content().startswith(("步行约", "直线"))  # until the minutes have come, straight
        tab_to(page, ".note .link")
        press("Enter")
        assert page.evaluate("document.activeElement.id") == "panel"  # what was pressed is gone; the keyboard is not

        tab_to(page, "#q")
        page.keyboard.type("镇")
        tab_to(page, ".site")
        press("Enter")
        assert page.evaluate("document.activeElement.id") == "card-name"
        press("Escape")
        tab_to(page, "#clear")
        press("Enter")
        assert page.evaluate("document.activeElement.id") == "q"

        tab_to(page, "#language")
        press("Enter")
        assert page.get_attribute("html", "lang") == "en"
        assert page.evaluate("document.activeElement.id") == "language"
        tab_to(page, "#layers")
        press("Enter")
        tab_to(page, ".reach input")
        press("Space")
        page.wait_for_selector(".legend")
        assert page.evaluate("document.activeElement.checked") is True
        tab_to(page, "summary")
        press("Enter")
        page.wait_for_selector("details[open]")
        press("Escape")
        assert page.evaluate("document.activeElement.id") == "layers"
        assert opened.errors == []


@pytest.mark.parametrize("size", [(640, 400), (320, 256)], ids=["200 %", "400 %"])
def test_enlarged_page_keeps_its_map_and_everything_can_be_reached(open_page, small_html, size):
    with open_page(small_html, size=size, device_scale_factor=2) as opened:
        page = opened.page
        for state in states(page, wide=False):
            assert page.evaluate(WIDER) <= 0, state
            assert page.evaluate("document.querySelector('#map').getBoundingClientRect().height") >= 120, state
            body = page.locator("#panel .body")
            if body.count():
                last = body.locator("> *:visible").last
                last.scroll_into_view_if_needed()
                box = last.bounding_box()
                assert box["y"] < size[1], state
                assert body.bounding_box()["height"] > 60, state


def test_colours_of_the_system_still_tell_what_is_chosen(open_page, small_html):
    with open_page(small_html, size=DESKTOP, forced_colors="active") as opened:
        page = opened.page
        background = "node => getComputedStyle(node).backgroundColor + getComputedStyle(node).borderColor"
        page.click("[data-group=care]")
        page.locator(".chip").nth(1).click()
        for chosen, other in (("[data-group=care]", "[data-group=play]"), (".chip[aria-pressed=true]", ".chip[aria-pressed=false]")):
            assert page.locator(chosen).first.evaluate(background) != page.locator(other).first.evaluate(background)
        page.click("#layers")
        page.locator(".reach input").first.check()
        thumb = "node => getComputedStyle(node).backgroundColor + getComputedStyle(node, '::after').backgroundColor"
        on, off = (page.locator(f".reach input{state}").first.evaluate(thumb) for state in (":checked", ":not(:checked)"))
        assert on != off
        assert page.locator(".reach input").first.evaluate("node => getComputedStyle(node).borderTopStyle") == "solid"
        assert opened.errors == []


def test_calm_page_moves_nothing(open_page, small_html):
    with open_page(small_html, reduced_motion="reduce") as opened:
        page = opened.page
        page.click("#layers")
        moving = """[...document.querySelectorAll('*')].filter(e => ['', '::before', '::after'].some(p => {
            const s = getComputedStyle(e, p); return s.animationName !== 'none' || s.transitionDuration.split(', ').some(d => parseFloat(d) > 0);
        })).map(e => e.id || e.className)"""
        assert page.evaluate(moving) == []
        assert page.evaluate("[cfmap.map.options.zoomAnimation, cfmap.map.options.fadeAnimation, cfmap.map.options.inertia]") == [False] * 3
