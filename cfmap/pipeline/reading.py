"""Everything an edition reads, checked: settings, streets, people, layers, with all that is wrong in one pass."""

from __future__ import annotations

import difflib
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from cfmap.model import CfmapError, ConfigError, InputError, fault, find_layers, load_city
from cfmap.model.city import CONFIG_NAME, setting_line
from cfmap.model.edition import InputFile
from cfmap.model.events import EVENTS
from cfmap.model.layers import check_public_columns
from cfmap.pipeline.inputs import SCHOOLS, STEPS, Inputs, Read, Streets, silent

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from cfmap.intake.datum_guard import StreetPoints
    from cfmap.intake.datum_tables import Judged
    from cfmap.intake.events import Place
    from cfmap.intake.joining import Joining
    from cfmap.intake.osm import OsmExtract
    from cfmap.model import City, Fault, Layer, LayerData
    from cfmap.network import Network
    from cfmap.pipeline.inputs import Progress

T = TypeVar("T")
Table = TypeVar("Table", bound="pd.DataFrame")


STREET_POINT_STEP_M = 20.0  # points along the streets that the datum guard compares with


GROUNDS = ("water", "green")  # settings of [basemap] that name a file of areas


def read_inputs(
    project: str | Path, *, year: int | None = None, streets: Streets | None = None, strict: bool = False, progress: Progress | None = None
) -> Inputs:
    """
    Read and check everything an edition needs.

    Faults of all layers are collected before anything is raised, so that one pass tells all. With `strict` the doubts
    that :data:`cfmap.intake.earlier.STRICT` names stop as well.

    Raises
    ------
    ConfigError, InputError, SafetyRefusal
        With all records found, those that only warn included.
    """
    read = read_all(project, year=year, streets=streets, strict=strict, tell=progress or silent)
    if read.stop is not None:
        raise read.stop
    return whole(read)


