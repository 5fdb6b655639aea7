"""Does anything built hold a person's data or somebody's key? The last look at every file before readers may see it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cfmap.model import personal
from cfmap.model.city import CONFIG_NAME
from cfmap.model.errors import SafetyRefusal
from cfmap.model.messages import Fault, fault
from cfmap.model.schema import SITE_FIELDS
from cfmap.publish import contents, tiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from cfmap.model.city import City
    from cfmap.model.edition import Edition, LayerData
    from cfmap.model.personal import Kind

MOST_TOLD = 20  # records of one kind in one file
PHONES = ("phone", "website")  # public columns whose numbers are the institution's own
SHORTEST_KEY = 8  # characters; shorter values of the environment are no keys
_SERVICES = "TIANDITU|AMAP|GAODE|BAIDU|BMAP|QQMAP|TENCENT|MAPBOX|MAPTILER|CFMAP|ALIYUN|AWS"
_KEY_NAME = re.compile(rf"(?:^|_)(?:{_SERVICES})(?:_|$).*(?:KEY|TOKEN|SECRET|TK|AK|SK|JSCODE|PASSWORD)$", re.IGNORECASE)
#: Shapes of keys: a parameter that names one, and those that speak for themselves.
_KEY_SHAPE = re.compile(
    r"(?<![A-Za-z0-9])(?:tk|ak|sk|api_?key|appkey|security_?js_?code|access_?token|secret(?:_?key)?|key)[\"']?\s*[=:]\s*[\"']?(?P<named>[0-9a-fA-F]{32}|(?=[A-Za-z0-9]*\d)(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{24,64})(?![A-Za-z0-9])"
    r"|(?<![A-Z0-9])(?P<qq>[A-Z0-9]{5}(?:-[A-Z0-9]{5}){5})(?![A-Z0-9-])"
    r"|(?<![A-Za-z0-9])(?P<own>AKIA[0-9A-Z]{16}|LTAI[0-9A-Za-z]{12,26}|AKID[0-9A-Za-z]{28,36}|[ps]k\.eyJ[\w.-]{20,}|gh[pousr]_[0-9A-Za-z]{36})"
    r"|(?P<pem>-----BEGIN [A-Z ]*PRIVATE KEY-----)",
    re.IGNORECASE,
)
_KEY_WORD = re.compile(r"(?:^|[.\[ ])(?:tk|ak|sk|api_?key|appkey|security_?js_?code|access_?token|secret|key)$", re.IGNORECASE)
SITE_TITLES = {f.key: f.title for f in SITE_FIELDS}


@dataclass(frozen=True)
class Found:
    """Something in a built file: where, what, and the value itself (for tracing; never shown)."""

    file: str
    place: str
    kind: Kind | None  # None: a key
    value: str


def look(folder: Path, names: Iterable[str], *, allowed: frozenset[str], keys: Mapping[str, str], persons: bool = True) -> Iterator[Found]:
    """
    Everything in the named files that nobody should find there.

    Parameters
    ----------
    allowed
        Values that may be seen: public phones, contact, the key of the map service that the settings name.
    keys
        Secret values -> name of the variable that holds them.
    persons
        False looks for keys alone (an internal edition).
    """
    from cfmap.publish.web import assets

    ours = {text for text in vars(assets.load()).values() if isinstance(text, str)}
    for name in names:
        seen: set[str] = set()
        for place, text in contents.texts(folder / name):
            known = text in seen
            if known or len(text) < 2 or text in ours:
                continue
            seen.add(text)
            yield from _keys(name, place, text, allowed, keys)
            if not persons:
                continue
            for hit in personal.hits(text):
                value = personal.plain(text)[hit.start : hit.end]
                if (hit.certain or hit.kind == "mobile") and value not in allowed:
                    yield Found(name, place, hit.kind, value)


def _keys(name: str, place: str, text: str, allowed: frozenset[str], keys: Mapping[str, str]) -> Iterator[Found]:
    for secret in keys:
        if secret in text and secret not in allowed:
            yield Found(name, place, None, secret)
    shaped = f"key={text}" if _KEY_WORD.search(place) and len(text) <= 64 else text
    for shape in _KEY_SHAPE.finditer(shaped):
        value = next(v for v in shape.groups() if v)
        if value not in allowed and value not in keys:
            yield Found(name, place, None, value)


def demand(folder: Path, names: Iterable[str], *, edition: Edition, shown: Edition) -> None:
    """
    Refuse to publish files in which something personal (public editions) or a key (any edition) can be found.

    Raises
    ------
    SafetyRefusal
        E511 for personal data, E512 for keys, E513 for a file that cannot be looked into; with the place in the file and the cell it came from.
    """
    try:
        found = list(look(folder, names, allowed=allowed_in(shown), keys=secrets(os.environ), persons=shown.public))
    except contents.UnknownContent as error:
        raise SafetyRefusal(fault("E513", detail=str(error))) from None
    if found:
        raise SafetyRefusal(list(_told(found, edition)))


def demand_renewed(folder: Path, names: Iterable[str], *, data: LayerData, city: City, before: Path) -> None:
    """As :func:`demand`, for a published version of which some files changed: what stood in those files before may stay."""
    old = (personal.all_values([text]) for name in names for _, text in contents.texts(before / name))
    allowed = _settings(city) | _phones([data]) | frozenset(v for values in old for v in values)
    found = list(look(folder, names, allowed=allowed, keys=secrets(os.environ)))
    if found:
        raise SafetyRefusal([_record(f, *_in_layer(f.value, data)) for f in found[:MOST_TOLD]])


def demand_settings(city: City) -> None:
    """
    Refuse settings that hold a key: they are copied, sent and kept with everything else.

    Raises
    ------
    SafetyRefusal
        E512 with the line; the key is not repeated.
    """
    file = city.root / CONFIG_NAME
    if not file.is_file():
        return
    known = secrets(os.environ)
    lines = enumerate(file.read_text(encoding="utf-8-sig").splitlines(), start=1)
    wrong = [
        fault("E514", file=CONFIG_NAME, row=number)
        for number, line in lines
        if any(_keys(CONFIG_NAME, "", line, frozenset(city.edition.review_fingerprint), known))
    ]
    if wrong:
        raise SafetyRefusal(wrong)


def secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Values of the environment that are keys of map services or clouds, by their variables' names."""
    return {value.strip(): name for name, value in environ.items() if _KEY_NAME.search(name) and len(value.strip()) >= SHORTEST_KEY}


