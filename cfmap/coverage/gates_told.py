"""What is wrong with the gates on record: which belong to no site, which stand far from theirs, which no street comes near?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from cfmap.coverage.accesses import match_gates, shut
from cfmap.coverage.sources import SITE_LIMIT_M, identified, listed
from cfmap.geometry.crs import geometries_to_plane, geometry_to_lonlat, metric_crs
from cfmap.model import fault
from cfmap.network.od import pairs

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from pyproj import CRS

    from cfmap.model import Fault
    from cfmap.network import Network

FAR_M = 500.0  # a gate farther than this from its school is hardly that school's
AT_SCHOOL_M = 50.0  # a gate so near is the school's, however the streets run
LONG_WAY_M, TIMES, SEARCHED_M = 1000.0, 4.0, 1500.0  # a walk longer than both from gate to school: something lies between
SCHOOL = "所属学校"  # the column that names it
FROM_MAP = "osm-"  # ids of what OpenStreetMap has


def gate_faults(
    gates: gpd.GeoDataFrame | None, sites: gpd.GeoDataFrame, *, footprints: gpd.GeoSeries | None = None, network: Network | None = None
) -> list[Fault]:
    """
    One record for each gate on record that something is wrong with, with its place on the ground.

    Parameters
    ----------
    gates, sites, footprints
        As :func:`cfmap.coverage.accesses.match_gates`; gates that are shut on purpose are left alone.
    network
        Where the streets are; without it W392 is not looked for.

    Returns
    -------
    faults
        W390 gates that belong to none of the sites and are not used (I390 tells of those of OpenStreetMap together: nobody entered them),
        W370 those over 500 m from the site that they name, W362 those from which one walks over 1 km, and four times the straight line, to the
        nearest place of their site (across a river, say), W392 those without a street within 100 m.
    """
    if gates is None or not len(gates) or not len(sites):
        return []
    gates = gates[~shut(gates)]  # on purpose
    if not len(gates):
        return []
    of = match_gates(gates, sites, footprints=footprints)
    told = gates.assign(name=_names(gates), school=[s.strip() if isinstance(s, str) else "" for s in gates.get("school", [""] * len(gates))])
    mapped = gates["id"].astype(str).str.startswith(FROM_MAP) if "id" in gates else np.zeros(len(gates), dtype=bool)
    lost = of.isna()
    return [*_lost(told[lost & ~mapped], sites), *_unknown_on_map(told[lost & mapped]), *_far(told[~lost], of[~lost], sites, footprints, network)]


def _names(gates: gpd.GeoDataFrame) -> list[str]:
    names = gates["name"] if "name" in gates else gates.index.to_series()
    return [str(name) for name in names]


def _at(code: str, gate: pd.Series, **facts: Any) -> Fault:
    point = gate.geometry.representative_point()
    return fault(code, column=SCHOOL, value=gate["school"] or None, name=gate["name"], **facts).at(("site", float(point.x), float(point.y)))


def _lost(gates: gpd.GeoDataFrame, sites: gpd.GeoDataFrame) -> list[Fault]:
    names = sites["name"].dropna().astype(str) if "name" in sites else sites.index.to_series().astype(str)
    found = []
    for _, gate in gates.iterrows():
        said = gate["school"]
        if not said:
            reason = ("没有写所属学校，100 米以内也没有学校", "it names no school, and none is within 100 m")
        elif names.eq(said).sum() > 1:
            reason = (f"有几所学校都叫“{said}”", f"several schools are called {said}")
        else:
            reason = (f"学校表里没有在用的“{said}”", f"no school in use is called {said}")
        near = [name for name in names.unique() if said and name != said and (said in name or name in said)]
        found.append(_at("W390", gate, reason=reason[0], reason_en=reason[1], nearest=near[0] if len(near) == 1 else "—"))
    return found


def _unknown_on_map(gates: gpd.GeoDataFrame) -> list[Fault]:
    return [fault("I390", count=len(gates), names=listed(gates["name"]))] if len(gates) else []


def _far(gates: gpd.GeoDataFrame, of: pd.Series, sites: gpd.GeoDataFrame, footprints: gpd.GeoSeries | None, network: Network | None) -> list[Fault]:
    """Gates that belong somewhere and stand far from there, or from any street."""
    if not len(gates):
        return []
    table = identified(sites, "sites")
    own = {k: g if footprints is None or k not in footprints.index else footprints.loc[[k]].iloc[0] for k, g in zip(table["id"], table.geometry, strict=True)}
    titles = dict(zip(table["id"], table["name"] if "name" in table else table["id"], strict=True))
    crs = metric_crs(*(table.total_bounds[:2] + table.total_bounds[2:]) / 2)
    ours, theirs = (geometries_to_plane(np.array(shapes, dtype=object), crs) for shapes in (gates.geometry, [own[k] for k in of]))
    metres = shapely.distance(ours, theirs)
    off, walked = _on_foot(network, gates, _beside(ours, theirs, crs), metres) if network is not None else (np.zeros(len(gates), bool), None)
    found = []
    for n, ((_, gate), key, away, alone) in enumerate(zip(gates.iterrows(), of, metres, off, strict=True)):
        point = gate.geometry.representative_point()
        if away > FAR_M:
            found.append(_at("W370", gate, school=str(titles[key]), metres=f"{away:,.0f}", limit=f"{FAR_M:g}"))
        elif walked is not None and walked[n] > max(LONG_WAY_M, TIMES * away):
            long = (f"{walked[n]:,.0f} 米", f"{walked[n]:,.0f} m") if np.isfinite(walked[n]) else (f"{SEARCHED_M:,.0f} 米以上", f"over {SEARCHED_M:,.0f} m")
            found.append(_at("W362", gate, school=str(titles[key]), metres=f"{away:,.0f}", walk=long[0], walk_en=long[1]))
        if alone:
            found.append(_at("W392", gate, school=str(titles[key]), lon=f"{point.x:.6f}", lat=f"{point.y:.6f}"))
    return found


def _beside(gates: np.ndarray, schools: np.ndarray, crs: CRS) -> gpd.GeoSeries:
    """The place of each school nearest to its gate."""
    import geopandas as gpd

    ends = shapely.get_point(shapely.shortest_line(schools, gates), 0)
    return gpd.GeoSeries([geometry_to_lonlat(p, crs) for p in ends], crs=4326)


def _on_foot(network: Network, gates: gpd.GeoDataFrame, beside: gpd.GeoSeries, metres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether each gate is off the streets, and the walk from the place of its school nearest to it: NaN = not asked, inf = more than 1.5 km."""
    at = network.snap(gates.geometry, limit_m=SITE_LIMIT_M)
    off = np.asarray(at.status == "off_network", dtype=bool)
    walked = np.full(len(gates), np.nan)
    there = network.snap(beside, limit_m=SITE_LIMIT_M)
    asked = np.flatnonzero(~off & (metres > AT_SCHOOL_M) & (metres <= FAR_M) & np.asarray(there.status != "off_network", dtype=bool))
    if len(asked):
        found = pairs(network, at.take(asked), there.take(asked), limit_mm=round(SEARCHED_M * 1000))
        own = found.origin == found.site
        walked[asked] = np.inf
        walked[asked[found.site[own]]] = found.mm[own] / 1000.0
    return off, walked


__all__ = ["FAR_M", "gate_faults"]
