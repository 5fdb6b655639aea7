"""Which sites without coordinates have been found by their address: ``data/<year>/geocoded.csv``, beside the departments' tables."""

from __future__ import annotations

import csv
import io
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from cfmap.intake import datum as datums
from cfmap.intake.opening import sha256
from cfmap.model import InputError, InputFile, fault
from cfmap.model.datums import DATUM_PATTERN

if TYPE_CHECKING:
    from pathlib import Path

    from cfmap.model import City, Fault

FILE = "data/{year}/geocoded.csv"
COLUMNS = ("编号", "图层", "名称", "地址", "经度", "纬度", "坐标系", "可信度", "服务", "采用日期")
_LARGEST = 20 * 2**20  # bytes; 100,000 sites have about 12 MB


@dataclass
class Geocoded:
    """
    Positions that somebody has accepted, by the id of the site.

    Attributes
    ----------
    points
        id -> (address, longitude, latitude), WGS84 degrees.
    faults
        About rows that cannot be used.
    file
        For the manifest; None when there is no such file.
    """

    points: dict[str, tuple[str, float, float]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    file: InputFile | None = None

    def of(self, record: dict[str, Any]) -> tuple[float, float] | None:
        """Longitude and latitude of a site without its own; None when it has none here, or another address by now."""
        found = self.points.get(record["id"])
        return found[1:] if found is not None and found[0] == plain(record["address"]) else None


def plain(address: str | None) -> str:
    """Address without spaces, to tell whether it is still the same."""
    return re.sub(r"\s+", "", address or "")


def path_of(city: City, year: int) -> Path:
    """Where the file of an edition is, whether it exists or not."""
    return city.path(FILE, year=year)


def read(city: City, year: int) -> Geocoded:
    """
    Read the positions found for an edition; nothing when there is no file.

    A row that cannot be used is W431 and left out; the file is written by ``cfmap geocode --accept`` and may be mended by hand.

    Raises
    ------
    InputError
        E439 when the file is not such a table at all.
    """
    path = path_of(city, year)
    if not path.is_file():
        return Geocoded()
    name = city.relative(path)
    if path.stat().st_size > _LARGEST:
        raise InputError(fault("E439", file=name, columns="、".join(COLUMNS)))
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        raise InputError(fault("E439", file=name, columns="、".join(COLUMNS))) from None
    if rows and not set(COLUMNS[:7]) <= set(rows[0]):
        raise InputError(fault("E439", file=name, columns="、".join(COLUMNS)))
    known = Geocoded(file=InputFile(name, sha256(path), len(rows)))
    for number, row in enumerate(rows, start=2):
        point = _point(row)
        if point is None:
            value = f"{row['经度']}, {row['纬度']}, {row['坐标系']}"
            known.faults.append(fault("W431", file=name, row=number, value=value))
        else:
            known.points[(row["编号"] or "").strip()] = (plain(row["地址"]), *point)
    return known


def _point(row: dict[str, str]) -> tuple[float, float] | None:
    """WGS84 degrees, or None for what is no position."""
    try:
        lon, lat = float(row["经度"]), float(row["纬度"])
    except (TypeError, ValueError):
        return None
    datum = (row["坐标系"] or "").strip()
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90 and re.fullmatch(DATUM_PATTERN, datum)):
        return None
    x, y = datums.convert(np.array([lon]), np.array([lat]), source=datum, target="wgs84")
    return (float(x[0]), float(y[0])) if np.isfinite([x[0], y[0]]).all() else None
