"""What must a walking bus keep (the settings of ``[safety.walking_bus]``), and what does an edition know of the lines?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cfmap.model.datums import DATUM_PATTERN
from cfmap.model.units import PACES

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


class BusRules(BaseModel):
    """
    Limits of a walking bus.

    Attributes
    ----------
    near_m, far_m
        Children whose shortest walk to school is within these take part, both inclusive.
    stop_m
        Longest walk from home to the stop, metres along streets with the straight way to the street.
    children_per_adult, adults
        How many children one adult looks after, and how many adults there are for a line.
    longest_m, most_minutes
        Of a line from its first stop to the school; the minutes hold the walk at the pace ``child`` and the waits.
    wait_minutes
        At every stop.
    most_lines
        For one school.
    arrival
        At the school, ``HH:MM``.
    children, datum
        Table of who joins (:func:`cfmap.intake.joining.read_joining`), relative to the project or anywhere else, and the datum of its
        coordinates; without it an edition has no walking buses.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    near_m: float = Field(default=300.0, ge=0, le=5000)
    far_m: float = Field(default=1200.0, gt=0, le=5000)
    stop_m: float = Field(default=150.0, gt=0, le=500)
    children_per_adult: int = Field(default=10, ge=5, le=20)
    adults: int = Field(default=2, ge=1, le=5)
    longest_m: float = Field(default=1500.0, gt=0, le=3000)
    most_minutes: float = Field(default=40.0, gt=0, le=90)
    wait_minutes: float = Field(default=1.0, ge=0, le=10)
    most_lines: int = Field(default=6, ge=1, le=20)
    arrival: str = Field(default="07:50", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    children: str = ""
    datum: str = Field(default="wgs84", pattern=DATUM_PATTERN)

    @model_validator(mode="after")
    def _near_is_nearer(self) -> BusRules:
        if self.near_m > self.far_m:
            msg = f"near_m {self.near_m:g} 比 far_m {self.far_m:g} 大 ‖ near_m {self.near_m:g} is above far_m {self.far_m:g}"
            raise ValueError(msg)
        return self

    @property
    def seats(self) -> int:
        """Most children of a line."""
        return self.children_per_adult * self.adults

    @property
    def arrival_ms(self) -> int:
        """Arrival as milliseconds after midnight."""
        hours, minutes = self.arrival.split(":")
        return (int(hours) * 60 + int(minutes)) * 60_000

    @staticmethod
    def ms(mm: int) -> int:
        """Milliseconds of a child's walk, rounded up."""
        return -int(-mm // PACES["child"].metres_per_second)


@dataclass(frozen=True, eq=False)
class WalkingBus:
    """
    The walking buses of an edition: no home, nothing about one child.

    Attributes
    ----------
    lines, stops
        As :func:`cfmap.planning.bus_tables.lines_frame` and :func:`~cfmap.planning.bus_tables.stops_frame`, EPSG:4326; without
        ``children`` and ``adults`` in a public edition.
    schools
        A row for each school that children named, as :func:`cfmap.planning.bus_tables.schools_frame`; empty in a public edition.
    without_consent
        Children for whom nobody said a clear yes; None in a public edition.
    definition, definition_en
        How lines are made; names no number of children but the three that a stop takes at least.
    """

    lines: gpd.GeoDataFrame
    stops: gpd.GeoDataFrame
    schools: pd.DataFrame
    without_consent: int | None
    definition: str
    definition_en: str
