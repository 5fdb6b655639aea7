"""Units every room agrees on, and the walking paces with their sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

Metres = NewType("Metres", float)
Millimetres = NewType("Millimetres", int)
Minutes = NewType("Minutes", float)


@dataclass(frozen=True)
class Pace:
    """
    A walking pace.

    Parameters
    ----------
    key, title, title_en
        Name in settings, and its titles.
    metres_per_second
        Speed on the level, without waiting at signals.
    steps
        Whether stairs can be used.
    source
        Where the number comes from; printed beside every figure that uses it.
    """

    key: str
    title: str
    title_en: str
    metres_per_second: float
    steps: bool
    source: str

    def metres(self, minutes: float) -> float:
        """Metres walked in `minutes`."""
        return self.metres_per_second * 60.0 * minutes

    def minutes(self, metres: float) -> float:
        """Minutes needed for `metres`."""
        return metres / (self.metres_per_second * 60.0)


PACES = {
    p.key: p
    for p in (
        Pace("adult", "成人步行", "adult on foot", 10 / 9, steps=True, source="1,000 m in 15 min, upper end of the 15-minute circle of GB 50180-2018"),
        Pace("slow", "慢速步行", "slow walk", 8 / 9, steps=True, source="800 m in 15 min, lower end of the 15-minute circle of GB 50180-2018"),
        Pace("child", "幼儿步行", "child on foot", 0.88, steps=True, source="0.88 ± 0.2 m/s: Varela-Martinez et al. 2024, Int. J. Crashworthiness 29(5)"),
        Pace("stroller", "推婴儿车", "adult with stroller", 1.0, steps=False, source="setting; no measured source found"),
    )
}
