"""Who is writing here? One at a time."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from cfmap.model.errors import EnvironmentFault
from cfmap.model.messages import Fault, fault
from cfmap.publish import clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK = ".cfmap.lock"
HOLDER = ".cfmap.lock.json"  # beside the lock: on Windows a locked file cannot be read


@contextmanager
def held(folder: Path) -> Iterator[tuple[Fault, ...]]:
    """
    Hold the lock of a folder that exists; yields what is worth telling (the last run died).

    The operating system drops the lock when its process dies, however that happens: no lock is ever stale.

    Raises
    ------
    EnvironmentFault
        When another run holds it; names its process, computer and start.
    """
    lock = FileLock(folder / LOCK, timeout=0, is_singleton=False)
    holder = folder / HOLDER
    try:
        lock.acquire()
    except Timeout:
        raise EnvironmentFault(fault("E401", **_who(holder))) from None
    try:
        told = (fault("I402", **_who(holder)),) if holder.exists() else ()
        who = {"pid": os.getpid(), "host": socket.gethostname(), "start": clock.stamp(clock.now())}
        holder.write_text(json.dumps(who), encoding="utf-8")
        yield told
    finally:
        try:
            with contextlib.suppress(OSError):  # it only tells; the lock itself must go
                holder.unlink(missing_ok=True)
        finally:
            lock.release()


def _who(holder: Path) -> dict[str, Any]:
    try:
        known = json.loads(holder.read_text(encoding="utf-8"))
        return {key: str(known[key]) for key in ("pid", "host", "start")}
    except (OSError, ValueError, KeyError, TypeError):  # just being written, or cut by the death of its writer
        return dict.fromkeys(("pid", "host", "start"), "?")
