"""Whose map pictures may the page fetch? Nobody's, unless the settings name a service and the environment holds its key."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cfmap.model.city import CONFIG_NAME, setting_line
from cfmap.model.errors import ConfigError, SafetyRefusal
from cfmap.model.messages import Fault, fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cfmap.model.city import City

KEY = "CFMAP_TIANDITU_KEY"
HOSTS = {"tianditu": tuple(f"t{n}.tianditu.gov.cn" for n in range(8))}  # the service's own; https only
LAYERS = {"tianditu": ("vec", "cva")}  # streets and areas, and above them the names; both in the matrix set w (EPSG:3857)
MOST_ZOOM = 18
_KEY = re.compile(r"[0-9A-Za-z]{16,64}")


@dataclass(frozen=True)
class Tiles:
    """
    A map service whose pictures the reader sees above our own background.

    Attributes
    ----------
    name
        The service as the settings call it.
    attribution
        What the bureau says must stand beside the pictures; may be empty.
    key
        Stands in the page, since the reader's browser asks with it, and nowhere else.
    """

    name: str
    attribution: str
    key: str = field(repr=False)

    def record(self) -> dict[str, Any]:
        """As the page needs it."""
        return {
            "name": self.name,
            "hosts": list(HOSTS[self.name]),
            "layers": list(LAYERS[self.name]),
            "most": MOST_ZOOM,
            "attribution": self.attribution,
            "key": self.key,
        }


def hosts(city: City) -> tuple[str, ...]:
    """Hosts that the page of this city may fetch pictures from; none by default."""
    return HOSTS.get(city.basemap.tiles, ())


def chosen(city: City, environ: Mapping[str, str] = os.environ) -> Tiles | None:
    """
    The service that the settings name, with its key; None when they name none.

    Raises
    ------
    ConfigError
        E124 when the environment holds no key, E125 when it does not look like one. The key itself is never repeated.
    SafetyRefusal
        E557 for Amap: its pictures lie in GCJ-02, and a page that is shifted as a whole is not made yet.
    """
    section = city.basemap
    if not section.tiles:
        return None
    where = {"file": CONFIG_NAME, "row": setting_line(city.root, "basemap", "tiles"), "column": "basemap.tiles", "value": section.tiles}
    if section.tiles not in HOSTS:
        raise SafetyRefusal(fault("E557", **where))  # type: ignore[arg-type]
    key = environ.get(KEY, "").strip()
    if not key:
        raise ConfigError(fault("E124", variable=KEY, **where))  # type: ignore[arg-type]
    if not _KEY.fullmatch(key):
        raise ConfigError(fault("E125", variable=KEY))
    return Tiles(section.tiles, section.tiles_attribution, key)


def remarks(city: City) -> list[Fault]:
    """What a bureau must know before its page shows such pictures: W124 nothing stands beside them, W125 the key can be read."""
    if not hosts(city):
        return []
    row = setting_line(city.root, "basemap", "tiles")
    unnamed = [] if city.basemap.tiles_attribution else [fault("W124", file=CONFIG_NAME, row=row, column="basemap.tiles_attribution")]
    return [*unnamed, fault("W125", variable=KEY)]
