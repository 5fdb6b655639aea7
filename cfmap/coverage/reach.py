"""For every point: which site is nearest on foot, how far is it, is that within the time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cfmap.coverage.sources import POINT_LIMIT_M, SITE_LIMIT_M, Sources, identified, limit_millimetres, minutes_for, place_sites

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from cfmap.network import Network

REACH_COLUMNS = ("id", "site", "network_m", "connector_m", "minutes", "status")


def reach(
    network: Network,
    sites: gpd.GeoDataFrame,
    points: gpd.GeoDataFrame,
    *,
    minutes: float = 15.0,
    speed_kmh: float = 4.0,
    accesses: gpd.GeoDataFrame | None = None,
    site_limit_m: float = SITE_LIMIT_M,
    point_limit_m: float = POINT_LIMIT_M,
) -> pd.DataFrame:
    """
    For every point its nearest site.

    Parameters
    ----------
    network
        Walking network.
    sites, points
        EPSG:4326 with a column ``id`` (else the index is the id). Every site counts: leave out closed ones before.
    minutes, speed_kmh
        Time that still counts as reached, and pace.
    accesses
        Doors of the sites (``site, geometry``); a site is as near as its nearest door.
    site_limit_m, point_limit_m
        Longest straight way to a street, metres; beyond it a place is off the network.

    Returns
    -------
    reach
        One row per point in the given order, RangeIndex: ``id, site, network_m`` (along streets between the two
        snapped places), ``connector_m`` (both straight parts), ``minutes`` (all of it), ``status``. Nearest by the total;
        of equally near sites the one with the lower id. Status ``reached`` when the total is within the time, the
        limit included; ``beyond`` keeps its figures; ``unreachable`` (no path to any site) and ``off_network`` (too
        far from any street) have none: `site` is None, the numbers NaN, never 0.

    Raises
    ------
    InputError
        Ids missing or double (E380, E381), rows without a place (E384), sites all outside the network (E382), minutes
        or speed not positive (E383).
    """
    return reach_from(
        network, place_sites(network, sites, accesses=accesses, limit_m=site_limit_m), points, minutes=minutes, speed_kmh=speed_kmh, limit_m=point_limit_m
    )


def reach_from(
    network: Network, sources: Sources, points: gpd.GeoDataFrame, *, minutes: float = 15.0, speed_kmh: float = 4.0, limit_m: float = POINT_LIMIT_M
) -> pd.DataFrame:
    """As :func:`reach`, with sites that already stand on the streets."""
    import pandas as pd

    limit_mm = limit_millimetres(minutes, speed_kmh)
    table = identified(points, "points")
    snapped = network.snap(table.geometry, limit_m=limit_m)
    along_mm, source = network.travel(sources.snapped).at(snapped)
    found = along_mm >= 0
    total_mm = np.where(found, along_mm + snapped.connector_mm, -1)
    site = np.full(len(table), None, dtype=object)
    site[found] = sources.ids[sources.site[source[found]]]
    straight_mm = np.zeros(len(table), dtype=np.int64)
    straight_mm[found] = snapped.connector_mm[found] + sources.snapped.connector_mm[source[found]]
    off = ~snapped.on_network
    status = np.where(off, "off_network", np.where(~found, "unreachable", np.where(total_mm <= limit_mm, "reached", "beyond")))
    return pd.DataFrame(
        {
            "id": table["id"].to_numpy(),
            "site": pd.Series(site, dtype=object),
            "network_m": np.where(found, (total_mm - straight_mm) / 1000.0, np.nan),
            "connector_m": np.where(found, straight_mm / 1000.0, np.nan),
            "minutes": np.where(found, minutes_for(total_mm, speed_kmh), np.nan),
            "status": status.astype(object),
        },
        columns=list(REACH_COLUMNS),
    )
