"""Where on the streets does each site stand, and by which doors is it entered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cfmap.model import InputError, fault
from cfmap.network.pace import limit_millimetres, minutes_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    from numpy.typing import NDArray

    from cfmap.network import Network, Snapped

SITE_LIMIT_M = 100.0  # METHODS 1.1: beyond it a site is off the network
POINT_LIMIT_M = 250.0  # residential points in towns
RURAL_POINT_LIMIT_M = 500.0
NAMES_SHOWN = 5


@dataclass(frozen=True)
class Sources:
    """
    Sites brought to the streets.

    Attributes
    ----------
    table
        GeoDataFrame EPSG:4326 ``id, name, snap_m, status, geometry``, one row per site in order of id. `snap_m` is
        the straight way to the street, the shortest of the site's accesses, NaN when off the network; `status` is
        ok, far (over 50 m), island (streets not joined to the rest) or off_network.
    snapped
        One entry per access, in order of the sites.
    site
        Row in `table` of each access.
    doors
        Where each access is, EPSG:4326.
    """

    table: gpd.GeoDataFrame
    snapped: Snapped
    site: NDArray[np.int64]
    doors: gpd.GeoSeries

    @property
    def ids(self) -> NDArray[np.object_]:
        """Ids of the sites, in order."""
        ids: NDArray[np.object_] = self.table["id"].to_numpy(dtype=object)
        return ids


def place_sites(network: Network, sites: gpd.GeoDataFrame, *, accesses: gpd.GeoDataFrame | None = None, limit_m: float = SITE_LIMIT_M) -> Sources:
    """
    Bring sites to the streets, by their accesses where known.

    Parameters
    ----------
    sites
        EPSG:4326, with a column ``id`` (else the index is the id), points or other shapes; ``name`` is optional.
    accesses
        From :func:`cfmap.coverage.accesses.accesses`: ``site, geometry``. A site without accesses stands at its
        own point (the point on its surface when it is an area).
    limit_m
        Longest straight way from an access to a street, metres.

    Returns
    -------
    sources
        Sites in order of id, so that the lower id wins every tie.

    Raises
    ------
    InputError
        Ids missing or double, sites without a place (E380, E381, E384), or no site inside the bounds of the streets though there
        are some (E382).
    """
    import geopandas as gpd
    import pandas as pd

    table = identified(sites, "sites")
    table = gpd.GeoDataFrame(
        {"id": table["id"], "name": table["name"] if "name" in table else table["id"].astype(str)},
        geometry=table.geometry.values,
        crs=sites.crs or 4326,
    )
    table = table.iloc[np.argsort(table["id"].to_numpy(), kind="stable")].reset_index(drop=True)
    _inside_network(network, table)
    doors = _doors(table, accesses)
    row = pd.Index(table["id"]).get_indexer(pd.Index(doors["site"]))
    snapped = network.snap(doors.geometry, limit_m=limit_m)
    snap_m = pd.Series(np.where(snapped.status == "off_network", np.nan, snapped.connector_mm / 1000.0)).groupby(row).min().reindex(range(len(table)))
    rank = {"ok": 0, "far": 1, "island": 2, "off_network": 3}
    best = pd.Series([rank[str(s)] for s in snapped.status], dtype="int64").groupby(row).min().reindex(range(len(table)))
    table["snap_m"] = snap_m.to_numpy(dtype=float)
    table["status"] = np.array(list(rank), dtype=object)[best.to_numpy(dtype=np.int64)]
    return Sources(table[["id", "name", "snap_m", "status", "geometry"]], snapped, row.astype(np.int64), doors.geometry)


def identified(table: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """
    Table with a checked column ``id`` (from the index where there is no column) and a place in every row.

    Ids stay numbers when all are numbers, and sort as numbers then; otherwise they are text.

    Raises
    ------
    InputError
        E380 ids missing, E381 ids double, E384 rows without a place.
    """
    import pandas as pd

    ids = table["id"] if "id" in table else pd.Series(table.index, index=table.index)
    missing = int(ids.isna().sum() + ids.astype(str).str.strip().eq("").sum())
    if missing:
        raise InputError(fault("E380", table=name, missing=missing))
    if not pd.api.types.is_numeric_dtype(ids):
        ids = ids.astype(str)
    double = ids[ids.duplicated()].unique()
    if len(double):
        raise InputError(fault("E381", table=name, ids=listed(double)))
    bare = table.geometry.isna() | table.geometry.is_empty
    if bare.any():
        raise InputError(fault("E384", table=name, count=int(bare.sum()), ids=listed(ids[bare.to_numpy()])))
    return table.assign(id=ids.astype(object))


def listed(names: Iterable[object]) -> str:
    """Join a few names for a message, and how many more."""
    every = [str(n) for n in names]
    more = len(every) - NAMES_SHOWN
    return "、".join(every[:NAMES_SHOWN]) + (f" …(+{more})" if more > 0 else "")


def _inside_network(network: Network, table: gpd.GeoDataFrame) -> None:
    if not len(table):
        return
    west, south, east, north = network.bounds
    bounds = table.geometry.bounds
    margin = 0.01  # degrees, about 1 km
    inside = (bounds["maxx"] >= west - margin) & (bounds["minx"] <= east + margin) & (bounds["maxy"] >= south - margin) & (bounds["miny"] <= north + margin)
    if not inside.any():
        spans = ["{:.4f}, {:.4f}, {:.4f}, {:.4f}".format(*b) for b in (table.total_bounds, network.bounds)]
        raise InputError(fault("E382", count=len(table), sites=spans[0], network=spans[1]))


def _doors(table: gpd.GeoDataFrame, accesses: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame:
    """``site, geometry`` of every access, in order of the sites, then of place, so that row order never matters."""
    import geopandas as gpd
    import pandas as pd

    own = gpd.GeoDataFrame(
        {"site": table["id"]}, geometry=table.geometry.map(lambda g: g if g.geom_type == "Point" else g.representative_point()), crs=table.crs
    )
    if accesses is None or not len(accesses):
        return own
    given = accesses.loc[accesses["site"].isin(table["id"]), ["site", "geometry"]]
    doors = pd.concat([given, own[~own["site"].isin(given["site"])]], ignore_index=True)
    order = pd.Index(table["id"]).get_indexer(pd.Index(doors["site"]))
    return doors.iloc[np.lexsort((doors.geometry.y, doors.geometry.x, order))].reset_index(drop=True)


__all__ = ["POINT_LIMIT_M", "RURAL_POINT_LIMIT_M", "SITE_LIMIT_M", "Sources", "identified", "limit_millimetres", "listed", "minutes_for", "place_sites"]
