"""
What does the public page weigh, how long does it take to make and to open on a slow phone, and what does plain folium take?

    python -m benchmarks.page [--quick] [--write]
    python -m benchmarks.page --weights

Made-up cities of 100 to 50,000 sites with all layers, streets, reach and pinyin; the demo city, whole and cut down to 300 sites and
three layers of reach. folium gets the same sites as markers with a popup, in the same run, and nothing else: no streets, no search,
no list. Pages are opened in Chromium over HTTP with gzip, four times slower CPU and slow 4G (1.6 Mbit/s, 150 ms); the files that
folium's ask for from other sites come from the same place at the same speed, as if those sites were as near. ``--write`` puts the
tables between their own markers of ``docs/performance.md``. ``--weights`` says in half a minute what the pages weigh, part by part.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import os
import re
import shutil
import statistics
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import _report
from benchmarks._cdn import beside
from benchmarks._harness import ROOT, Timing, interleaved, require, seconds, times

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfmap.model import Edition

SIZES = (100, 1_000, 10_000, 50_000)
QUICK = (100, 1_000)
PLAIN_MOST = 1_000  # Marker and GeoJson at more sites are scaled from here: they take minutes, and grow faster than their number
BUDGET_S = {1_000: 0.5, 10_000: 1.0, 50_000: 3.0}
BUDGET_KB = {"1,000 sites": "530", "10,000 sites": "1,500 / 480 gzip", "50,000 sites": "900 gzip before details", "demo city, 300 sites": "500 / 260 gzip"}
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
SLOW_3G = {"offline": False, "latency": 200, "downloadThroughput": 0.78e6 / 8, "uploadThroughput": 0.33e6 / 8}
SLOWER_CPU = 4
ROUNDS = 3
PATIENCE_MS = 180_000
QUIET_MS = 1_000
PHONE = {"width": 390, "height": 844}
LATE = b'id="cfmap-details"'  # from here on what the first markers can do without
BEGIN, END = "<!-- the page: written by python -m benchmarks.page --write -->", "<!-- end of the page -->"
OURS = {"header": "#title:not(:empty)", "marker": ".pin, .cluster", "basemap": ".leaflet-basemap-pane canvas"}
THEIRS = {"marker": ".leaflet-marker-icon"}
WATCH = """
window.firsts = {};
window.busy = 0;
const note = (list) => list.getEntries().forEach((task) => (busy = Math.max(busy, task.startTime + task.duration)));
new PerformanceObserver(note).observe({ type: "longtask", buffered: true });
const look = () => {
  for (const [name, selector] of Object.entries(SELECTORS))
    if (!(name in firsts) && document.querySelector(selector)) {
      firsts[name] = 0;
      requestAnimationFrame(() => (firsts[name] = performance.now()));
    }
};
new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
"""
# milliseconds from what the reader does to the next picture, the median of several
ANSWER = """
async () => {
  const took = async (act) => {
    const start = performance.now();
    act();
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    return performance.now() - start;
  };
  const rest = () => new Promise((done) => setTimeout(done, 400));
  const median = (all) => all.sort((a, b) => a - b)[all.length >> 1];
  const field = document.getElementById("q");
  const type = (text) => () => { field.value = text; field.dispatchEvent(new Event("input")); };
  const out = { search: [], filter: [], pan: [] };
  for (const text of ["公园", "gy", "平安", "xx", "东"]) { out.search.push(await took(type(text))); await rest(); }
  await took(type("")); await rest();
  for (const group of ["play", "health", "play", "care", "care"]) {
    out.filter.push(await took(() => document.querySelector(`[data-group="${group}"]`).click())); await rest();
  }
  cfmap.map.setZoom(14, { animate: false }); await rest();
  const pan = (by) => () => cfmap.map.panBy(by, { animate: false });
  for (const by of [[260, 0], [0, 260], [-260, 90], [90, -260], [260, 260]]) { out.pan.push(await took(pan(by))); await rest(); }
  return Object.fromEntries(Object.entries(out).map(([what, all]) => [what, median(all)]));
}
"""
# corners inside the tiles that are drawn
CORNERS = """
window.corners = 0;
const lineTo = CanvasRenderingContext2D.prototype.lineTo;
CanvasRenderingContext2D.prototype.lineTo = function (x, y) {
  if (x >= 0 && y >= 0 && x <= 256 && y <= 256) corners++;
  lineTo.call(this, x, y);
};
"""


def main() -> None:
    """Measure, print, and with ``--write`` put the tables into the page about speed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description="Weight and speed of the public page.")
    parser.add_argument("--quick", action="store_true", help="at most 1,000 sites")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/performance.md")
    parser.add_argument("--weights", action="store_true", help="only bytes: of our pages, and of their parts")
    options = parser.parse_args()
    if options.weights:
        print(_report.plain(weights()))
        return
    made = {n: measured(n) for n in (QUICK if options.quick else SIZES)}
    city = {} if options.quick else demo()
    ours = {f"{n:,} sites": result["page"] for n, result in made.items()} | {name: result["page"] for name, result in city.items()}
    theirs = {f"{n:,} sites, {name}": text for n, result in made.items() for name, text in result["theirs"].items()}
    tables = {
        "Making the page": [row for result in (made | city).values() for row in result["rows"]],
        "Opening the page": opening(ours, theirs),
        "Answering": answering(ours),
    }
    text = "\n\n".join(f"### {title}\n\n{_report.plain(rows)}" for title, rows in tables.items() if rows)
    print(text)
    if options.write:
        page = _report.PAGE.read_text(encoding="utf-8")
        before, after = page[: page.index(BEGIN) + len(BEGIN)], page[page.index(END) :]
        _report.PAGE.write_text(f"{before}\n\n{_report.machine()}\n\n{text}\n\n{after}", encoding="utf-8")


