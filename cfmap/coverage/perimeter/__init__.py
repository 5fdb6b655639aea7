"""Which stretches of road must a child pass or cross close to school, and what is known about their safety."""

from __future__ import annotations

from cfmap.coverage.perimeter.table import COLUMNS, CROSSING_M, PERIMETER_M, perimeter, perimeter_faults, perimeter_of, school_summary

__all__ = ["COLUMNS", "CROSSING_M", "PERIMETER_M", "perimeter", "perimeter_faults", "perimeter_of", "school_summary"]
