"""How many people live within some minutes of a site, given as points, as cells of a grid or as a raster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cfmap.coverage.people import CITY_ROW, NO_TOWN
from cfmap.coverage.sources import POINT_LIMIT_M, SITE_LIMIT_M, limit_millimetres, listed, place_sites
from cfmap.coverage.spread import SPACING_M, RasterGround, TableGround
from cfmap.geometry.raster import Raster
from cfmap.model import InputError, fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from cfmap.coverage.spread import Spread
    from cfmap.network import Network, TravelField

DEGREE_M = 110_000.0  # less than any degree of latitude


def people_by_minutes(
    network: Network,
    sites: gpd.GeoDataFrame,
    people: gpd.GeoDataFrame | Raster,
    *,
    minutes: Sequence[float] = (5.0, 10.0, 15.0),
    columns: str | Sequence[str] = "population",
    speed_kmh: float = 4.0,
    zones: gpd.GeoDataFrame | None = None,
    accesses: gpd.GeoDataFrame | None = None,
    site_limit_m: float = SITE_LIMIT_M,
    limit_m: float = POINT_LIMIT_M,
    spacing_m: float = SPACING_M,
) -> pd.DataFrame:
    """
    People by walking time to the nearest site; nobody lost, nobody counted twice.

    The people of a cell are spread evenly over its ground: over the middles of equal parts at most `spacing_m` apart, each
    brought to its own nearest street (areal weighting: Goodchild and Lam 1980, Geo-Processing 1, 297-312). Measured against
    people put by floor area into the houses of Helsinki, Monaco and a part of Beijing (``benchmarks/people.py``; cells of
    250 m), 4-5 % of the people stand on the wrong side of a limit that way, 7-11 % when all are put at the cell's middle,
    and 5-7 % when spread along the streets inside the cell (street weighting: Reibel and Bufalino 2005, Environment and
    Planning A 37, 127-139), which brings them too near on the whole; places closer together than 70 m gain next to
    nothing. Cells are divided by powers of two, so that quarters of a cell wider than `spacing_m` hold the very places the
    cell had.

    Parameters
    ----------
    network, sites, accesses, site_limit_m
        As :func:`cfmap.coverage.reach.reach`; sites in any CRS, EPSG:4326 where none is declared.
    people
        Points or areas in any CRS, or a :class:`cfmap.geometry.raster.Raster`, whose cells are brought to the
        streets from their own CRS; its numbers are never resampled. Multipoints and lines count at a point on them.
    minutes, speed_kmh
        Times and pace. The straight ways from a home to its street and from a street to the site's door count.
    columns
        Columns of people; a raster's numbers take the one name.
    zones
        Areas with ``name`` in any CRS that declares itself, e.g. towns. A cell that lies in several is shared out by its ground; where
        zones overlap the first by name counts.
    limit_m
        Longest straight way between a home and a street (250 m in towns, 500 m outside, METHODS 1.1).
    spacing_m
        Longest distance between the places over which a cell's people are spread; infinite = its middle only.

    Returns
    -------
    table
        RangeIndex; for each column of people one row per zone in order of name, one :data:`cfmap.coverage.people.NO_TOWN` when people
        live in none, and one with ``zone = ""`` for all. ``people`` (name of the column), ``zone``, ``total``;
        ``within_<minutes>`` for each time, cumulative and inclusive (people between two times = their difference);
        ``beyond`` the longest time; ``unreachable`` (a street, but no path to any site); ``off_network`` (no street
        within `limit_m`); ``unknown`` (people whose row has no place); ``unknown_rows`` (rows and cells without a number).
        The longest ``within`` + beyond + unreachable + off_network + unknown = total; zones add up to all. Then for each
        time ``share_<minutes>_lower`` = within / total, and ``share_<minutes>_upper``, which holds those of whom nobody
        can say how they walk: (within + off_network + unknown) / total; NaN where the total is 0.

        Unknown numbers (NaN) are in no sum; where all numbers are unknown the sums are NaN, not 0. A raster's nodata cells
        are neither people nor unknown. A zone without rows has 0.

    Raises
    ------
    InputError
        As :func:`cfmap.coverage.reach.reach`; negative or infinite people (E386), columns missing or not numbers, zones without
        names, a spacing or limit that is no length (E387), people or zones without CRS (E388).

    Notes
    -----
    Time grows with the number of places: rows of points, 4 for a raster cell of 100 m, 16 for one of 250 m; only those
    with people and near the network are brought to streets. Memory holds the numbers and some hundred thousand places.
    """
    import pandas as pd

    times = sorted(set(minutes))
    if not times:
        raise InputError(fault("E383", detail="minutes = []"))
    if not (limit_m >= 0 and spacing_m > 0):
        raise InputError(fault("E387", detail=f"limit_m = {limit_m}, spacing_m = {spacing_m}"))
    limits = np.array([limit_millimetres(m, speed_kmh) for m in times], dtype=np.int64)
    names = [columns] if isinstance(columns, str) else list(columns)
    counts = _counts(people, names)
    ground = _ground(people)
    areas = _Zones.of(zones)
    sources = place_sites(network, sites.to_crs(4326) if sites.crs else sites, accesses=accesses, limit_m=site_limit_m)
    field = network.travel(sources.snapped)

    parts = len(times) + 4  # within each time and not before, beyond, unreachable, off the network, unknown place
    sums = np.zeros((len(names), len(areas.names) * parts))
    known = np.where(np.isnan(counts), 0.0, counts)
    for places in ground.spread(np.flatnonzero((known > 0).any(axis=1)), spacing_m):
        part = areas.of_places(places) * parts + _part(field, places, limits, limit_m)
        for k in range(len(names)):
            sums[k] += np.bincount(part, places.share * known[places.row, k], minlength=sums.shape[1])
    rows = _rows(ground, counts, areas)
    by_zone = [_table(name, areas.names, sums[k].reshape(-1, parts), rows[k], known[:, k].sum(), times) for k, name in enumerate(names)]
    return pd.concat(by_zone, ignore_index=True)


@dataclass(frozen=True, eq=False)
class _Zones:
    """Names of the zones, the last one for places in none, and their ground."""

    names: list[str]
    shapes: NDArray[np.object_] | None = None
    number: NDArray[np.int64] | None = None

    @classmethod
    def of(cls, zones: gpd.GeoDataFrame | None) -> _Zones:
        if zones is None:
            return cls([NO_TOWN])
        if zones.crs is None:
            raise InputError(fault("E388", table="zones"))
        if "name" not in zones or zones["name"].isna().any():
            raise InputError(fault("E387", detail="zones: name"))
        zones = zones.assign(name=zones["name"].astype(str)).sort_values("name", kind="stable").to_crs(4326)
        names = list(dict.fromkeys(zones["name"]))
        shapes = np.asarray(zones.geometry.values, dtype=object)
        return cls([*names, NO_TOWN], shapes, np.array([names.index(n) for n in zones["name"]], dtype=np.int64))

    def of_places(self, places: Spread) -> NDArray[np.int64]:
        """Zone of each place, as position in :attr:`names`."""
        import shapely

        zone = np.full(len(places.row), len(self.names) - 1, dtype=np.int64)
        if self.shapes is not None and self.number is not None:
            points = np.asarray(shapely.points(places.lon, places.lat), dtype=object)
            shape, place = shapely.STRtree(points).query(self.shapes, predicate="intersects")
            np.minimum.at(zone, place, self.number[shape])
        return zone


def _counts(people: gpd.GeoDataFrame | Raster, names: list[str]) -> NDArray[np.float64]:
    """Numbers of people, one row per row of the table or known cell, one column per name; checked."""
    import pandas as pd

    if isinstance(people, Raster):
        if len(names) != 1:
            raise InputError(fault("E387", detail=f"columns = {names}"))
        counts = people.known()[:, None]
    else:
        wrong = [n for n in names if n not in people or not pd.api.types.is_numeric_dtype(people[n])]
        if wrong or not names:
            raise InputError(fault("E387", detail=f"columns = {wrong}; {listed(people.columns)}"))
        counts = people[names].to_numpy(dtype=np.float64, na_value=np.nan)
    for k, name in enumerate(names):
        bad = np.flatnonzero((counts[:, k] < 0) | np.isinf(counts[:, k]))
        if len(bad):
            rows = np.column_stack(np.divmod(people.cells()[bad], people.values.shape[1])) if isinstance(people, Raster) else people.index[bad]
            where = [f"{row}: {number:g}" for row, number in zip(rows, counts[bad, k], strict=True)]
            raise InputError(fault("E386", header=name, count=len(bad), names=listed(where)))
    return counts


def _ground(people: gpd.GeoDataFrame | Raster) -> TableGround | RasterGround:
    if isinstance(people, Raster):
        return RasterGround(people, people.cells())
    if people.crs is None:
        raise InputError(fault("E388", table="people"))
    return TableGround(people)


def _part(field: TravelField, places: Spread, limits: NDArray[np.int64], limit_m: float) -> NDArray[np.int64]:
    """Part of each place: position of the first limit that holds it, then beyond, unreachable, off the network, unknown."""
    import geopandas as gpd
    import shapely

    beyond = len(limits)
    part = np.full(len(places.row), beyond + 2, dtype=np.int64)
    part[~(np.isfinite(places.lon) & np.isfinite(places.lat))] = beyond + 3
    # far outside there is no street to look for
    west, south, east, north = field.network.bounds
    up = limit_m / DEGREE_M
    aside = up / max(np.cos(np.radians(min(89.9, max(abs(south), abs(north)) + up))), 1e-3)
    near = np.flatnonzero(
        (places.lon >= west - aside) & (places.lon <= east + aside) & (places.lat >= south - up) & (places.lat <= north + up) & (part == beyond + 2)
    )
    snapped = field.network.snap(gpd.GeoSeries(shapely.points(places.lon[near], places.lat[near]), crs=4326), limit_m=limit_m)
    along_mm, _ = field.at(snapped)
    reached = np.searchsorted(limits, along_mm + snapped.connector_mm, side="left")
    part[near] = np.where(~snapped.on_network, beyond + 2, np.where(along_mm < 0, beyond + 1, reached))
    return part


def _rows(ground: TableGround | RasterGround, counts: NDArray[np.float64], areas: _Zones) -> NDArray[np.int64]:
    """Rows with a number and rows without (last axis), by column of people and zone; a row counts in the zone of its middle."""
    n_zones = len(areas.names)
    missing = np.isnan(counts)
    tally = np.zeros((counts.shape[1], n_zones, 2), dtype=np.int64)
    tally[:, -1, 0] = len(counts)  # where nothing is missing nobody asks by zone
    if missing.any():
        tally[:] = 0
        for places in ground.spread(np.arange(len(counts)), np.inf):
            zone = areas.of_places(places)
            for k in range(counts.shape[1]):
                tally[k] += np.bincount(zone * 2 + missing[places.row, k], minlength=2 * n_zones).reshape(n_zones, 2)
    return tally


def _table(name: str, zones: list[str], sums: NDArray[np.float64], rows: NDArray[np.int64], total: float, times: Sequence[float]) -> pd.DataFrame:
    """Rows of the result for one column of people: sums and tally by zone in, the whole as last row out."""
    import pandas as pd

    sums, rows = np.vstack([sums, sums.sum(axis=0)]), np.vstack([rows, rows.sum(axis=0)])
    totals = np.append(sums[:-1].sum(axis=1), total)
    empty = totals == 0
    unknown = empty & (rows[:, 0] == 0) & (rows[:, 1] > 0)
    totals, sums = np.where(unknown, np.nan, totals), np.where(unknown[:, None], np.nan, sums)
    within, rest = np.cumsum(sums[:, : len(times)], axis=1), sums[:, len(times) :].T
    in_doubt, whole = rest[2] + rest[3], np.where(empty, np.nan, totals)
    table: dict[str, object] = {"people": name, "zone": [*zones, CITY_ROW], "total": totals}
    table |= {f"within_{time:g}": within[:, k] for k, time in enumerate(times)}
    table |= dict(zip(("beyond", "unreachable", "off_network", "unknown"), rest, strict=True))
    table["unknown_rows"] = rows[:, 1]
    for k, time in enumerate(times):  # sums may differ in their last digit
        table[f"share_{time:g}_lower"] = np.minimum(within[:, k] / whole, 1.0)
        table[f"share_{time:g}_upper"] = np.minimum((within[:, k] + in_doubt) / whole, 1.0)
    kept = np.ones(len(totals), dtype=bool)
    kept[-2] = len(zones) > 1 and not (empty[-2] and rows[-2, 1] == 0)
    return pd.DataFrame(table)[kept]
