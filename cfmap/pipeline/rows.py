"""Which row of which table is a finding of a computation about, that knows a place only?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cfmap.coverage.gates_told import gate_faults
from cfmap.coverage.perimeter import gates_of, scored
from cfmap.coverage.perimeter.table import in_use
from cfmap.pipeline.inputs import CROSSINGS, GATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cfmap.model import City, Fault, LayerData
    from cfmap.network import Network

_OF_LAYER = {"W370": GATES, "W390": GATES, "W392": GATES, "W394": CROSSINGS}


def at_their_rows(faults: Iterable[Fault], layers: Mapping[str, LayerData]) -> list[Fault]:
    """The same records; those about a gate or a crossing of a table with file, sheet and row, found by the place."""
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


def gates_checked(layers: Mapping[str, LayerData], city: City, network: Network) -> list[Fault]:
    """What is wrong with the gates on record of schools and kindergartens, row by row, before anything is computed."""
    watched = scored(layers, city)
    gates = layers[GATES].sites if GATES in layers else None
    told = [
        f
        for key, own in gates_of(gates, watched).items()
        for f in gate_faults(own, in_use(watched[key].sites), footprints=watched[key].footprints, network=network)
    ]
    return at_their_rows(told, layers)


__all__ = ["at_their_rows", "gates_checked"]
