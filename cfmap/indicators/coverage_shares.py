"""Which share of the people can walk to one? (Network coverage: along streets, within a limit.)"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cfmap.coverage.people import towns_of
from cfmap.indicators.existing import date_of, sources_of
from cfmap.indicators.people import CITY, Group, audience, people_words, reached
from cfmap.indicators.rule import percent
from cfmap.model.edition import Indicator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfmap.model.edition import Coverage, Edition

PARTS = {"not": ("走不到", "beyond the limit"), "unreachable": ("没有路可到", "without any path")}


def coverage_shares(edition: Edition) -> Iterator[Indicator]:
    """
    Share of each age group within every band of every coverage (``coverage.<coverage>.<group>.<metres>``, per cent).

    All bands stand side by side (1,000 m and 800 m, child pace). Without a population table the value is None. Where
    residents of that age are unknown for some communities, the value is the share among the known ones, and the
    bounds put all their possible children outside (lower) or inside (upper) the reach; there are no bounds
    when not even their residents are known.
    """
    for coverage in for_people(edition):
        for group in audience(coverage.layer):
            table = reached(coverage, group)
            gap = missing_people(coverage, group, edition)
            for band in coverage.bands:
                yield _share(coverage, group, band, table, gap, edition)


def coverage_people(edition: Edition) -> Iterator[Indicator]:
    """
    People behind the shares (``people.<coverage>.<group>.<part>``): total, within each band, not, without any path.

    Within the headline band + not + without any path = total.
    """
    for coverage in for_people(edition):
        for group in audience(coverage.layer):
            table = reached(coverage, group)
            for column in table.columns if len(table) else ():
                yield _people(coverage, group, column, table, edition)


def for_people(edition: Edition) -> list[Coverage]:
    """Coverages that say who can walk to a site; the perimeter of a school says which streets are near it."""
    return [c for c in edition.coverages if not c.rule.startswith("perimeter")]


def missing_people(coverage: Coverage, group: Group, edition: Edition) -> pd.DataFrame:
    """
    How many people of a group may live where their number is unknown.

    Returns
    -------
    table
        Index = id of each population point with an unknown number; columns ``most`` (residents of unknown age there,
        NaN when residents are unknown too), ``metres`` (walking distance, NaN = no path), ``town`` and ``community``.
    """
    empty = pd.DataFrame({"most": [], "metres": []}, dtype=float).assign(town="", community="")
    if edition.population is None:
        return empty
    points = pd.DataFrame(edition.population.points.drop(columns="geometry", errors="ignore"))
    columns = [c for c in group.columns if c in points.columns]
    unknown = points[columns].isna().any(axis=1) if columns else pd.Series(data=False, index=points.index)
    if not unknown.any():
        return empty
    lost = points[unknown]
    ages = [c for c in lost.columns if str(c).startswith("pop_") and c != "pop_total"]
    residents = lost["pop_total"] if "pop_total" in lost and group.children else pd.Series(np.nan, index=lost.index)
    walked = coverage.points.reindex(lost.index)
    metres = walked["network_m"].astype(float) + walked["connector_m"].astype(float)
    town = towns_of(edition.population.points, edition.towns).reindex(lost.index).astype(str)
    most = (residents - lost[ages].sum(axis=1)).clip(lower=0)
    community = lost["community"] if "community" in lost else lost.index.to_series()
    return pd.DataFrame({"most": most, "metres": metres, "town": town, "community": community}, index=lost.index)


def _share(coverage: Coverage, group: Group, band: float, table: pd.DataFrame, gap: pd.DataFrame, edition: Edition) -> Indicator:
    column = f"covered_{band:.0f}"
    total, covered = (_cell(table, CITY, "total"), _cell(table, CITY, column))
    value = percent(covered, total) if total is not None and covered is not None else None
    lower, upper = _bounds(covered, total, gap, band)
    minutes = f"（{band:,.0f} m）"
    people, people_en = people_words(edition)
    note, note_en = "", ""
    if total == 0:
        note, note_en = f"；没有{group.title}，没有比例可算", f"; there are no {group.title_en}, so no share"
    elif value is None:
        note, note_en = "；没有这个年龄的人口数据，不知道", "; no population of that age: unknown"
    elif len(gap):
        lost = gap["community"].nunique()
        note = f"；{lost} 个社区缺这个年龄的人数，比例只按有数的社区算，下限和上限把缺的都算走不到或都算走得到"
        note_en = f"; {lost} communities lack the number, the share is among the others, the bounds put all their possible children outside or inside"
    return Indicator(
        id=f"coverage.{coverage.key}.{group.key}.{band:.0f}",
        title=f"{group.title}步行可达比例 · {coverage.title}{minutes}",
        title_en=f"Share of {group.title_en} within walking reach · {coverage.title_en} ({band:,.0f} m)",
        value=value,
        lower=lower,
        upper=upper,
        unit="%",
        denominator=f"全市{group.title}",
        definition=f"沿街道 {band:,.0f} m 以内的{group.title} ÷ 全部{group.title}；走不到和没有路可到的都在分母里。{coverage.definition}{note}{people}",
        definition_en=(
            f"{group.title_en} within {band:,.0f} m along streets / all {group.title_en}, those beyond or without any path included. "
            f"{coverage.definition_en}{note_en}{people_en}"
        ),
        data_date=date_of_coverage(coverage, edition),
        sources=sources_of_coverage(coverage, edition),
        part=None if value is None else covered,
        whole=None if value is None else total,
        by_town={town: _town_share(table, town, column) for town in _towns(table)},
        bounds_by_town={
            str(town): _bounds(_cell(table, str(town), column), _cell(table, str(town), "total"), lost, band) for town, lost in gap.groupby("town")
        },
        nobody=tuple(t for t in _towns(table) if _cell(table, t, "total") == 0),
        status="unknown" if value is None else ("partial" if len(gap) else "ok"),
    )


def _people(coverage: Coverage, group: Group, column: str, table: pd.DataFrame, edition: Edition) -> Indicator:
    if column == "total":
        what, what_en = "总数", "all"
    elif column.startswith("covered_"):
        metres = float(column.removeprefix("covered_"))
        what, what_en = f"{metres:,.0f} m 以内", f"within {metres:,.0f} m"
    else:
        what, what_en = PARTS[column]
    value = _cell(table, CITY, column)
    (words, words_en), limit = people_words(edition), f"{coverage.headline:,.0f} m"
    where, where_en = ("栅格", "raster") if edition.population is not None and edition.population.cells else ("表", "table")
    return Indicator(
        id=f"people.{coverage.key}.{group.key}.{column}",
        title=f"{group.title}人数 · {coverage.title} · {what}",
        title_en=f"Number of {group.title_en} · {coverage.title_en} · {what_en}",
        value=value,
        unit="人",
        denominator=f"全市{group.title}",
        definition=f"人口{where}里的{group.title}，按沿街道最近距离分；{limit} 以内 + 走不到 + 没有路可到 = 总数{words}",
        definition_en=(f"{group.title_en} of the population {where_en} by distance along streets; within {limit} + beyond + without path = all{words_en}"),
        data_date=date_of_coverage(coverage, edition),
        sources=sources_of_coverage(coverage, edition),
        by_town={town: _cell(table, town, column) for town in _towns(table)},
        status="unknown" if value is None else "ok",
    )


def _bounds(covered: float | None, total: float | None, gap: pd.DataFrame, band: float) -> tuple[float | None, float | None]:
    if not len(gap) or covered is None or total is None or gap["most"].isna().any():
        return None, None
    inside = float(gap.loc[gap["metres"] <= band, "most"].sum())
    outside = float(gap["most"].sum()) - inside
    return percent(covered, total + outside), percent(covered + inside, total + inside)


def _cell(table: pd.DataFrame, town: str, column: str) -> float | None:
    if town not in table.index:
        return None
    value = float(table[column].to_numpy(dtype=float)[table.index.get_loc(town)])
    return None if np.isnan(value) else round(value, 6)


def _town_share(table: pd.DataFrame, town: str, column: str) -> float | None:
    total, part = _cell(table, town, "total"), _cell(table, town, column)
    return None if total is None or part is None else percent(part, total)


def _towns(table: pd.DataFrame) -> list[str]:
    return [str(t) for t in table.index if t != CITY]


def sources_of_coverage(coverage: Coverage, edition: Edition) -> tuple[str, ...]:
    """Files of the layer, and where the people come from."""
    layer = edition.layers.get(coverage.layer)
    return (
        *(sources_of(layer, edition.city) if layer else ()),
        *((edition.population.source,) if edition.population else ()),
    )


def date_of_coverage(coverage: Coverage, edition: Edition) -> str:
    """ISO date of the older of both, the layer and the people."""
    layer = edition.layers.get(coverage.layer)
    dates = [date_of(layer, edition.city)] if layer else []
    if edition.population and edition.population.data_date:
        dates.append(edition.population.data_date.isoformat())
    return min((d for d in dates if d), default="")
