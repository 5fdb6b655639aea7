"""The same file in another datum: tables and GIS files, everything but the coordinates untouched."""

from __future__ import annotations

import csv
import io
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cfmap.intake import datum as datums
from cfmap.intake.coordinates import Pair, coordinate_columns, parse_coordinate
from cfmap.intake.encoding import decode
from cfmap.intake.headers import PAIR_WORDS
from cfmap.intake.opening import expect, guard, read_bytes
from cfmap.intake.table import DELIMITERS, RawTable, read_table
from cfmap.intake.table import SUFFIXES as TABLE_SUFFIXES
from cfmap.model.errors import ConfigError, InputError
from cfmap.model.messages import Fault, fault
from cfmap.model.schema import LAT_HEADERS, LON_HEADERS
from cfmap.model.settings_edit import columns_line

if TYPE_CHECKING:
    from collections.abc import Callable

DEGREE_DECIMALS, METRE_DECIMALS = 8, 3  # about 1 mm
_GIS = {".geojson": "GeoJSON", ".json": "GeoJSON", ".gpkg": "GPKG", ".shp": "ESRI Shapefile"}


def convert_file(path: Path, out: Path, *, source: str, target: str, columns: dict[str, str] | None = None) -> list[Fault]:
    """
    Convert a table or a GIS file from one datum to another.

    Parameters
    ----------
    path
        CSV, TSV, XLSX, GeoJSON, GeoPackage or shapefile.
    out
        File to write, of the same kind; replaced only when the new one is complete. CSV is written as UTF-8 with byte order
        mark, all other cells with the same text; a workbook keeps its sheets and formats.
    source, target
        Datums as in :func:`cfmap.intake.datum.convert`.
    columns
        Headers of the coordinate columns (keys ``lon``, ``lat``) when they are not among the known ones.

    Returns
    -------
    faults
        Rows whose coordinates are missing or not understood: copied unchanged and told.

    Raises
    ------
    InputError
        The file cannot be read, has no coordinates (E230), or a datum is unknown (E239).
    ConfigError
        E205 when `out` is of another kind than `path`.
    """
    for name in (source, target):
        datums.is_degrees(name)  # E239 before anything is written
    suffix = path.suffix.lower()
    if out.suffix.lower() != suffix:
        raise ConfigError(fault("E205", file=out.name, suffix=out.suffix or "—", known=suffix))
    raw = read_bytes(path, path.name)
    if suffix in _GIS:
        return _convert_gis(path, raw, out, source, target)
    if suffix not in TABLE_SUFFIXES:
        raise InputError(fault("E205", file=path.name, suffix=suffix or "—", known=" ".join((*TABLE_SUFFIXES, *_GIS))))
    kind = expect(raw, ("xlsx", "text"), suffix=suffix, file=path.name)
    table = read_table(path, known_headers=(*LON_HEADERS, *LAT_HEADERS, *PAIR_WORDS, *(columns or {}).values()))
    pair = coordinate_columns(table, columns or {})
    numbers, faults = _numbers(table, pair, source, target)
    write = _write_csv if kind == "text" else _write_workbook
    _atomically(out, lambda part: write(raw, part, table, pair, numbers))
    return faults


def _numbers(table: RawTable, pair: Pair, source: str, target: str) -> tuple[dict[int, tuple[str, str]], list[Fault]]:
    """Compute the new texts of both coordinates by row number."""
    if pair.lon == pair.lat:
        known, present = "、".join((*LON_HEADERS[:4], *LAT_HEADERS[:4])), "、".join(table.headers)
        raise InputError(fault("E230", file=table.file, sheet=table.sheet, known=known, present=present, line="—"))
    rows, x, y, faults = [], [], [], []
    for i, cells in enumerate(table.rows):
        lon, lat = parse_coordinate(cells[pair.lon]), parse_coordinate(cells[pair.lat])
        if lon is None or lat is None:
            empty = not cells[pair.lon] and not cells[pair.lat]
            faults.append(
                table.at("W233", i, pair.lon, state="空着", state_en="empty") if empty else table.at("E231", i, pair.lon if lon is None else pair.lat)
            )
            continue
        rows.append(table.numbers[i])
        x.append(lon)
        y.append(lat)
    new_x, new_y = datums.convert(x, y, source=source, target=target)
    digits = DEGREE_DECIMALS if datums.is_degrees(target) else METRE_DECIMALS
    return {n: (f"{a:.{digits}f}", f"{b:.{digits}f}") for n, a, b in zip(rows, new_x, new_y, strict=True)}, faults


