"""By which doors can a site be entered: gates on record, crossings of streets with its outline, or its own point."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from cfmap.coverage.sources import identified
from cfmap.coverage.ways_in import TOUCH_M, ways_in
from cfmap.geometry.crs import geometries_to_plane, geometry_to_lonlat, metric_crs
from cfmap.model.schema import IN_USE
from cfmap.network.network import EdgeFlag
from cfmap.network.plane import network_crs, vertices_in_plane

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray
    from pyproj import CRS

    from cfmap.network import Network

GATE_LIMIT_M = 100.0  # a gate without a school's name belongs to the nearest school within it
SPACING_M = 50.0  # METHODS 1.1: pseudo-accesses every 50 m ...
NEAR_M = 30.0  # ... where a street runs within 30 m
KINDS = ("gate", "crossing", "beside", "assumed")


def accesses(
    network: Network,
    sites: gpd.GeoDataFrame,
    *,
    footprints: gpd.GeoSeries | None = None,
    gates: gpd.GeoDataFrame | None = None,
    open_edge: bool = False,
) -> gpd.GeoDataFrame:
    """
    Doors of sites.

    Parameters
    ----------
    network
        Streets that doors open to.
    sites
        EPSG:4326 with ``id`` (else the index) and optionally ``name``.
    footprints
        Outlines, index = site id, EPSG:4326. A site that is itself an area is its own footprint.
    gates
        Gates on record, matched by :func:`match_gates`; those that :func:`shut` names are no doors.
    open_edge
        Whether one may enter anywhere along the outline, as in most parks: then a street that runs within 30 m
        outside gives an access every 50 m. Not for schools, which have fences.

    Returns
    -------
    accesses
        GeoDataFrame EPSG:4326 ``site, geometry, kind``, in order of site. For each site the first of these that
        exists: its gates (``gate``); where ways lead in (``crossing``, see :func:`cfmap.coverage.ways_in.ways_in`), with `open_edge` all
        places where streets cross its outline and the streets beside it (``beside``, on the street); for a footprint without either the
        point of its outline nearest to a street within 100 m (``assumed``); the site's own point (``assumed``).
    """
    import geopandas as gpd

    table = identified(sites, "sites")
    outlines = _outlines(table, footprints)
    gate_of = match_gates(gates, table, footprints=outlines) if gates is not None and len(gates) else None
    crs = network_crs(network)
    found: list[tuple[object, shapely.Point, str]] = []
    for key, own in sorted(zip(table["id"], table.geometry, strict=True), key=lambda pair: pair[0]):
        if gates is not None and gate_of is not None and (mine := (gate_of == key).to_numpy()).any():
            found += [(key, point, "gate") for point in gates.geometry[mine].map(_point)]
        elif key in outlines.index:
            found += [(key, point, kind) for point, kind in _of_outline(network, crs, outlines[key], open_edge=open_edge)]
        else:
            found.append((key, _point(own), "assumed"))
    return gpd.GeoDataFrame({"site": [k for k, _, _ in found], "kind": [d for _, _, d in found]}, geometry=[p for _, p, _ in found], crs=4326)[
        ["site", "geometry", "kind"]
    ]


def match_gates(gates: gpd.GeoDataFrame, sites: gpd.GeoDataFrame, *, footprints: gpd.GeoSeries | None = None, limit_m: float = GATE_LIMIT_M) -> pd.Series:
    """
    Which site each gate belongs to (index of `gates`; None = none): the site whose id or unique name stands in the gate's
    column ``school``, else the nearest within `limit_m` of its outline or point. A gate that names a site we do not
    have belongs to none, and one that is :func:`shut` neither.
    """
    import pandas as pd

    table = identified(sites, "sites")
    names: dict[str, object] = {str(k): k for k in table["id"]}
    if "name" in table:
        single = table[~table["name"].duplicated(keep=False) & table["name"].notna()]
        names = {str(n): k for n, k in zip(single["name"], single["id"], strict=True)} | names
    crs = metric_crs(*(gates.total_bounds[:2] + gates.total_bounds[2:]) / 2)
    shapes = [footprints[k] if footprints is not None and k in footprints.index else g for k, g in zip(table["id"], table.geometry, strict=True)]
    order = np.argsort(table["id"].to_numpy(), kind="stable")
    ids = table["id"].to_numpy()[order]
    plane = geometries_to_plane(np.array(shapes, dtype=object)[order], crs)
    where = geometries_to_plane(np.array(gates.geometry.values, dtype=object), crs)
    stated = gates["school"] if "school" in gates else pd.Series(None, index=gates.index, dtype=object)
    matched: list[object] = []
    for text, place, no_door in zip(stated, where, shut(gates), strict=True):
        if no_door:
            matched.append(None)
        elif isinstance(text, str) and text.strip():
            matched.append(names.get(text.strip()))
        else:
            metres = shapely.distance(plane, place)
            nearest = int(np.argmin(metres)) if len(metres) else -1
            matched.append(ids[nearest] if nearest >= 0 and metres[nearest] <= limit_m else None)
    return pd.Series(matched, index=gates.index, dtype=object)


def shut(gates: gpd.GeoDataFrame) -> pd.Series:
    """Whether pupils may not use a gate (``pupils_use`` false), or it is planned, being built or closed (``status``)."""
    import pandas as pd

    found = pd.Series(data=False, index=gates.index)
    if "pupils_use" in gates:
        found |= gates["pupils_use"].eq(other=False).fillna(value=False).astype(bool)
    if "status" in gates:
        found |= ~(gates["status"].isin(IN_USE) | gates["status"].isna())
    return found


@lru_cache(maxsize=2)
def edges_in_plane(network: Network, crs: CRS) -> tuple[NDArray[np.object_], shapely.STRtree]:
    """Edges as lines in metres, and a search tree over them; remembered for the networks used last."""
    counts = np.diff(network.edge_first)
    lines = np.asarray(shapely.linestrings(vertices_in_plane(network, crs), indices=np.repeat(np.arange(network.n_edges), counts)), dtype=object)
    return lines, shapely.STRtree(lines)


def _outlines(table: gpd.GeoDataFrame, footprints: gpd.GeoSeries | None) -> gpd.GeoSeries:
    import geopandas as gpd
    import pandas as pd

    own = gpd.GeoSeries(table.geometry.values, index=table["id"].to_numpy(), crs=4326)
    own = own[own.geom_type.isin(["Polygon", "MultiPolygon"])]
    if footprints is None or not len(footprints):
        return own
    given = footprints[footprints.geom_type.isin(["Polygon", "MultiPolygon"]) & footprints.index.isin(table["id"])]
    given = given[~given.index.duplicated()]
    return gpd.GeoSeries(pd.concat([given, own[~own.index.isin(given.index)]]), crs=4326)


def _of_outline(network: Network, crs: CRS, outline: shapely.Geometry, *, open_edge: bool) -> list[tuple[shapely.Point, str]]:
    lines, tree = edges_in_plane(network, crs)
    area = geometries_to_plane(np.array([shapely.normalize(shapely.make_valid(outline))], dtype=object), crs)[0]
    edge = area.boundary
    edges = np.sort(tree.query(area, predicate="dwithin", distance=GATE_LIMIT_M))
    edges = edges[~network.has(EdgeFlag.AREA_LINK)[edges]]  # lines drawn across a square lead through no gate
    near = lines[edges]
    entering = _points(shapely.intersection(near[shapely.intersects(near, edge)], edge)) if open_edge else ways_in(network, edges, near, area)
    doors = [(point, "crossing") for point in entering]
    outside = shapely.difference(near, area)
    outside = outside[~shapely.is_empty(outside)]
    if open_edge and len(outside):
        ring = shapely.segmentize(shapely.line_merge(edge), SPACING_M)
        steps = [shapely.line_interpolate_point(part, np.arange(0.0, part.length, SPACING_M)) for part in shapely.get_parts(ring)]
        for place in np.concatenate(steps) if steps else []:
            metres = shapely.distance(outside, place)
            nearest = int(np.argmin(metres))
            if metres[nearest] <= NEAR_M:
                doors.append((shapely.line_interpolate_point(outside[nearest], shapely.line_locate_point(outside[nearest], place)), "beside"))
    if not doors and len(near):
        outer = near[~shapely.covered_by(near, shapely.buffer(area, TOUCH_M))]
        near = outer if len(outer) else near
        nearest = int(np.argmin(shapely.distance(near, edge)))
        doors.append((shapely.Point(shapely.get_coordinates(shapely.shortest_line(edge, near[nearest]))[0]), "assumed"))
    if not doors:
        doors.append((area.representative_point(), "assumed"))
    unique = {(round(p.x, 2), round(p.y, 2)): (p, kind) for p, kind in reversed(doors)}
    return [(geometry_to_lonlat(p, crs), kind) for _, (p, kind) in sorted(unique.items())]


def _points(shapes: NDArray[np.object_]) -> list[shapely.Point]:
    """Points where lines meet an outline; of a stretch along it, both ends."""
    points: list[shapely.Point] = []
    for part in shapely.get_parts(shapely.get_parts(shapes)):
        ends = shapely.get_coordinates(part)
        points += [shapely.Point(c) for c in (ends[:1] if part.geom_type == "Point" else ends[[0, -1]])]
    return points


def _point(shape: Any) -> shapely.Point:
    place: shapely.Point = shape if shape.geom_type == "Point" else shape.representative_point()
    return place
