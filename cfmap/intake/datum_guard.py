"""Does the declared datum fit: points against streets, as declared and as every other datum would have it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cfmap.intake.datum import convert
from cfmap.model.messages import Fault, fault

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    #: Longitude and latitude of each site's namesake, NaN where there is none.
    Named = tuple[Floats, Floats]

MIN_POINTS = 5
MAX_POINTS = 500  # a sample of this many decides as well as a million
SOFTENING_M = 10.0  # differences below this do not matter
SURE_T = 4.5  # paired t of the gain over all points that makes it an error ...
MIN_T = 2.9  # ... and a warning: unrelated points that beat every control, too, reached 2.5 to 2.9 once in a thousand tables
FITS_T = 2.0  # the declared datum is confirmed when it beats the others by this
NEAR_NAMED_M, FAR_NAMED_M, MIN_NAMED = 150.0, 250.0, 3  # sites of a name that OpenStreetMap knows: beside it as the other datum, far from it as declared
CONTROLS = 200  # shifts of similar size in other directions, all of which must do worse
CONTROL_FROM, CONTROL_TO = 0.5, 1.5  # their size, in units of the shift tested
CONTROL_GAP = 0.4  # nearer ones than this are nearly the shift itself
SHIFTED = ("gcj02", "bd09")


@dataclass(frozen=True)
class Verdict:
    """
    What the streets (and the names that OpenStreetMap knows) say about one table's datum.

    Attributes
    ----------
    state
        ``wrong`` (stops), ``doubtful`` (warns), ``fits``, ``open`` (these points cannot decide), ``few`` (fewer than
        :data:`MIN_POINTS`), ``unshifted`` (no datum shifts anything here).
    declared, likely
        Datums compared; `likely` is the best of the others, "" where there is none.
    count
        Points.
    here, there
        Positions as read, and as they would be in the likely datum: WGS84 degrees.
    facts
        For the message.
    """

    state: str
    declared: str
    likely: str
    count: int
    here: tuple[Floats, Floats]
    there: tuple[Floats, Floats]
    facts: dict[str, Any] = field(default_factory=dict)

    def faults(self, *, file: str | None = None, sheet: str | None = None) -> list[Fault]:
        """E240, W247, I217 or nothing."""
        if self.state in {"wrong", "doubtful"}:
            code = "E240" if self.state == "wrong" else "W247"
            record = fault(code, file=file, sheet=sheet, value=self.declared, declared=self.declared, likely=self.likely, **self.facts)
            pairs = zip(*(a.tolist() for a in (*self.here, *self.there)), strict=True)
            return [record.at(*(place for x, y, u, v in pairs for place in (("declared", x, y), ("likely", u, v))))]
        if self.state in {"open", "few"}:
            few = self.state == "few"
            reason = f"点位不到 {MIN_POINTS} 个" if few else "按哪种坐标系都离街道差不多远"
            reason_en = f"fewer than {MIN_POINTS} sites" if few else "they lie about as far from streets in either datum"
            return [fault("I217", file=file, sheet=sheet, declared=self.declared, count=self.count, reason=reason, reason_en=reason_en)]
        return []


def check(points: Any, streets: Any, *, declared: str, file: str | None = None, sheet: str | None = None) -> list[Fault]:
    """
    Judge whether points carry another datum than declared.

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
        One E240 or W247 for the file, or nothing; nothing too for fewer than `MIN_POINTS` points or without streets.
    """
    return [f for f in judge(points, streets, declared=declared).faults(file=file, sheet=sheet) if f.level != "info"]


def judge(points: Any, streets: Any, *, declared: str, named: Named | None = None) -> Verdict:
    """
    Compare the declared datum with the others.

    A wrong datum moves every point by nearly the same 100 to 1,200 m. Sites stand beside streets, so the right datum has
    them close. Closeness is the mean logarithm of the distance to the nearest street (a site deep in a park counts
    little). Two things must hold together: read as the other datum the points come closer by far more than chance
    (paired t), and no shift of similar size in another direction brings them as close (in a dense network every
    shift finds some street). Where sites have names that OpenStreetMap knows, :data:`MIN_NAMED` of them decide at once.

    Parameters
    ----------
    points, streets, declared
        As :func:`check`.
    named
        Where sites of these names are in OpenStreetMap, parallel to `points`; None = not known.
    """
    lon, lat = _points(points)
    nearest = streets if isinstance(streets, StreetPoints) else StreetPoints(*_arrays(streets))
    count = len(lon)
    if count > MAX_POINTS:
        chosen = np.random.default_rng(0).choice(count, MAX_POINTS, replace=False)
        lon, lat = lon[chosen], lat[chosen]
        named = None if named is None else (named[0][chosen], named[1][chosen])
    base = declared if declared in SHIFTED else "wgs84"
    raw = convert(lon, lat, source="wgs84", target=base)
    others = {d: convert(*raw, source=d, target="wgs84") for d in ("wgs84", *SHIFTED) if d != base}
    others = {d: there for d, there in others.items() if len(lon) and np.abs(there[0] - lon).max() > _MOVED_DEG}
    nothing = Verdict("unshifted", declared, "", count, (lon, lat), (lon, lat))
    if not others or not nearest.tree.n:
        return nothing
    declared_score = nearest.score(lon, lat)
    verdicts = [_compare(nearest, (lon, lat), there, declared_score, declared, likely, named) for likely, there in others.items()]
    best = min(verdicts, key=lambda v: (ORDER.index(v.state), v.facts["score"]))
    del best.facts["score"]
    return replace(best, count=count)


#: States of a verdict, worst first.
ORDER = ("wrong", "doubtful", "open", "few", "fits")
_MOVED_DEG = 1e-6


def _compare(
    nearest: StreetPoints, here: tuple[Floats, Floats], there: tuple[Floats, Floats], declared_score: Floats, declared: str, likely: str, named: Named | None
) -> Verdict:
    likely_score = nearest.score(*there)
    gain = declared_score - likely_score
    count = len(gain)
    t = _paired_t(gain) if count > 1 else 0.0
    state, control = ("few" if count < MIN_POINTS else "fits" if t <= -FITS_T else "open"), float("nan")
    if count >= MIN_POINTS and t >= MIN_T and float(likely_score.mean()) < (control := _best_control(nearest, here, there)):
        state = "wrong" if t >= SURE_T else "doubtful"
    told, told_en = "", ""
    if named is not None:
        before, after = nearest.metres(here, named), nearest.metres(there, named)
        known = np.isfinite(before)
        moved = int((known & (before > FAR_NAMED_M) & (after < NEAR_NAMED_M)).sum())
        stayed = int((known & (before < NEAR_NAMED_M) & (after > FAR_NAMED_M)).sum())
        if moved >= MIN_NAMED and moved > 3 * stayed:
            state = "wrong"
            told, told_en = f"；{moved} 处与 OpenStreetMap 同名，换算后才重合", f"; {moved} have a namesake in OpenStreetMap and meet it only then"
        elif stayed >= MIN_NAMED and stayed > 3 * moved and state != "wrong":
            state = "fits"
    if math.isnan(control):
        control = float(declared_score.mean()) if state != "wrong" else _best_control(nearest, here, there)
    facts = {
        "count": count,
        "closer": int((gain > 0).sum()),
        "as_declared": _metres(float(declared_score.mean())),
        "as_likely": _metres(float(likely_score.mean())),
        "control": _metres(control),
        "named": told,
        "named_en": told_en,
        "score": float(likely_score.mean()),
    }
    return Verdict(state, declared, likely, count, here, there, facts)


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
        return np.asarray(np.log(self.nearest(lon, lat) + SOFTENING_M), dtype=np.float64)

    def nearest(self, lon: Floats, lat: Floats) -> Floats:
        """Metres from every point to its nearest street point."""
        return np.asarray(self.tree.query(np.column_stack([lon, lat]) * self.scale)[0], dtype=np.float64)

    def metres(self, one: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> Floats:
        """Metres between pairs of places, NaN where one is unknown."""
        return np.asarray(np.hypot(*((np.column_stack(one) - np.column_stack(other)) * self.scale).T), dtype=np.float64)


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
