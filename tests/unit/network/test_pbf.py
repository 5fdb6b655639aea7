"""A full disk is an error, not the end of the process."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SCRIPT = """
import resource, signal, sys
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
import osmium, shapely
from cfmap.model import EnvironmentFault
from cfmap.network.clip import clip
try:
    clip(Path(sys.argv[1]), shapely.box(10.0, 0.0, 10.1, 0.1), buffer_m=0, out=Path(sys.argv[2]))
except EnvironmentFault as error:
    print(error.faults[0].code)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs file size limits")
def test_disk_that_fills_up_is_an_environment_fault_and_leaves_the_old_file(tmp_path):
    from tests.unit.network.osm_files import write_osm

    nodes = {i: (10.0 + (i * 7919 % 100_000) / 1_000_000, (i * 104_729 % 100_000) / 1_000_000, {"name": f"{i * 7919:x}"}) for i in range(1, 30_001)}
    region = write_osm(tmp_path / "region.osm.pbf", nodes, {1: ([1, 2], {"highway": "path"})})
    out = tmp_path / "data" / "network.osm.pbf"
    out.parent.mkdir()
    out.write_bytes(b"old")
    run = subprocess.run([sys.executable, "-c", SCRIPT, str(region), str(out)], capture_output=True, text=True, timeout=120, check=False)
    assert (run.returncode, run.stdout.strip(), run.stderr) == (0, "E346", "")
    assert out.read_bytes() == b"old"
    assert [p.name for p in out.parent.iterdir()] == ["network.osm.pbf"]
