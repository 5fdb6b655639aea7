"""How does the page leave folium: a map of our own, nothing from outside, no text in any template, one policy that forbids the rest."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import re
from collections import OrderedDict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
from branca.element import Element, Figure, MacroElement
from jinja2 import Template

from cfmap.model.errors import ConfigError, SafetyRefusal
from cfmap.model.messages import fault
from cfmap.publish.web import added

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfmap.publish.tiles import Tiles
    from cfmap.publish.web.assets import Assets
    from cfmap.publish.web.payload import Payload

TITLE = "儿童友好地图"
INTERNAL = "【内部 · 不得公开】"  # the page's title before its script writes one
ROBOTS = "noindex, nofollow, noarchive"
PACK_FROM = 20_000  # characters; smaller blocks stay readable
PACK_FASTER_FROM = 200_000  # characters; larger blocks are packed one part in a hundred worse, in a fifth of the time
POLICY_PLACE = "<!--policy-->"
POLICY = (
    "default-src 'none'; script-src {scripts}; style-src {styles}; img-src data: blob:{pictures}; font-src data:; "
    "connect-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'"
)
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_HALF = re.compile("[\ud800-\udfff]")  # half of a character: cannot be written as UTF-8
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def safe_json(data: Any) -> str:
    """JSON that can stand inside ``<script type="application/json">``: ``< > &`` and the two line separators escaped, keys sorted."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    text = _HALF.sub("\ufffd", text)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


class _Raw(Element):
    """Text that goes into the page as it is: branca would take it for a template and run it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **kwargs: Any) -> str:
        del kwargs
        return self.text


class _Ours(_Raw):
    """Such text of our own making."""


class _Place(Element):
    """A part of the document. Text that folium's layers put here holds names of places: it is taken as it is, never run as a template."""

    def add_child(self, child: Any, name: str | None = None, index: int | None = None) -> Any:
        """Put something here."""
        template = getattr(child, "_template_str", None)
        return super().add_child(_Raw(template) if type(child) is Element and template is not None else child, name=name, index=index)


class _Page(Figure):
    """The document around the map."""

    _template = Template(
        "<!DOCTYPE html>\n"
        '<html lang="zh-CN">\n'
        "<head>\n"
        '<meta charset="utf-8">\n' + POLICY_PLACE + "\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="format-detection" content="telephone=no">\n'
        "<title>{{ this.title }}</title>\n"
        "{{ this.header.render(**kwargs) }}"
        "</head>\n"
        "<body>\n"
        "{{ this.html.render(**kwargs) }}"
        "<script>{{ this.script.render(**kwargs) }}</script>\n"
        "</body>\n"
        "</html>\n"
    )

    title = TITLE

    def __init__(self) -> None:
        super().__init__()
        self.header, self.html, self.script = (_Place() for _ in range(3))  # without branca's own charset line; ours comes first
        for place in self.places:
            place._parent = self  # noqa: SLF001 - as branca does

    @property
    def places(self) -> tuple[Any, Any, Any]:
        """Parts of the document that layers put something into."""
        return self.header, self.html, self.script

    def drawn(self) -> str:
        """The document with everything on it, before its policy."""
        text: str = super().render()
        return text

    def render(self, **kwargs: Any) -> str:
        """The page as a notebook or ``save`` of the document shows it: that of its map."""
        del kwargs
        chart: CfMap = next(c for c in self._children.values() if isinstance(c, CfMap))
        return chart.html()


