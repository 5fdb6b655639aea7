"""How is a GeoPackage written so that QGIS opens it coloured and the same data give the same bytes?"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cfmap.model.messages import Fault, fault
from cfmap.publish import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pandas as pd

VERSION = "1.3"  # GDAL's default 1.4 makes older GDAL and QGIS warn
USER_VERSION = 10300

STYLES_TABLE = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
  f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))
"""


#: Tables of the standard's extension for metadata (annex F.8), and its rows in the list of extensions.
METADATA_TABLES = """
CREATE TABLE gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset', md_standard_uri TEXT NOT NULL,
  mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id), CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
CREATE TABLE IF NOT EXISTS gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
"""
METADATA_EXTENSION = ("gpkg_metadata", "http://www.geopackage.org/spec120/#extension_metadata", "read-write")


@dataclass(frozen=True)
class Table:
    """
    One table of a package.

    Parameters
    ----------
    name
        ASCII name.
    title, description
        What QGIS shows.
    frame
        GeoDataFrame in EPSG:4326, or DataFrame for a table without geometry.
    geometry
        Type when `frame` is empty.
    style
        QML; empty = none.
    indexed
        Whether geometries get a spatial index.
    """

    name: str
    title: str
    description: str
    frame: pd.DataFrame
    geometry: str = "Point"
    style: str = ""
    indexed: bool = True


def write(path: Path, tables: Iterable[Table], *, about: str = "") -> Path:
    """
    Write a package.

    Version 1.3, titles and descriptions in ``gpkg_contents``, styles in ``layer_styles``, `about` (XML of :mod:`cfmap.publish.iso_metadata`) in
    ``gpkg_metadata``. Times in it come from :mod:`cfmap.publish.clock`. `path` must not exist.
    """
    import pyogrio

    tables = list(tables)
    with _dated():
        for number, table in enumerate(tables):
            pyogrio.write_dataframe(
                table.frame,
                path,
                layer=table.name,
                driver="GPKG",
                append=number > 0,
                dataset_options={"VERSION": VERSION} if number == 0 else None,
                layer_options={"IDENTIFIER": _unique(table, tables), "DESCRIPTION": table.description, **({} if table.indexed else {"SPATIAL_INDEX": "NO"})},
                **_geometry(table),
            )
    _add_styles(path, tables)
    if about:
        _add_metadata(path, about)
    return path


def check(path: Path, tables: Iterable[Table]) -> Iterator[Fault]:
    """Read a package back: whole, of this version, every table with all its rows, in order."""
    name = path.name
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
            if answer != "ok":
                yield fault("E601", name=name, detail=f"PRAGMA integrity_check: {answer}")
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version != USER_VERSION:
                yield fault("E601", name=name, detail=f"user_version {version} ≠ {USER_VERSION}")
            records = connection.execute("SELECT m.metadata FROM gpkg_metadata m JOIN gpkg_metadata_reference r ON r.md_file_id = m.id").fetchall()
            if len(records) != 1 or not _well_formed(records[0][0]):
                yield fault("E601", name=name, detail="gpkg_metadata")
            for table in tables:
                rows = connection.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0]  # noqa: S608 - names are ours
                if rows != len(table.frame):
                    yield fault("E601", name=name, detail=f"{table.name}: {rows} ≠ {len(table.frame)}")
                elif "id" in table.frame:
                    ids = [row[0] for row in connection.execute(f'SELECT id FROM "{table.name}" ORDER BY fid')]  # noqa: S608
                    if ids != [None if v is None else str(v) for v in table.frame["id"]]:
                        yield fault("E601", name=name, detail=f"{table.name}: id")
    except sqlite3.Error as error:
        yield fault("E601", name=name, detail=str(error))


@contextmanager
def _dated() -> Iterator[None]:
    import pyogrio

    settings = {"OGR_CURRENT_DATE": clock.now().strftime("%Y-%m-%dT%H:%M:%S.000Z"), "OGR_SQLITE_SYNCHRONOUS": "OFF"}
    before = {name: pyogrio.get_gdal_config_option(name) for name in settings}
    pyogrio.set_gdal_config_options(settings)  # the release makes sure of the disk once, at the end
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


def _geometry(table: Table) -> dict[str, object]:
    if "geometry" not in table.frame:
        return {}
    kinds = set(table.frame.geometry.geom_type.dropna())
    if not kinds:
        return {"geometry_type": table.geometry}
    single = {k.removeprefix("Multi") for k in kinds}
    if len(single) > 1:
        return {"geometry_type": "Unknown"}
    return {"geometry_type": f"Multi{single.pop()}", "promote_to_multi": True} if any(k.startswith("Multi") for k in kinds) else {"geometry_type": kinds.pop()}


def _unique(table: Table, tables: list[Table]) -> str:
    """Title as identifier; the standard wants each only once."""
    return table.title if sum(t.title == table.title for t in tables) == 1 else f"{table.title}（{table.name}）"


def _well_formed(text: str) -> bool:
    from xml.etree import ElementTree as ET

    try:
        ET.fromstring(text.encode())  # noqa: S314 - written by us a moment ago
    except ET.ParseError:
        return False
    return True


def _add_metadata(path: Path, about: str) -> None:
    from cfmap.publish.iso_metadata import STANDARD_URI

    when = clock.now().strftime("%Y-%m-%dT%H:%M:%S.000Z")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(METADATA_TABLES)
        connection.execute("INSERT INTO gpkg_metadata VALUES (1, 'dataset', ?, 'text/xml', ?)", (STANDARD_URI, about))
        connection.execute("INSERT INTO gpkg_metadata_reference VALUES ('geopackage', NULL, NULL, NULL, ?, 1, NULL)", (when,))
        connection.executemany(
            "INSERT INTO gpkg_extensions VALUES (?, NULL, ?, ?, ?)", [(t, *METADATA_EXTENSION) for t in ("gpkg_metadata", "gpkg_metadata_reference")]
        )


def _add_styles(path: Path, tables: list[Table]) -> None:
    when = clock.now().strftime("%Y-%m-%dT%H:%M:%S.000Z")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(STYLES_TABLE)
        connection.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD,"
            " useAsDefault, description, owner, update_time) VALUES ('', '', ?, 'geom', ?, ?, '', 1, ?, '', ?)",
            [(t.name, t.name, t.style, t.title, when) for t in tables if t.style],
        )
        connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) VALUES (?, 'attributes', ?, '', ?, 0)",
            ("layer_styles", "layer_styles", when),
        )
