"""What could a reader dig out of a file? Every text in it, whatever it is packed in, with the place where it stands."""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import json
import re
import sqlite3
import zipfile
import zlib
from contextlib import closing
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Text = tuple[str, str]

DEEPEST = 6  # packings within packings
LONG_NUMBER = 10**10  # from here on a number may be somebody's
_DATA_URL = re.compile(r"data:[\w/+.-]*;base64,([A-Za-z0-9+/=]+)")
_TAG = re.compile(r"(<!--(.*?)-->|<!\[CDATA\[(.*?)\]\]>|<[^>]*>|[^<]+)", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


class UnknownContent(ValueError):
    """A file that nobody can look into; nothing of the kind is published."""


def texts(path: Path) -> Iterator[Text]:
    """
    Every text in a file, with where it stands in it.

    Looked into: HTML (attributes, comments, blocks of data, also packed ones, pictures), JSON, XML (KML, SVG, QGIS), GeoPackage and
    SQLite (every table, column and trigger), Parquet (cells and metadata), ZIP and what is made of it (XLSX with properties, comments and
    hidden sheets, DOCX, QGZ), gzip, pictures (EXIF, comments), PDF (uncovered texts and properties), plain text. Numbers of eleven
    digits and more count as text. Places inside name column and row where there are any.

    Raises
    ------
    UnknownContent
        It is none of these.
    """
    if _starts(path) == b"SQLite format 3\x00":
        yield from _sqlite(path)
    else:
        yield from of_bytes(path.read_bytes())


def of_bytes(data: bytes, *, place: str = "", depth: int = 0) -> Iterator[Text]:
    """As :func:`texts`, of a content in memory."""
    if depth > DEEPEST:
        msg = f"{place}: packed more than {DEEPEST} times"
        raise UnknownContent(msg)
    try:
        yield from _opened(data, place, depth)
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, binascii.Error) as error:
        msg = f"{place}: {error}"
        raise UnknownContent(msg) from None


