"""How many children are reached, and between which numbers does the answer lie: with the assumption that matters most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cfmap.coverage.people import CITY_ROW, towns_of
from cfmap.coverage.sources import POINT_LIMIT_M, RURAL_POINT_LIMIT_M, SITE_LIMIT_M, place_sites
from cfmap.coverage.spread import SPACING_M, TableGround
from cfmap.model import InputError, fault
from cfmap.model.units import PACES
from cfmap.network.gates import open_gates

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from cfmap.network import Network

CAUSES = ("pace", "snapping", "gates", "unlocated", "placement")
QUARTER_HOUR_S = 900
HEADLINE_M = 1_000.0
CHILD_M = round(PACES["child"].metres_per_second * QUARTER_HOUR_S / 10) * 10.0  # 790 m, METHODS 1.5
STROLLER_M = PACES["stroller"].metres_per_second * QUARTER_HOUR_S
NEAR_LIMIT_M = 100.0
WIDEST_M = 300.0  # a community's children are not looked for farther from its point than this


@dataclass(frozen=True)
class Assumptions:
    """
    What the headline rests on, and how far each could be otherwise.

    Attributes
    ----------
    metres, child_m
        Headline, and what a small child walks in the same time.
    stroller_m
        With a pram, no steps; stands beside the headline and is no part of the range.
    limit_m, near_limit_m, far_limit_m
        Longest straight way between a home and a street: of the headline, and between which it could be.
    widest_m
        Radius within which the children of a community given as a point may live, where no neighbour is nearer.
    """

    metres: float = HEADLINE_M
    child_m: float = CHILD_M
    stroller_m: float = STROLLER_M
    limit_m: float = POINT_LIMIT_M
    near_limit_m: float = NEAR_LIMIT_M
    far_limit_m: float = RURAL_POINT_LIMIT_M
    widest_m: float = WIDEST_M


USUAL = Assumptions()


def people_range(
    network: Network,
    sites: gpd.GeoDataFrame,
    people: gpd.GeoDataFrame,
    *,
    count: str,
    towns: gpd.GeoDataFrame | None = None,
    unlocated: Mapping[str, int] | None = None,
    assumptions: Assumptions = USUAL,
) -> pd.DataFrame:
    """
    Children within reach of a site, by town, as a number and as a range with its main cause.

    The least favourable end takes every assumption at its worst together: a small child's pace, homes only within 100 m of a street,
    gates as mapped, no site but the located ones, and the children at the far side of their community. The other end: the headline's pace,
    homes within 500 m, all gates open, every site without coordinates where its town's uncovered children need it, and the
    children at the near side. The main cause is the assumption that alone moves the number farthest.

    Parameters
    ----------
    network, sites
        As :func:`cfmap.coverage.reach.reach`.
    people
        Communities as points or areas, EPSG:4326; a column ``town`` is used where it names one of `towns`. An area's children are spread
        over it, in the range they may all live anywhere on it; round a point they may live within half the way to the next
        community's point, at most ``widest_m``.
    count
        Column of `people` with the number of children; NaN is unknown and in no sum.
    towns
        Outlines with ``name``; None: the communities' own towns.
    unlocated
        Town -> sites that exist and have no coordinates; the key "" for those whose town is unknown, which could be anywhere.
    assumptions
        Distances.

    Returns
    -------
    table
        A row per town in order of name and a last one, ``town = ""``, for all: ``town``, ``children``, ``covered`` (within
        `metres`), ``beyond``, ``unreachable`` (a street but no path), ``off_network``, ``stroller``, ``low``, ``high``, ``cause``
        (one of :data:`CAUSES`, "" when nothing moves the number), ``<cause>_low`` and ``<cause>_high`` with that assumption alone at its
        ends, ``unlocated`` sites and ``unknown_rows`` (communities without a number). covered + beyond + unreachable + off_network = children;
        low <= covered <= high. A town whose numbers are all unknown has NaN, never 0.

    Raises
    ------
    InputError
        As :func:`cfmap.coverage.reach.reach`; E386 for negative numbers, E387 for a column that is missing or no number.
    """
    import pandas as pd

    children = _children(people, count)
    places = _Places.of(people.to_crs(4326) if people.crs else people.set_crs(4326), assumptions)
    known = np.nan_to_num(children)
    a = assumptions

    def sources(streets: Network) -> Any:
        return place_sites(streets, sites.to_crs(4326) if sites.crs else sites, limit_m=SITE_LIMIT_M).snapped

    placed, opened = sources(network), open_gates(network)
    through = sources(opened)
    usual = places.metres(network, placed, a.limit_m)
    wide = places.metres(network, placed, a.far_limit_m)
    near = places.metres(network, placed, a.near_limit_m)
    unbarred = places.metres(opened, through, a.limit_m)
    everything = places.metres(opened, through, a.far_limit_m)
    pram = places.metres(network, placed, a.limit_m, avoid_steps=True)

    def covered(metres: NDArray[np.float64], limit: float) -> NDArray[np.float64]:
        return places.share_of(metres <= limit)

    base = covered(usual, a.metres)
    town = towns_of(people, towns)
    lost = _could_be_reached(town, unlocated or {})
    ends = {
        "pace": (covered(usual, a.child_m), base),
        "snapping": (covered(near, a.metres), covered(wide, a.metres)),
        "gates": (base, covered(unbarred, a.metres)),
        "unlocated": (base, np.where(lost, 1.0, base)),
        "placement": (places.all_of(usual, a.metres), places.any_of(usual, a.metres)),
    }
    low = np.minimum.reduce([base, places.all_of(near, a.child_m), *(end for pair in ends.values() for end in pair)])
    high = np.maximum.reduce([base, places.any_of(everything, a.metres), *(end for pair in ends.values() for end in pair)])
    parts: dict[str, NDArray[np.float64]] = {
        "children": np.ones(len(people)),
        "covered": base,
        "beyond": places.share_of(np.isfinite(usual) & (usual > a.metres)),
        "unreachable": places.share_of(np.isposinf(usual)),
        "off_network": places.share_of(np.isnan(usual)),
        "stroller": covered(pram, a.stroller_m),
        "low": low,
        "high": high,
        **{
            f"{cause}_{end}": np.minimum(base, v) if end == "low" else np.maximum(base, v)
            for cause, pair in ends.items()
            for end, v in zip(("low", "high"), pair, strict=True)
        },
    }
    table = pd.DataFrame({name: share * known for name, share in parts.items()}, index=people.index)
    table["unknown_rows"] = np.isnan(children).astype(int)
    table["rows"] = 1
    return _by_town(table, town, towns, unlocated or {})


@dataclass(frozen=True, eq=False)
class _Places:
    """Where children may live: row of the community, its share, degrees, and how far from there they may be."""

    rows: int
    row: NDArray[np.int64]
    share: NDArray[np.float64]
    points: gpd.GeoSeries
    radius: NDArray[np.float64]

    @classmethod
    def of(cls, people: gpd.GeoDataFrame, assumptions: Assumptions) -> _Places:
        import geopandas as gpd
        import shapely

        spread = list(TableGround(people).spread(np.arange(len(people)), SPACING_M))
        row, share, lon, lat = (np.concatenate([getattr(s, name) for s in spread]) for name in ("row", "share", "lon", "lat"))
        area = np.isin(shapely.get_type_id(np.asarray(people.geometry.values, dtype=object)), (3, 6))
        radius = np.where(area, 0.0, _half_way_to_next(people, assumptions.widest_m))
        return cls(len(people), row, share, gpd.GeoSeries.from_xy(lon, lat, crs="EPSG:4326"), radius[row])

    def metres(self, network: Network, sources: Any, limit_m: float, *, avoid_steps: bool = False) -> NDArray[np.float64]:
        """Way to the nearest site, both straight parts included; infinite without a path, NaN off the network."""
        snapped = network.snap(self.points, limit_m=limit_m)
        along, _ = network.travel(sources, avoid_steps=avoid_steps).at(snapped)
        metres = np.where(along < 0, np.inf, (along + snapped.connector_mm) / 1000.0)
        return np.asarray(np.where(snapped.on_network, metres, np.nan), dtype=np.float64)

    def share_of(self, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Which part of each community lives in the chosen places."""
        shares: NDArray[np.float64] = np.bincount(self.row, (self.share * chosen).astype(np.float64), minlength=self.rows).astype(np.float64)
        return shares

    def any_of(self, metres: NDArray[np.float64], limit: float) -> NDArray[np.float64]:
        """1 where some place of the community could be within the limit, 0 where none could."""
        within = metres - self.radius <= limit
        return np.asarray(np.bincount(self.row, within, minlength=self.rows) > 0, dtype=np.float64)

    def all_of(self, metres: NDArray[np.float64], limit: float) -> NDArray[np.float64]:
        """1 where every place of the community is surely within the limit, else 0."""
        within = metres + self.radius <= limit
        return np.asarray(np.bincount(self.row, ~within, minlength=self.rows) == 0, dtype=np.float64)


