"""
Every mistake many times, and right tables of many sizes, through the reader, the row checks, the towns and the datum guard.

``python -m tests.proofs.coordinates N [SEED] [--write]``: N tables for each mistake and size, ten times N right ones.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from cfmap.intake.coordinates import check_positions, locate
from cfmap.intake.datum_guard import judge
from cfmap.intake.geofile import read_geofile
from cfmap.intake.table import read_table
from cfmap.intake.towns import with_towns
from cfmap.model import CfmapError
from cfmap.model.edition import LayerData
from tests.proofs import page
from tests.proofs.coordinates import clean, round_trips
from tests.proofs.coordinates.mistakes import MISTAKES, Handed, Mistake

if TYPE_CHECKING:
    from cfmap.model.messages import Fault

SIZES = (5, 8, 12, 20, 40, 100)  # sites in a table where only the streets can tell
USUAL = 20  # sites where each row tells by itself
CLEAN_SIZES = (3, 5, 8, 12, 20, 40, 100, 300)
MISTAKE_WORDS = {
    "E203",
    "E231",
    "E232",
    "E235",
    "E236",
    "E237",
    "E238",
    "E239",
    "E240",
    "E241",
    "E246",
    "W233",
    "W234",
    "W235",
    "W242",
    "W243",
    "W245",
    "W247",
    "W248",
    "W261",
}
FILE = "教育局.csv"


@dataclass
class Count:
    """Of how many tables how many were told, by what; and what the rest said."""

    tables: int = 0
    told: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    open: int = 0
    others: Counter[str] = field(default_factory=Counter)


def faults_of(handed: Handed, folder: Path, *, city: str) -> tuple[list[Fault], Any]:
    """What is said about a table, and where its sites come out."""
    columns = [*zip(handed.headers, (handed.x, handed.y), strict=False), *handed.extra.items()]
    stream = io.StringIO()
    csv.writer(stream).writerows(
        [["名称", *(h for h, _ in columns)], *([f"第{i}小学", *cells] for i, cells in enumerate(zip(*(c for _, c in columns), strict=True)))]
    )
    path = folder / FILE
    path.write_text(stream.getvalue(), encoding="utf-8")
    try:
        table = read_table(path, known_headers=["名称", "坐标系", "乡镇街道", *handed.headers])
        located = locate(table, datum=handed.datum, columns={}, extent=clean.extent(city))
    except CfmapError as error:
        return list(error.faults), None
    faults = [*table.faults, *located.stops, *located.faults]
    if not located.stops:
        faults += _towns(handed, located, city) if "乡镇街道" in handed.extra else []
        here = ~np.isnan(located.lon)
        faults += judge((located.lon[here], located.lat[here]), clean.streets(city), declared=handed.datum).faults(file=FILE)
    return faults, located


def _towns(handed: Handed, located: Any, city: str) -> list[Fault]:
    sites = gpd.GeoDataFrame(
        {"name": [f"第{i}小学" for i in range(len(located.lon))], "town": handed.extra["乡镇街道"]},
        geometry=gpd.points_from_xy(located.lon, located.lat),
        crs=4326,
    )
    data = LayerData(SimpleNamespace(title="学校", title_en="Schools", geometry="Point"), sites, sites.iloc[:0], gpd.GeoSeries([], crs=4326))  # type: ignore[arg-type]
    return list(with_towns(data, clean.towns()).faults)


def name_towns(handed: Handed, lon: Any, lat: Any) -> None:
    """Write real towns for ``?own`` and ``?other``: the site's own, and one far from it."""
    towns = clean.towns()
    points = shapely.points(lon, lat)
    for i, word in enumerate(handed.extra["乡镇街道"]):
        apart = shapely.distance(towns.geometry.to_numpy(), points[i])
        handed.extra["乡镇街道"][i] = str(towns["name"].iloc[int(apart.argmin() if word == "?own" else apart.argmax())])


