"""Which town is each site in: as the department says, or by the outlines where it says nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cfmap.model.messages import fault

if TYPE_CHECKING:
    import geopandas as gpd

    from cfmap.model import LayerData

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
    outlines = dict(zip(names, towns.geometry.to_crs(towns.estimate_utm_crs()), strict=True))
    metric = points.to_crs(towns.estimate_utm_crs()).to_numpy()
    elsewhere = [row for row in np.flatnonzero(~empty & ~unknown & (lies >= 0) & (said != names[lies])) if outlines[said[row]].distance(metric[row]) > NEAR_M]
    if elsewhere:
        listed = _some(f"{sites['name'].iloc[r]}（{said[r]} → {names[lies[r]]}）" for r in elsewhere)
        faults.append(fault("W261", layer=data.layer.title, layer_en=data.layer.title_en, count=len(elsewhere), names=listed))
    return replace(data, sites=filled, faults=tuple(faults))


def _some(values: object) -> str:
    distinct = list(dict.fromkeys(map(str, values)))  # type: ignore[call-overload]
    return "、".join(distinct[:SHOWN]) + ("……" if len(distinct) > SHOWN else "")
