"""No text of a department, a street network or the settings ever becomes code, an address or a broken page: every text of the page's data, found by looking."""

from __future__ import annotations

import os
import re
from dataclasses import replace

import pytest

from tests.browser.conftest import DESKTOP
from tests.browser.hostile import ADDRESSES, ODD, SCRIPTS, TOUR, poisoned, typed
from tests.browser.synthetic import synthetic_edition
from tests.factories import tiny_edition, with_indicators

pytestmark = pytest.mark.browser

SMALL = (320, 640)
STUBS = "window.print = () => {}; window.open = () => null; window.alert = window.confirm = window.prompt = () => { window.pwned = 2; };"
MIXED = " ".join(SCRIPTS)


@pytest.fixture(scope="module")
def plain(assets):
    """Data of an internal page with every layer, figures, reach and streets round schools: everything that can show a text."""
    from cfmap.publish.web.payload import payload

    tiny = tiny_edition(public=False)
    edition = replace(synthetic_edition(count=30, public=False), indicators=with_indicators(tiny).indicators, perimeter=tiny.perimeter)
    return payload(edition)


@pytest.fixture(scope="module")
def draw(assets):
    from cfmap.publish.web import assets as made
    from cfmap.publish.web.cfmap_map import CfMap

    return lambda payload: CfMap(payload, made.load()).html()


def bare(text: str) -> str:
    """What is left of a text when it has been cut into tags or its white space was folded."""
    return re.sub(r"[\s；;\0]", "", text)


def assert_nothing_ran(opened):
    page = opened.page
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("window.broken") == []
    assert opened.errors == []
    assert opened.outside == []
    assert "CFMAP_PWNED" not in os.environ


@pytest.mark.parametrize(("kind", "turn"), [("mixed", 0), ("script", 5), ("address", 0)], ids=lambda v: str(v))
def test_every_text_is_shown_as_typed_and_never_runs(open_page, plain, draw, monkeypatch, kind, turn):
    monkeypatch.delenv("CFMAP_PWNED", raising=False)

    def text(n: int, old: str) -> str:
        if kind == "mixed":
            return f"{old} {MIXED}"
        return f"{old}{SCRIPTS[(n + turn) % len(SCRIPTS)]}" if kind == "script" else ADDRESSES[(n + turn) % len(ADDRESSES)]

    data = poisoned(plain, text)
    with open_page(draw(data), size=DESKTOP, hash_="#planned=1", before=STUBS) as opened:
        page = opened.page
        met = page.evaluate(TOUR, 60)
        assert met["made"] == []
        assert met["links"] == []
        wanted = typed(data)
        assert len(met["cards"]) == len(wanted)
        lost = [(row, t) for row, texts in enumerate(wanted) for t in texts if bare(t) not in bare(met["cards"][str(row)])]
        assert lost == []
        assert bare(data.meta["city"]["name"]) in bare(page.text_content("h1"))
        assert bare(data.meta["producer"]) in bare(page.text_content("#foot"))
        page.fill("#q", MIXED)
        page.click("#language")
        page.evaluate(TOUR, 2)
        assert_nothing_ran(opened)


def test_texts_that_come_in_by_the_edition_are_only_text(open_page, assets, monkeypatch):
    from cfmap.publish.web import page as make

    monkeypatch.delenv("CFMAP_PWNED", raising=False)
    count = iter(range(10**9))
    html = make(synthetic_edition(count=30, public=False, text=lambda t: f"{t}{SCRIPTS[next(count) % len(SCRIPTS)]}"))
    with open_page(html, size=DESKTOP, before=STUBS) as opened:
        assert opened.page.evaluate(TOUR, 4)["made"] == []
        assert_nothing_ran(opened)


def test_odd_and_endless_texts_leave_the_page_whole(open_page, plain, draw):
    data = poisoned(plain, lambda n, old: ODD[n % len(ODD)] + f"({n})")
    with open_page(draw(data), size=SMALL, hash_="#planned=1", before=STUBS) as opened:
        page = opened.page
        for language in ("zh", "en"):
            for press in ("[data-group=play]", "[data-group=more]", "#layers", "#open-list", ".site"):
                page.locator(press).first.evaluate("node => node.click()")
                assert page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)") <= SMALL[0], (language, press)
                assert page.evaluate("[...document.querySelectorAll('#panel .body')].every(b => b.scrollWidth <= b.clientWidth)"), (language, press)
            page.keyboard.press("Escape")
            page.keyboard.press("Escape")
            assert page.evaluate("document.querySelector('#map').getBoundingClientRect().height") > 150, language
            page.click("#language")
        met = page.evaluate(TOUR, 60)
        wanted = typed(data)
        assert [t for row, texts in enumerate(wanted) if str(row) in met["cards"] for t in texts if bare(t) not in bare(met["cards"][str(row)])] == []
        assert len(met["cards"]) == len(wanted)
        assert met["made"] == met["links"] == []
        assert_nothing_ran(opened)


def test_half_a_character_does_not_stop_the_page(open_page, plain, draw):
    with open_page(draw(poisoned(plain, lambda n, old: f"{old}\ud842")), size=DESKTOP, hash_="#planned=1", before=STUBS) as opened:
        assert opened.page.evaluate(TOUR, 3)["made"] == []
        assert_nothing_ran(opened)


def test_policy_stops_a_script_put_into_the_finished_page(open_page, html):
    with open_page(html.replace("</body>", "<script>window.pwned=1</script><img src=x onerror=window.pwned=2></body>")) as opened:
        assert opened.page.evaluate("window.pwned") is None
        assert len(opened.page.evaluate("window.broken")) >= 2


@pytest.mark.parametrize(
    "colour", ["red;background:url(https://example.com/x)", "url(https://example.com/x)", "</style><script>window.pwned=1</script>", "#fff}"]
)
def test_colours_are_refused_unless_they_are_colours(colour):
    from pydantic import ValidationError

    from cfmap.model.city import LayerSection, ThemeSection

    for section in (ThemeSection, LayerSection):
        with pytest.raises(ValidationError):
            section(colour=colour)
