"""In which houses do a community's people live, and in which cells a town's: by floor area, by a raster, never more or fewer people than were counted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cfmap.geometry.crs import geometries_to_plane, metric_crs_of
from cfmap.model.errors import EnvironmentFault
from cfmap.model.messages import fault
from cfmap.model.schema import AGE_BANDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from cfmap.geometry.raster import Raster
    from cfmap.model.edition import Population

FARTHEST_M = 1_000.0  # a house farther than this from every community's point is nobody's
COMMUNITY = "community"


def onto_houses(population: Population, houses: gpd.GeoDataFrame) -> Population:
    """
    Share out each community's people over its residential buildings, by floors x footprint.

    Parameters
    ----------
    population
        Communities. One with ground has the houses that stand on it (by a point on the house); one without, those to whose
        point it is the nearest, at most :data:`FARTHEST_M` away and on nobody's ground.
    houses
        Outlines of residential buildings, EPSG:4326, with ``floors`` (NaN = unknown: the middle of the known ones, 1 where none is known).

    Returns
    -------
    population
        A point for each house, column ``community`` = id of its community; every community's people stay what they were (to 1e-6), unknown
        ones unknown. A community without houses stays its point. `communities` are the ones given, `method` says how many got houses.
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
    every = gpd.GeoDataFrame(pd.concat([t for t in (homes, rest) if len(t)]), crs=4326).sort_index()
    return replace(population, points=every, communities=points, method=(*population.method, (zh, en)))


def onto_cells(raster: Raster, towns: gpd.GeoDataFrame, official: pd.DataFrame | None = None) -> tuple[gpd.GeoDataFrame, dict[str, float | None]]:
    """
    Residents in a raster's cells, each town's rescaled to its official total. Needs the extra ``cfmap[raster]``.

    Parameters
    ----------
    raster
        People per cell, north up; what a town has of a cell on its border is the part of the cell inside (exactextract).
    towns
        Outlines with ``name``, EPSG:4326.
    official
        Index = town, columns of ``AGE_BANDS``; ages are spread as residents are. None = the raster's own numbers, residents alone.

    Returns
    -------
    points, factors
        A point for each town's part of a cell: ``name, town``, people; and for each town official residents / raster's sum, None where there is no official
        number or the raster has nobody there (then the town's people are at a point in its middle). Towns without an official number
        keep the raster's residents; their ages are unknown.
    """
    import geopandas as gpd
    import pandas as pd

    try:
        from exactextract import exact_extract
        from exactextract.raster import NumPyRasterSource
    except ImportError as error:
        raise EnvironmentFault(fault("E407")) from error

    a, _, west, _, e, north = raster.transform
    rows, columns = raster.values.shape
    known = np.where(np.isfinite(raster.values) & (raster.values > 0), raster.values, 0.0)
    bounds = (west, north + e * rows, west + a * columns, north)
    shapes = towns[["name", "geometry"]].to_crs(raster.crs)
    source = NumPyRasterSource(known, *bounds, srs_wkt=shapes.crs.to_wkt())
    found = exact_extract(source, shapes, ["values", "coverage", "center_x", "center_y"], include_cols=["name"], output="pandas")
    bands = [c for c in AGE_BANDS if official is not None and c in official]
    parts: list[pd.DataFrame] = []
    factors: dict[str, float | None] = {}
    for shape, (name, values, coverage, x, y) in zip(shapes.geometry, found.itertuples(index=False), strict=True):
        people = np.asarray(values, dtype=float) * np.asarray(coverage, dtype=float)
        x, y, people = (np.asarray(v, dtype=float)[people > 0] for v in (x, y, people))
        told = None if official is None or name not in official.index else official.loc[name]
        residents = np.nan if told is None else float(told["pop_total"])
        measured = float(people.sum())
        scaled = not np.isnan(residents) and measured > 0
        factors[str(name)] = residents / measured if scaled else None
        if told is not None and not measured:  # nobody on the raster: somewhere in the town
            middle = shape.representative_point()
            x, y, people, measured = np.array([middle.x]), np.array([middle.y]), np.array([1.0]), 1.0
        columns_of = {band: np.full(len(people), np.nan) if told is None else float(told[band]) * people / measured for band in bands}
        if told is None or np.isnan(residents):
            columns_of["pop_total"] = people
        parts.append(pd.DataFrame({"name": f"{name}", "town": f"{name}", **columns_of, "x": x, "y": y}))
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"name": [], "town": [], "x": [], "y": []})
    table.index = pd.Index([f"{town}·{n + 1}" for town, n in zip(table["town"], table.groupby("town").cumcount(), strict=True)], name="id")
    places = gpd.GeoSeries.from_xy(table.pop("x"), table.pop("y"), index=table.index, crs=raster.crs).to_crs(4326)
    return gpd.GeoDataFrame(table, geometry=places), factors


def factor_words(factors: Mapping[str, float | None]) -> tuple[str, str]:
    """How far a raster was from the official numbers, for whoever reads a figure."""
    told = [f for f in factors.values() if f is not None]
    if not told:
        return "栅格人口没有官方乡镇总数可校准，照原数使用", "people of the raster as they are: there is no official total of any town"
    lost = [name for name, f in factors.items() if f is None]
    zh = f"栅格人口按官方乡镇街道总数校准，系数 {min(told):.3f}–{max(told):.3f}"
    en = f"people of the raster rescaled to the official totals of towns, factors {min(told):.3f} to {max(told):.3f}"
    if lost:
        return f"{zh}；{len(lost)} 个乡镇街道不能校准：{'、'.join(lost[:5])}", f"{en}; {len(lost)} towns could not be rescaled: {', '.join(lost[:5])}"
    return zh, en


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
