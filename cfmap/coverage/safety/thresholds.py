"""Which numbers does the rule table turn on, and where does each come from?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cfmap.model import City

#: Minutes of the day: to school and home again.
SCHOOL_HOURS = ((7 * 60 + 30, 8 * 60), (16 * 60 + 30, 17 * 60))


@dataclass(frozen=True)
class Thresholds:
    """
    Numbers of the rule table; what each means and its source stand in :data:`SOURCES`.

    Parameters
    ----------
    limit_kmh
        A limit up to this is safe.
    clear_width_m
        A sidewalk at least this wide, free of things, is safe.
    crossing_m
        Along the road from the gate.
    many_lanes
        In one direction; from here on a crossing needs signals.
    loving_m
        Between a department's point and a mapped crossing.
    beside_share
        Of a segment's length that a separate sidewalk must run beside.
    school_hours
        Spans as minutes of the day, Monday to Friday.
    """

    limit_kmh: float = 30.0
    clear_width_m: float = 1.5
    crossing_m: float = 50.0
    many_lanes: int = 2
    loving_m: float = 25.0
    beside_share: float = 0.8
    school_hours: tuple[tuple[int, int], ...] = SCHOOL_HOURS


THRESHOLDS = Thresholds()

_SETTING = ("设定值，没有标准写明", "a setting; no standard names it")
#: Threshold -> (unit, 中文, English, where it comes from).
SOURCES: dict[str, tuple[str, str, str, tuple[str, str]]] = {
    "limit_kmh": ("km/h", "限速不高于", "limit at most", ("GA/T 1215-2014；GB 5768.8-2018", "GA/T 1215-2014; GB 5768.8-2018")),
    "clear_width_m": ("m", "人行道净宽至少", "clear width of a sidewalk at least", _SETTING),
    "crossing_m": ("m", "校门到过街处，沿路不超过", "from the gate to a crossing, along the road, at most", ("GA/T 1215-2014", "GA/T 1215-2014")),
    "many_lanes": ("", "单向车道达到几条，过街要有信号灯", "lanes in one direction from which a crossing needs signals", _SETTING),
    "loving_m": ("m", "清单上的点离过街处不超过", "from a listed point to a crossing at most", _SETTING),
    "beside_share": ("", "单独的人行道伴行，至少占路段长度的", "share of a segment beside which a separate sidewalk runs, at least", _SETTING),
    "school_hours": ("", "上下学时段（周一至周五）", "school hours (Monday to Friday)", _SETTING),
}


def thresholds_of(city: City) -> Thresholds:
    """Numbers of a city's settings."""
    asked = city.safety
    hours = tuple((int(s[:2]) * 60 + int(s[3:5]), int(s[6:8]) * 60 + int(s[9:])) for s in asked.school_hours)
    return Thresholds(limit_kmh=asked.limit_kmh, clear_width_m=asked.clear_width_m, many_lanes=asked.many_lanes, school_hours=hours)


def written(name: str, thresholds: Thresholds = THRESHOLDS) -> str:
    """Value of a threshold with its unit."""
    value = getattr(thresholds, name)
    if name == "school_hours":
        return " ".join(f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in value)
    if name == "beside_share":
        return f"{value:.0%}"
    return f"{value:g} {SOURCES[name][0]}".strip()


__all__ = ["SCHOOL_HOURS", "SOURCES", "THRESHOLDS", "Thresholds", "thresholds_of", "written"]
