"""Which sites does a layer have: all of its sources, checked row by row, in one schema."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from cfmap.intake import datum as datums
from cfmap.intake import decisions, duplicates, geocoded, handed_out, photos, reader, returned
from cfmap.intake.columns import as_faults, as_it_is, questions
from cfmap.intake.coordinates import check_positions, coordinate_columns, has_coordinates, locate
from cfmap.intake.decisions import Decisions
from cfmap.intake.geometries import MAX_AREA_CHANGE, TYPE_TITLES, TYPES, mend, site_point
from cfmap.intake.headers import WKT_HEADERS, fields_of, find, keyed, known_headers
from cfmap.intake.opening import sha256
from cfmap.intake.personal import refuse_personal_data
from cfmap.intake.rows import UNKNOWN_STATUS, understand
from cfmap.intake.table import is_ignored
from cfmap.model import SITE_COLUMNS, SITE_FIELDS, CfmapError, InputError, InputFile, LayerData, SafetyRefusal, fault
from cfmap.model.city import CONFIG_NAME

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from cfmap.intake.coordinates import Extent
    from cfmap.intake.osm import OsmExtract
    from cfmap.intake.table import RawTable
    from cfmap.model import City, Fault, Layer
    from cfmap.model.city import Source

NO_ROWS = ("E201", "E208")  # what is said about a file without rows
_ID_DIGITS = 10  # hexadecimal; two of 100,000 sites share one with a chance of 0.5 %
_UNLOCATED = frozenset({"W233", "W235", "W252"})  # findings that leave a row without coordinates
_DTYPES = {"integer": "Int64", "year": "Int64", "number": "float64", "yesno": "boolean"}


@dataclass
class _Part:
    """What one source gave."""

    records: list[dict[str, Any]] = field(default_factory=list)
    geometry: list[Any] = field(default_factory=list)
    footprint: list[Any] = field(default_factory=list)
    places: list[str] = field(default_factory=list)  # "file row n", for messages about duplicates
    faults: list[Fault] = field(default_factory=list)
    rows: int = 0
    dropped: int = 0
    inputs: list[InputFile] = field(default_factory=list)
    found_at: list[tuple[Fault, float, float]] = field(default_factory=list)
    origin: dict[str, tuple[str, str | None, int | None]] = field(default_factory=dict)


def load_layer(layer: Layer, city: City, *, year: int, osm: OsmExtract | None = None, extent: Extent | None = None) -> LayerData:
    """
    Load all sources of a layer.

    Parameters
    ----------
    layer
        Declaration.
    city
        Project; its ``layers.<key>.sources`` are read in order. A layer without sources is empty.
    year
        Edition; replaces ``{year}`` in paths.
    osm
        The extract, for sources with ``osm = true``.
    extent
        Where the city is (west, south, east, north in degrees, or an outline in EPSG:4326); None = the city's boundary
        file, where it has one.

    Returns
    -------
    data
        As :class:`cfmap.model.LayerData`. Rows with a stopping fault are left out and counted.

    Raises
    ------
    InputError, SafetyRefusal
        With every fault of the layer: a file that cannot be used as a whole, or more than ``publish.max_bad_share`` of a
        file's rows bad. Refusals win (exit 5).
    """
    sources = [s for s in city.layers[layer.key].sources if s.holds(year)] if layer.key in city.layers else []
    extent = extent_of(city) if extent is None and any(s.path for s in sources) else extent
    parts: list[_Part] = []
    stopped: list[CfmapError] = []
    seen: dict[str, str] = {}
    for source in sources:
        try:
            parts.append(_osm_part(layer, osm) if source.osm else _file_part(layer, city, source, year, extent, seen))
        except (InputError, SafetyRefusal) as error:
            stopped.append(error)
    faults = [f for part in parts for f in part.faults]
    if stopped:
        worst = max(stopped, key=lambda e: e.exit_code)
        raise type(worst)([*(f for error in stopped for f in error.faults), *faults])
    return _assemble(layer, parts, decisions.read(city))


def empty_layer(layer: Layer) -> LayerData:
    """Give a layer without sites, with all its columns."""
    return _assemble(layer, [], Decisions())


def extent_of(city: City) -> Extent | None:
    """The outline of the city (EPSG:4326), where the settings name one."""
    if not city.boundary.city:
        return None
    from cfmap.intake.outline import read_outline

    outline: Extent = read_outline(city.path(city.boundary.city), datum=city.boundary.datum, city=city).geometry.union_all()
    return outline


# -- OpenStreetMap -------------------------------------------------------------------------------------------------


def _osm_part(layer: Layer, osm: OsmExtract | None) -> _Part:
    if osm is None:
        raise InputError(fault("E200", file=CONFIG_NAME, column=f"layers.{layer.key}"))
    sites, outlines = osm.features(layer), osm.footprints(layer)
    part = _Part(rows=len(sites))
    for record, geometry in zip(sites.drop(columns="geometry").to_dict("records"), sites.geometry, strict=True):
        part.records.append(record)
        part.geometry.append(geometry)
        part.footprint.append(outlines.get(record["id"]))
        part.places.append(f"OpenStreetMap {record['id']}")
        part.origin[record["id"]] = f"OpenStreetMap {record['id']}", None, None
    return part


# -- tables and GIS files ------------------------------------------------------------------------------------------


def _file_part(layer: Layer, city: City, source: Source, year: int, extent: Extent | None, seen: dict[str, str]) -> _Part:
    path = city.path(source.path, year=year)
    file = city.relative(path)
    if is_ignored(path):
        return _Part(faults=[fault("I205", file=file)])
    if year in source.empty:
        return _confirmed_empty(layer, source, path, file, year)
    handed = handed_out.of_workbook(path, file)
    raw = _filled_in(layer, city, source, year, extent, file, handed.get(source.sheet))
    if raw is None:
        nothing = fault("I281", file=file, sheet=source.sheet, layer=layer.title, layer_en=layer.title_en)
        return _Part(faults=[nothing], inputs=_inputs(path, file, source.datum, 0))
    columns = keyed(source.columns, fields_of(layer))
    told = [*raw.faults, *refuse_personal_data(raw, fields_of(layer), columns)]
    given, answer, raw = _compared(raw, handed, path)
    told += answer.faults if answer is not None else []
    if asked := questions(raw, layer, source, (), extent):
        raise InputError([*as_faults(asked, source), *raw.faults])
    source = source.model_copy(update={"columns": columns})
    rows = understand(raw, fields_of(layer), source.columns)
    shapes = _shapes(raw, layer, source, extent)
    bad = rows.bad | shapes.bad
    part = _Part(rows=len(raw.rows), faults=[*told, *rows.faults, *shapes.faults], inputs=_inputs(path, file, source.datum, len(raw.rows)))
    found = geocoded.read(city, year) if layer.geometry == "Point" else geocoded.Geocoded()
    by_address: set[int] = set()
    for i, values in enumerate(rows.values):
        if i in bad:
            continue
        record = _record(values, layer, source, file)
        point = shapes.points[i]
        if answer is not None and given is not None:
            record["id"] = answer.stable[i] or _id_of_new(layer, record, point, given, raw, i, part)
        record["id"] = record["id"] or site_id(layer.key, record["name"], point, record["town"], record["address"])
        if point is None and (known := found.of(record)) is not None:
            shapes.points[i] = shapes.geometry[i] = shapely.Point(known)
            by_address.add(raw.numbers[i])
        if record["photo"]:
            _photo(record, city, raw, i, source, part)
        place = f"{file} {raw.numbers[i]}"
        if record["id"] in seen:
            bad.add(i)
            position = next(iter(find(raw.headers, (source.columns.get("id", "编号"), "id", *SITE_FIELDS[0].synonyms))), None)
            part.faults.append(raw.at("E221", i, position, first=seen[record["id"]]))
            continue
        seen[record["id"]] = place
        part.origin[record["id"]] = file, raw.sheet, raw.numbers[i]
        part.records.append(record)
        part.geometry.append(shapes.geometry[i])
        part.footprint.append(shapes.footprint[i])
        part.places.append(place)
    _tell_found(part, found, by_address, layer)
    part.dropped = len(bad)
    part.faults = _placed(part.faults, raw, shapes.points)
    part.found_at = _found_at(part.faults, raw, shapes.points)
    stops = [*rows.stops, *shapes.stops, *_too_many(len(bad), raw, layer, city)]
    if stops:
        raise InputError([*stops, *part.faults])
    return part


def _too_many(bad: int, raw: RawTable, layer: Layer, city: City) -> list[Fault]:
    limit, rows = city.publish.max_bad_share, len(raw.rows)
    if bad <= limit * rows:
        return []
    return [fault("E216", file=raw.file, sheet=raw.sheet, layer=layer.title, layer_en=layer.title_en, bad=bad, rows=rows, limit=f"{limit:.0%}")]


def _filled_in(layer: Layer, city: City, source: Source, year: int, extent: Extent | None, file: str, given: handed_out.Given | None) -> RawTable | None:
    """The table; None where a sheet was handed out without rows and has none."""
    try:
        return _read_or_ask(layer, city, source, year, extent, file)
    except InputError as error:
        if given is not None and not given.rows and all(f.code in NO_ROWS for f in error.faults):
            return None
        raise


def _compared(raw: RawTable, handed: dict[str, handed_out.Given], path: Path) -> tuple[handed_out.Given | None, returned.Answer | None, RawTable]:
    """What was handed out, what came back of it, and the rows that count; a table that was not handed out is as it is."""
    given = handed.get(raw.sheet or "")
    if given is None:
        return None, None, raw
    answer = returned.judge(raw, given)
    answer.faults += returned.untouched(path, answer)
    return given, answer, answer.table


def _id_of_new(layer: Layer, record: dict[str, Any], point: Any, given: handed_out.Given, raw: RawTable, row: int, part: _Part) -> str:
    """The id of a new row of a workbook that came back; told when the department gave it one that another site has had."""
    used = {*given.used, *given.rows}
    if record["id"] in used:
        position = next(iter(find(raw.headers, (SITE_FIELDS[0].title,))), None)
        part.faults.append(raw.at("W291", row, position, name=record["name"], old=_name_of(given, record["id"])))
    return new_site_id(layer.key, record, point, used)


def _name_of(given: handed_out.Given, site: str) -> str:
    return next((given.cell(site, h) for h in given.headers if h.startswith("名称") and given.cell(site, h)), "已撤销的点位")


def _confirmed_empty(layer: Layer, source: Source, path: Path, file: str, year: int) -> _Part:
    """A file without rows, or none at all, that the settings say is right; one with rows contradicts them."""
    told = fault("I280", file=file, layer=layer.title, layer_en=layer.title_en, year=year)
    if not path.is_file():
        return _Part(faults=[told])
    try:
        rows = len(_read(layer, source, path, file).rows)
    except InputError as error:
        if any(f.code not in NO_ROWS for f in error.faults):
            raise
        return _Part(faults=[told], inputs=_inputs(path, file, source.datum, 0))
    raise InputError(fault("E282", file=file, layer=layer.title, layer_en=layer.title_en, year=year, rows=rows))


def _tell_found(part: _Part, found: geocoded.Geocoded, rows: set[int], layer: Layer) -> None:
    """Rows that were found by their address are not without coordinates any more; the file they come from is an input."""
    part.faults += found.faults
    if found.file is None or not rows:
        return
    part.faults = [f for f in part.faults if not (f.code in _UNLOCATED and f.row in rows)]
    told = fault("I430", file=found.file.path, layer=layer.title, layer_en=layer.title_en, count=len(rows), source=found.file.path)
    part.faults.append(told)
    part.inputs.append(found.file)


def _placed(faults: list[Fault], raw: RawTable, points: list[Any]) -> list[Fault]:
    """Findings with their place on the ground, where the row has one and nothing better is known."""
    position = {number: i for i, number in enumerate(raw.numbers)}
    there = {f: points[position[f.row]] for f in faults if f.row in position and not f.places} if any(p is not None for p in points) else {}
    return [f.at(("site", point.x, point.y)) if (point := there.get(f)) is not None else f for f in faults]


def _found_at(faults: list[Fault], raw: RawTable, points: list[Any]) -> list[tuple[Fault, float, float]]:
    """Findings about rows whose place is known; a row may be left out and still have one."""
    position = {number: i for i, number in enumerate(raw.numbers)}
    rows = [(f, points[position[f.row]]) for f in faults if f.row in position]
    return [(f, point.x, point.y) for f, point in rows if point is not None]


def _photo(record: dict[str, Any], city: City, raw: RawTable, row: int, source: Source, part: _Part) -> None:
    """Keep the photo's path when it leads to a picture in the data folder; else tell, and go on without."""
    path = photos.locate(city.root, record["photo"])
    if path is not None and reader.is_picture(path):
        record["photo"] = city.relative(path)
        part.inputs.append(InputFile(record["photo"], sha256(path)))
        return
    record["photo"] = None
    field_ = next(f for f in SITE_FIELDS if f.key == "photo")
    position = next(iter(find(raw.headers, (source.columns.get("photo", field_.title), "photo", *field_.synonyms))), None)
    part.faults.append(raw.at("W262" if path is None else "W263", row, position))


