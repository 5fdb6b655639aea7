"""What streets the page's own background shows, walkable or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cfmap.network.osm_file import fault_of
from cfmap.network.walkability import is_private

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from cfmap.network.network import Network

#: OpenStreetMap's street classes -> how they are drawn (one of ``cfmap.model.edition.ROAD_KINDS``). Link roads go with their street.
KIND_OF_CLASS: dict[str, str] = {
    **dict.fromkeys(("motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link"), "main"),
    **dict.fromkeys(("secondary", "secondary_link", "tertiary", "tertiary_link"), "secondary"),
    **dict.fromkeys(("residential", "unclassified", "living_street", "service", "road", "busway", "bus_guideway"), "local"),
    **dict.fromkeys(("footway", "pedestrian", "steps", "cycleway", "path", "track", "bridleway"), "path"),
}
QUIET = ("local", "path")  # kinds that are drawn as private where the public may not pass through


def map_roads(path: Path, *, boundary: gpd.GeoDataFrame | BaseGeometry | None = None) -> gpd.GeoDataFrame:
    """
    All drawn streets of an OpenStreetMap file, one row a way, in one pass over the file.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm``, ``.osm.gz`` or ``.osm.bz2``.
    boundary
        EPSG:4326; streets that do not touch it are left out (those that do are kept whole). None keeps all.

    Returns
    -------
    roads
        GeoDataFrame ``kind`` (main / secondary / local / private / path), ``name`` (empty where there is none), LineString; EPSG:4326;
        in the file's order. Streets under construction, indoor corridors and platforms are not drawn. Ways with a node that the file
        lacks are drawn over the nodes it has; with fewer than two they are left out.

    Raises
    ------
    InputError
        The file is damaged, cut off or no OpenStreetMap file (``E304``).
    """
    import osmium
    import osmium.filter

    wkb = osmium.geom.WKBFactory()
    kinds: list[str] = []
    names: list[str] = []
    lines: list[str] = []
    ways: Any = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations()
    ways = ways.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY)).with_filter(osmium.filter.KeyFilter("highway"))
    with fault_of(path):
        for way in ways:
            kind = KIND_OF_CLASS.get(way.tags["highway"])
            if kind is None:
                continue
            if kind in QUIET and is_private(dict(way.tags)):
                kind = "private"
            try:
                line: str | None = wkb.create_linestring(way.nodes)
            except (RuntimeError, osmium.InvalidLocationError):
                line = _line_of_known(way)
            if line is not None:
                kinds.append(kind)
                names.append(way.tags.get("name", ""))
                lines.append(line)
    return _frame(kinds, names, lines, boundary)


def _line_of_known(way: Any) -> str | None:
    """Draw the way over those of its nodes that the file has, as hexadecimal WKB; None when they are fewer than two."""
    import shapely

    points = [(n.lon, n.lat) for n in way.nodes if n.location.valid()]
    if len(set(points)) < 2:
        return None
    return str(shapely.to_wkb(shapely.linestrings(points), hex=True))


def _frame(kinds: list[str], names: list[str], lines: list[str], boundary: gpd.GeoDataFrame | BaseGeometry | None) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import shapely

    roads = gpd.GeoDataFrame({"kind": kinds, "name": names}, geometry=shapely.from_wkb(lines), crs=4326)
    return _within(roads, boundary)


def _within(roads: gpd.GeoDataFrame, boundary: gpd.GeoDataFrame | BaseGeometry | None) -> gpd.GeoDataFrame:
    import shapely

    if boundary is None:
        return roads
    polygon = boundary.to_crs(4326).geometry.union_all() if hasattr(boundary, "to_crs") else boundary
    shapely.prepare(polygon)
    return roads[shapely.intersects(polygon, roads.geometry.array)].reset_index(drop=True)


def map_roads_of(network: Network, *, boundary: gpd.GeoDataFrame | BaseGeometry | None = None) -> gpd.GeoDataFrame:
    """
    As :func:`map_roads`, for a network that did not come from an OpenStreetMap file: its edges and the streets closed to people on foot.

    Edges of one way are joined to lines as long as possible; links that cfmap drew across squares are not drawn.
    """
    import geopandas as gpd
    import pandas as pd

    from cfmap.network.network import EdgeFlag

    drawn = ~network.has(EdgeFlag.AREA_LINK)
    edges, private = network.edges_gdf()[drawn], network.is_private[drawn]
    shut = network.left_out
    kinds = [KIND_OF_CLASS.get(str(c), "") for c in edges["highway"]]
    pieces = gpd.GeoDataFrame(
        {
            "way": np.r_[edges["way_id"].to_numpy(dtype=np.int64), shut["way_id"].to_numpy(dtype=np.int64)],
            "kind": [
                *("private" if hidden and kind in QUIET else kind for kind, hidden in zip(kinds, private, strict=True)),
                *(KIND_OF_CLASS.get(str(c), "") for c in shut["kind"]),
            ],
        },
        geometry=[*edges.geometry, *shut.geometry],
        crs=4326,
    )
    pieces = pieces[pieces["kind"] != ""]
    if not len(pieces):
        return _frame([], [], [], None)
    joined = pieces.dissolve(["kind", "way"], method="unary", sort=False).geometry.line_merge().explode().reset_index()
    names = network.way_tags["name"].astype(object).reindex(joined["way"]) if "name" in network.way_tags else pd.Series([""] * len(joined))
    roads = gpd.GeoDataFrame({"kind": joined["kind"], "name": names.fillna("").to_numpy()}, geometry=joined.geometry.to_numpy(), crs=4326)
    return _within(roads, boundary)
