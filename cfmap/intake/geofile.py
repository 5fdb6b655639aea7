"""What stands in a department's GIS file, zipped or not: attributes as text, shapes in EPSG:4326, two readers of one mind."""

from __future__ import annotations

import re
import shutil
import tempfile
import warnings
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from cfmap.intake import archive
from cfmap.intake import datum as datums
from cfmap.intake.coordinates import doubts
from cfmap.intake.dbf import read_dbf
from cfmap.intake.encoding import decode
from cfmap.intake.gdal_drivers import engine
from cfmap.intake.kml import read_kml
from cfmap.intake.opening import KIND_TITLES, Kind, expect, guard, kind_of, read_bytes
from cfmap.intake.table import Column, RawTable, as_text
from cfmap.model.errors import InputError
from cfmap.model.messages import Fault, fault

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]

_KINDS: dict[str, tuple[Kind, str]] = {
    ".geojson": ("json", "GeoJSON"),
    ".json": ("json", "GeoJSON"),
    ".gpkg": ("gpkg", "GPKG"),
    ".shp": ("shp", "ESRI Shapefile"),
    ".fgb": ("fgb", "FlatGeobuf"),
    ".kml": ("kml", "KML"),
    ".gdb": ("gdb", "OpenFileGDB"),
}
FILE_SUFFIXES = tuple(_KINDS)
SUFFIXES = (*FILE_SUFFIXES, ".kmz")
MAX_COMPARED = 20_000  # features that the second reader reads as well
_ISO_DAY = re.compile(r"\d{4}[-/]\d\d[-/]\d\d")  # the two write days and hours in their own ways
_GEOJSON = re.compile(rb'"type"\s*:\s*"(FeatureCollection|Feature|GeometryCollection|(Multi)?(Point|LineString|Polygon))"')
MAX_CROSS_CHECK_BYTES = 50_000_000


def read_geofile(path: Path, *, datum: str | None, layer: str = "", encoding: str = "", file: str = "") -> RawTable:
    """
    Read a GIS file in this process; :func:`cfmap.intake.reader.read_geofile` has it read where it can do no harm.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage, shapefile (with its ``.dbf``), FlatGeobuf, KML, KMZ, File Geodatabase (a folder ``.gdb``), or a ``.zip``
        that holds one of them; the first bytes must agree.
    datum
        What the settings declare, None when they say nothing. ``gcj02`` and ``bd09`` are shifted back after the file's own
        CRS; otherwise the file's CRS counts, and `datum` where it has none.
    layer
        Layer of a GeoPackage, geodatabase or KML (its folders); empty = its only one.
    encoding
        Of a shapefile's text; empty = judged from the bytes.
    file
        Name for messages.

    Returns
    -------
    table
        Features counted from 1; `geometry` in EPSG:4326 without Z, None where a feature has none.

    Raises
    ------
    InputError
        E200-E205, E208, E217-E219, E239, E241.
    SafetyRefusal
        E502 for a file that names other files.
    """
    import geopandas as gpd

    table, shapes = read_shapes(path, datum=datum, layer=layer, encoding=encoding, file=file)
    return replace(table, geometry=gpd.GeoSeries(shapes, crs="EPSG:4326"))


def read_shapes(path: Path, *, datum: str | None, layer: str = "", encoding: str = "", file: str = "") -> tuple[RawTable, Shapes]:
    """Do as :func:`read_geofile`, the geometry beside the table as an array of shapes."""
    file = file or path.name
    with archive.unpacked(path, suffixes=FILE_SUFFIXES, file=file) as (inside, name):
        table, shapes = _read_shapes(inside, datum=datum, layer=layer, encoding=encoding, file=name)
    return replace(table, file=file), shapes


def _read_shapes(path: Path, *, datum: str | None, layer: str, encoding: str, file: str) -> tuple[RawTable, Shapes]:
    suffix = path.suffix.lower()
    if suffix not in _KINDS:
        read_bytes(path, file)
        raise InputError(fault("E205", file=file, suffix=suffix or "—", known=" ".join(SUFFIXES)))
    kind, driver = _KINDS[suffix]
    raw = _geodatabase(path, file) if kind == "gdb" else read_bytes(path, file)
    if kind != "gdb":
        expect(raw, (kind,), suffix=suffix, file=file)
    if kind == "json":
        if not _GEOJSON.search(raw):
            raise InputError(fault("E204", file=file, actual=" GeoJSON 以外的 JSON", actual_en="JSON, but not GeoJSON", suffix=suffix))
        decode(raw, declared=encoding or "utf-8", file=file)  # GeoJSON is UTF-8; anything else is named by line
    faults: list[Fault] = []
    if kind == "shp":
        names, rows, shapes, crs = _read_shapefile(path, encoding, file, faults)
        chosen = None
    elif kind == "kml":
        names, rows, shapes = read_kml(raw, layer=layer, file=file)
        chosen, crs = layer or None, "EPSG:4326"
    else:
        chosen = _layer_of(path, layer, file)
        names, rows, shapes, crs = _read(path, chosen, file)
    if not rows:
        raise InputError(fault("E208", file=file, sheet=layer or None, detail="文件里没有要素", detail_en="it has no features"))
    faults += _cross_check(path, driver, chosen, (names, rows, shapes), file)
    if any(g is not None and shapely.has_z(g) for g in shapes):
        faults.append(fault("I210", file=file))
        shapes = shapely.force_2d(shapes)
    shapes = _to_wgs84(shapes, crs, datum, file)
    faults += doubts(crs or datum or "wgs84", file=file)
    columns = tuple(Column(n) for n in names)
    return RawTable(file, layer or None, columns, rows, list(range(1, len(rows) + 1)), 0, tuple(faults)), shapes


