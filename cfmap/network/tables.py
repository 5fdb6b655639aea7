"""How is a table kept on disk so that it comes back exactly as it was? As an Arrow file, geometries as WKB."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

INDEX = "__index__"
KINDS = b"cfmap"  # key of the schema's metadata: what Arrow's own types do not say
GEOMETRY, TUPLES = "geometry", "tuples"


def write_table(path: Path, frame: pd.DataFrame) -> None:
    """
    Write a table of a network as an uncompressed Arrow file.

    Parameters
    ----------
    path
        File to write.
    frame
        Columns of numbers, truth values, texts, categories of texts, tuples of whole numbers, and one ``geometry`` in
        EPSG:4326; RangeIndex or an index of whole numbers.

    Raises
    ------
    TypeError, ValueError
        Something else stands in the table.
    """
    import pandas as pd
    import pyarrow as pa

    columns = {str(name): frame[name] for name in frame.columns}
    facts: dict[str, Any] = {"rows": len(frame), "kinds": {name: _kind(values) for name, values in columns.items()}, "index": None}
    if GEOMETRY in columns and frame.crs.to_epsg() != 4326:
        msg = "a network's tables are in EPSG:4326"
        raise ValueError(msg)
    arrays = {name: _to_arrow(values, facts["kinds"][name]) for name, values in columns.items()}
    if not (isinstance(frame.index, pd.RangeIndex) and frame.index.equals(pd.RangeIndex(len(frame))) and frame.index.name is None):
        facts["index"] = frame.index.name
        arrays[INDEX] = pa.array(frame.index.to_numpy(dtype=np.int64))
    table = pa.table(arrays).replace_schema_metadata({KINDS: json.dumps(facts)})
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def read_table(content: NDArray[np.uint8]) -> pd.DataFrame:
    """Read what :func:`write_table` wrote, from the file's bytes; a GeoDataFrame where there is a geometry."""
    import pandas as pd
    import pyarrow as pa

    table = pa.ipc.open_file(pa.BufferReader(pa.py_buffer(content))).read_all()
    facts = json.loads(table.schema.metadata[KINDS])
    index: pd.Index[Any] = pd.RangeIndex(facts["rows"])
    if INDEX in table.column_names:
        index = pd.Index(table.column(INDEX).to_numpy().copy(), name=facts["index"])
    columns = {name: _to_pandas(table.column(name).combine_chunks(), kind, index) for name, kind in facts["kinds"].items()}
    if GEOMETRY not in columns:
        return pd.DataFrame(columns, index=index)
    import geopandas as gpd

    frame: pd.DataFrame = gpd.GeoDataFrame(columns, index=index, geometry=GEOMETRY, crs=4326)
    return frame


def _kind(values: pd.Series[Any]) -> Any:
    """What a column holds: the name of its type, or that of a category's texts in a list of one."""
    import pandas as pd

    if isinstance(values.dtype, pd.CategoricalDtype):
        if values.dtype.ordered:
            msg = "ordered categories are not kept"
            raise TypeError(msg)
        return [str(values.dtype.categories.dtype)]
    if values.dtype == object and len(values) and isinstance(values.iloc[0], tuple):
        return TUPLES
    return str(values.dtype)


def _to_arrow(values: pd.Series[Any], kind: Any) -> Any:
    import pyarrow as pa

    if kind == GEOMETRY:
        import shapely

        return pa.array(shapely.to_wkb(np.asarray(values.values, dtype=object)), type=pa.binary())
    if isinstance(kind, list):
        codes = values.cat.codes.to_numpy()
        return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(list(values.cat.categories), type=pa.string()))
    if kind == TUPLES:
        return pa.array(values.to_numpy(), type=pa.list_(pa.int64()))
    if kind == "object":
        return pa.array(values.to_numpy(), type=pa.string())
    return pa.array(values.to_numpy()) if isinstance(values.dtype, np.dtype) else pa.array(values, type=pa.string())


def _to_pandas(column: Any, kind: Any, index: pd.Index[Any]) -> Any:
    import pandas as pd

    if isinstance(kind, list):
        texts = pd.Index(column.dictionary.to_pylist(), dtype=kind[0])
        return pd.Categorical.from_codes(column.indices.fill_null(-1).to_numpy(zero_copy_only=False), categories=texts)
    values = column.to_numpy(zero_copy_only=False)
    if kind == GEOMETRY:
        import shapely

        return shapely.from_wkb(values)
    if kind == TUPLES:
        return pd.Series([tuple(v.tolist()) for v in values], dtype=object, index=index)
    return pd.Series(values.copy(), dtype=kind, index=index)  # said aloud, for pandas takes texts for `str`


__all__ = ["read_table", "write_table"]
