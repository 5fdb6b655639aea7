"""What did they hand in, and is it right: files are read, every row is checked, coordinates come to one datum."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cfmap.intake import gdal_drivers

if TYPE_CHECKING:
    from cfmap.intake.check_book import Checked as Checked
    from cfmap.intake.check_book import write_check_workbook as write_check_workbook
    from cfmap.intake.ground import read_ground as read_ground
    from cfmap.intake.layer import load_layer as load_layer
    from cfmap.intake.outline import read_outline as read_outline
    from cfmap.intake.population import read_population as read_population
    from cfmap.intake.reader import convert_file as convert_file
    from cfmap.intake.reader import read_raster as read_raster
    from cfmap.intake.reader import read_table as read_table

gdal_drivers.restrict()  # must stand before anything imports pyogrio or fiona

_LAZY = {
    "Checked": "check_book",
    "convert_file": "reader",
    "load_layer": "layer",
    "read_ground": "ground",
    "read_outline": "outline",
    "read_population": "population",
    "read_raster": "reader",
    "read_table": "reader",
    "write_check_workbook": "check_book",
}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(f"cfmap.intake.{_LAZY[name]}"), name)
    msg = f"module 'cfmap.intake' has no attribute {name!r}"
    raise AttributeError(msg)


__all__ = ["Checked", "convert_file", "load_layer", "read_ground", "read_outline", "read_population", "read_raster", "read_table", "write_check_workbook"]
