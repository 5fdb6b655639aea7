"""How does a table look on the map, without a city project? For an analyst's own eyes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cfmap.model.errors import InputError
from cfmap.model.messages import fault

if TYPE_CHECKING:
    import geopandas as gpd

    from cfmap.model.edition import Basemap, Edition, LayerData
    from cfmap.model.layer import Geometry, Layer
    from cfmap.network import Network
    from cfmap.publish.web.cfmap_map import CfMap

COLOURS = ("#1f5fbf", "#b3261e", "#2e7d32", "#6a3fa0", "#8a5300", "#00696f")  # 4.5:1 against white, one layer after the other
NAMES = ("name", "名称", "NAME", "Name", "设施名称", "单位名称", "title")  # columns that name a place
OSM = "© OpenStreetMap contributors, ODbL"


def show(
    sites: gpd.GeoDataFrame | gpd.GeoSeries | Mapping[str, gpd.GeoDataFrame | gpd.GeoSeries],
    *,
    title: str = "",
    name: str | None = None,
    network: Network | None = None,
    boundary: gpd.GeoDataFrame | None = None,
    attribution: str = OSM,
    year: int | None = None,
) -> CfMap:
    """
    Places as a map: a ``folium.Map`` that a notebook displays, that takes folium's layers, and that saves as one page that works offline.

    Parameters
    ----------
    sites
        Places with a CRS, of any geometry; or several such tables by title. Every column is shown on a place's card, so that
        the map is an internal one and says so; a table of :func:`cfmap.sites` keeps its layer's picture and titles.
    title
        Heading of the page.
    name
        Column that names the places; by default the first of ``name``, ``名称`` … that is there, else their index.
    network
        Streets to draw as background; none without it.
    boundary
        Outline to draw, with a CRS.
    attribution
        Whose streets they are; shown with `network`.
    year
        Year in the heading; this one by default.

    Returns
    -------
    map
        Rows without a geometry are listed without a place. ``.save(path)`` writes the page.

    Raises
    ------
    InputError
        No CRS, or no such column (E554).

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> places = gpd.GeoDataFrame({"name": ["东山公园"]}, geometry=[Point(120.6, 27.8)], crs=4326)
    >>> "东山公园" in show(places, year=2024).html()
    True
    """
    from cfmap.publish.web import build_map

    tables = sites if isinstance(sites, Mapping) else {"": sites}
    layers = dict(_layer(number, heading, table, name) for number, (heading, table) in enumerate(tables.items()))
    return build_map(_edition(layers, title or next(iter(tables), "") or "地图", network, boundary, attribution if network is not None else "", year))


def _edition(
    layers: dict[str, LayerData], title: str, network: Network | None, boundary: gpd.GeoDataFrame | None, attribution: str, year: int | None
) -> Edition:
    from cfmap.model.city import City
    from cfmap.model.edition import Edition
    from cfmap.publish import clock

    city = City.model_validate(
        {"root": ".", "city": {"name": title, "name_en": title}, "edition": {"year": year or clock.now().year}, "network": {"source": "", "attribution": ""}}
    )
    outline = None if boundary is None else _degrees(boundary, "boundary").assign(name="", code="")
    return Edition(
        city=city,
        year=city.edition.year,
        layers=layers,
        coverages=(),
        perimeter=None,
        indicators=(),
        population=None,
        boundary=outline,
        towns=None,
        basemap=_background(network, attribution),
        network_summary={},
        faults=(),
        inputs=(),
        public=False,
    )


def _background(network: Network | None, attribution: str) -> Basemap:
    import geopandas as gpd

    from cfmap.model.edition import Basemap
    from cfmap.network.roads import map_roads_of

    nothing = gpd.GeoDataFrame({"kind": [], "name": [], "rank": []}, geometry=[], crs=4326)
    return Basemap(nothing if network is None else map_roads_of(network), nothing, nothing, attribution)


def _layer(number: int, heading: str, given: gpd.GeoDataFrame | gpd.GeoSeries, name: str | None) -> tuple[str, LayerData]:
    """A table as a layer of the map, with every column that it has."""
    import geopandas as gpd

    from cfmap.model.edition import LayerData
    from cfmap.model.schema import SITE_COLUMNS, SITE_FIELDS

    table = _degrees(given, heading or "sites")
    standard = _standard(table)
    common = {f.key for f in SITE_FIELDS}
    own = [c for c in table.columns if c != table.geometry.name and str(c) not in common]
    layer = _declared(number, heading, table, standard, own)
    rows = pd.DataFrame(index=range(len(table)))
    for key in SITE_COLUMNS:
        rows[key] = table[key].to_numpy() if key in table and key not in ("id", "layer", "name", "status") else pd.Series([None] * len(table), dtype=object)
    rows["id"] = [str(i) for i in table.index]
    rows["layer"] = layer.key
    rows["name"] = _names(table, name)
    rows["status"] = table["status"].fillna("未知").astype(str).to_numpy() if "status" in table else "未知"
    rows["year"] = pd.to_numeric(rows["year"], errors="coerce").round().astype("Int64")
    for field, column in zip(layer.fields, own, strict=True):
        rows[field.key] = _cells(table[column])
    geometry = table.geometry.to_numpy()
    here = ~(table.geometry.isna() | table.geometry.is_empty).to_numpy()
    placed = gpd.GeoDataFrame(rows[here].reset_index(drop=True), geometry=geometry[here], crs=4326)
    return layer.key, LayerData(layer, placed, rows[~here].reset_index(drop=True), gpd.GeoSeries([], crs=4326), rows_read=len(rows))


def _declared(number: int, heading: str, table: gpd.GeoDataFrame, standard: Layer | None, own: list[Any]) -> Layer:
    from dataclasses import replace

    from cfmap.model.layer import Field, Layer

    known = {f.key: f for f in standard.fields} if standard is not None else {}
    fields = tuple(
        replace(known[str(c)], key=f"c{n}", public=True) if str(c) in known else Field(f"c{n}", str(c), str(c), public=True) for n, c in enumerate(own)
    )
    title = heading or (standard.title if standard is not None else "点位")
    title_en = heading or (standard.title_en if standard is not None else "places")
    key = f"table{number}"
    if standard is not None:
        return replace(standard, key=key, title=title, title_en=title_en, fields=fields, coverage=None, path="")
    return Layer(key, title, title_en, icon="dot", colour=COLOURS[number % len(COLOURS)], geometry=_kind(table), group="place", fields=fields)


def _standard(table: gpd.GeoDataFrame) -> Layer | None:
    """The standard layer that all rows say they belong to."""
    from cfmap.model.layers import standard_layers

    said = set(table["layer"].dropna().astype(str)) if "layer" in table else set()
    return standard_layers().get(said.pop()) if len(said) == 1 else None


def _kind(table: gpd.GeoDataFrame) -> Geometry:
    kinds = " ".join(map(str, table.geometry.geom_type.dropna().unique()))
    return "Point" if "Point" in kinds or not kinds else "LineString" if "Line" in kinds else "Polygon"


def _names(table: gpd.GeoDataFrame, name: str | None) -> list[str]:
    if name is not None and name not in table:
        raise InputError(fault("E554", detail=f"没有“{name}”这一列", detail_en=f"it has no column “{name}”"))
    column = name if name is not None else next((c for c in NAMES if c in table), None)
    if column is None:
        return [str(i) for i in table.index]
    return [str(i) if pd.isna(v) or not str(v).strip() else str(v) for i, v in zip(table.index, table[column], strict=True)]


def _cells(column: pd.Series) -> list[Any]:
    """Values as a card can show them: numbers and texts as they are, anything else as text."""
    plain = (str, bool, int, float, np.integer, np.floating, np.bool_, list, tuple, set, np.ndarray)
    return [v if isinstance(v, plain) else None if v is None or pd.isna(v) else str(v) for v in column]


def _degrees(given: gpd.GeoDataFrame | gpd.GeoSeries, what: str) -> gpd.GeoDataFrame:
    """In EPSG:4326, flat, with bundles of points and mixed bundles taken apart."""
    import geopandas as gpd
    import shapely

    if not isinstance(given, (gpd.GeoDataFrame, gpd.GeoSeries)):
        raise InputError(fault("E554", detail=f"{what} 不是 GeoDataFrame", detail_en=f"{what} is no GeoDataFrame"))
    if given.crs is None:
        raise InputError(fault("E554", detail=f"{what} 没有坐标系", detail_en=f"{what} has no CRS"))
    table = given.to_frame("geometry") if isinstance(given, gpd.GeoSeries) else given
    table = table.to_crs(4326)
    table = table.set_geometry(shapely.force_2d(table.geometry.to_numpy()), crs=4326)
    bundled = table.geometry.geom_type.isin(["MultiPoint", "GeometryCollection"])
    if bundled.any():
        table = pd.concat([table[~bundled], table[bundled].explode()])
    return table
