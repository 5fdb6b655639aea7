"""What leaves the house of a plan of walking buses: layers, a workbook, a table and a sheet of paper for each line."""

from __future__ import annotations

from cfmap.publish.walking_bus.outputs import About, write

__all__ = ["About", "write"]
