"""Where the streets of a city come from when nobody has handed them in."""

from __future__ import annotations

import hashlib
import math
import re
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import osmium

from cfmap.intake.osm import BASEMAP_AREAS, LABEL_RANKS
from cfmap.model import InputError, OsmTags, fault
from cfmap.network.atomic import replacing
from cfmap.network.overpass import MAX_TRIES, TOTAL_SECONDS, USER_AGENT, Patience, Reason, TryFailedError, ask, host_of
from cfmap.network.pbf import OsmWriter, join_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import requests
    from shapely.geometry.base import BaseGeometry

    from cfmap.model import City

CELL_DEG = 0.1  # side of a sub-area, degrees: about 11 km, one question that a public server answers in seconds
MAX_CELLS = 600  # about 60,000 km2; more is a slip of the pen, or work for a regional extract
KEEP_DAYS = 7.0  # how old a sub-area of an interrupted download may be
SERVER_TIMEOUT_S = 180  # what the server may spend on one question
SERVER_MEMORY = 512 * 2**20  # bytes the server may spend on one question

#: What is asked for besides the layers' own objects: every street, and what the page's background is drawn from.
STREETS = (OsmTags((("highway", ()),)),)
BACKGROUND = (*(rule for rules in BASEMAP_AREAS.values() for rule in rules), OsmTags((("place", (*LABEL_RANKS, "island", "islet")),)))


@dataclass(frozen=True)
class Cell:
    """A sub-area of the fixed grid: south-west corner in whole cells, so that neighbouring downloads share cells."""

    row: int
    column: int

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """South, west, north, east (degrees)."""
        south, west = self.row * CELL_DEG, self.column * CELL_DEG
        return round(south, 6), round(west, 6), round(south + CELL_DEG, 6), round(west + CELL_DEG, 6)


def fetch(
    city: City,
    *,
    out: Path,
    place: str | None = None,
    polygon: BaseGeometry | None = None,
    tags: Sequence[OsmTags] = (),
    overpass_url: str | None = None,
    nominatim_url: str | None = None,
    max_tries: int = MAX_TRIES,
    total_seconds: float = TOTAL_SECONDS,
    patience: Patience | None = None,
    progress: Callable[[int, int, str, str], None] | None = None,
) -> Path:
    """
    Download streets, the layers' objects and the background of a city from OpenStreetMap into one ``.osm.pbf``.

    The area is cut into cells of a fixed grid. Every cell that has arrived is kept under ``.cache/fetch`` of the project with its
    checksum, so a second run after an interruption asks only for what is missing; a finished download clears them. The file
    appears at `out` whole or not at all, cut to the area plus ``network.buffer_m``, with complete ways and OpenStreetMap's own ids,
    and carries the date of the oldest cell.

    Parameters
    ----------
    city
        The project: boundary, buffer, Overpass address, cache folder.
    out
        File to write (``.osm.pbf``).
    place
        Name of a place to look up instead of the project's boundary ("瑞安市, 浙江").
    polygon
        Polygon, EPSG:4326, instead of the project's boundary.
    tags
        Objects wanted besides streets and background: the ``osm`` rules of the layers.
    overpass_url, nominatim_url
        Other servers than the project's and the usual one.
    max_tries, total_seconds
        Limits: tries per question (at most 5), and seconds for everything; `patience` replaces both.
    progress
        Called with (cells done, cells in all, 中文, English).

    Raises
    ------
    InputError
        No boundary; an unknown place; an area too large, or without any street.
    EnvironmentFault
        The server gave no complete answer within the limits, or the file cannot be written.
    """
    patience = patience or Patience(max_tries=max_tries, total_seconds=total_seconds)
    area = _area(city, place, polygon, patience, nominatim_url)
    cells = _cells(area)
    url = overpass_url or city.network.overpass_url
    work = city.root / ".cache" / "fetch"
    wanted = tuple(dict.fromkeys((*STREETS, *BACKGROUND, *tags)))
    parts = []
    for done, cell in enumerate(cells):
        if progress:
            progress(done, len(cells), "下载路网", "downloading streets")
        parts.append(_cell_file(cell, wanted, url=url, work=work, patience=patience))
    if progress:
        progress(len(cells), len(cells), "拼接、裁剪", "joining and clipping")
    _join(parts, area, out)
    shutil.rmtree(work, ignore_errors=True)
    return out


