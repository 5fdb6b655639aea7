"""By which gates do children enter each school, in a fixed order with keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cfmap.coverage.accesses import accesses
from cfmap.coverage.sources import place_sites

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    import shapely

    from cfmap.coverage.sources import Sources
    from cfmap.network import Network


class Door(NamedTuple):
    """One row of :func:`school_doors`, quick to look at."""

    gate: str
    kind: str
    guarded: bool | None
    place: shapely.Point


def as_doors(doors: gpd.GeoDataFrame) -> list[Door]:
    """Rows of :func:`school_doors`, in their order."""
    return [Door(*row) for row in zip(doors["gate"], doors["kind"], doors["guarded"], doors.geometry, strict=True)]


def school_doors(
    network: Network, schools: gpd.GeoDataFrame, *, footprints: gpd.GeoSeries | None = None, gates: gpd.GeoDataFrame | None = None
) -> tuple[gpd.GeoDataFrame, Sources]:
    """
    Gates of schools with their keys, and their places on the streets.

    Parameters
    ----------
    network, schools, footprints, gates
        As :func:`cfmap.coverage.accesses.accesses`.

    Returns
    -------
    doors
        GeoDataFrame EPSG:4326 ``school, gate, kind, name, guarded, status, snap_m, geometry`` in order of school, then of place from west to
        east. `gate` is the key ``<school>/<n>``, n from 1; `kind` gate (on record), crossing (a street crosses the outline)
        or assumed; `name` ("") and `guarded` (True, False, None = not known) are those on record; `status` and `snap_m` (metres to
        the street) as in ``Snapped``, NaN when off the network.
    sources
        The same doors brought to the streets, row by row.

    Raises
    ------
    InputError
        As :func:`cfmap.coverage.sources.place_sites`.
    """
    found = accesses(network, schools, footprints=footprints, gates=gates)
    sources = place_sites(network, schools, accesses=found)
    order = np.lexsort((found.geometry.y, found.geometry.x, _rank(found, sources)))  # as place_sites puts them
    doors = found.iloc[order].rename(columns={"site": "school"}).reset_index(drop=True)
    number = doors.groupby("school", sort=False).cumcount() + 1
    snapped = sources.snapped
    doors["gate"] = doors["school"].astype(str) + "/" + number.astype(str)
    doors["status"] = snapped.status
    doors["snap_m"] = np.where(snapped.on_network, snapped.connector_mm / 1000.0, np.nan)
    doors["name"], doors["guarded"] = _on_record(doors, gates)
    return doors[["school", "gate", "kind", "name", "guarded", "status", "snap_m", "geometry"]], sources


def _on_record(doors: gpd.GeoDataFrame, gates: gpd.GeoDataFrame | None) -> tuple[list[str], pd.Series]:
    """Names of gates, and whether they are guarded, by their places."""
    import pandas as pd

    known: dict[str, tuple[str, bool | None]] = {}
    if gates is not None:
        names, guards = (gates[c] if c in gates else [None] * len(gates) for c in ("name", "guarded"))
        for place, name, guard in zip(gates.geometry, names, guards, strict=True):
            told = None if guard is None or pd.isna(guard) or not isinstance(guard, (bool, np.bool_)) else bool(guard)
            known.setdefault(place.representative_point().wkb_hex, (name if isinstance(name, str) else "", told))
    found = [known.get(place.wkb_hex, ("", None)) if kind == "gate" else ("", None) for place, kind in zip(doors.geometry, doors["kind"], strict=True)]
    return [name for name, _ in found], pd.Series([guard for _, guard in found], dtype=object)


def _rank(doors: gpd.GeoDataFrame, sources: Sources) -> np.ndarray:
    import pandas as pd

    rank: np.ndarray = pd.Index(sources.table["id"]).get_indexer(pd.Index(doors["site"]))
    return rank


__all__ = ["Door", "as_doors", "school_doors"]
