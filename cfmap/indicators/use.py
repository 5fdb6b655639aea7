"""How many of the childcare places are taken?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cfmap.indicators.existing import date_of, sites_of, sources_of
from cfmap.indicators.rule import percent, town_names
from cfmap.model.edition import Indicator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfmap.model.edition import Edition

LAYER = "childcare"
USE = "use.childcare_places"
ENROLLED, PLACES = "enrolled", "places"


def use_of_places(edition: Edition) -> Iterator[Indicator]:
    """
    托位使用率 = children enrolled / places x 100 (``use.childcare_places``, per cent), over existing childcare of the layer's table.

    Denominator: places of the same sites, never children. More than 100 stays as it is: a place may be used by two children in turn.
    Where a site lacks one of its two numbers the value is None and bounds stand for it: such a site is at worst empty and at best full,
    with as many places as the largest has where those are unknown. None, without bounds, when no site has places, when nobody handed the layer in,
    and when it is known from map tags alone. Nothing when there is no such layer. Method: places and children of one day, as the
    childcare table of the health bureau counts them.
    """
    data = edition.layers.get(LAYER)
    if data is None:
        return
    sites = sites_of(data, edition)
    enrolled, places = (_numbers(sites.existing, column) for column in (ENROLLED, PLACES))
    whole = sites.known and not sites.only_mapped
    lower, upper = _bounds(enrolled, places) if whole else (None, None)
    missing = int((enrolled.isna() | places.isna()).sum())
    value = lower if not missing else None
    town = sites.existing["town_known"]
    by_town: dict[str, float | None] = {}
    for name in town_names(edition):
        here = (town == name).fillna(value=False).to_numpy(dtype=bool)
        sure = whole and not sites.townless and not (enrolled[here].isna() | places[here].isna()).any()
        by_town[name] = percent(float(enrolled[here].sum()), float(places[here].sum())) if sure else None
    notes = [(f"{missing} 处缺托位数或在托人数，下限按空着、上限按收满估", f"{missing} sites lack places or children: bounds take them as empty and as full")]
    said = notes if missing else []
    yield Indicator(
        id=USE,
        title="托位使用率",
        title_en="Share of childcare places that are taken",
        value=value,
        lower=lower if missing else None,
        upper=upper if missing else None,
        unit="%",
        denominator="同一批托育机构的托位数",
        definition="；".join(["在用（或状态未知）托育机构的在托人数之和 ÷ 托位数之和", *(zh for zh, _ in said)]),
        definition_en="; ".join(["children enrolled in existing childcare / places of the same sites", *(en for _, en in said)]),
        data_date=date_of(data, edition.city),
        sources=sources_of(data, edition.city),
        part=None if value is None else float(enrolled.sum()),
        whole=None if value is None else float(places.sum()),
        by_town=by_town,
        status="ok" if value is not None else ("partial" if missing and lower is not None else "unknown"),
    )


def _numbers(table: pd.DataFrame, column: str) -> pd.Series:
    if column not in table:
        return pd.Series(float("nan"), index=table.index)
    return pd.to_numeric(table[column], errors="coerce").astype(float)


def _bounds(enrolled: pd.Series, places: pd.Series) -> tuple[float | None, float | None]:
    """Use in per cent with every unknown site empty, and with every unknown site full; None where no site has both numbers."""
    if not (enrolled.notna() & places.notna() & (places > 0)).any():
        return None, None
    largest = float(places.max())
    children = enrolled.fillna(0.0)
    room = places.fillna(children.clip(lower=largest))  # at worst as many as the largest has
    taken = enrolled.fillna(places)  # at best full
    full = float(taken.sum()), float(places.fillna(enrolled).sum())  # a site without either number adds nothing yet
    if (enrolled.isna() & places.isna()).any() and full[0] < full[1]:  # a full one more brings the share nearer to 100
        more = largest * int((enrolled.isna() & places.isna()).sum())
        full = full[0] + more, full[1] + more
    return percent(float(children.sum()), float(room.sum())), percent(*full)
