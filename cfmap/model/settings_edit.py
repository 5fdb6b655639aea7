"""What cfmap itself writes into ``cfmap.toml``: one value at a time, everything else left as it stands."""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cfmap.model.city import CONFIG_NAME
from cfmap.model.errors import ConfigError
from cfmap.model.messages import fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    #: Where a source stands in the settings: ``("layers", "schools", "sources", 0)``.
    Place = tuple[str | int, ...]

_LONE_NEWLINE = re.compile(r"(?<!\r)\n")


def remember_columns(root: Path, answers: Mapping[Place, Mapping[str, str]]) -> None:
    """
    Write which column holds what into the sources' ``columns``, so that it is asked once.

    Comments, order, byte order mark and line ends stay; the file is replaced only by one that reads as intended.

    Parameters
    ----------
    root
        The project's folder.
    answers
        For each source: title (or key) of a field -> the department's header. What a source maps already stays, unless named here.

    Raises
    ------
    ConfigError
        E128: the settings are written in a way that cannot be changed by a program; they are as they were.
    OSError
        The folder cannot be written.
    """

    def change(whole: Any) -> None:
        for place, columns in answers.items():
            _put(_at(whole, place), columns)

    _rewrite(root, change)


def remember_survey(root: Path, file: str) -> None:
    """
    Add a file to ``[safety] survey``, once; everything else stays as in :func:`remember_columns`, errors too.

    Parameters
    ----------
    root
        The project's folder.
    file
        Relative to it.
    """

    def change(whole: Any) -> None:
        section = whole.setdefault("safety", {})
        held = section.get("survey", [])
        section["survey"] = [*map(str, held), *([] if file in held else [file])]

    _rewrite(root, change)


def _rewrite(root: Path, change: Callable[[Any], None]) -> None:
    """Make a change to the settings; the file is replaced only by one that reads as intended."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    file = root / CONFIG_NAME
    raw = file.read_bytes()
    mark = b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b""
    text = raw.removeprefix(mark).decode("utf-8")
    wanted = tomllib.loads(text)
    try:
        document = tomlkit.parse(text)
        for whole in (wanted, document):
            change(whole)
        made = tomlkit.dumps(document)
    except (TOMLKitError, KeyError, IndexError, TypeError, ValueError) as error:
        raise ConfigError(fault("E128", file=CONFIG_NAME, detail=f"{type(error).__name__}: {error}"[:200])) from None
    if "\r\n" in text and not _LONE_NEWLINE.search(text):
        made = _LONE_NEWLINE.sub("\r\n", made)
    if tomllib.loads(made) != wanted:
        raise ConfigError(fault("E128", file=CONFIG_NAME, detail="tomlkit"))
    _replace(file, mark + made.encode("utf-8"))


def columns_line(columns: Mapping[str, str]) -> str:
    """The setting as one types it: ``columns = { "经度" = "X坐标(东)" }``."""
    return f"columns = {_inline(columns)}"


def _inline(columns: Mapping[str, str]) -> str:
    import tomlkit

    pairs = (f"{tomlkit.key(title).as_string()} = {tomlkit.string(header).as_string()}" for title, header in columns.items())
    return f"{{ {', '.join(pairs)} }}"


def _at(data: Any, place: Place) -> Any:
    for key in place:
        data = data[key]
    return data


def _put(source: Any, columns: Mapping[str, str]) -> None:
    """Put `columns` into a source: plain data, or a part of a document, where a table of its own stays one."""
    import tomlkit
    from tomlkit.items import InlineTable, Table

    held = source.get("columns", {})
    if isinstance(held, Table):
        for title, header in columns.items():
            held[title] = header
        return
    merged = {**{str(title): str(header) for title, header in held.items()}, **columns}
    source["columns"] = tomlkit.parse(f"{columns_line(merged)}\n")["columns"] if isinstance(source, (InlineTable, Table)) else merged


def _replace(file: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=".cfmap-", suffix=".part", dir=file.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        part.chmod(file.stat().st_mode & 0o777)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
