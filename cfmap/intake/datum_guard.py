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
MAX_POINTS = 500  # a sample of this many decides as well as a million
SOFTENING_M = 10.0  # differences below this do not matter
MIN_T = 4.5  # paired t of the gain over all points; 2.9 was the most that unrelated points reached in trials of 20 and more
CONTROLS = 200  # shifts of similar size in other directions, all of which must do worse
CONTROL_FROM, CONTROL_TO = 0.5, 1.5  # their size, in units of the shift tested
CONTROL_GAP = 0.4  # nearer ones than this are nearly the shift itself
_SHIFTED = ("gcj02", "bd09")


def check(points: Any, streets: Any, *, declared: str, file: str | None = None, sheet: str | None = None) -> list[Fault]:
    """
    Judge whether points carry another datum than declared.

    A wrong datum moves every point by nearly the same 100 to 1,200 m. Sites stand beside streets, so the right datum has
    them close. Closeness is the mean logarithm of the distance to the nearest street (a site deep in a park counts
    little). Two things must hold together: read as the other datum the points come closer by far more than chance
    (paired t), and no shift of similar size in another direction brings them as close (in a dense network every
    shift finds some street). Anything less is silence: the guard names a wrong file, it does not certify a right one.

    Parameters
    ----------
    points
        Positions in WGS84 as converted from the declared datum: a GeoDataFrame or GeoSeries (EPSG:4326; empty shapes are left
        out, areas count by a point inside), or (lon, lat) arrays in degrees.
    streets
        (lon, lat) arrays of points along the streets, degrees WGS84 (the network's vertices), an array (n, 2), or
        :class:`StreetPoints` made once for many tables.
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
    nearest = streets if isinstance(streets, StreetPoints) else StreetPoints(*_arrays(streets))
    if len(lon) < MIN_POINTS or not nearest.tree.n:
        return []
    if len(lon) > MAX_POINTS:
        chosen = np.random.default_rng(0).choice(len(lon), MAX_POINTS, replace=False)
        lon, lat = lon[chosen], lat[chosen]
    declared_score = nearest.score(lon, lat)
    base = declared if declared in _SHIFTED else "wgs84"
    raw = convert(lon, lat, source="wgs84", target=base)
    best: tuple[float, Fault] | None = None
    for likely in ("wgs84", *_SHIFTED):
        if likely == base:
            continue
        there = convert(*raw, source=likely, target="wgs84")
        likely_score = nearest.score(*there)
        gain = declared_score - likely_score
        if _paired_t(gain) < MIN_T or (best is not None and likely_score.mean() >= best[0]):
            continue
        control = _best_control(nearest, (lon, lat), there)
        if likely_score.mean() < control:
            record = fault(
                "E240",
                file=file,
                sheet=sheet,
                value=declared,
                declared=declared,
                likely=likely,
                count=len(lon),
                closer=int((gain > 0).sum()),
                as_declared=_metres(float(declared_score.mean())),
                as_likely=_metres(float(likely_score.mean())),
                control=_metres(control),
            )
            pairs = zip(*(a.tolist() for a in (lon, lat, *there)), strict=True)
            best = (float(likely_score.mean()), record.at(*(p for x, y, u, v in pairs for p in (("declared", x, y), ("likely", u, v)))))
    return [best[1]] if best is not None else []


def _metres(score: float) -> str:
    return f"{math.exp(score) - SOFTENING_M:.0f}"


def _paired_t(gain: Floats) -> float:
    spread = float(gain.std(ddof=1))
    return float(gain.mean()) / (spread / math.sqrt(len(gain))) if spread > 0 else 0.0


def _best_control(nearest: StreetPoints, here: tuple[Floats, Floats], there: tuple[Floats, Floats]) -> float:
    """Lowest mean score that a shift elsewhere reaches; shifts lie on a sunflower pattern, so the result never varies."""
    shift = np.array([np.median(there[0] - here[0]), np.median(there[1] - here[1])]) * nearest.scale
    size = float(np.hypot(*shift))
    k = np.arange(CONTROLS)
    radius = size * np.sqrt(CONTROL_FROM**2 + (CONTROL_TO**2 - CONTROL_FROM**2) * (k + 0.5) / CONTROLS)
    angle = k * math.pi * (3 - math.sqrt(5))
    controls = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    controls = controls[np.hypot(*(controls - shift).T) > CONTROL_GAP * size]
    return min(float(nearest.score(here[0] + dx, here[1] + dy).mean()) for dx, dy in controls / nearest.scale)


class StreetPoints:
    """How close points are to the nearest street point, on a plane round the middle latitude (good to 1 % within a city)."""

    def __init__(self, lon: Floats, lat: Floats) -> None:
        from scipy.spatial import KDTree

        latitude = float(np.median(lat)) if len(lat) else 0.0
        self.scale = np.array([111_320.0 * math.cos(math.radians(latitude)), 110_950.0])
        self.tree = KDTree(np.column_stack([lon, lat]) * self.scale)

    def score(self, lon: Floats, lat: Floats) -> Floats:
        """Logarithm of the (softened) distance of every point to its nearest street point."""
        metres = self.tree.query(np.column_stack([lon, lat]) * self.scale)[0]
        return np.asarray(np.log(metres + SOFTENING_M), dtype=np.float64)


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
