"""How many people live within reach, beyond it, and where no street leads them: by town and for the city."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cfmap.coverage.sources import listed
from cfmap.model import AGE_BANDS, fault
from cfmap.model.once import kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd

    from cfmap.model import Fault, Population

NO_TOWN = "未归入乡镇街道"  # the row of people whose town is not known
CITY_ROW = ""


def people_within(
    points_reach: pd.DataFrame, population: Population, towns: gpd.GeoDataFrame | None = None, *, bands: Sequence[float], headline: float
) -> pd.DataFrame:
    """
    People covered, not covered and unreachable.

    Parameters
    ----------
    points_reach
        Result of :func:`cfmap.coverage.reach.reach` for the population's points, rows found by ``id``.
    population
        Points with people by age; NaN is unknown.
    towns
        Outlines with ``name``, EPSG:4326. The point's own town counts where it is one of them, else the outline
        it lies in. None: the points' own towns.
    bands
        Walking distances in metres, connectors included, each inclusive.
    headline
        Of them the one that decides between covered and not.

    Returns
    -------
    people
        One row per town in order of name, a row :data:`NO_TOWN` when some people belong to none, and a last row
        ``town = ""`` for the city. For each column c of people: ``c``, ``c_covered_<band>``, ``c_not``,
        ``c_unreachable`` (no path, or off the network). Covered at the headline + not + unreachable = total, and
        the towns add up to the city. Unknown numbers are left out of every sum (:func:`population_faults` names
        them); where all of a town's numbers are unknown its sums are NaN, not 0; a town without points has 0.

    Raises
    ------
    ValueError
        When `headline` is not among `bands`, or a point of the population has no row in `points_reach`.
    """
    import pandas as pd

    if headline not in bands:
        msg = f"headline {headline} m is not among the bands {list(bands)}"
        raise ValueError(msg)
    points = population.points
    reached = points_reach.set_index("id") if "id" in points_reach else points_reach
    absent = points.index.difference(reached.index)
    if len(absent):
        msg = f"no reach was computed for the population points {listed(absent)}"
        raise ValueError(msg)
    reached = reached.loc[points.index]
    metres = (reached["network_m"] + reached["connector_m"]).to_numpy(dtype=float).round(3)
    gone = reached["status"].isin(["unreachable", "off_network"]).to_numpy()
    within = {band: ~gone & (metres <= round(band, 3)) for band in bands}

    town = towns_of(points, towns)
    parts: dict[str, pd.Series] = {}
    for column in _people_columns(points):
        people = points[column].astype(float)
        parts[column] = people
        for band in bands:
            parts[f"{column}_covered_{band:g}"] = people.where(within[band] | people.isna(), 0.0)
        parts[f"{column}_not"] = people.where((~gone & ~within[headline]) | people.isna(), 0.0)
        parts[f"{column}_unreachable"] = people.where(gone | people.isna(), 0.0)
    table = pd.DataFrame(parts, index=points.index)
    names = sorted({*(towns["name"] if towns is not None else ()), *town[town != NO_TOWN]})
    by_town = table.groupby(town.to_numpy()).sum(min_count=1).reindex([*names, *([NO_TOWN] if (town == NO_TOWN).any() else [])])
    by_town.loc[~by_town.index.isin(town)] = 0.0
    by_town.loc[CITY_ROW] = table.sum(min_count=1)
    return by_town.rename_axis("town").reset_index()


def towns_of(points: gpd.GeoDataFrame, towns: gpd.GeoDataFrame | None) -> pd.Series:
    """Town of each point (index kept): its own where that is a known town, else by outline, else :data:`NO_TOWN`."""
    return kept(_towns_of, points, towns)


def _towns_of(points: gpd.GeoDataFrame, towns: gpd.GeoDataFrame | None) -> pd.Series:
    import geopandas as gpd
    import pandas as pd

    own = (points["town"] if "town" in points else pd.Series(None, index=points.index, dtype=object)).astype(object)
    own = own.where(own.notna() & own.astype(str).str.strip().ne(""), None)
    if towns is None or not len(towns):
        return own.where(own.notna(), NO_TOWN)
    outlines = towns[["name", "geometry"]].sort_values("name", kind="stable").to_crs(4326)
    place = gpd.GeoDataFrame(geometry=points.geometry.values, crs=points.crs or 4326).to_crs(4326)
    joined = place.sjoin(outlines, how="left", predicate="intersects")
    located = joined["name"][~joined.index.duplicated()].reindex(range(len(points))).to_numpy(dtype=object)
    known = own.isin(set(towns["name"])).to_numpy()
    chosen = pd.Series(np.where(known, own.to_numpy(), located), index=points.index, dtype=object)
    return chosen.where(chosen.notna(), NO_TOWN)


def population_faults(population: Population, towns: gpd.GeoDataFrame | None = None) -> list[Fault]:
    """
    Look for what must stand beside a population figure: doubled points (W386), points in no town (W387), unknown
    numbers (W388, by column), zero people (I380, by column).
    """
    return kept(_population_faults, population, towns)


def _population_faults(population: Population, towns: gpd.GeoDataFrame | None) -> list[Fault]:
    points = population.units
    names = points["name"].where(points["name"].fillna("").astype(str).str.strip().ne(""), points.index) if "name" in points else points.index.to_series()
    found: list[Fault] = []
    doubled = points.geometry.to_wkb().duplicated(keep="first").to_numpy()
    if doubled.any() and not population.cells:  # towns share the cells on their border
        found.append(fault("W386", count=int(doubled.sum()), names=listed(names[doubled])))
    lost = (towns_of(points, towns) == NO_TOWN).to_numpy()
    if lost.any():
        found.append(fault("W387", count=int(lost.sum()), names=listed(names[lost]), label=NO_TOWN))
    for column in _people_columns(points):
        unknown, zero = points[column].isna().to_numpy(), points[column].eq(0).to_numpy()
        if unknown.any():
            found.append(
                fault(
                    "W388", group=AGE_BANDS[column][0], group_en=AGE_BANDS[column][1], count=int(unknown.sum()), names=listed(names[unknown].drop_duplicates())
                )
            )
        if zero.any():
            found.append(
                fault("I380", group=AGE_BANDS[column][0], group_en=AGE_BANDS[column][1], count=int(zero.sum()), names=listed(names[zero].drop_duplicates()))
            )
    return found


def _people_columns(points: gpd.GeoDataFrame) -> list[str]:
    return [c for c in AGE_BANDS if c in points]
