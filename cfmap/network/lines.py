"""How a bureau's own road centre-lines become a walking network."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cfmap.model import ConfigError, InputError, fault
from cfmap.network.build import Ways, build_network
from cfmap.network.metres import utm
from cfmap.network.noding import JOIN_M, Noded, Place, join_ends, suspicious_places
from cfmap.network.streets import Street, left_out_table, tag_table
from cfmap.network.walkability import CLASS_INDEX, Access

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

    from cfmap.intake.table import RawTable
    from cfmap.model import Fault
    from cfmap.network.network import Network

#: Column names under which bureaus hand in what we need, nearest first; compared without case, blanks and underscores.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "name": ("name", "名称", "道路名称", "路名", "道路名", "街道名称", "roadname", "rdname", "mc", "dlmc", "lxmc"),
    "highway": (
        "highway",
        "fclass",
        "道路等级",
        "等级",
        "道路类型",
        "道路类别",
        "类型",
        "类别",
        "级别",
        "roadclass",
        "roadtype",
        "class",
        "type",
        "dldj",
        "dllx",
        "lxdj",
        "level",
    ),
    "bridge": ("bridge", "桥梁", "是否桥梁", "桥", "isbridge", "qiao", "qiaoliang"),
    "tunnel": ("tunnel", "隧道", "是否隧道", "地道", "istunnel", "suidao"),
    "layer": ("layer", "层", "层次", "层级", "高程层", "zlevel"),
}
#: Other columns taken over when they are named exactly as OpenStreetMap's keys.
TAGS = (
    "foot",
    "access",
    "sidewalk",
    "maxspeed",
    "lanes",
    "surface",
    "lit",
    "motorroad",
    "oneway:foot",
    "sidewalk:left",
    "sidewalk:right",
    "sidewalk:both",
    "width",
    "covered",
)

#: Words of Chinese street classes -> OpenStreetMap's, the more telling word first (GB/T 51328-2018 and JTG B01-2014 name the classes;
#: which OpenStreetMap class stands for them follows the wiki page on tagging in China).
CLASSES: tuple[tuple[str, str], ...] = (
    ("人行天桥", "footway"),
    ("过街天桥", "footway"),
    ("地下通道", "footway"),
    ("人行横道", "footway"),
    ("人行道", "footway"),
    ("步行街", "pedestrian"),
    ("步行", "footway"),
    ("台阶", "steps"),
    ("梯道", "steps"),
    ("绿道", "path"),
    ("小路", "path"),
    ("步道", "footway"),
    ("自行车道", "cycleway"),
    ("非机动车道", "cycleway"),
    ("高速", "motorway"),
    ("快速", "trunk"),
    ("次干", "secondary"),
    ("主干", "primary"),
    ("支路", "tertiary"),
    ("国道", "trunk"),
    ("省道", "primary"),
    ("县道", "secondary"),
    ("乡道", "tertiary"),
    ("村道", "unclassified"),
    ("一级公路", "primary"),
    ("二级公路", "secondary"),
    ("三级公路", "tertiary"),
    ("四级公路", "unclassified"),
    ("等外公路", "unclassified"),
    ("机耕路", "track"),
    ("田间", "track"),
    ("街巷", "residential"),
    ("街坊", "residential"),
    ("巷", "residential"),
    ("居住", "residential"),
    ("小区", "service"),
    ("内部", "service"),
    ("匝道", "trunk_link"),
)
_BRIDGE_WORDS, _TUNNEL_WORDS = ("人行天桥", "过街天桥"), ("地下通道",)
_NO = frozenset({"", "0", "0.0", "no", "n", "f", "false", "否", "无", "非", "none", "nan", "<na>"})
ORDINARY = "unclassified"  # a street whose class nobody told


@dataclass(frozen=True)
class LineReport:
    """
    Centre-lines read, and what looks wrong in them.

    Attributes
    ----------
    network
        The walking network; its ``faults`` are all findings.
    places
        Places to look at, EPSG:4326: ``kind`` (gap / crossing / overlap), ``gap_m``, ``first``, ``second`` (rows of the file, 1-based),
        ``first_name``, ``second_name``, Point.
    columns
        Which column was taken for what.
    """

    network: Network
    places: gpd.GeoDataFrame
    columns: dict[str, str]


def read_lines(
    path: Path,
    *,
    datum: str = "wgs84",
    layer: str = "",
    name_field: str | None = None,
    level_field: str | None = None,
    bridge_field: str | None = None,
    tunnel_field: str | None = None,
) -> Network:
    """Read centre-lines as a network; see :func:`inspect_lines`, which tells more."""
    return inspect_lines(
        path, datum=datum, layer=layer, name_field=name_field, level_field=level_field, bridge_field=bridge_field, tunnel_field=tunnel_field
    ).network


def inspect_lines(
    path: Path,
    *,
    datum: str = "wgs84",
    layer: str = "",
    name_field: str | None = None,
    level_field: str | None = None,
    bridge_field: str | None = None,
    tunnel_field: str | None = None,
) -> LineReport:
    """
    Read road centre-lines (SHP, GPKG, GeoJSON), join them at their ends, and report where they seem to join but do not.

    Ends within 0.5 m of each other are one junction, and so is an end on the middle of another line of the same level. Lines that only cross
    stay apart; where neither bridge, tunnel nor layer explains it, the place is reported, as is a dangling end within 5 m of another street.
    Nothing is repaired beyond the half metre.

    Parameters
    ----------
    path
        The file. Lines of several parts are taken apart, heights dropped.
    datum
        Of a file without CRS; ``gcj02`` and ``bd09`` also when the file says WGS84, because no CRS can say it.
    layer
        Of a GeoPackage with several.
    name_field, level_field, bridge_field, tunnel_field
        Columns; those not given are looked for by :data:`SYNONYMS`.

    Returns
    -------
    report
        Way ids are rows of the file (1-based). ``network.faults``: ``W356`` gaps, ``W357`` crossings, ``W359`` overlaps, ``I358`` crossings
        explained, ``I364`` columns found, ``W365`` no class column, ``W366`` unknown classes, ``I210`` heights, ``W368`` lines left out,
        ``I369`` ends joined.

    Raises
    ------
    InputError
        Unreadable (as :func:`cfmap.intake.geofile.read_geofile`), no lines (``E360``), coordinates without a known datum (``E361``).
    ConfigError
        A column that does not exist (``E362``).
    """
    from cfmap.intake.reader import read_geofile

    table = read_geofile(path, datum=datum, layer=layer)
    faults = list(table.faults)
    columns = _columns(table, path, {"name": name_field, "highway": level_field, "bridge": bridge_field, "tunnel": tunnel_field}, faults)
    rows, courses = _courses(table, path, datum, faults)
    streets = _streets(table, columns, path, faults)
    levels = np.array([_level(streets[row]) for row in rows], dtype=np.int64)
    metric, crs = _to_metres(courses)
    noded = join_ends(metric, levels)
    _tell_noding(noded, rows, path, faults)
    places = _places(suspicious_places(noded, levels), rows, streets, crs, path, faults)
    network = _network(noded, rows, streets, path, faults)
    return LineReport(network, places, columns)


# -- reading ----------------------------------------------------------------------------------------------------------


def _columns(table: RawTable, path: Path, given: dict[str, str | None], faults: list[Fault]) -> dict[str, str]:
    known = [column.name for column in table.columns]
    wrong = [name for name in given.values() if name is not None and name not in known]
    if wrong:
        near = [next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.3)), "-") for name in wrong]
        raise ConfigError([fault("E362", file=path.name, column=w, nearest=n, known="、".join(known) or "-") for w, n in zip(wrong, near, strict=True)])
    by_plain = {_plain(name): name for name in reversed(known)}
    found = {role: name for role, name in given.items() if name is not None}
    guessed = {}
    for role, synonyms in SYNONYMS.items():
        hit = next((by_plain[s] for s in synonyms if s in by_plain and by_plain[s] not in found.values()), None)
        if role not in found and hit is not None:
            found[role] = guessed[role] = hit
    if guessed:
        faults.append(fault("I364", file=path.name, found="；".join(f"{role} = {name}" for role, name in guessed.items())))
    if "highway" not in found:
        faults.append(fault("W365", file=path.name, known="、".join(known) or "-"))
    return found


def _plain(name: str) -> str:
    return re.sub(r"[\s_\-]", "", name).lower()


def _courses(table: RawTable, path: Path, datum: str, faults: list[Fault]) -> tuple[list[int], list[NDArray[np.float64]]]:
    """Single lines in degrees WGS84, and the position of the row that each comes from."""
    import shapely

    geometries: list[Any] = [] if table.geometry is None else list(table.geometry)
    kinds = sorted({g.geom_type for g in geometries if g is not None})
    if not any("LineString" in kind for kind in kinds):
        raise InputError(fault("E360", file=path.name, kinds="、".join(kinds) or "-"))
    rows: list[int] = []
    courses: list[NDArray[np.float64]] = []
    bad: set[int] = set()
    parts_of: dict[int, list[Any]] = {}
    for part, row in zip(*shapely.get_parts(geometries, return_index=True), strict=True):
        if part.geom_type in {"LineString", "LinearRing"}:
            parts_of.setdefault(int(row), []).append(part)
    for row in range(len(geometries)):
        parts = parts_of.get(row, [])
        good = [xy for xy in (shapely.get_coordinates(p) for p in parts) if len(xy) > 1 and np.isfinite(xy).all() and (xy != xy[0]).any()]
        if len(good) < max(1, len(parts)):
            bad.add(row)
        rows.extend([row] * len(good))
        courses.extend(good)
    if bad:
        listed = "、".join(str(row + 1) for row in sorted(bad)[:20]) + ("…" if len(bad) > 20 else "")
        faults.append(fault("W368", file=path.name, count=len(bad), rows=listed))
    if not courses:
        raise InputError(fault("E360", file=path.name, kinds="、".join(kinds)))
    x, y = np.vstack(courses).T
    if not ((np.abs(x) <= 180) & (np.abs(y) <= 90)).all():
        raise InputError(fault("E361", file=path.name, detail=f"x {x.min():.1f}…{x.max():.1f}, y {y.min():.1f}…{y.max():.1f}; datum = {datum}"))
    return rows, courses


# -- attributes -------------------------------------------------------------------------------------------------------


def _streets(table: RawTable, columns: dict[str, str], path: Path, faults: list[Fault]) -> list[Street]:
    """One per row of the file."""
    position = {column.name: i for i, column in enumerate(table.columns)}
    taken = columns | {tag: tag for tag in TAGS if tag in position and tag not in columns}
    unknown: dict[str, int] = {}
    streets = []
    for row, values in enumerate(table.rows):
        cells = {role: text for role, name in taken.items() if (text := re.sub(r"\.0$", "", values[position[name]].strip()))}
        tags = {role: cells[role] for role in ("name", "layer", *TAGS) if role in cells}
        for role in ("bridge", "tunnel"):
            if role in cells and cells[role].lower() not in _NO:
                tags[role] = "yes"
        tags |= _class_tags(cells.get("highway", ""), unknown)
        streets.append(Street.of(row + 1, tags))
    faults.extend(fault("W366", file=path.name, value=word, word=word, count=count) for word, count in sorted(unknown.items()) if word)
    return streets


def _class_tags(value: str, unknown: dict[str, int]) -> dict[str, str]:
    word = value.strip().lower()
    if word in CLASS_INDEX and word != "other":
        return {"highway": word}
    highway = next((osm for chinese, osm in CLASSES if chinese in word), None)
    if highway is None:
        unknown[value] = unknown.get(value, 0) + 1
        return {"highway": ORDINARY}
    tags = {"highway": highway}
    if any(w in word for w in _BRIDGE_WORDS):
        tags["bridge"] = "yes"
    if any(w in word for w in _TUNNEL_WORDS):
        tags["tunnel"] = "yes"
    return tags


def _level(street: Street) -> int:
    """Above (+) or below (-) the ground: the layer where it is told, else 1 for bridges and -1 for tunnels."""
    layer = street.tags.get("layer", "")
    if re.fullmatch(r"[+-]?\d{1,2}", layer) and int(layer) != 0:
        return int(layer)
    return 1 if "bridge" in street.tags else -1 if "tunnel" in street.tags else 0


# -- joining ----------------------------------------------------------------------------------------------------------


def _to_metres(courses: list[NDArray[np.float64]]) -> tuple[list[NDArray[np.float64]], str]:
    """Courses as x, y (metres, UTM), longitude, latitude; and the CRS of x and y."""
    from pyproj import Transformer

    points = np.vstack(courses)
    crs = utm(*np.median(points, axis=0).tolist())
    x, y = Transformer.from_crs(4326, crs, always_xy=True).transform(points[:, 0], points[:, 1])
    return np.split(np.column_stack((x, y, points)), np.cumsum([len(c) for c in courses])[:-1]), crs


def _tell_noding(noded: Noded, rows: list[int], path: Path, faults: list[Fault]) -> None:
    if noded.moved:
        faults.append(fault("I369", file=path.name, count=noded.moved, tolerance=JOIN_M))
    if noded.touching:
        faults.append(fault("I370", file=path.name, count=noded.touching))
    if len(noded.vanished):
        listed = "、".join(str(rows[i] + 1) for i in noded.vanished[:20])
        faults.append(fault("W368", file=path.name, count=len(noded.vanished), rows=listed))


def _places(found: list[Place], rows: list[int], streets: list[Street], crs: str, path: Path, faults: list[Fault]) -> gpd.GeoDataFrame:
    import geopandas as gpd
    from pyproj import Transformer

    apart = sum(p.apart for p in found)
    if apart:
        faults.append(fault("I358", file=path.name, count=apart))
    found = [p for p in found if not p.apart]
    lon, lat = Transformer.from_crs(crs, 4326, always_xy=True).transform([p.x for p in found], [p.y for p in found])
    titles = [[_title(streets[rows[i]]) for i in (p.first, p.second)] for p in found]
    for place, (first, second), x, y in zip(found, titles, lon, lat, strict=True):
        row = rows[place.first] + 1
        if place.kind == "gap":
            faults.append(fault("W356", file=path.name, row=row, gap=place.gap_m, lon=x, lat=y))
        else:
            faults.append(fault("W357" if place.kind == "crossing" else "W359", file=path.name, row=row, lon=x, lat=y, first=first, second=second))
    return gpd.GeoDataFrame(
        {
            "kind": [p.kind for p in found],
            "gap_m": np.array([p.gap_m for p in found], dtype=np.float64),
            "first": np.array([rows[p.first] + 1 for p in found], dtype=np.int64),
            "second": np.array([rows[p.second] + 1 for p in found], dtype=np.int64),
            "first_name": [first for first, _ in titles],
            "second_name": [second for _, second in titles],
        },
        geometry=gpd.points_from_xy(lon, lat),
        crs=4326,
    )


def _title(street: Street) -> str:
    return street.tags.get("name") or f"#{street.way_id}"


def _network(noded: Noded, rows: list[int], streets: list[Street], path: Path, faults: Iterable[Fault]) -> Network:
    places, inner = noded.junctions[:, 2:], [course[1:-1, 2:] for course in noded.courses]
    of_piece = [streets[rows[line]] for line in noded.line.tolist()]
    walkable = [p for p, s in enumerate(of_piece) if s.rule.access > Access.CLOSED]
    closed = [p for p, s in enumerate(of_piece) if s.rule.access == Access.CLOSED]
    counts = np.array([len(inner[p]) + 2 for p in walkable], dtype=np.int64)
    first = np.r_[0, np.cumsum(counts)].astype(np.int64)
    vertex = np.empty(first[-1], dtype=np.int64)
    following = len(places)
    for w, p in enumerate(walkable):
        vertex[first[w]], vertex[first[w + 1] - 1] = noded.start[p], noded.end[p]
        vertex[first[w] + 1 : first[w + 1] - 1] = np.arange(following, following + len(inner[p]))
        following += len(inner[p])
    points = np.vstack([places, *(inner[p] for p in walkable)])
    ways = Ways(
        node_id=np.r_[np.arange(1, len(places) + 1), -np.arange(1, following - len(places) + 1)].astype(np.int64),
        lon=points[:, 0],
        lat=points[:, 1],
        way_id=np.array([of_piece[p].way_id for p in walkable], dtype=np.int64),
        kind=np.array([of_piece[p].kind_index for p in walkable], dtype=np.uint8),
        flags=np.array([of_piece[p].flags for p in walkable], dtype=np.uint16),
        first=first,
        vertex=vertex,
    )
    shut = [
        (of_piece[p], (int(noded.start[p]) + 1, int(noded.end[p]) + 1), np.vstack([places[noded.start[p]], inner[p], places[noded.end[p]]])) for p in closed
    ]
    return build_network(
        ways,
        way_tags=tag_table(streets),
        left_out=left_out_table([s for s, _, _ in shut], [e for _, e, _ in shut], [c for _, _, c in shut]),
        source=path.name,
        faults=faults,
    )
