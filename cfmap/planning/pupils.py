"""Who walks to which school? No list of pupils: each age group of a place goes to the nearest school that takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cfmap.model.schema import AGES_OF
from cfmap.network.od import pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from cfmap.coverage.sources import Sources
    from cfmap.network import Network, Snapped

BANDS = AGES_OF["schools"]  # ages of compulsory schooling
#: Stages of a school -> the age groups it takes; a stage that is not known takes both.
TAKES: dict[str, tuple[str, ...]] = {
    "小学": ("pop_6_11",),
    "初中": ("pop_12_14",),
    "九年一贯制": BANDS,
    "十二年一贯制": BANDS,
    "完全中学": ("pop_12_14",),
    "高中": (),
    "中等职业学校": (),
}


def pupils(
    network: Network, sources: Sources, places: Snapped, origins: pd.DataFrame | gpd.GeoDataFrame, *, schools: gpd.GeoDataFrame, limit_m: float
) -> pd.DataFrame:
    """
    Which children of each place walk to which school.

    Parameters
    ----------
    sources
        The schools' doors, from :func:`cfmap.coverage.sources.place_sites`.
    places, origins
        Where children live, snapped, and their table in the same order: columns ``pop_6_11, pop_12_14`` (those that are there) or
        one column ``children``. A column ``school`` with the id or the only name of a school sends all of the row there.
    schools
        With ``id`` and, if known, ``stage``, see ``TAKES``.
    limit_m
        Longest walk, straight ways included, metres.

    Returns
    -------
    pairs
        DataFrame ``origin, school`` (positions in `origins` and ``sources.table``), ``children`` (NaN where one of the age groups is
        not known), by school and origin. The nearest school counts, of equal ones the lower position; places without a school within
        the limit are in no row.
    """
    import pandas as pd

    found = pairs(network, places, sources.snapped, site=sources.site, limit_mm=round(limit_m * 1000))
    order = np.lexsort((found.site, found.mm, found.origin))
    origin, site = found.origin[order], found.site[order]
    sent = _sent(origins, sources)
    allowed = (sent[origin] < 0) | (sent[origin] == site)
    bands = [b for b in BANDS if b in origins] or ["children"]
    takes = _takes(sources.ids, schools)
    rows = []
    for band in bands:
        open_to = np.array([band in t or band == "children" for t in takes], dtype=bool)
        which = np.flatnonzero(allowed & (open_to[site] | (sent[origin] >= 0)))
        _, first = np.unique(origin[which], return_index=True)
        nearest = which[first]
        count = origins[band].to_numpy(dtype=float, na_value=np.nan)[origin[nearest]]
        rows.append(pd.DataFrame({"origin": origin[nearest], "school": site[nearest], "children": count}))
    every = pd.concat(rows, ignore_index=True)
    every = every[every["children"].ne(0.0)]
    together = every.groupby(["school", "origin"])["children"]
    return together.sum(min_count=0).where(together.count().eq(together.size())).reset_index()[["origin", "school", "children"]]


def _takes(ids: Sequence[object] | NDArray[np.object_], schools: gpd.GeoDataFrame) -> list[tuple[str, ...]]:
    if "stage" not in schools:
        return [BANDS] * len(ids)
    stage = dict(zip(schools["id"].astype(object) if "id" in schools else schools.index, schools["stage"], strict=True))
    return [TAKES.get(str(stage.get(key)), BANDS) for key in ids]


def _sent(origins: pd.DataFrame, sources: Sources) -> NDArray[np.int64]:
    """Row of the school that a place is sent to, -1 = the nearest."""
    sent = np.full(len(origins), -1, dtype=np.int64)
    if "school" not in origins:
        return sent
    names = sources.table["name"]
    single = names[~names.duplicated(keep=False)]
    row_of = {str(name): int(row) for row, name in single.items()} | {str(key): row for row, key in enumerate(sources.ids)}
    for at, text in enumerate(origins["school"]):
        sent[at] = row_of.get(str(text).strip(), -1)
    return sent