def _geodatabase(path: Path, file: str) -> bytes:
    """A File Geodatabase is a folder; its catalogue says that it is one."""
    catalogue = path / "a00000001.gdbtable"
    if not path.is_dir():
        raw = read_bytes(path, file)
        zh, en = KIND_TITLES[kind_of(raw)]
        raise InputError(fault("E204", file=file, actual=zh, actual_en=en, suffix=".gdb"))
    if not catalogue.is_file():
        raise InputError(fault("E217", file=file, missing=catalogue.name))
    for each in path.iterdir():
        if each.is_file() and each.stat().st_size:
            read_bytes(each, f"{file}/{each.name}")  # refuses what is too large
    return b""


def _layer_of(path: Path, layer: str, file: str) -> str:
    pyogrio = engine()
    with guard(file):
        names = [str(n) for n, kind in pyogrio.list_layers(path) if kind is not None]
    if layer and layer not in names:
        raise InputError(fault("E212", file=file, sheet=layer, wanted=layer, present="、".join(names)))
    if not layer and len(names) != 1:
        code = "E219" if names else "E208"
        raise InputError(fault(code, file=file, present="、".join(names), detail="没有带图形的图层", detail_en="no layer has geometries"))
    return layer or names[0]


def _read(path: Path, layer: str | None, file: str, *, attributes: bool = True) -> tuple[list[str], list[list[str]], Shapes, str | None]:
    pyogrio = engine()
    encoding = None if attributes else "ISO-8859-1"  # for names that are not used; it reads any byte
    with guard(file), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL's remarks; what matters is checked here
        meta, _, wkb, values = pyogrio.raw.read(path, layer=layer, columns=None if attributes else [], encoding=encoding, datetime_as_string=True)
        shapes = shapely.from_wkb(wkb)
    count = len(shapes)
    columns = [[_cell(v) for v in column] for column in values]
    rows = [[column[i] for column in columns] for i in range(count)]
    return [str(n) for n in meta["fields"]], rows, shapes, meta["crs"]


def _cell(value: Any) -> str:
    if isinstance(value, np.generic):
        value = None if isinstance(value, np.datetime64) and np.isnat(value) else value.item()
    if isinstance(value, float) and value != value:  # NaN is how the reader says null
        return ""
    return as_text(value)


def _read_shapefile(path: Path, encoding: str, file: str, faults: list[Fault]) -> tuple[list[str], list[list[str]], Shapes, str | None]:
    beside = {p.suffix.lower(): p for p in path.parent.iterdir() if p.stem == path.stem}
    if ".dbf" not in beside:
        raise InputError(fault("E217", file=file, missing=".dbf"))
    cpg = beside[".cpg"].read_bytes()[:40].decode("ascii", errors="ignore").strip() if ".cpg" in beside else ""
    name = Path(file).with_suffix(".dbf").as_posix()
    attributes = read_dbf(read_bytes(beside[".dbf"], name), declared=encoding, cpg=cpg, file=name)
    faults += attributes.faults
    if ".shx" in beside:
        _, _, shapes, crs = _read(path, None, file, attributes=False)
    else:
        faults.append(fault("W217", file=file))
        shapes, crs = _read_without_index(beside, file)
    if len(shapes) != len(attributes.rows):
        raise InputError(fault("E218", file=file, detail=f".shp {len(shapes)} ≠ .dbf {len(attributes.rows)}"))
    return attributes.names, attributes.rows, shapes, crs


def _read_without_index(beside: dict[str, Path], file: str) -> tuple[Shapes, str | None]:
    """GDAL rebuilds .shx by writing it: into a copy, the original folder is never touched."""
    pyogrio = engine()
    with tempfile.TemporaryDirectory() as folder:
        for suffix in (".shp", ".dbf", ".prj"):
            if suffix in beside:
                shutil.copyfile(beside[suffix], Path(folder) / f"copy{suffix}")
        pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": True})
        try:
            _, _, shapes, crs = _read(Path(folder) / "copy.shp", None, file, attributes=False)
        finally:
            pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": None})
    return shapes, crs


