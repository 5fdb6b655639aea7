"""How does the page leave folium: a map of our own, nothing from outside, no text in any template, one policy that forbids the rest."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

import folium
from branca.element import CssLink, Element, Figure, JavascriptLink, MacroElement
from folium.elements import JSCSSMixin
from folium.raster_layers import TileLayer, WmsTileLayer
from jinja2 import Template

from cfmap.model.errors import ConfigError
from cfmap.model.messages import Fault, fault

if TYPE_CHECKING:
    from cfmap.publish.web.assets import Assets
    from cfmap.publish.web.payload import Payload

PACK_FROM = 50_000  # characters; smaller blocks stay readable
POLICY_PLACE = "<!--policy-->"
POLICY = (
    "default-src 'none'; script-src {scripts}; style-src {styles}; img-src data: blob:; font-src data:; "
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
        "<title>儿童友好地图</title>\n"
        "{{ this.header.render(**kwargs) }}"
        "</head>\n"
        "<body>\n"
        "{{ this.html.render(**kwargs) }}"
        "<script>{{ this.script.render(**kwargs) }}</script>\n"
        "</body>\n"
        "</html>\n"
    )

    def __init__(self) -> None:
        super().__init__()
        self.header._children.clear()  # noqa: SLF001 - branca's own charset line; ours comes first


class PublicPage(MacroElement):
    """
    Everything of ours on the page, in the order in which a slow phone should get it.

    Shell and its data, Leaflet, sites, the script, then basemap and coverage, each announced as it arrives.
    """

    def __init__(self, payload: Payload, assets: Assets) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "PublicPage"
        self.payload = payload
        self.assets = assets

    def render(self, **kwargs: Any) -> str:
        """Hand the parts to the figure as raw text; children are drawn as usual."""
        figure: Any = self.get_root()
        figure.header.add_child(_Raw(f"<style>{self.assets.style}</style>\n"), name="cfmap-style")
        for name, text in self._parts():
            figure.html.add_child(_Raw(text + "\n"), name=name)
        for child in self._children.values():
            child.render(**kwargs)
        return ""

    def _parts(self) -> list[tuple[str, str]]:
        data = self.payload
        return [
            ("icons", self.assets.icons.strip()),
            ("root", '<div id="cfmap"></div>'),
            ("meta", _data("meta", data.meta)),
            ("shell", f"<script>{self.assets.shell}</script>"),
            ("leaflet", f"<script>{self.assets.leaflet}</script>"),
            ("sites", _data("sites", data.sites, packed=True)),
            ("app", f"<script>{self.assets.app}</script>"),
            ("basemap", _data("basemap", data.basemap, packed=True)),
            ("basemap-here", '<script>cfmap.arrived("basemap")</script>'),
            ("coverage", _data("coverage", data.coverage)),
            ("changes", _data("changes", data.changes)),
            ("coverage-here", '<script>cfmap.arrived("coverage")</script>'),
        ]


def _data(name: str, data: Any, *, packed: bool = False) -> str:
    """A block of data; with `packed` one of more than :data:`PACK_FROM` goes in as ``{"gzip": base64}``, a third of the size."""
    text = safe_json(data)
    if packed and len(text) > PACK_FROM:
        text = safe_json({"gzip": base64.b64encode(gzip.compress(text.encode(), compresslevel=9, mtime=0)).decode("ascii")})
    return f'<script type="application/json" id="cfmap-{name}">{text}</script>'


class CfMap(folium.Map):
    """
    The edition's map. Stock folium layers can be added as to any ``folium.Map``.

    Its Leaflet map is ``map_cfmap`` in the page, made by our own script. What asks for a file from another site
    fails :meth:`html` by name. Identifiers count up from 1 in the order of adding, so the same map gives the same bytes.
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - branca declares them so
    default_css: list[tuple[str, str]] = []  # noqa: RUF012 - branca declares them so
    _template = Template("{% macro script(this, kwargs) %}var {{ this.get_name() }} = cfmap.map;{% endmacro %}")

    def __init__(self, payload: Payload, assets: Assets) -> None:
        super().__init__(tiles=None)
        self._id = "cfmap"
        self.default_js, self.default_css = [], []  # of this map alone: add_js_link appends to them
        _Page().add_child(self)
        self.add_child(PublicPage(payload, assets), name="cfmap-page")

    def html(self) -> str:
        """
        The whole page as text.

        Raises
        ------
        ConfigError
            E551 for every added layer that asks for something from another site.
        """
        elements = list(_descendants(self))
        if outside := [f for e in elements for f in _outside(e)]:
            raise ConfigError(outside)
        for number, element in enumerate(elements, start=1):
            element._id = f"{number:06d}"  # noqa: SLF001 - branca draws them at random
        page: Any = self.get_root()
        text: str = page.render()
        for name, child in page.header._children.items():  # noqa: SLF001 - links that an element made while drawing itself
            if isinstance(child, (JavascriptLink, CssLink)):
                raise ConfigError(fault("E551", name=name, detail=child.url))
        return with_policy(text)


def with_policy(page: str) -> str:
    """
    The page with a Content-Security-Policy that allows the scripts and styles standing in it, by hash, and nothing else.

    Data blocks hold no ``<`` (:func:`safe_json`), so looking for tags finds only our own.
    """
    scripts = " ".join(_hashes(_SCRIPT.findall(page)))
    styles = " ".join(_hashes(_STYLE.findall(page)))
    policy = POLICY.format(scripts=scripts or "'none'", styles=styles or "'none'")
    return page.replace(POLICY_PLACE, f'<meta http-equiv="Content-Security-Policy" content="{policy}">', 1)


def _hashes(texts: list[str]) -> list[str]:
    return [f"'sha256-{base64.b64encode(hashlib.sha256(t.encode('utf-8')).digest()).decode('ascii')}'" for t in dict.fromkeys(texts)]


def _descendants(element: Any) -> Any:
    for child in element._children.values():  # noqa: SLF001 - branca has no public way to walk
        yield child
        yield from _descendants(child)


def _outside(element: Any) -> list[Fault]:
    name = f"{type(element).__name__} {getattr(element, 'layer_name', '') or getattr(element, 'tile_name', '') or ''}".strip()
    if isinstance(element, WmsTileLayer):
        return [fault("E551", name=name, detail=str(element.url))]
    if isinstance(element, TileLayer):
        return [fault("E551", name=name, detail=str(element.tiles))]
    if isinstance(element, (JavascriptLink, CssLink)):
        return [fault("E551", name=name, detail=str(element.url))]
    links = [*element.default_js, *element.default_css] if isinstance(element, JSCSSMixin) else []
    return [fault("E551", name=name, detail="、".join(url for _, url in links))] if links else []
