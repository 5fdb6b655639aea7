"""How does an analyst open it all at once? ``edition.qgz``: a QGIS project over the two packages that lie beside it."""

from __future__ import annotations

import re
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from cfmap.geometry.crs import metric_crs_of, to_plane
from cfmap.model.layer import GROUPS
from cfmap.model.messages import Fault, fault
from cfmap.publish import clock, coverage_package, dictionary, files, hosting, site_package, tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyproj import CRS

    from cfmap.model.edition import Edition

NAME = "edition.qgz"
INSIDE = "edition.qgs"
WRITTEN_FOR = "3.22.0"  # the oldest QGIS it is tried with
MARGIN = 0.05  # of the city's width and height, left free round it
SHAPES = {"POINT": "Point", "LINESTRING": "Line", "POLYGON": "Polygon"}
COVERAGE_TABLES = ("sites", "catchment", "streets")  # in the order in which they lie upon each other
_UNWANTED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML has no such characters
_ELSEWHERE = re.compile(r"^(?:[A-Za-z]:|/|\\|\w+://)|\.\.[\\/]")


@dataclass(frozen=True)
class _Source:
    """A table of a package as it lies there: what QGIS needs to know of it."""

    package: str
    table: str
    title: str
    abstract: str
    shape: str  # empty: a table without geometry
    columns: tuple[str, ...]
    style: str

    def layer(self, title: str, *, aliases: dict[str, str], only: str = "") -> _Shown:
        """Shown in the project under a title, with all rows or those of one coverage."""
        name = f"{self.package.partition('.')[0]}_{self.table}" + (f"_{only}" if only else "")
        where = f"|subset=\"coverage\" = '{only.replace(chr(39), chr(39) * 2)}'" if only else ""
        return _Shown(re.sub(r"\W", "_", name), f"./{self.package}|layername={self.table}{where}", title, self, aliases)


@dataclass(frozen=True)
class _Shown:
    """A layer of the project."""

    id: str
    source: str
    title: str
    of: _Source
    aliases: dict[str, str]


@dataclass(frozen=True)
class _Group:
    """Layers under one heading of the tree; ``checked`` are drawn when the project opens."""

    title: str
    layers: tuple[_Shown, ...]
    checked: bool = True
    groups: tuple[_Group, ...] = ()

    def every(self) -> Iterator[_Shown]:
        """Its layers and those of its groups."""
        yield from self.layers
        for group in self.groups:
            yield from group.every()


def write(edition: Edition, folder: Path) -> list[Path]:
    """
    Write the project over the packages in `folder`, which must be written before.

    Layers stand in the groups of the page, coloured as the packages say in ``layer_styles``, columns under their Chinese titles; each coverage
    is a group of its own, hidden at first. Sources are ``./sites.gpkg`` and ``./coverage.gpkg``; CRS of the map: the edition's metric one.
    """
    text = ET.tostring(_project(edition, _groups(edition, folder)), encoding="unicode")
    document = f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{text}\n"
    return [files.write_bytes(folder / NAME, hosting.zipped({INSIDE: document.encode()}))]


def check(edition: Edition, folder: Path) -> Iterator[Fault]:
    """Read it back: well-formed, every layer of the edition there, every source a table of a package beside it and nowhere else."""
    try:
        with zipfile.ZipFile(folder / NAME) as archive:
            project = ET.fromstring(archive.read(INSIDE))  # noqa: S314 - written by us a moment ago
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, ET.ParseError) as error:
        yield fault("E601", name=NAME, detail=str(error))
        return
    there = {f"./{name}|layername={table}" for name in (site_package.NAME, coverage_package.NAME) for table in _names(folder / name)}
    sources = [e.text or "" for e in project.iterfind("projectlayers/maplayer/datasource")]
    in_tree = [e.get("source", "") for e in project.iter("layer-tree-layer")]
    for source in sources:
        if _ELSEWHERE.search(source) or source.partition("|subset=")[0] not in there:
            yield fault("E601", name=NAME, detail=source)
    if sorted(sources) != sorted(in_tree):
        yield fault("E601", name=NAME, detail=f"layer-tree: {len(in_tree)} ≠ {len(sources)}")
    for missing in sorted({f"./{site_package.NAME}|layername={key}" for key in edition.layers} - set(sources)):
        yield fault("E601", name=NAME, detail=missing)


# -- what stands in it ---------------------------------------------------------------------------------------------