def _read_or_ask(layer: Layer, city: City, source: Source, year: int, extent: Extent | None, file: str) -> RawTable:
    """Read a source; where no row is a header by its words, say also which columns it has and which of them are probably needed."""
    try:
        return _read(layer, source, city.path(source.path, year=year), file)
    except InputError as error:
        if [f.code for f in error.faults] != ["E209"]:
            raise
        faults = list(error.faults)
        with suppress(CfmapError):
            faults += as_faults(questions(as_it_is(layer, source, city, file, year=year), layer, source, (), extent), source)
        raise InputError(faults) from None


def _read(layer: Layer, source: Source, path: Path, file: str) -> RawTable:
    if reader.is_gis(path, file=file):
        declared = source.datum if "datum" in source.model_fields_set else None
        return reader.read_geofile(path, datum=declared, layer=source.sheet, encoding=source.encoding, file=file)
    options = {"sheet": source.sheet, "encoding": source.encoding, "hidden": source.hidden}
    return reader.read_table(path, known_headers=known_headers(layer, source.columns), file=file, **options)


def _inputs(path: Path, file: str, datum: str, rows: int) -> list[InputFile]:
    found = [InputFile(file, sha256(path), rows, datum)]
    if path.suffix.lower() == ".shp":
        beside = sorted(p for p in path.parent.iterdir() if p.stem == path.stem and p.suffix.lower() in {".dbf", ".shx", ".prj", ".cpg"})
        found += [InputFile(f"{file.rpartition('/')[0]}/{p.name}".lstrip("/"), sha256(p)) for p in beside]
    return found


