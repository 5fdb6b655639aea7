"""
Has this street file been read before? Networks kept on disk by what their file holds, memory-mapped when used again.

A network is found by the SHA-256 of its file's name and bytes, of the source text of this room - every rule that decides
a network stands there, so nobody has to remember to raise a number - and of the versions of the libraries that read and
measure. Whatever changes, the network is read anew.

Formats are open: ``.npy`` per array, Arrow per table, JSON for the rest; nothing that could run code is ever loaded. Each
file's CRC-32 is checked at every use: it finds damage of any kind, but is no seal against somebody who may write into the folder.
A cache that cannot be read, written or trusted is never an error: the network is then read from its file.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import sys
import tempfile
from contextlib import suppress
from dataclasses import asdict, fields, replace
from functools import lru_cache, partial
from hashlib import sha256
from importlib import metadata
from io import BytesIO
from mmap import ACCESS_COPY, mmap
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from cfmap.model.messages import Fault, fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from cfmap.network.network import Network

MAX_NETWORKS = 10  # the least recently used go first
MAX_BYTES = 2 * 1024**3  # the newest network is kept even when it alone is larger
ALONE = (".pbf", ".osm", ".gz", ".bz2", ".graphml")  # files without companions: their bytes are all there is to know
LIBRARIES = ("numpy", "osmium", "pandas", "pyproj", "shapely")
PROJECT, FOLDER, VARIABLE = "cfmap.toml", Path(".cfmap", "cache"), "CFMAP_CACHE"
NETWORK, FACTS = "network", "facts.json"
PART, PART_AGE_S = ".part-", 24 * 3600.0  # a folder being written; one as old as this was left by a process that died
BLOCK = 1 << 20
HEAD = 4096  # bytes; the header of an array of plain numbers takes 128

_log = logging.getLogger(__name__)


def usual_folder(path: Path) -> Path | None:
    """
    Where the network of a street file is kept.

    ``CFMAP_CACHE`` if it is set (empty = nowhere, None is returned), else ``.cfmap/cache`` of the city project around the
    file, else the user's cache folder.
    """
    moved = os.environ.get(VARIABLE)
    if moved is not None:
        return Path(moved).expanduser() if moved.strip() else None
    try:
        project = next((above for above in path.resolve().parents if (above / PROJECT).is_file()), None)
        return project / FOLDER if project is not None else _of_the_user() / "cfmap"
    except (OSError, RuntimeError):  # a loop of links, no home
        return None


def reuse(path: Path, read: Callable[[Path], Network], *, cache: Path | str | bool | None) -> Network:
    """
    Take a network from the cache, or read it and keep it there.

    Parameters
    ----------
    path
        Street file. Files with companions (``.shp``) or open to be changed (``.gpkg``) are always read.
    read
        Reads the file; whatever it raises is passed on, and nothing is kept then.
    cache
        Folder; True = the usual one (:func:`usual_folder`), False or None = no cache.

    Returns
    -------
    network
        Equal in every array and table to what `read` gives. From the cache its arrays are mapped copy-on-write - as
        writeable as fresh ones, and never written back - and its tables are read when first asked for.
    """
    folder = usual_folder(path) if cache is True else Path(cache) if cache else None
    if folder is None or not path.name.lower().endswith(ALONE):
        return read(path)
    try:
        stamp, key = _stamp(path), _key(path)
    except OSError:
        return read(path)  # which says what is wrong with the file
    home = folder / key
    network = _load(home)
    if network is None:
        network = read(path)
        if _stamp(path) == stamp and _store(network, home):
            _trim(folder, keep=home)
    return network


def extra(network: Network, name: str, make: Callable[[], Mapping[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    """
    Arrays derived from a network, kept beside it when it is in a cache.

    Parameters
    ----------
    network
        As read; a part or changed copy of a network has no place in a cache, and `make` is called each time.
    name
        Name of a folder. Whatever the arrays depend on beside the network and the code of this room belongs into it.
    make
        Makes the arrays by name.

    Returns
    -------
    arrays
        By name, as made or mapped copy-on-write.
    """
    home: Path | None = network.__dict__.get("_home")
    if home is None:
        return dict(make())
    found = _read_group(home / name)
    if found is not None:
        return found[1]
    arrays = dict(make())
    _write_group(home / name, {}, arrays, {})
    return arrays


def contents(folder: Path) -> list[tuple[str, int]]:
    """Source and bytes of the networks in a cache, the last used first; empty where there is none."""
    return [(_source(home), _bytes(home)) for home in _homes(folder)]


# -- what a network is found by ------------------------------------------------------------------------------------


def _key(path: Path) -> str:
    digest = sha256(_rules())
    digest.update(path.name.encode("utf-8", "surrogateescape") + b"\0")  # the suffix decides how it is read, messages name it
    with path.open("rb", buffering=0) as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()[:40]


@lru_cache(maxsize=1)
def _rules() -> bytes:
    digest = sha256()
    for module in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(module.name.encode() + b"\0" + module.read_bytes())
    for name in LIBRARIES:
        digest.update(f"{name} {metadata.version(name)}\0".encode())
    return digest.digest()


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


# -- networks ------------------------------------------------------------------------------------------------------


def _load(home: Path) -> Network | None:
    from cfmap.network.network import Network

    found = _read_group(home / NETWORK)
    if found is None:
        return None
    facts, arrays, tables = found
    try:
        known = {**arrays, **facts, "faults": tuple(map(_fault, facts["faults"]))}
    except (KeyError, TypeError):  # a message that is worded otherwise now
        shutil.rmtree(home / NETWORK, ignore_errors=True)
        return None
    with suppress(OSError):
        os.utime(home / NETWORK / FACTS)  # used now
    network: Network = Network.stored(known, {name: partial(_table, content) for name, content in tables.items()})
    network.__dict__["_home"] = home
    return network


def _store(network: Network, home: Path) -> bool:
    values = {f.name: getattr(network, f.name) for f in fields(network)}
    arrays = {name: value for name, value in values.items() if isinstance(value, np.ndarray)}
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    tables = {name: value for name, value in values.items() if name not in arrays and name not in texts and name != "faults"}
    faults = [asdict(f) for f in network.faults]
    if tuple(map(_fault, json.loads(json.dumps(faults)))) != network.faults:
        return False  # a fact that JSON cannot hold
    if not _write_group(home / NETWORK, tables, {**arrays, "behind_gates": network.behind_gates}, {**texts, "faults": faults}):
        return False
    network.__dict__["_home"] = home
    return True


def _fault(record: dict[str, Any]) -> Fault:
    own = {k: v for k, v in record.items() if k not in ("facts", "letter", "places")}
    return replace(fault(**own, **record["facts"]), letter=record["letter"], places=tuple(map(tuple, record["places"])))


def _table(content: NDArray[np.uint8]) -> pd.DataFrame:
    from cfmap.network.tables import read_table

    return read_table(content)


# -- folders that appear whole or not at all -----------------------------------------------------------------------


def _write_group(target: Path, tables: Mapping[str, pd.DataFrame], arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> bool:
    """Write tables, arrays and facts as one folder; False when that cannot be, or somebody else was quicker."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=PART, dir=target.parent))
        try:
            for name, array in arrays.items():
                np.save(part / f"{name}.npy", array, allow_pickle=False)
            for name, table in tables.items():
                from cfmap.network.tables import write_table

                write_table(part / f"{name}.arrow", table)
            record = {"facts": facts, "sums": {file.name: crc32(_mapped(file).data) for file in sorted(part.iterdir())}}
            (part / FACTS).write_text(json.dumps({**record, "crc32": _own_sum(record)}, indent=1), encoding="utf-8")
            part.rename(target)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except (OSError, TypeError, ValueError) as error:
        _log.info("not kept in the cache: %s: %s", target, error)
        return target.is_dir()
    return True


