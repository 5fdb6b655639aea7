"""What does a street mean for people on foot, in OpenStreetMap's words, wherever it came from?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cfmap.network.network import EdgeFlag
from cfmap.network.walkability import CLASS_INDEX, Access, WayRule, way_rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray
    from shapely import LineString

_NO = frozenset({"", "no", "0", "false"})
#: All keys that :func:`crossing_kind` looks at.
CROSSING_KEYS = ("crossing", "crossing:signals", "crossing:markings", "crossing_ref")
#: Older and national words for kinds of crossings.
_SIGNALLED = frozenset({"traffic_signals", "pelican", "puffin", "toucan", "pegasus"})
_MARKED = frozenset({"marked", "zebra", "uncontrolled"})
_UNMARKED = frozenset({"unmarked", "informal"})
_WITHOUT_SIGNALS = _UNMARKED | {"uncontrolled"}


@dataclass(frozen=True)
class Street:
    """A street in OpenStreetMap's words: id, tags, and the answer of the walkability rules."""

    way_id: int
    tags: Mapping[str, str]
    rule: WayRule
    flags: int

    @classmethod
    def of(cls, way_id: int, tags: Mapping[str, str]) -> Street:
        """Apply the rules to the tags."""
        rule = way_rule(tags)
        return cls(way_id, tags, rule, int(_flags(rule, tags)))

    @property
    def kind_index(self) -> int:
        """Position in ``HIGHWAY_CLASSES``."""
        return CLASS_INDEX[self.rule.kind]


def _flags(rule: WayRule, tags: Mapping[str, str]) -> EdgeFlag:
    pairs = (
        (rule.access == Access.PRIVATE, EdgeFlag.PRIVATE),
        (rule.steps, EdgeFlag.STEPS),
        (rule.steps and rule.ramp, EdgeFlag.RAMP),
        (tags.get("bridge", "no").lower() not in _NO, EdgeFlag.BRIDGE),
        (tags.get("tunnel", "no").lower() not in _NO, EdgeFlag.TUNNEL),
        (not rule.forward, EdgeFlag.NO_FORWARD),
        (not rule.backward, EdgeFlag.NO_BACKWARD),
        (rule.flagged, EdgeFlag.FLAGGED),
        (rule.motor, EdgeFlag.MOTOR),
        (rule.area, EdgeFlag.AREA),
    )
    flags = EdgeFlag(0)
    for holds, flag in pairs:
        if holds:
            flags |= flag
    return flags


def tag_table(streets: Sequence[Street]) -> pd.DataFrame:
    """Tags of the streets, index = way id (the first street of an id counts); categorical columns, missing = not tagged."""
    import pandas as pd

    first: dict[int, Mapping[str, str]] = {}
    for street in streets:
        first.setdefault(street.way_id, street.tags)
    table = pd.DataFrame.from_dict(first, orient="index", dtype=object).sort_index()
    table.index = pd.Index(table.index.astype(np.int64), name="way_id")
    return table.reindex(columns=sorted(table.columns)).astype("category")


def left_out_table(streets: Sequence[Street], ends: Sequence[tuple[int, int]], courses: Sequence[NDArray[np.float64]]) -> gpd.GeoDataFrame:
    """Streets closed to people on foot, as ``Network.left_out`` keeps them."""
    import shapely

    return left_out_frame(
        way_id=np.array([s.way_id for s in streets], dtype=np.int64),
        u=np.array([u for u, _ in ends], dtype=np.int64),
        v=np.array([v for _, v in ends], dtype=np.int64),
        reason=["closed"] * len(streets),
        kind=[s.rule.kind for s in streets],
        motor=np.array([s.rule.motor for s in streets], dtype=bool),
        geometry=[shapely.LineString(c) for c in courses],
    )


def left_out_frame(
    *,
    way_id: NDArray[np.int64],
    u: NDArray[np.int64],
    v: NDArray[np.int64],
    reason: Sequence[str],
    kind: Sequence[str],
    motor: NDArray[np.bool_],
    geometry: Sequence[LineString] | NDArray[np.object_],
) -> gpd.GeoDataFrame:
    """Columns of ``Network.left_out`` in their order."""
    import geopandas as gpd

    return gpd.GeoDataFrame({"way_id": way_id, "u": u, "v": v, "reason": reason, "kind": kind, "motor": motor}, geometry=geometry, crs=4326)


def crossing_claims(tags: Mapping[str, str]) -> int:
    """What a crossing's tags claim, as bits: signals 1, no signals 2, markings 4, no markings 8."""
    values = {value.strip() for key in ("crossing", "crossing_ref") for value in tags.get(key, "").split(";")}
    signals, markings = tags.get("crossing:signals", ""), tags.get("crossing:markings", "")
    claims = (
        bool(values & _SIGNALLED) or signals in ("yes", "shared", "separate"),
        bool(values & _WITHOUT_SIGNALS and not values & _SIGNALLED) or signals == "no",  # one key with both words: signals and markings
        bool(values & _MARKED) or markings not in _NO,
        bool(values & _UNMARKED) or markings == "no",
    )
    return sum(bit for bit, claimed in zip((1, 2, 4, 8), claims, strict=True) if claimed)


def contradictory(claims: int) -> bool:
    """Whether claims say both that there are signals, or markings, and that there are none."""
    return claims & 3 == 3 or claims & 12 == 12


def crossing_kind(tags: Mapping[str, str]) -> str:
    """Which kind of crossing a node's tags speak of: signalled, marked, unmarked or unknown; unknown too where they contradict each other."""
    return kind_claimed(crossing_claims(tags))


def kind_claimed(claims: int) -> str:
    """Kind of a crossing by what its tags claim."""
    if contradictory(claims):
        return "unknown"
    return "signalled" if claims & 1 else "marked" if claims & 4 else "unmarked" if claims & 8 else "unknown"