def _record(values: dict[str, Any], layer: Layer, source: Source, file: str) -> dict[str, Any]:
    record = {f.key: values.get(f.key) for f in (*SITE_FIELDS, *layer.fields)}
    record["layer"], record["source"] = layer.key, file
    record["lead_unit"] = record["lead_unit"] or source.lead_unit or None
    record["source_date"] = record["source_date"] or (source.data_date.isoformat() if source.data_date else None)
    return record


def is_generated(layer: str, site: str) -> bool:
    """Whether an id is one that :func:`site_id` makes, and no department's."""
    return re.fullmatch(rf"{re.escape(layer)}-[0-9a-f]{{{_ID_DIGITS}}}", site) is not None


def new_site_id(layer: str, record: dict[str, Any], point: Any, used: Collection[str]) -> str:
    """Give a site that was not there before an id that no other one ever had: its own, else one made of name and place, the same in every run."""
    if record["id"] and record["id"] not in used:
        return str(record["id"])
    again = 0
    while (made := site_id(layer, record["name"], point, record["town"], record["address"], again=again)) in used:
        again += 1
    return made


def site_id(layer: str, name: str, point: Any, town: str | None, address: str | None, *, again: int = 0) -> str:
    """
    Give the same place the same id in every year: a hash of layer, normalised name and position to 4 decimals (11 m).

    A site without position uses its town and address instead. `again` gives the next one where that is taken.
    """
    plain = re.sub(r"[\s·•\-()（）]+", "", unicodedata.normalize("NFKC", name)).lower()
    where = f"{town or ''}|{address or ''}" if point is None else f"{point.x:.4f}|{point.y:.4f}"
    key = f"{layer}|{plain}|{where}" + (f"|{again}" if again else "")
    return f"{layer}-{hashlib.sha256(key.encode()).hexdigest()[:_ID_DIGITS]}"


