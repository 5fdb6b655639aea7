"""How many sites of each layer are there, and in which year were they designated?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.indicators.existing import Sites, date_of, sites_of, sources_of, years_of
from cfmap.indicators.rule import town_names
from cfmap.model.edition import Indicator

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from cfmap.model.edition import Edition, LayerData, Status

OTHERS_EN = {"在建": "being built", "规划": "planned", "关闭": "closed"}


def counts(edition: Edition) -> Iterator[Indicator]:
    """
    Count the existing sites of every layer (``counts.<layer>``).

    In use and of unknown status count; being built, planned and closed stand apart in the definition. Sites without
    coordinates count and are named as such. None when nobody handed anything in, or when map tags are the only
    source and show nothing. ``by_town`` holds a town with no site as None while sites of unknown town exist.
    """
    for key, data in edition.layers.items():
        sites = sites_of(data, edition)
        title, title_en = data.layer.title, data.layer.title_en
        zh, en = _definition(sites)
        yield Indicator(
            id=f"counts.{key}",
            title=f"{title}数量",
            title_en=f"Number of sites: {title_en}",
            value=float(sites.count) if sites.known else None,
            lower=float(sites.count) if sites.only_mapped else None,
            unit="处",
            denominator=f"全部{title}（截至{edition.year}年）",
            definition=zh,
            definition_en=en,
            data_date=date_of(data, edition.city),
            sources=sources_of(data, edition.city),
            by_town=count_by_town(sites, edition),
            status=_status(sites),
        )


def counts_by_year(edition: Edition) -> Iterator[Indicator]:
    """
    Sites by year of designation: new in each edition's year, and all up to it (``years.<layer>.<year>.new/total``).

    Years are those of ``edition.editions`` up to this edition. Counted are sites that exist now: one that was
    designated and later closed is in neither. Sites without a year make a number unknown (None) with a lower and
    an upper bound; the total up to this edition needs no year and is always known.
    """
    years = sorted({y for y in edition.city.edition.editions if y <= edition.year} | {edition.year})
    for data in edition.layers.values():
        sites = sites_of(data, edition)
        if not sites.known:
            continue
        year = years_of(sites.existing)
        for y in years:
            yield _of_year(data, edition, sites, y, chosen=year == y, lost=year.isna(), total=False)
            last = y == edition.year
            chosen, lost = (year.notna() | year.isna(), year.isna() & False) if last else (year <= y, year.isna())
            yield _of_year(data, edition, sites, y, chosen=chosen, lost=lost, total=True)


def _of_year(data: LayerData, edition: Edition, sites: Sites, year: int, *, chosen: pd.Series, lost: pd.Series, total: bool) -> Indicator:
    """Count the chosen sites; `lost` may be chosen or not."""
    number, undated, only_mapped = int(chosen.sum()), int(lost.sum()), total and sites.only_mapped
    title, title_en = data.layer.title, data.layer.title_en
    what, what_en = ("截至{}年的{}", "{} up to {}") if total else ("{}年新增{}", "{} new in {}")
    note, note_en = (f"；其中 {undated} 处没有年份，所以只给出下限和上限", f"; {undated} without a year, hence bounds only") if undated else ("", "")
    return Indicator(
        id=f"years.{data.layer.key}.{year}.{'total' if total else 'new'}",
        title=what.format(year, title),
        title_en=what_en.format(title_en, year),
        value=None if undated else float(number),
        lower=float(number) if undated or only_mapped else None,
        upper=float(number + undated) if undated else None,
        unit="处",
        denominator=f"现存的{title}",
        definition=f"按表中的年份统计现存的点位，不含在建、规划和关闭的{note}",
        definition_en=f"existing sites by the year in the table, without those being built, planned or closed{note_en}",
        data_date=date_of(data, edition.city),
        sources=sources_of(data, edition.city),
        by_town=count_by_town(sites, edition, chosen, unsure=lost),
        status=("partial" if number else "unknown") if undated or only_mapped else "ok",
    )


def count_by_town(sites: Sites, edition: Edition, chosen: pd.Series | None = None, *, unsure: pd.Series | None = None) -> dict[str, float | None]:
    """
    How many of the existing sites, or of the chosen among them, each town has.

    None where a site of unknown town may be one more and the town shows none, and where a site there is `unsure`.
    """
    if not sites.known:
        return dict.fromkeys(town_names(edition))
    town = sites.existing["town_known"]
    number = (town if chosen is None else town[chosen]).value_counts()
    doubtful = set() if unsure is None else set(town[unsure].dropna())
    names = town_names(edition) or tuple(sorted(str(n) for n in town.dropna().unique()))
    sure = not sites.townless and not sites.only_mapped
    return {name: None if name in doubtful else float(number[name]) if name in number.index else (0.0 if sure else None) for name in names}


def _status(sites: Sites) -> Status:
    if not sites.known:
        return "unknown"
    return "partial" if sites.only_mapped or sites.townless else "ok"


def _definition(sites: Sites) -> tuple[str, str]:
    if not sites.known:
        return (
            ("只查了街道数据里的标注，没有标注不等于没有", "only map tags were searched; not mapped is not none")
            if sites.only_mapped
            else ("没有人交来数据，不知道有多少，不是零", "no data handed in: unknown, not zero")
        )
    zh, en = ["在用的和状态未知的点位数"], ["sites in use or of unknown status"]
    if sites.status_unknown:
        zh.append(f"其中 {sites.status_unknown} 处状态未知")
        en.append(f"{sites.status_unknown} of unknown status")
    if sites.unlocated:
        zh.append(f"其中 {sites.unlocated} 处没有坐标，计数但不上图")
        en.append(f"{sites.unlocated} without coordinates are counted but not on the map")
    if sites.townless:
        zh.append(f"其中 {sites.townless} 处不知道在哪个乡镇街道")
        en.append(f"{sites.townless} of unknown town")
    zh += [f"另有{status} {n} 处，不计入" for status, n in sites.others.items()]
    en += [f"{n} {OTHERS_EN[status]} not counted" for status, n in sites.others.items()]
    if sites.only_mapped:
        zh.append("只来自街道数据里的标注，可能不全，是下限")
        en.append("from map tags alone, so a lower bound")
    return "；".join(zh), "; ".join(en)
