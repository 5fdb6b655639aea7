"""What stands where there is no number, so that nobody reads 0?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cfmap.model.edition import Indicator, LayerData

UNKNOWN = "未知"
HIDDEN = "不公布"  # small counts of children, and what would give them away
NOBODY = "人口表里没有"  # a town where nobody is of that age
#: A town without sites of this kind, or whose sites have no road for motor traffic near.
NO_STREET = {
    "perimeter": "没有学校或周边没有机动车道",
    "perimeter_kindergartens": "没有幼儿园或周边没有机动车道",
    "perimeter_all": "没有学校、幼儿园或周边没有机动车道",
}
NOT_ONE = "一处也没有"  # the tables that were handed in are empty; what nobody handed in is UNKNOWN


def absent(indicator: Indicator, town: str) -> str:
    """Why a town has no number of its own."""
    if town in indicator.hidden:
        return HIDDEN
    if town in indicator.nobody:
        return NO_STREET.get(indicator.id.partition(".")[0], NOBODY)
    return UNKNOWN


def is_empty(data: LayerData) -> bool:
    """Whether a layer holds no site at all, of whatever status."""
    return not len(data.sites) and not len(data.unlocated)
