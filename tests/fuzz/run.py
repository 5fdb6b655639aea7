"""
Broken files of every kind, one after the other, through the rooms that read them.

``python -m tests.fuzz N [SEED]`` goes on where the run before stopped. What it finds stands in ``.cache/fuzz``: the file, and a line that says what happened.
"""

from __future__ import annotations

import contextlib
import io
import json
import random
import shutil
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cfmap.cli import boundary
from cfmap.intake import convert_file, load_layer, read_outline
from cfmap.intake.reader import Reader
from cfmap.model import load_city
from cfmap.model.layer import Field, Layer
from tests.fuzz import corpus
from tests.fuzz.mutate import mutated

if TYPE_CHECKING:
    from collections.abc import Callable

EXITS = {0, 3, 4, 5}  # the others would blame the command, or ourselves
SLOW_SECONDS = 60.0
OURS = (
    "KeyError",
    "IndexError",
    "TypeError",
    "AttributeError",
    "UnboundLocalError",
    "ZeroDivisionError",
    "AssertionError",
    "ValueError",
    "RecursionError",
    "NotImplementedError",
)
LAYER = Layer(
    key="schools", title="学校", title_en="Schools", icon="school", colour="#123456",
    fields=(Field("places", "学位数", "places", kind="integer", minimum=0, maximum=10_000),),
)  # fmt: skip
EXTENT = (120.5, 27.6, 120.9, 27.9)


@dataclass
class Report:
    """What came of a run: how often each exit and each code, and what should not have been."""

    exits: Counter[int] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)
    slowest: float = 0.0


class Fuzz:
    """Files to break, and who reads them."""

    def __init__(self, folder: Path, *, seed: int = 1) -> None:
        self.folder, self.seed = folder, seed
        self.whole = corpus.make(folder / "whole")
        self.streets = Reader("tests.fuzz.street_reader")
        (folder / "city").mkdir(exist_ok=True)

    def close(self) -> None:
        """End the process that reads streets."""
        self.streets.close()

    def broken(self, number: int) -> tuple[str, Path]:
        """Write broken file `number`; its kind and where it is."""
        chance = random.Random(f"{self.seed}:{number}")
        kind = corpus.KINDS[number % len(corpus.KINDS)]
        folder = self.folder / "city" / "data"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.whole[kind].parent, folder)
        target = folder / self.whole[kind].name
        if kind == "shp":
            target = target.with_suffix(chance.choice((".shp", ".shp", ".dbf", ".dbf", ".shx", ".prj")))
        target.write_bytes(mutated(kind, target.read_bytes(), chance))
        return kind, folder / self.whole[kind].name

    def read(self, kind: str, path: Path, number: int) -> None:
        """Do what a command would do with the file."""
        if kind in {"osm", "pbf"}:
            self.streets.ask("streets", path.name, path)
            return
        (self.folder / "city" / "cfmap.toml").write_text(
            f'[city]\nname = "示例市"\n[edition]\nyear = 2024\n[network]\nsource = "data/none.osm"\n[layers.schools]\nsources = [{{ path = "data/{path.name}" }}]\n',
            encoding="utf-8",
        )
        city = load_city(self.folder / "city")
        doors: list[Callable[[], Any]] = [lambda: load_layer(LAYER, city, year=2024, extent=EXTENT)] * 4
        doors.append(lambda: convert_file(path, self.folder / f"out{path.suffix}", source="gcj02", target="wgs84"))
        if kind in {"geojson", "gpkg", "shp"}:
            doors.append(lambda: read_outline(path, datum="wgs84", city=city))
        doors[number // len(corpus.KINDS) % len(doors)]()

    def one(self, number: int, report: Report) -> None:
        """Break, read, judge."""
        kind, path = self.broken(number)
        command = click.Command("read", callback=lambda: self.read(kind, path, number))
        words = io.StringIO()
        begun = time.monotonic()
        with contextlib.redirect_stderr(words), contextlib.redirect_stdout(words):
            code = boundary.run(command, ["--lang", "zh"][:0])
        took = time.monotonic() - begun
        told = words.getvalue()
        report.exits[code] += 1
        report.slowest = max(report.slowest, took)
        heads = [line.split()[1] for line in told.splitlines() if line.startswith(("错误 ", "Error "))]
        report.codes.update(set(heads))
        wrong = []
        if code not in EXITS:
            wrong.append(f"exit {code}")
        if "Traceback" in told:
            wrong.append("traceback")
        if code and not (path.stem in told or path.name in told):
            wrong.append("the message does not name the file")
        if took > SLOW_SECONDS or "E271" in heads:
            wrong.append(f"{took:.0f} s")
        if "E270" in heads:
            wrong.append("the reader broke off")
        if wrong:
            report.findings.append(f"{number} {kind}: {'; '.join(wrong)}: {' '.join(told.split())[:400]}")
            kept = self.folder / "findings" / str(number)
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(path.parent, kept)


def main(count: int, seed: int, folder: Path) -> int:
    """Run up to number `count`, from where the run before stopped; 1 when something was found."""
    folder = folder / str(seed)
    folder.mkdir(parents=True, exist_ok=True)
    state = folder / "state.json"
    known = json.loads(state.read_text(encoding="utf-8")) if state.is_file() else {"next": 0, "exits": {}, "codes": {}, "findings": [], "slowest": 0.0}
    report = Report(Counter({int(k): v for k, v in known["exits"].items()}), Counter(known["codes"]), known["findings"], known["slowest"])
    fuzz = Fuzz(folder, seed=seed)
    begun = time.monotonic()
    try:
        for number in range(known["next"], count):
            fuzz.one(number, report)
            if number % 100 == 99 or number == count - 1:
                saved = {"next": number + 1, "exits": report.exits, "codes": report.codes, "findings": report.findings, "slowest": report.slowest}
                part = state.with_suffix(".part")
                part.write_text(json.dumps(saved, ensure_ascii=False, indent=1), encoding="utf-8")
                part.replace(state)
    finally:
        fuzz.close()
    print(f"{count} files, {time.monotonic() - begun:.0f} s in this run, slowest {report.slowest:.1f} s")
    print("exits:", dict(sorted(report.exits.items())))
    print("codes:", dict(report.codes.most_common()))
    for finding in report.findings:
        print("FOUND", finding)
    return int(bool(report.findings))


def in_a_row(count: int, *, seed: int = 1) -> Report:
    """Run the first `count` in a folder of their own."""
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        fuzz = Fuzz(Path(folder), seed=seed)
        try:
            for number in range(count):
                fuzz.one(number, report)
        finally:
            fuzz.close()
    return report
