"""What do an object's OpenStreetMap tags say in the words of a bureau's table?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cfmap.model import SITE_COLUMNS, OsmTags
from cfmap.model.schema import NAMELESS

if TYPE_CHECKING:
    from datetime import date

    from cfmap.model import Layer

SOURCE = "OpenStreetMap"
OLDEST_CHILD = 18
_NAMES = ("name:zh-Hans", "name:zh-CN", "name:zh", "name")
_FACILITIES: tuple[tuple[str, OsmTags], ...] = (
    ("护理台", OsmTags((("changing_table", ("yes",)),))),
    ("母婴室", OsmTags((("baby_feeding", ("yes", "room")),))),
    ("饮水点", OsmTags((("drinking_water", ("yes",)),))),
    ("无障碍", OsmTags((("wheelchair", ("yes", "designated")),))),
    ("婴儿车可达", OsmTags((("stroller", ("yes",)),))),
    ("遮阳避雨", OsmTags((("covered", ("yes",)),))),
    ("室内", OsmTags((("indoor", ("yes",)),))),
    ("室内", OsmTags((("leisure", ("indoor_play",)),))),
)
_STATUS: tuple[tuple[str, OsmTags], ...] = (
    ("关闭", OsmTags((("disused", ("yes",)),))),
    ("关闭", OsmTags((("abandoned", ("yes",)),))),
    ("关闭", OsmTags((("opening_hours", ("closed", "off")),))),
    ("规划", OsmTags((("proposed", ("yes",)),))),
    ("在建", OsmTags((("construction", ()),), without=(("construction", ("no",)),))),
    ("在建", OsmTags((("building", ("construction",)),))),
)


class OsmObject(NamedTuple):
    """A tagged object: ``n``/``w``/``r`` and number, tags, day of its last edit (None where stripped), WKB (hex) in EPSG:4326."""

    kind: str
    number: int
    tags: dict[str, str]
    edited: date | None
    wkb: str

    @property
    def id(self) -> str:
        """Stable identifier of a site, e.g. ``osm-w42``."""
        return f"osm-{self.kind}{self.number}"


def site(thing: OsmObject, layer: Layer) -> dict[str, object]:
    """
    Give the common columns of a site; what no tag says is None.

    A nameless object gets the layer's title with （未命名）. A telephone is taken only where there is a name: without one it may
    be a private person's. Other schemes than http(s) are no website. Ages above 18 set no limit for children.
    """
    tags = thing.tags
    name = name_of(tags)
    return dict.fromkeys(SITE_COLUMNS) | {
        "id": thing.id,
        "name": name or f"{layer.title}{NAMELESS}",
        "layer": layer.key,
        "status": next((status for status, rule in _STATUS if rule.matches(tags)), "在用"),
        "age_min": _age(tags.get("min_age")),
        "age_max": _age(tags.get("max_age")),
        "opening": tags.get("opening_hours") or None,
        "facilities": "；".join(dict.fromkeys(f for f, rule in _FACILITIES if rule.matches(tags))) or None,
        "fee": {"no": "免费", "yes": "收费"}.get(tags.get("fee", "")),
        "address": _address(tags),
        "phone": (tags.get("phone") or tags.get("contact:phone") or None) if name else None,
        "website": next((u for k in ("website", "contact:website", "url") if (u := tags.get(k, "")).startswith(("https://", "http://"))), None),
        "source": SOURCE,
        "source_date": thing.edited.isoformat() if thing.edited else None,
    }


def name_of(tags: dict[str, str]) -> str:
    """Give the Chinese name where there is one, else the local one, else an empty string."""
    return next((tags[key].strip() for key in _NAMES if tags.get(key, "").strip()), "")


def _age(text: str | None) -> float | None:
    # "3", "3 years", "18 months"; ages above 18 set no limit for children
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(months?|years?)?", (text or "").strip())
    if not found:
        return None
    years = float(found[1]) / (12 if (found[2] or "").startswith("month") else 1)
    return years if years <= OLDEST_CHILD else None


def _address(tags: dict[str, str]) -> str | None:
    if tags.get("addr:full"):
        return tags["addr:full"]
    street, number = tags.get("addr:street") or tags.get("addr:place") or "", tags.get("addr:housenumber", "")
    if not street:
        return None
    if re.search(r"[\u4e00-\u9fff]", street):
        return tags.get("addr:city", "") + tags.get("addr:district", "") + street + number
    town = " ".join(filter(None, (tags.get("addr:postcode"), tags.get("addr:city"))))
    return ", ".join(filter(None, (f"{street} {number}".strip(), town)))
