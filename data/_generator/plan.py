"""What is decided by hand: the size of the city, its towns, and where it lies (in the open sea, where nobody lives)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: Centre of the city. Open water of the East China Sea; the nearest inhabited islands are more than 80 km away. Inside the
#: box where GCJ-02 shifts coordinates, so that the conversion of datums is really exercised.
CENTRE_LON, CENTRE_LAT = 123.20, 28.25
#: CGCS2000 three-degree zone with central meridian 123 E: 4534 + (123 - 75) / 3.
ZONE = "EPSG:4550"
TIMESTAMP = "2024-12-31T00:00:00Z"
YEARS = (2022, 2023, 2024)

TownKind = Literal["core", "town", "valley", "mountain", "island"]


@dataclass(frozen=True)
class Town:
    """
    A town (街道, 镇 or 乡).

    Parameters
    ----------
    name, code
        Invented; the code follows no standard.
    x, y
        Centre in kilometres east and north of the city's centre, at full size.
    radius
        Radius of its built-up centre, metres at full size; 0 = inside the core's own street pattern.
    people
        Residents at full size.
    kind
        Decides streets, estates, and how many facilities it gets.
    """

    name: str
    code: str
    x: float
    y: float
    radius: float
    people: int
    kind: TownKind


TOWNS = (
    Town("青禾街道", "D01", 2.2, 3.3, 0, 148_000, "core"),
    Town("晴川街道", "D02", 4.8, 2.6, 0, 136_000, "core"),
    Town("栖云街道", "D03", -0.4, 2.4, 0, 112_000, "core"),
    Town("知新街道", "D04", 3.6, 5.6, 0, 121_000, "core"),
    Town("望潮街道", "D05", 7.6, 3.9, 0, 104_000, "core"),
    Town("和鸣街道", "D06", 2.6, -2.0, 0, 98_000, "core"),
    Town("稻香街道", "D07", 10.8, 8.2, 1150, 92_000, "town"),
    Town("星野镇", "D08", 5.0, 10.6, 1100, 84_000, "town"),
    Town("帆影镇", "D09", 14.2, 4.6, 950, 62_000, "town"),
    Town("麦浪镇", "D10", 8.6, -5.4, 1150, 88_000, "town"),
    Town("白鹭镇", "D11", 13.4, -4.4, 900, 58_000, "town"),
    Town("橙林镇", "D12", 4.2, -8.6, 1000, 66_000, "town"),
    Town("贝浪镇", "D13", 11.8, -10.4, 850, 47_000, "town"),
    Town("听泉镇", "D14", -4.8, 5.0, 800, 49_000, "valley"),
    Town("拾光镇", "D15", -6.6, -3.4, 850, 52_000, "valley"),
    Town("鹿鸣镇", "D16", -11.0, 2.4, 750, 38_000, "valley"),
    Town("萤火镇", "D17", -3.6, -6.8, 750, 36_000, "valley"),
    Town("石桥镇", "D18", -16.8, 0.2, 650, 27_000, "valley"),
    Town("枫溪镇", "D19", -9.6, -7.6, 600, 22_000, "valley"),
    Town("竹语乡", "D20", -8.8, 9.2, 380, 11_500, "mountain"),
    Town("云顶乡", "D21", -16.4, 7.4, 320, 7_800, "mountain"),
    Town("雾岭乡", "D22", -17.2, -7.8, 330, 8_600, "mountain"),
    Town("月贝岛镇", "D23", 26.6, 1.2, 420, 9_100, "island"),
)


@dataclass(frozen=True)
class Plan:
    """
    How big and how random.

    Parameters
    ----------
    seed
        Of every random choice.
    size
        Linear scale: 1 is the whole city (about 50 km across); tests build 0.3.
    """

    seed: int = 20241231
    size: float = 1.0

    @property
    def villages(self) -> int:
        """How many villages are asked for."""
        return max(12, round(360 * self.size**2))

    @property
    def communities(self) -> int:
        """How many communities the population table lists."""
        return max(40, round(820 * self.size**2))

    @property
    def residents(self) -> int:
        """All residents."""
        return round(sum(t.people for t in TOWNS) * self.size**2)

    def share(self, count: int, *, least: int = 2) -> int:
        """`count` facilities of the full city, for this size."""
        return max(least, round(count * self.size**2))