def read_all(project: str | Path, *, year: int | None, streets: Streets | None = None, strict: bool, tell: Progress) -> Read:
    """Read and check all that can be, whatever of it stops an edition."""
    from cfmap import intake
    from cfmap.indicators.targets import RULES as TARGET_RULES
    from cfmap.intake import datum_guard, decisions, duplicates, earlier, settled, survey
    from cfmap.intake.datum_tables import judge_tables
    from cfmap.intake.ledger import read_ledgers
    from cfmap.intake.osm import OsmExtract
    from cfmap.intake.towns import gaps, overlaps, with_towns
    from cfmap.pipeline.rows import ways_checked
    from cfmap.publish import last_streets, tiles
    from cfmap.publish.web.theme import look

    tell(1, STEPS, "读设置", "reading settings")
    city = load_city(project)
    layers = find_layers(city)
    check_public_columns(city, layers)
    chosen = edition_year(city, year)
    themed = look(city)
    stopped: list[CfmapError] = []

    def tried(read: Callable[[], T]) -> T | None:
        """What could be read; what could not is told with everything else, at the end."""
        try:
            return read()
        except ConfigError:
            raise
        except CfmapError as error:
            stopped.append(error)
            return None

    tell(2, STEPS, "读街道网络", "reading the street network")
    source = city.path(city.network.source, year=chosen)
    if streets is None or streets.source != source:
        streets = tried(lambda: read_streets(city, source, layers))
    osm = streets.osm if streets else OsmExtract.nothing(source, layers.values())

    tell(3, STEPS, "读边界和人口", "reading boundary and population")
    faults: list[Fault] = [*themed, *(streets.network.faults if streets else ()), *(osm.faults if osm else ())]
    faults += [*_unnamed_source(city, streets), *tiles.remarks(city)]
    boundary = tried(lambda: city_outline(city, city.boundary.city))
    towns = tried(lambda: city_outline(city, city.boundary.towns))
    faults += overlaps(towns, file=city.boundary.towns) if towns is not None else []
    faults += gaps(towns, boundary, file=city.boundary.towns) if towns is not None else []
    population = tried(lambda: intake.read_population(city, towns=towns))
    faults += population.faults if population else ()
    faults += tried(lambda: settled.remarks(city, population, towns)) or ()
    ledgers = tried(lambda: read_ledgers(city, layers, TARGET_RULES, year=chosen, towns=towns))
    faults += ledgers.faults if ledgers else ()
    surveys = tried(lambda: survey.read(city)) or survey.Kept()
    faults += (*surveys.faults, *surveys.as_of(chosen, city)[1])

    ground: dict[str, gpd.GeoDataFrame] = {}
    for name in (name for name in GROUNDS if getattr(city.basemap, name)):
        if (read := tried(lambda name=name: intake.read_ground(name, city, year=chosen))) is not None:  # type: ignore[misc]
            ground[name] = read[0]
            faults += read[1]

    tell(4, STEPS, f"读 {len(layers)} 个图层", f"reading {len(layers)} layers")
    extent = _extent(boundary, streets)
    tables, unread = _read_layers(city, layers, chosen, osm, extent)
    stopped += unread.values()
    if streets is not None:
        streets.tables.update({(chosen, key): data for key, data in tables.items()})
    before = max((y for y in city.edition.editions if y < chosen), default=None)
    former = tried(lambda: earlier.layers_of(city, layers, before, extent, streets.tables if streets else {})) or {}
    kept = tried(lambda: earlier.with_kept_ids(tables, city, chosen, former=former)) or {key: (data, []) for key, data in tables.items()}
    faults += [f for _, asked in kept.values() for f in asked]
    loaded = {key: with_towns(data, towns) for key, (data, _) in kept.items()}
    loaded |= _events_at_places(loaded)
    faults += [f for data in loaded.values() for f in data.faults] + duplicates.across(loaded, tried(lambda: decisions.read(city)) or decisions.Decisions())
    joining = tried(lambda: _joining(city, chosen, loaded, unread))
    faults += joining.faults if joining else ()

    tell(5, STEPS, "核对坐标系和位置", "checking datums and places")
    misfits: list[Fault] = []
    beside: StreetPoints | None = None
    datums: tuple[Judged, ...] = ()
    if streets is not None:
        beside = datum_guard.StreetPoints(*streets.network.points_along(STREET_POINT_STEP_M))
        datums = tuple(judge_tables(loaded, city, chosen, beside, streets.osm))
        misfits = [f for judged in datums for f in judged.faults()]
        misfits += _uncovered(streets.network, boundary, city)
        faults += ways_checked({k: replace(d, sites=as_of(d.sites, chosen)) for k, d in loaded.items() if k != EVENTS}, city, streets.network)
        faults += [f for f in misfits if f.level != "error"] + _aged(streets.network, city) + last_streets.compare(streets.network.summary(), city, chosen)
        misfits = [f for f in misfits if f.level == "error"]
    faults += earlier.other_counts(loaded, former, before)
    misfits += earlier.vanished(loaded, {key: error.faults for key, error in unread.items()}, former, before)
    misfits += earlier.doubts(faults) if strict else []
    records = tuple(dict.fromkeys([*(f for error in stopped for f in error.faults), *misfits, *faults]))
    kind = max((type(e) for e in stopped), key=lambda t: t.exit_code, default=InputError)
    stop = kind(records) if stopped or misfits or streets is None else None
    return Read(city, chosen, streets, beside, boundary, towns, population, ground, loaded, before, former, ledgers, surveys, records, stop, datums, joining)


def whole(read: Read) -> Inputs:
    """All that an edition needs, from what was read without a stop."""
    city, streets = read.city, read.streets
    assert streets is not None  # noqa: S101 - else it would have been stopped
    files = [input_file(city, streets.source), *(f for data in read.layers.values() for f in data.inputs)]
    files += [*(read.population.inputs if read.population else ())]
    files += [input_file(city, city.path(p)) for p in (city.boundary.city, city.boundary.towns) if p]
    files += [input_file(city, city.path(getattr(city.basemap, name), year=read.year)) for name in read.ground]
    files += [f for data in read.former.values() for f in data.inputs]
    files += [input_file(city, city.path(name)) for name in (read.ledgers.files if read.ledgers else ())]
    files += read.surveys.files
    inputs, here = tuple(dict.fromkeys(files)), city.in_year(read.year)
    ground = (read.boundary, read.towns, read.population, read.ground)
    answers = read.surveys.as_of(read.year, city)[0]
    return Inputs(here, read.year, streets, *ground, read.layers, read.faults, inputs, read.former_year, read.former, read.ledgers, answers, read.joining)


