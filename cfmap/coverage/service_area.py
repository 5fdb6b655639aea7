"""Which streets, and which ground beside them, lie within some minutes of a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from cfmap.coverage.sources import SITE_LIMIT_M, Sources, limit_millimetres, minutes_for, place_sites
from cfmap.geometry.crs import geometries_to_plane, geometry_to_lonlat, metric_crs_of
from cfmap.geometry.dissolve import difference
from cfmap.network.catchments import catchment_parts
from cfmap.network.course import cut, with_length
from cfmap.network.plane import network_crs
from cfmap.network.reached_ground import reached_ground

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray
    from pyproj import CRS

    from cfmap.geometry.dissolve import Dissolved, Mode
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
    if per_site:
        first, parts = catchment_parts(network, sources.snapped, limit_mm=limits[-1], site=sources.site)
        first = np.r_[first, np.full(len(sources.ids) + 1 - len(first), first[-1])]  # last sites without any door on a street
        areas = reached_ground(network, parts, limits, crs=crs, buffer_m=buffer_m, mode=mode, first=first)
        tables.append(_table([str(key) for key in sources.ids], limits, times, areas, crs))
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
) -> gpd.GeoDataFrame:
    """Table ``catchment`` of :class:`ServiceArea`: one dissolved row per limit; ``attrs["slivers"]`` counts what was cleaned off."""
    areas = reached_ground(network, field.edge_parts(limits_mm[-1]), limits_mm, crs=crs, buffer_m=buffer_m, mode=mode)
    return _table([ALL], limits_mm, minutes, areas, crs)


def _table(labels: Sequence[str], limits_mm: Sequence[int], minutes: Sequence[float], areas: Sequence[Dissolved], crs: CRS) -> gpd.GeoDataFrame:
    import geopandas as gpd

    table = gpd.GeoDataFrame(
        {
            "site": np.repeat(np.asarray(labels, dtype=object), len(limits_mm)),
            "metres": [limit / 1000.0 for limit in limits_mm] * len(labels),
            "minutes": [float(m) for m in minutes] * len(labels),
        },
        geometry=list(geometry_to_lonlat(np.asarray([a.geometry for a in areas], dtype=object), crs)),
        crs=4326,
    )
    table.attrs["slivers"] = sum(a.slivers for a in areas)
    return table


def area_difference(exact: gpd.GeoDataFrame, drawn: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    How far one table of areas is from another: ``map`` from ``exact`` mode, simplified from not.

    Parameters
    ----------
    exact, drawn
        Tables ``catchment`` of :class:`ServiceArea`, EPSG:4326, with the same rows.

    Returns
    -------
    difference
        Same index: ``site, minutes, exact_km2, drawn_km2``; ``area``, the share by which the drawn area is larger, and ``symmetric``, the
        ground that belongs to one of the two only, both as shares of the exact area (0 where both are empty).
    """
    import pandas as pd

    if not len(exact):
        return pd.DataFrame(columns=["site", "minutes", "exact_km2", "drawn_km2", "area", "symmetric"])
    crs = metric_crs_of(exact)
    planes = (geometries_to_plane(np.array(table.geometry.values, dtype=object), crs) for table in (exact, drawn))
    found = [difference(one, other) for one, other in zip(*planes, strict=True)]
    return pd.DataFrame(
        {
            "site": exact["site"],
            "minutes": exact["minutes"],
            "exact_km2": [f.exact_m2 / 1e6 for f in found],
            "drawn_km2": [f.drawn_m2 / 1e6 for f in found],
            "area": [f.area for f in found],
            "symmetric": [f.symmetric for f in found],
        },
        index=exact.index,
    )


def simplify_for_web(areas: gpd.GeoDataFrame, *, tolerance_m: float = 2.0, max_change: float = 0.002) -> gpd.GeoDataFrame:
    """
    Draw the same areas with fewer vertices, for the page; areas that lie in each other still do.

    Parameters
    ----------
    areas
        Polygons, EPSG:4326, with the columns of :class:`ServiceArea`'s ``catchment``. Of one ``site``, wider bands contain
        narrower ones; what each adds to the one before is simplified as part of one coverage, so that a common edge
        stays common and no band crosses another. Without a column ``site`` every row stands by itself.
    tolerance_m
        A vertex may go when the triangle with its neighbours is smaller than its square (Visvalingam-Whyatt).
    max_change
        Largest change of a row's area, as a share; the tolerance is halved until it holds for all bands of a site.

    Returns
    -------
    simplified
        Same rows, index and columns; geometries valid, with the same pieces and holes. Rows that cannot be drawn with fewer
        vertices stay as they are.
    """
    import geopandas as gpd

    if not len(areas):
        return areas.copy()
    crs = metric_crs_of(areas)
    plane = geometries_to_plane(np.array(areas.geometry.values, dtype=object), crs)
    _, group = np.unique(areas["site"].astype(str).to_numpy() if "site" in areas else np.arange(len(areas)), return_inverse=True)
    for number in range(group.max() + 1):
        rows = np.flatnonzero(group == number)
        rows = rows[np.argsort(shapely.area(plane[rows]), kind="stable")]
        plane[rows] = _simplified(plane[rows], tolerance_m, max_change)
    return areas.set_geometry(gpd.GeoSeries(list(geometry_to_lonlat(plane, crs)), index=areas.index, crs=4326))


def _simplified(nested: NDArray[np.object_], tolerance_m: float, max_change: float) -> NDArray[np.object_]:
    """Growing areas with fewer vertices."""
    size = shapely.area(nested)
    rings = np.r_[nested[:1], shapely.difference(nested[1:], nested[:-1])]  # what each adds
    drawn = np.flatnonzero(shapely.area(rings) > 0)
    tolerance = tolerance_m
    while len(drawn) and tolerance > tolerance_m / 64:
        grown = nested.copy()
        try:
            simple = shapely.coverage_simplify(rings[drawn], tolerance)
            for k in range(len(nested)):
                grown[k] = shapely.coverage_union_all(simple[drawn <= k]) if (drawn <= k).any() else nested[k]
        except shapely.GEOSException:  # areas that do not lie in each other, so that what they add has crossing edges
            return nested
        if shapely.is_valid(grown).all() and (np.abs(shapely.area(grown) - size) <= max_change * size).all():
            return grown
        tolerance /= 2
    return nested
