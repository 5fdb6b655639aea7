"""Does every town have at least one? (Areal coverage: a presence test, never a share of people.)"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.indicators.existing import date_of, sites_of, sources_of
from cfmap.indicators.rule import percent, town_names
from cfmap.model.edition import Indicator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfmap.model.edition import Edition


def presence(edition: Edition) -> Iterator[Indicator]:
    """
    Share of towns with at least one existing site of a layer (``presence.<layer>``, per cent; ``by_town`` 100 or 0).

    Sites whose town nobody knows may lie in a town that seems to have none: the value is then None, between a lower
    bound (towns known to have one) and an upper bound (each such site in another town). The same holds where map
    tags are the only source; there the upper bound is 100. Nothing without an outline of towns, nor for layers that
    are areas themselves.
    """
    names = town_names(edition)
    if not names:
        return
    for key, data in edition.layers.items():
        if data.layer.geometry == "Polygon" or data.layer.group == "place":
            continue
        sites = sites_of(data, edition)
        with_one = set(sites.existing["town_known"].dropna()) & set(names) if sites.known else set()
        possible = len(names) if sites.only_mapped or not sites.known else min(len(names), len(with_one) + sites.townless)
        sure = sites.known and possible == len(with_one)
        note = f"；{sites.townless} 处不知道在哪个乡镇街道" if sites.townless else ""
        note_en = f"; {sites.townless} sites of unknown town" if sites.townless else ""
        if sites.only_mapped:
            note += "；只来自街道数据里的标注，没有标注不等于没有"
            note_en += "; from map tags alone: not mapped is not none"
        if not sites.known and not sites.only_mapped:
            note, note_en = "；没有人交来数据，不知道", "; no data handed in: unknown"
        yield Indicator(
            id=f"presence.{key}",
            title=f"至少有一处{data.layer.title}的乡镇街道占比",
            title_en=f"Share of towns with at least one: {data.layer.title_en}",
            value=percent(len(with_one), len(names)) if sure else None,
            lower=None if sure or not sites.known else percent(len(with_one), len(names)),
            upper=None if sure or not sites.known else percent(possible, len(names)),
            unit="%",
            denominator=f"全部 {len(names)} 个乡镇街道",
            definition=f"有没有的检验：至少有一处在用（或状态未知）的乡镇街道数 ÷ 乡镇街道总数，不代表居民走得到{note}",
            definition_en=f"presence test: towns with at least one existing site / all towns; says nothing about walking distance{note_en}",
            data_date=date_of(data, edition.city),
            sources=sources_of(data, edition.city),
            part=float(len(with_one)) if sure else None,
            whole=float(len(names)) if sure else None,
            by_town={n: 100.0 if n in with_one else (0.0 if sure else None) for n in names},
            status="ok" if sure else ("partial" if sites.known else "unknown"),
        )
