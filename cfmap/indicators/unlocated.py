"""How many sites are counted but stand nowhere on the map, because nobody gave their coordinates?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.indicators.counts import count_by_town
from cfmap.indicators.existing import date_of, sites_of, sources_of, years_of
from cfmap.model.edition import Indicator

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from cfmap.indicators.existing import Sites
    from cfmap.model.edition import Edition, LayerData


def unlocated(edition: Edition) -> Iterator[Indicator]:
    """
    Count existing sites without coordinates: of every layer that was handed in (``unlocated.<layer>``), and where there are
    any of those of each edition's year (``unlocated.<layer>.<year>``).

    Sites without a year are in the layer's number alone. Nothing for layers that nobody handed in: that is unknown, not 0.
    """
    years = sorted({y for y in edition.city.edition.editions if y <= edition.year} | {edition.year})
    for data in edition.layers.values():
        sites = sites_of(data, edition)
        if not sites.known or sites.only_mapped:
            continue
        lost = ~sites.existing["located"].astype(bool)
        yield _number(data, edition, sites, None, lost)
        if sites.unlocated:
            of_year = years_of(sites.existing)
            for year in years:
                yield _number(data, edition, sites, year, lost & (of_year == year))


def _number(data: LayerData, edition: Edition, sites: Sites, year: int | None, lost: pd.Series) -> Indicator:
    title, title_en = data.layer.title, data.layer.title_en
    of_year, of_year_en = (f"（{year}年的）", f", of {year}") if year else ("", "")
    return Indicator(
        id=f"unlocated.{data.layer.key}" + (f".{year}" if year else ""),
        title=f"没有坐标的{title}{of_year}",
        title_en=f"Without coordinates: {title_en}{of_year_en}",
        value=float(lost.sum()),
        unit="处",
        denominator=f"全部{title} {sites.count} 处（截至{edition.year}年）",
        definition="在用的和状态未知的点位中没有可用坐标的：计数、列出，不上图，不算步行范围" + ("；按表中的年份" if year else ""),
        definition_en="existing sites without usable coordinates: counted and listed, not on the map nor in walking reach"
        + ("; by the year in the table" if year else ""),
        data_date=date_of(data, edition.city),
        sources=sources_of(data, edition.city),
        by_town=count_by_town(sites, edition, lost),
    )
