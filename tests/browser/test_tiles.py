"""A map service above the page's own background: a stand-in that speaks WMTS, with a right key, a wrong one, over quota, slow, gone."""

from __future__ import annotations

import struct
import threading
import urllib.error
import urllib.request
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from cfmap.model.city import BasemapSection
from cfmap.publish import WRITERS, hosting, published, release, tiles
from cfmap.publish.serve import serve
from tests.browser.conftest import DESKTOP
from tests.browser.synthetic import ROOT, synthetic_edition
from tests.browser.test_access import SMALL, WIDER
from tests.browser.test_handed_out import _Quiet, listening
from tests.browser.waiting import until

pytestmark = pytest.mark.browser
KEY, WRONG = "1234567890abcdef1234567890abcdef", "ffffffffffffffffffffffffffffffff"
CREDIT = "天地图 测试审图号 GS（0000）0000号"
WMTS = {"SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": "1.0.0", "STYLE": "default", "TILEMATRIXSET": "w", "FORMAT": "tiles"}
MAGENTA = (255, 0, 255)  # the stand-in's pictures
OFFLINE = "Object.defineProperty(navigator, 'onLine', { get: () => false });"  # as a phone without network says


def png(width: int, height: int, rgba: tuple[int, ...]) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes(rgba) * width) * height
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


PICTURES = {"vec": png(256, 256, (*MAGENTA, 255)), "cva": png(256, 256, (0, 0, 0, 0)), "error": png(120, 40, (255, 255, 255, 255))}


class Service(BaseHTTPRequestHandler):
    """The stand-in: 400 for what is no WMTS request, 403 for a wrong key, 418 over quota, a small picture when something is wrong inside."""

    mode = "right"
    left = 10_000

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        asked = {k: v[0] for k, v in parse_qs(url.query).items()}
        layer = asked.get("LAYER", "")
        z, x, y = (int(asked.get(k, -1)) for k in ("TILEMATRIX", "TILECOL", "TILEROW"))
        whole = url.path == f"/{layer}_w/wmts" and all(asked.get(k) == v for k, v in WMTS.items()) and 1 <= z <= 18 and 0 <= x < 2**z and 0 <= y < 2**z
        Service.left -= 1
        if not whole:
            self.answer(400)
        elif asked.get("tk") != KEY:
            self.answer(403)
        elif Service.mode == "quota" or Service.left < 0:
            self.answer(418)
        else:
            self.answer(200, PICTURES["error" if Service.mode == "error" else layer])

    def answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "image/png" if body else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        """Quiet."""


@dataclass
class Asked:
    """What the browser asked the service for."""

    urls: list[str] = field(default_factory=list)
    senders: set[str | None] = field(default_factory=set)


@pytest.fixture(scope="module")
def service():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def _edition():
    edition = synthetic_edition(count=30)
    return replace(edition, city=edition.city.model_copy(update={"basemap": BasemapSection(tiles="tianditu", tiles_attribution=CREDIT)}))


@pytest.fixture(scope="module")
def pages(assets):
    """The page with the right key and with a wrong one."""
    from cfmap.publish.web import page

    with pytest.MonkeyPatch.context() as patch:
        made = {}
        for key in (KEY, WRONG):
            patch.setenv(tiles.KEY, key)
            made[key] = page(_edition())
    return made


@pytest.fixture
def visit(chromium, service, tmp_path, pages):
    """Open the page with the service in a given mood; yields the page, what was asked, and what the console says."""

    @contextmanager
    def open_(*, key: str = KEY, mode: str = "right", hash_: str = "", size=DESKTOP, left: int = 10_000, before: str = "", address: str = ""):
        Service.mode, Service.left = mode, left
        path = tmp_path / "index.html"
        path.write_text(pages[key], encoding="utf-8")
        asked, said = Asked(), []

        def forward(route):
            asked.urls.append(route.request.url)
            asked.senders.add(route.request.headers.get("referer"))
            if mode == "slow":
                return None  # never answered
            if mode == "unplugged":
                return route.abort("internetdisconnected")
            url = urlsplit(route.request.url)
            try:
                with urllib.request.urlopen(f"{service}{url.path}?{url.query}") as answer:
                    route.fulfill(status=200, content_type="image/png", body=answer.read())
            except urllib.error.HTTPError as error:
                with error:
                    route.fulfill(status=error.code, body="")

        with chromium.new_context(viewport={"width": size[0], "height": size[1]}) as context:
            context.route("**/*.tianditu.gov.cn/**", forward)
            page = context.new_page()
            page.on("console", lambda m: said.append(m.text) if m.type in {"error", "warning"} else None)
            page.on("pageerror", lambda e: said.append(str(e)))
            page.add_init_script(
                "window.broken = []; document.addEventListener('securitypolicyviolation', e => window.broken.push(e.violatedDirective));" + before
            )
            page.goto((address or path.as_uri()) + hash_)
            yield page, asked, said
            assert page.evaluate("window.broken") == []

    return open_


