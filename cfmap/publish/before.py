"""What is different from the edition before, where one is published beside this one?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cfmap.indicators.diff import compare
from cfmap.model.errors import CfmapError
from cfmap.publish import siblings, snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from cfmap.indicators.diff import Diff
    from cfmap.model.edition import Edition


@dataclass(frozen=True)
class Before:
    """
    The edition before.

    Attributes
    ----------
    year
        Of the nearest earlier edition that is published, else of the nearest in the settings; None when this is the first.
    diff
        All that differs since; None where that edition is not published beside this one, or not as it was published.
    """

    year: int | None = None
    diff: Diff | None = None

    def words(self) -> str:
        """What there is to compare with."""
        if self.year is None:
            return "设置里没有更早的年份：这是第一版，没有上一版可比。"
        if self.diff is None:
            return f"{self.year} 年版没有发布在这一版旁边，无从比较；先运行 cfmap build --edition {self.year}，再建这一版。"
        return f"和已发布的 {self.year} 年版比；同一处按图层和编号认定，没有数据写“未知”，不按 0 比较。"


def look(edition: Edition, out: Path) -> Before:
    """
    Compare an edition, as it is going to be published in `out`, with the nearest earlier one of the same audience beside it.

    A number's change is told with its causes; that an earlier edition is damaged is no reason to stop this one.
    """
    earlier = sorted(y for y in edition.city.edition.editions if y < edition.year)
    there = [y for y in siblings.years(edition, out) if y < edition.year]
    if not there:
        return Before(earlier[-1] if earlier else None)
    year = there[-1]
    try:
        old, published = snapshot.of(siblings.folder(edition, out, year))
    except (CfmapError, OSError, ValueError, KeyError):
        return Before(year)
    if published.about.get("city") != edition.city.name:
        return Before(year)
    return Before(year, compare(old, snapshot.of_edition(edition)))
