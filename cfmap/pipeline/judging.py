"""What an edition says about every target of the city's ledgers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cfmap.model import ConfigError, fault, load_city
from cfmap.model.city import CONFIG_NAME, setting_line
from cfmap.model.edition import Basemap, Edition
from cfmap.model.events import EVENTS
from cfmap.pipeline.computing import compute
from cfmap.pipeline.inputs import Inputs, Read, silent
from cfmap.pipeline.reading import as_of, read_all, whole

if TYPE_CHECKING:
    from pathlib import Path

    from cfmap.model import Fault
    from cfmap.model.target import Plan, TargetResult
    from cfmap.pipeline.inputs import Progress


@dataclass(frozen=True)
class TargetsResult:
    """What an edition says about every target of the city's ledgers, and what was found in ledgers, reports and statistics."""

    city: str
    year: int | None
    plans: tuple[Plan, ...]
    results: tuple[TargetResult, ...]
    faults: tuple[Fault, ...] = ()


def targets(
    project: str | Path = ".", *, year: int | None = None, city_name: str = "", out: Path | None = None, progress: Progress | None = None
) -> TargetsResult:
    """
    Judge the targets of a project's edition; publishes nothing.

    Parameters
    ----------
    project, year, progress
        As :func:`build`; a street network that is not there yet is told (W495) and stops nothing, what rests on it cannot be told.
    city_name
        Answer to the ledgers of this city that come with cfmap instead of those in the settings.
    out
        Where former editions are, for plans that have ended; ``output/`` of the project by default.

    Raises
    ------
    ConfigError
        E172 no ledger of that city, E173 none in the settings.
    CfmapError
        As :func:`read_inputs`.
    """
    from cfmap.indicators.targets import evaluate
    from cfmap.intake.ledger import read_told
    from cfmap.model.ledgers import standard_ledgers

    city = load_city(project)
    plans = _ledgers_named(city_name) if city_name else ()
    if not plans and not city.targets.ledgers:
        known = "、".join(standard_ledgers())
        raise ConfigError(fault("E173", file=CONFIG_NAME, row=setting_line(city.root, "targets", "ledger"), column="targets.ledger", known=known))
    read = read_all(project, year=year, strict=False, tell=progress or silent)
    output = out or city.root / "output"
    lacking: tuple[Fault, ...] = ()
    if read.streets is None and read.stop is not None and {f.code for f in read.stop.faults if f.level == "error"} == {"E495"}:
        edition, lacking = _without_streets(read, output), (fault("W495", file=read.city.network.source),)
    elif read.stop is not None:
        raise read.stop
    else:
        inputs = whole(read)
        edition = compute(inputs, public=False, finals=last_results(read, output), progress=progress)
    if not plans:
        asked = read.ledgers.plans if read.ledgers else ()
        return TargetsResult(edition.city.name, read.year, asked, edition.targets, (*lacking, *(read.ledgers.faults if read.ledgers else ())))
    told = read_told(edition.city, plans, years={read.year, *(p.last for p in plans if p.last < read.year)}, towns=read.towns)
    results = evaluate(plans, edition, reports=told.reports, statistics=told.statistics)
    return TargetsResult(edition.city.name, read.year, plans, results, (*lacking, *told.faults))


def _without_streets(read: Read, output: Path) -> Edition:
    """What can be said of the targets before there is a street network: no reach, no streets round schools, everything else."""
    import geopandas as gpd

    from cfmap.indicators.targets import evaluate

    layers = {
        key: data if key == EVENTS else replace(data, sites=as_of(data.sites, read.year), unlocated=as_of(data.unlocated, read.year))
        for key, data in read.layers.items()
    }
    nothing = gpd.GeoDataFrame(geometry=[], crs=4326)
    edition = Edition(
        city=read.city.in_year(read.year),
        year=read.year,
        layers=layers,
        coverages=(),
        perimeter=None,
        indicators=(),
        population=read.population,
        boundary=read.boundary,
        towns=read.towns,
        basemap=Basemap(nothing, nothing, nothing, ""),
        network_summary={},
        faults=read.faults,
        inputs=(),
        public=False,
    )
    asked = read.ledgers
    judged = evaluate(asked.plans, edition, reports=asked.reports, statistics=asked.statistics, finals=last_results(read, output)) if asked else ()
    return replace(edition, targets=judged)


def ledger_of(city_name: str) -> TargetsResult:
    """
    The rows of a city's ledgers that come with cfmap, without any project.

    Raises
    ------
    ConfigError
        E172 no ledger of that city.
    """
    from cfmap.indicators.targets import unjudged

    plans = _ledgers_named(city_name)
    return TargetsResult(plans[0].city, None, plans, tuple(r for plan in plans for r in unjudged(plan)))


def _ledgers_named(city_name: str) -> tuple[Plan, ...]:
    from cfmap.model.ledgers import ledgers_of, standard_ledger, standard_ledgers

    plans = ledgers_of(city_name)
    if not plans:
        known = "、".join(dict.fromkeys(standard_ledger(key).city for key in standard_ledgers()))
        raise ConfigError(fault("E172", city=city_name, known=known))
    return plans


def last_results(inputs: Inputs | Read, output: Path) -> dict[str, TargetResult]:
    """Last results of the plans that have ended before this year, by item."""
    from cfmap.publish import target_file

    return target_file.finals(inputs.ledgers.plans if inputs.ledgers else (), output, year=inputs.year)
