"""What do departments' lists say about the streets round a school: 爱心斑马线 on them, guards at the gates?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from cfmap.geometry.crs import geometries_to_plane
from cfmap.model import fault
from cfmap.model.schema import IN_USE
from cfmap.model.survey import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import geopandas as gpd

    from cfmap.coverage.perimeter.doors import Door
    from cfmap.coverage.perimeter.fronts import Front
    from cfmap.coverage.perimeter.ground import Stretch
    from cfmap.coverage.perimeter.roads import Roads
    from cfmap.model import Fault
    from cfmap.network import Network

LOVING = "爱心斑马线"  # the kind in the layer of crossings
MATCH_M = 25.0  # METHODS 2.3, item G
AT_END_M = 1.0


def matched_crossings(network: Network, crossings: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame:
    """
    爱心斑马线 of a department's list that are there today, each with the crossing of the map that it is.

    Parameters
    ----------
    crossings
        EPSG:4326 with ``id`` (else the index), optionally ``name, source_date, kind, status``; where there is a `kind` only those
        of 爱心斑马线 are taken, where there is a `status` only those in use or of unknown status.

    Returns
    -------
    matched
        ``id, name, date, crossing`` (``node/12`` or ``way/12``, "" = none within 25 m: unmatched), ``apart_m`` (NaN when unmatched),
        ``geometry``. Such a crossing says nothing about signals.
    """
    import geopandas as gpd

    from cfmap.coverage.perimeter.roads import roads_of

    table = gpd.GeoDataFrame({"id": []}, geometry=[], crs=4326) if crossings is None else crossings
    table = table[table["kind"].eq(LOVING)] if "kind" in table else table
    table = table[table["status"].isin(IN_USE)] if "status" in table else table
    table = table[~(table.geometry.isna() | table.geometry.is_empty)]
    roads = roads_of(network)
    number = np.full(len(table), -1)
    apart = np.full(len(table), np.nan)
    if len(table) and len(roads.kinds):
        places = geometries_to_plane(np.array(table.geometry.values, dtype=object), roads.crs)
        (row, other), metres = shapely.STRtree(roads.crossing_shapes).query_nearest(places, max_distance=MATCH_M, all_matches=False, return_distance=True)
        number[row], apart[row] = other, metres
    ids = table.get("id", table.index.to_series()).astype(str)
    return gpd.GeoDataFrame(
        {
            "id": ids.to_numpy(),
            "name": table.get("name", ids).to_numpy(),
            "date": [d if isinstance(d, str) else "" for d in table.get("source_date", [""] * len(table))],
            "crossing": [roads.crossing_id(n) if n >= 0 else "" for n in number.tolist()],
            "apart_m": apart,
        },
        geometry=table.geometry.to_numpy(),
        crs=4326,
    )


def crossing_faults(matched: gpd.GeoDataFrame) -> list[Fault]:
    """W394 for each listed crossing that the map has none near, with its place."""
    bare = matched[matched["crossing"].eq("")]
    points = bare.geometry.representative_point()
    return [
        fault("W394", metres=f"{MATCH_M:g}", name=str(name), lon=f"{p.x:.6f}", lat=f"{p.y:.6f}").at(("site", float(p.x), float(p.y)))
        for name, p in zip(bare["name"], points, strict=True)
    ]


class Listed(NamedTuple):
    """A listed crossing: its id and the day of the list."""

    id: str
    date: str


def listed_by_crossing(matched: gpd.GeoDataFrame) -> dict[str, Listed]:
    """Those of :func:`matched_crossings` that are matched, by the crossing of the map."""
    return {str(c): Listed(str(i), str(d)) for c, i, d in zip(matched["crossing"], matched["id"], matched["date"], strict=True) if c}


def listed_answers(roads: Roads, stretch: Stretch, before: Sequence[Front], doors: Sequence[Door], loving: Mapping[str, Listed]) -> Iterator[Answer]:
    """
    Answers of departments about one stretch.

    G: a listed crossing, matched to one of the map, leads over it. H: a gate that it lies before is on record as guarded, or
    all that are on record are not.
    """
    line, key = roads.lines[stretch.road], roads.key(stretch.road)
    for k in roads.crossed.get(stretch.road, []) if loving else ():
        row = loving.get(roads.crossing_id(k))
        if row is not None and stretch.from_m - AT_END_M <= line.project(roads.crossing_places[k]) <= stretch.to_m + AT_END_M:
            yield Answer(key, "G", "有", source="bureau", id=row.id, date=row.date)
    if not before:
        return
    gates = {f.gate for f in before}
    guards = {d.gate: d.guarded for d in doors if d.gate in gates and d.guarded is not None}
    if guards:
        gate = max(guards, key=lambda g: bool(guards[g]))
        yield Answer(key, "H", "有" if guards[gate] else "无", source="bureau", id=gate)


__all__ = ["LOVING", "MATCH_M", "Listed", "crossing_faults", "listed_answers", "listed_by_crossing", "matched_crossings"]
