"""Where are the sites? ``sites.gpkg``: a table for each layer, and one for sites without coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.publish import dictionary, geopackage, iso_metadata, qgis_styles, tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cfmap.model.edition import Edition
    from cfmap.model.messages import Fault

NAME = "sites.gpkg"


def write(edition: Edition, folder: Path) -> list[Path]:
    """Write the package; layers without sites are there too, empty."""
    rounded = {key: s.round_m for key, s in edition.city.layers.items() if s.round_m and edition.public}
    accuracy = "位置同交来的坐标，未另行实测；GCJ-02、BD-09 已换算，CGCS2000 与 WGS84 视为相同（相差几厘米）。"
    accuracy += "".join(f"{key} 的坐标取整到 {metres:g} 米。" for key, metres in rounded.items())
    about = iso_metadata.record(
        edition, name=NAME, title="儿童友好点位", abstract="每个图层一张表，另有没有坐标的点位和字段说明（dictionary）。空着是不知道。", accuracy=accuracy
    )
    return [geopackage.write(folder / NAME, _tables(edition), about=about)]


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
