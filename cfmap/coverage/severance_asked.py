"""Severance of an edition: the ways of each watched layer's children, each layer apart, as one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.coverage.perimeter.kinds import KINDS, SCHOOLS
from cfmap.coverage.perimeter.table import in_use
from cfmap.coverage.severance import severance
from cfmap.model import AGE_BANDS, fault
from cfmap.model.edition import Severance
from cfmap.model.schema import AGES_OF
from cfmap.network.obstacles import read_obstacles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd

    from cfmap.model import Fault, LayerData, Population
    from cfmap.network import Network


def severance_asked(
    network: Network,
    street_file: Path | None,
    layers: Mapping[str, LayerData],
    population: Population | None,
    towns: gpd.GeoDataFrame | None,
    gates: Mapping[str, gpd.GeoDataFrame | None],
) -> Severance | None:
    """
    What the children of each layer get over: pupils on the way to school, small children on the way to kindergarten.

    Parameters
    ----------
    street_file
        The OpenStreetMap file to read obstacles from, None where the streets came from another kind.
    layers, gates
        From :func:`cfmap.coverage.perimeter.scored` and :func:`cfmap.coverage.perimeter.gates_of`.
    population
        A column ``school`` is for pupils; small children go to the nearest kindergarten.

    Returns
    -------
    severance
        The layers one after the other, each with ranks of its own; None where no layer has sites in use and children of its ages
        (:data:`cfmap.model.schema.AGES_OF`): see :func:`without_ages`.
    """
    obstacles, found = None, []
    for key, data in layers.items():
        used = in_use(data.sites)
        if not len(used) or population is None or not set(AGES_OF[key]) <= set(population.points.columns):
            continue
        if obstacles is None and street_file is not None:
            obstacles = read_obstacles(street_file)
        people = population.points if key == SCHOOLS else population.points.drop(columns="school", errors="ignore")
        found.append(
            severance(network, used, people, obstacles=obstacles, layer=key, gates=gates.get(key), footprints=data.footprints, towns=towns)
        )  # fmt: skip
    return _together(found) if found else None


def without_ages(layers: Mapping[str, LayerData], population: Population | None) -> list[Fault]:
    """W364 for layers whose children the population does not count; nothing without any population."""
    if population is None:
        return []
    lost = {key: [AGE_BANDS[band] for band in AGES_OF[key] if band not in population.points] for key in layers}
    return [
        fault("W364", layer=KINDS[key][0], layer_en=KINDS[key][1], missing="、".join(b[0] for b in ages), missing_en=", ".join(b[1] for b in ages))
        for key, ages in lost.items()
        if ages
    ]


def _together(parts: Sequence[Severance]) -> Severance:
    import geopandas as gpd
    import pandas as pd

    if len(parts) == 1:
        return parts[0]
    filled = [p.crossings for p in parts if len(p.crossings)] or [parts[0].crossings]
    crossings = gpd.GeoDataFrame(pd.concat(filled, ignore_index=True), geometry="geometry", crs=4326)
    origins = gpd.GeoDataFrame(pd.concat([p.origins for p in parts]), geometry="geometry", crs=4326)
    columns = {key: own for p in parts for key, own in p.columns.items()}
    return Severance(crossings, origins, parts[0].known, columns, tuple(dict.fromkeys(f for p in parts for f in p.faults)))


__all__ = ["severance_asked", "without_ages"]
