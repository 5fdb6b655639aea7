"""How a file appears whole or not at all."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from cfmap.model import EnvironmentFault, fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """
    Give a path beside `target` to write to; it takes the target's place when the block ends well, and vanishes otherwise.

    The path keeps all suffixes of `target`, so that writers which choose their format by name choose the same one.

    Raises
    ------
    EnvironmentFault
        When the folder cannot be made, or the file cannot be written or moved (rights, full disk).
    """
    part = target.with_name(f".{os.getpid()}.part.{target.name}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        yield part
        _flush(part)
        part.replace(target)
    except OSError as error:
        if isinstance(error, EnvironmentFault):
            raise
        raise EnvironmentFault(fault("E346", file=target.name, detail=error.strerror or str(error))) from None
    finally:
        with suppress(OSError):
            part.unlink()


def _flush(path: Path) -> None:
    """Bytes reach the disk before the name does, so that a power cut leaves the old file or the new one."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
