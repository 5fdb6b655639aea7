"""How does a number stand in a cell?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfmap.coverage.perimeter.spoken import interval
from cfmap.publish.sheets import UNKNOWN

if TYPE_CHECKING:
    from cfmap.model.edition import Indicator

STATUS_TITLES = {"ok": "完整", "partial": "部分（见口径）", "unknown": "未知"}


def number(indicator: Indicator | None) -> Any:
    """A number; what stands in its place where it is not known; None where there is no such indicator."""
    if indicator is None:
        return None
    return indicator.value if indicator.value is not None else shown(indicator)


def shown(indicator: Indicator) -> str:
    """Give what stands in the place of a number that is not known: its bounds, or 未知."""
    lower, upper = indicator.lower, indicator.upper
    if lower is None and upper is None:
        return UNKNOWN
    if upper is None:
        return f"≥{lower:,.6g}"
    if lower is None:
        return f"≤{upper:,.6g}"
    return between(lower, upper, unit=indicator.unit)


def between(lower: float, upper: float, *, unit: str) -> str:
    """Both bounds of a number that is not known; of a share with the one decimal that known shares are shown with."""
    return interval(lower, upper).removesuffix("%") if unit == "%" else f"{lower:,.6g}–{upper:,.6g}"


def share(value: float) -> float | None:
    """Per cent with one decimal; what is neither nothing nor all is not shown as 0 or 100."""
    if value != value:
        return None
    return float(value) if value in (0.0, 100.0) else min(max(round(float(value), 1), 0.1), 99.9)
