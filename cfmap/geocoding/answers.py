"""Which answers are already known: each in a file of its own, so that a run that was broken off loses nothing."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from cfmap.model import fault
from cfmap.network.atomic import replacing

if TYPE_CHECKING:
    from pathlib import Path

    from cfmap.model import Fault

VERSION = 1  # of what is kept and of how it is judged; older answers are asked for again
GRADES = ("高", "中", "低")


@dataclass(frozen=True)
class Candidate:
    """A place found: degrees in the service's datum, its address, how sure (高, 中, 低) and what the service said about that."""

    lon: float
    lat: float
    address: str
    grade: str
    level: str


class Answers:
    """
    Answers kept in a folder of the project, by service, address asked and words.

    Only answers with a place are kept; what cannot be read is passed over (W430) and asked for again. The key is in none.
    """

    def __init__(self, folder: Path, *, service: str, url: str) -> None:
        self.folder, self.service, self.url = folder, service, url
        self.faults: list[Fault] = []

    def get(self, query: str) -> list[Candidate] | None:
        """Candidates of an earlier run, None when there are none."""
        path = self._path(query)
        if not path.is_file():
            return None
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            found = [_candidate(c) for c in data["candidates"]]
            if data["query"] != query or not found:
                raise ValueError(query)  # noqa: TRY301
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            self.faults.append(fault("W430", file=path.name))
            return None
        return found

    def keep(self, query: str, candidates: list[Candidate]) -> None:
        """Keep a good answer."""
        if candidates:
            data = {"version": VERSION, "service": self.service, "query": query, "candidates": [asdict(c) for c in candidates]}
            with replacing(self._path(query)) as part:
                part.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")

    def _path(self, query: str) -> Path:
        key = hashlib.sha256(f"{VERSION}|{self.service}|{self.url}|{query}".encode()).hexdigest()[:24]
        return self.folder / f"{key}.json"


def _candidate(data: dict[str, Any]) -> Candidate:
    made = Candidate(float(data["lon"]), float(data["lat"]), str(data["address"]), str(data["grade"]), str(data["level"]))
    if made.grade not in GRADES or not (math.isfinite(made.lon) and math.isfinite(made.lat) and abs(made.lon) <= 180 and abs(made.lat) <= 90):
        raise ValueError(data)
    return made