def measured(sites: int) -> dict[str, Any]:
    """Our page of a made-up city, and rows of bytes and CPU seconds for it and for folium's ways."""
    from cfmap.publish.web import page
    from cfmap.publish.web.payload import payload
    from tests.browser.synthetic import synthetic_edition

    edition = synthetic_edition(count=sites)
    places = places_of(edition)
    data = payload(edition)
    on = len(data.events["name"]) if data.events else 0  # events are in a block of their own
    require(len(places) == sum(data.sites["rows"]) + on == sites, "all sites are on both pages")
    ways = {"Marker + MarkerCluster": (plain, PLAIN_MOST), "FastMarkerCluster": (fast, sites), "GeoJson": (geojson, PLAIN_MOST)}
    actions = {"cfmap": partial(page, edition)} | {name: partial(way, places[:most]) for name, (way, most) in ways.items()}
    rounds = 3 if sites <= PLAIN_MOST else 1
    found = interleaved(actions, rounds=rounds, once=[] if rounds > 1 else ways)
    mine, ours = page(edition), found["cfmap"]
    rows = [_row(f"{sites:,}", "cfmap", mine.encode(), 1.0, ours, ours)]
    rows[0]["budget"] = f"{BUDGET_S[sites]} s" if sites in BUDGET_S else None
    texts = {name: actions[name]() for name in ways}
    for name, (_, most) in ways.items():
        scale = max(1.0, sites / most)
        rows.append(_row(f"{sites:,}", name + (f" (scaled from {most:,})" if scale > 1 else ""), texts[name].encode(), scale, found[name].scaled(scale), ours))
    return {"page": mine, "rows": rows, "theirs": {name: texts[name] for name, (_, most) in ways.items() if sites <= most}}


def demo() -> dict[str, dict[str, Any]]:
    """The demo city's page, and that of 300 of its sites and three layers of reach on the same streets."""
    from cfmap import pipeline
    from cfmap.publish.web import page

    edition = pipeline.compute(pipeline.read_inputs(ROOT))
    share = 300 / sum(len(data.sites) for data in edition.layers.values())
    few = {
        key: replace(data, sites=data.sites.iloc[: round(len(data.sites) * share)], unlocated=data.unlocated.iloc[:0]) for key, data in edition.layers.items()
    }
    three = tuple(c for c in edition.coverages if c.layer in {"playgrounds", "childcare", "libraries"})
    small = replace(edition, layers=few, coverages=three, changes=None)
    out = {}
    for name, city in (("demo city", edition), ("demo city, 300 sites", small)):
        took = interleaved({"cfmap": partial(page, city)}, rounds=1)["cfmap"]
        text = page(city)
        out[name] = {"page": text, "rows": [_row(name, "cfmap", text.encode(), 1.0, took, took)]}
    return out


def weights() -> list[dict[str, Any]]:
    """Kilobytes of our pages, plain and gzip, whole and by part; the gzip of a part is what the page grows by it."""
    from cfmap import pipeline
    from cfmap.publish.web import page
    from tests.browser.synthetic import synthetic_edition

    texts = {f"{n:,} sites": page(synthetic_edition(count=n)) for n in SIZES} | {name: made["page"] for name, made in demo().items()}
    texts["Monaco"] = page(pipeline.compute(pipeline.read_inputs(ROOT / "examples" / "monaco")))
    found = {name: {"whole": (len(text.encode()), len(gzip.compress(text.encode(), 6)))} | parts(text) for name, text in texts.items()}
    rows = dict.fromkeys(part for one in found.values() for part in one)
    return [{"part": part} | {name: _kilobytes(*one[part]) if part in one else None for name, one in found.items()} for part in rows]


