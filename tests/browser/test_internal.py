"""The internal page in the browser: unmistakable, its findings by touch and keyboard, its layers; accessible in every state."""

from __future__ import annotations

import base64
import io
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from PIL import Image
from shapely import LineString, MultiLineString, Point

from cfmap.model import fault
from cfmap.model.edition import Inside, Overlay, Scenario
from cfmap.model.mending import Mending
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.synthetic import LAT, LON, ROOT, synthetic_edition
from tests.browser.test_access import SMALL, WIDER
from tests.browser.waiting import until

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)>`${alert(1)}`"
BAND = (0x9F, 0x12, 0x39)


@pytest.fixture(scope="module")
def internal_html(assets):
    from cfmap.publish.web import page

    del assets
    edition = synthetic_edition(count=30, public=False)
    faults = [fault("E221", file=f"data/{HOSTILE}.xlsx", sheet="学校", row=4 + n, column="编号", value=HOSTILE, first="x 4") for n in range(3)]
    faults.append(fault("W233", file="data/a.xlsx", row=9, column="经度", state="空着", state_en="empty"))
    schools = replace(edition.layers["schools"], faults=tuple(faults), found_at=tuple((f, LON + 0.02 + 0.01 * n, LAT + 0.04) for n, f in enumerate(faults[:3])))
    line = gpd.GeoSeries([LineString([(LON, LAT), (LON + 0.08, LAT + 0.08)]), Point(LON + 0.03, LAT + 0.02)], crs=4326)
    proposed = gpd.GeoDataFrame({"id": ["a"], "name": [HOSTILE]}, geometry=[Point(LON + 0.04, LAT + 0.04)], crs=4326)
    scenario = Scenario("方案", "proposal", proposed, 15.0, gpd.GeoSeries([Point(LON + 0.04, LAT + 0.04).buffer(0.006)], crs=4326))
    inside = Inside((Overlay("规划道路", "planned roads", "#0b57d0", line),), scenario)
    return page(replace(edition, layers=edition.layers | {"schools": schools}, inside=inside, mending=mending()))


def mending():
    """Two streets apart from each other, the second one in the middle of the map's east."""
    one = {
        "rank": 1,
        "item": "A",
        "work": "修人行道",
        "work_en": "build a sidewalk",
        "road": f"{HOSTILE}北侧",
        "road_en": "north side",
        "where": "旁边",
        "where_en": "beside",
    }
    one |= {
        "metres": 900.0,
        "known": False,
        "spare": False,
        "schools": "S1",
        "alone": "S1",
        "turned": "S1",
        "safe": 1,
        "state": "",
        "state_en": "",
        "subjects": "",
    }
    one |= {f"{of}{who}{what}": n for of in ("", "alone_") for who in ("pupils", "children") for what, n in (("", 300.0), ("_unknown", 0))}
    lines = [MultiLineString([[(LON + x, LAT + 0.04), (LON + x + 0.01, LAT + 0.04)]]) for x in (0.01, 0.06)]
    steps = pd.DataFrame({"actions": [0, 2], "lower": [10.0, 100.0], "upper": [60.0, 100.0], "safe": [0, 1], "perhaps": [1, 1], "schools": [1, 1]})
    return Mending(gpd.GeoDataFrame([one, one | {"rank": 2, "road": "和平路"}], geometry=lines, crs=4326), steps, "", "", f"先做：{HOSTILE}", "First")


def states(page):
    yield "closed"
    page.click("#open-inside")
    yield "findings"
    page.locator(".finding").first.click()
    yield "card"
    page.click(".inside [aria-label=返回], .inside [aria-label=Back]")
    page.locator("label:has(#overlay-0)").click()
    page.locator("label:has(#scenario)").click()
    page.locator("label:has(#mending)").click()
    page.locator(".mending .finding").last.click()
    yield "layers"
    page.locator("label:has(#overlay-0)").click()
    page.locator("label:has(#scenario)").click()
    page.locator("label:has(#mending)").click()
    page.keyboard.press("Escape")


