"""No text of a department, a street network or the settings ever becomes code."""

from __future__ import annotations

import pytest

from tests.browser.conftest import DESKTOP
from tests.browser.synthetic import synthetic_edition

pytestmark = pytest.mark.browser

PAYLOADS = (
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    '"><svg onload=window.pwned=1>',
    "</script><script>window.pwned=1</script>",
    "<!--<script>",
    "javascript:window.pwned=1",
    "{{7*7}}",
    "{{cycler.__init__.__globals__.os.environ.update(CFMAP_PWNED='1')}}",
    "{% for x in '12' %}boom{% endfor %}",
    "${window.pwned=1}",
    "`;window.pwned=1;//",
    "\u2028window.pwned=1;//'+window.pwned++ +'",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payload_in_every_text_is_shown_and_never_runs(open_page, assets, monkeypatch, payload):
    import os

    from cfmap.publish.web import page as make

    monkeypatch.delenv("CFMAP_PWNED", raising=False)
    html = make(synthetic_edition(count=58, public=False, text=lambda t: f"{t}{payload}"))
    assert "CFMAP_PWNED" not in os.environ
    with open_page(html, size=DESKTOP) as opened:
        page = opened.page
        page.locator(".site").first.click()
        shown = page.text_content("#panel")
        assert payload.replace("\u2028", "") in shown.replace("\u2028", "")
        assert payload.strip() in page.text_content("#card-name")
        assert payload.strip() in page.text_content("h1")
        assert payload.strip() in page.text_content("#foot")
        page.click("#layers")
        page.locator("summary").first.click()
        page.locator(".reach input").first.check()
        assert payload.strip() in page.text_content("#panel")
        page.click("[data-group=more]")
        assert payload.strip() in page.text_content("#panel")
        page.fill("#q", payload)
        page.click("#language")
        for link in page.locator("a[href]").all():
            assert link.get_attribute("href").split(":", 1)[0] in {"https", "geo", "tel", "#panel"}
        assert page.evaluate("window.pwned") is None
        assert opened.errors == []
        assert opened.outside == []
        assert page.evaluate("window.broken") == []


def test_policy_stops_a_script_put_into_the_finished_page(open_page, html):
    with open_page(html.replace("</body>", "<script>window.pwned=1</script><img src=x onerror=window.pwned=2></body>")) as opened:
        assert opened.page.evaluate("window.pwned") is None
        assert len(opened.page.evaluate("window.broken")) >= 2
