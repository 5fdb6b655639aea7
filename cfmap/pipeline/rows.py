"""Which row of which table is a finding of a computation about, that knows a place only?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cfmap.coverage.gates_told import gate_faults
from cfmap.coverage.perimeter import doors_of, gates_of, scored, sites_of
from cfmap.coverage.perimeter.table import in_use
from cfmap.network.plane import network_crs
from cfmap.pipeline.inputs import CROSSINGS, GATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cfmap.model import City, Fault, LayerData
    from cfmap.network import Network

ROUTES = "safe_routes"
_OF_LAYER = {"W362": GATES, "W363": ROUTES, "W370": GATES, "W371": ROUTES, "W372": ROUTES, "W373": ROUTES, "W390": GATES, "W392": GATES, "W394": CROSSINGS}


def at_their_rows(faults: Iterable[Fault], layers: Mapping[str, LayerData]) -> list[Fault]:
    """The same records; those about a gate, a crossing or a route of a table with file, sheet and row, found by the place."""
    rows = {
        (key, point.x, point.y): data.origin[site]
        for key in set(_OF_LAYER.values())
        if (data := layers.get(key)) is not None
        for site, point in zip(data.sites["id"], data.sites.geometry.representative_point(), strict=True)
        if site in data.origin
    }
    found = []
    for f in faults:
        at = rows.get((_OF_LAYER.get(f.code, ""), *f.places[0][1:])) if f.places else None
        found.append(f if at is None or f.file is not None else replace(f, file=at[0], sheet=at[1], row=at[2]))
    return found


def ways_checked(layers: Mapping[str, LayerData], city: City, network: Network) -> list[Fault]:
    """What is wrong with gates on record and with the bureau's own routes to school, row by row, before anything is computed."""
    from cfmap.planning.compare import LINES, astray, gaps

    watched = scored(layers, city)
    gates_at = gates_of(layers[GATES].sites if GATES in layers else None, watched)
    told = [f for key, own in gates_at.items() for f in gate_faults(own, in_use(watched[key].sites), footprints=watched[key].footprints, network=network)]
    routes = layers[ROUTES].sites if ROUTES in layers else None
    if routes is not None and len(routes):
        told += gaps(routes[routes.geometry.geom_type.isin(LINES)], network_crs(network))
        if watched:
            schools = sites_of(watched)
            told += astray(in_use(routes), doors_of(network, watched, gates_at), dict(zip(schools["id"], schools["name"], strict=True)))
    return at_their_rows(told, layers)


__all__ = ["at_their_rows", "ways_checked"]
