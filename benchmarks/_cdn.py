"""The files that folium's pages ask for from other sites, from npm, so that such a page can be opened and slowed down like any other."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from benchmarks._harness import ROOT
from hatch_build import _node, _npm

FOLDER = ROOT / ".cache" / "folium-assets"
PACKAGES = (
    "leaflet@1.9.3",
    "jquery@3.7.1",
    "bootstrap@5.2.2",
    "@fortawesome/fontawesome-free@6.2.0",
    "leaflet.markercluster@1.1.0",
    "leaflet.awesome-markers@2.0.5",
)
FILES = {  # end of the address folium writes -> file of a package; what is not here (a few lines of style) is answered empty
    "leaflet.js": "leaflet/dist/leaflet.js",
    "leaflet.css": "leaflet/dist/leaflet.css",
    "jquery-3.7.1.min.js": "jquery/dist/jquery.min.js",
    "bootstrap.bundle.min.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "all.min.css": "@fortawesome/fontawesome-free/css/all.min.css",
    "leaflet.awesome-markers.js": "leaflet.awesome-markers/dist/leaflet.awesome-markers.js",
    "leaflet.awesome-markers.css": "leaflet.awesome-markers/dist/leaflet.awesome-markers.css",
    "leaflet.markercluster.js": "leaflet.markercluster/dist/leaflet.markercluster.js",
    "MarkerCluster.css": "leaflet.markercluster/dist/MarkerCluster.css",
    "MarkerCluster.Default.css": "leaflet.markercluster/dist/MarkerCluster.Default.css",
}
_ASKED = re.compile(r'(<(?:script|link)[^>]*(?:src|href)=")(https://[^"]+)(")')


def beside(page: str) -> tuple[str, dict[str, bytes]]:
    """The page with its files from other sites taken from its own, and those files by path; from npm once, then from ``.cache``."""
    if not (FOLDER / "node_modules").is_dir():
        FOLDER.mkdir(parents=True, exist_ok=True)
        path = os.pathsep.join([str(Path(_node()).parent), os.environ.get("PATH", "")])
        command = [*_npm(), "install", "--prefix", str(FOLDER), "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *PACKAGES]
        subprocess.run(command, env={**os.environ, "PATH": path}, check=True)
    files: dict[str, bytes] = {}

    def here(found: re.Match[str]) -> str:
        name = found[2].rsplit("/", 1)[-1]
        files[f"/beside/{name}"] = (FOLDER / "node_modules" / FILES[name]).read_bytes() if name in FILES else b""
        return f"{found[1]}/beside/{name}{found[3]}"

    return _ASKED.sub(here, page), files
