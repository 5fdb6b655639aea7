"""How unequal are the towns in what their children can walk to?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cfmap.coverage.people import NO_TOWN
from cfmap.indicators.coverage_shares import date_of_coverage, for_people, missing_people, sources_of_coverage
from cfmap.indicators.people import CITY, Group, audience, reached
from cfmap.model.edition import Indicator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike

    from cfmap.model.edition import Coverage, Edition

MIN_TOWNS = 2


def gini(values: ArrayLike, weights: ArrayLike) -> float:
    """
    Gini coefficient of values that groups of people share: 1 - twice the area below the Lorenz curve.

    Parameters
    ----------
    values
        Of each group, 0 or more, in any order.
    weights
        People of each group, more than 0.

    Returns
    -------
    coefficient
        From 0 (all alike) to below 1; NaN when every value is 0, since there is nothing to be shared. Neither a common factor of the values nor
        one of the weights changes it. Formula: Brown, Social Science & Medicine 38 (9), 1994, 1243-1256.
    """
    value, people = np.asarray(values, dtype=float), np.asarray(weights, dtype=float)
    order = np.argsort(value, kind="stable")
    of_people, of_value = (np.concatenate([[0.0], np.cumsum(x[order])]) for x in (people, people * value))
    area = np.sum(np.diff(of_people) * (of_value[1:] + of_value[:-1]))
    return float(1.0 - area / (of_people[-1] * of_value[-1])) if of_value[-1] > 0 else float("nan")


def coverage_gini(edition: Edition) -> Iterator[Indicator]:
    """
    Gini coefficient between towns of the share within walking reach (``gini.<coverage>.<group>.<metres>``), at each coverage's headline limit.

    Unit: none, 0 to 1. Formula: :func:`gini` of the towns' shares (people of the group within the limit / all of them), weighted by the
    people of the group in each town; towns without any weigh nothing. Denominator of the shares: people of the group in the town. It says how unlike
    the towns are, not how well any of them is served, and knows nothing of differences inside a town. People of no known town are left out,
    and said so.

    None, never 0: with fewer than two towns with such people, where some community lacks its number or a town's share is unknown, and when nobody
    anywhere is reached (all alike, but of nothing).

    One number of the whole may still give a single town away: whoever knows all towns but two, and the city, has one unknown left, and the
    coefficient is an equation for it. So a public edition withholds it as soon as any town's number behind it is hidden
    (:func:`cfmap.publish.suppression.hidden`); where none is, it says nothing that the towns' public shares do not.
    """
    for coverage in for_people(edition):
        for group in audience(coverage.layer):
            yield _between_towns(coverage, group, edition)


def _between_towns(coverage: Coverage, group: Group, edition: Edition) -> Indicator:
    table = reached(coverage, group)
    outside = float(table["total"].to_numpy(dtype=float)[table.index == NO_TOWN].sum())
    towns = table[~table.index.isin([CITY, NO_TOWN])]
    numbers = towns[["total", f"covered_{coverage.headline:.0f}"]].to_numpy(dtype=float)
    lost = len(missing_people(coverage, group, edition))
    unknown = bool(lost) or not len(numbers) or bool(np.isnan(numbers).any()) or bool(np.isnan(outside))
    total, covered = numbers[numbers[:, 0] > 0].T if not unknown else np.empty((2, 0))
    value = gini(covered / total, total) if len(total) >= MIN_TOWNS else float("nan")
    if unknown:
        said = (f"有的社区或乡镇街道缺{group.title}的人数，不知道", f"numbers of {group.title_en} are missing: unknown")
    elif len(total) < MIN_TOWNS:
        said = (f"有{group.title}的乡镇街道不到两个，无从比较", f"fewer than two towns with {group.title_en}: nothing to compare")
    elif np.isnan(value):
        said = ("没有一个乡镇街道有人走得到，无从比较", "nobody in any town is reached: nothing to compare")
    else:
        said = (f"{outside:,.0f} 人没有归入乡镇街道，不在内", f"{outside:,.0f} people of no known town are left out") if outside else ("", "")
    limit = f"{coverage.headline:,.0f} m"
    formula = f"各乡镇街道 {limit} 以内的{group.title}比例，按各自的{group.title}人数加权的基尼系数（1 − 洛伦兹曲线下面积的两倍）；0 是处处一样，越大越不均"
    formula_en = (
        f"Gini coefficient of the towns' shares of {group.title_en} within {limit}, weighted by their numbers (1 - twice the area below the Lorenz "
        "curve); 0 = all towns alike, larger = less equal"
    )
    return Indicator(
        id=f"gini.{coverage.key}.{group.key}.{coverage.headline:.0f}",
        title=f"乡镇街道之间的差距（基尼系数） · {group.title} · {coverage.title}（{limit}）",
        title_en=f"Inequality between towns (Gini) · {group.title_en} · {coverage.title_en} ({limit})",
        value=None if np.isnan(value) else round(max(value, 0.0), 6),
        unit="（0–1）",
        denominator=f"各乡镇街道的{group.title}",
        definition="；".join(filter(None, [formula, said[0]])),
        definition_en="; ".join(filter(None, [formula_en, said[1]])),
        data_date=date_of_coverage(coverage, edition),
        sources=sources_of_coverage(coverage, edition),
        status="unknown" if np.isnan(value) else ("partial" if outside else "ok"),
    )
