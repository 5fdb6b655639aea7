"""Which script, style and pictures were made when cfmap was built."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cfmap.model.errors import EnvironmentFault
from cfmap.model.messages import fault

FOLDER = Path(__file__).parent / "assets"


@dataclass(frozen=True)
class Assets:
    """
    What the page carries besides data.

    Attributes
    ----------
    leaflet, leaflet_part, shell, app, tiles, bus, internal, style, bus_style, internal_style, leaflet_style, leaflet_part_style, icons
        Texts to put into the page; all of Leaflet and its style only into one that others' layers were added to or that is internal,
        `tiles` only where the settings name a map service, those called bus only where there are walking buses, those called
        internal only into an internal page.
    packages
        Name, version and licence of each library inside, for the manifest and the page's own credits.
    licences
        Their licence texts.
    """

    leaflet: str
    leaflet_part: str
    shell: str
    app: str
    tiles: str
    bus: str
    internal: str
    style: str
    bus_style: str
    internal_style: str
    leaflet_style: str
    leaflet_part_style: str
    icons: str
    packages: tuple[dict[str, str], ...]
    licences: str

    @property
    def icon_names(self) -> frozenset[str]:
        """Pictures that a layer can name."""
        return frozenset(part.split('"', 1)[0] for part in self.icons.split('<symbol id="i-')[1:])


NAMES = (
    "leaflet.js", "leaflet-part.js", "shell.js", "app.js", "tiles.js", "bus.js", "internal.js", "style.css", "bus.css", "internal.css",
    "leaflet.css", "leaflet-part.css", "icons.svg", "LICENSES.txt",
)  # fmt: skip


@lru_cache(maxsize=2)
def load(folder: Path = FOLDER) -> Assets:
    """
    Read the assets and compare their SHA-256 with ``assets.json``.

    Raises
    ------
    EnvironmentFault
        E451 when they are missing (installed without its build step), E452 when one was changed.
    """
    try:
        about = json.loads((folder / "assets.json").read_text(encoding="utf-8"))
        raw = {f["name"]: (folder / f["name"]).read_bytes() for f in about["files"]}
    except FileNotFoundError as error:
        raise EnvironmentFault(fault("E451", detail=Path(error.filename).name)) from None
    for file in about["files"]:
        if hashlib.sha256(raw[file["name"]]).hexdigest() != file["sha256"]:
            raise EnvironmentFault(fault("E452", file=f"assets/{file['name']}"))
    text = {name: data.decode("utf-8") for name, data in raw.items()}
    if lost := [name for name in NAMES if name not in text]:  # made by another version
        raise EnvironmentFault(fault("E451", detail=lost[0]))
    return Assets(
        leaflet=text["leaflet.js"],
        leaflet_part=text["leaflet-part.js"],
        shell=text["shell.js"],
        app=text["app.js"],
        tiles=text["tiles.js"],
        bus=text["bus.js"],
        internal=text["internal.js"],
        style=text["style.css"],
        bus_style=text["bus.css"],
        internal_style=text["internal.css"],
        leaflet_style=text["leaflet.css"],
        leaflet_part_style=text["leaflet-part.css"],
        icons=text["icons.svg"],
        packages=tuple(about["packages"]),
        licences=text["LICENSES.txt"],
    )
