"""The edition as it is handed out: by ``cfmap serve``, as a package on a host and on a disk, in a notebook with folium's layers."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import folium
import pytest

from cfmap.publish import WRITERS, hosting, published, release
from cfmap.publish.serve import serve
from cfmap.publish.web import build_map
from tests.browser.conftest import DESKTOP, PHONE, Opened
from tests.browser.synthetic import synthetic_edition
from tests.factories import LAT, LON

pytestmark = pytest.mark.browser


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def output(assets, tmp_path_factory):
    del assets
    folder = tmp_path_factory.mktemp("output")
    release.publish(synthetic_edition(), out=folder / "2024", writers={"web": WRITERS["web"]})
    return folder


@pytest.fixture(scope="module")
def site(output, tmp_path_factory):
    """The package, unpacked in a directory of a website."""
    folder = tmp_path_factory.mktemp("www")
    (folder / "town").mkdir()
    hosting.write_folder(published.chosen(output, 2024), folder / "town" / "map")
    return folder


@contextmanager
def listening(server):
    with server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


@contextmanager
def opened(chromium, address, *, own, size=PHONE):
    """A page at an address; requests to anywhere but `own` are noted."""
    with chromium.new_context(viewport={"width": size[0], "height": size[1]}, has_touch=size == PHONE) as context:
        page = context.new_page()
        seen = Opened(page)
        page.on("request", lambda r: seen.outside.append(r.url) if not r.url.startswith((own, "data:", "blob:")) else None)
        page.on("console", lambda m: seen.errors.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda e: seen.errors.append(str(e)))
        page.add_init_script("window.broken = []; document.addEventListener('securitypolicyviolation', e => window.broken.push(e.violatedDirective));")
        page.goto(address)
        yield seen


def used(seen):
    """What a parent does first works: markers, a picture, a card."""
    page = seen.page
    page.wait_for_selector(".pin, .cluster", state="attached")
    page.click("[data-group=play]")
    page.click("#open-list")
    page.click("#panel li button >> nth=0")
    page.wait_for_selector("#card-name")
    assert page.evaluate("window.broken") == []
    assert seen.errors == []
    assert seen.outside == []


def test_serve_shows_the_page_to_this_computer(chromium, output):
    with listening(serve(output, 2024)) as address, opened(chromium, f"{address}/?lang=en", own=address) as seen:
        used(seen)
        assert seen.page.url.startswith(f"{address}/2024/versions/000001/index.html?lang=en")
        assert seen.page.get_attribute("html", "lang") == "en"


def test_package_works_in_a_directory_of_a_static_host(chromium, site):
    handler = partial(_Quiet, directory=str(site))
    with listening(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as address, opened(chromium, f"{address}/town/map/", own=f"{address}/town/map/") as seen:
        used(seen)


@pytest.mark.parametrize("name", ["index.html", "map.html"])
def test_package_works_from_the_disk(chromium, site, name):
    folder = (site / "town" / "map").as_uri()
    with opened(chromium, f"{folder}/{name}", own=folder) as seen:
        used(seen)


def test_notebook_shows_the_map_with_folium_s_own_layers(chromium, assets, tmp_path):
    del assets
    chart = build_map(synthetic_edition())
    area = {"type": "Polygon", "coordinates": [[[LON, LAT], [LON + 0.04, LAT], [LON + 0.04, LAT + 0.04], [LON, LAT]]]}
    folium.GeoJson(area, name="area", style_function=lambda _: {"color": "#b3261e"}, tooltip="<b>area</b>").add_to(chart)
    folium.Marker([LAT + 0.04, LON + 0.04], popup=folium.Popup("<p style='color:#b3261e'>mine</p>", show=True), icon=folium.Icon(color="darkpurple")).add_to(
        chart
    )
    folium.Marker([LAT + 0.05, LON + 0.03], tooltip="plain").add_to(chart)
    spot = {"type": "Feature", "properties": {"name": "spot"}, "geometry": {"type": "Point", "coordinates": [LON + 0.05, LAT + 0.05]}}
    folium.GeoJson({"type": "FeatureCollection", "features": [spot]}, tooltip=folium.GeoJsonTooltip(fields=["name"])).add_to(chart)
    folium.LayerControl().add_to(chart)
    notebook = tmp_path / "notebook.html"
    notebook.write_text(f"<!DOCTYPE html><title>notebook</title><body style='width:1000px'>{chart._repr_html_()}</body>", encoding="utf-8")
    with opened(chromium, notebook.as_uri(), own="file:", size=DESKTOP) as seen:
        frame = seen.page.frame_locator("iframe")
        frame.locator(".leaflet-popup p", has_text="mine").wait_for()
        assert frame.locator(".leaflet-popup p").evaluate("e => getComputedStyle(e).color") == "rgb(179, 38, 30)"
        drawn = "() => { let n = 0; cfmap.map.eachLayer((l) => { n += l.feature?.geometry.type === 'Polygon'; }); return n; }"
        assert seen.page.frames[1].evaluate(drawn) == 1
        assert frame.locator("img.leaflet-marker-icon[src^='data:image/svg']").count() == 3
        assert frame.locator("img.leaflet-marker-icon").evaluate_all("all => all.every(i => i.naturalWidth > 0)")
        assert frame.locator("#band").is_visible()
        assert seen.errors == []
        assert [url for url in seen.outside if not url.startswith("about:")] == []
