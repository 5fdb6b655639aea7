"""What is said about children within reach: how fit the streets are for the question, each number with its range, and nothing of small counts in public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cfmap.coverage.people import CITY_ROW
from cfmap.coverage.people_range import USUAL, Assumptions
from cfmap.coverage.sources import RURAL_POINT_LIMIT_M
from cfmap.network.walkability import HIGHWAY_CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas as gpd

    from cfmap.model.messages import Lang
    from cfmap.network import Network

SMALL = 9  # children; METHODS: counts of 1-9 are not published
PUBLIC = ("town", "children", "covered", "low", "high", "cause")
FOOTWAYS = ("footway", "path", "pedestrian", "living_street", "steps")
CAUSES = {
    "": ("没有", "none"),
    "pace": ("幼儿走得慢（{child:.0f} 米而不是 {metres:.0f} 米）", "a small child is slower ({child:.0f} m, not {metres:.0f})"),
    "snapping": ("家离街道多远还算走得出去（{near:.0f}–{far:.0f} 米）", "how far from a street a home may be ({near:.0f}-{far:.0f} m)"),
    "gates": ("小区大门和私有道路开不开", "whether gates and private ways are open"),
    "unlocated": ("有点位没有坐标", "sites without coordinates"),
    "placement": ("孩子住在社区的哪一头", "where in a community its children live"),
}


@dataclass(frozen=True)
class Fitness:
    """
    How fit a network is to answer.

    Attributes
    ----------
    source, timestamp
        File and date of its data ("" = it does not say).
    km, main_share, footway_share
        Length; shares of length in the largest component, and on ways for walkers alone (0-1; None without streets).
    sites_m, homes_m
        Straight way to the nearest street, median and 95th percentile, metres; None where there is none.
    """

    source: str
    timestamp: str
    km: float
    main_share: float | None
    footway_share: float | None
    sites_m: tuple[float, float] | None
    homes_m: tuple[float, float] | None


def fitness(network: Network, sites: gpd.GeoDataFrame, people: gpd.GeoDataFrame) -> Fitness:
    """Measure a network against the places it is asked about; those farther than 500 m from any street are in no percentile."""
    metres = network.edge_mm / 1000.0
    whole = float(metres.sum())
    foot = np.isin(network.edge_class, [k for k, name in enumerate(HIGHWAY_CLASSES) if name in FOOTWAYS])
    main = network.node_component[network.edge_u] == 0

    def away(table: gpd.GeoDataFrame) -> tuple[float, float] | None:
        points = table.geometry.to_crs(4326).representative_point() if len(table) else table.geometry
        snapped = network.snap(points, limit_m=RURAL_POINT_LIMIT_M)
        near = snapped.connector_mm[snapped.on_network] / 1000.0
        return (float(np.median(near)), float(np.percentile(near, 95))) if len(near) else None

    main_share, foot_share = (float(metres[part].sum()) / whole if whole else None for part in (main, foot))
    return Fitness(network.source, network.timestamp, whole / 1000.0, main_share, foot_share, away(sites), away(people))


def without_small(table: pd.DataFrame) -> pd.DataFrame:
    """
    Give the part of the answer that may be public: columns :data:`PUBLIC`, rows that would show 1-9 children emptied.

    A row goes when its children, those covered or not, or the distance of the covered from either end are 1-9. At least two
    towns are then hidden, and together not 1-9 in any column, lest one follow from the city's row.
    """
    shown = table[list(PUBLIC)].copy()
    numbers = ["children", "covered", "low", "high"]
    told = pd.DataFrame({n: shown[n] for n in numbers})
    told["not"] = told["children"] - told["covered"]
    told["below"], told["above"], told["never"] = told["covered"] - told["low"], told["high"] - told["covered"], told["children"] - told["high"]
    gone = told.apply(lambda row: bool(row.map(_small).any()), axis=1)
    towns = shown["town"] != CITY_ROW
    while gone[towns].any() and not gone[~towns].any():
        hidden = told[gone & towns]
        left = told.index[towns & ~gone]
        if not len(left) or (len(hidden) > 1 and not hidden.sum().map(_small).any()):
            break
        gone[told.loc[left, "children"].idxmin()] = True
    shown.loc[gone, numbers] = np.nan
    shown.loc[gone, "cause"] = ""
    return shown


def _small(count: float) -> bool:
    return bool(0 < count < SMALL + 0.5)


def told(table: pd.DataFrame, card: Fitness, *, age: str, source: str, public: bool, lang: Lang, assumptions: Assumptions = USUAL) -> Iterator[str]:
    """
    Lines for the terminal: the streets' fitness, the whole first and then each town, what a number rests on.

    A hidden number is called hidden, an unknown one unknown; neither is 0.
    """
    one = 0 if lang == "zh" else 1
    a = assumptions
    yield from _fitness_lines(card, one)
    yield ""
    who = ("常住人口", "residents") if age == "all" else (f"{age} 岁儿童", f"children aged {age}")
    yield (
        f"{who[0]}：沿街道 {a.metres:.0f} 米（15 分钟）内有一处的人数。括号里是最不利到最有利的范围，和最影响它的一个原因。人口：{source}",
        f"{who[1]} with a site within {a.metres:.0f} m along streets (15 minutes). In brackets the range from least to most favourable. People: {source}",
    )[one]
    for row in [*table[table["town"] == CITY_ROW].to_dict("records"), *table[table["town"] != CITY_ROW].to_dict("records")]:
        name = row["town"] or ("合计", "all")[one]
        if pd.isna(row["children"]):
            reason = ("为保护隐私不公布", "hidden for privacy") if public else ("没有人数，未知", "no numbers: unknown")
            yield f"  {name}{('：', ': ')[one]}{reason[one]}"
            continue
        yield f"  {name}{('：', ': ')[one]}{_row(row, one)}" + ("" if public else _rest(row, one)) + _because(row, a, one)
    yield (
        f"推婴儿车按 {a.stroller_m:.0f} 米、不走台阶另算，不在范围里。没有坐标的点位、不知道人数的社区见表。",
        f"With a pram {a.stroller_m:.0f} m without steps, apart from the range. Sites without coordinates and communities without numbers stand in the table.",
    )[one]
    if not public:
        yield ("内部资料，含 1–9 人的小数，不得公开；公开用 --public。", "Internal: counts of 1-9 are in it. For the public use --public.")[one]


def _row(row: Mapping[Any, Any], one: int) -> str:
    children = row["children"]
    if children == 0:
        return ("没有这个年龄的孩子", "nobody of this age")[one]
    numbers = (
        f"{row['covered']:,.0f}",
        f"{children:,.0f}",
        f"{row['covered'] / children:.0%}",
        f"{row['low'] / children:.0%}",
        f"{row['high'] / children:.0%}",
    )
    return ("{1} 人中 {0} 人走得到，{2}（{3}–{4}）", "{0} of {1}, {2} ({3}-{4})")[one].format(*numbers)


def _rest(row: Mapping[Any, Any], one: int) -> str:
    numbers = (f"{row['beyond']:,.0f}", f"{row['unreachable']:,.0f}", f"{row['off_network']:,.0f}")
    return ("；太远 {}，没有路 {}，离街道太远 {}", "; too far {}, no path {}, off the streets {}")[one].format(*numbers)


def _because(row: Mapping[Any, Any], a: Assumptions, one: int) -> str:
    cause = row["cause"]
    if not cause:
        return ""
    reason = CAUSES[cause][one].format(child=a.child_m, metres=a.metres, near=a.near_limit_m, far=a.far_limit_m)
    return f"{('；最影响：', '; moved most by: ')[one]}{reason}"


def _fitness_lines(card: Fitness, one: int) -> Iterator[str]:
    unknown = ("未知", "unknown")[one]
    main, foot = (unknown if share is None else f"{share:.1%}" for share in (card.main_share, card.footway_share))
    yield (
        f"街道数据：{card.source or '—'}，日期 {card.timestamp or unknown}，{card.km:,.0f} 公里；连成一片的占 {main}，人行专用的占 {foot}",
        f"Streets: {card.source or '-'}, dated {card.timestamp or unknown}, {card.km:,.0f} km; in one piece {main}, for walkers alone {foot}",
    )[one]
    for (zh, en), metres in ((("点位", "sites"), card.sites_m), (("社区", "communities"), card.homes_m)):
        if metres is not None:
            yield (
                f"{zh}离最近街道：一半在 {metres[0]:.0f} 米内，95% 在 {metres[1]:.0f} 米内",
                f"{en} to the nearest street: half within {metres[0]:.0f} m, 95 % within {metres[1]:.0f} m",
            )[one]