def _kilobytes(plain: int, packed: int) -> str:
    return f"{plain / 1000:,.0f} / {packed / 1000:,.0f}"


def parts(text: str) -> dict[str, tuple[int, int]]:
    """Bytes of each part of a page, and by how many it makes the gzip of all before it longer."""
    from cfmap.publish.web import assets

    made = assets.load()
    known = {made.shell: "first script", made.leaflet_part: "Leaflet", made.app: "script"}
    out, before = {}, 0
    for found in re.finditer(r'<style>.*?</style>|<svg[^>]*class="sprite".*?</svg>|<script(?:[^>]* id="cfmap-(\w+)")?[^>]*>(.*?)</script>', text, re.DOTALL):
        name = found[1] or known.get(found[2] or "") or {"<sty": "style", "<svg": "icons"}.get(found[0][:4])
        after = len(gzip.compress(text[: found.end()].encode(), 6))
        if name:
            out[name] = (len(found[0].encode()), after - before)
        before = after
    return out


def _row(sites: str, name: str, page: bytes, scale: float, took: Timing, ours: Timing) -> dict[str, Any]:
    return {
        "sites": sites,
        "page": name,
        "KB": f"{len(page) * scale / 1000:,.0f}",
        "KB gzip": f"{len(gzip.compress(page, 6)) * scale / 1000:,.0f}",
        "KB gzip before details": f"{len(gzip.compress(page.split(LATE)[0], 6)) / 1000:,.0f}" if LATE in page else None,
        "CPU": seconds(took.cpu),
        "ratio to cfmap": times(took.cpu / ours.cpu),
        "budget": None,
    }


def places_of(edition: Edition) -> list[tuple[float, float, str, str]]:
    """Latitude, longitude, name and address of every site; areas and routes by a point of theirs."""
    out = []
    for data in edition.layers.values():
        points = data.sites.geometry.representative_point()
        out += list(zip(points.y.tolist(), points.x.tolist(), data.sites["name"].tolist(), data.sites["address"].tolist(), strict=True))
    return out


def _map(places: list[tuple[float, float, str, str]]) -> Any:
    import folium

    return folium.Map([places[0][0], places[0][1]], zoom_start=12)


def plain(places: list[tuple[float, float, str, str]]) -> str:
    """A Marker with a popup for each site, in a MarkerCluster: what folium's documentation shows."""
    import folium
    from folium.plugins import MarkerCluster

    page = _map(places)
    cluster = MarkerCluster().add_to(page)
    for lat, lon, name, address in places:
        folium.Marker([lat, lon], tooltip=html.escape(name), popup=f"<b>{html.escape(name)}</b><br>{html.escape(address)}").add_to(cluster)
    text: str = page.get_root().render()
    return text


def fast(places: list[tuple[float, float, str, str]]) -> str:
    """FastMarkerCluster: rows of data and a callback in JavaScript for the popup."""
    from folium.plugins import FastMarkerCluster

    page = _map(places)
    rows = [[lat, lon, html.escape(name), html.escape(address)] for lat, lon, name, address in places]
    callback = "function (row) { return L.marker(new L.LatLng(row[0], row[1])).bindPopup('<b>' + row[2] + '</b><br>' + row[3]); }"
    FastMarkerCluster(rows, callback=callback).add_to(page)
    text: str = page.get_root().render()
    return text


def geojson(places: list[tuple[float, float, str, str]]) -> str:
    """One GeoJson layer with name and address in its popups."""
    import folium

    page = _map(places)
    features = [
        {"type": "Feature", "properties": {"name": name, "address": address}, "geometry": {"type": "Point", "coordinates": [lon, lat]}}
        for lat, lon, name, address in places
    ]
    folium.GeoJson({"type": "FeatureCollection", "features": features}, popup=folium.GeoJsonPopup(["name", "address"])).add_to(page)
    text: str = page.get_root().render()
    return text


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser; None where there is no Chromium or Playwright."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        program = None
    if program is None:
        print("no Chromium: the pages are not opened", file=sys.stderr)
        yield None
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def opening(ours: dict[str, str], theirs: dict[str, str]) -> list[dict[str, Any]]:
    """A row of seconds for each page, ours and folium's in turn, so that a slow spell of the machine hits all."""
    with chromium() as browser:
        if browser is None:
            return []
        pages = {name: (text, {}, OURS) for name, text in ours.items()} | {name: (*beside(text), THEIRS) for name, text in theirs.items()}
        found: dict[str, list[dict[str, float]]] = {name: [] for name in pages}
        for _ in range(ROUNDS):
            for name, (text, files, watched) in pages.items():
                with served(text, files) as url:
                    found[name].append(_opened(browser, url, watched, network=SLOW_4G, slower=SLOWER_CPU))
        rows = []
        for name, (text, files, watched) in pages.items():
            with served(text, files) as url:
                slow_3g = _opened(browser, url, watched, network=SLOW_3G)
                heap = _opened(browser, url, watched)["heap"]
            sizes = [text.encode(), *files.values()]
            row: dict[str, Any] = {
                "page": name,
                "KB": f"{sum(map(len, sizes)) / 1000:,.0f}",
                "KB gzip": f"{sum(len(gzip.compress(part, 6)) for part in sizes) / 1000:,.0f}",
                "budget KB": BUDGET_KB.get(name),
                "requests": 1 + len(files),
            }
            for what in (*OURS, "interactive"):
                known = [one[what] for one in found[name] if what in one]
                row[f"{what}, s"] = f"{statistics.median(known) / 1000:.2f}" if known else None
            rows.append(row | {"marker on slow 3G, s": f"{slow_3g['marker'] / 1000:.2f}", "heap MB": f"{heap / 1e6:.1f}"})
        return rows


