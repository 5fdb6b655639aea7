"""
The process that opens outside files, and nothing else: ``python -m cfmap.intake.reader_process``.

Requests come on standard input, answers go to where standard output was. Its memory and time are bounded, what libraries print
goes nowhere near the answers, and whatever is thrown becomes an answer. When it dies, :mod:`cfmap.intake.reader` says so.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cfmap.intake.plain import faults_in, faults_out, receive, send, table_out
from cfmap.model.errors import CfmapError

if TYPE_CHECKING:
    from collections.abc import Callable

    Answer = tuple[dict[str, Any], bytes | memoryview]

MAX_MEMORY_BYTES = 4_000_000_000  # of address space; 100,000 rows of a workbook need a tenth of it


def _read_table(*, path: str, **options: Any) -> Answer:
    from cfmap.intake.table import read_table

    data, attached = table_out(read_table(Path(path), **options), None)
    return {"table": data}, attached


def _read_geofile(*, path: str, **options: Any) -> Answer:
    from cfmap.intake.geofile import read_shapes

    data, attached = table_out(*read_shapes(Path(path), **options))
    return {"table": data}, attached


def _convert_file(*, path: str, out: str, **options: Any) -> Answer:
    from cfmap.intake.convert import convert_file

    return {"faults": faults_out(convert_file(Path(path), Path(out), **options))}, b""


def _mark(*, path: str, out: str, file: str, faults: list[list[Any]]) -> Answer:
    from cfmap.intake.marked import mark

    made = mark(Path(path), Path(out), file=file, faults=faults_in(faults))
    return {"made": str(made) if made is not None else ""}, b""


def _grid(*, path: str, sheet: str | None, file: str) -> Answer:
    from cfmap.intake.table import all_cells

    return {"grid": all_cells(Path(path), sheets=(sheet,), file=file).get(sheet)}, b""


def _sheets(*, path: str, **options: Any) -> Answer:
    from cfmap.intake.table import sheet_names

    return {"sheets": sheet_names(Path(path), **options)}, b""


def _is_gis(*, path: str, file: str) -> Answer:
    from cfmap.intake import archive
    from cfmap.intake.geofile import FILE_SUFFIXES
    from cfmap.intake.table import SUFFIXES

    inside = Path(archive.held(Path(path), suffixes=(*FILE_SUFFIXES, *SUFFIXES), file=file))
    return {"gis": inside.suffix.lower() in FILE_SUFFIXES}, b""


def _is_picture(*, path: str) -> Answer:
    from cfmap.intake.photos import is_picture

    return {"picture": is_picture(Path(path))}, b""


def _small_jpeg(*, path: str, **options: Any) -> Answer:
    from cfmap.intake.photos import small_jpeg

    made = small_jpeg(Path(path), **options)
    return {"made": made is not None}, made or b""


def _raster(*, path: str, **options: Any) -> Answer:
    from cfmap.intake.raster import read_raster

    raster = read_raster(path, **options)
    values = raster.values.astype("<f8", copy=False)
    data = {"shape": list(values.shape), "transform": list(raster.transform), "crs": raster.crs}
    return data, values.ravel().data.cast("B")


DOORS: dict[str, Callable[..., Answer]] = {
    "table": _read_table,
    "geofile": _read_geofile,
    "convert": _convert_file,
    "mark": _mark,
    "grid": _grid,
    "sheets": _sheets,
    "is_gis": _is_gis,
    "is_picture": _is_picture,
    "small_jpeg": _small_jpeg,
    "raster": _raster,
}


def main() -> None:
    """Answer requests until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the asking process's to understand
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit_memory()
    send(answers, "ready")
    while True:
        try:
            request, _ = receive(sys.stdin.buffer)
        except EOFError:
            return
        _limit_time(request["seconds"])
        send(answers, *_answer(request["door"], request["options"]))


def _answer(door: str, options: dict[str, Any]) -> Answer:
    try:
        return DOORS[door](**options)
    except CfmapError as error:
        return {"error": type(error).__name__, "faults": faults_out(error.faults)}, b""
    except MemoryError:
        return {"error": "memory"}, b""
    except OSError as error:
        if error.errno is None:
            return {"error": "unforeseen", "detail": f"{type(error).__name__}: {str(error).strip()[:200]}"}, b""
        return {"error": "system", "errno": error.errno, "detail": error.strerror or str(error), "filename": error.filename and str(error.filename)}, b""
    except BaseException as error:  # noqa: BLE001 - the one boundary round everything that reads outside files
        return {"error": "unforeseen", "detail": f"{type(error).__name__}: {str(error).strip()[:200]}"}, b""


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows: the scan of bounds and the asker's clock remain
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MAX_MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MAX_MEMORY_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_time(seconds: int) -> None:
    """Let the system end this process after so many more seconds of computing, even when nobody waits for it any more."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    wanted = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


if __name__ == "__main__":
    main()
