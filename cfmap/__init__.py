"""
cfmap: from department tables, OpenStreetMap streets and policy targets to a child-friendly city map.

The names below are the public API; each is imported when first used, so that ``import cfmap`` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cfmap.coverage import reach as reach
    from cfmap.coverage import service_area as service_area
    from cfmap.model import City as City
    from cfmap.model import Layer as Layer
    from cfmap.model import find_layers as find_layers
    from cfmap.model import load_city as load_city
    from cfmap.network import Network as Network
    from cfmap.pipeline import build as build
    from cfmap.pipeline import diff as diff
    from cfmap.pipeline import sites as sites
    from cfmap.publish.web import build_map as build_map
    from cfmap.publish.web.table_map import show as show

__version__ = "0.1.0"

_HOME = {
    "City": "cfmap.model",
    "Layer": "cfmap.model",
    "Network": "cfmap.network",
    "build": "cfmap.pipeline",
    "diff": "cfmap.pipeline",
    "build_map": "cfmap.publish.web",
    "find_layers": "cfmap.model",
    "load_city": "cfmap.model",
    "reach": "cfmap.coverage",
    "service_area": "cfmap.coverage",
    "show": "cfmap.publish.web.table_map",
    "sites": "cfmap.pipeline",
}
__all__ = [
    "City",
    "Layer",
    "Network",
    "__version__",
    "build",
    "build_map",
    "diff",
    "find_layers",
    "load_city",
    "reach",
    "service_area",
    "show",
    "sites",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    msg = f"module 'cfmap' has no attribute {name!r}"
    raise AttributeError(msg)
