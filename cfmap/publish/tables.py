"""Which tables of sites leave, with which columns and types?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from cfmap.model.once import kept
from cfmap.publish.public import columns

if TYPE_CHECKING:
    import geopandas as gpd

    from cfmap.model.edition import Edition, LayerData
    from cfmap.model.layer import Field, Layer

YES_NO = {"是": True, "否": False}
DEMO = "演示数据，不代表任何真实地方"


def note(edition: Edition) -> str:
    """Say what must stand beside every table: demo data, whose streets, not for the public."""
    return " · ".join([*marks(edition), edition.basemap.attribution])


def marks(edition: Edition) -> list[str]:
    """Which edition it is, after a warning that it is demo data, before one that it is not for the public."""
    demo = [DEMO] if edition.city.city.demo else []
    return [*demo, f"{edition.city.name} {edition.year} 年版", *([] if edition.public else ["内部资料，不得公开"])]


def sites(data: LayerData, edition: Edition) -> gpd.GeoDataFrame:
    """
    Sites of a layer on the map: columns in the schema's order, then the layer's own, then `geometry` (EPSG:4326); plain types.

    Text <NA> where unknown, whole numbers ``Int64``, other numbers float; RangeIndex.
    """
    return kept(_sites, data, edition)


def _sites(data: LayerData, edition: Edition) -> gpd.GeoDataFrame:
    import geopandas as gpd

    table = _plain(data.sites, leaving(data.layer, edition))
    return gpd.GeoDataFrame(table, geometry=data.sites.geometry.reset_index(drop=True), crs=data.sites.crs or "EPSG:4326")


def plain(table: pd.DataFrame, layer: Layer, edition: Edition) -> pd.DataFrame:
    """Sites of a layer without places, columns and types as :func:`sites`."""
    return _plain(table, leaving(layer, edition))


def school_names(edition: Edition) -> dict[str, str]:
    """Name of each school and kindergarten, by its key (:func:`cfmap.coverage.perimeter.scored`)."""
    from cfmap.coverage.perimeter import scored

    found = [data.sites for data in scored(edition.layers, edition.city).values()]
    return {str(key): str(name) for sites in found for key, name in zip(sites["id"], sites["name"], strict=True)}


def unlocated(edition: Edition) -> pd.DataFrame:
    """Sites without coordinates of all layers, with the columns that layers share."""
    from cfmap.model.schema import SITE_COLUMNS

    tables = []
    for data in edition.layers.values():
        if data.unlocated.empty:
            continue
        table = _plain(data.unlocated, leaving(data.layer, edition))
        tables.append(table[[c for c in table.columns if c in SITE_COLUMNS]])
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame({"id": pd.Series(dtype="string"), "name": pd.Series(dtype="string")})


def together(edition: Edition) -> gpd.GeoDataFrame:
    """
    Sites of all layers in one table: shared columns, then every layer's own (empty where a layer has none of that name).

    A column that two layers declare with different types becomes text.
    """
    import geopandas as gpd

    tables = [sites(data, edition) for data in edition.layers.values()]
    names = list(dict.fromkeys(c for t in tables for c in t.columns if c != "geometry"))
    filled = [t for t in tables if len(t)]
    whole: dict[str, Any] = {}
    for name in names:
        kinds = {str(t[name].dtype) for t in tables if name in t}
        dtype: Any = kinds.pop() if len(kinds) == 1 else "string"
        values: list[Any] = []
        for table in filled:
            column = table[name].to_numpy(dtype=object) if name in table else [pd.NA] * len(table)
            values.extend(map(_text, column) if dtype == "string" else column)
        whole[name] = pd.Series(values, dtype="Float64" if dtype == "float64" else dtype).astype(dtype)
    geometry = [g for t in filled for g in t.geometry]
    return gpd.GeoDataFrame(whole, geometry=geometry, crs="EPSG:4326")


def leaving(layer: Layer, edition: Edition) -> tuple[Field, ...]:
    """Columns of a layer that leave; of a photo the public gets the picture, in the page, and not the name of its file."""
    return tuple(f for f in columns(layer, edition) if not (edition.public and f.key == "photo"))


def _plain(table: pd.DataFrame, fields: tuple[Field, ...]) -> pd.DataFrame:
    plain = pd.DataFrame(table)  # a GeoDataFrame gives its columns much more slowly
    return pd.DataFrame({f.key: _column(plain, f) for f in fields}).reset_index(drop=True)


def _column(table: pd.DataFrame, field: Field) -> pd.Series:
    if field.key not in table:
        return pd.Series(pd.NA, index=table.index, dtype="string")
    values = table[field.key]
    if field.kind in ("integer", "year"):
        return pd.to_numeric(values, errors="coerce").astype("Int64")
    if field.kind == "number":
        return pd.Series(pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=float("nan")), index=table.index)
    if field.kind == "yesno":
        return pd.Series([YES_NO.get(v) if isinstance(v, str) else (None if pd.isna(v) else bool(v)) for v in values], index=table.index, dtype="boolean")
    return pd.Series([_text(v) for v in values], index=table.index, dtype="string")


def _text(value: Any) -> Any:
    if isinstance(value, str):
        return value or pd.NA
    if isinstance(value, (list, tuple, set, frozenset)):
        return "；".join(str(v) for v in (sorted(value) if isinstance(value, (set, frozenset)) else value)) or pd.NA
    if pd.isna(value):
        return pd.NA
    return value.isoformat()[:10] if hasattr(value, "isoformat") else str(value)