# -- shapes --------------------------------------------------------------------------------------------------------


@dataclass
class _Shapes:
    """Geometry, footprint and representative point of every row (None = unlocated)."""

    geometry: list[Any]
    footprint: list[Any]
    points: list[Any]
    bad: set[int] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    stops: list[Fault] = field(default_factory=list)


def _shapes(raw: RawTable, layer: Layer, source: Source, extent: Extent | None) -> _Shapes:
    if raw.geometry is not None:
        return _from_geometries(raw, list(raw.geometry), layer, source, extent)
    wkt = find(raw.headers, (source.columns["wkt"],) if "wkt" in source.columns else WKT_HEADERS)
    if wkt and (layer.geometry != "Point" or not has_coordinates(raw, source.columns)):
        return _from_wkt(raw, wkt[0], layer, source, extent)
    if layer.geometry != "Point":
        coordinate_columns(raw, source.columns)  # E230 when there is nothing at all
        expected, expected_en = TYPE_TITLES[layer.geometry]
        raise InputError(fault("E253", file=raw.file, sheet=raw.sheet, expected=expected, expected_en=expected_en, actual="Point"))
    located = locate(raw, datum=source.datum, columns=source.columns, extent=extent)
    points = [None if np.isnan(x) else shapely.Point(x, y) for x, y in zip(located.lon, located.lat, strict=True)]
    bad = {int(i) for i in np.flatnonzero(located.bad)}
    return _Shapes(points, [None] * len(points), points, bad, located.faults, located.stops)