def _area(city: City, place: str | None, polygon: BaseGeometry | None, patience: Patience, nominatim_url: str | None) -> BaseGeometry:
    from cfmap.network.clip import buffered

    if polygon is None:
        polygon = _look_up(place, patience, nominatim_url) if place else _boundary(city)
    return buffered(polygon, city.network.buffer_m)


def _boundary(city: City) -> BaseGeometry:
    if not city.boundary.city:
        raise InputError(fault("E342", file="cfmap.toml", column="boundary.city"))
    from cfmap.intake import read_outline

    outline = read_outline(city.path(city.boundary.city), datum=city.boundary.datum, city=city)
    polygon: BaseGeometry = outline.geometry.union_all()
    return polygon


def _look_up(place: str, patience: Patience, nominatim_url: str | None) -> BaseGeometry:
    """Outline of a place by name; osmnx asks, but its endless repeats are replaced by ours (a hook fails first)."""
    import osmnx as ox
    from osmnx._errors import InsufficientResponseError, ResponseStatusCodeError

    def hook(response: requests.Response, *_: Any, **__: Any) -> None:
        if response.status_code in {429, 502, 503, 504}:
            after = response.headers.get("Retry-After", "")
            wait = float(after) if after.isdigit() else None
            raise TryFailedError(Reason(f"服务器忙（HTTP {response.status_code}）", f"the server is busy (HTTP {response.status_code})", wait_s=wait))
        if "html" in response.headers.get("Content-Type", ""):
            raise TryFailedError(Reason("回来的是网页（HTML），不是地图数据", "the answer is a web page (HTML), not map data"))

    def once() -> BaseGeometry:
        try:
            geometry: BaseGeometry = ox.geocode_to_gdf(place).geometry.union_all()
        except OSError:  # requests' own errors are OSErrors
            raise TryFailedError(Reason("连不上服务器", "the server cannot be reached")) from None
        except ResponseStatusCodeError as error:
            raise TryFailedError(Reason("服务器拒绝了请求", f"the server refused: {error}"[:200], passing=False)) from None
        return geometry

    with _osmnx_settings(nominatim_url, {"hooks": {"response": hook}, "timeout": 60}):
        try:
            found: BaseGeometry = patience.persist(once, host=host_of(ox.settings.nominatim_url))
        except (InsufficientResponseError, TypeError):
            raise InputError(fault("E343", value=place)) from None
    return found


