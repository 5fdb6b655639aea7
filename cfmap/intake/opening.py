"""What kind of file is this really, and does it open: the one boundary round every third-party reader."""

from __future__ import annotations

import hashlib
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from cfmap.model.errors import CfmapError, EnvironmentFault, InputError, SafetyRefusal
from cfmap.model.messages import fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Kind = Literal[
    "xlsx",
    "xls",
    "encrypted",
    "zip",
    "html",
    "vrt",
    "xml",
    "gpkg",
    "sqlite",
    "shp",
    "json",
    "pdf",
    "parquet",
    "fgb",
    "kml",
    "gdb",
    "word",
    "slides",
    "sheet_xml",
    "text",
]

#: What a file is, in words.
KIND_TITLES: dict[Kind, tuple[str, str]] = {
    "xlsx": ("Excel 工作簿（.xlsx）", "an Excel workbook (.xlsx)"),
    "xls": ("旧版 Excel 工作簿（.xls）", "an old Excel workbook (.xls)"),
    "encrypted": ("加密的 Excel 工作簿", "an encrypted Excel workbook"),
    "zip": ("压缩包", "a ZIP archive"),
    "html": (" HTML 网页表格", "an HTML page"),
    "vrt": ("虚拟数据源（VRT）", "an OGR virtual data source (VRT)"),
    "xml": (" XML 文件", "an XML file"),
    "gpkg": (" GeoPackage", "a GeoPackage"),
    "sqlite": (" SQLite 数据库", "an SQLite database"),
    "shp": (" shapefile", "a shapefile"),
    "json": (" JSON", "JSON"),
    "pdf": (" PDF", "a PDF"),
    "parquet": (" Parquet", "Parquet"),
    "fgb": (" FlatGeobuf", "a FlatGeobuf"),
    "kml": (" KML", "a KML"),
    "gdb": (" File Geodatabase", "a File Geodatabase"),
    "word": (" Word 文档", "a Word document"),
    "slides": ("演示文稿", "a presentation"),
    "sheet_xml": (" Excel 2003 XML 表格", "an Excel 2003 XML table"),
    "text": ("文本", "plain text"),
}
_MARKUP: tuple[tuple[bytes, Kind], ...] = (
    (b"<ogrvrtdatasource", "vrt"),
    (b"<!doctype html", "html"),
    (b"<html", "html"),
    (b"<table", "html"),
    (b"<?xml", "xml"),
)
_KML = re.compile(rb"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<kml[\s>]", re.DOTALL)
_OFFICE_PARTS: tuple[tuple[bytes, Kind], ...] = ((b"xl/", "xlsx"), (b"word/document.xml", "word"), (b"ppt/presentation.xml", "slides"))
_OLE_STREAMS: tuple[tuple[str, Kind], ...] = (("EncryptedPackage", "encrypted"), ("WordDocument", "word"), ("PowerPoint Document", "slides"))

MAX_BYTES = 300_000_000  # of a file that is read whole
MEMORY_FACTOR = 12  # bytes in memory for one of a table, measured on CSV of short cells


def read_bytes(path: Path, file: str) -> bytes:
    """
    Read an input file.

    Raises
    ------
    InputError
        E200 when it is missing (or a folder), E201 when it is empty.
    EnvironmentFault
        E411 when it is larger than can be read, before anything is.
    """
    try:
        size = path.stat().st_size if path.is_file() else -1
    except OSError:
        size = -1
    if size < 0:
        raise InputError(fault("E200", file=file))
    if size > MAX_BYTES:
        needed, limit = size * MEMORY_FACTOR / 1e9, MAX_BYTES * MEMORY_FACTOR / 1e9
        raise EnvironmentFault(fault("E411", file=file, size=f"{size / 1e9:.1f} GB", needed=f"{needed:.0f} GB", limit=f"{limit:.1f} GB"))
    raw = path.read_bytes()
    if not raw:
        raise InputError(fault("E201", file=file))
    return raw


def sha256(path: Path) -> str:
    """SHA-256 of a file, hexadecimal; of a folder (File Geodatabase) over its files' names and contents."""
    if path.is_dir():
        told = hashlib.sha256()
        for each in sorted(p for p in path.rglob("*") if p.is_file()):
            told.update(f"{each.relative_to(path).as_posix()}\0{sha256(each)}\n".encode())
        return told.hexdigest()
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def kind_of(raw: bytes) -> Kind:
    """Tell what the first bytes say, whatever the extension."""
    if raw.startswith(b"PK\x03\x04"):
        return next((kind for part, kind in _OFFICE_PARTS if part in raw), "zip")
    if raw.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return next((kind for stream, kind in _OLE_STREAMS if stream.encode("utf-16-le") in raw), "xls")
    if raw.startswith(b"SQLite format 3\0"):
        return "gpkg" if raw[68:72] in {b"GPKG", b"GP10", b"GP11"} else "sqlite"
    for magic, kind in ((b"\x00\x00\x27\x0a", "shp"), (b"%PDF", "pdf"), (b"PAR1", "parquet"), (b"fgb\x03fgb", "fgb")):
        if raw.startswith(magic):
            return kind  # type: ignore[return-value]
    return _kind_of_text(raw[:65536])


def _kind_of_text(head: bytes) -> Kind:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", errors="ignore").encode()
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if b"<ogrvrtdatasource" in text:
        return "vrt"
    if text.startswith(b"<?xml") and (b'progid="excel.sheet"' in text or b"office:spreadsheet" in text):
        return "sheet_xml"
    if _KML.match(text):
        return "kml"
    for magic, kind in _MARKUP:
        if text.startswith(magic):
            return "html" if kind == "xml" and (b"<html" in text or b"<table" in text) else kind
    if text.startswith(b"{"):
        return "vrt" if b'"gdalg"' in text or b"gdal_streamed_alg" in text else "json"
    return "text"


def expect(raw: bytes, kinds: tuple[Kind, ...], *, suffix: str, file: str) -> Kind:
    """
    Return the kind of a file, when it is one of `kinds`.

    Raises
    ------
    SafetyRefusal
        E502 for a file that names other files to open.
    InputError
        E206 for a password, E204 when the content is something else.
    """
    kind = kind_of(raw)
    zh, en = KIND_TITLES[kind]
    if kind == "vrt":
        raise SafetyRefusal(fault("E502", file=file, actual=zh.strip()))
    if kind == "encrypted" and kind not in kinds:
        raise InputError(fault("E206", file=file))
    if kind not in kinds:
        raise InputError(fault("E204", file=file, actual=zh, actual_en=en, suffix=suffix))
    return kind


@contextmanager
def guard(file: str, *, sheet: str | None = None) -> Iterator[None]:
    """
    Turn whatever a third-party reader throws into one record that names the file.

    Readers of outside files (calamine, pyogrio, fiona, csv, expat, zipfile, shapely) are only called inside this
    boundary; a guarded child process can be put here without touching any reader.

    Raises
    ------
    InputError
        E202 for anything but our own errors, lack of memory and an interruption.
    """
    try:
        yield
    except (CfmapError, MemoryError, KeyboardInterrupt, GeneratorExit, SystemExit):
        raise
    except BaseException as error:
        # a panic inside a reader written in Rust is a BaseException of its own
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        lines = str(error).strip().splitlines() or [""]
        raise InputError(fault("E202", file=file, sheet=sheet, detail=f"{type(error).__name__}: {lines[0][:200]}")) from None
