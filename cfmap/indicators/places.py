"""How many childcare places are there per 1,000 residents?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cfmap.coverage.people import towns_of
from cfmap.indicators.existing import date_of, sites_of, sources_of
from cfmap.indicators.people import people_words
from cfmap.indicators.rule import town_names
from cfmap.model.edition import Indicator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfmap.model.edition import Edition

LAYER = "childcare"
PLACES = ("places", "capacity", "childcare_places")  # the layer's column of places, first that it has


def childcare_places(edition: Edition) -> Iterator[Indicator]:
    """
    每千人口托位数 = places of existing childcare / *total* residents x 1,000 (``places.childcare_per_1000``).

    The denominator is residents of all ages, as the national target has it (4.5 by 2025). Where sites lack
    their number of places the value is None: the lower bound takes them as 0, the upper one as the largest number that any
    site of this layer has. None as well without residents; with residents missing in some communities there is only an upper bound.
    Nothing when there is no such layer.
    """
    data = edition.layers.get(LAYER)
    if data is None:
        return
    sites = sites_of(data, edition)
    column = next((c for c in PLACES if c in sites.existing), None)
    places = pd.to_numeric(sites.existing[column], errors="coerce") if column else pd.Series(float("nan"), index=sites.existing.index)
    missing = int(places.isna().sum())
    residents, people_missing = _residents(edition)
    town = sites.existing["town_known"]
    largest = float(places.max()) if places.notna().any() else None
    value, lower, upper = _rate(places, residents, largest, whole=sites.known and not sites.only_mapped, people_missing=people_missing)
    notes = [f"{missing} 处缺托位数"] if missing else []
    notes_en = [f"{missing} sites lack their places"] if missing else []
    if missing and largest is not None:
        notes.append(f"下限按 0、上限按本图层最大的 {largest:,.0f} 个托位估")
        notes_en.append(f"bounds take them as 0 and as the layer's largest, {largest:,.0f}")
    if residents is None or people_missing:
        notes.append("常住人口数据不全" if people_missing else "没有常住人口数据")
        notes_en.append("residents incomplete" if people_missing else "no residents")
    by_town = {}
    for name in town_names(edition):
        people, lost = _residents(edition, town=name)
        known = sites.known and not sites.only_mapped and not sites.townless
        by_town[name] = _rate(places[town == name], people, None, whole=known, people_missing=lost)[0]
    yield Indicator(
        id="places.childcare_per_1000",
        title="每千人口托位数",
        title_en="Childcare places per 1,000 residents",
        value=value,
        lower=lower,
        upper=upper,
        unit="个/千人",
        denominator="每千常住人口（全年龄）",
        definition="；".join(["在用（或状态未知）托育机构的托位数之和 ÷ 常住人口（全年龄）× 1000", *notes]) + people_words(edition)[0],
        definition_en="; ".join(["places of existing childcare / residents of all ages x 1,000", *notes_en]) + people_words(edition)[1],
        data_date=date_of(data, edition.city),
        sources=(*sources_of(data, edition.city), *((edition.population.source,) if edition.population else ())),
        part=None if value is None else float(places.sum()),
        whole=None if value is None else residents,
        by_town=by_town,
        status="ok" if value is not None else ("partial" if lower is not None or upper is not None else "unknown"),
    )


def _rate(
    places: pd.Series, residents: float | None, largest: float | None, *, whole: bool, people_missing: bool
) -> tuple[float | None, float | None, float | None]:
    """Value, lower and upper bound; `whole` = these are all the sites there are."""
    if not residents or (places.notna().sum() == 0 and (len(places) or not whole)):
        return None, None, None
    missing = int(places.isna().sum())
    known = 1000.0 * float(places.sum()) / residents
    most = known + 1000.0 * missing * largest / residents if largest is not None else None
    sure = whole and not people_missing
    if sure and not missing:
        return round(known, 6), None, None
    lower = None if people_missing else round(known, 6)
    upper = None if most is None or not whole else round(most, 6)
    return None, lower, upper


def _residents(edition: Edition, *, town: str | None = None) -> tuple[float | None, bool]:
    """Residents of all ages and whether some communities lack theirs; None when nothing is known."""
    if edition.population is None or "pop_total" not in edition.population.units:
        return None, False
    points = edition.population.units
    people = (points if town is None else points[towns_of(points, edition.towns) == town])["pop_total"].astype(float)
    known = float(people.sum())
    return (known if known > 0 else None), bool(people.isna().any())
