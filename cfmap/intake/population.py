"""Where do people live: communities or grid cells with residents by age."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from cfmap.intake import reader
from cfmap.intake.coordinates import check_positions, locate
from cfmap.intake.geometries import site_point
from cfmap.intake.headers import keyed, words_of
from cfmap.intake.opening import sha256
from cfmap.intake.personal import refuse_personal_data
from cfmap.intake.points import MAX_BAD_SHARE
from cfmap.intake.rows import understand
from cfmap.intake.settled import from_raster, in_houses
from cfmap.intake.towns import fill_towns
from cfmap.model.edition import InputFile, Population
from cfmap.model.errors import InputError
from cfmap.model.layer import Field
from cfmap.model.messages import Fault, fault
from cfmap.model.schema import AGE_BANDS, LAT_HEADERS, LON_HEADERS
from cfmap.model.settings_edit import columns_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cfmap.intake.coordinates import Extent, Located
    from cfmap.intake.table import RawTable
    from cfmap.model.city import City

_TOTAL_SYNONYMS = ("总人口", "人口", "人口数", "常住人口数", "人口总数", "population", "pop", "total")


def _band(key: str) -> Field:
    title, title_en, first, last = AGE_BANDS[key]
    spans = (
        ()
        if last is None
        else tuple(f"{first}{dash}{last}{word}" for dash in ("-", "–", "—", "~", "～", "至", "到") for word in ("岁", "周岁", "岁人口", "岁儿童", ""))
    )
    return Field(key, title, title_en, kind="number", unit="人", synonyms=_TOTAL_SYNONYMS if last is None else spans, minimum=0)


FIELDS: tuple[Field, ...] = (
    *(_band(key) for key in AGE_BANDS),
    Field("id", "编号", "id", synonyms=("社区代码", "代码", "网格编号", "行政区划代码", "ID")),
    Field("name", "社区名称", "name", synonyms=("名称", "社区", "村居", "村（社区）", "村社区", "社区（村）", "居委会", "网格")),
    Field("school", "对口学校", "school", synonyms=("学区学校", "对口小学", "学区", "所属学区", "划片学校", "施教区学校")),
    Field("town", "乡镇街道", "town", synonyms=("所属乡镇", "街道", "镇街", "所在街道", "所属街道", "乡镇", "镇（街道）")),
)
NAMES_SHOWN = 5


def read_population(city: City, *, towns: gpd.GeoDataFrame | None = None, extent: Extent | None = None) -> Population | None:
    """
    Read the project's population: a table of communities with coordinates, or a GIS file of points or grid cells.

    Parameters
    ----------
    city
        Project; None is returned when it names no population.
    towns
        Outlines (``name, geometry``), to find the town of rows that do not name one.
    extent
        Where the city is, for the tests on coordinates; None = the bounds of `towns`.

    Returns
    -------
    population
        Index ``id``; missing numbers are NaN, never zero. Rows without coordinates are reported and left out.

    Raises
    ------
    InputError
        A file that cannot be used, E210 when it has no column with people, E216 too many bad rows; with every fault.
    """
    section = city.population
    if section.raster and not section.table:
        return from_raster(city, towns)
    if not section.table:
        return None
    path = city.path(section.table)
    file = city.relative(path)
    declared = section.datum if "datum" in section.model_fields_set else None
    found = read_people(
        path, file=file, sheet=section.sheet, datum=declared, columns=section.columns, towns=towns, extent=extent, max_bad_share=city.publish.max_bad_share
    )
    found = replace(found, source=section.source or file, data_date=section.data_date)
    return found if not section.buildings else in_houses(found, city)


def read_people(
    path: Path,
    *,
    file: str = "",
    sheet: str = "",
    datum: str | None = None,
    columns: Mapping[str, str] | None = None,
    towns: gpd.GeoDataFrame | None = None,
    extent: Extent | None = None,
    max_bad_share: float = MAX_BAD_SHARE,
    areas: bool = False,
) -> Population:
    """
    Read communities with residents by age from a file, without a city project; `file` is how messages call it.

    `datum` None = WGS84, or what a GIS file itself declares. Areas of a GIS file give a point on them, or stay areas where `areas` is set; `columns` as in
    ``[population]``; everything else and errors as :func:`read_population`.
    """
    file, named = file or path.name, keyed(columns or {}, FIELDS)
    if reader.is_gis(path, file=file):
        raw = reader.read_geofile(path, datum=datum, layer=sheet, file=file)
    else:
        words = [w for f in FIELDS for w in words_of(f)]
        raw = reader.read_table(path, known_headers=(*words, *LON_HEADERS, *LAT_HEADERS, *named.values()), sheet=sheet, file=file)
    datum = datum or "wgs84"
    personal = refuse_personal_data(raw, FIELDS, named, sites=False)
    rows = understand(raw, FIELDS, named)
    bands = [key for key in AGE_BANDS if any(key in values for values in rows.values)]
    if not bands:
        present = "、".join(h for h in raw.headers if h)
        line = columns_line({"常住人口": "…"})
        raise InputError(fault("E210", file=file, sheet=raw.sheet, title="常住人口", title_en="residents", present=present, nearest="—", line=line))
    if extent is None and towns is not None and len(towns):
        extent = _as_extent(towns)
    located = _locate(raw, datum, named, extent)
    bad = rows.bad | {int(i) for i in np.flatnonzero(located.bad)}
    faults = [*raw.faults, *personal, *rows.faults, *located.faults]
    stops = [*rows.stops, *located.stops]
    records, ids, ground = _records(raw, rows.values, located, bad, bands, file, faults, areas=areas)
    if len(bad) > max_bad_share * len(raw.rows):
        stops.append(
            fault("E216", file=file, sheet=raw.sheet, layer="人口", layer_en="population", bad=len(bad), rows=len(raw.rows), limit=f"{max_bad_share:.0%}")
        )
    if stops:
        raise InputError([*stops, *faults])
    sent = ["school"] if any(record["school"] for record in records) else []  # where the table names each community's school
    points = gpd.GeoDataFrame(records, index=ids, columns=["name", "town", *sent, *bands, "geometry"], geometry="geometry", crs="EPSG:4326")
    points[bands] = points[bands].astype("float64")
    points.index.name = "id"
    if towns is not None and len(towns):
        fill_towns(points, towns)
    read = (InputFile(file, sha256(path), len(raw.rows), datum),)
    shapes = gpd.GeoSeries(ground, crs="EPSG:4326").sort_index() if ground else None
    return Population(points.sort_index(), file, None, tuple(faults), read, shapes)


def _as_extent(towns: gpd.GeoDataFrame) -> Extent:
    west, south, east, north = (float(v) for v in towns.total_bounds)
    return west, south, east, north


def _locate(raw: RawTable, datum: str, columns: dict[str, str], extent: Extent | None) -> Located:
    if raw.geometry is None:
        return locate(raw, datum=datum, columns=columns, extent=extent)
    points = [None if g is None or g.is_empty else site_point(g) for g in raw.geometry]
    lon = np.array([np.nan if p is None else p.x for p in points])
    lat = np.array([np.nan if p is None else p.y for p in points])
    located = check_positions(raw, lon, lat, extent=extent, datum=datum)
    located.faults.extend(raw.at("W252", i) for i, p in enumerate(points) if p is None)
    return located


def _records(
    raw: RawTable, values: list[dict[str, Any]], located: Located, bad: set[int], bands: list[str], file: str, faults: list[Fault], *, areas: bool
) -> tuple[list[dict[str, Any]], list[str], dict[str, Any]]:
    """Rows with a place, their ids, and the ground of those that are areas."""
    records, ids = [], []
    ground: dict[str, Any] = {}
    seen: dict[str, str] = {}
    named: dict[tuple[str, str], list[int]] = {}
    for i, row in enumerate(values):
        if i in bad or np.isnan(located.lon[i]):
            continue
        lon, lat = float(located.lon[i]), float(located.lat[i])
        key = row.get("id") or _made_id(row.get("name"), lon, lat)
        if key in seen:
            bad.add(i)
            faults.append(raw.at("E221", i, first=seen[key]))
            continue
        seen[key] = f"{file} {raw.numbers[i]}"
        if row.get("name"):
            named.setdefault((row["name"], row.get("town") or ""), []).append(i)
        ids.append(key)
        shape = raw.geometry[i] if raw.geometry is not None else None
        if shape is not None and shape.geom_type in ("Polygon", "MultiPolygon"):
            ground[key] = shape
        people = {b: np.nan if row.get(b) is None else row[b] for b in bands}
        records.append(
            {
                "name": row.get("name") or "",
                "town": row.get("town") or "",
                "school": row.get("school") or "",
                **people,
                "geometry": raw.geometry[i] if areas and raw.geometry is not None else shapely.Point(lon, lat),
            }
        )
    if twice := {name: rows for (name, _), rows in named.items() if len(rows) > 1}:
        shown = "、".join(f"{name}（第 {'、'.join(str(raw.numbers[i]) for i in rows[:3])} 行）" for name, rows in list(twice.items())[:NAMES_SHOWN])
        faults.append(fault("W272", file=file, sheet=raw.sheet, count=len(twice), names=shown + (" …" if len(twice) > NAMES_SHOWN else "")))
    return records, ids, ground


def _made_id(name: str | None, lon: float, lat: float) -> str:
    plain = re.sub(r"\s+", "", name or "")
    return f"pop-{hashlib.sha256(f'{plain}|{lon:.5f}|{lat:.5f}'.encode()).hexdigest()[:10]}"
