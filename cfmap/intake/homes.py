"""Which houses are residential and how high, and how many people has each town by the official count?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cfmap.intake import reader
from cfmap.intake.headers import words_of
from cfmap.intake.opening import sha256
from cfmap.intake.rows import understand
from cfmap.model.edition import InputFile
from cfmap.model.errors import InputError
from cfmap.model.layer import Field
from cfmap.model.messages import fault
from cfmap.model.schema import AGE_BANDS

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from cfmap.model.messages import Fault

HOUSE = (
    Field("floors", "楼层数", "floors", kind="number", synonyms=("层数", "楼层", "地上层数", "building:levels", "levels", "floor"), minimum=0, maximum=200),
    Field("use", "用途", "use", synonyms=("房屋用途", "建筑用途", "规划用途", "building", "类型", "type")),
)
LIVED_IN = ("住宅", "居住", "公寓", "宿舍", "民居", "农房", "自建房", "residential", "apartments", "house", "dormitory", "detached", "terrace", "dwelling")
UNSAID = ("", "yes")  # of a building whose use nobody wrote


def read_houses(path: Path, *, file: str, datum: str | None) -> tuple[gpd.GeoDataFrame, InputFile, list[Fault]]:
    """
    Residential buildings of a GIS file: outlines in EPSG:4326 with ``floors`` (NaN = unknown).

    Where a column says the use only those that people live in (:data:`LIVED_IN`) are taken; without such a column, or where no cell says a use, all are.

    Raises
    ------
    InputError
        E264: no outline of a residential building is in it; as :func:`cfmap.intake.reader.read_geofile`.
    """
    import geopandas as gpd

    raw = reader.read_geofile(path, datum=datum, file=file)
    rows = understand(raw, HOUSE, {})
    shapes = [None] * len(raw.rows) if raw.geometry is None else list(raw.geometry)
    uses = [str(values.get("use") or "").strip().lower() for values in rows.values]
    told = any(use not in UNSAID for use in uses)
    chosen = [
        i
        for i, (shape, use) in enumerate(zip(shapes, uses, strict=True))
        if shape is not None and shape.geom_type in ("Polygon", "MultiPolygon") and shape.is_valid and (not told or any(word in use for word in LIVED_IN))
    ]
    if not chosen:
        raise InputError([fault("E264", file=file, count=len(raw.rows)), *raw.faults])
    floors = [np.nan if not rows.values[i].get("floors") else float(rows.values[i]["floors"]) for i in chosen]
    houses = gpd.GeoDataFrame({"floors": floors}, geometry=[shapes[i] for i in chosen], crs="EPSG:4326")
    return houses, InputFile(file, sha256(path), len(raw.rows), datum or "wgs84"), [*raw.faults, *rows.faults]


def read_totals(path: Path, *, file: str) -> tuple[pd.DataFrame, InputFile, list[Fault]]:
    """
    Official residents of each town: index = town, columns of ``AGE_BANDS`` that the table has, NaN where a cell is empty.

    Raises
    ------
    InputError
        E210 when a column with towns or with residents is missing; as :func:`cfmap.intake.reader.read_table`.
    """
    import pandas as pd

    from cfmap.intake.population import FIELDS

    fields = tuple(f for f in FIELDS if f.key in AGE_BANDS or f.key == "town")
    raw = reader.read_table(path, known_headers=tuple(w for f in fields for w in words_of(f)), sheet="", file=file)
    rows = understand(raw, fields, {})
    present = "、".join(h for h in raw.headers if h)
    for key, title, title_en in (("town", "乡镇街道", "town"), ("pop_total", "常住人口", "residents")):
        if not any(values.get(key) not in (None, "") for values in rows.values):
            raise InputError([fault("E210", file=file, sheet=raw.sheet, title=title, title_en=title_en, present=present, nearest="—", line=""), *rows.faults])
    told: list[dict[str, Any]] = [v for v in rows.values if v.get("town")]
    bands = [b for b in AGE_BANDS if any(v.get(b) is not None for v in told)]
    table = pd.DataFrame([{b: np.nan if v.get(b) is None else float(v[b]) for b in bands} for v in told], index=[str(v["town"]) for v in told])
    table = table[~table.index.duplicated()]
    return table, InputFile(file, sha256(path), len(raw.rows), None), [*raw.faults, *rows.faults]
