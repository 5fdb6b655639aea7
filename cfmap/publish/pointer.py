"""Which version do readers see? One tiny page says it, and only that page is ever replaced."""

from __future__ import annotations

import html
import os
import re
from typing import TYPE_CHECKING

from cfmap.publish import files

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cfmap.model.edition import Edition

NAME = "index.html"
_EDITIONS = re.compile(r'(<meta name="cfmap-editions" content=")([\d.]*)(">)')
_VERSION = re.compile(r'<meta name="cfmap-version" content="(\d{6,})">')

PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="cfmap-version" content="{version}">
<meta name="cfmap-edition" content="{year}">
<meta name="cfmap-editions" content="{editions}">
{robots}<title>{title}</title>
<script>
(function () {{
  var known = document.querySelector('meta[name="cfmap-editions"]').content, search = location.search, hash = location.hash;
  if (known && hash.length > 1) hash += "&editions=" + known;
  else if (known && search.length > 1) search += "&editions=" + known;
  else if (known) hash = "#editions=" + known;
  location.replace("{target}" + search + hash);
}})();
</script>
<meta http-equiv="refresh" content="0; url={target}">
</head>
<body>
<p><a href="{target}">打开 {title}</a></p>
<p lang="en"><a href="{target}">Open the map ({year})</a></p>
</body>
</html>
"""


def page(edition: Edition, version: int, *, editions: Iterable[int] = ()) -> bytes:
    """
    Text of the pointer: leads to ``versions/NNNNNN/index.html`` by relative address, from a web server and from ``file://``.

    Keeps what stands behind ``?`` and ``#`` where scripts run, and adds which `editions` stand beside (``editions=2023.2024``): the page
    itself is not changed when another year is published. Without scripts it still leads on.
    """
    inside = "" if edition.public else "【内部 · 不得公开】"
    title = html.escape(f"{inside}{edition.city.name}儿童友好城市地图 {edition.year}")
    robots = "" if edition.public else '<meta name="robots" content="noindex, nofollow, noarchive">\n'
    target = f"versions/{name(version)}/{NAME}"
    return PAGE.format(editions=_joined(editions), robots=robots, version=name(version), year=edition.year, title=title, target=target).encode()


def name(version: int) -> str:
    """Folder name of a version: six digits."""
    return f"{version:06d}"


def read(folder: Path) -> int | None:
    """Version that the pointer in an edition's folder names; None without a pointer."""
    try:
        found = _VERSION.search((folder / NAME).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    return int(found[1]) if found else None


def write(folder: Path, text: bytes) -> None:
    """Replace the pointer in one step."""
    fresh = folder / f".{NAME}.{os.getpid()}"
    try:
        files.write_bytes(fresh, text)
        files.replace(fresh, folder / NAME)
    finally:
        fresh.unlink(missing_ok=True)
    files.sync_folder(folder)


def editions(folder: Path) -> tuple[int, ...] | None:
    """Years that the pointer in an edition's folder names; None without a pointer that could name any."""
    try:
        found = _EDITIONS.search((folder / NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return tuple(int(year) for year in found[2].split(".") if year) if found else None


def told(folder: Path, years: Iterable[int]) -> bytes:
    """Give the pointer's text with other years in it, all else kept."""
    return _EDITIONS.sub(rf"\g<1>{_joined(years)}\g<3>", (folder / NAME).read_text(encoding="utf-8"), count=1).encode()


def moved(folder: Path, version: int) -> bytes:
    """Give the pointer's text with another version in it, all else kept."""
    text = (folder / NAME).read_text(encoding="utf-8")
    current = read(folder)
    return text.replace(name(current or 0), name(version)).encode()


def _joined(years: Iterable[int]) -> str:
    return ".".join(str(year) for year in years)
