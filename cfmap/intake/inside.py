"""What else do colleagues look at: a bureau's own layers, and sites that are only proposed, for the internal page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd

from cfmap.intake import reader
from cfmap.intake.headers import find
from cfmap.intake.opening import sha256
from cfmap.intake.points import read_points
from cfmap.model.edition import InputFile, Overlay
from cfmap.model.schema import SITE_FIELDS

if TYPE_CHECKING:
    from cfmap.model.city import City, OverlaySection, ScenarioSection
    from cfmap.model.messages import Fault

NAME = next(f for f in SITE_FIELDS if f.key == "name")


def read_overlay(section: OverlaySection, city: City, *, year: int) -> tuple[Overlay, InputFile]:
    """
    Read shapes to be drawn; their attributes are not taken.

    Returns
    -------
    overlay, file
        Shapes in EPSG:4326, rows without one left out.

    Raises
    ------
    InputError, SafetyRefusal, ConfigError
        As :func:`cfmap.intake.geofile.read_geofile`; E104 a path that leads out of the project.
    """
    path = city.path(section.path, year=year)
    file = city.relative(path)
    raw = reader.read_geofile(path, datum=section.datum or None, layer=section.layer, file=file)
    shapes = gpd.GeoSeries([] if raw.geometry is None else raw.geometry, crs="EPSG:4326")
    shapes = shapes[~(shapes.isna() | shapes.is_empty)].reset_index(drop=True)
    overlay = Overlay(section.title, section.title_en or section.title, section.colour, shapes)
    return overlay, InputFile(file, sha256(path), len(raw.rows), section.datum or None)


def read_proposed(section: ScenarioSection, city: City, *, year: int) -> tuple[gpd.GeoDataFrame, list[Fault], InputFile]:
    """
    Read proposed sites: a table with coordinates, or a GIS file.

    Returns
    -------
    sites, faults, file
        GeoDataFrame EPSG:4326 ``id, name, geometry`` (points); the id stands for a missing name; rows that cannot be placed are told.

    Raises
    ------
    InputError, SafetyRefusal, ConfigError
        As :func:`cfmap.intake.points.read_points`; E104 a path that leads out of the project.
    """
    path = city.path(section.path, year=year)
    points, faults = read_points(path, datum=section.datum)
    titles = [str(c) for c in points.columns]
    column = next((titles[n] for n in find(titles, (NAME.key, NAME.title, *NAME.synonyms))), "id")
    names = [str(name).strip() or str(key) for name, key in zip(points[column], points["id"], strict=True)]
    sites = gpd.GeoDataFrame({"id": points["id"].astype(str), "name": names}, geometry=points.geometry.representative_point(), crs="EPSG:4326")
    return sites, faults, InputFile(city.relative(path), sha256(path), len(points), section.datum)