@pytest.mark.parametrize(
    ("size", "display"), [(PHONE, "{}"), ((320, 640), "{}"), (DESKTOP, '{"contrast": true}')], ids=["phone", "narrow", "desktop, high contrast"]
)
def test_axe_finds_nothing_in_any_state(open_page, internal_html, size, display):
    axe = (ROOT / "cfmap/publish/web/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    found = []
    with open_page(internal_html, size=size, before=f"localStorage.setItem('cfmap-display', '{display}');" + axe) as opened:
        page = opened.page
        for language in ("zh", "en") if size == PHONE else ("zh",):
            for state in states(page):
                result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
                found += [f"{language} {state}: {v['id']} {[n['html'][:120] for n in v['nodes'][:3]]}" for v in result["violations"]]
                found += [f"{language} {state}: target {t}" for t in page.evaluate(SMALL)]
                if page.evaluate(WIDER) > 0:
                    found.append(f"{language} {state}: wider than the screen")
            page.click("#language")
        assert opened.errors == []
        assert page.evaluate("window.broken") == []
    assert found == []


def test_page_picture_and_print_say_that_they_are_internal(open_page, internal_html):
    with open_page(internal_html, size=DESKTOP) as opened:
        page = opened.page
        assert page.title().startswith("【内部 · 不得公开】")
        band = page.locator("#band")
        assert band.text_content() == "内部 · 不得公开 / Internal – not for publication"
        assert band.bounding_box()["width"] == DESKTOP[0]
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert "内部 · 不得公开" in page.text_content("#print .band")
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        page.click("[data-group=more]")
        page.click("[data-tool=picture]")
        image = page.wait_for_selector(".shot img")
        picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(image.get_attribute("src").split(",")[1]))).convert("RGB"))
        assert (picture[4] == BAND).all()
        assert page.get_attribute("#save-picture", "download").startswith("内部 · 不得公开")


def test_findings_by_keyboard_filter_and_map(open_page, internal_html):
    with open_page(internal_html) as opened:
        page = opened.page
        page.focus("#open-inside")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "inside"
        rings = "() => { let n = 0; cfmap.map.eachLayer((l) => { n += l instanceof L.CircleMarker; }); return n; }"
        with_place = page.evaluate(rings)
        assert with_place >= 3
        page.focus("#level-warning")
        page.keyboard.press("Space")
        assert page.evaluate("document.activeElement.id") == "level-warning"
        assert page.evaluate(rings) == 3
        page.select_option("#inside-layer", "schools")
        assert page.locator(".finding .name").first.text_content() == "编号重复"
        page.locator(".finding").first.focus()
        page.keyboard.press("Enter")
        assert HOSTILE in page.text_content(".inside .facts")  # as text
        until(page, f"Math.abs(cfmap.map.getCenter().lng - {LON + 0.02}) < 1e-4")
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.id") == "open-inside"
        assert page.evaluate(rings) == 0
        assert opened.errors == []


def test_own_layer_and_proposed_sites_are_drawn_and_named_in_the_legend_of_the_picture(open_page, internal_html):
    blue = """() => { let n = 0; for (const c of document.querySelectorAll('.leaflet-shapes-pane canvas')) { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        for (let i = 0; i < d.length; i += 4) n += Math.abs(d[i] - %d) < 14 && Math.abs(d[i + 1] - %d) < 14 && Math.abs(d[i + 2] - %d) < 14 && d[i + 3] > 200; } return n; }"""
    line, proposed = blue % (0x0B, 0x57, 0xD0), blue % (0x6D, 0x28, 0xD9)
    with open_page(internal_html, size=DESKTOP) as opened:
        page = opened.page
        before = page.evaluate(line)
        page.click("#open-inside")
        page.locator("label:has(#overlay-0)").click()
        page.locator("label:has(#scenario)").click()
        until(page, f"({line})() > {before} + 100")
        until(page, f"({proposed})() > 100")
        assert [part["title"] for part in page.evaluate("cfmap.legends()")] == ["内部图层", "方案", "数据问题"]
        assert page.evaluate("window.broken") == []


def test_an_action_of_the_mending_list_is_chosen_by_keyboard_and_drawn_wide(open_page, internal_html):
    pink = """() => { let n = 0; for (const c of document.querySelectorAll('.leaflet-shapes-pane canvas')) { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        for (let i = 0; i < d.length; i += 4) n += d[i] === 0xc0 && d[i + 1] === 0x1a && d[i + 2] === 0x6b && d[i + 3] === 255; } return n; }"""
    with open_page(internal_html, size=DESKTOP) as opened:
        page = opened.page
        page.click("#open-inside")
        page.focus("#mending")
        page.keyboard.press("Space")
        assert page.evaluate("document.activeElement.id") == "mending"
        assert page.locator(".mending .finding").count() == 2
        assert page.locator(".inside h3").first.text_content() == "先做什么"  # above the list of findings, which is long
        assert page.locator(".inside .first").text_content() == f"先做：{HOSTILE}"
        assert page.evaluate(pink) == 0  # all are drawn a little transparent until one is chosen
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.locator(".mending [aria-pressed=true] .name").all_text_contents() == ["2. 修人行道 · 和平路"]
        until(page, f"({pink})() > 1000")
        until(
            page,
            f"""() => {{ const at = cfmap.map.latLngToContainerPoint([{LAT + 0.04}, {LON + 0.065}]), inside = document.getElementById("inside"),
            free = inside.offsetLeft + inside.offsetWidth; return Math.abs(at.x - (free + cfmap.map.getSize().x) / 2) < 6; }}""",
        )  # in the middle of what the box leaves free
        assert "学校周边先改哪里" in [part["title"] for part in page.evaluate("cfmap.legends()")]
        assert page.evaluate("window.broken") == []
