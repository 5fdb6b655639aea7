"""From checked inputs to an edition; reads and writes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cfmap.model.edition import Basemap, Changes, Edition
from cfmap.model.events import EVENTS
from cfmap.model.once import once
from cfmap.pipeline.inputs import CROSSINGS, GATES, SCHOOLS, STEPS, Inputs, silent
from cfmap.pipeline.reading import as_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cfmap.model import City, Coverage, Fault, LayerData
    from cfmap.model.target import TargetResult
    from cfmap.pipeline.inputs import Progress


@once()
def compute(inputs: Inputs, *, public: bool = True, finals: Mapping[str, TargetResult] | None = None, progress: Progress | None = None) -> Edition:
    """
    From checked inputs to everything the edition shows; reads and writes nothing.

    `finals` are the last results of plans that have ended (:func:`cfmap.indicators.targets.evaluate`).
    """
    from cfmap.coverage import RULES, perimeter_of
    from cfmap.coverage.perimeter import gates_of, perimeters_asked, scored
    from cfmap.coverage.severance_asked import severance_asked, without_ages
    from cfmap.indicators import compute as compute_indicators
    from cfmap.indicators.targets import evaluate
    from cfmap.pipeline.rows import at_their_rows
    from cfmap.planning.asked import BUREAU, routes_asked
    from cfmap.planning.bus_asked import walking_bus_asked
    from cfmap.planning.mending_asked import mending_asked
    from cfmap.publish.public import ROUTES_TO, SEVERANCE_TO, WALKING_BUS, let_out

    tell = progress or silent
    city, network = inputs.city, inputs.streets.network
    inputs = for_the_public(inputs) if public else inputs
    faults = list(inputs.faults)
    layers = {
        key: data if key == EVENTS else replace(data, sites=as_of(data.sites, inputs.year), unlocated=as_of(data.unlocated, inputs.year))
        for key, data in inputs.layers.items()
    }  # events have days of their own; the year of their list says nothing

    coverages: list[Coverage] = []
    gates, crossings = (layers[key].sites if key in layers and len(layers[key].sites) else None for key in (GATES, CROSSINGS))
    watched = scored(layers, city)
    gates_at = gates_of(gates, watched)
    wanted = [(layer, data) for key, data in layers.items() if (layer := data.layer).coverage in RULES and len(data.sites)]
    for number, (layer, data) in enumerate(wanted, start=1):
        tell(6, STEPS, f"算覆盖 {number}/{len(wanted)}：{layer.title}", f"coverage {number}/{len(wanted)}: {layer.title_en}")
        own, over = gates_at.get(layer.key, gates if layer.key == SCHOOLS else None), crossings if layer.key == SCHOOLS else None
        result = RULES[layer.coverage or ""].compute(network, data, inputs.population, inputs.towns, city, gates=own, answers=inputs.answers, crossings=over)
        coverages.append(result)
        faults += result.faults

    tell(7, STEPS, "看学校周边", "looking at school perimeters")
    done = {c.layer: perimeter_of(c) for c in coverages if c.layer in watched and c.rule == "perimeter150"}
    around, found = perimeters_asked(network, watched, city, gates=gates_at, crossings=crossings, answers=inputs.answers, done=done)
    faults += found
    walked, crossed_by = (let_out(watched, names, city) if public else watched for names in (ROUTES_TO, SEVERANCE_TO))
    faults += without_ages(walked | crossed_by, inputs.population)
    routes, found = routes_asked(network, walked, layers.get(BUREAU), inputs.population, city, gates=gates_at, answers=inputs.answers)
    faults += found
    buses = None
    if not public or WALKING_BUS in city.publish.indicators:
        buses, told = walking_bus_asked(network, layers, inputs.joining, city, answers=inputs.answers)
        faults += told

    mending = None if public else mending_asked(network, watched, around, inputs.population, city, gates=gates_at)
    file = inputs.streets.source if inputs.streets.osm is not None else None
    crossed = severance_asked(network, file, crossed_by, inputs.population, inputs.towns, gates_at)
    faults += crossed.faults if crossed is not None else ()

    tell(8, STEPS, "算指标", "computing indicators")
    edition = Edition(
        city=city,
        year=inputs.year,
        layers=layers,
        coverages=tuple(coverages),
        perimeter=around,
        indicators=(),
        population=inputs.population,
        boundary=inputs.boundary,
        towns=inputs.towns,
        basemap=_basemap(inputs),
        network_summary=network.summary(),
        faults=tuple(dict.fromkeys(at_their_rows(faults, layers))),
        inputs=inputs.files,
        public=public,
        changes=_changes(inputs, layers),
        routes=routes,
        severance=crossed,
        mending=mending,
        walking_bus=buses,
    )
    asked = inputs.ledgers
    judged = evaluate(asked.plans, edition, reports=asked.reports, statistics=asked.statistics, finals=finals) if asked else ()
    return replace(edition, indicators=compute_indicators(edition), targets=judged)


def for_the_public(inputs: Inputs) -> Inputs:
    """Without layers that stay in the house, and with coordinates as coarse as the settings ask; all that follows is made of these."""
    from cfmap.publish.public import coarse

    kept = {key: d for key, d in inputs.layers.items() if key not in inputs.city.layers or not inputs.city.layers[key].internal}
    gone = {f.path for key, d in inputs.layers.items() if key not in kept for f in d.inputs} - {f.path for d in kept.values() for f in d.inputs}
    former = {key: coarse(d, inputs.city) for key, d in inputs.former.items() if key in kept}
    files = tuple(f for f in inputs.files if f.path not in gone)
    return replace(inputs, layers={key: coarse(d, inputs.city) for key, d in kept.items()}, former=former, files=files)


def with_inside(edition: Edition, inputs: Inputs) -> Edition:
    """The internal edition with the bureau's own layers and the proposed sites of ``[internal]``."""
    import geopandas as gpd

    from cfmap.coverage import service_area
    from cfmap.intake.inside import read_overlay, read_proposed
    from cfmap.model.edition import Inside, Scenario

    city, wanted = inputs.city, inputs.city.internal
    read = [read_overlay(section, city, year=inputs.year) for section in wanted.layers]
    files = [file for _, file in read]
    faults: list[Fault] = []
    scenario = None
    if wanted.scenario is not None:
        sites, faults, file = read_proposed(wanted.scenario, city, year=inputs.year)
        files.append(file)
        area = service_area(inputs.streets.network, sites, minutes=[wanted.scenario.minutes], mode="map", metres_crs=city.crs.metres)
        reach = gpd.GeoSeries(area.catchment.geometry, crs="EPSG:4326")
        section = wanted.scenario
        scenario = Scenario(section.title, section.title_en or section.title, sites, section.minutes, reach)
    inside = Inside(tuple(overlay for overlay, _ in read), scenario)
    return replace(edition, inside=inside, faults=(*edition.faults, *faults), inputs=tuple(dict.fromkeys((*edition.inputs, *files))))


