"""Words everybody uses: city, edition, layer, site schema, indicator, units, messages, errors."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cfmap.model.edition import Basemap, Coverage, Edition, Indicator, InputFile, LayerData, Population, Written
from cfmap.model.errors import CfmapError, ConfigError, EnvironmentFault, InputError, SafetyRefusal, SelfCheckError
from cfmap.model.layer import GROUPS, Field, Layer, OsmTags
from cfmap.model.messages import Fault, fault
from cfmap.model.schema import AGE_BANDS, FACILITIES, SITE_COLUMNS, SITE_FIELDS, STATUSES
from cfmap.model.units import PACES, Pace

if TYPE_CHECKING:
    from cfmap.model.city import City as City
    from cfmap.model.city import load_city as load_city
    from cfmap.model.layers import find_layers as find_layers

_LAZY = {"City": "city", "load_city": "city", "find_layers": "layers"}  # pydantic is only loaded for a project


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(f"cfmap.model.{_LAZY[name]}"), name)
    msg = f"module 'cfmap.model' has no attribute {name!r}"
    raise AttributeError(msg)


__all__ = [
    "AGE_BANDS",
    "FACILITIES",
    "GROUPS",
    "PACES",
    "SITE_COLUMNS",
    "SITE_FIELDS",
    "STATUSES",
    "Basemap",
    "CfmapError",
    "City",
    "ConfigError",
    "Coverage",
    "Edition",
    "EnvironmentFault",
    "Fault",
    "Field",
    "Indicator",
    "InputError",
    "InputFile",
    "Layer",
    "LayerData",
    "OsmTags",
    "Pace",
    "Population",
    "SafetyRefusal",
    "SelfCheckError",
    "Written",
    "fault",
    "find_layers",
    "load_city",
]