def status(page, wanted: str) -> None:
    until(page, "wanted => document.documentElement.dataset.tiles === wanted", arg=wanted)


def middle(page) -> tuple[int, int, int]:
    """Colour seen where nothing stands on the map."""
    from io import BytesIO

    from PIL import Image

    box = page.locator("#map").bounding_box()
    shot = page.screenshot(clip={"x": box["x"] + box["width"] * 0.62, "y": box["y"] + 6, "width": 4, "height": 4})
    return Image.open(BytesIO(shot)).convert("RGB").getpixel((1, 1))


def settled(page):
    """The colour in the middle when pictures have faded in: as soon as it is the stand-in's, else after ten seconds and more."""
    for _ in range(100):
        if (colour := middle(page)) == MAGENTA:
            break
        page.wait_for_timeout(100)
    return colour


def test_with_the_right_key_the_pictures_come_after_the_first_paint_with_their_credit(visit):
    with visit() as (page, asked, said):
        status(page, "on")
        assert {urlsplit(u).hostname for u in asked.urls} <= set(tiles.HOSTS)
        assert len({urlsplit(u).hostname for u in asked.urls}) > 1
        assert {urlsplit(u).path for u in asked.urls} == {"/vec_w/wmts", "/cva_w/wmts"}
        assert page.text_content(".tiles-credit") == CREDIT
        assert page.locator(".tiles-credit").is_visible()
        assert settled(page) == MAGENTA
        # a key bound to a site needs to be told which site asks, though the page tells nobody else
        assert page.evaluate("[...document.querySelectorAll('.leaflet-tile-pane img, .leaflet-tiles-pane img')].every(i => i.referrerPolicy === 'origin')")
        assert page.locator(".leaflet-tiles-pane img").count() > 3
        first = page.evaluate(
            "performance.getEntriesByType('resource').filter(e => e.name.includes('tianditu')).map(e => e.startTime).sort((a, b) => a - b)[0]"
        )
        assert first >= page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        assert said == []


@pytest.mark.parametrize(
    ("mood", "most"),
    [({"key": WRONG}, 1), ({"mode": "quota"}, 1), ({"mode": "error"}, 0), ({"mode": "slow"}, 0), ({"mode": "unplugged"}, 1), ({"before": OFFLINE}, 0)],
    ids=["wrong key", "over quota", "picture of an error", "slow", "cut off", "offline"],
)
def test_when_the_service_fails_the_own_background_stays_and_one_request_was_made(visit, mood, most):
    with visit(**mood) as (page, asked, said):
        page.wait_for_selector("canvas.labels", state="attached")
        assert middle(page) != MAGENTA  # ours is there from the beginning
        status(page, "failed")
        assert "简洁底图" in page.text_content("#toast")
        assert page.locator("canvas.labels").is_visible()
        assert page.locator(".tiles-credit").is_hidden()
        assert len(asked.urls) == (0 if mood.get("before") else 1)
        assert len(said) <= most


def test_a_service_that_breaks_off_while_one_looks_is_left_and_can_be_asked_again(visit):
    with visit() as (page, _, _said):
        status(page, "on")
        Service.mode = "quota"
        page.click("#in")
        status(page, "failed")
        assert middle(page) != MAGENTA
        Service.mode = "right"
        page.click("#layers")
        assert "重试" in page.text_content(".base")
        page.click("[data-toggle=base-tiles]")
        status(page, "on")
        assert page.evaluate("document.activeElement.dataset.toggle") == "base-tiles"


