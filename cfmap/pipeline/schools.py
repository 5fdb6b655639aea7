"""What streets round schools are looked at with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from cfmap.model import ConfigError, fault, find_layers, load_city
from cfmap.pipeline.inputs import GATES, SCHOOLS
from cfmap.pipeline.reading import as_of, edition_year, load_one, read_streets

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import geopandas as gpd

    from cfmap.model import City, Fault, LayerData
    from cfmap.model.survey import Answer
    from cfmap.network import Network


@dataclass(frozen=True)
class Schools:
    """
    What streets round schools are looked at with, of one edition.

    Attributes
    ----------
    layer
        The schools.
    gates
        On record, of all layers.
    watched
        Layers whose surroundings the settings ask for, from :func:`cfmap.coverage.perimeter.scored`; the schools among them unless the
        settings leave them out.
    answers
        What surveys say.
    """

    city: City
    year: int
    network: Network
    layer: LayerData
    watched: dict[str, LayerData]
    gates: gpd.GeoDataFrame | None
    answers: tuple[Answer, ...]
    faults: tuple[Fault, ...]

    @cached_property
    def sites(self) -> gpd.GeoDataFrame:
        """Sites in use of all watched layers, as :func:`cfmap.coverage.perimeter.sites_of` gives them."""
        from cfmap.coverage.perimeter import sites_of

        return sites_of(self.watched)

    @cached_property
    def gates_at(self) -> dict[str, gpd.GeoDataFrame | None]:
        """Gates on record of each watched layer."""
        from cfmap.coverage.perimeter import gates_of

        return gates_of(self.gates, self.watched)

    @cached_property
    def doors(self) -> gpd.GeoDataFrame:
        """Gates of the sites, as :func:`cfmap.coverage.perimeter.school_doors` gives them."""
        from cfmap.coverage.perimeter import doors_of

        return doors_of(self.network, self.watched, self.gates_at)

    def segments(self, more: Iterable[Answer] = ()) -> gpd.GeoDataFrame:
        """Streets round them as the edition has them; `more` answers, as edits, come on top of what surveys say."""
        from cfmap.coverage.perimeter import perimeters_asked

        said = (*self.answers, *more)
        found, _ = perimeters_asked(self.network, self.watched, self.city, gates=self.gates_at, answers=said)
        assert found is not None  # noqa: S101 - schools_of refuses a project without sites
        return found


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
    from cfmap.coverage.perimeter import KINDS, scored
    from cfmap.intake import survey
    from cfmap.pipeline.rows import ways_checked

    city = load_city(project)
    layers, chosen = find_layers(city), edition_year(city, year)
    if SCHOOLS not in layers or SCHOOLS not in city.layers:
        raise ConfigError(fault("E112", key=SCHOOLS, known="、".join(sorted(layers)), nearest="-"))
    streets = read_streets(city, city.path(city.network.source, year=chosen), {})
    kept = survey.read(city)
    answers, faults = kept.as_of(chosen, city)
    wanted = [SCHOOLS, *(key for key in KINDS if key in city.safety.layers and key != SCHOOLS), GATES]
    read = {key: load_one(city, layers, key, chosen) for key in wanted if key in layers and key in city.layers}
    read = {key: replace(data, sites=as_of(data.sites, chosen)) for key, data in read.items()}
    doors = read[GATES].sites if GATES in read and len(read[GATES].sites) else None
    told = (*kept.faults, *faults, *ways_checked(read, city, streets.network))
    return Schools(city.in_year(chosen), chosen, streets.network, read[SCHOOLS], scored(read, city), doors, answers, told)
