"""How a table crosses from the process that reads outside files: as JSON and WKB, nothing that could run."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any, BinaryIO

from cfmap.intake.table import Column, RawTable
from cfmap.model import errors
from cfmap.model.messages import Fault

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LENGTHS = struct.Struct("<QQ")
MAX_BYTES = 8_000_000_000  # more than that is no answer
ERRORS: dict[str, type[errors.CfmapError]] = {
    kind.__name__: kind for kind in (errors.ConfigError, errors.InputError, errors.EnvironmentFault, errors.SafetyRefusal, errors.SelfCheckError)
}


def send(stream: BinaryIO, data: Any, attached: bytes | memoryview = b"") -> None:
    """Write one message: both lengths, JSON, bytes."""
    text = json.dumps(data, allow_nan=True).encode("ascii")
    stream.write(_LENGTHS.pack(len(text), len(attached)) + text)
    stream.write(attached)  # by itself: a raster is large, and is not copied once more
    stream.flush()


def receive(stream: BinaryIO) -> tuple[Any, bytes]:
    """
    Read one message.

    Raises
    ------
    EOFError
        The stream ends before the message does, or what comes is none.
    """
    text, attached = _LENGTHS.unpack(_exactly(stream, _LENGTHS.size))
    if text + attached > MAX_BYTES:
        raise EOFError
    return json.loads(_exactly(stream, text)), _exactly(stream, attached)


def _exactly(stream: BinaryIO, count: int) -> bytes:
    content = stream.read(count) if count else b""
    if len(content) < count:
        raise EOFError
    return content


def faults_out(faults: tuple[Fault, ...] | list[Fault]) -> list[list[Any]]:
    """Records as lists of plain values."""
    return [[f.code, f.file, f.sheet, f.row, f.column, f.value, f.facts, f.letter] for f in faults]


def faults_in(data: list[list[Any]]) -> list[Fault]:
    """Make the records again."""
    return [Fault(*values) for values in data]


def table_out(table: RawTable, shapes: NDArray[np.object_] | None) -> tuple[dict[str, Any], bytes]:
    """A table without its geometry, and the shapes as WKB, one behind the other."""
    data: dict[str, Any] = {
        "file": table.file,
        "sheet": table.sheet,
        "columns": [[c.name, c.letter] for c in table.columns],
        "rows": table.rows,
        "numbers": table.numbers,
        "header_row": table.header_row,
        "faults": faults_out(table.faults),
        "broken": [[*place, why] for place, why in table.broken.items()],
        "shapes": None,
    }
    if shapes is None:
        return data, b""
    import shapely

    pieces = shapely.to_wkb(shapes)
    data["shapes"] = [-1 if piece is None else len(piece) for piece in pieces]
    return data, b"".join(piece for piece in pieces if piece is not None)


def table_in(data: dict[str, Any], attached: bytes) -> RawTable:
    """Make the table again, its shapes as a GeoSeries in EPSG:4326."""
    return RawTable(
        data["file"],
        data["sheet"],
        tuple(Column(*column) for column in data["columns"]),
        data["rows"],
        data["numbers"],
        data["header_row"],
        tuple(faults_in(data["faults"])),
        {(row, position): why for row, position, why in data["broken"]},
        None if data["shapes"] is None else _shapes(data["shapes"], attached),
    )


def _shapes(lengths: list[int], attached: bytes) -> Any:
    import geopandas as gpd
    import shapely

    pieces: list[bytes | None] = []
    start = 0
    for length in lengths:
        pieces.append(None if length < 0 else attached[start : start + length])
        start += max(length, 0)
    return gpd.GeoSeries(shapely.from_wkb(pieces), crs="EPSG:4326")
