"""Is the page that was written whole, and does it hold what the edition holds?"""

from __future__ import annotations

import base64
import gzip
import json
import re
import zlib
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from cfmap.model.messages import Fault, fault
from cfmap.publish import tiles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cfmap.model.edition import Edition

NAME = "index.html"
POLICY = "content-security-policy"
LOADS = {"audio", "embed", "iframe", "img", "input", "link", "object", "script", "source", "track", "video"}
_FAR = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
INTERNAL = "cfmap-internal"  # block of data that no public page has
CLOSED = "关闭"  # such sites stay off the page


class _Page(HTMLParser):
    """What the check needs to know of a page: language, title, blocks of data, and whether it came to its end."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lang = self.title = self.robots = ""
        self.blocks: dict[str, str] = {}
        self.policy: str | None = None
        self.far: list[str] = []  # what it would load from elsewhere
        self.ended = False
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note language, title and data."""
        given = dict(attrs)
        if tag == "meta" and (given.get("http-equiv") or "").lower() == POLICY:
            self.policy = given.get("content") or ""
        if tag in LOADS:
            self.far += [v for k, v in attrs if k in ("src", "href", "data", "poster", "srcset") and v and _FAR.match(v)]
        if tag == "html":
            self.lang = given.get("lang") or ""
        elif tag == "title":
            self._inside = "title"
        elif tag == "meta" and given.get("name") == "robots":
            self.robots = given.get("content") or ""
        elif tag == "script" and given.get("type") == "application/json":
            self._inside = given.get("id") or f"block {len(self.blocks) + 1}"
            self.blocks[self._inside] = ""

    def handle_data(self, data: str) -> None:
        """Collect text."""
        if self._inside == "title":
            self.title += data
        elif self._inside:
            self.blocks[self._inside] += data

    def handle_endtag(self, tag: str) -> None:
        """Close what was open."""
        if tag in ("title", "script"):
            self._inside = ""
        self.ended = self.ended or tag == "html"

    def data(self) -> dict[str, Any]:
        """Blocks of data, unpacked."""
        return {name: _block(text) for name, text in self.blocks.items()}


def check(edition: Edition, folder: Path) -> Iterator[Fault]:
    """
    Read the page back: it parses to its end, has language and title, every block of data is JSON, and the blocks
    ``cfmap-meta``, ``cfmap-sites`` and ``cfmap-events`` hold this edition's year and every site that is not closed, by name. It loads
    nothing from elsewhere, and its policy lets it fetch pictures from exactly the hosts of the map service in the settings: by default from none.
    """
    try:
        page = _read(folder / NAME)
        data = page.data()
    except (OSError, EOFError, ValueError, zlib.error) as error:
        yield fault("E601", name=NAME, detail=str(error))
        return
    if not (page.ended and page.lang and page.title.strip()):
        yield fault("E601", name=NAME, detail=f"lang={page.lang!r} title={page.title!r} </html>={page.ended}")
        return
    if page.far:
        yield fault("E601", name=NAME, detail="、".join(page.far[:3]))
    if (wrong := _wrong_policy(page.policy, tiles.hosts(edition.city))) is not None:
        yield fault("E601", name=NAME, detail=f"Content-Security-Policy: {wrong}")
    try:
        year, demo = data["cfmap-meta"]["year"], data["cfmap-meta"]["city"]["demo"]
        names = sorted([*data["cfmap-sites"]["name"], *data.get("cfmap-events", {}).get("name", [])])
    except (KeyError, TypeError) as error:
        yield fault("E601", name=NAME, detail=f"cfmap-meta, cfmap-sites: {error}")
        return
    if (year, demo) != (edition.year, edition.city.city.demo):
        yield fault("E601", name=NAME, detail=f"year={year} demo={demo}")
    if wrong := _audience(edition, page, data):
        yield fault("E601", name=NAME, detail=wrong)
    wanted = sorted(_names(edition))
    if names != wanted:
        yield fault("E601", name=NAME, detail=f"{len(names)} ≠ {len(wanted)}")


def _audience(edition: Edition, page: _Page, data: dict[str, Any]) -> str:
    """What is wrong about whom the page is for: a public one with something internal, an internal one without its marks."""
    says_public = data["cfmap-meta"].get("public")
    hidden = "noindex" in page.robots
    if edition.public:
        return "internal" if INTERNAL in data or hidden or says_public is not True else ""
    return "not marked as internal" if says_public is not False or not hidden else ""


def blocks(path: Path) -> dict[str, Any]:
    """
    A page's blocks of data by their names (``cfmap-meta`` …).

    Raises
    ------
    OSError, ValueError
        It cannot be read, or a block is no JSON.
    """
    try:
        return _read(path).data()
    except (EOFError, zlib.error) as error:
        raise ValueError(str(error)) from None


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    return page


def _wrong_policy(policy: str | None, hosts: tuple[str, ...]) -> str | None:
    """What a policy allows beyond, or forbids within, what it should; None when it is right."""
    if policy is None:
        return "—"
    given = {name: sources for name, *sources in (part.split() for part in policy.split(";") if part.strip())}
    if given.get("default-src") != ["'none'"]:
        return f"default-src {given.get('default-src')}"
    named = {(name, s) for name, sources in given.items() for s in sources if not re.fullmatch(r"'(?:none|sha256-[\w+/=]+)'|data:|blob:", s)}
    wanted = {("img-src", f"https://{host}") for host in hosts}
    return " ".join(f"{name} {source}" for name, source in sorted(named ^ wanted)) or None


def _block(text: str) -> Any:
    """Data of a block; large ones, and large parts of some, stand packed as ``{"gzip": base64}``."""
    data = _opened(json.loads(text))
    return {key: _opened(part) for key, part in data.items()} if isinstance(data, dict) else data


def _opened(data: Any) -> Any:
    if isinstance(data, dict) and set(data) == {"gzip"}:
        return json.loads(gzip.decompress(base64.b64decode(data["gzip"], validate=True)))
    return data


def _names(edition: Edition) -> Iterator[str]:
    for data in edition.layers.values():
        located = data.sites[data.sites.geometry.notna() & ~data.sites.geometry.is_empty]
        for table in (located, data.unlocated):
            yield from table.loc[(table["status"] != CLOSED).fillna(value=True), "name"].astype(str) if len(table) else ()
