"""With which colours does QGIS open our tables?"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterable

STATE_COLOURS = {"safe": "#1b7f4b", "unsafe": "#b3261e", "unknown": "#757575"}
#: Level of a safe route, calm first, and how it lies beside the bureau's own: title, colour.
LEVELS = (("从容", "#1b7f4b"), ("要留心", "#1565c0"), ("有压力", "#b45309"), ("需要大人带", "#b3261e"))
ROUTE_PARTS = {"both": ("两边一致", "#1b7f4b"), "bureau": ("只在部门路线上", "#6d28d9"), "proposed": ("只在学径建议上", "#b45309")}
STATE_TITLES = {"safe": "安全", "unsafe": "不安全", "unknown": "没有资料"}


def single(geometry: str, colour: str, *, opacity: float = 1.0) -> str:
    """QML that draws every row alike; `colour` as ``#rrggbb``."""
    return _document(
        f'<renderer-v2 type="singleSymbol" symbollevels="0" enableorderby="0"><symbols>{_symbol("0", geometry, colour, opacity)}</symbols></renderer-v2>'
    )


def by_value(geometry: str, column: str, values: Iterable[tuple[str, str, str]]) -> str:
    """QML that draws rows by the value of a column: (value, title, colour)."""
    values = list(values)
    categories = "".join(
        f'<category symbol={quoteattr(str(i))} value={quoteattr(value)} label={quoteattr(title)} render="true"/>' for i, (value, title, _) in enumerate(values)
    )
    symbols = "".join(_symbol(str(i), geometry, colour, 1.0) for i, (_, _, colour) in enumerate(values))
    return _document(
        f'<renderer-v2 type="categorizedSymbol" attr={quoteattr(column)} symbollevels="0" enableorderby="0">'
        f"<categories>{categories}</categories><symbols>{symbols}</symbols></renderer-v2>"
    )


def _document(renderer: str) -> str:
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis version=\"3.22.0\" styleCategories=\"Symbology\">{renderer}</qgis>"


def _symbol(name: str, geometry: str, colour: str, opacity: float) -> str:
    rgb = ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    if geometry.endswith("Polygon"):
        kind, layer, options = "fill", "SimpleFill", {"color": f"{rgb},255", "outline_color": f"{rgb},255", "outline_width": "0.3", "style": "solid"}
    elif geometry.endswith("LineString"):
        kind, layer, options = "line", "SimpleLine", {"line_color": f"{rgb},255", "line_width": "0.6", "capstyle": "round", "joinstyle": "round"}
    else:
        kind, layer, options = "marker", "SimpleMarker", {"color": f"{rgb},255", "outline_color": "255,255,255,255", "size": "3", "name": "circle"}
    listed = "".join(f'<Option name={quoteattr(k)} value={quoteattr(v)} type="QString"/>' for k, v in options.items())
    return (
        f'<symbol type="{kind}" name="{name}" alpha="{opacity:g}" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{layer}" enabled="1" locked="0" pass="0"><Option type="Map">{listed}</Option></layer></symbol>'
    )
