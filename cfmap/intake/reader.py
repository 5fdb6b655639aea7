"""Who opens outside files: one process of its own, so that no file can bring down, fill up or hold up the run that asks."""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cfmap.intake.gdal_drivers import ONLY_ALLOWED
from cfmap.intake.geofile import SUFFIXES as GIS_SUFFIXES
from cfmap.intake.plain import ERRORS, faults_in, receive, send, table_in
from cfmap.model.errors import EnvironmentFault, InputError
from cfmap.model.messages import fault

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from cfmap.geometry.raster import Raster
    from cfmap.intake.table import RawTable
    from cfmap.model.messages import Fault

BASE_SECONDS, SECONDS_PER_MB = 60.0, 3.0  # allowed for one file; a workbook of 100,000 rows takes 5 s
_MEMORY_WORDS = ("memory allocation", "bad_alloc", "out of memory", "Cannot allocate")


class Reader:
    """
    The process that reads, and the line to it: started when first asked, replaced when it has died.

    Parameters
    ----------
    module
        What runs in the process.
    seconds
        Allowed for one file, beside :data:`SECONDS_PER_MB`.
    """

    def __init__(self, module: str = "cfmap.intake.reader_process", *, seconds: float = BASE_SECONDS) -> None:
        self.module, self.seconds = module, seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._words: Any = None  # what it writes to standard error
        self._greeted = False
        self._turn = threading.Lock()

    def ask(self, door: str, name: str, path: Path, **options: Any) -> tuple[dict[str, Any], bytes]:
        """
        Have a file read.

        Parameters
        ----------
        door
            Key of :data:`cfmap.intake.reader_process.DOORS`.
        name
            Of the file, for messages.
        path, options
            Handed to the door; plain values only.

        Returns
        -------
        data, attached
            What the door gave.

        Raises
        ------
        CfmapError
            As the door raises; E270 the reader broke off, E271 it took too long, E272 it needed too much memory.
        OSError
            A right or a disk's space is missing.
        """
        with self._turn:
            seconds = self.seconds + SECONDS_PER_MB * _megabytes(path)
            data, attached = self._exchange({"door": door, "seconds": int(seconds) + 1, "options": {"path": str(path.absolute()), **options}}, name, seconds)
        kind = data.get("error")
        if kind is None:
            return data, attached
        if kind in ERRORS:
            raise ERRORS[kind](faults_in(data["faults"]))
        if kind == "memory":
            raise InputError(fault("E272", file=name))
        if kind == "system":
            raise OSError(data["errno"], data["detail"], data["filename"])
        raise InputError(fault("E270", file=name, detail=data["detail"]))

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():  # a fork's parent still needs it
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, self._words):
            if stream is not None:
                stream.close()

    def _exchange(self, request: dict[str, Any], file: str, seconds: float) -> tuple[dict[str, Any], bytes]:
        process = self._running()
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        clock = threading.Timer(seconds, end)
        clock.daemon = True
        clock.start()
        try:
            if not self._greeted:
                receive(process.stdout)  # type: ignore[arg-type]
                self._greeted = True
            send(process.stdin, request)  # type: ignore[arg-type]
            answer: tuple[dict[str, Any], bytes] = receive(process.stdout)  # type: ignore[arg-type]
        except (EOFError, OSError, ValueError):
            greeted, record = self._greeted, self._obituary(process, file, seconds, late=late.is_set())
            if not greeted:
                raise EnvironmentFault(fault("E410", detail=record.facts.get("detail", "-"))) from None
            raise InputError(record) from None
        except BaseException:
            self.close()  # interrupted: what it still answers belongs to nobody
            raise
        finally:
            clock.cancel()
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._owner == os.getpid() and self._process.poll() is None:
            return self._process
        self.close()
        self._owner, self._words, self._greeted = os.getpid(), tempfile.TemporaryFile(), False  # noqa: SIM115 - closed with the process
        surroundings = {**os.environ, **ONLY_ALLOWED, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "OPENBLAS_NUM_THREADS": "1"}
        try:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-P", "-m", self.module],  # nothing is imported from the folder that the files lie in
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._words,
                env=surroundings,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            self._words.close()
            raise EnvironmentFault(fault("E410", detail=error.strerror or str(error))) from error
        return self._process

    def _obituary(self, process: subprocess.Popen[bytes], file: str, seconds: float, *, late: bool) -> Fault:
        """Say why it died, as far as its end and its last words tell."""
        process.kill()
        code = process.wait()
        self._words.seek(0)
        words = self._words.read()[-4000:].decode("utf-8", errors="replace")
        self.close()
        if late or code == -getattr(signal, "SIGXCPU", 0):
            return fault("E271", file=file, seconds=f"{seconds:.0f}")
        if any(word in words for word in _MEMORY_WORDS) or "MemoryError" in words:
            return fault("E272", file=file)
        last = next((line.strip() for line in reversed(words.splitlines()) if line.strip()), "")
        name = signal.Signals(-code).name if code < 0 else f"exit {code}"
        return fault("E270", file=file, detail=f"{name}: {last[:200]}" if last else name)


