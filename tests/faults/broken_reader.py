"""A reading process in which opening certain files goes wrong in every way there is: ``python -m tests.faults.broken_reader``."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

from cfmap.intake import reader_process


class PanicException(BaseException):
    """As a reader written in Rust throws, which ``except Exception`` does not catch."""


def _panic() -> None:
    msg = "index out of bounds\nsecond line"
    raise PanicException(msg)


def _memory() -> None:
    held = []
    while True:
        held.append(bytearray(64_000_000))


def _busy() -> None:
    while True:
        pass


def _noise() -> None:
    os.write(1, b"printed by a library " * 1000)
    print("and by Python")


DEEDS = {
    "panic": _panic,
    "bug": lambda: {}["no such key"],
    "leave": lambda: sys.exit(0),
    "interrupt": lambda: (_ for _ in ()).throw(KeyboardInterrupt),
    "abort": os.abort,
    "segv": lambda: ctypes.string_at(0),
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "exit": lambda: os._exit(0),
    "hang": lambda: time.sleep(600),
    "busy": _busy,
    "memory": _memory,
    "noise": _noise,
    "folder": lambda: (_ for _ in ()).throw(PermissionError(13, "Permission denied", "x.csv")),
}


def _wrong(door):
    def misread(*, path: str, **options):
        DEEDS.get(Path(path).stem, lambda: None)()
        return door(path=path, **options)

    return misread


if __name__ == "__main__":
    for name in ("table", "is_picture", "small_jpeg", "raster"):
        reader_process.DOORS[name] = _wrong(reader_process.DOORS[name])
    reader_process.MAX_MEMORY_BYTES = 600_000_000  # soon full
    reader_process.main()
