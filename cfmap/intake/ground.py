"""Where is water, where is green, in the bureau's own files?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd

from cfmap.intake.geometries import MAX_AREA_CHANGE, TYPE_TITLES, mend
from cfmap.intake.reader import read_geofile
from cfmap.model.errors import InputError
from cfmap.model.messages import Fault, fault

if TYPE_CHECKING:
    from cfmap.model.city import City

TITLES = {"water": ("水面", "water"), "green": ("绿地", "green")}


def read_ground(kind: str, city: City, *, year: int) -> tuple[gpd.GeoDataFrame, tuple[Fault, ...]]:
    """
    Read the areas that ``[basemap]`` names for one kind of ground.

    Parameters
    ----------
    kind
        ``water`` or ``green``.
    year
        Of the edition, for ``{year}`` in the path.

    Returns
    -------
    areas, faults
        GeoDataFrame EPSG:4326, RangeIndex, ``kind, geometry`` (Polygon or MultiPolygon, valid); features that are not areas (E253)
        or that mending would change by more than 1 % (E251) are left out and told.

    Raises
    ------
    InputError, SafetyRefusal
        As :func:`cfmap.intake.geofile.read_geofile`; E216 when more than ``publish.max_bad_share`` of the features are bad.
    """
    section = city.basemap
    path = city.path(getattr(section, kind), year=year)
    file = city.relative(path)
    raw = read_geofile(path, datum=section.datum if "datum" in section.model_fields_set else None, file=file)
    expected, expected_en = TYPE_TITLES["Polygon"]
    faults: list[Fault] = list(raw.faults)
    shapes, bad = [], 0
    for i, shape in enumerate(raw.geometry if raw.geometry is not None else ()):
        mended = mend(shape) if shape is not None and "Polygon" in shape.geom_type else None
        if mended is not None and mended.change <= MAX_AREA_CHANGE:
            shapes.append(mended.geometry)
            continue
        bad += 1
        if mended is not None:
            faults.append(raw.at("E251", i, change=f"{mended.change:.0%}", detail=mended.reason))
        else:
            faults.append(raw.at("E253", i, expected=expected, expected_en=expected_en, actual="—" if shape is None else shape.geom_type))
    limit = city.publish.max_bad_share
    if bad > limit * len(raw.rows):
        title, title_en = TITLES[kind]
        raise InputError([fault("E216", file=file, layer=title, layer_en=title_en, bad=bad, rows=len(raw.rows), limit=f"{limit:.0%}"), *faults])
    return gpd.GeoDataFrame({"kind": [kind] * len(shapes)}, geometry=shapes, crs="EPSG:4326"), tuple(faults)
