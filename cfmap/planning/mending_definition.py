"""How the mending list is ranked and counted, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.coverage.perimeter import COVERED_WORDS
from cfmap.planning.mending_words import SPARE
from cfmap.planning.prices import price_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cfmap.model import City

#: What comes first, Chinese and English, by the setting.
ORDERS: Mapping[str, tuple[str, str]] = {
    "children": (
        "前面的都做了，下一条总是能让最多孩子的学校变成安全的那一条；一样多的，先排占各校所缺最多的",
        "with all before it done, next always the action that makes the schools of most children safe; of equal ones the largest part of what is lacking",
    ),
    "schools": (
        "前面的都做了，下一条总是能让最多学校、幼儿园变成安全的那一条；一样多的，先排占各校所缺最多的",
        "with all before it done, the next is always the action that makes most schools safe; of equal ones the largest part of what is lacking",
    ),
    "cost": (
        "一组一组排：前面的都做了，下一组总是每一万元能让最多孩子的学校变成安全的那几条，少一条都不行；组里便宜的在前",
        "set by set: next always the set that makes the schools of most children safe for each 10,000 yuan, none of it missing; in it the cheapest first",
    ),
}


def definitions(city: City) -> tuple[str, str]:
    """How the list is ranked and counted, Chinese and English."""
    covered, covered_en = COVERED_WORDS[city.safety.covered]
    metres = f"{city.safety.route_m:g}"
    last, last_en = (f"“{SPARE[0]}”的排在最后。", " What can be left out stands last.") if city.safety.covered == "length" else ("", "")
    (order, order_en), (money, money_en) = ORDERS[city.safety.mending.rank], _money_words(city)
    zh = (
        f"{covered}。排序：{order}。{last}"
        f"在校生是学校上报的人数，幼儿园的是在园幼儿；"
        f"就近儿童是人口表里 6–14 岁（幼儿园是 3–5 岁）、走路 {metres} 米以内、最近的收这个年龄的学校（幼儿园）是它的人数（学籍和学区不在数据里）。"
        "排序用在校生，没有上报的用就近儿童，两样都没有的按其他学校的中位数。没有资料不等于不安全：先去看，可能不用花钱。"
        f"前后对照是把这些条当作已经做好，按同一张规则表重新算的。{money}"
    )
    en = (
        f"{covered_en[0].upper()}{covered_en[1:]}. Order: {order_en}.{last_en} Pupils are as the school reports them, "
        f"of a kindergarten its children; nearest children are residents aged 6-14 "
        "(3-5 of kindergartens) "
        f"within {metres} m on foot whose nearest school for their age it is (catchment areas are not in the data). The order goes by pupils, else by nearest "
        "children, else by the median of the other schools. Not known is not unsafe: look first, it may cost nothing. Before and after are judged by the same "
        f"rules as if these were done.{money_en}"
    )
    return zh, en


def _money_words(city: City) -> tuple[str, str]:
    """At which prices costs are counted, and what they are the costs of."""
    zh, en = price_words(city.safety.mending.prices)
    if not zh:
        return "", ""
    told = (
        f"费用＝数量 × 单价（本地设定：{zh}）；没有单价的是不知道，不是不花钱。没有资料的也按要做算，去看了可能不用花。"
        "一所学校的费用是它名下各条的合计（可以不做的除外）；几所合用的一条，在每一所里都算，在乡镇、全市只算一次，所以各校相加比全市多。"
        "每万元的孩子＝在校（园）生（没报的用就近儿童）÷ 费用；有一所两样都没有，或者有一条没有单价，就是未知。"
    )
    told_en = (
        f" A cost is quantity x price (as set here: {en}); what has no price is not known, not free. What nobody knows is counted as if it had to be done. "
        "The cost of a school is the sum of its actions, without those that can be left out; one that several schools need is in the sum of each, and once in "
        "that of a town and of the city, so that schools add up to more. Children for 10,000 yuan are pupils (nearest children where a school does not say) "
        "over the cost; unknown where a school has neither, or a price is missing."
    )
    return told, told_en


__all__ = ["definitions"]
