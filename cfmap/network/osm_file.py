"""Can this OpenStreetMap file be read to its end, and how old is it?"""

from __future__ import annotations

import struct
from contextlib import contextmanager
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any

from cfmap.model.errors import EnvironmentFault, InputError
from cfmap.model.messages import fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FULL_BLOCK = 8000  # objects in a block of a .pbf, as osmium, osmosis and the planet's writers fill them


@contextmanager
def fault_of(path: Path) -> Iterator[None]:
    """Turn what pyosmium raises into an error that names the file."""
    try:
        yield
    except PermissionError as error:
        raise EnvironmentFault(fault("E493", file=path.name, detail=error.strerror or str(error))) from error
    except (RuntimeError, ValueError, EOFError, _osmium().InvalidLocationError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(fault("E304", file=path.name, detail=str(error))) from error


def _osmium() -> Any:
    # its type hints are narrower than what it accepts and returns
    return import_module("osmium")


def data_date(path: Path) -> str:
    """Date of a file's data (ISO) as its header says, "" where it says nothing."""
    osmium = _osmium()
    with fault_of(path):
        header = osmium.io.Reader(str(path), osmium.osm.NOTHING).header()
        return str(header.get("osmosis_replication_timestamp") or header.get("timestamp"))[:10]


def check_whole(path: Path) -> None:
    """
    Refuse a ``.pbf`` that ends in the middle of a block, or right behind a full one.

    A file cut between two blocks reads without any error. But the last block of a whole file holds the rest of its
    objects and is hardly ever full, while every block before it is.

    Raises
    ------
    InputError
        E304 (cut inside a block) or E308 (cut between blocks).
    """
    if not path.name.lower().endswith(".pbf"):
        return
    last = _last_block(path)
    if last is None:
        return
    kinds = _osmium().osm
    with fault_of(path):
        if _count(last, kinds.RELATION, up_to=1):
            return
        ways = _count(last, kinds.WAY, up_to=FULL_BLOCK + 1)
        nodes = _count(last, kinds.NODE, up_to=1)
    if nodes and not ways:
        raise InputError(fault("E305", file=path.name))
    if ways == FULL_BLOCK:
        raise InputError(fault("E308", file=path.name, share="-"))


def _count(content: bytes, kind: Any, *, up_to: int) -> int:
    osmium = _osmium()
    return sum(1 for _ in islice(osmium.FileProcessor(osmium.io.FileBuffer(content, "pbf"), kind), up_to))


def _last_block(path: Path) -> bytes | None:
    """The header and the last block of objects; None when there is but one block."""
    blocks: list[tuple[int, int]] = []
    size = path.stat().st_size
    with path.open("rb") as stream:
        place = 0
        while place < size:
            stream.seek(place)
            prefix = stream.read(4)
            length = struct.unpack(">I", prefix)[0] if len(prefix) == 4 else 0
            header = stream.read(length) if 0 < length < 65536 else b""
            data = _data_size(header)
            if data is None or place + 4 + length + data > size:
                raise InputError(fault("E304", file=path.name, detail=f"unexpected end at byte {size}"))
            blocks.append((place, 4 + length + data))
            place += 4 + length + data
        if len(blocks) < 2:
            return None
        stream.seek(blocks[0][0])
        content = stream.read(blocks[0][1])
        stream.seek(blocks[-1][0])
        return content + stream.read(blocks[-1][1])


def _data_size(header: bytes) -> int | None:
    # a BlobHeader is three protobuf fields: 1 type (text), 2 index (bytes), 3 datasize (number)
    place = 0
    while place < len(header):
        field, kind = header[place] >> 3, header[place] & 7
        place += 1
        number, shift = 0, 0
        while place < len(header):
            byte = header[place]
            place += 1
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        if kind == 0 and field == 3:
            return number
        if kind == 2:
            place += number
        elif kind != 0:
            return None
    return None
