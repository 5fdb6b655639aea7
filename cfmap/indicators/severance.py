"""How many children must cross a main road, a railway or water on the way to school or kindergarten without known help?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cfmap.coverage.severance import children_by_state
from cfmap.indicators.existing import sources_of
from cfmap.indicators.people import CITY, people_words
from cfmap.indicators.rule import town_names
from cfmap.model import AGE_BANDS
from cfmap.model.edition import Indicator

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from cfmap.model.edition import Edition, Severance

KIND_WORDS = {"road": ("主干道", "main roads"), "railway": ("铁路", "railways"), "water": ("河湖", "water")}
Bounds = tuple[float | None, float | None]


@dataclass(frozen=True)
class Ways:
    """
    Whose ways a family of indicators is about.

    Attributes
    ----------
    key
        First word of the indicators' ids.
    layer
        Where the children walk to.
    zh, en
        The way there, in words.
    to, to_en
        Where it ends.
    nearest, nearest_en
        Which one it is.
    """

    key: str
    layer: str
    zh: str
    en: str
    to: str
    to_en: str
    nearest: str
    nearest_en: str

    @property
    def count(self) -> str:
        """Id of the number of children."""
        return f"{self.key}.without_help"

    @property
    def share(self) -> str:
        """Id of their share."""
        return f"{self.key}.without_help_share"


TO_SCHOOL = Ways(
    "severance", "schools", "上学路上", "on the way to school", "学校", "school",
    "表里写明对口学校的走到那所，其余走到最近一所", "the one named for their community, else the nearest",
)  # fmt: skip
TO_KINDERGARTEN = Ways(
    "severance_kindergartens",
    "kindergartens",
    "入园路上",
    "on the way to kindergarten",
    "幼儿园",
    "kindergarten",
    "走到最近一所，由大人送",
    "the nearest, brought by an adult",
)
EVERY = (TO_SCHOOL, TO_KINDERGARTEN)


def severance(edition: Edition) -> Iterator[Indicator]:
    """
    Children whose shortest walk to school crosses without help: how many (``severance.without_help``), and of all with a walk (``_share``, per cent).

    The lower bound counts crossings that are known to have no help, the upper one those of which nothing is known as well; the value is
    None while the two differ. Children without a number, without a walk or without a street near are in neither. Nothing where schools or
    children are not known.
    """
    return _figures(edition, TO_SCHOOL)


def kindergarten_severance(edition: Edition) -> Iterator[Indicator]:
    """As :func:`severance`, of small children on the way to kindergarten (``severance_kindergartens.…``); they are in no figure of schools."""
    return _figures(edition, TO_KINDERGARTEN)


def _figures(edition: Edition, ways: Ways) -> Iterator[Indicator]:
    if edition.severance is None or ways.layer not in edition.severance.columns:
        return
    table = bounds(edition.severance, ways.layer)
    walkers = f"有路走到{ways.to}的{_ages(edition.severance, ways.layer)}儿童"
    yield _indicator(edition, ways, table, ways.count, f"{ways.zh}过街没有设施的儿童", f"Children who cross without help {ways.en}", "人", walkers)
    walking = table["walkers"].where(table["walkers"] > 0)
    share = table.assign(low=(100.0 * table["low"] / walking).round(6), high=(100.0 * table["high"] / walking).round(6))
    yield _indicator(edition, ways, share, ways.share, f"{ways.zh}过街没有设施的儿童占比", f"Share of children who cross without help {ways.en}", "%", walkers)


def bounds(found: Severance, layer: str = TO_SCHOOL.layer) -> pd.DataFrame:
    """Of one layer's children by town, ``""`` = all: ``walkers`` (with a walk), ``low`` and ``high`` (who cross without help at least, at most)."""
    table = children_by_state(found.origins[found.origins["layer"].eq(layer)])
    walkers = table[["safe", "unsafe", "unknown"]].sum(axis=1)
    return table.assign(walkers=walkers, low=table["unsafe"], high=table["unsafe"] + table["unknown"])[["walkers", "low", "high", "uncounted"]]


def _indicator(edition: Edition, ways: Ways, table: pd.DataFrame, key: str, title: str, title_en: str, unit: str, denominator: str) -> Indicator:
    found = edition.severance
    assert found is not None  # noqa: S101 - asked only then
    towns = [town for town in table.index if town != CITY]
    towns = [t for t in town_names(edition) if t in towns] + [t for t in towns if t not in town_names(edition)]
    pairs = {town: _pair(table, town) for town in (*towns, CITY)}
    low, high = pairs[CITY]
    kinds = [KIND_WORDS[kind] for kind in found.known]
    zh = (
        f"沿街道走到{ways.to}最短的一条路（{ways.nearest}）"
        f"要横穿{'、'.join(zh for zh, _ in kinds)}，过的地方 15 米内没有信号灯、斑马线、天桥或地道。"
        "走天桥、地道不算横穿，沿着主干道走也不算；下限只数写明没有设施的，上限加上没有资料的。"
    )
    en = (
        f"Children whose shortest walk along streets to {ways.to_en} ({ways.nearest_en}) crosses {', '.join(e for _, e in kinds)} "
        "with no signal, marked crossing, bridge or subway within 15 m. A walk over a bridge, through a subway or along a main road is no crossing. "
        "The lower bound counts crossings known to have no help, the upper one also those of which nothing is known."
    )
    data = edition.layers.get(ways.layer)
    people = (edition.population.source,) if edition.population is not None else ()
    when = edition.population.data_date if edition.population is not None else None
    partial = bool(int(table["uncounted"].loc[CITY])) or low != high
    return Indicator(
        id=key,
        title=title,
        title_en=title_en,
        value=low if low == high else None,
        lower=None if low == high else low,
        upper=None if low == high else high,
        by_town={town: (pairs[town][0] if pairs[town][0] == pairs[town][1] else None) for town in towns},
        bounds_by_town={town: pairs[town] for town in towns if pairs[town][0] != pairs[town][1]},
        unit=unit,
        denominator=denominator,
        definition=zh.removesuffix("。") + people_words(edition)[0] + "。",
        definition_en=en.removesuffix(".") + people_words(edition)[1] + ".",
        data_date=when.isoformat() if when is not None else "",
        sources=tuple(dict.fromkeys([*(sources_of(data, edition.city) if data is not None else ()), *people, edition.city.network.attribution])),
        status="unknown" if low is None else "partial" if partial else "ok",
    )


def _pair(table: pd.DataFrame, town: str) -> Bounds:
    """Bounds of a town; None where nobody there has a walk whose number is known."""
    walkers, low, high = (float(table[column].loc[town]) for column in ("walkers", "low", "high"))
    return (low, high) if walkers > 0 else (None, None)


def _ages(found: Severance, layer: str) -> str:
    return "、".join(AGE_BANDS[c][0].removesuffix("人口") if c in AGE_BANDS else c for c in found.columns[layer])


__all__ = ["EVERY", "Ways", "bounds", "kindergarten_severance", "severance"]
