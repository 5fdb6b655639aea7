"""Which places does a plain table or GIS file name, for a question asked without a city project?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cfmap.intake.coordinates import check_positions, locate
from cfmap.intake.geofile import SUFFIXES as GIS_SUFFIXES
from cfmap.intake.headers import find
from cfmap.intake.reader import read_geofile, read_table
from cfmap.model.errors import InputError
from cfmap.model.messages import fault
from cfmap.model.schema import LAT_HEADERS, LON_HEADERS, SITE_FIELDS

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from cfmap.intake.table import RawTable
    from cfmap.model.messages import Fault

MAX_BAD_SHARE = 0.05  # as ``publish.max_bad_share``: more bad rows than this and nothing is computed
ID_HEADERS = next((f.key, f.title, *f.synonyms) for f in SITE_FIELDS if f.key == "id")


def read_points(path: Path, *, datum: str = "wgs84") -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """
    Read places from a table with ``id, lon, lat`` or from a GIS file.

    Parameters
    ----------
    path
        CSV, XLSX, XLS, GeoJSON, GPKG or SHP.
    datum
        Datum of the coordinates.

    Returns
    -------
    points, faults
        GeoDataFrame in EPSG:4326, RangeIndex, `id` as text first (row numbers where the file has no such column), other
        columns as text, points of a table or the file's own geometries; rows that cannot be placed are left out and
        told in `faults`.

    Raises
    ------
    InputError
        The file cannot be used, ids are double, or more than 5 % of its rows cannot be placed.
    """
    places = read_places(path, datum=datum)
    lost = len(places.unlocated) + places.bad
    if lost > MAX_BAD_SHARE * (len(places.points) + lost):
        raise InputError(places.faults)
    return places.points, places.faults


@dataclass(frozen=True)
class Places:
    """
    Rows of a file by what is known of their place.

    Attributes
    ----------
    points
        As :func:`read_points`.
    unlocated
        Rows without coordinates, same columns without geometry.
    bad
        Rows whose coordinates cannot be.
    faults
        What was found.
    """

    points: gpd.GeoDataFrame
    unlocated: pd.DataFrame
    bad: int
    faults: list[Fault]


def read_places(path: Path, *, datum: str = "wgs84") -> Places:
    """
    As :func:`read_points`, with the rows that have no coordinates kept apart.

    Raises
    ------
    InputError
        The file cannot be used, ids are double, or more than 5 % of its rows have coordinates that cannot be.
    """
    import geopandas as gpd
    import pandas as pd

    is_gis = path.suffix.lower() in GIS_SUFFIXES
    table = read_geofile(path, datum=datum) if is_gis else read_table(path, known_headers=(*ID_HEADERS, *LON_HEADERS, *LAT_HEADERS))
    keep, geometry, bad, faults = _places(table, datum)
    id_column = next(iter(find(table.headers, ID_HEADERS)), None)
    ids = [row[id_column] if id_column is not None and row[id_column] else str(number) for row, number in zip(table.rows, table.numbers, strict=True)]
    faults += [table.at("E221", row, id_column, first=_row(table, ids.index(ids[row]))) for row in keep if ids.index(ids[row]) != row]
    errors = [f for f in faults if f.level == "error"]
    if any(f.code == "E221" for f in errors) or len(bad) > MAX_BAD_SHARE * len(table.rows):
        raise InputError(faults)
    names = [c.name for c in table.columns]

    def cells(rows: list[int]) -> dict[str, Any]:
        frame = pd.DataFrame([table.rows[row] for row in rows], columns=names, dtype="object")
        others = {name: frame.iloc[:, k] for k, name in enumerate(names) if name and name != "geometry" and k != id_column and name != "id"}
        return {"id": [ids[row] for row in rows], **others}

    unlocated = pd.DataFrame(cells(sorted(set(range(len(table.rows))) - set(keep) - bad)))
    return Places(gpd.GeoDataFrame(cells(keep), geometry=geometry, crs="EPSG:4326"), unlocated, len(bad), faults)


def _places(table: RawTable, datum: str) -> tuple[list[int], gpd.GeoSeries, set[int], list[Fault]]:
    """Rows that have a place, their geometries, rows whose coordinates cannot be, and what is to be told."""
    import geopandas as gpd

    faults = list(table.faults)
    if table.geometry is not None:
        here = ~(table.geometry.isna() | table.geometry.is_empty).to_numpy()
        faults += [table.at("W233", int(row), state="没有图形", state_en="no geometry") for row in np.flatnonzero(~here)]
        located = check_positions(table, *(np.where(here, c, np.nan) for c in _representative(table.geometry)), extent=None, datum=datum)
        here &= ~located.bad
        geometry = table.geometry[here].reset_index(drop=True)
    else:
        located = locate(table, datum=datum, columns={}, extent=None)
        here = ~np.isnan(located.lon)
        geometry = gpd.GeoSeries.from_xy(located.lon[here], located.lat[here], crs="EPSG:4326")
    faults += located.faults
    if located.stops:
        raise InputError([*located.stops, *faults])
    if not here.any():
        raise InputError([fault("E208", file=table.file, sheet=table.sheet, detail="没有一行有坐标", detail_en="no row has coordinates"), *faults])
    return [int(row) for row in np.flatnonzero(here)], geometry, {int(row) for row in np.flatnonzero(located.bad)}, faults


def _representative(geometry: gpd.GeoSeries) -> tuple[np.ndarray, np.ndarray]:
    points = geometry.representative_point()
    return points.x.to_numpy(), points.y.to_numpy()


def _row(table: RawTable, row: int) -> str:
    return f"{table.file} {table.numbers[row]}"
