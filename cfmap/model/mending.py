"""What an edition holds of the mending list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Mending:
    """
    What would make schools safe, ranked.

    Attributes
    ----------
    actions
        GeoDataFrame EPSG:4326 by rank: ``rank, item`` (of the rule table), ``work, road`` (with its side by the compass; "" = a gate on a
        road without a name), ``where, state`` (each in Chinese, and in English as ``…_en``), ``metres`` (0 at a gate), ``known`` (False: look
        first), ``schools, alone, turned`` (ids joined by ;: that need it, that it makes safe by itself, and in the order of the list),
        ``safe`` (schools that are safe once the list is done down to here), ``spare`` (every school becomes safe without it), ``pupils``
        (reported, of `schools`; NaN where none says), ``pupils_unknown`` (how many of the schools do not say), ``children,
        children_unknown`` (residents whose nearest school it is), the same with ``alone_`` of those, ``subjects`` (keys of segments
        or gate joined by ;), ``geometry`` MultiLineString (the streets; those before the gate).
    steps
        DataFrame: ``actions`` (done, from the top), ``lower, upper`` (per cent of the length that is safe, and safe or unknown), ``safe,
        perhaps, schools`` (schools that are safe, that may be, all with a road).
    definition, definition_en
        How it is ranked and counted.
    """

    actions: gpd.GeoDataFrame
    steps: pd.DataFrame
    definition: str
    definition_en: str


__all__ = ["Mending"]
