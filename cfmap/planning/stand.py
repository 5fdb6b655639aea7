"""How safe is it round all schools, before and after something is done?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cfmap.coverage.perimeter import school_summary, street_metres
from cfmap.coverage.perimeter.figures import NONE
from cfmap.planning.needs import supposed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

    from cfmap.coverage.perimeter import Covered
    from cfmap.coverage.safety import State
    from cfmap.planning.mending import Action

STEPS = (1, 5, 10, 20)  # after how many actions it is counted again, besides before and after all


@dataclass(frozen=True)
class Stand:
    """
    How safe it is round all schools.

    Attributes
    ----------
    schools
        As :func:`cfmap.coverage.perimeter.school_summary` gives them.
    metres
        Of streets by state, each street side once.
    """

    schools: pd.DataFrame
    metres: Mapping[State, float]

    def interval(self) -> tuple[float, float, int, int, int]:
        """Per cent of the length that is safe, and safe or unknown; schools that are safe, may be, and all with a road."""
        total = sum(self.metres.values())
        known, unsafe = self.metres["safe"], self.metres["unsafe"]
        share = (float("nan"), float("nan")) if not total else (100.0 * known / total, 100.0 - 100.0 * unsafe / total)
        counted = self.schools[self.schools["state"].ne(NONE)]
        return *share, int(counted["state"].eq("safe").sum()), int(counted["state"].isin(["safe", "unknown"]).sum()), len(counted)


@dataclass(frozen=True)
class Outcome:
    """Before and after."""

    before: Stand
    after: Stand

    def turned(self) -> list[str]:
        """Schools that become safe."""
        before, after = self.before.schools["state"], self.after.schools["state"]
        return [str(key) for key in before.index if before[key] != "safe" and after[key] == "safe"]


def stand(
    segments: gpd.GeoDataFrame, schools: gpd.GeoDataFrame, *, covered: Covered = "every", doors: gpd.GeoDataFrame | None = None, strict: bool = False
) -> Stand:
    """Parameters as :func:`cfmap.coverage.perimeter.school_summary`."""
    return Stand(school_summary(segments, schools, covered=covered, doors=doors, strict=strict), street_metres(segments, strict=strict))


def steps(
    segments: gpd.GeoDataFrame,
    schools: gpd.GeoDataFrame,
    ranked: Sequence[Action],
    *,
    rule_set: str = "default",
    covered: Covered = "every",
    doors: gpd.GeoDataFrame | None = None,
    at: Sequence[int] = STEPS,
) -> list[tuple[int, Stand]]:
    """
    What comes of the first actions of a list.

    Returns
    -------
    steps
        After how many actions, and how safe it is then: 0, those of `at` that are fewer than all, all. No bound ever falls.
    """
    counts = dict.fromkeys((0, *(k for k in at if k < len(ranked)), len(ranked)))
    found = []
    for k in counts:
        done = [place for action in ranked[:k] for place in action.places]
        after = supposed(segments, done, rule_set=rule_set) if k else segments
        found.append((k, stand(after, schools, covered=covered, doors=doors, strict=rule_set == "strict")))
    return found


__all__ = ["STEPS", "Outcome", "Stand", "stand", "steps"]