def _read_group(folder: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]], dict[str, NDArray[np.uint8]]] | None:
    """Facts, arrays and tables' bytes of a folder; None when there is none, or it is damaged and has been removed."""
    try:
        record = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        _agree(record.pop("crc32"), _own_sum(record), FACTS)
        arrays, tables = {}, {}
        for name, expected in record["sums"].items():
            content = _mapped(folder / name)
            _agree(expected, crc32(content.data), name)
            stem, _, suffix = name.rpartition(".")
            if suffix == "npy":
                arrays[stem] = _array(content)
            else:
                tables[stem] = content
    except FileNotFoundError:
        if not folder.is_dir():
            return None
        problem: Exception = FileNotFoundError("a file is missing")
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = error
    else:
        return record["facts"], arrays, tables
    _log.info("damaged in the cache, made anew: %s: %s", folder, problem)
    shutil.rmtree(folder, ignore_errors=True)
    return None


def _mapped(file: Path) -> NDArray[np.uint8]:
    with file.open("rb") as stream:
        return np.frombuffer(mmap(stream.fileno(), 0, access=ACCESS_COPY), dtype=np.uint8)


def _array(content: NDArray[np.uint8]) -> NDArray[Any]:
    """View the bytes of an ``.npy`` file as its array."""
    head = BytesIO(content[:HEAD].tobytes())
    np.lib.format.read_magic(head)
    shape, fortran, dtype = np.lib.format.read_array_header_1_0(head)
    return content[head.tell() :].view(dtype).reshape(shape, order="F" if fortran else "C")


def _own_sum(record: dict[str, Any]) -> int:
    return crc32(json.dumps(record, sort_keys=True).encode())


def _agree(expected: int, found: int, name: str) -> None:
    if expected != found:
        msg = f"{name} is not what was written"
        raise ValueError(msg)


# -- size ----------------------------------------------------------------------------------------------------------


def _trim(folder: Path, *, keep: Path) -> None:
    """Remove networks beyond the limits, the least recently used first, and what dead processes left."""
    import time

    homes = _homes(folder)
    total = 0
    for place, home in enumerate(sorted(homes, key=lambda h: h != keep)):  # stable: the last used first behind `keep`
        total += _bytes(home)
        if home != keep and (place >= MAX_NETWORKS or total > MAX_BYTES):
            shutil.rmtree(home, ignore_errors=True)
    with suppress(OSError):
        for part in [part for home in folder.iterdir() for part in home.glob(f"{PART}*")]:
            if time.time() - part.stat().st_mtime > PART_AGE_S:
                shutil.rmtree(part, ignore_errors=True)
                part.parent.rmdir()  # only where nothing else is in it


def _homes(folder: Path) -> list[Path]:
    """Folders of networks, the last used first."""
    used = {}
    with suppress(OSError):
        for home in folder.iterdir():
            with suppress(OSError):
                used[home] = (home / NETWORK / FACTS).stat().st_mtime_ns
    return sorted(used, key=lambda home: (-used[home], home.name))


def _bytes(home: Path) -> int:
    total = 0
    for folder, _, files in os.walk(home):  # passes over what another process takes away meanwhile
        for name in files:
            with suppress(OSError):
                total += Path(folder, name).stat().st_size
    return total


def _source(home: Path) -> str:
    try:
        return str(json.loads((home / NETWORK / FACTS).read_text(encoding="utf-8"))["facts"]["source"])
    except (OSError, ValueError, KeyError, TypeError):
        return home.name


def _of_the_user() -> Path:
    """The folder for caches by the platform's own convention (XDG Base Directory, Apple, Windows known folders)."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


__all__ = ["contents", "extra", "reuse", "usual_folder"]
