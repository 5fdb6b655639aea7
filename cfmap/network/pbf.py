"""How OpenStreetMap objects are written so that a full disk is an error and not the end of the process."""

from __future__ import annotations

import ctypes
import errno
import os
from typing import TYPE_CHECKING, Any, NoReturn, Self

import osmium

if TYPE_CHECKING:
    from pathlib import Path


class OsmWriter:
    """
    A writer for a ``with`` block, of ``.osm.pbf`` or of libosmium's format `form`.

    libosmium ends the whole process when a writer that has failed is destroyed (its destructor writes once more and throws). So a writer that has
    failed is never destroyed: it keeps one reference for ever, and the failure is an ``OSError``, which readers' faults are not.

    Raises
    ------
    OSError
        When the file cannot be written.
    """

    def __init__(self, path: Path, header: osmium.io.Header, *, form: str = "") -> None:
        try:
            self._writer = osmium.SimpleWriter(osmium.io.File(str(path), form), header=header)
        except RuntimeError as error:
            raise _os_error(error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            self._writer.close()
        except (RuntimeError, osmium.InvalidLocationError) as error:
            self._keep()
            if kind is None and isinstance(error, RuntimeError):
                raise _os_error(error) from None
            if kind is None:  # a place that is none can be read, not written: the file's fault
                raise
        else:
            if kind is not None and issubclass(kind, osmium.InvalidLocationError):  # it is still in it, though closing said nothing
                self._keep()

    def add(self, thing: Any) -> None:
        """Write a node, way or relation."""
        try:
            self._writer.add(thing)
        except RuntimeError as error:
            self._fail(error)

    def add_passing(self, reader: osmium.io.Reader, *handlers: Any) -> None:
        """Write all objects of a reader that its filters and other handlers let pass; what the reader raises is passed on."""
        try:
            osmium.apply(reader, *handlers, self._writer)
        except RuntimeError as error:
            try:
                self._writer.close()
            except RuntimeError:  # not the reader but the writer failed
                self._fail(error)
            raise

    def _fail(self, error: RuntimeError) -> NoReturn:
        self._keep()
        raise _os_error(error) from None

    def _keep(self) -> None:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._writer))


def _os_error(error: RuntimeError) -> OSError:
    full = os.strerror(errno.ENOSPC)
    return OSError(errno.ENOSPC if full in str(error) else errno.EIO, full if full in str(error) else str(error)[:200])


def join_files(parts: list[Path], header: osmium.io.Header, out: Path) -> None:
    """
    Join files whose objects lie in order into one in order; an object that several hold appears once.

    Raises
    ------
    OSError
        When the result cannot be written.
    """
    merge = osmium.MergeInputReader()
    for part in parts[1:]:
        merge.add_file(str(part))
    with osmium.io.Reader(str(parts[0])) as reader:
        try:
            writer = osmium.io.Writer(str(out), header)  # unlike SimpleWriter it may be destroyed after a failure
            merge.apply_to_reader(reader, writer)
            writer.close()
        except RuntimeError as error:
            raise _os_error(error) from None
