"""The page works wherever it is put and with whatever it is given: in a frame, under a sub-path, offline; no site, odd sites, very many sites."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.synthetic import synthetic_edition
from tests.factories import CRS, LAT, LON

pytestmark = pytest.mark.browser


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder):
    """A static host on this machine; yields its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def use(page) -> None:
    """What a parent does, in a page or a frame: filter, list, card and back, reach, language."""
    page.wait_for_selector(".pin, .cluster")
    page.wait_for_selector(".leaflet-basemap-pane canvas", state="attached")
    page.click("[data-group=care]")
    page.click("#open-list")
    page.locator(".site").first.click()
    assert page.text_content("#card-name")
    page.click("#panel .close")
    page.click("#panel .close")
    page.click("#layers")
    page.locator(".reach input").first.check()
    page.wait_for_selector(".legend")
    page.click("#language")
    page.wait_for_selector("html[lang=en]")


@pytest.mark.parametrize("place", ["sub-path", "sandboxed frame"])
def test_page_works_on_a_host(chromium, html, tmp_path, place):
    folder = tmp_path / "a" / "地图"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text(html, encoding="utf-8")
    (tmp_path / "host.html").write_text(
        '<!DOCTYPE html><title>host</title><iframe sandbox="allow-scripts" src="a/地图/" style="width:380px;height:800px"></iframe>'.replace(
            "地图", "%E5%9C%B0%E5%9B%BE"
        )
    )
    with served(tmp_path) as address, chromium.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}) as context:
        page = context.new_page()
        asked, wrong = [], []
        page.on("request", lambda r: asked.append(r.url) if not r.url.startswith(("data:", "blob:")) else None)
        page.on("console", lambda m: wrong.append(m.text) if m.type in {"error", "warning"} and "favicon" not in str(m.location) else None)
        page.on("pageerror", lambda e: wrong.append(str(e)))
        page.goto(f"{address}/a/%E5%9C%B0%E5%9B%BE/" if place == "sub-path" else f"{address}/host.html")
        use(page if place == "sub-path" else page.frames[1])
        assert wrong == []
        assert not [url for url in asked if not url.startswith(address)]
        assert len([url for url in asked if "favicon" not in url]) == (1 if place == "sub-path" else 2)


def test_page_works_from_a_file_without_any_network(open_page, html):
    with open_page(html, offline=True) as opened:
        use(opened.page)
        assert opened.errors == opened.outside == []
        assert opened.page.evaluate("window.broken") == []


@pytest.mark.parametrize("gone", ["localStorage", "clipboard and share", "roundRect", "history"])
def test_page_works_where_a_browser_refuses(open_page, html, gone):
    without = {
        "localStorage": "for (const n of ['localStorage', 'sessionStorage']) Object.defineProperty(window, n, {get() { throw new DOMException('no', 'SecurityError'); }});",
        "clipboard and share": "for (const n of ['clipboard', 'share']) Object.defineProperty(navigator, n, {value: undefined});",
        "roundRect": "delete CanvasRenderingContext2D.prototype.roundRect;",
        "history": "History.prototype.replaceState = () => { throw new DOMException('no', 'SecurityError'); };",
    }
    with open_page(html, before=without[gone]) as opened:
        page = opened.page
        use(page)
        page.keyboard.press("Escape")
        page.click("#open-list")
        page.locator(".site").first.click()
        page.click("#share")
        if gone == "clipboard and share":
            assert page.locator(".copy").input_value().startswith("file:")
        assert opened.errors == []


def changed(edition, change):
    """The edition with `change(data)` in place of each layer's data."""
    return replace(edition, layers={key: change(data) for key, data in edition.layers.items()})


def emptied(data):
    return replace(data, sites=data.sites.iloc[:0])


def without_places(data):
    return replace(data, sites=data.sites.iloc[:0], unlocated=pd.DataFrame(data.sites.drop(columns="geometry")))