def gis_faults(mistake: Mistake, lon: Any, lat: Any, folder: Path, *, city: str) -> tuple[list[Fault], Any, bool]:
    """The same for a GIS file."""
    path, said, right = mistake.make(lon, lat, folder)  # type: ignore[call-arg, arg-type, misc]
    try:
        table = read_geofile(path, datum=said)
    except CfmapError as error:
        return list(error.faults), None, right
    x, y = (np.asarray(axis, dtype=float) for axis in (table.geometry.x, table.geometry.y))  # type: ignore[union-attr]
    located = check_positions(table, x, y, extent=clean.extent(city), datum=said or "wgs84")
    faults = [*table.faults, *located.stops, *located.faults]
    if not located.stops:
        here = ~np.isnan(located.lon)
        faults += judge((located.lon[here], located.lat[here]), clean.streets(city), declared=said or "wgs84").faults(file=path.name)
    return faults, located, right


def try_once(mistake: Mistake, city: str, count: int, chance: Any, folder: Path) -> tuple[bool, list[Fault]]:
    """Whether a mistake made once was told: the right code, its words, the right rows - or, of a right table, every site in its place in silence."""
    lon, lat = clean.sites(city, count, chance)
    rows: list[int] | None = None
    if mistake.gis:
        faults, located, right = gis_faults(mistake, lon, lat, folder, city=city)
    else:
        handed: Handed = mistake.make(lon, lat, chance)  # type: ignore[call-arg, arg-type, assignment]
        if "乡镇街道" in handed.extra:
            name_towns(handed, lon, lat)
        rows, right = handed.rows, handed.right
        faults, located = faults_of(handed, folder, city=city)
    if right:
        near = located is not None and np.hypot(*(np.array([located.lon - lon, located.lat - lat]) * clean.streets(city).scale[:, None])).max() < 1
        said = {f.code for f in faults}
        return bool(near) and not said & MISTAKE_WORDS and set(filter(None, mistake.codes)) <= said, faults
    told = [f for f in faults if f.code in mistake.codes and (not mistake.says or mistake.says in f.render("zh"))]
    if rows is not None and mistake.codes[0] != "W261":
        named = {f.row for f in told if f.row is not None}
        return {r + 2 for r in rows} == named, faults  # the header is row 1
    return any(f.file for f in told) or (mistake.codes[0] == "W261" and bool(told)), faults


def run(count: int, seed: int) -> tuple[dict[tuple[Mistake, int], Count], dict[tuple[str, str, int], Count]]:
    """All mistakes, and right tables."""
    made: dict[tuple[Mistake, int], Count] = {}
    with tempfile.TemporaryDirectory() as base:
        for number, mistake in enumerate(MISTAKES):
            for size in SIZES if mistake.by_streets else (max(USUAL, mistake.least),):
                found = made[mistake, size] = Count()
                for again in range(count):
                    folder = Path(base) / f"{number}-{size}-{again}"
                    folder.mkdir()
                    told, faults = try_once(mistake, "demo city", size, np.random.default_rng([seed, number, size, again]), folder)
                    found.tables += 1
                    found.told += told
                    codes = {f.code for f in faults}
                    found.codes.update(codes & set(mistake.codes))
                    found.open += "I217" in codes and not told
                    if not told:
                        found.others.update(codes - {"I217", "I208"})
        return made, right_tables(count * 10, seed, Path(base))


