"""Which town is each site in: as the department says, or by the outlines where it says nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from cfmap.model.messages import fault

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from cfmap.model import Fault, LayerData

SHARED = 0.01
UNCOVERED = 0.01  # of the city; outlines of cities are drawn coarsely
SMALLEST_GAP_KM2 = 0.001
SLIVER_KM = 0.05
NEAR_M = 300.0  # outlines are drawn coarsely: a site this close to the named town is not reported
SHOWN = 8


def with_towns(data: LayerData, towns: gpd.GeoDataFrame | None) -> LayerData:
    """
    Fill in the town of sites that name none, and report sites that lie in another town than they say.

    Parameters
    ----------
    data
        A layer; what a department wrote is never changed.
    towns
        Outlines in EPSG:4326 (``name, geometry``); None leaves everything as it is.

    Returns
    -------
    data
        With ``town`` filled where the site lies in an outline, and W260/W261 added to its faults.
    """
    sites = data.sites
    if towns is None or not len(towns) or not len(sites):
        return data
    points = sites.geometry.representative_point()
    place, outline = towns.sindex.query(points.values, predicate="intersects")
    lies = np.full(len(sites), -1)
    lies[place[::-1]] = outline[::-1]  # the first outline wins where two overlap
    names = towns["name"].to_numpy(dtype=object)
    said = sites["town"].to_numpy(dtype=object)
    empty = np.array([town is None or town != town or not str(town).strip() for town in said])
    filled = sites.assign(town=np.where(empty & (lies >= 0), names[lies], np.where(empty, None, said)))

    faults = list(data.faults)
    unknown = ~empty & ~np.isin(said.astype(str), names.astype(str))
    if unknown.any():
        faults.append(fault("W260", layer=data.layer.title, layer_en=data.layer.title_en, count=int(unknown.sum()), names=_some(said[unknown])))
    one_place = data.layer.geometry != "LineString"  # a bus line runs through many towns
    candidates = np.flatnonzero(~empty & ~unknown & (lies >= 0) & (said != names[lies]) & one_place)
    elsewhere = candidates[_metres_to(points.iloc[candidates], said[candidates], towns) > NEAR_M]
    if len(elsewhere):
        listed = _some(f"{sites['name'].iloc[r]}（{said[r]} → {names[lies[r]]}）" for r in elsewhere)
        faults.append(fault("W261", layer=data.layer.title, layer_en=data.layer.title_en, count=len(elsewhere), names=listed))
    return replace(data, sites=filled, faults=tuple(faults))


def overlaps(towns: gpd.GeoDataFrame, *, file: str) -> list[Fault]:
    """W259 when outlines share more than :data:`SHARED` of the smaller one's area."""
    shapes = towns.geometry.to_numpy()
    one, other = (side.tolist() for side in towns.sindex.query(shapes, predicate="intersects"))
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a < b]
    shared = [(a, b, float(shapely.area(shapely.intersection(shapes[a], shapes[b])))) for a, b in pairs]
    bad = sorted((a, b, area) for a, b, area in shared if area > SHARED * min(shapes[a].area, shapes[b].area))
    if not bad:
        return []
    names = towns["name"].to_numpy(dtype=object)
    square = 111.32 * 110.95 * float(np.cos(np.radians(towns.total_bounds[[1, 3]].mean())))  # km² of a square degree
    listed = _some(f"{names[a]}／{names[b]}" for a, b, _ in bad)
    return [fault("W259", file=file, names=listed, km2=f"{square * sum(area for *_, area in bad):.2f}")]


def gaps(towns: gpd.GeoDataFrame, city: gpd.GeoDataFrame | None, *, file: str) -> list[Fault]:
    """
    W268 where ground lies in no town: holes between outlines, and what of the city's outline they leave out when it is more than a hundredth.

    A long narrow one is a sliver: two neighbours drew their common border apart.
    """
    whole = shapely.union_all(towns.geometry.to_numpy())
    parts = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"]
    bare = [shapely.Polygon(ring) for part in parts for ring in part.interiors]
    if city is not None and len(city):
        outline = shapely.union_all(city.geometry.to_numpy())
        left = shapely.difference(outline, shapely.union_all([whole, *bare]))
        bare += list(shapely.get_parts(left)) if left.area > UNCOVERED * outline.area else []
    east, north = 111.32 * float(np.cos(np.radians(towns.total_bounds[[1, 3]].mean()))), 110.95  # km of a degree
    plane = shapely.transform(np.array(bare, dtype=object), lambda xy: xy * (east, north)) if bare else np.empty(0, dtype=object)
    large = [i for i, shape in enumerate(plane) if shape.area > SMALLEST_GAP_KM2]
    if not large:
        return []
    area, edge = shapely.area(plane[large]), shapely.length(plane[large])
    slivers = int((2 * area / edge < SLIVER_KM).sum())  # the mean width of a long shape
    point = bare[large[int(area.argmax())]].representative_point()
    return [fault("W268", file=file, count=len(large), km2=f"{area.sum():.3f}", slivers=slivers, place=f"{point.x:.5f}, {point.y:.5f}")]


def _metres_to(points: gpd.GeoSeries, named: NDArray[np.object_], towns: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Metres from each point to the town it names."""
    if not len(points):
        return np.empty(0)
    per_degree = np.array([111_320.0 * np.cos(np.radians(points.y.mean())), 110_950.0])  # good to 1 % within a city
    outlines = dict(zip(towns["name"], towns.geometry, strict=True))
    plane = shapely.transform(np.array([[p, outlines[n]] for p, n in zip(points, named, strict=True)], dtype=object), lambda xy: xy * per_degree)
    return shapely.distance(plane[:, 0], plane[:, 1])


def _some(values: object) -> str:
    distinct = list(dict.fromkeys(map(str, values)))  # type: ignore[call-overload]
    return "、".join(distinct[:SHOWN]) + ("……" if len(distinct) > SHOWN else "")


def fill_towns(points: gpd.GeoDataFrame, towns: gpd.GeoDataFrame) -> None:
    """Name the town of points that have none, by the outline they lie in; "" where they lie in none."""
    empty = points["town"] == ""
    if not empty.any():
        return
    tree = shapely.STRtree(towns.geometry.to_numpy())
    at, town = tree.query(points.geometry[empty].to_numpy(), predicate="intersects")
    names = np.full(int(empty.sum()), "", dtype=object)
    names[at[::-1]] = towns["name"].to_numpy()[town[::-1]]  # the first of two wins
    points.loc[empty, "town"] = names
