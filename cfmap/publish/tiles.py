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
    from collections.abc import Iterator, Mapping

    from cfmap.model.city import BasemapSection, City

KEY = "CFMAP_TIANDITU_KEY"
AMAP_KEY = "CFMAP_AMAP_KEY"
HOSTS = tuple(f"t{n}.tianditu.gov.cn" for n in range(8))  # Tianditu's own; https only
LAYERS = ("vec", "cva")  # streets and areas, and above them the names; both in the matrix set w (EPSG:3857)
MOST_ZOOM = 18
TITLES = {"tianditu": ("天地图", "Tianditu"), "amap": ("高德", "Amap")}
VARIABLES = {"tianditu": KEY, "amap": AMAP_KEY}
PARTS = ("{x}", "{y}", "{z}")
_KEY = re.compile(r"[0-9A-Za-z]{16,64}")
_AMAP = re.compile(r"https://((?:[a-z0-9-]+\.)+(?:amap|autonavi)\.com)/[!-~]*")


@dataclass(frozen=True)
class Tiles:
    """
    A map service whose pictures the reader sees above our own background.

    Attributes
    ----------
    name
        The service as the settings call it.
    hosts
        Where the pictures come from.
    attribution
        What the bureau says must stand beside the pictures; may be empty.
    key
        Stands in the page, since the reader's browser asks with it, and nowhere else; empty where the address needs none.
    url
        Address of a picture with ``{x} {y} {z}`` and, where it needs one, ``{key}``; empty for Tianditu, whose addresses are WMTS.
    licence
        By what agreement the pictures may be used.
    datum
        In which the pictures lie: the map is drawn to fit.
    """

    name: str
    hosts: tuple[str, ...]
    attribution: str
    key: str = field(repr=False)
    url: str = ""
    licence: str = ""
    datum: str = "wgs84"

    def record(self, *, shifted: bool = True) -> dict[str, Any]:
        """As the page needs it; `shifted` tells whether the city lies where GCJ-02 differs from WGS84."""
        return {
            "name": self.name,
            "hosts": list(self.hosts),
            "layers": list(LAYERS) if self.name == "tianditu" else [self.name],
            "most": MOST_ZOOM,
            "attribution": self.attribution,
            "key": self.key,
            "url": self.url,
            "datum": self.datum if shifted else "wgs84",
            "licence": self.licence,
        }


def hosts(city: City) -> tuple[str, ...]:
    """Hosts that the page of this city may fetch pictures from; none by default."""
    if city.basemap.tiles == "amap":
        found = _AMAP.fullmatch(city.basemap.tiles_url)
        return (found[1],) if found else ()
    return HOSTS if city.basemap.tiles else ()


def chosen(city: City, environ: Mapping[str, str] = os.environ) -> Tiles | None:
    """
    The service that the settings name, with its key; None when they name none.

    Amap documents no address of its pictures for everybody: the one in ``tiles_url`` is that of the bureau's own agreement.

    Raises
    ------
    ConfigError
        E124 when the environment holds no key, E125 when it does not look like one. The key itself is never repeated.
    SafetyRefusal
        E557 for Amap without the agreement, or without an address of Amap's by it.
    """
    section = city.basemap
    if not section.tiles:
        return None
    where = {"file": CONFIG_NAME, "row": setting_line(city.root, "basemap", "tiles"), "column": "basemap.tiles", "value": section.tiles}
    if section.tiles == "amap":
        if lacking := list(_lacking(section)):
            zh, en = ("、".join(words[0] for words in lacking), ", ".join(words[1] for words in lacking))
            raise SafetyRefusal(fault("E557", lacking=zh, lacking_en=en, **where))  # type: ignore[arg-type]
        key = _key(section.tiles, where, environ) if "{key}" in section.tiles_url else ""
        return Tiles("amap", hosts(city), section.tiles_attribution, key, section.tiles_url, section.tiles_licence, "gcj02")
    return Tiles(section.tiles, HOSTS, section.tiles_attribution, _key(section.tiles, where, environ), licence=section.tiles_licence)


def _lacking(section: BasemapSection) -> Iterator[tuple[str, str]]:
    if not section.tiles_licence.strip():
        yield "授权说明 basemap.tiles_licence（合同或协议的编号）", "the agreement (basemap.tiles_licence: its number)"
    if not section.tiles_url:
        yield "协议给的图片网址 basemap.tiles_url", "the address of the pictures by that agreement (basemap.tiles_url)"
    elif not _AMAP.fullmatch(section.tiles_url) or any(section.tiles_url.count(part) != 1 for part in PARTS) or _braces(section.tiles_url):
        yield (
            "写对的 basemap.tiles_url：https 开头、是高德的网站（amap.com 或 autonavi.com）、{x} {y} {z} 各一次，密钥的地方写 {key}",
            "a proper basemap.tiles_url: https, a site of Amap's (amap.com or autonavi.com), {x} {y} {z} once each, {key} where the key belongs",
        )


def _braces(url: str) -> bool:
    """Whether anything but the known places to fill in stands in braces, or a key in the open."""
    rest = url
    for part in (*PARTS, "{key}"):
        rest = rest.replace(part, "")
    return bool(re.search(r"[{}'\"<>\\]|[?&](key|token|tk)=[^&]", rest))


def _key(service: str, where: dict[str, Any], environ: Mapping[str, str]) -> str:
    variable, (zh, en) = VARIABLES[service], TITLES[service]
    key = environ.get(variable, "").strip()
    if not key:
        raise ConfigError(fault("E124", variable=variable, service=zh, service_en=en, **where))
    if not _KEY.fullmatch(key):
        raise ConfigError(fault("E125", variable=variable))
    return key


def remarks(city: City) -> list[Fault]:
    """What a bureau must know before its page shows such pictures: W124 nothing stands beside them, W125 the key can be read."""
    section = city.basemap
    if not hosts(city):
        return []
    zh, en = TITLES[section.tiles]
    words: dict[str, Any] = {"service": zh, "service_en": en}
    row = setting_line(city.root, "basemap", "tiles")
    unnamed = [] if section.tiles_attribution else [fault("W124", file=CONFIG_NAME, row=row, column="basemap.tiles_attribution", **words)]
    read = section.tiles == "tianditu" or "{key}" in section.tiles_url
    return [*unnamed, *([fault("W125", variable=VARIABLES[section.tiles], **words)] if read else [])]