def _opened(data: bytes, place: str, depth: int) -> Iterator[Text]:
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield f"{place} zip".strip(), archive.comment.decode("utf-8", "replace")
            for entry in archive.infolist():
                at = f"{place} {entry.filename}".strip()
                yield at, entry.filename
                if not entry.is_dir():
                    yield from of_bytes(archive.read(entry), place=at, depth=depth + 1)
    elif data.startswith(b"\x1f\x8b"):
        yield from of_bytes(gzip.decompress(data), place=place, depth=depth + 1)
    elif data.startswith(b"PAR1"):
        yield from _parquet(data, place)
    elif data.startswith(b"%PDF"):
        yield from _pdf(data, place, depth)
    elif data.startswith((b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF")):
        yield from _picture(data, place)
    elif data.startswith(b"GP\x00") or not data:
        return  # a shape of a GeoPackage
    else:
        yield from _text(_decoded(data, place), place, depth)


def _text(text: str, place: str, depth: int) -> Iterator[Text]:
    head = text.lstrip("\ufeff \t\r\n")[:200].lower()
    if head.startswith(("<!doctype html", "<html")):
        page = _Page(place, depth)
        page.feed(text)
        page.close()
        yield from page.found
    elif head.startswith("<"):
        yield from _xml(text, place)
    elif head.startswith(("{", "[")):
        try:
            yield from _json(json.loads(text), place, depth)
        except ValueError:
            yield from _lines(text, place, depth)
    else:
        yield place, text
        yield from _packed(text, place, depth)


def _decoded(data: bytes, place: str) -> str:
    for encoding in ("utf-16", "utf-8-sig") if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    msg = f"{place}: {data[:8].hex()}"
    raise UnknownContent(msg)


def _starts(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(16)


# -- text of many kinds --------------------------------------------------------------------------------------------


class _Page(HTMLParser):
    """Texts, attributes, comments and blocks of data of a page."""

    def __init__(self, place: str, depth: int) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Text] = []
        self._place, self._depth, self._block = place, depth, ""

    def _at(self, what: str) -> str:
        return f"{self._place} {what}".strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Attributes, and which block begins."""
        self._block = f"#{dict(attrs).get('id') or 'data'}" if tag == "script" and ("type", "application/json") in attrs else tag
        for name, value in attrs:
            if value:
                self.found.append((self._at(f"<{tag} {name}>"), value))
                self.found += _packed(value, self._at(f"<{tag} {name}>"), self._depth)

    def handle_data(self, data: str) -> None:
        """Text, or a block of data."""
        if self._block.startswith("#"):
            try:
                self.found += _json(json.loads(data), self._at(self._block), self._depth)
            except ValueError:
                self.found.append((self._at(self._block), data))
        elif data.strip():
            self.found.append((self._at(f"<{self._block}>"), data))

    def handle_endtag(self, tag: str) -> None:
        """A block ends."""
        del tag
        self._block = "text"

    def handle_comment(self, data: str) -> None:
        """A comment."""
        self.found.append((self._at("<!-- -->"), data))

    def handle_decl(self, decl: str) -> None:
        """The document's type."""
        self.found.append((self._at("<!>"), decl))


def _json(value: Any, place: str, depth: int) -> Iterator[Text]:
    if isinstance(value, str):
        yield place, value
        if len(value) > 20:
            yield from _packed(value, place, depth)
    elif isinstance(value, bool):
        return
    elif isinstance(value, int):
        if abs(value) >= LONG_NUMBER:
            yield place, str(value)
    elif isinstance(value, dict):
        if set(value) == {"gzip"} and isinstance(value["gzip"], str):
            yield from of_bytes(base64.b64decode(value["gzip"], validate=True), place=place, depth=depth + 1)
            return
        for key, inner in value.items():
            yield f"{place} {key}".strip(), key
            yield from _json(inner, f"{place}.{key}" if place else key, depth)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            if not isinstance(inner, float):
                yield from _json(inner, f"{place}[{number}]", depth)


def _lines(text: str, place: str, depth: int) -> Iterator[Text]:
    """JSON by the line, or no JSON at all."""
    for number, line in enumerate(text.splitlines(), start=1):
        at = f"{place} line {number}".strip()
        try:
            yield from _json(json.loads(line), at, depth)
        except ValueError:
            yield at, line


def _xml(text: str, place: str) -> Iterator[Text]:
    import html

    for part, comment, data in dict.fromkeys(_TAG.findall(text)):  # most tags stand there many times and say the same each time
        piece = comment or data or part
        if part.startswith("<") and piece is part:
            name = part.strip("</>?! ").split(maxsplit=1)
            for found in _ATTRIBUTE.finditer(part):
                yield f"{place} <{name[0] if name else ''} {found[1]}>".strip(), html.unescape(found[2] or found[3] or "")
        elif piece.strip():
            yield place, html.unescape(piece)


def _packed(text: str, place: str, depth: int) -> Iterator[Text]:
    for found in _DATA_URL.finditer(text):
        try:
            yield from of_bytes(base64.b64decode(found[1]), place=f"{place} data:".strip(), depth=depth + 1)
        except UnknownContent:
            continue  # a font, a sound: no text


# -- other files ---------------------------------------------------------------------------------------------------


def _sqlite(path: Path) -> Iterator[Text]:
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        try:
            for name, sql in connection.execute("SELECT name, sql FROM sqlite_master").fetchall():
                yield "sqlite_master", f"{name} {sql or ''}"
            tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for table in tables:
                if table.startswith("rtree_") or table.endswith(("_node", "_rowid", "_parent")):
                    continue
                for column in [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]:
                    yield from _column(connection, table, column)
        except sqlite3.Error as error:
            msg = f"{path.name}: {error}"
            raise UnknownContent(msg) from None


def _column(connection: sqlite3.Connection, table: str, column: str) -> Iterator[Text]:
    kind = f'typeof("{column}")'
    query = (
        f"SELECT rowid, \"{column}\" FROM \"{table}\" WHERE {kind} = 'text' OR {kind} = 'blob' OR ({kind} = 'integer' AND abs(\"{column}\") >= {LONG_NUMBER})"  # noqa: S608
    )
    for row, value in connection.execute(query):
        at = f"{table}.{column} row {row}"
        if isinstance(value, bytes):
            if not value.startswith(b"GP"):
                yield from of_bytes(value, place=at, depth=1)
        else:
            yield at, str(value)
            if isinstance(value, str) and value.startswith("<"):
                yield from _xml(value, at)


def _parquet(data: bytes, place: str) -> Iterator[Text]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(io.BytesIO(data))
    schema = file.schema_arrow
    for holder, metadata in (
        (f"{place} schema", schema.metadata),
        (f"{place} file", file.metadata.metadata),
        *((f"{place} {f.name}", f.metadata) for f in schema),
    ):
        for key, value in (metadata or {}).items():
            yield f"{holder} {key.decode('utf-8', 'replace')}".strip(), value.decode("utf-8", "replace") if key != b"ARROW:schema" else ""
    for field in schema:
        yield f"{place} schema".strip(), field.name
        column = file.read(columns=[field.name]).column(0)
        if not (
            pa.types.is_string(column.type) or pa.types.is_large_string(column.type) or pa.types.is_integer(column.type) or pa.types.is_dictionary(column.type)
        ):
            continue
        for row, value in enumerate(column.to_pylist(), start=1):
            if isinstance(value, str) or (isinstance(value, int) and abs(value) >= LONG_NUMBER):
                yield f"{place} {field.name} row {row}".strip(), str(value)


def _picture(data: bytes, place: str) -> Iterator[Text]:
    from PIL import Image

    with Image.open(io.BytesIO(data)) as picture:
        notes: dict[Any, Any] = {**picture.info, **{f"exif {k}": v for k, v in _exif(picture)}}
        for key, value in notes.items():
            text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
            yield f"{place} {key}".strip(), text


def _exif(picture: Any) -> Iterator[tuple[Any, Any]]:
    exif = picture.getexif()
    yield from exif.items()
    for block in (0x8769, 0x8825, 0xA005):  # Exif, GPS, interoperability
        yield from exif.get_ifd(block).items()


def _pdf(data: bytes, place: str, depth: int) -> Iterator[Text]:
    """Texts as a reader sees them, whatever fonts and packings they are in; properties, and files that are attached."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        for name, value in document.get_metadata_dict().items():
            yield f"{place} {name}".strip(), str(value)
        for number, page in enumerate(document, start=1):
            yield f"{place} page {number}".strip(), page.get_textpage().get_text_bounded()
        for attached in range(document.count_attachments()):
            file = document.get_attachment(attached)
            at = f"{place} {file.get_name()}".strip()
            yield at, file.get_name()
            yield from of_bytes(bytes(file.get_data()), place=at, depth=depth + 1)
    except pypdfium2.PdfiumError as error:
        msg = f"{place}: PDF: {error}"
        raise UnknownContent(msg) from None


__all__ = ["UnknownContent", "of_bytes", "texts"]
