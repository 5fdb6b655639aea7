"""What streets round schools are looked at with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cfmap.model import ConfigError, fault, find_layers, load_city
from cfmap.pipeline.inputs import GATES, SCHOOLS
from cfmap.pipeline.reading import as_of, edition_year, load_one, read_streets

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from cfmap.model import City, Fault, LayerData
    from cfmap.model.survey import Answer
    from cfmap.network import Network


@dataclass(frozen=True)
class Schools:
    """What streets round schools are looked at with: of one edition, the schools' layer, their gates, the street network and what surveys say."""

    city: City
    year: int
    network: Network
    layer: LayerData
    gates: gpd.GeoDataFrame | None
    answers: tuple[Answer, ...]
    faults: tuple[Fault, ...]


def schools_of(project: str | Path = ".", *, year: int | None = None) -> Schools:
    """
    Read what is needed for the streets round schools, and nothing else of the project.

    Raises
    ------
    ConfigError
        E112 there is no layer of schools with a source; E121 no such year.
    InputError
        E495 there is no street network; the tables cannot be used as they are.
    """
    from cfmap.intake import survey

    city = load_city(project)
    layers, chosen = find_layers(city), edition_year(city, year)
    if SCHOOLS not in layers or SCHOOLS not in city.layers:
        raise ConfigError(fault("E112", key=SCHOOLS, known="、".join(sorted(layers)), nearest="-"))
    streets = read_streets(city, city.path(city.network.source, year=chosen), {})
    kept = survey.read(city)
    answers, faults = kept.as_of(chosen, city)
    schools, gates = (load_one(city, layers, key, chosen) if key in layers and key in city.layers else None for key in (SCHOOLS, GATES))
    assert schools is not None  # noqa: S101 - asked for above
    layer = replace(schools, sites=as_of(schools.sites, chosen))
    doors = as_of(gates.sites, chosen) if gates is not None and len(gates.sites) else None
    return Schools(city.in_year(chosen), chosen, streets.network, layer, doors, answers, (*kept.faults, *faults))
