"""How faults are put into the small city's files."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import openpyxl
import shapely

from cfmap import pipeline
from tests.e2e import small_city

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAMES = [f"第{n}托育园" for n in range(10)]


def settings(project: Path, old: str, new: str) -> None:
    """Replace words in cfmap.toml."""
    path = project / "cfmap.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def lenient(project: Path) -> None:
    """Allow bad rows, so that one of ten does not stop the file."""
    settings(project, "[network]", "[publish]\nmax_bad_share = 0.5\n[network]")


def childcare(project: Path, change: Callable[[list[list[Any]]], None] = lambda _: None, **options: Any) -> Path:
    """The nurseries' CSV with its rows (header first) changed."""
    rows = small_city.childcare_rows()
    change(rows)
    return small_city.childcare_csv(project, rows, **options)


def schools(project: Path, change: Callable[[list[list[Any]]], None]) -> Path:
    """The schools' workbook with its rows changed."""
    rows = small_city.school_rows()
    change(rows)
    return small_city.schools_xlsx(project, rows)


def page(project: Path, change: Callable[[Any], None]) -> None:
    """The schools' workbook with its sheet changed by openpyxl."""
    path = project / "data/2024/schools.xlsx"
    book = openpyxl.load_workbook(path)
    change(book["学校"])
    book.save(path)


def part(path: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """A part of a workbook's archive changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            content = old.read(each)
            new.writestr(each, change(content) if re.search(name, each) else content)
    path.write_bytes(made.getvalue())


def points(count: int = 10) -> list[shapely.Point]:
    """Where the nurseries are, WGS84."""
    return [shapely.Point(*small_city.lonlat(0.5 + 0.25 * (n % 5), 5 + n // 5)) for n in range(count)]


def frame(geometry: list[Any] | None = None, *, crs: Any = 4326, **columns: Any) -> gpd.GeoDataFrame:
    """The nurseries as a table of shapes."""
    shapes = points() if geometry is None else geometry
    data = {"编号": [f"T{n}" for n in range(len(shapes))], "名称": NAMES[: len(shapes)], "状态": ["在用"] * len(shapes), **columns}
    return gpd.GeoDataFrame(data, geometry=shapes, crs=crs)


def gis(project: Path, suffix: str, content: gpd.GeoDataFrame, *, datum: str = ', datum = "wgs84"', **options: Any) -> Path:
    """The nurseries as a GIS file of their own, named by the settings."""
    path = project / f"data/2024/childcare{suffix}"
    content.to_file(path, **options)
    settings(project, 'childcare.csv", datum = "gcj02"', f'childcare{suffix}"{datum}')
    return path


def sites(project: Path, layer: str = "childcare") -> gpd.GeoDataFrame:
    """What comes of a layer."""
    return pipeline.sites(layer, project)


def right(project: Path, column: str, values: list[Any], layer: str = "childcare") -> Callable[[], None]:
    """A proof: a column of the layer has these values, in the order of the ids."""

    def proof() -> None:
        found = sites(project, layer).sort_values("id")[column].tolist()
        assert found == values

    return proof


def places(project: Path) -> Callable[[], None]:
    """A proof: every nursery is where it is, to 20 cm."""

    def proof() -> None:
        found = sites(project).sort_values("id").geometry.tolist()
        assert len(found) == 10
        assert max(a.distance(b) for a, b in zip(found, points(), strict=True)) < 2e-6

    return proof
