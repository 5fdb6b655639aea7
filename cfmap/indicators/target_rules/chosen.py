"""Which sites does a binding choose, and how sure is that?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cfmap.indicators.existing import date_of, sites_of, sources_of
from cfmap.indicators.sites_where import meets
from cfmap.indicators.target_rules.found import DIGITS, Found, Sight, Words
from cfmap.model.target import Binding, Place

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Chosen:
    """Existing sites of the binding's layers: `met` 1 surely chosen, NaN perhaps; layers nobody handed in; those known from map tags alone."""

    table: pd.DataFrame
    met: pd.Series
    absent: tuple[Words, ...]
    mapped: tuple[Words, ...]
    sources: tuple[str, ...]
    data_date: str
    titles: Words
    headers: dict[str, Words]
    handed_in: bool

    @property
    def sure(self) -> pd.DataFrame:
        """Sites that surely meet the conditions."""
        return self.table[self.met == 1]

    def only(self, mask: pd.Series) -> Chosen:
        """Some of the sites."""
        return replace(self, table=self.table[mask], met=self.met[mask])


def choose(binding: Binding, sight: Sight) -> Chosen:
    """Look at the binding's layers and at what each site says to its conditions."""
    edition = sight.edition
    tables, met, absent, mapped, titles, titles_en, dates = [], [], [], [], [], [], []
    headers: dict[str, Words] = {}
    sources: list[str] = []
    for key, where in binding.layers.items():
        data = edition.layers.get(key)
        sites = sites_of(data, edition) if data is not None else None
        title: Words = (data.layer.title, data.layer.title_en) if data is not None else (key, key)
        titles.append(title[0])
        titles_en.append(title[1])
        if data is None or sites is None or not sites.known:
            absent.append(title)
            continue
        if sites.only_mapped:
            mapped.append(title)
        headers |= {f.key: (f.title, f.title_en) for f in data.layer.fields}
        tables.append(sites.existing.assign(layer=key).reset_index(drop=True))
        met.append(meets(tables[-1], where))
        sources += sources_of(data, edition.city)
        dates.append(date_of(data, edition.city))
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame({"id": [], "name": [], "layer": [], "year": [], "town_known": []})
    return Chosen(
        table=table,
        met=pd.concat(met, ignore_index=True) if met else pd.Series(dtype=float),
        absent=tuple(absent),
        mapped=tuple(mapped),
        sources=tuple(dict.fromkeys(sources)),
        data_date=min((d for d in dates if d), default=""),
        titles=("、".join(dict.fromkeys(titles)), ", ".join(dict.fromkeys(titles_en))),
        headers=headers,
        handed_in=bool(tables),
    )


def header_of(chosen: Chosen, column: str) -> Words:
    """Words for a column: its header in the bureau's table."""
    return chosen.headers.get(column, (column, column))


def places_of(table: pd.DataFrame) -> tuple[Place, ...]:
    """Sites by layer and id."""
    rows = (Place(str(layer), str(i), str(name)) for layer, i, name in zip(table["layer"], table["id"], table["name"], strict=True))
    return tuple(sorted(rows, key=lambda p: (p.layer, p.id)))


def gaps_of(chosen: Chosen, unknown: int, what: Words = ("格子", "cell")) -> tuple[Words, ...]:
    """Say what keeps a number from being sure."""
    said: list[Words] = [(f"没有人交来“{zh}”的数据", f"nobody handed in {en}") for zh, en in chosen.absent]
    said += [(f"“{zh}”只来自街道数据里的标注，没有标注不等于没有", f"{en} come from map tags alone: not mapped is not none") for zh, en in chosen.mapped]
    if unknown:
        said.append((f"{unknown} 处的{what[0]}空着，算不清", f"{unknown} sites have an empty {what[1]}"))
    return tuple(said)


def result_of(chosen: Chosen, basis: Words, lower: float, upper: float | None, missing: Sequence[Words], **more: object) -> Found:
    """A number when both bounds agree and nothing is absent, bounds otherwise; unknown when no layer was handed in."""
    found = Found(basis=basis, missing=tuple(missing), sources=chosen.sources, data_date=chosen.data_date)
    found = replace(found, **more)  # type: ignore[arg-type]
    if not chosen.handed_in:
        return found
    if chosen.absent or chosen.mapped:
        upper = None
    lower = round(lower, DIGITS)
    upper = None if upper is None else round(upper, DIGITS)
    return replace(found, now=lower) if upper == lower else replace(found, lower=lower, upper=upper)


def bounded(found: Found, binding: Binding) -> Found:
    """The number found is only a bound of the one asked for, where the binding says so."""
    low, high = (found.lower, found.upper) if found.now is None else (found.now, found.now)
    if binding.bound == "lower":
        half: Words = ("算出来的只是下限", "what is counted is only a lower bound")
        return replace(found, now=None, lower=low, upper=None, missing=(*found.missing, half))
    if binding.bound == "upper":
        half = ("算出来的只是上限", "what is counted is only an upper bound")
        return replace(found, now=None, lower=None, upper=high, missing=(*found.missing, half))
    return found


def numbers_of(chosen: Chosen, name: str) -> pd.Series:
    """A column's numbers, NaN where it is empty."""
    return pd.to_numeric(chosen.table[name], errors="coerce").astype(float) if name in chosen.table else pd.Series(np.nan, index=chosen.table.index)


def sum_bounds(chosen: Chosen, name: str) -> tuple[float, float | None, int]:
    """Lower and upper bound of a sum, and how many sites make it unsure; no upper bound when no site has a number."""
    numbers = numbers_of(chosen, name)
    unsure = chosen.met.isna() | (numbers.isna() & (chosen.met == 1))
    low = float(numbers[chosen.met == 1].sum())
    if not unsure.any():
        return low, low, 0
    if not numbers.notna().any():
        return low, None, int(unsure.sum())
    return low, low + float(numbers[unsure].fillna(float(numbers.max())).sum()), int(unsure.sum())