def right_tables(count: int, seed: int, folder: Path) -> dict[tuple[str, str, int], Count]:
    """Right tables: by city, kind of place and size, what was told of them all the same."""
    found: dict[tuple[str, str, int], Count] = {}
    for city in clean.present():
        for kind in ("sites", "anywhere"):
            for size in CLEAN_SIZES:
                here = found[city, kind, size] = Count()
                for again in range(max(1, count // len(CLEAN_SIZES))):
                    chance = np.random.default_rng([seed, size, again, len(city)])
                    lon, lat = clean.sites(city, size, chance, kind)
                    said = ("wgs84", "gcj02", "bd09", "cgcs2000")[again % 4]
                    from cfmap.intake.datum import convert

                    x, y = convert(lon, lat, source="wgs84", target=said)
                    codes = {f.code for f in faults_of(Handed([f"{v:.7f}" for v in x], [f"{v:.7f}" for v in y], datum=said), folder, city=city)[0]}
                    here.tables += 1
                    here.told += bool(codes & MISTAKE_WORDS)
                    here.codes.update(codes & MISTAKE_WORDS)
                    here.open += "I217" in codes
    return found


def text(made: dict[tuple[Mistake, int], Count], right: dict[tuple[str, str, int], Count]) -> str:
    """The tables."""
    rows = [
        (
            m.row,
            m.title,
            size,
            c.tables,
            c.told,
            f"{c.told / c.tables:.0%}",
            "、".join(f"{k} {v}" for k, v in sorted(c.codes.items())) or ("understood" if c.told else "-"),
        )
        for (m, size), c in made.items()
        if not m.by_streets
    ]
    streets = []
    for mistake in dict.fromkeys(m for m, _ in made if m.by_streets):
        counts = [made[mistake, size] for size in SIZES]
        streets.append((mistake.row, mistake.title, *(f"{c.told}/{c.tables} ({c.codes['E240']} stop)" for c in counts)))
        streets.append(("", "… said that it cannot be checked", *(str(c.open) for c in counts)))
    cities = []
    for city, kind in dict.fromkeys((c, k) for c, k, _ in right):
        counts = [right[city, kind, size] for size in CLEAN_SIZES]
        alarms, tables = sum(c.told for c in counts), sum(c.tables for c in counts)
        codes: Counter[str] = sum((c.codes for c in counts), Counter())
        cities.append(
            (
                city,
                kind,
                tables,
                alarms,
                f"{alarms / tables:.2%}",
                "、".join(f"{k} {v}" for k, v in codes.items()) or "-",
                *(f"{c.open / c.tables:.0%}" for c in counts),
            )
        )
    kinds = len({m for m, _ in made})
    parts = [f"{kinds} mistakes, each in {next(iter(made.values())).tables} tables of the demo city.", "### Told by the numbers themselves"]
    parts += [page.table(("row", "mistake", "sites", "tables", "told", "share", "by"), rows), "### Told by the streets alone, by number of sites"]
    parts += [
        page.table(("row", "mistake", *map(str, SIZES)), streets),
        "### Right tables: false alarms, and how often the datum could not be checked, by number of sites",
    ]
    parts += [page.table(("streets of", "places", "tables", "alarms", "share", "codes", *(f"I217 at {s}" for s in CLEAN_SIZES)), cities)]
    return "\n\n".join(parts)


def missed(made: dict[tuple[Mistake, int], Count]) -> list[tuple[str, int, dict[str, int]]]:
    """Mistakes that the numbers themselves should tell, and did not in every table."""
    return [(m.title, c.told, dict(c.others)) for (m, _), c in made.items() if not m.by_streets and c.told < c.tables]


def false_alarms(right: dict[tuple[str, str, int], Count]) -> float:
    """Share of right tables that were told of."""
    return sum(c.told for c in right.values()) / max(1, sum(c.tables for c in right.values()))


def main(count: int, seed: int, *, write: bool) -> int:
    """Print; 1 when a mistake is missed, more than 1 % of right tables alarm, or a round trip is off."""
    made, right = run(count, seed)
    trips, fine = round_trips.measure(200_000, seed)
    whole = f"{text(made, right)}\n\n### There and back\n\n{trips}"
    print(whole)
    for one in missed(made):
        print("missed:", *one)
    if write:
        page.write("coordinates", f"`make coordinates N={count} SEED={seed}`\n\n{whole}")
    return int(bool(missed(made)) or false_alarms(right) > 0.01 or not fine)
