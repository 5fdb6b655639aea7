"""How does a file get onto the disk whole, and what is said when it cannot?"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cfmap.model.errors import CfmapError, EnvironmentFault
from cfmap.model.messages import fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

RETRY_S = (0.05, 0.1, 0.2, 0.4, 0.75, 1.0)  # Windows: waits while another program holds a file, 2.5 s in all
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FULL_WORDS = ("no space left", "disk is full", "disk full", "file too large", "quota exceeded")
REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}
IN_USE = {5, 32, 33}  # winerror: access denied, sharing violation, lock violation
SPARE = 1 << 20  # bytes; less than this left after a failed write means the disk is full


def write_bytes(path: Path, data: bytes) -> Path:
    """Write a file and make sure that it has reached the disk."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return path


def replace(source: Path, target: Path) -> None:
    """
    Put `source` in the place of `target` in one step; a reader sees the one or the other, never half.

    Raises
    ------
    EnvironmentFault
        When another program holds the target for longer than all of `RETRY_S` (Windows).
    """
    for wait in (*RETRY_S, None):
        try:
            os.replace(source, target)  # noqa: PTH105 - the primitive the protocol rests on
        except PermissionError as error:
            if getattr(error, "winerror", None) not in IN_USE:
                raise
            if wait is None:
                raise EnvironmentFault(fault("E404", name=target.name, seconds=sum(RETRY_S))) from error
            time.sleep(wait)
        else:
            return


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """
    Give an empty folder beside `folder` to write to; it takes that one's place when the block ends well, and vanishes otherwise.

    Raises
    ------
    EnvironmentFault
        When the disk, rights or another program stand in the way.
    """
    part = folder.with_name(f".{os.getpid()}.part.{folder.name}")
    with explained(folder.parent, needed=lambda: SPARE):
        try:
            remove(part)
            part.mkdir(parents=True)
            yield part
            sync_files(p for p in part.rglob("*") if p.is_file())
            remove(folder)
            part.rename(folder)
        finally:
            remove(part)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last (POSIX; Windows needs no such step)."""
    if os.name == "nt":  # pragma: no cover
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_files(paths: Iterable[Path]) -> None:
    """Make sure that files written by others have reached the disk."""
    for path in paths:
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def sha256(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove(folder: Path) -> None:
    """Remove a folder with all in it; one that is gone already is fine."""
    if folder.is_dir():
        shutil.rmtree(folder)


def free_bytes(folder: Path) -> int:
    """Bytes that can still be written in the file system of a folder that may not exist yet."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def size_bytes(folder: Path) -> int:
    """Bytes of all files in a folder; 0 when there is none."""
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) if folder.is_dir() else 0


def readable(size: float) -> str:
    """Bytes as people read them: ``3.2 MB``."""
    for unit in ("B", "KB", "MB"):
        if size < 1024:
            return f"{size:,.0f} {unit}" if unit == "B" else f"{size:,.1f} {unit}"
        size /= 1024
    return f"{size:,.1f} GB"


@contextmanager
def explained(folder: Path, *, needed: Callable[[], int]) -> Iterator[None]:
    """Turn faults of the machine inside the block into messages (:func:`explain`); all else passes as it is."""
    try:
        yield
    except CfmapError:
        raise
    except Exception as error:
        told_as = explain(error, folder, needed=needed())
        if told_as is None:
            raise
        raise told_as from error


def explain(error: Exception, folder: Path, *, needed: int) -> CfmapError | None:
    """
    Turn what the system or a file library raised into a message that its reader can act on.

    Parameters
    ----------
    error
        Raised while writing into `folder`; GDAL, SQLite and Arrow have errors of their own for a full disk.
    needed
        Bytes that the whole needs, about.

    Returns
    -------
    error
        None when it is no fault of the machine but ours.
    """
    chain: list[BaseException] = [error]
    while (deeper := chain[-1].__cause__ or chain[-1].__context__) is not None and deeper not in chain:
        chain.append(deeper)
    text = " ".join(str(e) for e in chain).lower()
    code = next((e.errno for e in chain if isinstance(e, OSError) and e.errno), None)
    free = free_bytes(folder)
    if code in FULL or any(words in text for words in FULL_WORDS) or free < SPARE:
        return EnvironmentFault(fault("E402", folder=str(folder), needed=readable(max(needed, SPARE)), free=readable(free)))
    if isinstance(error, NotADirectoryError | FileExistsError):
        return EnvironmentFault(fault("E406", folder=str(error.filename or folder)))
    if isinstance(error, PermissionError) and getattr(error, "winerror", None) in IN_USE:
        return EnvironmentFault(fault("E404", name=str(error.filename or folder), seconds=0.0))
    if code in REFUSED:
        return EnvironmentFault(fault("E403", folder=str(folder), detail=os.strerror(code or 0)))
    if isinstance(error, OSError):
        return EnvironmentFault(fault("E405", folder=str(folder), detail=str(error.strerror or error)))
    return None
