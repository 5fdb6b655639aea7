"""What may an analyst add to the map? folium's own layers, in a map for the house, as long as they ask nobody for anything."""

from __future__ import annotations

import re
from typing import Any

from branca.element import CssLink, JavascriptLink
from folium.elements import JSCSSMixin
from folium.raster_layers import TileLayer, WmsTileLayer

from cfmap.model.messages import Fault, fault

#: What folium's markers and popups expect of its stock page (jQuery, AwesomeMarkers, Leaflet's pictures), as far as they use it.
SUPPORT = """(() => {
  const other = { darkpurple: "#5b396b", lightred: "#ff8e7f", gray: "#575757", lightgray: "#a3a3a3" };
  const pin = (name) => {
    const colour = other[name] ?? (/^#?[a-z0-9]+$/i.test(name ?? "") ? name : "#1f5fbf");
    const drop = `<path d="M13 35C8 27 1.5 21 1.5 13a11.5 11.5 0 0 1 23 0C24.5 21 18 27 13 35z" fill="${colour}" stroke="#fff" stroke-width="2"/>`;
    const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 26 36">${drop}<circle cx="13" cy="13" r="4.5" fill="#fff"/></svg>`;
    const iconUrl = `data:image/svg+xml,${encodeURIComponent(picture)}`;
    return L.icon({ iconUrl, iconSize: [26, 36], iconAnchor: [13, 35], popupAnchor: [0, -30], tooltipAnchor: [12, -22] });
  };
  L.Marker.mergeOptions({ icon: pin() });
  const icon = (options) => pin(options.markerColor);
  L.AwesomeMarkers = { icon, Icon: function (options) { return icon(options); } };
  window.$ = (html) => {
    const made = document.createElement("template");
    made.innerHTML = html.trim();
    return [made.content.firstElementChild];
  };
})();"""
_ASKS = re.compile(
    r"""<(?:script|link|img|iframe|source|video|audio|embed|object)\b[^>]*?\b(?:src|href|data)\s*=\s*["'\\]*((?:https?:)?//[^"'\s>\\]+)""", re.IGNORECASE
)
_FAR = re.compile(r"(?:https?:)?//", re.IGNORECASE)


def name_of(element: Any) -> str:
    """What it is and what its maker called it."""
    return f"{type(element).__name__.lstrip('_')} {getattr(element, 'layer_name', '') or getattr(element, 'tile_name', '') or ''}".strip()


def outside(element: Any) -> list[Fault]:
    """E551 when an element asks for something from another site: a plugin's script, tiles, a picture."""
    name = name_of(element)
    if isinstance(element, WmsTileLayer):
        return [fault("E551", name=name, detail=str(element.url))]
    if isinstance(element, TileLayer):
        return [fault("E551", name=name, detail=str(element.tiles))]
    if isinstance(element, (JavascriptLink, CssLink)):
        return [fault("E551", name=name, detail=str(element.url))]
    links = [url for _, url in (*element.default_js, *element.default_css)] if isinstance(element, JSCSSMixin) else []
    options = getattr(element, "options", None)
    pictures = [getattr(element, "url", None), *(options.values() if isinstance(options, dict) else ())]
    links += [p for p in pictures if isinstance(p, str) and _FAR.match(p)]
    links += _ASKS.findall(getattr(element, "text", None) or "")
    return [fault("E551", name=name, detail="、".join(links))] if links else []
