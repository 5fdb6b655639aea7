"""Which streets, and which ground beside them, lie within some minutes of a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cfmap.coverage.sources import SITE_LIMIT_M, Sources, limit_millimetres, minutes_for, place_sites
from cfmap.geometry.crs import geometries_to_plane, geometry_to_lonlat, metric_crs_of
from cfmap.geometry.dissolve import Mode, dissolve, dissolve_bands, pieces_along
from cfmap.network.course import bands, course, cut, with_length
from cfmap.network.plane import network_crs, vertices_in_plane

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from pyproj import CRS

    from cfmap.network import Network, TravelField

BUFFER_M = 35.0  # METHODS 1.8: 25-50 m
ALL = "all"


@dataclass(frozen=True)
class ServiceArea:
    """
    What can be walked to.

    Attributes
    ----------
    streets
        GeoDataFrame EPSG:4326 ``edge_id, way_id, from_m, to_m, minutes, site, geometry``: parts of edges within the
        longest time. `edge_id` is the edge's position in the network, `from_m` and `to_m` count along it, `minutes`
        is the walk between the site and the part's farther end, `site` the nearest site.
    catchment
        GeoDataFrame EPSG:4326 ``site, metres, minutes, geometry``: for each limit, ascending, one row for ``all``
        sites together, and then one per site where asked. Empty geometry when nothing is reached.
    sites
        GeoDataFrame EPSG:4326 ``id, name, snap_m, status, geometry``, in order of id.
    slivers
        Pieces and gaps below 1 m² that were cleaned off the areas.
    """

    streets: gpd.GeoDataFrame
    catchment: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    slivers: int


def service_area(
    network: Network,
    sites: gpd.GeoDataFrame,
    *,
    minutes: Sequence[float] = (15.0,),
    speed_kmh: float = 4.0,
    buffer_m: float = BUFFER_M,
    accesses: gpd.GeoDataFrame | None = None,
    per_site: bool = False,
    mode: Mode = "exact",
    metres_crs: str = "auto",
    site_limit_m: float = SITE_LIMIT_M,
) -> ServiceArea:
    """
    Service areas of sites.

    Parameters
    ----------
    network, sites, accesses, site_limit_m
        As :func:`cfmap.coverage.reach.reach`.
    minutes, speed_kmh
        Times and pace; the straight way from the site's door to the street counts.
    buffer_m
        Ground on both sides of a reached street, metres.
    per_site
        Also one area for each site by itself (what it reaches, whether or not another site is nearer).
    mode
        ``exact`` unites widened streets, ``map`` draws a distance contour (:func:`cfmap.geometry.dissolve.dissolve`).
    metres_crs
        CRS in which the widening is done; ``auto`` as :func:`cfmap.geometry.crs.metric_crs`.

    Returns
    -------
    area
        Never a hull: ground enclosed by streets but out of their reach stays a hole.

    Raises
    ------
    InputError
        As :func:`cfmap.coverage.reach.reach`.
    """
    import pandas as pd

    times = sorted(set(minutes))
    limits = [limit_millimetres(m, speed_kmh) for m in times]
    sources = place_sites(network, sites, accesses=accesses, limit_m=site_limit_m)
    crs = network_crs(network, setting=metres_crs)
    field = network.travel(sources.snapped, limit_mm=limits[-1])
    streets = reached_streets(network, field, sources, limit_mm=limits[-1], speed_kmh=speed_kmh)
    tables = [catchments(network, field, limits, minutes=times, crs=crs, buffer_m=buffer_m, mode=mode)]
    for number, key in enumerate(sources.ids if per_site else ()):
        alone = network.travel(sources.snapped.take(np.flatnonzero(sources.site == number)), limit_mm=limits[-1])
        tables.append(catchments(network, alone, limits, minutes=times, crs=crs, buffer_m=buffer_m, mode=mode, label=str(key)))
    slivers = sum(t.attrs.pop("slivers") for t in tables)
    return ServiceArea(streets, pd.concat(tables, ignore_index=True), sources.table, slivers)


def reached_streets(network: Network, field: TravelField, sources: Sources, *, limit_mm: int, speed_kmh: float) -> gpd.GeoDataFrame:
    """Table ``streets`` of :class:`ServiceArea`: parts of edges within `limit_mm`, by edge and place on it."""
    import geopandas as gpd

    parts = with_length(field.edge_parts(limit_mm))
    return gpd.GeoDataFrame(
        {
            "edge_id": parts.edge,
            "way_id": network.edge_way[parts.edge],
            "from_m": parts.from_mm / 1000.0,
            "to_m": parts.to_mm / 1000.0,
            "minutes": minutes_for(np.maximum(parts.arrival_from_mm, parts.arrival_to_mm), speed_kmh),
            "site": sources.ids[sources.site[parts.source]],
        },
        geometry=cut(network, parts.edge, parts.from_mm, parts.to_mm),
        crs=4326,
    )


def catchments(
    network: Network,
    field: TravelField,
    limits_mm: Sequence[int],
    *,
    minutes: Sequence[float],
    crs: CRS,
    buffer_m: float = BUFFER_M,
    mode: Mode = "map",
    label: str = ALL,
) -> gpd.GeoDataFrame:
    """Table ``catchment`` of :class:`ServiceArea`: one dissolved row per limit; ``attrs["slivers"]`` counts what was cleaned off."""
    import geopandas as gpd
    import shapely

    parts = with_length(field.edge_parts(limits_mm[-1]))
    added = [course(network, vertices_in_plane(network, crs), parts.edge[part], begin, end) for part, begin, end in bands(parts, limits_mm)]
    if mode == "map":
        areas = dissolve_bands([pieces_along(places, owner) for places, owner in added], buffer_m=buffer_m)
    else:
        lines = [np.asarray(shapely.linestrings(places, indices=owner), dtype=object) for places, owner in added]
        areas = [dissolve(np.concatenate(lines[: n + 1]), buffer_m=buffer_m, mode=mode) for n in range(len(lines))]
    table = gpd.GeoDataFrame(
        {"site": [label] * len(areas), "metres": [limit / 1000.0 for limit in limits_mm], "minutes": [float(m) for m in minutes]},
        geometry=[geometry_to_lonlat(a.geometry, crs) for a in areas],
        crs=4326,
    )
    table.attrs["slivers"] = sum(a.slivers for a in areas)
    return table


def simplify_for_web(areas: gpd.GeoDataFrame, *, tolerance_m: float = 2.0, max_change: float = 0.002) -> gpd.GeoDataFrame:
    """
    Draw the same areas with fewer vertices, for the page.

    Parameters
    ----------
    areas
        Polygons, EPSG:4326; every row is simplified by itself.
    tolerance_m
        A vertex may go when the triangle with its neighbours is smaller than its square (Visvalingam-Whyatt).
    max_change
        Largest change of a row's area, as a share; the tolerance is halved until it holds.

    Returns
    -------
    simplified
        Same rows, index and columns; geometries valid, with the same pieces and holes.
    """
    import geopandas as gpd
    import shapely

    if not len(areas):
        return areas.copy()
    crs = metric_crs_of(areas)
    plane = geometries_to_plane(np.array(areas.geometry.values, dtype=object), crs)
    simple = []
    for area in plane:
        tolerance, drawn = tolerance_m, area
        while area.area > 0 and tolerance > tolerance_m / 64:
            drawn = shapely.coverage_simplify([area], tolerance)[0]
            if drawn.is_valid and abs(drawn.area - area.area) <= max_change * area.area:
                break
            tolerance, drawn = tolerance / 2, area
        simple.append(geometry_to_lonlat(drawn, crs))
    return areas.set_geometry(gpd.GeoSeries(simple, index=areas.index, crs=4326))