def _cross_check(path: Path, driver: str, layer: str | None, ours: tuple[list[str], list[list[str]], Shapes], file: str) -> list[Fault]:
    """Read the file once more with fiona, opened strictly as `driver`, and compare count, fields, values and corners."""
    if _size(path) > MAX_CROSS_CHECK_BYTES or (driver == "ESRI Shapefile" and not path.with_suffix(".shx").exists()):
        return []
    try:
        import fiona
        from fiona.errors import FionaError
    except ImportError:
        return [fault("I207", file=file, detail="fiona is not installed")]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with fiona.open(path, driver=driver, layer=layer, allow_unsupported_drivers=True) as source:
                count, fields = len(source), list(source.schema["properties"])
                theirs = [(dict(f.properties), None if f.geometry is None else shapely.geometry.shape(f.geometry)) for f in islice(source, MAX_COMPARED)]
    except (FionaError, OSError, ValueError, TypeError, AttributeError, shapely.errors.ShapelyError) as error:
        return [fault("I207", file=file, detail=(str(error).splitlines() or [type(error).__name__])[0][:200])]
    names, rows, shapes = ours
    values = driver not in {"ESRI Shapefile", "KML"}
    several = _lists(path, layer) if values else set()  # which fiona has no type for
    kept = [k for k, name in enumerate(names) if name not in several]
    compared = [names[k] for k in kept], [[row[k] for k in kept] for row in rows[:MAX_COMPARED]], shapes
    if difference := _difference(compared, count, fields, theirs, values=values):
        raise InputError(fault("E218", file=file, detail=difference))
    return []


def _lists(path: Path, layer: str | None) -> set[str]:
    """Fields that hold several values in each feature."""
    about = engine().read_info(path, layer=layer)
    return {str(name) for name, dtype in zip(about["fields"], about["dtypes"], strict=True) if str(dtype).startswith("list(")}


def _difference(
    ours: tuple[list[str], list[list[str]], Shapes], count: int, fields: list[str], theirs: list[tuple[dict[str, Any], Any]], *, values: bool
) -> str:
    """
    Where two readings differ, in words; empty when they agree.

    Values are compared where both readers decode text alike: a .dbf is decoded by :mod:`cfmap.intake.dbf`, and fiona's KML has
    no extended data.
    """
    names, rows, shapes = ours
    if count != len(shapes):
        return f"pyogrio {len(shapes)} ≠ fiona {count}"
    if values and sorted(fields) != sorted(names):
        return f"pyogrio {sorted(set(names) - set(fields))} ≠ fiona {sorted(set(fields) - set(names))}"
    for i, (properties, shape) in enumerate(theirs):
        mine = shapes[i]
        a, b = (shapely.get_coordinates(shape_) if shape_ is not None else np.empty((0, 2)) for shape_ in (mine, shape))
        if len(a) != len(b) or not np.allclose(a, b, rtol=1e-12, atol=1e-9, equal_nan=True):
            return f"#{i + 1}: pyogrio {_short(mine)} ≠ fiona {_short(shape)}"
        for name, text in zip(names, rows[i], strict=True) if values else ():
            other = properties.get(name)
            if isinstance(other, (str, int, float)) and (told := as_text(other)) != text and not _ISO_DAY.match(told) and told.strip() != text:
                return f"#{i + 1} {name}: pyogrio {text[:60]!r} ≠ fiona {told[:60]!r}"
    return ""


def _short(shape: Any) -> str:
    return "—" if shape is None else shapely.to_wkt(shape, rounding_precision=9)[:80]


def _size(path: Path) -> int:
    return sum(p.stat().st_size for p in path.iterdir() if p.is_file()) if path.is_dir() else path.stat().st_size


def _to_wgs84(shapes: Shapes, crs: str | None, datum: str | None, file: str) -> Shapes:
    source = crs or datum
    if source is None:
        bounds = "，".join(f"{v:.6g}" for v in shapely.total_bounds(shapes))
        raise InputError(fault("E241", file=file, bounds=bounds))
    if crs is not None:
        shapes = _reproject(shapes, crs, file)
        source = datum if datum in {"gcj02", "bd09"} else "wgs84"

    def shift(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(datums.convert(points[:, 0], points[:, 1], source=source, target="wgs84"))

    return shapes if source == "wgs84" else np.asarray(shapely.transform(shapes, shift), dtype=object)


def _reproject(shapes: Shapes, crs: str, file: str) -> Shapes:
    import os

    os.environ["PROJ_NETWORK"] = "OFF"
    from pyproj import CRS, Transformer
    from pyproj.exceptions import CRSError, ProjError

    try:
        source = CRS.from_user_input(crs)
        transformer = Transformer.from_crs(source, "EPSG:4326", always_xy=True)
    except (CRSError, ProjError) as error:  # a CRS of the moon is one, and leads nowhere
        raise InputError(fault("E239", file=file, datum=crs[:80], detail=str(error).splitlines()[0][:200])) from None
    if (source.is_geographic and source.to_epsg() in {4326, 4490}) or crs in {"OGC:CRS84", "EPSG:4979"}:
        return shapes  # CGCS2000 is the same within centimetres

    def project(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    with guard(file):
        return np.asarray(shapely.transform(shapes, project), dtype=object)