def _from_wkt(raw: RawTable, position: int, layer: Layer, source: Source, extent: Extent | None) -> _Shapes:
    shapes: list[Any] = []
    broken: list[Fault] = []
    bad = set()
    for i, cells in enumerate(raw.rows):
        shape = None
        if cells[position]:
            try:
                shape = shapely.from_wkt(cells[position])
            except shapely.errors.GEOSException as error:
                bad.add(i)
                broken.append(raw.at("E254", i, position, detail=str(error).splitlines()[0][:120]))
        shapes.append(shape)

    def shift(points: Any) -> Any:
        return np.column_stack(datums.convert(points[:, 0], points[:, 1], source=source.datum, target="wgs84"))

    shapes = [None if s is None else shapely.transform(shapely.force_2d(s), shift) for s in shapes]
    found = _from_geometries(raw, shapes, layer, source, extent, known_bad=frozenset(bad))
    found.faults[:0] = broken
    return found


def _from_geometries(
    raw: RawTable, shapes: list[Any], layer: Layer, source: Source, extent: Extent | None, *, known_bad: frozenset[int] = frozenset()
) -> _Shapes:
    count = len(shapes)
    result = _Shapes([None] * count, [None] * count, [None] * count, set(known_bad))
    expected, expected_en = TYPE_TITLES[layer.geometry]
    for i, given in enumerate(shapes):
        if i in known_bad:
            continue
        if given is None or given.is_empty:
            result.faults.append(raw.at("W252", i))
            continue
        if given.geom_type not in TYPES[layer.geometry]:
            result.bad.add(i)
            result.faults.append(raw.at("E253", i, expected=expected, expected_en=expected_en, actual=given.geom_type))
            continue
        if not np.isfinite(shapely.get_coordinates(given)).all():
            result.bad.add(i)
            result.faults.append(raw.at("E232", i, axis="坐标", axis_en="the coordinate", low="-180", high="180"))
            continue
        mended = mend(given)
        if mended.change > MAX_AREA_CHANGE:
            result.bad.add(i)
            result.faults.append(raw.at("E251", i, change=f"{mended.change:.0%}", detail=mended.reason))
            continue
        if mended.reason:
            result.faults.append(raw.at("W250", i, change=f"{mended.change:.2%}", detail=mended.reason))
        result.points[i] = site_point(mended.geometry)
        result.geometry[i] = result.points[i] if layer.geometry == "Point" else mended.geometry
        result.footprint[i] = mended.geometry if layer.geometry == "Point" and "Polygon" in given.geom_type else None
    lon = np.array([np.nan if p is None else p.x for p in result.points])
    lat = np.array([np.nan if p is None else p.y for p in result.points])
    judged = check_positions(raw, lon, lat, extent=extent, datum=source.datum)
    result.bad |= {int(i) for i in np.flatnonzero(judged.bad)}
    for i, x in enumerate(judged.lon):
        if np.isnan(x):
            result.points[i] = result.geometry[i] = result.footprint[i] = None
    result.faults += judged.faults
    result.stops += judged.stops
    return result