def _groups(edition: Edition, folder: Path) -> list[_Group]:
    places = {s.table: s for s in _sources(folder / site_package.NAME)}
    reach = {s.table: s for s in _sources(folder / coverage_package.NAME)}
    found = []
    for group, (zh, _) in GROUPS.items():
        own = [data.layer for data in edition.layers.values() if data.layer.group == group]
        shown = [places[y.key].layer(y.title, aliases=dictionary.site_titles(y)) for y in own]
        if shown:
            found.append(_Group(zh, tuple(shown)))
    aliases = dictionary.reach_titles()
    each = tuple(
        _Group(c.title, tuple(reach[t].layer(f"{c.title} · {reach[t].title}", aliases=aliases, only=c.key) for t in COVERAGE_TABLES), checked=False)
        for c in edition.coverages
    )
    found.append(_Group("步行覆盖", (), checked=False, groups=each))
    found.append(_Group("学校周边", (reach["perimeter"].layer(reach["perimeter"].title, aliases=aliases),), checked=False))
    routes = tuple(s.layer(s.title, aliases=aliases) for name, s in reach.items() if name.startswith("safe_routes") and s.shape)
    found.append(_Group("学径", routes, checked=False))
    buses = tuple(s.layer(s.title, aliases=aliases) for name, s in reach.items() if name.startswith("walking_bus"))
    found.append(_Group("步行巴士", buses, checked=False))
    of_the_house = [s for name, s in reach.items() if name in {"severance", "mending"}]
    found += [_Group(s.title, (s.layer(s.title, aliases=aliases),), checked=False) for s in of_the_house]
    bare = dictionary.site_titles() | dictionary.own_titles()
    plain = [s.layer(f"{s.title}（{s.package}）", aliases=bare) for s in (*places.values(), *reach.values()) if not s.shape]
    found.append(_Group("表格", tuple(plain)))
    return [g for g in found if list(g.every())]


def _names(package: Path) -> set[str]:
    try:
        with closing(_open(package)) as connection:
            return {row[0] for row in connection.execute("SELECT table_name FROM gpkg_contents")}
    except sqlite3.Error:
        return set()  # told by the package's own check


