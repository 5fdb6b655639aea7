"""With which colours does QGIS open our tables?"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from cfmap.publish.looks import CASING, PROPOSED, STATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cfmap.coverage.safety.states import State
    from cfmap.publish.looks import Look

LINE_MM, CASING_MM, POINT_MM = 0.8, 1.2, 3.0
#: Level of a safe route, calm first: ways to school are violet, green and orange are states. And how one lies beside the bureau's own: title, colour.
LEVELS = (("从容", "#9b72e8"), ("要留心", "#7c3aed"), ("有压力", "#5b21b6"), ("需要大人带", "#2e0a63"))
ROUTE_PARTS = {"both": ("两边一致", "#1565c0"), "bureau": ("只在部门路线上", "#946200"), "proposed": ("只在学径建议上", PROPOSED.colour)}


def single(geometry: str, colour: str, *, opacity: float = 1.0) -> str:
    """QML that draws every row alike; `colour` as ``#rrggbb``."""
    return _document(
        f'<renderer-v2 type="singleSymbol" symbollevels="0" enableorderby="0"><symbols>{_symbol("0", geometry, colour, opacity)}</symbols></renderer-v2>'
    )


def edged(geometry: str, colour: str, edge: str) -> str:
    """QML that draws every line or point alike, `colour` between edges of `edge`, as walking buses are everywhere."""
    line = {"capstyle": "round", "joinstyle": "round"}
    if geometry.endswith("LineString"):
        below, core = ({"line_color": _ink(ink), "line_width": f"{width:g}", **line} for ink, width in ((edge, CASING_MM), (colour, LINE_MM / 2)))
        symbol = _layers("0", "line", 1.0, ("SimpleLine", below), ("SimpleLine", core))
    else:
        symbol = _layers("0", "marker", 1.0, ("SimpleMarker", _marker(_ink(colour), "circle") | {"outline_color": _ink(edge), "outline_width": "0.5"}))
    return _document(f'<renderer-v2 type="singleSymbol" symbollevels="0" enableorderby="0"><symbols>{symbol}</symbols></renderer-v2>')


def by_value(geometry: str, column: str, values: Iterable[tuple[str, str, str]]) -> str:
    """QML that draws rows by the value of a column: (value, title, colour)."""
    values = list(values)
    symbols = "".join(_symbol(str(i), geometry, colour, 1.0) for i, (_, _, colour) in enumerate(values))
    return _categories(column, [(value, title) for value, title, _ in values], symbols)


def by_state(geometry: str, titles: Mapping[State, str] | None = None) -> str:
    """QML that draws rows by their column ``state`` as everywhere (:data:`cfmap.publish.looks.STATES`), under `titles` of the table's own."""
    named = {state: look.title for state, look in STATES.items()} | dict(titles or {})
    symbols = "".join(_state_symbol(str(i), geometry, look) for i, look in enumerate(STATES.values()))
    return _categories("state", list(named.items()), symbols)


def _categories(column: str, values: Sequence[tuple[str, str]], symbols: str) -> str:
    categories = "".join(
        f'<category symbol={quoteattr(str(i))} value={quoteattr(value)} label={quoteattr(title)} render="true"/>' for i, (value, title) in enumerate(values)
    )
    return _document(
        f'<renderer-v2 type="categorizedSymbol" attr={quoteattr(column)} symbollevels="0" enableorderby="0">'
        f"<categories>{categories}</categories><symbols>{symbols}</symbols></renderer-v2>"
    )


def _document(renderer: str) -> str:
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis version=\"3.22.0\" styleCategories=\"Symbology\">{renderer}</qgis>"


def _symbol(name: str, geometry: str, colour: str, opacity: float) -> str:
    ink = _ink(colour)
    if geometry.endswith("Polygon"):
        return _layers(name, "fill", opacity, ("SimpleFill", {"color": ink, "outline_color": ink, "outline_width": "0.3", "style": "solid"}))
    if geometry.endswith("LineString"):
        return _layers(name, "line", opacity, ("SimpleLine", {"line_color": ink, "line_width": "0.6", "capstyle": "round", "joinstyle": "round"}))
    return _layers(name, "marker", opacity, ("SimpleMarker", _marker(ink, "circle")))


def _state_symbol(name: str, geometry: str, look: Look) -> str:
    if not geometry.endswith("LineString"):
        return _layers(name, "marker", 1.0, ("SimpleMarker", _marker(_ink(look.colour), look.marker)))
    ends = {"capstyle": {"round": "round", "butt": "flat"}[look.ends], "joinstyle": "round"}
    parts = {"use_custom_dash": "1", "customdash": ";".join(f"{part:g}" for part in look.dashes(LINE_MM)), "customdash_unit": "MM"} if look.dash else {}
    below = {"line_color": _ink(CASING), "line_width": f"{CASING_MM:g}", "capstyle": "round", "joinstyle": "round"}
    return _layers(name, "line", 1.0, ("SimpleLine", below), ("SimpleLine", {"line_color": _ink(look.colour), "line_width": f"{LINE_MM:g}", **ends, **parts}))


def _marker(ink: str, shape: str) -> dict[str, str]:
    return {"color": ink, "outline_color": _ink(CASING), "size": f"{POINT_MM:g}", "name": shape}


def _ink(colour: str) -> str:
    return ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)) + ",255"


def _layers(name: str, kind: str, opacity: float, *layers: tuple[str, Mapping[str, str]]) -> str:
    drawn = "".join(
        f'<layer class="{layer}" enabled="1" locked="0" pass="0"><Option type="Map">'
        + "".join(f'<Option name={quoteattr(k)} value={quoteattr(v)} type="QString"/>' for k, v in options.items())
        + "</Option></layer>"
        for layer, options in layers
    )
    return f'<symbol type="{kind}" name="{name}" alpha="{opacity:g}" clip_to_extent="1" force_rhr="0">{drawn}</symbol>'
