"""Where are the sites: coordinate cells understood, swapped and foreign ones named cell by cell."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cfmap.intake import datum as datums
from cfmap.intake import one_column
from cfmap.intake.cells import NOTHING
from cfmap.intake.headers import PAIR_WORDS, SYSTEM_WORDS, find, mapped
from cfmap.model.errors import InputError
from cfmap.model.messages import Fault, fault
from cfmap.model.schema import LAT_HEADERS, LON_HEADERS
from cfmap.model.settings_edit import columns_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from cfmap.intake.table import RawTable

    Floats = NDArray[np.float64]
    #: West, south, east, north in degrees, or the city's outline (EPSG:4326).
    Extent = tuple[float, float, float, float] | BaseGeometry

OUTSIDE_TOLERANCE_DEG = 0.003  # about 300 m: outlines are drawn coarsely, and piers stand in the sea
FAR_KM = 50.0  # farther out than this a position is not believed: listed as unlocated instead of drawn
MAX_OUTSIDE_SHARE = 0.05
FEW_DECIMALS, FEW_DECIMALS_SHARE = 4, 0.05
SAME_PLACE = 3  # sites on exactly one spot that look like a geocoder's area centre
GRID_FROM, GRID_STEP_DEG, GRID_TOLERANCE = 16, 1e-4, 0.1  # sites on so many crossings of equal steps (10 m or more) are cells' middles, not places
_MAX_DEGREES = 400.0  # larger values are metres
_PLACEHOLDERS = {(0.0, 0.0), (1.0, 1.0), (-1.0, -1.0)}
_KM_PER_DEGREE = 111.2


@dataclass(frozen=True)
class Located:
    """
    Positions of a table's rows.

    Attributes
    ----------
    lon, lat
        WGS84 degrees, NaN where a row has none.
    bad
        Rows with a stopping fault in their coordinates.
    faults
        About single rows and the file.
    stops
        Faults of the file as a whole: nothing in it can be placed.
    """

    lon: Floats
    lat: Floats
    bad: NDArray[np.bool_]
    faults: list[Fault] = field(default_factory=list)
    stops: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class Pair:
    """
    Positions of the two coordinate columns; both the same when one column holds both ("120.65,27.78").

    Attributes
    ----------
    latitude_first
        In one column: the latitude stands before the longitude.
    """

    lon: int
    lat: int
    latitude_first: bool = False


def coordinate_columns(table: RawTable, columns: Mapping[str, str]) -> Pair:
    """
    Find the longitude (easting) and latitude (northing) columns.

    Raises
    ------
    InputError
        E230 when there are none, E211 when a header stands twice.
    """
    found: dict[str, list[int]] = {}
    for key, words in (("lon", LON_HEADERS), ("lat", LAT_HEADERS)):
        found[key] = mapped(table, columns[key]) if key in columns else find(table.headers, words)
        if len(found[key]) > 1:
            letters = "、".join(table.columns[i].letter or str(i + 1) for i in found[key])
            line = columns_line({words[0]: f"{letters[-1]}列"})
            raise InputError(fault("E211", file=table.file, sheet=table.sheet, title=table.headers[found[key][0]], letters=letters, line=line))
    if found["lon"] and found["lat"]:
        return Pair(found["lon"][0], found["lat"][0])
    if both := find(table.headers, PAIR_WORDS):
        return Pair(both[0], both[0])
    present = "、".join(h for h in table.headers if h) or "—"
    known, line = "、".join((*LON_HEADERS[:4], *LAT_HEADERS[:4])), columns_line({LON_HEADERS[0]: "…", LAT_HEADERS[0]: "…"})
    raise InputError(fault("E230", file=table.file, sheet=table.sheet, known=known, present=present, line=line))


def has_coordinates(table: RawTable, columns: Mapping[str, str]) -> bool:
    """Whether a table has coordinate columns."""
    try:
        coordinate_columns(table, columns)
    except InputError:
        return False
    return True


_DMS = re.compile(
    r"""^(?P<h1>[nsew东西南北])?\s*(?P<d>\d{1,3})\s*[°度:\s-]\s*(?P<m>\d{1,2}(?:\.\d+)?)\s*(?:['′分:\s-]\s*(?:(?P<s>\d{1,2}(?:\.\d+)?)\s*(?:''|"|″|′′|秒)?)?)?\s*(?P<h2>[nsew东西南北])?[经纬]?$"""
)
_PLAIN = re.compile(r"^(?P<h1>[nsew东西南北][经纬]?)?\s*(?P<n>[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?)\s*[°度]?\s*(?P<h2>[nsew东西南北])?$")
_MINUTES = 60.0
_LONGEST = 100  # characters; no coordinate is longer, and patterns must not try


def parse_coordinate(text: str) -> float | None:
    """
    Understand a coordinate: degrees (decimal, or degrees-minutes-seconds, with or without a hemisphere) or metres.

    None when it cannot be understood; NaN and infinite values are returned as such.
    """
    if len(text) > _LONGEST:
        return None
    plain = (
        unicodedata.normalize("NFKC", re.sub("[º˚]", "°", text))
        .strip()
        .lower()
        .replace("经", "")
        .replace("纬", "")
        .replace("“", '"')
        .replace("”", '"')
        .replace("’", "'")
    )
    plain = plain.replace("，", ",")
    if plain in {"nan", "inf", "-inf", "infinity", "-infinity"}:
        return float(plain)
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    elif re.fullmatch(r"[-+]?\d{1,3},\d{4,}", plain):  # a decimal comma: thousands stand in threes
        plain = plain.replace(",", ".")
    if found := _PLAIN.match(plain):
        value = float(found["n"])
    elif found := _DMS.match(plain):
        minutes, seconds = float(found["m"]), float(found["s"] or 0)
        if minutes >= _MINUTES or seconds >= _MINUTES:
            return None
        value = float(found["d"]) + minutes / 60 + seconds / 3600
    else:
        return None
    return -value if (found["h1"] or found["h2"] or "")[:1] in {"s", "w", "南", "西"} else value


def locate(table: RawTable, *, datum: str, columns: Mapping[str, str], extent: Extent | None) -> Located:
    """
    Place the rows of a table.

    Parameters
    ----------
    table
        Cells as text.
    datum
        Declared datum of the source.
    columns
        The source's own mapping (keys ``lon`` and ``lat``).
    extent
        Where the city is, for the swap test and for sites outside; None = unknown, only impossible values are found.

    Returns
    -------
    located
        Never a guess: a swapped row is named, not mended.

    Raises
    ------
    InputError
        E211, E230, E239.
    """
    pair, said = _in_order(table, coordinate_columns(table, columns))
    degrees = datums.is_degrees(datum)
    x, y, faults, bad, tidied = _read(table, pair)
    faults += said
    systems = _systems(table, datum, faults, bad)
    stops = []
    for system in dict.fromkeys(systems):
        here = np.array([s == system for s in systems])
        parts = np.where(here, x, np.nan), np.where(here, y, np.nan)
        stops += _wrong_kind(table, pair, *parts, system, degrees=datums.is_degrees(system), extent=extent)
    if stops:
        nothing = np.full(len(x), np.nan)
        return Located(nothing, nothing.copy(), bad, faults, stops)
    lon, lat = _converted(x, y, systems)
    other_lon, other_lat = _converted(y, x, systems)
    given = ~np.isnan(x) & ~bad
    judged = _judge(table, pair, (lon, lat), (other_lon, other_lat), given, extent=extent, degrees=degrees, datum=datum, raw=(x, y))
    bad = bad | judged.bad
    lon, lat = np.where(bad, np.nan, judged.lon), np.where(bad, np.nan, judged.lat)
    faults += judged.faults + _remarks(table, pair, lon, lat, datum, degrees=degrees, tidied=tidied)
    return Located(lon, lat, bad, faults, judged.stops)


def _in_order(table: RawTable, pair: Pair) -> tuple[Pair, list[Fault]]:
    """Which of two numbers in one column comes first, and what is said where the values alone tell it."""
    if pair.lon != pair.lat:
        return pair, []
    column = table.columns[pair.lon]
    first, by_values = one_column.latitude_first(column.name, (cells[pair.lon] for cells in table.rows), parse_coordinate)
    if not first:
        return pair, []
    told = fault("I218", file=table.file, sheet=table.sheet, column=column.name, letter=column.letter or None)
    return replace(pair, latitude_first=True), [told] if by_values else []


def _systems(table: RawTable, datum: str, faults: list[Fault], bad: NDArray[np.bool_]) -> list[str]:
    """The datum of each row: what a column of its own says, else the source's."""
    position = next(iter(find(table.headers, SYSTEM_WORDS)), None)
    systems = [datum] * len(table.rows)
    if position is None:
        return systems
    for row, cells in enumerate(table.rows):
        if cells[position].lower() in NOTHING:
            continue
        if (named := datums.named(cells[position])) is None:
            bad[row] = True
            faults.append(table.at("E246", row, position))
        else:
            systems[row] = named
    counts = Counter(systems)
    if set(counts) != {datum}:
        column = table.columns[position]
        told = "、".join(f"{system} {count} 行" for system, count in counts.items())
        faults.append(fault("I211", file=table.file, sheet=table.sheet, column=column.name, letter=column.letter or None, systems=told))
    return systems


def _converted(x: Floats, y: Floats, systems: list[str]) -> tuple[Floats, Floats]:
    lon, lat = np.full(len(x), np.nan), np.full(len(x), np.nan)
    for system in dict.fromkeys(systems):
        here = np.array([s == system for s in systems])
        lon[here], lat[here] = datums.convert(x[here], y[here], source=system, target="wgs84")
    return lon, lat


def check_positions(table: RawTable, lon: Floats, lat: Floats, *, extent: Extent | None, datum: str) -> Located:
    """Make the same tests for positions (WGS84 degrees, NaN = none) that a GIS file gave."""
    return _judge(table, None, (lon, lat), (lat, lon), ~np.isnan(lon), extent=extent, degrees=True, datum=datum)


def _read(table: RawTable, pair: Pair) -> tuple[Floats, Floats, list[Fault], NDArray[np.bool_], int]:
    count = len(table.rows)
    x, y = np.full(count, np.nan), np.full(count, np.nan)
    bad = np.zeros(count, dtype=bool)
    faults: list[Fault] = []
    tidied = 0
    for row, cells in enumerate(table.rows):
        texts = _texts(cells, pair)
        broken = [p for p in dict.fromkeys((pair.lon, pair.lat)) if (table.numbers[row], p) in table.broken]
        if broken:
            bad[row] = True
            faults += [table.at("E214" if table.broken[table.numbers[row], p] == "formula" else "E215", row, p) for p in broken]
            continue
        empty = [unicodedata.normalize("NFKC", t).strip().lower() in NOTHING - {"nan"} for t in texts]
        if all(empty):
            faults.append(table.at("W233", row, pair.lon, state="空着", state_en="empty"))
            continue
        if any(empty):
            both = any(one_column.split(t) for t in texts)  # typed into one cell, the other left empty
            state, state_en = ("两个数写在一格里，请分开填", "both numbers in one cell, to be parted") if both else ("只有一个数", "only one of two")
            faults.append(table.at("W233", row, pair.lon if empty[0] else pair.lat, state=state, state_en=state_en))
            continue
        numbers = [parse_coordinate(t) for t in texts]
        unreadable = [p for p, n in zip((pair.lon, pair.lat), numbers, strict=True) if n is None]
        if unreadable:
            bad[row] = True
            faults += [table.at("E231", row, p) for p in dict.fromkeys(unreadable)]
        elif any(not math.isfinite(n) for n in numbers if n is not None):
            bad[row] = True
            faults.append(table.at("E232", row, pair.lon, axis="坐标", axis_en="the coordinate", low="-180", high="180"))
        elif tuple(numbers) in _PLACEHOLDERS or min(abs(n or 0) for n in numbers) == 0 or set(numbers) == {999999.0}:
            faults.append(table.at("W233", row, pair.lon, state="占位的数", state_en="a placeholder"))
        else:
            x[row], y[row] = float(numbers[0] or 0), float(numbers[1] or 0)
            tidied += any(not re.fullmatch(r"[-+]?\d+(\.\d+)?", t) for t in texts)
    return x, y, faults, bad, tidied


def _texts(cells: Sequence[str], pair: Pair) -> tuple[str, str]:
    if pair.lon != pair.lat:
        return cells[pair.lon], cells[pair.lat]
    one, other = one_column.split(cells[pair.lon]) or (cells[pair.lon], cells[pair.lon])
    return (other, one) if pair.latitude_first else (one, other)


def _wrong_kind(table: RawTable, pair: Pair, x: Floats, y: Floats, datum: str, *, degrees: bool, extent: Extent | None) -> list[Fault]:
    """Metres where degrees are declared, and zone prefixes that do not fit the declared zone."""
    given = np.flatnonzero(~np.isnan(x))
    if not len(given):
        return []
    first = int(given[0])
    easting, northing = float(np.median(x[given])), float(np.median(y[given]))
    facts = {"lon": f"{x[first]:.10g}", "lat": f"{y[first]:.10g}", "datum": datum}
    if degrees:
        metric = (np.abs(x[given]) > _MAX_DEGREES) & (np.abs(y[given]) > _MAX_DEGREES)
        if metric.mean() <= 0.5:
            return []
        zh, en = _metre_hint(easting, northing, extent)
        return [table.at("E236", first, pair.lon, hint=zh, hint_en=en, **facts)]
    if datums.local_grid(datum) is not None:
        return []
    number = int(datum.removeprefix("EPSG:"))
    if 4534 <= number <= 4554 and easting >= 1e7:
        zone = int(easting // 1e6)
        if not 25 <= zone <= 45:
            zh, en = _metre_hint(easting, northing, extent)
            return [table.at("E237", first, pair.lon, hint=zh, hint_en=en, **facts)]
        wanted = datums.zone(zone).with_prefix
    elif 4513 <= number <= 4533 and easting < 1e7 and northing < 1e7:
        wanted = datums.zone(number - 4513 + 25).without_prefix
    else:
        return []
    zh, en = f'改为 datum = "{wanted}"，或核对坐标', f'write datum = "{wanted}", or check the coordinates'
    return [table.at("E237", first, pair.lon, hint=zh, hint_en=en, **facts)]


def _metre_hint(easting: float, northing: float, extent: Extent | None) -> tuple[str, str]:
    if extent is not None and (hint := _plain_slip(easting, northing, extent)) is not None:
        return hint
    if northing >= 1e7 > easting:
        zh, en = _metre_hint(northing, easting, extent)
        return f"横、纵坐标好像也写反了；{zh}", f"easting and northing seem to be swapped as well; {en}"
    zone = int(easting // 1e6)
    if 25 <= zone <= 45:
        code, why, why_en = datums.zone(zone).with_prefix, f"横坐标带 3 度带带号 {zone}", f"the easting carries the 3-degree zone {zone}"
    elif 13 <= zone <= 23:
        code, why, why_en = f"EPSG:{4491 + zone - 13}", f"横坐标带 6 度带带号 {zone}", f"the easting carries the 6-degree zone {zone}"
    elif extent is not None:
        west, _, east, _ = _bounds(extent)
        guess = min(max(round((west + east) / 6), 25), 45)
        code, why, why_en = datums.zone(guess).without_prefix, f"城市在 3 度带 {guess} 带（中央经线 {guess * 3}°）", f"the city lies in 3-degree zone {guess}"
    else:
        return '问清坐标系和中央经线，在 cfmap.toml 里写 datum = "EPSG:…"', 'ask for the CRS and central meridian and write datum = "EPSG:…"'
    return f'{why}；如果是 CGCS2000，写 datum = "{code}"', f'{why_en}; if this is CGCS2000, write datum = "{code}"'


def _plain_slip(x: float, y: float, extent: Extent) -> tuple[str, str] | None:
    """Numbers that fall into the city when a lost decimal point is put back, or as Web Mercator."""
    for factor in (1e5, 1e6, 1e7):
        if _is_inside(x / factor, y / factor, extent):
            return f"好像丢了小数点：除以 {factor:.0f} 就在城市范围内", f"a lost decimal point: divided by {factor:.0f} they lie in the city"
    if _share_inside(np.array([x]), np.array([y]), "EPSG:3857", extent) > 0:
        return '是网络墨卡托（Web Mercator）坐标，写 datum = "EPSG:3857"', 'these are Web Mercator metres: write datum = "EPSG:3857"'
    return None


def _is_inside(lon: float, lat: float, extent: Extent) -> bool:
    return math.isfinite(lon) and math.isfinite(lat) and abs(lat) <= 90 and bool(_km_outside(np.array([lon]), np.array([lat]), extent)[0] == 0)


def zone_hint(x: Floats, y: Floats, datum: str, extent: Extent | None) -> tuple[str, str]:
    """Which CGCS2000 zone would bring metric coordinates into the city, as words; the plain advice when none or not exactly one would."""
    plain = f"核对 cfmap.toml 这个来源的 datum（现在是 {datum}）", f"check datum of this source in cfmap.toml (now {datum})"
    given = np.isfinite(x) & np.isfinite(y)
    if extent is None or not given.any() or datums.is_degrees(datum) or datums.local_grid(datum) is not None:
        return plain
    x, y = x[given], y[given]
    if float(np.median(np.abs(x))) < _FALSE_EASTING and _share_inside(x + _FALSE_EASTING, y, datum, extent) > _FITS:
        return "横坐标好像少了 500000 米（假东）：加上就在城市范围内", "the false easting of 500,000 m is missing: with it the sites lie in the city"
    fitting = [code for code in _ZONES if code != datum and _share_inside(x, y, code, extent) > _FITS]
    if len(fitting) != 1:
        return plain
    code = fitting[0]
    number = int(code.removeprefix("EPSG:"))
    six = number < 4513
    meridian, width = ((number - 4491 + 13) * 6 - 3, 6) if six else (((number - 4513) % 21 + 25) * 3, 3)
    zh = f'按 {width} 度带、中央经线 {meridian}° 换算正好落在城市范围内：改为 datum = "{code}"（现在是 {datum}）'
    return zh, f'in the {width}-degree zone with meridian {meridian}° they lie in the city: write datum = "{code}" (now {datum})'


_FALSE_EASTING, _FITS = 500_000.0, 0.9
#: A 6-degree zone without prefix has the meridian of a 3-degree one and is the same there.
_ZONES = tuple(f"EPSG:{n}" for n in (*range(4534, 4555), *range(4513, 4534), *range(4491, 4502)))


def _share_inside(x: Floats, y: Floats, code: str, extent: Extent) -> float:
    lon, lat = datums.convert(x, y, source=code, target="wgs84")
    fine = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lat) <= 90)
    return float((_km_outside(lon[fine], lat[fine], extent) == 0).sum()) / len(x) if fine.any() else 0.0


def _judge(
    table: RawTable,
    pair: Pair | None,
    here: tuple[Floats, Floats],
    swapped: tuple[Floats, Floats],
    given: NDArray[np.bool_],
    *,
    extent: Extent | None,
    degrees: bool,
    datum: str,
    raw: tuple[Floats, Floats] | None = None,
) -> Located:
    lon, lat = here
    on_earth = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    other = np.isfinite(swapped[0]) & np.isfinite(swapped[1]) & (np.abs(swapped[0]) <= 180) & (np.abs(swapped[1]) <= 90)
    away = np.where(on_earth, _km_outside(lon, lat, extent), np.inf)
    away_swapped = np.where(other, _km_outside(*swapped, extent), np.inf)
    is_swapped = given & (away > 0) & (away_swapped == 0) if extent is not None else given & ~on_earth & other
    impossible = given & ~on_earth & ~is_swapped
    outside = given & on_earth & (away > 0) & ~is_swapped
    faults = []
    for r in np.flatnonzero(is_swapped):
        given_place = (("given", float(lon[r]), float(lat[r])),) if on_earth[r] else ()
        faults.append(_swap_fault(table, pair, int(r), extent, degrees=degrees).at(*given_place, ("swapped", float(swapped[0][r]), float(swapped[1][r]))))
    for r in np.flatnonzero(impossible):
        wide = not abs(lat[r]) > 90
        axis = ("经度", "longitude", "-180", "180") if wide else ("纬度", "latitude", "-90", "90")
        position = None if pair is None else pair.lon if wide else pair.lat
        faults.append(table.at("E232", int(r), position, axis=axis[0], axis_en=axis[1], low=axis[2], high=axis[3]))
    located = int((given & on_earth & ~is_swapped).sum())
    stops: list[Fault] = []
    if extent is not None and outside.any():
        west, south, east, north = _bounds(extent)
        ranges = {"lon": f"{west:.3f}–{east:.3f}", "lat": f"{south:.3f}–{north:.3f}"}
        column = pair.lon if pair else None
        for r in np.flatnonzero(outside):
            record = table.at("W235" if away[r] > FAR_KM else "W234", int(r), column, km=f"{away[r]:.1f}", **ranges)
            faults.append(record.at(("given", float(lon[r]), float(lat[r]))))
        count = int(outside.sum())
        if count == located or (count > 1 and count > MAX_OUTSIDE_SHARE * located):
            rows = "、".join(str(table.numbers[r]) for r in np.flatnonzero(outside)[:5])
            hint, hint_en = zone_hint(*raw, datum, extent) if raw is not None and count == located else zone_hint(lon[:0], lat[:0], datum, extent)
            facts: dict[str, Any] = {"outside": count, "located": located, "share": f"{count / located:.0%}", "rows": rows, "hint": hint, "hint_en": hint_en}
            stops.append(fault("E235", file=table.file, sheet=table.sheet, **facts))
    unplaced = is_swapped | impossible | (outside & (away > FAR_KM))
    return Located(np.where(unplaced, np.nan, lon), np.where(unplaced, np.nan, lat), is_swapped | impossible, faults, stops)


def _swap_fault(table: RawTable, pair: Pair | None, row: int, extent: Extent | None, *, degrees: bool) -> Fault:
    west, south, east, north = _bounds(extent) if extent is not None else (-180.0, -90.0, 180.0, 90.0)
    facts: dict[str, Any] = {"cells": "x、y", "cells_en": "x and y"} | _turned("x", "y")
    if pair is not None:
        number, a, b = table.numbers[row], table.columns[pair.lon], table.columns[pair.lat]
        if pair.lon == pair.lat:
            order, order_en = ("经度,纬度", "经度,纬度 (longitude first)") if pair.latitude_first else ("纬度,经度", "纬度,经度 (latitude first)")
            facts = {"cells": f"{a.letter}{number} 里的两个数", "cells_en": f"the two numbers in {a.letter}{number}"}
            facts |= {"whole": f"把列名改成“{order}”", "whole_en": f"call the column {order_en}"}
        else:
            facts = {"cells": f"{a.letter}{number} 和 {b.letter}{number}", "cells_en": f"{a.letter}{number} and {b.letter}{number}"} | _turned(a.name, b.name)
    if degrees:
        facts |= {"lon": f"{west:.4g}–{east:.4g}" if extent is None else f"{west:.2f}–{east:.2f}", "lat": f"{south:.2f}–{north:.2f}"}
    return table.at("E203" if degrees else "E238", row, pair.lon if pair else None, **facts)


def _turned(lon: str, lat: str) -> dict[str, str]:
    """What to write where a whole column is swapped."""
    line = f'columns = {{ lon = "{lat}", lat = "{lon}" }}'
    return {"whole": f"不用动表，在 cfmap.toml 这个来源里写 {line}", "whole_en": f"leave the table and write {line} for this source in cfmap.toml"}


def _bounds(extent: Extent) -> tuple[float, float, float, float]:
    west, south, east, north = extent if isinstance(extent, tuple) else extent.bounds
    return float(west), float(south), float(east), float(north)


def _km_outside(lon: Floats, lat: Floats, extent: Extent | None) -> Floats:
    """Kilometres outside the extent (degrees as a sphere's, good enough to tell 1 from 50); 0 inside and near it."""
    if extent is None:
        return np.zeros(len(lon))
    west, south, east, north = _bounds(extent)
    dx = np.fmax(np.fmax(west - lon, lon - east), 0.0)
    dy = np.fmax(np.fmax(south - lat, lat - north), 0.0)
    degrees = np.hypot(np.fmin(dx, 1e6) * math.cos(math.radians((south + north) / 2)), np.fmin(dy, 1e6))  # any number may stand in a file
    if not isinstance(extent, tuple):
        import shapely

        near = np.isfinite(lon) & np.isfinite(lat) & (degrees < 1.0)
        degrees[near] = shapely.distance(extent, shapely.points(lon[near], lat[near]))
    return np.where(degrees > OUTSIDE_TOLERANCE_DEG, degrees * _KM_PER_DEGREE, 0.0)


def _remarks(table: RawTable, pair: Pair, lon: Floats, lat: Floats, datum: str, *, degrees: bool, tidied: int) -> list[Fault]:
    faults = []
    here = np.flatnonzero(~np.isnan(lon))
    file, sheet, header, letter = table.file, table.sheet, table.headers[pair.lon], table.columns[pair.lon].letter or None
    if tidied:
        faults.append(fault("I208", file=file, sheet=sheet, column=header, letter=letter, count=tidied))
    if degrees and len(here):
        few = sum(max(_decimals(t) for t in _texts(table.rows[r], pair)) < FEW_DECIMALS for r in here)
        if few > FEW_DECIMALS_SHARE * len(here):
            faults.append(fault("W242", file=file, sheet=sheet, column=header, letter=letter, share=f"{few / len(here):.0%}"))
    places: dict[tuple[float, float], list[int]] = {}
    for r in here:
        places.setdefault((float(lon[r]), float(lat[r])), []).append(int(r))
    faults += [table.at("W243", rows[0], pair.lon, count=len(rows)) for rows in places.values() if len(rows) >= SAME_PLACE]
    if (grid := _grid_steps(lon[here], lat[here])) is not None:
        faults.append(fault("W248", file=file, sheet=sheet, column=header, letter=letter, count=len(here), columns=grid[0], rows=grid[1]))
    faults += doubts(datum, file=file, sheet=sheet)
    if datum == "cgcs2000":
        faults.append(fault("I209", file=file, sheet=sheet))
    return faults


def _grid_steps(lon: Floats, lat: Floats) -> tuple[int, int] | None:
    """How many columns and rows a regular grid has that all places stand on; None when they do not."""
    if len(lon) < GRID_FROM:
        return None
    axes = [np.unique(np.round(values, 5)) for values in (lon, lat)]
    if any(len(axis) < 2 or len(axis) > len(lon) / 2 for axis in axes):
        return None
    for axis in axes:
        gaps = np.diff(axis)
        steps = gaps / gaps.min()
        if gaps.min() < GRID_STEP_DEG or np.abs(steps - np.round(steps)).max() > GRID_TOLERANCE:
            return None
    return len(axes[0]), len(axes[1])


def doubts(datum: str, *, file: str, sheet: str | None = None) -> list[Fault]:
    """W245 for a CRS that becomes WGS84 only roughly."""
    off = datums.doubt(datum)
    if off is None:
        return []
    zh, en = ("未知", "nobody knows how many metres") if math.isinf(off) else (f"约 {off:.0f} 米", f"about {off:.0f} m")
    return [fault("W245", file=file, sheet=sheet, datum=datum[:60], accuracy=zh, accuracy_en=en)]


def _decimals(text: str) -> int:
    plain = unicodedata.normalize("NFKC", re.sub("[º˚]", "°", text)).replace(",", ".").strip()
    if re.search(r"[°度′'分:]|\d[\s-]+\d", plain.rstrip("°度 ")):
        return FEW_DECIMALS  # degrees-minutes-seconds: not decimals
    return len(re.sub(r"\D+$", "", plain).partition(".")[2])
