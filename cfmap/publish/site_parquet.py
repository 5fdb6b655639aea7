"""Where are the sites, in one table for analysis? ``sites.parquet`` (GeoParquet 1.1)."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING

from cfmap.model.messages import Fault, fault
from cfmap.publish import files, tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cfmap.model.edition import Edition

NAME = "sites.parquet"
NOTE = b"cfmap"


def write(edition: Edition, folder: Path) -> list[Path]:
    """Write all sites; what must be said beside them stands in the file's metadata under ``cfmap``."""
    import pyarrow.parquet as pq

    plain = BytesIO()
    tables.together(edition).to_parquet(plain, index=False, schema_version="1.1.0")
    table = pq.read_table(plain)
    note = json.dumps({"note": tables.note(edition), "edition": edition.year, "demo": edition.city.city.demo}, ensure_ascii=False)
    noted = BytesIO()
    pq.write_table(table.replace_schema_metadata({**(table.schema.metadata or {}), NOTE: note.encode()}), noted, compression="zstd")
    return [files.write_bytes(folder / NAME, noted.getvalue())]


def check(edition: Edition, folder: Path) -> Iterator[Fault]:
    """Read it back: GeoParquet metadata, rows and ids in order."""
    import geopandas as gpd
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        metadata = pq.read_schema(folder / NAME).metadata or {}
        geo = json.loads(metadata.get(b"geo", b"{}"))
        if geo.get("primary_column") != "geometry" or "version" not in geo:
            yield fault("E601", name=NAME, detail="GeoParquet: geo")
            return
        back = gpd.read_parquet(folder / NAME)
    except (OSError, ValueError, pa.ArrowException) as error:
        yield fault("E601", name=NAME, detail=str(error))
        return
    ids = [i for data in edition.layers.values() for i in data.sites["id"].astype(str)]
    if list(back["id"].astype(str)) != ids:
        yield fault("E601", name=NAME, detail=f"id: {len(back)} ≠ {len(ids)}")