def _write_csv(raw: bytes, part: Path, table: RawTable, pair: Pair, numbers: dict[int, tuple[str, str]]) -> None:
    text = decode(raw, file=table.file).text
    with guard(table.file):
        for delimiter in DELIMITERS:
            cells = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
            header = cells[table.header_row - 1]
            if len(header) > max(pair.lon, pair.lat) and header[pair.lon].strip() == table.headers[pair.lon]:
                break
    for number, (lon, lat) in numbers.items():
        cells[number - 1][pair.lon], cells[number - 1][pair.lat] = lon, lat
    with part.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(cells)


def _write_workbook(raw: bytes, part: Path, table: RawTable, pair: Pair, numbers: dict[int, tuple[str, str]]) -> None:
    import openpyxl

    with guard(table.file), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(raw))
        page = book[table.sheet or book.sheetnames[0]]
        for number, (lon, lat) in numbers.items():
            for position, value in ((pair.lon, lon), (pair.lat, lat)):
                page.cell(number, position + 1).value = float(value)
    book.save(part)


def _convert_gis(path: Path, raw: bytes, out: Path, source: str, target: str) -> list[Fault]:
    import shapely

    from cfmap.intake.gdal_drivers import engine

    kinds: dict[str, Any] = {"GeoJSON": "json", "GPKG": "gpkg", "ESRI Shapefile": "shp"}
    driver = _GIS[path.suffix.lower()]
    expect(raw, (kinds[driver],), suffix=path.suffix.lower(), file=path.name)
    pyogrio = engine()

    def move(points: Any) -> Any:
        return np.column_stack(datums.convert(points[:, 0], points[:, 1], source=source, target=target))

    crs = target if target.startswith("EPSG:") else "EPSG:4326"
    with guard(path.name), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        names = [str(n) for n, kind in pyogrio.list_layers(path) if kind is not None]
        if not names:
            raise InputError(fault("E208", file=path.name, detail="没有带图形的图层", detail_en="no layer has geometries"))
        frames = [(name, pyogrio.read_dataframe(path, layer=name, **_text_encoding(path))) for name in names]
    _no_field_twice(frames, path.name)

    moved_frames = [(name, f.set_geometry(shapely.transform(f.geometry.to_numpy(), move), crs=crs) if len(f) else f) for name, f in frames]
    earth: dict[str, Any] = {"axis": "坐标", "axis_en": "the coordinate", "low": "-180", "high": "180"}
    lost = [fault("E232", file=path.name, sheet=name, row=int(i) + 1, **earth) for name, f in moved_frames for i in _nowhere(f)]
    if lost:
        raise InputError(lost)

    def write(part: Path) -> None:
        for name, moved in moved_frames:
            options = {"encoding": "UTF-8"} if driver == "ESRI Shapefile" else {}
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                pyogrio.write_dataframe(moved, part, layer=name if driver == "GPKG" else None, driver=driver, append=part.exists(), **options)

    _atomically(out, write)
    return []


def _no_field_twice(frames: list[tuple[str, Any]], file: str) -> None:
    """E211: a reader takes fields of one name for one, and would lose what stands in the others."""
    found = []
    for layer, frame in frames:
        for name in dict.fromkeys(frame.columns[frame.columns.duplicated()]):
            places = "、".join(str(n) for n, column in enumerate(frame.columns, start=1) if column == name)
            found.append(fault("E211", file=file, sheet=layer, title=str(name).strip() or "—", letters=places, line=columns_line({str(name): "…"})))
    if found:
        raise InputError(found)


def _nowhere(frame: Any) -> Any:
    """Positions of features with a corner that is no number, before or after the conversion."""
    import shapely

    if not len(frame):
        return ()
    corners, feature = shapely.get_coordinates(frame.geometry.to_numpy(), return_index=True)
    return np.unique(feature[~np.isfinite(corners).all(axis=1)])


def _text_encoding(path: Path) -> dict[str, str]:
    """How pyogrio must read a shapefile's text: as its bytes say, not as its .cpg says."""
    if path.suffix.lower() != ".shp":
        return {}
    from cfmap.intake.dbf import encoding_of

    beside = path.with_suffix(".dbf")
    return {"encoding": encoding_of(beside.read_bytes(), file=beside.name)} if beside.is_file() else {}


def _atomically(out: Path, write: Callable[[Path], None]) -> None:
    """Write into a folder of its own beside `out`, then move what came of it (a shapefile is several files)."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".cfmap-") as folder:
        write(Path(folder) / out.name)
        made = sorted(Path(folder).iterdir(), key=lambda p: p.suffix == out.suffix)  # the named file last
        for file in made:
            file.replace(out.parent / file.name)
