"""With which font can Chinese be printed here?"""

from __future__ import annotations

from functools import cache

#: Families that hold simplified Chinese, the usual ones of Windows, macOS and Linux first; the first that is installed is used.
FAMILIES = (
    "Microsoft YaHei",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "SimHei",
    "DengXian",
    "Heiti SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
)


@cache
def family() -> str | None:
    """Name of the first family of :data:`FAMILIES` that this computer has; None when it has none of them."""
    import typst

    there = set(typst.Fonts().families()) if hasattr(typst, "Fonts") else set()
    return next((name for name in FAMILIES if name in there), None)
