"""Which of a department's columns is which of ours: guessed from names and values, asked once, remembered in the settings."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cfmap.intake import population, reader
from cfmap.intake.cells import NOTHING, parse
from cfmap.intake.coordinates import parse_coordinate
from cfmap.intake.headers import LAT, LON, PAIR_WORDS, WKT_HEADERS, bare, fields_of, find, keyed, known_headers, mapped, nearest, normal, words_of
from cfmap.intake.personal import refuse_personal_data
from cfmap.model.city import Source
from cfmap.model.errors import CfmapError
from cfmap.model.layer import Layer
from cfmap.model.messages import fault
from cfmap.model.schema import AGE_BANDS
from cfmap.model.settings_edit import columns_line, remember_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cfmap.intake.coordinates import Extent
    from cfmap.intake.table import RawTable
    from cfmap.model.city import City
    from cfmap.model.layer import Field
    from cfmap.model.messages import Fault
    from cfmap.model.settings_edit import Place

#: Records that a mapping can answer.
ASKED = frozenset({"E209", "E210", "E211", "E229", "E230"})
#: The table of residents, where a question must name a layer.
POPULATION = Layer("population", "人口", "population", "dot", "#455a64")
SAMPLES = 3  # values shown of a column
_LOOKED_AT = 200  # rows that a guess looks at
_LIKELY = 0.4
_MOSTLY = 0.5  # share of a column's values
_CHINA_LON, _CHINA_LAT = (73.0, 136.0), (3.0, 54.0)
_ROUND_CITY_DEG = 0.5
_LONGEST_NAME = 60
_SIDE_BY_SIDE = 3  # fields of which two columns each make two tables


@dataclass(frozen=True)
class Choice:
    """One of the table's columns: what to type for it, its header, and what stands in it."""

    label: str
    header: str
    samples: tuple[str, ...]

    @property
    def shown(self) -> str:
        """Label and header in one, as the drop-down has it."""
        return f"{self.label} · {self.header}" if self.header else self.label


@dataclass(frozen=True)
class Question:
    """
    A needed column that is not found.

    Attributes
    ----------
    place
        The source in the settings.
    file, sheet
        Its table.
    layer, layer_en, key, title, title_en
        What is looked for.
    written
        Key under which the settings know it: as written there, else the title.
    choices
        Every column of the table.
    likely
        Positions in `choices`, best guess first; perhaps none.
    lost
        Header that the settings name and that is not in the table any more.
    double
        Letters of columns that bear the same header.
    """

    place: Place
    file: str
    sheet: str | None
    layer: str
    layer_en: str
    key: str
    title: str
    title_en: str
    written: str
    choices: tuple[Choice, ...]
    likely: tuple[int, ...]
    lost: str = ""
    double: str = ""

    def answer(self, position: int) -> str:
        """What the settings hold for the column at `position`: its header, or its letter where the header says too little."""
        choice = self.choices[position]
        same = [c for c in self.choices if normal(c.header) == normal(choice.header)]
        return choice.header if choice.header and len(same) == 1 else f"{choice.label}列"


@dataclass(frozen=True)
class Handed:
    """A table of the settings: where it stands there, whose fields it holds, and of which fields one at least must be there."""

    place: Place
    layer: Layer
    source: Source
    fields: tuple[Field, ...]
    one_of: tuple[str, ...] = ()


def handed_in(city: City, layers: Mapping[str, Layer], *, year: int) -> Iterator[Handed]:
    """Every table of the settings as of an edition: the layers' sources and the population."""
    for key, section in city.layers.items():
        for number, source in enumerate(section.sources):
            if key in layers and source.path and source.holds(year):
                yield Handed(("layers", key, "sources", number), layers[key], source, fields_of(layers[key]))
    if city.population.table:
        people = city.population
        source = Source(path=people.table, sheet=people.sheet, datum=people.datum, columns=people.columns)
        yield Handed(("population",), POPULATION, source, population.FIELDS, tuple(AGE_BANDS))


def questions(
    table: RawTable,
    layer: Layer,
    source: Source,
    place: Place,
    extent: Extent | None,
    *,
    fields: tuple[Field, ...] | None = None,
    one_of: tuple[str, ...] = (),
) -> list[Question]:
    """
    What has to be known before a table can be read: required columns and coordinates that no known header names, headers that
    stand twice, and columns that the settings name but the table has not.
    """
    fields = fields_of(layer) if fields is None else fields
    columns = keyed(source.columns, fields)
    items = fields if _needs_no_pair(table, layer, columns) else (*fields, LON, LAT)
    found = _found(table, items, columns)
    taken = {hits[0] for hits in found.values() if len(hits) == 1}
    last = one_of[-1:] if not any(found.get(key) for key in one_of) else ()
    asked = []
    for item in items:
        hits = found.get(item.key, [])
        if len(hits) > 1:
            letters = "、".join(table.columns[i].letter or str(i + 1) for i in hits)
            asked.append(_question(table, item, layer, source, place, extent, taken, fields, double=letters))
        elif not hits and (item.required or item.key in columns or item.key in last):
            asked.append(_question(table, item, layer, source, place, extent, taken, fields, lost=columns.get(item.key, "")))
    return asked