# -- together ------------------------------------------------------------------------------------------------------


def _assemble(layer: Layer, parts: Iterable[_Part], decided: Decisions) -> LayerData:
    parts = [_without_merged(part, duplicates.merged([r["id"] for p in parts for r in p.records], decided, layer.key)) for part in list(parts)]
    records = [r for p in parts for r in p.records]
    geometry = np.array([g for p in parts for g in p.geometry] + [None], dtype=object)[:-1]
    footprints = [g for p in parts for g in p.footprint]
    places = [x for p in parts for x in p.places]
    frame = _frame(records, layer)
    located = np.array([g is not None for g in geometry], dtype=bool)
    order = np.argsort(frame["id"].to_numpy(dtype=str), kind="stable")
    on_map, off_map = order[located[order]], order[~located[order]]
    sites = gpd.GeoDataFrame(
        frame.iloc[on_map].reset_index(drop=True), geometry=gpd.GeoSeries(list(geometry[on_map]), crs="EPSG:4326", dtype="geometry"), crs="EPSG:4326"
    )
    outlines = {str(frame["id"].iloc[i]): footprints[i] for i in on_map if footprints[i] is not None}
    faults = [f for p in parts for f in p.faults]
    same = duplicates.within([_found(records[i], geometry[i], places[i]) for i in sorted(on_map)], decided, by_place=layer.geometry == "Point")
    faults += [f for f, _, _ in same]
    return LayerData(
        layer=layer,
        sites=sites,
        unlocated=frame.iloc[off_map].reset_index(drop=True),
        footprints=gpd.GeoSeries(list(outlines.values()), index=pd.Index(list(outlines), dtype=object), crs="EPSG:4326", dtype="geometry"),
        faults=tuple(sorted(faults, key=lambda f: "EWI".index(f.code[0]))),
        rows_read=sum(p.rows for p in parts),
        rows_dropped=sum(p.dropped for p in parts),
        inputs=tuple(i for p in parts for i in p.inputs),
        found_at=(*(found for p in parts for found in p.found_at), *same),
        origin={site: place for p in parts for site, place in p.origin.items()},
    )


def _found(record: dict[str, Any], geometry: Any, place: str) -> duplicates.Found:
    return duplicates.Found(record["layer"], record["id"], record["name"] or "", record["source"] or "", place, site_point(geometry))


def _without_merged(part: _Part, stays: dict[str, str]) -> _Part:
    """A source's sites without those that somebody decided to be another one's; each is told."""
    gone = [i for i, r in enumerate(part.records) if r["id"] in stays]
    if not gone:
        return part
    for i in gone:
        record, (file, _, row) = part.records[i], part.places[i].rpartition(" ")
        told = fault("I271", file=file, row=int(row) if row.isdigit() else None, value=record["name"], stays=stays[record["id"]])
        part.faults.append(told)
        part.origin.pop(record["id"], None)
    for values in (part.records, part.geometry, part.footprint, part.places):
        values[:] = [v for i, v in enumerate(values) if i not in set(gone)]
    return part


def _frame(records: list[dict[str, Any]], layer: Layer) -> pd.DataFrame:
    """Table with the common columns, then the layer's own, with one dtype per kind; missing text is None, missing numbers are NaN or <NA>."""
    fields = (*SITE_FIELDS, *layer.fields)
    columns: dict[str, Any] = {}
    for f in fields:
        values = [None if _is_missing(v := record.get(f.key)) else v for record in records]
        columns[f.key] = pd.Series(values, dtype=_DTYPES.get(f.kind, "object"))
    frame = pd.DataFrame(columns, columns=[*SITE_COLUMNS, *(f.key for f in layer.fields)])
    frame["status"] = frame["status"].where(frame["status"].notna(), UNKNOWN_STATUS)
    frame["layer"] = layer.key
    return frame.astype({"status": object, "layer": object})


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value))