def test_the_choice_is_kept_in_the_link_and_the_plain_background_asks_nobody(visit):
    with visit() as (page, asked, _):
        status(page, "on")
        page.click("#layers")
        assert page.locator(".base [aria-pressed=true]").text_content() == "天地图"
        page.focus("[data-toggle=base-own]")
        page.keyboard.press("Enter")
        status(page, "off")
        assert page.locator(".base [aria-pressed=true]").text_content() == "简洁底图"
        until(page, "() => location.hash.includes('base=own')")
        link = page.evaluate("location.hash")
    with visit(hash_=link) as (page, asked, _):
        page.wait_for_selector("canvas.labels", state="attached")
        page.click("#in")
        page.wait_for_timeout(300)
        assert asked.urls == []
        page.click("#layers")
        page.click("[data-toggle=base-tiles]")
        status(page, "on")
        until(page, "() => !location.hash.includes('base=own')")


def test_a_saved_picture_shows_the_own_background_with_its_credit(visit):
    with visit() as (page, _, said):
        status(page, "on")
        page.click("[data-group=more]")
        page.click("[data-tool=picture]")
        page.wait_for_selector(".shot img")
        assert "简洁底图" in page.text_content(".shot")
        count = """async () => {
            const img = document.querySelector('.shot img');
            const c = Object.assign(document.createElement('canvas'), {width: img.naturalWidth, height: img.naturalHeight}), x = c.getContext('2d');
            x.drawImage(img, 0, 0);
            const d = x.getImageData(0, 0, c.width, c.height).data, seen = new Set();
            let theirs = 0;
            for (let k = 0; k < d.length; k += 4) { theirs += d[k] === 255 && d[k + 1] === 0 && d[k + 2] === 255; if (k % 400 === 0) seen.add(d[k] << 16 | d[k + 1] << 8 | d[k + 2]); }
            return [theirs, seen.size];
        }"""
        theirs, colours = page.evaluate(count)
        assert theirs == 0
        assert colours > 20
        assert said == []


def test_axe_finds_nothing_about_the_choice(visit):
    axe = (ROOT / "cfmap/publish/web/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    with visit(size=(320, 640), before=axe) as (page, _, _said):
        status(page, "on")
        for _language in ("zh", "en"):
            page.click("#layers")
            result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            assert [f"{v['id']} {[n['html'][:120] for n in v['nodes'][:3]]}" for v in result["violations"]] == []
            assert page.evaluate(SMALL) == []
            assert page.evaluate(WIDER) <= 0
            page.keyboard.press("Escape")
            page.click("#language")


def test_handed_out_the_pictures_come_too_and_the_service_is_told_the_site_and_no_more(visit, tmp_path, monkeypatch):
    monkeypatch.setenv(tiles.KEY, KEY)
    release.publish(_edition(), out=tmp_path / "output" / "2024", writers={"web": WRITERS["web"]})
    hosting.write_folder(published.chosen(tmp_path / "output", 2024), tmp_path / "www" / "town")
    website = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path / "www")))
    with listening(website) as host, visit(address=f"{host}/town/index.html") as (page, asked, said):
        status(page, "on")
        assert asked.senders == {f"{host}/"}
        assert said == []
    with listening(serve(tmp_path / "output", 2024)) as host, visit(address=f"{host}/2024/") as (page, _, _said):
        status(page, "on")
        assert settled(page) == MAGENTA


# --- pictures that lie in GCJ-02 --------------------------------------------------------------------------------------

AMAP = BasemapSection(tiles="amap", tiles_attribution=CREDIT, tiles_licence="测试协议 0000-0000", tiles_url="https://tiles.amap.com/v1/{z}/{x}/{y}.png")
HERE = {"latitude": 28.0402, "longitude": 123.0401}


@pytest.fixture(scope="module")
def both(assets):
    """The same edition without pictures and above Amap's."""
    from cfmap.publish.web import page

    del assets
    plain = synthetic_edition(count=60)
    return plain, page(plain), page(replace(plain, city=plain.city.model_copy(update={"basemap": AMAP})))


