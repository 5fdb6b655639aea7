"""Where are the sites? ``sites.gpkg``: a table for each layer, and one for sites without coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.publish import dictionary, geopackage, qgis_styles, tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cfmap.model.edition import Edition
    from cfmap.model.messages import Fault

NAME = "sites.gpkg"


def write(edition: Edition, folder: Path) -> list[Path]:
    """Write the package; layers without sites are there too, empty."""
    return [geopackage.write(folder / NAME, _tables(edition))]


def check(edition: Edition, folder: Path) -> Iterator[Fault]:
    """Read it back."""
    return geopackage.check(folder / NAME, _tables(edition))


def _tables(edition: Edition) -> list[geopackage.Table]:
    note = tables.note(edition)
    found = []
    for key, data in edition.layers.items():
        layer = data.layer
        description = " · ".join(part for part in (layer.description, note) if part)
        style = qgis_styles.single(layer.geometry, layer.colour)
        found.append(geopackage.Table(key, layer.title, description, tables.sites(data, edition), layer.geometry, style))
    found.append(geopackage.Table("unlocated", "没有坐标的点位", f"计数但不上图 · {note}", tables.unlocated(edition)))
    return [*found, dictionary.table(dictionary.of_sites(edition), note=note)]
