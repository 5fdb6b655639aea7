"""How is data written as a JSON file of the edition, and read back?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cfmap.model.messages import Fault, fault
from cfmap.publish import files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def write(path: Path, content: Any) -> list[Path]:
    """Write UTF-8 that people can read; ``null`` is unknown, and what JSON has no number for is an error of ours."""
    return [files.write_bytes(path, (json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode())]


def check(path: Path, content: Any) -> Iterator[Fault]:
    """Read it back: E601 when it is broken or says something else than `content`."""
    try:
        same = json.loads(path.read_text(encoding="utf-8")) == content
    except ValueError as error:
        yield fault("E601", name=path.name, detail=str(error))
        return
    if not same:
        yield fault("E601", name=path.name, detail=f"{path.stem} ≠")
