"""
What does the public page weigh, how long does it take to make and to open on a slow phone, and what does plain folium take?

    python -m benchmarks.page [--quick] [--write] [--demo index.html]

Made-up cities of 100 to 50,000 sites with all layers, streets, reach and pinyin, and the demo city's page. folium gets the same
sites as markers with a popup, in the same run, and nothing else: no streets, no search, no list, and eight files from elsewhere
that are not counted. Pages are opened in Chromium over HTTP with gzip, four times slower CPU and slow 4G (1.6 Mbit/s, 150 ms).
``--write`` puts the tables between their own markers of ``docs/performance.md``.
"""

from __future__ import annotations

import argparse
import gzip
import html
import os
import shutil
import statistics
import sys
import threading
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import _report
from benchmarks._harness import ROOT, Timing, interleaved, require, seconds, times

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfmap.model import Edition

SIZES = (100, 1_000, 10_000, 50_000)
QUICK = (100, 1_000)
PLAIN_MOST = 1_000  # Marker and GeoJson at more sites are scaled from here: they take minutes, and grow faster than their number
FAST_MOST = 10_000
BUDGET_S = {1_000: 0.5, 10_000: 1.0, 50_000: 3.0}
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
SLOWER_CPU = 4
PHONE = {"width": 390, "height": 844}
LATE = b'id="cfmap-details"'  # with very many sites: from here on the page is only asked for later
BEGIN, END = "<!-- the page: written by python -m benchmarks.page --write -->", "<!-- end of the page -->"
WATCH = """
window.firsts = {};
const look = () => {
  for (const [name, selector] of [["header", "#title:not(:empty)"], ["marker", ".pin, .cluster"], ["basemap", ".leaflet-basemap-pane canvas"]])
    if (!(name in firsts) && document.querySelector(selector)) {
      firsts[name] = 0;
      requestAnimationFrame(() => (firsts[name] = performance.now()));
    }
};
new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
"""


def main() -> None:
    """Measure, print, and with ``--write`` put the tables into the page about speed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description="Weight and speed of the public page.")
    parser.add_argument("--quick", action="store_true", help="at most 1,000 sites")
    parser.add_argument("--demo", type=Path, help="the demo city's page; by default the newest one in output/")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/performance.md")
    options = parser.parse_args()
    made = {n: measured(n) for n in (QUICK if options.quick else SIZES)}
    opened = {f"{n:,} sites": result["page"] for n, result in made.items()}
    if city := options.demo.read_text(encoding="utf-8") if options.demo else demo():
        opened["demo city"] = city
    tables = {"Making the page": [row for result in made.values() for row in result["rows"]], "Opening the page": opening(opened)}
    text = "\n\n".join(f"### {title}\n\n{_report.plain(rows)}" for title, rows in tables.items())
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
    require(len(places) == sum(payload(edition).sites["rows"]) == sites, "all sites are on both pages")
    ways = {"Marker + MarkerCluster": (plain, PLAIN_MOST), "FastMarkerCluster": (fast, FAST_MOST), "GeoJson": (geojson, PLAIN_MOST)}
    actions = {"cfmap": partial(page, edition)} | {name: partial(way, places[:most]) for name, (way, most) in ways.items()}
    rounds = 3 if sites <= PLAIN_MOST else 1
    found = interleaved(actions, rounds=rounds, once=[] if rounds > 1 else ways)
    mine, ours = page(edition), found["cfmap"]
    rows = [_row(sites, "cfmap", mine.encode(), 1.0, ours, ours)]
    rows[0]["budget"] = f"{BUDGET_S[sites]} s" if sites in BUDGET_S else None
    for name, (_, most) in ways.items():
        scale = max(1.0, sites / most)
        rows.append(_row(sites, name + (f" (scaled from {most:,})" if scale > 1 else ""), actions[name]().encode(), scale, found[name].scaled(scale), ours))
    return {"page": mine, "rows": rows}


def _row(sites: int, name: str, page: bytes, scale: float, took: Timing, ours: Timing) -> dict[str, Any]:
    return {
        "sites": f"{sites:,}",
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


def demo() -> str:
    """The demo city's newest page: built here, else the one that is committed; "" when there is none."""
    from cfmap.publish.web import INDEX

    built = sorted(ROOT.glob(f"output/[0-9]*/versions/*/{INDEX}"), key=lambda path: path.stat().st_mtime)
    sample = ROOT / "output" / "sample-2024" / INDEX
    found = built or [path for path in [sample] if path.is_file()]
    return found[-1].read_text(encoding="utf-8") if found else ""


def opening(pages: dict[str, str]) -> list[dict[str, Any]]:
    """A row of milliseconds for each page; none where there is no Chromium or Playwright."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        program = None
    if program is None:
        print("no Chromium: the pages are not opened", file=sys.stderr)
        return []
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for name, text in pages.items():
            with served(text) as url:
                slow = [_opened(browser, url, slow=True)[0] for _ in range(3)]
                heap = _opened(browser, url, slow=False)[1]
            row = {"page": name, "KB": f"{len(text.encode()) / 1000:,.0f}", "KB gzip": f"{len(gzip.compress(text.encode(), 6)) / 1000:,.0f}"}
            for what, key in (("header", "header"), ("first marker", "marker"), ("basemap", "basemap")):
                row[f"{what}, s"] = f"{statistics.median(one[key] for one in slow) / 1000:.2f}"
            rows.append(row | {"heap MB": f"{heap / 1e6:.1f}"})
        browser.close()
    return rows


def _opened(browser: Any, url: str, *, slow: bool) -> tuple[dict[str, float], float]:
    """When header, first marker and basemap stood on the screen, and the script's heap after a collection."""
    with browser.new_context(viewport=PHONE) as context:
        page = context.new_page()
        page.add_init_script(WATCH)
        session = context.new_cdp_session(page)
        if slow:
            session.send("Network.enable")
            session.send("Network.emulateNetworkConditions", SLOW_4G)
            session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_CPU})
        page.goto(url, timeout=120_000)
        page.wait_for_function("firsts.header && firsts.marker && firsts.basemap", timeout=120_000)
        firsts = page.evaluate("firsts")
        session.send("HeapProfiler.enable")
        session.send("HeapProfiler.collectGarbage")
        return firsts, session.send("Runtime.getHeapUsage")["usedSize"]


@contextmanager
def served(text: str) -> Iterator[str]:
    """The page on this machine, compressed as a web server would."""
    body = gzip.compress(text.encode(), 6)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            for name, value in (("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"), ("Content-Length", str(len(body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

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