def test_page_without_a_single_site_says_so(open_page, assets):
    from cfmap.publish.web import page as make

    with open_page(make(changed(synthetic_edition(count=60), emptied)), size=DESKTOP) as opened:
        page = opened.page
        assert page.text_content("#live").startswith("0")
        assert page.locator(".empty").is_visible()
        page.click("[data-group=play]")
        page.click("[data-group=more]")
        page.click("#layers")
        page.wait_for_selector(".leaflet-basemap-pane canvas", state="attached")
        assert opened.errors == []


def test_sites_without_places_are_listed_all(open_page, assets):
    from cfmap.publish.web import page as make

    with open_page(make(changed(synthetic_edition(count=60), without_places)), size=DESKTOP) as opened:
        page = opened.page
        assert page.locator(".pin, .cluster").count() == 0
        assert "60" in page.text_content("#live")
        assert page.locator(".site").count() == 40
        page.locator(".more").last.click()
        assert page.locator(".site").count() == 60
        page.locator(".site").first.click()
        assert page.locator("a[href*='amap'], a[href^='geo:']").count() == 0
        assert opened.errors == []


@pytest.mark.parametrize("spot", [(LON + 9, LAT - 20), (-180.0, -90.0)], ids=str)
def test_site_far_outside_the_boundary_neither_moves_the_city_nor_is_lost(open_page, assets, spot):
    from cfmap.publish.web import page as make

    edition = synthetic_edition(count=60)
    data = edition.layers["parks"]
    far = data.sites.copy()
    far.loc[far.index[0], "name"] = "远方公园"
    far = gpd.GeoDataFrame(
        far.drop(columns="geometry"), geometry=[Point(spot).buffer(0.001) if data.layer.geometry != "Point" else Point(spot), *far.geometry.iloc[1:]], crs=CRS
    )
    with open_page(make(replace(edition, layers={**edition.layers, "parks": replace(data, sites=far)})), size=DESKTOP) as opened:
        page = opened.page
        centre = page.evaluate("[cfmap.map.getCenter().lng, cfmap.map.getCenter().lat]")
        assert abs(centre[0] - LON - 0.04) < 0.05
        assert abs(centre[1] - LAT - 0.04) < 0.05
        page.locator(".site", has_text="远方公园").first.click()
        assert page.text_content("#card-name") == "远方公园"
        page.wait_for_selector(".pin.selected", state="attached")
        page.click("#in")
        assert opened.errors == []


@pytest.mark.slow
def test_fifty_thousand_sites_open_can_be_searched_and_filtered(open_page, assets):
    from cfmap.publish.web import page as make

    edition = synthetic_edition(count=1160)
    data = edition.layers["parks"]
    count = 50_000 - 1160 + len(data.sites)
    table = pd.DataFrame(data.sites.drop(columns="geometry")).iloc[[0] * count].reset_index(drop=True)
    table["id"] = [f"p{n}" for n in range(count)]
    table["name"] = [f"{n}号公园" for n in range(count)]
    spots = gpd.GeoSeries.from_xy([LON + (n * 7919 % 10_007) / 1e5 for n in range(count)], [LAT + (n * 104_729 % 10_009) / 1e5 for n in range(count)], crs=CRS)
    layer = replace(data.layer, geometry="Point")
    many = replace(edition, layers={**edition.layers, "parks": replace(data, layer=layer, sites=gpd.GeoDataFrame(table, geometry=spots))})
    with open_page(make(many), size=DESKTOP) as opened:
        page = opened.page
        assert "50000" in page.text_content("#live")
        assert page.locator(".pin, .cluster").count() <= 150
        assert page.locator(".site").count() <= 40
        page.fill("#q", "43210号")
        assert page.locator(".site .name").first.text_content() == "43210号公园"
        page.locator(".site").first.click()
        page.wait_for_selector(".pin.selected", state="attached")
        assert opened.errors == []