def _half_way_to_next(people: gpd.GeoDataFrame, most: float) -> NDArray[np.float64]:
    """Half the distance to the next community's point, metres, at most `most`; of points at one place the distance to the next other."""
    import shapely
    from scipy.spatial import cKDTree

    points = people.geometry.to_crs(people.estimate_utm_crs()).representative_point() if len(people) else people.geometry
    xy = shapely.get_coordinates(np.asarray(points.values, dtype=object))
    places = np.unique(xy, axis=0)
    if len(places) < 2:
        return np.full(len(people), most)
    distance, _ = cKDTree(places).query(xy, k=2)
    return np.minimum(np.asarray(distance[:, 1], dtype=np.float64) / 2.0, most)


def _children(people: gpd.GeoDataFrame, count: str) -> NDArray[np.float64]:
    import pandas as pd

    if count not in people or not pd.api.types.is_numeric_dtype(people[count]):
        raise InputError(fault("E387", detail=f"count = {count}"))
    children = np.asarray(people[count].to_numpy(dtype=float, na_value=np.nan), dtype=np.float64)
    bad = np.flatnonzero((children < 0) | np.isinf(children))
    if len(bad):
        raise InputError(fault("E386", header=count, count=len(bad), names="、".join(str(people.index[i]) for i in bad[:5])))
    return children


