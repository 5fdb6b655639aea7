"""Streets round the sites of several layers, schools and kindergartens: which are looked at, and which gate belongs to which."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cfmap.coverage.accesses import match_gates
from cfmap.coverage.perimeter.asked import perimeter_asked
from cfmap.coverage.perimeter.doors import school_doors
from cfmap.coverage.perimeter.figures import SCHOOL_WORDS, outline_faults, perimeter_faults
from cfmap.coverage.perimeter.ground import WALL
from cfmap.coverage.perimeter.table import in_use
from cfmap.coverage.perimeter.tagging import tag_faults
from cfmap.coverage.safety import thresholds_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd

    from cfmap.model import City, Fault, LayerData
    from cfmap.model.survey import Answer
    from cfmap.network import Network

SCHOOLS, KINDERGARTENS = "schools", "kindergartens"
#: Layers whose surroundings can be looked at, in order, and what their sites are called.
KINDS: Mapping[str, tuple[str, str]] = {SCHOOLS: SCHOOL_WORDS, KINDERGARTENS: ("幼儿园", "Kindergartens")}


def scored(layers: Mapping[str, LayerData], city: City) -> dict[str, LayerData]:
    """
    Layers whose surroundings ``safety.layers`` asks for, as far as they have sites, schools first.

    An id that an earlier layer has too is written ``<layer>:<id>`` here, so that every site and every gate has a key of its own;
    :func:`site_id` takes that off again.
    """
    found: dict[str, LayerData] = {}
    taken: set[object] = set()
    for key in KINDS:
        data = layers.get(key)
        if key not in city.safety.layers or data is None or not len(data.sites):
            continue
        own = {i: f"{key}:{i}" if i in taken else i for i in data.sites["id"]}
        taken |= set(own.values())
        if any(a != b for a, b in own.items()):
            footprints = None if data.footprints is None else data.footprints.rename(index=own)
            data = replace(data, sites=data.sites.assign(id=data.sites["id"].map(own)), footprints=footprints)
        found[key] = data
    return found


def site_id(layer: str, key: str) -> str:
    """The id that the layer itself gives a site of :func:`scored`."""
    return key.removeprefix(f"{layer}:")


def gates_of(gates: gpd.GeoDataFrame | None, layers: Mapping[str, LayerData]) -> dict[str, gpd.GeoDataFrame | None]:
    """
    Gates on record of each layer.

    A gate that names a site belongs to the first layer that has it; one that names none to the layer of the nearest site within 100 m.
    Those that match nothing stay with the first layer, which tells of them.
    """
    import geopandas as gpd
    import pandas as pd

    if gates is None or len(layers) < 2:
        return dict.fromkeys(layers, gates)
    owner = pd.Series(next(iter(layers)), index=gates.index, dtype=object)
    texts = gates["school"] if "school" in gates else pd.Series(None, index=gates.index, dtype=object)
    named = pd.Series([isinstance(text, str) and bool(text.strip()) for text in texts], index=gates.index, dtype=bool)
    for key, data in reversed(list(layers.items())):
        mine = match_gates(gates, in_use(data.sites), footprints=data.footprints).notna()
        owner[named & mine] = key
    if (~named).any():
        tables = {key: in_use(data.sites)[["id", "geometry"]] for key, data in layers.items()}
        prints = [data.footprints for data in layers.values() if data.footprints is not None and len(data.footprints)]
        layer_of = {site: key for key, table in tables.items() for site in table["id"]}
        every = gpd.GeoDataFrame(pd.concat(list(tables.values()), ignore_index=True), geometry="geometry", crs=4326)
        nearest = match_gates(gates[~named], every, footprints=pd.concat(prints) if prints else None).map(layer_of)
        owner.update(nearest)
    return {key: own if len(own := gates[owner.eq(key)]) else None for key in layers}


def perimeters_asked(
    network: Network,
    layers: Mapping[str, LayerData],
    city: City,
    *,
    gates: Mapping[str, gpd.GeoDataFrame | None],
    crossings: gpd.GeoDataFrame | None = None,
    answers: Iterable[Answer] = (),
    done: Mapping[str, gpd.GeoDataFrame] | None = None,
) -> tuple[gpd.GeoDataFrame | None, tuple[Fault, ...]]:
    """
    Stretches round the sites of all layers as the settings ask.

    Parameters
    ----------
    layers, gates
        From :func:`scored` and :func:`gates_of`.
    crossings, answers
        As :func:`cfmap.coverage.perimeter.perimeter`.
    done
        Tables of layers that have been looked at already.

    Returns
    -------
    segments, faults
        Rows of :func:`cfmap.coverage.perimeter.perimeter` with the key of their ``layer`` in front, the layers one after the other; None
        without layers. Faults about layers that were not done already.
    """
    import geopandas as gpd
    import pandas as pd

    parts, faults = [], []
    said = list(answers)
    for key, data in layers.items():
        found = None if done is None else done.get(key)
        if found is None:
            found = perimeter_asked(network, data, city, gates=gates.get(key), crossings=crossings, answers=said)
            used = in_use(data.sites)
            doors, _ = school_doors(network, used, footprints=data.footprints, gates=gates.get(key))
            faults += perimeter_faults(found, used, metres=city.walking.perimeter_m, doors=doors, words=KINDS[key])
            faults += tag_faults(network, found, thresholds=thresholds_of(city))
            faults += outline_faults(used, data.footprints, words=KINDS[key]) if city.safety.method == WALL else []
        parts.append(found.assign(layer=key)[["layer", *found.columns]])
    filled = [part for part in parts if len(part)] or parts[:1]
    whole = gpd.GeoDataFrame(pd.concat(filled, ignore_index=True), geometry="geometry", crs=4326) if filled else None
    return whole, tuple(dict.fromkeys(faults))


def sites_of(layers: Mapping[str, LayerData]) -> gpd.GeoDataFrame:
    """Sites in use of all layers, the layers one after the other: ``id, name, town, status, pupils, layer``; of a kindergarten `pupils` are its children."""
    import geopandas as gpd
    import pandas as pd

    parts = []
    for key, data in layers.items():
        used = in_use(data.sites).rename(columns={"children": "pupils"})
        used = used.assign(layer=key, pupils=pd.to_numeric(used["pupils"], errors="coerce").astype("Float64") if "pupils" in used else pd.NA)
        parts.append(used[["id", "name", "town", "status", "pupils", "layer", "geometry"]])
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=4326)


def doors_of(network: Network, layers: Mapping[str, LayerData], gates: Mapping[str, gpd.GeoDataFrame | None]) -> gpd.GeoDataFrame:
    """Gates of the sites in use of all layers, as :func:`cfmap.coverage.perimeter.school_doors` gives them, the layers one after the other."""
    import geopandas as gpd
    import pandas as pd

    found = [school_doors(network, in_use(data.sites), footprints=data.footprints, gates=gates.get(key))[0] for key, data in layers.items()]
    return gpd.GeoDataFrame(pd.concat(found, ignore_index=True), geometry="geometry", crs=4326)


__all__ = ["KINDERGARTENS", "KINDS", "SCHOOLS", "doors_of", "gates_of", "perimeters_asked", "scored", "site_id", "sites_of"]