def _found(table: RawTable, items: Sequence[Field], columns: Mapping[str, str]) -> dict[str, list[int]]:
    """Every column that could be each field: by the mapping, then by title and key, then by English title and synonyms."""
    found = {item.key: mapped(table, columns[item.key]) for item in items if item.key in columns}
    for part in (slice(0, 2), slice(2, None)):
        for item in items:
            if item.key not in found:
                used = {i for hits in found.values() for i in hits[:1]}
                hits = [i for i in find(table.headers, words_of(item)[part]) if i not in used]
                found |= {item.key: hits} if hits else {}
    return found


def _needs_no_pair(table: RawTable, layer: Layer, columns: Mapping[str, str]) -> bool:
    return (
        table.geometry is not None
        or layer.geometry != "Point"
        or "wkt" in columns
        or bool(find(table.headers, WKT_HEADERS))
        or (not {"lon", "lat"} & set(columns) and bool(find(table.headers, PAIR_WORDS)))
    )


def _question(
    table: RawTable,
    item: Field,
    layer: Layer,
    source: Source,
    place: Place,
    extent: Extent | None,
    taken: set[int],
    fields: tuple[Field, ...],
    *,
    lost: str = "",
    double: str = "",
) -> Question:
    choices = tuple(Choice(c.letter or str(i + 1), c.name, _samples(table, i)) for i, c in enumerate(table.columns))
    written = next((w for w in source.columns if keyed({w: ""}, fields).get(item.key) is not None), item.title)
    guesses = likely(table, item, extent=extent, taken=taken, lost=lost)
    return Question(
        place, table.file, table.sheet, layer.title, layer.title_en, item.key, item.title, item.title_en, written, choices, guesses, lost=lost, double=double
    )


def _samples(table: RawTable, position: int) -> tuple[str, ...]:
    return tuple(list(dict.fromkeys(cells[position] for cells in table.rows[:_LOOKED_AT] if cells[position]))[:SAMPLES])


def likely(table: RawTable, item: Field, *, extent: Extent | None, taken: set[int], lost: str = "") -> tuple[int, ...]:
    """Positions of the columns that are probably `item`, best first: how near the header is, and whether the values fit."""
    words = (*([lost] if lost else []), *words_of(item))
    scores = {}
    for position, header in enumerate(table.headers):
        if position in taken:
            continue
        fits = _fit(table, item, position, extent)
        if fits >= _MOSTLY:
            scores[position] = 0.4 * fits * (item.key in {"lon", "lat", "name"}) + 0.6 * _near(header, words) + 0.1 * fits
    best = sorted((p for p, score in scores.items() if score >= _LIKELY), key=lambda p: (-scores[p], p))
    return tuple(best[:SAMPLES])


def _near(header: str, words: Iterable[str]) -> float:
    """0 to 1: how much a header resembles one of the words; one that contains the other counts much."""
    from rapidfuzz import fuzz

    best = 0.0
    for reduced in {normal(header), bare(header)} - {""}:
        for word in map(normal, words):
            shorter = min(len(reduced), len(word))
            held = 0.8 if shorter > 1 and (word in reduced or reduced in word) else 0.0
            best = max(best, held, fuzz.ratio(reduced, word) / 100)
    return best


def _fit(table: RawTable, item: Field, position: int, extent: Extent | None) -> float:
    """Share of a column's values that could be `item`."""
    values = [cells[position] for cells in table.rows[:_LOOKED_AT] if cells[position].lower() not in NOTHING]
    if not values:
        return 0.0
    if item.key in {"lon", "lat"}:
        return sum(_is_coordinate(v, item.key, extent) for v in values) / len(values)
    if item.kind == "text":
        words = [v for v in values if len(v) <= _LONGEST_NAME and not re.fullmatch(r"[-+\d.,:/%\s]+", v)]
        several = len(set(words)) / len(values) if item.key == "name" else 1.0
        return len(words) / len(values) * (0.5 + several / 2)
    return sum(parse(v, item).verdict == "ok" for v in values) / len(values)


def _is_coordinate(text: str, key: str, extent: Extent | None) -> bool:
    number = parse_coordinate(text)
    if number is None:
        return False
    west, south, east, north = _box(extent)
    low, high = (west, east) if key == "lon" else (south, north)
    metres = 1e5 < number < 1e6 or 13e6 < number < 46e6 if key == "lon" else 1e6 < number < 7e6
    return (low <= number <= high and not float(number).is_integer()) or metres


def _box(extent: Extent | None) -> tuple[float, float, float, float]:
    if extent is None:
        return _CHINA_LON[0], _CHINA_LAT[0], _CHINA_LON[1], _CHINA_LAT[1]
    west, south, east, north = extent if isinstance(extent, tuple) else extent.bounds
    return west - _ROUND_CITY_DEG, south - _ROUND_CITY_DEG, east + _ROUND_CITY_DEG, north + _ROUND_CITY_DEG


