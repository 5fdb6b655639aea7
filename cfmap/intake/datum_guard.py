"""Does the declared datum fit: points against streets, as declared and as every other datum would have it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from cfmap.intake.datum import convert
from cfmap.model.messages import Fault, fault

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

MIN_POINTS = 8
MAX_POINTS = 3_000  # a sample of this many decides as well as a million
MAX_RATIO = 0.5  # the other datum's median distance must be at most half the declared one's
MIN_GAIN_M = 15.0
MAX_CHANCE = 0.005  # chance that so many points come closer by luck (sign test)
CONTROLS = 24  # shifts of the same size in other directions that must all do worse
CONTROL_MARGIN = 0.8  # by at least this factor
_SHIFTED = ("gcj02", "bd09")


def check(points: Any, streets: Any, *, declared: str, file: str | None = None, sheet: str | None = None) -> list[Fault]:
    """
    Judge whether points carry another datum than declared.

    A wrong datum moves every point by nearly the same 100 to 1,200 m. Sites stand beside streets, so the right datum
    has them close. The test asks three things together: is the median distance to the nearest street at most half under
    the other datum, do clearly more points come closer than chance would have it, and does no shift of the same size in
    another direction do nearly as well (in a dense network any shift finds some street). Anything less is silence.

    Parameters
    ----------
    points
        Positions in WGS84 as converted from the declared datum: a GeoDataFrame or GeoSeries (EPSG:4326; empty shapes are left
        out, areas count by a point inside), or (lon, lat) arrays in degrees.
    streets
        (lon, lat) arrays of points along the streets, degrees WGS84 (the network's vertices), or an array (n, 2).
    declared
        Datum that the settings name.
    file, sheet
        Where the points come from, for the message.

    Returns
    -------
    faults
        One E240 for the file, or nothing; nothing too for fewer than `MIN_POINTS` points or without streets.
    """
    lon, lat = _points(points)
    street_lon, street_lat = _arrays(streets)
    if len(lon) < MIN_POINTS or not len(street_lon):
        return []
    if len(lon) > MAX_POINTS:
        chosen = np.random.default_rng(0).choice(len(lon), MAX_POINTS, replace=False)
        lon, lat = lon[chosen], lat[chosen]
    nearest = _Nearest(street_lon, street_lat, float(np.median(lat)))
    as_declared = nearest(lon, lat)
    base = declared if declared in _SHIFTED else "wgs84"
    raw = convert(lon, lat, source="wgs84", target=base)
    best: Fault | None = None
    best_median = math.inf
    for likely in ("wgs84", *_SHIFTED):
        if likely == base:
            continue
        other = convert(*raw, source=likely, target="wgs84")
        as_likely = nearest(*other)
        median = float(np.median(as_likely))
        found = _clear(nearest, (lon, lat), other, as_declared, as_likely)
        if found is not None and median < best_median:
            closer, control = found
            best_median = median
            best = fault(
                "E240",
                file=file,
                sheet=sheet,
                value=declared,
                declared=declared,
                likely=likely,
                count=len(lon),
                as_declared=f"{np.median(as_declared):.0f}",
                as_likely=f"{median:.0f}",
                closer=closer,
                control=f"{control:.0f}",
            )
    return [best] if best is not None else []


def _clear(nearest: _Nearest, here: tuple[Floats, Floats], other: tuple[Floats, Floats], as_declared: Floats, as_likely: Floats) -> tuple[int, float] | None:
    """(points that come closer, best median of the control shifts) when the evidence is clear, else None."""
    before, after = float(np.median(as_declared)), float(np.median(as_likely))
    closer, farther = int((as_likely < as_declared).sum()), int((as_likely > as_declared).sum())
    if after > MAX_RATIO * before or before - after < MIN_GAIN_M or _sign_test(closer, closer + farther) > MAX_CHANCE:
        return None
    squeeze = math.cos(math.radians(float(np.median(here[1]))))
    east, north = (other[0] - here[0]) * squeeze, other[1] - here[1]
    control = math.inf
    for k in range(1, CONTROLS):
        turn = 2 * math.pi * k / CONTROLS
        if min(turn, 2 * math.pi - turn) < math.pi / 6:  # nearly the same direction
            continue
        x, y = east * math.cos(turn) - north * math.sin(turn), east * math.sin(turn) + north * math.cos(turn)
        control = min(control, float(np.median(nearest(here[0] + x / squeeze, here[1] + y))))
    return (closer, control) if after <= CONTROL_MARGIN * control else None


def _sign_test(closer: int, count: int) -> float:
    """Chance of at least `closer` of `count` fair coins."""
    if count == 0:
        return 1.0
    return math.fsum(math.exp(math.lgamma(count + 1) - math.lgamma(k + 1) - math.lgamma(count - k + 1) - count * math.log(2)) for k in range(closer, count + 1))


class _Nearest:
    """Distance in metres to the nearest street point, on a plane round the middle latitude (good to 1 % within a city)."""

    def __init__(self, lon: Floats, lat: Floats, latitude: float) -> None:
        from scipy.spatial import KDTree

        self.scale = np.array([111_320.0 * math.cos(math.radians(latitude)), 110_950.0])
        self.tree = KDTree(np.column_stack([lon, lat]) * self.scale)

    def __call__(self, lon: Floats, lat: Floats) -> Floats:
        return np.asarray(self.tree.query(np.column_stack([lon, lat]) * self.scale)[0], dtype=np.float64)


def _points(points: Any) -> tuple[Floats, Floats]:
    if not hasattr(points, "geometry"):
        return _arrays(points)
    shapes = points.geometry
    shapes = shapes[~(shapes.isna() | shapes.is_empty)]
    inside = shapes.representative_point()
    return np.asarray(inside.x, dtype=np.float64), np.asarray(inside.y, dtype=np.float64)


def _arrays(pair: ArrayLike | tuple[ArrayLike, ArrayLike]) -> tuple[Floats, Floats]:
    if isinstance(pair, tuple):
        return np.asarray(pair[0], dtype=np.float64), np.asarray(pair[1], dtype=np.float64)
    array = np.asarray(pair, dtype=np.float64)
    return array[:, 0], array[:, 1]
