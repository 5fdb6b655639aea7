"""Where on the ground is what a check found? A GeoPackage to click through in QGIS, coloured by level; personal values masked."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cfmap.model.messages import LEVEL_TITLES, PLACES
from cfmap.publish import files, geopackage
from cfmap.publish.qgis_styles import by_value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cfmap.model.messages import Fault

NAME = "check.gpkg"
PLACED, UNPLACED = "problems", "problems_without_place"
COLOURS = {"error": "#C62828", "warning": "#EF8E00", "info": "#1565C0"}
COLUMNS = ("code", "level", "file", "sheet", "row", "letter", "column", "value", "what", "why", "how", "what_en", "why_en", "how_en")


def write(faults: Sequence[Fault], out: Path) -> Path:
    """
    Write the package.

    Layer ``problems`` has a point for every place of every record (``place``: where the coordinates as written lead, where they lead when
    swapped, where the declared and the likelier datum put them, or the site itself); table ``problems_without_place`` has the others.

    Parameters
    ----------
    faults
        Records of a run.
    out
        File to write; replaced only when the new one is complete.

    Returns
    -------
    path
        `out`.

    Raises
    ------
    OSError
        It cannot be written.
    EnvironmentFault
        Another program holds it (E404).
    """
    import geopandas as gpd
    import pandas as pd
    import shapely

    placed = [(f, place) for f in faults for place in f.places]
    rows = [{"place": kind, "place_title": PLACES[kind][0], **_columns(f)} for f, (kind, _, _) in placed]
    frame = pd.DataFrame(rows, columns=["place", "place_title", *COLUMNS]).astype(object)
    points = gpd.GeoSeries([shapely.Point(lon, lat) for _, (_, lon, lat) in placed], crs="EPSG:4326", dtype="geometry")
    rest = pd.DataFrame([_columns(f) for f in faults if not f.places], columns=list(COLUMNS)).astype(object)
    for table in (frame, rest):
        table["row"] = table["row"].astype("Int32")
    style = by_value("Point", "level", [(level, title, COLOURS[level]) for level, (title, _) in LEVEL_TITLES.items()])
    part = out.with_name(f".{out.stem}.{os.getpid()}{out.suffix}")
    part.unlink(missing_ok=True)
    try:
        geopackage.write(
            part,
            (
                geopackage.Table(PLACED, "有位置的问题", "每个问题在哪里；place 说明是哪一种位置", gpd.GeoDataFrame(frame, geometry=points), style=style),
                geopackage.Table(UNPLACED, "没有位置的问题", "关于整份文件、设置或没有坐标的行", rest),
            ),
        )
        files.replace(part, out)
    finally:
        part.unlink(missing_ok=True)
    return out


def _columns(record: Fault) -> dict[str, object]:
    data = record.record()
    return {name: data[name] for name in COLUMNS}
