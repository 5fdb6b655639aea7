"""Is this the content that the map review number (审图号) was given for?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfmap.model.city import CONFIG_NAME, setting_line
from cfmap.model.errors import SafetyRefusal
from cfmap.model.messages import fault
from cfmap.publish import demands, manifest, page_check, pointer
from cfmap.publish.fingerprint import SITES, Content, content

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cfmap.model.city import City
    from cfmap.model.edition import Edition
    from cfmap.model.messages import Fault

PARTS = {  # part -> what a clerk calls it; those of sites are called by their layer
    "titles": ("标题和图层名称", "titles and names of layers"),
    "boundary": ("城市边界", "the city's outline"),
    "towns": ("乡镇街道界", "outlines of towns"),
    "streets": ("底图街道和路名", "streets and their names"),
    "areas": ("底图水面和绿地", "water and green"),
    "labels": ("底图地名", "place names"),
}
KINDS = {
    "added": ("新增 {n} 处", "{n} added"),
    "removed": ("减少 {n} 处", "{n} removed"),
    "moved": ("移动 {n} 处", "{n} moved"),
    "renamed": ("改名 {n} 处", "{n} renamed"),
}
Places = dict[str, dict[str, tuple[str, Any, Any]]]  # layer -> site's name in links -> name, lon, lat on the grid


def changed(edition: Edition) -> bool:
    """Whether a number is filled in that was given for another content than this; unknown counts as other."""
    section = edition.city.edition
    return bool(section.review_number) and content(edition).fingerprint not in section.review_fingerprint


def demand(edition: Edition, out: Path, *, acknowledged: bool) -> list[Fault]:
    """
    Refuse to publish what the number was not given for.

    Parameters
    ----------
    edition
        What is about to be published, stripped.
    out
        Folder of this edition: the version that was reviewed may be there, to tell what is different.
    acknowledged
        Go on all the same: the page then says “内容已变化，需重新送审” beside the number.

    Returns
    -------
    faults
        W506 when it goes on all the same.

    Raises
    ------
    SafetyRefusal
        As :func:`cfmap.publish.demands.demand`; E507 a number without the fingerprint that it was given for; E508 another content.
    """
    city, section = edition.city, edition.city.edition
    demands.demand(city, {key: data.layer for key, data in edition.layers.items()}, year=edition.year)
    now = content(edition)
    if not section.review_number or now.fingerprint in section.review_fingerprint:
        return []
    if acknowledged:
        return [fault("W506", number=section.review_number)]
    at: dict[str, Any] = {"file": CONFIG_NAME, "row": setting_line(city.root, "edition", "review_number"), "column": "edition.review_fingerprint"}
    if not section.review_fingerprint:
        raise SafetyRefusal(fault("E507", **at, number=section.review_number, fingerprint=now.fingerprint))
    what = list(_differences(edition, now, out))
    zh = "；".join(zh for zh, _ in what) or "审过的那一版已经不在输出文件夹里，说不出改了哪些"
    en = "; ".join(en for _, en in what) or "the version that was reviewed is no longer in the output folder, so what changed is not known"
    raise SafetyRefusal(fault("E508", **at, number=section.review_number, fingerprint=now.fingerprint, changes=zh, changes_en=en))


def reviewed_versions(city: City, out: Path) -> set[int]:
    """Versions in an edition's folder that a number was given for; they are kept. Those that only renewed their events are not among them."""
    known = city.edition.review_fingerprint
    return {v for v, about in _manifests(out) if (about.get("content") or {}).get("fingerprint") in known and manifest.AMENDED not in about}


# -- what is different ---------------------------------------------------------------------------------------------


def _manifests(out: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for folder in sorted((out / "versions").glob("[0-9]*")):
        about = manifest.read(folder) if folder.name.isdigit() else None
        if about is not None:
            yield int(folder.name), about


def _differences(edition: Edition, now: Content, out: Path) -> Iterator[tuple[str, str]]:
    """Parts that are not those of the version that was reviewed, in Chinese and English; nothing when that version is gone."""
    known = edition.city.edition.review_fingerprint
    found = [(v, about["content"]) for v, about in _manifests(out) if (about.get("content") or {}).get("fingerprint") in known]
    if not found:
        return
    version, was = found[-1]
    other = [key for key in {**was["parts"], **now.parts} if was["parts"].get(key) != now.parts.get(key)]
    for key in other:
        if key in PARTS:
            yield PARTS[key]
    layers = [key.removeprefix(SITES) for key in other if key.startswith(SITES)]
    if not layers:
        return
    before, after = _sites_of_page(out / "versions" / pointer.name(version) / page_check.NAME), _sites_of(edition)
    for key in layers:
        data = edition.layers.get(key)
        title, title_en = (data.layer.title, data.layer.title_en) if data is not None else (key, key)
        counts = _compared(before.get(key, {}), after.get(key, {}))
        told = [(zh.format(n=n), en.format(n=n)) for kind, (zh, en) in KINDS.items() if (n := counts[kind])] or [("图形有改动", "shapes differ")]
        yield f"“{title}”" + "、".join(zh for zh, _ in told), f"“{title_en}”: " + ", ".join(en for _, en in told)


def _compared(before: dict[str, tuple[str, Any, Any]], after: dict[str, tuple[str, Any, Any]]) -> dict[str, int]:
    both = before.keys() & after.keys()
    return {
        "added": len(after.keys() - before.keys()),
        "removed": len(before.keys() - after.keys()),
        "moved": sum(before[k][1:] != after[k][1:] for k in both),
        "renamed": sum(before[k][0] != after[k][0] for k in both),
    }


def _sites_of_page(path: Path) -> Places:
    try:
        data = page_check.blocks(path)
        return _places([layer["key"] for layer in data["cfmap-meta"]["layers"]], data["cfmap-sites"], data.get("cfmap-details"))
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _sites_of(edition: Edition) -> Places:
    from cfmap.publish.web.payload import payload

    made = payload(edition)
    return _places([layer["key"] for layer in made.meta["layers"]], made.sites, made.details)


def _places(layers: list[str], sites: dict[str, Any], details: dict[str, Any] | None) -> Places:
    keys = sites["key"] if "key" in sites else (details or {})["key"]
    rows = iter(zip(keys, sites["name"], sites["lon"], sites["lat"], strict=True))
    return {
        layer: {key: (name, lon, lat) for key, name, lon, lat in (next(rows) for _ in range(count))} for layer, count in zip(layers, sites["rows"], strict=True)
    }


__all__ = ["changed", "demand", "reviewed_versions"]
