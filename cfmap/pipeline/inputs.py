"""What an edition reads, and how far reading came."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd

    from cfmap.intake.datum_guard import StreetPoints
    from cfmap.intake.datum_tables import Judged
    from cfmap.intake.joining import Joining
    from cfmap.intake.ledger import Ledgers
    from cfmap.intake.osm import OsmExtract
    from cfmap.intake.survey import Kept
    from cfmap.model import CfmapError, City, Fault, LayerData, Population
    from cfmap.model.edition import InputFile
    from cfmap.model.survey import Answer
    from cfmap.network import Network

    Progress = Callable[[int, int, str, str], None]


STEPS = 9


SCHOOLS, GATES, CROSSINGS = "schools", "school_gates", "accessible_crossings"


@dataclass(frozen=True)
class Inputs:
    """Everything an edition reads, checked and in WGS84."""

    city: City
    year: int
    streets: Streets
    boundary: gpd.GeoDataFrame | None
    towns: gpd.GeoDataFrame | None
    population: Population | None
    ground: dict[str, gpd.GeoDataFrame]
    layers: dict[str, LayerData]
    faults: tuple[Fault, ...]
    files: tuple[InputFile, ...]
    former_year: int | None = None
    former: dict[str, LayerData] = field(default_factory=dict)
    ledgers: Ledgers | None = None
    answers: tuple[Answer, ...] = ()
    joining: Joining | None = None


@dataclass(frozen=True)
class Streets:
    """What comes out of the network file, read once for all editions of one run; and their layers, each the next one's former."""

    source: Path
    network: Network
    osm: OsmExtract | None
    tables: dict[tuple[int, str], LayerData] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """What could be read of an edition, and the error with every record when something stops it."""

    city: City
    year: int
    streets: Streets | None
    beside: StreetPoints | None
    boundary: gpd.GeoDataFrame | None
    towns: gpd.GeoDataFrame | None
    population: Population | None
    ground: dict[str, gpd.GeoDataFrame]
    layers: dict[str, LayerData]
    former_year: int | None
    former: dict[str, LayerData]
    ledgers: Ledgers | None
    surveys: Kept
    faults: tuple[Fault, ...]
    stop: CfmapError | None
    datums: tuple[Judged, ...] = ()
    joining: Joining | None = None


def silent(step: int, steps: int, zh: str, en: str) -> None:
    """No progress wanted."""
