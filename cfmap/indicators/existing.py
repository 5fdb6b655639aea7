"""Which sites count as existing, in which town do they lie, and how sure is that?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from cfmap.model.once import kept
from cfmap.model.schema import OPEN, STATUSES

if TYPE_CHECKING:
    import geopandas as gpd

    from cfmap.model.city import City, Source
    from cfmap.model.edition import Edition, LayerData

UNKNOWN = "未知"
EXISTING = (OPEN, UNKNOWN)  # what counts as there; the rest is counted apart
OTHERS = tuple(s for s in STATUSES if s not in EXISTING)


@dataclass(frozen=True)
class Sites:
    """
    The sites of a layer as numbers see them.

    Attributes
    ----------
    existing
        DataFrame, one row per site in use or of unknown status, sites without coordinates included; columns of the
        layer plus ``town_known`` (name of the town, <NA> when neither the table nor the outline says).
    status_unknown, unlocated, townless
        How many of `existing` have no known status, no coordinates, no known town (0 where the city has no towns at all).
    others
        Status -> number of sites that do not count (being built, planned, closed).
    known
        Whether `existing` can be read as all there are: False when nobody handed anything in, and when
        map tags alone are the source and show nothing (not mapped is not "none").
    only_mapped
        Whether the layer comes from map tags alone: the number is then a lower bound.
    """

    existing: pd.DataFrame
    status_unknown: int
    unlocated: int
    townless: int
    others: dict[str, int]
    known: bool
    only_mapped: bool

    @property
    def count(self) -> int:
        """Number of existing sites."""
        return len(self.existing)


def sites_of(data: LayerData, edition: Edition) -> Sites:
    """Sort a layer's sites into those that count and those that do not; the input stays as it is."""
    return kept(_sites_of, data, edition)


def _sites_of(data: LayerData, edition: Edition) -> Sites:
    located = pd.DataFrame(data.sites.drop(columns="geometry", errors="ignore"))
    located["town_known"] = towns_of(data.sites, edition.towns)
    unlocated = pd.DataFrame(data.unlocated).drop(columns="geometry", errors="ignore")
    unlocated["town_known"] = towns_of(unlocated, edition.towns)
    tables = [t for t in (located.assign(located=True), unlocated.assign(located=False)) if len(t)]
    everything = pd.concat(tables, ignore_index=True) if tables else located.assign(located=True)
    current = ~(years_of(everything) > edition.year)  # those without a year stay
    status = everything["status"].astype("string").fillna(UNKNOWN)
    everything, status = everything[current], status[current]
    existing = everything[status.isin(EXISTING)].reset_index(drop=True)
    only_mapped = _only_mapped(data, edition.city)
    handed_in = bool(data.inputs or data.rows_read or len(everything) or _sources(data, edition.city))
    return Sites(
        existing=existing,
        status_unknown=int((status == UNKNOWN).sum()),
        unlocated=int((~existing["located"].astype(bool)).sum()),
        townless=0 if edition.towns is None and existing["town_known"].isna().all() else int(existing["town_known"].isna().sum()),
        others={s: int((status == s).sum()) for s in OTHERS if (status == s).any()},
        known=handed_in and not (only_mapped and existing.empty),
        only_mapped=only_mapped,
    )


def years_of(sites: pd.DataFrame) -> pd.Series:
    """Year of every site as float, index kept; NaN = unknown."""
    return pd.Series(pd.to_numeric(sites["year"], errors="coerce").to_numpy(dtype=float, na_value=float("nan")), index=sites.index)


def towns_of(sites: pd.DataFrame, towns: gpd.GeoDataFrame | None) -> pd.Series:
    """
    Town of every site, index kept: the name in the table when it is a town of the outline, else the outline it lies in.

    Without an outline the name in the table is taken. <NA> where nothing says; a site on a shared border goes to the
    town that comes first.
    """
    declared = sites["town"].astype("string").str.strip() if "town" in sites else pd.Series(pd.NA, index=sites.index, dtype="string")
    declared = declared.mask(declared == "")
    if towns is None:
        return declared
    town = declared.where(declared.isin([str(n) for n in towns["name"]]))
    lost = town.isna()
    if "geometry" in sites and lost.any():
        import geopandas as gpd

        points = gpd.GeoDataFrame(geometry=sites.loc[lost, "geometry"].representative_point(), crs=towns.crs)
        inside = points.sjoin(towns[["name", "geometry"]], predicate="intersects")
        inside = inside.sort_values("index_right", kind="stable")
        first = inside[~inside.index.duplicated()]["name"].astype("string")
        town.loc[first.index] = first
    return town


def sources_of(data: LayerData, city: City) -> tuple[str, ...]:
    """Files that a layer was read from, and the attribution of the street data where map tags are a source."""
    files = {i.path for i in data.inputs}
    declared = _sources(data, city)
    if any(s.osm for s in declared):
        files.discard(city.network.source)
        return (*sorted(files), city.network.attribution)
    return tuple(sorted(files))


def date_of(data: LayerData, city: City) -> str:
    """ISO date of a layer's data: the oldest its sources declare, else the edition's, else the latest of its rows; "" unknown."""
    declared = [s.data_date for s in _sources(data, city) if s.data_date]
    if declared:
        return min(declared).isoformat()
    if city.edition.data_date:
        return city.edition.data_date.isoformat()
    dates = data.sites["source_date"].dropna().astype(str) if "source_date" in data.sites else pd.Series(dtype=str)
    dates = dates[dates.str.strip() != ""]
    return str(dates.max())[:10] if len(dates) else ""


def _sources(data: LayerData, city: City) -> tuple[Source, ...]:
    section = city.layers.get(data.layer.key)
    return section.sources if section else ()


def _only_mapped(data: LayerData, city: City) -> bool:
    sources = _sources(data, city)
    return bool(sources) and all(s.osm for s in sources)