def _joining(city: City, year: int, loaded: Mapping[str, LayerData], unread: Collection[str]) -> Joining | None:
    """Who joins a walking bus, by the schools of the year."""
    from cfmap.intake.joining import at_schools, joining_of

    joining = joining_of(city, year)
    if joining is None or SCHOOLS in unread:
        return None
    if SCHOOLS not in loaded:
        raise InputError(fault("E398", known="—"))
    return at_schools(joining, as_of(loaded[SCHOOLS].sites, year))


def _read_layers(
    city: City, layers: dict[str, Layer], year: int, osm: OsmExtract | None, extent: tuple[float, float, float, float] | None
) -> tuple[dict[str, LayerData], dict[str, CfmapError]]:
    """Layers that could be read, and what stopped the others."""
    from cfmap import intake

    read: dict[str, LayerData] = {}
    unread: dict[str, CfmapError] = {}
    for key, layer in layers.items():
        try:
            read[key] = intake.load_layer(layer, city, year=year, osm=osm, extent=extent)
        except ConfigError:
            raise
        except CfmapError as error:
            unread[key] = error
    return read, unread


def _events_at_places(loaded: dict[str, LayerData]) -> dict[str, LayerData]:
    """The layer of events, where there is one, with events where the places are that they name."""
    from cfmap.intake.events import placed

    places = (place for key, data in loaded.items() if key != EVENTS for place in _places(data))
    return {EVENTS: placed(loaded[EVENTS], places)} if EVENTS in loaded else {}


def _places(data: LayerData) -> Iterable[Place]:
    """Sites that an event can name; a line's or an area's stands at a point on it."""
    from cfmap.intake.events import Place

    sites, unlocated = (table[table["status"] != "关闭"] for table in (data.sites, data.unlocated))
    points = [*sites.geometry.representative_point(), *[None] * len(unlocated)]
    ids, names = ([*sites[column], *unlocated[column]] for column in ("id", "name"))
    return (Place(data.layer.key, str(i), str(name), point) for i, name, point in zip(ids, names, points, strict=True))


def read_streets(city: City, source: Path, layers: dict[str, Layer]) -> Streets:
    """The street network and what else its file holds. Raises InputError (E495) where there is no such file."""
    from cfmap.intake.osm import OsmExtract
    from cfmap.network import Network

    if not source.is_file():
        raise InputError(fault("E495", file=city.network.source, city=city.city.name))
    network = Network.from_file(source, datum=city.network.datum, cache=True)
    is_osm = source.name.endswith((".pbf", ".osm", ".osm.gz", ".osm.bz2"))
    osm = OsmExtract.read(source, layers.values()) if is_osm else None
    return Streets(source, network, replace(osm, attribution=city.network.attribution) if osm is not None else None)


def city_outline(city: City, relative: str) -> gpd.GeoDataFrame | None:
    """An outline of the settings; None where they name none."""
    from cfmap.intake import read_outline

    return read_outline(city.path(relative), datum=city.boundary.datum, city=city) if relative else None


def _extent(boundary: gpd.GeoDataFrame | None, streets: Streets | None) -> tuple[float, float, float, float] | None:
    """West, south, east, north in degrees within which a site is plausible; None when nothing says where the city is."""
    if boundary is not None and len(boundary):
        west, south, east, north = (float(v) for v in boundary.total_bounds)
        return west, south, east, north
    return streets.network.bounds if streets is not None else None


