"""In which houses do a community's people live: by floor area, never more or fewer people than were counted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cfmap.geometry.crs import geometries_to_plane, metric_crs_of
from cfmap.model.messages import fault
from cfmap.model.schema import AGE_BANDS

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from cfmap.model.edition import Population

FARTHEST_M = 1_000.0  # a house farther than this from every community's point is nobody's
COMMUNITY = "community"


def onto_houses(population: Population, houses: gpd.GeoDataFrame, *, file: str = "") -> Population:
    """
    Share out each community's people over its residential buildings, by floors x footprint.

    Parameters
    ----------
    population
        Communities. One with ground has the houses that stand on it (by a point on the house); one without, those to whose
        point it is the nearest, at most :data:`FARTHEST_M` away and on nobody's ground.
    houses
        Outlines of residential buildings, EPSG:4326, with ``floors`` (NaN = unknown: the middle of the known ones, 1 where none is known).
    file
        Name for messages.

    Returns
    -------
    population
        A point for each house, column ``community`` = id of its community; every community's people stay what they were (to 1e-6), unknown
        ones unknown. A community without houses stays its point. `communities` are the ones given, `method` says how many got houses, W264 names
        houses that are nobody's.
    """
    import geopandas as gpd
    import pandas as pd

    points = population.points
    if points.empty or houses.empty:
        return population
    owner, volume = _owners(population, houses), _volume(houses)
    mine = np.flatnonzero((owner >= 0) & (volume > 0))
    total = np.bincount(owner[mine], weights=volume[mine], minlength=len(points))
    share = volume[mine] / total[owner[mine]]
    columns = [c for c in AGE_BANDS if c in points]
    table = pd.DataFrame(points.drop(columns="geometry")).iloc[owner[mine]].assign(community=points.index.to_numpy()[owner[mine]])
    table[columns] = table[columns].to_numpy(dtype=float) * share[:, None]
    number = pd.Series(owner[mine]).groupby(owner[mine]).cumcount().to_numpy()
    table.index = pd.Index([f"{i}·{n + 1}" for i, n in zip(table[COMMUNITY], number, strict=True)], name="id")
    homes = gpd.GeoDataFrame(table, geometry=houses.geometry.representative_point().to_numpy()[mine], crs=4326)
    rest = points[total == 0].assign(community=lambda t: t.index)
    housed = int((total > 0).sum())
    guessed = int(houses["floors"].isna().sum())
    zh = f"{housed} 个社区（村）的人口按楼层数 × 占地面积分到 {len(mine)} 栋住宅，{len(points) - housed} 个没有住宅数据的仍在社区点"
    en = f"people of {housed} communities are shared out over {len(mine)} houses by floors x footprint, {len(points) - housed} stay at their point"
    if guessed:
        zh, en = f"{zh}；{guessed} 栋缺楼层数，按已知的中位数", f"{en}; {guessed} houses lack their floors, taken as the median of the others"
    lost = int((owner < 0).sum())
    faults = (fault("W264", file=file, count=lost, rows=len(houses), metres=f"{FARTHEST_M:,.0f}"),) if lost else ()
    every = gpd.GeoDataFrame(pd.concat([t for t in (homes, rest) if len(t)]), crs=4326).sort_index()
    return replace(population, points=every, communities=points, faults=(*population.faults, *faults), method=(*population.method, (zh, en)))


def _owners(population: Population, houses: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Community of each house, as position in the table; -1 for nobody's."""
    from scipy.spatial import cKDTree
    from shapely import STRtree, get_coordinates

    points = population.points
    crs = metric_crs_of(points)
    places = np.asarray(houses.geometry.representative_point().values, dtype=object)
    owner = np.full(len(houses), -1, dtype=np.int64)
    if population.areas is not None and len(population.areas):
        position = points.index.get_indexer(population.areas.index)
        at, area = STRtree(population.areas.to_numpy()).query(places, predicate="intersects")
        owner[at[::-1]] = position[area[::-1]]  # the first of two wins
    bare = np.flatnonzero(~points.index.isin([] if population.areas is None else population.areas.index))
    left = np.flatnonzero(owner < 0)
    if len(bare) and len(left):
        homes, sites = (get_coordinates(geometries_to_plane(shapes, crs)) for shapes in (np.asarray(points.geometry.values, dtype=object)[bare], places[left]))
        metres, nearest = cKDTree(homes).query(sites, distance_upper_bound=FARTHEST_M)
        near = np.isfinite(metres)
        owner[left[near]] = bare[nearest[near]]
    return owner


def _volume(houses: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Floors x footprint, square metres of floor."""
    import shapely

    floors = houses["floors"].to_numpy(dtype=float)
    usual = float(np.median(floors[~np.isnan(floors)])) if (~np.isnan(floors)).any() else 1.0
    footprint = shapely.area(geometries_to_plane(np.asarray(houses.geometry.values, dtype=object), metric_crs_of(houses)))
    return np.asarray(footprint * np.where(np.isnan(floors), usual, floors), dtype=np.float64)
