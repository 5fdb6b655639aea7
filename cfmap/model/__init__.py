"""Words everybody uses: city, edition, layer, site schema, indicator, units, messages, errors."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cfmap.model.errors import CfmapError, ConfigError, EnvironmentFault, InputError, SafetyRefusal, SelfCheckError
from cfmap.model.messages import Fault, fault

if TYPE_CHECKING:
    from cfmap.model.city import City as City
    from cfmap.model.city import load_city as load_city
    from cfmap.model.edition import Basemap as Basemap
    from cfmap.model.edition import Coverage as Coverage
    from cfmap.model.edition import Edition as Edition
    from cfmap.model.edition import Indicator as Indicator
    from cfmap.model.edition import InputFile as InputFile
    from cfmap.model.edition import LayerData as LayerData
    from cfmap.model.edition import MinutesGrid as MinutesGrid
    from cfmap.model.edition import Population as Population
    from cfmap.model.edition import Written as Written
    from cfmap.model.layer import GROUPS as GROUPS
    from cfmap.model.layer import Field as Field
    from cfmap.model.layer import Layer as Layer
    from cfmap.model.layer import OsmTags as OsmTags
    from cfmap.model.layers import find_layers as find_layers
    from cfmap.model.schema import AGE_BANDS as AGE_BANDS
    from cfmap.model.schema import FACILITIES as FACILITIES
    from cfmap.model.schema import SITE_COLUMNS as SITE_COLUMNS
    from cfmap.model.schema import SITE_FIELDS as SITE_FIELDS
    from cfmap.model.schema import STATUSES as STATUSES
    from cfmap.model.units import PACES as PACES
    from cfmap.model.units import Pace as Pace

_HOME = {  # errors and messages are all that a command's help needs; pydantic is only loaded for a project
    "city": ("City", "load_city"),
    "edition": ("Basemap", "Coverage", "Edition", "Indicator", "InputFile", "LayerData", "MinutesGrid", "Population", "Written"),
    "layer": ("GROUPS", "Field", "Layer", "OsmTags"),
    "layers": ("find_layers",),
    "schema": ("AGE_BANDS", "FACILITIES", "SITE_COLUMNS", "SITE_FIELDS", "STATUSES"),
    "units": ("PACES", "Pace"),
}
_LAZY = {name: module for module, names in _HOME.items() for name in names}


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
    "MinutesGrid",
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
