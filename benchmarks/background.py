"""
Up to how many streets is the page's own background good enough, and from where would tiles in a file (PMTiles) be?

    python -m benchmarks.background STREETS.osm.pbf [--copies 1 3 8] [--freestiler]

The streets of the file, and copies of them side by side, each turned a little. For each: bytes of the block, seconds to pack it, and in Chromium,
with the CPU as it is and slowed down four times, what it takes until it is unpacked and drawn, the slowest of eight zooms drawn anew, and the heap.
``--freestiler`` also writes the same streets as PMTiles (zoom 9 to 14, vector tiles), when that package is installed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import _report

if TYPE_CHECKING:
    import geopandas as gpd

PHONE = {"width": 390, "height": 844}
SLOWER_CPU = 4
ZOOMS = "[10, 11, 12, 13, 14, 15, 16, 17]"
AGAIN = f"""() => {{
  const {{ map }} = window.cfmap;
  map.eachLayer(layer => layer.createTile && layer.remove());
  const timed = act => {{ const from = performance.now(); act(); return performance.now() - from; }};
  const first = timed(() => window.cfmap.arrived("basemap"));
  const {{ lat, lng }} = map.getCenter();
  const slowest = Math.max(...{ZOOMS}.map(zoom => timed(() => map.setView([lat, lng + zoom * 1e-4], zoom, {{ animate: false }}))));
  return [first / 1000, slowest / 1000, performance.memory.usedJSHeapSize / 1e6];
}}"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.background", description="The page's own background by number of streets.")
    parser.add_argument("streets", type=Path)
    parser.add_argument("--copies", type=int, nargs="+", default=[1, 3, 8])
    parser.add_argument("--freestiler", action="store_true", help="also the size of the same streets as PMTiles")
    options = parser.parse_args()
    from cfmap.network.roads import map_roads

    roads = map_roads(options.streets)
    print(_report.plain([_row(beside(roads, copies), tiled=options.freestiler) for copies in options.copies]))


def beside(roads: gpd.GeoDataFrame, copies: int) -> gpd.GeoDataFrame:
    """The streets so many times, side by side, turned by 7 degrees more each time so that no copy is like another."""
    import geopandas as gpd
    import numpy as np
    import pandas as pd

    west, south, east, north = roads.total_bounds
    side = int(np.ceil(np.sqrt(copies)))
    parts = []
    for k in range(copies):
        turned = roads.geometry.rotate(7 * k, origin=((west + east) / 2, (south + north) / 2)).translate(
            (k % side) * (east - west), (k // side) * (north - south)
        )
        names = [name and (f"{name}{k}" if k else name) for name in roads["name"]]
        parts.append(gpd.GeoDataFrame({"kind": roads["kind"], "name": names}, geometry=turned, crs=4326))
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=4326)


def _row(roads: gpd.GeoDataFrame, *, tiled: bool) -> dict[str, Any]:
    import shapely

    from cfmap.publish.web import page
    from cfmap.publish.web.payload import payload
    from tests.browser.synthetic import synthetic_edition

    made = synthetic_edition(count=60)
    bare = replace(made.basemap, roads=roads, areas=made.basemap.areas.iloc[:0], labels=made.basemap.labels.iloc[:0])
    edition = replace(made, basemap=bare, boundary=None)
    started = time.process_time()
    block = json.dumps(payload(edition).basemap, ensure_ascii=False).encode()
    packed = time.process_time() - started
    row: dict[str, Any] = {
        "ways": len(roads),
        "pieces": int((shapely.get_num_points(roads.geometry.to_numpy()) - 1).sum()),
        "KB": len(block) // 1024,
        "KB gzip": len(gzip.compress(block)) // 1024,
        "packing, CPU s": round(packed, 1),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.html"
        path.write_text(page(edition), encoding="utf-8")
        for slower in (1, SLOWER_CPU):
            first, slowest, heap = _opened(path, slower)
            row |= {f"unpacked and drawn x{slower}, s": round(first, 1), f"slowest zoom x{slower}, s": round(slowest, 2), "heap MB": round(heap)}
        if tiled:
            from freestiler import freestile

            freestile(roads, str(path.with_suffix(".pmtiles")), layer_name="roads", tile_format="mvt", min_zoom=9, max_zoom=14)
            row["PMTiles KB"] = path.with_suffix(".pmtiles").stat().st_size // 1024
    return row


def _opened(path: Path, slower: int) -> list[float]:
    """Seconds until the background is unpacked and drawn, of the slowest zoom, and megabytes of the heap; nothing is kept from the first drawing."""
    from playwright.sync_api import sync_playwright

    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(viewport=PHONE).new_page()  # type: ignore[arg-type]
        page.goto(path.as_uri(), timeout=180_000)
        page.wait_for_selector("canvas.labels", state="attached", timeout=180_000)
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
        page.set_default_timeout(180_000)
        found: list[float] = page.evaluate(AGAIN)
        browser.close()
    return found


if __name__ == "__main__":
    main()
