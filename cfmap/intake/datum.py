"""In which datum are these coordinates: WGS84, CGCS2000, GCJ-02, BD-09 or any EPSG code, converted both ways."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cfmap.model.errors import InputError
from cfmap.model.messages import fault

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from pyproj import Transformer

    Floats = NDArray[np.float64]

SURE_M = 2.0  # metres; ETRS89, NAD83 and their like are within
_SAME_AS_WGS84 = {4326, 4979, 4490, 4480}
DEGREE_DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")

# Krasovsky 1940, the ellipsoid inside the GCJ-02 formula (semi-major axis in metres, eccentricity squared)
_A, _EE = 6378245.0, 0.00669342162296594323
_BD_PI = np.pi * 3000.0 / 180.0
_TOLERANCE_DEG = 1e-13
_MAX_ROUNDS = 60

#: Where GCJ-02 shifts at all: the box of the published formula ...
CHINA_BOX = (72.004, 0.8293, 137.8347, 55.8271)
#: ... but not in these places, whose maps are unshifted (simplified by hand, longitude latitude; borders to about
#: 1 km at Hong Kong and Macau, 30 km elsewhere; the sea next to the mainland stays shifted).
UNSHIFTED: dict[str, tuple[tuple[float, float], ...]] = {
    "Hong Kong": (
        (113.83, 22.13),
        (113.83, 22.40),
        (113.93, 22.45),
        (114.00, 22.502),
        (114.04, 22.506),
        (114.075, 22.528),
        (114.10, 22.533),
        (114.12, 22.535),
        (114.155, 22.544),
        (114.175, 22.556),
        (114.23, 22.556),
        (114.25, 22.552),
        (114.33, 22.57),
        (114.40, 22.57),
        (114.51, 22.45),
        (114.51, 22.13),
    ),
    "Macau": ((113.528, 22.105), (113.528, 22.195), (113.5345, 22.2165), (113.549, 22.2165), (113.562, 22.205), (113.61, 22.205), (113.61, 22.105)),
    "Taiwan": ((119.25, 23.0), (119.25, 23.9), (120.4, 24.95), (121.2, 25.7), (122.4, 25.7), (122.4, 21.5), (120.4, 21.5)),
    "Korea and Japan": (
        (124.0, 39.6),
        (124.6, 40.2),
        (126.0, 40.75),
        (126.7, 41.4),
        (128.0, 41.3),
        (128.5, 41.9),
        (129.6, 42.0),
        (130.6, 42.25),
        (131.3, 42.8),
        (137.8347, 42.8),
        (137.8347, 24.0),
        (125.5, 24.0),
        (125.0, 33.0),
        (124.3, 37.8),
    ),
    "Mongolia": (
        (88.4, 49.0),
        (90.3, 50.4),
        (98.0, 52.0),
        (102.3, 51.2),
        (107.0, 49.9),
        (114.0, 50.1),
        (115.5, 48.4),
        (115.4, 47.9),
        (119.2, 47.2),
        (118.5, 46.95),
        (111.6, 45.3),
        (111.2, 44.3),
        (109.5, 42.8),
        (105.2, 41.9),
        (101.0, 42.9),
        (97.0, 43.0),
        (95.5, 44.4),
        (91.4, 45.4),
        (91.3, 47.0),
        (90.0, 48.2),
    ),
    "Central Asia": (
        (72.004, 55.8271),
        (85.0, 55.8271),
        (85.6, 49.6),
        (85.0, 48.6),
        (82.7, 47.5),
        (82.0, 46.0),
        (81.9, 45.6),
        (79.5, 45.2),
        (80.0, 43.1),
        (79.6, 42.5),
        (76.4, 41.1),
        (73.2, 39.9),
        (73.0, 38.9),
        (74.0, 37.9),
        (72.004, 37.0),
    ),
    "South Asia": (
        (72.004, 37.0),
        (74.4, 36.7),
        (75.8, 35.6),
        (77.2, 34.6),
        (77.9, 32.0),
        (80.5, 29.8),
        (83.5, 28.8),
        (85.5, 27.7),
        (88.0, 27.5),
        (88.5, 27.0),
        (91.0, 26.3),
        (94.0, 26.0),
        (97.0, 27.3),
        (97.3, 26.0),
        (97.0, 23.5),
        (99.0, 21.4),
        (102.2, 20.9),
        (104.6, 22.3),
        (106.3, 22.3),
        (107.5, 21.1),
        (107.5, 17.8),
        (109.6, 15.5),
        (109.6, 0.8293),
        (72.004, 0.8293),
    ),
    "Philippines": ((119.2, 18.9), (121.0, 21.3), (137.8347, 21.3), (137.8347, 0.8293), (117.5, 0.8293), (117.5, 8.0)),
    "Russia": (
        (92.0, 55.8271),
        (119.0, 55.8271),
        (119.4, 53.7),
        (116.5, 50.5),
        (114.0, 50.6),
        (107.0, 50.3),
        (102.3, 51.6),
        (98.0, 52.3),
        (92.0, 51.5),
    ),
    "Russian Far East": (
        (119.0, 55.8271),
        (137.8347, 55.8271),
        (137.8347, 42.8),
        (131.6, 42.8),
        (131.7, 44.9),
        (133.6, 45.2),
        (135.3, 48.3),
        (135.0, 48.7),
        (131.2, 47.9),
        (130.9, 48.9),
        (127.8, 50.1),
        (126.2, 53.0),
        (123.5, 53.9),
        (119.8, 53.9),
    ),
}


class Zone(NamedTuple):
    """A CGCS2000 three-degree zone: its number, central meridian (degrees) and the two EPSG codes."""

    number: int
    meridian: int
    with_prefix: str
    without_prefix: str


def zone(number: int) -> Zone:
    """
    Describe CGCS2000 3-degree Gauss-Krueger zone `number`, 25 to 45.

    EPSG:4513-4533 have the zone prefix in the easting, EPSG:4534-4554 do not.
    """
    if not 25 <= number <= 45:
        msg = f"3-degree zones in China are 25 to 45, not {number}"
        raise ValueError(msg)
    return Zone(number, number * 3, f"EPSG:{4513 + number - 25}", f"EPSG:{4534 + number - 25}")


class LocalGrid(NamedTuple):
    """
    A city's own grid: turned and stretched round its origin, then moved, it is a published CRS.

    ``east = dx + m (x cos r - y sin r)``, ``north = dy + m (x sin r + y cos r)`` with ``m = 1 + ppm / 1e6`` and `rot` in arc seconds
    counter-clockwise: the four parameters of a plane Helmert transformation as surveying offices give them.
    """

    crs: str
    dx: float
    dy: float
    rot: float
    ppm: float

    def matrix(self) -> NDArray[np.float64]:
        """What a column (x, y) of the grid is multiplied with before it is moved."""
        angle, stretch = np.radians(self.rot / 3600), 1 + self.ppm / 1e6
        return np.asarray(stretch * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]))


def local_grid(datum: str) -> LocalGrid | None:
    """Parameters of ``EPSG:4547 helmert dx=… dy=… rot=… ppm=…``; None for any other datum."""
    crs, found, words = datum.partition(" helmert ")
    if not found:
        return None
    try:
        given = {k: float(v) for k, _, v in (word.partition("=") for word in words.split())}
        return LocalGrid(crs, given.pop("dx"), given.pop("dy"), given.pop("rot", 0.0), given.pop("ppm", 0.0), **given)
    except (KeyError, TypeError, ValueError):
        raise InputError(fault("E239", datum=datum, detail="EPSG:4547 helmert dx=… dy=… rot=… ppm=…")) from None


def is_degrees(datum: str) -> bool:
    """Whether coordinates in `datum` are longitude and latitude (degrees) rather than metres."""
    if datum in DEGREE_DATUMS:
        return True
    return local_grid(datum) is None and bool(_crs(datum).is_geographic)


def convert(lon: ArrayLike, lat: ArrayLike, *, source: str, target: str) -> tuple[Floats, Floats]:
    """
    Convert coordinates between datums.

    Parameters
    ----------
    lon, lat
        Longitude and latitude in degrees, or easting and northing in metres for projected EPSG codes; any shape,
        NaN stays NaN.
    source, target
        ``wgs84``, ``cgcs2000`` (treated as WGS84: they differ by centimetres), ``gcj02``, ``bd09``, ``EPSG:n``, or a
        city's own grid as :func:`local_grid` reads it.

    Returns
    -------
    lon, lat
        New arrays; infinite where a projection is undefined. The inputs are not changed.

    Raises
    ------
    InputError
        E239 for an unknown code.

    Notes
    -----
    GCJ-02 is the published textbook formula. Its inverse and that of BD-09 are iterated until two rounds differ by
    less than 1e-13 degree. Within some 700 m of the edge of an unshifted place the map is not one-to-one, and the
    inverse prefers the shifted reading.
    """
    x, y = np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)
    source, target = ("wgs84" if d == "cgcs2000" else d for d in (source, target))
    if source == target:
        return x, y
    if source not in DEGREE_DATUMS:
        x, y = _project(x, y, source, inverse=False)
    elif source == "gcj02":
        x, y = gcj02_to_wgs84(x, y)
    elif source == "bd09":
        x, y = _inverse(x, y, lambda a, b: _bd_forward(*_gcj_forward(a, b)))
    if target not in DEGREE_DATUMS:
        return _project(x, y, target, inverse=True)
    if target == "gcj02":
        return wgs84_to_gcj02(x, y)
    if target == "bd09":
        inside = is_shifted(x, y)
        gx, gy = _bd_forward(*_gcj_forward(x, y))
        return np.where(inside, gx, x), np.where(inside, gy, y)
    return x, y


#: What departments write for the datums, without blanks, dashes and case.
_NAMES = {
    **dict.fromkeys(("wgs84", "wgs1984", "84坐标系", "84坐标"), "wgs84"),
    **dict.fromkeys(("cgcs2000", "国家2000", "国家大地2000", "2000国家大地坐标系", "国家2000坐标系", "2000坐标系"), "cgcs2000"),
    **dict.fromkeys(("gcj02", "火星坐标", "火星坐标系", "高德", "高德坐标", "腾讯", "国测局坐标"), "gcj02"),
    **dict.fromkeys(("bd09", "bd09ll", "百度", "百度坐标", "百度坐标系"), "bd09"),
}


def named(text: str) -> str | None:
    """The datum that a cell names, None when it is not understood."""
    plain = re.sub(r"[\s\-_]", "", text).lower()
    if number := re.fullmatch(r"epsg[:：]?(\d{4,6})", plain):
        return f"EPSG:{number[1]}"
    return _NAMES.get(plain)


def doubt(code: str) -> float | None:
    """
    How far off, in metres, a CRS may become WGS84 when it may be by more than :data:`SURE_M`; infinite when nobody knows; None
    when it is sure. `code` is anything that pyproj understands.
    """
    from pyproj import CRS, Transformer

    if code in DEGREE_DATUMS:
        return None
    crs = CRS.from_user_input(code.partition(" helmert ")[0])
    base = crs.geodetic_crs
    if base is None or base.to_epsg() in _SAME_AS_WGS84 or any(word in base.name for word in ("WGS 84", "China Geodetic Coordinate System 2000", "CGCS")):
        return None
    accuracy = Transformer.from_crs(crs, CRS.from_epsg(4326), always_xy=True).accuracy
    return float("inf") if accuracy < 0 else accuracy if accuracy > SURE_M else None


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """WGS84 to GCJ-02 (degrees); unchanged where GCJ-02 does not shift."""
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    inside = is_shifted(x, y)
    gx, gy = _gcj_forward(x, y)
    return np.where(inside, gx, x), np.where(inside, gy, y)


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """GCJ-02 to WGS84 (degrees), by iteration; unchanged where GCJ-02 does not shift."""
    return _inverse(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64), _gcj_forward)


def gcj02_to_bd09(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """GCJ-02 to BD-09 (degrees) by the formula, anywhere."""
    return _bd_forward(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """BD-09 to GCJ-02 (degrees) by iteration, anywhere."""
    return _fixed_point(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64), _bd_forward)


def is_shifted(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Whether GCJ-02 differs from WGS84 at WGS84 positions (degrees): mainland China and the sea beside it."""
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    west, south, east, north = CHINA_BOX
    inside: NDArray[np.bool_] = np.array((x >= west) & (x <= east) & (y >= south) & (y <= north))
    for outline in UNSHIFTED.values():
        corners = np.array(outline)
        (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
        near = np.asarray(inside & (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1))
        if near.any():
            inside[near] = ~_in_polygon(x[near], y[near], corners)
    return inside


def _in_polygon(x: Floats, y: Floats, corners: Floats) -> NDArray[np.bool_]:
    odd = np.zeros(x.shape, dtype=bool)
    previous = corners[-1]
    for corner in corners:
        (ax, ay), (bx, by) = previous, corner
        crosses = (ay > y) != (by > y)
        if ay != by:
            odd ^= crosses & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
        previous = corner
    return odd


def _gcj_forward(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    waves = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north = north + (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north = north + (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east = east + (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east = east + (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    phi = np.radians(lat)
    w2 = 1.0 - _EE * np.sin(phi) ** 2
    w = np.sqrt(w2)
    d_lat = north * 180.0 / ((_A * (1.0 - _EE)) / (w2 * w) * np.pi)
    d_lon = east * 180.0 / (_A / w * np.cos(phi) * np.pi)
    return lon + d_lon, lat + d_lat


def _bd_forward(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    z = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_PI)
    theta = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_PI)
    return z * np.cos(theta) + 0.0065, z * np.sin(theta) + 0.006


def _fixed_point(lon: Floats, lat: Floats, forward: _Forward) -> tuple[Floats, Floats]:
    x, y = lon.copy(), lat.copy()
    for _ in range(_MAX_ROUNDS):
        fx, fy = forward(x, y)
        dx, dy = lon - fx, lat - fy
        x, y = x + dx, y + dy
        step = np.fmax(np.abs(dx), np.abs(dy))
        if not np.any(step > _TOLERANCE_DEG):
            break
    return x, y


def _inverse(lon: Floats, lat: Floats, forward: _Forward) -> tuple[Floats, Floats]:
    west, south, east, north = CHINA_BOX
    near = (lon > west - 1) & (lon < east + 1) & (lat > south - 1) & (lat < north + 1)  # the formula means nothing elsewhere
    x, y = lon.copy(), lat.copy()
    sx, sy = _fixed_point(lon[near], lat[near], forward)
    shifted = is_shifted(sx, sy)
    x[near], y[near] = np.where(shifted, sx, lon[near]), np.where(shifted, sy, lat[near])
    return x, y


def _project(x: Floats, y: Floats, code: str, *, inverse: bool) -> tuple[Floats, Floats]:
    if (grid := local_grid(code)) is not None:
        turn = grid.matrix()
        if inverse:
            east, north = _project(x, y, grid.crs, inverse=True)
            back = np.linalg.inv(turn)
            return back[0, 0] * (east - grid.dx) + back[0, 1] * (north - grid.dy), back[1, 0] * (east - grid.dx) + back[1, 1] * (north - grid.dy)
        return _project(grid.dx + turn[0, 0] * x + turn[0, 1] * y, grid.dy + turn[1, 0] * x + turn[1, 1] * y, grid.crs, inverse=False)
    a, b = _transformer(code, inverse=inverse).transform(x, y)
    return np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)


@lru_cache(maxsize=128)  # the hint at the right zone asks all 53 of CGCS2000, for every year again
def _transformer(code: str, *, inverse: bool) -> Transformer:
    from pyproj import CRS, Transformer
    from pyproj.exceptions import ProjError

    ends = (CRS.from_epsg(4326), _crs(code)) if inverse else (_crs(code), CRS.from_epsg(4326))
    try:
        return Transformer.from_crs(*ends, always_xy=True)
    except ProjError as error:
        raise InputError(fault("E239", datum=code, detail=str(error).splitlines()[0][:200])) from None


@lru_cache(maxsize=128)  # the hint at the right zone asks all 53 of CGCS2000, for every year again
def _crs(code: str) -> CRS:
    os.environ["PROJ_NETWORK"] = "OFF"
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    number = re.fullmatch(r"EPSG:(\d{4,6})", code)
    try:
        if number is None:
            detail = f"{code!r} is not EPSG:n"
            raise InputError(fault("E239", datum=code, detail=detail))
        return CRS.from_epsg(int(number[1]))
    except CRSError as error:
        raise InputError(fault("E239", datum=code, detail=str(error).splitlines()[0])) from None


if TYPE_CHECKING:
    from collections.abc import Callable

    from pyproj import CRS

    _Forward = Callable[[Floats, Floats], tuple[Floats, Floats]]
