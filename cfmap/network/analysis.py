"""Which questions does an analyst ask of a street network? GeoDataFrames in, GeoDataFrames out, the index kept."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from cfmap.network.pace import limit_millimetres, minutes_for
from cfmap.network.snap import SITE_LIMIT_M, TOWN_LIMIT_M

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from cfmap.network.network import Network

SPEED_KMH = 4.0  # 15 minutes are 1,000 m, as GB 50180-2018 counts the 15-minute circle at its upper end
BUFFER_M = 35.0  # ground on both sides of a reached street: METHODS 1.8 asks for 25 to 50 m


def travel_time(
    network: Network,
    sites: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    points: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    within: float | None = None,
    speed_kmh: float = SPEED_KMH,
    site_limit_m: float = SITE_LIMIT_M,
    point_limit_m: float = TOWN_LIMIT_M,
    avoid_steps: bool = False,
) -> gpd.GeoDataFrame:
    """
    Minutes to the nearest site.

    Parameters
    ----------
    network
        The streets.
    sites
        Points in any CRS. The straight way between a site and its street counts.
    points
        Where to ask; None = at every node of the network.
    within
        Longest time that is looked for, minutes, inclusive; None = any.
    speed_kmh
        Pace.
    site_limit_m, point_limit_m
        Longest straight way between a place and a street, metres; beyond it the place is off the network.
    avoid_steps
        Stairs without a ramp are closed.

    Returns
    -------
    times
        Index of `points` (or position of the node), EPSG:4326: ``minutes`` and ``metres`` with the straight ways at both
        ends, ``site`` (its index), ``status`` (``reached``, ``unreached``: no way or beyond the limit, ``off_network``), and
        the point's geometry. Where there is no answer `minutes` and `metres` are NaN and `site` is None, never 0.
        One search, O(streets within the limit).

    Raises
    ------
    InputError
        Times or speeds that are not positive (E383), coordinates that are no places (E390).
    """
    import geopandas as gpd
    import pandas as pd

    limit_mm = None if within is None else limit_millimetres(within, speed_kmh)
    limit_millimetres(1.0, speed_kmh)  # a pace that is none is refused also without a limit
    placed = network.snap(sites, limit_m=site_limit_m)
    field = network.travel(placed, limit_mm=limit_mm, avoid_steps=avoid_steps)
    if points is None:
        nodes = network.nodes_gdf()
        geometry, index = nodes.geometry, nodes.index
        mm, source = field.node_mm, field.node_source
        off = np.zeros(len(nodes), dtype=bool)
    else:
        asked = network.snap(points, limit_m=point_limit_m)
        geometry, index = points.geometry, points.index
        mm, source = field.at(asked)
        mm = np.where(mm >= 0, mm + asked.connector_mm, -1)
        if limit_mm is not None:
            mm = np.where(mm > limit_mm, -1, mm)
        off = ~asked.on_network
    found = mm >= 0
    status = np.where(off, "off_network", np.where(found, "reached", "unreached"))
    table = gpd.GeoDataFrame(
        {
            "minutes": np.where(found, minutes_for(mm, speed_kmh), np.nan),
            "metres": np.where(found, mm / 1000.0, np.nan),
            "site": pd.Series(_labels(placed.index, np.where(found, source, -1)), index=index, dtype=object),
            "status": pd.Series(status, index=index, dtype=object),
        },
        geometry=geometry,
        index=index,
    )
    return table.to_crs(4326) if table.crs is not None else table.set_crs(4326)


def streets(
    network: Network,
    sites: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    within: float = 15.0,
    speed_kmh: float = SPEED_KMH,
    site_limit_m: float = SITE_LIMIT_M,
    avoid_steps: bool = False,
) -> gpd.GeoDataFrame:
    """
    Reached parts of streets, with the minutes at both of their ends; between them the time is linear.

    Parameters
    ----------
    network, sites, speed_kmh, site_limit_m, avoid_steps
        As :func:`travel_time`.
    within
        Longest time, minutes, inclusive.

    Returns
    -------
    parts
        RangeIndex, EPSG:4326: ``edge`` (position), ``way_id, from_m, to_m`` (along the edge), ``minutes_from, minutes_to,
        site`` (the nearest, its index), ``geometry``. What is not reached is not there.
    """
    import geopandas as gpd

    from cfmap.network.course import cut, with_length

    placed = network.snap(sites, limit_m=site_limit_m)
    parts = with_length(network.travel(placed, limit_mm=limit_millimetres(within, speed_kmh), avoid_steps=avoid_steps).edge_parts())
    return gpd.GeoDataFrame(
        {
            "edge": parts.edge,
            "way_id": network.edge_way[parts.edge],
            "from_m": parts.from_mm / 1000.0,
            "to_m": parts.to_mm / 1000.0,
            "minutes_from": minutes_for(parts.arrival_from_mm, speed_kmh),
            "minutes_to": minutes_for(parts.arrival_to_mm, speed_kmh),
            "site": _labels(placed.index, parts.source),
        },
        geometry=cut(network, parts.edge, parts.from_mm, parts.to_mm),
        crs=4326,
    )


def catchments(
    network: Network,
    sites: gpd.GeoDataFrame | gpd.GeoSeries,
    minutes: Sequence[float] = (5.0, 10.0, 15.0),
    *,
    speed_kmh: float | Sequence[float] = SPEED_KMH,
    together: bool = False,
    mode: Literal["map", "exact"] = "map",
    buffer_m: float = BUFFER_M,
    site_limit_m: float = SITE_LIMIT_M,
    avoid_steps: bool = False,
    threads: int | None = None,
) -> gpd.GeoDataFrame:
    """
    Ground within reach of sites: reached streets, widened; never a hull.

    Parameters
    ----------
    network, sites, site_limit_m, avoid_steps
        As :func:`travel_time`.
    minutes
        Times, each inclusive.
    speed_kmh
        Pace, or several.
    together
        One area for all sites instead of one for each.
    mode
        ``map`` draws a distance contour, ``exact`` unites widened streets; the difference is stated at
        :func:`cfmap.geometry.dissolve.dissolve`.
    buffer_m
        Ground on both sides of a reached street, metres.
    threads
        Searches at a time; None = one for each processor. The result is the same for any number.

    Returns
    -------
    areas
        EPSG:4326, ``metres, geometry``, with index ``(site, minutes)``, or ``(minutes,)`` when `together`; with several paces
        there is a level ``speed_kmh`` before the minutes. In the order asked for; areas of one site contain each
        other. A site off the network, or that reaches nothing, has an empty geometry. One bounded search for each
        site over only what lies within its longest time.

    Raises
    ------
    InputError
        As :func:`travel_time`.
    """
    import geopandas as gpd
    import pandas as pd

    from cfmap.geometry.crs import geometry_to_lonlat
    from cfmap.network.catchments import catchment_parts
    from cfmap.network.plane import network_crs
    from cfmap.network.reached_ground import reached_ground

    paces = [float(s) for s in np.atleast_1d(np.asarray(speed_kmh, dtype=float))]
    asked = [(pace, float(m)) for pace, m in product(paces, minutes)]
    wanted = [limit_millimetres(m, pace) for pace, m in asked]
    limits = sorted(set(wanted))
    placed = network.snap(sites, limit_m=site_limit_m)
    crs = network_crs(network)
    if together:
        field = network.travel(placed, limit_mm=limits[-1] if limits else 0, avoid_steps=avoid_steps)
        owners: list[Any] = [None]
        areas = reached_ground(network, field.edge_parts(), limits, crs=crs, mode=mode, buffer_m=buffer_m)
    else:
        first, parts = catchment_parts(network, placed, limit_mm=limits[-1] if limits else 0, avoid_steps=avoid_steps, threads=threads)
        owners = list(placed.index)
        areas = reached_ground(network, parts, limits, crs=crs, mode=mode, buffer_m=buffer_m, first=first)
    place = [limits.index(limit) for limit in wanted]
    rows = [(owner, *key) for owner in owners for key in asked]
    index = pd.MultiIndex.from_tuples(rows, names=[placed.index.name or "site", "speed_kmh", "minutes"]) if rows else pd.MultiIndex.from_arrays([[], [], []])
    drawn = [geometry_to_lonlat(areas[number * len(limits) + k].geometry, crs) for number in range(len(owners)) for k in place]
    table = gpd.GeoDataFrame(
        {"metres": [limit / 1000.0 for _ in owners for limit in wanted]}, geometry=gpd.GeoSeries(drawn, crs=4326, index=index), index=index
    )
    hidden = [level for level, unused in ((0, together), (1, np.ndim(speed_kmh) == 0)) if unused]
    return table.droplevel(hidden) if hidden and rows else table


def od(
    network: Network,
    origins: gpd.GeoDataFrame | gpd.GeoSeries,
    sites: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    within: float = 15.0,
    speed_kmh: float = SPEED_KMH,
    site_limit_m: float = SITE_LIMIT_M,
    point_limit_m: float = TOWN_LIMIT_M,
    avoid_steps: bool = False,
    threads: int | None = None,
) -> pd.DataFrame:
    """
    Minutes from every origin to every site within a time.

    Parameters
    ----------
    network, sites, speed_kmh, site_limit_m, point_limit_m, avoid_steps
        As :func:`travel_time`.
    origins
        Points in any CRS.
    within
        Longest time, minutes, inclusive, with the straight ways at both ends.
    threads
        As :func:`catchments`.

    Returns
    -------
    pairs
        Index ``(origin, site)`` of their own labels, in their order: ``minutes, metres``. A pair that is not there is
        farther, or there is no way. For a sparse matrix see :func:`cfmap.network.od.pairs`.

    Raises
    ------
    InputError
        As :func:`travel_time`.
    """
    import pandas as pd

    from cfmap.network.od import pairs

    placed, asked = network.snap(sites, limit_m=site_limit_m), network.snap(origins, limit_m=point_limit_m)
    found = pairs(network, asked, placed, limit_mm=limit_millimetres(within, speed_kmh), avoid_steps=avoid_steps, threads=threads)
    index = pd.MultiIndex.from_arrays([asked.index.take(found.origin), placed.index.take(found.site)], names=["origin", "site"])
    return pd.DataFrame({"minutes": minutes_for(found.mm, speed_kmh), "metres": found.mm / 1000.0}, index=index)


def nearest(
    network: Network,
    origins: gpd.GeoDataFrame | gpd.GeoSeries,
    sites: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    k: int = 3,
    within: float | None = None,
    speed_kmh: float = SPEED_KMH,
    site_limit_m: float = SITE_LIMIT_M,
    point_limit_m: float = TOWN_LIMIT_M,
    avoid_steps: bool = False,
) -> pd.DataFrame:
    """
    The k nearest sites of every origin.

    Parameters
    ----------
    network, origins, sites, within, speed_kmh, site_limit_m, point_limit_m, avoid_steps
        As :func:`od`; `within` None = any time.
    k
        How many.

    Returns
    -------
    ranked
        Index ``(origin, rank)``, ranks from 1: ``site, minutes, metres``; of equally near sites the one handed in first. Origins
        have as many rows as there are sites to reach, so none when there is no way.

    Raises
    ------
    InputError
        As :func:`travel_time`.
    ValueError
        For k below 1.
    """
    import pandas as pd

    from cfmap.network.od import nearest as nearest_sites

    limit_millimetres(1.0, speed_kmh)
    limit_mm = None if within is None else limit_millimetres(within, speed_kmh)
    placed, asked = network.snap(sites, limit_m=site_limit_m), network.snap(origins, limit_m=point_limit_m)
    site, mm = nearest_sites(network, asked, placed, k=k, limit_mm=limit_mm, avoid_steps=avoid_steps)
    origin, rank = np.nonzero(mm >= 0)
    mm = mm[origin, rank]
    index = pd.MultiIndex.from_arrays([asked.index.take(origin), rank + 1], names=["origin", "rank"])
    return pd.DataFrame({"site": _labels(placed.index, site[origin, rank]), "minutes": minutes_for(mm, speed_kmh), "metres": mm / 1000.0}, index=index)


def _labels(index: pd.Index[Any], position: NDArray[Any]) -> NDArray[np.object_]:
    labels = np.full(len(position), None, dtype=object)
    known = position >= 0
    labels[known] = index.to_numpy(dtype=object)[position[known]]
    return labels
