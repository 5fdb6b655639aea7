"""Does every community have at least one? (Areal coverage: a presence test, never a share of people.)"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cfmap.coverage.people import towns_of
from cfmap.geometry.crs import geometries_to_plane, metric_crs_of
from cfmap.indicators.existing import date_of, sites_of, sources_of
from cfmap.indicators.rule import percent, town_names
from cfmap.model.edition import Indicator
from cfmap.model.once import kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cfmap.indicators.existing import Sites
    from cfmap.model.edition import Edition, LayerData

NO_TABLE = ("没有社区（村）人口表，说不出是不是每个社区都有", "there is no table of communities: whether each has one cannot be said")


def community_presence(edition: Edition) -> Iterator[Indicator]:
    """
    Share of communities with at least one existing site of a layer (``community_presence.<layer>``, per cent; ``by_town`` of the town's own).

    Communities are those of the population table. Where it gives their ground a site belongs to the one it lies in; where it gives
    points, to the nearest of the site's own town, and the number is an estimate (partial) that says so. Sites without coordinates, of
    unknown town or on no community's ground may be in a community that seems to have none: the value is then None, between a lower bound (none of
    them is) and an upper one (each is in another). Nothing without a population table (:data:`NO_TABLE`), nor for layers that are areas themselves.
    """
    if edition.population is None or edition.population.cells or edition.population.units.empty:
        return
    points = edition.population.units
    town = towns_of(points, edition.towns).astype(str)
    exact = _has_ground(edition)
    for key, data in edition.layers.items():
        if data.layer.geometry == "Polygon" or data.layer.group == "place":
            continue
        sites = sites_of(data, edition)
        home = kept(_homes, data, edition)
        with_one = pd.Series(np.bincount(home[home >= 0], minlength=len(points)) > 0, index=points.index)
        astray = sites.existing["town_known"][home < 0]
        most = len(points) if sites.only_mapped else int(with_one.sum()) + _possible(with_one, town, astray)
        share, sure = percent(int(with_one.sum()), len(points)), sites.known and most == int(with_one.sum())
        by_town = with_one.groupby(town).agg(["sum", "size"])
        zh, en = _notes(sites, len(astray), exact=exact)
        yield Indicator(
            id=f"community_presence.{key}",
            title=f"至少有一处{data.layer.title}的社区（村）占比",
            title_en=f"Share of communities with at least one: {data.layer.title_en}",
            value=share if sure else None,
            lower=None if sure or not sites.known else share,
            upper=None if sure or not sites.known else percent(most, len(points)),
            unit="%",
            denominator=f"人口表里的 {len(points)} 个社区（村）",
            definition=f"有没有的检验：至少有一处在用（或状态未知）的社区（村）数 ÷ 社区（村）总数，不代表居民走得到{zh}",
            definition_en=f"presence test: communities with at least one existing site / all communities; says nothing about walking distance{en}",
            data_date=date_of(data, edition.city),
            sources=(*sources_of(data, edition.city), edition.population.source),
            part=float(with_one.sum()) if sure else None,
            whole=float(len(points)) if sure else None,
            by_town={str(t): percent(float(row["sum"]), float(row["size"])) if sure else None for t, row in by_town.iterrows()},
            nobody=tuple(name for name in town_names(edition) if name not in by_town.index),
            status="unknown" if not sites.known else "ok" if sure and exact else "partial",
        )


def _notes(sites: Sites, lost: int, *, exact: bool) -> tuple[str, str]:
    zh, en = ("", "")
    if not exact:
        zh += "；没有社区界，点位算在本乡镇街道里最近的社区点，边上的会有出入"
        en += "; there are no outlines of communities: a site counts for the nearest community point of its town, which may be wrong near their edges"
    if not sites.known and not sites.only_mapped:
        return f"{zh}；没有人交来数据，不知道", f"{en}; no data handed in: unknown"
    if sites.only_mapped:
        return f"{zh}；只来自街道数据里的标注，没有标注不等于没有", f"{en}; from map tags alone: not mapped is not none"
    if lost:
        zh, en = f"{zh}；{lost} 处不知道在哪个社区", f"{en}; {lost} sites of unknown community"
    return zh, en


def _has_ground(edition: Edition) -> bool:
    population = edition.population
    return population is not None and population.areas is not None and len(population.areas) == len(population.units)


def _possible(with_one: pd.Series, town: pd.Series, astray: pd.Series) -> int:
    """How many communities without one may have one, when each site astray is in another of its town, or anywhere where its town is unknown."""
    lacking = town[~with_one].value_counts()
    known = astray.dropna().astype(str).value_counts()
    of_towns = {name: min(int(number), int(known.get(name, 0))) for name, number in lacking.items()}
    rest = int(lacking.sum()) - sum(of_towns.values())
    elsewhere = len(astray) - int(known[known.index.isin(lacking.index) | known.index.isin(town)].sum())
    return sum(of_towns.values()) + min(rest, elsewhere)


def _homes(data: LayerData, edition: Edition) -> NDArray[np.int64]:
    """Community of each existing site, as position in the population table; -1 where nobody can say."""
    existing = sites_of(data, edition).existing
    place = dict(zip(data.sites["id"], data.sites.geometry.representative_point(), strict=True))
    points = [place.get(i) if there else None for i, there in zip(existing["id"], existing["located"].astype(bool), strict=True)]
    home = np.full(len(existing), -1, dtype=np.int64)
    there = np.flatnonzero([p is not None for p in points])
    shapes = np.array([points[i] for i in there], dtype=object)
    if not len(there):
        return home
    towns = existing["town_known"].astype(object).where(existing["town_known"].notna(), None).to_numpy(dtype=object)
    home[there] = _in_ground(shapes, edition) if _has_ground(edition) else _nearest(shapes, towns[there], edition)
    return home


def _in_ground(places: NDArray[np.object_], edition: Edition) -> NDArray[np.int64]:
    """The community on whose ground a place lies, of two the first of the table."""
    from shapely import STRtree

    population = edition.population
    assert population is not None and population.areas is not None  # noqa: S101, PT018 - asked before
    at, area = STRtree(population.areas.reindex(population.units.index).to_numpy()).query(places, predicate="intersects")
    home = np.full(len(places), len(population.units), dtype=np.int64)
    np.minimum.at(home, at, area)
    return np.where(home < len(population.units), home, -1)


def _nearest(places: NDArray[np.object_], town: NDArray[np.object_], edition: Edition) -> NDArray[np.int64]:
    """The nearest community of the place's own town; of all where the city has no towns."""
    from scipy.spatial import cKDTree
    from shapely import get_coordinates

    assert edition.population is not None  # noqa: S101 - asked before
    points = edition.population.units
    crs = metric_crs_of(points, setting=edition.city.crs.metres)
    homes, sites = (get_coordinates(geometries_to_plane(shapes, crs)) for shapes in (np.asarray(points.geometry.values, dtype=object), places))
    own = towns_of(points, edition.towns).to_numpy(dtype=object)
    everywhere = edition.towns is None or not len(edition.towns)
    home = np.full(len(places), -1, dtype=np.int64)
    for name in [None] if everywhere else sorted({str(t) for t in town if t is not None}):
        mine = np.arange(len(points)) if everywhere else np.flatnonzero(own == name)
        theirs = np.arange(len(places)) if everywhere else np.flatnonzero(town == name)
        if len(mine) and len(theirs):
            home[theirs] = mine[cKDTree(homes[mine]).query(sites[theirs])[1]]
    return home
