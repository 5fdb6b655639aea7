"""What does the bureau say of the mending list (the settings of ``[safety.mending]``), and what does an edition hold of it?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


Price = Annotated[float | None, Field(gt=0, le=1e9, strict=True, allow_inf_nan=False)]


class Prices(BaseModel):
    """
    What things cost, yuan, as the bureau says; None = it does not say. There is no default anywhere: a price is a decision, not a fact.

    Attributes
    ----------
    sidewalk_m, lighting_m
        A metre of sidewalk on one side, a metre of street with lamps.
    speed_limit, speed_limit_m
        A limit on one street, that is for one action of the list, or on a metre of it; one of the two.
    signals
        A crossing with signals before one gate.
    signs
        Signs for children on one street, for one action of the list.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    sidewalk_m: Price = None
    speed_limit: Price = None
    speed_limit_m: Price = None
    signals: Price = None
    lighting_m: Price = None
    signs: Price = None

    @model_validator(mode="after")
    def _a_limit_has_one_price(self) -> Prices:
        if self.speed_limit is not None and self.speed_limit_m is not None:
            msg = "speed_limit（一条路）和 speed_limit_m（一米）只写一个 ‖ write one of speed_limit (a street) and speed_limit_m (a metre)"
            raise ValueError(msg)
        return self


class MendingRules(BaseModel):
    """
    How the mending list is ranked, and what its actions cost.

    Attributes
    ----------
    rank
        What comes first: what makes the schools of most children safe, most schools, or most children for the money.
    prices
        Without any nothing is said of costs.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    rank: Literal["children", "schools", "cost"] = "children"
    prices: Prices = Prices()


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
        or gate joined by ;), ``geometry`` MultiLineString (the streets; those before the gate). With prices also ``quantity, price, yuan``
        (each NaN where that kind has no price) and ``sum, sum_en`` (the three in words).
    steps
        DataFrame: ``actions`` (done, from the top), ``lower, upper`` (per cent of the length that is safe, and safe or unknown), ``safe,
        perhaps, schools`` (schools that are safe, that may be, all with a road), ``pupils, pupils_unknown, children, children_unknown`` (of
        the schools that have become safe; 0 where none has). With prices also ``yuan`` (all of it together) and
        ``unpriced`` (how many of these actions have no price and are not in it).
    definition, definition_en
        How it is ranked and counted.
    first, first_en
        One sentence: what to do first, and what comes of it; "" where nothing is to be done.
    costs
        None without prices. DataFrame, what can be left out not counted: ``of`` (city, town, site), ``town, name``, ``actions`` (needed),
        ``yuan, look_yuan`` (of which nobody knows yet whether it is needed), ``unpriced`` (actions without a price, in neither), ``sites``
        (that need something), ``pupils, pupils_unknown, children, children_unknown`` (theirs), ``heads`` (children as the order counts
        them), ``per_10k`` (these for each 10,000 yuan; NaN where a price is missing).
    """

    actions: gpd.GeoDataFrame
    steps: pd.DataFrame
    definition: str
    definition_en: str
    first: str
    first_en: str
    costs: pd.DataFrame | None = None


__all__ = ["Mending", "MendingRules", "Prices"]
