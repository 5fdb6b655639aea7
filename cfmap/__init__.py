"""
cfmap: from department tables, OpenStreetMap streets and policy targets to a child-friendly city map.

The names below are the public API; each is imported when first used, so that ``import cfmap`` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cfmap.coverage import RULES as RULES
    from cfmap.intake import load_layer as load_layer
    from cfmap.model import City as City
    from cfmap.model import Layer as Layer
    from cfmap.model import load_city as load_city
    from cfmap.network import Network as Network
    from cfmap.pipeline import build as build

__version__ = "0.1.0"

_HOME = {
    "City": "cfmap.model",
    "Layer": "cfmap.model",
    "Network": "cfmap.network",
    "RULES": "cfmap.coverage",
    "build": "cfmap.pipeline",
    "load_city": "cfmap.model",
    "load_layer": "cfmap.intake",
}
__all__ = ["City", "Layer", "Network", "RULES", "__version__", "build", "load_city", "load_layer"]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    msg = f"module 'cfmap' has no attribute {name!r}"
    raise AttributeError(msg)
