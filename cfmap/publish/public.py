"""What may leave the house? Everything that is not allowed stays in."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from cfmap.indicators import INDICATORS
from cfmap.indicators.perimeter_shares import kinds_shown
from cfmap.model import personal
from cfmap.model.city import CONFIG_NAME
from cfmap.model.messages import Fault, fault
from cfmap.model.schema import SITE_FIELDS
from cfmap.planning.bus_tables import INSIDE
from cfmap.publish import suppression

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import geopandas as gpd

    from cfmap.model.city import City
    from cfmap.model.edition import Changes, Coverage, Edition, Indicator, InputFile, LayerData, Routes
    from cfmap.model.layer import Field, Layer
    from cfmap.model.target import TargetResult
    from cfmap.model.walking_bus import WalkingBus
    from cfmap.publish.already_public import Said


ALWAYS = ("id", "name", "layer")
TARGETS = "targets"  # the entry of publish.indicators that lets out every row of the ledger; targets.<id> lets out one
#: Entries that let out proposed safe routes, and figures of what is crossed, by the layer they lead to: each by a word of its own.
ROUTES_TO = {"schools": "routes", "kindergartens": "routes_kindergartens"}
SEVERANCE_TO = {"schools": "severance", "kindergartens": "severance_kindergartens"}
WALKING_BUS = "walking_bus"  # the entry that lets lines of walking buses out
JOINING = frozenset(("I395", "W395", "W396", "W397", "W398", "W399"))  # records about who joins a walking bus: not even that there are any is said
STREETS = ("edge_id", "way_id", "from_m", "to_m", "minutes", "site", "geometry")  # columns of reached streets and of the sites used that leave:
OF_CHILDREN = ("people.", "coverage.", "gini.", "per_children.")  # numbers made of counts of children
METRES_A_DEGREE = 111_320.0  # of latitude
GIVEN = ("id", "layer", "geometry")  # columns that nobody writes by hand
USED = ("id", "name", "snap_m", "status", "geometry")  # no state of a street, no reason


def public(edition: Edition, *, said: Sequence[Said] = ()) -> tuple[Edition, tuple[Fault, ...]]:
    """
    Strip an edition of everything that the public may not see; what is stripped already stays as it is.

    Allow-list: of each site only the columns that :func:`columns` names (the rest is emptied, so that the schema holds), and of
    these no cell with personal data (:func:`cfmap.model.personal.in_public_cell`; in a name the value alone is masked); ids become
    short digests, the same every year. Numbers: counts of sites, and those that ``publish.indicators`` lists, with
    small counts of children hidden (in the columns of sites too). Streets round schools with their states stay in unless
    ``publish.indicators`` lists ``perimeter`` itself, those round kindergartens unless it lists ``perimeter_kindergartens``; an entry for one
    figure (``perimeter.safe_length``) lets out that figure alone.
    The population, the walking times of its points, findings about the input and the names of rows' values go; of findings only
    their codes stay.

    Parameters
    ----------
    said
        Numbers of public editions of the same people (:func:`cfmap.publish.already_public.look`), from which none of this one's may differ by 1-9.

    Returns
    -------
    edition, faults
        Faults tell how much was hidden and which entry of ``publish.indicators`` means nothing.
    """
    ids = {key: _ids(data) for key, data in edition.layers.items()}
    every_id = {old: new for new_by_old in ids.values() for old, new in new_by_old.items()}
    of_children = any(i.id.startswith(OF_CHILDREN) and allowed(i, edition) for i in edition.indicators)
    cells = suppression.hidden(edition, thorough=of_children, said=said)
    names = source_names(edition)
    indicators = tuple(
        replace(i, sources=tuple(dict.fromkeys(names.get(s, s) for s in i.sources)), part=None, whole=None)
        for i in suppression.suppress(edition.indicators, cells)
        if allowed(i, edition)
    )
    shown = replace(
        edition,
        layers={key: _layer(coarse(data, edition.city), columns(data.layer, edition), ids[key], names) for key, data in edition.layers.items()},
        coverages=tuple(_coverage(c, ids.get(c.layer, {}), indicators) for c in edition.coverages),
        perimeter=_around(edition, ids),
        indicators=indicators,
        population=None,
        faults=tuple(Fault(f.code) for f in edition.faults if f.code not in JOINING),  # how many of which kind; no place, no value
        changes=_changes(edition.changes),
        inside=None,
        severance=None,
        mending=None,
        targets=tuple(_target(t, every_id, cells) for t in edition.targets if allowed_target(t, edition)),
        routes=_routes(edition.routes, edition.city, ids) if edition.routes is not None else None,
        walking_bus=_walking_bus(edition.walking_bus, every_id) if edition.walking_bus is not None and WALKING_BUS in edition.city.publish.indicators else None,
    )
    listed = {i.id for i in indicators}
    count = sum(1 for i in edition.indicators if i.id in listed for town in cells.get(i.id, ()) if town == "" or i.by_town.get(town) is not None)
    return shown, (*_unknown_names(edition), *((fault("I601", count=count),) if count else ()))


def let_out(layers: Mapping[str, LayerData], words: Mapping[str, str], city: City) -> dict[str, LayerData]:
    """Layers of which ``publish.indicators`` lists the word, or a figure under it."""
    return {key: data for key, data in layers.items() if any(_under(name, words[key]) for name in city.publish.indicators)}


def allowed(indicator: Indicator, edition: Edition) -> bool:
    """Whether a number may be public: counts of sites always, others when ``publish.indicators`` lists them (whole id or its first parts)."""
    rule = INDICATORS.get(indicator.id.split(".", 1)[0])
    return (rule is not None and not rule.gap) or any(_under(indicator.id, name) for name in edition.city.publish.indicators)


def allowed_target(result: TargetResult, edition: Edition) -> bool:
    """Whether a row of the ledger may be public: when ``publish.indicators`` lists ``targets`` or ``targets.<id>``."""
    return any(name in (TARGETS, f"{TARGETS}.{result.target.id}") for name in edition.city.publish.indicators)


def columns(layer: Layer, edition: Edition) -> tuple[Field, ...]:
    """
    Columns of a layer that leave: all in an internal edition; else those declared public, of them only the ones that
    ``publish.public_columns`` lists where it lists any. A list can narrow what leaves, never widen it.

    ``id``, ``name`` and ``layer`` always do (the id of a public edition is a digest).
    """
    every = (*SITE_FIELDS, *layer.fields)
    if not edition.public:
        return every
    return public_columns(layer, edition.city)


def public_layer(data: LayerData, city: City) -> LayerData:
    """One layer as :func:`public` strips it, without an edition around it."""
    return _layer(coarse(data, city), public_columns(data.layer, city), _ids(data), input_names(city, data.inputs))


def public_columns(layer: Layer, city: City) -> tuple[Field, ...]:
    """Columns of a layer that a public edition of this city shows."""
    listed = city.publish.public_columns
    return tuple(f for f in (*SITE_FIELDS, *layer.fields) if f.key in ALWAYS or (f.public and (listed == "default" or f.key in listed)))


def coarse(data: LayerData, city: City) -> LayerData:
    """A layer with its coordinates on a grid of ``round_m`` metres, as its settings ask; without outlines of its areas then. Twice is once."""
    section = city.layers.get(data.layer.key)
    if section is None or not section.round_m or not len(data.sites):
        return data
    sites = data.sites.set_geometry(_on_grid(data.sites.geometry, section.round_m))
    return replace(data, sites=sites, footprints=data.footprints.iloc[:0], found_at=())


def _on_grid(shapes: gpd.GeoSeries, metres: float) -> gpd.GeoSeries:
    import geopandas as gpd
    import numpy as np
    import shapely

    def snapped(xy: Any) -> Any:
        lat_step = metres / METRES_A_DEGREE
        lat = np.rint(xy[:, 1] / lat_step) * lat_step
        lon_step = lat_step / np.cos(np.radians(np.rint(lat)))  # the same for a whole degree of latitude, so that rounding again changes nothing
        return np.round(np.column_stack([np.rint(xy[:, 0] / lon_step) * lon_step, lat]), 7)

    return gpd.GeoSeries(shapely.transform(shapes.to_numpy(), snapped), index=shapes.index, crs=shapes.crs)


def public_id(layer: str, site: str) -> str:
    """Short name of a site for the public, the same in every edition."""
    return "p" + hashlib.sha256(f"{layer}|{site}".encode()).hexdigest()[:12]


def _ids(data: LayerData) -> dict[str, str]:
    """Id of every site -> the one shown; shown ones already stay."""
    old = [*data.sites["id"].astype(str), *data.unlocated["id"].astype(str)]
    key = data.layer.key
    return {site: site if _is_public_id(site) else public_id(key, site) for site in old}


def _is_public_id(site: str) -> bool:
    return re.fullmatch(r"p[0-9a-f]{12}", site) is not None


def _shown_id(site: Any, ids: dict[str, str], layer: str) -> Any:
    if pd.isna(site) or site in ("", "all") or _is_public_id(str(site)):
        return site
    return ids.get(str(site)) or public_id(layer, str(site))


def source_names(edition: Edition) -> dict[str, str]:
    """Path of every input file -> how the public is told of it: who handed it in, or what it is; never its name."""
    return input_names(edition.city, (*edition.inputs, *(i for data in edition.layers.values() for i in data.inputs)))


def input_names(city: City, inputs: Iterable[InputFile]) -> dict[str, str]:
    """As :func:`source_names`, of these files."""
    told = {source.path: source.lead_unit for section in city.layers.values() for source in section.sources if source.path}
    told |= {city.boundary.city: city.boundary.source or "边界", city.boundary.towns: city.boundary.source or "边界"}
    told |= {
        city.network.source: "街道数据",
        city.population.table: city.population.source or "社区人口",
        city.population.buildings: "住宅建筑",
        city.population.raster: city.population.source or "人口栅格",
        city.population.totals: "乡镇街道人口总数",
        city.basemap.water: "水面",
        city.basemap.green: "绿地",
    }
    patterns = [(re.escape(path.rpartition(".")[0]).replace(r"\{year\}", r"\d{4}"), name) for path, name in told.items() if path]
    names = {}
    for path in {i.path for i in inputs}:
        stem = path.rpartition(".")[0]  # a shapefile's parts are one
        names[path] = next((name for pattern, name in patterns if name and re.fullmatch(pattern, stem)), "") or "数据文件"
    return names


def _layer(data: LayerData, leaving: tuple[Field, ...], ids: dict[str, str], names: dict[str, str]) -> LayerData:
    keep = {f.key for f in leaving} | {"geometry"}
    footprints = data.footprints.rename(index=ids)
    sites, unlocated = (suppression.people_at_sites(_stripped(t, keep, ids, names), data.layer.fields) for t in (data.sites, data.unlocated))
    return replace(data, sites=sites, unlocated=unlocated, footprints=footprints, faults=(), found_at=(), origin={})


def _stripped(table: pd.DataFrame, keep: set[str], ids: dict[str, str], names: dict[str, str]) -> pd.DataFrame:
    shown = table.copy()
    if "source" in shown:
        shown["source"] = [names.get(s, s) for s in shown["source"]]
    shown["id"] = shown["id"].astype(str).map(ids)
    for column in shown.columns:
        if column not in keep:
            shown[column] = pd.Series(pd.NA, index=shown.index, dtype="string")
        elif column not in GIVEN and not pd.api.types.is_numeric_dtype(shown[column].dtype):
            gone = [isinstance(value, str) and bool(personal.in_public_cell(value, column)) for value in shown[column]]
            if any(gone):
                shown.loc[gone, column] = [personal.masked(v) for v in shown.loc[gone, column]] if column == "name" else None
    return shown


def _renamed(table: gpd.GeoDataFrame, column: str, ids: dict[str, str], layer: str) -> gpd.GeoDataFrame:
    shown = table.copy()
    names = {value: _shown_id(value, ids, layer) for value in shown[column].unique()}  # far fewer sites than streets
    shown[column] = shown[column].map(names)
    return shown


def _around(edition: Edition, ids: Mapping[str, dict[str, str]]) -> gpd.GeoDataFrame | None:
    """Streets round the sites of the layers that may be shown; None where none may."""
    from cfmap.coverage.perimeter import site_id

    table, keys = edition.perimeter, [key for kind in kinds_shown(edition, public=True) for key in kind.layers]
    if table is None or not keys:
        return None
    table = table[table["layer"].isin(keys)].copy()
    told = {(key, site): _shown_id(site_id(key, str(site)), ids.get(key, {}), key) for key, site in zip(table["layer"], table["school"], strict=True)}
    table["school"] = [told[pair] for pair in zip(table["layer"], table["school"], strict=True)]
    table["gate"] = ""  # its key holds the bureau's own number
    return table


def _only(table: gpd.GeoDataFrame, columns: tuple[str, ...]) -> gpd.GeoDataFrame:
    return table[[c for c in table.columns if c in columns]]


def _coverage(coverage: Coverage, ids: dict[str, str], indicators: tuple[Indicator, ...]) -> Coverage:
    grid = coverage.minutes
    return replace(
        coverage,
        sites=_renamed(_only(coverage.sites, USED), "id", ids, coverage.layer),
        streets=_renamed(_only(coverage.streets, STREETS), "site", ids, coverage.layer),
        people=suppression.people(coverage, indicators),
        points=coverage.points.iloc[:0],
        minutes=grid and replace(grid, sites=tuple(_shown_id(site, ids, coverage.layer) for site in grid.sites)),
        faults=(),
    )


def _changes(changes: Changes | None) -> Changes | None:
    if changes is None:
        return None
    return replace(changes, items=tuple(c if _is_public_id(c.id) else replace(c, id=public_id(c.layer, c.id)) for c in changes.items))


def _target(result: TargetResult, ids: dict[str, str], cells: Mapping[str, set[str]]) -> TargetResult:
    """A row of the ledger for the public: the places counted under their public ids; nothing of who lacks one, of files and of what was reported."""
    places = tuple(replace(p, id=_shown_id(p.id, ids, p.layer)) for p in result.places)
    shown = replace(result, places=places, lacking=(), unsure=(), reported=None, sources=())
    if "" in cells.get(result.indicator, ()):
        reason = ("为保护隐私不公布", "not shown, for privacy")
        return replace(shown, status="cannot tell", judged=None, now=None, lower=None, upper=None, gap=None, reason=reason)
    return shown


def _under(identifier: str, name: str) -> bool:
    return identifier == name or identifier.startswith(f"{name}.")


def _routes(routes: Routes, city: City, ids: Mapping[str, dict[str, str]]) -> Routes | None:
    """
    Proposed streets alone, of layers that are listed: no place where somebody lives, children in whole tens, so that no two numbers give a small
    one by subtraction.
    """
    from cfmap.coverage.perimeter import site_id

    listed = [key for key, word in ROUTES_TO.items() if word in city.publish.indicators]
    if not listed:
        return None
    lines = routes.proposed[routes.proposed["layer"].isin(listed)].reset_index(drop=True)
    told = [
        ";".join(_shown_id(site_id(layer, key), ids.get(layer, {}), layer) for key in text.split(";"))
        for layer, text in zip(lines["layer"], lines["school_ids"], strict=True)
    ]
    shown = lines.assign(school_ids=told, children=lines["children"] // 10 * 10, children_least=lines["children_least"] // 10 * 10)
    return replace(
        routes, routes=routes.routes.iloc[:0], proposed=shown, compared=routes.compared.iloc[:0], parts=routes.parts.iloc[:0], without=routes.without.iloc[:0]
    )


def _walking_bus(found: WalkingBus, every_id: Mapping[str, str]) -> WalkingBus:
    """Lines, stops and times alone: no number of children, nor of adults, which follows from it, nothing of who is on no line or of what a street lacks."""
    school = found.lines["school_id"].map(lambda key: every_id.get(key, key))
    ids = dict(zip(found.lines["id"], [f"{key}-{number}" for key, number in zip(school, found.lines["number"], strict=True)], strict=True))
    lines = found.lines.assign(school_id=school, id=found.lines["id"].map(ids)).drop(columns=list(INSIDE), errors="ignore")
    line = found.stops["line_id"].map(ids)
    places = [f"{key}/{order}" for key, order in zip(line, found.stops["order"], strict=True)]
    stops = found.stops.assign(id=places, line_id=line).drop(columns="children", errors="ignore")
    return replace(found, lines=lines, stops=stops, schools=found.schools.iloc[:0], without_consent=None)


def _unknown_names(edition: Edition) -> list[Fault]:
    ids = [
        *(i.id for i in edition.indicators),
        *(f"{TARGETS}.{t.target.id}" for t in edition.targets),
        *(word for key, word in ROUTES_TO.items() if edition.routes and key in edition.city.safety.layers),
        *((WALKING_BUS,) if edition.walking_bus or edition.city.safety.walking_bus.children else ()),  # of an earlier year there are none
    ]
    known = "、".join(dict.fromkeys(i.split(".")[0] for i in ids))
    lost = [name for name in edition.city.publish.indicators if not any(_under(i, name) for i in ids)]
    return [fault("W601", file=CONFIG_NAME, column="publish.indicators", name=name, known=known) for name in lost]