@contextmanager
def _osmnx_settings(nominatim_url: str | None, request: dict[str, Any]) -> Iterator[None]:
    """Set osmnx's module-wide settings as we need them, and put them back; its non-atomic cache stays off."""
    from osmnx import settings

    ours: dict[str, Any] = {
        "use_cache": False,
        "requests_kwargs": {k: v for k, v in request.items() if k != "timeout"},
        "requests_timeout": request["timeout"],
        "http_user_agent": USER_AGENT,
    }
    if nominatim_url:
        ours["nominatim_url"] = nominatim_url
    before = {name: getattr(settings, name) for name in ours}
    for name, value in ours.items():
        setattr(settings, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(settings, name, value)


def _cells(area: BaseGeometry) -> list[Cell]:
    import shapely

    west, south, east, north = area.bounds
    rows = range(math.floor(south / CELL_DEG), math.floor(north / CELL_DEG) + 1)
    columns = range(math.floor(west / CELL_DEG), math.floor(east / CELL_DEG) + 1)
    if len(rows) * len(columns) > 20 * MAX_CELLS:
        raise InputError(fault("E347", cells=len(rows) * len(columns), most=MAX_CELLS))
    shapely.prepare(area)
    cells = [Cell(row, column) for row in rows for column in columns]
    boxes = [shapely.box(w, s, e, n) for s, w, n, e in (c.bounds for c in cells)]
    kept = [c for c, hit in zip(cells, shapely.intersects(area, boxes), strict=True) if hit]
    if len(kept) > MAX_CELLS:
        raise InputError(fault("E347", cells=len(kept), most=MAX_CELLS))
    return kept


def overpass_query(cell: Cell, wanted: Iterable[OsmTags]) -> str:
    """Word the question about one cell in Overpass QL: all wanted objects, with every way's and relation's members complete."""
    box = ",".join(f"{v:.6f}" for v in cell.bounds)
    lines = [f"nwr{''.join(_having(k, v) for k, v in rule.having)}{''.join(_without(k, v) for k, v in rule.without)}({box});" for rule in wanted]
    return f"[out:json][timeout:{SERVER_TIMEOUT_S}][maxsize:{SERVER_MEMORY}];({''.join(lines)});(._;>;);out body;"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _pattern(values: tuple[str, ...]) -> str:
    return _quoted("^(" + "|".join(re.escape(v) for v in values) + ")$")


def _having(key: str, values: tuple[str, ...]) -> str:
    if not values:
        return f'["{_quoted(key)}"]'
    return f'["{_quoted(key)}"="{_quoted(values[0])}"]' if len(values) == 1 else f'["{_quoted(key)}"~"{_pattern(values)}"]'


def _without(key: str, values: tuple[str, ...]) -> str:
    return f'["{_quoted(key)}"!~"{_pattern(values)}"]' if values else f'[!"{_quoted(key)}"]'


def _cell_file(cell: Cell, wanted: Iterable[OsmTags], *, url: str, work: Path, patience: Patience) -> Path:
    query = overpass_query(cell, wanted)
    key = hashlib.sha256(f"{url}\n{query}".encode()).hexdigest()[:24]
    path = work / f"{key}.osm.pbf"
    if not _is_kept(path):
        answer = ask(query, url=url, patience=patience)
        with replacing(path) as part:
            _write(answer, part)
        with replacing(path.with_suffix(".sha256")) as part:
            part.write_text(hashlib.sha256(path.read_bytes()).hexdigest(), encoding="ascii")
    return path


def _is_kept(path: Path) -> bool:
    """Whether a cell of an earlier run is there, whole and young enough."""
    sum_file = path.with_suffix(".sha256")
    try:
        young = time.time() - path.stat().st_mtime < KEEP_DAYS * 86_400
        return young and sum_file.read_text(encoding="ascii").strip() == hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, UnicodeDecodeError):
        return False


def _write(answer: dict[str, Any], path: Path) -> None:
    """Write an Overpass answer as ``.osm.pbf``: nodes, ways, relations, each in order of id, as every reader expects."""
    from osmium.osm import mutable

    header = osmium.io.Header()
    header.set("generator", "cfmap")
    if stamp := str(answer.get("osm3s", {}).get("timestamp_osm_base", "")):
        header.set("osmosis_replication_timestamp", stamp)
    kinds: dict[str, dict[int, dict[str, Any]]] = {"node": {}, "way": {}, "relation": {}}
    for element in answer["elements"]:
        if element.get("type") in kinds:
            kinds[element["type"]].setdefault(element["id"], element)
    with OsmWriter(path, header) as writer:
        for _, e in sorted(kinds["node"].items()):
            writer.add(mutable.Node(id=e["id"], location=(e["lon"], e["lat"]), tags=e.get("tags", {})))
        for _, e in sorted(kinds["way"].items()):
            writer.add(mutable.Way(id=e["id"], nodes=e.get("nodes", []), tags=e.get("tags", {})))
        for _, e in sorted(kinds["relation"].items()):
            members = [(m["type"][0], m["ref"], m.get("role", "")) for m in e.get("members", [])]
            writer.add(mutable.Relation(id=e["id"], members=members, tags=e.get("tags", {})))


def _join(parts: list[Path], area: BaseGeometry, out: Path) -> None:
    from cfmap.network.clip import clip_to, header_timestamp

    stamps = sorted(s for s in map(header_timestamp, parts) if s)
    header = osmium.io.Header()
    header.set("generator", "cfmap")
    if stamps:
        header.set("osmosis_replication_timestamp", stamps[0])
    with replacing(parts[0].with_name("joined.osm.pbf")) as joined:
        join_files(parts, header, joined)
        clip_to(joined, area, out=out)


__all__ = ["BACKGROUND", "STREETS", "Cell", "fetch", "overpass_query"]