def _changes(inputs: Inputs, layers: dict[str, LayerData]) -> Changes:
    from cfmap.intake.changes import between, since_year

    since = inputs.year - 1 if inputs.former_year is None else inputs.former_year
    former = {key: replace(d, sites=as_of(d.sites, since), unlocated=as_of(d.unlocated, since)) for key, d in inputs.former.items()}
    items = (change for key, data in layers.items() for change in (between(data, former[key]) if key in former else since_year(data, since)))
    return Changes(since, frozenset(former), tuple(items))


def _basemap(inputs: Inputs) -> Basemap:
    import geopandas as gpd
    import pandas as pd

    from cfmap.intake.sea import sea
    from cfmap.network.roads import map_roads, map_roads_of

    streets, own = inputs.streets, inputs.ground
    if streets.osm is not None:
        roads, areas, labels = map_roads(streets.source, boundary=inputs.boundary), streets.osm.areas, streets.osm.labels
        water = sea(streets.osm.coastline, inputs.boundary.union_all()) if inputs.boundary is not None else []
        if water:
            areas = pd.concat([gpd.GeoDataFrame({"kind": "water"}, index=range(len(water)), geometry=water, crs="EPSG:4326"), areas], ignore_index=True)
    else:
        roads = map_roads_of(streets.network, boundary=inputs.boundary)
        areas = labels = gpd.GeoDataFrame({"kind": [], "name": [], "rank": []}, geometry=[], crs="EPSG:4326")
    if own:  # what the bureau gives takes the place of the network file's
        areas = pd.concat([*own.values(), areas.loc[~areas["kind"].isin(list(own)), ["kind", "geometry"]]], ignore_index=True)
    return Basemap(roads, areas, labels, attribution(inputs.city, own=bool(own)))


def attribution(city: City, *, own: bool) -> str:
    """
    What must stand beside the background. The bureau's own centre-lines are not OpenStreetMap's unless the settings say so.
    """
    known = "attribution" in city.network.model_fields_set or not city.network.source.endswith((".shp", ".gpkg", ".geojson", ".json"))
    parts = [city.network.attribution if known else "", city.basemap.attribution if own else ""]
    return " · ".join(dict.fromkeys(p for p in parts if p))