def _uncovered(network: Network, boundary: gpd.GeoDataFrame | None, city: City) -> list[Fault]:
    """The network must reach over the whole city: share of the outline's area inside the streets' own extent."""
    from shapely import box

    if boundary is None or not len(boundary):
        return []
    outline = boundary.union_all()
    extent = box(network.node_lon.min(), network.node_lat.min(), network.node_lon.max(), network.node_lat.max())
    share = outline.intersection(extent).area / outline.area if outline.area else 1.0
    if share >= WELL_COVERED_SHARE:
        return []
    return [fault("E496" if share < MIN_COVERED_SHARE else "W312", file=city.network.source, percent=round(100 * (1 - share)))]


MIN_COVERED_SHARE = 0.5  # of the outline's area inside the streets' extent; less means another city's network


WELL_COVERED_SHARE = 0.9  # the rest may be water or hills without streets


OLD_DAYS = 366


def _aged(network: Network, city: City) -> list[Fault]:
    """Streets much older than the sites they are measured with."""
    from datetime import date

    try:
        streets = date.fromisoformat(network.timestamp[:10])
    except ValueError:
        return []
    reference = city.edition.data_date
    if reference is None or (reference - streets).days <= OLD_DAYS:
        return []
    return [fault("W311", file=city.network.source, date=streets.isoformat(), data_date=reference.isoformat(), months=round((reference - streets).days / 30.4))]


def _unnamed_source(city: City, streets: Streets | None) -> list[Fault]:
    """W123 when a real city's streets are OpenStreetMap's by their file and the attribution says otherwise."""
    said = city.network.attribution
    if city.city.demo or streets is None or streets.osm is None or "openstreetmap" in said.lower():
        return []
    return [fault("W123", file=CONFIG_NAME, row=setting_line(city.root, "network", "attribution"), column="network.attribution", attribution=said or "—")]


def input_file(city: City, path: Path) -> InputFile:
    """An input with the hash of what it held."""
    return InputFile(city.relative(path), hashlib.sha256(path.read_bytes()).hexdigest())


def edition_year(city: City, year: int | None) -> int:
    """The year asked for, the one in the settings by default. Raises ConfigError (E121) for a year that the project does not have."""
    known = city.edition.editions or (city.edition.year,)
    chosen = city.edition.year if year is None else year
    if chosen not in known:
        raise ConfigError(fault("E121", year=chosen, known="、".join(map(str, known))))
    return chosen


def editions_of(project: str | Path) -> tuple[int, ...]:
    """The years in the settings, ascending."""
    city = load_city(project)
    return tuple(sorted(city.edition.editions)) or (city.edition.year,)


def load_one(city: City, layers: dict[str, Layer], key: str, year: int) -> LayerData:
    """One layer as of a year, with the ids that its sites had before."""
    from cfmap import intake
    from cfmap.intake.earlier import with_kept_ids
    from cfmap.intake.osm import OsmExtract

    uses_osm = key in city.layers and any(s.osm for s in city.layers[key].sources)
    osm = OsmExtract.read(city.path(city.network.source, year=year), [layers[key]]) if uses_osm else None
    data = intake.load_layer(layers[key], city, year=year, osm=osm)
    return with_kept_ids({key: data}, city, year)[key][0]


def as_of(sites: Table, year: int) -> Table:
    """Sites of this year and before; those without a year stay."""
    return sites[sites["year"].isna() | (sites["year"] <= year)].reset_index(drop=True)


def sites(layer: str, project: str | Path = ".", *, year: int | None = None) -> gpd.GeoDataFrame:
    """
    The sites of one layer as of an edition, read from the project's sources.

    Parameters
    ----------
    layer
        Key of the layer, e.g. ``"childcare"``.
    project, year
        As :func:`build`.

    Returns
    -------
    sites
        GeoDataFrame in EPSG:4326, one row per site with coordinates, columns as ``cfmap.model.SITE_COLUMNS`` and the
        layer's own.

    Raises
    ------
    ConfigError
        No such layer or year.
    InputError
        The sources cannot be used as they are.
    """
    city = load_city(project)
    layers = find_layers(city)
    if layer not in layers:
        near = difflib.get_close_matches(layer, layers, n=1)
        raise ConfigError(fault("E112", key=layer, known="、".join(sorted(layers)), nearest="".join(near) or "-"))
    chosen = edition_year(city, year)
    return as_of(load_one(city, layers, layer, chosen).sites, chosen)
