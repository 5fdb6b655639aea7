"""Who is within reach of what: the way to the nearest site, ground within reach, people covered, streets round schools."""

from __future__ import annotations

from cfmap.coverage.accesses import accesses
from cfmap.coverage.by_minutes import people_by_minutes
from cfmap.coverage.people import people_within, population_faults
from cfmap.coverage.perimeter import perimeter, perimeter_faults, perimeter_of, school_summary, tag_faults
from cfmap.coverage.reach import reach
from cfmap.coverage.rules import RULES, Rule
from cfmap.coverage.safety import explain
from cfmap.coverage.service_area import ServiceArea, service_area, simplify_for_web

# not lazy: the doors `reach`, `perimeter`, `accesses` and `service_area` are named as the files they stand in, and a
# lazy name would give the module to whoever asks second; nothing heavier than shapely is imported here

__all__ = [
    "RULES",
    "Rule",
    "ServiceArea",
    "accesses",
    "explain",
    "people_by_minutes",
    "people_within",
    "perimeter",
    "perimeter_faults",
    "perimeter_of",
    "population_faults",
    "reach",
    "school_summary",
    "service_area",
    "simplify_for_web",
    "tag_faults",
]