def _megabytes(path: Path) -> float:
    try:
        return path.stat().st_size / 1e6
    except OSError:
        return 0.0  # the door says what is wrong with it


READER = Reader()
atexit.register(READER.close)


def is_gis(path: Path, *, file: str) -> bool:
    """Whether a file is read by :func:`read_geofile`: by its extension, and for a ``.zip`` by what it holds; errors as :func:`cfmap.intake.archive.held`."""
    if path.suffix.lower() != ".zip":
        return path.suffix.lower() in GIS_SUFFIXES
    data, _ = READER.ask("is_gis", file, path, file=file)
    return bool(data["gis"])


def read_table(path: Path, *, known_headers: Collection[str], file: str = "", **options: Any) -> RawTable:
    """Do as :func:`cfmap.intake.table.read_table`, in the reading process; further errors as :meth:`Reader.ask`."""
    file = file or path.name
    data, attached = READER.ask("table", file, path, known_headers=list(known_headers), file=file, **options)
    return table_in(data["table"], attached)


def read_geofile(path: Path, *, datum: str | None, layer: str = "", encoding: str = "", file: str = "") -> RawTable:
    """Do as :func:`cfmap.intake.geofile.read_geofile`, in the reading process; further errors as :meth:`Reader.ask`."""
    file = file or path.name
    data, attached = READER.ask("geofile", file, path, datum=datum, layer=layer, encoding=encoding, file=file)
    return table_in(data["table"], attached)


def convert_file(path: Path, out: Path, *, source: str, target: str, columns: dict[str, str] | None = None) -> list[Fault]:
    """Do as :func:`cfmap.intake.convert.convert_file`, in the reading process; further errors as :meth:`Reader.ask`."""
    data, _ = READER.ask("convert", path.name, path, out=str(out.absolute()), source=source, target=target, columns=columns)
    return faults_in(data["faults"])


def read_grid(path: Path, *, sheet: str | None, file: str) -> list[list[str]] | None:
    """Give one sheet of :func:`cfmap.intake.table.all_cells`, read in the reading process; further errors as :meth:`Reader.ask`."""
    data, _ = READER.ask("grid", file, path, sheet=sheet, file=file)
    grid: list[list[str]] | None = data["grid"]
    return grid


def sheet_names(path: Path, *, file: str) -> list[str]:
    """Do as :func:`cfmap.intake.table.sheet_names`, in the reading process; further errors as :meth:`Reader.ask`."""
    data, _ = READER.ask("sheets", file, path, file=file)
    return [str(name) for name in data["sheets"]]


def is_picture(path: Path) -> bool:
    """Do as :func:`cfmap.intake.photos.is_picture`, in the reading process; what ends that process is no picture."""
    try:
        data, _ = READER.ask("is_picture", path.name, path)
    except InputError:
        return False
    return bool(data["picture"])


def small_jpeg(path: Path, *, limit: int, sides: Sequence[int], qualities: Sequence[int]) -> bytes | None:
    """Do as :func:`cfmap.intake.photos.small_jpeg`, in the reading process; None for what ends that process."""
    try:
        data, made = READER.ask("small_jpeg", path.name, path, limit=limit, sides=list(sides), qualities=list(qualities))
    except InputError:
        return None
    return made if data["made"] else None


def read_raster(path: Path | str, *, band: int = 1, bounds: tuple[float, float, float, float] | None = None, file: str = "") -> Raster:
    """Do as :func:`cfmap.intake.raster.read_raster`, in the reading process; further errors as :meth:`Reader.ask`. The numbers cannot be written to."""
    import numpy as np

    from cfmap.geometry.raster import Raster
    from cfmap.intake.raster import NODATA

    file = file or str(path)
    data, values = READER.ask("raster", file, Path(path), band=band, bounds=None if bounds is None else list(map(float, bounds)), file=file)
    return Raster(np.frombuffer(values, dtype="<f8").reshape(data["shape"]), data["transform"], data["crs"], nodata=NODATA)