def _open(package: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{package.resolve().as_uri()}?mode=ro", uri=True)


def _sources(package: Path) -> list[_Source]:
    with closing(_open(package)) as connection:
        shapes = dict(connection.execute("SELECT table_name, geometry_type_name FROM gpkg_geometry_columns"))
        styles = dict(connection.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault"))
        rows = connection.execute("SELECT table_name, identifier, description FROM gpkg_contents WHERE table_name != 'layer_styles' ORDER BY rowid").fetchall()
        found = []
        for table, title, abstract in rows:
            columns = tuple(row[1] for row in connection.execute(f'PRAGMA table_info("{table}")') if row[1] not in ("geom", "fid", "OGC_FID"))
            shape = SHAPES.get(str(shapes.get(table, "")).removeprefix("MULTI"), "Unknown") if table in shapes else ""
            found.append(_Source(package.name, table, title, abstract, shape, columns, styles.get(table, "")))
    return found


# -- as XML --------------------------------------------------------------------------------------------------------


def _project(edition: Edition, groups: list[_Group]) -> ET.Element:
    whole = next((t for t in (edition.boundary, edition.towns, edition.basemap.roads) if t is not None and len(t)), None)
    box = (0.0, 0.0, 1.0, 1.0) if whole is None else tuple(map(float, whole.total_bounds))
    crs = metric_crs_of(whole, setting=edition.city.crs.metres) if whole is not None else None
    title = " · ".join(tables.marks(edition))
    root = ET.Element("qgis", {"version": WRITTEN_FOR, "projectname": _clean(title)})
    _text(root, "title", title)
    _crs(ET.SubElement(root, "projectCrs"), crs)
    tree = ET.SubElement(root, "layer-tree-group")
    for group in groups:
        _branch(tree, group)
    canvas = ET.SubElement(root, "mapcanvas", {"name": "theMapCanvas", "annotationsVisible": "1"})
    _text(canvas, "units", "meters" if crs is not None else "degrees")
    ground = _ground(box, crs)
    extent = ET.SubElement(canvas, "extent")
    for side, value in ground.items():
        _text(extent, side, value)
    _text(canvas, "rotation", "0")
    _crs(ET.SubElement(canvas, "destinationsrs"), crs)
    every = [layer for group in groups for layer in group.every()]
    layers = ET.SubElement(root, "projectlayers")
    for layer in every:
        layers.append(_layer(layer, edition))
    order = ET.SubElement(root, "layerorder")
    for layer in every:
        ET.SubElement(order, "layer", {"id": layer.id})
    properties = ET.SubElement(root, "properties")
    ET.SubElement(ET.SubElement(properties, "Paths"), "Absolute", {"type": "bool"}).text = "false"
    ET.SubElement(ET.SubElement(properties, "SpatialRefSys"), "ProjectionsEnabled", {"type": "int"}).text = "1"
    _crs(ET.SubElement(ET.SubElement(root, "ProjectViewSettings", {"UseProjectScales": "0"}), "DefaultViewExtent", ground), crs)
    root.append(_metadata("projectMetadata", title, f"{tables.note(edition)}\n数据日期：{_date(edition)}", edition))
    return root


def _branch(above: ET.Element, group: _Group) -> None:
    state = "Qt::Checked" if group.checked else "Qt::Unchecked"
    branch = ET.SubElement(above, "layer-tree-group", {"name": _clean(group.title), "checked": state, "expanded": "1" if group.checked else "0"})
    for layer in group.layers:
        named = {"id": layer.id, "name": _clean(layer.title), "source": layer.source, "providerKey": "ogr", "checked": "Qt::Checked", "expanded": "0"}
        ET.SubElement(branch, "layer-tree-layer", named)
    for inner in group.groups:
        _branch(branch, inner)


def _layer(layer: _Shown, edition: Edition) -> ET.Element:
    of = layer.of
    found = ET.Element("maplayer", {"type": "vector", "geometry": of.shape or "No geometry", "styleCategories": "AllStyleCategories"})
    for name, value in (("id", layer.id), ("datasource", layer.source), ("title", layer.title), ("abstract", of.abstract), ("layername", layer.title)):
        _text(found, name, value)
    if of.shape:
        _crs(ET.SubElement(found, "srs"), _lonlat())
    found.append(_metadata("resourceMetadata", layer.title, of.abstract, edition))
    ET.SubElement(found, "provider", {"encoding": "UTF-8"}).text = "ogr"
    if of.style:
        found.extend(ET.fromstring(of.style))  # noqa: S314 - our own style
    aliases = ET.SubElement(found, "aliases")
    for number, column in enumerate(of.columns):
        if column in layer.aliases:
            ET.SubElement(aliases, "alias", {"field": column, "index": str(number), "name": _clean(layer.aliases[column])})
    if "name" in of.columns:
        _text(found, "previewExpression", '"name"')
    return found


def _metadata(tag: str, title: str, abstract: str, edition: Edition) -> ET.Element:
    """As QGIS keeps it: what, of when, from whom, under which licence."""
    found = ET.Element(tag)
    licence = [edition.basemap.attribution, edition.city.boundary.source]
    for name, value in (("language", "zh"), ("type", "dataset"), ("title", title), ("abstract", abstract)):
        _text(found, name, value)
    for source in filter(None, licence):
        _text(found, "license" if tag == "resourceMetadata" else "history", source)
    _text(found, "history", f"数据日期：{_date(edition)}")
    if tag == "projectMetadata":
        _text(found, "author", edition.city.edition.producer)
        _text(found, "creation", clock.now().strftime("%Y-%m-%dT%H:%M:%S"))
    return found


def _date(edition: Edition) -> str:
    when = edition.city.edition.data_date
    return when.isoformat() if when else "未填写"


def _ground(lonlat: tuple[float, ...], crs: CRS | None) -> dict[str, str]:
    """Part of the map that is seen first, in its CRS."""
    import numpy as np

    west, south, east, north = lonlat
    if crs is not None:
        side = np.linspace(0.0, 1.0, 5)
        edge = np.array([(west + (east - west) * x, south + (north - south) * y) for x in side for y in side])
        flat = to_plane(edge, crs)
        (west, south), (east, north) = flat.min(axis=0), flat.max(axis=0)
    wide, high = (east - west) * MARGIN, (north - south) * MARGIN
    sides = {"xmin": west - wide, "ymin": south - high, "xmax": east + wide, "ymax": north + high}
    return {side: f"{value:.3f}" for side, value in sides.items()}


def _lonlat() -> CRS:
    from pyproj import CRS

    return CRS.from_epsg(4326)


def _crs(above: ET.Element, crs: CRS | None) -> None:
    found = crs or _lonlat()
    system = ET.SubElement(above, "spatialrefsys")
    _text(system, "wkt", found.to_wkt())
    _text(system, "authid", ":".join(found.to_authority() or ()))
    _text(system, "description", found.name)
    _text(system, "geographicflag", "true" if found.is_geographic else "false")


def _text(above: ET.Element, name: str, value: str) -> None:
    ET.SubElement(above, name).text = _clean(value)


def _clean(value: str) -> str:
    return _UNWANTED.sub("", value)
