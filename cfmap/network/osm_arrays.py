"""
What does an OpenStreetMap file hold for streets, column by column?

pyosmium makes a Python object of every node of a way and of every tag, and that is nearly all the time it takes. So
libosmium filters, looks up the places and writes what is left as text of its own (OPL, one object a line, documented at
osmcode.org/opl-file-format), and Arrow reads the numbers: no Python code runs for a vertex, hardly any for a way.
"""

from __future__ import annotations

import re
import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cfmap.network.osm_file import fault_of
from cfmap.network.pbf import OsmWriter

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

CHUNK = 1 << 23  # bytes of text that are turned into numbers at a time
_ESCAPED = re.compile(r"%([0-9a-f]+)%")
_TO_TABLE = bytes.maketrans(b"xy,", b",,\n")  # n1x8.6y49.4,n2x... -> lines of id,lon,lat


class Tagged(NamedTuple):
    """Objects of one type in the file's order: ids, and which combination of tags each carries."""

    ids: NDArray[np.int64]
    row: NDArray[np.int32]  # position in `tags`
    tags: list[dict[str, str]]


class Courses(NamedTuple):
    """``ref[first[k]:first[k + 1]]`` are the nodes of way k, with their degrees; NaN where the file lacks the node."""

    first: NDArray[np.int64]
    ref: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]

    def nodes(self, way: int) -> list[int]:
        """Ids of the nodes of a way."""
        ids: list[int] = self.ref[self.first[way] : self.first[way + 1]].tolist()
        return ids

    def joined(self, more: Courses) -> Courses:
        """These, and others behind them."""
        return Courses(np.r_[self.first, self.first[-1] + more.first[1:]], *(np.r_[a, b] for a, b in zip(self[1:], more[1:], strict=True)))

    def take(self, ways: NDArray[np.int64]) -> Courses:
        """Some of them, by position."""
        counts = np.diff(self.first)[ways]
        first = np.zeros(len(ways) + 1, dtype=np.int64)
        np.cumsum(counts, out=first[1:])
        gather = np.repeat(self.first[ways] - first[:-1], counts) + np.arange(first[-1])
        return Courses(first, self.ref[gather], self.lon[gather], self.lat[gather])


class Relation(NamedTuple):
    """A multipolygon: its id, tags, and member ways with their roles."""

    id: int
    tags: dict[str, str]
    members: list[tuple[int, str]]


class Extract(NamedTuple):
    """
    What a file holds for streets.

    Attributes
    ----------
    ways, courses
        Ways with any of the keys asked for.
    nodes
        Nodes with any of the keys asked for.
    relations
        Multipolygons with any of the keys asked for.
    member_ids, members
        Their member ways that are not among `ways`, as far as the file has them.
    """

    ways: Tagged
    courses: Courses
    nodes: Tagged
    relations: list[Relation]
    member_ids: NDArray[np.int64]
    members: Courses


def read_extract(path: Path, *, way_keys: tuple[str, ...], node_keys: tuple[str, ...], area_keys: tuple[str, ...], kept: Collection[str]) -> Extract:
    """
    Read an OpenStreetMap file in one pass; a second one only fetches member ways of multipolygons that are no streets.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm``, ``.osm.gz`` or ``.osm.bz2``.
    way_keys, node_keys, area_keys
        Ways, nodes and multipolygons that carry any of these keys.
    kept
        Keys of the tags to keep; others are forgotten.

    Raises
    ------
    InputError
        E304: damaged, cut off or no OpenStreetMap file.
    OSError
        No room for the text in the temporary folder (about twenty bytes a vertex).
    """
    osmium: Any = import_module("osmium")
    kinds, filters = osmium.osm, osmium.filter
    places = osmium.NodeLocationsForWays(osmium.index.create_map("flex_mem"))
    places.ignore_errors()
    with tempfile.TemporaryDirectory() as folder, fault_of(path):
        text = Path(folder) / "streets.opl"
        _write(
            path,
            text,
            kinds.NODE | kinds.WAY | kinds.RELATION,
            filters.KeyFilter(*way_keys).enable_for(kinds.WAY),
            places,
            filters.KeyFilter(*node_keys).enable_for(kinds.NODE),
            filters.TagFilter(("type", "multipolygon")).enable_for(kinds.RELATION),
            filters.KeyFilter(*area_keys).enable_for(kinds.RELATION),
        )
        lines = _Lines(text, kept)
        ways, courses = lines.ways(), lines.courses()
        if np.isnan(courses.lon).any():  # a node is missing, or comes behind its ways: all are known by now
            courses = _Lines(_write(path, text.with_name("again.opl"), kinds.WAY, filters.KeyFilter(*way_keys), places)).courses()
        missing = np.setdiff1d([way for relation in lines.relations for way, _ in relation.members], ways.ids).tolist()
        more = _Lines(_write(path, text.with_name("members.opl"), kinds.WAY, filters.IdFilter(missing), places) if missing else None)
        members = more.courses()
        if (courses.ref < 0).any() or (members.ref < 0).any():
            courses, members = _with_new_nodes(path, courses, members)
    return Extract(ways, courses, lines.nodes(), lines.relations, more.ways().ids, members)


def _write(path: Path, text: Path, kinds: Any, *handlers: Any) -> Path:
    osmium: Any = import_module("osmium")
    with osmium.io.Reader(str(path), kinds) as reader, OsmWriter(text, reader.header(), form="opl,add_metadata=false,locations_on_ways=true") as writer:
        writer.add_passing(reader, *handlers)
    return text


