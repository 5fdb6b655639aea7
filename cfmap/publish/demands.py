"""What must be said, and what must be gone, before a map may be public? Everything that is missing, at once, with the line to write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.model.city import CONFIG_NAME, setting_line
from cfmap.model.errors import SafetyRefusal
from cfmap.model.messages import fault
from cfmap.model.sensitive import sensitive

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cfmap.model.city import City
    from cfmap.model.layer import Layer
    from cfmap.model.messages import Fault


def demand(city: City, layers: Mapping[str, Layer], *, year: int | None = None) -> None:
    """
    Refuse a public edition that does not say what it must, or would show where children in need are.

    Raises
    ------
    SafetyRefusal
        E506 review number or exemption, E515 each other statement that is missing, E516 each sensitive layer; all of them at once.
    """
    if wrong := [*missing(city, year=year), *exposed(city, layers, year=year)]:
        raise SafetyRefusal(wrong)


def reminder(city: City) -> list[Fault]:
    """I506 with everything of :func:`missing`: told by the check, weeks before it stops a build."""
    found = missing(city)
    if not found:
        return []
    words = [(f.facts.get("title", "审图号或不需要的理由"), f.facts.get("title_en", "the map review number, or why none is needed")) for f in found]
    zh, en = ("、".join(w[0] for w in words), ", ".join(w[1] for w in words))
    return [fault("I506", file=found[0].file, row=found[0].row, column=found[0].column, missing=zh, missing_en=en)]


def missing(city: City, *, year: int | None = None) -> list[Fault]:
    """
    Statements that a public map of this city still lacks; none for generated demo data.

    Review number or exemption (E506); date of the data, producer, contact, source of the outlines where there are any, licence of what the
    background is drawn from (E515).
    """
    if city.city.demo:
        return []
    section = city.edition
    found = []
    year = year or section.year
    if not (section.review_number or section.exemption):
        found.append(fault("E506", file=CONFIG_NAME, row=setting_line(city.root, "edition", "review_number"), column="edition.review_number"))
    for table, key, given, title, title_en, example in _statements(city.in_year(year), year):
        if not given:
            row = setting_line(city.root, table, key) or setting_line(city.root, table)
            found.append(
                fault("E515", file=CONFIG_NAME, row=row, column=f"{table}.{key}", title=title, title_en=title_en, table=table, line=f"{key} = {example}")
            )
    return found


def _statements(city: City, year: int) -> Iterator[tuple[str, str, object, str, str, str]]:
    """Table, key, what is written, what it is, an example."""
    edition, base = city.edition, city.basemap
    key, example = ("data_date", f"{year}-12-31") if year == edition.year else ("data_dates", f"{{ {year} = {year}-12-31 }}")
    yield "edition", key, edition.data_date, "数据截止日期", "the date of the data", example
    yield "edition", "producer", edition.producer, "制作单位", "the producer", '"某某市自然资源和规划局"'
    yield "publish", "contact", city.publish.contact, "报告错误的联系方式", "the contact for corrections", '"0570-1234567"'
    if city.boundary.city or city.boundary.towns:
        yield "boundary", "source", city.boundary.source, "边界的来源", "the source of the outlines", '"某某市民政局行政区域界线，2024 年"'
    yield (
        "network",
        "attribution",
        city.network.attribution,
        "街道数据的来源和许可",
        "source and licence of the streets",
        '"© OpenStreetMap contributors, ODbL"',
    )
    if base.water or base.green:
        yield "basemap", "attribution", base.attribution, "水面、绿地的来源和许可", "source and licence of water and green", '"某某市自然资源和规划局，2024 年"'
    if base.tiles:
        yield (
            "basemap",
            "tiles_attribution",
            base.tiles_attribution,
            "底图图片的署名和审图号",
            "attribution and review number of the pictures",
            '"照图片的提供者公布的写"',
        )


def exposed(city: City, layers: Mapping[str, Layer], *, year: int | None = None) -> list[Fault]:
    """Layers about where children in need live or are, by key, titles, file and sheet, that are not marked ``internal = true`` (E516)."""
    found = []
    for key, layer in layers.items():
        section = city.layers.get(key)
        if section is not None and section.internal:
            continue
        names = [key, layer.title, layer.title_en]
        for source in section.sources if section is not None else ():
            names += [source.sheet, source.path.replace("{year}", str(year or city.edition.year)).rpartition("/")[2]]
        if word := next((n for n in names if n and sensitive(n)), None):
            row = setting_line(city.root, "layers", key)
            found.append(fault("E516", file=CONFIG_NAME, row=row, column=f"layers.{key}", layer=layer.title, layer_en=layer.title_en, word=word, key=key))
    return found


__all__ = ["demand", "exposed", "missing"]
