"""What one room hands to the next: the tables of an edition in the making."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from cfmap.model.city import City
    from cfmap.model.layer import Layer
    from cfmap.model.mending import Mending
    from cfmap.model.messages import Fault
    from cfmap.model.target import TargetResult
    from cfmap.model.walking_bus import WalkingBus
    from cfmap.publish.before import Before
    from cfmap.publish.web.cfmap_map import CfMap

Status = Literal["ok", "partial", "unknown"]


@dataclass(frozen=True)
class InputFile:
    """A file that was read: path relative to the project, SHA-256, rows read (None for non-tables), datum declared."""

    path: str
    sha256: str
    rows: int | None = None
    datum: str | None = None


@dataclass(frozen=True)
class LayerData:
    """
    A layer with its sites.

    Attributes
    ----------
    layer
        Declaration.
    sites
        GeoDataFrame, EPSG:4326, one row per site, RangeIndex, columns ``SITE_COLUMNS`` + the layer's fields +
        ``geometry``; every status and year included (``status`` never missing, ``year`` Int64 or <NA>); sorted by id.
    unlocated
        Same columns without geometry: sites handed in without coordinates. Counted, listed, never on the map.
    footprints
        GeoSeries, EPSG:4326, index = site id: the polygon of sites whose source was an area (parks, schools); may
        be empty. Their accesses are found by the coverage room.
    faults
        Findings while reading, errors first as met.
    rows_read, rows_dropped
        Rows met in the sources, and those left out because of a stopping fault.
    inputs
        Files read.
    found_at
        Findings about a row whose place is known, with longitude and latitude; for the house alone.
    origin
        Site id -> file, sheet and row it was read from, to send somebody back there; for the house alone.
    """

    layer: Layer
    sites: gpd.GeoDataFrame
    unlocated: pd.DataFrame
    footprints: gpd.GeoSeries
    faults: tuple[Fault, ...] = ()
    rows_read: int = 0
    rows_dropped: int = 0
    inputs: tuple[InputFile, ...] = ()
    found_at: tuple[tuple[Fault, float, float], ...] = ()
    origin: dict[str, tuple[str, str | None, int | None]] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Population:
    """
    Where people live.

    Attributes
    ----------
    points
        GeoDataFrame, EPSG:4326, index = id (str); columns ``name, town``, ``school`` where the source names one, and those of ``AGE_BANDS`` that the source
        has (float, NaN = unknown), ``geometry`` Point (a community's centre or a cell's centre).
    source, data_date
        For the figures' footnotes.
    communities
        The communities, as `points`, where `points` are their houses; None where they are the same.
    method
        How people were brought to their points besides what the table says, in Chinese and English; stands beside every figure.
    factors
        Of people from a raster: town -> official residents / residents on the raster; None where it could not be rescaled.
    areas
        Ground of communities that are given as areas, EPSG:4326, same index; None or without the others, which are points.
    cells
        Whether `points` are cells of a raster: then there are no communities to ask about.
    """

    points: gpd.GeoDataFrame
    source: str
    data_date: date | None
    faults: tuple[Fault, ...] = ()
    inputs: tuple[InputFile, ...] = ()
    areas: gpd.GeoSeries | None = None
    communities: gpd.GeoDataFrame | None = None
    method: tuple[tuple[str, str], ...] = ()
    factors: dict[str, float | None] = field(default_factory=dict)
    cells: bool = False

    @property
    def units(self) -> gpd.GeoDataFrame:
        """The communities themselves, wherever their people are put."""
        return self.points if self.communities is None else self.communities


@dataclass(frozen=True, eq=False)
class MinutesGrid:
    """
    Walking minutes to sites, on a coarse grid of the ground beside the streets.

    A row for each cell and site that answers to it. A cell that is not listed with a site has no answer for it, never 0.

    Attributes
    ----------
    west, south
        Lower left corner of the grid, steps of 1e-5 degree.
    lon_step, lat_step
        Width and height of a cell, steps of 1e-5 degree.
    columns
        Cells in a row.
    sites
        Ids of the sites.
    site
        Position in `sites`, ascending.
    cell
        Position of the cell, ascending for each site; position = row from the south x `columns` + column from the west.
    minutes
        Whole minutes from the middle of this cell to this site, rounded up, 1 or more.
    speed_kmh
        Pace of the minutes.
    """

    west: int
    south: int
    lon_step: int
    lat_step: int
    columns: int
    sites: tuple[str, ...]
    site: NDArray[np.int64]
    cell: NDArray[np.int64]
    minutes: NDArray[np.uint8]
    speed_kmh: float


@dataclass(frozen=True)
class Coverage:
    """
    The reach of one layer by one rule.

    Attributes
    ----------
    key
        ``<layer>`` key + rule key, unique in the edition, e.g. ``childcare.walk15``.
    layer, rule
        Keys.
    title, title_en
        E.g. "托育 · 15分钟步行".
    definition, definition_en
        Threshold, pace, metric and source in one or two sentences ("这个数怎么来的").
    bands
        Upper limits drawn, metres along streets, ascending (e.g. ``(790, 800, 1000)``).
    headline
        The band that the headline share uses, metres.
    catchment
        GeoDataFrame EPSG:4326 ``site ("all"), metres, minutes, geometry`` - one dissolved row per band, holes kept.
    streets
        GeoDataFrame EPSG:4326 ``edge_id, way_id, from_m, to_m, minutes, site, geometry``: reached street parts
        within the widest band.
    sites
        GeoDataFrame EPSG:4326 ``id, name, snap_m, status (ok/far/off_network/island), geometry``: the sites used.
    people
        DataFrame, one row per town and one last row ``town = ""`` for the whole city; columns ``town``, and for each
        population column c: ``c`` (total), ``c_covered_<band>`` for each band, ``c_not`` (beyond the headline
        band), ``c_unreachable`` (no path or off network). covered + not + unreachable = total to 1e-6.
        Empty when the project has no population.
    points
        DataFrame index = population id: ``network_m, connector_m, minutes, site, status``.
    faults
        Findings (sites far from streets, islands, …).
    minutes
        Walk from any place near the streets, for the page; None where the rule has none or nothing is reached.
    """

    key: str
    layer: str
    rule: str
    title: str
    title_en: str
    definition: str
    definition_en: str
    bands: tuple[float, ...]
    headline: float
    catchment: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    people: pd.DataFrame
    points: pd.DataFrame
    faults: tuple[Fault, ...] = ()
    minutes: MinutesGrid | None = None


@dataclass(frozen=True, eq=False)
class Severance:
    """
    What children get over on the shortest walk to school or kindergarten: main roads, railways and water.

    Attributes
    ----------
    crossings
        GeoDataFrame EPSG:4326 of points, layer by layer those without known help first, each part by children: ``layer`` (schools,
        kindergartens: where the children go), ``id`` (the same while the street file is), ``rank`` (in its layer; 1 = most children;
        <NA> where there is help), ``kind`` (road/railway/water), ``name`` ("" = none), ``state``
        (safe/unsafe/unknown), ``form`` (signalled, marked, bridge, subway, junction_signals, unmarked, none, ford; "" = unknown),
        ``children`` (NaN = of nobody known), ``origins``, ``uncounted`` (origins without a number), ``schools`` (ids joined by ;),
        ``ways`` (ids of the obstacle's ways joined by ;).
    origins
        GeoDataFrame EPSG:4326, index = id of the origin, a row for each layer: ``layer, town``, ``children`` (NaN =
        unknown), ``school``, ``walk_m``, ``state`` (the worst of its crossings, safe without any; None without a walk), ``status``
        (reached/unreachable/off_network), ``crossings`` (ids joined by ;).
    known
        Kinds of obstacles that the street file could hold.
    columns
        Layer -> columns of people that were added up to children.
    faults
        Findings.
    """

    crossings: gpd.GeoDataFrame
    origins: gpd.GeoDataFrame
    known: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Basemap:
    """
    What the page's own background is drawn from, EPSG:4326.

    Attributes
    ----------
    roads
        GeoDataFrame ``kind`` (one of ``ROAD_KINDS``), ``name``, LineString.
    areas
        GeoDataFrame ``kind`` (water / green), Polygon or MultiPolygon.
    labels
        GeoDataFrame ``name, rank`` (1 town, 2 village/suburb, 3 other), Point.
    attribution
        What must stand on screen, in print and in pictures. Never names OpenStreetMap for demo data.
    """

    roads: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame
    labels: gpd.GeoDataFrame
    attribution: str


ROAD_KINDS = ("main", "secondary", "local", "private", "path")  # private: no way through for the public


@dataclass(frozen=True)
class Indicator:
    """
    One number with everything needed to defend it.

    Attributes
    ----------
    id, title, title_en, unit, denominator
        Words as DESIGN: the denominator is part of the name.
    value, lower, upper
        None = unknown, never 0; bounds where attributes are missing.
    by_town
        Town name -> value (None = unknown).
    bounds_by_town
        Town name -> bounds of its value where numbers are missing there; (None, None) when they cannot be bounded.
    hidden
        Towns whose value is not shown for privacy, "" for the city's own.
    part, whole
        Numerator and denominator that the value of a share or rate is made of, for putting districts together; None in a public edition, and where the
        value is no such thing.
    nobody
        Towns without anybody whom it is about: there is nothing to be known, which is not unknown.
    definition, definition_en
        Formula and rule in words.
    data_date
        ISO date of the data.
    sources
        Files or "OpenStreetMap".
    status
        ok / partial (something was left out, see definition) / unknown.
    """

    id: str
    title: str
    title_en: str
    value: float | None
    unit: str
    denominator: str
    definition: str
    definition_en: str
    data_date: str
    sources: tuple[str, ...]
    lower: float | None = None
    upper: float | None = None
    by_town: dict[str, float | None] = field(default_factory=dict)
    bounds_by_town: dict[str, tuple[float | None, float | None]] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    nobody: tuple[str, ...] = ()
    part: float | None = None
    whole: float | None = None
    status: Status = "ok"


@dataclass(frozen=True)
class Change:
    """
    What happened to one site since the edition before.

    Attributes
    ----------
    layer, id, name
        Which site; id and name of this edition, of the former one when it was removed.
    kind
        What happened.
    before
        Former name, when it was renamed.
    metres
        How far it moved, to ten metres.
    """

    layer: str
    id: str
    kind: Literal["added", "removed", "moved", "renamed"]
    name: str
    before: str = ""
    metres: float | None = None


@dataclass(frozen=True)
class Changes:
    """
    What is new since a year.

    Attributes
    ----------
    since
        Year of the edition before (the year before, where there is none).
    compared
        Layers whose sources of that year were read again and compared site by site. Of every other layer only the sites
        are listed whose own year is later: nothing is known there about removed, moved or renamed ones.
    items
        In the order of the layers.
    """

    since: int
    compared: frozenset[str]
    items: tuple[Change, ...]


@dataclass(frozen=True, eq=False)
class Overlay:
    """A bureau's own layer on the internal page: shapes in EPSG:4326, of any type, in one colour."""

    title: str
    title_en: str
    colour: str
    shapes: gpd.GeoSeries


@dataclass(frozen=True, eq=False)
class Scenario:
    """
    Proposed sites on the internal page.

    Attributes
    ----------
    sites
        GeoDataFrame EPSG:4326 ``id, name, geometry`` (points).
    minutes
        Of the reach.
    reach
        Ground within `minutes` of any of them along streets, EPSG:4326, one row; empty when nothing is reached.
    """

    title: str
    title_en: str
    sites: gpd.GeoDataFrame
    minutes: float
    reach: gpd.GeoSeries


@dataclass(frozen=True)
class Inside:
    """What only the internal page shows besides findings."""

    overlays: tuple[Overlay, ...] = ()
    scenario: Scenario | None = None


@dataclass(frozen=True, eq=False)
class Routes:
    """
    Safe routes to school and kindergarten; ``layer`` (schools, kindergartens) says in every row where they lead.

    Attributes
    ----------
    routes
        One row for each school and residential place, columns as :class:`cfmap.planning.routes.SafeRoutes`; empty in a public edition.
    proposed
        Streets that many children share, as :func:`cfmap.planning.trunk.proposed`.
    compared
        DataFrame, the bureau's own routes beside the proposed ones to school (to kindergarten where only these are looked at), as
        :class:`cfmap.planning.compare.Comparison`; empty without any.
    parts
        GeoDataFrame: where they lie together and where they differ.
    without
        DataFrame ``layer, origin, children, reason``: places without a route.
    definition, definition_en
        How the routes were made, with every number that went in.
    """

    routes: gpd.GeoDataFrame
    proposed: gpd.GeoDataFrame
    compared: pd.DataFrame
    parts: gpd.GeoDataFrame
    without: pd.DataFrame
    definition: str
    definition_en: str


@dataclass(frozen=True)
class Edition:
    """
    Everything an edition shows, before it is written.

    Attributes
    ----------
    city, year
        Whose and which year's.
    layers
        Layer key -> data as of this edition's year (sites of later years left out), in display order.
    coverages
        In display order.
    perimeter
        GeoDataFrame EPSG:4326, columns of :data:`cfmap.coverage.perimeter.COLUMNS` with ``layer`` (schools, kindergartens) in front: one
        row per stretch and site; None when nothing was looked at.
    indicators
        All numbers; the public page shows only those that ``publish.indicators`` lists (and counts of sites).
    population, boundary, towns
        None where the project has none. Boundary and towns: GeoDataFrame EPSG:4326 (``name, code, geometry``).
    basemap
        Background.
    network_summary
        Facts for the manifest: nodes, edges, km, components, data timestamp.
    faults
        Every finding of the run.
    inputs
        Every file read, save the table of children who join a walking bus: nobody who holds a manifest can prove a guess about it.
    changes
        What is new since the edition before; None when nobody looked.
    before
        All that differs from the earlier edition that is published beside this one; None until it is published itself.
    inside
        Layers of the internal page; None in a public edition.
    targets
        What is said about every target of the city's ledgers; in a public edition only rows that ``publish.indicators`` lists.
    routes
        Safe routes to school; None without schools or people, and in a public edition unless ``publish.indicators`` lists ``routes``.
    severance
        What children get over on the way to school; None in what the public sees, and where schools or children are not known.
    mending
        What would make schools safe; None in a public edition, and without schools.
    walking_bus
        Lines and stops of walking buses; None without a table of who joins, without OR-Tools, and in a public edition unless
        ``publish.indicators`` lists ``walking_bus``.
    """

    city: City
    year: int
    layers: dict[str, LayerData]
    coverages: tuple[Coverage, ...]
    perimeter: gpd.GeoDataFrame | None
    indicators: tuple[Indicator, ...]
    population: Population | None
    boundary: gpd.GeoDataFrame | None
    towns: gpd.GeoDataFrame | None
    basemap: Basemap
    network_summary: dict[str, object]
    faults: tuple[Fault, ...]
    inputs: tuple[InputFile, ...]
    public: bool = True
    changes: Changes | None = None
    before: Before | None = None
    inside: Inside | None = None
    targets: tuple[TargetResult, ...] = ()
    routes: Routes | None = None
    severance: Severance | None = None
    mending: Mending | None = None
    walking_bus: WalkingBus | None = None

    def map(self) -> CfMap:
        """
        The edition as a ``folium.Map`` for a notebook: shows itself, takes folium's layers, ``.save(path)`` writes the page.

        As :func:`cfmap.build_map`, which is asked for by the package's front page since it stands above this room.
        """
        made: CfMap = import_module("cfmap").build_map(self)
        return made


@dataclass(frozen=True)
class Written:
    """An output file of a writer: path relative to the version folder, SHA-256 and bytes."""

    path: Path
    sha256: str
    bytes: int
