"""Where are the borders: the outline of the city or of its towns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd

from cfmap.intake.geometries import MAX_AREA_CHANGE, TYPE_TITLES, mend
from cfmap.intake.headers import find
from cfmap.intake.reader import read_geofile
from cfmap.model.errors import InputError
from cfmap.model.messages import Fault, fault

if TYPE_CHECKING:
    from pathlib import Path

    from cfmap.model.city import City

NAME_HEADERS = ("name", "名称", "乡镇街道", "街道", "乡镇", "镇街", "town", "行政区", "XZQMC", "NAME", "地区")
CODE_HEADERS = ("code", "代码", "编码", "adcode", "区划代码", "gb", "XZQDM", "id")


def read_outline(path: Path, *, datum: str, city: City | None = None) -> gpd.GeoDataFrame:
    """
    Read outlines.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage or shapefile of areas.
    datum
        Declared datum.
    city
        Makes the file's name in messages relative to the project; a single outline without a name gets the city's.

    Returns
    -------
    outlines
        GeoDataFrame EPSG:4326, RangeIndex, ``name, code, geometry`` (Polygon or MultiPolygon, valid).

    Raises
    ------
    InputError
        As :func:`cfmap.intake.geofile.read_geofile`; E251 an outline that mending would change by more than 1 %, E253 not an
        area, E255 no names: all of them together.
    """
    file = city.relative(path) if city is not None else path.name
    raw = read_geofile(path, datum=datum, file=file)
    names, codes = find(raw.headers, NAME_HEADERS), find(raw.headers, CODE_HEADERS)
    faults: list[Fault] = []
    records = []
    expected, expected_en = TYPE_TITLES["Polygon"]
    for i, shape in enumerate(raw.geometry if raw.geometry is not None else ()):
        if shape is None or "Polygon" not in shape.geom_type:
            actual = "—" if shape is None else shape.geom_type
            faults.append(raw.at("E253", i, expected=expected, expected_en=expected_en, actual=actual))
            continue
        mended = mend(shape)
        if mended.change > MAX_AREA_CHANGE:
            faults.append(raw.at("E251", i, change=f"{mended.change:.0%}", detail=mended.reason))
            continue
        name = raw.rows[i][names[0]] if names else ""
        if not name and len(raw.rows) == 1:
            name = city.city.name if city is not None else path.stem
        records.append({"name": name, "code": raw.rows[i][codes[0]] if codes else "", "geometry": mended.geometry})
    nameless = sum(not r["name"] for r in records)
    if nameless:
        faults.append(fault("E255", file=file, count=nameless, known="、".join(NAME_HEADERS[:5])))
    if faults:
        raise InputError(faults)
    return gpd.GeoDataFrame(records, columns=["name", "code", "geometry"], geometry="geometry", crs="EPSG:4326")