@pytest.fixture
def look(chromium, tmp_path):
    @contextmanager
    def open_(html: str, hash_: str = ""):
        path = tmp_path / "index.html"
        path.write_text(html, encoding="utf-8")
        asked: list[str] = []
        with chromium.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]}, permissions=["geolocation"], geolocation=HERE) as context:
            context.route(
                "https://tiles.amap.com/**", lambda route: (asked.append(route.request.url), route.fulfill(body=PICTURES["vec"], content_type="image/png"))
            )
            page = context.new_page()
            page.goto(path.as_uri() + hash_)
            page.wait_for_selector("canvas.labels", state="attached")
            page.wait_for_selector("#map-hint", state="attached")  # the walks are here
            yield page, asked

    return open_


def test_over_amap_all_is_drawn_in_gcj02_and_said_in_wgs84(both, look):
    """One page without pictures, one above Amap's: the same places, answers, links; only the ground is another."""
    from cfmap.intake.datum import convert

    edition, plain, shifted = both
    site = edition.layers["childcare"].sites.geometry.iloc[0]
    want = [float(v[0]) for v in convert(np.array([site.x]), np.array([site.y]), source="wgs84", target="gcj02")]
    assert abs(want[0] - site.x) > 1e-3  # some hundred metres: what follows is no rounding
    grid = edition.coverages[0].minutes
    row, column = divmod(int(grid.cell[len(grid.cell) // 2]), grid.columns)
    spot = [(grid.south + (row + 0.5) * grid.lat_step) / 1e5, (grid.west + (column + 0.5) * grid.lon_step) / 1e5]
    told = {}
    for name, html in (("plain", plain), ("shifted", shifted)):
        with look(html) as (page, asked):
            if name == "shifted":
                status(page, "on")
                assert settled(page) == MAGENTA
                page.click("#layers")
                assert "测试协议 0000-0000" in page.text_content("#panel")
                assert "GCJ-02" in page.text_content("#panel")
                page.keyboard.press("Escape")
            drawn = "([lat, lon]) => { const p = cfmap.map.project([lat, lon], 19), at = L.CRS.EPSG3857.pointToLatLng(p, 19); return [at.lng, at.lat]; }"
            at = page.evaluate(drawn, [site.y, site.x])
            assert at == pytest.approx(want if name == "shifted" else [site.x, site.y], abs=1e-6)
            page.evaluate("([lat, lon]) => cfmap.map.setView([lat, lon], 19, {animate: false})", [site.y, site.x])
            pin = page.locator(".pin[aria-label*='托育']").first
            pin.wait_for(state="attached")
            if name == "shifted":  # the picture asked for is the one in which the place lies
                x, y = (int(v // 256) for v in _pixels(*want, 18))
                until(page, "() => document.querySelectorAll('.leaflet-tiles-pane img.leaflet-tile-loaded').length > 3")
                assert any(f"/18/{x}/{y}." in url for url in asked)
            pin.focus()
            page.keyboard.press("Enter")
            links = [a.get_attribute("href") for a in page.locator("#panel a[href*='amap.com'], #panel a[href^='geo:']").all()]
            page.keyboard.press("Escape")
            page.evaluate("([lat, lon]) => cfmap.map.setView([lat, lon], 17, {animate: false})", spot)
            page.focus("#map")
            page.keyboard.press("Enter")
            page.wait_for_selector(".answer strong")
            answer = [(r.get_attribute("data-reach"), r.locator("strong").text_content()) for r in page.locator(".answer:not(.none)").all()]
            until(page, "() => location.hash.includes('at=17')")
            view = page.evaluate("new URLSearchParams(location.hash.slice(1)).get('at')")
            page.keyboard.press("Escape")
            page.click("#near")
            page.wait_for_selector(".here", state="attached")
            ways = page.locator(".lists .second").all_text_contents()[:30]
            told[name] = (links, answer, view, ways)
    assert told["plain"] == told["shifted"]
    links, answer, view, _ = told["plain"]
    assert len(links) == 2
    assert answer
    assert view == f"17/{spot[0]:.5f}/{spot[1]:.5f}"


def _pixels(lon: float, lat: float, zoom: int) -> tuple[float, float]:
    size = 256 * 2**zoom
    s = np.sin(np.radians(lat))
    return (lon / 360 + 0.5) * size, (0.5 - np.log((1 + s) / (1 - s)) / (4 * np.pi)) * size