class _Lines:
    """The lines of a text, sorted by type; numbers of vertices are read as they come, so that the text is never held whole."""

    def __init__(self, text: Path | None, kept: Collection[str] = ()) -> None:
        self._pairs = _Pairs(frozenset(kept))
        self._way_ids: list[int] = []
        self._way_rows: list[int] = []
        self._way_tags: dict[bytes, int] = {}
        self._node_ids: list[int] = []
        self._node_rows: list[int] = []
        self._node_tags: dict[bytes, int] = {}
        self._counts: list[int] = []
        self._tables: list[tuple[NDArray[Any], ...]] = []
        self.relations: list[Relation] = []
        if text is not None:
            self._read(text)

    def _read(self, text: Path) -> None:
        pending: list[bytes] = []
        size = 0
        way_tags, node_tags = self._way_tags, self._node_tags
        with text.open("rb") as stream:
            for line in stream:
                kind = line[:1]
                if kind == b"w":
                    name, tags, course = line.split(b" ")
                    self._way_ids.append(int(name[1:]))
                    self._way_rows.append(way_tags.setdefault(tags, len(way_tags)))
                    self._counts.append(course.count(b"n"))
                    if len(course) > 2:  # more than "N" and the line's end
                        pending.append(course[1:-1])
                        size += len(course)
                        if size > CHUNK:
                            self._tables.append(_numbers(pending))
                            pending, size = [], 0
                elif kind == b"n":
                    name, tags, _ = line.split(b" ", 2)
                    self._node_ids.append(int(name[1:]))
                    self._node_rows.append(node_tags.setdefault(tags, len(node_tags)))
                elif kind == b"r":
                    name, tags, members = line.split(b" ")
                    self.relations.append(Relation(int(name[1:]), self._pairs.of(tags), _members(members)))
        if pending:
            self._tables.append(_numbers(pending))

    def ways(self) -> Tagged:
        return Tagged(np.array(self._way_ids, dtype=np.int64), np.array(self._way_rows, dtype=np.int32), list(map(self._pairs.of, self._way_tags)))

    def nodes(self) -> Tagged:
        return Tagged(np.array(self._node_ids, dtype=np.int64), np.array(self._node_rows, dtype=np.int32), list(map(self._pairs.of, self._node_tags)))

    def courses(self) -> Courses:
        first = np.zeros(len(self._counts) + 1, dtype=np.int64)
        np.cumsum(np.array(self._counts, dtype=np.int64), out=first[1:])
        if not self._tables:
            return Courses(first, np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))
        ref, lon, lat = (np.concatenate(column) for column in zip(*self._tables, strict=True))
        outside = (np.abs(lon) > 180) | (np.abs(lat) > 90)
        lon[outside] = lat[outside] = np.nan
        return Courses(first, ref, lon, lat)


def _numbers(courses: list[bytes]) -> tuple[NDArray[Any], ...]:
    import pyarrow as pa
    from pyarrow import csv

    table = csv.read_csv(
        pa.py_buffer(b",".join(courses).translate(_TO_TABLE, b"n")),
        read_options=csv.ReadOptions(column_names=["ref", "lon", "lat"], use_threads=False),
        convert_options=csv.ConvertOptions(column_types={"ref": pa.int64(), "lon": pa.float64(), "lat": pa.float64()}),
    )
    return tuple(column.to_numpy() for column in table.columns)


class _Pairs(dict[bytes, "tuple[str, str] | None"]):
    """Key and value of each ``key=value`` that occurs, worked out once; None where the key is not kept."""

    def __init__(self, kept: frozenset[str]) -> None:
        super().__init__()
        self._kept = kept

    def __missing__(self, written: bytes) -> tuple[str, str] | None:
        key, _, value = written.decode().partition("=")
        self[written] = pair = (_plain(key), _plain(value)) if _plain(key) in self._kept else None
        return pair

    def of(self, field: bytes) -> dict[str, str]:
        """Tags of a field ``Tkey=value,key=value``."""
        return dict(filter(None, map(self.__getitem__, field[1:].split(b","))))


def _plain(text: str) -> str:
    # OPL writes what has a meaning of its own, and all that is not plainly printable, as its code point in hexadecimal
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text) if "%" in text else text


def _members(field: bytes) -> list[tuple[int, str]]:
    """Ways of a field ``Mw1@outer,n2@label,w3@inner``."""
    members = (member.partition("@") for member in field[1:-1].decode().split(","))
    return [(int(who[1:]), _plain(role)) for who, _, role in members if who.startswith("w")]


def _with_new_nodes(path: Path, *courses: Courses) -> list[Courses]:
    """Places of nodes with negative ids, which editors give to what is not uploaded yet and libosmium does not look up."""
    osmium: Any = import_module("osmium")
    places = {node.id: (node.lon, node.lat) for node in osmium.FileProcessor(str(path), osmium.osm.NODE) if node.id < 0 and node.location.valid()}
    found = []
    for some in courses:
        lon, lat = some.lon.copy(), some.lat.copy()
        for k in np.flatnonzero(some.ref < 0).tolist():
            lon[k], lat[k] = places.get(int(some.ref[k]), (np.nan, np.nan))
        found.append(some._replace(lon=lon, lat=lat))
    return found
