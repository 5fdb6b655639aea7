"""The mistakes: each makes a table (or a GIS file) of right sites wrong in one way, and says which records must tell of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np

from cfmap.intake.datum import LocalGrid, convert

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Floats = np.ndarray
    Chance = np.random.Generator


@dataclass
class Handed:
    """
    What is handed in.

    Attributes
    ----------
    x, y
        Texts of the two columns; `y` empty when one column holds both.
    datum
        Declared.
    rows
        Positions that are wrong; None = the whole table.
    extra
        Further columns.
    headers
        Of the coordinate columns.
    right
        Nothing is wrong: every site must come out within a metre.
    """

    x: list[str]
    y: list[str]
    datum: str = "wgs84"
    rows: list[int] | None = None
    extra: dict[str, list[str]] = field(default_factory=dict)
    headers: tuple[str, ...] = ("经度", "纬度")
    right: bool = False


@dataclass(frozen=True)
class Mistake:
    """A mistake: its rows of the fault table, words, maker, the records of which one must be there, words one of them must say, least count."""

    row: str
    title: str
    make: Callable[[Floats, Floats, Chance], Handed] | Callable[[Floats, Floats, Path], tuple[Path, str | None, bool]]
    codes: tuple[str, ...]
    says: str = ""
    least: int = 1
    gis: bool = False
    by_streets: bool = False


MISTAKES: list[Mistake] = []


def mistake(row: str, title: str, *codes: str, **options: Any) -> Callable[[Any], Any]:
    """Put a maker into the list."""

    def note(make: Any) -> Any:
        MISTAKES.append(Mistake(row, title, make, codes, **options))
        return make

    return note


def degrees(values: Any, digits: int = 7) -> list[str]:
    """As a table holds them."""
    return [f"{v:.{digits}f}" for v in values]


def metres(lon: Floats, lat: Floats, code: str) -> tuple[list[str], list[str]]:
    """Eastings and northings."""
    return tuple([f"{v:.3f}" for v in axis] for axis in convert(lon, lat, source="wgs84", target=code))  # type: ignore[return-value]


def plain(lon: Floats, lat: Floats, **options: Any) -> Handed:
    """A right table."""
    return Handed(degrees(lon), degrees(lat), **options)


# -- order ----------------------------------------------------------------------------------------------------------


@mistake("F31", "longitude and latitude swapped, all rows", "E203")
def _(lon, lat, chance):
    return Handed(degrees(lat), degrees(lon))


@mistake("F31", "one row swapped", "E203")
def _(lon, lat, chance):
    made, at = plain(lon, lat), int(chance.integers(len(lon)))
    made.x[at], made.y[at] = made.y[at], made.x[at]
    made.rows = [at]
    return made


@mistake("F37", "northing called X", "E238")
def _(lon, lat, chance):
    east, north = metres(lon, lat, "EPSG:4550")
    return Handed(north, east, datum="EPSG:4550")


@mistake("F37", "northing called X, zone in the easting, nothing declared", "E236", says="写反")
def _(lon, lat, chance):
    east, north = metres(lon, lat, "EPSG:4529")
    return Handed(north, east)


@mistake("F31", "both in one cell, one row latitude first", "E203")
def _(lon, lat, chance):
    rows = (int(chance.integers(len(lon))),)
    cells = [f"{b:.6f},{a:.6f}" if n in rows else f"{a:.6f},{b:.6f}" for n, (a, b) in enumerate(zip(lon, lat, strict=True))]
    return Handed(cells, [], headers=("坐标",), rows=list(rows))


@mistake("F31", "both in one cell, latitude first in all: read so, and told", "I218")
def _(lon, lat, chance):
    return Handed([f"{b:.6f},{a:.6f}" for a, b in zip(lon, lat, strict=True)], [], headers=("坐标",), right=True)


# -- zones ----------------------------------------------------------------------------------------------------------

ZONES = (
    ("F36", "zone in the easting, declared without", "EPSG:4529", "EPSG:4550", "E237", "EPSG:4529"),
    ("F36", "no zone in the easting, declared with", "EPSG:4550", "EPSG:4529", "E237", "EPSG:4550"),
    ("F38", "central meridian 123 called 120", "EPSG:4550", "EPSG:4549", "E235", "EPSG:4550"),
    ("F38", "central meridian 123 called 126", "EPSG:4550", "EPSG:4551", "E235", "EPSG:4550"),
    ("F38", "central meridian 120 called 117", "EPSG:4549", "EPSG:4548", "E235", "EPSG:4549"),
    ("F38", "6-degree zone 20 (117) called 3-degree zone 123", "EPSG:4509", "EPSG:4550", "E235", "中央经线"),
    ("F38", "6-degree zone 21 with its number called 3-degree", "EPSG:4499", "EPSG:4550", "E237", "EPSG:4499"),
    ("F33", "metres without zone, nothing declared", "EPSG:4550", "wgs84", "E236", "EPSG:4550"),
    ("F36", "metres with zone, nothing declared", "EPSG:4529", "wgs84", "E236", "EPSG:4529"),
    ("F33", "Web Mercator, nothing declared", "EPSG:3857", "wgs84", "E236", "EPSG:3857"),
    ("F33", "Web Mercator called CGCS2000", "EPSG:3857", "EPSG:4550", "E237", "EPSG:3857"),
    ("F33", "UTM called CGCS2000 of the neighbouring zone", "EPSG:32651", "EPSG:4549", "E235", "中央经线"),
)
for _row, _title, _true, _said, _code, _says in ZONES:

    @mistake(_row, _title, _code, says=_says)
    def _(lon, lat, chance, true=_true, said=_said):
        return Handed(*metres(lon, lat, true), datum=said)


@mistake("F38", "false easting left out", "E235", says="500000")
def _(lon, lat, chance):
    east, north = metres(lon, lat, "EPSG:4550")
    return Handed([f"{float(e) - 500_000:.3f}" for e in east], north, datum="EPSG:4550")


for _code in ("EPSG:2437", "EPSG:2385"):

    @mistake("F39", "Beijing 1954" if _code == "EPSG:2437" else "Xian 1980", "W245")
    def _(lon, lat, chance, code=_code):
        return Handed(*metres(lon, lat, code), datum=code)


def _local(lon, lat):
    east, north = convert(lon, lat, source="wgs84", target="EPSG:4550")
    back = np.linalg.inv(LocalGrid("EPSG:4550", 400_000.0, 3_000_000.0, -30.0, 12.0).matrix()) @ np.vstack([east - 400_000.0, north - 3_000_000.0])
    return [f"{v:.3f}" for v in back[0]], [f"{v:.3f}" for v in back[1]]


@mistake("F41", "a city's own grid, nothing declared", "E236")
def _(lon, lat, chance):
    return Handed(*_local(lon, lat))


@mistake("F41", "a city's own grid called CGCS2000", "E235")
def _(lon, lat, chance):
    return Handed(*_local(lon, lat), datum="EPSG:4550")


@mistake("F41", "a city's own grid with its parameters", "")
def _(lon, lat, chance):
    return Handed(*_local(lon, lat), datum="EPSG:4550 helmert dx=400000 dy=3000000 rot=-30 ppm=12", right=True)


# -- datums: only the streets can tell -------------------------------------------------------------------------------

DATUMS = (
    ("F34", "gcj02", "wgs84"), ("F34", "bd09", "wgs84"), ("F34", "bd09", "gcj02"), ("F34", "gcj02", "bd09"), ("F34", "gcj02", "cgcs2000"),
    ("F35", "wgs84", "gcj02"), ("F35", "wgs84", "bd09"), ("F35", "cgcs2000", "gcj02"),
)  # fmt: skip
for _row, _true, _said in DATUMS:

    @mistake(_row, f"{_true} called {_said}", "E240", "W247", says=_true.replace("cgcs2000", "wgs84"), by_streets=True)
    def _(lon, lat, chance, true=_true, said=_said):
        return plain(*convert(lon, lat, source="wgs84", target=true), datum=said)


@mistake("F34", "gcj02 projected and called CGCS2000", "E240", "W247", says="gcj02", by_streets=True)
def _(lon, lat, chance):
    return Handed(*metres(*convert(lon, lat, source="wgs84", target="gcj02"), "EPSG:4550"), datum="EPSG:4550")


@mistake("F47", "a row of an unknown system", "E246")
def _(lon, lat, chance):
    at = int(chance.integers(len(lon)))
    return plain(lon, lat, rows=[at], extra={"坐标系": ["月球" if i == at else "WGS84" for i in range(len(lon))]})


# -- how they are written ---------------------------------------------------------------------------------------------


def _dms(value, seconds=3):
    minutes = (value - int(value)) * 60
    whole = round((minutes - int(minutes)) * 60, seconds)
    minute, degree = int(minutes), int(value)
    if whole >= 60:
        whole, minute = 0.0, minute + 1
    if minute >= 60:
        minute, degree = 0, degree + 1
    return degree, minute, f"{whole:.{seconds}f}"


SHAPES = {
    "{d}°{m}′{s}″": "degrees, minutes, seconds", "{d}度{m}分{s}秒": "度分秒", "E{d}°{m}'{s}\"": "E before", "{d}°{m}'{s}\"E": "E after",
    "东经{d}°{m}′{s}″": "东经 before", "{d} {m} {s}": "blanks", "{d}:{m}:{s}": "colons", "{d}º{m}'{s}''": "a raised o for the degree", "{d}-{m}-{s}": "dashes",
}  # fmt: skip
for _shape, _title in SHAPES.items():

    @mistake("F42", f"degrees, minutes, seconds: {_title}", "")
    def _(lon, lat, chance, shape=_shape):
        def write(values, north):
            words = shape.replace("E", "N").replace("东经", "北纬") if north else shape
            return [words.format(d=d, m=m, s=s) for d, m, s in map(_dms, values)]

        return Handed(write(lon, north=False), write(lat, north=True), right=True)


@mistake("F42", "decimal minutes", "")
def _(lon, lat, chance):
    return Handed(*([f"{int(v)}°{(v - int(v)) * 60:.5f}′" for v in axis] for axis in (lon, lat)), right=True)


@mistake("F18", "full-width digits", "")
def _(lon, lat, chance):
    wide = str.maketrans("0123456789.", "０１２３４５６７８９．")
    return Handed(*([t.translate(wide) for t in degrees(axis)] for axis in (lon, lat)), right=True)


@mistake("F18", "decimal comma", "")
def _(lon, lat, chance):
    return Handed(*([t.replace(".", ",") for t in degrees(axis, 6)] for axis in (lon, lat)), right=True)


@mistake("F18", "both in one cell", "")
def _(lon, lat, chance):
    return Handed([f"{a:.6f},{b:.6f}" for a, b in zip(lon, lat, strict=True)], [], headers=("经纬度",), right=True)


@mistake("F18", "a point in WKT", "")
def _(lon, lat, chance):
    return Handed([f"POINT ({a:.7f} {b:.7f})" for a, b in zip(lon, lat, strict=True)], [], headers=("坐标",), right=True)


for _factor in (1e5, 1e6, 1e7):

    @mistake("F33", f"decimal point lost, x {_factor:.0f}", "E236", says="小数点")
    def _(lon, lat, chance, factor=_factor):
        return Handed(*([f"{v * factor:.0f}" for v in axis] for axis in (lon, lat)))


@mistake("F33", "113°58′12″ written 1135812", "E236")
def _(lon, lat, chance):
    return Handed(*([f"{d}{m:02d}{round(float(s)):02d}" for d, m, s in map(_dms, axis)] for axis in (lon, lat)))


@mistake("F42", "W for E in one row", "E203", "W234", "W235", "E235")
def _(lon, lat, chance):
    made, at = plain(lon, lat), int(chance.integers(len(lon)))
    made.x[at] += "W"
    made.rows = [at]
    return made


@mistake("F43", "three decimals", "W242")
def _(lon, lat, chance):
    return Handed(degrees(lon, 3), degrees(lat, 3))


# -- single rows that are no places -----------------------------------------------------------------------------------

PLACES = {
    "0, 0": ("0", "0", "W233"), "1, 1": ("1", "1", "W233"), "empty": ("", "", "W233"), "latitude missing": (None, "", "W233"), "999999": ("999999", "999999", "W233"),
    "beyond the antimeridian": ("190.5", None, "E232"), "beyond the pole": (None, "97.2", "E232"), "NaN": ("NaN", "NaN", "E232"), "infinite": ("inf", None, "E232"),
    "text": ("东门", None, "E231"), "the altitude for the longitude": ("12.3", None, "W235 E235"), "the same number twice": ("lat", None, "W235 E235"),
    "a digit lost": ("12.2958", None, "W235 E235"), "a minus before it": ("minus", None, "W235 E235"),
}  # fmt: skip
for _title, (_x, _y, _codes) in PLACES.items():

    @mistake("F32" if _codes == "W233" else "F46" if _codes.startswith("E23") else "F44", f"one row: {_title}", *_codes.split())
    def _(lon, lat, chance, x=_x, y=_y):
        made, at = plain(lon, lat), int(chance.integers(len(lon)))
        if x is not None:
            made.x[at] = {"lat": made.y[at], "minus": "-" + made.x[at]}.get(x, x)
        if y is not None:
            made.y[at] = y
        made.rows = [at]
        return made


@mistake("F44", "one row outside the city, in the sea", "W234", "W235")
def _(lon, lat, chance):
    made, at = plain(lon, lat), int(chance.integers(len(lon)))
    made.x[at] = f"{float(lon.max()) + 0.8:.7f}"
    made.rows = [at]
    return made


@mistake("F44", "all outside the city", "E235")
def _(lon, lat, chance):
    return plain(lon + 0.9, lat)


@mistake("F44", "one row in another town than it says", "W261")
def _(lon, lat, chance):
    return plain(lon, lat, rows=[0], extra={"乡镇街道": ["?other"] + ["?own"] * (len(lon) - 1)})


@mistake("F45", "all on one spot (the department's office)", "W243", least=3)
def _(lon, lat, chance):
    return Handed(degrees(lon[:1]) * len(lon), degrees(lat[:1]) * len(lat))


@mistake("F45", "half of them at the town's centre", "W243", least=6)
def _(lon, lat, chance):
    made, half = plain(lon, lat), len(lon) // 2
    made.x[:half], made.y[:half] = made.x[:1] * half, made.y[:1] * half
    return made


@mistake("F45", "on a regular grid", "W248", least=16)
def _(lon, lat, chance):
    side, step = int(np.sqrt(len(lon))), 0.004
    at = [(i % side, i // side) for i in range(len(lon))]
    return Handed(degrees([lon.mean() + x * step for x, _ in at], 6), degrees([lat.mean() + y * step for _, y in at], 6))


# -- GIS files --------------------------------------------------------------------------------------------------------


def _frame(x, y, crs):
    return gpd.GeoDataFrame({"name": [f"s{i}" for i in range(len(x))]}, geometry=gpd.points_from_xy(x, y), crs=crs)


def gis(row: str, title: str, *codes: str, suffix: str, crs: Any, said: str | None = None, right: bool = False, **options: Any) -> Callable[[Any], Any]:
    """Put a maker of a GIS file into the list; the function gives x and y."""

    def note(axes: Any) -> Any:
        def make(lon, lat, folder):
            path = folder / f"a{suffix}"
            _frame(*axes(lon, lat), crs).to_file(path)
            return path, said, right

        MISTAKES.append(Mistake(row, title, make, codes, gis=True, **options))
        return axes

    return note


@gis("F33", "shapefile without .prj", "E241", suffix=".shp", crs=None)
def _(lon, lat):
    return lon, lat


@gis("F33", "shapefile in degrees, .prj in metres", "E235", suffix=".shp", crs=4550)
def _(lon, lat):
    return lon, lat


@gis("F33", "shapefile in metres, .prj in degrees", "E232", "E235", suffix=".shp", crs=4490)
def _(lon, lat):
    return convert(lon, lat, source="wgs84", target="EPSG:4550")


@gis("F38", ".prj of the neighbouring zone", "E235", suffix=".shp", crs=4549)
def _(lon, lat):
    return convert(lon, lat, source="wgs84", target="EPSG:4550")


@gis("F31", "GeoJSON with latitude first", "E203", suffix=".geojson", crs=4326)
def _(lon, lat):
    return lat, lon


@gis("F33", "GeoPackage without CRS", "E241", suffix=".gpkg", crs=None)
def _(lon, lat):
    return lon, lat


@gis("F40", "GeoPackage in a zone with its CRS", "", suffix=".gpkg", crs=4550, right=True)
def _(lon, lat):
    return convert(lon, lat, source="wgs84", target="EPSG:4550")


@gis("F34", "GeoJSON in gcj02, nothing said", "E240", "W247", suffix=".geojson", crs=4326, by_streets=True, says="gcj02")
def _(lon, lat):
    return convert(lon, lat, source="wgs84", target="gcj02")


def _geojson(title: str, *codes: str, right: bool, code: int | None) -> None:
    def make(lon, lat, folder):
        import json

        x, y = convert(lon, lat, source="wgs84", target="EPSG:4550")
        features = [
            {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [a, b]}} for a, b in zip(x.tolist(), y.tolist(), strict=True)
        ]
        crs = {"crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{code}"}}} if code else {}
        path = folder / "a.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", **crs, "features": features}))
        return path, None, right

    MISTAKES.append(Mistake("F33", title, make, codes, gis=True))


_geojson("GeoJSON in metres with the old crs member", "", right=True, code=4550)
_geojson("GeoJSON in metres, nothing said", "E232", "E235", right=False, code=None)


def _kml(lon, lat, folder):
    path = folder / "a.kml"
    marks = "".join(f"<Placemark><Point><coordinates>{b},{a}</coordinates></Point></Placemark>" for a, b in zip(lon, lat, strict=True))
    path.write_text(f'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{marks}</Document></kml>')
    return path, None, False


MISTAKES.append(Mistake("F31", "KML with latitude first", _kml, ("E203",), gis=True))