def _opened(browser: Any, url: str, watched: dict[str, str], *, network: dict[str, Any] | None = None, slower: int = 1) -> dict[str, float]:
    """When header, first marker and basemap stood on the screen and the page had nothing more to do (ms); the script's heap after a collection."""
    with browser.new_context(viewport=PHONE) as context:
        page = context.new_page()
        page.route(lambda asked: not asked.startswith(url), lambda route: route.abort())  # map pictures of other sites: not there, not counted
        page.add_init_script(WATCH.replace("SELECTORS", json.dumps(watched)))
        session = context.new_cdp_session(page)
        if network:
            session.send("Network.enable")
            session.send("Network.emulateNetworkConditions", network)
        session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        page.goto(url, timeout=PATIENCE_MS)
        _until(page, f"{len(watched)} === Object.values(firsts).filter(Boolean).length")
        _until(page, f"performance.now() - Math.max(busy, firsts.marker) > {QUIET_MS}")
        firsts: dict[str, float] = page.evaluate("({ ...firsts, interactive: Math.max(busy, firsts.marker) })")
        session.send("HeapProfiler.enable")
        session.send("HeapProfiler.collectGarbage")
        return firsts | {"heap": session.send("Runtime.getHeapUsage")["usedSize"]}


def _until(page: Any, expression: str) -> None:
    """Wait for it from outside: the page's own policy forbids scripts made of text."""
    for _ in range(PATIENCE_MS // 50):
        if page.evaluate(f"Boolean({expression})"):
            return
        page.wait_for_timeout(50)
    require(equal=False, what=expression)


def answering(pages: dict[str, str]) -> list[dict[str, Any]]:
    """Milliseconds to the next picture at full speed, and how many corners of an area of reach are in sight."""
    rows = []
    with chromium() as browser:
        for name, text in pages.items() if browser else ():
            with served(text, {}) as url, browser.new_context(viewport=PHONE) as context:
                page = context.new_page()
                page.add_init_script(CORNERS)
                page.goto(url, timeout=PATIENCE_MS)
                _until(page, "document.querySelector('.leaflet-basemap-pane canvas')")
                page.wait_for_timeout(QUIET_MS)
                streets = page.evaluate("corners")
                took = page.evaluate(ANSWER)
                keys = re.findall(r'"key":"([a-z_]+\.walk[0-9]+)"', text)
                seen = []
                for key in keys[:1] + keys[-1:]:
                    page.goto(f"{url}?reach={key}", timeout=PATIENCE_MS)
                    _until(page, "document.querySelector('.leaflet-reach-pane canvas')")
                    page.wait_for_timeout(QUIET_MS)
                    seen.append(page.evaluate("corners") - streets)
            words = {f"{what}, ms": f"{took[what]:.0f}" for what in ("search", "filter", "pan")}
            rows.append({"page": name} | words | {"corners of reach in sight": f"{max(seen):,}" if seen else None})
    budget: dict[str, Any] = {
        "page": "budget at 10,000 sites",
        "search, ms": "50",
        "filter, ms": "150",
        "pan, ms": "150",
        "corners of reach in sight": "50,000",
    }
    return [*rows, budget] if rows else []


@contextmanager
def served(text: str, files: dict[str, bytes]) -> Iterator[str]:
    """The page and what lies beside it on this machine, compressed as a web server would."""
    parts = {path: gzip.compress(data, 6) for path, data in ({"/": text.encode()} | files).items()}
    kinds = {".js": "text/javascript", ".css": "text/css"}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            body = parts.get(path)
            self.send_response(200 if body is not None else 404)
            kind = kinds.get(Path(path).suffix, "text/html; charset=utf-8")
            for name, value in (("Content-Type", kind), ("Content-Encoding", "gzip"), ("Content-Length", str(len(body or b"")))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    main()