def redacted(text: str, environ: Mapping[str, str] = os.environ) -> str:
    """A text for logs: personal values and keys are ``***``."""
    for secret in secrets(environ):
        text = text.replace(secret, "***")
    return personal.masked(_KEY_SHAPE.sub(lambda m: m[0].replace(next(v for v in m.groups() if v), "***"), text))


def allowed_in(shown: Edition) -> frozenset[str]:
    """Values that a public edition may show: phones of its sites, what the settings say of the bureau itself, the key of its map service."""
    return _settings(shown.city) | _phones(shown.layers.values())


def _settings(city: City) -> frozenset[str]:
    words = (
        city.publish.contact,
        city.edition.producer,
        city.edition.exemption,
        city.network.attribution,
        city.basemap.attribution,
        city.basemap.tiles_attribution,
    )
    service = tiles.chosen(city) if city.basemap.tiles else None
    return frozenset(personal.all_values(words)) | ({service.key} if service and service.key else frozenset())


def _phones(layers: Iterable[LayerData]) -> frozenset[str]:
    cells = (str(v) for data in layers for t in (data.sites, data.unlocated) for c in PHONES if c in t for v in t[c].dropna())
    return frozenset(personal.all_values(cells))


# -- where it came from --------------------------------------------------------------------------------------------


def _told(found: list[Found], edition: Edition) -> Iterator[Fault]:
    counts: dict[tuple[str, Any], int] = {}
    for each in found:
        counts[each.file, each.kind] = counts.get((each.file, each.kind), 0) + 1
        if counts[each.file, each.kind] <= MOST_TOLD:
            yield _record(each, *_origin(each.value, edition))


def _record(found: Found, zh: str = "查不到出处", en: str = "its source is not known") -> Fault:
    if found.kind is None:
        return fault("E512", file=found.file, column=found.place, name=found.file, value=_veiled(found.value), origin=zh, origin_en=en)
    kind, kind_en = personal.TITLES[found.kind]
    return fault("E511", file=found.file, column=found.place, name=found.file, value=_veiled(found.value), kind=kind, kind_en=kind_en, origin=zh, origin_en=en)


def _veiled(value: str) -> str:
    """The first character and how long it is."""
    return value[:1] + "*" * (len(value) - 1)


def _origin(value: str, edition: Edition) -> tuple[str, ...]:
    for data in edition.layers.values():
        if place := _in_layer(value, data):
            return place
    if (line := _line(value, edition.city)) is not None:
        return f"{CONFIG_NAME} 第 {line} 行", f"{CONFIG_NAME}, row {line}"
    base, city = edition.basemap, edition.city
    for frame, file in (
        (base.roads, city.network.source),
        (base.labels, city.network.source),
        (edition.towns, city.boundary.towns),
        (edition.boundary, city.boundary.city),
    ):
        if frame is not None and "name" in frame and any(value in personal.plain(str(v)) for v in frame["name"].dropna().unique()):
            return file, file
    return ()


def _in_layer(value: str, data: LayerData) -> tuple[str, ...]:
    titles = SITE_TITLES | {f.key: f.title for f in data.layer.fields}
    for table in (data.sites, data.unlocated):
        for column in table.columns:
            if column == "geometry" or not len(table):
                continue
            for site, cell in zip(table["id"], table[column], strict=True):
                if isinstance(cell, (str, int)) and value in personal.plain(str(cell)):
                    file, sheet, row = data.origin.get(str(site), (data.layer.title, None, None))
                    zh = "，".join(p for p in (file, sheet and f"工作表“{sheet}”", row and f"第 {row} 行", f"“{titles.get(column, column)}”列") if p)
                    en = ", ".join(p for p in (file, sheet and f"sheet “{sheet}”", row and f"row {row}", f"column “{titles.get(column, column)}”") if p)
                    return zh, en
    return ()


def _line(value: str, city: City) -> int | None:
    file = city.root / CONFIG_NAME
    lines = file.read_text(encoding="utf-8-sig").splitlines() if file.is_file() else []
    return next((n for n, line in enumerate(lines, start=1) if value in personal.plain(line)), None)


__all__ = ["Found", "allowed_in", "demand", "demand_renewed", "demand_settings", "look", "redacted", "secrets"]
