"""Which numbers does an edition carry, and how is each defended?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.indicators.community_presence import community_presence
from cfmap.indicators.counts import counts, counts_by_year
from cfmap.indicators.coverage_shares import coverage_people, coverage_shares
from cfmap.indicators.inequality import coverage_gini
from cfmap.indicators.per_children import LAYERS as _HEALTH
from cfmap.indicators.per_children import per_thousand_children
from cfmap.indicators.perimeter_shares import all_shares, kindergarten_shares, perimeter_shares
from cfmap.indicators.places import childcare_places
from cfmap.indicators.presence import presence
from cfmap.indicators.rule import IndicatorRule
from cfmap.indicators.severance import kindergarten_severance, severance
from cfmap.indicators.unlocated import unlocated
from cfmap.indicators.use import use_of_places
from cfmap.model.once import once

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cfmap.model.edition import Edition, Indicator

_SITES, _TOWNS = frozenset({"sites"}), frozenset({"sites", "boundary"})
_PLACES, _STREETS = _TOWNS | {"people"}, _SITES | {"streets", "method"}
_CARE = _SITES | {"people"}
_SCHOOLS = ("schools", "school_gates")
_KINDERGARTENS = ("kindergartens", "school_gates")

INDICATORS: dict[str, IndicatorRule] = {
    rule.key: rule
    for rule in (
        IndicatorRule("counts", "各图层有多少处", "How many sites of each layer", counts, gap=False, rests_on=_TOWNS),
        IndicatorRule("years", "各年新增和累计多少处", "How many sites by year", counts_by_year, gap=False, rests_on=_SITES),
        IndicatorRule("unlocated", "各图层有多少处没有坐标", "How many sites lack coordinates", unlocated, rests_on=_SITES),
        IndicatorRule("presence", "每个乡镇街道是否至少有一处", "Does every town have one", presence, rests_on=_TOWNS),
        IndicatorRule("community_presence", "每个社区（村）是否至少有一处", "Does every community have one", community_presence, rests_on=_PLACES),
        IndicatorRule("coverage", "多少人步行可达", "Which share can walk to one", coverage_shares),
        IndicatorRule("people", "步行可达和不可达的人数", "How many people are reached and not", coverage_people),
        IndicatorRule("gini", "乡镇街道之间差多少", "How unequal are the towns", coverage_gini),
        IndicatorRule("places", "每千人口托位数", "Childcare places per 1,000 residents", childcare_places, rests_on=_PLACES, layers=("childcare",)),
        IndicatorRule("use", "托位用了多少", "How many childcare places are taken", use_of_places, rests_on=_TOWNS, layers=("childcare",)),
        IndicatorRule(
            "per_children", "每千名儿童床位数、儿科医师数", "Beds and paediatricians per 1,000 children", per_thousand_children, rests_on=_CARE, layers=_HEALTH
        ),
        IndicatorRule("severance", "上学路上过街没有设施的儿童", "Children who cross without help", severance, rests_on=_STREETS | {"people"}, layers=_SCHOOLS),
        IndicatorRule(
            "severance_kindergartens",
            "入园路上过街没有设施的儿童",
            "Small children who cross without help",
            kindergarten_severance,
            rests_on=_STREETS | {"people"},
            layers=_KINDERGARTENS,
        ),
        IndicatorRule("perimeter", "学校周边安全路段占比", "Safe streets round schools", perimeter_shares, rests_on=_STREETS, layers=_SCHOOLS),
        IndicatorRule(
            "perimeter_kindergartens",
            "幼儿园周边安全路段占比",
            "Safe streets round kindergartens",
            kindergarten_shares,
            rests_on=_STREETS,
            layers=_KINDERGARTENS,
        ),
        IndicatorRule(
            "perimeter_all",
            "学校和幼儿园周边安全路段占比",
            "Safe streets round schools and kindergartens",
            all_shares,
            rests_on=_STREETS,
            layers=(*_SCHOOLS, "kindergartens"),
        ),
    )
}


def compute(edition: Edition, *, rules: Mapping[str, IndicatorRule] = INDICATORS) -> tuple[Indicator, ...]:
    """
    All numbers of an edition, in the order of the rules.

    Parameters
    ----------
    edition
        Everything but its `indicators`, which are not looked at.
    rules
        Which rules; all by default.

    Returns
    -------
    indicators
        Ids are unique and begin with their rule's key. What is missing is None, never 0.
    """
    with once():
        found = [indicator for rule in rules.values() for indicator in rule.compute(edition)]
    ids = [i.id for i in found]
    if len(set(ids)) != len(ids):
        twice = sorted({i for i in ids if ids.count(i) > 1})
        msg = f"indicator ids stand twice: {', '.join(twice)}"
        raise ValueError(msg)
    return tuple(found)


__all__ = ["INDICATORS", "IndicatorRule", "compute"]
