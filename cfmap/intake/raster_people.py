"""In which cells of a raster do a town's people live, how far is the raster from the official numbers, and what about it is doubtful?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from cfmap.model.errors import EnvironmentFault
from cfmap.model.messages import fault
from cfmap.model.schema import AGE_BANDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from cfmap.geometry.raster import Raster
    from cfmap.model.messages import Fault

FAR_OFF = 3.0  # a raster whose sum is so many times off the official number is of another unit, band or place
CROWDED_PER_KM2, EMPTY_PER_KM2 = 60_000.0, 1.0  # no town is as full, none as empty
COARSE_M = 250.0  # cells wider than this are coarser than a walk is measured
COVERED = 0.99  # share of a town's ground on the raster that is as good as all


def onto_cells(raster: Raster, towns: gpd.GeoDataFrame, official: pd.DataFrame | None = None) -> tuple[gpd.GeoDataFrame, dict[str, float | None]]:
    """
    Residents in a raster's cells, each town's rescaled to its official total. Needs the extra ``cfmap[raster]``.

    Parameters
    ----------
    raster
        People per cell, in any CRS and grid (turned, south up); what a town has of a cell on its border is the part of the cell inside (exactextract).
        Negative and unknown cells hold nobody.
    towns
        Outlines with ``name``, EPSG:4326; several of one name are one town.
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

    rows, columns = raster.values.shape
    known = np.where(np.isfinite(raster.values) & (raster.values > 0), raster.values, 0.0)
    shapes = towns[["name", "geometry"]].dissolve("name", sort=False).reset_index().to_crs(raster.crs)
    places_in_cells = shapely.transform(shapes.geometry.to_numpy(), lambda xy: _in_cells(raster, xy))
    counted = gpd.GeoDataFrame(
        {"name": shapes["name"]}, geometry=places_in_cells, crs=shapes.crs
    )  # of which exactextract only asks that it be one with the raster's
    source = NumPyRasterSource(known, 0, -rows, columns, 0, srs_wkt=shapes.crs.to_wkt())
    found = exact_extract(source, counted, ["values", "coverage", "center_x", "center_y"], include_cols=["name"], output="pandas")
    bands = [c for c in AGE_BANDS if official is not None and c in official]
    parts: list[pd.DataFrame] = []
    factors: dict[str, float | None] = {}
    for shape, (name, values, coverage, across, up) in zip(counted.geometry, found.itertuples(index=False), strict=True):
        people = np.asarray(values, dtype=float) * np.asarray(coverage, dtype=float)
        across, up, people = (np.asarray(v, dtype=float)[people > 0] for v in (across, up, people))
        told = None if official is None or name not in official.index else official.loc[name]
        residents = np.nan if told is None else float(told["pop_total"])
        measured = float(people.sum())
        scaled = not np.isnan(residents) and measured > 0
        factors[str(name)] = residents / measured if scaled else None
        nobody = not measured
        if told is not None and nobody:  # somewhere in the town
            middle = shape.representative_point()
            across, up, people, measured = np.array([middle.x]), np.array([middle.y]), np.array([1.0]), 1.0
        columns_of = {band: np.full(len(people), np.nan) if told is None else float(told[band]) * people / measured for band in bands}
        if told is None or np.isnan(residents):
            columns_of["pop_total"] = np.full(len(people), np.nan) if nobody else people
        parts.append(pd.DataFrame({"name": f"{name}", "town": f"{name}", **columns_of, "across": across, "down": -up}))
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"name": [], "town": [], "across": [], "down": []})
    table.index = pd.Index([f"{town}·{n + 1}" for town, n in zip(table["town"], table.groupby("town").cumcount(), strict=True)], name="id")
    x, y = raster.at(np.zeros(len(table), dtype=np.int64), table.pop("across").to_numpy(), table.pop("down").to_numpy())
    places = gpd.GeoSeries.from_xy(x, y, index=table.index, crs=raster.crs).to_crs(4326)
    return gpd.GeoDataFrame(table, geometry=places), factors


