"""How do the streets of many coverages fit into one small table: each street part is stored once, a view shows who reaches it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from cfmap.model.messages import Fault, fault
from cfmap.model.once import kept
from cfmap.publish import clock
from cfmap.publish.geopackage import Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

    from cfmap.model.edition import Edition

NAME = "streets"
PARTS = "street_parts"
PART = ("edge_id", "way_id", "from_m", "to_m")
COLUMNS = ("coverage", *PART, "minutes", "site")  # of the view
DECIMALS = 2  # of minutes: half a second

SCHEMA = f"""
CREATE TABLE street_words (fid INTEGER PRIMARY KEY NOT NULL, word TEXT NOT NULL);
CREATE TABLE street_reach (fid INTEGER PRIMARY KEY NOT NULL, coverage INTEGER NOT NULL, part INTEGER NOT NULL, minutes REAL, site INTEGER NOT NULL);
CREATE VIEW {NAME} AS
  SELECT r.fid AS OGC_FID, c.word AS coverage, p.edge_id AS edge_id, p.way_id AS way_id, p.from_m AS from_m, p.to_m AS to_m,
    r.minutes AS minutes, s.word AS site, p.geom AS geom
  FROM street_reach r CROSS JOIN {PARTS} p ON p.fid = r.part CROSS JOIN street_words c ON c.fid = r.coverage CROSS JOIN street_words s ON s.fid = r.site;
"""  # noqa: S608 - names are ours


def parts(edition: Edition, *, description: str, style: str) -> Table:
    """Every distinct street part that some coverage reaches, once (``edge_id, way_id, from_m, to_m``), in the order in which they are met."""
    import geopandas as gpd

    table = kept(_rows, edition)
    first = ~table["part"].duplicated().to_numpy()
    frame = gpd.GeoDataFrame(table.loc[first, list(PART)].reset_index(drop=True), geometry=_lines(edition)[first], crs="EPSG:4326")
    return Table(PARTS, "街道段", description, frame, "LineString", style, indexed=False)  # a view cannot use an index


def _lines(edition: Edition) -> NDArray[np.object_]:
    return np.concatenate([np.zeros(0, dtype=object), *(c.streets.geometry.to_numpy() for c in edition.coverages if len(c.streets))])


def _rows(edition: Edition) -> pd.DataFrame:
    """Streets of all coverages: ``coverage, edge_id, way_id, from_m, to_m, minutes, site, part`` (the same number for the same part)."""
    columns = [*PART, "minutes", "site"]
    found = [pd.DataFrame({"coverage": c.key, **{k: c.streets[k].to_numpy() for k in columns}}) for c in edition.coverages if len(c.streets)]
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame({k: pd.Series(dtype="float64") for k in ("coverage", *columns)})
    ends = shapely.bounds(_lines(edition))
    ends[table["edge_id"].notna()] = np.nan  # only parts beside a street that has no edge of its own differ in place alone
    key = table[list(PART)].assign(**dict(zip("wsen", ends.T, strict=True)))
    return table.assign(part=key.groupby(list(key.columns), dropna=False, sort=False).ngroup())


def add(path: Path, edition: Edition, stored: Table, *, title: str, style: str) -> None:
    """
    Add the view ``streets(coverage, edge_id, way_id, from_m, to_m, minutes, site, geom)`` to a package that holds the parts.

    QGIS and GDAL show it as a layer. A city has some ten coverages over the same streets, so parts stored row by row would be several times as large.
    """
    frame: gpd.GeoDataFrame = stored.frame
    table = kept(_rows, edition)
    code, words = pd.factorize(pd.concat([table["coverage"], table["site"]], ignore_index=True).astype(object))
    coverage, site = (code[: len(table)] + 1).tolist(), (code[len(table) :] + 1).tolist()
    rows = zip(coverage, (table["part"] + 1).tolist(), table["minutes"].astype(float).round(DECIMALS).tolist(), site, strict=True)
    when = clock.now().strftime("%Y-%m-%dT%H:%M:%S.000Z")
    box = [None] * 4 if frame.empty else [float(v) for v in frame.total_bounds]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")  # the release makes sure of the disk once, at the end
        connection.executescript(SCHEMA)
        connection.executemany("INSERT INTO street_words VALUES (?, ?)", enumerate(map(str, words), start=1))
        connection.executemany("INSERT INTO street_reach (coverage, part, minutes, site) VALUES (?, ?, ?, ?)", rows)
        connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, min_x, min_y, max_x, max_y, srs_id)"
            " VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?, 4326)",
            (NAME, title, stored.description, when, *box),
        )
        connection.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'LINESTRING', 4326, 0, 0)", (NAME,))
        connection.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD,"
            " useAsDefault, description, owner, update_time) VALUES ('', '', ?, 'geom', ?, ?, '', 1, ?, '', ?)",
            (NAME, NAME, style, title, when),
        )


def check(path: Path, edition: Edition) -> Iterator[Fault]:
    """Read the view back: as many rows of each coverage as it has streets, each with its part, as many metres."""
    wanted = {c.key: (len(c.streets), float((c.streets["to_m"] - c.streets["from_m"]).sum())) for c in edition.coverages if len(c.streets)}
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute(f"SELECT coverage, count(geom), sum(to_m - from_m) FROM {NAME} GROUP BY coverage").fetchall()  # noqa: S608 - name is ours
    except sqlite3.Error as error:
        yield fault("E601", name=path.name, detail=str(error))
        return
    there = {key: (count, metres) for key, count, metres in rows}
    for key in sorted(wanted.keys() | there.keys()):
        (count, metres), (is_count, is_metres) = wanted.get(key, (0, 0.0)), there.get(key, (0, 0.0))
        if count != is_count or abs(metres - is_metres) > 1e-6 * max(metres, 1.0):
            yield fault("E601", name=path.name, detail=f"{NAME} {key}: {is_count} ≠ {count}")
