"""What happened in a run, for whoever has to find out later? One line of JSON for each record, personal values and keys masked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cfmap.model.masking import MASK, NUMBERS
from cfmap.publish import clock, files, gate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cfmap.model.messages import Fault


def write(path: Path, faults: Iterable[Fault], **facts: Any) -> Path:
    """
    Write a run's log.

    Parameters
    ----------
    path
        File to write; what is there is replaced.
    faults
        Records, each a line.
    facts
        First line: what run it was (version, edition, seconds …).
    """
    head = {"time": clock.stamp(clock.now()), **facts}
    lines = [head, *(record.record() for record in faults)]
    text = "".join(json.dumps(masked(line), ensure_ascii=False) + "\n" for line in lines)
    return files.write_bytes(path, text.encode())


def masked(value: Any) -> Any:
    """Replace in the data everything that looks like a person's number, name beside a word for it or address, and every key."""
    if isinstance(value, str):
        return NUMBERS.sub(MASK, gate.redacted(value))
    if isinstance(value, dict):
        return {key: masked(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [masked(inner) for inner in value]
    return value