# -- told ----------------------------------------------------------------------------------------------------------


def as_faults(asked: Sequence[Question], source: Source) -> list[Fault]:
    """The questions as records, each with the one line for ``cfmap.toml`` that answers all of them; two tables side by side are one record."""
    doubles = [q.double for q in asked if q.double]
    if len(doubles) >= _SIDE_BY_SIDE:
        return [fault("E224", file=asked[0].file, sheet=asked[0].sheet, letters="；".join(doubles))]
    line = columns_line({**source.columns, **{q.written: q.answer(q.likely[0]) if q.likely else "…" for q in asked}})
    faults = []
    pair = [q for q in asked if q.key in {"lon", "lat"} and not (q.lost or q.double)]
    for question in asked:
        if question in pair[1:]:
            continue
        present = "、".join(c.header for c in question.choices if c.header) or "—"
        near = question.choices[question.likely[0]].header if question.likely else nearest(question.title, [c.header for c in question.choices if c.header])
        facts: dict[str, Any] = {"title": question.title, "title_en": question.title_en, "present": present, "nearest": near, "line": line}
        where: dict[str, Any] = {"file": question.file, "sheet": question.sheet}
        if question.lost:
            faults.append(fault("E229", **where, **facts, lost=question.lost))
        elif question.double:
            header = next(c.header for c in question.choices if c.label == question.double.split("、")[0])
            faults.append(fault("E211", **where, title=header, letters=question.double, line=line))
        elif question in pair:
            wanted = "、".join(w for q in pair for w in (LON if q.key == "lon" else LAT).synonyms[:4])
            faults.append(fault("E230", **where, known=wanted, present=present, line=line))
        else:
            faults.append(fault("E210", **where, **facts))
    return faults


# -- asked ---------------------------------------------------------------------------------------------------------


def open_questions(city: City, layers: Mapping[str, Layer], faults: Iterable[Fault], *, year: int, extent: Extent | None) -> list[Question]:
    """Read the tables that could not be read for want of a column once more, as they are, and say what has to be known."""
    files = {f.file for f in faults if f.code in ASKED}
    found: list[Question] = []
    for handed in handed_in(city, layers, year=year):
        with suppress(CfmapError):  # told already
            if city.relative(city.path(handed.source.path, year=year)) in files:
                found += asked_of(handed, city, year=year, extent=extent)
    return found


def asked_of(handed: Handed, city: City, *, year: int, extent: Extent | None) -> list[Question]:
    """Read one table as it is, and say what has to be known."""
    file = city.relative(city.path(handed.source.path, year=year))
    table = as_it_is(handed.layer, handed.source, city, file, year=year, fields=handed.fields)
    return questions(table, handed.layer, handed.source, handed.place, extent, fields=handed.fields, one_of=handed.one_of)


def as_it_is(layer: Layer, source: Source, city: City, file: str, *, year: int, fields: tuple[Field, ...] | None = None) -> RawTable:
    """A source's table, its header guessed where no word of it is known; refused when it holds personal data."""
    path = city.path(source.path, year=year)
    fields = fields_of(layer) if fields is None else fields
    columns = keyed(source.columns, fields)
    if reader.is_gis(path, file=file):
        table = reader.read_geofile(path, datum=source.datum, layer=source.sheet, encoding=source.encoding, file=file)
    else:
        options = {"sheet": source.sheet, "encoding": source.encoding, "file": file, "hidden": source.hidden}
        table = reader.read_table(path, known_headers=(*(w for f in fields for w in words_of(f)), *known_headers(layer, columns)), any_header=True, **options)
    refuse_personal_data(table, fields, columns, sites=layer is not POPULATION)
    return table


def remember(city: City, answers: Iterable[tuple[Question, int]]) -> list[Fault]:
    """
    Write answers into ``cfmap.toml``; returns a record for each.

    Raises
    ------
    ConfigError
        As :func:`cfmap.model.settings_edit.remember_columns`.
    """
    answered = list(answers)
    by_place: dict[Place, dict[str, str]] = {}
    for question, position in answered:
        by_place.setdefault(question.place, {})[question.written] = question.answer(position)
    if by_place:
        remember_columns(city.root, by_place)
    return [
        fault("I212", file=q.file, sheet=q.sheet, title=q.title, title_en=q.title_en, column=q.choices[p].header, letter=q.choices[p].label, header=q.answer(p))
        for q, p in answered
    ]


def also(asked: Sequence[Question], question: Question, position: int) -> list[tuple[Question, int]]:
    """The same answer for the same column of the department's other sheets: what is known once is not asked again."""
    header = normal(question.choices[position].header)
    same = []
    for other in asked:
        if other is question or (other.file, other.key) != (question.file, question.key) or not header:
            continue
        hits = [i for i, c in enumerate(other.choices) if normal(c.header) == header]
        if len(hits) == 1 and not other.double:
            same.append((other, hits[0]))
    return same
