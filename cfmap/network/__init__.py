"""How do the streets join? Reading streets, snapping points to them, walking along them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cfmap.network.build import Ways as Ways
    from cfmap.network.build import build_network as build_network
    from cfmap.network.network import EdgeFlag as EdgeFlag
    from cfmap.network.network import Network as Network
    from cfmap.network.snap import Snapped as Snapped
    from cfmap.network.travel import TravelField as TravelField

_HOME = {"EdgeFlag": "network", "Network": "network", "Snapped": "snap", "TravelField": "travel", "Ways": "build", "build_network": "build"}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"cfmap.network.{_HOME[name]}"), name)
    msg = f"module 'cfmap.network' has no attribute {name!r}"
    raise AttributeError(msg)


__all__ = ["EdgeFlag", "Network", "Snapped", "TravelField", "Ways", "build_network"]
