"""By which gates do children enter each school, in a fixed order with keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cfmap.coverage.accesses import accesses
from cfmap.coverage.sources import place_sites

if TYPE_CHECKING:
    import geopandas as gpd

    from cfmap.coverage.sources import Sources
    from cfmap.network import Network


def school_doors(
    network: Network, schools: gpd.GeoDataFrame, *, footprints: gpd.GeoSeries | None = None, gates: gpd.GeoDataFrame | None = None
) -> tuple[gpd.GeoDataFrame, Sources]:
    """
    Gates of schools with their keys, and their places on the streets.

    Parameters
    ----------
    network, schools, footprints, gates
        As :func:`cfmap.coverage.accesses.accesses`.

    Returns
    -------
    doors
        GeoDataFrame EPSG:4326 ``school, gate, kind, status, snap_m, geometry`` in order of school, then of place from west to
        east. `gate` is the key ``<school>/<n>``, n from 1; `kind` gate (on record), crossing (a street crosses the outline)
        or assumed; `status` and `snap_m` (metres to the street) as in ``Snapped``, NaN when off the network.
    sources
        The same doors brought to the streets, row by row.

    Raises
    ------
    InputError
        As :func:`cfmap.coverage.sources.place_sites`.
    """
    found = accesses(network, schools, footprints=footprints, gates=gates)
    sources = place_sites(network, schools, accesses=found)
    order = np.lexsort((found.geometry.y, found.geometry.x, _rank(found, sources)))  # as place_sites puts them
    doors = found.iloc[order].rename(columns={"site": "school"}).reset_index(drop=True)
    number = doors.groupby("school", sort=False).cumcount() + 1
    snapped = sources.snapped
    doors["gate"] = doors["school"].astype(str) + "/" + number.astype(str)
    doors["status"] = snapped.status
    doors["snap_m"] = np.where(snapped.on_network, snapped.connector_mm / 1000.0, np.nan)
    return doors[["school", "gate", "kind", "status", "snap_m", "geometry"]], sources


def _rank(doors: gpd.GeoDataFrame, sources: Sources) -> np.ndarray:
    import pandas as pd

    rank: np.ndarray = pd.Index(sources.table["id"]).get_indexer(pd.Index(doors["site"]))
    return rank


__all__ = ["school_doors"]