def _could_be_reached(town: pd.Series, unlocated: Mapping[str, int]) -> NDArray[np.bool_]:
    """Communities in a town with a site of unknown place; all of them when a site's town is unknown."""
    if unlocated.get(CITY_ROW):
        return np.ones(len(town), dtype=bool)
    return np.asarray(town.isin([name for name, number in unlocated.items() if number]), dtype=bool)


def _by_town(table: pd.DataFrame, town: pd.Series, towns: gpd.GeoDataFrame | None, unlocated: Mapping[str, int]) -> pd.DataFrame:
    sums = table.groupby(town.to_numpy()).sum()
    names = sorted({*(str(n) for n in (towns["name"] if towns is not None else ())), *(str(n) for n in sums.index)})
    sums = sums.reindex(names, fill_value=0.0)
    sums.loc[CITY_ROW] = table.sum()
    untold = (sums["rows"] > 0) & (sums["unknown_rows"] == sums["rows"])
    numbers = [c for c in sums if c not in ("unknown_rows", "rows")]
    sums.loc[untold, numbers] = np.nan
    moved = np.column_stack([sums[f"{c}_high"] - sums[f"{c}_low"] for c in CAUSES])
    most = np.nan_to_num(moved).argmax(axis=1)
    sums["cause"] = [CAUSES[k] if m[k] > 0 else "" for k, m in zip(most, np.nan_to_num(moved), strict=True)]
    sums["unlocated"] = [sum(unlocated.values()) if name == CITY_ROW else int(unlocated.get(name, 0)) for name in sums.index]
    order = ["children", "covered", "beyond", "unreachable", "off_network", "stroller", "low", "high", "cause"]
    order += [f"{c}_{end}" for c in CAUSES for end in ("low", "high")] + ["unlocated", "unknown_rows"]
    sums["unknown_rows"] = sums["unknown_rows"].astype(int)
    return sums[order].rename_axis("town").reset_index()
