"""Is this shape usable: types, validity and what mending changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import shapely

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from cfmap.model.layer import Geometry

MAX_AREA_CHANGE = 0.01  # share of the area that mending may change

TYPES: dict[Geometry, tuple[str, ...]] = {
    "Point": ("Point", "MultiPoint", "Polygon", "MultiPolygon"),  # an area becomes a point inside it, and a footprint
    "LineString": ("LineString", "MultiLineString"),
    "Polygon": ("Polygon", "MultiPolygon"),
}
TYPE_TITLES: dict[Geometry, tuple[str, str]] = {"Point": ("点（或面）", "a point (or an area)"), "LineString": ("线", "a line"), "Polygon": ("面", "an area")}


class Mended(NamedTuple):
    """A polygon after mending: what it became, the share of area that changed, and where and why it was invalid ("" = it was valid)."""

    geometry: BaseGeometry
    change: float
    reason: str


def mend(geometry: BaseGeometry) -> Mended:
    """
    Make an area valid; only its polygon parts are kept.

    The change is the difference of areas as a share of the larger one: 1.0 when nothing is left.
    """
    if geometry.is_valid or "Polygon" not in geometry.geom_type:
        return Mended(geometry, 0.0, "")
    reason = shapely.is_valid_reason(geometry)
    mended = polygon_parts(shapely.make_valid(geometry))
    before, after = geometry.area, mended.area
    largest = max(before, after)
    return Mended(mended, abs(after - before) / largest if largest > 0 else 1.0, reason)


def polygon_parts(geometry: BaseGeometry) -> BaseGeometry:
    """Join the polygons of a geometry as one Polygon or MultiPolygon; an empty Polygon when it has none."""
    parts = [p for p in _leaves(geometry) if isinstance(p, shapely.Polygon) and not p.is_empty]
    if not parts:
        return shapely.Polygon()
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _leaves(geometry: BaseGeometry) -> list[BaseGeometry]:
    if not hasattr(geometry, "geoms"):
        return [geometry]
    return [leaf for part in geometry.geoms for leaf in _leaves(part)]


def site_point(geometry: BaseGeometry) -> shapely.Point:
    """Give the point that stands for a geometry: itself, a point inside an area, or the middle of a line."""
    if isinstance(geometry, shapely.Point):
        return geometry
    if isinstance(geometry, shapely.LineString):
        return shapely.line_interpolate_point(geometry, 0.5, normalized=True)
    return shapely.point_on_surface(geometry)
