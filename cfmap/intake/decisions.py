"""What a person has decided: are these two one site, or two? Kept in ``data/核对.csv``, honoured by every later run."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from cfmap.intake.encoding import decode
from cfmap.model.errors import InputError
from cfmap.model.messages import fault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfmap.model.city import City

Verdict = Literal["same", "different"]
Site = tuple[str, str]  # key of the layer, id

FILE = "data/核对.csv"
WORDS: dict[Verdict, str] = {"same": "同一处", "different": "不是同一处"}
COLUMNS = ("图层", "编号", "名称", "对照图层", "对照编号", "对照名称", "判断")
_VERDICTS: dict[str, Verdict] = {word: verdict for verdict, word in WORDS.items()}


@dataclass(frozen=True)
class Decision:
    """One pair of sites and what was decided; the order of the two means nothing."""

    one: Site
    one_name: str
    other: Site
    other_name: str
    verdict: Verdict

    @property
    def pair(self) -> frozenset[Site]:
        """Which two."""
        return frozenset((self.one, self.other))


@dataclass(frozen=True)
class Decisions:
    """All that was decided in a project."""

    by_pair: dict[frozenset[Site], Decision] = field(default_factory=dict)

    def of(self, one: Site, other: Site) -> Verdict | None:
        """What was decided about two sites; None when nobody has yet."""
        found = self.by_pair.get(frozenset((one, other)))
        return found.verdict if found is not None else None

    def same(self, layer: str) -> list[tuple[str, str]]:
        """Ids of one layer that are one site, two by two, each pair and the list in order."""
        pairs = (sorted((d.one[1], d.other[1])) for d in self.by_pair.values() if d.verdict == "same" and d.one[0] == d.other[0] == layer)
        return sorted((a, b) for a, b in pairs if a != b)


def read(city: City) -> Decisions:
    """
    Read the project's decisions; none when there is no such file.

    Raises
    ------
    InputError
        E293: a line that says neither 同一处 nor 不是同一处, or lacks an id.
    """
    path = city.path(FILE)
    if not path.is_file():
        return Decisions()
    found: dict[frozenset[Site], Decision] = {}
    for number, row in enumerate(csv.DictReader(io.StringIO(decode(path.read_bytes(), file=FILE).text.lstrip("\ufeff"), newline="")), start=2):
        cells = {key: (row.get(key) or "").strip() for key in COLUMNS}
        verdict = _VERDICTS.get(cells["判断"])
        ids = (cells["图层"], cells["编号"]), (cells["对照图层"], cells["对照编号"])
        if verdict is None or not all(part for site in ids for part in site):
            raise InputError(fault("E293", file=FILE, row=number, column="判断", value=cells["判断"] or None, known="、".join(_VERDICTS)))
        made = Decision(ids[0], cells["名称"], ids[1], cells["对照名称"], verdict)
        found[made.pair] = made
    return Decisions(found)


def remember(city: City, made: Iterable[Decision]) -> int:
    """
    Add decisions to the project's, the newer one of a pair wins; returns how many are new or other than before.

    Raises
    ------
    OSError
        The file cannot be written; what it held is then as it was.
    """
    known = dict(read(city).by_pair)
    fresh = [d for d in made if known.get(d.pair) is None or known[d.pair].verdict != d.verdict]
    if not fresh:
        return 0
    known |= {d.pair: d for d in fresh}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(sorted((*d.one[:2], d.one_name, *d.other[:2], d.other_name, WORDS[d.verdict]) for d in known.values()))
    path = city.path(FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(text.getvalue().encode("utf-8-sig"))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return len(fresh)