class PublicPage(MacroElement):
    """
    Everything of ours on the page, in the order in which a slow phone should get it.

    Shell and its data, Leaflet, sites, the script, then basemap, what sites can wait for, and coverage, each announced as it arrives.
    """

    def __init__(self, payload: Payload, assets: Assets, tiles: Tiles | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "PublicPage"
        self.tiles = tiles
        self.payload = payload
        self.assets = assets
        self.public = bool(payload.meta["public"])  # what the page says of itself
        self.extended = False  # whether layers of folium's own are on it

    @property
    def shows_internal(self) -> bool:
        """Whether the page holds what only colleagues may see."""
        return not self.public and self.payload.internal is not None

    @property
    def _whole_leaflet(self) -> bool:
        """Layers of others may ask for any part of it."""
        return self.extended or self.shows_internal

    def render(self, **kwargs: Any) -> str:
        """Hand the parts to the figure as raw text; children are drawn as usual."""
        figure: Any = self.get_root()
        figure.title = TITLE if self.public else f"{INTERNAL} {TITLE}"
        if not self.public:
            figure.header.add_child(_Ours(f'<meta name="robots" content="{ROBOTS}">\n'), name="cfmap-robots")
        style = (self.assets.leaflet_style if self._whole_leaflet else self.assets.leaflet_part_style) + self.assets.style
        style += self.assets.bus_style if self.payload.bus else ""
        style += self.assets.internal_style if self.shows_internal else ""
        figure.header.add_child(_Ours(f"<style>{style}</style>\n"), name="cfmap-style")
        for name, text in self._parts():
            figure.html.add_child(_Ours(text + "\n"), name=f"cfmap-{name}")
        for child in self._children.values():
            child.render(**kwargs)
        return ""

    def _parts(self) -> list[tuple[str, str]]:
        data = self.payload
        late = [("details", data_block("details", data.details, packed=True)), ("details-here", '<script>cfmap.arrived("details")</script>')]
        inside = [("internal", data_block("internal", data.internal, packed=True)), ("internal-app", f"<script>{self.assets.internal}</script>")]
        marks = {} if self.public else {"public": False, "review": "", "changed": False}
        leaflet = self.assets.leaflet if self._whole_leaflet else self.assets.leaflet_part
        pictures = {"tiles": self.tiles.record(shifted=bool(data.meta["shifted"]))} if self.tiles else {}
        return [
            ("icons", self.assets.icons.strip()),
            ("root", '<div id="cfmap"></div>'),
            ("meta", data_block("meta", data.meta | marks | pictures, packed=True)),
            ("shell", f"<script>{self.assets.shell}</script>"),
            ("leaflet", f"<script>{leaflet}</script>"),
            ("sites", data_block("sites", data.sites, packed=True)),
            *([("events", data_block("events", data.events, packed=True))] if data.events else []),
            ("app", f"<script>{self.assets.app}</script>"),
            ("basemap", data_block("basemap", data.basemap, packed=("names", "labels"))),
            ("basemap-here", '<script>cfmap.arrived("basemap")</script>'),
            *([("tiles", f"<script>{self.assets.tiles}</script>")] if self.tiles else []),
            *(late if data.details else []),
            ("coverage", data_block("coverage", data.coverage)),
            ("changes", data_block("changes", data.changes)),
            ("coverage-here", '<script>cfmap.arrived("coverage")</script>'),
            *([("bus", data_block("bus", data.bus, packed=True)), ("bus-app", f"<script>{self.assets.bus}</script>")] if data.bus else []),
            *(inside if self.shows_internal else []),
            *([("photos", data_block("photos", data.photos)), ("photos-here", '<script>cfmap.arrived("photos")</script>')] if data.photos else []),
            *([("added", f"<script>{added.SUPPORT}</script>")] if self.extended else []),
        ]


def data_block(name: str, data: Any, *, packed: bool | Sequence[str] = False) -> str:
    """
    A block of data; with `packed` one of more than :data:`PACK_FROM` goes in as ``{"gzip": base64}``, a third of the size.

    Where only some parts are text, and the rest is coded already, `packed` names those.
    """
    if isinstance(packed, bool):
        text = _packed(safe_json(data)) if packed else safe_json(data)
    else:
        text = "{" + ",".join(f"{safe_json(key)}:{_packed(safe_json(data[key])) if key in packed else safe_json(data[key])}" for key in sorted(data)) + "}"
    return f'<script type="application/json" id="cfmap-{name}">{text}</script>'


def _packed(text: str) -> str:
    if len(text) <= PACK_FROM:
        return text
    level = 9 if len(text) < PACK_FASTER_FROM else 7
    return safe_json({"gzip": base64.b64encode(gzip.compress(text.encode(), compresslevel=level, mtime=0)).decode("ascii")})


class CfMap(folium.Map):
    """
    The edition's map, shown by a notebook as any ``folium.Map``; stock folium layers can be added.

    Its Leaflet map is ``map_cfmap`` in the page, made by our own script. What asks for a file from another site
    fails :meth:`html` by name. Identifiers count up from 1 in the order of adding, so the same map gives the same bytes.
    A map with added layers is an internal one and says so: nobody has checked what is in them.
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - branca declares them so
    default_css: list[tuple[str, str]] = []  # noqa: RUF012 - branca declares them so
    _template = Template("{% macro script(this, kwargs) %}var {{ this.get_name() }} = cfmap.map;{% endmacro %}")

    def __init__(self, payload: Payload, assets: Assets, *, tiles: Tiles | None = None) -> None:
        super().__init__(tiles=None)
        self._id = "cfmap"
        self.default_js, self.default_css = [], []  # of this map alone: add_js_link appends to them
        self._page = _Page()
        self._page.add_child(self)
        self._ours = PublicPage(payload, assets, tiles)
        self.add_child(self._ours, name="cfmap-page")

    def html(self, *, public: bool | None = None, acknowledged: bool = False) -> str:
        """
        The whole page as text.

        Parameters
        ----------
        public
            True: for the public, refused when anything was added. False: marked as internal. None: public when the edition is,
            nothing was added, and its map review number is in order.
        acknowledged
            A public page without review number, or with one given for another content, is wanted all the same; it says so.

        Raises
        ------
        ConfigError
            E551 for every added layer that asks for something from another site.
        SafetyRefusal
            For the public: E552 for every added layer, E553 when the edition itself is internal, E555 when the review is not in order.
        """
        with self._in_our_page() as page:
            extras = [e for e in (*self._children.values(), *page._children.values(), *_in(page)) if e not in (self, self._ours)]  # noqa: SLF001
            meta = self._ours.payload.meta
            stated = meta["review"] or meta["exemption"] or meta["city"]["demo"]
            reviewed = acknowledged or bool(stated and not meta["changed"])
            if public and not meta["public"]:
                raise SafetyRefusal(fault("E553"))
            if public and not reviewed:
                raise SafetyRefusal(fault("E555", number=meta["review"] or "—"))
            if public and extras:
                raise SafetyRefusal([fault("E552", name=added.name_of(e)) for e in extras])
            elements = list(_descendants(self))
            if outside := [f for e in (self, *elements, *_in(page)) for f in added.outside(e)]:
                raise ConfigError(outside)
            for number, element in enumerate(elements, start=1):
                element._id = f"{number:06d}"  # noqa: SLF001 - branca draws them at random
                if isinstance(inner := getattr(element, "html", None), Element):  # what stands in a popup is called by its old name
                    inner._children = OrderedDict((f"html_{number:06d}_{n}", c) for n, c in enumerate(inner._children.values()))  # noqa: SLF001
                    for n, child in enumerate(inner._children.values()):  # noqa: SLF001
                        child._id = f"{number:06d}_{n}"  # noqa: SLF001
            self._ours.extended = bool(extras)
            self._ours.public = bool(meta["public"]) and reviewed and not extras if public is None else public
            text = page.drawn()
            if extras and (late := [f for e in _in(page) for f in added.outside(e)]):  # what elements made while drawing themselves
                raise ConfigError(late)
            return with_policy(text, extended=bool(extras), hosts=self._ours.tiles.hosts if self._ours.tiles else ())

    def save(self, outfile: Any, close_file: bool = True, *, public: bool | None = None, acknowledged: bool = False, **kwargs: Any) -> None:  # noqa: FBT001, FBT002 - folium's own
        """Write the page of :meth:`html` to a path or an open file."""
        del kwargs
        data = self.html(public=public, acknowledged=acknowledged).encode()
        if not hasattr(outfile, "write"):
            Path(os.fsdecode(outfile)).write_bytes(data)
            return
        outfile.write(data)
        if close_file:
            outfile.close()

    @contextmanager
    def _in_our_page(self) -> Iterator[_Page]:
        """The map in its own document; all elements afterwards have the children they had, so that drawing twice draws the same."""
        parent, self._parent = self._parent, self._page
        before = [(e, dict(e._children)) for e in (*self._page.places, self, *_descendants(self))]  # noqa: SLF001 - some add to themselves when drawn
        try:
            yield self._page
        finally:
            self._parent = parent
            for element, children in before:
                element._children.clear()  # noqa: SLF001
                element._children.update(children)  # noqa: SLF001


def with_policy(page: str, *, extended: bool = False, hosts: Sequence[str] = ()) -> str:
    """
    The page with a Content-Security-Policy that allows the scripts and styles standing in it, by hash, and nothing else.

    Data blocks hold no ``<`` (:func:`safe_json`), so looking for tags finds only our own. `hosts` may give pictures;
    `extended` lets the small windows of folium's layers carry looks in attributes.
    """
    page = page.replace("\r\n", "\n").replace("\r", "\n")  # as browsers read it before they compare
    scripts = " ".join(_hashes(_SCRIPT.findall(page)))
    styles = " ".join(_hashes(_STYLE.findall(page)))
    policy = POLICY.format(scripts=scripts or "'none'", styles=styles or "'none'", pictures="".join(f" https://{h}" for h in hosts))
    if extended:
        policy += "; style-src-attr 'unsafe-inline'"
    return page.replace(POLICY_PLACE, f'<meta http-equiv="Content-Security-Policy" content="{policy}">', 1)


def _hashes(texts: list[str]) -> list[str]:
    return [f"'sha256-{base64.b64encode(hashlib.sha256(t.encode('utf-8')).digest()).decode('ascii')}'" for t in dict.fromkeys(texts)]


def _descendants(element: Any) -> Any:
    for child in element._children.values():  # noqa: SLF001 - branca has no public way to walk
        yield child
        yield from _descendants(child)


def _in(page: _Page) -> list[Any]:
    """What stands in the parts of the document, ours aside."""
    return [e for place in page.places for e in place._children.values() if not isinstance(e, _Ours)]  # noqa: SLF001