def factor_words(factors: Mapping[str, float | None]) -> tuple[str, str]:
    """How far a raster was from the official numbers, for whoever reads a figure."""
    told = [f for f in factors.values() if f is not None]
    if not told:
        return (
            "栅格人口没有官方乡镇总数可校准，照原数使用，只有常住人口，没有各年龄的",
            "people of the raster as they are: there is no official total of any town, and no ages",
        )
    lost = [name for name, f in factors.items() if f is None]
    zh = f"栅格人口按官方乡镇街道总数校准，系数 {min(told):.3f}–{max(told):.3f}；各年龄按常住人口分到格子"
    en = f"people of the raster rescaled to the official totals of towns, factors {min(told):.3f} to {max(told):.3f}; ages are spread as residents are"
    if lost:
        zh = f"{zh}；{len(lost)} 个乡镇街道没有官方总数，或者栅格里没有人，没有校准：{'、'.join(lost[:5])}"
        en = f"{en}; {len(lost)} towns without an official total, or without anybody on the raster, are not rescaled: {', '.join(lost[:5])}"
    return zh, en


def doubts(raster: Raster, towns: gpd.GeoDataFrame, points: gpd.GeoDataFrame, factors: Mapping[str, float | None], *, file: str) -> list[Fault]:
    """
    What about a raster is doubtful before anybody trusts a figure.

    W275 negative cells; W276 a sum that is far from the official number, or without one a town fuller or emptier than any; W277 cells coarser than a walk is
    measured; W279 ground of towns beyond the raster's edge.
    """
    found: list[Fault] = []
    if negative := int((np.isfinite(raster.values) & (raster.values < 0)).sum()):
        found.append(fault("W275", file=file, count=negative))
    whole = towns[["name", "geometry"]].dissolve("name", sort=False)
    found += _of_other_size(whole, points, factors, file)
    a, b, _, d, e, _ = raster.transform
    rows, columns = raster.values.shape
    ring = raster.at(np.zeros(5, dtype=np.int64), np.array([0.0, columns, columns, 0, 0]), np.array([0.0, 0, rows, rows, 0]))
    shapes = whole.to_crs(raster.crs).geometry.to_numpy()
    inside = shapely.area(shapely.intersection(shapes, shapely.Polygon(np.column_stack(ring)))) / shapely.area(shapes)
    if short := [f"{name} {share:.0%}" for name, share in zip(whole.index, inside, strict=True) if share < COVERED]:
        found.append(fault("W279", file=file, count=len(short), names="、".join(short[:5])))
    side = float(np.sqrt(abs(a * e - b * d) * whole.to_crs("+proj=cea").area.sum() / shapely.area(shapes).sum()))
    if side > COARSE_M:
        found.append(fault("W277", file=file, metres=f"{side:,.0f}"))
    return found


def _of_other_size(whole: gpd.GeoDataFrame, points: gpd.GeoDataFrame, factors: Mapping[str, float | None], file: str) -> list[Fault]:
    """W276 for towns whose people cannot be meant as people per cell."""
    strange = [(f"{name} ×{f:.3g}",) * 2 for name, f in factors.items() if f is not None and not 1 / FAR_OFF <= f <= FAR_OFF]
    if all(f is None for f in factors.values()) and "pop_total" in points:
        sums = points.groupby("town")["pop_total"].sum()
        density = sums / (whole.to_crs("+proj=cea").area.reindex(sums.index) / 1e6)
        unlike = density[(density > CROWDED_PER_KM2) | (density < EMPTY_PER_KM2)]
        strange = [(f"{name} 每平方公里 {v:,.0f} 人", f"{name} {v:,.0f} people per km2") for name, v in unlike.items()]
    if not strange:
        return []
    zh, en = ("、".join(pair[k] for pair in strange[:5]) for k in (0, 1))
    return [fault("W276", file=file, count=len(strange), detail=zh, detail_en=en)]


def _in_cells(raster: Raster, xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Places in the raster's CRS counted in cells: east of its first corner, and (negative) south of it, whichever way the grid lies."""
    a, b, c, d, e, f = raster.transform
    column, row = np.linalg.solve(np.array([[a, b], [d, e]]), (xy - (c, f)).T)
    return np.column_stack((column, -row))
