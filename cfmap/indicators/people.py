"""Whose ages belong to which question, and how many of them are reached?"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from cfmap.model.edition import Coverage, Edition

CITY = ""  # the row of the whole city in `Coverage.people`


@dataclass(frozen=True)
class Group:
    """People of an age range: the columns of ``AGE_BANDS`` that add up to it."""

    key: str
    title: str
    title_en: str
    columns: tuple[str, ...]
    children: bool = True


_0_14 = ("pop_0_2", "pop_3_5", "pop_6_11", "pop_12_14")
GROUPS: dict[str, Group] = {
    g.key: g
    for g in (
        Group("children_0_2", "0–2岁儿童", "children aged 0-2", ("pop_0_2",)),
        Group("children_3_5", "3–5岁儿童", "children aged 3-5", ("pop_3_5",)),
        Group("children_6_11", "6–11岁儿童", "children aged 6-11", ("pop_6_11",)),
        Group("children_6_14", "6–14岁儿童", "children aged 6-14", ("pop_6_11", "pop_12_14")),
        Group("children_0_14", "0–14岁儿童", "children aged 0-14", _0_14),
        Group("children_0_17", "0–17岁儿童", "children aged 0-17", (*_0_14, "pop_15_17")),
        Group("residents", "常住人口", "residents", ("pop_total",), children=False),
    )
}
#: Layer -> groups whose reach is counted, most important first; residents always follow.
AUDIENCES: dict[str, tuple[str, ...]] = {
    "childcare": ("children_0_2",),
    "kindergartens": ("children_3_5",),
    "schools": ("children_6_14",),
}
EVERY_CHILD = ("children_0_14", "children_0_17")


def audience(layer: str) -> tuple[Group, ...]:
    """Say which groups of people a layer is for."""
    return tuple(GROUPS[key] for key in (*AUDIENCES.get(layer, EVERY_CHILD), "residents"))


def people_of(edition: Edition, group: Group) -> tuple[float | None, int]:
    """People of a group in the population table, and how many communities lack their number; None when nobody is known."""
    if edition.population is None or not set(group.columns) <= set(edition.population.units.columns):
        return None, 0
    numbers = edition.population.units[list(group.columns)].astype(float)
    known = float(numbers.sum().sum())
    return (known if known > 0 else None), int(numbers.isna().any(axis=1).sum())


def people_words(edition: Edition) -> tuple[str, str]:
    """What a figure's definition says of its people (中文, English): how they were brought to their places, that nobody wrote their date; "" for neither."""
    people = edition.population
    if people is None:
        return "", ""
    told = [*people.method, *([] if people.data_date else [("人口数据的日期没有写明", "the date of the people's numbers is not given")])]
    return "".join(f"；{zh}" for zh, _ in told), "".join(f"; {en}" for _, en in told)


def reached(coverage: Coverage, group: Group) -> pd.DataFrame:
    """
    People of a group in each town by how far they walk.

    Returns
    -------
    table
        Index = town (``""`` = whole city, last), columns ``total``, ``covered_<band>`` (band in whole metres, one for each of
        `coverage.bands`), ``not``, ``unreachable``; people, NaN = unknown. Empty when the population lacks one of the
        group's ages (an unknown part makes the sum unknown).
    """
    people = coverage.people
    names = {"total": "{c}", "not": "{c}_not", "unreachable": "{c}_unreachable"}
    columns = ["total", *(f"covered_{band:.0f}" for band in coverage.bands), "not", "unreachable"]
    if people.empty or not set(group.columns) <= set(people.columns):
        return pd.DataFrame(columns=columns, dtype=float)
    table = pd.DataFrame(index=pd.Index(people["town"].astype(str), name="town"))
    for column in columns:
        parts = [
            people[names[column].format(c=c)] if column in names else people[_band_column(people, c, float(column.removeprefix("covered_")))]
            for c in group.columns
        ]
        table[column] = sum(p.to_numpy(dtype=float) for p in parts)
    return table


def _band_column(people: pd.DataFrame, column: str, band: float) -> str:
    for name in people.columns:
        found = re.fullmatch(rf"{column}_covered_([0-9.]+)m?", str(name))
        if found and math.isclose(float(found[1]), band, abs_tol=0.5):
            return str(name)
    msg = f"coverage people table has no column {column}_covered_{band:g}"
    raise KeyError(msg)
