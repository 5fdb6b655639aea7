"""How many children is each school for? What the school says, and beside it the children for whom it is the nearest."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from cfmap.coverage.sources import POINT_LIMIT_M, identified
from cfmap.planning.pupils import BANDS, pupils

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd

    from cfmap.coverage.sources import Sources
    from cfmap.model import Population
    from cfmap.network import Network


@dataclass(frozen=True)
class Heads:
    """
    Children of schools, by id; a school that is in neither table has an unknown number, not none.

    Attributes
    ----------
    pupils
        On the school's roll, as it says itself.
    children
        Residents of its age whose nearest one it is, from the table of people.
    """

    pupils: Mapping[str, float] = field(default_factory=dict)
    children: Mapping[str, float] = field(default_factory=dict)

    def on_roll(self, schools: Iterable[str]) -> tuple[float, int]:
        """Pupils of the schools that say how many (NaN where none does), and how many do not."""
        return _added(self.pupils, schools)

    def nearest(self, schools: Iterable[str]) -> tuple[float, int]:
        """Children whose nearest school is one of these (NaN where of none known), and of how many schools it is not known."""
        return _added(self.children, schools)

    def weights(self, schools: Iterable[str]) -> dict[str, float]:
        """What each school counts in an order: its pupils, else its children, else the median of the others; 1 where nobody knows any."""
        known = {key: self.pupils.get(key, self.children.get(key)) for key in schools}
        numbers = [n for n in known.values() if n is not None]
        middle = (median(numbers) if numbers else 1.0) or 1.0
        return {key: middle if n is None else n for key, n in known.items()}


def heads_of(network: Network, schools: gpd.GeoDataFrame, sources: Sources, population: Population | None, *, limit_m: float, column: str = "") -> Heads:
    """
    Both numbers of each school.

    Parameters
    ----------
    schools
        EPSG:4326 with ``id``, those in use; ``pupils`` and ``stage`` where known.
    sources
        Their doors, from :func:`cfmap.coverage.perimeter.school_doors`.
    population
        Places with ``pop_6_11, pop_12_14``; None or without them: no child is counted.
    limit_m
        Longest walk, metres: children without a school so near are at none.
    column
        The people of this column alone, to the nearest of all: small children to kindergartens. "" = the ages of compulsory schooling.

    Returns
    -------
    heads
        Children go to schools as :func:`cfmap.planning.pupils.pupils` sends them. A school for which a place has no number, or to which no
        place is nearest, is not in ``children``.
    """
    roll = on_roll(schools)
    if population is None or not len(schools) or not len(population.points) or not any(b in population.points for b in ([column] if column else BANDS)):
        return Heads(roll)
    table = identified(population.points.rename_axis("id").reset_index(), "origins")
    if column:
        table = table[["id", "geometry"]].assign(children=table[column])
    places = network.snap(table.geometry.map(lambda g: g if g.geom_type == "Point" else g.representative_point()), limit_m=POINT_LIMIT_M)
    sent = pupils(network, sources, places, table, schools=identified(schools, "schools"), limit_m=limit_m)
    ids, count = sources.ids[sent["school"].to_numpy(dtype=np.int64)].tolist(), sent["children"].tolist()
    found: dict[str, float] = {}
    for key, number in zip(ids, count, strict=True):
        found[str(key)] = found.get(str(key), 0.0) + number
    return Heads(roll, {key: number for key, number in found.items() if not np.isnan(number)})


def on_roll(schools: gpd.GeoDataFrame) -> dict[str, float]:
    """Pupils of the schools that say how many they have."""
    import pandas as pd

    if "pupils" not in schools:
        return {}
    ids = schools["id"] if "id" in schools else schools.index.to_series()
    numbers = pd.to_numeric(schools["pupils"], errors="coerce").astype("Float64")
    return {str(key): float(n) for key, n in zip(ids, numbers, strict=True) if not pd.isna(n) and n >= 0}


def _added(numbers: Mapping[str, float], schools: Iterable[str]) -> tuple[float, int]:
    every = list(schools)
    known = [numbers[key] for key in every if key in numbers]
    return (sum(known) if known else float("nan")), len(every) - len(known)


__all__ = ["Heads", "heads_of", "on_roll"]
